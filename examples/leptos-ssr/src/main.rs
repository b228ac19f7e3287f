//! The server: it renders the page, serves its files, and is the Socket.IO server. PORT=3000 PAGE=<the folder of the files>

use any_spawner::Executor;
use axum::Router;
use axum::routing::get;
use leptos::config::LeptosOptions;
use leptos_axum::{render_app_to_stream, site_pkg_dir_service};
use leptos_ssr::{page, server};
use std::env::{self, VarError};
use std::error::Error;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    Executor::init_tokio()?; // leptos_axum does this itself for the routes of leptos_router, which a single page does not need
    let options = LeptosOptions::builder()
        .output_name("leptos_ssr") // wasm-bindgen's name of the library's files, which are in the subfolder pkg
        .site_root(setting("PAGE", "../../target/pages/leptos-ssr")?)
        .build();
    let files = site_pkg_dir_service(&options);
    let router = Router::new()
        .route("/", get(render_app_to_stream(move || page(options.clone()))))
        .fallback_service(files)
        .layer(server::layer());
    let listener = TcpListener::bind(("127.0.0.1", setting("PORT", "3000")?.parse()?)).await?;
    println!("The chat is at http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

fn setting(name: &str, otherwise: &str) -> Result<String, VarError> {
    match env::var(name) {
        Err(VarError::NotPresent) => Ok(otherwise.to_owned()),
        found => found,
    }
}

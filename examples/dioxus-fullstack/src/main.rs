//! A chat with Dioxus that a server renders. PORT=8080 DIOXUS_PUBLIC_PATH=<the folder of the page>

mod app;
#[path = "../../chat/message.rs"]
mod message;
#[cfg(feature = "server")]
#[path = "../../chat/server.rs"]
mod server;
#[cfg(all(test, feature = "server"))]
mod tests;

/// Takes over the page that the server has rendered.
#[cfg(not(feature = "server"))]
fn main() {
    dioxus::launch(app::App);
}

/// Renders the page, serves its files, and is the Socket.IO server.
#[cfg(feature = "server")]
fn main() {
    println!("The chat is at http://{}", dioxus::cli_config::fullstack_address_or_localhost());
    dioxus::serve(|| async { Ok(dioxus::server::router(app::App).layer(server::layer())) });
}

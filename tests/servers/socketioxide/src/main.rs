//! A real Socket.IO server in Rust: `socketioxide-server ['{"port":0}']`
//!
//! Prints {"port":N} on standard output when it listens on 127.0.0.1. Ends when standard input closes. Options, namespaces and events are
//! those that the head of ../../npm.mjs describes, except those that socketioxide cannot do: `close-engine`, the options cors,
//! transports and allowUpgrades, and the data of a refusal.
mod args;
mod handlers;

use std::io::{Read, stdin};
use std::time::Duration;

use axum::{Router, http::header::ACCESS_CONTROL_ALLOW_ORIGIN, routing::get};
use socketioxide::{ParserConfig, SocketIo};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    let options = std::env::args().nth(1).unwrap_or("{}".into());
    let options: serde_json::Value = serde_json::from_str(&options).expect("options in JSON");
    let number = |name: &str, default| options[name].as_u64().unwrap_or(default);

    let (layer, io) = SocketIo::builder()
        .ping_interval(Duration::from_millis(number("pingInterval", 25_000)))
        .ping_timeout(Duration::from_millis(number("pingTimeout", 20_000)))
        .max_payload(number("maxHttpBufferSize", 1_000_000))
        .with_parser(ParserConfig::common().max_incoming_binaries(1000)) // like npm.mjs; the default is 10
        .build_layer();
    handlers::register(&io);
    let hello = get(async || ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")], "hello"));
    let app = Router::new().route("/hello", hello).layer(layer);

    std::thread::spawn(|| {
        let _ = stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let port = number("port", 0);
    let listener = TcpListener::bind(("127.0.0.1", port as u16)).await;
    let listener = listener.unwrap_or_else(|error| panic!("cannot listen on port {port}: {error}"));
    let address = listener.local_addr().expect("an address");
    println!("{}", serde_json::json!({ "port": address.port() }));
    axum::serve(listener, app).await.expect("a server that goes on");
}

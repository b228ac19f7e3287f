//! What the tests of the client for Rust share: the server, and values that are awaited.

use core::time::Duration;
use futures_channel::oneshot;
use socketio_wasm::{Client, ClientBuilder, Transports};
use std::cell::Cell;

pub const ALL: [Transports; 3] = [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket];
/// As long as a busy machine may take.
pub const SECONDS: Duration = Duration::from_secs(30);

/// Of a server of Socket.IO, `tests/servers/npm.mjs`.
pub fn url() -> &'static str {
    match option_env!("SOCKETIO_TEST_URL") {
        Some(url) => url,
        None => panic!("scripts/test-wasm.sh starts a server and sets SOCKETIO_TEST_URL"),
    }
}

/// Of python-socketio, `tests/servers/python/serve.py`.
pub fn python_url() -> &'static str {
    match option_env!("SOCKETIO_TEST_PYTHON_URL") {
        Some(url) => url,
        None => panic!("scripts/test-wasm.sh starts a server and sets SOCKETIO_TEST_PYTHON_URL"),
    }
}

/// Of python-socketio with short heartbeats, a small limit for messages, and `always_connect`.
pub fn lively_url() -> &'static str {
    match option_env!("SOCKETIO_TEST_PYTHON_LIVELY") {
        Some(url) => url,
        None => panic!("scripts/test-wasm.sh starts a server and sets SOCKETIO_TEST_PYTHON_LIVELY"),
    }
}

/// Of Socket.IO 2, otherwise as [`url`].
pub fn old_url() -> &'static str {
    match option_env!("SOCKETIO_TEST_OLD") {
        Some(url) => url,
        None => panic!("scripts/test-wasm.sh starts a server and sets SOCKETIO_TEST_OLD"),
    }
}

/// Of one of Engine.IO alone, `tests/servers/engine.mjs`.
pub fn engine_url() -> &'static str {
    match option_env!("SOCKETIO_TEST_ENGINE_URL") {
        Some(url) => url,
        None => panic!("scripts/test-wasm.sh starts a server and sets SOCKETIO_TEST_ENGINE_URL"),
    }
}

pub fn builder() -> ClientBuilder {
    Client::builder(url())
        .wait_timeout(SECONDS)
        .reconnection_delay(Duration::from_millis(50), Duration::from_millis(500))
}

pub async fn connected() -> Client {
    builder().connect().await.expect("connects")
}

/// A value that is given once, and awaited.
pub fn once<T>() -> (impl Fn(T), oneshot::Receiver<T>) {
    let (sender, receiver) = oneshot::channel();
    let sender = Cell::new(Some(sender));
    let give = move |value| {
        if let Some(sender) = sender.take() {
            let _ = sender.send(value);
        }
    };
    (give, receiver)
}

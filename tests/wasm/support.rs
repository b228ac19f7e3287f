//! Shared by the tests of the client for Rust: builders of clients for the test servers, and values that are awaited.

#![allow(dead_code)] // Each test program uses a part.

#[path = "servers.rs"]
mod servers;

use core::future::{Ready, ready};
use core::time::Duration;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::channel::oneshot;
pub use servers::*;
use socketio_wasm::{Client, ClientBuilder, DisconnectReason, Error, Transports};
use std::cell::Cell;
use std::collections::BTreeMap;

pub const ALL: [Transports; 3] = [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket];
/// Limit of a single wait: far more than a busy machine takes.
pub const SECONDS: Duration = Duration::from_secs(30);
/// A time limit or delay that is meant to run out.
pub const SHORT: Duration = Duration::from_millis(20);
/// A delay that does not run out during a test.
pub const MINUTE: Duration = Duration::from_secs(60);

pub fn builder() -> ClientBuilder {
    Client::builder(url())
        .wait_timeout(SECONDS)
        .reconnection_delay(Duration::from_millis(50), Duration::from_millis(500))
}

pub async fn connected() -> Client {
    builder().connect().await.expect("connects")
}

/// A client that has lost its connection and waits a minute before it makes another one.
pub async fn away(builder: ClientBuilder) -> Client {
    let client = builder.reconnection_delay(MINUTE, MINUTE).connect().await.expect("connects");
    let lost = client.call::<()>("close-engine", ()).await;
    assert!(matches!(&lost, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })), "{lost:?}");
    client
}

/// True if the server has noticed that the client with this id is gone.
pub async fn has_left(witness: &Client, sid: &str) -> bool {
    !witness.call::<String>("left", sid).await.expect("an answer").is_empty()
}

/// A function for auth that gives a wrong token `times` times, from its call number `first` on, and the right one otherwise.
pub fn wrong_auth(first: u32, times: u32) -> impl Fn() -> Ready<Result<BTreeMap<&'static str, &'static str>, Error>> {
    let calls = Cell::new(0);
    move || {
        calls.set(calls.get() + 1);
        let is_wrong = (first..first.saturating_add(times)).contains(&calls.get());
        ready(Ok(BTreeMap::from([("token", if is_wrong { "wrong" } else { "secret" })])))
    }
}

/// A function that passes on the first value it is called with, and the future of that value.
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

/// A function that passes on each value it is called with, and the stream of these values.
pub fn channel<T: 'static>() -> (impl Fn(T) + Clone, UnboundedReceiver<T>) {
    let (sender, receiver) = unbounded();
    (move |value| sender.unbounded_send(value).expect("the stream is still read"), receiver)
}

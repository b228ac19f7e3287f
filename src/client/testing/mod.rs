//! A Socket.IO server in memory, for tests without a network (cargo feature `testing`).
//!
//! A test makes a [`Server`], and drives it: namespaces, rooms, events, acknowledgements, refusals, lost connections and
//! delays. A client reaches it by its WebSocket class and its `fetch`, which [`Server::client`] and [`Server::attach`]
//! set. Nothing global is replaced, so tests can run side by side. It works with wasm-bindgen-test in Node, in browsers
//! and in workers. The module exists on wasm32 alone, as everything that connects.
//!
//! ```no_run
//! use socketio_wasm::testing::Server;
//! use wasm_bindgen_test::wasm_bindgen_test;
//!
//! #[wasm_bindgen_test]
//! async fn the_server_adds() {
//!     let server = Server::new();
//!     server.on("add", |_socket, (a, b): (u32, u32)| a + b); // the return value answers, as in a handler of a client
//!
//!     let client = server.client().connect().await.unwrap();
//!     assert_eq!(client.call::<u32>("add", (20, 22)).await, Ok(42));
//!
//!     let socket = server.connection().await; // the server's end of the client
//!     client.emit("say", "hello").unwrap();
//!     assert_eq!(socket.received::<String>("say").await, "hello");
//!
//!     socket.lose(); // as if the network had failed: the client connects again
//!     let again = server.connection().await;
//!     assert_ne!(again.id(), socket.id());
//! }
//! ```
//!
//! The server reads and writes packets by code of its own, which npm's `socketio-wasm/testing` shares. It speaks
//! Socket.IO 5 as JSON, over polling and websockets, with the upgrade. It sends a ping only when the test calls
//! [`Server::ping`].
//!
//! A wrong use throws an error that says what is wrong, and so fails the test. An error within a handler of the server
//! reaches no code of the test: if it returns `Err`, panics, or gets arguments of another type, the event has no
//! answer, and the error is an unhandled rejection. That ends the whole run in Node, and is only logged in browsers.

mod js;
mod namespace;
mod socket;

pub use namespace::{Broadcast, Namespace};
pub use socket::Socket;

use super::values::{Mismatch, Prepared, arguments_from_js};
use super::{Client, ClientBuilder, Error};
use crate::shell::Outgoing;
use core::time::Duration;
use js::JsServer;
use js_sys::{Array, Function, Object, Promise};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Deref;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A server in memory. It is its namespace `/`, too. A clone is another handle of the same server.
///
/// ```no_run
/// use core::time::Duration;
/// use socketio_wasm::testing::Server;
///
/// async fn example() {
///     let server = Server::new();
///     let client = server.client().connect().await.unwrap();
///     assert!(server.url().starts_with("http"));
///
///     server.offline(); // the client has lost its connection, and tries in vain to connect again
///     server.online();
///     server.connection().await;
///
///     server.delay(Duration::from_millis(5)); // before each answer
///     server.ping().await;
///     server.close();
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Server {
    js: JsServer,
    root: Namespace,
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Server {
    type Target = Namespace;

    fn deref(&self) -> &Namespace {
        &self.root
    }
}

impl Server {
    /// Makes a server.
    pub fn new() -> Self {
        Self::with(&JsValue::from(Object::new()))
    }

    /// Makes a server whose clients expect a ping in this interval, and give a connection up if it is late by this
    /// time. By default both are together a day, because the server sends a ping only with [`ping`](Self::ping).
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use socketio_wasm::testing::Server;
    ///
    /// fn example() {
    ///     let server =
    ///         Server::with_heartbeat(Duration::from_millis(50), Duration::from_millis(50));
    ///     server.freeze(); // connected clients notice after 100 ms
    /// }
    /// ```
    pub fn with_heartbeat(interval: Duration, timeout: Duration) -> Self {
        let number = |duration: Duration| JsValue::from_f64(duration.as_secs_f64() * 1_000.0);
        let entries = [("pingInterval", interval), ("pingTimeout", timeout)]
            .map(|(name, time)| Array::of2(&name.into(), &number(time)));
        let options = Object::from_entries(&entries.into_iter().collect::<Array>());
        Self::with(&options.map_or(JsValue::UNDEFINED, JsValue::from))
    }

    fn with(options: &JsValue) -> Self {
        let js = JsServer::new(options);
        Self { root: Namespace::new(js.clone().unchecked_into()), js }
    }

    /// Returns an address for clients. They may use any other: all reach this server if it is attached.
    pub fn url(&self) -> String {
        self.js.url()
    }

    /// Returns the builder of a client that reaches this server.
    pub fn client(&self) -> ClientBuilder {
        self.attach(Client::builder(self.url()))
    }

    /// Lets the client of a builder reach this server, and no network.
    ///
    /// ```no_run
    /// use socketio_wasm::testing::Server;
    /// use socketio_wasm::{Client, ClientBuilder};
    ///
    /// /// A function of the application.
    /// fn builder() -> ClientBuilder {
    ///     Client::builder("https://chat.example").namespace("/chat")
    /// }
    ///
    /// fn example() {
    ///     let server = Server::new();
    ///     let client = server.attach(builder()).build();
    /// }
    /// ```
    pub fn attach(&self, builder: ClientBuilder) -> ClientBuilder {
        builder.websocket(self.websocket()).fetch(self.fetch())
    }

    /// Returns the class of websockets that reach this server, for [`ClientBuilder::websocket`].
    pub fn websocket(&self) -> JsValue {
        self.js.websocket()
    }

    /// Returns the `fetch` that reaches this server, for [`ClientBuilder::fetch`].
    pub fn fetch(&self) -> Function {
        self.js.fetch()
    }

    /// Returns a namespace. A client is refused in a namespace that the test has not named here; `/` is always there.
    pub fn of(&self, name: &str) -> Namespace {
        Namespace::new(self.js.of(name))
    }

    /// Sets the time before each packet and each answer of the server. Default: none.
    pub fn delay(&self, time: Duration) {
        self.js.delay(time.as_secs_f64() * 1_000.0);
    }

    /// Sends a ping to each client, and waits until all have answered, or are gone.
    pub async fn ping(&self) {
        settled(self.js.ping()).await;
    }

    /// Loses each connection, as if the network had failed: the clients notice, and connect again.
    pub fn lose(&self) {
        self.js.lose();
    }

    /// Lets nothing arrive any longer over the present connections: the clients notice when a time limit runs out.
    pub fn freeze(&self) {
        self.js.freeze();
    }

    /// Loses each connection, and lets each attempt to connect fail until [`online`](Self::online).
    pub fn offline(&self) {
        self.js.offline();
    }

    /// Ends [`offline`](Self::offline).
    pub fn online(&self) {
        self.js.online();
    }

    /// Closes each connection, and lets each attempt to connect fail.
    pub fn close(&self) {
        self.js.shut_down();
    }
}

/// Converts the arguments of an event; throws if they cannot be serialized.
fn arguments_of(event: &str, arguments: &impl Serialize) -> Array {
    match Prepared::answer(arguments, false) {
        Ok(values) => values.to_js(),
        Err(error) => wasm_bindgen::throw_str(&error.of_event(event).to_string()),
    }
}

/// Reads the arguments of an event, or the values of an answer.
fn values_as<T: DeserializeOwned>(of: &str, values: &Array) -> Result<T, JsValue> {
    arguments_from_js(values, 0).map_err(|mismatch| wrong_type(of, mismatch))
}

/// Returns the error of a value of another type.
fn wrong_type(of: &str, mismatch: Mismatch) -> JsValue {
    JsError::new(&Error::wrong_type(of.to_owned(), None, mismatch).to_string()).into()
}

/// Awaits a promise; throws if it is rejected.
async fn settled(promise: Promise) -> JsValue {
    match JsFuture::from(promise).await {
        Ok(value) => value,
        Err(error) => wasm_bindgen::throw_val(error),
    }
}

/// Returns a value, or throws the error.
fn or_throw<T>(result: Result<T, JsValue>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => wasm_bindgen::throw_val(error),
    }
}

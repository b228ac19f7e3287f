//! The handlers that a builder registers: they are in place before the first event can arrive.

use super::event::{Disconnect, Event};
use super::{ClientBuilder, ClientNamespace, Error, IntoAck, Scope};
use crate::socket::FinalReason;
use serde::de::DeserializeOwned;

impl ClientBuilder {
    /// Registers a handler of the events of a name in the namespace `/`, before the first event can arrive. Its return value
    /// answers the server. [`Scope::on`](super::Scope::on) describes handlers.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on("add", |_scope, (a, b): (u32, u32)| a + b)
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on<A, R, Kind>(self, event: &str, handler: impl Fn(Scope, A) -> R + 'static) -> Self
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        let event = event.to_owned();
        self.set_up(move |client| client.on(&event, handler).keep())
    }

    /// Registers a handler of the next event of a name in the namespace `/`, before the first event can arrive. See
    /// [`Scope::once`](super::Scope::once).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .once("welcome", |_scope, name: String| log!(name))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn once<A, R, Kind>(self, event: &str, handler: impl FnOnce(Scope, A) -> R + 'static) -> Self
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        let event = event.to_owned();
        self.set_up(move |client| client.once(&event, handler).keep())
    }

    /// Registers a handler of all events of the namespace `/` that have none of their own. See
    /// [`Scope::on_unhandled`](super::Scope::on_unhandled).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_unhandled(|_scope, event| log!(event.name()))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_unhandled<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Scope, Event) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_unhandled(handler).keep())
    }

    /// Calls a handler when the namespace `/` is connected, and again after each reconnection. See
    /// [`Scope::on_connect`](super::Scope::on_connect).
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_connect(|scope| drop(scope.emit("join", "lobby")))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_connect<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Scope) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_connect(handler).keep())
    }

    /// Calls a handler when an attempt to connect has failed, or the server refused the namespace `/`. See
    /// [`Scope::on_connect_error`](super::Scope::on_connect_error).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .retry()
    ///         .on_connect_error(|_scope, error| log!(error.to_string()))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_connect_error<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Scope, Error) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_connect_error(handler).keep())
    }

    /// Calls a handler when the connection of the namespace `/` has ended. See
    /// [`Scope::on_disconnect`](super::Scope::on_disconnect).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_disconnect(|_scope, end| log!(end.cause))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_disconnect<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Scope, Disconnect) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_disconnect(handler).keep())
    }

    /// Calls a handler when the connection of the namespace `/` has ended and no reconnection follows. See
    /// [`Scope::on_disconnect_final`](super::Scope::on_disconnect_final).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_disconnect_final(|_scope, reason| log!(reason.name()))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_disconnect_final<R: IntoAck<Kind>, Kind>(
        self,
        handler: impl Fn(Scope, FinalReason) -> R + 'static,
    ) -> Self {
        self.set_up(move |client| client.on_disconnect_final(handler).keep())
    }

    /// Calls a function that registers the handlers of another namespace. They are in place before its first event can
    /// arrive.
    ///
    /// ```no_run
    /// use socketio_wasm::Client;
    ///
    /// fn example() {
    ///     let builder = Client::builder("http://localhost:3000").of("/chat", |chat| {
    ///         chat.on_connect(|chat| drop(chat.emit("join", "lobby"))).keep();
    ///         chat.on("message", |_scope, text: String| format!("read: {text}")).keep();
    ///     });
    /// }
    /// ```
    pub fn of(self, namespace: &str, set_up: impl FnOnce(&Scope) + 'static) -> Self {
        let namespace = namespace.to_owned();
        self.set_up(move |client| set_up(&client.of(&namespace)))
    }

    /// Registers an object that serves all events of a namespace that have no handler of their own, before the first event can
    /// arrive. See [`Client::register_namespace`](super::Client::register_namespace).
    pub fn register_namespace(self, object: impl ClientNamespace) -> Self {
        self.set_up(move |client| client.register_namespace(object))
    }
}

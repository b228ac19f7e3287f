//! How a client is made.

use super::connection_options::{ConnectionOptions, connection_methods, milliseconds};
use super::error::Error;
use super::event::{Disconnect, Event};
use super::guarding::reporting;
use super::handlers::IntoAck;
use super::options::{Options, Source, auth_json, headers_object};
use super::platform::LogTo;
use super::serializers::Serializer;
use super::{Client, ClientNamespace, Handle, Scope};
use crate::engine::{Transports, VersionPolicy};
use crate::protocol::{Limits, ProtocolVersion};
use core::num::NonZeroUsize;
use core::time::Duration;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use wasm_bindgen::JsValue;

/// What is done with the client when it is made.
type SetUp = Box<dyn FnOnce(&Client)>;

/// Makes a [`Client`]: [`Client::builder`].
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, ClientBuilder, Error};
/// # use core::time::Duration;
/// # use std::collections::BTreeMap;
/// # async fn example() -> Result<(), Error> {
/// let builder: ClientBuilder = Client::builder("http://localhost:3000");
/// let client = builder
///     .on("message", |_client, text: String| log(&text))
///     .auth(BTreeMap::from([("token", "secret")]))
///     .reconnection_delay(Duration::from_millis(500), Duration::from_secs(10))
///     .on_error(|error| log(&error.to_string()))
///     .connect()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder does nothing before build() or connect()"]
pub struct ClientBuilder {
    pub(super) options: Options,
    set_up: Vec<SetUp>,
}

connection_methods!(ClientBuilder, default path: "/socket.io");

impl ClientBuilder {
    pub(super) fn new(url: Source<String>) -> Self {
        Self { options: Options::new(url), set_up: Vec::new() }
    }

    fn connection(&mut self) -> &mut ConnectionOptions {
        &mut self.options.connection
    }

    /// A namespace to connect; to be repeated for more. Without any, those that have handlers are connected, else `/`.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").namespace("/").namespace("/chat").connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn namespace(mut self, namespace: &str) -> Self {
        let namespaces = self.options.namespaces.get_mut();
        if namespaces.iter().all(|other| other != namespace) {
            namespaces.push(namespace.to_owned());
        }
        self
    }

    /// What the server's connect handlers get: a map or a struct with named fields; `()` and `None` are none. Anything else is
    /// [`Error::InvalidAuth`](super::Error::InvalidAuth): npm's server would close the connection over it.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use std::collections::BTreeMap;
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").auth(BTreeMap::from([("token", "secret")])).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn auth(mut self, auth: impl Serialize) -> Self {
        self.options.auth = Source::Value(auth_json(&auth));
        self
    }

    /// A function that gives fresh auth, such as a new token, for each attempt to connect.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use std::collections::BTreeMap;
    /// # async fn fresh_token() -> String { "secret".into() }
    /// # async fn example() -> Result<(), Error> {
    /// let auth = || async { Ok::<_, Error>(BTreeMap::from([("token", fresh_token().await)])) };
    /// let client = Client::builder("http://localhost:3000").auth_with(auth).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn auth_with<F, T, E>(mut self, auth: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: Serialize + 'static,
        E: core::fmt::Display,
    {
        self.options.auth = Source::function(auth, |value: T| auth_json(&value));
        self
    }

    /// How long each namespace may take to answer, also when a connection is made again. Default: 20 s, for a
    /// [`SimpleClient`](super::SimpleClient) 5 s.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use core::time::Duration;
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").wait_timeout(Duration::from_secs(10)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.options.wait_timeout = Some(milliseconds(timeout));
        self
    }

    /// `connect` is done as soon as the server was reached, without waiting for the namespaces.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").without_wait().connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn without_wait(mut self) -> Self {
        self.options.waits = false;
        self
    }

    /// Goes on trying, as after a lost connection, where the first attempt fails. Why it does is told to the handlers of
    /// [`on_connect_error`](Self::on_connect_error); without one, that of the first attempt to [`on_error`](Self::on_error).
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").retry().connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry(mut self) -> Self {
        self.options.retry = true;
        self
    }

    /// Asks again for a namespace that the server has refused, too, with [`retry`](Self::retry) or when a lost connection is made again.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").retry().retry_refused().connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry_refused(mut self) -> Self {
        self.options.retry_refused = true;
        self
    }

    /// Whether a lost connection is made again. Default: true.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").reconnection(false).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn reconnection(mut self, reconnection: bool) -> Self {
        self.options.settings.reconnection = reconnection;
        self
    }

    /// After how many failed attempts in a row that ends. Default: 0, never.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").reconnection_attempts(5).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn reconnection_attempts(mut self, attempts: u32) -> Self {
        self.options.settings.reconnection_attempts = attempts;
        self
    }

    /// The delay before the first attempt, which doubles with each failure, and the longest one. Default: 1 s and 5 s.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use core::time::Duration;
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").reconnection_delay(Duration::from_millis(500), Duration::from_secs(10)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn reconnection_delay(mut self, first: Duration, longest: Duration) -> Self {
        self.options.settings.backoff.delay = milliseconds(first);
        self.options.settings.backoff.delay_max = milliseconds(longest);
        self
    }

    /// By which part of itself a delay may be shorter or longer. Default: 0.5.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").randomization_factor(0.2).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn randomization_factor(mut self, factor: f64) -> Self {
        self.options.settings.backoff.randomization_factor = factor.clamp(0.0, 1.0);
        self
    }

    /// How many packets may wait in the client, connected or not: at least 1. Default: any number.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").max_buffer(1_000).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn max_buffer(mut self, packets: usize) -> Self {
        self.options.settings.max_buffer = packets.max(1);
        self
    }

    /// Packets in another format, which the server must speak, too. Default: JSON with attachments.
    ///
    /// ```no_run
    /// # use socketio_wasm::{ClientBuilder, Error};
    /// # #[cfg(feature = "msgpack")]
    /// # use socketio_wasm::serializers::MessagePack;
    /// # #[cfg(feature = "msgpack")]
    /// # async fn example(builder: ClientBuilder) -> Result<(), Error> {
    /// let client = builder.serializer(MessagePack).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn serializer(mut self, serializer: impl Serializer) -> Self {
        self.options.serializer = Some(Box::new(serializer));
        self
    }

    /// As [`Scope::on`](super::Scope::on) of the namespace `/`, in place before the first event can come.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").on("add", |_client, (a, b): (u32, u32)| a + b).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on<A, R, Kind>(self, event: &str, handler: impl Fn(Client, A) -> R + 'static) -> Self
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        let event = event.to_owned();
        self.set_up(move |client| client.on(&event, handler).keep())
    }

    /// As [`Scope::once`](super::Scope::once) of the namespace `/`.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").once("welcome", |_client, name: String| log(&name)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn once<A, R, Kind>(self, event: &str, handler: impl FnOnce(Client, A) -> R + 'static) -> Self
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        let event = event.to_owned();
        self.set_up(move |client| client.once(&event, handler).keep())
    }

    /// As [`Scope::on_any`](super::Scope::on_any) of the namespace `/`.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").on_any(|_client, event| log(event.name())).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_any<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Client, Event) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_any(handler).keep())
    }

    /// As [`Scope::on_connect`](super::Scope::on_connect) of the namespace `/`.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").on_connect(|client| drop(client.emit("join", "lobby"))).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_connect<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Client) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_connect(handler).keep())
    }

    /// As [`Scope::on_connect_error`](super::Scope::on_connect_error) of the namespace `/`.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").retry().on_connect_error(|_client, error| log(&error.to_string())).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_connect_error<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Client, Error) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_connect_error(handler).keep())
    }

    /// As [`Scope::on_disconnect`](super::Scope::on_disconnect) of the namespace `/`.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").on_disconnect(|_client, end| log(end.cause)).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_disconnect<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Client, Disconnect) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_disconnect(handler).keep())
    }

    /// As [`Scope::on_disconnect_final`](super::Scope::on_disconnect_final) of the namespace `/`.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").on_disconnect_final(|_client| log("over")).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_disconnect_final<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Client) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_disconnect_final(handler).keep())
    }

    /// Has handlers of another namespace set, which are in place before its first event can come.
    ///
    /// ```no_run
    /// # use socketio_wasm::Client;
    /// let builder = Client::builder("http://localhost:3000").of("/chat", |chat| {
    ///     chat.on_connect(|client| client.of("/chat").emit("join", "lobby").unwrap_or_default()).keep();
    ///     chat.on("message", |_client, text: String| format!("read: {text}")).keep();
    /// });
    /// ```
    pub fn of(self, namespace: &str, set_up: impl FnOnce(&Scope) + 'static) -> Self {
        let namespace = namespace.to_owned();
        self.set_up(move |client| set_up(&client.of(&namespace)))
    }

    /// As [`Client::register_namespace`], in place before the first event can come.
    pub fn register_namespace(self, object: impl ClientNamespace) -> Self {
        self.set_up(move |client| client.register_namespace(object))
    }

    fn set_up(mut self, set_up: impl FnOnce(&Client) + 'static) -> Self {
        self.set_up.push(Box::new(set_up));
        self
    }

    /// The client, not connected yet.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").build();
    /// client.on_disconnect(|_client, end| log(end.cause)).keep();
    /// client.connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn build(self) -> Client {
        let client = Client::from_handle(Handle::new(self.options));
        for set_up in self.set_up {
            set_up(&client);
        }
        client
    }

    /// The client, connected.
    ///
    /// # Errors
    /// As [`Client::connect`].
    pub async fn connect(self) -> Result<Client, Error> {
        let client = self.build();
        client.connect().await?;
        Ok(client)
    }
}

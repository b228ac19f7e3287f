//! The builder of a client.

use super::connection_options::{ConnectionOptions, connection_methods, milliseconds};
use super::error::Error;
use super::guarded::error_callback;
use super::options::{Options, Source, auth_json, headers_object};
use super::platform::LogTo;
use super::serializers::Serializer;
use super::{Client, Handle};
use crate::engine::{Transports, VersionPolicy};
use crate::protocol::{Limits, ProtocolVersion};
use core::num::NonZeroUsize;
use core::time::Duration;
use serde::Serialize;
use std::future::Future;
use wasm_bindgen::JsValue;

/// Registers handlers on the new client.
type SetUp = Box<dyn FnOnce(&Client)>;

/// The options and first handlers of a [`Client`], which it builds. [`Client::builder`] returns one.
///
/// ```no_run
/// use core::time::Duration;
/// use gloo_console::log;
/// use socketio_wasm::{Client, ClientBuilder, Error};
/// use std::collections::BTreeMap;
///
/// async fn example() -> Result<(), Error> {
///     let builder: ClientBuilder = Client::builder("http://localhost:3000");
///     let client = builder
///         .on("message", |_scope, text: String| log!(text))
///         .auth(BTreeMap::from([("token", "secret")]))
///         .reconnection_delay(Duration::from_millis(500), Duration::from_secs(10))
///         .on_error(|error| log!(error.to_string()))
///         .connect()
///         .await?;
///     Ok(())
/// }
/// ```
#[must_use = "a builder does nothing before build() or connect()"]
pub struct ClientBuilder {
    pub(super) options: Options,
    set_up: Vec<SetUp>,
}

impl ClientBuilder {
    pub(super) fn new(url: Source<String>) -> Self {
        Self { options: Options::new(url), set_up: Vec::new() }
    }

    fn connection(&mut self) -> &mut ConnectionOptions {
        &mut self.options.connection
    }

    /// Returns the client, which is not connected yet.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = Client::builder("http://localhost:3000").build();
    ///     client.on_disconnect(|_scope, end| log!(end.cause)).keep();
    ///     client.connect().await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn build(self) -> Client {
        let client = Client::from_handle(Handle::new(self.options));
        for set_up in self.set_up {
            set_up(&client);
        }
        client
    }

    /// Builds the client, connects it, and returns it.
    ///
    /// # Errors
    /// Returns the errors of [`Client::connect`].
    pub async fn connect(self) -> Result<Client, Error> {
        let client = self.build();
        client.connect().await?;
        Ok(client)
    }

    /// Adds a namespace to connect; call it again for more. If no namespace is added, those that have handlers are
    /// connected, or `/` if none has.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .namespace("/")
    ///         .namespace("/chat")
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn namespace(mut self, namespace: &str) -> Self {
        let namespaces = self.options.namespaces.get_mut();
        if namespaces.iter().all(|other| other != namespace) {
            namespaces.push(namespace.to_owned());
        }
        self
    }

    /// Sets the auth that the server's connect handlers receive: a map or a struct with named fields. `()` and `None`
    /// mean no auth. Any other value makes `connect` fail with [`Error::InvalidAuth`](super::Error::InvalidAuth),
    /// because npm's server would close the connection.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    /// use std::collections::BTreeMap;
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .auth(BTreeMap::from([("token", "secret")]))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn auth(mut self, auth: impl Serialize) -> Self {
        self.options.auth = Source::Value(auth_json(&auth));
        self
    }

    /// Sets a function that returns fresh auth, such as a new token, for each attempt to connect.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    /// use std::collections::BTreeMap;
    ///
    /// async fn fresh_token() -> String {
    ///     "secret".into()
    /// }
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let auth =
    ///         || async { Ok::<_, Error>(BTreeMap::from([("token", fresh_token().await)])) };
    ///     let client = Client::builder("http://localhost:3000").auth_with(auth).connect().await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn auth_with<F, T, E>(mut self, auth: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: Serialize + 'static,
        E: Into<Box<dyn core::error::Error>>,
    {
        self.options.auth = Source::function("auth", auth, |value: T| auth_json(&value));
        self
    }

    /// Sets the time that each namespace has to answer, at reconnections as well. Default: 20 s, or 5 s for a
    /// [`SimpleClient`](super::SimpleClient).
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .wait_timeout(Duration::from_secs(10))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.options.wait_timeout = Some(milliseconds(timeout));
        self
    }

    /// Lets `connect` return as soon as the server is reached, without waiting for the namespaces.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000").without_wait().connect().await
    /// }
    /// ```
    pub fn without_wait(mut self) -> Self {
        self.options.waits = false;
        self
    }

    /// Repeats a failed first attempt, like those after a lost connection. The handlers of
    /// [`on_connect_error`](Self::on_connect_error) are called with each error. Without such a handler, the first error
    /// goes to [`on_error`](Self::on_error).
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000").retry().connect().await
    /// }
    /// ```
    pub fn retry(mut self) -> Self {
        self.options.retry = true;
        self
    }

    /// Asks again for namespaces that the server has refused, with [`retry`](Self::retry) or at a reconnection. By
    /// default they are not asked for again.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000").retry().retry_refused().connect().await
    /// }
    /// ```
    pub fn retry_refused(mut self) -> Self {
        self.options.retry_refused = true;
        self
    }

    /// Sets if a lost connection is made again. Default: true.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000").reconnection(false).connect().await
    /// }
    /// ```
    pub fn reconnection(mut self, reconnection: bool) -> Self {
        self.options.settings.reconnection = reconnection;
        self
    }

    /// Sets the number of failed attempts in a row after which reconnection ends. Default: 0, no limit.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000").reconnection_attempts(5).connect().await
    /// }
    /// ```
    pub fn reconnection_attempts(mut self, attempts: u32) -> Self {
        self.options.settings.reconnection_attempts = attempts;
        self
    }

    /// Sets the delay before the first reconnection attempt, which doubles with each failure, and the longest delay.
    /// Default: 1 s and 5 s.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .reconnection_delay(Duration::from_millis(500), Duration::from_secs(10))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn reconnection_delay(mut self, first: Duration, longest: Duration) -> Self {
        self.options.settings.backoff.delay = milliseconds(first);
        self.options.settings.backoff.delay_max = milliseconds(longest);
        self
    }

    /// Sets the part, from 0 to 1, by which a delay is randomly shortened or lengthened. Default: 0.5.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000").randomization_factor(0.2).connect().await
    /// }
    /// ```
    pub fn randomization_factor(mut self, factor: f64) -> Self {
        self.options.settings.backoff.randomization_factor = factor.clamp(0.0, 1.0);
        self
    }

    /// Limits the number of packets that wait in the client, connected or not: at least 1. Beyond it, `emit` returns
    /// [`Error::BufferFull`](super::Error::BufferFull). Default: no limit.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000").max_buffer(1_000).connect().await
    /// }
    /// ```
    pub fn max_buffer(mut self, packets: usize) -> Self {
        self.options.settings.max_buffer = packets.max(1);
        self
    }

    /// Sets the format of packets, which the server must use as well. Default: JSON with attachments.
    ///
    /// ```no_run
    /// use socketio_wasm::serializers::Serializer;
    /// use socketio_wasm::{Client, ClientBuilder};
    ///
    /// /// The format is `MessagePack`, for example, with the cargo feature `msgpack`.
    /// fn compact(url: &str, format: impl Serializer) -> ClientBuilder {
    ///     Client::builder(url).serializer(format)
    /// }
    /// ```
    pub fn serializer(mut self, serializer: impl Serializer) -> Self {
        self.options.serializer = Some(Box::new(serializer));
        self
    }

    pub(super) fn set_up(mut self, set_up: impl FnOnce(&Client) + 'static) -> Self {
        self.set_up.push(Box::new(set_up));
        self
    }
}

connection_methods!(ClientBuilder, default path: "/socket.io");

//! The options of a connection, which [`ClientBuilder`](super::ClientBuilder) and
//! [`EngineClientBuilder`](super::EngineClientBuilder) both have.

use super::error::Error;
use super::guarded::ErrorCallback;
use super::options::Source;
use super::platform::{self, LogTo};
use super::{IS_SUPPORTED, address};
use crate::engine::{Config, VersionPolicy};
use crate::host::{HostOptions, Platform};
use crate::tables::defaults;
use core::time::Duration;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(text: &str);
}

/// The options; the methods of [`connection_methods`] describe them.
pub(super) struct ConnectionOptions {
    pub url: Source<String>,
    pub headers: Source<JsValue>,
    /// The value of the option `credentials` of `fetch`.
    pub credentials: &'static str,
    /// The client listens to the platform's `online` and `offline` events.
    pub network_events: bool,
    pub path: String,
    pub config: Config,
    /// A class of WebSockets, or `undefined`.
    pub websocket: JsValue,
    /// A `fetch`, or `undefined`.
    pub fetch: JsValue,
    pub log: LogTo,
    /// Is called with errors that nobody waits for.
    pub on_error: ErrorCallback,
}

impl ConnectionOptions {
    pub fn new(url: Source<String>, path: &str) -> Self {
        Self {
            url,
            headers: Source::Value(Ok(JsValue::UNDEFINED)),
            credentials: defaults::CREDENTIALS,
            network_events: defaults::NETWORK_EVENTS,
            path: path.to_owned(),
            config: Config { version_policy: VersionPolicy::Unknown, ..Config::default() },
            websocket: JsValue::UNDEFINED,
            fetch: JsValue::UNDEFINED,
            log: LogTo::DEFAULT,
            on_error: Rc::new(|error| {
                let message = format!("socketio-wasm: {error}");
                if IS_SUPPORTED { console_error(&message) } else { eprintln!("{message}") }
            }),
        }
    }

    /// Returns the error of an option with which every attempt would fail.
    pub fn check(&self) -> Result<(), Error> {
        if let Some(url) = self.url.known()? {
            address::endpoints(url, &self.path)?;
        }
        self.headers.known()?;
        if !(self.websocket.is_undefined() || self.websocket.is_function()) {
            let of = self.websocket.js_typeof().as_string().unwrap_or_default();
            return Err(Error::InvalidWebSocket(of));
        }
        Ok(())
    }

    pub fn host(&self) -> HostOptions {
        HostOptions {
            credentials: JsValue::from_str(self.credentials),
            network_events: self.network_events,
            logs: self.log != LogTo::Nowhere,
        }
    }

    pub fn platform(&self) -> Platform {
        platform::of_globals(&self.websocket, &self.fetch, self.log)
    }
}

pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Defines the methods that both builders have. Each changes the builder's `connection`.
macro_rules! connection_methods {
    ($builder:ident, default path: $path:literal) => {
        impl $builder {
            /// Sets HTTP headers. Browsers send them with polling requests only, because they cannot set headers of a
            /// websocket.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000").headers([("x-tenant", "7")]).connect().await
            /// }
            /// ```
            pub fn headers<N: AsRef<str>, V: AsRef<str>>(mut self, headers: impl IntoIterator<Item = (N, V)>) -> Self {
                self.connection().headers = Source::Value(headers_object(headers));
                self
            }

            /// Sets a function that returns fresh headers for each attempt to connect.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn fresh_token() -> String {
            ///     "secret".into()
            /// }
            ///
            /// async fn example() -> Result<(), Error> {
            ///     let headers = || async {
            ///         Ok::<_, Error>(vec![("authorization".to_owned(), fresh_token().await)])
            ///     };
            ///     let client =
            ///         Client::builder("http://localhost:3000").headers_with(headers).connect().await?;
            ///     Ok(())
            /// }
            /// ```
            pub fn headers_with<F, E>(mut self, headers: impl Fn() -> F + 'static) -> Self
            where
                F: Future<Output = Result<Vec<(String, String)>, E>> + 'static,
                E: Into<Box<dyn core::error::Error>>,
            {
                self.connection().headers =
                    Source::function("headers", headers, |pairs: Vec<(String, String)>| headers_object(pairs));
                self
            }

            /// Sends cookies with requests to another origin, too. Its server must allow that (CORS).
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000").credentials().connect().await
            /// }
            /// ```
            pub fn credentials(mut self) -> Self {
                self.connection().credentials = "include";
                self
            }

            #[doc = concat!("Sets the server's path. Default: `", $path, "`.")]
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000").path("/socket.io/").connect().await
            /// }
            /// ```
            pub fn path(mut self, path: &str) -> Self {
                path.clone_into(&mut self.connection().path);
                self
            }

            /// Sets the transports, in order of preference. If the first one cannot be opened, the same attempt tries
            /// the next. Default: polling with an upgrade to a websocket; if polling fails, a websocket alone.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error, Transports};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000")
            ///         .transports(Transports::WebSocket)
            ///         .connect()
            ///         .await
            /// }
            /// ```
            pub fn transports(mut self, transports: Transports) -> Self {
                self.connection().config.transports = transports;
                self
            }

            /// Sets the protocol version: [`ProtocolVersion::V4`] for servers from 3.0 on, [`ProtocolVersion::V3`] for
            /// servers of 1.x and 2.x. Default: the client finds it out.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error, ProtocolVersion};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000").revision(ProtocolVersion::V4).connect().await
            /// }
            /// ```
            pub fn revision(mut self, revision: ProtocolVersion) -> Self {
                self.connection().config.version_policy = VersionPolicy::Fixed(revision);
                self
            }

            /// Limits the time of each request to the server, and of user-supplied functions for URL, headers and auth.
            /// Default: 5 s.
            ///
            /// ```no_run
            /// use core::time::Duration;
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000")
            ///         .request_timeout(Duration::from_secs(20))
            ///         .connect()
            ///         .await
            /// }
            /// ```
            pub fn request_timeout(mut self, timeout: Duration) -> Self {
                self.connection().config.request_timeout = milliseconds(timeout);
                self
            }

            /// Limits the number of packets in one polling request. Default: 16, until the server turns out to accept
            /// any number.
            ///
            /// ```no_run
            /// use core::num::NonZeroUsize;
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000")
            ///         .max_packets_per_post(NonZeroUsize::MIN)
            ///         .connect()
            ///         .await
            /// }
            /// ```
            pub fn max_packets_per_post(mut self, packets: NonZeroUsize) -> Self {
                self.connection().config.max_packets_per_post = Some(packets);
                self
            }

            /// Limits the number of bytes that wait in the websocket. Further packets are buffered in the client, where
            /// `unsent()` counts them. Default: 1 MiB.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000").high_water_mark(64 * 1024).connect().await
            /// }
            /// ```
            pub fn high_water_mark(mut self, bytes: usize) -> Self {
                self.connection().config.high_water_mark = bytes;
                self
            }

            /// Sets if a browser's `offline` event drops the connection, and `online` makes it again at once. Default:
            /// true.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000").network_events(false).connect().await
            /// }
            /// ```
            pub fn network_events(mut self, listens: bool) -> Self {
                self.connection().network_events = listens;
                self
            }

            /// Limits the memory that the server can make this client use. An acknowledgement's number has at most 15
            /// digits, and values are nested at most 2,000 levels deep: higher limits are lowered to these.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error, Limits};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000")
            ///         .limits(Limits { max_attachments: 20, ..Limits::default() })
            ///         .connect()
            ///         .await
            /// }
            /// ```
            pub fn limits(mut self, limits: Limits) -> Self {
                let (max_id_digits, max_depth) = (limits.max_id_digits.min(15), limits.max_depth.min(2_000));
                self.connection().config.limits = Limits { max_id_digits, max_depth, ..limits };
                self
            }

            /// Sets a WebSocket class in place of the global one, such as that of npm `ws` on Node. It receives the
            /// headers: `new WebSocket(url, [], { headers })`.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn example(class: wasm_bindgen::JsValue) -> Result<(), Error> {
            ///     let client =
            ///         Client::builder("http://localhost:3000").websocket(class).connect().await?; // on Node: that of npm `ws`
            ///     Ok(())
            /// }
            /// ```
            pub fn websocket(mut self, class: JsValue) -> Self {
                self.connection().websocket = class;
                self
            }

            /// Sets a function in place of the global `fetch`, for polling: one with other certificates or cookies, or
            /// one that a test answers.
            ///
            /// ```no_run
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn example(fetch: js_sys::Function) -> Result<(), Error> {
            ///     let client = Client::builder("http://localhost:3000").fetch(fetch).connect().await?;
            ///     Ok(())
            /// }
            /// ```
            pub fn fetch(mut self, function: js_sys::Function) -> Self {
                self.connection().fetch = function.into();
                self
            }

            /// Sets a function that is called with errors that nobody waits for. Default: `console.error`. These errors
            /// are:
            ///
            /// - events or messages are lost ([`Error::PossiblyLost`], [`Error::NotSent`]), or turn out to be larger
            ///   than the server accepts ([`Error::TooLarge`]);
            /// - for a `Client`: the arguments of an event are not of its handler's types, or an answer cannot be sent;
            /// - with `retry`: an attempt fails;
            /// - the connection ends for good, and no handler learns of it ([`Error::Ended`]);
            /// - a handler or a stream is made for a reserved event ([`Error::InvalidEvent`]).
            ///
            /// ```no_run
            /// use gloo_console::log;
            /// use socketio_wasm::{Client, Error};
            ///
            /// async fn connect() -> Result<Client, Error> {
            ///     Client::builder("http://localhost:3000")
            ///         .on_error(|error| log!(format!("{:?}: {error}", error.fault())))
            ///         .connect()
            ///         .await
            /// }
            /// ```
            pub fn on_error(mut self, report: impl Fn(&Error) + 'static) -> Self {
                self.connection().on_error = error_callback(report);
                self
            }

            /// Writes log lines to the console. With the cargo feature `log`, they go to the logger of the crate `log`
            /// unless this is called.
            ///
            /// ```no_run
            /// use socketio_wasm::{ClientBuilder, Error};
            ///
            /// async fn example(builder: ClientBuilder) -> Result<(), Error> {
            ///     let client = builder.log().connect().await?;
            ///     Ok(())
            /// }
            /// ```
            pub fn log(mut self) -> Self {
                self.connection().log = LogTo::Console;
                self
            }
        }
    };
}

pub(super) use connection_methods;

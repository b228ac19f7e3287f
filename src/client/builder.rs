//! How a client is made.

use super::client_namespace::class_of;
use super::error::Error;
use super::handlers::{Answer, Handler};
use super::options::{Options, Source, auth_json, headers_object};
use super::platform::LogTo;
use super::scope::typed;
use super::serializers::Serializer;
use super::{Client, ClientNamespace, Handle, names, platform};
use crate::engine::Transports;
use crate::protocol::{Limits, Revision};
use core::num::NonZeroUsize;
use core::time::Duration;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Makes a [`Client`]: [`Client::builder`].
#[must_use = "a builder does nothing before build() or connect()"]
pub struct ClientBuilder {
    pub(super) options: Options,
    handlers: Vec<(String, String, Handler)>,
    classes: Vec<(String, Handler)>,
    websocket: JsValue,
    log: LogTo,
}

pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl ClientBuilder {
    pub(super) fn new(url: Source<String>) -> Self {
        Self {
            options: Options::new(url),
            handlers: Vec::new(),
            classes: Vec::new(),
            websocket: JsValue::UNDEFINED,
            log: LogTo::DEFAULT,
        }
    }

    /// A namespace to connect; to be repeated for more. Without any, those that have handlers are connected, else `/`.
    pub fn namespace(mut self, namespace: &str) -> Self {
        if self.options.namespaces.iter().all(|other| other != namespace) {
            self.options.namespaces.push(namespace.to_owned());
        }
        self
    }

    /// What the server's connect handlers get: whatever becomes a JSON object.
    pub fn auth(mut self, auth: impl Serialize) -> Self {
        self.options.auth = Source::Value(auth_json(&auth));
        self
    }

    /// A function that gives fresh auth, such as a new token, for each attempt to connect.
    pub fn auth_with<F, T, E>(mut self, auth: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: Serialize + 'static,
        E: core::fmt::Display,
    {
        self.options.auth = Source::function(auth, |value: T| auth_json(&value));
        self
    }

    /// HTTP headers. A browser cannot put them on a websocket: there they go with polling requests only.
    pub fn headers<N: AsRef<str>, V: AsRef<str>>(mut self, headers: impl IntoIterator<Item = (N, V)>) -> Self {
        self.options.headers = Source::Value(Ok(headers_object(headers)));
        self
    }

    /// A function that gives fresh headers for each attempt to connect.
    pub fn headers_with<F, E>(mut self, headers: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<Vec<(String, String)>, E>> + 'static,
        E: core::fmt::Display,
    {
        self.options.headers = Source::function(headers, |pairs: Vec<(String, String)>| Ok(headers_object(pairs)));
        self
    }

    /// Has cookies go with requests to another origin, too, whose server must agree to that.
    pub fn credentials(mut self) -> Self {
        self.options.credentials = "include";
        self
    }

    /// The server's path. Default: `/socket.io`.
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.options.path);
        self
    }

    /// Which transports may be used. Default: polling first, upgraded to a websocket.
    pub fn transports(mut self, transports: Transports) -> Self {
        self.options.transports = transports;
        self
    }

    /// The revision of the protocol, where it is not to be found out: [`Revision::V4`] of servers from 3.0 on, [`Revision::V3`] of those of
    /// 1.x and 2.x.
    pub fn revision(mut self, revision: Revision) -> Self {
        self.options.revision = Some(revision);
        self
    }

    /// How long `connect` waits for each answer of a namespace. Default: 1 s, for a [`SimpleClient`](super::SimpleClient) 5 s.
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.options.wait_timeout = Some(milliseconds(timeout));
        self
    }

    /// `connect` is done as soon as the server was reached, without waiting for the namespaces.
    pub fn without_wait(mut self) -> Self {
        self.options.waits = false;
        self
    }

    /// Goes on trying, as after a lost connection, where the first attempt fails.
    pub fn retry(mut self) -> Self {
        self.options.retry = true;
        self
    }

    /// Whether a lost connection is made again. Default: true.
    pub fn reconnection(mut self, reconnection: bool) -> Self {
        self.options.settings.reconnection = reconnection;
        self
    }

    /// After how many failed attempts in a row that ends. Default: 0, never.
    pub fn reconnection_attempts(mut self, attempts: u32) -> Self {
        self.options.settings.reconnection_attempts = attempts;
        self
    }

    /// The delay before the first attempt, which doubles with each failure, and the longest one. Default: 1 s and 5 s.
    pub fn reconnection_delay(mut self, first: Duration, longest: Duration) -> Self {
        self.options.settings.backoff.delay = milliseconds(first);
        self.options.settings.backoff.delay_max = milliseconds(longest);
        self
    }

    /// By which part of itself a delay may be shorter or longer. Default: 0.5.
    pub fn randomization_factor(mut self, factor: f64) -> Self {
        self.options.settings.backoff.randomization_factor = factor.clamp(0.0, 1.0);
        self
    }

    /// How long a request to the server, or a function of yours for URL, headers or auth, may take. Default: 5 s.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.options.settings.engine.request_timeout = milliseconds(timeout);
        self
    }

    /// How many packets are kept while there is no connection. Default: any number.
    pub fn max_buffer(mut self, packets: usize) -> Self {
        self.options.settings.max_buffer = packets;
        self
    }

    /// The most packets in one polling request. Default: 16, until the server turns out to take any number.
    pub fn max_packets_per_post(mut self, packets: NonZeroUsize) -> Self {
        self.options.settings.engine.max_packets_per_post = Some(packets);
        self
    }

    /// What the server may ask of this client's memory.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.settings.engine.limits = limits;
        self
    }

    /// Packets in another format, which the server must speak, too. Default: JSON with attachments.
    pub fn serializer(mut self, serializer: impl Serializer) -> Self {
        self.options.serializer = Some(Box::new(serializer));
        self
    }

    /// A class of WebSockets in place of the global one, such as that of npm `ws` on Node: it is given the headers as
    /// `new WebSocket(url, [], { headers })`.
    pub fn websocket(mut self, class: JsValue) -> Self {
        self.websocket = class;
        self
    }

    /// Has what happens to the session written to the console. With the cargo feature `log` it goes to the logger of the crate `log`
    /// unless this is called.
    pub fn log(mut self) -> Self {
        self.log = LogTo::Console;
        self
    }

    /// What is told of errors that nobody waits for: an event whose arguments are not of its handler's types, an answer that cannot be
    /// sent. Default: `console.error`.
    pub fn on_error(mut self, report: impl Fn(&Error) + 'static) -> Self {
        self.options.on_error = Rc::new(report);
        self
    }

    /// As [`Scope::on`](super::Scope::on) of the namespace `/`, in place before the first event can come.
    pub fn on<A, R, Kind>(self, event: &str, handler: impl Fn(Client, A) -> R + 'static) -> Self
    where
        A: DeserializeOwned,
        R: Answer<Kind>,
    {
        self.on_of(names::ROOT, event, handler)
    }

    /// The same for another namespace.
    pub fn on_of<A, R, Kind>(mut self, namespace: &str, event: &str, handler: impl Fn(Client, A) -> R + 'static) -> Self
    where
        A: DeserializeOwned,
        R: Answer<Kind>,
    {
        self.handlers.push((namespace.to_owned(), event.to_owned(), typed(handler)));
        self
    }

    /// As [`Client::register_namespace`], in place before the first event can come.
    pub fn register_namespace(mut self, object: impl ClientNamespace) -> Self {
        self.classes.push(class_of(object));
        self
    }

    /// The client, not connected yet.
    pub fn build(self) -> Client {
        let handle =
            Handle::new(platform::of_globals(&self.websocket, self.log), self.options, self.log != LogTo::Nowhere);
        let delegate = &handle.driver.delegate;
        for (namespace, event, handler) in self.handlers {
            if let Err(error) = names::event(&event) {
                delegate.options.report(&error);
            }
            delegate.handlers.set(&namespace, &event, handler);
        }
        for (namespace, handler) in self.classes {
            delegate.handlers.set_class(&namespace, handler);
        }
        Client::from_handle(handle)
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

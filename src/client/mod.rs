//! The client for Rust: [`Client`], typed by serde, on the same machines, driver and host as the one for JavaScript.
//!
//! - `builder.rs`, `options.rs`: how a client is made, and from where it has what it connects with; `connection_options.rs`: what both
//!   kinds of clients have of that.
//! - `scope.rs`: one namespace: emitted events, calls (`call.rs`), handlers (`handlers.rs`), streams (`streams.rs`).
//! - `client_namespace.rs`: an object that serves a whole namespace.
//! - `packets.rs`: what is sent and what came, in the default format or in that of a serializer; `serializers/`: those.
//! - `simple_client.rs`: the client without handlers; `timing.rs`: what is awaited within a time; `task.rs`: what runs for as long as it is held.
//! - `lasting.rs`: a client that belongs to a page, for the hooks of frameworks.
//! - `delegate.rs`: what a driver tells, as Rust sees it.
//! - `engine_client.rs`, `engine_delegate.rs`, `message.rs`: Engine.IO alone, on its own machine.
//! - `arguments.rs`: the arguments of events, as types of serde's and as JS values.
//! - `error.rs`: what can go wrong, and whose doing it is.

mod address;
mod arguments;
mod builder;
mod call;
mod client_namespace;
mod connection_options;
mod delegate;
mod engine_client;
mod engine_delegate;
mod error;
mod event;
mod handlers;
#[cfg(feature = "frameworks")]
mod lasting;
mod message;
mod names;
mod options;
mod packets;
mod platform;
mod scope;
pub mod serializers;
mod simple_client;
mod streams;
pub(crate) mod task;
mod timing;

pub use builder::ClientBuilder;
pub use call::{Call, FromAnswer};
pub use client_namespace::ClientNamespace;
pub use engine_client::{EngineClient, EngineClientBuilder};
pub use error::{Data, Error, Fault};
pub use event::{Disconnect, Event};
pub use handlers::{Answer, Reply, Subscription};
pub use message::Message;
pub use scope::Scope;
pub use simple_client::SimpleClient;
pub use streams::{Arguments, Events, Messages, States};
pub use timing::Timed;

use crate::driver::Driver;
use crate::engine::Protocol;
use crate::host::JsText;
use crate::socket::{Connect, Session, Settings, Status};
use delegate::{ClientDriver, Inner, retain, waiter};
use futures_channel::mpsc::unbounded;
use futures_channel::oneshot;
use js_sys::JsString;
use options::{Options, Source, auth_json};
use platform::LogTo;
use serde::Serialize;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use wasm_bindgen::JsValue;

/// How many milliseconds `connect` waits for each answer of a namespace, unless it is told otherwise.
const WAIT_TIMEOUT: u64 = 1_000;

/// What a client is doing.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, Error, State};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// match client.state() {
///     State::Connected => log(&format!("connected as {:?}", client.sid())),
///     State::Connecting | State::Reconnecting => log("wait a moment"),
///     State::Disconnected | State::Disconnecting => log("over"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Nothing: there is no connection, and none is being made.
    Disconnected,
    /// The first connection is being made.
    Connecting,
    /// A namespace is connected.
    Connected,
    /// A lost connection is being made again.
    Reconnecting,
    /// What was sent is still being written.
    Disconnecting,
}

impl From<Status> for State {
    fn from(status: Status) -> Self {
        match status {
            Status::Disconnected => Self::Disconnected,
            Status::Connecting => Self::Connecting,
            Status::Connected => Self::Connected,
            Status::Reconnecting => Self::Reconnecting,
            Status::Disconnecting => Self::Disconnecting,
        }
    }
}

/// What all handles of a client share: the last one dropped ends its connection.
pub(crate) struct Handle {
    driver: ClientDriver,
}

impl Handle {
    fn new(options: Options) -> Rc<Self> {
        let connection = &options.connection;
        let (platform, credentials) = (connection.platform(), JsValue::from_str(connection.credentials));
        let logs = connection.log != LogTo::Nowhere;
        let mut session = Session::new(Settings { engine: connection.config, ..options.settings });
        session.set_parsed_outside(options.serializer.is_some());
        let driver = Driver::new(platform, credentials, session, logs, Inner::new(options));
        let handle = Rc::new(Self { driver });
        handle.driver.delegate.handle.replace(Rc::downgrade(&handle));
        handle
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // What was emitted is still written; of what comes, nobody is told.
        self.driver.delegate.handlers.clear();
        self.driver.delegate.listeners.take();
        self.driver.delegate.states.take();
        self.driver.command(|session, now, actions| session.disconnect(now, actions));
    }
}

/// A Socket.IO client. A clone is another handle of the same client; the last one dropped disconnects: what was emitted is still
/// written, and all that belongs to the client is freed. A [`Scope`], a pending call and the client that a handler was given are handles,
/// too: a future that a handler has returned goes on to its own end, and as long as it has its client, that stays connected. Streams
/// and subscriptions are no handles.
///
/// A client is the [`Scope`] of its namespace `/`, too: `client.emit(..)` emits there, `client.of("/chat").emit(..)` elsewhere.
///
/// ```no_run
/// # use socketio_wasm::{Client, Error};
/// # async fn example() -> Result<(), Error> {
/// let client = Client::builder("http://localhost:3000")
///     .on("question", |_client, text: String| async move { format!("you asked: {text}") }) // answers the server
///     .connect()
///     .await?;
/// client.emit("say", ("hello", 7))?;
/// let sum: u32 = client.call("add", (1, 2)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    root: Scope,
}

impl Deref for Client {
    type Target = Scope;

    fn deref(&self) -> &Scope {
        &self.root
    }
}

/// Equal where they are handles of the same client.
impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.root.handle, &other.root.handle)
    }
}

impl Eq for Client {}

impl core::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Client").field("state", &self.state()).field("sid", &self.sid()).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client for a server: http, https, ws or wss, without a path. A query is kept. In a page, it may be relative.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000?version=2").connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(Source::Value(Ok(url.into())))
    }

    /// The same, with a function that gives a fresh URL for each attempt to connect.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn nearest_server() -> String { "http://localhost:3000".into() }
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder_with(|| async { Ok::<_, Error>(nearest_server().await) }).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder_with<F, E>(url: impl Fn() -> F + 'static) -> ClientBuilder
    where
        F: Future<Output = Result<String, E>> + 'static,
        E: core::fmt::Display,
    {
        ClientBuilder::new(Source::function(url, Ok))
    }

    fn from_handle(handle: Rc<Handle>) -> Self {
        Self { root: Scope::new(handle, names::ROOT) }
    }

    fn driver(&self) -> &ClientDriver {
        &self.root.handle.driver
    }

    /// The namespaces to connect: those of the builder, else those that have handlers, else `/`.
    fn wanted(&self) -> Vec<String> {
        let delegate = &self.driver().delegate;
        let mut wanted = delegate.options.namespaces.borrow().clone();
        if wanted.is_empty() {
            wanted = delegate.handlers.namespaces();
        }
        if wanted.is_empty() {
            wanted.push(names::ROOT.to_owned());
        }
        wanted
    }

    /// Connects; done when all namespaces are connected. Dropped before, it ends the attempt.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").build();
    /// client.on("news", |_client, text: String| log(&text)).keep();
    /// client.connect().await?;
    /// client.disconnect().await;
    /// client.connect().await?; // again, with the same handlers
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever keeps a client from its server; [`Error::AlreadyConnected`].
    pub async fn connect(&self) -> Result<(), Error> {
        let driver = self.driver();
        let options = &driver.delegate.options;
        options.check()?;
        let mut namespaces = Vec::new();
        for name in &self.wanted() {
            namespaces.push(JsText::from(JsString::from(names::namespace(name)?)));
        }
        let request = Connect {
            namespaces,
            transports: options.connection.config.transports,
            revision: match options.connection.config.protocol {
                Protocol::Fixed(revision) => Some(revision),
                Protocol::Unknown | Protocol::Known(_) => None,
            },
            wait: options.waits.then_some(options.wait_timeout.unwrap_or(WAIT_TIMEOUT)),
            retry: options.retry,
        };
        let (settle, settled) = oneshot::channel();
        driver.delegate.connecting.borrow_mut().push((driver.mark(), settle));
        if let Err(refusal) = driver.command(|session, now, actions| session.connect(now, request, actions)) {
            driver.delegate.connecting.borrow_mut().pop();
            return Err(Error::of_refusal(refusal, names::ROOT));
        }
        let attempt = Attempting { client: self, settled };
        attempt.await
    }

    /// Connects one more namespace, on the live connection; it is connected again like the others after a loss. Dropped before its end,
    /// it is given up, unless the namespace was there before, or somebody else waits for it.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").connect().await?;
    /// client.connect_namespace("/chat").await?;
    /// client.of("/chat").emit("message", "hi")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotConnected`], [`Error::Refused`], [`Error::ConnectTimeout`], [`Error::InvalidNamespace`].
    pub async fn connect_namespace(&self, namespace: &str) -> Result<(), Error> {
        self.join(namespace, None).await
    }

    /// The same, with auth of its own.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use std::collections::BTreeMap;
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.connect_namespace_with("/private", BTreeMap::from([("token", "secret")])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`connect_namespace`](Self::connect_namespace).
    pub async fn connect_namespace_with(&self, namespace: &str, auth: impl Serialize) -> Result<(), Error> {
        self.join(namespace, Some(auth_json(&auth)?)).await
    }

    async fn join(&self, namespace: &str, auth: Option<Option<JsString>>) -> Result<(), Error> {
        let name = names::namespace(namespace)?;
        let driver = self.driver();
        let (settle, settled) = oneshot::channel();
        driver.delegate.joining.borrow_mut().push((driver.mark(), (name.to_owned(), settle)));
        let text = JsText::from(JsString::from(name));
        let anew = driver.query(|session| session.refusal(&text).is_some());
        let asked = driver.command(|session, now, actions| {
            session.connect_namespace(now, text, actions)?;
            // Before any action is carried out: one of them asks for it.
            if let Some(auth) = auth {
                driver.delegate.auth.borrow_mut().insert(name.to_owned(), Source::Value(Ok(auth)));
            }
            Ok(())
        });
        if let Err(refusal) = asked {
            driver.delegate.joining.borrow_mut().pop();
            return Err(Error::of_refusal(refusal, name));
        }
        Joining { client: self, name, anew, settled }.await
    }

    /// Has all events of a namespace that have no handler of their own served by an object, in the place of an earlier one.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, ClientNamespace, Error, Scope};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// struct Chat;
    ///
    /// impl ClientNamespace for Chat {
    ///     fn namespace(&self) -> &str {
    ///         "/chat"
    ///     }
    ///
    ///     fn on_connect(&self, chat: Scope) {
    ///         log(&format!("{} is connected", chat.namespace()));
    ///     }
    /// }
    ///
    /// client.register_namespace(Chat);
    /// # Ok(())
    /// # }
    /// ```
    pub fn register_namespace(&self, object: impl ClientNamespace) {
        let (namespace, handler) = client_namespace::class_of(object);
        self.driver().delegate.handlers.set_class(&namespace, handler);
    }

    /// Leaves a namespace: what was emitted to it is written first. The last one ends the connection.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.of("/chat").emit("message", "good-bye")?;
    /// client.disconnect_namespace("/chat"); // the others stay
    /// # Ok(())
    /// # }
    /// ```
    pub fn disconnect_namespace(&self, namespace: &str) {
        self.driver().delegate.auth.borrow_mut().remove(namespace);
        let name = JsText::from(JsString::from(namespace));
        self.driver().command(|session, now, actions| session.disconnect_namespace(now, &name, actions));
    }

    /// Writes what was emitted, then closes the connection, which is not made again, whether that is awaited or not. Also ends attempts
    /// to connect.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.emit("message", "the last one, which arrives")?;
    /// client.disconnect().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn disconnect(&self) -> Closing {
        if self.state() == State::Disconnected {
            return Closing::done();
        }
        let driver = self.driver();
        let (closed, closing) = oneshot::channel();
        driver.delegate.closing.borrow_mut().push((driver.mark(), closed));
        driver.command(|session, now, actions| session.disconnect(now, actions));
        Closing::when(closing)
    }

    /// Waits until the connection has ended for good.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on("job", |_client, number: u32| log(&number.to_string())).keep();
    /// client.wait().await; // until the server has nothing more to do
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(&self) {
        if self.state() == State::Disconnected {
            return;
        }
        let _ = waiter(&self.driver().delegate.ending).await;
    }

    /// Waits until nothing is kept any more: everything was handed to the transport.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client, file: &[u8]) -> Result<(), Error> {
    /// for part in file.chunks(100_000) {
    ///     client.emit("part", serde_bytes::Bytes::new(part))?;
    ///     client.drain().await; // one after the other: no more is kept in memory than need be
    /// }
    /// assert_eq!(client.unsent(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn drain(&self) {
        if self.unsent() == 0 {
            return;
        }
        let _ = waiter(&self.driver().delegate.draining).await;
    }

    /// What the client is doing.
    pub fn state(&self) -> State {
        self.driver().query(|session| session.status().into())
    }

    /// What the client is doing now, and then each change of it.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # use futures_util::StreamExt;
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// let mut states = client.states();
    /// while let Some(state) = states.next().await {
    ///     log(&format!("{state:?}"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn states(&self) -> States {
        let (to, from) = unbounded();
        // Whoever reads it is there.
        let _ = to.unbounded_send(self.state());
        let states = &self.driver().delegate.states;
        // Those that nobody reads any more would be found with the next change, which may be far away.
        retain(states, |to| !to.is_closed());
        states.borrow_mut().push(to);
        States(from)
    }

    /// The connected namespaces.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").namespace("/").namespace("/chat").connect().await?;
    /// assert_eq!(client.namespaces(), ["/", "/chat"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn namespaces(&self) -> Vec<String> {
        self.driver().query(|session| session.namespaces().map(|name| name.to_js().into()).collect())
    }

    /// The transport in use, or the last one that was.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// let transport = client.transport().map(|transport| transport.name());
    /// log(&format!("{transport:?}, session {:?}", client.engine_sid()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport(&self) -> Option<crate::engine::Transport> {
        self.driver().query(Session::transport)
    }

    /// The Engine.IO id, that of the connection under all namespaces.
    pub fn engine_sid(&self) -> Option<String> {
        self.driver().query(|session| session.engine_sid().map(|sid| sid.to_js().into()))
    }

    /// How many packets are kept, not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        self.driver().query(Session::unsent)
    }
}

/// The end of a connection: what [`Client::disconnect`] gives. The connection is closed whether this is awaited or not; it is done when
/// all is written.
///
/// ```no_run
/// # use socketio_wasm::{Client, Closing, Error};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// let closing: Closing = client.disconnect(); // begins at once
/// closing.await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Closing(Option<oneshot::Receiver<()>>);

impl Closing {
    fn done() -> Self {
        Self(None)
    }

    fn when(closed: oneshot::Receiver<()>) -> Self {
        Self(Some(closed))
    }
}

impl Future for Closing {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match &mut self.0 {
            None => Poll::Ready(()),
            Some(closed) => Pin::new(closed).poll(context).map(drop),
        }
    }
}

/// A pending `connect`, which ends with whoever awaits it.
struct Attempting<'a> {
    client: &'a Client,
    settled: oneshot::Receiver<Result<(), Error>>,
}

impl Future for Attempting<'_> {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.settled).poll(context).map(|settled| settled.unwrap_or(Err(Error::NotConnected)))
    }
}

impl Drop for Attempting<'_> {
    fn drop(&mut self) {
        if matches!(self.settled.try_recv(), Ok(None)) {
            let driver = self.client.driver();
            driver.command(|session, now, actions| session.disconnect(now, actions));
        }
    }
}

/// A pending `connect_namespace`, which leaves the namespace where nobody awaits it any more.
struct Joining<'a> {
    client: &'a Client,
    name: &'a str,
    /// It is this that has asked for the namespace.
    anew: bool,
    settled: oneshot::Receiver<Result<(), Error>>,
}

impl Future for Joining<'_> {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.settled).poll(context).map(|settled| settled.unwrap_or(Err(Error::NotConnected)))
    }
}

impl Drop for Joining<'_> {
    fn drop(&mut self) {
        if !(self.anew && matches!(self.settled.try_recv(), Ok(None))) {
            return;
        }
        self.settled.close();
        let joining = &self.client.driver().delegate.joining;
        retain(joining, |(_, (_, settle))| !settle.is_canceled());
        if joining.borrow().iter().all(|(_, (name, _))| name != self.name) {
            self.client.disconnect_namespace(self.name);
        }
    }
}

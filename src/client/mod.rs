//! The client for Rust: [`Client`], typed by serde, on the same machines, driver and host as the one for JavaScript.
//!
//! - `builder.rs`, `options.rs`: how a client is made, and from where it has what it connects with; `connection_options.rs`: what both
//!   kinds of clients have of that.
//! - `connecting.rs`: how it is connected and disconnected.
//! - `scope.rs`: one namespace: emitted events, calls (`call.rs`); `listening.rs`: its handlers (`handlers.rs`), its streams (`streams.rs`).
//! - `client_namespace.rs`: an object that serves a whole namespace.
//! - `packets.rs`: packets written and read by a serializer; `serializers/`: those.
//! - `simple_client.rs`: the client without handlers; `timing.rs`: what is awaited within a time; `task.rs`: what runs for as long as it is held.
//! - `component.rs`: a client that belongs to a page, for the hooks of frameworks.
//! - `frontend.rs`: Rust's side of the shell; `state.rs`: what all handles of a client share.
//! - `engine_client.rs`, `engine_frontend.rs`, `message.rs`: Engine.IO alone, on its own machine.
//! - `arguments.rs`: the arguments of events, as types of serde's and as JS values.
//! - `error.rs`: what can go wrong, and whose doing it is; `server_data.rs`: what a server says to it.

mod address;
mod arguments;
mod builder;
mod call;
mod client_namespace;
#[cfg(feature = "frameworks")]
mod component;
mod connecting;
mod connection_options;
mod engine_client;
mod engine_frontend;
mod error;
mod event;
mod frontend;
mod guarding;
mod handlers;
mod listening;
mod message;
mod names;
mod options;
mod packets;
mod platform;
mod redact;
mod scope;
pub mod serializers;
mod server_data;
mod simple_client;
mod state;
mod streams;
pub(crate) mod task;
mod timing;

pub use builder::ClientBuilder;
pub use call::{Call, FromAck};
pub use client_namespace::ClientNamespace;
pub use connecting::DisconnectFuture;
pub use engine_client::{EngineClient, EngineClientBuilder};
pub use error::{Error, Fault};
pub use event::{Disconnect, Event};
pub use handlers::{Ack, IntoAck, Subscription};
pub use message::Message;
pub use scope::Scope;
pub use server_data::ServerData;
pub use simple_client::SimpleClient;
pub use streams::{Arguments, Events, Messages, States};
pub use timing::WithTimeout;

use crate::driver::Driver;
use crate::host::Host;
use crate::shell::Shell;
use crate::socket::{Session, Settings, Status};
use frontend::ClientDriver;
use futures::channel::mpsc::unbounded;
use guarding::retain;
use options::{Options, Source};
use state::ClientState;
use std::future::Future;
use std::ops::Deref;
use std::rc::Rc;

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
        let (platform, host) = (connection.platform(), connection.host());
        let mut session = Session::new(Settings { engine: connection.config, ..options.settings });
        session.set_external_codec(options.serializer.is_some());
        let max_depth = connection.config.limits.max_depth;
        let shell = Shell::new(ClientState::new(options), max_depth);
        let driver = Driver::new(session, shell, |events| Host::new(platform, host, events));
        let handle = Rc::new(Self { driver });
        handle.driver.layer.frontend.handle.replace(Rc::downgrade(&handle));
        handle
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // What was emitted is still written; of what comes, nobody is told.
        let state = &self.driver.layer.frontend;
        let owned = (state.listeners.take(), state.states.take(), state.handlers.take());
        self.driver.command(|session, now| session.disconnect(now, None));
        // Last, and the handlers last of these, for what they own may panic as it is dropped.
        drop(owned);
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
        self.driver().layer.frontend.handlers.set_class(&namespace, handler);
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
    /// # use futures::StreamExt;
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
        let states = &self.driver().layer.frontend.states;
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

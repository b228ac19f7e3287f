//! The client for Rust: [`Client`], typed by serde, on the same machines, driver and shell as the client for
//! JavaScript.
//!
//! - `builder.rs`, `options.rs`: the builder and its options; `first_handlers.rs`: its handlers; `connection_options.rs`: the
//!   options that `EngineClient` has, too.
//! - `address.rs`: URLs of connections; `platform.rs`: the runtime's functions and the log; `names.rs`: names of
//!   namespaces and events.
//! - `connecting.rs`: connect and disconnect.
//! - `scope.rs`: one namespace; `emitting.rs`: its emits and calls (`call.rs`); `listening.rs`: its handlers (`handlers.rs`) and
//!   streams (`streams.rs`); `life.rs`: handlers of the events of the whole connection.
//! - `typed_event.rs`: events with their types, on top of these.
//! - `into_ack.rs`: the return values of handlers; `event.rs`: events of the server, and the end of a connection; `client_namespace.rs`: objects that serve whole
//!   namespaces.
//! - `packets.rs`: packets written and read by a serializer; `serializers/`: the serializers.
//! - `simple_client.rs`: the client without handlers; `timing.rs`: time limits; `task.rs`: tasks that end when they are
//!   dropped.
//! - `component.rs`: a client that belongs to a component, for the hooks of frameworks; `notices.rs`: its streams.
//! - `frontend.rs`: Rust's side of the shell; `state.rs`, `pending_calls.rs`: the state of a client; `guarded.rs`: user code whose panics
//!   end nothing.
//! - `engine_client.rs`, `engine_frontend.rs`, `message.rs`: Engine.IO alone, on its own machine.
//! - `values/`: converts the arguments of events between serde's types and JavaScript.
//! - `testing/`: a server in memory, for tests of users.
//! - `error.rs`: errors; `fault.rs`: their faults; `failures.rs`: those of what machines and platform report; `cause.rs`: errors of user code; `reports.rs`: those that nobody awaits; `server_data.rs`: data that the server sent with one; `redact.rs`: errors
//!   show no secrets.

// rustdoc lists the methods of a type in the order of the modules. In a scope, emit and call come first, then on; in a builder, on.
mod emitting;

mod listening;

mod first_handlers;

mod address;
mod builder;
mod call;
mod cause;
mod client_namespace;
#[cfg(feature = "frameworks")]
mod component;
mod connecting;
mod connection_options;
mod engine_client;
mod engine_frontend;
mod error;
mod event;
mod failures;
mod fault;
mod frontend;
mod guarded;
mod handlers;
mod into_ack;
mod life;
mod message;
mod names;
#[cfg(feature = "frameworks")]
mod notices;
mod options;
mod packets;
mod pending_calls;
mod platform;
mod redact;
mod reports;
mod scope;
pub mod serializers;
mod server_data;
mod simple_client;
mod state;
mod streams;
pub(crate) mod task;
#[cfg(all(feature = "testing", target_arch = "wasm32"))]
pub mod testing;
mod timing;
mod typed_event;
mod values;

pub use builder::ClientBuilder;
pub use call::{Call, FromAck};
pub use cause::Cause;
pub use client_namespace::ClientNamespace;
pub use connecting::DisconnectFuture;
pub use engine_client::{EngineClient, EngineClientBuilder};
pub use error::Error;
pub use event::{Disconnect, Event};
pub use fault::Fault;
pub use handlers::{Ack, Subscription};
pub use into_ack::IntoAck;
pub use life::Reconnection;
pub use message::Message;
pub use scope::Scope;
pub use serializers::Value;
pub use server_data::ServerData;
pub use simple_client::SimpleClient;
pub use streams::{Arguments, Events, Messages, States};
pub use timing::WithTimeout;
#[cfg(feature = "frameworks")]
pub use typed_event::{AnsweredName, EventName};
pub use typed_event::{Answers, SentAs, TypedEvent};
pub use values::{All, Raw, bigint, integer_string};

use crate::driver::Driver;
use crate::host::{Host, JsWire, guard};
use crate::shell::Shell;
use crate::socket::{Session, Settings, Status};
use frontend::ClientDriver;
use futures::channel::mpsc::unbounded;
use guarded::{ErrorCallback, retain};
use options::{Options, Source};
use state::{ClientState, StateStream};
use std::cell::Cell;
use std::future::Future;
use std::ops::Deref;
use std::rc::Rc;

/// The state of a client or of a namespace.
///
/// ```no_run
/// use gloo_console::log;
/// use socketio_wasm::{Client, State};
///
/// fn example(client: &Client) {
///     match client.state() {
///         State::Connected => log!(format!("connected as {:?}", client.sid())),
///         State::Connecting | State::Reconnecting => log!("wait a moment"),
///         State::Disconnected | State::Disconnecting => log!("over"),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// There is no connection, and none is being made.
    #[default]
    Disconnected,
    /// The first connection is being made.
    Connecting,
    /// A namespace is connected.
    Connected,
    /// A lost connection is being made again.
    Reconnecting,
    /// The client disconnects: sent packets are still being written.
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

type ClientSession = Session<JsWire>;

/// A client can connect. Elsewhere, as on the server that renders a page, it is built and does nothing.
pub(crate) const IS_SUPPORTED: bool = cfg!(target_arch = "wasm32");

/// Is shared by all handles of a client. Dropping the last handle ends the connection.
pub(crate) struct Handle {
    /// `None` off wasm: there is nothing that could connect, and the client is inert.
    driver: Option<ClientDriver>,
    on_error: ErrorCallback,
}

impl Handle {
    fn new(options: Options) -> Rc<Self> {
        let on_error = options.connection.on_error.clone();
        if !IS_SUPPORTED {
            return Rc::new(Self { driver: None, on_error });
        }
        let connection = &options.connection;
        let (platform, host) = (connection.platform(), connection.host());
        let mut session = Session::new(Settings { engine: connection.config, ..options.settings });
        session.set_external_codec(options.serializer.is_some());
        let max_depth = connection.config.limits.max_depth;
        let shell = Shell::new(ClientState::new(options), max_depth);
        let driver = Driver::new(session, shell, |events| Host::new(platform, host, events));
        let handle = Rc::new(Self { driver: Some(driver.clone()), on_error });
        driver.layer.frontend.handle.replace(Rc::downgrade(&handle));
        handle
    }

    /// Returns the driver.
    ///
    /// # Errors
    /// [`Error::Unsupported`] off wasm.
    fn driver(&self) -> Result<&ClientDriver, Error> {
        self.driver.as_ref().ok_or(Error::Unsupported)
    }

    /// Returns the answer of a query, or off wasm that of a client without a connection.
    fn query<T: Default>(&self, query: impl FnOnce(&ClientSession) -> T) -> T {
        self.driver.as_ref().map(|driver| driver.query(query)).unwrap_or_default()
    }

    /// Returns a stream of this state and of each later one: of the client, or of a namespace.
    fn states(&self, namespace: Option<Rc<str>>, now: State) -> States {
        let (to, from) = unbounded();
        // The receiver exists, so this cannot fail.
        let _ = to.unbounded_send(now);
        // Off wasm there is no other state, and the stream ends.
        if let Some(ClientState { states, .. }) = self.state() {
            // Otherwise streams that nobody reads would stay until the next change of state.
            retain(states, |stream| !stream.to.is_closed());
            states.borrow_mut().push(StateStream { namespace, last: Cell::new(now), to });
        }
        States(from)
    }

    /// Returns the state that the handles share, unless the client is inert.
    fn state(&self) -> Option<&ClientState> {
        self.driver.as_ref().map(|driver| &driver.layer.frontend)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let Some(driver) = &self.driver else { return };
        // Emitted events are still written; nobody is notified of received ones.
        let state = &driver.layer.frontend;
        let owned = (state.states.take(), state.handlers.take());
        driver.command(|session, now| session.disconnect(now, None));
        // Last, and each handler by itself: dropping the values that it owns may panic.
        let (states, handlers) = owned;
        drop(states);
        for handler in handlers {
            guard(None, || drop(handler));
        }
    }
}

/// A Socket.IO client. A clone is another handle of the same client. Dropping the last handle disconnects: emitted
/// events are still written, and everything that belongs to the client is freed.
///
/// [`emit`](Scope::emit) sends an event, [`call`](Scope::call) sends one and waits for the acknowledgement, and
/// [`on`](Scope::on) registers a handler.
///
/// A [`Scope`], a pending call and the client that a handler receives are handles, too. The future of a handler runs to
/// its end, and the client stays connected while that future holds it. Streams and subscriptions are not handles.
///
/// A client is also the [`Scope`] of its namespace `/`: `client.emit(..)` emits there, `client.of("/chat").emit(..)` in
/// another.
///
/// ```no_run
/// use socketio_wasm::{Client, Error};
///
/// async fn example() -> Result<(), Error> {
///     let client = Client::builder("http://localhost:3000")
///         .on("question", |_scope, text: String| async move { format!("you asked: {text}") }) // answers the server
///         .connect()
///         .await?;
///     client.emit("say", ("hello", 7))?;
///     let sum: u32 = client.call("add", (1, 2)).await?;
///     Ok(())
/// }
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

/// Handles of the same client are equal.
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
    /// Returns a builder of a client. The URL of the server has the scheme http, https, ws or wss, and no path; its
    /// query is sent to the server. In a page, the URL may be relative.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000?version=2").connect().await
    /// }
    /// ```
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(Source::Value(Ok(url.into())))
    }

    /// Returns a builder of a client whose function returns a fresh URL for each attempt to connect.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn nearest_server() -> String {
    ///     "http://localhost:3000".into()
    /// }
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder_with(|| async { Ok::<_, Error>(nearest_server().await) })
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn builder_with<F, E>(url: impl Fn() -> F + 'static) -> ClientBuilder
    where
        F: Future<Output = Result<String, E>> + 'static,
        E: Into<Box<dyn core::error::Error>>,
    {
        ClientBuilder::new(Source::function("URL", url, Ok))
    }

    fn from_handle(handle: Rc<Handle>) -> Self {
        Self { root: Scope::new(handle, names::ROOT) }
    }

    fn driver(&self) -> Result<&ClientDriver, Error> {
        self.root.handle.driver()
    }

    /// Registers an object that serves all events of a namespace that have no handler of their own. It replaces an
    /// earlier object.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, ClientNamespace, Scope};
    ///
    /// struct Chat;
    ///
    /// impl ClientNamespace for Chat {
    ///     fn namespace(&self) -> &str {
    ///         "/chat"
    ///     }
    ///
    ///     fn on_connect(&self, chat: Scope) {
    ///         log!(format!("{} is connected", chat.namespace()));
    ///     }
    /// }
    ///
    /// fn example(client: &Client) {
    ///     client.register_namespace(Chat);
    /// }
    /// ```
    pub fn register_namespace(&self, object: impl ClientNamespace) {
        let Some(state) = self.root.handle.state() else { return };
        let (namespace, handler) = client_namespace::class_of(object);
        state.handlers.set_class(&namespace, handler);
    }

    /// Returns the state of the client, over all namespaces.
    pub fn state(&self) -> State {
        self.root.handle.query(|session| session.status().into())
    }

    /// Returns a stream of the present state of the client and of each later one.
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// async fn example(client: &Client) {
    ///     let mut states = client.states();
    ///     while let Some(state) = states.next().await {
    ///         log!(format!("{state:?}"));
    ///     }
    /// }
    /// ```
    pub fn states(&self) -> States {
        self.root.handle.states(None, self.state())
    }

    /// Returns the names of the connected namespaces.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = Client::builder("http://localhost:3000")
    ///         .namespace("/")
    ///         .namespace("/chat")
    ///         .connect()
    ///         .await?;
    ///     assert_eq!(client.namespaces(), ["/", "/chat"]);
    ///     Ok(())
    /// }
    /// ```
    pub fn namespaces(&self) -> Vec<String> {
        self.root.handle.query(|session| session.namespaces().map(|name| name.to_js().into()).collect())
    }

    /// Returns the transport in use, or the last one that was; `None` if there never was one.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     let transport = client.transport().map(|transport| transport.name());
    ///     log!(format!("{transport:?}, session {:?}", client.engine_sid()));
    /// }
    /// ```
    pub fn transport(&self) -> Option<crate::engine::Transport> {
        self.root.handle.query(Session::transport)
    }

    /// Returns the Engine.IO session id, that of the connection under all namespaces. `None` without a connection.
    pub fn engine_sid(&self) -> Option<String> {
        self.root.handle.query(|session| session.engine_sid().map(|sid| sid.to_js().into()))
    }

    /// Returns the number of packets that are buffered, not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        self.root.handle.query(Session::unsent)
    }
}

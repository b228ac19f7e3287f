//! The Socket.IO session: namespaces on one engine, events, acknowledgements, what is kept, reconnection.
//!
//! A machine without I/O, as [`crate::engine`] is. It owns the engine of the current connection and makes a new one for
//! each attempt. After each input and each command, its driver takes actions with [`Session::poll_output`] until there are none.
//!
//! ```text
//!                 connect           prepared          OPEN
//!   Idle ───────────────► Preparing ───────► Opening ─────► Open ──────── disconnect, or the last namespace is left
//!     ▲                      ▲                  │            │                         │
//!     │                      └──── Waiting ◄────┴── lost ────┘                         ▼
//!     └───────── gives up ───────────┘                                              Closing ──► Idle
//! ```
//!
//! - `commands.rs`: what a user asks for; `leaving.rs`: how namespaces and connections are left.
//! - `auth.rs`: auth, and the CONNECT packets.
//! - `connection.rs`: the life of a connection, from an attempt to its loss and the next attempt.
//! - `deadlines.rs`: what the clock causes.
//! - `packets.rs`: what the server sends.
//! - `version.rs`: what is different with servers of the older version.

mod assembler;
mod auth;
mod backoff;
mod calls;
mod commands;
mod connection;
mod deadlines;
mod io;
mod leaving;
mod namespace;
mod packets;
mod version;

pub use backoff::Backoff;
pub use io::{
    AckRequest, Action, Attempt, CallError, CallId, CommandError, Connect, ConnectError, DisconnectCause,
    DisconnectReason, IncomingPayload, Input, Loss, OutgoingPayload, Packet, RequestId, Responder, SendMode,
};

use crate::engine::{self, Engine, Fifo, Output, Transport, TransportError, Transports};
use crate::protocol::Wire;
use assembler::Assembler;
use calls::Calls;
use namespace::{Namespace, NamespaceState};
use version::ImplicitConnect;

/// What a session is given, once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// For each connection; its transports and protocol are replaced by what `connect` asks for.
    pub engine: engine::Config,
    /// Whether a lost connection is made anew.
    pub reconnection: bool,
    /// After how many failed attempts in a row that ends; 0 is never.
    pub reconnection_attempts: u32,
    /// How long to wait before each.
    pub backoff: Backoff,
    /// How many packets may wait here, not yet handed to the transport, connected or not. Packets that a lost connection returns
    /// were counted before, and are never refused.
    pub max_buffer: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            engine: engine::Config::default(),
            reconnection: true,
            reconnection_attempts: 0,
            backoff: Backoff::default(),
            max_buffer: usize::MAX,
        }
    }
}

/// Whose a queued packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tag {
    /// The namespace whose event it is; 0 for what is worth nothing on another connection.
    namespace_id: u32,
    call: Option<CallId>,
    /// As in [`AckRequest`].
    is_awaited: bool,
    mode: SendMode,
}

impl Tag {
    /// Whether its loss is reported. A call that is awaited fails by itself, and a volatile event may be lost.
    fn is_event(&self) -> bool {
        self.namespace_id > 0 && !self.is_awaited && self.mode != SendMode::Volatile
    }
}

#[derive(Debug, Clone, PartialEq)]
enum ConnectionState<W: Wire> {
    /// Nothing to do until `connect`.
    Idle,
    /// The driver evaluates url and headers, until this time at most.
    Preparing(u64),
    /// The engine's handshake is awaited.
    Opening(Engine<W, Tag>),
    /// Connected, since this time.
    Open(Engine<W, Tag>, u64),
    /// Between two attempts, until this time.
    Waiting(u64),
    /// What was sent is still written; then perhaps the next `connect`.
    Closing(Engine<W, Tag>, Option<(RequestId, Connect<W>)>),
}

/// Who reads the frames of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    /// This machine, in the default format.
    BuiltIn,
    /// A user-supplied parser.
    External,
    /// That parser reads a frame just now: nothing else of the connection is looked at.
    ExternalBusy,
}

/// A `connect` that has not been answered.
#[derive(Debug, Clone, PartialEq)]
struct PendingConnect<W: Wire> {
    id: RequestId,
    retry: bool,
    /// Why it will fail: the namespaces refused so far, and what the server said to the first; or an auth that is too large.
    failure: Option<ConnectError<W>>,
}

/// A `disconnect` that waits for kept events to be sent, and for the connection if there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Draining {
    until: u64,
}

/// The states a user can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// No connection, and none is being made.
    Disconnected,
    /// The first connection is being made.
    Connecting,
    /// At least one namespace is connected.
    Connected,
    /// A lost connection is being made anew.
    Reconnecting,
    /// The last packets are being written.
    Disconnecting,
}

/// A Socket.IO session.
///
/// - Queries: [`status`](Self::status), [`is_idle`](Self::is_idle), [`sid`](Self::sid), [`engine_sid`](Self::engine_sid), [`namespaces`](Self::namespaces),
///   [`transport`](Self::transport), [`unsent`](Self::unsent), [`wants_flush`](Self::wants_flush).
/// - Inputs: [`handle_input`](Self::handle_input), [`handle_timeout`](Self::handle_timeout).
/// - Outputs: [`poll_output`](Self::poll_output), [`poll_timeout`](Self::poll_timeout).
/// - Commands: [`set_external_codec`](Self::set_external_codec), [`next_call`](Self::next_call), [`connect`](Self::connect), [`emit`](Self::emit), [`answer`](Self::answer), [`cancel`](Self::cancel),
///   [`connect_namespace`](Self::connect_namespace), [`disconnect_namespace`](Self::disconnect_namespace),
///   [`disconnect`](Self::disconnect), [`flush`](Self::flush).
#[derive(Debug, Clone, PartialEq)]
pub struct Session<W: Wire> {
    settings: Settings,
    connection: ConnectionState<W>,
    /// The time of the last input or command.
    now: u64,
    outputs: Fifo<Action<W>>,
    namespaces: Vec<Namespace<W>>,
    /// Where the last namespace was found.
    last_found: usize,
    calls: Calls,
    assembler: Assembler<W>,
    codec: Codec,
    pending_connect: Option<PendingConnect<W>>,
    draining: Option<Draining>,
    /// The `disconnect`s that wait for the end of the connection.
    pending_disconnects: Vec<RequestId>,
    /// How many events the connection that is being closed has not sent.
    undelivered: usize,
    /// The marks and names of namespaces that were left while events of theirs were on their way.
    left_namespaces: Vec<(u32, W::Text)>,
    transports: Transports,
    /// What is asked for, or of what was found out.
    version_policy: engine::VersionPolicy,
    implicit_connect: ImplicitConnect,
    /// How long each CONNECT is waited for; also on reconnections.
    wait_timeout: u64,
    /// Whether the last `connect` waits for the namespaces.
    waits_for_namespaces: bool,
    /// Whether refused namespaces are asked for again.
    retry_refused: bool,
    /// Lower bound for the deadline of every pending CONNECT; it moves forward when any CONNECT is answered.
    earliest_connect_deadline: u64,
    attempt: Attempt,
    /// Attempts in a row that led to no connected namespace: for their limit.
    attempts: u32,
    /// Attempts since the last connection that stayed up: for the delay between them.
    backoff_step: u32,
    /// For the jitter of the next delay.
    random: f64,
    last_namespace: u32,
    last_request: u32,
    /// The last transport id of earlier engines.
    last_transport_id: u32,
    last_transport: Option<Transport>,
}

impl<W: Wire> Session<W> {
    /// A session without a connection.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            connection: ConnectionState::Idle,
            now: 0,
            outputs: Fifo::new(),
            namespaces: Vec::new(),
            last_found: 0,
            calls: Calls::default(),
            assembler: Assembler::new(),
            codec: Codec::BuiltIn,
            pending_connect: None,
            draining: None,
            pending_disconnects: Vec::new(),
            undelivered: 0,
            left_namespaces: Vec::new(),
            transports: settings.engine.transports,
            version_policy: settings.engine.version_policy,
            implicit_connect: ImplicitConnect::Over,
            wait_timeout: 0,
            waits_for_namespaces: true,
            retry_refused: false,
            earliest_connect_deadline: 0,
            attempt: Attempt::default(),
            attempts: 0,
            backoff_step: 0,
            random: 0.5,
            last_namespace: 0,
            last_request: 0,
            last_transport_id: 0,
            last_transport: None,
        }
    }

    // Queries

    /// The state, as a user sees it.
    pub fn status(&self) -> Status {
        match &self.connection {
            ConnectionState::Idle => Status::Disconnected,
            ConnectionState::Closing(..) => Status::Disconnecting,
            _ if self.draining.is_some() => Status::Disconnecting,
            ConnectionState::Open(..) if self.namespaces.iter().any(Namespace::is_connected) => Status::Connected,
            _ if self.pending_connect.is_some() => Status::Connecting,
            _ if self.namespaces.iter().any(|namespace| namespace.was_connected) => Status::Reconnecting,
            _ => Status::Connecting,
        }
    }

    /// Whether there is no connection, and none is being made.
    pub fn is_idle(&self) -> bool {
        matches!(self.connection, ConnectionState::Idle)
    }

    /// The Socket.IO session id of a connected namespace.
    pub fn sid(&self, name: &W::Text) -> Option<&W::Text> {
        match &self.namespaces.iter().find(|namespace| namespace.name == *name)?.state {
            NamespaceState::Connected { sid } => Some(sid),
            _ => None,
        }
    }

    /// The Engine.IO session id.
    pub fn engine_sid(&self) -> Option<&W::Text> {
        self.engine().and_then(Engine::sid)
    }

    /// The connected namespaces.
    pub fn namespaces(&self) -> impl Iterator<Item = &W::Text> {
        self.namespaces.iter().filter(|namespace| namespace.is_connected()).map(|namespace| &namespace.name)
    }

    /// The transport in use, or the last one that was.
    pub fn transport(&self) -> Option<Transport> {
        match &self.connection {
            ConnectionState::Open(engine, _) | ConnectionState::Closing(engine, _) => {
                engine.transport().or(self.last_transport)
            }
            _ => self.last_transport,
        }
    }

    /// How many packets are kept, not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        let buffered: usize = self.namespaces.iter().map(|namespace| namespace.buffer.len()).sum();
        buffered.saturating_add(self.engine().map_or(0, Engine::unsent))
    }

    /// Whether [`flush`](Self::flush) has something to do.
    pub fn wants_flush(&self) -> bool {
        self.codec != Codec::ExternalBusy && self.engine().is_some_and(Engine::wants_flush)
    }

    // Inputs

    /// Takes what the driver reports.
    pub fn handle_input(&mut self, now: u64, input: Input<W>) {
        self.now = now;
        match input {
            Input::Engine(input) => {
                if let Some(engine) = self.engine_mut() {
                    engine.handle_input(now, input);
                }
            }
            Input::Prepared(attempt, endpoints, random) => self.on_prepared(attempt, endpoints, random),
            Input::PreparationFailed(attempt, random) => self.on_preparation_failed(attempt, random),
            Input::Authenticated(attempt, names, json) => self.on_authenticated(attempt, &names, json),
            Input::ConnectEncoded(attempt, name, packets) => self.on_connect_encoded(attempt, name, packets),
            Input::Decoded(packets) => self.on_decoded(packets),
            Input::AuthenticationFailed(attempt, names) => {
                self.on_authentication_failed(attempt, &names, TransportError::Preparation);
            }
            Input::Malformed(error, text) => self.on_malformed(error, text),
            Input::Offline => self.on_offline(),
            Input::Online => self.on_online(),
        }
    }

    // Outputs

    /// The next action, in order. There is none while a user-supplied parser reads a frame.
    pub fn poll_output(&mut self) -> Option<Action<W>> {
        loop {
            if let Some(action) = self.outputs.pop() {
                return Some(action);
            }
            if self.codec == Codec::ExternalBusy {
                return None;
            }
            match self.engine_mut().and_then(Engine::poll_output) {
                Some(Output::Action(action)) => return Some(Action::Engine(action)),
                Some(Output::Event(event)) => self.on_engine_event(event),
                None if self.is_drained() => self.disconnect_now(),
                None => return None,
            }
        }
    }

    // Helpers

    fn push_action(&mut self, action: Action<W>) {
        self.outputs.push(action);
    }

    fn next_request(&mut self) -> RequestId {
        self.last_request = self.last_request.wrapping_add(1);
        RequestId(self.last_request)
    }

    fn engine(&self) -> Option<&Engine<W, Tag>> {
        match &self.connection {
            ConnectionState::Opening(engine)
            | ConnectionState::Open(engine, _)
            | ConnectionState::Closing(engine, _) => Some(engine),
            ConnectionState::Idle | ConnectionState::Preparing(_) | ConnectionState::Waiting(_) => None,
        }
    }

    fn engine_mut(&mut self) -> Option<&mut Engine<W, Tag>> {
        match &mut self.connection {
            ConnectionState::Opening(engine)
            | ConnectionState::Open(engine, _)
            | ConnectionState::Closing(engine, _) => Some(engine),
            ConnectionState::Idle | ConnectionState::Preparing(_) | ConnectionState::Waiting(_) => None,
        }
    }

    /// Ends the connection for a reason found here.
    fn fail(&mut self, failure: TransportError<W>) {
        if let Some(engine) = self.engine_mut() {
            engine.fail(failure);
        }
    }

    /// Where a namespace stands; `None` is `/`. It is looked for from the last one found on: packets are mostly of one
    /// namespace, or of all in their order.
    fn position(&mut self, name: Option<&W::Text>) -> Option<usize> {
        let mut at = self.last_found;
        for _ in 0..self.namespaces.len() {
            let namespace = match self.namespaces.get(at) {
                Some(namespace) => namespace,
                None => {
                    at = 0;
                    self.namespaces.first()?
                }
            };
            if name.map_or(namespace.is_root, |name| namespace.name == *name) {
                self.last_found = at;
                return Some(at);
            }
            at += 1;
        }
        None
    }

    fn namespace_mut(&mut self, name: &W::Text) -> Option<&mut Namespace<W>> {
        let at = self.position(Some(name))?;
        self.namespaces.get_mut(at)
    }
}

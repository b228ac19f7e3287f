//! The Socket.IO session: namespaces on one engine, events, acknowledgements, buffering, reconnection.
//!
//! A machine without I/O, like [`crate::engine`]. It owns the engine of the current connection and makes a new one for
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
//! - `commands.rs`: the commands of a user; `leaving.rs`: leaving namespaces and connections.
//! - `auth.rs`: auth, and the CONNECT packets.
//! - `connection.rs`: the life of a connection, from an attempt to its loss and the next attempt.
//! - `deadlines.rs`: the clock.
//! - `packets.rs`: packets from the server.
//! - `status.rs`: the state as a user sees it.
//! - `version.rs`: servers of the older version.

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
mod status;
mod version;

pub use backoff::Backoff;
pub use io::{
    AckRequest, Action, Attempt, CallError, CallId, CommandError, Connect, ConnectError, Delay, DisconnectCause,
    DisconnectReason, FinalReason, IncomingPayload, Input, Loss, OutgoingPayload, Packet, RequestId, Responder,
    SendMode,
};
pub use status::Status;

use crate::engine::{self, Engine, Fifo, Output, Transport, TransportError, Transports};
use crate::protocol::Wire;
use crate::tables::defaults;
use assembler::Assembler;
use calls::Calls;
use namespace::{Namespace, NamespaceState};
use version::ImplicitConnect;

/// The settings of a session. They do not change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The configuration of each connection. `connect` replaces its transports and its version policy.
    pub engine: engine::Config,
    /// True if a lost connection is made anew.
    pub reconnection: bool,
    /// The number of failed attempts in a row after which that ends; 0 means never.
    pub reconnection_attempts: u32,
    /// The delay before each attempt.
    pub backoff: Backoff,
    /// True if the user is asked for each delay, in place of `backoff`: [`Action::AskDelay`].
    pub asks_delay: bool,
    /// The most packets that may be buffered, which are those not yet handed to the transport, connected or not. Packets that a
    /// lost connection returns were counted before, and are never refused.
    pub max_buffer: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            engine: engine::Config::default(),
            reconnection: defaults::RECONNECTION,
            reconnection_attempts: defaults::RECONNECTION_ATTEMPTS,
            backoff: Backoff::default(),
            asks_delay: false,
            max_buffer: usize::MAX,
        }
    }
}

/// Tags a queued packet with its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tag {
    /// The namespace of an event; 0 for packets that are void on another connection.
    namespace_id: u32,
    call: Option<CallId>,
    /// As in [`AckRequest`].
    is_awaited: bool,
    mode: SendMode,
}

impl Tag {
    /// Returns whether the loss of the packet is reported. An awaited call fails by itself, and a volatile event may be lost.
    fn is_event(&self) -> bool {
        self.namespace_id > 0 && !self.is_awaited && self.mode != SendMode::Volatile
    }
}

#[derive(Debug, Clone, PartialEq)]
enum ConnectionState<W: Wire> {
    /// There is nothing to do until `connect`.
    Idle,
    /// The driver evaluates url and headers, until this time at most.
    Preparing(u64),
    /// The engine's handshake is awaited.
    Opening(Engine<W, Tag>),
    /// The engine is connected, since this time.
    Open(Engine<W, Tag>, u64),
    /// The next attempt begins at this time.
    Waiting { until: u64, notice: WaitNotice<W> },
    /// Queued packets are still written. Then a `connect` that was called meanwhile begins.
    Closing(Engine<W, Tag>, Option<(RequestId, Connect<W>)>),
}

/// A notice to the user that the client waits for an attempt. It is given when all earlier outputs are acted on, so that a handler that
/// ends the wait receives none.
///
/// ```text
/// Due ──no function──> Given
///  └──> Asked ──answer──> Answered ──> Given
/// ```
#[derive(Debug, Clone, PartialEq)]
enum WaitNotice<W: Wire> {
    /// The delay, after this failure, is to be reported, or the user's function to be asked for another one.
    Due { delay: u64, failure: TransportError<W> },
    /// The user's function was asked. Until it answers, this delay holds.
    Asked { delay: u64, failure: TransportError<W> },
    /// The function has chosen this delay, which is to be reported.
    Answered { delay: u64 },
    /// The delay was reported.
    Given,
}

/// The codec that decodes frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    /// This machine decodes them, in the default format.
    BuiltIn,
    /// A user-supplied parser decodes them.
    External,
    /// The user-supplied parser is decoding a frame: no other output of the engine is taken meanwhile.
    ExternalBusy,
}

/// A `connect` that has not been answered.
#[derive(Debug, Clone, PartialEq)]
struct PendingConnect<W: Wire> {
    id: RequestId,
    retry: bool,
    /// The error with which it will fail: the namespaces refused so far, with the server's data for the first; or an auth that is
    /// too large.
    failure: Option<ConnectError<W>>,
}

/// A `disconnect` that waits for buffered events to be sent, and for a connection if there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Draining {
    until: u64,
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
    /// The state that was last reported.
    reported_status: Status,
    /// True if the state may have changed since: to look each time would make messages slower.
    is_status_stale: bool,
    namespaces: Vec<Namespace<W>>,
    /// The position at which the last namespace was found.
    last_found: usize,
    calls: Calls,
    assembler: Assembler<W>,
    codec: Codec,
    /// True if volatile events were queued since the last flush.
    has_new_volatile: bool,
    /// True if volatile events are dropped once the outputs of a flush are acted on. A measured websocket may take them before.
    drops_volatile: bool,
    pending_connect: Option<PendingConnect<W>>,
    draining: Option<Draining>,
    /// The `disconnect`s that wait for the connection to end.
    pending_disconnects: Vec<RequestId>,
    /// The number of events that the connection that is being closed has not delivered for certain.
    undelivered: usize,
    /// The ids and names of namespaces that were left while their events were on their way.
    left_namespaces: Vec<(u32, W::Text)>,
    transports: Transports,
    /// The requested version, or the known version of the server.
    version_policy: engine::VersionPolicy,
    implicit_connect: ImplicitConnect,
    /// Milliseconds to wait for the answer to each CONNECT, also on reconnections.
    wait_timeout: u64,
    /// True if the last `connect` waits for its namespaces.
    waits_for_namespaces: bool,
    /// True if refused namespaces are requested again.
    retry_refused: bool,
    /// Lower bound for the deadline of every pending CONNECT; it moves forward when any CONNECT is answered.
    earliest_connect_deadline: u64,
    attempt: Attempt,
    /// The number of attempts in a row without a connected namespace, for their limit.
    attempts: u32,
    /// The number of attempts since the last connection that stayed up, for the delay between them.
    backoff_step: u32,
    /// The random number for the jitter of the next delay.
    random: f64,
    last_namespace: u32,
    last_request: u32,
    /// The last transport id that earlier engines gave out.
    last_transport_id: u32,
    last_transport: Option<Transport>,
}

impl<W: Wire> Session<W> {
    /// Creates a session without a connection.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            connection: ConnectionState::Idle,
            now: 0,
            outputs: Fifo::new(),
            reported_status: Status::Disconnected,
            is_status_stale: false,
            namespaces: Vec::new(),
            last_found: 0,
            calls: Calls::default(),
            assembler: Assembler::new(),
            codec: Codec::BuiltIn,
            has_new_volatile: false,
            drops_volatile: false,
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

    /// Returns whether there is no connection, and none is being made.
    pub fn is_idle(&self) -> bool {
        matches!(self.connection, ConnectionState::Idle)
    }

    /// Returns the Socket.IO session id of a connected namespace.
    pub fn sid(&self, name: &W::Text) -> Option<&W::Text> {
        match &self.namespaces.iter().find(|namespace| namespace.name == *name)?.state {
            NamespaceState::Connected { sid } => Some(sid),
            _ => None,
        }
    }

    /// Returns the Engine.IO session id.
    pub fn engine_sid(&self) -> Option<&W::Text> {
        self.engine().and_then(Engine::sid)
    }

    /// Returns the names of the connected namespaces.
    pub fn namespaces(&self) -> impl Iterator<Item = &W::Text> {
        self.namespaces.iter().filter(|namespace| namespace.is_connected()).map(|namespace| &namespace.name)
    }

    /// Returns the transport in use, or the last one that was in use.
    pub fn transport(&self) -> Option<Transport> {
        match &self.connection {
            ConnectionState::Open(engine, _) | ConnectionState::Closing(engine, _) => {
                engine.transport().or(self.last_transport)
            }
            _ => self.last_transport,
        }
    }

    /// Returns the number of buffered packets: those not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        let buffered: usize = self.namespaces.iter().map(|namespace| namespace.buffer.len()).sum();
        buffered.saturating_add(self.engine().map_or(0, Engine::unsent))
    }

    /// Returns whether [`flush`](Self::flush) has something to do.
    pub fn wants_flush(&self) -> bool {
        self.codec != Codec::ExternalBusy && self.engine().is_some_and(Engine::wants_flush)
    }

    // Inputs

    /// Handles a report of the driver.
    pub fn handle_input(&mut self, now: u64, input: Input<W>) {
        self.now = now;
        self.is_status_stale |= !matches!(input, Input::Engine(_));
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
            Input::Delay(attempt, delay) => self.on_delay(attempt, delay),
            Input::Offline => self.on_offline(),
            Input::Online => self.on_online(),
        }
    }

    // Outputs

    /// Takes the next action, in order. There is none while a user-supplied parser decodes a frame.
    pub fn poll_output(&mut self) -> Option<Action<W>> {
        loop {
            if let Some(change) = self.status_change() {
                return Some(change);
            }
            if let Some(action) = self.outputs.pop().or_else(|| self.wait_notice()) {
                return Some(action);
            }
            if self.codec == Codec::ExternalBusy {
                return None;
            }
            match self.engine_mut().and_then(Engine::poll_output) {
                Some(Output::Action(action)) => return Some(Action::Engine(action)),
                Some(Output::Event(event)) => self.on_engine_event(event),
                None if core::mem::take(&mut self.drops_volatile) => self.drop_volatile(),
                None if self.is_drained() => {
                    self.is_status_stale = true;
                    self.disconnect_now(&DisconnectCause::Client);
                }
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
            ConnectionState::Idle | ConnectionState::Preparing(_) | ConnectionState::Waiting { .. } => None,
        }
    }

    fn engine_mut(&mut self) -> Option<&mut Engine<W, Tag>> {
        match &mut self.connection {
            ConnectionState::Opening(engine)
            | ConnectionState::Open(engine, _)
            | ConnectionState::Closing(engine, _) => Some(engine),
            ConnectionState::Idle | ConnectionState::Preparing(_) | ConnectionState::Waiting { .. } => None,
        }
    }

    /// Ends the connection because of a failure that the session found.
    fn fail(&mut self, failure: TransportError<W>) {
        if let Some(engine) = self.engine_mut() {
            engine.fail(failure);
        }
    }

    /// Finds the position of a namespace; `None` is `/`. The search begins at the last one found: packets mostly belong to one
    /// namespace, or to all in their order.
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

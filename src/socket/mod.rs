//! The Socket.IO session: namespaces on one engine, events, acknowledgements, what is kept, reconnection.
//!
//! A machine without I/O, as [`crate::engine`] is. It owns the engine of the current connection and makes a new one for
//! each attempt.
//!
//! ```text
//!                 connect           prepared          OPEN
//!   Idle ───────────────► Preparing ───────► Opening ─────► Open ──────── disconnect, or the last namespace is left
//!     ▲                      ▲                  │            │                         │
//!     │                      └──── Waiting ◄────┴── lost ────┘                         ▼
//!     └───────── gives up ───────────┘                                              Closing ──► Idle
//! ```
//!
//! - `commands.rs`: what a user asks for.
//! - `asking.rs`: auth, and the CONNECT packets.
//! - `connection.rs`: the life of a connection, from an attempt to its loss and the next attempt.
//! - `packets.rs`: what the server sends.
//! - `revision.rs`: what is different with servers of the older revision.

mod asking;
mod assembler;
mod backoff;
mod calls;
mod commands;
mod connection;
mod io;
mod namespace;
mod packets;
mod revision;

pub use backoff::Backoff;
pub use io::{
    Action, Attempt, CallFailure, CallId, Connect, ConnectFailure, Content, Input, Packet, Parting, Patience, Payload,
    Reason, Refusal, Responder,
};

use crate::engine::{self, Engine, Failure, Transport, sooner};
use crate::protocol::Wire;
use assembler::Assembler;
use calls::Calls;
use namespace::{Namespace, Stage};
use revision::Greeting;

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
    /// How many packets are kept while they cannot be handed over.
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
    /// The namespace that wants it kept; 0 for what is worth nothing on another connection.
    keeper: u32,
    call: Option<CallId>,
}

#[derive(Debug, Clone, PartialEq)]
enum Link<W: Wire> {
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
    Closing(Engine<W, Tag>, Option<Connect<W>>),
}

/// What becomes of the engine's outputs.
///
/// ```text
///   Idle ──an output──► Running ──a frame for the parser──► Parsing
///     ▲                    │ none left         ▲               │ parsed
///     └────────────────────┘                   └───────────────┘
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drain {
    /// There are none.
    Idle,
    /// They are taken one after the other.
    Running,
    /// They wait for the user's parser.
    Parsing,
}

/// A `connect` that has not been answered.
#[derive(Debug, Clone, PartialEq)]
struct PendingConnect<W: Wire> {
    retry: bool,
    /// The namespaces refused so far, and what the server said to the first.
    refused: Vec<W::Text>,
    data: Option<Payload<W>>,
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
///   [`transport`](Self::transport), [`unsent`](Self::unsent), [`wants_flush`](Self::wants_flush), [`deadline`](Self::deadline).
/// - Inputs: [`handle`](Self::handle).
/// - Commands: [`set_parsed_outside`](Self::set_parsed_outside), [`next_call`](Self::next_call), [`connect`](Self::connect), [`emit`](Self::emit), [`answer`](Self::answer), [`cancel`](Self::cancel),
///   [`connect_namespace`](Self::connect_namespace), [`disconnect_namespace`](Self::disconnect_namespace),
///   [`disconnect`](Self::disconnect), [`flush`](Self::flush).
///
/// Inputs and commands push what is to be done to the actions they are given; the driver carries these out in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Session<W: Wire> {
    settings: Settings,
    link: Link<W>,
    namespaces: Vec<Namespace<W>>,
    /// Where the last namespace was found.
    found: usize,
    calls: Calls,
    assembler: Assembler<W>,
    /// Whether packets are written and read by a parser of the user's.
    parsed_outside: bool,
    pending_connect: Option<PendingConnect<W>>,
    transports: engine::Transports,
    /// What is asked for, or of what was found out.
    protocol: engine::Protocol,
    greeting: Greeting,
    /// How long each CONNECT is waited for; also on reconnections.
    wait: Option<u64>,
    /// Whichever CONNECT is waited for is waited for until then at least.
    answers_until: u64,
    attempt: Attempt,
    /// Attempts since the last connection that stayed up.
    retries: u32,
    /// For the jitter of the next delay.
    random: f64,
    last_namespace: u32,
    /// The last transport id of earlier engines.
    last_transport: u32,
    last_used: Option<Transport>,
    wants_flush: bool,
    /// What the engine says, on its way to `drain_engine`; kept for its memory.
    sink: engine::Sink<W, Tag>,
    drain: Drain,
}

impl<W: Wire> Session<W> {
    /// A session without a connection.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            link: Link::Idle,
            namespaces: Vec::new(),
            found: 0,
            calls: Calls::default(),
            assembler: Assembler::new(),
            parsed_outside: false,
            pending_connect: None,
            transports: settings.engine.transports,
            protocol: settings.engine.protocol,
            greeting: Greeting::Over,
            wait: None,
            answers_until: 0,
            attempt: Attempt::default(),
            retries: 0,
            random: 0.5,
            last_namespace: 0,
            last_transport: 0,
            last_used: None,
            wants_flush: false,
            sink: Vec::new(),
            drain: Drain::Idle,
        }
    }

    /// The state, as a user sees it.
    pub fn status(&self) -> Status {
        match &self.link {
            Link::Idle => Status::Disconnected,
            Link::Closing(..) => Status::Disconnecting,
            Link::Open(..) if self.namespaces.iter().any(Namespace::is_connected) => Status::Connected,
            _ if self.pending_connect.is_some() => Status::Connecting,
            _ if self.namespaces.iter().any(|namespace| namespace.greeted) => Status::Reconnecting,
            _ => Status::Connecting,
        }
    }

    /// Whether there is no connection, and none is being made.
    pub fn is_idle(&self) -> bool {
        matches!(self.link, Link::Idle)
    }

    /// The Socket.IO session id of a connected namespace.
    pub fn sid(&self, name: &W::Text) -> Option<&W::Text> {
        match &self.namespaces.iter().find(|namespace| namespace.name == *name)?.stage {
            Stage::Connected { sid } => Some(sid),
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
        match &self.link {
            Link::Open(engine, _) | Link::Closing(engine, _) => engine.transport().or(self.last_used),
            _ => self.last_used,
        }
    }

    /// How many packets are kept, not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        let buffered: usize = self.namespaces.iter().map(|namespace| namespace.buffer.len()).sum();
        buffered.saturating_add(self.engine().map_or(0, Engine::unsent))
    }

    /// Whether anything was sent since the last [`flush`](Self::flush).
    pub fn wants_flush(&self) -> bool {
        self.wants_flush
    }

    /// When [`Input::Tick`] next has something to do. It may come early or late.
    pub fn deadline(&self) -> Option<u64> {
        let link = match &self.link {
            Link::Opening(engine) | Link::Open(engine, _) | Link::Closing(engine, _) => engine.deadline(),
            Link::Waiting(until) | Link::Preparing(until) => Some(*until),
            Link::Idle => None,
        };
        let answers = self.namespaces.iter().map(|namespace| match namespace.stage {
            Stage::Connecting { until, .. } => until.map(|until| until.max(self.answers_until)),
            Stage::Waiting { until } => until,
            _ => None,
        });
        answers.fold(sooner(sooner(link, self.listening_until()), self.calls.deadline()), sooner)
    }

    /// Takes what the driver reports.
    pub fn handle(&mut self, now: u64, input: Input<W>, actions: &mut Vec<Action<W>>) {
        match input {
            Input::Engine(input) => self.with_engine(now, actions, |engine, sink| engine.handle(now, input, sink)),
            Input::Prepared(attempt, endpoints, random) => self.prepared(now, attempt, endpoints, random, actions),
            Input::PreparationFailed(attempt, random) => self.preparation_failed(now, attempt, random, actions),
            Input::Authenticated(attempt, names, json) => self.authenticated(now, attempt, &names, json, actions),
            Input::Written(attempt, name, packets) => self.written(now, attempt, name, packets, actions),
            Input::Parsed(packets) => self.parsed(now, packets, actions),
            Input::AuthenticationFailed(attempt, names) => {
                self.authentication_failed(now, attempt, &names, Failure::Preparation, actions)
            }
            Input::Malformed(error, text) => self.malformed(now, error, text, actions),
            Input::Tick => self.tick(now, actions),
        }
    }

    fn engine(&self) -> Option<&Engine<W, Tag>> {
        match &self.link {
            Link::Opening(engine) | Link::Open(engine, _) | Link::Closing(engine, _) => Some(engine),
            Link::Idle | Link::Preparing(_) | Link::Waiting(_) => None,
        }
    }

    fn engine_mut(&mut self) -> Option<&mut Engine<W, Tag>> {
        match &mut self.link {
            Link::Opening(engine) | Link::Open(engine, _) | Link::Closing(engine, _) => Some(engine),
            Link::Idle | Link::Preparing(_) | Link::Waiting(_) => None,
        }
    }

    /// Lets the engine do something, and then takes what it says.
    fn with_engine(
        &mut self,
        now: u64,
        actions: &mut Vec<Action<W>>,
        step: impl FnOnce(&mut Engine<W, Tag>, &mut engine::Sink<W, Tag>),
    ) {
        let mut sink = core::mem::take(&mut self.sink);
        if let Some(engine) = self.engine_mut() {
            step(engine, &mut sink);
        }
        self.sink = sink;
        self.drain_engine(now, actions);
    }

    /// Where a namespace stands; `None` is `/`. It is looked for from the last one found on: packets are mostly of one
    /// namespace, or of all in their order.
    fn position(&mut self, name: Option<&W::Text>) -> Option<usize> {
        let mut at = self.found;
        for _ in 0..self.namespaces.len() {
            let namespace = match self.namespaces.get(at) {
                Some(namespace) => namespace,
                None => {
                    at = 0;
                    self.namespaces.first()?
                }
            };
            if name.map_or(namespace.root, |name| namespace.name == *name) {
                self.found = at;
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

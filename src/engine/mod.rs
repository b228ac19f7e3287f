//! One Engine.IO connection: handshake, heartbeat, polling, upgrade, close.
//!
//! A machine without I/O. It takes reports of the host, commands of the layer above and the time (milliseconds of a clock
//! that never goes back), and queues its outputs: actions for the host, events for the layer above. After each input and each
//! command, the driver takes outputs with [`Engine::poll_output`] until there are none. A connection that has ended stays
//! ended: each new one is a new `Engine`.
//!
//! ```text
//!   open ──► Opening ──OPEN packet──► Open(TransportState) ──close──► Closing(TransportState) ──all written──► Closed
//!               │                        │                      │
//!               └────── a failure ───────┴──────────────────────┴────────────────────────► Closed
//! ```
//!
//! - `transport_state.rs`: the transports of an open session, and the upgrade from polling to websocket, with a diagram.
//! - `version.rs`: how a connection is opened: transport and protocol version.
//! - `receive.rs`: the reports of the host, and the transitions that they cause.
//! - `sending.rs`: flushing, and the end of a connection.
//! - `deadlines.rs`: the clock.

mod config;
mod deadlines;
mod engine_session;
mod fifo;
mod io;
mod isolation;
mod outbox;
mod receive;
mod sending;
mod transport_error;
mod transport_state;
mod version;

pub use config::{Config, Endpoints, Transports, VersionPolicy};
pub use engine_session::{EngineSession, EngineState, SendError};
pub use io::{Action, Event, Input, Output, TooLarge, TransportId};
pub use outbox::{Outbox, Outgoing};
pub use transport_error::{Transport, TransportError};

use crate::protocol::{Frame, Handshake, PayloadReader, ProtocolVersion, Wire};
pub(crate) use deadlines::sooner;
pub(crate) use fifo::Fifo;
use isolation::LastWritten;
use transport_state::{PollContent, TransportState};

/// A connection that is being opened over one transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Opening {
    transport: Transport,
    /// `None` if the transport has ended by itself.
    id: Option<TransportId>,
    /// The time at which the handshake is given up.
    deadline: u64,
    /// True if the server has refused the other version over this transport.
    switched: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Established<W: Wire, T> {
    handshake: Handshake<W::Text>,
    /// The polling URL, with the session id.
    url: W::Text,
    transport_state: TransportState<W, T>,
    /// The transport of the handshake.
    handshake_transport: Transport,
    /// True if a POST was answered in the way of the servers that accept any number of packets.
    takes_any_number: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum State<W: Wire, T> {
    /// The first packet is awaited.
    Opening(Opening),
    /// Packets flow.
    Open(Established<W, T>),
    /// Queued messages are still written; each step has until `deadline`. On polling, CLOSE is sent last; a websocket needs none,
    /// and `close_sent` is true from the start.
    Closing { session: Established<W, T>, close_sent: bool, deadline: u64 },
    /// The connection has ended.
    Closed,
}

/// The rest of an answer that is not read yet, and the content of its packets so far; `None` for the answer to the handshake.
#[derive(Debug, Clone, PartialEq)]
struct Unread<W: Wire> {
    packets: PayloadReader<W>,
    content: Option<PollContent>,
}

/// One Engine.IO connection. `T` is the tag of the layer above on its messages.
///
/// - Queries: [`transport`](Self::transport), [`sid`](Self::sid), [`version`](Self::version),
///   [`is_writable`](Self::is_writable), [`unsent`](Self::unsent), [`wants_flush`](Self::wants_flush).
/// - Inputs: [`handle_input`](Self::handle_input), [`handle_timeout`](Self::handle_timeout),
///   [`handle_offline`](Self::handle_offline).
/// - Outputs: [`poll_output`](Self::poll_output), [`poll_timeout`](Self::poll_timeout).
/// - Commands: [`open`](Self::open), [`start_polling`](Self::start_polling), [`send`](Self::send), [`flush`](Self::flush),
///   [`cancel_unsent`](Self::cancel_unsent), [`fail`](Self::fail), [`close`](Self::close), [`abort`](Self::abort),
///   [`take_unsent`](Self::take_unsent), [`switch_version`](Self::switch_version).
#[derive(Debug, Clone, PartialEq)]
pub struct Engine<W: Wire, T> {
    config: Config,
    endpoints: Endpoints<W::Text>,
    version: ProtocolVersion,
    /// The failure that says most about why the connection could not be opened so far.
    clearest_failure: Option<TransportError<W>>,
    state: State<W, T>,
    outbox: Outbox<W, T>,
    /// Heartbeats and CLOSE: they leave before the messages of a write.
    control: Vec<Frame<W>>,
    outputs: Fifo<Output<W, T>>,
    unread: Option<Unread<W>>,
    wants_flush: bool,
    /// The time of the last input or command.
    now: u64,
    last_written: LastWritten,
    /// The time at which anything last came from the server.
    last_inbound: u64,
    /// The time of the client's next ping, in V3.
    next_ping: u64,
    /// The last `TransportId` given out, over all connections of a client.
    last_id: u32,
}

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    /// Begins to connect. Transport ids begin after `last_id`, so that late reports of an earlier connection are ignored.
    pub fn open(config: Config, endpoints: Endpoints<W::Text>, last_id: u32, now: u64) -> Self {
        let mut engine = Self {
            config,
            endpoints,
            version: config.version_policy.first(),
            clearest_failure: None,
            state: State::Closed,
            outbox: Outbox::new(),
            control: Vec::new(),
            outputs: Fifo::new(),
            unread: None,
            wants_flush: false,
            now,
            last_written: LastWritten::default(),
            last_inbound: now,
            next_ping: 0,
            last_id,
        };
        engine.try_transport(config.transports.first(), config.version_policy.first(), false);
        engine
    }

    // Queries

    /// Returns the transport in use; while opening, the one that is tried.
    pub fn transport(&self) -> Option<Transport> {
        match &self.state {
            State::Opening(opening) => Some(opening.transport),
            State::Open(session) | State::Closing { session, .. } => Some(match session.transport_state {
                TransportState::WebSocket(_) => Transport::WebSocket,
                _ => Transport::Polling,
            }),
            State::Closed => None,
        }
    }

    /// Returns the transport of the handshake, once that is done.
    pub fn handshake_transport(&self) -> Option<Transport> {
        self.session().map(|session| session.handshake_transport)
    }

    /// Returns the Engine.IO session id, once the handshake is done.
    pub fn sid(&self) -> Option<&W::Text> {
        self.session().map(|session| &session.handshake.sid)
    }

    /// Returns the last `TransportId` given out.
    pub fn last_id(&self) -> u32 {
        self.last_id
    }

    /// Returns whether the transport takes messages at the next flush.
    pub fn is_writable(&self) -> bool {
        let State::Open(session) = &self.state else { return false };
        match &session.transport_state {
            TransportState::WebSocket(socket) => socket.room(self.config.high_water_mark).is_some(),
            TransportState::Pausing { .. } => false,
            TransportState::Polling(polling) | TransportState::Probing { polling, .. } => polling.post.is_none(),
        }
    }

    /// Returns whether the connection has ended. Its last outputs may not be taken yet.
    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    /// Returns the number of buffered messages: those not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        self.outbox.len()
    }

    /// Returns whether no message is buffered, and the outcome of every message that was handed over is known.
    pub fn is_settled(&self) -> bool {
        let is_posting = self.session().is_some_and(|session| session.transport_state.post_deadline().is_some());
        // A queued output may report that a POST is lost.
        self.outbox.is_empty() && !is_posting && self.outputs.is_empty()
    }

    /// Returns whether [`flush`](Self::flush) has something to do. The messages of one turn leave together at its end, before
    /// the next poll.
    pub fn wants_flush(&self) -> bool {
        self.wants_flush && self.session().is_some()
    }

    // Inputs

    /// Handles a report of the host. Reports of transports that are no longer used are ignored.
    pub fn handle_input(&mut self, now: u64, input: Input<W>) {
        self.now = now;
        match input {
            Input::WebSocketOpened(id) => self.on_websocket_opened(id),
            Input::WebSocketReceived(id, frame) => self.on_websocket_frame(id, frame),
            Input::WebSocketBuffered(id, bytes) => self.on_websocket_buffered(id, bytes),
            Input::WebSocketClosed(id, failure) => self.on_websocket_closed(id, failure),
            Input::Responded(id, status, body) => self.on_response(id, status, body),
            Input::RequestFailed(id, message) => self.on_request_failed(id, message, false),
            Input::RequestUnsent(id, message) => self.on_request_failed(id, message, true),
        }
    }

    /// Ends the connection because the platform is offline: nothing would arrive, and silence would be noticed late.
    pub fn handle_offline(&mut self, now: u64) {
        self.now = now;
        self.fail(TransportError::Offline);
    }

    // Outputs

    /// Takes the next output, in order. The packets of a polling payload are read one by one, each after the outputs of the
    /// previous one were taken: a payload of many packets never becomes a list.
    pub fn poll_output(&mut self) -> Option<Output<W, T>> {
        loop {
            if let Some(output) = self.outputs.pop() {
                return Some(output);
            }
            if !self.read_next_packet() {
                return None;
            }
        }
    }

    // Commands

    /// Lets the next flush send the first poll. After the handshake the first poll waits for this, since the server answers a
    /// hanging poll with its first packet alone: messages that cause packets are sent before it.
    pub fn start_polling(&mut self) {
        if let State::Open(session) = &mut self.state
            && let Some(polling) = session.transport_state.polling_mut()
        {
            polling.release_first_get(self.now);
            self.wants_flush = true;
        }
    }

    /// Takes back the unsent messages whose tag `wanted` picks.
    pub fn cancel_unsent(&mut self, wanted: impl FnMut(&T) -> bool) {
        self.outbox.cancel_unsent(wanted);
    }

    /// Ends the connection for a failure that the layer above found, such as a payload that is not JSON.
    pub fn fail(&mut self, failure: TransportError<W>) {
        self.end(Some(failure));
    }

    /// Closes after the queued messages are written. A hanging GET is aborted then.
    pub fn close(&mut self, now: u64) {
        self.now = now;
        match core::mem::replace(&mut self.state, State::Closed) {
            State::Open(mut session) => {
                if let Some(socket) = session.transport_state.on_probe_failed() {
                    self.push_action(Action::CloseWebSocket(socket));
                }
                // The closing handshake of a websocket replaces CLOSE.
                let close_sent = session.transport_state.polling().is_none();
                self.state = State::Closing { session, close_sent, deadline: self.step_deadline() };
                self.flush(now);
            }
            opening @ State::Opening(_) => {
                self.state = opening;
                self.end(None);
            }
            other => self.state = other,
        }
    }

    /// Closes at once: queued messages are no longer written.
    pub fn abort(&mut self) {
        self.end(None);
    }

    /// Takes the messages that were never handed over, in order, from a connection that has ended.
    pub fn take_unsent(&mut self) -> Vec<Outgoing<W, T>> {
        self.outbox.take_unsent()
    }

    // Helpers

    fn push_action(&mut self, action: Action<W>) {
        self.outputs.push(Output::Action(action));
    }

    fn push_event(&mut self, event: Event<W, T>) {
        self.outputs.push(Output::Event(event));
    }

    fn next_id(&mut self) -> TransportId {
        self.last_id = self.last_id.wrapping_add(1);
        TransportId(self.last_id)
    }

    fn session(&self) -> Option<&Established<W, T>> {
        match &self.state {
            State::Open(session) | State::Closing { session, .. } => Some(session),
            State::Opening(_) | State::Closed => None,
        }
    }

    fn session_mut(&mut self) -> Option<&mut Established<W, T>> {
        match &mut self.state {
            State::Open(session) | State::Closing { session, .. } => Some(session),
            State::Opening(_) | State::Closed => None,
        }
    }

    /// Forgets a transport that has ended by itself: it needs no abort or close.
    fn on_transport_gone(&mut self, id: TransportId) {
        match &mut self.state {
            State::Opening(opening) => {
                opening.id.take_if(|opening| *opening == id);
            }
            State::Open(session) | State::Closing { session, .. } => session.transport_state.on_transport_gone(id),
            State::Closed => {}
        }
    }
}

//! One Engine.IO connection: handshake, heartbeat, polling, upgrade, close.
//!
//! A machine without I/O. It takes what the host reports, the commands of the layer above and the time (milliseconds of a clock
//! that never goes back), and queues its outputs: actions for the host, events for the layer above. After each input and each
//! command, whoever drives it takes outputs with [`Engine::poll_output`] until there are none. A connection that ended stays
//! ended: a new one is a new `Engine`.
//!
//! ```text
//!   open ──► Opening ──OPEN packet──► Open(TransportState) ──close──► Closing(TransportState) ──all written──► Closed
//!               │                        │                      │
//!               └────── a failure ───────┴──────────────────────┴────────────────────────► Closed
//! ```
//!
//! How an open session carries packets, and the upgrade from polling to websocket, is the diagram of `transport_state.rs`; which transport
//! and revision a connection is opened with, in `version.rs`; what the host's reports cause, in `receive.rs`; what is sent, in
//! `sending.rs`.

mod config;
mod engine_session;
mod fifo;
mod io;
mod outbox;
mod receive;
mod sending;
mod transport_error;
mod transport_state;
mod version;

pub use config::{Config, Endpoints, Protocol, Transports};
pub use engine_session::{EngineSession, EngineState, SendError};
pub use io::{Action, Event, Input, Output, TooLarge, TransportId};
pub use outbox::{Outbox, Outgoing};
pub use transport_error::{Transport, TransportError};

use crate::protocol::{Frame, Handshake, PayloadReader, ProtocolVersion, Wire};
pub(crate) use fifo::Fifo;
use transport_state::{PollContent, TransportState};

/// A connection that is opened over one transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Opening {
    transport: Transport,
    /// `None` if the transport has ended by itself.
    id: Option<TransportId>,
    /// When the first packet is no longer awaited.
    deadline: u64,
    /// Whether the server has refused the other revision over this transport.
    switched: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Established<W: Wire, T> {
    handshake: Handshake<W::Text>,
    /// The polling URL with the session id.
    url: W::Text,
    link: TransportState<W, T>,
    /// The transport of the handshake.
    opened_over: Transport,
    /// Whether a POST was answered as by the servers that take any number of packets.
    takes_any_number: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum State<W: Wire, T> {
    /// The first packet is awaited.
    Opening(Opening),
    /// Packets flow.
    Open(Established<W, T>),
    /// What is queued is still written. It has until `deadline` for each step; on polling, CLOSE is said last.
    Closing { session: Established<W, T>, said: bool, deadline: u64 },
    /// The end.
    Closed,
}

/// The answer to a poll, as far as it is not read yet, and what it brought so far; `None` for the answer to the handshake.
#[derive(Debug, Clone, PartialEq)]
struct Unread<W: Wire> {
    packets: PayloadReader<W>,
    catch: Option<PollContent>,
}

/// How many milliseconds after events a message that travels apart is written to a websocket, which has no answers.
const ISOLATION_DELAY_MS: u64 = 50;

/// How long an upgrade or a close may take at most without any progress, whatever `request_timeout` allows (milliseconds).
const LONGEST_STEP: u64 = 20_000;

/// A time from which on a request has no end for its user: 25 days (milliseconds).
const ENDLESS: u64 = i32::MAX as u64;

/// How long a POST may take at most unless the user allows more, however slow the heartbeat is (milliseconds).
const LONGEST_POST: u64 = 300_000;

/// The longest heartbeat that is believed: a day (milliseconds).
const LONGEST_HEARTBEAT: u64 = 86_400_000;

/// One Engine.IO connection. `T` is the tag that the layer above puts on its messages.
///
/// - Queries: [`transport`](Self::transport), [`sid`](Self::sid), [`revision`](Self::revision),
///   [`is_writable`](Self::is_writable), [`unsent`](Self::unsent), [`wants_flush`](Self::wants_flush).
/// - Inputs: [`handle_input`](Self::handle_input), [`handle_timeout`](Self::handle_timeout),
///   [`handle_offline`](Self::handle_offline).
/// - Outputs: [`poll_output`](Self::poll_output), [`poll_timeout`](Self::poll_timeout).
/// - Commands: [`open`](Self::open), [`start_polling`](Self::start_polling), [`send`](Self::send), [`flush`](Self::flush),
///   [`cancel_unsent`](Self::cancel_unsent), [`fail`](Self::fail), [`close`](Self::close), [`abort`](Self::abort),
///   [`take_unsent`](Self::take_unsent), [`speak`](Self::switch_version).
#[derive(Debug, Clone, PartialEq)]
pub struct Engine<W: Wire, T> {
    config: Config,
    endpoints: Endpoints<W::Text>,
    revision: ProtocolVersion,
    /// Why the connection could not be opened so far: the failure that says most.
    first_failure: Option<TransportError<W>>,
    state: State<W, T>,
    outbox: Outbox<W, T>,
    /// Pongs and the like: they go out before the messages of a write.
    control: Vec<Frame<W>>,
    outputs: Fifo<Output<W, T>>,
    unread: Option<Unread<W>>,
    wants_flush: bool,
    /// The time of the last input or command.
    now: u64,
    /// When an event was last written to a websocket.
    last_written: Option<u64>,
    /// When anything last came from the server.
    last_inbound: u64,
    /// When the client pings, in V3.
    next_ping: u64,
    /// The last `TransportId` given out, among all connections of a client.
    last_id: u32,
}

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    /// Begins to connect. Transport ids begin after `last_id`, so that a late report of an earlier connection meets nobody.
    pub fn open(config: Config, endpoints: Endpoints<W::Text>, last_id: u32, now: u64) -> Self {
        let mut engine = Self {
            config,
            endpoints,
            revision: config.protocol.first(),
            first_failure: None,
            state: State::Closed,
            outbox: Outbox::new(),
            control: Vec::new(),
            outputs: Fifo::new(),
            unread: None,
            wants_flush: false,
            now,
            last_written: None,
            last_inbound: now,
            next_ping: 0,
            last_id,
        };
        engine.begin(config.transports.first(), config.protocol.first(), false);
        engine
    }

    // Queries

    /// The transport in use; while opening, the one tried.
    pub fn transport(&self) -> Option<Transport> {
        match &self.state {
            State::Opening(opening) => Some(opening.transport),
            State::Open(session) | State::Closing { session, .. } => Some(match session.link {
                TransportState::WebSocket(_) => Transport::WebSocket,
                _ => Transport::Polling,
            }),
            State::Closed => None,
        }
    }

    /// The transport of the handshake, once that is done.
    pub fn opened_over(&self) -> Option<Transport> {
        self.session().map(|session| session.opened_over)
    }

    /// The Engine.IO session id, once the handshake is done.
    pub fn sid(&self) -> Option<&W::Text> {
        self.session().map(|session| &session.handshake.sid)
    }

    /// The last `TransportId` given out.
    pub fn last_id(&self) -> u32 {
        self.last_id
    }

    /// Whether a message sent now would be handed to the transport at the next flush.
    pub fn is_writable(&self) -> bool {
        let State::Open(session) = &self.state else { return false };
        match &session.link {
            TransportState::WebSocket(socket) => socket.room(self.config.high_water_mark).is_some(),
            TransportState::Pausing { .. } => false,
            TransportState::Polling(polling) | TransportState::Probing { polling, .. } => polling.post.is_none(),
        }
    }

    /// Whether the connection has ended, though its last outputs may not be taken yet.
    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    /// How many messages are kept, not yet handed over.
    pub fn unsent(&self) -> usize {
        self.outbox.len()
    }

    /// Whether nothing is kept, and nothing was handed over of which it is not known yet whether it arrives.
    pub fn is_settled(&self) -> bool {
        let is_posting = self.session().is_some_and(|session| session.link.post_deadline().is_some());
        // An output that waits may tell that a POST is lost.
        self.outbox.is_empty() && !is_posting && self.outputs.is_empty()
    }

    /// Whether [`flush`](Self::flush) has something to do: what is sent in one turn leaves together at its end, and before the
    /// next poll.
    pub fn wants_flush(&self) -> bool {
        self.wants_flush && self.session().is_some()
    }

    // Inputs

    /// Takes what the host reports. Reports of transports that are no longer used are ignored.
    pub fn handle_input(&mut self, now: u64, input: Input<W>) {
        self.now = now;
        match input {
            Input::WebSocketOpened(id) => self.on_websocket_opened(id),
            Input::WebSocketReceived(id, frame) => self.on_websocket_frame(id, frame),
            Input::WebSocketBuffered(id, bytes) => self.on_websocket_buffered(id, bytes),
            Input::WebSocketClosed(id, failure) => self.on_websocket_closed(id, failure),
            Input::Responded(id, status, body) => self.on_response(id, status, body),
            Input::RequestFailed(id, words) => self.on_request_failed(id, words, false),
            Input::RequestUnsent(id, words) => self.on_request_failed(id, words, true),
        }
    }

    /// Notices by the clock what did not happen in time. A late call is noticed all the same.
    pub fn handle_timeout(&mut self, now: u64) {
        // Nothing is written to a connection that is dead.
        self.notice_silence(now);
        if self.session().is_some_and(|session| session.link.upgrade_deadline().is_some_and(|deadline| now >= deadline))
        {
            self.on_probe_failed();
        }
        self.measure_if_due();
        let get_due = self.session().and_then(|session| session.link.get_due()).is_some_and(|due| now >= due);
        if self.apart_from().is_some_and(|from| now >= from) || get_due {
            self.flush(now);
        }
        self.ping();
    }

    /// Notices only that the server has been silent for too long, and returns whether that has ended the connection.
    pub fn notice_silence(&mut self, now: u64) -> bool {
        self.now = now;
        match &self.state {
            State::Opening(opening) if now >= opening.deadline => {
                let limit = self.config.request_timeout;
                self.on_rejected(TransportError::RequestTimeout(opening.transport, limit));
            }
            State::Closing { .. } if self.closing_deadline().is_some_and(|deadline| now >= deadline) => {
                self.end(None);
            }
            State::Open(session) if now >= self.heartbeat_deadline(&session.handshake) => {
                self.fail(TransportError::PingTimeout(now.saturating_sub(self.last_inbound)));
            }
            State::Open(session) if session.link.post_deadline().is_some_and(|deadline| now >= deadline) => {
                let limit = self.post_timeout(&session.handshake);
                self.fail(TransportError::RequestTimeout(Transport::Polling, limit));
            }
            _ => return false,
        }
        true
    }

    /// The platform reports that it is offline: nothing would arrive, and silence would be noticed late.
    pub fn handle_offline(&mut self, now: u64) {
        self.now = now;
        self.fail(TransportError::Offline);
    }

    // Outputs

    /// The next output, in order. The packets of a polling payload are read one by one, each after the outputs of the one before
    /// were taken: a payload of many packets never becomes a list.
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

    /// When [`handle_timeout`](Self::handle_timeout) next has something to do.
    pub fn poll_timeout(&self) -> Option<u64> {
        let deadline = match &self.state {
            State::Opening(opening) => Some(opening.deadline),
            State::Open(session) => sooner(session.link.deadline(), Some(self.heartbeat_deadline(&session.handshake))),
            State::Closing { session, .. } => sooner(self.closing_deadline(), session.link.measure_at()),
            State::Closed => None,
        };
        let to_send = match &self.state {
            // Else the flush at the end of the turn sends it.
            State::Open(session) if !self.wants_flush => sooner(session.link.get_due(), self.apart_from()),
            _ => None,
        };
        sooner(sooner(deadline, to_send), self.ping_due())
    }

    // Commands

    /// Lets the next flush send the first poll. After the handshake the first poll waits for this, since the server answers a poll that hangs
    /// with the first packet alone: whatever causes packets is sent before it.
    pub fn start_polling(&mut self) {
        if let State::Open(session) = &mut self.state
            && let Some(polling) = session.link.polling_mut()
        {
            polling.end_prelude(self.now);
            self.wants_flush = true;
        }
    }

    /// Takes unsent messages back, by their tag.
    pub fn cancel_unsent(&mut self, wanted: impl FnMut(&T) -> bool) {
        self.outbox.cancel_unsent(wanted);
    }

    /// Ends the connection for a reason found outside, such as a payload that is no JSON.
    pub fn fail(&mut self, failure: TransportError<W>) {
        self.end(Some(failure));
    }

    /// Writes what is queued, then closes. A hanging GET is aborted when all is written.
    pub fn close(&mut self, now: u64) {
        self.now = now;
        match core::mem::replace(&mut self.state, State::Closed) {
            State::Open(mut session) => {
                if let Some(socket) = session.link.on_probe_failed() {
                    self.act(Action::CloseWebSocket(socket));
                }
                // On a websocket its own closing handshake says what CLOSE says on polling.
                let said = session.link.polling().is_none();
                self.state = State::Closing { session, said, deadline: self.step_deadline() };
                self.flush(now);
            }
            opening @ State::Opening(_) => {
                self.state = opening;
                self.end(None);
            }
            other => self.state = other,
        }
    }

    /// Closes at once: what is queued is no longer written.
    pub fn abort(&mut self) {
        self.end(None);
    }

    /// The messages that were never handed over, in order; for a connection that ended.
    pub fn take_unsent(&mut self) -> Vec<Outgoing<W, T>> {
        self.outbox.take_unsent()
    }

    // Helpers

    fn act(&mut self, action: Action<W>) {
        self.outputs.push(Output::Action(action));
    }

    fn tell(&mut self, event: Event<W, T>) {
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

    /// A transport has ended by itself: there is nothing left of it to abort or to close.
    fn on_transport_gone(&mut self, id: TransportId) {
        match &mut self.state {
            State::Opening(opening) => {
                opening.id.take_if(|opening| *opening == id);
            }
            State::Open(session) | State::Closing { session, .. } => session.link.on_transport_gone(id),
            State::Closed => {}
        }
    }

    /// When a message that travels apart may be written to the websocket.
    fn apart_from(&self) -> Option<u64> {
        let State::Open(session) = &self.state else { return None };
        // A full one takes it when it has room again.
        let takes_it = matches!(&session.link, TransportState::WebSocket(socket) if socket.room(self.config.high_water_mark).is_some());
        (takes_it && self.outbox.is_next_isolated())
            .then(|| self.last_written.unwrap_or(0).saturating_add(ISOLATION_DELAY_MS))
    }

    /// When silence means that the connection is dead: the server pings every interval and gives up after the timeout.
    /// Anything that comes counts as life.
    fn heartbeat_deadline(&self, handshake: &Handshake<W::Text>) -> u64 {
        // python-engineio cuts the interval to whole seconds, half a second to 0: up to a second must be given back.
        let cut = if handshake.ping_interval % 1_000 == 0 { 1_000 } else { 0 };
        self.last_inbound.saturating_add(heartbeat(handshake)).saturating_add(cut)
    }

    /// A POST may be large and the way slow: it has at least the time of the heartbeat, and that alone if requests have no end.
    fn post_timeout(&self, handshake: &Handshake<W::Text>) -> u64 {
        let limit = Some(self.config.request_timeout).filter(|limit| *limit < ENDLESS);
        limit.unwrap_or(0).max(heartbeat(handshake).min(LONGEST_POST))
    }

    /// When the next step of an upgrade or of a close is given up.
    fn step_deadline(&self) -> u64 {
        self.now.saturating_add(self.config.request_timeout.min(LONGEST_STEP))
    }

    /// When a close without progress is given up: a POST of messages has its own time.
    fn closing_deadline(&self) -> Option<u64> {
        let State::Closing { session, said, deadline } = &self.state else { return None };
        Some(session.link.post_deadline().filter(|_| !said).unwrap_or(*deadline))
    }
}

fn heartbeat<T>(handshake: &Handshake<T>) -> u64 {
    handshake.ping_interval.saturating_add(handshake.ping_timeout).min(LONGEST_HEARTBEAT)
}

/// The sooner of two times that may never come.
pub(crate) fn sooner(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (time, None) | (None, time) => time,
    }
}

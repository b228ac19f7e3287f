//! One Engine.IO connection: handshake, heartbeat, polling, upgrade, close.
//!
//! A machine without I/O: it is fed with what the host reports and with the layer above's commands, each with the time
//! (milliseconds of a clock that never goes back), and answers with actions for the host and events for the layer above.
//! A connection that ended stays ended: a new one is a new `Engine`.
//!
//! ```text
//!   open ──► Opening ──OPEN packet──► Open(Link) ──close──► Closing(Link) ──all written──► Closed
//!               │                        │                      │
//!               └────── a failure ───────┴──────────────────────┴────────────────────────► Closed
//! ```
//!
//! How an open session carries packets, and the upgrade from polling to websocket, is the diagram of `link.rs`; what the
//! host's reports cause is in `receive.rs`; what is sent, in `sending.rs`; which revision the server speaks, in `revision.rs`.

mod config;
mod failure;
mod io;
mod link;
mod outbox;
mod receive;
mod revision;
mod sending;
mod solo;

pub use config::{Config, Endpoints, Protocol, Transports};
pub use failure::{Failure, Transport};
pub use io::{Action, Event, Input, Output, TooLarge, TransportId};
pub use outbox::{Outbox, Outgoing};
pub use solo::{Solo, SoloState, Unsent};

use crate::protocol::{Frame, Handshake, Revision, Wire};
use link::{Link, Polling};
use sending::post_timeout;

#[derive(Debug, Clone, PartialEq)]
struct Session<W: Wire> {
    handshake: Handshake<W::Text>,
    /// The polling URL with the session id.
    url: W::Text,
    link: Link,
    /// Whether a POST was answered as by the servers that take any number of packets.
    takes_any_number: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum State<W: Wire> {
    /// The first packet is awaited, until `deadline`. No `id`: the transport has ended by itself.
    Opening { transport: Transport, id: Option<TransportId>, deadline: u64 },
    /// Packets flow.
    Open(Session<W>),
    /// What is queued is still written, until `deadline`; on polling, CLOSE is said last.
    Closing { session: Session<W>, said: bool, deadline: u64 },
    /// The end.
    Closed,
}

/// How many milliseconds after events a message that travels apart is written to a websocket, where no answer tells that the
/// server has read them.
const APART: u64 = 50;

/// Where the machine's answers go.
pub type Sink<W, T> = Vec<Output<W, T>>;

/// One Engine.IO connection. `T` is the tag that the layer above puts on its messages.
///
/// - Queries: [`transport`](Self::transport), [`sid`](Self::sid), [`revision`](Self::revision),
///   [`is_writable`](Self::is_writable), [`unsent`](Self::unsent), [`deadline`](Self::deadline).
/// - Inputs: [`handle`](Self::handle), [`tick`](Self::tick).
/// - Commands: [`open`](Self::open), [`send`](Self::send), [`flush`](Self::flush), [`withdraw`](Self::withdraw),
///   [`fail`](Self::fail), [`close`](Self::close), [`abort`](Self::abort), [`take_unsent`](Self::take_unsent),
///   [`speak`](Self::speak).
///
/// Outputs are pushed to the sink that inputs and commands are given.
#[derive(Debug, Clone, PartialEq)]
pub struct Engine<W: Wire, T> {
    config: Config,
    endpoints: Endpoints<W::Text>,
    revision: Revision,
    /// Why the server was asked for a second revision.
    first_failure: Option<Failure<W>>,
    state: State<W>,
    outbox: Outbox<W, T>,
    /// Pongs and the like: they go out before the messages of a write.
    control: Vec<Frame<W>>,
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
    /// Begins to connect. Transport ids begin after `last_id`, so that a late event of an earlier connection meets nobody.
    pub fn open(config: Config, endpoints: Endpoints<W::Text>, last_id: u32, now: u64, sink: &mut Sink<W, T>) -> Self {
        let mut engine = Self {
            config,
            endpoints,
            revision: config.protocol.first(),
            first_failure: None,
            state: State::Closed,
            outbox: Outbox::new(),
            control: Vec::new(),
            last_written: None,
            last_inbound: now,
            next_ping: 0,
            last_id,
        };
        engine.begin(now, sink);
        engine
    }

    // Queries

    /// The transport in use; while opening, the one tried.
    pub fn transport(&self) -> Option<Transport> {
        match &self.state {
            State::Opening { transport, .. } => Some(*transport),
            State::Open(session) | State::Closing { session, .. } => Some(match session.link {
                Link::WebSocket(_) => Transport::WebSocket,
                _ => Transport::Polling,
            }),
            State::Closed => None,
        }
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
            Link::WebSocket(_) => true,
            Link::Pausing { .. } => false,
            Link::Polling(polling) | Link::Probing { polling, .. } => polling.post.is_none(),
        }
    }

    /// How many messages are kept, not yet handed over.
    pub fn unsent(&self) -> usize {
        self.outbox.len()
    }

    /// When [`tick`](Self::tick) next has something to do.
    pub fn deadline(&self) -> Option<u64> {
        let deadline = match &self.state {
            State::Opening { deadline, .. } | State::Closing { deadline, .. } => Some(*deadline),
            State::Open(session) => {
                Some(session.link.deadline().unwrap_or(u64::MAX).min(self.heartbeat_deadline(&session.handshake)))
            }
            State::Closed => None,
        };
        sooner(sooner(deadline, self.apart_from()), self.ping_due())
    }

    // Inputs

    /// Takes what the host reports. Events of transports that are no longer used are ignored.
    pub fn handle(&mut self, now: u64, input: Input<W>, sink: &mut Sink<W, T>) {
        match input {
            Input::WebSocketOpened(id) => self.websocket_opened(id, sink),
            Input::WebSocketReceived(id, frame) => self.websocket_received(now, id, frame, sink),
            Input::WebSocketClosed(id, failure) => self.websocket_closed(now, id, failure, sink),
            Input::Responded(id, status, body) => self.responded(now, id, status, body, sink),
            Input::RequestFailed(id, words) => {
                if self.uses_request(id) {
                    self.gone(id);
                    self.rejected(now, Failure::Unreachable(Transport::Polling, words), sink);
                }
            }
        }
    }

    /// Notices by the clock what did not happen in time. A late call is noticed all the same.
    pub fn tick(&mut self, now: u64, sink: &mut Sink<W, T>) {
        if self.apart_from().is_some_and(|from| now >= from) {
            self.flush(now, sink);
        }
        self.ping(now, sink);
        match &self.state {
            State::Opening { transport, deadline, .. } if now >= *deadline => {
                self.rejected(now, Failure::RequestTimeout(*transport, self.config.request_timeout), sink);
            }
            State::Closing { deadline, .. } if now >= *deadline => self.closed(None, sink),
            State::Open(session) if now >= self.heartbeat_deadline(&session.handshake) => {
                let silence = now.saturating_sub(self.last_inbound);
                self.fail(Failure::PingTimeout(silence), sink);
            }
            State::Open(session) if session.link.deadline().is_some_and(|deadline| now >= deadline) => {
                let post = session.link.polling().and_then(|polling| polling.post);
                if post.is_some_and(|(_, deadline)| now >= deadline) {
                    let limit = post_timeout(&self.config, &session.handshake);
                    self.fail(Failure::RequestTimeout(Transport::Polling, limit), sink);
                } else {
                    self.probe_failed(now, sink);
                }
            }
            _ => {}
        }
    }

    // Commands

    /// Takes unsent messages back, by their tag.
    pub fn withdraw(&mut self, wanted: impl Fn(&T) -> bool) {
        self.outbox.withdraw(wanted);
    }

    /// Ends the connection for a reason found outside, such as a payload that is no JSON.
    pub fn fail(&mut self, failure: Failure<W>, sink: &mut Sink<W, T>) {
        let closing = matches!(self.state, State::Closing { .. });
        self.closed((!closing).then_some(failure), sink);
    }

    /// Writes what is queued, then closes. A hanging GET is aborted when all is written.
    pub fn close(&mut self, now: u64, sink: &mut Sink<W, T>) {
        match core::mem::replace(&mut self.state, State::Closed) {
            State::Open(mut session) => {
                if let Some(socket) = session.link.probe_failed() {
                    sink.push(Output::Action(Action::CloseWebSocket(socket)));
                }
                // On a websocket its own closing handshake says what CLOSE says on polling.
                let said = session.link.polling().is_none();
                let deadline = now.saturating_add(self.config.request_timeout);
                self.state = State::Closing { session, said, deadline };
                self.flush(now, sink);
            }
            opening @ State::Opening { .. } => {
                self.state = opening;
                self.closed(None, sink);
            }
            other => self.state = other,
        }
    }

    /// Closes at once: what is queued is not written any more.
    pub fn abort(&mut self, sink: &mut Sink<W, T>) {
        self.closed(None, sink);
    }

    /// What was never handed over, in order; for a connection that ended.
    pub fn take_unsent(&mut self) -> Vec<Outgoing<W, T>> {
        self.outbox.take_unsent()
    }

    /// The end: whatever is in flight is dropped.
    fn closed(&mut self, failure: Option<Failure<W>>, sink: &mut Sink<W, T>) {
        let (socket, polling) = match core::mem::replace(&mut self.state, State::Closed) {
            State::Opening { transport: Transport::WebSocket, id, .. } => (id, Polling::default()),
            State::Opening { transport: Transport::Polling, id, .. } => (None, Polling { get: id, post: None }),
            State::Open(mut session) | State::Closing { mut session, .. } => {
                (session.link.socket(), session.link.polling_mut().map(core::mem::take).unwrap_or_default())
            }
            State::Closed => return,
        };
        let requests = polling.get.into_iter().chain(polling.post.map(|(id, _)| id));
        sink.extend(requests.map(|id| Output::Action(Action::Abort(id))));
        sink.extend(socket.map(|id| Output::Action(Action::CloseWebSocket(id))));
        sink.push(Output::Event(Event::Closed(failure)));
    }

    // Helpers

    fn session(&self) -> Option<&Session<W>> {
        match &self.state {
            State::Open(session) | State::Closing { session, .. } => Some(session),
            State::Opening { .. } | State::Closed => None,
        }
    }

    /// A transport has ended by itself: there is nothing left of it to abort or to close.
    fn gone(&mut self, id: TransportId) {
        match &mut self.state {
            State::Opening { id: opening, .. } => {
                opening.take_if(|opening| *opening == id);
            }
            State::Open(session) | State::Closing { session, .. } => session.link.gone(id),
            State::Closed => {}
        }
    }

    fn is_probing(&self) -> bool {
        self.session().is_some_and(|session| matches!(session.link, Link::Probing { .. }))
    }

    fn uses_request(&self, id: TransportId) -> bool {
        match &self.state {
            State::Opening { transport, id: opening, .. } => *transport == Transport::Polling && *opening == Some(id),
            State::Open(session) | State::Closing { session, .. } => session
                .link
                .polling()
                .is_some_and(|polling| polling.get == Some(id) || polling.post.is_some_and(|(post, _)| post == id)),
            State::Closed => false,
        }
    }

    /// When a message that travels apart may be written to the websocket.
    fn apart_from(&self) -> Option<u64> {
        let on_websocket = self.session().is_some_and(|session| matches!(session.link, Link::WebSocket(_)));
        (on_websocket && self.outbox.next_is_apart()).then(|| self.last_written.unwrap_or(0).saturating_add(APART))
    }

    /// When silence means that the connection is dead: the server pings every interval and gives up after the timeout.
    /// Anything that comes counts as life.
    fn heartbeat_deadline(&self, handshake: &Handshake<W::Text>) -> u64 {
        // python-engineio cuts the interval to whole seconds, half a second to 0: up to a second must be given back.
        let cut = if handshake.ping_interval % 1_000 == 0 { 1_000 } else { 0 };
        let allowed = handshake.ping_interval.saturating_add(handshake.ping_timeout).saturating_add(cut);
        self.last_inbound.saturating_add(allowed)
    }
}

/// The sooner of two times that may never come.
pub(crate) fn sooner(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (time, None) | (None, time) => time,
    }
}

//! The transports of an open session, and the upgrade from one to the other.

use super::outbox::Outgoing;
use super::{TransportId, sooner};
use crate::protocol::Wire;

/// The content of the answer to a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PollContent {
    /// Nothing, or NOOPs.
    Nothing,
    /// A ping, which some servers send several times a second.
    Ping,
    /// A message.
    Message,
}

impl PollContent {
    /// Returns the time in which an answered poll counts as empty (milliseconds).
    fn empty_below(self) -> u64 {
        match self {
            Self::Nothing => 1_000,
            Self::Ping => 50,
            Self::Message => 0,
        }
    }
}

/// The longest pause between two empty polls (milliseconds).
const LONGEST_PAUSE: u64 = 1_000;

/// From this number of empty polls in a row on, the server will never send anything on this connection.
const MAX_EMPTY_POLLS: u32 = 12;

/// The POST in flight.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Post<W: Wire, T> {
    pub id: TransportId,
    /// The time at which it is given up.
    pub deadline: u64,
    /// The messages that it completes: they return to the queue if the server cannot have read them.
    pub messages: Vec<Outgoing<W, T>>,
}

/// Polling: at most one GET and one POST are in flight, since servers close a session whose requests overlap.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Polling<W: Wire, T> {
    /// The hanging GET.
    pub get: Option<TransportId>,
    pub post: Option<Post<W, T>>,
    /// The time at which the hanging GET was sent.
    sent_at: u64,
    /// The time from which the next GET may be sent.
    get_after: u64,
    /// True while the first GET waits for messages to be sent before it.
    holds_first_get: bool,
    /// The number of polls in a row that the server has answered at once and without a message. Its answers must not set the rate
    /// of this client's requests.
    empty_polls: u32,
}

impl<W: Wire, T> Polling<W, T> {
    /// Creates the state in which the first GET may be sent at `get_after`.
    pub fn new(get_after: u64) -> Self {
        Self { get: None, post: None, sent_at: 0, get_after, holds_first_get: true, empty_polls: 0 }
    }

    /// Lets the first GET be sent now.
    pub fn release_first_get(&mut self, now: u64) {
        if core::mem::replace(&mut self.holds_first_get, false) {
            self.get_after = now;
        }
    }

    pub fn is_idle(&self) -> bool {
        self.get.is_none() && self.post.is_none()
    }

    pub fn uses(&self, id: TransportId) -> bool {
        self.get == Some(id) || self.post.as_ref().is_some_and(|post| post.id == id)
    }

    /// Records that a GET is sent.
    pub fn on_get_sent(&mut self, now: u64, id: TransportId) {
        self.get = Some(id);
        self.holds_first_get = false;
        self.sent_at = now;
    }

    /// Handles the end of a poll. Slows down the next one if this one was empty. Returns the number of empty polls in a row if there
    /// are too many.
    pub fn on_polled(&mut self, now: u64, content: PollContent) -> Option<u32> {
        if now.saturating_sub(self.sent_at) < content.empty_below() {
            self.empty_polls = self.empty_polls.saturating_add(1);
        } else {
            self.empty_polls = 0;
        }
        // An upgrade causes one or two empty polls, which cost no pause.
        let pause = match self.empty_polls {
            0 | 1 => 0,
            more => 25_u64.checked_shl(more.saturating_sub(1)).unwrap_or(u64::MAX).min(LONGEST_PAUSE),
        };
        self.get_after = now.saturating_add(pause);
        (self.empty_polls >= MAX_EMPTY_POLLS).then_some(self.empty_polls)
    }

    /// Returns the number of empty polls in a row, if there are more than an upgrade causes.
    pub fn suspicious_empty_polls(&self) -> Option<u32> {
        (self.empty_polls > 2).then_some(self.empty_polls)
    }

    /// Begins to count empty polls anew.
    pub fn reset_empty_polls(&mut self) {
        self.empty_polls = 1;
    }
}

/// A websocket that carries the session.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Socket {
    pub id: TransportId,
    /// The number of bytes that wait in it: as last measured, plus those handed to it since.
    buffered: usize,
    /// The pause between two measurements (milliseconds), and the time of the next one. While it is set, the websocket takes no
    /// messages.
    full: Option<(u64, u64)>,
}

/// The longest pause between two measurements of a full websocket (milliseconds).
const LONGEST_MEASURE: u64 = 50;

impl Socket {
    pub fn new(id: TransportId) -> Self {
        Self { id, buffered: 0, full: None }
    }

    /// Returns the number of bytes that it may be handed; `None` while it is full.
    pub fn room(&self, high_water_mark: usize) -> Option<usize> {
        let room = high_water_mark.saturating_sub(self.buffered);
        // With a mark of 0, it takes one message at a time.
        (self.full.is_none() && (room > 0 || self.buffered == 0)).then_some(room)
    }

    /// Records that so many bytes were handed to it.
    pub fn on_handed_over(&mut self, bytes: usize) {
        self.buffered = self.buffered.saturating_add(bytes);
    }

    /// Records a measurement. Returns whether it holds less than before.
    pub fn on_measured(&mut self, now: u64, bytes: usize, high_water_mark: usize) -> bool {
        let less = bytes < self.buffered;
        self.buffered = bytes;
        let pause = self.full.map_or(1, |(pause, _)| pause.saturating_mul(2).min(LONGEST_MEASURE));
        let is_full = bytes > 0 && bytes >= high_water_mark;
        self.full = is_full.then(|| (pause, now.saturating_add(pause)));
        less
    }

    /// Returns the time at which it is to be measured again.
    pub fn measure_at(&self) -> Option<u64> {
        self.full.map(|(_, at)| at)
    }

    /// Records that it is being measured: the next measurement is a pause later.
    pub fn on_measure_started(&mut self, now: u64) {
        if let Some((pause, at)) = &mut self.full {
            *at = now.saturating_add(*pause);
        }
    }
}

/// The transports of an open session.
///
/// ```text
///              server offers websocket        "3probe"             no request in flight: send "5"
///   Polling ───────────────────────► Probing ─────────► Pausing ────────────────────────► WebSocket
///      ▲                                │                  │
///      └────── the websocket fails ─────┴──────────────────┘
/// ```
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TransportState<W: Wire, T> {
    /// Polling carries the session alone.
    Polling(Polling<W, T>),
    /// Polling goes on while a websocket is tried, until `deadline`.
    Probing { polling: Polling<W, T>, socket: TransportId, deadline: u64 },
    /// The websocket works. No new request is made, and those in flight have until `deadline` to end.
    Pausing { polling: Polling<W, T>, socket: TransportId, deadline: u64 },
    /// The websocket carries the session alone.
    WebSocket(Socket),
}

impl<W: Wire, T> TransportState<W, T> {
    pub fn polling(&self) -> Option<&Polling<W, T>> {
        match self {
            Self::Polling(polling) | Self::Probing { polling, .. } | Self::Pausing { polling, .. } => Some(polling),
            Self::WebSocket(_) => None,
        }
    }

    pub fn polling_mut(&mut self) -> Option<&mut Polling<W, T>> {
        match self {
            Self::Polling(polling) | Self::Probing { polling, .. } | Self::Pausing { polling, .. } => Some(polling),
            Self::WebSocket(_) => None,
        }
    }

    fn take_polling(&mut self) -> Polling<W, T> {
        self.polling_mut().map_or_else(|| Polling::new(0), |polling| core::mem::replace(polling, Polling::new(0)))
    }

    /// Returns the websocket, tried or in use.
    pub fn socket(&self) -> Option<TransportId> {
        match self {
            Self::Polling(_) => None,
            Self::Probing { socket, .. } | Self::Pausing { socket, .. } => Some(*socket),
            Self::WebSocket(socket) => Some(socket.id),
        }
    }

    /// Returns the time at which the probe, or the wait for requests in flight, is given up.
    pub fn upgrade_deadline(&self) -> Option<u64> {
        match self {
            Self::Probing { deadline, .. } | Self::Pausing { deadline, .. } => Some(*deadline),
            Self::Polling(_) | Self::WebSocket(_) => None,
        }
    }

    /// Returns the time at which the POST in flight is given up.
    pub fn post_deadline(&self) -> Option<u64> {
        self.polling().and_then(|polling| polling.post.as_ref()).map(|post| post.deadline)
    }

    /// Returns the time at which the next GET is to be sent, if it waits for nothing else.
    pub fn get_due(&self) -> Option<u64> {
        match self {
            Self::Polling(polling) | Self::Probing { polling, .. } if polling.get.is_none() => Some(polling.get_after),
            _ => None,
        }
    }

    /// Returns the time at which a full websocket is measured again.
    pub fn measure_at(&self) -> Option<u64> {
        match self {
            Self::WebSocket(socket) => socket.measure_at(),
            _ => None,
        }
    }

    /// Returns the time of the next deadline, apart from that of the next GET.
    pub fn deadline(&self) -> Option<u64> {
        sooner(sooner(self.upgrade_deadline(), self.post_deadline()), self.measure_at())
    }

    /// Forgets a GET or a websocket that has ended by itself.
    pub fn on_transport_gone(&mut self, id: TransportId) {
        if let Some(polling) = self.polling_mut() {
            polling.get.take_if(|get| *get == id);
        }
        if self.socket() == Some(id) {
            *self = Self::Polling(self.take_polling());
        }
    }

    /// Handles the answer to the probe: the requests in flight have until `deadline` to end, or as long as the POST may take.
    pub fn on_probe_answered(&mut self, deadline: u64) {
        let deadline = self.post_deadline().map_or(deadline, |post| post.max(deadline));
        if let Self::Probing { socket, .. } = *self {
            *self = Self::Pausing { polling: self.take_polling(), socket, deadline };
        }
    }

    /// Gives up the websocket: polling goes on as if it had never been tried. Returns the websocket.
    pub fn on_probe_failed(&mut self) -> Option<TransportId> {
        match *self {
            Self::Probing { socket, .. } | Self::Pausing { socket, .. } => {
                *self = Self::Polling(self.take_polling());
                Some(socket)
            }
            Self::Polling(_) | Self::WebSocket(_) => None,
        }
    }

    /// Lets the websocket take over if nothing is in flight. Returns it once, when that happens.
    pub fn finish_pausing(&mut self) -> Option<TransportId> {
        match self {
            Self::Pausing { polling, socket, .. } if polling.is_idle() => {
                let id = *socket;
                *self = Self::WebSocket(Socket::new(id));
                Some(id)
            }
            _ => None,
        }
    }
}

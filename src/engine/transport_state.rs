//! The transports of an open session, and the upgrade from one to the other.

use super::outbox::Outgoing;
use super::{TransportId, sooner};
use crate::protocol::Wire;

/// What a poll has brought.
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
    /// A poll that is answered sooner than this counts as empty (milliseconds).
    fn least_duration(self) -> u64 {
        match self {
            Self::Nothing => 1_000,
            Self::Ping => 50,
            Self::Message => 0,
        }
    }
}

/// The longest pause between two empty polls (milliseconds).
const LONGEST_PAUSE: u64 = 1_000;

/// So many empty polls in a row mean that the server will never send anything on this connection.
const MAX_EMPTY_POLLS: u32 = 12;

/// The POST in flight.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Post<W: Wire, T> {
    pub id: TransportId,
    /// When it is given up (milliseconds).
    pub deadline: u64,
    /// The messages that it completes: they go back to the queue if the server surely has not read them.
    pub messages: Vec<Outgoing<W, T>>,
}

/// Polling: at most one GET and one POST in flight, for servers close a session whose requests overlap.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Polling<W: Wire, T> {
    /// The hanging GET.
    pub get: Option<TransportId>,
    pub post: Option<Post<W, T>>,
    /// When the hanging GET was sent.
    sent_at: u64,
    /// When the next GET may be sent.
    get_after: u64,
    /// Whether the first GET still waits for what is sent before it.
    holds_first_get: bool,
    /// Polls in a row that the server has answered at once and without a message. Its answers must not set our rate of requests.
    empty_polls: u32,
}

impl<W: Wire, T> Polling<W, T> {
    /// The first GET may be sent at `get_after`.
    pub fn new(get_after: u64) -> Self {
        Self { get: None, post: None, sent_at: 0, get_after, holds_first_get: true, empty_polls: 0 }
    }

    /// The first GET waits no longer.
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

    /// A GET is sent.
    pub fn on_get_sent(&mut self, now: u64, id: TransportId) {
        self.get = Some(id);
        self.holds_first_get = false;
        self.sent_at = now;
    }

    /// A poll is over. Slows down the next one if this one was empty, and returns how many were, if they are too many.
    pub fn on_polled(&mut self, now: u64, content: PollContent) -> Option<u32> {
        if now.saturating_sub(self.sent_at) < content.least_duration() {
            self.empty_polls = self.empty_polls.saturating_add(1);
        } else {
            self.empty_polls = 0;
        }
        // An upgrade makes one or two of them, which cost no pause.
        let pause = match self.empty_polls {
            0 | 1 => 0,
            more => 25_u64.checked_shl(more.saturating_sub(1)).unwrap_or(u64::MAX).min(LONGEST_PAUSE),
        };
        self.get_after = now.saturating_add(pause);
        (self.empty_polls >= MAX_EMPTY_POLLS).then_some(self.empty_polls)
    }

    /// How many polls in a row were empty, if they were more than an upgrade makes.
    pub fn suspicious_empty_polls(&self) -> Option<u32> {
        (self.empty_polls > 2).then_some(self.empty_polls)
    }

    /// Polls begin to count anew.
    pub fn reset_empty_polls(&mut self) {
        self.empty_polls = 1;
    }
}

/// A websocket that carries the session.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Socket {
    pub id: TransportId,
    /// The bytes that wait in it, as last measured, and those handed to it since.
    buffered: usize,
    /// How long the next pause between two measurements is, in milliseconds; and when it is over. While there is one, the
    /// websocket takes no messages.
    full: Option<(u64, u64)>,
}

/// The longest pause between two measurements of a full websocket (milliseconds).
const LONGEST_MEASURE: u64 = 50;

impl Socket {
    pub fn new(id: TransportId) -> Self {
        Self { id, buffered: 0, full: None }
    }

    /// How many bytes it may be handed; `None` while it is full.
    pub fn room(&self, high_water_mark: usize) -> Option<usize> {
        let room = high_water_mark.saturating_sub(self.buffered);
        // With a mark of 0, one message at a time.
        (self.full.is_none() && (room > 0 || self.buffered == 0)).then_some(room)
    }

    /// So many bytes were handed to it.
    pub fn on_handed_over(&mut self, bytes: usize) {
        self.buffered = self.buffered.saturating_add(bytes);
    }

    /// It was measured. Returns whether it holds less than before.
    pub fn on_measured(&mut self, now: u64, bytes: usize, high_water_mark: usize) -> bool {
        let less = bytes < self.buffered;
        self.buffered = bytes;
        let pause = self.full.map_or(1, |(pause, _)| pause.saturating_mul(2).min(LONGEST_MEASURE));
        let is_full = bytes > 0 && bytes >= high_water_mark;
        self.full = is_full.then(|| (pause, now.saturating_add(pause)));
        less
    }

    /// When it is to be measured again.
    pub fn measure_at(&self) -> Option<u64> {
        self.full.map(|(_, at)| at)
    }

    /// It is being measured: the next time is not before the answer.
    pub fn on_measure_started(&mut self, now: u64) {
        if let Some((pause, at)) = &mut self.full {
            *at = now.saturating_add(*pause);
        }
    }
}

/// How an open session carries packets.
///
/// ```text
///              server offers websocket        "3probe"             no request in flight: send "5"
///   Polling ───────────────────────► Probing ─────────► Pausing ────────────────────────► WebSocket
///      ▲                                │                  │
///      └────── the websocket fails ─────┴──────────────────┘
/// ```
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TransportState<W: Wire, T> {
    /// Polling alone.
    Polling(Polling<W, T>),
    /// Polling goes on while a websocket is tried, until `deadline`.
    Probing { polling: Polling<W, T>, socket: TransportId, deadline: u64 },
    /// The websocket works; no new request is made, and those in flight are waited for, until `deadline`.
    Pausing { polling: Polling<W, T>, socket: TransportId, deadline: u64 },
    /// The websocket alone.
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

    /// The websocket, tried or in use.
    pub fn socket(&self) -> Option<TransportId> {
        match self {
            Self::Polling(_) => None,
            Self::Probing { socket, .. } | Self::Pausing { socket, .. } => Some(*socket),
            Self::WebSocket(socket) => Some(socket.id),
        }
    }

    /// When the probe is given up, or the wait for requests in flight.
    pub fn upgrade_deadline(&self) -> Option<u64> {
        match self {
            Self::Probing { deadline, .. } | Self::Pausing { deadline, .. } => Some(*deadline),
            Self::Polling(_) | Self::WebSocket(_) => None,
        }
    }

    /// When the POST in flight is given up.
    pub fn post_deadline(&self) -> Option<u64> {
        self.polling().and_then(|polling| polling.post.as_ref()).map(|post| post.deadline)
    }

    /// When the next GET is to be sent, if it waits only for that.
    pub fn get_due(&self) -> Option<u64> {
        match self {
            Self::Polling(polling) | Self::Probing { polling, .. } if polling.get.is_none() => Some(polling.get_after),
            _ => None,
        }
    }

    /// When a full websocket is measured again.
    pub fn measure_at(&self) -> Option<u64> {
        match self {
            Self::WebSocket(socket) => socket.measure_at(),
            _ => None,
        }
    }

    /// When it next has something to do, but for the next GET.
    pub fn deadline(&self) -> Option<u64> {
        sooner(sooner(self.upgrade_deadline(), self.post_deadline()), self.measure_at())
    }

    /// A GET or the websocket has ended by itself.
    pub fn on_transport_gone(&mut self, id: TransportId) {
        if let Some(polling) = self.polling_mut() {
            polling.get.take_if(|get| *get == id);
        }
        if self.socket() == Some(id) {
            *self = Self::Polling(self.take_polling());
        }
    }

    /// The websocket answered the probe: the requests in flight are waited for, until `deadline` or as long as the POST may take.
    pub fn on_probe_answered(&mut self, deadline: u64) {
        let deadline = self.post_deadline().map_or(deadline, |post| post.max(deadline));
        if let Self::Probing { socket, .. } = *self {
            *self = Self::Pausing { polling: self.take_polling(), socket, deadline };
        }
    }

    /// The websocket is given up: polling goes on as if it had never been tried. Returns the websocket.
    pub fn on_probe_failed(&mut self) -> Option<TransportId> {
        match *self {
            Self::Probing { socket, .. } | Self::Pausing { socket, .. } => {
                *self = Self::Polling(self.take_polling());
                Some(socket)
            }
            Self::Polling(_) | Self::WebSocket(_) => None,
        }
    }

    /// Nothing is in flight: the websocket takes over. Returns it once, when that happens.
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

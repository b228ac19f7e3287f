//! The transports of an open session, and the upgrade from one to the other.

use super::{TransportId, sooner};

/// Polling: at most one GET and one POST in flight, for servers close a session whose requests overlap.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Polling {
    /// The hanging GET.
    pub get: Option<TransportId>,
    /// The POST in flight, and when it is given up (milliseconds).
    pub post: Option<(TransportId, u64)>,
}

impl Polling {
    pub fn is_idle(&self) -> bool {
        self.get.is_none() && self.post.is_none()
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
pub(super) enum Link {
    /// Polling alone.
    Polling(Polling),
    /// Polling goes on while a websocket is tried, until `deadline`.
    Probing { polling: Polling, socket: TransportId, deadline: u64 },
    /// The websocket works; no new request is made, and those in flight are waited for, until `deadline`.
    Pausing { polling: Polling, socket: TransportId, deadline: u64 },
    /// The websocket alone.
    WebSocket(TransportId),
}

impl Link {
    pub fn polling(&self) -> Option<&Polling> {
        match self {
            Self::Polling(polling) | Self::Probing { polling, .. } | Self::Pausing { polling, .. } => Some(polling),
            Self::WebSocket(_) => None,
        }
    }

    pub fn polling_mut(&mut self) -> Option<&mut Polling> {
        match self {
            Self::Polling(polling) | Self::Probing { polling, .. } | Self::Pausing { polling, .. } => Some(polling),
            Self::WebSocket(_) => None,
        }
    }

    pub fn socket(&self) -> Option<TransportId> {
        match self {
            Self::Polling(_) => None,
            Self::Probing { socket, .. } | Self::Pausing { socket, .. } | Self::WebSocket(socket) => Some(*socket),
        }
    }

    /// When something in flight is given up.
    pub fn deadline(&self) -> Option<u64> {
        let probe = match self {
            Self::Probing { deadline, .. } | Self::Pausing { deadline, .. } => Some(*deadline),
            Self::Polling(_) | Self::WebSocket(_) => None,
        };
        let post = self.polling().and_then(|polling| polling.post).map(|(_, deadline)| deadline);
        sooner(probe, post)
    }

    /// A request or the websocket has ended by itself.
    pub fn gone(&mut self, id: TransportId) {
        if let Some(polling) = self.polling_mut() {
            polling.get.take_if(|get| *get == id);
            polling.post.take_if(|(post, _)| *post == id);
        }
        if self.socket() == Some(id) {
            *self = Self::Polling(self.polling_mut().map(core::mem::take).unwrap_or_default());
        }
    }

    /// The websocket answered the probe: the requests in flight are waited for.
    pub fn probe_answered(&mut self) {
        if let Self::Probing { polling, socket, deadline } = self {
            *self = Self::Pausing { polling: core::mem::take(polling), socket: *socket, deadline: *deadline };
        }
    }

    /// The websocket is given up: polling goes on as if it had never been tried. Returns the websocket.
    pub fn probe_failed(&mut self) -> Option<TransportId> {
        match self {
            Self::Probing { polling, socket, .. } | Self::Pausing { polling, socket, .. } => {
                let socket = *socket;
                *self = Self::Polling(core::mem::take(polling));
                Some(socket)
            }
            Self::Polling(_) | Self::WebSocket(_) => None,
        }
    }

    /// Nothing is in flight: the websocket takes over. Returns it once, when that happens.
    pub fn polling_paused(&mut self) -> Option<TransportId> {
        match self {
            Self::Pausing { polling, socket, .. } if polling.is_idle() => {
                let socket = *socket;
                *self = Self::WebSocket(socket);
                Some(socket)
            }
            _ => None,
        }
    }
}

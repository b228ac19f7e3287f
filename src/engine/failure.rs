//! Why a connection failed, and whose fault it is.

use crate::protocol::{ProtocolError, Text, Wire};

/// A way to carry packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// HTTP long-polling.
    Polling,
    /// A websocket.
    WebSocket,
}

impl Transport {
    /// The name used in options and in URLs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
        }
    }
}

/// Why a connection could not be had or was lost.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure<W: Wire> {
    /// Network: no answer from the server at all; the platform's words where it gives any (browsers hide them).
    Unreachable(Transport, Option<W::Text>),
    /// Network: no answer within so many milliseconds.
    RequestTimeout(Transport, u64),
    /// Network: nothing came for so many milliseconds, longer than the server's heartbeat allows.
    PingTimeout(u64),
    /// Network: the websocket was closed, with this code and reason.
    SocketClosed(u16, W::Text),
    /// Peer: an HTTP status that is no success, with the body.
    Status(u16, W::Text),
    /// Peer: it does not speak the revision of Engine.IO that it was asked for; status and body.
    UnsupportedVersion(u16, W::Text),
    /// Peer: it does not accept the page's origin; status and body.
    OriginRefused(u16, W::Text),
    /// Peer: it does not know the session: it was restarted, or requests do not all reach the same node.
    SessionUnknown(u16, W::Text),
    /// Peer: it answered, but not as a Socket.IO server does; what came.
    NotSocketIo(W::Text),
    /// Peer: it closed the session by a CLOSE packet.
    ServerClosed,
    /// Peer: a malformed packet, and its text where it is one.
    Protocol(ProtocolError, Option<W::Text>),
    /// Misuse: the user's own function for url, headers or auth failed. The driver keeps the error.
    Preparation,
    /// Misuse: such a function was not done after so many milliseconds.
    PreparationTimeout(u64),
}

impl<W: Wire> Failure<W> {
    /// Sorts an HTTP error by the server's words: those of npm `engine.io` and of python-engineio.
    pub fn from_status(status: u16, body: W::Text) -> Self {
        if body.contains("nsupported protocol version") || body.contains("unsupported version of the Socket.IO") {
            Self::UnsupportedVersion(status, body)
        } else if body.contains("is not an accepted origin") {
            Self::OriginRefused(status, body)
        } else if body.contains("Session ID unknown") || body.contains("Invalid session") {
            Self::SessionUnknown(status, body)
        } else {
            Self::Status(status, body)
        }
    }

    /// Whether the server may only have refused the revision it was asked for: it says so; or its answer is hidden, as
    /// browsers hide what answers a websocket; or it is the bare 403 with which ASGI servers refuse one.
    pub(super) fn may_be_of_revision(&self) -> bool {
        matches!(self, Self::UnsupportedVersion(..) | Self::Unreachable(_, None) | Self::Status(403, _))
    }

    /// The finer reason of a disconnect, for `details.cause`.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::PingTimeout(_) => "ping timeout",
            Self::SocketClosed(..) | Self::ServerClosed => "transport close",
            Self::Protocol(..) => "parse error",
            _ => "transport error",
        }
    }
}

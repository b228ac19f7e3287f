//! The failures of a connection, and whose fault they are.

use crate::protocol::{ProtocolError, Text, Wire};

/// A kind of transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// HTTP long-polling.
    Polling,
    /// A websocket.
    WebSocket,
}

impl Transport {
    /// Returns the name used in options and in URLs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
        }
    }
}

/// The reason for which a connection could not be opened, or was lost.
#[derive(Debug, Clone, PartialEq)]
pub enum TransportError<W: Wire> {
    /// Network: the server did not answer at all; the platform's message if it has one (browsers hide it).
    Unreachable(Transport, Option<W::Text>),
    /// Network: the server did not answer within so many milliseconds.
    RequestTimeout(Transport, u64),
    /// Network: nothing came for so many milliseconds, longer than the server's heartbeat allows.
    PingTimeout(u64),
    /// Network: the platform reports that it is offline.
    Offline,
    /// Network: the CONNECTs of these namespaces were not answered for so many milliseconds.
    ConnectTimeout(u64, Vec<W::Text>),
    /// Network: the websocket was closed, with this code and reason.
    SocketClosed(u16, W::Text),
    /// Peer: it answered with an HTTP status that is not a success; status and body.
    Status(u16, W::Text),
    /// Peer: it does not speak the requested version of Engine.IO; status and body.
    UnsupportedVersion(u16, W::Text),
    /// Peer: it does not accept the page's origin; status and body.
    OriginRefused(u16, W::Text),
    /// Peer: it does not know the session: it was restarted, or requests do not all reach the same node.
    SessionUnknown(u16, W::Text),
    /// Peer: it answered, but not as a Socket.IO server does; the answer.
    NotSocketIo(W::Text),
    /// Peer: it closed the session by a CLOSE packet.
    ServerClosed,
    /// Peer: it answered so many polls in a row at once and with nothing, as python-engineio does after an upgrade was cut off.
    EmptyPolls(u32),
    /// Peer: it sent a malformed packet; the packet, if it is a string.
    Protocol(ProtocolError, Option<W::Text>),
    /// Misuse: the user-supplied function for url, headers or auth failed. The driver holds the error.
    Preparation,
    /// Misuse: such a function was not done after so many milliseconds.
    PreparationTimeout(u64),
}

impl<W: Wire> TransportError<W> {
    /// Classifies an HTTP error by the server's message. It knows the messages of npm `engine.io` and of python-engineio.
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

    /// Returns true if the server may have refused no more than the requested version: it says so, or it answers with
    /// the bare 403 by which ASGI servers refuse a websocket.
    pub(super) fn may_refuse_version(&self) -> bool {
        matches!(self, Self::UnsupportedVersion(..) | Self::Status(403, _))
    }

    /// Returns whether the server may have refused the version without saying so: the platform hides the answer, or the answer is
    /// a bare 403.
    pub fn may_hide_version_refusal(&self) -> bool {
        matches!(self, Self::Unreachable(..) | Self::RequestTimeout(..) | Self::Status(403, _))
    }

    /// Returns whether this failure says more than an earlier one of the same attempt.
    pub(super) fn says_more_than(&self, earlier: &Self) -> bool {
        let rank = |failure: &Self| match failure {
            Self::Unreachable(_, None) => 0,
            Self::Unreachable(_, Some(_)) | Self::RequestTimeout(..) => 1,
            Self::UnsupportedVersion(..) => 2,
            _ => 3,
        };
        rank(self) > rank(earlier)
    }

    /// Returns whether the server may still hold the session: it is reachable, and has not ended the session itself.
    pub(super) fn may_leave_session_open(&self) -> bool {
        !matches!(
            self,
            Self::ServerClosed
                | Self::SessionUnknown(..)
                | Self::Unreachable(..)
                | Self::SocketClosed(..)
                | Self::Offline
                | Self::NotSocketIo(_)
        )
    }

    /// Returns the cause of a disconnect, for `details.cause`.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::PingTimeout(_) => "ping timeout",
            Self::SocketClosed(..) | Self::ServerClosed | Self::Offline => "transport close",
            Self::Protocol(..) => "parse error",
            _ => "transport error",
        }
    }
}

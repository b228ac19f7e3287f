//! The configuration of a connection.

use super::Transport;
use crate::protocol::{Limits, ProtocolVersion};
use crate::tables::defaults;
use core::num::NonZeroUsize;

/// The transports that may be used, in order of preference: if the first one cannot be opened, the same attempt tries the next.
///
/// ```no_run
/// use socketio_wasm::{Client, Error, Transports};
///
/// async fn example() -> Result<(), Error> {
///     let builder = Client::builder("http://localhost:3000")
///         .transports(Transports::WebSocketThenPolling);
///     let client = builder.connect().await?; // over a websocket, or over polling if proxies let none through
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transports {
    /// HTTP long-polling alone.
    Polling,
    /// A websocket alone.
    WebSocket,
    /// Polling first, upgraded to a websocket if the server offers one. If polling cannot be opened, a websocket.
    PollingThenWebSocket,
    /// A websocket first. If it cannot be opened, polling without an upgrade.
    WebSocketThenPolling,
}

impl Transports {
    /// Returns the transport that is tried first.
    pub fn first(self) -> Transport {
        match self {
            Self::Polling | Self::PollingThenWebSocket => Transport::Polling,
            Self::WebSocket | Self::WebSocketThenPolling => Transport::WebSocket,
        }
    }

    /// Returns the transport that is tried if `failed` cannot be opened.
    pub fn after(self, failed: Transport) -> Option<Transport> {
        match (self, failed) {
            (Self::PollingThenWebSocket, Transport::Polling) => Some(Transport::WebSocket),
            (Self::WebSocketThenPolling, Transport::WebSocket) => Some(Transport::Polling),
            _ => None,
        }
    }
}

/// Selects the protocol version of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionPolicy {
    /// This version, or the connection fails.
    Fixed(ProtocolVersion),
    /// The server's version, which is detected.
    Unknown,
    /// The server's version; last time it was this one.
    Known(ProtocolVersion),
    /// The server's version. A server that spoke V3 could not be reached since, and may have been upgraded: attempts request V3
    /// and V4 in turn, and this attempt requests this version.
    Doubted(ProtocolVersion),
}

impl VersionPolicy {
    /// Returns the version that is requested first.
    pub fn first(self) -> ProtocolVersion {
        match self {
            Self::Fixed(version) | Self::Known(version) | Self::Doubted(version) => version,
            Self::Unknown => ProtocolVersion::V4,
        }
    }

    /// Returns the policy after an attempt whose failure may hide that the server refused the version.
    pub fn after_failure(self) -> Self {
        match self {
            Self::Known(ProtocolVersion::V3) | Self::Doubted(ProtocolVersion::V3) => Self::Doubted(ProtocolVersion::V4),
            Self::Doubted(ProtocolVersion::V4) => Self::Doubted(ProtocolVersion::V3),
            other => other,
        }
    }
}

/// The configuration of a connection. It does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// The transports that may be used.
    pub transports: Transports,
    /// The policy for the protocol version.
    pub version_policy: VersionPolicy,
    /// Milliseconds until an unanswered handshake, a step of an upgrade or of a close, or a function of the user is given up.
    /// Such a step has 20 s at most. A POST has at least the time of the heartbeat, up to 5 minutes; if this is 2^31 - 1 or
    /// more, which means no time-out, it has exactly that.
    pub request_timeout: u64,
    /// The most packets in one POST; `None`: as many as the server turns out to accept.
    pub max_packets_per_post: Option<NonZeroUsize>,
    /// The number of bytes that may wait in a websocket; further messages wait in the outbox.
    pub high_water_mark: usize,
    /// Limits on the memory that the server can make this client use.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            transports: Transports::PollingThenWebSocket,
            version_policy: VersionPolicy::Fixed(ProtocolVersion::V4),
            request_timeout: defaults::REQUEST_TIMEOUT_MS,
            max_packets_per_post: None,
            high_water_mark: defaults::HIGH_WATER_MARK,
            limits: Limits::default(),
        }
    }
}

/// The server's URLs. Only the number of the version is missing at their end, and the session id, which follows as `&sid=…`.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoints<T> {
    /// `http(s)://…/socket.io/?transport=polling&EIO=`
    pub polling: T,
    /// `ws(s)://…/socket.io/?transport=websocket&EIO=`
    pub websocket: T,
}

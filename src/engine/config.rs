//! What a connection is given.

use super::Transport;
use crate::protocol::{Limits, ProtocolVersion};
use core::num::NonZeroUsize;

/// Which transports may be used, in order of preference: if the first one cannot be opened, the same attempt tries the next.
///
/// ```no_run
/// # use socketio_wasm::{Client, Error, Transports};
/// # async fn example() -> Result<(), Error> {
/// let builder = Client::builder("http://localhost:3000").transports(Transports::WebSocketThenPolling);
/// let client = builder.connect().await?; // over a websocket, or where proxies let none through, over polling
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transports {
    /// HTTP long-polling alone.
    Polling,
    /// A websocket alone.
    WebSocket,
    /// Polling first, upgraded to a websocket if the server offers one; else a websocket.
    PollingThenWebSocket,
    /// A websocket first; else polling, without an upgrade.
    WebSocketThenPolling,
}

impl Transports {
    /// The transport that is tried first.
    pub fn first(self) -> Transport {
        match self {
            Self::Polling | Self::PollingThenWebSocket => Transport::Polling,
            Self::WebSocket | Self::WebSocketThenPolling => Transport::WebSocket,
        }
    }

    /// The transport that is tried if `failed` cannot be opened.
    pub fn after(self, failed: Transport) -> Option<Transport> {
        match (self, failed) {
            (Self::PollingThenWebSocket, Transport::Polling) => Some(Transport::WebSocket),
            (Self::WebSocketThenPolling, Transport::WebSocket) => Some(Transport::Polling),
            _ => None,
        }
    }
}

/// In which version a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionPolicy {
    /// In this one, or the connection fails.
    Fixed(ProtocolVersion),
    /// In its own, whatever that turns out to be.
    Unknown,
    /// In its own; last time it was this one.
    Known(ProtocolVersion),
    /// In its own. A server that spoke V3 could not be reached since, and may have been upgraded: attempts ask for V3 and V4
    /// in turn, and this one asks for this version.
    Doubted(ProtocolVersion),
}

impl VersionPolicy {
    /// The version that is asked for first.
    pub fn first(self) -> ProtocolVersion {
        match self {
            Self::Fixed(version) | Self::Known(version) | Self::Doubted(version) => version,
            Self::Unknown => ProtocolVersion::V4,
        }
    }

    /// What is known of the server after an attempt whose failure may hide that it refused the version.
    pub fn after_failure(self) -> Self {
        match self {
            Self::Known(ProtocolVersion::V3) | Self::Doubted(ProtocolVersion::V3) => Self::Doubted(ProtocolVersion::V4),
            Self::Doubted(ProtocolVersion::V4) => Self::Doubted(ProtocolVersion::V3),
            other => other,
        }
    }
}

/// What a connection is given, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Which transports may be used.
    pub transports: Transports,
    /// In which version the server is spoken to.
    pub version_policy: VersionPolicy,
    /// Milliseconds until an unanswered handshake, probe or close is given up.
    pub request_timeout: u64,
    /// The most packets in one POST; `None`: as many as the server turns out to take.
    pub max_packets_per_post: Option<NonZeroUsize>,
    /// How many bytes may wait in a websocket; what is more stays here.
    pub high_water_mark: usize,
    /// What the server may ask of this client's memory.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            transports: Transports::PollingThenWebSocket,
            version_policy: VersionPolicy::Fixed(ProtocolVersion::V4),
            request_timeout: 5_000,
            max_packets_per_post: None,
            high_water_mark: 1 << 20,
            limits: Limits::default(),
        }
    }
}

/// The server's URLs, complete but for the number of the version at their end, and the session id, which follows as `&sid=…`.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoints<T> {
    /// `http(s)://…/socket.io/?transport=polling&EIO=`
    pub polling: T,
    /// `ws(s)://…/socket.io/?transport=websocket&EIO=`
    pub websocket: T,
}

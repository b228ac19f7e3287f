//! What a connection is given.

use crate::protocol::{Limits, Revision};
use core::num::NonZeroUsize;

/// Which transports may be used; the first one opens the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transports {
    /// HTTP long-polling alone.
    Polling,
    /// A websocket alone.
    WebSocket,
    /// Polling first, upgraded to a websocket where the server offers one.
    PollingThenWebSocket,
}

/// In which revision a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// In this one, or the connection fails.
    Fixed(Revision),
    /// In its own, whatever that turns out to be.
    Unknown,
    /// In its own; last time it was this one.
    Known(Revision),
}

impl Protocol {
    /// The revision that is asked for first.
    pub fn first(self) -> Revision {
        match self {
            Self::Fixed(revision) | Self::Known(revision) => revision,
            Self::Unknown => Revision::V4,
        }
    }
}

/// What a connection is given, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Which transports may be used.
    pub transports: Transports,
    /// In which revision the server is spoken to.
    pub protocol: Protocol,
    /// Milliseconds until an unanswered handshake, probe or close is given up.
    pub request_timeout: u64,
    /// The most packets in one POST; `None`: as many as the server turns out to take.
    pub max_packets_per_post: Option<NonZeroUsize>,
    /// What the server may ask of this client's memory.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            transports: Transports::PollingThenWebSocket,
            protocol: Protocol::Fixed(Revision::V4),
            request_timeout: 5_000,
            max_packets_per_post: None,
            limits: Limits::default(),
        }
    }
}

/// The server's URLs, complete but for the number of the revision at their end, and the session id, which follows as `&sid=…`.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoints<T> {
    /// `http(s)://…/socket.io/?transport=polling&EIO=`
    pub polling: T,
    /// `ws(s)://…/socket.io/?transport=websocket&EIO=`
    pub websocket: T,
}

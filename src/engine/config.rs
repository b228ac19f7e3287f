//! What a connection is given.

use crate::protocol::Limits;

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

/// What a connection is given, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Which transports may be used.
    pub transports: Transports,
    /// Milliseconds until an unanswered handshake, probe or close is given up.
    pub request_timeout: u64,
    /// The most packets in one POST; python-engineio drops what has more than 16.
    pub max_packets_per_post: usize,
    /// What the server may ask of this client's memory.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            transports: Transports::PollingThenWebSocket,
            request_timeout: 5_000,
            max_packets_per_post: 16,
            limits: Limits::default(),
        }
    }
}

/// The server's URLs, complete but for the session id, which is appended as `&sid=…`.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoints<T> {
    /// `http(s)://…/socket.io/?EIO=4&transport=polling`
    pub polling: T,
    /// `ws(s)://…/socket.io/?EIO=4&transport=websocket`
    pub websocket: T,
}

//! Messages that must not reach npm `socket.io` in one read: it handles some of them later than those that it reads behind them.
//!
//! - An event is dropped if the DISCONNECT behind it is read with it.
//! - The connection is closed if a CONNECT is read with the DISCONNECT of the same namespace before it.
//!
//! A POST is answered when the server has read it, so the next POST is a read of its own. A websocket has no answers: there, time
//! separates the reads.

/// The distance between two such messages on a websocket (milliseconds).
const ISOLATION_DELAY_MS: u64 = 50;

/// The same when the connection closes (milliseconds). A busy server, or a network that stalls, may take as long to read.
const CLOSING_DELAY_MS: u64 = 1_000;

/// The kind of a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Batching {
    /// An event or an acknowledgement.
    Event,
    /// A CONNECT.
    Connect,
    /// A DISCONNECT.
    Disconnect,
}

/// The kinds of message that were written just before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Written {
    /// True if an event was among them.
    pub event: bool,
    /// True if a DISCONNECT was among them.
    pub disconnect: bool,
}

impl Written {
    pub fn add(&mut self, batching: Batching) {
        match batching {
            Batching::Event => self.event = true,
            Batching::Disconnect => self.disconnect = true,
            Batching::Connect => {}
        }
    }

    /// Returns true if a message of this kind must not follow at once.
    pub fn delays(self, batching: Batching) -> bool {
        match batching {
            Batching::Event => false,
            Batching::Connect => self.disconnect,
            Batching::Disconnect => self.event,
        }
    }
}

/// The times at which messages were last written to a websocket.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct LastWritten {
    event: Option<u64>,
    disconnect: Option<u64>,
}

impl LastWritten {
    pub fn on_written(&mut self, now: u64, written: Written) {
        if written.event {
            self.event = Some(now);
        }
        if written.disconnect {
            self.disconnect = Some(now);
        }
    }

    /// Returns the kinds of message that delay others now. When the connection closes, they delay for longer: no message has to
    /// wait then, because closing the websocket says the same as a DISCONNECT.
    pub fn delaying(&self, now: u64, is_closing: bool) -> Written {
        let delay = if is_closing { CLOSING_DELAY_MS } else { ISOLATION_DELAY_MS };
        let delays = |last: Option<u64>| last.is_some_and(|at| now < at.saturating_add(delay));
        Written { event: delays(self.event), disconnect: delays(self.disconnect) }
    }

    /// Returns the time at which the next message may be written if it is isolated from one that was.
    pub fn due(&self, is_isolated_from: impl Fn(Written) -> bool) -> Option<u64> {
        let last = if is_isolated_from(Written { event: true, disconnect: false }) {
            self.event
        } else if is_isolated_from(Written { event: false, disconnect: true }) {
            self.disconnect
        } else {
            return None;
        };
        Some(last.unwrap_or(0).saturating_add(ISOLATION_DELAY_MS))
    }
}

//! Messages that must not reach npm `socket.io` in one read: it handles some of them later than those that it reads behind them.
//!
//! - An event is dropped if the DISCONNECT behind it is read with it.
//! - The connection is closed if a CONNECT is read with the DISCONNECT of the same namespace before it.
//!
//! A POST is answered when the server has read it, so the next POST is a read of its own. A websocket has no answers: there, time
//! separates the reads.

/// The distance between two such messages on a websocket (milliseconds).
const ISOLATION_DELAY_MS: u64 = 50;

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

/// The times from which what was last written to a websocket delays nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct LastWritten {
    event_until: u64,
    disconnect_until: u64,
}

impl LastWritten {
    pub fn on_written(&mut self, now: u64, written: Written) {
        let until = now.saturating_add(ISOLATION_DELAY_MS);
        if written.event {
            self.event_until = until;
        }
        if written.disconnect {
            self.disconnect_until = until;
        }
    }

    /// Returns the kinds of message that were written just before.
    pub fn just_before(&self, now: u64) -> Written {
        Written { event: now < self.event_until, disconnect: now < self.disconnect_until }
    }

    /// Returns the time at which the next message may be written if it is isolated from one that was.
    pub fn due(&self, is_isolated_from: impl Fn(Written) -> bool) -> Option<u64> {
        if is_isolated_from(Written { event: true, disconnect: false }) {
            Some(self.event_until)
        } else if is_isolated_from(Written { event: false, disconnect: true }) {
            Some(self.disconnect_until)
        } else {
            None
        }
    }
}

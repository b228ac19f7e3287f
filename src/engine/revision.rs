//! Which revision a server speaks: how it is found out, and what a connection does differently in V3.
//!
//! A server is asked for one revision in the URL. What it speaks shows in its first payload, since npm `socket.io` 1.x and
//! 2.x do not look at the URL: the connection goes on in that. python-engineio 3.x does look, and refuses; then, or where
//! the platform hides what was answered, the other revision is asked for, once. On a websocket, the OPEN packets of both
//! look the same, and it is the layer above that sees the difference: it calls [`speak`](Engine::speak).

use super::config::{Protocol, Transports};
use super::failure::{Failure, Transport};
use super::io::{Action, Output, TransportId};
use super::{Engine, Sink, State};
use crate::protocol::{EnginePacket, Revision, Text, Wire};

/// An interval of less milliseconds, which no real server has, would be a hot loop.
const LEAST_INTERVAL: u64 = 50;

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    /// The revision in use; while opening, the one asked for.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Goes on in the revision that the server turns out to speak; `false` where another one is the only one wanted.
    pub fn speak(&mut self, now: u64, revision: Revision) -> bool {
        if matches!(self.config.protocol, Protocol::Fixed(wanted) if wanted != revision) {
            return false;
        }
        self.revision = revision;
        self.ping_after_interval(now);
        true
    }

    /// Makes the first request, or opens the websocket.
    pub(super) fn begin(&mut self, now: u64, sink: &mut Sink<W, T>) {
        let id = TransportId(self.last_id.wrapping_add(1));
        self.last_id = id.0;
        let (transport, action) = match self.config.transports {
            Transports::WebSocket => {
                (Transport::WebSocket, Action::OpenWebSocket(id, self.url(&self.endpoints.websocket)))
            }
            Transports::Polling | Transports::PollingThenWebSocket => {
                (Transport::Polling, Action::Get(id, self.url(&self.endpoints.polling)))
            }
        };
        let deadline = now.saturating_add(self.config.request_timeout);
        self.state = State::Opening { transport, id: Some(id), deadline };
        sink.push(Output::Action(action));
    }

    /// An endpoint as it is asked for.
    pub(super) fn url(&self, endpoint: &W::Text) -> W::Text {
        endpoint.concat(&W::Text::from_ascii(self.revision.number()))
    }

    /// A request or a websocket has failed. Where it was to open the connection, and only the revision may be wrong, the
    /// other one is tried; if that fails as well, the first failure is the one that counts, unless it is answered now.
    pub(super) fn rejected(&mut self, now: u64, failure: Failure<W>, sink: &mut Sink<W, T>) {
        let may_try = match self.config.protocol {
            Protocol::Fixed(_) => false,
            Protocol::Unknown => failure.may_be_of_revision(),
            Protocol::Known(_) => matches!(failure, Failure::UnsupportedVersion(..)),
        };
        match self.first_failure.take() {
            None if may_try && matches!(self.state, State::Opening { .. }) => {
                self.first_failure = Some(failure);
                self.revision = self.revision.other();
                self.begin(now, sink);
            }
            Some(first) if !matches!(failure, Failure::Status(..)) => self.fail(first, sink),
            _ => self.fail(failure, sink),
        }
    }

    /// When the next ping is to be sent, in V3.
    pub(super) fn ping_due(&self) -> Option<u64> {
        matches!((&self.state, self.revision), (State::Open(_), Revision::V3)).then_some(self.next_ping)
    }

    /// Sends a ping that is due, unless the server has been silent for too long already.
    pub(super) fn ping(&mut self, now: u64, sink: &mut Sink<W, T>) {
        let alive = self.session().is_some_and(|session| now < self.heartbeat_deadline(&session.handshake));
        if alive && self.ping_due().is_some_and(|due| now >= due) {
            self.ping_after_interval(now);
            self.control.push(EnginePacket::Ping(W::Text::from_ascii("")).frame());
            self.flush(now, sink);
        }
    }

    pub(super) fn ping_after_interval(&mut self, now: u64) {
        let interval = self.session().map_or(0, |session| session.handshake.ping_interval);
        self.next_ping = now.saturating_add(interval.max(LEAST_INTERVAL));
    }
}

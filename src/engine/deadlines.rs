//! Time: silence, unanswered requests, and steps that are due.

use super::transport_state::TransportState;
use super::{Engine, State};
use super::{Transport, TransportError};
use crate::protocol::{Handshake, Wire};

/// Upper limit for one step of an upgrade or of a close, whatever `request_timeout` allows (milliseconds).
const LONGEST_STEP: u64 = 20_000;

/// From this `request_timeout` on, the user wants no time-out: 25 days (milliseconds).
const NO_TIMEOUT: u64 = i32::MAX as u64;

/// Upper limit for a POST unless the user allows more, however slow the heartbeat is (milliseconds).
const LONGEST_POST: u64 = 300_000;

/// Longer heartbeats of a handshake are not believed: a day (milliseconds).
const LONGEST_HEARTBEAT: u64 = 86_400_000;

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    /// Handles every deadline that has passed, however late it is called.
    pub fn handle_timeout(&mut self, now: u64) {
        // First, so that nothing is written to a dead connection.
        self.notice_silence(now);
        if self
            .session()
            .is_some_and(|session| session.transport_state.upgrade_deadline().is_some_and(|deadline| now >= deadline))
        {
            self.on_probe_failed();
        }
        self.measure_if_due();
        let get_due =
            self.session().and_then(|session| session.transport_state.get_due()).is_some_and(|due| now >= due);
        if self.isolated_due().is_some_and(|from| now >= from) || get_due {
            self.flush(now);
        }
        self.ping();
    }

    /// Ends the connection if the server has been silent for too long. Returns whether it did.
    pub fn notice_silence(&mut self, now: u64) -> bool {
        self.now = now;
        match &self.state {
            State::Opening(opening) if now >= opening.deadline => {
                let limit = self.config.request_timeout;
                self.on_transport_failed(TransportError::RequestTimeout(opening.transport, limit));
            }
            State::Closing { .. } if self.closing_deadline().is_some_and(|deadline| now >= deadline) => {
                self.end(None);
            }
            State::Open(session) if now >= self.heartbeat_deadline(&session.handshake) => {
                self.fail(TransportError::PingTimeout(now.saturating_sub(self.last_inbound)));
            }
            State::Open(session) if session.transport_state.post_deadline().is_some_and(|deadline| now >= deadline) => {
                let limit = self.post_timeout(&session.handshake);
                self.fail(TransportError::RequestTimeout(Transport::Polling, limit));
            }
            _ => return false,
        }
        true
    }

    /// Returns the time at which [`handle_timeout`](Self::handle_timeout) next has something to do.
    pub fn poll_timeout(&self) -> Option<u64> {
        let deadline = match &self.state {
            State::Opening(opening) => Some(opening.deadline),
            State::Open(session) => {
                sooner(session.transport_state.deadline(), Some(self.heartbeat_deadline(&session.handshake)))
            }
            State::Closing { session, .. } => sooner(self.closing_deadline(), session.transport_state.measure_at()),
            State::Closed => None,
        };
        let to_send = match &self.state {
            // With `wants_flush`, the flush at the end of the turn sends it.
            State::Open(session) if !self.wants_flush => sooner(session.transport_state.get_due(), self.isolated_due()),
            _ => None,
        };
        sooner(sooner(deadline, to_send), self.ping_due())
    }

    /// Returns the time from which an isolated message may be written to the websocket.
    fn isolated_due(&self) -> Option<u64> {
        let State::Open(session) = &self.state else { return None };
        // A full websocket takes it when it has room again.
        let takes_it = matches!(&session.transport_state, TransportState::WebSocket(socket) if socket.room(self.config.high_water_mark).is_some());
        takes_it.then(|| self.last_written.due(|written| self.outbox.is_next_isolated_from(written))).flatten()
    }

    /// Returns the time at which silence means that the connection is dead: the server pings every interval and gives up after
    /// the time-out. Any traffic from the server counts as a sign of life.
    fn heartbeat_deadline(&self, handshake: &Handshake<W::Text>) -> u64 {
        // python-engineio cuts the interval to whole seconds, half a second to 0: up to a second must be given back.
        let cut = if handshake.ping_interval % 1_000 == 0 { 1_000 } else { 0 };
        self.last_inbound.saturating_add(heartbeat(handshake)).saturating_add(cut)
    }

    /// Returns the time-out of a POST. A POST may be large and the network slow: it has at least the time of the heartbeat, and
    /// exactly that if the user wants no time-out.
    pub(super) fn post_timeout(&self, handshake: &Handshake<W::Text>) -> u64 {
        let limit = Some(self.config.request_timeout).filter(|limit| *limit < NO_TIMEOUT);
        limit.unwrap_or(0).max(heartbeat(handshake).min(LONGEST_POST))
    }

    /// Returns the deadline for the next step of an upgrade or of a close.
    pub(super) fn step_deadline(&self) -> u64 {
        self.now.saturating_add(self.config.request_timeout.min(LONGEST_STEP))
    }

    /// Returns the time at which a close without progress is given up. A POST of messages has its own deadline.
    fn closing_deadline(&self) -> Option<u64> {
        let State::Closing { session, close_sent, deadline } = &self.state else { return None };
        Some(session.transport_state.post_deadline().filter(|_| !close_sent).unwrap_or(*deadline))
    }
}

fn heartbeat<T>(handshake: &Handshake<T>) -> u64 {
    handshake.ping_interval.saturating_add(handshake.ping_timeout).min(LONGEST_HEARTBEAT)
}

/// Returns the sooner of two times, each of which may be none.
pub(crate) fn sooner(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (time, None) | (None, time) => time,
    }
}

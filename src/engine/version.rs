//! How a connection is opened: which transport is tried, and in which revision; and what V3 does differently.
//!
//! A server is asked for one revision in the URL. What it speaks shows in its first payload, since npm `socket.io` 1.x and
//! 2.x do not look at the URL: the connection goes on in that. python-engineio 3.x does look, and refuses; then the other
//! revision is asked for, once. A failure that the platform hides is no such refusal: most often the server is away, and each
//! request more is an error more in a browser's console. On a websocket, the OPEN packets of both look the same, and it is
//! the layer above that sees the difference: it calls [`speak`](Engine::speak).
//!
//! ```text
//!   first transport ──refuses the revision──► the same, in the other revision
//!          │                                              │
//!          └──────── cannot be opened ────────────────────┴──► next transport ──► the failure that says most
//! ```

use super::config::Protocol;
use super::io::Action;
use super::transport_error::{Transport, TransportError};
use super::{Engine, Opening, State};
use crate::protocol::{EnginePacket, ProtocolVersion, Text, Wire};

/// A shorter interval between two pings, which no real server has, would be a hot loop (milliseconds).
const LEAST_INTERVAL: u64 = 50;

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    /// The revision in use; while opening, the one asked for.
    pub fn revision(&self) -> ProtocolVersion {
        self.revision
    }

    /// Goes on in the revision that the server turns out to speak; `false` if another one is the only one wanted.
    pub fn switch_version(&mut self, revision: ProtocolVersion) -> bool {
        if matches!(self.config.protocol, Protocol::Fixed(wanted) if wanted != revision) {
            return false;
        }
        self.revision = revision;
        self.ping_after_interval();
        true
    }

    /// Makes the first request, or opens the websocket.
    pub(super) fn begin(&mut self, transport: Transport, revision: ProtocolVersion, switched: bool) {
        self.revision = revision;
        let id = self.next_id();
        self.act(match transport {
            Transport::WebSocket => Action::OpenWebSocket(id, self.url(&self.endpoints.websocket)),
            Transport::Polling => Action::Get(id, self.url(&self.endpoints.polling)),
        });
        let deadline = self.now.saturating_add(self.config.request_timeout);
        self.state = State::Opening(Opening { transport, id: Some(id), deadline, switched });
    }

    /// An endpoint as it is asked for.
    pub(super) fn url(&self, endpoint: &W::Text) -> W::Text {
        endpoint.concat(&W::Text::from_ascii(self.revision.number()))
    }

    /// A request or a websocket has failed. If it was to open the connection, the next way to do so is tried.
    pub(super) fn on_rejected(&mut self, failure: TransportError<W>) {
        let State::Opening(opening) = &self.state else { return self.fail(failure) };
        let Opening { transport, id, switched, .. } = *opening;
        let may_switch = match self.config.protocol {
            Protocol::Fixed(_) => false,
            Protocol::Unknown | Protocol::Doubted(_) => failure.may_be_of_revision(),
            Protocol::Known(_) => matches!(failure, TransportError::UnsupportedVersion(..)),
        };
        // No transport helps then, and another failure would only hide why.
        let is_final = matches!(self.config.protocol, Protocol::Fixed(_))
            && matches!(failure, TransportError::UnsupportedVersion(..));
        if self.first_failure.as_ref().is_none_or(|first| failure.says_more_than(first)) {
            self.first_failure = Some(failure);
        }
        if let Some(id) = id {
            self.drop_opening(transport, id);
        }
        if may_switch && !switched {
            self.begin(transport, self.revision.other(), true);
        } else if let Some(next) = self.config.transports.after(transport).filter(|_| !is_final) {
            self.begin(next, self.config.protocol.first(), false);
        } else {
            self.end_opening();
        }
    }

    /// The connection cannot be opened.
    pub(super) fn end_opening(&mut self) {
        let failure = self.first_failure.take();
        if let State::Opening(opening) = &mut self.state {
            opening.id = None;
        }
        self.end(failure);
    }

    /// A transport that is tried, and was not answered in time.
    fn drop_opening(&mut self, transport: Transport, id: super::TransportId) {
        self.act(match transport {
            Transport::WebSocket => Action::CloseWebSocket(id),
            Transport::Polling => Action::Abort(id),
        });
    }

    /// When the next ping is to be sent, in V3.
    pub(super) fn ping_due(&self) -> Option<u64> {
        matches!((&self.state, self.revision), (State::Open(_), ProtocolVersion::V3)).then_some(self.next_ping)
    }

    /// Sends a ping that is due.
    pub(super) fn ping(&mut self) {
        if self.ping_due().is_some_and(|due| self.now >= due) {
            self.ping_after_interval();
            self.control.push(EnginePacket::Ping(W::Text::from_ascii("")).frame());
            self.flush(self.now);
        }
    }

    pub(super) fn ping_after_interval(&mut self) {
        let interval = self.session().map_or(0, |session| session.handshake.ping_interval);
        self.next_ping = self.now.saturating_add(interval.max(LEAST_INTERVAL));
    }
}

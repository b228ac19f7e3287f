//! Opening a connection: the transport and the protocol version. And the pings of V3.
//!
//! The URL requests one version. npm `socket.io` 1.x and 2.x ignore it, and the first payload shows the version that the
//! server speaks: the connection goes on in that. python-engineio 3.x refuses a wrong version; then the other version is
//! requested, once. A failure that the platform hides is not treated as such a refusal: most often the server is away, and
//! each further request is one more error in a browser's console. On a websocket, the OPEN packets of both versions look the
//! same, and the layer above sees the difference: it calls [`switch_version`](Engine::switch_version).
//!
//! ```text
//!   first transport ──refuses the version──► the same, in the other version
//!          │                                              │
//!          └──────── cannot be opened ────────────────────┴──► next transport ──► the failure that says most
//! ```

use super::config::VersionPolicy;
use super::io::Action;
use super::transport_error::{Transport, TransportError};
use super::{Engine, Opening, State};
use crate::protocol::{EnginePacket, ProtocolVersion, Text, Wire};

/// The shortest interval between two pings: a shorter one, which no real server has, would be a hot loop (milliseconds).
const LEAST_INTERVAL: u64 = 50;

impl<W: Wire, T: Copy + Default> Engine<W, T> {
    /// Returns the version in use; while opening, the requested one.
    pub fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Goes on in the version that the server turns out to speak. Returns false if the configuration allows only the other one.
    pub fn switch_version(&mut self, version: ProtocolVersion) -> bool {
        if matches!(self.config.version_policy, VersionPolicy::Fixed(wanted) if wanted != version) {
            return false;
        }
        self.version = version;
        self.ping_after_interval();
        true
    }

    /// Makes the first request over polling, or opens the websocket.
    pub(super) fn try_transport(&mut self, transport: Transport, version: ProtocolVersion, switched: bool) {
        self.version = version;
        let id = self.next_id();
        self.push_action(match transport {
            Transport::WebSocket => Action::OpenWebSocket(id, self.url(&self.endpoints.websocket)),
            Transport::Polling => Action::Get(id, self.url(&self.endpoints.polling)),
        });
        let deadline = self.now.saturating_add(self.config.request_timeout);
        self.state = State::Opening(Opening { transport, id: Some(id), deadline, switched });
    }

    /// Returns the URL of an endpoint, with the version.
    pub(super) fn url(&self, endpoint: &W::Text) -> W::Text {
        endpoint.concat(&W::Text::from_ascii(self.version.number()))
    }

    /// Handles the failure of a request or a websocket. If it was to open the connection, the next version or transport is tried.
    pub(super) fn on_transport_failed(&mut self, failure: TransportError<W>) {
        let State::Opening(opening) = &self.state else { return self.fail(failure) };
        let Opening { transport, id, switched, .. } = *opening;
        let may_switch = match self.config.version_policy {
            VersionPolicy::Fixed(_) => false,
            VersionPolicy::Unknown | VersionPolicy::Doubted(_) => failure.may_refuse_version(),
            VersionPolicy::Known(_) => matches!(failure, TransportError::UnsupportedVersion(..)),
        };
        // No transport helps then, and another failure would only hide the reason.
        let is_final = matches!(self.config.version_policy, VersionPolicy::Fixed(_))
            && matches!(failure, TransportError::UnsupportedVersion(..));
        if self.clearest_failure.as_ref().is_none_or(|first| failure.says_more_than(first)) {
            self.clearest_failure = Some(failure);
        }
        if let Some(id) = id {
            self.close_opening(transport, id);
        }
        if may_switch && !switched {
            self.try_transport(transport, self.version.other(), true);
        } else if let Some(next) = self.config.transports.after(transport).filter(|_| !is_final) {
            self.try_transport(next, self.config.version_policy.first(), false);
        } else {
            self.fail_opening();
        }
    }

    /// Ends a connection that cannot be opened.
    pub(super) fn fail_opening(&mut self) {
        let failure = self.clearest_failure.take();
        if let State::Opening(opening) = &mut self.state {
            opening.id = None;
        }
        self.end(failure);
    }

    /// Gives up a transport that is tried and was not answered in time.
    fn close_opening(&mut self, transport: Transport, id: super::TransportId) {
        self.push_action(match transport {
            Transport::WebSocket => Action::CloseWebSocket(id),
            Transport::Polling => Action::Abort(id),
        });
    }

    /// Returns the time at which the next ping is to be sent, in V3.
    pub(super) fn ping_due(&self) -> Option<u64> {
        matches!((&self.state, self.version), (State::Open(_), ProtocolVersion::V3)).then_some(self.next_ping)
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

//! Servers of the older version (V3: Socket.IO 1.x and 2.x).
//!
//! Such a server connects `/` by itself, with a CONNECT that carries no session id. Over polling, the engine has detected the
//! version before; over a websocket alone, only that CONNECT shows it. Requesting `/` from such a server would connect `/`
//! twice in its application. If the version is unknown, the session therefore waits a moment for that CONNECT first.

use super::namespace::{Namespace, NamespaceState};
use super::{ConnectionState, Session};
use crate::engine::{Engine, Transport, VersionPolicy};
use crate::protocol::{ProtocolError, ProtocolVersion, Text, Wire};

/// Milliseconds in which a server may connect `/` by itself, which it does right after OPEN.
const IMPLICIT_CONNECT_WAIT: u64 = 100;

/// The CONNECT of `/` that a server of V3 sends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImplicitConnect {
    /// It would show the version, and may come until this time.
    Possible(u64),
    /// It is sure to come.
    Expected,
    /// It came, and `/` was not requested.
    Unused,
    /// None will come: `/` is requested like any other namespace.
    Over,
}

impl<W: Wire> Session<W> {
    /// Returns the protocol version of the connection.
    pub fn version(&self) -> Option<ProtocolVersion> {
        self.engine().map(Engine::version)
    }

    pub(super) fn is_of_v3(&self) -> bool {
        self.version() == Some(ProtocolVersion::V3)
    }

    /// Requests auth for the namespaces of a connection that has opened, unless the server may connect `/` by itself first. All
    /// newer servers state their `max_payload`, from npm `socket.io` 4.5 on.
    pub(super) fn await_implicit_connect(&mut self, max_payload: Option<usize>) {
        let is_unknown = !matches!(self.version_policy, VersionPolicy::Fixed(_) | VersionPolicy::Known(_));
        let is_unknown = is_unknown && self.engine().and_then(Engine::transport) == Some(Transport::WebSocket);
        if self.is_of_v3() {
            self.implicit_connect = ImplicitConnect::Expected;
        } else if is_unknown && max_payload.is_none() {
            self.implicit_connect = ImplicitConnect::Possible(self.now.saturating_add(IMPLICIT_CONNECT_WAIT));
            return;
        } else {
            self.implicit_connect = ImplicitConnect::Over;
        }
        self.request_auth();
    }

    /// Returns the time at which a server that has not connected `/` by itself is taken for one of V4.
    pub(super) fn implicit_connect_deadline(&self) -> Option<u64> {
        match (&self.connection, self.implicit_connect) {
            (ConnectionState::Open(..), ImplicitConnect::Possible(until)) => Some(until),
            _ => None,
        }
    }

    /// Handles that the server did not connect `/` by itself: requests auth for all namespaces.
    pub(super) fn on_no_implicit_connect(&mut self) {
        if matches!(self.implicit_connect, ImplicitConnect::Possible(_)) {
            self.implicit_connect = ImplicitConnect::Over;
        }
        self.request_auth();
    }

    /// Remembers the version for the next connection.
    pub(super) fn remember_version(&mut self) {
        if let (Some(version), VersionPolicy::Unknown | VersionPolicy::Known(_) | VersionPolicy::Doubted(_)) =
            (self.version(), self.version_policy)
        {
            self.version_policy = VersionPolicy::Known(version);
        }
    }

    /// Returns whether a CONNECT without a session id shows V3. Over polling, the first payload has proved the version before.
    pub(super) fn may_be_of_v3(&self) -> bool {
        let on_websocket = self.engine().and_then(Engine::handshake_transport) == Some(Transport::WebSocket);
        let is_proved = !on_websocket || self.namespaces.iter().any(Namespace::is_connected);
        self.is_of_v3() || !is_proved
    }

    /// Handles a CONNECT without a session id. Fails if only V4 is allowed.
    pub(super) fn on_implicit_connect(&mut self, is_root: bool) -> Result<(), ProtocolError> {
        if !self.is_of_v3() {
            if !self.engine_mut().is_some_and(|engine| engine.switch_version(ProtocolVersion::V3)) {
                return Err(ProtocolError::MissingSid);
            }
            self.remember_version();
        }
        if is_root {
            let until = self.answer_deadline();
            self.implicit_connect = ImplicitConnect::Unused;
            if let Some(namespace) = self.namespaces.iter_mut().find(|namespace| namespace.is_root) {
                self.implicit_connect = ImplicitConnect::Over;
                if matches!(namespace.state, NamespaceState::Waiting { .. }) {
                    namespace.state = NamespaceState::Connecting { until, early_events: Vec::new() };
                }
            }
        }
        Ok(())
    }

    /// Makes the session id of a namespace in V3, in the way of the clients of that time: servers do not send it.
    pub(super) fn sid_of_v3(&self, name: &W::Text) -> Option<W::Text> {
        let sid = self.engine_sid().filter(|_| self.is_of_v3())?;
        let is_root = name.len() == 1;
        Some(if is_root { sid.clone() } else { name.concat(&W::Text::from_ascii("#")).concat(sid) })
    }
}

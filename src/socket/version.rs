//! Servers of the older version (V3: Socket.IO 1.x and 2.x): how a session meets them.
//!
//! Such a server connects `/` by itself, with a CONNECT that carries no session id. Over polling the engine has found the
//! version out before; over a websocket alone, that CONNECT is what shows it. To ask such a server for `/` would connect
//! `/` twice in its application: where a server may be one, it is listened to for a moment before anything is asked.

use super::namespace::{Namespace, NamespaceState};
use super::{ConnectionState, Session};
use crate::engine::{Engine, Transport, VersionPolicy};
use crate::protocol::{ProtocolError, ProtocolVersion, Text, Wire};

/// How many milliseconds a server is given to connect `/` by itself, which it does as soon as it has opened.
const IMPLICIT_CONNECT_WAIT: u64 = 100;

/// The CONNECT of `/` that a server of V3 sends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImplicitConnect {
    /// It would tell the version, and is listened for until this time.
    Possible(u64),
    /// It is sure to come.
    Expected,
    /// It came, and nobody wanted `/`.
    Unused,
    /// None comes, or not any more: `/` is asked for like any other namespace.
    Over,
}

impl<W: Wire> Session<W> {
    /// The version of the connection.
    pub fn version(&self) -> Option<ProtocolVersion> {
        self.engine().map(Engine::version)
    }

    pub(super) fn is_of_v3(&self) -> bool {
        self.version() == Some(ProtocolVersion::V3)
    }

    /// The connection is open: asks for its namespaces, unless the server is to be listened to first. All newer servers
    /// tell their `max_payload`, from npm `socket.io` 4.5 on.
    pub(super) fn await_implicit_connect(&mut self, max_payload: Option<usize>) {
        let unsure = !matches!(self.version_policy, VersionPolicy::Fixed(_) | VersionPolicy::Known(_));
        let unsure = unsure && self.engine().and_then(Engine::transport) == Some(Transport::WebSocket);
        if self.is_of_v3() {
            self.implicit_connect = ImplicitConnect::Expected;
        } else if unsure && max_payload.is_none() {
            self.implicit_connect = ImplicitConnect::Possible(self.now.saturating_add(IMPLICIT_CONNECT_WAIT));
            return;
        } else {
            self.implicit_connect = ImplicitConnect::Over;
        }
        self.request_auth();
    }

    /// When a server that was listened to is taken for one of V4.
    pub(super) fn implicit_connect_deadline(&self) -> Option<u64> {
        match (&self.connection, self.implicit_connect) {
            (ConnectionState::Open(..), ImplicitConnect::Possible(until)) => Some(until),
            _ => None,
        }
    }

    /// Nothing came that tells of V3, or something else did.
    pub(super) fn on_no_implicit_connect(&mut self) {
        if matches!(self.implicit_connect, ImplicitConnect::Possible(_)) {
            self.implicit_connect = ImplicitConnect::Over;
        }
        self.request_auth();
    }

    /// For the next connection.
    pub(super) fn remember_version(&mut self) {
        if let (Some(version), VersionPolicy::Unknown | VersionPolicy::Known(_) | VersionPolicy::Doubted(_)) =
            (self.version(), self.version_policy)
        {
            self.version_policy = VersionPolicy::Known(version);
        }
    }

    /// Whether a CONNECT without a session id tells of V3: over polling, the first payload has proved the version.
    pub(super) fn may_be_of_v3(&self) -> bool {
        let on_websocket = self.engine().and_then(Engine::handshake_transport) == Some(Transport::WebSocket);
        let proved = !on_websocket || self.namespaces.iter().any(Namespace::is_connected);
        self.is_of_v3() || !proved
    }

    /// Such a CONNECT came. An error where the server is to be one of V4.
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

    /// The session id of a namespace in V3, where servers do not send it: as their own clients make it.
    pub(super) fn sid_of_v3(&self, name: &W::Text) -> Option<W::Text> {
        let sid = self.engine_sid().filter(|_| self.is_of_v3())?;
        let is_root = name.len() == 1;
        Some(if is_root { sid.clone() } else { name.concat(&W::Text::from_ascii("#")).concat(sid) })
    }
}

//! Servers of the older revision (V3: Socket.IO 1.x and 2.x): how a session meets them.
//!
//! Such a server connects `/` by itself, with a CONNECT that carries no session id. Over polling the engine has found the
//! revision out before; over a websocket alone, that CONNECT is what shows it. To ask such a server for `/` would connect
//! `/` twice in its application: where a server may be one, it is listened to for a moment before anything is asked.

use super::namespace::{Namespace, NamespaceState};
use super::{ConnectionState, Session};
use crate::engine::{Engine, Protocol, Transport};
use crate::protocol::{ProtocolError, ProtocolVersion, Text, Wire};

/// How many milliseconds a server is given to connect `/` by itself, which it does as soon as it has opened.
const LISTENING: u64 = 100;

/// The CONNECT of `/` that a server of V3 sends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImplicitConnect {
    /// It would tell the revision, and is listened for until this time.
    Listening(u64),
    /// It is sure to come.
    Awaited,
    /// It came, and nobody wanted `/`.
    Unused,
    /// None comes, or not any more: `/` is asked for like any other namespace.
    Over,
}

impl<W: Wire> Session<W> {
    /// The revision of the connection.
    pub fn revision(&self) -> Option<ProtocolVersion> {
        self.engine().map(Engine::revision)
    }

    pub(super) fn is_of_v3(&self) -> bool {
        self.revision() == Some(ProtocolVersion::V3)
    }

    /// The connection is open: asks for its namespaces, unless the server is to be listened to first. All newer servers
    /// tell their `max_payload`, from npm `socket.io` 4.5 on.
    pub(super) fn await_implicit_connect(&mut self, max_payload: Option<usize>) {
        let unsure = !matches!(self.protocol, Protocol::Fixed(_) | Protocol::Known(_));
        let unsure = unsure && self.engine().and_then(Engine::transport) == Some(Transport::WebSocket);
        if self.is_of_v3() {
            self.implicit_connect = ImplicitConnect::Awaited;
        } else if unsure && max_payload.is_none() {
            self.implicit_connect = ImplicitConnect::Listening(self.now.saturating_add(LISTENING));
            return;
        } else {
            self.implicit_connect = ImplicitConnect::Over;
        }
        self.authenticate();
    }

    /// When a server that was listened to is taken for one of V4.
    pub(super) fn listening_until(&self) -> Option<u64> {
        match (&self.connection, self.implicit_connect) {
            (ConnectionState::Open(..), ImplicitConnect::Listening(until)) => Some(until),
            _ => None,
        }
    }

    /// Nothing came that tells of V3, or something else did.
    pub(super) fn on_listening_over(&mut self) {
        if matches!(self.implicit_connect, ImplicitConnect::Listening(_)) {
            self.implicit_connect = ImplicitConnect::Over;
        }
        self.authenticate();
    }

    /// For the next connection.
    pub(super) fn remember_revision(&mut self) {
        if let (Some(revision), Protocol::Unknown | Protocol::Known(_) | Protocol::Doubted(_)) =
            (self.revision(), self.protocol)
        {
            self.protocol = Protocol::Known(revision);
        }
    }

    /// Whether a CONNECT without a session id tells of V3: over polling, the first payload has proved the revision.
    pub(super) fn may_be_of_v3(&self) -> bool {
        let on_websocket = self.engine().and_then(Engine::opened_over) == Some(Transport::WebSocket);
        let proved = !on_websocket || self.namespaces.iter().any(Namespace::is_connected);
        self.is_of_v3() || !proved
    }

    /// Such a CONNECT came. An error where the server is to be one of V4.
    pub(super) fn on_implicit_connect(&mut self, root: bool) -> Result<(), ProtocolError> {
        if !self.is_of_v3() {
            if !self.engine_mut().is_some_and(|engine| engine.switch_version(ProtocolVersion::V3)) {
                return Err(ProtocolError::MissingSid);
            }
            self.remember_revision();
        }
        if root {
            let until = self.answer_deadline();
            self.implicit_connect = ImplicitConnect::Unused;
            if let Some(namespace) = self.namespaces.iter_mut().find(|namespace| namespace.root) {
                self.implicit_connect = ImplicitConnect::Over;
                if matches!(namespace.stage, NamespaceState::Waiting { .. }) {
                    namespace.stage = NamespaceState::Connecting { until, held: Vec::new() };
                }
            }
        }
        Ok(())
    }

    /// The session id of a namespace in V3, where servers do not send it: as their own clients make it.
    pub(super) fn sid_of_v3(&self, name: &W::Text) -> Option<W::Text> {
        let sid = self.engine_sid().filter(|_| self.is_of_v3())?;
        let root = name.len() == 1;
        Some(if root { sid.clone() } else { name.concat(&W::Text::from_ascii("#")).concat(sid) })
    }
}

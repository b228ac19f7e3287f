//! The state as a user sees it, and its changes.

use super::io::Action;
use super::namespace::Namespace;
use super::{ConnectionState, Session};
use crate::protocol::Wire;

/// The states as a user sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// There is no connection, and none is being made.
    Disconnected,
    /// The first connection is being made.
    Connecting,
    /// At least one namespace is connected.
    Connected,
    /// A lost connection is being made anew.
    Reconnecting,
    /// The last packets are being written.
    Disconnecting,
}

impl Status {
    /// Returns the name that users of JavaScript see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Disconnected => "disconnected",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Reconnecting => "reconnecting",
            Self::Disconnecting => "disconnecting",
        }
    }
}

impl<W: Wire> Session<W> {
    /// Returns the state as a user sees it.
    pub fn status(&self) -> Status {
        match &self.connection {
            ConnectionState::Idle => Status::Disconnected,
            ConnectionState::Closing(..) => Status::Disconnecting,
            _ if self.draining.is_some() => Status::Disconnecting,
            ConnectionState::Open(..) if self.namespaces.iter().any(Namespace::is_connected) => Status::Connected,
            _ if self.pending_connect.is_some() => Status::Connecting,
            _ if self.namespaces.iter().any(|namespace| namespace.was_connected) => Status::Reconnecting,
            _ => Status::Connecting,
        }
    }

    /// Returns the state of one namespace. One that is not requested, or was left, is disconnected.
    pub fn namespace_status(&self, name: &W::Text) -> Status {
        let Some(namespace) = self.namespaces.iter().find(|namespace| namespace.name == *name) else {
            return Status::Disconnected;
        };
        match self.status() {
            status @ (Status::Disconnected | Status::Disconnecting) => status,
            _ if namespace.is_leaving() => Status::Disconnected,
            _ if namespace.is_connected() => Status::Connected,
            _ if namespace.was_connected => Status::Reconnecting,
            _ => Status::Connecting,
        }
    }

    /// Returns the action that reports a change of the state. It comes before all other outputs, so that a handler finds the state
    /// of which it was notified.
    pub(super) fn status_change(&mut self) -> Option<Action<W>> {
        if !core::mem::take(&mut self.is_status_stale) {
            return None;
        }
        let now = self.status();
        let before = core::mem::replace(&mut self.reported_status, now);
        (now != before).then_some(Action::StateChanged(now, before))
    }
}

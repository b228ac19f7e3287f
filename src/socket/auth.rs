//! Auth of namespaces, and the CONNECT packets that carry it.

use super::commands::outgoing_packet;
use super::io::{Action, Attempt, CallError, ConnectError, DisconnectCause, FinalReason, OutgoingPayload};
use super::namespace::{Namespace, NamespaceState};
use super::version::ImplicitConnect;
use super::{ConnectionState, Session, Tag};
use crate::engine::{TooLarge, TransportError};
use crate::protocol::{Frame, PacketType, Text, Wire};

impl<W: Wire> Session<W> {
    /// Requests the auth of all namespaces from the user.
    pub(super) fn request_auth(&mut self) {
        self.remember_version();
        let until = self.now.saturating_add(self.settings.engine.request_timeout);
        let connect_deadline = self.answer_deadline();
        for namespace in &mut self.namespaces {
            if namespace.is_root && self.implicit_connect == ImplicitConnect::Expected {
                namespace.state = NamespaceState::Connecting { until: connect_deadline, early_events: Vec::new() };
            } else if matches!(namespace.state, NamespaceState::Waiting { .. }) {
                namespace.state = NamespaceState::Waiting { until: Some(until) };
            }
        }
        let names = self.namespaces.iter().map(|namespace| namespace.name.clone()).collect();
        self.push_action(Action::Authenticate(self.attempt, names));
    }

    pub(super) fn on_authenticated(&mut self, attempt: Attempt, names: &[W::Text], json: Option<W::Text>) {
        let json = json.filter(|_| {
            let is_supported = !self.is_of_v3();
            if !is_supported && attempt == self.attempt {
                self.push_action(Action::AuthUnused);
            }
            is_supported
        });
        let json = json.unwrap_or_else(|| W::Text::from_ascii(""));
        self.send_connects(attempt, names, &OutgoingPayload::Json(json, Vec::new()));
    }

    /// Handles the CONNECT and the DISCONNECT of a namespace, as a user-supplied parser has encoded them.
    pub(super) fn on_connect_encoded(
        &mut self,
        attempt: Attempt,
        name: W::Text,
        [connect, disconnect]: [Vec<Frame<W>>; 2],
    ) {
        if let Some(namespace) = self.namespace_mut(&name) {
            namespace.disconnect_frames = disconnect;
        }
        self.send_connects(attempt, core::slice::from_ref(&name), &OutgoingPayload::Encoded(connect));
    }

    fn send_connects(&mut self, attempt: Attempt, names: &[W::Text], payload: &OutgoingPayload<W>) {
        // While the server may still connect `/` by itself, no CONNECT is sent: auth is requested again after that.
        if attempt != self.attempt || self.implicit_connect_deadline().is_some() {
            return;
        }
        let until = self.answer_deadline();
        let mut too_large = Vec::new();
        for name in names {
            let Some(at) = self.position(Some(name)) else { continue };
            let (Some(namespace), ConnectionState::Open(engine, _)) =
                (self.namespaces.get_mut(at), &mut self.connection)
            else {
                return;
            };
            if matches!(namespace.state, NamespaceState::Waiting { .. }) {
                namespace.state = NamespaceState::Connecting { until, early_events: Vec::new() };
                if namespace.is_root && self.implicit_connect != ImplicitConnect::Over {
                    continue;
                }
                let outgoing = outgoing_packet(PacketType::Connect, namespace, None, payload.clone(), Tag::default());
                if let Err(excess) = engine.send(outgoing) {
                    too_large.push((namespace.name.clone(), excess));
                }
            }
        }
        if let Some(engine) = self.engine_mut() {
            engine.start_polling();
        }
        self.use_implicit_connect();
        // Reported here: the server would close the connection without a reason.
        for (name, excess) in too_large {
            if let Some(at) = self.position(Some(&name)) {
                self.on_connect_too_large(at, excess);
            }
        }
    }

    /// Returns the deadline for the answer to a CONNECT that is sent now.
    pub(super) fn answer_deadline(&self) -> u64 {
        self.now.saturating_add(self.wait_timeout)
    }

    /// Removes a namespace whose CONNECT is larger than the server accepts.
    fn on_connect_too_large(&mut self, at: usize, excess: TooLarge) {
        let namespace = self.namespaces.remove(at);
        self.fail_pending_joins(&namespace, &ConnectError::TooLarge(excess));
        match self.pending_connect.as_mut().filter(|_| namespace.requested_by_connect) {
            Some(pending) => drop(pending.failure.get_or_insert(ConnectError::TooLarge(excess))),
            None if namespace.pending_joins.is_empty() => {
                self.push_action(Action::Dropped(namespace.name.clone(), excess))
            }
            None => {}
        }
        if namespace.was_connected {
            self.push_action(Action::DisconnectFinal(namespace.name, FinalReason::TransportError));
        }
        self.settle();
    }

    /// Handles the failure of the user-supplied auth function. A namespace that was to join an open connection does not join. For
    /// one that `connect` requested, or that was connected before, the connection fails.
    pub(super) fn on_authentication_failed(&mut self, attempt: Attempt, names: &[W::Text], failure: TransportError<W>) {
        if attempt != self.attempt || !matches!(self.connection, ConnectionState::Open(..)) {
            return;
        }
        let fails = |namespace: &Namespace<W>| {
            matches!(namespace.state, NamespaceState::Waiting { .. }) && names.contains(&namespace.name)
        };
        let is_requested = |namespace: &Namespace<W>| self.pending_connect.is_some() && namespace.requested_by_connect;
        let joins = |namespace: &Namespace<W>| {
            !namespace.pending_joins.is_empty() && !namespace.was_connected && !is_requested(namespace)
        };
        if self.namespaces.iter().any(|namespace| fails(namespace) && !joins(namespace)) {
            return self.fail(failure);
        }
        let (failed, others) = core::mem::take(&mut self.namespaces).into_iter().partition(fails);
        self.namespaces = others;
        for namespace in failed {
            let namespace: Namespace<W> = namespace;
            self.drop_events(&namespace);
            self.fail_calls(namespace.id, &DisconnectCause::Lost(failure.clone()));
            for id in namespace.pending_joins {
                self.push_action(Action::Settled(id, Err(ConnectError::Failed(failure.clone()))));
            }
        }
        self.settle();
    }

    /// Ends the calls of a namespace that cannot be connected, and the commands that wait for it.
    pub(super) fn fail_pending_joins(&mut self, namespace: &Namespace<W>, why: &ConnectError<W>) {
        self.drop_events(namespace);
        for (call, _) in self.calls.end_namespace(namespace.id, core::iter::empty()) {
            self.push_action(Action::CallFailed(call, CallError::BadNamespace));
        }
        for id in &namespace.pending_joins {
            self.push_action(Action::Settled(*id, Err(why.clone())));
        }
    }
}

//! How namespaces and connections are left.

use super::commands::outgoing_packet;
use super::io::{Action, ConnectError, DisconnectCause, DisconnectReason, Loss, OutgoingPayload, RequestId};
use super::namespace::{Namespace, NamespaceState};
use super::{ConnectionState, Draining, Session, Tag};
use crate::protocol::{PacketType, Text, Wire};

impl<W: Wire> Session<W> {
    /// Leaves all namespaces, writes what was sent, and closes. Stops reconnection. With `flush`, the events that are kept for a
    /// connection are sent before, if one is made within so many milliseconds. The answer is an [`Action::Left`].
    pub fn disconnect(&mut self, now: u64, flush: Option<u64>) -> RequestId {
        self.notice_silence(now);
        let id = self.next_request();
        if self.is_idle() {
            self.push_action(Action::DisconnectDone(id, 0));
            return id;
        }
        self.pending_disconnects.push(id);
        match flush {
            Some(milliseconds) if self.unsent() > 0 && !matches!(self.connection, ConnectionState::Closing(..)) => {
                self.draining = Some(Draining { until: now.saturating_add(milliseconds) });
            }
            _ => self.disconnect_now(),
        }
        id
    }

    /// Whether a `disconnect` waits for nothing more.
    pub(super) fn is_drained(&self) -> bool {
        self.draining.is_some()
            && !self.is_idle()
            && !matches!(self.connection, ConnectionState::Closing(..))
            && self.unsent() == 0
    }

    pub(super) fn disconnect_now(&mut self) {
        self.draining = None;
        let ended = || Err(ConnectError::Disconnected(DisconnectReason::ClientDisconnect));
        if let ConnectionState::Closing(_, next) = &mut self.connection
            && let Some((id, _)) = next.take()
        {
            self.push_action(Action::Settled(id, ended()));
        }
        for namespace in core::mem::take(&mut self.namespaces) {
            self.drop_events(&namespace);
            self.leave(namespace);
        }
        self.settle_connect(ended());
        self.close();
    }

    /// By the user's wish: the engine writes what it has, and closes.
    pub(super) fn close(&mut self) {
        let now = self.now;
        match core::mem::replace(&mut self.connection, ConnectionState::Idle) {
            ConnectionState::Open(mut engine, _) | ConnectionState::Opening(mut engine) => {
                engine.close(now);
                self.connection = ConnectionState::Closing(engine, None);
            }
            ConnectionState::Preparing(_) | ConnectionState::Waiting(_) => self.on_connection_ended(),
            other => self.connection = other,
        }
    }

    /// Leaves one namespace; the connection is closed with the last one. What it has sent is still written.
    pub fn disconnect_namespace(&mut self, now: u64, name: &W::Text) {
        self.notice_silence(now);
        let Some(at) = self.namespaces.iter().position(|namespace| namespace.name == *name) else { return };
        if let Some(namespace) = self.namespaces.get_mut(at)
            && matches!(namespace.state, NamespaceState::Connecting { .. } | NamespaceState::Leaving { .. })
            && matches!(self.connection, ConnectionState::Open(..))
        {
            let reason = DisconnectReason::ClientDisconnect;
            self.leave_unanswered(at, reason, ConnectError::Disconnected(reason));
        } else {
            let namespace = self.namespaces.remove(at);
            self.drop_events(&namespace);
            self.leave(namespace);
        }
        if let ConnectionState::Closing(_, waiting) = &mut self.connection
            && let Some((id, next)) = waiting
        {
            next.namespaces.retain(|other| other != name);
            if self.namespaces.is_empty() {
                let id = *id;
                *waiting = None;
                self.push_action(Action::Settled(
                    id,
                    Err(ConnectError::Disconnected(DisconnectReason::ClientDisconnect)),
                ));
            }
        }
        self.settle();
    }

    /// A namespace is left while its CONNECT is unanswered: nothing waits for it any more.
    pub(super) fn leave_unanswered(&mut self, at: usize, reason: DisconnectReason, why: ConnectError<W>) {
        let Some(namespace) = self.namespaces.get_mut(at) else { return };
        let (NamespaceState::Connecting { until, .. } | NamespaceState::Leaving { until }) = namespace.state else {
            return;
        };
        namespace.state = NamespaceState::Leaving { until };
        let (id, name) = (namespace.id, namespace.name.clone());
        let events = namespace.buffered_events();
        namespace.buffer.clear();
        let pending_joins = core::mem::take(&mut namespace.pending_joins);
        let was_connected = core::mem::take(&mut namespace.was_connected);
        self.report_unsent(&name, events);
        self.fail_calls(id, reason);
        for id in pending_joins {
            self.push_action(Action::Settled(id, Err(why.clone())));
        }
        if was_connected {
            self.push_action(Action::DisconnectFinal(name));
        }
    }

    /// A namespace that the user leaves: the server is told if it knows of it.
    fn leave(&mut self, namespace: Namespace<W>) {
        self.remember_left(&namespace);
        if namespace.is_connected() {
            self.send_disconnect(&namespace);
        }
        self.end_namespace(namespace);
    }

    /// Events of a namespace that is left may still be on their way: if they are lost, it is reported by its name.
    pub(super) fn remember_left(&mut self, namespace: &Namespace<W>) {
        match self.engine() {
            Some(engine) if !engine.is_settled() => self.left_namespaces.push((namespace.id, namespace.name.clone())),
            _ => self.left_namespaces.clear(),
        }
    }

    pub(super) fn send_disconnect(&mut self, namespace: &Namespace<W>) {
        if let ConnectionState::Open(engine, _) = &mut self.connection {
            let payload = match namespace.disconnect_frames.as_slice() {
                [] => OutgoingPayload::Json(W::Text::from_ascii(""), Vec::new()),
                frames => OutgoingPayload::Encoded(frames.to_vec()),
            };
            // A server that takes not even a header learns of it by the end of the connection.
            let _ = engine.send(outgoing_packet(PacketType::Disconnect, namespace, None, payload, Tag::default()));
        }
    }

    /// A namespace that is no more, by the user's wish: its events, and the end of all that waits for it.
    pub(super) fn end_namespace(&mut self, namespace: Namespace<W>) {
        self.fail_calls(namespace.id, DisconnectReason::ClientDisconnect);
        if namespace.is_connected() {
            self.push_action(Action::Disconnected(namespace.name.clone(), DisconnectCause::Client));
        }
        for id in namespace.pending_joins {
            self.push_action(Action::Settled(id, Err(ConnectError::Disconnected(DisconnectReason::ClientDisconnect))));
        }
        if namespace.was_connected {
            self.push_action(Action::DisconnectFinal(namespace.name));
        }
    }

    /// The events that a namespace keeps will not be sent.
    pub(super) fn drop_events(&mut self, namespace: &Namespace<W>) {
        self.report_unsent(&namespace.name, namespace.buffered_events());
    }

    /// Counts lost events for the result of the pending `disconnect`. Returns false if there is none: they are reported then.
    pub(super) fn count_lost(&mut self, events: usize) -> bool {
        let is_pending = !self.pending_disconnects.is_empty();
        if is_pending {
            self.undelivered = self.undelivered.saturating_add(events);
        }
        is_pending
    }

    pub(super) fn report_unsent(&mut self, name: &W::Text, events: usize) {
        // Events for the next connection are no part of the end of this one.
        let is_for_next = matches!(self.connection, ConnectionState::Closing(_, Some(_)));
        if events > 0 && (is_for_next || !self.count_lost(events)) {
            self.push_action(Action::Lost(name.clone(), Loss::NotSent, events));
        }
    }
}

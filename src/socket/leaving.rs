//! Leaving namespaces and connections.

use super::commands::outgoing_packet;
use super::io::{Action, ConnectError, DisconnectCause, Loss, OutgoingPayload, RequestId};
use super::namespace::{Namespace, NamespaceState};
use super::{ConnectionState, Draining, Session, Tag};
use crate::protocol::{PacketType, Text, Wire};

impl<W: Wire> Session<W> {
    /// Leaves all namespaces, writes the queued packets, and closes. Stops reconnection. With `flush`, buffered events are sent
    /// first, if a connection is made within so many milliseconds. The answer is an [`Action::DisconnectDone`].
    pub fn disconnect(&mut self, now: u64, flush: Option<u64>) -> RequestId {
        self.notice_silence(now);
        self.is_status_stale = true;
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
            _ => self.disconnect_now(&DisconnectCause::Client),
        }
        id
    }

    /// Returns whether a `disconnect` with `flush` has nothing left to send.
    pub(super) fn is_drained(&self) -> bool {
        self.draining.is_some()
            && !self.is_idle()
            && !matches!(self.connection, ConnectionState::Closing(..))
            && self.unsent() == 0
    }

    /// Leaves all namespaces, writes the queued packets, and closes: because the user wants it, or because `connect` failed.
    pub(super) fn disconnect_now(&mut self, cause: &DisconnectCause<W>) {
        self.draining = None;
        let ended = || Err(ConnectError::Disconnected(cause.clone()));
        if let ConnectionState::Closing(_, next) = &mut self.connection
            && let Some((id, _)) = next.take()
        {
            self.push_action(Action::Settled(id, ended()));
        }
        for namespace in core::mem::take(&mut self.namespaces) {
            self.drop_events(&namespace);
            self.leave(namespace, cause);
        }
        self.settle_connect(ended());
        self.close();
    }

    /// Closes the connection, after the engine has written its messages.
    pub(super) fn close(&mut self) {
        let now = self.now;
        match core::mem::replace(&mut self.connection, ConnectionState::Idle) {
            ConnectionState::Open(mut engine, _) | ConnectionState::Opening(mut engine) => {
                engine.close(now);
                self.connection = ConnectionState::Closing(engine, None);
            }
            ConnectionState::Preparing(_) | ConnectionState::Waiting { .. } => self.on_connection_ended(),
            other => self.connection = other,
        }
    }

    /// Leaves one namespace; with the last one, the connection is closed. Packets that it has sent are still written.
    pub fn disconnect_namespace(&mut self, now: u64, name: &W::Text) {
        self.notice_silence(now);
        let Some(at) = self.namespaces.iter().position(|namespace| namespace.name == *name) else { return };
        if let Some(namespace) = self.namespaces.get_mut(at)
            && matches!(namespace.state, NamespaceState::Connecting { .. } | NamespaceState::Leaving { .. })
            && matches!(self.connection, ConnectionState::Open(..))
        {
            let cause = DisconnectCause::Client;
            self.leave_unanswered(at, &cause, &ConnectError::Disconnected(cause.clone()));
        } else {
            let namespace = self.namespaces.remove(at);
            self.drop_events(&namespace);
            self.leave(namespace, &DisconnectCause::Client);
        }
        if let ConnectionState::Closing(_, waiting) = &mut self.connection
            && let Some((id, next)) = waiting
        {
            next.namespaces.retain(|other| other != name);
            if self.namespaces.is_empty() {
                let id = *id;
                *waiting = None;
                self.push_action(Action::Settled(id, Err(ConnectError::Disconnected(DisconnectCause::Client))));
            }
        }
        self.settle();
    }

    /// Leaves a namespace whose CONNECT is unanswered, and ends everything that waits for it.
    pub(super) fn leave_unanswered(&mut self, at: usize, cause: &DisconnectCause<W>, why: &ConnectError<W>) {
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
        self.fail_calls(id, cause);
        for id in pending_joins {
            self.push_action(Action::Settled(id, Err(why.clone())));
        }
        if was_connected {
            self.push_action(Action::DisconnectFinal(name, cause.final_reason()));
        }
    }

    /// Removes a namespace that is left. If it is connected, a DISCONNECT is sent.
    fn leave(&mut self, namespace: Namespace<W>, cause: &DisconnectCause<W>) {
        self.remember_left(&namespace);
        if namespace.is_connected() {
            self.send_disconnect(&namespace);
        }
        self.end_namespace(namespace, cause);
    }

    /// Remembers the name of a namespace that is left, to report the loss of its events that are still on their way.
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
            // A server that does not even accept a header learns of it by the end of the connection.
            let _ = engine.send(outgoing_packet(PacketType::Disconnect, namespace, None, payload, Tag::default()));
        }
    }

    /// Reports the end of a namespace that is left, and ends everything that waits for it.
    pub(super) fn end_namespace(&mut self, namespace: Namespace<W>, cause: &DisconnectCause<W>) {
        self.fail_calls(namespace.id, cause);
        if namespace.is_connected() {
            // The client has left it, for whatever cause.
            self.push_action(Action::Disconnected(namespace.name.clone(), DisconnectCause::Client));
        }
        for id in namespace.pending_joins {
            self.push_action(Action::Settled(id, Err(ConnectError::Disconnected(cause.clone()))));
        }
        if namespace.was_connected {
            self.push_action(Action::DisconnectFinal(namespace.name, cause.final_reason()));
        }
    }

    /// Reports that the buffered events of a namespace will not be sent.
    pub(super) fn drop_events(&mut self, namespace: &Namespace<W>) {
        self.report_unsent(&namespace.name, namespace.buffered_events());
    }

    /// Counts lost events for the result of a pending `disconnect`. Returns false if there is none: the caller reports them.
    pub(super) fn count_lost(&mut self, events: usize) -> bool {
        let is_pending = !self.pending_disconnects.is_empty();
        if is_pending {
            self.undelivered = self.undelivered.saturating_add(events);
        }
        is_pending
    }

    pub(super) fn report_unsent(&mut self, name: &W::Text, events: usize) {
        // The end of this connection does not count the events that wait for the next one.
        let is_for_next = matches!(self.connection, ConnectionState::Closing(_, Some(_)));
        if events > 0 && (is_for_next || !self.count_lost(events)) {
            self.push_action(Action::Lost(name.clone(), Loss::NotSent, events));
        }
    }
}

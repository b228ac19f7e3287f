//! Packets from the server.

use super::io::{
    Action, CallError, CallId, ConnectError, DisconnectCause, FinalReason, IncomingPayload, Packet, Responder,
};
use super::namespace::{Namespace, NamespaceState};
use super::version::ImplicitConnect;
use super::{Codec, ConnectionState, Session, Tag};
use crate::engine::{TooLarge, TransportError};
use crate::protocol::{Header, Message, PacketType, ProtocolError, Text, Wire};

impl<W: Wire> Session<W> {
    pub(super) fn on_message(&mut self, message: Message<W>) {
        if !matches!(self.connection, ConnectionState::Open(..)) {
            return;
        }
        let taken = match self.codec {
            Codec::BuiltIn => {
                let packet = self.assembler.add(&message, &self.settings.engine.limits);
                packet.and_then(|packet| packet.map_or(Ok(()), |packet| self.on_packet(packet)))
            }
            // A parser is user code: the machine requests it, and waits.
            Codec::External | Codec::ExternalBusy if self.assembler.is_stopped() => Ok(()),
            Codec::External | Codec::ExternalBusy => {
                self.codec = Codec::ExternalBusy;
                return self.push_action(Action::Decode(message.into_frame()));
            }
        };
        if let Err(error) = taken {
            let text = match message {
                Message::Text(text) => Some(text.into_text()),
                Message::Bytes(_) => None,
            };
            self.fail_protocol(error, text);
        }
    }

    pub(super) fn on_decoded(&mut self, packets: Result<Vec<Packet<W>>, ProtocolError>) {
        if self.codec == Codec::ExternalBusy {
            self.codec = Codec::External;
        }
        let taken = packets.and_then(|packets| {
            packets.into_iter().try_for_each(|packet| match self.connection {
                ConnectionState::Open(..) => self.on_packet(packet),
                // The user has closed the connection while they were decoded.
                _ => Ok(()),
            })
        });
        if let Err(error) = taken {
            self.fail_protocol(error, None);
        }
    }

    /// Ends the connection because of a malformed packet. Data behind it is not trusted.
    fn fail_protocol(&mut self, error: ProtocolError, text: Option<W::Text>) {
        self.assembler.stop();
        let failure = match (error, text) {
            // 101 was the HTTP status of the websocket's handshake.
            (ProtocolError::MissingSid, Some(text)) if self.may_be_of_v3() => {
                TransportError::UnsupportedVersion(101, text)
            }
            (error, text) => TransportError::Protocol(error, text),
        };
        self.fail(failure);
    }

    fn on_packet(&mut self, packet: Packet<W>) -> Result<(), ProtocolError> {
        let is_listening = self.implicit_connect_deadline().is_some();
        self.dispatch(packet)?;
        if is_listening && matches!(self.connection, ConnectionState::Open(..)) {
            self.on_no_implicit_connect();
        }
        Ok(())
    }

    /// Handles a packet by its type. Packets of unknown namespaces are ignored: python-socketio sends some while a client leaves.
    fn dispatch(&mut self, packet: Packet<W>) -> Result<(), ProtocolError> {
        let Packet { header, payload } = packet;
        let is_root = header.namespace.is_none();
        let sid = sid_of(&header, &payload);
        match header.kind {
            PacketType::Connect if sid.is_none() && self.may_be_of_v3() => self.on_implicit_connect(is_root)?,
            PacketType::ConnectError | PacketType::Disconnect if is_root => {
                self.implicit_connect = ImplicitConnect::Over
            }
            _ => {}
        }
        let Some(at) = self.position(header.namespace.as_ref()) else { return Ok(()) };
        match header.kind {
            PacketType::Event => self.on_event(at, &header, payload),
            PacketType::Ack => self.on_ack(at, &header, payload),
            PacketType::Connect => return self.on_connected(at, sid),
            PacketType::ConnectError => self.on_refused(at, non_empty(payload)),
            PacketType::Disconnect => self.on_disconnected(at, payload),
        }
        Ok(())
    }

    fn on_event(&mut self, at: usize, header: &Header<W::Text>, payload: IncomingPayload<W>) {
        let attempt = self.attempt;
        let Some(namespace) = self.namespaces.get_mut(at) else { return };
        let responder = header.id.map(|id| Responder { namespace: namespace.id, attempt, id });
        match &mut namespace.state {
            NamespaceState::Connected { .. } => {
                let name = namespace.name.clone();
                self.push_action(Action::Event(name, payload, responder));
            }
            // python-socketio's connect handlers emit before the CONNECT is answered.
            NamespaceState::Connecting { early_events, .. } => early_events.push((payload, responder)),
            NamespaceState::Waiting { .. } | NamespaceState::Refused { .. } | NamespaceState::Leaving { .. } => {}
        }
    }

    fn on_ack(&mut self, at: usize, header: &Header<W::Text>, payload: IncomingPayload<W>) {
        let Some(namespace) = self.namespaces.get(at) else { return };
        if let Some(call) = header.id.map(CallId)
            && self.calls.end(call, Some(namespace.id))
        {
            self.push_action(Action::Acknowledged(call, payload));
        }
    }

    /// Connects `/` if the server has connected it by itself before it was requested.
    pub(super) fn use_implicit_connect(&mut self) {
        if self.implicit_connect == ImplicitConnect::Unused
            && let Some(at) = self
                .namespaces
                .iter()
                .position(|it| it.is_root && matches!(it.state, NamespaceState::Connecting { .. }))
        {
            self.implicit_connect = ImplicitConnect::Over;
            // In V3 the session id cannot be missing.
            let _ = self.on_connected(at, None);
        }
    }

    fn on_connected(&mut self, at: usize, sid: Option<W::Text>) -> Result<(), ProtocolError> {
        let sid = sid.or_else(|| self.sid_of_v3(&self.namespaces.get(at)?.name));
        let Some(namespace) = self.namespaces.get_mut(at) else { return Ok(()) };
        match core::mem::replace(&mut namespace.state, NamespaceState::Waiting { until: None }) {
            NamespaceState::Connecting { early_events, .. } => {
                let sid = sid.ok_or(ProtocolError::MissingSid)?;
                namespace.state = NamespaceState::Connected { sid };
                namespace.was_connected = true;
                namespace.refusals = 0;
                let attempts = core::mem::take(&mut self.attempts);
                let name = namespace.name.clone();
                let pending_joins = core::mem::take(&mut namespace.pending_joins);
                self.push_action(Action::Connected(name.clone()));
                if attempts > 0 {
                    self.push_action(Action::Reconnected(attempts));
                }
                for id in pending_joins {
                    self.push_action(Action::Settled(id, Ok(())));
                }
                for (payload, responder) in early_events {
                    self.push_action(Action::Event(name.clone(), payload, responder));
                }
                self.send_buffer(at);
                self.on_connect_answered();
            }
            NamespaceState::Leaving { .. } => {
                let namespace = self.namespaces.remove(at);
                self.send_disconnect(&namespace);
                self.on_connect_answered();
            }
            unexpected => namespace.state = unexpected,
        }
        Ok(())
    }

    /// Sends the buffered packets of a namespace, in order.
    fn send_buffer(&mut self, at: usize) {
        let (Some(namespace), ConnectionState::Open(engine, _)) = (self.namespaces.get_mut(at), &mut self.connection)
        else {
            return;
        };
        let mut dropped = Vec::new();
        for outgoing in namespace.buffer.drain(..) {
            let tag = outgoing.tag;
            if let Err(excess) = engine.send(outgoing) {
                dropped.push((tag, excess));
            }
        }
        for (tag, excess) in dropped {
            self.on_too_large(tag, excess);
        }
    }

    pub(super) fn on_too_large(&mut self, tag: Tag, excess: TooLarge) {
        if let Some(call) = tag.call
            && self.calls.end(call, None)
        {
            self.push_action(Action::CallFailed(call, CallError::TooLarge(excess)));
        }
        if !tag.is_awaited {
            self.count_lost(usize::from(tag.namespace_id > 0));
            let owner = self.namespaces.iter().find(|namespace| namespace.id == tag.namespace_id);
            let name = owner.or(self.namespaces.first()).map(|namespace| namespace.name.clone());
            let name = name.unwrap_or_else(|| W::Text::from_ascii("/"));
            self.push_action(Action::Dropped(name, excess));
        }
    }

    pub(super) fn on_refused(&mut self, at: usize, data: Option<IncomingPayload<W>>) {
        let Some(namespace) = self.namespaces.get_mut(at) else { return };
        match namespace.state {
            NamespaceState::Connecting { .. } => {}
            NamespaceState::Leaving { .. } => {
                self.namespaces.remove(at);
                return self.on_connect_answered();
            }
            // It was not requested: there is nothing to refuse.
            NamespaceState::Waiting { .. } | NamespaceState::Refused { .. } | NamespaceState::Connected { .. } => {
                return;
            }
        }
        let limit = self.settings.reconnection_attempts;
        let is_pending = self.pending_connect.as_ref().map(|pending| pending.retry && namespace.requested_by_connect);
        let again = self.retry_refused && is_pending.unwrap_or(self.settings.reconnection);
        if again && (limit == 0 || namespace.refusals < limit) {
            let delay = self.settings.backoff.delay(namespace.refusals, self.random);
            namespace.refusals = namespace.refusals.saturating_add(1);
            namespace.state = NamespaceState::Refused { retry_at: self.now.saturating_add(delay) };
            let name = namespace.name.clone();
            self.push_action(Action::Refused(name, data));
            return self.on_connect_answered();
        }
        let namespace = self.namespaces.remove(at);
        let name = namespace.name.clone();
        self.push_action(Action::Refused(name.clone(), data.clone()));
        self.fail_pending_joins(&namespace, &ConnectError::Refused(vec![name.clone()], data.clone()));
        if namespace.was_connected {
            self.push_action(Action::DisconnectFinal(name.clone(), FinalReason::ServerDisconnect));
        }
        if let Some(pending) = self.pending_connect.as_mut().filter(|_| namespace.requested_by_connect) {
            match &mut pending.failure {
                Some(ConnectError::Refused(names, _)) => names.push(name),
                Some(_) => {}
                none => *none = Some(ConnectError::Refused(vec![name], data)),
            }
        }
        self.on_connect_answered();
    }

    fn on_disconnected(&mut self, at: usize, payload: IncomingPayload<W>) {
        let Some(namespace) = self.namespaces.get(at) else { return };
        match namespace.state {
            NamespaceState::Connected { .. } => {
                let namespace = self.namespaces.remove(at);
                self.drop_unsent(&namespace);
                self.fail_calls(namespace.id, &DisconnectCause::Server(None));
                self.push_action(Action::Disconnected(
                    namespace.name.clone(),
                    DisconnectCause::Server(non_empty(payload)),
                ));
                self.push_action(Action::DisconnectFinal(namespace.name, FinalReason::ServerDisconnect));
                self.settle();
            }
            // Before the answer to CONNECT it is a refusal. python-socketio's `always_connect` refuses after it, with a payload.
            NamespaceState::Connecting { .. } => self.on_refused(at, non_empty(payload)),
            NamespaceState::Waiting { .. } | NamespaceState::Refused { .. } | NamespaceState::Leaving { .. } => {}
        }
    }

    /// Drops the unsent events of a namespace that the server has left: it no longer accepts them.
    fn drop_unsent(&mut self, namespace: &Namespace<W>) {
        let (mut events, id) = (0, namespace.id);
        if let Some(engine) = self.engine_mut() {
            engine.cancel_unsent(|tag| {
                let is_of_namespace = tag.namespace_id == id;
                events += usize::from(is_of_namespace && tag.is_event());
                is_of_namespace
            });
        }
        self.report_unsent(&namespace.name, events);
        self.remember_left(namespace);
    }

    /// Restarts the time for the other CONNECTs, since one was answered.
    fn on_connect_answered(&mut self) {
        self.earliest_connect_deadline = self.answer_deadline();
        self.settle();
    }

    /// Checks, after a namespace was connected or removed, if a pending `connect` is done and if any namespace is left.
    pub(super) fn settle(&mut self) {
        self.is_status_stale = true;
        // From the end, since servers answer in order.
        let unanswered =
            self.namespaces.iter().rev().any(|namespace| namespace.requested_by_connect && namespace.is_unanswered());
        if !unanswered && let Some(mut pending) = self.pending_connect.take() {
            if let Some(why) = pending.failure.take() {
                // Last, since nobody is to learn of the ends of the others in any other way.
                self.disconnect_now(&why.cause_for_others());
                return self.push_action(Action::Settled(pending.id, Err(why)));
            }
            self.pending_connect = Some(pending);
            let connected = self.namespaces.iter().any(Namespace::is_connected);
            let ended = Err(ConnectError::Disconnected(DisconnectCause::Client));
            self.settle_connect(if connected { Ok(()) } else { ended });
        }
        self.after_leaving();
    }

    /// Closes a connection that has no namespace left to serve.
    fn after_leaving(&mut self) {
        if self.namespaces.iter().all(Namespace::is_leaving) {
            self.namespaces.clear();
            self.close();
        }
    }
}

/// Returns the session id in a CONNECT packet.
fn sid_of<W: Wire>(header: &Header<W::Text>, payload: &IncomingPayload<W>) -> Option<W::Text> {
    match payload {
        _ if header.kind != PacketType::Connect => None,
        IncomingPayload::Json(json, _) => W::read_sid(&json.to_text()),
        IncomingPayload::Value(value) => W::sid_of(value),
    }
}

/// Returns the payload; `None` if it is the empty string.
fn non_empty<W: Wire>(payload: IncomingPayload<W>) -> Option<IncomingPayload<W>> {
    match payload {
        IncomingPayload::Json(json, _) if json.is_empty() => None,
        payload => Some(payload),
    }
}

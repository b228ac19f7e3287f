//! What the server sends.

use super::io::{Action, CallFailure, CallId, ConnectFailure, Packet, Parting, Payload, Reason, Responder};
use super::namespace::{Namespace, Stage};
use super::revision::Greeting;
use super::{Drain, Link, Session, Tag};
use crate::engine::{Failure, TooLarge};
use crate::protocol::{Bytes, Frame, Header, Kind, ProtocolError, Text, Wire};

impl<W: Wire> Session<W> {
    pub(super) fn message(&mut self, now: u64, frame: Frame<W>, actions: &mut Vec<Action<W>>) {
        if !matches!(self.link, Link::Open(..)) {
            return;
        }
        let taken = if self.parsed_outside {
            self.have_parsed(&frame, actions)
        } else {
            let packet = self.assembler.add(&frame, &self.settings.engine.limits);
            packet.and_then(|packet| packet.map_or(Ok(()), |packet| self.packet(now, packet, actions)))
        };
        if let Err(error) = taken {
            let text = match frame {
                Frame::Text(text) => Some(text),
                Frame::Bytes(_) => None,
            };
            self.give_up(now, error, text, actions);
        }
    }

    /// The user's parser is to read the frame, which may take user code: the machine asks for it, and waits.
    fn have_parsed(&mut self, frame: &Frame<W>, actions: &mut Vec<Action<W>>) -> Result<(), ProtocolError> {
        let size = match frame {
            Frame::Text(text) => text.len(),
            Frame::Bytes(bytes) => bytes.len(),
        };
        if size > self.settings.engine.limits.max_packet_size {
            return Err(ProtocolError::PacketTooLarge);
        }
        if !self.assembler.is_stopped() {
            self.drain = Drain::Parsing;
            actions.push(Action::Parse(frame.clone()));
        }
        Ok(())
    }

    pub(super) fn parsed(
        &mut self,
        now: u64,
        packets: Result<Vec<Packet<W>>, ProtocolError>,
        actions: &mut Vec<Action<W>>,
    ) {
        // What comes of the packets waits behind them.
        self.drain = Drain::Running;
        let taken = packets.and_then(|packets| {
            packets.into_iter().try_for_each(|packet| match self.link {
                Link::Open(..) => self.packet(now, packet, actions),
                // The user has closed the connection while they were parsed.
                _ => Ok(()),
            })
        });
        if let Err(error) = taken {
            self.give_up(now, error, None, actions);
        }
        self.drain = Drain::Idle;
        self.drain_engine(now, actions);
    }

    /// What came after a malformed packet is not trusted.
    fn give_up(&mut self, now: u64, error: ProtocolError, text: Option<W::Text>, actions: &mut Vec<Action<W>>) {
        self.assembler.stop();
        let failure = match (error, text) {
            // 101 is how the websocket was answered.
            (ProtocolError::MissingSid, Some(text)) if self.may_be_of_v3() => Failure::UnsupportedVersion(101, text),
            (error, text) => Failure::Protocol(error, text),
        };
        self.with_engine(now, actions, |engine, sink| engine.fail(failure, sink));
    }

    fn packet(&mut self, now: u64, packet: Packet<W>, actions: &mut Vec<Action<W>>) -> Result<(), ProtocolError> {
        let listening = self.listening_until().is_some();
        self.dispatch(now, packet, actions)?;
        if listening && matches!(self.link, Link::Open(..)) {
            self.listened(now, actions);
        }
        Ok(())
    }

    /// Packets of namespaces that nobody asked for are ignored: python-socketio sends some while a client leaves.
    fn dispatch(&mut self, now: u64, packet: Packet<W>, actions: &mut Vec<Action<W>>) -> Result<(), ProtocolError> {
        let Packet { header, payload } = packet;
        let root = header.namespace.is_none();
        let sid = sid_of(&header, &payload);
        match header.kind {
            Kind::Connect if sid.is_none() && self.may_be_of_v3() => self.greeted(now, root)?,
            Kind::ConnectError | Kind::Disconnect if root => self.greeting = Greeting::Over,
            _ => {}
        }
        let Some(at) = self.position(header.namespace.as_ref()) else { return Ok(()) };
        match header.kind {
            Kind::Event => self.event(at, &header, payload, actions),
            Kind::Ack => self.acknowledged(at, &header, payload, actions),
            Kind::Connect => return self.connected(now, at, sid, actions),
            Kind::ConnectError => self.refused(now, at, carried(payload), actions),
            Kind::Disconnect => self.disconnected(now, at, payload, actions),
        }
        Ok(())
    }

    fn event(&mut self, at: usize, header: &Header<W::Text>, payload: Payload<W>, actions: &mut Vec<Action<W>>) {
        let attempt = self.attempt;
        let Some(namespace) = self.namespaces.get_mut(at) else { return };
        let responder = header.id.map(|id| Responder { namespace: namespace.id, attempt, id });
        match &mut namespace.stage {
            Stage::Connected { .. } => actions.push(Action::Event(namespace.name.clone(), payload, responder)),
            // python-socketio's connect handlers emit before the CONNECT is answered.
            Stage::Connecting { held, .. } => held.push((payload, responder)),
            Stage::Waiting { .. } | Stage::Leaving => {}
        }
    }

    fn acknowledged(&mut self, at: usize, header: &Header<W::Text>, payload: Payload<W>, actions: &mut Vec<Action<W>>) {
        let Some(namespace) = self.namespaces.get(at) else { return };
        if let Some(call) = header.id.map(CallId)
            && self.calls.end(call, Some(namespace.id))
        {
            actions.push(Action::Acknowledged(call, payload));
        }
    }

    /// The server has connected `/` by itself before it was wanted.
    pub(super) fn use_greeting(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        if self.greeting == Greeting::Unused
            && let Some(at) =
                self.namespaces.iter().position(|it| it.root && matches!(it.stage, Stage::Connecting { .. }))
        {
            self.greeting = Greeting::Over;
            // In V3 no session id is missing.
            let _ = self.connected(now, at, None, actions);
        }
    }

    fn connected(
        &mut self,
        now: u64,
        at: usize,
        sid: Option<W::Text>,
        actions: &mut Vec<Action<W>>,
    ) -> Result<(), ProtocolError> {
        let sid = sid.or_else(|| self.sid_of_v3(&self.namespaces.get(at)?.name));
        let Some(namespace) = self.namespaces.get_mut(at) else { return Ok(()) };
        match core::mem::replace(&mut namespace.stage, Stage::Waiting { until: None }) {
            Stage::Connecting { held, .. } => {
                let sid = sid.ok_or(ProtocolError::MissingSid)?;
                namespace.stage = Stage::Connected { sid };
                namespace.greeted = true;
                let name = namespace.name.clone();
                actions.push(Action::Connected(name.clone()));
                if core::mem::take(&mut namespace.awaited) {
                    actions.push(Action::Settled(Some(name.clone()), Ok(())));
                }
                for (payload, responder) in held {
                    actions.push(Action::Event(name.clone(), payload, responder));
                }
                self.send_buffer(at, actions);
                self.answered(now, actions);
            }
            Stage::Leaving => {
                let namespace = self.namespaces.remove(at);
                self.say_disconnect(&namespace);
                self.answered(now, actions);
            }
            unexpected => namespace.stage = unexpected,
        }
        Ok(())
    }

    /// What was kept for a namespace goes out, in order.
    fn send_buffer(&mut self, at: usize, actions: &mut Vec<Action<W>>) {
        let (Some(namespace), Link::Open(engine, _)) = (self.namespaces.get_mut(at), &mut self.link) else { return };
        let mut dropped = Vec::new();
        for outgoing in namespace.buffer.drain(..) {
            let tag = outgoing.tag;
            self.wants_flush = true;
            if let Err(excess) = engine.send(outgoing) {
                dropped.push((tag, excess));
            }
        }
        for (tag, excess) in dropped {
            self.too_large(tag, excess, actions);
        }
    }

    pub(super) fn too_large(&mut self, tag: Tag, excess: TooLarge, actions: &mut Vec<Action<W>>) {
        match tag.call {
            Some(call) if self.calls.end(call, None) => {
                actions.push(Action::CallFailed(call, CallFailure::TooLarge(excess)));
            }
            _ => actions.push(Action::Dropped(excess)),
        }
    }

    pub(super) fn refused(&mut self, now: u64, at: usize, data: Option<Payload<W>>, actions: &mut Vec<Action<W>>) {
        let leaving = match self.namespaces.get(at).map(|namespace| &namespace.stage) {
            Some(Stage::Connecting { .. }) => false,
            Some(Stage::Leaving) => true,
            // A refusal of what was not asked.
            Some(Stage::Waiting { .. } | Stage::Connected { .. }) | None => return,
        };
        let namespace = self.namespaces.remove(at);
        if !leaving {
            let name = namespace.name;
            for (call, _) in self.calls.end_namespace(namespace.id, core::iter::empty()) {
                actions.push(Action::CallFailed(call, CallFailure::BadNamespace));
            }
            actions.push(Action::Refused(name.clone(), data.clone()));
            if namespace.awaited {
                let why = ConnectFailure::Refused(vec![name.clone()], data.clone());
                actions.push(Action::Settled(Some(name.clone()), Err(why)));
            }
            if namespace.greeted {
                actions.push(Action::Final(name.clone()));
            }
            if let Some(pending) = &mut self.pending_connect
                && namespace.asked
            {
                if pending.refused.is_empty() {
                    pending.data = data;
                }
                pending.refused.push(name);
            }
        }
        self.answered(now, actions);
    }

    fn disconnected(&mut self, now: u64, at: usize, payload: Payload<W>, actions: &mut Vec<Action<W>>) {
        let Some(namespace) = self.namespaces.get(at) else { return };
        match namespace.stage {
            Stage::Connected { .. } => {
                let namespace = self.namespaces.remove(at);
                self.fail_calls(namespace.id, Reason::ServerDisconnect, actions);
                actions.push(Action::Disconnected(namespace.name.clone(), Parting::Server(carried(payload))));
                actions.push(Action::Final(namespace.name));
                self.settle(now, actions);
            }
            // python-socketio's `always_connect` refuses so, after the CONNECT, with a payload; before it, it is a refusal.
            Stage::Connecting { .. } => self.refused(now, at, carried(payload), actions),
            Stage::Waiting { .. } | Stage::Leaving => {}
        }
    }

    /// A CONNECT was answered: the others are given their time anew.
    fn answered(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        self.answers_until = now.saturating_add(self.wait.unwrap_or(0));
        self.settle(now, actions);
    }

    /// A namespace was connected or is gone: a pending `connect` may be done, or nothing be left to serve.
    pub(super) fn settle(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        // From the end, for servers answer in order.
        let unanswered = self.namespaces.iter().rev().any(|namespace| namespace.asked && namespace.is_unanswered());
        let pending = self.pending_connect.take_if(|_| !unanswered);
        if let Some(pending) = pending {
            if !pending.refused.is_empty() {
                let why = ConnectFailure::Refused(pending.refused, pending.data);
                actions.push(Action::Settled(None, Err(why)));
                self.disconnect(now, actions);
                return;
            }
            let connected = self.namespaces.iter().any(Namespace::is_connected);
            let result = if connected { Ok(()) } else { Err(ConnectFailure::Disconnected(Reason::ClientDisconnect)) };
            actions.push(Action::Settled(None, result));
        }
        self.after_leaving(now, actions);
    }

    /// Closes a connection that has no namespace left to serve.
    fn after_leaving(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        if self.namespaces.iter().all(Namespace::is_leaving) {
            self.namespaces.clear();
            self.close(now, actions);
        }
    }
}

/// The session id that a CONNECT carries.
fn sid_of<W: Wire>(header: &Header<W::Text>, payload: &Payload<W>) -> Option<W::Text> {
    match payload {
        _ if header.kind != Kind::Connect => None,
        Payload::Json(json, _) => W::read_sid(json),
        Payload::Value(value) => W::sid_of(value),
    }
}

/// A payload, where it is more than the empty text of none.
fn carried<W: Wire>(payload: Payload<W>) -> Option<Payload<W>> {
    match payload {
        Payload::Json(json, _) if json.is_empty() => None,
        payload => Some(payload),
    }
}

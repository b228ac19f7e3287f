//! The commands of a user.

use super::io::{
    AckRequest, Action, CallError, CallId, CommandError, Connect, DisconnectCause, OutgoingPayload, RequestId,
    Responder, SendMode,
};
use super::namespace::{Namespace, NamespaceState};
use super::{Codec, ConnectionState, PendingConnect, Session, Status, Tag};
use crate::engine::{Engine, Event, Outgoing, Output, VersionPolicy};
use crate::protocol::{Frame, PacketType, Text, Wire, message_text};

impl<W: Wire> Session<W> {
    /// Selects whether a user-supplied parser encodes and decodes packets. To be called before the first `connect`.
    pub fn set_external_codec(&mut self, is_external: bool) {
        self.codec = if is_external { Codec::External } else { Codec::BuiltIn };
    }

    /// Returns the id of a call that is to be emitted. It need not be used.
    pub fn next_call(&mut self) -> CallId {
        self.calls.next_id()
    }

    /// Returns the namespace and the id for the acknowledgement of an event; `None` if the server no longer waits for it.
    pub fn ack_target(&self, responder: Responder) -> Option<(&W::Text, u64)> {
        let has_asked = |namespace: &&Namespace<W>| namespace.id == responder.namespace && namespace.is_connected();
        let namespace = self.namespaces.iter().find(has_asked).filter(|_| responder.attempt == self.attempt)?;
        Some((&namespace.name, responder.id))
    }

    /// Connects. While a lost connection is being made anew, the new request takes over, and buffered events stay. The answer is
    /// an [`Action::Settled`].
    pub fn connect(&mut self, now: u64, request: Connect<W>) -> Result<RequestId, CommandError> {
        self.now = now;
        self.is_status_stale = true;
        if self.pending_connect.is_some() || self.draining.is_some() {
            return Err(CommandError::AlreadyConnected);
        }
        match &self.connection {
            ConnectionState::Closing(_, None) => {
                // Events emitted from now on are for the next connection.
                self.add_namespaces(&request.namespaces);
                let id = self.next_request();
                if let ConnectionState::Closing(_, next) = &mut self.connection {
                    *next = Some((id, request));
                }
                return Ok(id);
            }
            ConnectionState::Closing(..) => return Err(CommandError::AlreadyConnected),
            ConnectionState::Open(..) if self.status() != Status::Reconnecting => {
                return Err(CommandError::AlreadyConnected);
            }
            ConnectionState::Idle
            | ConnectionState::Waiting { .. }
            | ConnectionState::Preparing(_)
            | ConnectionState::Opening(_)
            | ConnectionState::Open(..) => {}
        }
        self.drop_engine();
        let (requested, left) = core::mem::take(&mut self.namespaces)
            .into_iter()
            .partition(|namespace: &Namespace<W>| request.namespaces.contains(&namespace.name));
        self.namespaces = requested;
        for namespace in left {
            self.drop_events(&namespace);
            self.end_namespace(namespace, &DisconnectCause::Client);
        }
        let id = self.next_request();
        self.begin(id, request);
        Ok(id)
    }

    /// Drops the connection that is being made, because another one takes its place. Its end is not reported.
    fn drop_engine(&mut self) {
        self.remember_engine();
        if let Some(engine) = self.engine_mut() {
            engine.abort();
            while let Some(output) = self.engine_mut().and_then(Engine::poll_output) {
                match output {
                    Output::Action(action) => self.push_action(Action::Engine(action)),
                    Output::Event(Event::PossiblyLost(tags)) => self.on_possibly_lost(&tags),
                    Output::Event(_) => {}
                }
            }
            let unsent = self.engine_mut().map(Engine::take_unsent);
            self.take_back(unsent.into_iter().flatten());
        }
        self.connection = ConnectionState::Idle;
        self.namespaces.retain(|namespace| !namespace.is_leaving());
        for namespace in &mut self.namespaces {
            namespace.state = NamespaceState::Waiting { until: None };
        }
    }

    pub(super) fn begin(&mut self, id: RequestId, request: Connect<W>) {
        self.add_namespaces(&request.namespaces);
        self.transports = request.transports;
        self.version_policy = request.version.map_or(VersionPolicy::Unknown, VersionPolicy::Fixed);
        self.waits_for_namespaces = request.wait;
        self.wait_timeout = request.wait_timeout;
        self.retry_refused = request.retry_refused;
        self.attempts = 0;
        self.backoff_step = 0;
        self.pending_connect = Some(PendingConnect { id, retry: request.retry, failure: None });
        self.next_attempt();
    }

    /// Returns the error for an event to this namespace, if none can be emitted to it.
    pub fn emit_error(&self, name: &W::Text) -> Option<CommandError> {
        if self.is_closed_to_emits() {
            return Some(CommandError::NotConnected);
        }
        let is_known = self.namespaces.iter().any(|namespace| namespace.name == *name && !namespace.is_leaving());
        (!is_known).then_some(CommandError::BadNamespace)
    }

    /// Returns whether there is no connection for further events, and none is being made.
    fn is_closed_to_emits(&self) -> bool {
        self.draining.is_some() || matches!(self.connection, ConnectionState::Idle | ConnectionState::Closing(_, None))
    }

    /// Emits an event to a namespace; `None` is `/`. Its payload is the array of its name and arguments. With `ack`, it asks for an
    /// acknowledgement, and one outcome of the call will be reported. Returns false for a volatile event that is dropped.
    pub fn emit(
        &mut self,
        now: u64,
        name: Option<&W::Text>,
        payload: OutgoingPayload<W>,
        mode: SendMode,
        ack: Option<AckRequest>,
    ) -> Result<bool, CommandError> {
        self.notice_silence(now);
        if self.is_closed_to_emits() {
            return Err(CommandError::NotConnected);
        }
        let at = self.position(name).unwrap_or(usize::MAX);
        let is_connected = match self.namespaces.get(at) {
            Some(namespace) if !namespace.is_leaving() => namespace.is_connected(),
            _ => return Err(CommandError::BadNamespace),
        };
        let max_buffer = self.settings.max_buffer;
        let is_full = max_buffer < usize::MAX && self.unsent() >= max_buffer;
        match mode {
            SendMode::Volatile => {
                let is_writable = matches!(&self.connection, ConnectionState::Open(engine, _) if engine.is_writable());
                if !(is_connected && is_writable) || is_full {
                    return Ok(false);
                }
            }
            SendMode::Fail if !is_connected => return Err(CommandError::Connecting),
            SendMode::Fail | SendMode::Buffer if is_full => return Err(CommandError::BufferFull(max_buffer)),
            SendMode::Fail | SendMode::Buffer => {}
        }
        let Some(namespace) = self.namespaces.get_mut(at) else { return Ok(false) };
        let tag = Tag {
            namespace_id: namespace.id,
            call: ack.map(|ack| ack.call),
            is_awaited: ack.is_some_and(|ack| ack.is_awaited),
            mode,
        };
        let outgoing = outgoing_packet(PacketType::Event, namespace, tag.call.map(|call| call.0), payload, tag);
        match &mut self.connection {
            ConnectionState::Open(engine, _) if is_connected => {
                engine.send(outgoing).map_err(CommandError::TooLarge)?;
                self.has_new_volatile |= mode == SendMode::Volatile;
            }
            _ => namespace.buffer.push(outgoing),
        }
        if let Some(AckRequest { call, timeout, .. }) = ack {
            self.calls.start(call, tag.namespace_id, now, timeout);
        }
        Ok(true)
    }

    /// Answers an event that asked for an acknowledgement. The answer is dropped if its connection has ended: the server has
    /// forgotten the event.
    pub fn answer(&mut self, now: u64, responder: Responder, payload: OutgoingPayload<W>) {
        self.now = now;
        if responder.attempt != self.attempt {
            return;
        }
        let namespace = self.namespaces.iter().find(|namespace| namespace.id == responder.namespace);
        if let (ConnectionState::Open(engine, _), Some(namespace)) = (&mut self.connection, namespace)
            && namespace.is_connected()
        {
            let outgoing = outgoing_packet(PacketType::Ack, namespace, Some(responder.id), payload, Tag::default());
            if let Err(excess) = engine.send(outgoing) {
                let name = namespace.name.clone();
                self.push_action(Action::Dropped(name, excess));
            }
        }
    }

    /// Forgets a call, and takes its event back if that was not handed over. Returns whether it was pending.
    pub fn cancel(&mut self, call: CallId) -> bool {
        self.cancel_unsent(|other| other == call);
        self.calls.end(call, None)
    }

    /// Connects a further namespace. The answer is an [`Action::Settled`].
    pub fn connect_namespace(&mut self, now: u64, name: W::Text) -> Result<RequestId, CommandError> {
        self.now = now;
        if self.is_closed_to_emits() {
            return Err(CommandError::NotConnected);
        }
        let id = self.next_request();
        let attempt = self.attempt;
        let is_open = matches!(self.connection, ConnectionState::Open(..));
        let until = now.saturating_add(self.wait_timeout);
        // A namespace that was left because no answer came is requested anew: the answer may never come.
        let is_overdue =
            |namespace: &Namespace<W>| matches!(namespace.state, NamespaceState::Leaving { until } if now >= until);
        self.namespaces.retain(|namespace| namespace.name != name || !is_overdue(namespace));
        match self.namespace_mut(&name) {
            Some(namespace) if namespace.is_connected() => self.push_action(Action::Settled(id, Ok(()))),
            Some(namespace) => {
                namespace.pending_joins.push(id);
                if namespace.is_leaving() {
                    // The answer to its CONNECT is still to come, and connects it now.
                    namespace.state = NamespaceState::Connecting { until, early_events: Vec::new() };
                }
            }
            None => {
                let auth_until = is_open.then(|| now.saturating_add(self.settings.engine.request_timeout));
                let namespace = self.add_namespace(name.clone());
                namespace.pending_joins.push(id);
                namespace.state = NamespaceState::Waiting { until: auth_until };
                if is_open {
                    self.push_action(Action::Authenticate(attempt, vec![name]));
                }
            }
        }
        Ok(id)
    }

    /// Hands queued packets to the transport. If the connection turns out to be dead, they stay buffered.
    pub fn flush(&mut self, now: u64) {
        self.notice_silence(now);
        if let Some(engine) = self.engine_mut() {
            engine.flush(now);
        }
        self.drops_volatile |= core::mem::take(&mut self.has_new_volatile);
    }

    /// Drops the volatile events that the transport has not taken at the end of their turn, and fails their calls.
    pub(super) fn drop_volatile(&mut self) {
        let mut calls = Vec::new();
        if let Some(engine) = self.engine_mut() {
            engine.cancel_unsent(|tag| {
                let is_volatile = tag.mode == SendMode::Volatile;
                calls.extend(tag.call.filter(|_| is_volatile));
                is_volatile
            });
        }
        for call in calls {
            if self.calls.end(call, None) {
                self.push_action(Action::CallFailed(call, CallError::Dropped));
            }
        }
    }

    /// Takes back the events of the calls that `wanted` picks, if they were not handed over.
    pub(super) fn cancel_unsent(&mut self, wanted: impl Fn(CallId) -> bool) {
        for namespace in &mut self.namespaces {
            namespace.buffer.retain(|outgoing| !outgoing.tag.call.is_some_and(&wanted));
        }
        if let Some(engine) = self.engine_mut() {
            engine.cancel_unsent(|tag| tag.call.is_some_and(&wanted));
        }
    }

    fn add_namespaces(&mut self, names: &[W::Text]) {
        // Among none, none need be searched.
        let is_first = self.namespaces.is_empty();
        for name in names {
            if is_first || self.position(Some(name)).is_none() {
                self.last_found = self.namespaces.len();
                self.add_namespace(name.clone());
            }
            if let Some(namespace) = self.namespaces.get_mut(self.last_found) {
                namespace.requested_by_connect = true;
            }
        }
    }

    fn add_namespace(&mut self, name: W::Text) -> &mut Namespace<W> {
        self.last_namespace = self.last_namespace.wrapping_add(1).max(1);
        let namespace = Namespace::new(self.last_namespace, name);
        if self.namespaces.is_empty() {
            // Most clients have one namespace.
            self.namespaces.reserve_exact(1);
        }
        self.namespaces.push_mut(namespace)
    }
}

/// Creates a packet of a namespace for the engine.
pub(super) fn outgoing_packet<W: Wire>(
    kind: PacketType,
    namespace: &Namespace<W>,
    id: Option<u64>,
    payload: OutgoingPayload<W>,
    tag: Tag,
) -> Outgoing<W, Tag> {
    let outgoing = match payload {
        OutgoingPayload::Json(json, attachments) => {
            let count = u32::try_from(attachments.len()).unwrap_or(u32::MAX);
            let text = message_text(kind, count, namespace.wire_name(), id, &json);
            Outgoing::from_frames(tag, Frame::Text(text), attachments.into_iter().map(Frame::Bytes))
        }
        OutgoingPayload::Encoded(frames) => {
            let mut frames = frames.into_iter();
            // A parser that writes no frame is taken to mean an empty one.
            let first = frames.next().unwrap_or_else(|| Frame::Text(W::Text::from_ascii("")));
            Outgoing::new(tag, first, frames)
        }
    };
    match kind {
        PacketType::Connect => outgoing.connecting(),
        PacketType::Disconnect => outgoing.disconnecting(),
        _ => outgoing,
    }
}

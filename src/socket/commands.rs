//! What a user asks for.

use super::io::{Action, CallId, Connect, ConnectFailure, Content, Parting, Patience, Reason, Refusal, Responder};
use super::namespace::{Namespace, Stage};
use super::{Link, PendingConnect, Session, Tag};
use crate::engine::{Outgoing, Protocol};
use crate::protocol::{Frame, Kind, Text, Wire, message_text};

impl<W: Wire> Session<W> {
    /// Whether packets are written and read outside, by a parser of the user's: said before the first `connect`.
    pub fn set_parsed_outside(&mut self, outside: bool) {
        self.parsed_outside = outside;
    }

    /// The name of a call that is to be emitted; a name not used is not missed.
    pub fn next_call(&mut self) -> CallId {
        self.calls.next_id()
    }

    /// The namespace that is to answer, and the number of the question; `None` where nobody waits for the answer any more.
    pub fn question(&self, responder: Responder) -> Option<(&W::Text, u64)> {
        let asked = |namespace: &&Namespace<W>| namespace.id == responder.namespace && namespace.is_connected();
        let namespace = self.namespaces.iter().find(asked).filter(|_| responder.attempt == self.attempt)?;
        Some((&namespace.name, responder.id))
    }

    /// Connects. While a lost connection is being made anew, the new request takes over, and what is kept stays.
    pub fn connect(&mut self, now: u64, request: Connect<W>, actions: &mut Vec<Action<W>>) -> Result<(), Refusal> {
        if matches!(self.link, Link::Closing(_, None)) {
            // What is emitted from now on is for the next connection.
            self.add_namespaces(&request.namespaces);
        }
        match &mut self.link {
            Link::Closing(_, next @ None) => {
                *next = Some(request);
                return Ok(());
            }
            _ if self.pending_connect.is_some() => return Err(Refusal::AlreadyConnected),
            Link::Open(..) | Link::Closing(..) => return Err(Refusal::AlreadyConnected),
            Link::Idle | Link::Waiting(_) | Link::Preparing(_) => {}
            Link::Opening(engine) => {
                let mut sink = Vec::new();
                engine.close(now, &mut sink);
                self.remember_engine();
                // Its own end is of no interest any more; its requests are aborted.
                actions.extend(sink.into_iter().filter_map(|output| match output {
                    crate::engine::Output::Action(action) => Some(Action::Engine(action)),
                    crate::engine::Output::Event(_) => None,
                }));
            }
        }
        let (kept, left) = core::mem::take(&mut self.namespaces)
            .into_iter()
            .partition(|namespace: &Namespace<W>| request.namespaces.contains(&namespace.name));
        self.namespaces = kept;
        for namespace in left {
            self.abandon(namespace, actions);
        }
        self.begin(now, request, actions);
        Ok(())
    }

    pub(super) fn begin(&mut self, now: u64, request: Connect<W>, actions: &mut Vec<Action<W>>) {
        self.add_namespaces(&request.namespaces);
        self.transports = request.transports;
        self.protocol = request.revision.map_or(Protocol::Unknown, Protocol::Fixed);
        self.wait = request.wait;
        self.retries = 0;
        self.pending_connect = Some(PendingConnect { retry: request.retry, refused: Vec::new(), data: None });
        self.next_attempt(now, actions);
    }

    /// Why nothing can be emitted to a namespace, where that is so.
    pub fn refusal(&self, name: &W::Text) -> Option<Refusal> {
        if matches!(self.link, Link::Idle | Link::Closing(_, None)) {
            return Some(Refusal::NotConnected);
        }
        let known = self.namespaces.iter().any(|namespace| namespace.name == *name && !namespace.is_leaving());
        (!known).then_some(Refusal::BadNamespace)
    }

    /// Emits an event to a namespace, `None` being `/`; its content is the array of its name and arguments. With `answer`,
    /// its acknowledgement is awaited: that of this [`next_call`](Self::next_call), for so many milliseconds at most.
    /// Says whether it is.
    pub fn emit(
        &mut self,
        now: u64,
        name: Option<&W::Text>,
        content: Content<W>,
        patience: Patience,
        answer: Option<(CallId, Option<u64>)>,
        actions: &mut Vec<Action<W>>,
    ) -> Result<bool, Refusal> {
        self.notice_silence(now, actions);
        if matches!(self.link, Link::Idle | Link::Closing(_, None)) {
            return Err(Refusal::NotConnected);
        }
        let at = self.position(name).unwrap_or(usize::MAX);
        let is_connected = match self.namespaces.get(at) {
            Some(namespace) if !namespace.is_leaving() => namespace.is_connected(),
            _ => return Err(Refusal::BadNamespace),
        };
        let is_writable = matches!(&self.link, Link::Open(engine, _) if engine.is_writable());
        if !(is_connected && is_writable) {
            let max_buffer = self.settings.max_buffer;
            match patience {
                Patience::Volatile => return Ok(false),
                Patience::Refuse if !is_connected => return Err(Refusal::NotConnected),
                _ if max_buffer < usize::MAX && self.unsent() >= max_buffer => {
                    return Err(Refusal::BufferFull(max_buffer));
                }
                Patience::Refuse | Patience::Buffer => {}
            }
        }
        let Some(namespace) = self.namespaces.get_mut(at) else { return Ok(false) };
        let tag = Tag { keeper: namespace.id, call: answer.map(|(call, _)| call) };
        let outgoing = packet(Kind::Event, namespace, tag.call.map(|call| call.0), content, tag);
        match &mut self.link {
            Link::Open(engine, _) if is_connected => {
                engine.send(outgoing).map_err(Refusal::TooLarge)?;
                self.wants_flush = true;
            }
            _ => namespace.buffer.push(outgoing),
        }
        if let Some((call, timeout)) = answer {
            self.calls.begin(call, tag.keeper, now, timeout);
        }
        Ok(answer.is_some())
    }

    /// Answers an event that asked for an acknowledgement. An answer that comes after its connection is dropped: the
    /// server has forgotten the question.
    pub fn answer(&mut self, responder: Responder, content: Content<W>, actions: &mut Vec<Action<W>>) {
        if responder.attempt != self.attempt {
            return;
        }
        let namespace = self.namespaces.iter().find(|namespace| namespace.id == responder.namespace);
        if let (Link::Open(engine, _), Some(namespace)) = (&mut self.link, namespace)
            && namespace.is_connected()
        {
            let outgoing = packet(Kind::Ack, namespace, Some(responder.id), content, Tag::default());
            match engine.send(outgoing) {
                Ok(()) => self.wants_flush = true,
                Err(excess) => actions.push(Action::Dropped(excess)),
            }
        }
    }

    /// Forgets a call, and takes it back where it was not handed over. Says whether it was pending.
    pub fn cancel(&mut self, call: CallId) -> bool {
        self.withdraw(|other| other == call);
        self.calls.end(call, None)
    }

    /// Connects one more namespace. What comes of it is an [`Action::Settled`] with its name.
    pub fn connect_namespace(&mut self, now: u64, name: W::Text, actions: &mut Vec<Action<W>>) -> Result<(), Refusal> {
        if matches!(self.link, Link::Idle | Link::Closing(_, None)) {
            return Err(Refusal::NotConnected);
        }
        let attempt = self.attempt;
        let open = matches!(self.link, Link::Open(..));
        let until = self.wait.map(|wait| now.saturating_add(wait));
        match self.namespace_mut(&name) {
            Some(namespace) if namespace.is_connected() => actions.push(Action::Settled(Some(name), Ok(()))),
            Some(namespace) => {
                namespace.awaited = true;
                if namespace.is_leaving() {
                    // The answer to its CONNECT is still to come, and will now be welcome.
                    namespace.stage = Stage::Connecting { until, held: Vec::new() };
                }
            }
            None => {
                let auth_until = open.then(|| now.saturating_add(self.settings.engine.request_timeout));
                let namespace = self.add_namespace(name.clone());
                namespace.awaited = true;
                namespace.stage = Stage::Waiting { until: auth_until };
                if open {
                    actions.push(Action::Authenticate(attempt, vec![name]));
                }
            }
        }
        Ok(())
    }

    /// Leaves one namespace; the connection is closed with the last one. What it has sent is still written.
    pub fn disconnect_namespace(&mut self, now: u64, name: &W::Text, actions: &mut Vec<Action<W>>) {
        let Some(at) = self.namespaces.iter().position(|namespace| namespace.name == *name) else { return };
        if let Some(namespace) = self.namespaces.get_mut(at)
            && matches!(namespace.stage, Stage::Connecting { .. } | Stage::Leaving)
            && matches!(self.link, Link::Open(..))
        {
            self.leave_unanswered(
                at,
                Reason::ClientDisconnect,
                ConnectFailure::Disconnected(Reason::ClientDisconnect),
                actions,
            );
        } else {
            let namespace = self.namespaces.remove(at);
            self.leave(namespace, actions);
        }
        if let Link::Closing(_, waiting) = &mut self.link
            && let Some(next) = waiting
        {
            next.namespaces.retain(|other| other != name);
            if self.namespaces.is_empty() {
                *waiting = None;
                actions.push(Action::Settled(None, Err(ConnectFailure::Disconnected(Reason::ClientDisconnect))));
            }
        }
        self.settle(now, actions);
    }

    /// A namespace is left while its CONNECT is unanswered: nothing waits for it any more.
    pub(super) fn leave_unanswered(
        &mut self,
        at: usize,
        reason: Reason,
        why: ConnectFailure<W>,
        actions: &mut Vec<Action<W>>,
    ) {
        let Some(namespace) = self.namespaces.get_mut(at) else { return };
        namespace.stage = Stage::Leaving;
        namespace.buffer.clear();
        let (id, name) = (namespace.id, namespace.name.clone());
        let awaited = core::mem::take(&mut namespace.awaited);
        let greeted = core::mem::take(&mut namespace.greeted);
        self.fail_calls(id, reason, actions);
        if awaited {
            actions.push(Action::Settled(Some(name.clone()), Err(why)));
        }
        if greeted {
            actions.push(Action::Final(name));
        }
    }

    /// Leaves all namespaces, writes what was sent, and closes. Stops reconnection.
    pub fn disconnect(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        if let Link::Closing(_, next) = &mut self.link
            && next.take().is_some()
        {
            actions.push(Action::Settled(None, Err(ConnectFailure::Disconnected(Reason::ClientDisconnect))));
        }
        for namespace in core::mem::take(&mut self.namespaces) {
            self.leave(namespace, actions);
        }
        if self.pending_connect.take().is_some() {
            actions.push(Action::Settled(None, Err(ConnectFailure::Disconnected(Reason::ClientDisconnect))));
        }
        self.close(now, actions);
    }

    /// Hands what was sent to the transport, unless it is noticed to be dead: what was sent is then kept.
    pub fn flush(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        self.notice_silence(now, actions);
        self.wants_flush = false;
        self.with_engine(now, actions, |engine, sink| engine.flush(now, sink));
    }

    /// A namespace that the user leaves: the server is told where it knows of it.
    fn leave(&mut self, namespace: Namespace<W>, actions: &mut Vec<Action<W>>) {
        if namespace.is_connected() {
            self.say_disconnect(&namespace);
        }
        self.abandon(namespace, actions);
    }

    pub(super) fn say_disconnect(&mut self, namespace: &Namespace<W>) {
        if let Link::Open(engine, _) = &mut self.link {
            let content = match namespace.farewell.as_slice() {
                [] => Content::Json(W::Text::from_ascii(""), Vec::new()),
                frames => Content::Written(frames.to_vec()),
            };
            // A header alone is under every limit.
            let _ = engine.send(packet(Kind::Disconnect, namespace, None, content, Tag::default()));
            self.wants_flush = true;
        }
    }

    /// A namespace that is no more, by the user's wish: its events, and the end of all that waits for it.
    fn abandon(&mut self, namespace: Namespace<W>, actions: &mut Vec<Action<W>>) {
        self.fail_calls(namespace.id, Reason::ClientDisconnect, actions);
        if namespace.is_connected() {
            actions.push(Action::Disconnected(namespace.name.clone(), Parting::Client));
        }
        if namespace.awaited {
            actions.push(Action::Settled(
                Some(namespace.name.clone()),
                Err(ConnectFailure::Disconnected(Reason::ClientDisconnect)),
            ));
        }
        if namespace.greeted {
            actions.push(Action::Final(namespace.name));
        }
    }

    /// Takes back the calls that `wanted` picks, where they were not handed over.
    pub(super) fn withdraw(&mut self, wanted: impl Fn(CallId) -> bool) {
        for namespace in &mut self.namespaces {
            namespace.buffer.retain(|outgoing| !outgoing.tag.call.is_some_and(&wanted));
        }
        if let Some(engine) = self.engine_mut() {
            engine.withdraw(|tag| tag.call.is_some_and(&wanted));
        }
    }

    fn add_namespaces(&mut self, names: &[W::Text]) {
        // Among none, none need be looked for.
        let none = self.namespaces.is_empty();
        for name in names {
            if none || self.position(Some(name)).is_none() {
                self.found = self.namespaces.len();
                self.add_namespace(name.clone());
            }
            if let Some(namespace) = self.namespaces.get_mut(self.found) {
                namespace.asked = true;
            }
        }
    }

    fn add_namespace(&mut self, name: W::Text) -> &mut Namespace<W> {
        self.last_namespace = self.last_namespace.wrapping_add(1).max(1);
        let namespace = Namespace::new(self.last_namespace, name);
        if self.namespaces.is_empty() {
            // Most clients have one.
            self.namespaces.reserve_exact(1);
        }
        self.namespaces.push_mut(namespace)
    }
}

/// A packet of a namespace, ready for the engine.
pub(super) fn packet<W: Wire>(
    kind: Kind,
    namespace: &Namespace<W>,
    id: Option<u64>,
    content: Content<W>,
    tag: Tag,
) -> Outgoing<W, Tag> {
    let outgoing = match content {
        Content::Json(json, attachments) => {
            let count = u32::try_from(attachments.len()).unwrap_or(u32::MAX);
            let text = message_text(kind, count, namespace.wire_name(), id, &json);
            Outgoing::framed(tag, Frame::Text(text), attachments.into_iter().map(Frame::Bytes))
        }
        Content::Written(frames) => {
            let mut frames = frames.into_iter();
            // A parser that writes nothing is taken at its word, as far as a frame can be empty.
            let first = frames.next().unwrap_or_else(|| Frame::Text(W::Text::from_ascii("")));
            Outgoing::new(tag, first, frames)
        }
    };
    match kind {
        Kind::Connect => outgoing.greeting(),
        Kind::Disconnect => outgoing.apart(),
        _ => outgoing,
    }
}

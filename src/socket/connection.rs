//! The life of a connection: an attempt, its success, its loss, the next attempt.

use super::assembler::Assembler;
use super::io::{Action, Attempt, CallFailure, ConnectFailure, Parting, Reason};
use super::namespace::{Namespace, Stage};
use super::{Drain, Link, Session, Tag};
use crate::engine::{self, Endpoints, Engine, Event, Failure, Output, Transport};
use crate::protocol::{ProtocolError, Wire};

impl<W: Wire> Session<W> {
    pub(super) fn next_attempt(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        self.attempt = Attempt(self.attempt.0.wrapping_add(1));
        self.link = Link::Preparing(now.saturating_add(self.settings.engine.request_timeout));
        actions.push(Action::Prepare(self.attempt));
    }

    /// Whether what an attempt needs of the user is still awaited.
    pub fn is_preparing(&self, attempt: Attempt) -> bool {
        matches!(self.link, Link::Preparing(_)) && attempt == self.attempt
    }

    pub(super) fn prepared(
        &mut self,
        now: u64,
        attempt: Attempt,
        endpoints: Endpoints<W::Text>,
        random: f64,
        actions: &mut Vec<Action<W>>,
    ) {
        if !self.is_preparing(attempt) {
            return;
        }
        self.random = random;
        let config = engine::Config { transports: self.transports, protocol: self.protocol, ..self.settings.engine };
        let engine = Engine::open(config, endpoints, self.last_transport, now, &mut self.sink);
        self.link = Link::Opening(engine);
        self.drain_engine(now, actions);
    }

    pub(super) fn preparation_failed(&mut self, now: u64, attempt: Attempt, random: f64, actions: &mut Vec<Action<W>>) {
        if self.is_preparing(attempt) {
            self.random = random;
            self.attempt_failed(now, Failure::Preparation, actions);
        }
    }

    /// Takes what the engine says, and what it says to that, in the order in which it does.
    pub(super) fn drain_engine(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        // What a step in the middle adds waits for its turn: an abort must not overtake the request it names.
        if core::mem::replace(&mut self.drain, Drain::Running) != Drain::Idle {
            return;
        }
        while !self.sink.is_empty() {
            let mut outputs = core::mem::take(&mut self.sink);
            let mut waiting = outputs.drain(..);
            for output in waiting.by_ref() {
                match output {
                    Output::Action(action) => actions.push(Action::Engine(action)),
                    Output::Event(event) => self.engine_event(now, event, actions),
                }
                if self.drain == Drain::Parsing {
                    break;
                }
            }
            if self.drain == Drain::Parsing {
                let behind = core::mem::take(&mut self.sink);
                self.sink = waiting.chain(behind).collect();
                return;
            }
            drop(waiting);
            if self.sink.is_empty() {
                self.sink = outputs;
            }
        }
        self.drain = Drain::Idle;
    }

    fn engine_event(&mut self, now: u64, event: Event<W, Tag>, actions: &mut Vec<Action<W>>) {
        match event {
            Event::Message(frame) => self.message(now, frame, actions),
            Event::Opened(handshake) => self.opened(now, handshake.max_payload, actions),
            Event::Upgraded => {
                self.last_used = Some(Transport::WebSocket);
                actions.push(Action::Upgraded);
            }
            Event::TooLarge(tag, excess) => self.too_large(tag, excess, actions),
            Event::Closed(failure) => self.engine_closed(now, failure, actions),
        }
    }

    fn opened(&mut self, now: u64, max_payload: Option<usize>, actions: &mut Vec<Action<W>>) {
        match core::mem::replace(&mut self.link, Link::Idle) {
            Link::Opening(engine) => self.link = Link::Open(engine, now),
            other => {
                self.link = other;
                return;
            }
        }
        self.last_used = self.engine().and_then(Engine::transport);
        self.assembler = Assembler::new();
        self.answers_until = 0;
        for namespace in &mut self.namespaces {
            namespace.stage = Stage::Waiting { until: None };
        }
        self.await_greeting(now, max_payload, actions);
        if self.wait.is_none() && self.pending_connect.take().is_some() {
            actions.push(Action::Settled(None, Ok(())));
        }
    }

    pub(super) fn malformed(
        &mut self,
        now: u64,
        error: ProtocolError,
        text: Option<W::Text>,
        actions: &mut Vec<Action<W>>,
    ) {
        // It came on an open connection: one that was lost meanwhile, or is being closed, needs no failure more.
        if !matches!(self.link, Link::Open(..)) {
            return;
        }
        let failure = Failure::Protocol(error, text);
        self.with_engine(now, actions, |engine, sink| engine.fail(failure, sink));
    }

    fn engine_closed(&mut self, now: u64, failure: Option<Failure<W>>, actions: &mut Vec<Action<W>>) {
        self.remember_engine();
        match core::mem::replace(&mut self.link, Link::Idle) {
            Link::Closing(_, Some(next)) => {
                actions.push(Action::Ended);
                self.begin(now, next, actions);
            }
            Link::Closing(_, None) => actions.push(Action::Ended),
            Link::Opening(_) => match failure {
                Some(failure) => self.attempt_failed(now, failure, actions),
                None => actions.push(Action::Ended),
            },
            Link::Open(engine, since) => {
                let failure = failure.unwrap_or(Failure::ServerClosed);
                self.lost(now, engine, since, failure, actions);
            }
            other => self.link = other,
        }
    }

    /// The connection is gone. What was never handed over goes back to its namespace; what was handed over and not
    /// answered will not be answered any more.
    fn lost(
        &mut self,
        now: u64,
        mut engine: Engine<W, Tag>,
        since: u64,
        failure: Failure<W>,
        actions: &mut Vec<Action<W>>,
    ) {
        self.wants_flush = false;
        self.namespaces.retain(|namespace| !namespace.is_leaving());
        for outgoing in engine.take_unsent() {
            let keeper = outgoing.tag.keeper;
            if let Some(namespace) = self.namespaces.iter_mut().find(|namespace| namespace.id == keeper) {
                // Its own buffer was emptied into the engine when it was connected: the order is kept.
                namespace.buffer.push(outgoing);
            }
        }
        for namespace in &mut self.namespaces {
            let was_connected = namespace.is_connected();
            namespace.stage = Stage::Waiting { until: None };
            let kept = namespace.buffer.iter().filter_map(|outgoing| outgoing.tag.call);
            let failed = self.calls.end_namespace(namespace.id, kept);
            let why = CallFailure::Disconnected(Reason::TransportError);
            actions.extend(failed.into_iter().map(|(call, _)| Action::CallFailed(call, why.clone())));
            if was_connected {
                actions.push(Action::Disconnected(namespace.name.clone(), Parting::Lost(failure.clone())));
            } else if self.pending_connect.is_none() {
                // One that is to be connected again, and was not answered; those of a pending connect() are told below.
                actions.push(Action::AttemptFailed(namespace.name.clone(), failure.clone()));
            }
        }
        // A connection that did not stay up counts as a failed attempt: a peer that breaks each one is not hammered.
        if now.saturating_sub(since) >= self.settings.backoff.delay_max {
            self.retries = 0;
        }
        if self.pending_connect.is_some() {
            self.attempt_failed(now, failure, actions);
        } else {
            self.wait_for_next_attempt(now, self.settings.reconnection, None, actions);
        }
    }

    fn attempt_failed(&mut self, now: u64, failure: Failure<W>, actions: &mut Vec<Action<W>>) {
        for namespace in &self.namespaces {
            actions.push(Action::AttemptFailed(namespace.name.clone(), failure.clone()));
        }
        let again = match &self.pending_connect {
            Some(pending) => pending.retry,
            None => self.settings.reconnection,
        };
        self.wait_for_next_attempt(now, again, Some(failure), actions);
    }

    fn wait_for_next_attempt(
        &mut self,
        now: u64,
        again: bool,
        failure: Option<Failure<W>>,
        actions: &mut Vec<Action<W>>,
    ) {
        let attempts = self.settings.reconnection_attempts;
        let left = attempts == 0 || self.retries < attempts;
        if again && left {
            let delay = self.settings.backoff.delay(self.retries, self.random);
            self.retries = self.retries.saturating_add(1);
            self.link = Link::Waiting(now.saturating_add(delay));
            return;
        }
        self.link = Link::Idle;
        let first = self.pending_connect.take();
        let had_retries = again || first.is_none();
        for namespace in core::mem::take(&mut self.namespaces) {
            self.fail_calls(namespace.id, Reason::TransportError, actions);
            if namespace.awaited {
                actions.push(Action::Settled(
                    Some(namespace.name.clone()),
                    Err(ConnectFailure::Disconnected(Reason::TransportError)),
                ));
            }
            if had_retries || namespace.greeted {
                actions.push(Action::Final(namespace.name));
            }
        }
        if first.is_some() {
            let why = failure.map_or(ConnectFailure::Disconnected(Reason::TransportError), ConnectFailure::Failed);
            actions.push(Action::Settled(None, Err(why)));
        }
        actions.push(Action::Ended);
    }

    /// By the user's wish: the engine writes what it has, and closes.
    pub(super) fn close(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        match core::mem::replace(&mut self.link, Link::Idle) {
            Link::Open(engine, _) => {
                self.link = Link::Closing(engine, None);
                self.wants_flush = false;
                self.with_engine(now, actions, |engine, sink| engine.close(now, sink));
            }
            Link::Opening(engine) => {
                self.link = Link::Opening(engine);
                self.with_engine(now, actions, |engine, sink| engine.close(now, sink));
            }
            Link::Preparing(_) | Link::Waiting(_) => actions.push(Action::Ended),
            other => self.link = other,
        }
    }

    pub(super) fn tick(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        let expired = self.calls.expired(now);
        if !expired.is_empty() {
            self.withdraw(|call| expired.binary_search_by_key(&call, |(expired, _)| *expired).is_ok());
        }
        for (call, timeout) in expired {
            actions.push(Action::CallFailed(call, CallFailure::Timeout(timeout)));
        }
        if self.listening_until().is_some_and(|until| now >= until) {
            self.listened(now, actions);
        }
        self.notice_unprepared(now, actions);
        self.notice_unanswered(now, actions);
        if let Link::Waiting(until) = self.link
            && now >= until
        {
            self.next_attempt(now, actions);
        }
        self.with_engine(now, actions, |engine, sink| engine.tick(now, sink));
    }

    /// Before a user's command: a timer that a browser has throttled may not have told yet that the connection is dead.
    pub(super) fn notice_silence(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        if let Link::Open(engine, _) = &self.link
            && engine.deadline().is_some_and(|deadline| now >= deadline)
        {
            self.with_engine(now, actions, |engine, sink| engine.tick(now, sink));
        }
    }

    /// The user's functions for url, headers and auth that are not done in time.
    fn notice_unprepared(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        let failure = Failure::PreparationTimeout(self.settings.engine.request_timeout);
        match self.link {
            Link::Preparing(until) if now >= until => {
                // What they may still come to is for no attempt any more.
                self.attempt = Attempt(self.attempt.0.wrapping_add(1));
                self.attempt_failed(now, failure, actions);
            }
            Link::Open(..) => {
                let overdue = self.namespaces.iter().filter(
                    |namespace| matches!(namespace.stage, Stage::Waiting { until: Some(until) } if now >= until),
                );
                let names: Vec<_> = overdue.map(|namespace| namespace.name.clone()).collect();
                if !names.is_empty() {
                    self.authentication_failed(now, self.attempt, &names, failure, actions);
                }
            }
            _ => {}
        }
    }

    /// Namespaces whose CONNECT was not answered in time.
    fn notice_unanswered(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        let overdue = |namespace: &Namespace<W>| matches!(namespace.stage, Stage::Connecting { until: Some(until), .. } if now >= until);
        if now < self.answers_until || !self.namespaces.iter().any(overdue) {
            return;
        }
        let wait = self.wait.unwrap_or(0);
        let asked = |namespace: &&Namespace<W>| self.pending_connect.is_some() && namespace.asked;
        if self.namespaces.iter().filter(asked).any(overdue) {
            let names = self.namespaces.iter().filter(|namespace| namespace.asked && namespace.is_unanswered());
            let names = names.map(|namespace| namespace.name.clone()).collect();
            self.pending_connect = None;
            actions.push(Action::Settled(None, Err(ConnectFailure::Timeout(wait, names))));
            self.disconnect(now, actions);
            return;
        }
        let mut reconnecting = false;
        for at in 0..self.namespaces.len() {
            let Some(namespace) = self.namespaces.get(at).filter(|namespace| overdue(namespace)) else { continue };
            if namespace.awaited {
                let why = ConnectFailure::Timeout(wait, vec![namespace.name.clone()]);
                self.leave_unanswered(at, Reason::TransportError, why, actions);
            } else {
                reconnecting = true;
            }
        }
        if reconnecting {
            let transport = self.transport().unwrap_or(Transport::Polling);
            self.with_engine(now, actions, |engine, sink| {
                engine.fail(Failure::RequestTimeout(transport, wait), sink);
            });
        } else {
            self.settle(now, actions);
        }
    }

    pub(super) fn fail_calls(&mut self, namespace: u32, reason: Reason, actions: &mut Vec<Action<W>>) {
        let failed = self.calls.end_namespace(namespace, core::iter::empty());
        let why = CallFailure::Disconnected(reason);
        actions.extend(failed.into_iter().map(|(call, _)| Action::CallFailed(call, why.clone())));
    }

    pub(super) fn remember_engine(&mut self) {
        if let Some(engine) = self.engine() {
            self.last_transport = engine.last_id();
        }
    }
}

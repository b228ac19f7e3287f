//! The life of a connection: an attempt, its success, its loss, the next attempt.

use super::assembler::Assembler;
use super::backoff::LEAST_DELAY;
use super::io::{Action, Attempt, CallError, ConnectError, Delay, DisconnectCause, FinalReason, Loss, SendMode};
use super::namespace::NamespaceState;
use super::{ConnectionState, Session, Tag, WaitNotice};
use crate::engine::{self, Endpoints, Engine, Event, Outgoing, Transport, TransportError, Transports};
use crate::protocol::{ProtocolError, Wire};

impl<W: Wire> Session<W> {
    pub(super) fn next_attempt(&mut self) {
        self.attempt = Attempt(self.attempt.0.wrapping_add(1));
        self.connection = ConnectionState::Preparing(self.now.saturating_add(self.settings.engine.request_timeout));
        self.push_action(Action::Prepare(self.attempt));
    }

    /// Returns whether this attempt still waits for url and headers from the user.
    pub fn is_preparing(&self, attempt: Attempt) -> bool {
        matches!(self.connection, ConnectionState::Preparing(_)) && attempt == self.attempt
    }

    pub(super) fn on_prepared(&mut self, attempt: Attempt, endpoints: Endpoints<W::Text>, random: f64) {
        if !self.is_preparing(attempt) {
            return;
        }
        self.random = random;
        let config =
            engine::Config { transports: self.transports, version_policy: self.version_policy, ..self.settings.engine };
        self.connection = ConnectionState::Opening(Engine::open(config, endpoints, self.last_transport_id, self.now));
    }

    pub(super) fn on_preparation_failed(&mut self, attempt: Attempt, random: f64) {
        if self.is_preparing(attempt) {
            self.random = random;
            self.on_attempt_failed(TransportError::Preparation);
        }
    }

    pub(super) fn on_engine_event(&mut self, event: Event<W, Tag>) {
        self.is_status_stale |= matches!(event, Event::Opened(_) | Event::Closed(_));
        match event {
            Event::Message(message) => self.on_message(message),
            Event::Opened(handshake) => self.on_opened(handshake.max_payload),
            Event::Upgraded => {
                self.last_transport = Some(Transport::WebSocket);
                self.push_action(Action::Upgraded);
            }
            Event::TooLarge(tag, excess) => self.on_too_large(tag, excess),
            Event::PossiblyLost(tags) => self.on_possibly_lost(&tags),
            Event::Closed(failure) => self.on_engine_closed(failure),
        }
    }

    fn on_opened(&mut self, max_payload: Option<usize>) {
        match core::mem::replace(&mut self.connection, ConnectionState::Idle) {
            ConnectionState::Opening(engine) => self.connection = ConnectionState::Open(engine, self.now),
            other => {
                self.connection = other;
                return;
            }
        }
        self.last_transport = self.engine().and_then(Engine::transport);
        self.assembler = Assembler::new();
        self.left_namespaces.clear();
        self.earliest_connect_deadline = 0;
        for namespace in &mut self.namespaces {
            namespace.state = NamespaceState::Waiting { until: None };
        }
        self.await_implicit_connect(max_payload);
        if !self.waits_for_namespaces {
            self.settle_connect(Ok(()));
        }
    }

    pub(super) fn on_malformed(&mut self, error: ProtocolError, text: Option<W::Text>) {
        // The payload came on an open connection. If that was lost meanwhile, or is being closed, it needs no further failure.
        if matches!(self.connection, ConnectionState::Open(..)) {
            self.fail(TransportError::Protocol(error, text));
        }
    }

    /// Drops the connection because the platform is offline, before its silence is noticed. Attempts go on, since a platform may
    /// be wrong, or the server may be on the same machine.
    pub(super) fn on_offline(&mut self) {
        let now = self.now;
        if let ConnectionState::Opening(engine) | ConnectionState::Open(engine, _) = &mut self.connection {
            engine.handle_offline(now);
        }
    }

    /// Makes the next attempt at once, because the platform is online again.
    pub(super) fn on_online(&mut self) {
        if matches!(self.connection, ConnectionState::Waiting { .. }) {
            self.backoff_step = 0;
            self.next_attempt();
        }
    }

    fn on_engine_closed(&mut self, failure: Option<TransportError<W>>) {
        self.remember_engine();
        match core::mem::replace(&mut self.connection, ConnectionState::Idle) {
            ConnectionState::Closing(mut engine, next) => {
                let tags = engine.take_unsent().into_iter().map(|outgoing| outgoing.tag);
                let namespace_ids: Vec<u32> = tags.filter(Tag::is_event).map(|tag| tag.namespace_id).collect();
                self.report_loss(Loss::NotSent, &namespace_ids);
                self.on_connection_ended();
                if let Some((id, next)) = next {
                    self.begin(id, next);
                }
            }
            ConnectionState::Opening(_) => match failure {
                Some(failure) => {
                    if failure.may_hide_version_refusal() {
                        self.version_policy = self.version_policy.after_failure();
                    }
                    self.on_attempt_failed(failure);
                }
                None => self.on_connection_ended(),
            },
            ConnectionState::Open(engine, since) => {
                self.on_connection_lost(engine, since, failure.unwrap_or(TransportError::ServerClosed))
            }
            other => self.connection = other,
        }
    }

    /// Ends the session, and with it every pending `disconnect`.
    pub(super) fn on_connection_ended(&mut self) {
        self.draining = None;
        self.push_action(Action::Ended);
        let unsent = core::mem::take(&mut self.undelivered);
        for id in core::mem::take(&mut self.pending_disconnects) {
            self.push_action(Action::DisconnectDone(id, unsent));
        }
    }

    /// Handles the loss of a connection. Packets that were never handed over return to their namespace; calls that were handed
    /// over and not answered fail.
    fn on_connection_lost(&mut self, mut engine: Engine<W, Tag>, since: u64, failure: TransportError<W>) {
        self.namespaces.retain(|namespace| !namespace.is_leaving());
        // An upgrade that was cut off has caused this, and the next one might be cut off as well.
        let upgrade_failed =
            matches!(failure, TransportError::EmptyPolls(_)) && self.transports == Transports::PollingThenWebSocket;
        if upgrade_failed {
            self.transports = Transports::Polling;
        }
        self.take_back(engine.take_unsent());
        for namespace in &mut self.namespaces {
            let was_connected = namespace.is_connected();
            namespace.state = NamespaceState::Waiting { until: None };
            let unsent = namespace.buffer.iter().filter_map(|outgoing| outgoing.tag.call);
            let failed = self.calls.end_namespace(namespace.id, unsent);
            for (call, _) in failed {
                let why = CallError::Disconnected(DisconnectCause::Lost(failure.clone()));
                self.outputs.push(Action::CallFailed(call, why));
            }
            if was_connected {
                self.outputs.push(Action::Disconnected(namespace.name.clone(), DisconnectCause::Lost(failure.clone())));
            } else if self.pending_connect.is_none() {
                // It was to be connected again, and was not answered. Those of a pending `connect` are reported below.
                self.outputs.push(Action::AttemptFailed(namespace.name.clone(), failure.clone()));
            }
        }
        // A connection that did not stay up counts for the delay: a peer that breaks each one is not flooded with attempts.
        if self.now.saturating_sub(since) >= self.settings.backoff.delay_max {
            self.backoff_step = 0;
        }
        if self.pending_connect.is_some() && upgrade_failed {
            // Polling alone is the next transport of the same attempt.
            for namespace in &self.namespaces {
                self.outputs.push(Action::AttemptFailed(namespace.name.clone(), failure.clone()));
            }
            self.next_attempt();
        } else if self.pending_connect.is_some() {
            self.on_attempt_failed(failure);
        } else {
            self.wait_for_next_attempt(self.settings.reconnection, failure);
        }
    }

    /// Takes the packets that a past connection has not handed over: they are buffered for the next one, or reported as lost.
    pub(super) fn take_back(&mut self, unsent: impl IntoIterator<Item = Outgoing<W, Tag>>) {
        let mut lost = Vec::new();
        for outgoing in unsent {
            let Tag { namespace_id, call, mode, .. } = outgoing.tag;
            let namespace = self.namespaces.iter_mut().find(|namespace| namespace.id == namespace_id);
            match (mode, namespace) {
                // The call was over before the request that carried it turned out to be unread.
                _ if call.is_some_and(|call| !self.calls.is_pending(call)) => {}
                (SendMode::Volatile, _) => {}
                // The order stays: the namespace's own buffer was emptied into the engine when it was connected.
                (SendMode::Buffer, Some(namespace)) => namespace.buffer.push(outgoing),
                // It was accepted for this connection alone, or its namespace was left.
                _ if outgoing.tag.is_event() => lost.push(namespace_id),
                _ => {}
            }
        }
        self.report_loss(Loss::NotSent, &lost);
        self.left_namespaces.clear();
    }

    pub(super) fn on_attempt_failed(&mut self, failure: TransportError<W>) {
        for namespace in &self.namespaces {
            self.outputs.push(Action::AttemptFailed(namespace.name.clone(), failure.clone()));
        }
        let again = match &self.pending_connect {
            Some(pending) => pending.retry,
            None => self.settings.reconnection,
        };
        self.wait_for_next_attempt(again, failure);
    }

    fn wait_for_next_attempt(&mut self, again: bool, failure: TransportError<W>) {
        let limit = self.settings.reconnection_attempts;
        if !again {
            return self.give_up(FinalReason::TransportError, failure);
        }
        if limit > 0 && self.attempts >= limit {
            return self.give_up(FinalReason::ReconnectionFailed, failure);
        }
        let delay = self.settings.backoff.delay(self.backoff_step, self.random);
        self.attempts = self.attempts.saturating_add(1);
        self.backoff_step = self.backoff_step.saturating_add(1);
        let until = self.now.saturating_add(delay);
        self.connection = ConnectionState::Waiting { until, notice: WaitNotice::Due { delay, failure } };
    }

    /// Returns the action that reports the wait for an attempt, or asks the user for its delay, if that is due.
    pub(super) fn wait_notice(&mut self) -> Option<Action<W>> {
        let ConnectionState::Waiting { notice, .. } = &mut self.connection else { return None };
        match core::mem::replace(notice, WaitNotice::Given) {
            WaitNotice::Due { delay, failure } if self.settings.asks_delay => {
                *notice = WaitNotice::Asked { delay, failure: failure.clone() };
                Some(Action::AskDelay(self.attempt, self.attempts, failure))
            }
            WaitNotice::Due { delay, .. } | WaitNotice::Answered { delay } => {
                Some(Action::ReconnectAttempt(self.attempts, delay))
            }
            other @ (WaitNotice::Asked { .. } | WaitNotice::Given) => {
                *notice = other;
                None
            }
        }
    }

    /// Takes the user's answer to [`Action::AskDelay`]. The connection may have another state by now.
    pub(super) fn on_delay(&mut self, attempt: Attempt, answer: Delay) {
        let ConnectionState::Waiting { until, notice } = &mut self.connection else { return };
        let WaitNotice::Asked { delay, failure } = notice else { return };
        if attempt != self.attempt {
            return;
        }
        let delay = match answer {
            Delay::Default => *delay,
            Delay::Milliseconds(milliseconds) => milliseconds.max(LEAST_DELAY),
            Delay::Stop => {
                let failure = failure.clone();
                return self.give_up(FinalReason::ReconnectionFailed, failure);
            }
        };
        *until = self.now.saturating_add(delay);
        *notice = WaitNotice::Answered { delay };
    }

    /// Ends the session because a connection failed that is not made again.
    fn give_up(&mut self, reason: FinalReason, failure: TransportError<W>) {
        self.connection = ConnectionState::Idle;
        // A `disconnect` that was waiting for a connection ends without one.
        let reason = if self.draining.is_some() { FinalReason::ClientDisconnect } else { reason };
        let is_failed = reason == FinalReason::ReconnectionFailed;
        if is_failed {
            self.push_action(Action::ReconnectFailed);
        }
        let is_first = self.pending_connect.is_some();
        let cause = DisconnectCause::Lost(failure.clone());
        for namespace in core::mem::take(&mut self.namespaces) {
            self.drop_events(&namespace);
            self.fail_calls(namespace.id, &cause);
            for id in namespace.pending_joins {
                self.push_action(Action::Settled(id, Err(ConnectError::Disconnected(cause.clone()))));
            }
            if is_failed || !is_first || namespace.was_connected {
                self.push_action(Action::DisconnectFinal(namespace.name, reason));
            }
        }
        self.settle_connect(Err(ConnectError::Failed(failure)));
        self.on_connection_ended();
    }

    /// Settles the pending `connect`, if there is one.
    pub(super) fn settle_connect(&mut self, result: Result<(), ConnectError<W>>) {
        if let Some(pending) = self.pending_connect.take() {
            self.push_action(Action::Settled(pending.id, result));
        }
    }

    /// Reports events whose request failed. An awaited call fails by itself.
    pub(super) fn on_possibly_lost(&mut self, tags: &[Tag]) {
        let namespace_ids: Vec<u32> = tags.iter().filter(|tag| tag.is_event()).map(|tag| tag.namespace_id).collect();
        self.report_loss(Loss::Possible, &namespace_ids);
    }

    /// Reports lost events, by namespace.
    fn report_loss(&mut self, loss: Loss, namespace_ids: &[u32]) {
        if namespace_ids.is_empty() || self.count_lost(namespace_ids.len()) {
            return;
        }
        let present = self.namespaces.iter().map(|namespace| (namespace.id, &namespace.name));
        for (id, name) in present.chain(self.left_namespaces.iter().map(|(id, name)| (*id, name))) {
            let count = namespace_ids.iter().filter(|namespace_id| **namespace_id == id).count();
            if count > 0 {
                self.outputs.push(Action::Lost(name.clone(), loss, count));
            }
        }
    }

    pub(super) fn fail_calls(&mut self, namespace: u32, cause: &DisconnectCause<W>) {
        for (call, _) in self.calls.end_namespace(namespace, core::iter::empty()) {
            self.outputs.push(Action::CallFailed(call, CallError::Disconnected(cause.clone())));
        }
    }

    pub(super) fn remember_engine(&mut self) {
        if let Some(engine) = self.engine() {
            self.last_transport_id = engine.last_id();
        }
    }
}

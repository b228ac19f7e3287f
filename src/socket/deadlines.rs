//! Time: calls and namespaces that were not answered, and the next attempt.

use super::io::{Action, CallError, ConnectError, DisconnectCause};
use super::namespace::{Namespace, NamespaceState};
use super::{ConnectionState, Session};
use crate::engine::{Engine, TransportError, sooner};
use crate::protocol::Wire;

impl<W: Wire> Session<W> {
    /// Returns the time at which [`handle_timeout`](Self::handle_timeout) next has something to do. It may be called early or late.
    pub fn poll_timeout(&self) -> Option<u64> {
        let engine_deadline = match &self.connection {
            ConnectionState::Opening(engine)
            | ConnectionState::Open(engine, _)
            | ConnectionState::Closing(engine, _) => engine.poll_timeout(),
            ConnectionState::Waiting { until, .. } | ConnectionState::Preparing(until) => Some(*until),
            ConnectionState::Idle => None,
        };
        let answers = self.namespaces.iter().map(|namespace| match namespace.state {
            NamespaceState::Connecting { until, .. } => Some(until.max(self.earliest_connect_deadline)),
            NamespaceState::Waiting { until } => until,
            NamespaceState::Refused { retry_at } => Some(retry_at),
            NamespaceState::Connected { .. } | NamespaceState::Leaving { .. } => None,
        });
        let draining = self.draining.map(|draining| draining.until);
        let others = sooner(self.implicit_connect_deadline(), sooner(self.calls.deadline(), draining));
        answers.fold(sooner(engine_deadline, others), sooner)
    }

    /// Handles every deadline that has passed, however late it is called.
    pub fn handle_timeout(&mut self, now: u64) {
        self.notice_silence(now);
        self.is_status_stale = true;
        let expired = self.calls.take_expired(now);
        if !expired.is_empty() {
            self.cancel_unsent(|call| expired.binary_search_by_key(&call, |(expired, _)| *expired).is_ok());
        }
        for (call, timeout) in expired {
            self.push_action(Action::CallFailed(call, CallError::Timeout(timeout)));
        }
        if self.draining.is_some_and(|draining| now >= draining.until) {
            self.disconnect_now(&DisconnectCause::Client);
        }
        if self.implicit_connect_deadline().is_some_and(|until| now >= until) {
            self.on_no_implicit_connect();
        }
        self.notice_unprepared();
        self.notice_unanswered();
        self.retry_refused_namespaces();
        if let ConnectionState::Waiting { until, .. } = self.connection
            && now >= until
        {
            self.next_attempt();
        }
        if let Some(engine) = self.engine_mut() {
            engine.handle_timeout(now);
        }
    }

    /// Notices a dead connection before a command of the user: a timer that a browser has throttled may not have fired yet.
    pub(super) fn notice_silence(&mut self, now: u64) {
        self.now = now;
        let ConnectionState::Open(engine, _) = &mut self.connection else { return };
        if !engine.notice_silence(now) {
            return;
        }
        // The command is to find the state that follows from it.
        while self.codec != super::Codec::ExternalBusy {
            match self.engine_mut().and_then(Engine::poll_output) {
                Some(crate::engine::Output::Action(action)) => self.push_action(Action::Engine(action)),
                Some(crate::engine::Output::Event(event)) => self.on_engine_event(event),
                None => return,
            }
        }
    }

    /// Gives up user-supplied functions for url, headers and auth that are not done in time.
    fn notice_unprepared(&mut self) {
        let now = self.now;
        let failure = TransportError::PreparationTimeout(self.settings.engine.request_timeout);
        match self.connection {
            ConnectionState::Preparing(until) if now >= until => {
                // Their late results then belong to no attempt.
                self.attempt.0 = self.attempt.0.wrapping_add(1);
                self.on_attempt_failed(failure);
            }
            ConnectionState::Open(..) => {
                let overdue = self.namespaces.iter().filter(
                    |namespace| matches!(namespace.state, NamespaceState::Waiting { until: Some(until) } if now >= until),
                );
                let names: Vec<_> = overdue.map(|namespace| namespace.name.clone()).collect();
                if !names.is_empty() {
                    self.on_authentication_failed(self.attempt, &names, failure);
                }
            }
            _ => {}
        }
    }

    /// Gives up namespaces whose CONNECT was not answered in time.
    fn notice_unanswered(&mut self) {
        let now = self.now;
        let overdue = |namespace: &Namespace<W>| matches!(namespace.state, NamespaceState::Connecting { until, .. } if now >= until);
        if now < self.earliest_connect_deadline || !self.namespaces.iter().any(overdue) {
            return;
        }
        let wait = self.wait_timeout;
        let names = |wanted: &dyn Fn(&Namespace<W>) -> bool| {
            let namespaces = self.namespaces.iter().filter(|namespace| wanted(namespace));
            namespaces.map(|namespace| namespace.name.clone()).collect::<Vec<_>>()
        };
        if let Some(pending) = &self.pending_connect
            && self.namespaces.iter().any(|namespace| namespace.requested_by_connect && overdue(namespace))
        {
            let names = names(&|namespace| namespace.requested_by_connect && namespace.is_unanswered());
            let failure = TransportError::ConnectTimeout(wait, names.clone());
            if pending.retry {
                return self.fail(failure);
            }
            for name in names {
                self.push_action(Action::AttemptFailed(name, failure.clone()));
            }
            self.settle_connect(Err(ConnectError::Failed(failure.clone())));
            return self.disconnect_now(&DisconnectCause::Lost(failure));
        }
        // A namespace that joins an open connection leaves it again. For one that was connected before, the connection fails.
        let joins = |namespace: &Namespace<W>| {
            overdue(namespace) && !namespace.pending_joins.is_empty() && !namespace.was_connected
        };
        let lost = names(&|namespace| overdue(namespace) && !joins(namespace));
        for name in names(&joins) {
            let failure = TransportError::ConnectTimeout(wait, vec![name.clone()]);
            self.push_action(Action::AttemptFailed(name.clone(), failure.clone()));
            if let Some(at) = self.position(Some(&name)) {
                self.leave_unanswered(at, &DisconnectCause::Lost(failure.clone()), &ConnectError::Failed(failure));
            }
        }
        if lost.is_empty() {
            self.settle();
        } else {
            self.fail(TransportError::ConnectTimeout(wait, lost));
        }
    }

    /// Requests the refused namespaces whose delay is over.
    fn retry_refused_namespaces(&mut self) {
        let (now, attempt) = (self.now, self.attempt);
        if !matches!(self.connection, ConnectionState::Open(..)) {
            return;
        }
        let until = now.saturating_add(self.settings.engine.request_timeout);
        let mut names = Vec::new();
        for namespace in &mut self.namespaces {
            if matches!(namespace.state, NamespaceState::Refused { retry_at } if now >= retry_at) {
                namespace.state = NamespaceState::Waiting { until: Some(until) };
                names.push(namespace.name.clone());
            }
        }
        if !names.is_empty() {
            self.push_action(Action::Authenticate(attempt, names));
        }
    }
}

//! What the clock causes: calls and namespaces that were not answered in time, and the next attempt.

use super::io::{Action, CallFailure, ConnectFailure, Reason};
use super::namespace::{Namespace, Stage};
use super::{Link, Session};
use crate::engine::{Engine, Failure, sooner};
use crate::protocol::Wire;

impl<W: Wire> Session<W> {
    /// When [`handle_timeout`](Self::handle_timeout) next has something to do. It may be called early or late.
    pub fn poll_timeout(&self) -> Option<u64> {
        let link = match &self.link {
            Link::Opening(engine) | Link::Open(engine, _) | Link::Closing(engine, _) => engine.poll_timeout(),
            Link::Waiting(until) | Link::Preparing(until) => Some(*until),
            Link::Idle => None,
        };
        let answers = self.namespaces.iter().map(|namespace| match namespace.stage {
            Stage::Connecting { until, .. } => Some(until.max(self.answers_until)),
            Stage::Waiting { until } => until,
            Stage::Refused { retry_at } => Some(retry_at),
            Stage::Connected { .. } | Stage::Leaving { .. } => None,
        });
        let draining = self.draining.map(|draining| draining.until);
        let others = sooner(self.listening_until(), sooner(self.calls.deadline(), draining));
        answers.fold(sooner(link, others), sooner)
    }

    /// Notices by the clock what did not happen in time. A late call is noticed all the same.
    pub fn handle_timeout(&mut self, now: u64) {
        self.notice_silence(now);
        let expired = self.calls.expired(now);
        if !expired.is_empty() {
            self.withdraw(|call| expired.binary_search_by_key(&call, |(expired, _)| *expired).is_ok());
        }
        for (call, timeout) in expired {
            self.act(Action::CallFailed(call, CallFailure::Timeout(timeout)));
        }
        if self.draining.is_some_and(|draining| now >= draining.until) {
            self.disconnect_now();
        }
        if self.listening_until().is_some_and(|until| now >= until) {
            self.listened();
        }
        self.notice_unprepared();
        self.notice_unanswered();
        self.ask_again();
        if let Link::Waiting(until) = self.link
            && now >= until
        {
            self.next_attempt();
        }
        if let Some(engine) = self.engine_mut() {
            engine.handle_timeout(now);
        }
    }

    /// Before a user's command: a timer that a browser has throttled may not have told yet that the connection is dead.
    pub(super) fn notice_silence(&mut self, now: u64) {
        self.now = now;
        let Link::Open(engine, _) = &mut self.link else { return };
        if !engine.notice_silence(now) {
            return;
        }
        // The command finds the state that this leads to.
        while self.reader != super::Reader::ParserBusy {
            match self.engine_mut().and_then(Engine::poll_output) {
                Some(crate::engine::Output::Action(action)) => self.act(Action::Engine(action)),
                Some(crate::engine::Output::Event(event)) => self.engine_event(event),
                None => return,
            }
        }
    }

    /// The user's functions for url, headers and auth that are not done in time.
    fn notice_unprepared(&mut self) {
        let now = self.now;
        let failure = Failure::PreparationTimeout(self.settings.engine.request_timeout);
        match self.link {
            Link::Preparing(until) if now >= until => {
                // What they may still come to is for no attempt any more.
                self.attempt.0 = self.attempt.0.wrapping_add(1);
                self.attempt_failed(failure);
            }
            Link::Open(..) => {
                let overdue = self.namespaces.iter().filter(
                    |namespace| matches!(namespace.stage, Stage::Waiting { until: Some(until) } if now >= until),
                );
                let names: Vec<_> = overdue.map(|namespace| namespace.name.clone()).collect();
                if !names.is_empty() {
                    self.authentication_failed(self.attempt, &names, failure);
                }
            }
            _ => {}
        }
    }

    /// Namespaces whose CONNECT was not answered in time.
    fn notice_unanswered(&mut self) {
        let now = self.now;
        let overdue =
            |namespace: &Namespace<W>| matches!(namespace.stage, Stage::Connecting { until, .. } if now >= until);
        if now < self.answers_until || !self.namespaces.iter().any(overdue) {
            return;
        }
        let wait = self.wait_timeout;
        let names = |wanted: &dyn Fn(&Namespace<W>) -> bool| {
            let namespaces = self.namespaces.iter().filter(|namespace| wanted(namespace));
            namespaces.map(|namespace| namespace.name.clone()).collect::<Vec<_>>()
        };
        if let Some(pending) = &self.pending_connect
            && self.namespaces.iter().any(|namespace| namespace.asked && overdue(namespace))
        {
            let names = names(&|namespace| namespace.asked && namespace.is_unanswered());
            let failure = Failure::ConnectTimeout(wait, names.clone());
            if pending.retry {
                return self.fail(failure);
            }
            for name in names {
                self.act(Action::AttemptFailed(name, failure.clone()));
            }
            self.settle_connect(Err(ConnectFailure::Failed(failure)));
            return self.disconnect_now();
        }
        // One that joins a connection leaves it again; one that was connected before takes the connection with it.
        let joins =
            |namespace: &Namespace<W>| overdue(namespace) && !namespace.joining.is_empty() && !namespace.greeted;
        let lost = names(&|namespace| overdue(namespace) && !joins(namespace));
        for name in names(&joins) {
            let failure = Failure::ConnectTimeout(wait, vec![name.clone()]);
            self.act(Action::AttemptFailed(name.clone(), failure.clone()));
            if let Some(at) = self.position(Some(&name)) {
                self.leave_unanswered(at, Reason::TransportError, ConnectFailure::Failed(failure));
            }
        }
        if lost.is_empty() {
            self.settle();
        } else {
            self.fail(Failure::ConnectTimeout(wait, lost));
        }
    }

    /// Asks for the refused namespaces whose time has come.
    fn ask_again(&mut self) {
        let (now, attempt) = (self.now, self.attempt);
        if !matches!(self.link, Link::Open(..)) {
            return;
        }
        let until = now.saturating_add(self.settings.engine.request_timeout);
        let mut names = Vec::new();
        for namespace in &mut self.namespaces {
            if matches!(namespace.stage, Stage::Refused { retry_at } if now >= retry_at) {
                namespace.stage = Stage::Waiting { until: Some(until) };
                names.push(namespace.name.clone());
            }
        }
        if !names.is_empty() {
            self.act(Action::Authenticate(attempt, names));
        }
    }
}

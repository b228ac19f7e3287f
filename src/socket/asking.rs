//! Asking for namespaces: the auth that the user gives for them, and the CONNECT packets that carry it.

use super::commands::packet;
use super::io::{Action, Attempt, ConnectFailure, Content, Reason};
use super::namespace::{Namespace, Stage};
use super::revision::Greeting;
use super::{Link, Session, Tag};
use crate::engine::Failure;
use crate::protocol::{Frame, Kind, Text, Wire};

impl<W: Wire> Session<W> {
    /// Asks the user for the auth of all namespaces.
    pub(super) fn authenticate(&mut self, now: u64, actions: &mut Vec<Action<W>>) {
        self.remember_revision();
        let until = now.saturating_add(self.settings.engine.request_timeout);
        let answered_until = self.wait.map(|wait| now.saturating_add(wait));
        for namespace in &mut self.namespaces {
            if namespace.root && self.greeting == Greeting::Awaited {
                namespace.stage = Stage::Connecting { until: answered_until, held: Vec::new() };
            } else if matches!(namespace.stage, Stage::Waiting { .. }) {
                namespace.stage = Stage::Waiting { until: Some(until) };
            }
        }
        let names = self.namespaces.iter().map(|namespace| namespace.name.clone()).collect();
        actions.push(Action::Authenticate(self.attempt, names));
    }

    pub(super) fn authenticated(
        &mut self,
        now: u64,
        attempt: Attempt,
        names: &[W::Text],
        json: Option<W::Text>,
        actions: &mut Vec<Action<W>>,
    ) {
        let json = json.filter(|_| {
            let has_place = !self.is_of_v3();
            if !has_place && attempt == self.attempt {
                actions.push(Action::AuthUnused);
            }
            has_place
        });
        let json = json.unwrap_or_else(|| W::Text::from_ascii(""));
        self.ask_for(now, attempt, names, &Content::Json(json, Vec::new()), actions);
    }

    /// A parser has written what asks for a namespace and what takes leave of it.
    pub(super) fn written(
        &mut self,
        now: u64,
        attempt: Attempt,
        name: W::Text,
        [connect, disconnect]: [Vec<Frame<W>>; 2],
        actions: &mut Vec<Action<W>>,
    ) {
        if let Some(namespace) = self.namespace_mut(&name) {
            namespace.farewell = disconnect;
        }
        self.ask_for(now, attempt, core::slice::from_ref(&name), &Content::Written(connect), actions);
    }

    fn ask_for(
        &mut self,
        now: u64,
        attempt: Attempt,
        names: &[W::Text],
        content: &Content<W>,
        actions: &mut Vec<Action<W>>,
    ) {
        // While a server is listened to, nothing is asked: all is authenticated after that.
        if attempt != self.attempt || self.listening_until().is_some() {
            return;
        }
        let until = self.wait.map(|wait| now.saturating_add(wait));
        let mut too_large = Vec::new();
        for name in names {
            let Some(at) = self.position(Some(name)) else { continue };
            let (Some(namespace), Link::Open(engine, _)) = (self.namespaces.get_mut(at), &mut self.link) else {
                return;
            };
            if matches!(namespace.stage, Stage::Waiting { .. }) {
                namespace.stage = Stage::Connecting { until, held: Vec::new() };
                if namespace.root && self.greeting != Greeting::Over {
                    continue;
                }
                let outgoing = packet(Kind::Connect, namespace, None, content.clone(), Tag::default());
                if let Err(excess) = engine.send(outgoing) {
                    too_large.push((namespace.name.clone(), excess));
                }
                self.wants_flush = true;
            }
        }
        self.use_greeting(now, actions);
        // The server would refuse it less kindly.
        for (name, excess) in too_large {
            actions.push(Action::Dropped(excess));
            if let Some(at) = self.namespaces.iter().position(|namespace| namespace.name == name) {
                self.refused(now, at, None, actions);
            }
        }
    }

    /// The user's function has failed: a namespace that was to join an open connection does not. For one that `connect`
    /// asked for, or that was connected before, the connection fails.
    pub(super) fn authentication_failed(
        &mut self,
        now: u64,
        attempt: Attempt,
        names: &[W::Text],
        failure: Failure<W>,
        actions: &mut Vec<Action<W>>,
    ) {
        if attempt != self.attempt || !matches!(self.link, Link::Open(..)) {
            return;
        }
        let fails = |namespace: &Namespace<W>| {
            matches!(namespace.stage, Stage::Waiting { .. }) && names.contains(&namespace.name)
        };
        let asked = |namespace: &Namespace<W>| self.pending_connect.is_some() && namespace.asked;
        let joins = |namespace: &Namespace<W>| namespace.awaited && !namespace.greeted && !asked(namespace);
        if self.namespaces.iter().any(|namespace| fails(namespace) && !joins(namespace)) {
            self.with_engine(now, actions, |engine, sink| engine.fail(failure, sink));
            return;
        }
        let (failed, others) = core::mem::take(&mut self.namespaces).into_iter().partition(fails);
        self.namespaces = others;
        for namespace in failed {
            let namespace: Namespace<W> = namespace;
            self.fail_calls(namespace.id, Reason::ClientDisconnect, actions);
            let why = ConnectFailure::Failed(failure.clone());
            actions.push(Action::Settled(Some(namespace.name), Err(why)));
        }
        self.settle(now, actions);
    }
}

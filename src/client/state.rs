//! The state that all handles of a client share: options, handlers, streams and pending calls.

use super::error::Error;
use super::event::HandlerEvent;
use super::frontend::ClientDriver;
use super::guarded::{push, retain};
use super::handlers::Handlers;
use super::options::Options;
use super::pending_calls::PendingCalls;
use super::task::Task;
use super::{Handle, Reconnection, Scope, State};
use crate::socket::FinalReason;
use futures::channel::mpsc::UnboundedSender;
use js_sys::{JsString, Map};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// A stream of states that somebody reads.
pub(super) struct StateStream {
    /// The namespace whose states it has; without one, the states of the client.
    pub namespace: Option<Rc<str>>,
    /// The last state that was added.
    pub last: Cell<State>,
    pub to: UnboundedSender<State>,
}

impl StateStream {
    /// Adds a state if it is another one than before. Returns false if nobody reads the stream any longer.
    fn add(&self, state: State) -> bool {
        if self.last.replace(state) == state { !self.to.is_closed() } else { push(&self.to, state) }
    }
}

/// The state of a [`Client`](super::Client).
pub(super) struct ClientState {
    /// The client while somebody holds it.
    pub handle: RefCell<Weak<Handle>>,
    pub options: Options,
    pub handlers: Rc<Handlers>,
    pub states: RefCell<Vec<StateStream>>,
    pub calls: RefCell<PendingCalls>,
    /// Evaluations of user-supplied functions for URL, headers and auth. Some may have ended.
    pub evaluations: RefCell<Vec<Task>>,
    /// A failed attempt was reported since the last connection.
    pub is_reported: Cell<bool>,
    /// The last error of the connection since it was made.
    pub failure: RefCell<Option<Error>>,
    /// A refusal was reported since the last connection or loss.
    pub is_refusal_reported: Cell<bool>,
    /// The end of the connection needs no further report.
    pub is_end_reported: Cell<bool>,
    /// The last attempt that was announced, while it is not over.
    pub reconnection: Cell<Option<Reconnection>>,
}

impl ClientState {
    pub fn new(options: Options) -> Self {
        Self {
            handle: RefCell::default(),
            options,
            handlers: Rc::default(),
            states: RefCell::default(),
            calls: RefCell::default(),
            evaluations: RefCell::default(),
            is_reported: Cell::new(false),
            failure: RefCell::default(),
            is_refusal_reported: Cell::new(false),
            is_end_reported: Cell::new(false),
            reconnection: Cell::new(None),
        }
    }

    /// Returns the scope that a handler receives. Returns `None` if nobody holds the client any longer: then no handler
    /// is called.
    pub fn scope(&self, namespace: &str) -> Option<Scope> {
        self.handle.borrow().upgrade().map(|handle| Scope::new(handle, namespace))
    }

    /// Adds the client's state to the streams of its states.
    pub fn add_state(&self, state: State) {
        retain(&self.states, |stream| stream.namespace.is_some() || stream.add(state));
    }

    /// Adds the states of namespaces to the streams of these, after anything that may have changed one.
    pub fn add_namespace_states(driver: &ClientDriver) {
        let state_of = |name: &str| {
            let name = JsString::from(name).into();
            State::from(driver.query(|session| session.namespace_status(&name)))
        };
        let is_read = |stream: &StateStream| stream.namespace.as_deref().is_none_or(|name| stream.add(state_of(name)));
        retain(&driver.layer.frontend.states, is_read);
    }

    /// Returns the list of the handlers of a reserved event.
    pub fn reserved(&self, namespace: &str, event: &HandlerEvent) -> Option<Map> {
        self.handlers.listeners.find(&namespace.into(), &event.name().into(), true).map(|found| found.list)
    }

    /// Reports the error of an attempt if nobody else does: with `retry` and without a handler for it. Returns true if
    /// it did.
    pub fn report_unheard(&self, namespace: &str, error: &Error) -> bool {
        let is_heard = || self.reserved(namespace, &HandlerEvent::Failed(error.clone())).is_some();
        let is_reported = self.options.retry && !is_heard();
        if is_reported {
            self.options.report(error);
        }
        is_reported
    }

    /// Forgets the failures before a connection.
    pub fn forget_failures(&self) {
        for flag in [&self.is_reported, &self.is_refusal_reported, &self.is_end_reported] {
            flag.set(false);
        }
        self.failure.take();
    }

    /// Reports that a namespace, or without one the connection, will not be connected again by itself, unless a handler is called about
    /// it. The end of a connection is reported once.
    pub fn report_final(&self, namespace: Option<&str>, reason: FinalReason) {
        let has_anywhere = |event: &HandlerEvent| self.handlers.listeners.has_anywhere(&event.name().into());
        let last = HandlerEvent::Final(reason);
        let is_heard = match namespace {
            Some(namespace) => self.is_refusal_reported.take() || self.reserved(namespace, &last).is_some(),
            None => {
                self.is_end_reported.replace(true)
                    || has_anywhere(&last)
                    || has_anywhere(&HandlerEvent::ReconnectFailed)
            }
        };
        if !is_heard {
            let cause = self.failure.borrow().clone().map(Box::new);
            self.options.report(&Error::Ended { reason, namespace: namespace.map(str::to_owned), cause });
        }
    }
}

//! The state that all handles of a client share: options, handlers, streams and pending calls.

use super::error::Error;
use super::event::{Event, HandlerEvent};
use super::guarded::{push, retain};
use super::handlers::{Handler, Handlers};
use super::options::Options;
use super::pending_calls::PendingCalls;
use super::task::Task;
use super::{Handle, Scope, State};
use crate::shell::find_handler;
use futures::channel::mpsc::UnboundedSender;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// The sender of a stream of events: of one namespace or all, of one name or all.
pub(super) struct Listener {
    pub namespace: Option<Rc<str>>,
    pub event: Option<Rc<str>>,
    pub to: UnboundedSender<Event>,
}

/// The state of a [`Client`](super::Client).
pub(super) struct ClientState {
    /// The client while somebody holds it.
    pub handle: RefCell<Weak<Handle>>,
    pub options: Options,
    pub handlers: Rc<Handlers>,
    pub listeners: RefCell<Vec<Listener>>,
    pub states: RefCell<Vec<UnboundedSender<State>>>,
    /// The last item of those streams.
    pub state: Cell<State>,
    pub calls: RefCell<PendingCalls>,
    /// Evaluations of user-supplied functions for URL, headers and auth. Some may have ended.
    pub evaluations: RefCell<Vec<Task>>,
    /// A failed attempt was reported since the last connection.
    pub is_reported: Cell<bool>,
}

impl ClientState {
    pub fn new(options: Options) -> Self {
        Self {
            handle: RefCell::default(),
            options,
            handlers: Rc::default(),
            listeners: RefCell::default(),
            states: RefCell::default(),
            state: Cell::new(State::Disconnected),
            calls: RefCell::default(),
            evaluations: RefCell::default(),
            is_reported: Cell::new(false),
        }
    }

    /// Returns the scope that a handler receives. Returns `None` if nobody holds the client any longer: then no handler
    /// is called.
    pub fn scope(&self, namespace: &str) -> Option<Scope> {
        self.handle.borrow().upgrade().map(|handle| Scope::new(handle, namespace))
    }

    /// Returns the handler of a reserved event.
    pub fn handler(&self, namespace: &str, event: &HandlerEvent) -> Option<Handler> {
        find_handler(&*self.handlers, namespace, event.name(), true).map(|found| found.handler)
    }

    /// Sends an event to its streams, and removes streams that nobody reads.
    pub fn publish(&self, event: &Event) {
        let wants = |wanted: &Option<Rc<str>>, name: &str| wanted.as_ref().is_none_or(|wanted| **wanted == *name);
        retain(&self.listeners, |listener| {
            let is_wanted = wants(&listener.namespace, &event.namespace) && wants(&listener.event, &event.name);
            if is_wanted { push(&listener.to, event.clone()) } else { !listener.to.is_closed() }
        });
    }

    /// Sends the state to its streams if it has changed.
    pub fn publish_state(&self, state: State) {
        if self.state.replace(state) != state {
            retain(&self.states, |to| push(to, state));
        }
    }

    /// Reports the error of an attempt if nobody else does: with `retry` and without a handler for it. Returns true if
    /// it did.
    pub fn report_unheard(&self, namespace: &str, error: &Error) -> bool {
        let is_heard = || self.handler(namespace, &HandlerEvent::Failed(error.clone())).is_some();
        let is_reported = self.options.retry && !is_heard();
        if is_reported {
            self.options.report(error);
        }
        is_reported
    }
}

//! The state that all handles of a client share: options, handlers, streams, and what waits for the server.

use super::error::Error;
use super::event::{Event, HandlerEvent};
use super::guarding::{push, retain};
use super::handlers::{Handler, Handlers};
use super::options::Options;
use super::task::Task;
use super::{Handle, Scope, State};
use crate::shell::find_handler;
use futures::channel::{mpsc::UnboundedSender, oneshot};
use js_sys::Array;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

/// A call that waits for its answer.
pub(super) struct PendingCall {
    pub event: Rc<str>,
    pub namespace: Rc<str>,
    pub answer: oneshot::Sender<Result<Array, Error>>,
}

/// A stream of events: of those with this name, or of all; of one namespace, or of all.
pub(super) struct Listener {
    pub namespace: Option<Rc<str>>,
    pub event: Option<Rc<str>>,
    pub to: UnboundedSender<Event>,
}

/// The state of a [`Client`](super::Client).
pub(super) struct ClientState {
    /// The client, as long as somebody holds it.
    pub handle: RefCell<Weak<Handle>>,
    pub options: Options,
    pub handlers: Rc<Handlers>,
    pub listeners: RefCell<Vec<Listener>>,
    pub states: RefCell<Vec<UnboundedSender<State>>>,
    /// The last item of those streams.
    pub state: Cell<State>,
    /// By the number of the call.
    pub calls: RefCell<BTreeMap<u64, PendingCall>>,
    /// User-supplied functions for url, headers and auth that are being evaluated, and some that are done.
    pub evaluations: RefCell<Vec<Task>>,
    /// A failed attempt was reported since there was a connection.
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

    /// The namespace for a handler; none is called once nobody holds the client.
    pub fn scope(&self, namespace: &str) -> Option<Scope> {
        self.handle.borrow().upgrade().map(|handle| Scope::new(handle, namespace))
    }

    /// The handler of a reserved event.
    pub fn handler(&self, namespace: &str, event: &HandlerEvent) -> Option<Handler> {
        find_handler(&*self.handlers, namespace, event.name(), true).map(|found| found.handler)
    }

    /// Hands an event to the streams that want it, and forgets those that nobody reads.
    pub fn publish(&self, event: &Event) {
        let wants = |wanted: &Option<Rc<str>>, name: &str| wanted.as_ref().is_none_or(|wanted| **wanted == *name);
        retain(&self.listeners, |listener| {
            let is_wanted = wants(&listener.namespace, &event.namespace) && wants(&listener.event, &event.name);
            if is_wanted { push(&listener.to, event.clone()) } else { !listener.to.is_closed() }
        });
    }

    /// Hands a change of the state to its streams.
    pub fn publish_state(&self, state: State) {
        if self.state.replace(state) != state {
            retain(&self.states, |to| push(to, state));
        }
    }

    /// With `retry`, nobody need wait for attempts: reports an error that no handler is there for, and says whether it did.
    pub fn report_unheard(&self, namespace: &str, error: &Error) -> bool {
        let is_heard = || self.handler(namespace, &HandlerEvent::Failed(error.clone())).is_some();
        let is_reported = self.options.retry && !is_heard();
        if is_reported {
            self.options.report(error);
        }
        is_reported
    }
}

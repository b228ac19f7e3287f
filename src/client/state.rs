//! The state that all handles of a client share: options, handlers, streams and pending calls.

use super::error::Error;
use super::event::HandlerEvent;
use super::handlers::Handlers;
use super::options::Options;
use super::pending_calls::PendingCalls;
use super::task::Task;
use super::{Handle, Scope, State};
use futures::channel::mpsc::UnboundedSender;
use js_sys::Map;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// The state of a [`Client`](super::Client).
pub(super) struct ClientState {
    /// The client while somebody holds it.
    pub handle: RefCell<Weak<Handle>>,
    pub options: Options,
    pub handlers: Rc<Handlers>,
    pub states: RefCell<Vec<UnboundedSender<State>>>,
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
            states: RefCell::default(),
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
}

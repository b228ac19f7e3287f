//! The state that all handles of a client share: options, handlers, streams and pending calls.

use super::event::HandlerEvent;
use super::frontend::ClientDriver;
use super::guarded::{push, retain};
use super::handlers::Handlers;
#[cfg(feature = "frameworks")]
use super::notices::NoticeList;
use super::options::Options;
use super::pending_calls::PendingCalls;
use super::reports::Reports;
use super::task::Task;
use super::{Handle, Reconnection, Scope, State};
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
    #[cfg(feature = "frameworks")]
    pub notices: NoticeList,
    pub calls: RefCell<PendingCalls>,
    /// Evaluations of user-supplied functions for URL, headers and auth. Some may have ended.
    pub evaluations: RefCell<Vec<Task>>,
    pub reports: Reports,
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
            #[cfg(feature = "frameworks")]
            notices: NoticeList::default(),
            calls: RefCell::default(),
            evaluations: RefCell::default(),
            reports: Reports::default(),
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
}

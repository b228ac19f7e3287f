//! The state that all handles of a client share: options, handlers, streams and pending calls.

use super::error::Error;
use super::event::HandlerEvent;
use super::frontend::ClientDriver;
use super::guarded::{push, retain};
use super::handlers::Handlers;
#[cfg(feature = "frameworks")]
use super::notices::NoticeList;
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
    #[cfg(feature = "frameworks")]
    pub notices: NoticeList,
    pub calls: RefCell<PendingCalls>,
    /// Evaluations of user-supplied functions for URL, headers and auth. Some may have ended.
    pub evaluations: RefCell<Vec<Task>>,
    /// A failed attempt was reported since the last connection.
    pub is_reported: Cell<bool>,
    /// The last error of the connection since it was made.
    pub failure: RefCell<Option<Error>>,
    /// The namespaces whose refusal was reported since their last connection.
    pub reported_refusals: RefCell<Vec<Rc<str>>>,
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
            #[cfg(feature = "frameworks")]
            notices: NoticeList::default(),
            calls: RefCell::default(),
            evaluations: RefCell::default(),
            is_reported: Cell::new(false),
            failure: RefCell::default(),
            reported_refusals: RefCell::default(),
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

    /// Reports the error of an attempt if no handler receives it. Returns true if it did.
    pub fn report_unheard(&self, namespace: &str, error: &Error) -> bool {
        let is_heard = || {
            let event = HandlerEvent::Failed(error.clone());
            #[cfg(feature = "frameworks")]
            if self.is_noticed(namespace, &event) {
                return true;
            }
            self.reserved(namespace, &event).is_some()
        };
        let is_reported = !is_heard();
        if is_reported {
            self.options.report(error);
        }
        is_reported
    }

    /// Reports the refusal of a namespace if nobody else does: the first one, and one that is final. No other one follows after that.
    pub fn report_refusal(&self, namespace: &Rc<str>, error: &Error, is_final: bool) {
        // Otherwise `connect` has the error, or `Error::Ended`.
        let is_unreturned = self.options.retry || !self.options.waits;
        let is_repeated = self.reported_refusals.borrow().contains(namespace);
        if is_unreturned && !is_repeated && self.report_unheard(namespace, error) {
            self.reported_refusals.borrow_mut().push(namespace.clone());
        } else if is_repeated && is_final {
            let cause = Some(Box::new(error.clone()));
            let reason = FinalReason::ServerDisconnect;
            self.options.report(&Error::Ended { reason, namespace: Some(namespace.to_string()), cause });
        }
    }

    /// Forgets the failures before a connection of this namespace, or without one those before `connect`.
    pub fn forget_failures(&self, connected: Option<&Rc<str>>) {
        self.is_reported.set(false);
        self.is_end_reported.set(false);
        self.reported_refusals.borrow_mut().retain(|name| connected.is_some_and(|connected| connected != name));
        self.failure.take();
    }

    /// Reports that a namespace, or without one the connection, will not be connected again by itself, unless a handler is called about
    /// it. The end of a connection is reported once.
    pub fn report_final(&self, namespace: Option<&str>, reason: FinalReason) {
        let has_anywhere = |event: &HandlerEvent| self.handlers.listeners.has_anywhere(&event.name().into());
        let last = HandlerEvent::Final(reason);
        let is_heard = match namespace {
            Some(namespace) => {
                let is_refusal = self.reported_refusals.borrow().iter().any(|name| &**name == namespace);
                is_refusal || self.reserved(namespace, &last).is_some()
            }
            None => {
                let has_failed = reason == FinalReason::ReconnectionFailed;
                self.is_end_reported.replace(true)
                    || has_anywhere(&last)
                    || (has_failed && has_anywhere(&HandlerEvent::ReconnectFailed))
            }
        };
        if !is_heard {
            let cause = self.failure.borrow().clone().map(Box::new);
            self.options.report(&Error::Ended { reason, namespace: namespace.map(str::to_owned), cause });
        }
    }
}

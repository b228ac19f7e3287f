//! Reports of failures and ends to the builder's `on_error`: each that nobody else learns of, once.

use super::error::Error;
use super::event::HandlerEvent;
use super::state::ClientState;
use crate::socket::FinalReason;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The failures of a client so far.
#[derive(Default)]
pub(super) struct Reports {
    /// The last failure since the connection was made.
    last: RefCell<Option<Error>>,
    /// A failed attempt was reported since the last connection.
    has_attempt: Cell<bool>,
    /// The namespaces whose refusal is known to somebody since their last connection.
    refusals: RefCell<Vec<Rc<str>>>,
    /// The end of the connection needs no further report.
    has_end: Cell<bool>,
}

impl Reports {
    /// Forgets all failures: a new `connect` begins.
    pub fn clear(&self) {
        self.forget_connection();
        self.refusals.take();
    }

    /// Forgets the failures before this namespace was connected.
    pub fn on_connected(&self, namespace: &str) {
        self.forget_connection();
        self.forget_refusal(namespace);
    }

    /// Notes the error by which a namespace has lost its connection.
    pub fn on_disconnected(&self, namespace: &str, error: Option<&Error>) {
        self.forget_refusal(namespace);
        self.last.replace(error.cloned());
    }

    fn forget_connection(&self) {
        self.has_attempt.set(false);
        self.has_end.set(false);
        self.last.take();
    }

    fn forget_refusal(&self, namespace: &str) {
        self.refusals.borrow_mut().retain(|refused| **refused != *namespace);
    }

    fn knows_refusal(&self, namespace: &str) -> bool {
        self.refusals.borrow().iter().any(|refused| **refused == *namespace)
    }
}

impl ClientState {
    /// Reports a failed attempt, the first of several. Without `retry`, `connect` has the error.
    pub fn report_attempt(&self, namespace: &str, error: &Error) {
        self.reports.last.replace(Some(error.clone()));
        if self.options.retry && !self.reports.has_attempt.get() && !self.hears_failure(namespace, error) {
            self.reports.has_attempt.set(true);
            self.options.report(error);
        }
    }

    /// Reports the refusal of a namespace: the first one, and one after which it is not asked for again.
    pub fn report_refusal(&self, namespace: &Rc<str>, error: &Error, is_awaited: bool, is_final: bool) {
        self.reports.last.replace(Some(error.clone()));
        // If somebody awaits the namespace, that future has the error.
        if is_awaited {
            return;
        }
        let is_known = self.reports.knows_refusal(namespace);
        let is_heard = self.hears_failure(namespace, error);
        // Otherwise `connect` has returned the error, or the end is reported.
        let is_unreturned = self.options.retry || !self.options.waits;
        if !is_known && (is_heard || is_unreturned) {
            self.reports.refusals.borrow_mut().push(namespace.clone());
        }
        if is_heard {
            return;
        }
        if is_known && is_final {
            self.options.report(&Error::Ended {
                reason: FinalReason::ServerDisconnect,
                namespace: Some(namespace.to_string()),
                cause: Some(Box::new(error.clone())),
            });
        } else if !is_known && is_unreturned {
            self.options.report(error);
        }
    }

    /// Reports that a namespace, or without one the connection, will not be connected again by itself, unless a handler is called about
    /// it. The end of a connection is reported once.
    pub fn report_end(&self, namespace: Option<&str>, reason: FinalReason) {
        let has_anywhere = |event: &HandlerEvent| self.handlers.listeners.has_anywhere(&event.name().into());
        let last = HandlerEvent::Final(reason);
        let is_heard = match namespace {
            Some(namespace) => self.reports.knows_refusal(namespace) || self.reserved(namespace, &last).is_some(),
            None => {
                let has_failed = reason == FinalReason::ReconnectionFailed;
                self.reports.has_end.replace(true)
                    || has_anywhere(&last)
                    || (has_failed && has_anywhere(&HandlerEvent::ReconnectFailed))
            }
        };
        if !is_heard {
            let cause = self.reports.last.borrow().clone().map(Box::new);
            self.options.report(&Error::Ended { reason, namespace: namespace.map(str::to_owned), cause });
        }
    }

    /// Returns true if a handler or a hook receives the failures of a namespace.
    fn hears_failure(&self, namespace: &str, error: &Error) -> bool {
        let event = HandlerEvent::Failed(error.clone());
        #[cfg(feature = "frameworks")]
        if self.is_noticed(namespace, &event) {
            return true;
        }
        self.reserved(namespace, &event).is_some()
    }
}

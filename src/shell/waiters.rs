//! The waiters of the outcome of a command. Nothing is borrowed while a waiter is settled, since that runs user code.

use super::{Frontend, Waiter};
use crate::host::JsText;
use crate::socket::RequestId;
use std::cell::RefCell;

/// A pending `connect`, or a `connect_namespace` with its name.
struct Request<F: Frontend> {
    id: RequestId,
    namespace: Option<JsText>,
    waiter: F::Connecting,
}

/// The waiters of one client, except those of its calls.
pub struct Waiters<F: Frontend> {
    requests: RefCell<Vec<Request<F>>>,
    disconnecting: RefCell<Vec<(RequestId, F::Disconnecting)>>,
    /// Settled when there is no connection, and none is being made.
    pub(super) ending: RefCell<Vec<F::Waiting>>,
    /// Settled when nothing is buffered.
    pub(super) draining: RefCell<Vec<F::Waiting>>,
}

impl<F: Frontend> Default for Waiters<F> {
    fn default() -> Self {
        Self {
            requests: RefCell::default(),
            disconnecting: RefCell::default(),
            ending: RefCell::default(),
            draining: RefCell::default(),
        }
    }
}

impl<F: Frontend> Waiters<F> {
    pub(super) fn add_request(&self, id: RequestId, namespace: Option<JsText>, waiter: F::Connecting) {
        self.requests.borrow_mut().push(Request { id, namespace, waiter });
    }

    pub(super) fn add_disconnect(&self, id: RequestId, waiter: F::Disconnecting) {
        self.disconnecting.borrow_mut().push((id, waiter));
    }

    /// Removes and returns the waiter of a request, and its namespace.
    pub(super) fn take_request(&self, id: RequestId) -> Option<(Option<JsText>, F::Connecting)> {
        self.take(|request| request.id == id)
    }

    /// Removes and returns the waiter of the pending `connect`.
    pub(super) fn take_connect(&self) -> Option<F::Connecting> {
        self.take(|request| request.namespace.is_none()).map(|(_, waiter)| waiter)
    }

    fn take(&self, is_wanted: impl FnMut(&Request<F>) -> bool) -> Option<(Option<JsText>, F::Connecting)> {
        let mut requests = self.requests.borrow_mut();
        // The last one: a new `connect` may have begun before the end of the previous one is reported.
        let at = requests.iter().rposition(is_wanted)?;
        let request = requests.remove(at);
        Some((request.namespace, request.waiter))
    }

    /// Removes and returns the waiter of a `disconnect`.
    pub(super) fn take_disconnect(&self, id: RequestId) -> Option<F::Disconnecting> {
        let mut disconnecting = self.disconnecting.borrow_mut();
        let at = disconnecting.iter().position(|(other, _)| *other == id)?;
        Some(disconnecting.remove(at).1)
    }

    /// Returns true if a `connect_namespace` of this namespace is pending, or a `connect`.
    pub fn is_awaited(&self, namespace: &JsText) -> bool {
        self.requests.borrow().iter().any(|request| request.namespace.as_ref().is_none_or(|name| name == namespace))
    }

    /// Returns true if somebody waits for the end of the connection.
    pub fn is_end_awaited(&self) -> bool {
        self.ending.borrow().iter().any(|waiter| !waiter.is_abandoned())
    }

    /// Returns true if a `connect_namespace` of this namespace is pending.
    pub(super) fn has_request(&self, namespace: &JsText) -> bool {
        self.requests.borrow().iter().any(|request| request.namespace.as_ref() == Some(namespace))
    }

    /// Removes abandoned requests. Returns true if no request of this namespace remains.
    pub fn is_abandoned(&self, namespace: &JsText) -> bool {
        let mut requests = self.requests.borrow_mut();
        // Dropping an abandoned waiter wakes nobody.
        requests.retain(|request| !request.waiter.is_abandoned());
        requests.iter().all(|request| request.namespace.as_ref() != Some(namespace))
    }
}

/// Adds a waiter, and removes those that are abandoned.
pub fn add<T: Waiter<()>>(waiting: &RefCell<Vec<T>>, waiter: T) {
    let mut waiting = waiting.borrow_mut();
    waiting.retain(|waiter| !waiter.is_abandoned());
    waiting.push(waiter);
}

/// Settles all waiters. The list is not borrowed meanwhile.
pub(super) fn settle_all<T: Waiter<()>>(waiting: &RefCell<Vec<T>>) {
    waiting.take().into_iter().for_each(|waiter| waiter.settle(()));
}

//! Calls user code so that the caller goes on after a panic in it. Code that is the last step of an output does not need
//! this: the driver guards each output.

use super::error::Error;
use crate::host::guard;
use crate::shell::Waiter;
use futures::channel::{mpsc::UnboundedSender, oneshot};
use std::cell::RefCell;
use std::rc::Rc;

/// A function that is called with errors. It never panics.
pub(super) type ErrorCallback = Rc<dyn Fn(&Error)>;

/// Guards a user-supplied function that is called with errors.
pub(super) fn error_callback(function: impl Fn(&Error) + 'static) -> ErrorCallback {
    Rc::new(move |error| guard(None, || function(error)).unwrap_or_default())
}

/// Adds an item to a stream, which calls the waker of its reader. Returns false if nobody reads the stream any longer.
pub(super) fn push<T>(stream: &UnboundedSender<T>, item: T) -> bool {
    guard(None, || stream.unbounded_send(item).is_ok()).unwrap_or(true)
}

/// Retains the items for which the function returns true. The list is not borrowed meanwhile: wakers and destructors
/// are user code.
pub(super) fn retain<T>(list: &RefCell<Vec<T>>, is_retained: impl FnMut(&T) -> bool) {
    let mut items = list.take();
    items.retain(is_retained);
    list.borrow_mut().splice(0..0, items);
}

/// Settling calls the waker of the receiver.
impl<T> Waiter<T> for oneshot::Sender<T> {
    fn settle(self, result: T) {
        guard(None, || drop(self.send(result)));
    }

    fn is_abandoned(&self) -> bool {
        self.is_canceled()
    }
}

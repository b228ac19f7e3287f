//! User code behind which something else is to be done, called so that a panic in it prevents nothing. What is the last thing in an
//! action needs none of this: the driver guards each action.

use super::error::Error;
use crate::host::guard;
use futures_channel::{mpsc::UnboundedSender, oneshot};
use std::rc::Rc;

/// Is called with errors; it never panics.
pub(super) type Report = Rc<dyn Fn(&Error)>;

/// Makes a report of a function of the user's.
pub(super) fn reporting(report: impl Fn(&Error) + 'static) -> Report {
    Rc::new(move |error| guard(None, || report(error)).unwrap_or_default())
}

/// Adds an item to a stream; says whether somebody still reads it. The waker of whoever reads it is called.
pub(super) fn push<T>(stream: &UnboundedSender<T>, item: T) -> bool {
    guard(None, || stream.unbounded_send(item).is_ok()).unwrap_or(true)
}

/// Gives whoever waits a result. The waker is called.
pub(super) fn settle<T>(waiter: oneshot::Sender<T>, result: T) {
    guard(None, || drop(waiter.send(result)));
}

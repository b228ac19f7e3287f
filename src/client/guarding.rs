//! User code behind which something else is to be done, called so that a panic in it prevents nothing. What is the last thing in an
//! output needs none of this: the driver guards each output.

use super::error::Error;
use crate::host::guard;
use crate::shell::Settle;
use futures::channel::{mpsc::UnboundedSender, oneshot};
use std::cell::RefCell;
use std::rc::Rc;

/// Is called with errors; it never panics.
pub(super) type Report = Rc<dyn Fn(&Error)>;

/// Makes a report of a user-supplied function.
pub(super) fn reporting(report: impl Fn(&Error) + 'static) -> Report {
    Rc::new(move |error| guard(None, || report(error)).unwrap_or_default())
}

/// Adds an item to a stream; says whether somebody still reads it. The waker of whoever reads it is called.
pub(super) fn push<T>(stream: &UnboundedSender<T>, item: T) -> bool {
    guard(None, || stream.unbounded_send(item).is_ok()).unwrap_or(true)
}

/// Keeps those that still are listened to. They are not borrowed meanwhile: whoever wakes up, or is dropped, may do anything.
pub(super) fn retain<T>(list: &RefCell<Vec<T>>, is_kept: impl FnMut(&T) -> bool) {
    let mut kept = list.take();
    kept.retain(is_kept);
    list.borrow_mut().splice(0..0, kept);
}

/// The waker is called.
impl<T> Settle<T> for oneshot::Sender<T> {
    fn settle(self, result: T) {
        guard(None, || drop(self.send(result)));
    }

    fn is_abandoned(&self) -> bool {
        self.is_canceled()
    }
}

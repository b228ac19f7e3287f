//! The calls that wait for their acknowledgement, by number.

use super::error::Error;
use futures::channel::oneshot;
use js_sys::Array;
use std::rc::Rc;

/// A call that waits for its acknowledgement.
pub(super) struct PendingCall {
    pub event: Rc<str>,
    pub namespace: Rc<str>,
    pub answer: oneshot::Sender<Result<Array, Error>>,
}

/// Calls in the order of their numbers, for binary search: less code than a `BTreeMap`. Places of calls that were
/// taken stay until they are the majority, so each call costs only a few steps, in whatever order they end.
#[derive(Default)]
pub(super) struct PendingCalls {
    calls: Vec<(u64, Option<PendingCall>)>,
    taken_count: usize,
}

impl PendingCalls {
    pub fn insert(&mut self, number: u64, call: PendingCall) {
        // Mostly at the end. A call made while another one's arguments are serialized overtakes that one.
        let at = self.calls.partition_point(|(other, _)| *other < number);
        self.calls.insert(at, (number, Some(call)));
    }

    /// Removes and returns a call.
    pub fn take(&mut self, number: u64) -> Option<PendingCall> {
        let at = self.calls.binary_search_by_key(&number, |(other, _)| *other).ok()?;
        let call = self.calls.get_mut(at)?.1.take()?;
        self.taken_count += 1;
        if self.taken_count > self.calls.len() / 2 {
            self.calls.retain(|(_, call)| call.is_some());
            self.taken_count = 0;
        }
        Some(call)
    }
}

//! What waits for the end of a call.

use crate::socket::CallId;
use std::collections::VecDeque;

/// Entries by call, in the order of their ids, which only ever grow: found by halving, taken mostly from the front.
pub struct Pending<T> {
    entries: VecDeque<(CallId, T)>,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self { entries: VecDeque::new() }
    }
}

impl<T> Pending<T> {
    /// Adds the entry of the newest call.
    pub fn add(&mut self, call: CallId, entry: T) {
        self.entries.push_back((call, entry));
    }

    /// Takes the entry of a call out.
    pub fn take(&mut self, call: CallId) -> Option<T> {
        let at = self.entries.binary_search_by_key(&call, |(id, _)| *id).ok()?;
        self.entries.remove(at).map(|(_, entry)| entry)
    }
}

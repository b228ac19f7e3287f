//! Calls that wait for their acknowledgement.

use super::io::CallId;
use crate::engine::sooner;

#[derive(Debug, Clone, PartialEq)]
struct Call {
    id: CallId,
    namespace: u32,
    timeout: u64,
    /// `None`: the call has no time-out.
    deadline: Option<u64>,
    /// True if its packet is still to be handed over: a lost connection does not end it. Set only within `end_namespace`.
    is_unsent: bool,
    is_over: bool,
}

/// Calls in the order of their ids, for binary search. Those that are over stay among them until they are the majority: so each
/// costs only a few steps, in whatever order they end.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Calls {
    calls: Vec<Call>,
    /// The number of calls that are over.
    over_count: usize,
    last_id: u64,
    /// No call is due before this time. It may be too early, never too late: answered calls do not change it.
    earliest: Option<u64>,
}

impl Calls {
    /// Returns the next id. It need not be used.
    pub fn next_id(&mut self) -> CallId {
        self.last_id = self.last_id.saturating_add(1);
        CallId(self.last_id)
    }

    /// Adds the call `id`, which [`next_id`](Self::next_id) gave, with a time-out of `timeout` milliseconds.
    pub fn start(&mut self, id: CallId, namespace: u32, now: u64, timeout: Option<u64>) {
        let deadline = timeout.map(|timeout| now.saturating_add(timeout));
        self.earliest = sooner(self.earliest, deadline);
        // Mostly the last one. A call made while another one's arguments are serialized overtakes that one.
        let at = self.calls.partition_point(|call| call.id < id);
        let timeout = timeout.unwrap_or(0);
        self.calls.insert(at, Call { id, namespace, timeout, deadline, is_unsent: false, is_over: false });
    }

    /// Ends a call. Returns whether it was pending (in that namespace, if one is given).
    pub fn end(&mut self, id: CallId, namespace: Option<u32>) -> bool {
        let Some(call) = self.find(id) else { return false };
        if call.is_over || namespace.is_some_and(|namespace| namespace != call.namespace) {
            return false;
        }
        call.is_over = true;
        self.over_count += 1;
        self.compact();
        true
    }

    /// Returns whether a call is pending.
    pub fn is_pending(&mut self, id: CallId) -> bool {
        self.find(id).is_some_and(|call| !call.is_over)
    }

    /// Returns the time from which [`take_expired`](Self::take_expired) may find a call.
    pub fn deadline(&self) -> Option<u64> {
        if self.calls.is_empty() { None } else { self.earliest }
    }

    /// Ends the calls whose time is up. Returns each with its time-out in milliseconds.
    pub fn take_expired(&mut self, now: u64) -> Vec<(CallId, u64)> {
        if self.earliest.is_none_or(|earliest| now < earliest) {
            return Vec::new();
        }
        let expired = self.end_where(&mut |call| call.deadline.is_some_and(|deadline| now >= deadline));
        self.earliest = self.calls.iter().filter(|call| !call.is_over).filter_map(|call| call.deadline).min();
        expired
    }

    /// Ends the calls of a namespace, except those whose packets are `unsent`.
    pub fn end_namespace(&mut self, namespace: u32, unsent: impl Iterator<Item = CallId>) -> Vec<(CallId, u64)> {
        for id in unsent {
            if let Some(call) = self.find(id) {
                call.is_unsent = true;
            }
        }
        self.end_where(&mut |call| call.namespace == namespace && !core::mem::take(&mut call.is_unsent))
    }

    fn find(&mut self, id: CallId) -> Option<&mut Call> {
        let at = self.calls.binary_search_by_key(&id, |call| call.id).ok()?;
        self.calls.get_mut(at)
    }

    /// Ends the pending calls that `ends` picks, in the order of their ids.
    fn end_where(&mut self, ends: &mut dyn FnMut(&mut Call) -> bool) -> Vec<(CallId, u64)> {
        let mut ended = Vec::new();
        for call in &mut self.calls {
            if !call.is_over && ends(call) {
                call.is_over = true;
                ended.push((call.id, call.timeout));
            }
        }
        self.over_count += ended.len();
        self.compact();
        ended
    }

    fn compact(&mut self) {
        if self.over_count > self.calls.len() / 2 {
            self.calls.retain(|call| !call.is_over);
            self.over_count = 0;
        }
    }
}

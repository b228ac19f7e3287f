//! Calls that wait for their acknowledgement.

use super::io::CallId;
use std::collections::VecDeque;

#[derive(Debug, Clone, PartialEq)]
struct Call {
    id: CallId,
    namespace: u32,
    timeout: u64,
    /// `None`: it waits for ever.
    deadline: Option<u64>,
}

/// Pending calls in the order of their ids, which only ever grow: found by halving, taken mostly from the front.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Calls {
    pending: VecDeque<Call>,
    last_id: u64,
    /// No call is due before this time. It may be early, never late: calls that were answered leave it as it is.
    earliest: Option<u64>,
}

impl Calls {
    /// The next id, used or not.
    pub fn next_id(&mut self) -> CallId {
        self.last_id = self.last_id.saturating_add(1);
        CallId(self.last_id)
    }

    /// Waits for the answer to `id`, which [`next_id`](Self::next_id) gave last, for `timeout` milliseconds.
    pub fn begin(&mut self, id: CallId, namespace: u32, now: u64, timeout: Option<u64>) {
        let deadline = timeout.map(|timeout| now.saturating_add(timeout));
        self.earliest = self.earliest.into_iter().chain(deadline).min();
        self.pending.push_back(Call { id, namespace, timeout: timeout.unwrap_or(0), deadline });
    }

    /// The call is over, and says whether it was pending (in that namespace, where one is given).
    pub fn end(&mut self, id: CallId, namespace: Option<u32>) -> bool {
        let Ok(at) = self.pending.binary_search_by_key(&id, |call| call.id) else { return false };
        if let (Some(namespace), Some(call)) = (namespace, self.pending.get(at))
            && namespace != call.namespace
        {
            return false;
        }
        self.pending.remove(at).is_some()
    }

    /// When [`expired`](Self::expired) may have something to tell.
    pub fn deadline(&self) -> Option<u64> {
        if self.pending.is_empty() { None } else { self.earliest }
    }

    /// Ends the calls whose time is up: each with its time-out in milliseconds.
    pub fn expired(&mut self, now: u64) -> Vec<(CallId, u64)> {
        let mut expired = Vec::new();
        if self.earliest.is_some_and(|earliest| now >= earliest) {
            self.pending.retain(|call| {
                let over = call.deadline.is_some_and(|deadline| now >= deadline);
                if over {
                    expired.push((call.id, call.timeout));
                }
                !over
            });
            self.earliest = self.pending.iter().filter_map(|call| call.deadline).min();
        }
        expired
    }

    /// Ends the calls of a namespace that `keep` does not spare.
    pub fn end_namespace(&mut self, namespace: u32, keep: impl Fn(CallId) -> bool) -> Vec<CallId> {
        let mut ended = Vec::new();
        self.pending.retain(|call| {
            let over = call.namespace == namespace && !keep(call.id);
            if over {
                ended.push(call.id);
            }
            !over
        });
        ended
    }
}

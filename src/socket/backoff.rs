//! The delay before the next attempt.

use crate::tables::defaults;

/// The settings of the delay. Times are in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The delay before the first attempt.
    pub delay: u64,
    /// The longest delay, before jitter.
    pub delay_max: u64,
    /// The share of a delay by which jitter may move it: 0.5 is half of it, up or down.
    pub randomization_factor: f64,
}

/// The shortest delay, whatever the settings or the user's function say: shorter ones would be a hot loop.
pub(super) const LEAST_DELAY: u64 = 50;

impl Default for Backoff {
    fn default() -> Self {
        Self {
            delay: defaults::RECONNECTION_DELAY_MS,
            delay_max: defaults::RECONNECTION_DELAY_MAX_MS,
            randomization_factor: defaults::RANDOMIZATION_FACTOR,
        }
    }
}

impl Backoff {
    /// Returns the delay after so many failures in a row: doubled with each, capped, then moved by jitter.
    ///
    /// The jitter comes after the cap, so that a thousand clients of one restarted server do not come back in step.
    /// `random` is in `0.0..1.0`.
    pub fn delay(&self, failures: u32, random: f64) -> u64 {
        let factor = 2_u64.checked_pow(failures).unwrap_or(u64::MAX);
        let delay = self.delay.saturating_mul(factor).min(self.delay_max);
        let jitter = self.randomization_factor * (2.0 * random - 1.0);
        // NaN casts to 0, and a float that is too large to the largest integer.
        let moved = delay as f64 * (1.0 + jitter);
        (moved as u64).max(LEAST_DELAY)
    }
}

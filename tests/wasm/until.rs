//! Waiting for what shall happen, by time alone, as `tests/support/until.mjs` does it for the tests in JavaScript.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/wasm/until.js")]
extern "C" {
    async fn pause();
    fn now() -> f64;
}

/// For any one wait: far more than a busy machine takes. In milliseconds.
const LIMIT: f64 = 30_000.0;

/// Waits for a condition; panics, naming what was awaited, if it does not come true in time. While the condition is looked at, nothing
/// of JavaScript is held and no timer runs, so that both can be counted.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let start = now();
    while !condition().await {
        assert!(now() - start < LIMIT, "waited {LIMIT} ms in vain: {what}");
        pause().await;
    }
}

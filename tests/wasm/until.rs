//! Waits for a condition, limited by time alone, like `tests/support/until.mjs` for the tests in JavaScript.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/wasm/support.js")]
extern "C" {
    async fn pause();
    fn now() -> f64;
}

/// Limit of a single wait in milliseconds: far more than a busy machine takes.
const LIMIT: f64 = 30_000.0;

/// Waits for a condition. Panics with the name of the wait if the condition stays false until the limit. While the condition is
/// evaluated, this function holds no JavaScript value and no timer, so that tests can count both.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let start = now();
    while !condition().await {
        assert!(now() - start < LIMIT, "waited {LIMIT} ms in vain: {what}");
        pause().await;
    }
}

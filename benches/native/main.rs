//! Measures how the cost of codecs and machines grows, in steps of ten: `make bench-native`, or with a part of a name
//! `make bench-native ONLY=calls`.
//!
//! The benchmark is native and uses `StdWire`, which copies strings that `JsWire` does not copy. So only the growth of the figures
//! counts. Linear cost is at most ten times as much in the next row; each row also shows the cost of one element. Cost that can be
//! counted instead of timed has a test: `tests/machines/growth.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[cfg(not(target_arch = "wasm32"))]
mod codec;
#[cfg(not(target_arch = "wasm32"))]
mod machines;
#[cfg(not(target_arch = "wasm32"))]
#[allow(dead_code, reason = "tests use more of it")]
#[path = "../../tests/machines/plain.rs"]
mod plain;

/// Runs the benchmarks that the command line picks.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use std::time::Duration;
    let short = criterion::Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(200));
    let mut criterion = short.measurement_time(Duration::from_millis(500)).configure_from_args();
    codec::measure(&mut criterion);
    machines::measure(&mut criterion);
    criterion.final_summary();
}

/// For wasm32 this is only compiled: there is nothing to measure.
#[cfg(target_arch = "wasm32")]
fn main() {}

//! How the cost of codecs and machines grows, step by step of ten: `make bench-native`, or with a part of a name
//! `make bench-native ONLY=calls`.
//!
//! Native, on `StdWire`, whose texts are copied where those of JS are not: what the figures say is how they grow. What is no
//! worse than linear costs at most ten times as much a row further down; a row says what one element of it costs, too. What
//! can be counted instead of timed is a test: `tests/machines/growth.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[cfg(not(target_arch = "wasm32"))]
mod codec;
#[cfg(not(target_arch = "wasm32"))]
mod machines;
#[cfg(not(target_arch = "wasm32"))]
#[allow(dead_code, reason = "tests use more of it")]
#[path = "../../tests/machines/plain.rs"]
mod plain;

/// Runs what the command line picks.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use std::time::Duration;
    let short = criterion::Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(200));
    let mut criterion = short.measurement_time(Duration::from_millis(500)).configure_from_args();
    codec::measure(&mut criterion);
    machines::measure(&mut criterion);
    criterion.final_summary();
}

/// There is nothing to measure where this is only compiled.
#[cfg(target_arch = "wasm32")]
fn main() {}

//! The tests that need no server, in Node: `wasm-pack test --node` runs them. `make test-wasm` runs all tests.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../wasm/misuse.rs"]
mod misuse;
#[path = "../wasm/support.rs"]
#[allow(dead_code)]
mod support;

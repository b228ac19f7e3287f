//! The same tests in a browser: `wasm-pack test --headless --chrome` or `--firefox` runs them.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../wasm/misuse.rs"]
mod misuse;
#[path = "../wasm/support.rs"]
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

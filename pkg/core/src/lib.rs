//! The classes of `socketio_wasm::js` as a module of WebAssembly. It has no code of its own.
//!
//! wasm-pack builds it, for the npm package (`pkg/build/module.mjs`) and for users who want the raw core (`docs/raw-core.md`).

// Nothing names this, and the linker still needs it: without a use of the crate, it would leave out the crate and its exports.
#[cfg(target_arch = "wasm32")]
pub use socketio_wasm::js::*;

//! The runtime's own functions, for a client in Rust.

use crate::host::Platform;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    /// The globals of the runtime; with a class of WebSockets of the user's, that in place of the global one, which is given headers.
    #[wasm_bindgen(js_name = platformOfGlobals)]
    pub(super) fn of_globals(websocket: &JsValue) -> Platform;
}

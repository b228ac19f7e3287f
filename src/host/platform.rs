//! The object through which the runtime's own functions are reached: the npm facade makes one for each runtime.

use js_sys::{Function, JsString, Object, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What a runtime offers: `fetch`, `WebSocket`, timers, and the words for errors.
    #[derive(Clone)]
    pub type Platform;

    /// The runtime's name, for errors.
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &Platform) -> JsString;

    /// As in the Fetch standard.
    #[wasm_bindgen(method, catch)]
    pub fn fetch(this: &Platform, url: &JsString, init: &Object) -> Result<Promise, JsValue>;

    /// The constructor, as in the WebSockets standard; a third argument carries headers where `websocketHeaders` says so.
    #[wasm_bindgen(method, getter, js_name = WebSocket)]
    pub fn web_socket(this: &Platform) -> Function;

    /// Whether headers can be put on a websocket.
    #[wasm_bindgen(method, getter, js_name = websocketHeaders)]
    pub fn websocket_headers(this: &Platform) -> bool;

    /// As the global one.
    #[wasm_bindgen(method, js_name = setTimeout)]
    pub fn set_timeout(this: &Platform, callback: &Function, milliseconds: f64) -> JsValue;

    /// As the global one.
    #[wasm_bindgen(method, js_name = clearTimeout)]
    pub fn clear_timeout(this: &Platform, handle: &JsValue);

    /// An error object for a code and its values.
    #[wasm_bindgen(method)]
    pub fn error(this: &Platform, code: &JsString, a: &JsValue, b: &JsValue, c: &JsValue) -> JsValue;

    /// Reports an error that nobody caught.
    #[wasm_bindgen(method)]
    pub fn report(this: &Platform, error: &JsValue);

    /// Writes to the log.
    #[wasm_bindgen(method)]
    pub fn log(this: &Platform, target: &JsString, level: &JsString, what: &JsString, value: &JsValue);
}

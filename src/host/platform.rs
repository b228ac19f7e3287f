//! The object through which the runtime's own functions are reached: the npm facade makes one for each runtime.

use js_sys::{Array, Function, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What a runtime offers: websockets, `fetch`, timers, `JSON` (used by values.js), a log, and words for errors.
    #[derive(Clone)]
    pub type Platform;

    /// Called with what goes over the wire: what it is, and the value. Left out if nobody reads it.
    #[wasm_bindgen(method, getter)]
    pub(super) fn trace(this: &Platform) -> Option<Function>;

    /// What a transport has thrown, for the error that is made next.
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_thrown(this: &Platform, thrown: &JsValue);

    /// As the global one.
    #[wasm_bindgen(method, catch, js_name = setTimeout)]
    pub fn set_timeout(this: &Platform, callback: &Function, milliseconds: f64) -> Result<JsValue, JsValue>;

    /// As the global one.
    #[wasm_bindgen(method, catch, js_name = clearTimeout)]
    pub fn clear_timeout(this: &Platform, handle: &JsValue) -> Result<(), JsValue>;

    /// An error object for a code and its values.
    #[wasm_bindgen(method)]
    pub fn error(this: &Platform, code: &JsString, a: &JsValue, b: &JsValue, c: &JsValue) -> JsValue;

    /// Reports an error that nobody caught.
    #[wasm_bindgen(method)]
    pub fn report(this: &Platform, error: &JsValue);

    /// Reports an error that no handler was there for: to the log, else to the console.
    #[wasm_bindgen(method)]
    pub fn unheard(this: &Platform, error: &JsValue);

    /// Promises the values of an answer with the bytes of their Blobs, which only time can tell, as a `tuple()`; no promise
    /// where they have no Blob.
    #[wasm_bindgen(method, js_name = blobsRead)]
    pub fn blobs_read(this: &Platform, values: &Array) -> JsValue;

    /// Writes to the log of the session: the level, what happened, and to what.
    #[wasm_bindgen(method)]
    pub fn log(this: &Platform, level: &str, what: &str, value: &JsValue);
}

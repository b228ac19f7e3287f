//! The object through which the runtime's own functions are reached: the npm facade makes one for each runtime.

use js_sys::{Array, Function, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The functions of a runtime: timers, a log, and errors with their messages. JavaScript alone uses its websockets and `fetch`
    /// (runtime.js) and its `JSON` (values.js).
    #[derive(Clone)]
    pub type Platform;

    /// Called with each value that goes over the wire, and with its name. It is missing if nobody reads it.
    #[wasm_bindgen(method, getter)]
    pub(super) fn trace(this: &Platform) -> Option<Function>;

    /// Holds the error that a transport has thrown, for the error that is made next.
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

    /// Reports an error for which there is no handler: to the log if there is one, otherwise to the console.
    #[wasm_bindgen(method)]
    pub fn unheard(this: &Platform, error: &JsValue);

    /// Asks the user's function for the delay before an attempt: a number of milliseconds, or false for no further attempt. It is an
    /// error object if the function fails or returns anything else.
    #[wasm_bindgen(method, js_name = reconnectionDelay)]
    pub fn reconnection_delay(this: &Platform, attempt: u32, error: &JsValue) -> JsValue;

    /// Promises the values of an answer, as a `tuple()`, with the bytes of their Blobs, which are read later. It is no promise if
    /// there is no Blob.
    #[wasm_bindgen(method, js_name = blobsRead)]
    pub fn blobs_read(this: &Platform, values: &Array) -> JsValue;

    /// Writes to the log of the session: a level, a message and a value.
    #[wasm_bindgen(method)]
    pub fn log(this: &Platform, level: &str, what: &str, value: &JsValue);
}

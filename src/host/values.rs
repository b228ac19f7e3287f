//! Values and their JSON, written and read by the JS engine: nothing in wasm is faster at it.

use super::wire::property;
use super::{JsBytes, JsWire, Platform};
use crate::protocol::{CLIENT_EVENTS, ProtocolError};
use crate::socket::{IncomingPayload, OutgoingPayload};
use core::cell::OnceCell;
use core::mem::ManuallyDrop;
use js_sys::{Array, JsString, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/values.min.js")]
extern "C" {
    #[wasm_bindgen(js_name = encode)]
    fn encode_values(platform: &Platform, values: &Array, depth: u32) -> JsValue;

    /// Returns the value of the JSON that a string has from some unit on; `undefined` if it is no JSON. The `NaN` and `Infinity` that
    /// Python writes are read as `null`.
    #[wasm_bindgen(js_name = parse)]
    fn parse_by(text: &JsString, from: u32, platform: &Platform) -> JsValue;

    /// The same by the global `JSON`.
    pub(super) fn parse(text: &JsString, from: u32) -> JsValue;

    /// Looks at values: `None` if they are no array; false if they do not begin with the name of an event, and that is wanted.
    #[wasm_bindgen(js_name = checkValues)]
    fn check_values(values: &JsValue, reserved: Option<&Array>) -> Option<bool>;

    /// Puts attachments in the place of their placeholders; `undefined` if one has none.
    #[wasm_bindgen(js_name = putBack)]
    fn put_back(values: &JsValue, attachments: &Array, depth: u32) -> JsValue;

    /// The second argument of a `disconnect` handler.
    #[wasm_bindgen(js_name = disconnectDetails)]
    pub fn disconnect_details(cause: &str, error: &JsValue, data: &JsValue) -> JsValue;

    /// Returns the JSON of a value for `src/client/values`; an array if something in it is more than JSON, `undefined` if it is nested
    /// more deeply.
    pub fn written(value: &JsValue, depth: u32) -> JsValue;

    /// Writes a value of JavaScript: an array of parts of its JSON, with binary data in between. Any other object holds what was thrown.
    #[wasm_bindgen(js_name = takenOut)]
    pub fn take_out(value: &JsValue) -> JsValue;

    /// Returns the value of JSON with placeholders that the crate has written, and of its binary data.
    #[wasm_bindgen(js_name = parseWritten)]
    pub fn parse_written(json: &str, binary: &Array) -> JsValue;

    /// Returns the value of a string that `written` has returned.
    #[wasm_bindgen(js_name = parseRead)]
    pub fn parse_read(json: &str, binary: &Array) -> JsValue;

    /// Returns the promise of a Blob's bytes.
    #[wasm_bindgen(js_name = readBlob)]
    pub fn read_blob(value: &JsValue) -> Option<Promise>;

    /// Returns the values that answer an event: the items of a `tuple()`, the one value, or none for `undefined`.
    #[wasm_bindgen(catch, js_name = valuesOfAnswer)]
    pub fn values_of_answer(value: &JsValue) -> Result<Array, JsValue>;
}

thread_local! {
    /// [`CLIENT_EVENTS`] as an array of JS. It lives as long as the module, and needs no destructor.
    static RESERVED: OnceCell<ManuallyDrop<Array>> = const { OnceCell::new() };
}

fn reserved_events() -> ManuallyDrop<Array> {
    ManuallyDrop::new(CLIENT_EVENTS.into_iter().map(JsValue::from_str).collect())
}

/// The payload that carries `values`, with binary data taken out. An `Err` is the thrown value: for a circle, or a BigInt.
///
/// Binary data is not copied: it is read when the transport takes it.
pub fn encode(platform: &Platform, values: &Array, depth: u32) -> Result<OutgoingPayload<JsWire>, JsValue> {
    let encoded = match encode_values(platform, values, depth).dyn_into::<JsString>() {
        Ok(json) => return Ok(OutgoingPayload::Json(json.into(), Vec::new())),
        Err(encoded) => encoded,
    };
    let parts = encoded.dyn_into::<Array>().map_err(|failure| thrown_in(&failure))?;
    let json = parts.shift().unchecked_into::<JsString>();
    let attachments = parts.iter().map(|bytes| JsBytes(bytes.unchecked_into())).collect();
    Ok(OutgoingPayload::Json(json.into(), attachments))
}

/// Returns what was thrown in place of a result.
pub fn thrown_in(failure: &JsValue) -> JsValue {
    property(failure, "thrown")
}

/// The `message` of any thrown value.
pub fn message_of(thrown: &JsValue) -> Option<JsString> {
    property(thrown, "message").dyn_into().ok()
}

/// The values of a payload, with binary data put back. The first value of an event is its name, a string.
pub fn decode(
    platform: &Platform,
    payload: &IncomingPayload<JsWire>,
    depth: u32,
    is_event: bool,
) -> Result<Array, ProtocolError> {
    let (values, attachments) = match payload {
        IncomingPayload::Json(json, attachments) => {
            let values = parse_by(json.text.as_js(), json.from as u32, platform);
            if values.is_undefined() {
                return Err(ProtocolError::BadJson);
            }
            (values, &**attachments)
        }
        IncomingPayload::Value(values) => (values.clone(), &[][..]),
    };
    let checked = match is_event {
        true => RESERVED.with(|events| check_values(&values, Some(events.get_or_init(reserved_events)))),
        false => check_values(&values, None),
    };
    match checked {
        Some(true) if attachments.is_empty() => Ok(values.unchecked_into()),
        Some(true) => {
            let attachments = attachments.iter().map(|bytes| bytes.0.clone()).collect();
            // The array itself is a level of its own.
            let whole = put_back(&values, &attachments, depth.saturating_add(1));
            whole.dyn_into().map_err(|_| ProtocolError::BadPlaceholder)
        }
        Some(false) => Err(ProtocolError::BadEventName),
        None => Err(ProtocolError::PayloadNotAnArray),
    }
}

/// The value that any packet carries; `undefined` if it carries none.
pub fn read(platform: &Platform, payload: &IncomingPayload<JsWire>) -> JsValue {
    match payload {
        IncomingPayload::Json(json, _) => parse_by(json.text.as_js(), json.from as u32, platform),
        IncomingPayload::Value(value) => value.clone(),
    }
}

//! Values and their JSON, written and read by the JS engine: nothing in wasm is faster at it.

use super::wire::property;
use super::{JsBytes, JsWire, Platform};
use crate::protocol::ProtocolError;
use crate::socket::{IncomingPayload, OutgoingPayload};
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = encode)]
    fn encode_values(platform: &Platform, values: &Array, depth: u32) -> JsValue;

    #[wasm_bindgen(js_name = decode)]
    fn decode_values(
        platform: &Platform,
        text: &JsString,
        from: u32,
        attachments: Option<Array>,
        depth: u32,
        is_event: bool,
    ) -> JsValue;

    #[wasm_bindgen(js_name = checkValues)]
    fn check_values(values: &JsValue, is_event: bool) -> JsValue;

    /// What a `disconnect` handler is told beyond the reason.
    #[wasm_bindgen(js_name = disconnectDetails)]
    pub fn disconnect_details(cause: &str, error: &JsValue, data: &JsValue) -> JsValue;

    /// What answers an event: the items of a `tuple()`, the one value, or nothing for `undefined`.
    #[wasm_bindgen(catch, js_name = valuesOfAnswer)]
    pub fn values_of_answer(value: &JsValue) -> Result<Array, JsValue>;

    /// The value of a JSON text. The `NaN` and `Infinity` that Python writes are read as `null`.
    #[wasm_bindgen(catch)]
    pub(super) fn parse(json: &JsString) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = parse)]
    fn parse_by(json: &JsString, platform: &Platform) -> Result<JsValue, JsValue>;
}

/// The content that carries `values`, binary data taken out. An `Err` is what was thrown: a circle, a BigInt.
///
/// Binary data is not copied: it is read when the transport takes it.
pub fn encode(platform: &Platform, values: &Array, depth: u32) -> Result<OutgoingPayload<JsWire>, JsValue> {
    let encoded = match encode_values(platform, values, depth).dyn_into::<JsString>() {
        Ok(json) => return Ok(OutgoingPayload::Json(json.into(), Vec::new())),
        Err(encoded) => encoded,
    };
    let parts = encoded.dyn_into::<Array>().map_err(|failure| property(&failure, "thrown"))?;
    let json = parts.shift().unchecked_into::<JsString>();
    let attachments = parts.iter().map(|bytes| JsBytes(bytes.unchecked_into())).collect();
    Ok(OutgoingPayload::Json(json.into(), attachments))
}

/// The `message` of whatever was thrown.
pub fn message_of(thrown: &JsValue) -> Option<JsString> {
    property(thrown, "message").dyn_into().ok()
}

/// The values of a payload, binary data put back; those of an event begin with its name, which is then a text.
pub fn decode(
    platform: &Platform,
    payload: &IncomingPayload<JsWire>,
    depth: u32,
    is_event: bool,
) -> Result<Array, ProtocolError> {
    let decoded = match payload {
        IncomingPayload::Json(json, attachments) => {
            let attachments =
                (!attachments.is_empty()).then(|| attachments.iter().map(|bytes| bytes.0.clone()).collect());
            decode_values(platform, json.text.as_js(), json.from as u32, attachments, depth, is_event)
        }
        IncomingPayload::Value(values) => check_values(values, is_event),
    };
    decoded.dyn_into::<Array>().map_err(|code| match code.as_f64() {
        Some(1.0) => ProtocolError::BadJson,
        Some(2.0) => ProtocolError::PayloadNotAnArray,
        Some(4.0) => ProtocolError::BadEventName,
        _ => ProtocolError::BadPlaceholder,
    })
}

/// What any packet carries; `undefined` where that is no value.
pub fn read(platform: &Platform, payload: &IncomingPayload<JsWire>) -> JsValue {
    match payload {
        IncomingPayload::Json(json, _) => parse_by(json.to_text().as_js(), platform).unwrap_or_default(),
        IncomingPayload::Value(value) => value.clone(),
    }
}

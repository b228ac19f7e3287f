//! The wire in wasm: JS strings and byte arrays, which never enter wasm memory.

use super::values::parse;
use crate::protocol::{Bytes, Handshake, Text, Wire};
use js_sys::{Array, JsString, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// A byte array of JS; equal where it is the same one.
#[derive(Clone)]
pub struct JsBytes(pub Uint8Array);

impl PartialEq for JsBytes {
    fn eq(&self, other: &Self) -> bool {
        let (one, other): (&JsValue, &JsValue) = (self.0.as_ref(), other.0.as_ref());
        one == other
    }
}

impl core::fmt::Debug for JsBytes {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("JsBytes")
    }
}

/// JS strings and `Uint8Array`s.
#[derive(Debug, Clone, PartialEq)]
pub struct JsWire;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = utf8Length)]
    fn utf8_length(text: &JsString) -> usize;
    #[wasm_bindgen(js_name = behindByte)]
    fn behind_byte(byte: u8, bytes: &Uint8Array) -> Uint8Array;
    #[wasm_bindgen(js_name = toBase64)]
    fn to_base64(bytes: &Uint8Array) -> JsString;
    #[wasm_bindgen(js_name = fromBase64)]
    fn from_base64(text: &JsString) -> Option<Uint8Array>;
}

#[wasm_bindgen]
extern "C" {
    /// A JS string seen through the methods whose arguments js-sys would copy or box.
    type RawString;
    #[wasm_bindgen(method, js_name = concat)]
    fn concat_text(this: &RawString, other: &JsString) -> JsString;
    #[wasm_bindgen(method, js_name = concat)]
    fn concat_number(this: &RawString, number: f64) -> JsString;
    #[wasm_bindgen(method, js_name = charCodeAt)]
    fn unit_at(this: &RawString, position: u32) -> f64;
    #[wasm_bindgen(method, js_name = indexOf)]
    fn index_of(this: &RawString, wanted: &JsString, from: u32) -> i32;
    #[wasm_bindgen(method, js_name = slice)]
    fn slice_between(this: &RawString, from: u32, to: u32) -> JsString;
    #[wasm_bindgen(method, js_name = includes)]
    fn includes_text(this: &RawString, wanted: &str) -> bool;
}

fn raw(text: &JsString) -> &RawString {
    text.unchecked_ref()
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn property(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A time or a size as a server writes it: a number that is not negative.
fn amount(value: &JsValue) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite() && *number >= 0.0)
}

impl Wire for JsWire {
    type Text = JsString;
    type Bytes = JsBytes;
    type Value = JsValue;

    fn read_handshake(json: &JsString) -> Option<Handshake<JsString>> {
        let value = parse(json).ok().filter(JsValue::is_object)?;
        let upgrades = property(&value, "upgrades");
        Some(Handshake {
            sid: property(&value, "sid").dyn_into().ok()?,
            upgrades_to_websocket: upgrades
                .dyn_ref::<Array>()
                .is_some_and(|upgrades| upgrades.includes(&JsValue::from_str("websocket"), 0)),
            ping_interval: amount(&property(&value, "pingInterval"))? as u64,
            ping_timeout: amount(&property(&value, "pingTimeout"))? as u64,
            max_payload: amount(&property(&value, "maxPayload")).map(|bytes| bytes as usize),
        })
    }

    fn read_sid(json: &JsString) -> Option<JsString> {
        Self::sid_of(&parse(json).ok()?)
    }

    fn sid_of(value: &JsValue) -> Option<JsString> {
        property(value, "sid").dyn_into().ok()
    }
}

impl Text for JsString {
    fn from_ascii(text: &str) -> Self {
        match text.as_bytes() {
            // An engine keeps strings of one character ready; decoding one costs five times as much.
            [byte] => JsString::from_char_code1(u32::from(*byte)),
            _ => JsString::from(text),
        }
    }
    fn with_number(&self, number: u64) -> Self {
        raw(self).concat_number(number as f64)
    }
    fn concat(&self, other: &Self) -> Self {
        raw(self).concat_text(other)
    }
    fn len(&self) -> usize {
        self.length() as usize
    }
    fn unit(&self, at: usize) -> Option<u16> {
        // Past the end it is NaN.
        let unit = raw(self).unit_at(position(at));
        (unit >= 0.0).then_some(unit as u16)
    }
    fn find(&self, wanted: u8, from: usize) -> Option<usize> {
        usize::try_from(raw(self).index_of(&JsString::from_char_code1(u32::from(wanted)), position(from))).ok()
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        raw(self).slice_between(position(from), position(to))
    }
    fn contains(&self, wanted: &str) -> bool {
        raw(self).includes_text(wanted)
    }
    fn utf16_len(&self) -> usize {
        self.len()
    }
    fn after_utf16(&self, from: usize, units: usize) -> Option<usize> {
        from.checked_add(units).filter(|end| *end <= self.len())
    }
    fn utf8_len(&self) -> usize {
        utf8_length(self)
    }
}

impl Bytes for JsBytes {
    type Text = JsString;
    fn len(&self) -> usize {
        self.0.length() as usize
    }
    fn split_first(&self) -> Option<(u8, Self)> {
        // A copy: whoever looks at `.buffer` finds these bytes and no others.
        (!self.is_empty()).then(|| (self.0.get_index(0), Self(self.0.slice(1, self.0.length()))))
    }
    fn behind(&self, first: u8) -> Self {
        Self(behind_byte(first, &self.0))
    }
    fn to_base64(&self) -> JsString {
        to_base64(&self.0)
    }
    fn from_base64(text: &JsString) -> Option<Self> {
        from_base64(text).map(Self)
    }
}

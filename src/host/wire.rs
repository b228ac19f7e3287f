//! The wire in wasm: JS strings and byte arrays, which never enter wasm memory.

use super::values::parse;
use crate::protocol::{Bytes, Handshake, Text, Wire};
use js_sys::{Array, JsString, Uint8Array};
use wasm_bindgen::prelude::*;

/// A byte array of JS. Two are equal if they are the same one.
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

/// A JS string.
#[derive(Debug, Clone, PartialEq)]
pub struct JsText(JsString);

impl JsText {
    /// The string of JS.
    pub fn to_js(&self) -> JsString {
        self.0.clone()
    }

    /// The same, for the last time.
    pub fn into_js(self) -> JsString {
        self.0
    }

    /// The same, borrowed.
    pub(super) fn as_js(&self) -> &JsString {
        &self.0
    }
}

impl From<JsString> for JsText {
    fn from(string: JsString) -> Self {
        Self(string)
    }
}

/// A position as JS counts it.
fn at(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// JS strings and `Uint8Array`s.
#[derive(Debug, Clone, PartialEq)]
pub struct JsWire;

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    /// Returns a property of any value; `undefined` if it has none, or throws.
    pub(super) fn property(value: &JsValue, name: &str) -> JsValue;
    #[wasm_bindgen(js_name = prefixedWith)]
    fn prefixed_with(number: f64, text: &JsString) -> JsString;
    fn peek(text: &JsString, at: u32) -> u32;
    fn find(text: &JsString, unit: u8, from: u32) -> i32;
    #[wasm_bindgen(js_name = utf8Length)]
    fn utf8_length(text: &JsString) -> usize;
    #[wasm_bindgen(js_name = ofUtf8)]
    fn of_utf8(bytes: &Uint8Array) -> JsString;
    #[wasm_bindgen(js_name = toUtf8)]
    fn to_utf8(text: &JsString) -> Uint8Array;
    #[wasm_bindgen(js_name = joinBytes)]
    fn join_bytes(parts: &Array) -> Uint8Array;
    #[wasm_bindgen(js_name = toBase64)]
    fn to_base64(bytes: &Uint8Array, prefix: &JsString) -> JsString;
    #[wasm_bindgen(js_name = fromBase64)]
    fn from_base64(text: &JsString) -> Option<Uint8Array>;
    #[wasm_bindgen(js_name = percentEncoded)]
    fn percent_encoded(text: &JsString) -> Option<JsString>;
}

#[wasm_bindgen]
extern "C" {
    /// A JS string, for the methods whose arguments js-sys would copy or box.
    type RawString;
    #[wasm_bindgen(method, js_name = concat)]
    fn concat_text(this: &RawString, other: &JsString) -> JsString;
    #[wasm_bindgen(method, js_name = charCodeAt)]
    fn unit_at(this: &RawString, position: u32) -> f64;
    #[wasm_bindgen(method, js_name = slice)]
    fn slice_between(this: &RawString, from: u32, to: u32) -> JsString;
    #[wasm_bindgen(method, js_name = includes)]
    fn includes_text(this: &RawString, wanted: &str) -> bool;

    /// The constructor with `catch`: the one of js-sys must not throw.
    #[wasm_bindgen(js_name = Uint8Array, extends = Uint8Array)]
    type RawArray;
    #[wasm_bindgen(constructor, catch, js_class = "Uint8Array")]
    fn new(value: &JsValue) -> Result<RawArray, JsValue>;
}

/// The bytes of a buffer, or a copy of those of an array, which may be of a user-supplied class.
pub(super) fn array_of_bytes(value: &JsValue) -> Result<Uint8Array, JsValue> {
    RawArray::new(value).map(JsCast::unchecked_into)
}

fn raw(text: &JsString) -> &RawString {
    text.unchecked_ref()
}

/// A time or a size as a server writes it: a number that is not negative.
fn amount(value: &JsValue) -> Option<f64> {
    value.as_f64().filter(|number| number.is_finite() && *number >= 0.0)
}

impl Wire for JsWire {
    type Text = JsText;
    type Bytes = JsBytes;
    type Value = JsValue;

    fn read_handshake(json: &JsText) -> Option<Handshake<JsText>> {
        let value = Some(parse(&json.0, 0)).filter(JsValue::is_object)?;
        let upgrades = property(&value, "upgrades");
        Some(Handshake {
            sid: Self::sid_of(&value)?,
            upgrades_to_websocket: upgrades
                .dyn_ref::<Array>()
                .is_some_and(|upgrades| upgrades.includes(&JsValue::from_str("websocket"), 0)),
            ping_interval: amount(&property(&value, "pingInterval"))? as u64,
            ping_timeout: amount(&property(&value, "pingTimeout"))? as u64,
            // 0 is none, as `ws` has it.
            max_payload: amount(&property(&value, "maxPayload")).map(|bytes| bytes as usize).filter(|bytes| *bytes > 0),
        })
    }

    fn read_sid(json: &JsText) -> Option<JsText> {
        Self::sid_of(&parse(&json.0, 0))
    }

    fn sid_of(value: &JsValue) -> Option<JsText> {
        property(value, "sid").dyn_into::<JsString>().ok().map(JsText::from)
    }
}

impl Text for JsText {
    fn from_ascii(text: &str) -> Self {
        JsString::from(text).into()
    }
    fn prefixed_with(&self, number: u64) -> Self {
        prefixed_with(number as f64, &self.0).into()
    }
    fn concat(&self, other: &Self) -> Self {
        raw(&self.0).concat_text(&other.0).into()
    }
    fn join(texts: Vec<Self>, separator: &str) -> Self {
        texts.into_iter().map(Self::into_js).collect::<Array>().join(separator).into()
    }
    fn len(&self) -> usize {
        self.0.length() as usize
    }
    fn code_unit_at(&self, position: usize) -> Option<u16> {
        // Past the end it is NaN.
        let unit = raw(&self.0).unit_at(at(position));
        (unit >= 0.0).then_some(unit as u16)
    }
    fn peek(&self, position: usize) -> u32 {
        peek(&self.0, at(position))
    }
    fn find(&self, wanted: u8, from: usize) -> Option<usize> {
        usize::try_from(find(&self.0, wanted, at(from))).ok()
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        raw(&self.0).slice_between(at(from), at(to)).into()
    }
    fn slice_from(&self, from: usize) -> Self {
        self.slice(from, usize::MAX)
    }
    fn contains(&self, wanted: &str) -> bool {
        raw(&self.0).includes_text(wanted)
    }
    fn percent_encoded(&self) -> Option<Self> {
        percent_encoded(&self.0).map(Self::from)
    }
    fn utf16_len(&self) -> usize {
        self.len()
    }
    fn after_utf16(&self, from: usize, units: usize) -> Option<usize> {
        from.checked_add(units).filter(|end| *end <= self.len())
    }
    fn utf8_len(&self) -> usize {
        utf8_length(&self.0)
    }
}

impl Bytes for JsBytes {
    type Text = JsText;
    fn len(&self) -> usize {
        self.0.length() as usize
    }
    fn from_slice(bytes: &[u8]) -> Self {
        Self(Uint8Array::from(bytes))
    }
    fn from_text(text: &JsText) -> Self {
        Self(to_utf8(&text.0))
    }
    fn to_text(&self) -> JsText {
        of_utf8(&self.0).into()
    }
    fn byte_at(&self, position: usize) -> Option<u8> {
        (position < self.len()).then(|| self.0.get_index(at(position)))
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        Self(self.0.subarray(at(from), at(to)))
    }
    fn join(parts: Vec<Self>) -> Self {
        Self(join_bytes(&parts.into_iter().map(|part| part.0).collect()))
    }
    fn split_first(&self) -> Option<(u8, Self)> {
        // A copy: whoever looks at `.buffer` finds these bytes and no others.
        (!self.is_empty()).then(|| (self.0.get_index(0), Self(self.0.slice(1, self.0.length()))))
    }
    fn prefixed_with(&self, first: u8) -> Self {
        Self::join(vec![Self::from_slice(&[first]), self.clone()])
    }
    fn to_base64(&self, prefix: &JsText) -> JsText {
        to_base64(&self.0, &prefix.0).into()
    }
    fn from_base64(text: &JsText) -> Option<Self> {
        from_base64(&text.0).map(Self)
    }
}

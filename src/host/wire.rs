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

/// A JS string, or what remains of one from some unit on: what is only read on is not cut off.
#[derive(Debug, Clone)]
pub struct JsText {
    string: JsString,
    from: u32,
}

impl JsText {
    /// The text as JS has it.
    pub fn to_js(&self) -> JsString {
        if self.from == 0 { self.string.clone() } else { self.rest_of_string(self.from, u32::MAX) }
    }

    /// The same, for the last time.
    pub fn into_js(self) -> JsString {
        if self.from == 0 { self.string } else { self.to_js() }
    }

    /// The string in which the text is, and where it begins.
    pub(super) fn parts(&self) -> (&JsString, u32) {
        (&self.string, self.from)
    }

    fn rest_of_string(&self, from: u32, to: u32) -> JsString {
        raw(&self.string).slice_between(from, to)
    }

    fn at(&self, position: usize) -> u32 {
        self.from.saturating_add(u32::try_from(position).unwrap_or(u32::MAX))
    }
}

impl From<JsString> for JsText {
    fn from(string: JsString) -> Self {
        Self { string, from: 0 }
    }
}

impl PartialEq for JsText {
    fn eq(&self, other: &Self) -> bool {
        let is_whole = |text: &Self| text.from == 0;
        let whole = is_whole(self) && is_whole(other);
        if whole { self.string == other.string } else { self.to_js() == other.to_js() }
    }
}

/// JS strings and `Uint8Array`s.
#[derive(Debug, Clone, PartialEq)]
pub struct JsWire;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = prefixedWith)]
    fn prefixed_with(number: f64, text: &JsString, from: u32) -> JsString;
    fn peek(text: &JsString, at: u32) -> u32;
    fn find(text: &JsString, unit: u8, from: u32) -> i32;
    #[wasm_bindgen(js_name = utf8Length)]
    fn utf8_length(text: &JsString) -> usize;
    #[wasm_bindgen(js_name = behindByte)]
    fn behind_byte(byte: u8, bytes: &Uint8Array) -> Uint8Array;
    #[wasm_bindgen(js_name = toBase64)]
    fn to_base64(bytes: &Uint8Array, prefix: &JsString) -> JsString;
    #[wasm_bindgen(js_name = fromBase64)]
    fn from_base64(text: &JsString) -> Option<Uint8Array>;
    #[wasm_bindgen(js_name = percentEncoded)]
    fn percent_encoded(text: &JsString) -> Option<JsString>;
}

#[wasm_bindgen]
extern "C" {
    /// A JS string seen through the methods whose arguments js-sys would copy or box.
    type RawString;
    #[wasm_bindgen(method, js_name = concat)]
    fn concat_text(this: &RawString, other: &JsString) -> JsString;
    #[wasm_bindgen(method, js_name = charCodeAt)]
    fn unit_at(this: &RawString, position: u32) -> f64;
    #[wasm_bindgen(method, js_name = slice)]
    fn slice_between(this: &RawString, from: u32, to: u32) -> JsString;
    #[wasm_bindgen(method, js_name = includes)]
    fn includes_text(this: &RawString, wanted: &str) -> bool;
}

fn raw(text: &JsString) -> &RawString {
    text.unchecked_ref()
}

/// A property of a value; `undefined` where it has none.
pub(super) fn property(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
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
        let value = parse(&json.to_js()).ok().filter(JsValue::is_object)?;
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
        Self::sid_of(&parse(&json.to_js()).ok()?)
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
        prefixed_with(number as f64, &self.string, self.from).into()
    }
    fn concat(&self, other: &Self) -> Self {
        raw(&self.to_js()).concat_text(&other.to_js()).into()
    }
    fn join(texts: Vec<Self>, separator: &str) -> Self {
        texts.into_iter().map(Self::into_js).collect::<Array>().join(separator).into()
    }
    fn len(&self) -> usize {
        self.string.length().saturating_sub(self.from) as usize
    }
    fn code_unit_at(&self, at: usize) -> Option<u16> {
        // Past the end it is NaN.
        let unit = raw(&self.string).unit_at(self.at(at));
        (unit >= 0.0).then_some(unit as u16)
    }
    fn peek(&self, at: usize) -> u32 {
        peek(&self.string, self.at(at))
    }
    fn find(&self, wanted: u8, from: usize) -> Option<usize> {
        let at = u32::try_from(find(&self.string, wanted, self.at(from))).ok()?;
        Some(at.saturating_sub(self.from) as usize)
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        self.rest_of_string(self.at(from), self.at(to)).into()
    }
    fn slice_from(&self, from: usize) -> Self {
        Self { string: self.string.clone(), from: self.at(from) }
    }
    fn contains(&self, wanted: &str) -> bool {
        raw(&self.to_js()).includes_text(wanted)
    }
    fn percent_encoded(&self) -> Option<Self> {
        percent_encoded(&self.to_js()).map(Self::from)
    }
    fn utf16_len(&self) -> usize {
        self.len()
    }
    fn after_utf16(&self, from: usize, units: usize) -> Option<usize> {
        from.checked_add(units).filter(|end| *end <= self.len())
    }
    fn utf8_len(&self) -> usize {
        utf8_length(&self.to_js())
    }
}

impl Bytes for JsBytes {
    type Text = JsText;
    fn len(&self) -> usize {
        self.0.length() as usize
    }
    fn split_first(&self) -> Option<(u8, Self)> {
        // A copy: whoever looks at `.buffer` finds these bytes and no others.
        (!self.is_empty()).then(|| (self.0.get_index(0), Self(self.0.slice(1, self.0.length()))))
    }
    fn prefixed_with(&self, first: u8) -> Self {
        Self(behind_byte(first, &self.0))
    }
    fn to_base64(&self, prefix: &JsText) -> JsText {
        to_base64(&self.0, &prefix.string).into()
    }
    fn from_base64(text: &JsText) -> Option<Self> {
        from_base64(&text.to_js()).map(Self)
    }
}

//! Converts values between Rust and JavaScript. Types of serde are written as JSON in one pass, and read from JSON: one string crosses the
//! boundary for an event. Binary data stays in JavaScript until a type asks for it.
//!
//! A tuple is several arguments, `()` is none, and any other value is one, such as a `Vec`, any struct, or a tuple
//! within another type. To serde an array `[T; N]` is a tuple.

mod arguments;
mod error;
mod integers;
mod key;
mod number;
mod parts;
mod place;
mod prepared;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
mod raw;
mod read;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod text;
mod write;

pub use error::{Mismatch, write_mismatch};
pub use integers::{bigint, integer_string};
pub use prepared::Prepared;
pub use raw::{All, Raw};
pub use write::NO_BINARY;

use crate::host::written;
use arguments::ArgumentReader;
use error::ValueError;
use js_sys::{Array, JsString, Uint8Array};
use read::{MAX_DEPTH, Reader};
use serde::de::{DeserializeOwned, DeserializeSeed};
use wasm_bindgen::{JsCast, JsValue};

/// A value of JavaScript as JSON, with its binary data beside it.
struct Json {
    text: String,
    binary: Vec<Uint8Array>,
}

impl Json {
    fn of(value: &JsValue, depth: u32) -> Result<Self, Mismatch> {
        let written = match written(value, depth).dyn_into::<JsString>() {
            Ok(text) => return Ok(Self { text: text.into(), binary: Vec::new() }),
            Err(written) => written,
        };
        let Ok(parts) = written.dyn_into::<Array>() else {
            let why = format!("its values are nested more than {MAX_DEPTH} deep");
            return Err(Mismatch { path: String::new(), why, found: String::new() });
        };
        let text = parts.shift().as_string().unwrap_or_default();
        Ok(Self { text, binary: parts.iter().map(JsCast::unchecked_into).collect() })
    }

    fn read<T>(&self, read: impl FnOnce(&mut Reader<'_>) -> Result<T, ValueError>) -> Result<T, Mismatch> {
        read(&mut Reader::new(&self.text, &self.binary)).map_err(|error| error.explained(&self.text, &self.binary))
    }
}

fn from(values: &Array, first: u32) -> JsValue {
    if first == 0 { values.into() } else { values.slice(first, values.length()).into() }
}

/// Reads the values from `first` on as a type.
pub(super) fn arguments_from_js<T: DeserializeOwned>(values: &Array, first: u32) -> Result<T, Mismatch> {
    // `()` reads nothing: no value needs to be written for it.
    let json = match core::any::type_name::<T>() {
        "()" => Json { text: "[]".into(), binary: Vec::new() },
        _ => Json::of(&from(values, first), MAX_DEPTH + 1)?,
    };
    json.read(|reader| ArgumentReader::read(reader))
}

/// Reads all values from `first` on as one list.
pub(super) fn list_from_js<T: DeserializeOwned>(values: &Array, first: u32) -> Result<T, Mismatch> {
    Json::of(&from(values, first), MAX_DEPTH + 1)?.read(|reader| {
        reader.depth += 1;
        T::deserialize(reader)
    })
}

/// Reads one value as a type.
pub(super) fn value_from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, Mismatch> {
    Json::of(value, MAX_DEPTH)?.read(|reader| T::deserialize(reader))
}

/// Reads one value with a seed.
pub(super) fn seeded_from_js<T>(
    value: &JsValue,
    seed: impl for<'de> DeserializeSeed<'de, Value = T>,
) -> Result<T, Mismatch> {
    Json::of(value, MAX_DEPTH)?.read(|reader| seed.deserialize(reader))
}

/// Reads JSON as a type.
pub(super) fn value_from_json<T: DeserializeOwned>(json: &str) -> Result<T, Mismatch> {
    let mut reader = Reader::new(json, &[]);
    reader.is_json = true;
    let read = T::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| error.explained(json, &[]))
}

/// Reads written values with a seed.
pub(super) fn seeded_from_written<T>(
    written: &Prepared,
    seed: impl for<'de> DeserializeSeed<'de, Value = T>,
) -> Result<T, Mismatch> {
    let (binary, places) = written.binary();
    let mut reader = Reader::new(written.text(), &binary);
    reader.written = Some(&places);
    reader.floats = written.floats();
    seed.deserialize(&mut reader).map_err(|error| error.explained(written.text(), &binary))
}

/// Returns the values from `first` on as JSON, cut, and with binary data described, for people.
pub(super) fn shown(values: &Array, first: u32) -> String {
    match Json::of(&from(values, first), MAX_DEPTH + 1) {
        Ok(json) => place::shown(&json.text, 0, &json.binary),
        Err(mismatch) => mismatch.why,
    }
}

/// Returns the JSON of a value; `None` if JSON cannot represent it.
pub(super) fn json(value: &JsValue) -> Option<JsString> {
    js_sys::JSON::stringify(value).ok().filter(|json| json.is_string())
}

/// Returns the JSON of one value, and the offset of the first binary data in it, which JSON cannot carry. The error does not show the value.
pub(super) fn json_of(value: &impl serde::Serialize) -> Result<(String, Option<usize>), String> {
    Prepared::json(value).map_err(ValueError::into_why)
}

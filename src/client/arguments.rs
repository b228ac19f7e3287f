//! Converts the arguments of an event between Rust and JS. In Rust they have any type of serde, in JS they are an array.
//!
//! A tuple is several arguments, `()` is none, and any other value is one, such as a `Vec`, any struct, or a tuple
//! within another type. To serde an array `[T; N]` is a tuple. A missing argument is `None` for an `Option`; surplus
//! arguments are ignored.

use crate::host::message_of;
use js_sys::{Array, JSON, JsString};
use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use serde::ser::{self, Impossible, Serialize, Serializer};
use wasm_bindgen::prelude::*;

/// Converts the arguments of an event, or the values of an acknowledgement. The error is serde's message.
pub(super) fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<Array, String> {
    let written = value_to_js(value)?;
    Ok(match value.serialize(Probe) {
        Err(Shape::None) => Array::new(),
        Err(Shape::Several(_)) => written.unchecked_into(),
        Err(Shape::One) | Ok(()) => Array::of1(&written),
    })
}

#[wasm_bindgen(module = "/src/host/values.min.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = mapsAsObjects)]
    fn maps_as_objects(value: JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = isDeeper)]
    fn is_deeper(value: &JsValue, depth: u32) -> bool;
}

/// The depth to which values from the server may be nested: deeper values could exhaust the stack if their type is
/// recursive.
const MAX_DEPTH: u32 = 128;

/// Converts one value.
pub(super) fn value_to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, String> {
    // serde makes `Map`s, which become objects afterwards: setting the key `__proto__` of an object would set its
    // prototype.
    let writer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    let written = value.serialize(&writer).map_err(|error| message_text(&error.into()))?;
    maps_as_objects(written).map_err(|thrown| message_text(&thrown))
}

/// Reads the values from `first` on as a type. The error is serde's message.
pub(super) fn from_js<T: DeserializeOwned>(values: &Array, first: u32) -> Result<T, String> {
    let value = match T::deserialize(Probe) {
        Err(Shape::None) => JsValue::UNDEFINED,
        // A missing value is undefined.
        Err(Shape::Several(length)) => (first..).map(|at| values.get(at)).take(length).collect::<Array>().into(),
        Err(Shape::One) | Ok(_) => values.get(first),
    };
    value_from_js(value)
}

/// Reads one value as a type.
pub(super) fn value_from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, String> {
    if is_deeper(&value, MAX_DEPTH) {
        return Err(format!("its values are nested more than {MAX_DEPTH} deep"));
    }
    serde_wasm_bindgen::from_value(value).map_err(|error| message_text(&error.into()))
}

fn message_text(error: &JsValue) -> String {
    message_of(error).map_or_else(String::new, String::from)
}

/// Returns the JSON of a value; `None` if JSON cannot represent it.
pub(super) fn json(value: &JsValue) -> Option<JsString> {
    JSON::stringify(value).ok().filter(|json| json.is_string())
}

/// The number of arguments that a type stands for. The first method that serde calls reveals it.
#[derive(Debug)]
enum Shape {
    None,
    One,
    Several(usize),
}

impl core::fmt::Display for Shape {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("the shape of a type")
    }
}

impl core::error::Error for Shape {}

// A type may fail by itself before it calls a method. It counts as one argument; its error is reported by the real
// conversion.
impl ser::Error for Shape {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        Self::One
    }
}

impl de::Error for Shape {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        Self::One
    }
}

struct Probe;

/// Defines methods of a serializer for values that are one argument.
macro_rules! one {
    ($($method:ident($($type:ty),*) -> $result:ty;)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<$result, Shape> { Err(Shape::One) })*
    };
}

impl Serializer for Probe {
    type Ok = ();
    type Error = Shape;
    type SerializeSeq = Impossible<(), Shape>;
    type SerializeTuple = Impossible<(), Shape>;
    type SerializeTupleStruct = Impossible<(), Shape>;
    type SerializeTupleVariant = Impossible<(), Shape>;
    type SerializeMap = Impossible<(), Shape>;
    type SerializeStruct = Impossible<(), Shape>;
    type SerializeStructVariant = Impossible<(), Shape>;

    one! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> Impossible<(), Shape>;
        serialize_tuple_struct(&'static str, usize) -> Impossible<(), Shape>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible<(), Shape>;
        serialize_map(Option<usize>) -> Impossible<(), Shape>;
        serialize_struct(&'static str, usize) -> Impossible<(), Shape>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible<(), Shape>;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Shape> {
        Err(Shape::One)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Result<(), Shape> {
        Err(Shape::One)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Shape> {
        Err(Shape::One)
    }

    fn serialize_unit(self) -> Result<(), Shape> {
        Err(Shape::None)
    }

    fn serialize_tuple(self, length: usize) -> Result<Impossible<(), Shape>, Shape> {
        Err(Shape::Several(length))
    }
}

impl<'de> Deserializer<'de> for Probe {
    type Error = Shape;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Shape> {
        Err(Shape::One)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Shape> {
        Err(Shape::None)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, _: V) -> Result<V::Value, Shape> {
        Err(Shape::Several(length))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit_struct newtype_struct seq
        tuple_struct map struct enum identifier ignored_any
    }
}

//! The value type of the formats.

use super::super::values::{Prepared, bigint, seeded_from_js, seeded_from_written};
use core::cell::Cell;
use core::fmt;
use js_sys::{Array, BigInt, Object, Uint8Array};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use wasm_bindgen::JsValue;

/// The depth to which read and written values may be nested: deeper ones could exhaust the stack.
pub(super) const MAX_DEPTH: u32 = 128;

/// A value without a type of its own, binary data included. It can be an argument or a part of one, sent and received. Serializers have
/// the data of packets in it.
///
/// ```
/// use socketio_wasm::Value;
///
/// fn main() {
///     let picture = Value::Map(vec![
///         ("name".into(), Value::Text("a cat".into())),
///         ("bytes".into(), Value::Bytes(vec![1, 2, 3])),
///         (
///             "tags".into(),
///             Value::List(vec![
///                 Value::Null,
///                 Value::Bool(true),
///                 Value::Int(7),
///                 Value::Float(1.5),
///             ]),
///         ),
///     ]);
///     assert_eq!(picture.get("name").and_then(Value::as_str), Some("a cat"));
///     assert_eq!(picture.get("bytes").and_then(Value::as_bytes), Some(&[1, 2, 3][..]));
///     assert_eq!(
///         picture.get("tags").and_then(|tags| tags.at(2)).and_then(Value::as_i64),
///         Some(7)
///     );
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A number without a fraction. One beyond 64 bits is a `Float`.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
    /// Binary data.
    Bytes(Vec<u8>),
    /// Values in order.
    List(Vec<Value>),
    /// Values by name, in order.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Converts a JS value, if it is plain data.
    pub(crate) fn from_js(value: &JsValue) -> Result<Self, String> {
        let room = Cell::new(usize::MAX);
        seeded_from_js(value, Reading::within(&room)).map_err(|mismatch| mismatch.why)
    }

    /// Converts written values.
    pub(crate) fn from_written(values: &Prepared) -> Result<Self, String> {
        let room = Cell::new(usize::MAX);
        seeded_from_written(values, Reading::within(&room)).map_err(|mismatch| mismatch.why)
    }

    /// Converts to a JS value. Binary data is a `Uint8Array`. An integer that a number cannot hold is a `BigInt`.
    pub(crate) fn to_js(&self) -> JsValue {
        match self {
            Self::Null => JsValue::NULL,
            Self::Bool(value) => JsValue::from_bool(*value),
            Self::Int(value) if value.unsigned_abs() < 1 << 53 => JsValue::from_f64(*value as f64),
            Self::Int(value) => BigInt::from(*value).into(),
            Self::Float(value) => JsValue::from_f64(*value),
            Self::Text(text) => JsValue::from_str(text),
            Self::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
            Self::List(values) => values.iter().map(Self::to_js).collect::<Array>().into(),
            Self::Map(entries) => {
                let pairs: Array =
                    entries.iter().map(|(name, value)| Array::of2(&name.into(), &value.to_js())).collect();
                // Each name becomes an own property, even `__proto__`. It cannot fail for an array of pairs.
                Object::from_entries(&pairs).map_or(JsValue::NULL, JsValue::from)
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            // One beyond 2^53 goes over the wire if there is a serializer.
            Self::Int(value) => bigint::serialize(value, serializer),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::List(values) => serializer.collect_seq(values),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (name, value) in entries {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let room = Cell::new(usize::MAX);
        Reading::within(&room).deserialize(deserializer)
    }
}

/// Reads a value within limits: levels of nesting, and bytes of memory. The latter matter for a format in which many
/// places can refer to one value.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    depth: u32,
    room: &'a Cell<usize>,
}

/// The least memory that a value takes, in bytes.
const SIZE: usize = size_of::<Value>();

impl<'a> Reading<'a> {
    pub fn within(room: &'a Cell<usize>) -> Self {
        Self { depth: MAX_DEPTH, room }
    }

    fn take<E: serde::de::Error>(self, bytes: usize) -> Result<(), E> {
        let left = self.room.get().checked_sub(bytes.saturating_add(SIZE));
        self.room.set(left.ok_or_else(|| E::custom("values that take far more memory than the message"))?);
        Ok(())
    }

    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth =
            self.depth.checked_sub(1).ok_or_else(|| E::custom("values are nested too deeply, or in a circle"))?;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("plain data")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        self.take(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        self.take(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.take(0)?;
        Ok(Value::Int(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.take(0)?;
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.take(0)?;
        Ok(Value::Float(value))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        self.take(text.len())?;
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Value, E> {
        self.take(bytes.len())?;
        Ok(Value::Bytes(bytes.to_vec()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.take(0)?;
        let below = self.below()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(below)? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.take(0)?;
        let below = self.below()?;
        let mut entries = Vec::new();
        while let Some(key) = items.next_key_seed(below)? {
            let name = name_of(key).ok_or_else(|| A::Error::custom("a list or a map as the name of a value"))?;
            entries.push((name, items.next_value_seed(below)?));
        }
        Ok(Value::Map(entries))
    }

    /// Reads an extension of MessagePack, which is its number and its bytes. npm's notepack writes extensions with the
    /// number 0.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let parts = self.below()?.deserialize(deserializer)?;
        let Value::List(parts) = parts else { return Ok(parts) };
        let Ok([Value::Int(number), Value::Bytes(bytes)]) = <[Value; 2]>::try_from(parts) else {
            return Err(D::Error::custom("a malformed extension"));
        };
        Ok(match (number, <[u8; 8]>::try_from(bytes.as_slice())) {
            (0, _) if bytes.len() == 1 => Value::Null,             // undefined
            (0, Ok(time)) => Value::Int(i64::from_be_bytes(time)), // milliseconds since 1970
            _ => Value::Bytes(bytes),
        })
    }
}

/// Converts the key of a dictionary, which need not be a string, to the name of a property.
pub(super) fn name_of(key: Value) -> Option<String> {
    Some(match key {
        Value::Text(text) => text,
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
        Value::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Value::List(_) | Value::Map(_) => return None,
    })
}

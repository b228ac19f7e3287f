//! Access to the parts of a value, and values made of Rust's types.

use super::Value;

impl Value {
    /// Returns the value of this name in a map.
    ///
    /// ```
    /// use socketio_wasm::Value;
    ///
    /// fn main() {
    ///     let order = Value::Map(vec![
    ///         ("paid".into(), Value::Bool(false)),
    ///         ("items".into(), Value::List(vec![Value::Int(7)])),
    ///     ]);
    ///     let item = order.get("items").and_then(Value::as_list).and_then(|items| items.first());
    ///     assert_eq!(
    ///         (item.and_then(Value::as_u64), item.and_then(Value::as_f64)),
    ///         (Some(7), Some(7.0))
    ///     );
    ///     assert_eq!(order.get("paid").and_then(Value::as_bool), Some(false));
    ///     assert!(order.as_map().is_some() && !order.is_null() && order.get("price").is_none());
    /// }
    /// ```
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_map()?.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Returns the value at this place of a list, from 0 on.
    pub fn at(&self, place: usize) -> Option<&Self> {
        self.as_list()?.get(place)
    }

    /// Returns true for `Null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the value of a `Bool`.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// Returns the value of an `Int`.
    pub fn as_i64(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    /// Returns the value of an `Int` that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_i64().and_then(|value| value.try_into().ok())
    }

    /// Returns the value of a `Float`, or an `Int` as the nearest float.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(*value),
            Self::Int(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// Returns the string of a `Text`.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Returns the binary data of `Bytes`.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// Returns the values of a `List`.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(values) = self { Some(values) } else { None }
    }

    /// Returns the entries of a `Map`.
    pub fn as_map(&self) -> Option<&[(String, Self)]> {
        if let Self::Map(entries) = self { Some(entries) } else { None }
    }
}

/// Implements conversions.
macro_rules! from {
    ($($type:ty: $value:ident => $made:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        })*
    };
}

from! {
    (): _value => Self::Null;
    bool: value => Self::Bool(value);
    i8: value => Self::Int(value.into());
    i16: value => Self::Int(value.into());
    i32: value => Self::Int(value.into());
    i64: value => Self::Int(value);
    u8: value => Self::Int(value.into());
    u16: value => Self::Int(value.into());
    u32: value => Self::Int(value.into());
    f32: value => Self::Float(value.into());
    f64: value => Self::Float(value);
    &str: value => Self::Text(value.to_owned());
    String: value => Self::Text(value);
    Vec<u8>: value => Self::Bytes(value);
    &[u8]: value => Self::Bytes(value.to_vec());
    Vec<Value>: value => Self::List(value);
    Vec<(String, Value)>: value => Self::Map(value);
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromIterator<Self> for Value {
    fn from_iter<I: IntoIterator<Item = Self>>(values: I) -> Self {
        Self::List(values.into_iter().collect())
    }
}

impl<K: Into<String>, V: Into<Self>> FromIterator<(K, V)> for Value {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self::Map(entries.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

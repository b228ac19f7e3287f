//! Keys of maps, which are strings in JSON: strings, integers, bools, characters, and variants without data.

use super::error::ValueError;
use super::number::write_integer;
use super::write::write_string;
use core::fmt::Display;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, Visitor};
use serde::ser::{Impossible, Serialize, Serializer};

/// Writes a key.
pub(super) struct KeyWriter<'a>(pub &'a mut Vec<u8>);

type No = Impossible<(), ValueError>;

#[cold]
fn refused<T>(kind: &str) -> Result<T, ValueError> {
    // The key is not shown: it may be part of `auth`.
    Err(ValueError::new(format!(
        "a map has a key that is {kind}: keys are strings, integers, bools, characters, or variants without data"
    )))
}

/// Defines methods for keys that print as strings.
macro_rules! integers {
    ($($method:ident($type:ty))*) => {
        $(fn $method(self, key: $type) -> Result<(), ValueError> {
            self.integer(key as i64)
        })*
    };
}

/// Defines methods for keys that do not.
macro_rules! refused {
    ($($method:ident($($type:ty),*) -> $result:ty = $kind:literal;)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<$result, ValueError> { refused($kind) })*
    };
}

impl KeyWriter<'_> {
    fn integer(self, key: i64) -> Result<(), ValueError> {
        self.unsigned(key < 0, key.unsigned_abs())
    }

    fn unsigned(self, is_negative: bool, key: u64) -> Result<(), ValueError> {
        self.0.push(b'"');
        write_integer(self.0, is_negative, key);
        self.0.push(b'"');
        Ok(())
    }
}

impl Serializer for KeyWriter<'_> {
    type Ok = ();
    type Error = ValueError;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    integers! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32)
    }

    fn serialize_u64(self, key: u64) -> Result<(), ValueError> {
        self.unsigned(false, key)
    }

    fn serialize_i128(self, key: i128) -> Result<(), ValueError> {
        self.collect_str(&key)
    }

    fn serialize_u128(self, key: u128) -> Result<(), ValueError> {
        self.collect_str(&key)
    }

    fn serialize_bool(self, key: bool) -> Result<(), ValueError> {
        self.serialize_str(if key { "true" } else { "false" })
    }

    fn serialize_char(self, key: char) -> Result<(), ValueError> {
        self.serialize_str(key.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, key: &str) -> Result<(), ValueError> {
        write_string(self.0, key);
        Ok(())
    }

    fn collect_str<T: Display + ?Sized>(self, key: &T) -> Result<(), ValueError> {
        self.serialize_str(&key.to_string())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, key: &T) -> Result<(), ValueError> {
        key.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), ValueError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, key: &T) -> Result<(), ValueError> {
        key.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), ValueError> {
        refused("a variant with data")
    }

    refused! {
        serialize_f32(f32) -> () = "a float";
        serialize_f64(f64) -> () = "a float";
        serialize_bytes(&[u8]) -> () = "binary data";
        serialize_none() -> () = "an Option without a value";
        serialize_unit() -> () = "()";
        serialize_unit_struct(&'static str) -> () = "a struct without fields";
        serialize_seq(Option<usize>) -> No = "a list";
        serialize_tuple(usize) -> No = "a tuple";
        serialize_tuple_struct(&'static str, usize) -> No = "a tuple";
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No = "a variant with data";
        serialize_map(Option<usize>) -> No = "a map";
        serialize_struct(&'static str, usize) -> No = "a struct";
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No = "a variant with data";
    }
}

/// Reads a key.
pub(super) struct KeyReader<'a>(pub &'a str);

/// Defines methods for keys that are integers.
macro_rules! parsed {
    ($($method:ident($type:ty) as $visit:ident;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
            match self.0.parse::<$type>() {
                Ok(key) => visitor.$visit(key.into()),
                Err(_) => visitor.visit_str(self.0),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for KeyReader<'_> {
    type Error = ValueError;

    parsed! {
        deserialize_i8(i64) as visit_i64;
        deserialize_i16(i64) as visit_i64;
        deserialize_i32(i64) as visit_i64;
        deserialize_i64(i64) as visit_i64;
        deserialize_u8(u64) as visit_u64;
        deserialize_u16(u64) as visit_u64;
        deserialize_u32(u64) as visit_u64;
        deserialize_u64(u64) as visit_u64;
        deserialize_i128(i128) as visit_i128;
        deserialize_u128(u128) as visit_u128;
        deserialize_bool(bool) as visit_bool;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for KeyReader<'_> {
    type Error = ValueError;
    type Variant = super::parts::Bare;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self::Variant), ValueError> {
        Ok((seed.deserialize(self.0.into_deserializer())?, super::parts::Bare))
    }
}

//! Reads the arguments of an event, a list of JSON, as a type: a tuple is several, `()` is none, any other type is the first one. A missing
//! argument is `None` for an `Option`; surplus arguments are ignored.

use super::error::ValueError;
use super::raw::ALL;
use super::read::Reader;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};

/// ArgumentReader that are read as a type.
pub(super) struct ArgumentReader<'a, 'de>(&'a mut Reader<'de>);

impl<'a, 'de> ArgumentReader<'a, 'de> {
    /// Reads the arguments. An error without a place is that of the only argument: see [`Reader::read`].
    pub fn read<T: Deserialize<'de>>(reader: &mut Reader<'de>) -> Result<T, ValueError> {
        let read = T::deserialize(ArgumentReader(reader));
        read.map_err(|error| match reader.only {
            Some(start) => error.located(start),
            None => error,
        })
    }

    /// Returns the first argument, if there is one.
    fn first(self) -> Result<Option<&'a mut Reader<'de>>, ValueError> {
        self.0.at += 1;
        let is_there = self.0.next_part(&mut true, b']')?;
        self.0.peek();
        self.0.only = Some(self.0.at);
        Ok(is_there.then_some(self.0))
    }
}

/// Defines methods for types that are one argument.
macro_rules! one {
    ($($method:ident($($name:ident: $type:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, ValueError> {
            match self.first()? {
                Some(argument) => argument.$method($($name,)* visitor),
                None => Missing(0).$method($($name,)* visitor),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for ArgumentReader<'_, 'de> {
    type Error = ValueError;

    one! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_option() deserialize_seq() deserialize_map() deserialize_identifier()
        deserialize_ignored_any() deserialize_unit_struct(name: &'static str)
        deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, ValueError> {
        self.0.at += 1;
        visitor.visit_seq(Several { reader: self.0, next: 0, length, is_first: true })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        if name == ALL {
            // The list of the arguments is a level of its own.
            self.0.depth += 1;
            return visitor.visit_newtype_struct(self.0);
        }
        match self.first()? {
            Some(argument) => argument.deserialize_newtype_struct(name, visitor),
            None => Missing(0).deserialize_newtype_struct(name, visitor),
        }
    }
}

/// The arguments of a tuple.
struct Several<'a, 'de> {
    reader: &'a mut Reader<'de>,
    next: usize,
    length: usize,
    is_first: bool,
}

impl<'de> SeqAccess<'de> for Several<'_, 'de> {
    type Error = ValueError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ValueError> {
        if self.next == self.length {
            return Ok(None);
        }
        let number = self.next;
        self.next += 1;
        match self.reader.next_part(&mut self.is_first, b']')? {
            true => self.reader.read(seed).map(Some),
            false => seed.deserialize(Missing(number)).map(Some),
        }
    }
}

/// The argument of this number, which did not come.
struct Missing(usize);

impl<'de> Deserializer<'de> for Missing {
    type Error = ValueError;

    /// A type that takes any value takes null.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit().map_err(|_: ValueError| ValueError::missing(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

//! Reads JSON as a type. Beyond JSON it reads what values of JavaScript can also be: `@3` is the binary data of that number, `7n` a BigInt,
//! and `NaN` and `Infinity` are floats.

use super::super::IS_SUPPORTED;
use super::error::ValueError;
use super::number::{EXACT, Number, read_number};
use super::parts::{Entries, Items, Variant, bare};
use super::raw::{self, RAW};
use super::text::Text;
use core::fmt::Write;
use js_sys::Uint8Array;
use serde::de::value::SeqDeserializer;
use serde::de::{Deserialize, Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};

/// The depth to which values from the server may be nested: deeper values could exhaust the stack if their type is
/// recursive.
pub(super) const MAX_DEPTH: u32 = 128;

/// JSON that is being read.
pub(super) struct Reader<'de> {
    pub text: &'de str,
    pub at: usize,
    pub depth: u32,
    /// The binary data, by its number.
    pub binary: &'de [Uint8Array],
    /// The offsets of the placeholders of the binary data, if the JSON was written by this crate. Then integers are exact, too.
    pub written: Option<&'de [usize]>,
    /// The offsets of nulls that are floats which JSON does not have, if the JSON was written by this crate.
    pub floats: &'de [(usize, f64)],
    /// The text is JSON and nothing more: it was not written by this crate's JavaScript.
    pub is_json: bool,
    /// The offset of the first argument, if a type is read from it alone.
    pub only: Option<usize>,
    /// The last string with escapes.
    pub scratch: String,
}

/// The kind of the next value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    String,
    List,
    Map,
    Binary,
    Number,
}

#[cold]
pub(super) fn no_json() -> ValueError {
    ValueError::new("it is no JSON")
}

impl<'de> Reader<'de> {
    pub fn new(text: &'de str, binary: &'de [Uint8Array]) -> Self {
        Self {
            text,
            at: 0,
            depth: MAX_DEPTH,
            binary,
            written: None,
            floats: &[],
            is_json: false,
            only: None,
            scratch: String::new(),
        }
    }

    #[inline(always)]
    pub fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips space, and returns the next byte.
    #[inline(always)]
    pub fn peek(&mut self) -> Option<u8> {
        match self.byte() {
            Some(0..=b' ') => self.peek_after_space(),
            byte => byte,
        }
    }

    /// JSON that was written by a program has no space.
    #[cold]
    fn peek_after_space(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Skips space and a byte, if that is the next one.
    pub fn take(&mut self, wanted: u8) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.at += 1;
        }
        is_next
    }

    pub fn expect(&mut self, wanted: u8) -> Result<(), ValueError> {
        if self.take(wanted) { Ok(()) } else { Err(no_json().located(self.at)) }
    }

    /// Checks that nothing follows.
    pub fn end(&mut self) -> Result<(), ValueError> {
        if self.peek().is_none() { Ok(()) } else { Err(no_json().located(self.at)) }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, ValueError> {
        match self.rest().starts_with(word) {
            true => self.at += word.len(),
            false => return Err(no_json().located(self.at)),
        }
        Ok(kind)
    }

    pub fn rest(&self) -> &'de str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns the kind of the next value, and skips a value that is a word.
    pub fn kind(&mut self) -> Result<Kind, ValueError> {
        match self.peek() {
            Some(b'"') => Ok(Kind::String),
            Some(b'{') if self.placeholder().is_some() => Ok(Kind::Binary),
            Some(b'{') => Ok(Kind::Map),
            Some(b'[') => Ok(Kind::List),
            Some(b'@') if !self.is_json => Ok(Kind::Binary),
            Some(b'n') if self.float().is_some() => Ok(Kind::Number),
            Some(b'n') => self.word("null", Kind::Null),
            Some(b't') => self.word("true", Kind::Bool(true)),
            Some(b'f') => self.word("false", Kind::Bool(false)),
            _ => Ok(Kind::Number),
        }
    }

    /// Returns the number of the binary data whose placeholder is next.
    fn placeholder(&self) -> Option<usize> {
        self.written?.binary_search(&self.at).ok()
    }

    /// Returns the float that is null in the JSON.
    fn float(&self) -> Option<f64> {
        let number = self.floats.binary_search_by_key(&self.at, |(at, _)| *at).ok()?;
        self.floats.get(number).map(|(_, value)| *value)
    }

    /// Reads binary data.
    pub fn binary(&mut self) -> Result<&'de Uint8Array, ValueError> {
        let start = self.at;
        let number = match self.placeholder() {
            Some(number) => {
                self.at += self.rest().find('}').unwrap_or_default() + 1;
                number
            }
            None => {
                self.at += 1;
                match read_number(self.rest()) {
                    Some((Number::Positive(number), length)) => {
                        self.at += length;
                        number as usize
                    }
                    _ => return Err(no_json().located(start)),
                }
            }
        };
        self.binary.get(number).ok_or_else(|| no_json().located(start))
    }

    /// Reads a number; true if it is exact, beyond 2^53 as well.
    fn number(&mut self) -> Result<(Number, bool), ValueError> {
        if let Some((number, length)) = read_number(self.rest()) {
            self.at += length;
            let is_big = !self.is_json && self.byte() == Some(b'n');
            self.at += usize::from(is_big);
            return Ok((number, is_big || self.written.is_some()));
        }
        if let Some(value) = self.float() {
            self.at += "null".len();
            return Ok((Number::Float(value), true));
        }
        for (word, value) in [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)] {
            if !self.is_json && self.rest().starts_with(word) {
                self.at += word.len();
                return Ok((Number::Float(value), true));
            }
        }
        Err(no_json().located(self.at))
    }

    /// Goes one level deeper.
    pub fn enter(&mut self) -> Result<(), ValueError> {
        self.at += 1;
        self.depth = self.depth.checked_sub(1).ok_or_else(|| too_deep().located(self.at))?;
        Ok(())
    }

    fn visit_string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ValueError> {
        let start = self.at;
        let visited = match self.string()? {
            Text::Whole(text) => visitor.visit_borrowed_str(text),
            Text::Unescaped => visitor.visit_str(&self.scratch),
        };
        visited.map_err(|error: ValueError| error.located(start))
    }

    fn visit_list<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ValueError> {
        let start = self.at;
        self.enter()?;
        let visited = visitor.visit_seq(Items { reader: self, is_first: true });
        let value = visited.map_err(|error: ValueError| error.located(start))?;
        self.depth += 1;
        if self.take(b']') { Ok(value) } else { Err(self.unread("a shorter list", start)) }
    }

    fn visit_map<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ValueError> {
        let start = self.at;
        self.enter()?;
        let visited = visitor.visit_map(Entries { reader: self, is_first: true });
        let value = visited.map_err(|error: ValueError| error.located(start))?;
        self.depth += 1;
        if self.take(b'}') { Ok(value) } else { Err(self.unread("fewer entries", start)) }
    }

    /// Returns the error of a list or a map of which its visitor has left something.
    #[cold]
    fn unread(&mut self, expected: &str, start: usize) -> ValueError {
        match self.peek() {
            Some(b',') => ValueError::new(format!("expected {expected}")).located(start),
            _ => no_json().located(self.at),
        }
    }

    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ValueError> {
        let start = self.at;
        let visited = match self.number()? {
            (Number::Positive(value), is_exact) if value <= EXACT || is_exact => visitor.visit_u64(value),
            (Number::Negative(value), is_exact) if value.unsigned_abs() <= EXACT || is_exact => {
                visitor.visit_i64(value)
            }
            (number, _) => visitor.visit_f64(as_float(number)),
        };
        visited.map_err(|error: ValueError| error.located(start))
    }

    fn visit_float<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ValueError> {
        let start = self.at;
        let (number, _) = self.number()?;
        visitor.visit_f64(as_float(number)).map_err(|error: ValueError| error.located(start))
    }

    fn visit_integer<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ValueError> {
        let start = self.at;
        let visited = match self.number()? {
            (Number::Positive(value), is_exact) if value <= EXACT || is_exact => visitor.visit_u64(value),
            (Number::Negative(value), is_exact) if value.unsigned_abs() <= EXACT || is_exact => {
                visitor.visit_i64(value)
            }
            (Number::Float(value), _) if value.abs() <= EXACT as f64 && value as i64 as f64 == value => {
                visitor.visit_i64(value as i64)
            }
            (Number::Float(value), _) if value.abs() <= EXACT as f64 || !value.is_finite() => visitor.visit_f64(value),
            _ => Err(beyond()),
        };
        visited.map_err(|error: ValueError| error.located(start))
    }

    fn visit_binary<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ValueError> {
        let start = self.at;
        let bytes = self.binary()?.to_vec();
        visitor.visit_byte_buf(bytes).map_err(|error: ValueError| error.located(start))
    }

    fn visit_raw<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ValueError> {
        if !IS_SUPPORTED {
            return Err(ValueError::new(raw::OFF_WASM));
        }
        self.peek();
        let start = self.at;
        let value = match self.kind()? {
            Kind::Binary => self.binary()?.clone().into(),
            _ => {
                self.at = start;
                serde::de::IgnoredAny::deserialize(&mut *self)?;
                raw::parsed(self.text.get(start..self.at).unwrap_or_default(), self.binary)
            }
        };
        raw::put(value);
        visitor.visit_unit()
    }
}

fn as_float(number: Number) -> f64 {
    match number {
        Number::Positive(value) => value as f64,
        Number::Negative(value) => value as f64,
        Number::Float(value) => value,
    }
}

#[cold]
fn beyond() -> ValueError {
    ValueError::new("expected an integer up to 2^53, beyond which a number of JavaScript is not exact")
}

#[cold]
fn too_deep() -> ValueError {
    let mut why = String::new();
    // Writing to a string cannot fail.
    let _ = write!(why, "its values are nested more than {MAX_DEPTH} deep");
    ValueError::new(why)
}

/// Defines methods for numbers.
macro_rules! numbers {
    ($visit:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
            match self.kind()? {
                Kind::Number => self.$visit(visitor),
                kind => self.visit(kind, visitor),
            }
        })*
    };
}

impl<'de> Reader<'de> {
    /// Has a value of this kind visited. A word is behind the reader already.
    fn visit<V: Visitor<'de>>(&mut self, kind: Kind, visitor: V) -> Result<V::Value, ValueError> {
        let after = self.at;
        match kind {
            Kind::Null => visitor.visit_unit().map_err(|error: ValueError| error.located(after - "null".len())),
            Kind::Bool(value) => {
                let length = if value { "true" } else { "false" }.len();
                visitor.visit_bool(value).map_err(|error: ValueError| error.located(after - length))
            }
            Kind::String => self.visit_string(visitor),
            Kind::List => self.visit_list(visitor),
            Kind::Map => self.visit_map(visitor),
            Kind::Binary => self.visit_binary(visitor),
            Kind::Number => self.visit_number(visitor),
        }
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        let kind = self.kind()?;
        self.visit(kind, visitor)
    }

    numbers! { visit_integer:
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }
    numbers! { visit_float: deserialize_f32 deserialize_f64 }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        if self.peek() == Some(b'n') {
            self.kind()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        if name == RAW {
            return self.visit_raw(visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    /// Reads a list, and binary data as the list of its bytes.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.kind()? {
            Kind::Binary => {
                let start = self.at;
                let bytes = self.binary()?.to_vec();
                let mut items: SeqDeserializer<_, ValueError> = bytes.into_deserializer();
                let value = visitor.visit_seq(&mut items);
                value.and_then(|value| items.end().map(|()| value)).map_err(|error| error.located(start))
            }
            kind => self.visit(kind, visitor),
        }
    }

    /// An array is a tuple to serde, and may be binary data, too.
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.kind()? {
            // A `String` would take bytes as its UTF-8.
            Kind::Binary => Err(ValueError::invalid_type(Unexpected::Other("binary data"), &visitor).located(self.at)),
            kind => self.visit(kind, visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        let kind = self.kind()?;
        let start = self.at;
        match kind {
            Kind::String => visitor.visit_enum(Variant::bare(self)).map_err(|error: ValueError| error.located(start)),
            Kind::Map => {
                self.enter()?;
                if self.peek() == Some(b'}') {
                    return Err(bare().located(start));
                }
                let value =
                    visitor.visit_enum(Variant::full(self)).map_err(|error: ValueError| error.located(start))?;
                self.depth += 1;
                if self.take(b'}') { Ok(value) } else { Err(self.unread("one entry", start)) }
            }
            kind => self.visit(kind, visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool char bytes byte_buf unit unit_struct tuple_struct map struct identifier ignored_any
    }
}

//! Writes values as JSON, in one pass: the same JSON that `JSON.stringify` writes, with a placeholder for binary data.

use super::super::IS_SUPPORTED;
use super::error::ValueError;
use super::key::KeyWriter;
use super::number::{EXACT, write_float, write_integer};
use super::raw::{self, BIGINT, RAW};
use crate::host::{JsBytes, message_of, take_out, thrown_in};
use js_sys::{Array, Uint8Array};
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use wasm_bindgen::JsCast;

/// The beginning of a placeholder, before the number of its binary data.
const PLACEHOLDER: &[u8] = b"{\"_placeholder\":true,\"num\":";

/// The error of binary data that is to be JSON.
pub const NO_BINARY: &str = "JSON has no binary data: send it as a message of its own";

/// JSON that is being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub out: Vec<u8>,
    /// Binary data, and the offsets of their placeholders.
    pub attachments: Vec<(usize, JsBytes)>,
    /// The offset of the first integer that JSON cannot carry, but a serializer can.
    pub bigint: Option<usize>,
    /// The offsets of floats that JSON cannot carry, but a serializer can. JSON has null there.
    pub floats: Vec<(usize, f64)>,
    /// The integer that follows may be one.
    pub allows_bigint: bool,
}

impl Writer {
    fn integer(&mut self, is_negative: bool, value: u64) -> Result<(), ValueError> {
        if value > EXACT {
            self.large_integer(is_negative, value)?;
        }
        write_integer(&mut self.out, is_negative, value);
        Ok(())
    }

    #[cold]
    fn large_integer(&mut self, is_negative: bool, value: u64) -> Result<(), ValueError> {
        // The integers of serializers have 64 bits, one of them for the sign.
        if self.allows_bigint && value <= i64::MAX as u64 + u64::from(is_negative) {
            self.bigint.get_or_insert(self.out.len());
            return Ok(());
        }
        Err(beyond())
    }

    fn attach(&mut self, bytes: Uint8Array) {
        let number = self.attachments.len() as u64;
        self.attachments.push((self.out.len(), JsBytes(bytes)));
        self.out.extend_from_slice(PLACEHOLDER);
        write_integer(&mut self.out, false, number);
        self.out.push(b'}');
    }

    /// Writes a value of JavaScript.
    fn raw(&mut self) -> Result<(), ValueError> {
        let value = raw::taken().ok_or_else(|| ValueError::new("a value of JavaScript that is not there"))?;
        let taken = take_out(&value);
        let Some(parts) = taken.dyn_ref::<Array>() else {
            return Err(ValueError::new(
                message_of(&thrown_in(&taken)).map_or_else(|| "it is no value of JSON".into(), String::from),
            ));
        };
        for part in parts.iter() {
            match part.as_string() {
                Some(json) => self.out.extend_from_slice(json.as_bytes()),
                None => self.attach(part.unchecked_into()),
            }
        }
        Ok(())
    }

    fn open_variant(&mut self, variant: &str, open: u8) {
        self.out.push(b'{');
        write_string(&mut self.out, variant);
        self.out.extend_from_slice(&[b':', open]);
    }
}

// The integer is not shown: it may be part of `auth`.
#[cold]
fn beyond() -> ValueError {
    ValueError::new(
        "an integer beyond 2^53 is no exact number in JavaScript: send it as a string, by \
         #[serde(with = \"socketio_wasm::integer_string\")]",
    )
}

/// Writes a string as JSON.
pub(super) fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\')) {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        let Some((byte, after)) = after.split_first() else { break };
        let short = match byte {
            b'"' | b'\\' => *byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            _ => 0,
        };
        match short {
            0 => {
                let hex = |digit: u8| digit + if digit < 10 { b'0' } else { b'a' - 10 };
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', hex(byte >> 4), hex(byte & 15)]);
            }
            short => out.extend_from_slice(&[b'\\', short]),
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Defines methods for types that convert to another one without loss.
macro_rules! widened {
    ($($method:ident($type:ty) as $wide:ident;)*) => {
        $(fn $method(self, value: $type) -> Result<(), ValueError> { self.$wide(value.into()) })*
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = ValueError;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = Items<'a>;

    widened! {
        serialize_i8(i8) as serialize_i64;
        serialize_i16(i16) as serialize_i64;
        serialize_i32(i32) as serialize_i64;
        serialize_u8(u8) as serialize_u64;
        serialize_u16(u16) as serialize_u64;
        serialize_u32(u32) as serialize_u64;
        serialize_f32(f32) as serialize_f64;
    }

    fn serialize_bool(self, value: bool) -> Result<(), ValueError> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i64(self, value: i64) -> Result<(), ValueError> {
        self.integer(value < 0, value.unsigned_abs())
    }

    fn serialize_u64(self, value: u64) -> Result<(), ValueError> {
        self.integer(false, value)
    }

    fn serialize_i128(self, value: i128) -> Result<(), ValueError> {
        let size = u64::try_from(value.unsigned_abs()).map_err(|_| beyond())?;
        self.integer(value < 0, size)
    }

    fn serialize_u128(self, value: u128) -> Result<(), ValueError> {
        self.integer(false, u64::try_from(value).map_err(|_| beyond())?)
    }

    fn serialize_f64(self, value: f64) -> Result<(), ValueError> {
        if !value.is_finite() {
            self.floats.push((self.out.len(), value));
        }
        write_float(&mut self.out, value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), ValueError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), ValueError> {
        write_string(&mut self.out, text);
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), ValueError> {
        // Off wasm all is JSON: nothing is sent.
        if !IS_SUPPORTED {
            return Err(ValueError::new(NO_BINARY));
        }
        self.attach(Uint8Array::from(bytes));
        Ok(())
    }

    fn serialize_none(self) -> Result<(), ValueError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), ValueError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), ValueError> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), ValueError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), ValueError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), ValueError> {
        if name == RAW {
            return self.raw();
        }
        if name == BIGINT {
            self.allows_bigint = true;
            let written = value.serialize(&mut *self);
            self.allows_bigint = false;
            return written;
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        self.out.push(b'{');
        write_string(&mut self.out, variant);
        self.out.push(b':');
        value.serialize(&mut *self)?;
        self.out.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, ValueError> {
        self.out.push(b'[');
        Ok(Items { writer: self, is_first: true, end: "]" })
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, ValueError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, ValueError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'a>, ValueError> {
        self.open_variant(variant, b'[');
        Ok(Items { writer: self, is_first: true, end: "]}" })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'a>, ValueError> {
        self.out.push(b'{');
        Ok(Items { writer: self, is_first: true, end: "}" })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'a>, ValueError> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'a>, ValueError> {
        self.open_variant(variant, b'{');
        Ok(Items { writer: self, is_first: true, end: "}}" })
    }
}

/// The items of a list or a map that is being written.
pub(super) struct Items<'a> {
    pub(super) writer: &'a mut Writer,
    pub(super) is_first: bool,
    pub(super) end: &'static str,
}

impl Items<'_> {
    fn separate(&mut self) {
        if !core::mem::take(&mut self.is_first) {
            self.writer.out.push(b',');
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.separate();
        value.serialize(&mut *self.writer)
    }

    fn named(&mut self, name: &str) {
        self.separate();
        write_string(&mut self.writer.out, name);
        self.writer.out.push(b':');
    }

    fn finish(self) {
        self.writer.out.extend_from_slice(self.end.as_bytes());
    }
}

/// Implements a trait of lists.
macro_rules! list {
    ($($name:ident.$method:ident)*) => {
        $(impl $name for Items<'_> {
            type Ok = ();
            type Error = ValueError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
                self.item(value)
            }

            fn end(self) -> Result<(), ValueError> {
                self.finish();
                Ok(())
            }
        })*
    };
}

list! {
    SerializeSeq.serialize_element
    SerializeTuple.serialize_element
    SerializeTupleStruct.serialize_field
    SerializeTupleVariant.serialize_field
}

/// Implements a trait of structs.
macro_rules! structure {
    ($($name:ident)*) => {
        $(impl $name for Items<'_> {
            type Ok = ();
            type Error = ValueError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), ValueError> {
                self.named(name);
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result<(), ValueError> {
                self.finish();
                Ok(())
            }
        })*
    };
}

structure!(SerializeStruct SerializeStructVariant);

impl SerializeMap for Items<'_> {
    type Ok = ();
    type Error = ValueError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ValueError> {
        self.separate();
        key.serialize(KeyWriter(&mut self.writer.out))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ValueError> {
        self.writer.out.push(b':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), ValueError> {
        self.finish();
        Ok(())
    }
}

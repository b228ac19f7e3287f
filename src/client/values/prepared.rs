//! The values of an event or an answer, written: JSON, and binary data beside it.

use super::super::cause::Cause;
use super::super::error::Error;
use super::error::ValueError;
use super::place::path_of;
use super::raw::ALL;
use super::value_from_json;
use super::write::{Items, Writer, write_string};
use crate::host::{JsBytes, JsWire, Platform, parse_written};
use crate::shell::Outgoing;
use crate::socket::OutgoingPayload;
use core::cell::Cell;
use js_sys::{Array, JsString, Uint8Array};
use serde::ser::{Serialize, Serializer};
use wasm_bindgen::{JsCast, JsValue};

/// Written values.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Prepared {
    json: String,
    attachments: Vec<(usize, JsBytes)>,
    bigint: Option<usize>,
    floats: Vec<(usize, f64)>,
    /// The number of values before the arguments.
    skipped: usize,
    /// There is no value beside the name of an event.
    pub(in super::super) is_empty: bool,
}

const TOO_DEEP: &str = "values with binary data are nested more deeply than `limits` allow";
const LARGE: &str = "JSON cannot carry an integer beyond 2^53: send it as a string, by socketio_wasm::integer_string, or set a \
    serializer";

impl Prepared {
    /// Writes an event: its name and arguments.
    pub(in super::super) fn event(name: &str, arguments: &impl Serialize) -> Result<Self, String> {
        Self::write(Some(name), arguments, None)
    }

    /// Writes the values of an answer. If they are a `Result`, its value is the answer, and its error that of the handler.
    pub(in super::super) fn answer(values: &impl Serialize, is_result: bool) -> Result<Self, Error> {
        let failure = Cell::new(None);
        let written = Self::write(None, values, is_result.then_some(&failure));
        match failure.take() {
            Some(why) => Err(Error::handler(Cause::new(why))),
            None => written.map_err(|why| Error::unserializable(format!("the answer: {why}"))),
        }
    }

    fn write<T: Serialize>(
        name: Option<&str>,
        values: &T,
        failure: Option<&Cell<Option<String>>>,
    ) -> Result<Self, String> {
        let mut writer = Writer { out: vec![b'['], ..Writer::default() };
        if let Some(name) = name {
            write_string(&mut writer.out, name);
        }
        let before = writer.out.len();
        // Both `()` and the null of a `Value` are units for serde.
        let is_nothing = size_of::<T>() == 0 || matches!(core::any::type_name::<T>(), "&()" | "&&()" | "&mut ()");
        let arguments =
            ArgumentWriter { writer: &mut writer, has_name: name.is_some(), is_nothing, is_spread: false, failure };
        let written = values.serialize(arguments);
        writer.finish(written, before, usize::from(name.is_some()))
    }

    /// Returns a string as it is, and any other value as JSON.
    fn text_of<T: Serialize + ?Sized>(value: &T) -> String {
        let mut writer = Writer::default();
        match value.serialize(&mut writer) {
            Ok(()) => {
                let binary = core::mem::take(&mut writer.attachments);
                let mut json = writer.into_json();
                // From the end, so that the offsets before stay.
                for (at, bytes) in binary.into_iter().rev() {
                    let length = json.get(at..).and_then(|rest| rest.find('}')).unwrap_or_default();
                    json.replace_range(at..=at + length, &format!("<{} bytes>", bytes.0.length()));
                }
                value_from_json(&json).unwrap_or(json)
            }
            Err(error) => error.into_why(),
        }
    }

    /// Returns the JSON of one value, and the offset of the first binary data in it, which JSON cannot carry.
    pub(super) fn json(value: &impl Serialize) -> Result<(String, Option<usize>), ValueError> {
        let mut writer = Writer::default();
        value.serialize(&mut writer)?;
        let binary = writer.attachments.first().map(|(at, _)| *at);
        if writer.bigint.is_some() {
            return Err(ValueError::new(LARGE));
        }
        Ok((writer.into_json(), binary))
    }

    /// The JSON.
    pub(in super::super) fn text(&self) -> &str {
        &self.json
    }

    /// The offsets of floats that are null in the JSON.
    pub(super) fn floats(&self) -> &[(usize, f64)] {
        &self.floats
    }

    /// The binary data, and the offsets of its placeholders.
    pub(in super::super) fn binary(&self) -> (Vec<Uint8Array>, Vec<usize>) {
        self.attachments.iter().map(|(at, bytes)| (bytes.0.clone(), *at)).unzip()
    }
}

impl Writer {
    fn into_json(self) -> String {
        // Strings and ASCII were written.
        String::from_utf8(self.out).unwrap_or_default()
    }

    fn finish(mut self, written: Result<(), ValueError>, before: usize, skipped: usize) -> Result<Prepared, String> {
        if let Err(error) = written {
            let path = path_of(&self.into_json(), skipped);
            return Err(at(&error.into_why(), &path));
        }
        let is_empty = self.out.len() == before;
        self.out.push(b']');
        let (attachments, bigint) = (core::mem::take(&mut self.attachments), self.bigint);
        let floats = core::mem::take(&mut self.floats);
        Ok(Prepared { json: self.into_json(), attachments, bigint, floats, skipped, is_empty })
    }
}

/// Returns the depth of JSON.
fn levels(json: &str) -> u32 {
    let (mut level, mut deepest) = (0_u32, 0);
    let (mut is_string, mut is_escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            b'"' if !is_escaped => is_string = !is_string,
            b'[' | b'{' if !is_string => {
                level += 1;
                deepest = deepest.max(level);
            }
            b']' | b'}' if !is_string => level = level.saturating_sub(1),
            _ => {}
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    deepest
}

/// Appends a place to a message.
fn at(why: &str, path: &str) -> String {
    format!("{why} (at {path})")
}

impl Outgoing for Prepared {
    fn encode(&self, _: &Platform, depth: u32) -> Result<OutgoingPayload<JsWire>, JsValue> {
        if let Some(place) = self.bigint {
            let path = path_of(self.json.get(..place).unwrap_or_default(), self.skipped);
            return Err(js_sys::Error::new(&at(LARGE, &path)).into());
        }
        // The list of the values is a level of its own.
        if !self.attachments.is_empty() && levels(&self.json) > depth.saturating_add(1) {
            return Err(js_sys::Error::new(TOO_DEEP).into());
        }
        let attachments = self.attachments.iter().map(|(_, bytes)| bytes.clone()).collect();
        Ok(OutgoingPayload::Json(JsString::from(self.json.as_str()).into(), attachments))
    }

    fn to_js(&self) -> Array {
        let attachments = self.attachments.iter().map(|(_, bytes)| bytes.0.clone()).collect();
        parse_written(&self.json, &attachments).unchecked_into()
    }
}

/// Writes the values of an event: a tuple is several, `()` is none, any other value is one.
struct ArgumentWriter<'a> {
    writer: &'a mut Writer,
    has_name: bool,
    is_nothing: bool,
    /// A list is several values, too.
    is_spread: bool,
    /// The values are a `Result`, whose error is put there.
    failure: Option<&'a Cell<Option<String>>>,
}

impl<'a> ArgumentWriter<'a> {
    fn one(self) -> &'a mut Writer {
        if self.has_name {
            self.writer.out.push(b',');
        }
        self.writer
    }

    fn several(self) -> Items<'a> {
        Items { writer: self.writer, is_first: !self.has_name, end: "" }
    }
}

/// Defines methods for values that are one argument.
macro_rules! one {
    ($($method:ident($($name:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $method(self, $($name: $type),*) -> Result<$result, ValueError> { self.one().$method($($name),*) })*
    };
}

impl<'a> Serializer for ArgumentWriter<'a> {
    type Ok = ();
    type Error = ValueError;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Items<'a>;
    type SerializeStructVariant = Items<'a>;

    one! {
        serialize_bool(value: bool) -> ();
        serialize_i8(value: i8) -> ();
        serialize_i16(value: i16) -> ();
        serialize_i32(value: i32) -> ();
        serialize_i64(value: i64) -> ();
        serialize_i128(value: i128) -> ();
        serialize_u8(value: u8) -> ();
        serialize_u16(value: u16) -> ();
        serialize_u32(value: u32) -> ();
        serialize_u64(value: u64) -> ();
        serialize_u128(value: u128) -> ();
        serialize_f32(value: f32) -> ();
        serialize_f64(value: f64) -> ();
        serialize_char(value: char) -> ();
        serialize_str(value: &str) -> ();
        serialize_bytes(value: &[u8]) -> ();
        serialize_none() -> ();
        serialize_unit_struct(name: &'static str) -> ();
        serialize_unit_variant(name: &'static str, number: u32, variant: &'static str) -> ();
        serialize_tuple_variant(name: &'static str, number: u32, variant: &'static str, length: usize) -> Items<'a>;
        serialize_map(length: Option<usize>) -> Items<'a>;
        serialize_struct(name: &'static str, length: usize) -> Items<'a>;
        serialize_struct_variant(name: &'static str, number: u32, variant: &'static str, length: usize) -> Items<'a>;
    }

    fn serialize_unit(self) -> Result<(), ValueError> {
        if self.is_nothing { Ok(()) } else { self.one().serialize_unit() }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), ValueError> {
        self.one().serialize_some(value)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), ValueError> {
        if name == ALL {
            return value.serialize(Self { is_spread: true, ..self });
        }
        self.one().serialize_newtype_struct(name, value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        number: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), ValueError> {
        match (self.failure, variant) {
            (Some(_), "Ok") => {
                return value.serialize(Self { failure: None, is_nothing: size_of_val(value) == 0, ..self });
            }
            (Some(failure), _) => failure.set(Some(Prepared::text_of(value))),
            (None, _) => {}
        }
        self.one().serialize_newtype_variant(name, number, variant, value)
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, ValueError> {
        Ok(self.several())
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'a>, ValueError> {
        if self.is_spread { Ok(self.several()) } else { self.one().serialize_seq(length) }
    }

    fn serialize_tuple_struct(self, name: &'static str, length: usize) -> Result<Items<'a>, ValueError> {
        if self.is_spread { Ok(self.several()) } else { self.one().serialize_tuple_struct(name, length) }
    }
}

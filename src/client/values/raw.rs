//! Wrappers that serde carries under names of the crate's own: values of JavaScript, all arguments of an event, and BigInts.

use super::super::IS_SUPPORTED;
use super::super::error::Error;
use crate::host::{message_of, parse_read, read_blob};
use core::cell::Cell;
use core::fmt;
use js_sys::{Array, Uint8Array};
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The names under which the crate's serializer and deserializer know the wrappers.
pub(super) const RAW: &str = "$socketio_wasm::Raw";
pub(super) const ALL: &str = "$socketio_wasm::All";
pub(super) const BIGINT: &str = "$socketio_wasm::bigint";

/// The error of a value of JavaScript if there is no JavaScript.
pub(super) const OFF_WASM: &str = "values of JavaScript exist in WebAssembly alone";

thread_local! {
    /// The value on its way between a [`Raw`] and the serializer or deserializer: serde's traits cannot carry it.
    static PASSED: Cell<Option<JsValue>> = const { Cell::new(None) };
}

pub(super) fn put(value: JsValue) {
    PASSED.set(Some(value));
}

pub(super) fn taken() -> Option<JsValue> {
    PASSED.take()
}

/// Returns the value of JSON that has binary data by its numbers.
pub(super) fn parsed(json: &str, binary: &[Uint8Array]) -> JsValue {
    parse_read(json, &binary.iter().cloned().collect::<Array>())
}

/// A value of JavaScript as an argument or a field. Binary data, such as a `Uint8Array`, is sent without a copy through
/// wasm. It is read when the transport takes it, so leave it unchanged until then. Other values are written by
/// `JSON.stringify`.
///
/// ```no_run
/// use socketio_wasm::{Client, Error, Raw};
/// use wasm_bindgen::JsValue;
///
/// async fn example(
///     client: &Client,
///     canvas: js_sys::Uint8Array,
///     file: JsValue,
/// ) -> Result<(), Error> {
///     client.emit("picture", ("a name", Raw(canvas.into())))?;
///     client.emit("upload", Raw::from_blob(&file).await?)?; // a `File` or a `Blob`
///     client
///         .on("picture", |_scope, (name, picture): (String, Raw)| {
///             let bytes: JsValue = picture.0; // a `Uint8Array`
///         })
///         .keep();
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq)]
pub struct Raw(
    /// The value.
    pub JsValue,
);

// Off wasm nothing can be asked of a value of JavaScript, not even for its text.
impl fmt::Debug for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if IS_SUPPORTED { formatter.debug_tuple("Raw").field(&self.0).finish() } else { formatter.write_str("Raw(..)") }
    }
}

impl Raw {
    /// Reads a `Blob` or a `File`, whose bytes cannot be read at once, and returns its bytes as a `Uint8Array`. They stay in
    /// JavaScript.
    ///
    /// # Errors
    /// [`Error::Unserializable`] if the value is not a `Blob`, or cannot be read, as a file that was deleted.
    /// [`Error::Unsupported`] off wasm.
    pub async fn from_blob(blob: &JsValue) -> Result<Self, Error> {
        if !IS_SUPPORTED {
            return Err(Error::Unsupported);
        }
        let unreadable = |thrown: JsValue| {
            let why = message_of(&thrown).map(String::from).unwrap_or_default();
            Error::unserializable(format!("the Blob cannot be read: {why}"))
        };
        let Some(reading) = read_blob(blob) else {
            return Err(Error::unserializable("Raw::from_blob() takes a Blob or a File"));
        };
        let buffer = JsFuture::from(reading).await.map_err(unreadable)?;
        Ok(Self(Uint8Array::new(&buffer).unchecked_into()))
    }
}

impl From<JsValue> for Raw {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !IS_SUPPORTED {
            return Err(S::Error::custom(OFF_WASM));
        }
        put(self.0.clone());
        let written = serializer.serialize_newtype_struct(RAW, &Foreign);
        taken();
        written
    }
}

/// The value of JavaScript for the serializers of other crates.
struct Foreign;

impl Serialize for Foreign {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a value of JavaScript can only be an argument of an event, or part of one"))
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        taken();
        deserializer.deserialize_newtype_struct(RAW, RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of JavaScript, which is not within `flatten` or an untagged enum")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Raw, E> {
        taken().map(Raw).ok_or_else(|| E::invalid_type(serde::de::Unexpected::Unit, &self))
    }
}

/// All arguments of an event as one list. As an argument of `emit`, each item is an argument; a handler, a stream or an
/// answer with this type receives all arguments.
///
/// ```no_run
/// use socketio_wasm::{All, Client, Error};
///
/// async fn example(client: &Client) -> Result<(), Error> {
///     client.emit("numbers", All(vec![1, 2, 3]))?; // three arguments
///     client.on("numbers", |_scope, All(numbers): All<Vec<u32>>| numbers.len()).keep();
///     let All(echoed): All<Vec<u32>> = client.call("echo", All(vec![1, 2, 3])).await?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct All<T>(
    /// The list.
    pub T,
);

impl<T: Serialize> Serialize for All<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(ALL, &self.0)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for All<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(ALL, AllVisitor(core::marker::PhantomData))
    }
}

struct AllVisitor<T>(core::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AllVisitor<T> {
    type Value = All<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of arguments")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<All<T>, D::Error> {
        T::deserialize(deserializer).map(All)
    }
}

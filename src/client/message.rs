//! Messages of Engine.IO, which are also the frames that a serializer writes and reads.

use super::Error;
use super::values::{Mismatch, NO_BINARY, json_of, value_from_json};
use crate::host::{JsBytes, JsWire};
use crate::protocol::Frame;
use js_sys::{JsString, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message of Engine.IO: a string or binary data.
///
/// ```no_run
/// use socketio_wasm::Message;
///
/// fn example(message: Message) {
///     let reply = match message {
///         Message::Text(text) => Message::from(text.to_uppercase()),
///         Message::Bytes(bytes) => {
///             Message::from(bytes.iter().rev().copied().collect::<Vec<u8>>())
///         }
///     };
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A string.
    Text(String),
    /// Binary data.
    Bytes(Vec<u8>),
}

impl Message {
    /// Returns the message that is the JSON of a value.
    ///
    /// ```no_run
    /// use socketio_wasm::{Error, Message};
    /// use std::collections::BTreeMap;
    ///
    /// fn example() -> Result<(), Error> {
    ///     let message = Message::json(BTreeMap::from([("x", 1), ("y", 2)]))?;
    ///     let point: BTreeMap<String, i32> = message.parse()?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::Unserializable`] if JSON cannot represent the value.
    pub fn json(value: impl Serialize) -> Result<Self, Error> {
        match json_of(&value).map_err(Error::unserializable)? {
            (json, None) => Ok(Self::Text(json)),
            (_, Some(_)) => Err(Error::unserializable(NO_BINARY)),
        }
    }

    /// Reads a message that is JSON as a type.
    ///
    /// # Errors
    /// [`Error::WrongType`] if the message is not JSON, or its value has another type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let read = match self {
            Self::Text(text) => value_from_json(text),
            Self::Bytes(bytes) => {
                let found = format!("<{} bytes>", bytes.len());
                Err(Mismatch { path: String::new(), why: "it is binary data".into(), found })
            }
        };
        read.map_err(|mismatch| Error::wrong_type("the message".into(), None, mismatch))
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&[u8]> for Message {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<&Frame<JsWire>> for Message {
    fn from(frame: &Frame<JsWire>) -> Self {
        match frame {
            Frame::Text(text) => Self::Text(text.to_js().into()),
            Frame::Bytes(bytes) => Self::Bytes(bytes.0.to_vec()),
        }
    }
}

impl From<&Message> for Frame<JsWire> {
    fn from(message: &Message) -> Self {
        match message {
            Message::Text(text) => Self::Text(JsString::from(text.as_str()).into()),
            Message::Bytes(bytes) => Self::Bytes(JsBytes(Uint8Array::from(bytes.as_slice()))),
        }
    }
}

//! [`Failure`]: each frontend has one function that makes its error of it.

use super::name_of;
use crate::engine::{SendError, TooLarge, TransportError};
use crate::host::{JsText, JsWire};
use crate::socket::{CommandError, Loss};
use wasm_bindgen::JsValue;

/// A failure, with its details.
#[derive(Debug)]
pub enum Failure<'a> {
    /// An attempt failed, or a connection was lost.
    Transport(&'a TransportError<JsWire>),
    /// The server refused namespaces; what it sent for the first one.
    Refused(&'a [JsText], Option<JsValue>),
    /// There is no connection, and none is being made.
    NotConnected,
    /// The namespace is not connected at the moment, and its connection is being made.
    Connecting,
    /// There is a connection, or one is being made.
    AlreadyConnected,
    /// The namespace is not connected, and was not requested.
    BadNamespace(JsText),
    /// This number of packets is buffered, which is the limit.
    BufferFull(usize),
    /// The server does not take a packet of this size.
    TooLarge(TooLarge),
    /// The acknowledgement of this event did not come within this number of milliseconds.
    CallTimeout(JsValue, u64),
    /// This number of events of a namespace, or of messages of an Engine.IO client, was lost.
    Lost(&'a JsText, Loss, usize),
    /// A volatile call was not sent; its event.
    Dropped(JsValue),
    /// Values cannot be written: this was thrown.
    Unserializable(JsValue),
}

impl Failure<'_> {
    /// A command for a namespace was refused.
    pub(super) fn of_command(error: CommandError, namespace: Option<&JsText>) -> Self {
        match error {
            CommandError::NotConnected => Self::NotConnected,
            CommandError::Connecting => Self::Connecting,
            CommandError::AlreadyConnected => Self::AlreadyConnected,
            CommandError::BadNamespace => Self::BadNamespace(name_of(namespace)),
            CommandError::BufferFull(limit) => Self::BufferFull(limit),
            CommandError::TooLarge(excess) => Self::TooLarge(excess),
        }
    }
}

impl From<SendError> for Failure<'_> {
    fn from(error: SendError) -> Self {
        match error {
            SendError::NotConnected => Self::NotConnected,
            SendError::TooLarge(excess) => Self::TooLarge(excess),
        }
    }
}

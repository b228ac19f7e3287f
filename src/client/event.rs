//! Events from the server, and the end of a connection.

use super::State;
use super::error::Error;
use super::server_data::ServerData;
use super::values::{Mismatch, arguments_from_js, list_from_js, shown, value_from_js};
use crate::engine::Transport;
use crate::socket::{DisconnectReason, FinalReason};
use core::fmt;
use core::time::Duration;
use js_sys::Array;
use serde::de::DeserializeOwned;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// An event from the server.
///
/// ```no_run
/// use futures::StreamExt;
/// use gloo_console::log;
/// use socketio_wasm::{Client, Error};
///
/// async fn example(client: &Client) -> Result<(), Error> {
///     let mut events = client.events();
///     while let Some(event) = events.next().await {
///         log!(format!("{} of {}", event.name(), event.namespace()));
///         if event.len() == 1 {
///             let only: String = event.parse()?;
///         } else if !event.is_empty() {
///             let (first, second): (String, u32) = event.parse()?;
///         }
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Event {
    pub(super) namespace: Rc<str>,
    pub(super) name: Rc<str>,
    /// The name first.
    pub(super) values: Array,
}

impl Event {
    /// Returns the namespace on which the event came.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the name of the event.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the number of arguments.
    pub fn len(&self) -> usize {
        self.values.length().saturating_sub(1) as usize
    }

    /// Returns true if the event has no arguments.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the arguments as a type: a tuple is several, [`All`](crate::All) is a list of all, any other type is the first
    /// one. Binary data is a `serde_bytes::ByteBuf`, at any place of a value. [`Value`](crate::Value) reads any argument,
    /// and [`serde_json::Value`](crate::serde_json::Value) any without binary data.
    ///
    /// ```no_run
    /// use socketio_wasm::{Error, Event};
    ///
    /// fn example(event: Event) -> Result<(), Error> {
    ///     let (text, number): (String, u32) = event.parse()?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongType`], which names the event and the place, if the arguments have other types.
    pub fn parse<A: DeserializeOwned>(&self) -> Result<A, Error> {
        arguments_from_js(&self.values, 1).map_err(|mismatch| self.wrong_type(mismatch))
    }

    /// Reads all arguments as one list, or as a tuple or a tuple struct with an item for each argument.
    ///
    /// ```no_run
    /// use socketio_wasm::{Error, Event};
    ///
    /// fn example(event: Event) -> Result<(), Error> {
    ///     let numbers: Vec<u32> = event.arguments()?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongType`], which names the event and the place, if the arguments have other types.
    pub fn arguments<A: DeserializeOwned>(&self) -> Result<A, Error> {
        list_from_js(&self.values, 1).map_err(|mismatch| self.wrong_type(mismatch))
    }

    /// Reads the argument of this number, from 0 on. A missing argument is `None` for an `Option`.
    ///
    /// ```no_run
    /// use socketio_wasm::{Error, Event};
    ///
    /// fn example(event: Event) -> Result<(), Error> {
    ///     let text: String = event.get(0)?;
    ///     let number: Option<u32> = event.get(1)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongType`], which names the event and the place, if the argument is missing or has another type.
    pub fn get<T: DeserializeOwned>(&self, number: usize) -> Result<T, Error> {
        value_from_js(&self.raw(number)).map_err(|mut mismatch| {
            mismatch.path.insert_str(0, &format!("[{number}]"));
            if number >= self.len() {
                mismatch.found = "nothing".into();
            }
            self.wrong_type(mismatch)
        })
    }

    /// Returns the argument of this number as a value of JavaScript; `undefined` if it is missing.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.on_any(|_scope, event| log!(event.name(), event.raw(0), event.values())).keep();
    /// }
    /// ```
    pub fn raw(&self, number: usize) -> JsValue {
        u32::try_from(number)
            .ok()
            .and_then(|number| number.checked_add(1))
            .map_or(JsValue::UNDEFINED, |at| self.values.get(at))
    }

    /// Returns the arguments as values of JavaScript.
    pub fn values(&self) -> Array {
        self.values.slice(1, self.values.length())
    }

    fn wrong_type(&self, mismatch: Mismatch) -> Error {
        Error::wrong_type(format!("the event {:?}", &*self.name), Some(&self.namespace), mismatch)
    }
}

/// Shows the arguments as JSON, of which 200 characters are shown, and binary data as `<3 bytes>`.
impl fmt::Debug for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments = shown(&self.values, 1);
        let mut event = formatter.debug_struct("Event");
        event.field("namespace", &self.namespace).field("name", &self.name);
        event.field("arguments", &format_args!("{arguments}")).finish()
    }
}

/// The end of a namespace's connection, or of an [`EngineClient`](super::EngineClient)'s.
///
/// ```no_run
/// use gloo_console::log;
/// use socketio_wasm::{Client, Disconnect, Scope};
///
/// fn example(client: &Client) {
///     let report = |_scope: Scope, end: Disconnect| {
///         let reason = end.reason.name(); // such as "transport error"
///         let why = end.error.map_or_else(|| end.cause.to_owned(), |error| error.to_string());
///         log!(format!("{reason}: {why}"));
///     };
///     client.on_disconnect(report).keep();
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disconnect {
    /// The side that ended the connection, or its loss.
    pub reason: DisconnectReason,
    /// The finer cause: `ping timeout`, `transport close`, `transport error`, `parse error`, or the name of the reason.
    pub cause: &'static str,
    /// The error by which the connection was lost, if it was lost.
    pub error: Option<Error>,
    /// The data of the server's DISCONNECT. Engine.IO has none.
    pub data: Option<ServerData>,
}

/// The event with which a handler is called.
#[derive(Clone)]
pub(super) enum HandlerEvent {
    /// An event from the server.
    Event(Event),
    /// `connect`
    Connected,
    /// `connect_error`
    Failed(Error),
    /// `disconnect`
    Disconnected(Disconnect),
    /// `disconnectFinal`
    Final(FinalReason),
    /// `reconnect_attempt`
    ReconnectAttempt(u32, Duration),
    /// `reconnect`
    Reconnected(u32),
    /// `reconnect_failed`
    ReconnectFailed,
    /// `state`
    State(State, State),
    /// `upgrade`
    Upgraded(Transport),
}

impl HandlerEvent {
    /// Returns the name under which the table has its handlers.
    pub fn name(&self) -> &str {
        match self {
            Self::Event(event) => &event.name,
            Self::Connected => CONNECT,
            Self::Failed(_) => CONNECT_ERROR,
            Self::Disconnected(_) => DISCONNECT,
            Self::Final(_) => FINAL,
            Self::ReconnectAttempt(..) => RECONNECT_ATTEMPT,
            Self::Reconnected(_) => RECONNECT,
            Self::ReconnectFailed => RECONNECT_FAILED,
            Self::State(..) => STATE,
            Self::Upgraded(_) => UPGRADE,
        }
    }
}

pub(super) const CONNECT: &str = "connect";
pub(super) const CONNECT_ERROR: &str = "connect_error";
pub(super) const DISCONNECT: &str = "disconnect";
pub(super) const FINAL: &str = "disconnectFinal";

/// The group of the handlers of a connection's life. It is no namespace: such a handler requests none, and handles no event of a server.
pub(super) const LIFE: &str = "(life)";

// Not the names of JavaScript: a server may emit events with those, which `on` handles.
pub(super) const RECONNECT_ATTEMPT: &str = "(reconnect_attempt)";
pub(super) const RECONNECT: &str = "(reconnect)";
pub(super) const RECONNECT_FAILED: &str = "(reconnect_failed)";
pub(super) const STATE: &str = "(state)";
pub(super) const UPGRADE: &str = "(upgrade)";

//! What comes from the server.

use super::arguments::from_js;
use super::error::Error;
use super::server_data::ServerData;
use crate::socket::DisconnectReason;
use js_sys::Array;
use serde::de::DeserializeOwned;
use std::rc::Rc;

/// An event from the server.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, Error};
/// # use futures::StreamExt;
/// # async fn example(client: &Client) -> Result<(), Error> {
/// let mut events = client.events();
/// while let Some(event) = events.next().await {
///     log(&format!("{} of {}", event.name(), event.namespace()));
///     if event.len() == 1 {
///         let only: String = event.parse()?;
///     } else if !event.is_empty() {
///         let (first, second): (String, u32) = event.parse()?;
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Event {
    pub(super) namespace: Rc<str>,
    pub(super) name: Rc<str>,
    /// The name first.
    pub(super) values: Array,
}

impl Event {
    /// The namespace it came on.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many arguments it has.
    pub fn len(&self) -> usize {
        self.values.length().saturating_sub(1) as usize
    }

    /// Whether it has no arguments.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its arguments: a tuple is several, any other type is the first one. Binary data is a `serde_bytes::ByteBuf`, wherever it stands.
    ///
    /// ```no_run
    /// # fn example(event: socketio_wasm::Event) -> Result<(), socketio_wasm::Error> {
    /// let (text, number): (String, u32) = event.parse()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongType`], which names the event, where the arguments are of other types.
    pub fn parse<A: DeserializeOwned>(&self) -> Result<A, Error> {
        from_js(&self.values, 1).map_err(|why| Error::WrongType { of: format!("the event {:?}", &*self.name), why })
    }
}

/// The end of a namespace's connection, or of an [`EngineClient`](super::EngineClient)'s.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, Disconnect, Error};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// let report = |_client: Client, end: Disconnect| {
///     let who = end.reason.name(); // such as "transport error"
///     let why = end.error.map_or_else(|| end.cause.to_owned(), |error| error.to_string());
///     log(&format!("{who}: {why}"));
/// };
/// client.on_disconnect(report).keep();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disconnect {
    /// Who ended it.
    pub reason: DisconnectReason,
    /// The same, finer: `ping timeout`, `transport close`, `transport error`, `parse error`, or the reason's own name.
    pub cause: &'static str,
    /// Why the connection was lost, where it was.
    pub error: Option<Error>,
    /// What the server sent with its DISCONNECT, which Engine.IO has not.
    pub data: Option<ServerData>,
}

/// What a handler is called with.
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
    Final,
}

impl HandlerEvent {
    /// The name under which its handlers are kept.
    pub fn name(&self) -> &str {
        match self {
            Self::Event(event) => &event.name,
            Self::Connected => CONNECT,
            Self::Failed(_) => CONNECT_ERROR,
            Self::Disconnected(_) => DISCONNECT,
            Self::Final => FINAL,
        }
    }
}

pub(super) const CONNECT: &str = "connect";
pub(super) const CONNECT_ERROR: &str = "connect_error";
pub(super) const DISCONNECT: &str = "disconnect";
pub(super) const FINAL: &str = "disconnectFinal";

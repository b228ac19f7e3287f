//! Errors, and their faults.

use super::names::shown;
use super::redact::redacted;
use super::server_data::ServerData;
use crate::engine::{TooLarge, Transport, TransportError};
use crate::host::{JsText, JsWire, Platform, message_of};
use crate::protocol::Text;
use crate::shell::{Failure, FrontendError};
use crate::socket::{DisconnectReason, Loss};
use crate::tables::errors::SharedError;
use core::fmt::{self, Display, Formatter};
use core::time::Duration;
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

/// The side that caused an error.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, Error, Fault};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// if let Err(error) = client.call::<u32>("add", (1, 2)).await {
///     match error.fault() {
///         Fault::Misuse => log("fix this program"),
///         Fault::Peer => log("fix the server"),
///         Fault::Network => log("try again"),
///         Fault::None => log("this program has disconnected"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// This program. The error says what to do instead.
    Misuse,
    /// The server.
    Peer,
    /// The network, or a time limit.
    Network,
    /// No side: the program has ended the connection itself, by `disconnect()`, before something else was done.
    None,
}

/// The errors of all clients. Each has a message that says what to do; [`fault`](Self::fault) is the side that caused
/// it.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, Error};
/// # async fn example() -> Result<(), Error> {
/// match Client::builder("http://localhost:3000").namespace("/private").connect().await {
///     Err(Error::Refused { message, .. }) => log(&format!("refused: {message:?}")),
///     Err(Error::ConnectTimeout { timeout, .. }) => log(&format!("the server takes longer than {timeout:?}")),
///     Err(other) => log(&format!("{:?}: {other}", other.fault())),
///     Ok(_client) => log("connected"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// No connection to the URL is possible.
    InvalidUrl {
        /// The URL without its user, its password and the values of its query; a description if it is not a URL.
        url: String,
        /// The problem, and what to do.
        why: &'static str,
    },
    /// HTTP cannot carry a header.
    InvalidHeader {
        /// The header's name, or a description if that is not a name. The value is not shown, since it may be a secret.
        name: String,
        /// The problem, and what to do.
        why: &'static str,
    },
    /// Auth cannot be sent, for this reason.
    InvalidAuth(String),
    /// The argument of `websocket()` is not a class, but has this type.
    InvalidWebSocket(String),
    /// This is not a name of a namespace.
    InvalidNamespace(String),
    /// This name of an event is reserved: `*`, and those of the connection, such as `connect`.
    InvalidEvent(String),
    /// A value cannot be sent. The string is serde's message.
    Unserializable(String),
    /// Received values do not have the type as which they are read.
    WrongType {
        /// The received item, such as `the event "add"`.
        of: String,
        /// Serde's message.
        why: String,
    },
    /// There is no connection, and none is being made.
    NotConnected,
    /// A component asked for the client of those above it, and none provides one.
    NoClient,
    /// This program does not run as WebAssembly, for example while it renders a page on a server. A client can be built
    /// there, but does nothing.
    Unsupported,
    /// There is a connection already, or one is being made.
    AlreadyConnected,
    /// The namespace was never connected, or the server refused it.
    BadNamespace {
        /// The namespace.
        namespace: String,
        /// The event of the call that failed.
        event: Option<String>,
    },
    /// As many packets are buffered as `max_buffer` allows: this many.
    BufferFull(usize),
    /// More events than this limit waited in a stream to be read. The stream has ended.
    EventsMissed(usize),
    /// The server does not accept messages of this size.
    TooLarge {
        /// The size of the packet in bytes; in UTF-16 units, if that number is beyond the limit already.
        size: usize,
        /// The server's limit in bytes.
        limit: usize,
        /// The event of the call that failed.
        event: Option<String>,
    },
    /// A [`SimpleClient`](super::SimpleClient) has one namespace, but the builder has these.
    SeveralNamespaces(Vec<String>),
    /// No event was received within this time.
    ReceiveTimeout(Duration),
    /// An event could not be emitted in time, because there was no connection.
    EmitTimeout {
        /// The event.
        event: String,
        /// The time limit.
        timeout: Duration,
    },
    /// A volatile call could not be sent at once.
    Dropped {
        /// The event that was not sent.
        event: String,
    },
    /// A user-supplied function for URL, headers or auth failed with this message.
    Preparation(String),
    /// A user-supplied function for URL, headers or auth was not done within this time.
    PreparationTimeout(Duration),
    /// No acknowledgement came in time.
    CallTimeout {
        /// The event that was emitted.
        event: String,
        /// The time limit.
        timeout: Duration,
    },
    /// Events of a namespace were not sent, and will never be.
    NotSent {
        /// The namespace.
        namespace: String,
        /// The number of events.
        events: usize,
    },
    /// Events of a namespace were in a request that failed. The server may have read them or not.
    PossiblyLost {
        /// The namespace; `Engine.IO` for the messages of an [`EngineClient`](super::EngineClient).
        namespace: String,
        /// The number of events.
        events: usize,
    },
    /// The connection ended before the operation was done. Its fault is that of the error that ended the connection, if there
    /// was one: for a violation of the protocol that is [`Fault::Peer`].
    Disconnected {
        /// The reason of the end.
        reason: DisconnectReason,
        /// The event of the call that failed.
        event: Option<String>,
        /// The error that ended the connection, if it was lost.
        cause: Option<Box<Error>>,
    },
    /// The server did not answer for namespaces in time.
    ConnectTimeout {
        /// The time limit of each namespace.
        timeout: Duration,
        /// The namespaces without an answer.
        namespaces: Vec<String>,
    },
    /// The server refused namespaces.
    Refused {
        /// The refused namespaces.
        namespaces: Vec<String>,
        /// The server's message.
        message: Option<String>,
        /// The data that the server sent for the first of them.
        data: Option<ServerData>,
    },
    /// The server did not answer at all. The string is the platform's message; browsers give none.
    Unreachable(Transport, Option<String>),
    /// The server did not answer a request within this time.
    RequestTimeout(Transport, Duration),
    /// Nothing came within this time, which the server's heartbeat allows.
    PingTimeout(Duration),
    /// The websocket was closed with this code and reason.
    SocketClosed(u16, String),
    /// The server answered with this HTTP status, which is no success, and this body.
    Status(u16, String),
    /// The server does not support this version of Engine.IO. The values are its HTTP status and body.
    UnsupportedVersion(u16, String),
    /// The server does not accept the page's origin. The values are its HTTP status and body.
    OriginRefused(u16, String),
    /// The server does not know the session: it was restarted, or requests do not all reach the same server. The values
    /// are its HTTP status and body.
    SessionUnknown(u16, String),
    /// The answer is not that of a Socket.IO server. The string is its beginning.
    NotSocketIo(String),
    /// The server closed the session.
    ServerClosed,
    /// The server answered this number of polls in a row at once and without a packet.
    EmptyPolls(u32),
    /// The platform is offline.
    Offline,
    /// The server violated the protocol.
    Protocol {
        /// The violation.
        what: &'static str,
        /// The beginning of the received string, or the message of a serializer that could not read the frame.
        came: Option<String>,
    },
}

impl Error {
    /// Returns the side that caused the error.
    pub fn fault(&self) -> Fault {
        match self {
            Self::InvalidHeader { .. }
            | Self::InvalidAuth(_)
            | Self::InvalidWebSocket(_)
            | Self::InvalidEvent(_)
            | Self::NoClient
            | Self::Unsupported
            | Self::SeveralNamespaces(_) => Fault::Misuse,
            Self::WrongType { .. } => Fault::Peer,
            Self::Dropped { .. } => Fault::Network,
            Self::Disconnected { cause: Some(cause), .. } => cause.fault(),
            shared => shared.shared().map_or(Fault::Misuse, |error| error.fault()),
        }
    }

    /// Returns the error of something that the end of the connection prevented.
    pub(super) fn ended(reason: DisconnectReason) -> Self {
        Self::Disconnected { reason, event: None, cause: None }
    }

    /// Returns the error of a call of this event.
    pub(super) fn of_event(mut self, name: &str) -> Self {
        if let Self::BadNamespace { event, .. } | Self::TooLarge { event, .. } | Self::Disconnected { event, .. } =
            &mut self
        {
            *event = Some(name.to_owned());
        }
        self
    }

    /// Returns the error as the table of both languages has it; `None` for an error that only the crate has.
    fn shared(&self) -> Option<SharedError<'_>> {
        Some(match self {
            Self::InvalidUrl { url, why } => SharedError::InvalidUrl { url, why },
            Self::InvalidNamespace(received) => SharedError::InvalidNamespace { received },
            Self::Unserializable(cause) => SharedError::Unserializable { cause },
            Self::NotConnected => SharedError::NotConnected,
            Self::AlreadyConnected => SharedError::AlreadyConnected,
            Self::BadNamespace { namespace, .. } => SharedError::BadNamespace { namespace },
            Self::EventsMissed(limit) => SharedError::EventsMissed { limit: *limit },
            Self::BufferFull(limit) => SharedError::BufferFull { limit: *limit },
            Self::TooLarge { size, limit, .. } => SharedError::PayloadTooLarge { size: *size, limit: *limit },
            Self::ReceiveTimeout(time) => SharedError::ReceiveTimeout { milliseconds: time.as_millis() },
            Self::EmitTimeout { event, timeout } => {
                SharedError::EmitTimeout { event, milliseconds: timeout.as_millis() }
            }
            Self::CallTimeout { event, timeout } => {
                SharedError::CallTimeout { event, milliseconds: timeout.as_millis() }
            }
            Self::Preparation(cause) => SharedError::PreparationFailed { cause },
            Self::PreparationTimeout(time) => SharedError::PreparationTimeout { milliseconds: time.as_millis() },
            Self::NotSent { namespace, events } => SharedError::NotSent { namespace, events: *events },
            Self::PossiblyLost { namespace, events } => SharedError::PossiblyLost { namespace, events: *events },
            Self::Disconnected { reason, .. } => SharedError::Disconnected { reason: reason.name() },
            Self::ConnectTimeout { timeout, namespaces } => {
                SharedError::ConnectTimeout { milliseconds: timeout.as_millis(), namespaces }
            }
            Self::Refused { namespaces, message, .. } => {
                SharedError::Refused { namespaces, reason: message.as_deref().unwrap_or_default() }
            }
            Self::Unreachable(transport, words) => {
                SharedError::Unreachable { transport: transport.name(), words: words.as_deref() }
            }
            Self::RequestTimeout(transport, time) => {
                SharedError::RequestTimeout { transport: transport.name(), milliseconds: time.as_millis() }
            }
            Self::PingTimeout(time) => SharedError::PingTimeout { milliseconds: time.as_millis() },
            Self::SocketClosed(code, reason) => SharedError::SocketClosed { close_code: *code, close_reason: reason },
            Self::Status(status, body) => SharedError::HttpStatus { status: *status, body },
            Self::UnsupportedVersion(status, body) => SharedError::UnsupportedVersion { status: *status, body },
            Self::OriginRefused(status, body) => SharedError::OriginRefused { status: *status, body },
            Self::SessionUnknown(status, body) => SharedError::SessionUnknown { status: *status, body },
            Self::NotSocketIo(body) => SharedError::NotSocketio { body },
            Self::ServerClosed => SharedError::ServerClosed,
            Self::EmptyPolls(polls) => SharedError::EmptyPolls { polls: *polls },
            Self::Offline => SharedError::Offline,
            Self::Protocol { what, came } => {
                SharedError::ParseError { what, text: came.as_deref().unwrap_or_default(), cause: "" }
            }
            Self::InvalidHeader { .. }
            | Self::InvalidAuth(_)
            | Self::InvalidWebSocket(_)
            | Self::InvalidEvent(_)
            | Self::NoClient
            | Self::Unsupported
            | Self::SeveralNamespaces(_)
            | Self::WrongType { .. }
            | Self::Dropped { .. } => return None,
        })
    }
}

impl FrontendError for Error {
    fn of(_: &Platform, failure: Failure<'_>) -> Self {
        match failure {
            Failure::Transport(failure) => failure.into(),
            Failure::Refused(namespaces, data) => {
                let message =
                    |data: &JsValue| data.dyn_ref::<JsString>().cloned().or_else(|| message_of(data)).map(String::from);
                Self::Refused {
                    namespaces: names(namespaces),
                    message: data.as_ref().and_then(message),
                    data: data.as_ref().and_then(ServerData::of),
                }
            }
            Failure::NotConnected => Self::NotConnected,
            Failure::AlreadyConnected => Self::AlreadyConnected,
            Failure::BadNamespace(namespace) => Self::BadNamespace { namespace: shown(&text(&namespace)), event: None },
            Failure::BufferFull(limit) => Self::BufferFull(limit),
            Failure::TooLarge(TooLarge { size, limit }) => Self::TooLarge { size, limit, event: None },
            Failure::CallTimeout(event, milliseconds) => Self::CallTimeout {
                event: event.as_string().unwrap_or_default(),
                timeout: Duration::from_millis(milliseconds),
            },
            Failure::Lost(namespace, loss, events) => {
                let namespace = text(namespace);
                match loss {
                    Loss::NotSent => Self::NotSent { namespace, events },
                    Loss::Possible => Self::PossiblyLost { namespace, events },
                }
            }
            Failure::Dropped(event) => Self::Dropped { event: event.as_string().unwrap_or_default() },
            Failure::Unserializable(thrown) => {
                Self::Unserializable(message_of(&thrown).map_or_else(|| "it is no value of JSON".into(), String::from))
            }
        }
    }

    fn disconnected(_: &Platform, reason: DisconnectReason, cause: Option<Self>) -> Self {
        Self::Disconnected { reason, event: None, cause: cause.map(Box::new) }
    }

    fn logged(&self) -> JsValue {
        self.to_string().into()
    }
}

fn names(namespaces: &[JsText]) -> Vec<String> {
    namespaces.iter().map(text).collect()
}

fn text(text: &JsText) -> String {
    text.to_js().into()
}

impl From<&TransportError<JsWire>> for Error {
    fn from(failure: &TransportError<JsWire>) -> Self {
        let start = |came: &JsText| text(&came.slice(0, 200));
        match failure {
            TransportError::Unreachable(transport, words) => {
                Self::Unreachable(*transport, words.as_ref().map(|words| redacted(&text(words))))
            }
            TransportError::RequestTimeout(transport, time) => {
                Self::RequestTimeout(*transport, Duration::from_millis(*time))
            }
            TransportError::PingTimeout(time) => Self::PingTimeout(Duration::from_millis(*time)),
            TransportError::SocketClosed(code, reason) => Self::SocketClosed(*code, text(reason)),
            TransportError::Status(status, body) => Self::Status(*status, text(body)),
            TransportError::UnsupportedVersion(status, body) => Self::UnsupportedVersion(*status, text(body)),
            TransportError::OriginRefused(status, body) => Self::OriginRefused(*status, text(body)),
            TransportError::SessionUnknown(status, body) => Self::SessionUnknown(*status, text(body)),
            TransportError::NotSocketIo(came) => Self::NotSocketIo(start(came)),
            TransportError::ServerClosed => Self::ServerClosed,
            TransportError::ConnectTimeout(time, namespaces) => {
                Self::ConnectTimeout { timeout: Duration::from_millis(*time), namespaces: names(namespaces) }
            }
            TransportError::EmptyPolls(count) => Self::EmptyPolls(*count),
            TransportError::Offline => Self::Offline,
            TransportError::Protocol(what, came) => {
                Self::Protocol { what: what.what(), came: came.as_ref().map(start) }
            }
            TransportError::Preparation => Self::Preparation(String::new()),
            TransportError::PreparationTimeout(time) => Self::PreparationTimeout(Duration::from_millis(*time)),
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidHeader { name, why } => write!(f, "the header ({name}) cannot be sent: {why}"),
            Self::InvalidAuth(why) => write!(f, "the auth cannot be sent: {why}"),
            Self::InvalidWebSocket(what) => {
                write!(f, "a {what} is not a class of WebSockets: give websocket() one, such as that of npm ws")
            }
            Self::InvalidEvent(name) => {
                write!(
                    f,
                    "invalid event name ({name:?}): it is reserved; use on_connect(), on_unhandled() and the like"
                )
            }
            Self::WrongType { of, why } => write!(f, "{of} is not of the type that was asked for: {why}"),
            Self::NoClient => f.write_str("no component above this one shares a client"),
            Self::Unsupported => {
                f.write_str("a client works in WebAssembly alone: connect, emit and call in the browser")
            }
            Self::SeveralNamespaces(names) => {
                write!(f, "a SimpleClient has one namespace, not {}: use a Client for several", names.join(" and "))
            }
            Self::Dropped { event } => {
                write!(f, "the volatile event {event:?} was dropped: it could not be sent at once")
            }
            shared => shared.shared().map_or(Ok(()), |error| error.fmt(f)),
        }?;
        match self {
            Self::BadNamespace { event: Some(event), .. }
            | Self::TooLarge { event: Some(event), .. }
            | Self::Disconnected { event: Some(event), .. } => write!(f, " (event {event:?})"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Error {}

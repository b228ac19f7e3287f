//! Errors: their messages, their faults and their sources.

use super::cause::Cause;
use super::fault::Fault;
use super::server_data::ServerData;
use super::values::write_mismatch;
use crate::engine::Transport;
use crate::socket::{DisconnectReason, FinalReason};
use crate::tables::errors::SharedError;
use core::fmt::{self, Display, Formatter};
use core::time::Duration;

/// The errors of all clients. Each has a message that says what to do; [`fault`](Self::fault) is the side that caused
/// it.
///
/// ```no_run
/// use gloo_console::log;
/// use socketio_wasm::{Client, Error};
///
/// async fn example() {
///     match Client::builder("http://localhost:3000").namespace("/private").connect().await {
///         Err(Error::Refused { message, .. }) => log!(format!("refused: {message:?}")),
///         Err(Error::ConnectTimeout { timeout, .. }) => {
///             log!(format!("the server takes longer than {timeout:?}"))
///         }
///         Err(other) => log!(format!("{:?}: {other}", other.fault())),
///         Ok(_client) => log!("connected"),
///     }
/// }
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
    /// A value cannot be sent.
    Unserializable {
        /// The event that cannot be sent, or whose answer cannot.
        event: Option<String>,
        /// The reason, and the place of the value, such as `[0].items[3].price`.
        why: String,
    },
    /// Received values do not have the type as which they are read.
    WrongType {
        /// The received item, such as `the event "add"`.
        of: String,
        /// The namespace on which it came.
        namespace: Option<String>,
        /// The place of the value at fault: the number of the argument from 0 on, then fields and items, such as
        /// `[0].items[3].price`.
        path: String,
        /// The expected type, such as `expected u32`, or serde's message, of which 200 characters are shown.
        why: String,
        /// The value at fault as JSON, of which 200 characters are shown.
        found: String,
    },
    /// There is no connection, and none is being made.
    NotConnected {
        /// The event that cannot be sent.
        event: Option<String>,
    },
    /// An [`unbuffered`](super::Scope::unbuffered) event cannot be sent now: the connection is being made, for the first time or again.
    Connecting {
        /// The event that cannot be sent.
        event: Option<String>,
    },
    /// A component asked for the client of those above it, and none provides one.
    NoClient,
    /// This program does not run as WebAssembly, for example while it renders a page on a server. A client can be built
    /// there, but does nothing.
    Unsupported,
    /// A handler has returned this error. The server receives no acknowledgement.
    Handler {
        /// The event of the handler.
        event: Option<String>,
        /// The error.
        cause: Cause,
    },
    /// There is a connection already, or one is being made.
    AlreadyConnected,
    /// The namespace was never connected, or the server refused it.
    BadNamespace {
        /// The namespace.
        namespace: String,
        /// The event that cannot be sent.
        event: Option<String>,
    },
    /// As many packets are buffered as `max_buffer` allows.
    BufferFull {
        /// The number of packets.
        limit: usize,
        /// The event that cannot be sent.
        event: Option<String>,
    },
    /// More events than this limit waited in a stream to be read. The stream has ended.
    EventsMissed(usize),
    /// The server does not accept messages of this size.
    TooLarge {
        /// The size of the packet in bytes; in UTF-16 units, if that number is beyond the limit already.
        size: usize,
        /// The server's limit in bytes.
        limit: usize,
        /// The event that cannot be sent.
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
    /// A user-supplied function for URL, headers or auth failed. The function's own error is the
    /// [`source`](core::error::Error::source). The fault is [`Fault::Network`]: the service that the function asks may be down, and
    /// the next attempt may succeed.
    Preparation {
        /// The thing that the function returns: `URL`, `headers` or `auth`.
        function: &'static str,
        /// The error of the function, with the errors that caused it.
        cause: Cause,
    },
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
        /// The event that cannot be sent.
        event: Option<String>,
        /// The error that ended the connection, if it was lost.
        cause: Option<Box<Error>>,
    },
    /// The end is final: nothing is connected again by itself. The builder's `on_error` gets this error if no handler learns of the end:
    /// neither [`on_disconnect_final`](super::Scope::on_disconnect_final) nor [`on_reconnect_failed`](super::Scope::on_reconnect_failed)
    /// has one, and nobody awaits `connect` or `wait`. After `disconnect()` there is none.
    Ended {
        /// The reason.
        reason: FinalReason,
        /// The namespace that has ended; `None` for the whole connection.
        namespace: Option<String>,
        /// The error by which the connection was lost, or that of the last attempt.
        cause: Option<Box<Error>>,
    },
    /// The server did not answer for namespaces in time.
    ConnectTimeout {
        /// The time limit of each namespace.
        timeout: Duration,
        /// The namespaces without an answer.
        namespaces: Vec<String>,
    },
    /// The server refused namespaces. They are not requested again by themselves, unless the builder has `retry_refused`.
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
            | Self::Unserializable { .. }
            | Self::NoClient
            | Self::Unsupported
            | Self::Handler { .. }
            | Self::SeveralNamespaces(_) => Fault::Misuse,
            Self::WrongType { .. } => Fault::Peer,
            Self::Dropped { .. } => Fault::Network,
            Self::Disconnected { cause: Some(cause), .. } | Self::Ended { cause: Some(cause), .. } => cause.fault(),
            Self::Ended { reason: FinalReason::ServerDisconnect, .. } => Fault::Peer,
            Self::Preparation { .. } | Self::Ended { .. } => Fault::Network,
            shared => shared.shared().map_or(Fault::Misuse, |error| error.fault()),
        }
    }

    /// Returns the error of something that the end of the connection prevented.
    pub(super) fn ended(reason: DisconnectReason) -> Self {
        Self::Disconnected { reason, event: None, cause: None }
    }

    /// Returns an error that names this event, which cannot be sent.
    pub(super) fn of_event(mut self, name: &str) -> Self {
        if let Self::BadNamespace { event, .. }
        | Self::NotConnected { event }
        | Self::Connecting { event }
        | Self::BufferFull { event, .. }
        | Self::TooLarge { event, .. }
        | Self::Unserializable { event, .. }
        | Self::Handler { event, .. }
        | Self::Disconnected { event, .. } = &mut self
        {
            *event = Some(name.to_owned());
        }
        self
    }

    /// Returns the error of a handler that has failed.
    pub(super) fn handler(cause: Cause) -> Self {
        Self::Handler { event: None, cause }
    }

    /// Returns the error of a value that cannot be sent, for this reason.
    pub(super) fn unserializable(why: impl Into<String>) -> Self {
        Self::Unserializable { event: None, why: why.into() }
    }

    /// Returns the error as the table of both languages has it; `None` for an error that only the crate has.
    fn shared(&self) -> Option<SharedError<'_>> {
        Some(match self {
            Self::InvalidUrl { url, why } => SharedError::InvalidUrl { url, why },
            Self::InvalidNamespace(received) => SharedError::InvalidNamespace { received },
            Self::NotConnected { .. } => SharedError::NotConnected,
            Self::Connecting { .. } => SharedError::Connecting,
            Self::AlreadyConnected => SharedError::AlreadyConnected,
            Self::BadNamespace { namespace, .. } => SharedError::BadNamespace { namespace },
            Self::EventsMissed(limit) => SharedError::EventsMissed { limit: *limit },
            Self::BufferFull { limit, .. } => SharedError::BufferFull { limit: *limit },
            Self::TooLarge { size, limit, .. } => SharedError::PayloadTooLarge { size: *size, limit: *limit },
            Self::ReceiveTimeout(time) => SharedError::ReceiveTimeout { milliseconds: time.as_millis() },
            Self::EmitTimeout { event, timeout } => {
                SharedError::EmitTimeout { event, milliseconds: timeout.as_millis() }
            }
            Self::CallTimeout { event, timeout } => {
                SharedError::CallTimeout { event, milliseconds: timeout.as_millis() }
            }
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
            | Self::Unserializable { .. }
            | Self::NoClient
            | Self::Unsupported
            | Self::Handler { .. }
            | Self::SeveralNamespaces(_)
            | Self::WrongType { .. }
            | Self::Preparation { .. }
            | Self::Ended { .. }
            | Self::Dropped { .. } => return None,
        })
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
            Self::Unserializable { why, .. } => write!(f, "a value cannot be sent: {why}"),
            Self::WrongType { of, namespace, path, why, found } => {
                write_mismatch(f, of, namespace.as_deref(), [path, why, found])
            }
            Self::NoClient => f.write_str("no component above this one shares a client"),
            Self::Handler { cause, .. } => write!(f, "a handler has failed: {cause}"),
            Self::Unsupported => {
                f.write_str("a client works in WebAssembly alone: connect, emit and call in the browser")
            }
            Self::SeveralNamespaces(names) => {
                write!(f, "a SimpleClient has one namespace, not {}: use a Client for several", names.join(" and "))
            }
            Self::Dropped { event } => {
                write!(f, "the volatile event {event:?} was dropped: it could not be sent at once")
            }
            Self::Preparation { function, cause } => write!(f, "your function for {function} failed: {cause}"),
            Self::Ended { reason, namespace, cause } => {
                let what = match reason {
                    FinalReason::ReconnectionFailed => "the client has given up making the connection",
                    FinalReason::TransportError => "the connection was lost",
                    FinalReason::ServerDisconnect => "the server has ended the connection",
                    FinalReason::ClientDisconnect => "the client has ended the connection",
                };
                let of = namespace.as_deref().map_or(["", ""], |namespace| [" of ", namespace]);
                f.write_str(what)?;
                of.into_iter().try_for_each(|part| f.write_str(part))?;
                f.write_str(", and it is not made again by itself: call connect() for a new one")?;
                cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
            }
            shared => shared.shared().map_or(Ok(()), |error| error.fmt(f)),
        }?;
        match self {
            Self::BadNamespace { event: Some(event), .. }
            | Self::NotConnected { event: Some(event) }
            | Self::Connecting { event: Some(event) }
            | Self::BufferFull { event: Some(event), .. }
            | Self::TooLarge { event: Some(event), .. }
            | Self::Unserializable { event: Some(event), .. }
            | Self::Handler { event: Some(event), .. }
            | Self::Disconnected { event: Some(event), .. } => write!(f, " (event {event:?})"),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Preparation { cause, .. } | Self::Handler { cause, .. } => Some(cause),
            Self::Disconnected { cause: Some(cause), .. } | Self::Ended { cause: Some(cause), .. } => Some(&**cause),
            _ => None,
        }
    }
}

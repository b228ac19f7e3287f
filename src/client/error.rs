//! What can go wrong, and whose doing it is.

use super::names::shown;
use super::redact::redacted;
use super::server_data::ServerData;
use crate::engine::{TooLarge, Transport, TransportError};
use crate::host::{JsText, JsWire, message_of, read};
use crate::protocol::Text;
use crate::socket::{CallError, CommandError, ConnectError, DisconnectReason, IncomingPayload};
use core::fmt::{self, Display, Formatter};
use core::time::Duration;
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

/// Whose doing an error is.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, Error, Fault};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// if let Err(error) = client.call::<u32>("add", (1, 2)).await {
///     match error.fault() {
///         Fault::Misuse => log("this program has to be mended"),
///         Fault::Peer => log("the server has to be mended"),
///         Fault::Network => log("try again"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// This program's: the error says what to do instead.
    Misuse,
    /// The server's.
    Peer,
    /// Neither's: the network, or time.
    Network,
}

/// What can go wrong.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, Error};
/// # async fn example() -> Result<(), Error> {
/// match Client::builder("http://localhost:3000").namespace("/private").connect().await {
///     Err(Error::Refused { message, .. }) => log(&format!("refused: {message:?}")),
///     Err(Error::ConnectTimeout { timeout, .. }) => log(&format!("the server takes longer than {timeout:?}")),
///     Err(other) => log(&format!("{:?}: {other}", other.fault())), // each says what to do
///     Ok(_client) => log("connected"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The URL cannot be connected to.
    InvalidUrl {
        /// The URL without its user, its password and the values of its query; a description of what is no URL.
        url: String,
        /// What is wrong with it, and what to do.
        why: &'static str,
    },
    /// A header that cannot be sent.
    InvalidHeader {
        /// The header's name, or a description of what is no name. The value may be a secret.
        name: String,
        /// What is wrong with it, and what to do.
        why: &'static str,
    },
    /// Auth cannot be sent, for this reason.
    InvalidAuth(String),
    /// What was given as a class of WebSockets is none, but of this type.
    InvalidWebSocket(String),
    /// It is no name for a namespace.
    InvalidNamespace(String),
    /// It is no name for an event: `*` and those of the connection, such as `connect`, are reserved.
    InvalidEvent(String),
    /// A value cannot be sent; serde's words.
    Unserializable(String),
    /// What came is not of the type that was asked for.
    WrongType {
        /// The event, or whatever came.
        of: String,
        /// Serde's words.
        why: String,
    },
    /// There is no connection, and none is being made.
    NotConnected,
    /// A component has asked for the client of those above it, and none has one.
    NoClient,
    /// There is a connection already, or one is being made.
    AlreadyConnected,
    /// The namespace was never asked for, or was refused.
    BadNamespace(String),
    /// As many packets are kept as `max_buffer` allows.
    BufferFull(usize),
    /// The server does not take messages of this size.
    TooLarge {
        /// Of the packet, in bytes; in UTF-16 units, where the limit would be passed by any encoding.
        size: usize,
        /// What the server takes, in bytes.
        limit: usize,
    },
    /// A [`SimpleClient`](super::SimpleClient) has one namespace; these were asked for.
    SeveralNamespaces(Vec<String>),
    /// Nothing was received in time.
    ReceiveTimeout(Duration),
    /// An event could not be emitted in time, since there was no connection.
    EmitTimeout {
        /// The event.
        event: String,
        /// The time that it had.
        timeout: Duration,
    },
    /// A volatile call could not be handed over at once.
    Dropped,
    /// A function for the URL, the headers or the auth has failed, with these words.
    Preparation(String),
    /// Such a function was not done in time.
    PreparationTimeout(Duration),
    /// No acknowledgement came in time.
    CallTimeout {
        /// The event that was emitted.
        event: String,
        /// The time that it had.
        timeout: Duration,
    },
    /// So many events of a namespace were not sent, and will not be.
    NotSent {
        /// The namespace.
        namespace: String,
        /// How many.
        events: usize,
    },
    /// So many events of a namespace were in a request that failed: the server may have read them or not.
    PossiblyLost {
        /// The namespace.
        namespace: String,
        /// How many.
        events: usize,
    },
    /// The connection ended before this was done.
    Disconnected(DisconnectReason),
    /// Namespaces were not answered for in time.
    ConnectTimeout {
        /// The time that each had.
        timeout: Duration,
        /// Those without an answer.
        namespaces: Vec<String>,
    },
    /// The server refused namespaces.
    Refused {
        /// Which ones.
        namespaces: Vec<String>,
        /// The server's words.
        message: Option<String>,
        /// What it sent for the first one.
        data: Option<ServerData>,
    },
    /// No answer from the server at all; the platform's words where it gives any, for browsers hide them.
    Unreachable(Transport, Option<String>),
    /// No answer from the server in time.
    RequestTimeout(Transport, Duration),
    /// Nothing came for longer than the server's heartbeat allows.
    PingTimeout(Duration),
    /// The websocket was closed, with this code and reason.
    SocketClosed(u16, String),
    /// An HTTP status that is no success, with the body.
    Status(u16, String),
    /// The server does not speak this revision of Engine.IO; status and body.
    UnsupportedVersion(u16, String),
    /// The server does not accept the page's origin; status and body.
    OriginRefused(u16, String),
    /// The server does not know the session: it was restarted, or requests do not all reach the same one; status and body.
    SessionUnknown(u16, String),
    /// What answered is not a Socket.IO server; the beginning of what came.
    NotSocketIo(String),
    /// The server closed the session.
    ServerClosed,
    /// The server answered so many polls in a row at once and with nothing.
    EmptyPolls(u32),
    /// The platform is offline.
    Offline,
    /// The server has broken the protocol.
    Protocol {
        /// How.
        what: &'static str,
        /// The beginning of what came, where it is a text; a serializer's words, where it could not read it.
        came: Option<String>,
    },
}

impl Error {
    /// Whose doing it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::InvalidUrl { .. }
            | Self::InvalidHeader { .. }
            | Self::InvalidAuth(_)
            | Self::InvalidWebSocket(_)
            | Self::InvalidNamespace(_)
            | Self::InvalidEvent(_)
            | Self::Unserializable(_)
            | Self::NotConnected
            | Self::NoClient
            | Self::AlreadyConnected
            | Self::BadNamespace(_)
            | Self::BufferFull(_)
            | Self::TooLarge { .. }
            | Self::SeveralNamespaces(_)
            | Self::Preparation(_)
            | Self::PreparationTimeout(_)
            | Self::Disconnected(DisconnectReason::ClientDisconnect) => Fault::Misuse,
            Self::WrongType { .. }
            | Self::Refused { .. }
            | Self::Status(..)
            | Self::UnsupportedVersion(..)
            | Self::OriginRefused(..)
            | Self::SessionUnknown(..)
            | Self::NotSocketIo(_)
            | Self::ServerClosed
            | Self::EmptyPolls(_)
            | Self::Protocol { .. }
            | Self::Disconnected(DisconnectReason::ServerDisconnect) => Fault::Peer,
            Self::Dropped
            | Self::NotSent { .. }
            | Self::PossiblyLost { .. }
            | Self::Offline
            | Self::ReceiveTimeout(_)
            | Self::EmitTimeout { .. }
            | Self::CallTimeout { .. }
            | Self::ConnectTimeout { .. }
            | Self::Unreachable(..)
            | Self::RequestTimeout(..)
            | Self::PingTimeout(_)
            | Self::SocketClosed(..)
            | Self::Disconnected(DisconnectReason::TransportError) => Fault::Network,
        }
    }

    pub(super) fn of_refusal(refusal: CommandError, namespace: &str) -> Self {
        match refusal {
            CommandError::NotConnected => Self::NotConnected,
            CommandError::AlreadyConnected => Self::AlreadyConnected,
            CommandError::BadNamespace => Self::BadNamespace(shown(namespace)),
            CommandError::BufferFull(limit) => Self::BufferFull(limit),
            CommandError::TooLarge(excess) => excess.into(),
        }
    }

    pub(super) fn of_connect(
        why: &ConnectError<JsWire>,
        read_payload: impl Fn(&IncomingPayload<JsWire>) -> JsValue,
    ) -> Self {
        match why {
            ConnectError::Failed(failure) => failure.into(),
            ConnectError::Refused(namespaces, data) => Self::refused(namespaces, data.as_ref().map(read_payload)),
            ConnectError::TooLarge(excess) => (*excess).into(),
            ConnectError::Disconnected(reason) => Self::Disconnected(*reason),
        }
    }

    pub(super) fn refused(namespaces: &[JsText], data: Option<JsValue>) -> Self {
        let words = |data: &JsValue| data.dyn_ref::<JsString>().cloned().or_else(|| message_of(data)).map(String::from);
        Self::Refused {
            namespaces: names(namespaces),
            message: data.as_ref().and_then(words),
            data: data.as_ref().and_then(ServerData::of),
        }
    }

    pub(super) fn of_call(why: CallError, event: &str, namespace: &str) -> Self {
        match why {
            CallError::Timeout(milliseconds) => {
                Self::CallTimeout { event: event.to_owned(), timeout: Duration::from_millis(milliseconds) }
            }
            CallError::Disconnected(reason) => Self::Disconnected(reason),
            CallError::BadNamespace => Self::BadNamespace(shown(namespace)),
            CallError::TooLarge(excess) => excess.into(),
            CallError::Dropped => Self::Dropped,
        }
    }
}

fn names(namespaces: &[JsText]) -> Vec<String> {
    namespaces.iter().map(text).collect()
}

fn text(text: &JsText) -> String {
    text.to_js().into()
}

impl From<TooLarge> for Error {
    fn from(excess: TooLarge) -> Self {
        Self::TooLarge { size: excess.size, limit: excess.limit }
    }
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
            Self::InvalidUrl { url, why } => write!(f, "invalid URL ({url}): {why}"),
            Self::InvalidHeader { name, why } => write!(f, "the header ({name}) cannot be sent: {why}"),
            Self::InvalidAuth(why) => write!(f, "the auth cannot be sent: {why}"),
            Self::InvalidWebSocket(what) => {
                write!(f, "a {what} is no class of WebSockets: give websocket() one, such as that of npm ws")
            }
            Self::InvalidNamespace(name) => write!(
                f,
                "invalid namespace ({name}): it must begin with \"/\" and have no \",\", no \"?\" and no control characters"
            ),
            Self::InvalidEvent(name) => write!(
                f,
                "invalid event {name:?}: it is reserved; on_connect(), on_any() and their like handle what has no name of its own"
            ),
            Self::Unserializable(why) => write!(f, "the arguments cannot be sent: {why}"),
            Self::WrongType { of, why } => write!(f, "{of} is not of the type that was asked for: {why}"),
            Self::NotConnected => f.write_str("not connected: call connect() first"),
            Self::NoClient => f.write_str("no component above this one shares a client"),
            Self::AlreadyConnected => {
                f.write_str("already connected or connecting: call disconnect() before another connect()")
            }
            Self::BadNamespace(name) => {
                write!(f, "{name} is not a connected namespace: give it to the builder, or call connect_namespace()")
            }
            Self::BufferFull(limit) => {
                write!(f, "{limit} packets already wait to be sent: wait for drain(), or raise max_buffer")
            }
            Self::TooLarge { size, limit } => {
                write!(
                    f,
                    "a packet of {size} bytes is more than the {limit} bytes that the server takes: send it in parts"
                )
            }
            Self::SeveralNamespaces(names) => {
                write!(f, "a SimpleClient has one namespace, not {}: use a Client for several", names.join(" and "))
            }
            Self::ReceiveTimeout(time) => write!(f, "no event within {time:?}"),
            Self::EmitTimeout { event, timeout } => {
                write!(f, "{event:?} was not emitted: no connection within {timeout:?}")
            }
            Self::Dropped => f.write_str("the volatile event was dropped: it could not be handed over at once"),
            Self::Preparation(why) => write!(f, "a function for the URL, the headers or the auth has failed: {why}"),
            Self::PreparationTimeout(time) => {
                write!(f, "a function for the URL, the headers or the auth was not done within {time:?}")
            }
            Self::CallTimeout { event, timeout } => write!(f, "no answer to {event:?} within {timeout:?}"),
            Self::Disconnected(DisconnectReason::ClientDisconnect) => f.write_str("disconnected before this was done"),
            Self::Disconnected(reason) => {
                write!(f, "the connection ended ({}) before this was done", reason.name())
            }
            Self::ConnectTimeout { timeout, namespaces } => write!(
                f,
                "not connected within {timeout:?}: no answer for {}; raise wait_timeout for a slow server",
                namespaces.join(", ")
            ),
            Self::Refused { namespaces, message, .. } => {
                write!(f, "one or more namespaces failed to connect: {}", namespaces.join(", "))?;
                quote(f, message.as_deref().unwrap_or_default())
            }
            Self::Unreachable(transport, Some(words)) => {
                write!(f, "the server cannot be reached over {}", transport.name())?;
                quote(f, words)
            }
            Self::Unreachable(transport, None) => write!(
                f,
                "the server cannot be reached over {}; why, the browser hides: it may be down, or refuse this page's origin (CORS)",
                transport.name()
            ),
            Self::RequestTimeout(transport, time) => {
                write!(f, "no answer from the server over {} within {time:?}", transport.name())
            }
            Self::PingTimeout(time) => write!(f, "nothing came from the server for {time:?}"),
            Self::SocketClosed(code, reason) => {
                write!(f, "the websocket was closed (code {code})")?;
                quote(f, reason)
            }
            Self::Status(status, body) => {
                write!(f, "unexpected status {status} in the server's response")?;
                if *status == 404 {
                    f.write_str(" (check the URL and the path)")?;
                }
                quote(f, body)
            }
            Self::UnsupportedVersion(status, body) => {
                write!(f, "the server does not speak this revision of the protocol (status {status})")?;
                quote(f, body)
            }
            Self::OriginRefused(status, body) => {
                write!(f, "the server refuses this origin (status {status})")?;
                quote(f, body)
            }
            Self::SessionUnknown(status, body) => {
                write!(
                    f,
                    "the server does not know this session (status {status}): it was restarted, or several servers share the address without sticky sessions"
                )?;
                quote(f, body)
            }
            Self::NotSocketIo(came) => {
                f.write_str("what answered is not a Socket.IO server (check the URL and the path)")?;
                quote(f, came)
            }
            Self::ServerClosed => f.write_str("the server closed the connection"),
            Self::EmptyPolls(count) => write!(f, "the server answered {count} polls in a row at once and with nothing"),
            Self::Offline => f.write_str("this machine is offline"),
            Self::NotSent { namespace, events } => {
                write!(f, "{events} events of {namespace} were not sent")
            }
            Self::PossiblyLost { namespace, events } => {
                write!(f, "{events} events of {namespace} may be lost: the request that carried them failed")
            }
            Self::Protocol { what, came } => {
                write!(f, "the server has broken the protocol: {what}")?;
                quote(f, came.as_deref().unwrap_or_default())
            }
        }
    }
}

/// How much of somebody else's message is shown: it may be a whole page.
const SHOWN_CHARACTERS: usize = 200;

/// Somebody else's message, behind ours: the beginning of it.
fn quote(f: &mut Formatter<'_>, words: &str) -> fmt::Result {
    match words.char_indices().nth(SHOWN_CHARACTERS) {
        _ if words.is_empty() => Ok(()),
        Some((end, _)) => write!(f, ": {}…", words.get(..end).unwrap_or_default()),
        None => write!(f, ": {words}"),
    }
}

impl core::error::Error for Error {}

/// What a payload holds, of whatever packet.
pub(super) fn payload_reader(platform: &crate::host::Platform) -> impl Fn(&IncomingPayload<JsWire>) -> JsValue + '_ {
    move |payload| read(platform, payload)
}

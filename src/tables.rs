//! The values that the crate shares with the facade of the npm package. Written by scripts/tables.mjs from the tables in pkg/facade/: change those.

/// Default values of options.
pub(crate) mod defaults {
    pub(crate) const RECONNECTION: bool = true;
    pub(crate) const RECONNECTION_ATTEMPTS: u32 = 0;
    pub(crate) const RECONNECTION_DELAY_MS: u64 = 1_000;
    pub(crate) const RECONNECTION_DELAY_MAX_MS: u64 = 5_000;
    pub(crate) const RANDOMIZATION_FACTOR: f64 = 0.5;
    pub(crate) const REQUEST_TIMEOUT_MS: u64 = 5_000;
    pub(crate) const HIGH_WATER_MARK: usize = 1_048_576;
    pub(crate) const NETWORK_EVENTS: bool = true;
    pub(crate) const CREDENTIALS: &str = "same-origin";
    pub(crate) const MAX_ATTACHMENTS: u32 = 1_000;
    pub(crate) const MAX_ID_DIGITS: u32 = 15;
    pub(crate) const MAX_PACKET_SIZE: usize = 100_000_000;
    pub(crate) const MAX_DEPTH: u32 = 200;
    pub(crate) const PATH: &str = "/socket.io";
    pub(crate) const ENGINE_PATH: &str = "/engine.io";
    pub(crate) const WAIT_TIMEOUT_MS: u64 = 20_000;
    pub(crate) const SIMPLE_WAIT_TIMEOUT_MS: u64 = 5_000;
    pub(crate) const CALL_TIMEOUT_MS: u64 = 60_000;
}

/// Events that cannot be emitted: the protocol, or the servers' own API, reserves their names.
pub(crate) const UNEMITTABLE_EVENTS: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// The groups of listeners that concern no single event, by namespace.
pub(crate) mod groups {
    #![allow(dead_code, reason = "ENDED is for JavaScript alone")]

    pub(crate) const ANY: &str = "(any)";
    pub(crate) const OUTGOING: &str = "(outgoing)";
    pub(crate) const ENDED: &str = "(ended)";
    pub(crate) const CLASS: &str = "(class)";
}

/// The numbers by which the facade calls the core.
#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub(crate) mod boundary {
    #![allow(dead_code, reason = "the core covers some of them by a wildcard")]

    pub(crate) const SEND_BUFFER: u8 = 0;
    pub(crate) const SEND_FAIL: u8 = 1;
    pub(crate) const SEND_VOLATILE: u8 = 2;
    pub(crate) const TRANSPORTS_POLLING: u8 = 0;
    pub(crate) const TRANSPORTS_POLLING_FIRST: u8 = 2;
    pub(crate) const TRANSPORTS_WEBSOCKET: u8 = 1;
    pub(crate) const TRANSPORTS_WEBSOCKET_FIRST: u8 = 3;
    pub(crate) const VERSION_3: u8 = 3;
    pub(crate) const VERSION_4: u8 = 4;
    pub(crate) const VERSION_UNKNOWN: u8 = 0;
}

/// The codes of errors, for which the facade has the messages.
#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub(crate) mod codes {
    #![allow(dead_code, reason = "the facade makes some of these errors itself")]

    pub(crate) const INVALID_URL: &str = "INVALID_URL";
    pub(crate) const INVALID_OPTION: &str = "INVALID_OPTION";
    pub(crate) const UNUSABLE_OPTION: &str = "UNUSABLE_OPTION";
    pub(crate) const INVALID_EVENT: &str = "INVALID_EVENT";
    pub(crate) const INVALID_ENGINE_EVENT: &str = "INVALID_ENGINE_EVENT";
    pub(crate) const NAMELESS_HANDLER: &str = "NAMELESS_HANDLER";
    pub(crate) const INVALID_NAMESPACE: &str = "INVALID_NAMESPACE";
    pub(crate) const INVALID_NAMESPACE_CLASS: &str = "INVALID_NAMESPACE_CLASS";
    pub(crate) const INVALID_HANDLER: &str = "INVALID_HANDLER";
    pub(crate) const UNSERIALIZABLE: &str = "UNSERIALIZABLE";
    pub(crate) const INVALID_DELAY: &str = "INVALID_DELAY";
    pub(crate) const BLOB_UNREADABLE: &str = "BLOB_UNREADABLE";
    pub(crate) const UNSUPPORTED_OPTION: &str = "UNSUPPORTED_OPTION";
    pub(crate) const SERIALIZER_UNAVAILABLE: &str = "SERIALIZER_UNAVAILABLE";
    pub(crate) const MODULE_UNAVAILABLE: &str = "MODULE_UNAVAILABLE";
    pub(crate) const ALREADY_CONNECTED: &str = "ALREADY_CONNECTED";
    pub(crate) const CONNECT_TIMEOUT: &str = "CONNECT_TIMEOUT";
    pub(crate) const REFUSED: &str = "REFUSED";
    pub(crate) const UNREACHABLE: &str = "UNREACHABLE";
    pub(crate) const HTTP_STATUS: &str = "HTTP_STATUS";
    pub(crate) const UNSUPPORTED_VERSION: &str = "UNSUPPORTED_VERSION";
    pub(crate) const ORIGIN_REFUSED: &str = "ORIGIN_REFUSED";
    pub(crate) const SESSION_UNKNOWN: &str = "SESSION_UNKNOWN";
    pub(crate) const NOT_SOCKETIO: &str = "NOT_SOCKETIO";
    pub(crate) const REQUEST_TIMEOUT: &str = "REQUEST_TIMEOUT";
    pub(crate) const PREPARATION_TIMEOUT: &str = "PREPARATION_TIMEOUT";
    pub(crate) const PREPARATION_FAILED: &str = "PREPARATION_FAILED";
    pub(crate) const CONNECT_HANDLER: &str = "CONNECT_HANDLER";
    pub(crate) const SOCKET_CLOSED: &str = "SOCKET_CLOSED";
    pub(crate) const EMPTY_POLLS: &str = "EMPTY_POLLS";
    pub(crate) const OFFLINE: &str = "OFFLINE";
    pub(crate) const SERVER_CLOSED: &str = "SERVER_CLOSED";
    pub(crate) const PING_TIMEOUT: &str = "PING_TIMEOUT";
    pub(crate) const PARSE_ERROR: &str = "PARSE_ERROR";
    pub(crate) const NOT_INITIALIZED: &str = "NOT_INITIALIZED";
    pub(crate) const EVENTS_MISSED: &str = "EVENTS_MISSED";
    pub(crate) const NOT_CONNECTED: &str = "NOT_CONNECTED";
    pub(crate) const CONNECTING: &str = "CONNECTING";
    pub(crate) const DISCONNECTED: &str = "DISCONNECTED";
    pub(crate) const DROPPED: &str = "DROPPED";
    pub(crate) const BUFFER_FULL: &str = "BUFFER_FULL";
    pub(crate) const NOT_SENT: &str = "NOT_SENT";
    pub(crate) const POSSIBLY_LOST: &str = "POSSIBLY_LOST";
    pub(crate) const CONNECTION_ENDED: &str = "CONNECTION_ENDED";
    pub(crate) const BAD_NAMESPACE: &str = "BAD_NAMESPACE";
    pub(crate) const NOT_REGISTERED: &str = "NOT_REGISTERED";
    pub(crate) const RECEIVE_TIMEOUT: &str = "RECEIVE_TIMEOUT";
    pub(crate) const EMIT_TIMEOUT: &str = "EMIT_TIMEOUT";
    pub(crate) const CALL_TIMEOUT: &str = "CALL_TIMEOUT";
    pub(crate) const TOO_MANY_ARGUMENTS: &str = "TOO_MANY_ARGUMENTS";
    pub(crate) const PAYLOAD_TOO_LARGE: &str = "PAYLOAD_TOO_LARGE";
}

/// The faults that a URL can have.
pub(crate) mod url_faults {
    pub(crate) const SYNTAX: &str = "it is not an absolute URL such as http://localhost:3000";
    pub(crate) const SCHEME: &str = "it must begin with http://, https://, ws:// or wss://";
    pub(crate) const PATH: &str =
        "it may have no path: for a namespace list it in `namespace()`, for another server path set `path()`";
    pub(crate) const USER: &str =
        "a user and a password in it cannot be sent here: use `auth()`, or an Authorization header in `headers()`";
    pub(crate) const QUERY: &str = "its query has a name that the protocol uses itself: sid, EIO or transport";
}

/// The faults and messages of the errors that both languages have.
pub(crate) mod errors {
    use crate::client::Fault;
    use core::fmt::{self, Display, Formatter};

    /// An error of the table, with the fields that its message needs.
    pub(crate) enum SharedError<'a> {
        InvalidUrl { url: &'a str, why: &'a str },
        InvalidNamespace { received: &'a str },
        AlreadyConnected,
        NotConnected,
        Connecting,
        Disconnected { reason: &'a str },
        BufferFull { limit: usize },
        EventsMissed { limit: usize },
        NotSent { events: usize, namespace: &'a str },
        PossiblyLost { events: usize, namespace: &'a str },
        BadNamespace { namespace: &'a str },
        ReceiveTimeout { milliseconds: u128 },
        EmitTimeout { milliseconds: u128, event: &'a str },
        CallTimeout { event: &'a str, milliseconds: u128 },
        ConnectTimeout { milliseconds: u128, namespaces: &'a [String] },
        Refused { namespaces: &'a [String], reason: &'a str },
        Unreachable { words: Option<&'a str>, transport: &'a str },
        HttpStatus { status: u16, body: &'a str },
        UnsupportedVersion { status: u16, body: &'a str },
        OriginRefused { status: u16, body: &'a str },
        SessionUnknown { status: u16, body: &'a str },
        NotSocketio { body: &'a str },
        RequestTimeout { transport: &'a str, milliseconds: u128 },
        PreparationTimeout { milliseconds: u128 },
        SocketClosed { close_code: u16, close_reason: &'a str },
        EmptyPolls { polls: u32 },
        Offline,
        ServerClosed,
        PingTimeout { milliseconds: u128 },
        ParseError { what: &'a str, text: &'a str, cause: &'a str },
        PayloadTooLarge { size: usize, limit: usize },
    }

    impl SharedError<'_> {
        /// Says whose doing it is.
        pub(crate) fn fault(&self) -> Fault {
            match self {
                Self::InvalidUrl { .. } => Fault::Misuse,
                Self::InvalidNamespace { .. } => Fault::Misuse,
                Self::AlreadyConnected => Fault::Misuse,
                Self::NotConnected => Fault::Misuse,
                Self::Connecting => Fault::Network,
                Self::Disconnected { reason } => match *reason {
                    "client disconnect" => Fault::None,
                    "server disconnect" => Fault::Peer,
                    _ => Fault::Network,
                },
                Self::BufferFull { .. } => Fault::Misuse,
                Self::EventsMissed { .. } => Fault::Misuse,
                Self::NotSent { .. } => Fault::Network,
                Self::PossiblyLost { .. } => Fault::Network,
                Self::BadNamespace { .. } => Fault::Misuse,
                Self::ReceiveTimeout { .. } => Fault::Network,
                Self::EmitTimeout { .. } => Fault::Network,
                Self::CallTimeout { .. } => Fault::Network,
                Self::ConnectTimeout { .. } => Fault::Network,
                Self::Refused { .. } => Fault::Peer,
                Self::Unreachable { .. } => Fault::Network,
                Self::HttpStatus { .. } => Fault::Peer,
                Self::UnsupportedVersion { .. } => Fault::Peer,
                Self::OriginRefused { .. } => Fault::Peer,
                Self::SessionUnknown { .. } => Fault::Peer,
                Self::NotSocketio { .. } => Fault::Peer,
                Self::RequestTimeout { .. } => Fault::Network,
                Self::PreparationTimeout { .. } => Fault::Network,
                Self::SocketClosed { .. } => Fault::Network,
                Self::EmptyPolls { .. } => Fault::Peer,
                Self::Offline => Fault::Network,
                Self::ServerClosed => Fault::Peer,
                Self::PingTimeout { .. } => Fault::Network,
                Self::ParseError { .. } => Fault::Peer,
                Self::PayloadTooLarge { .. } => Fault::Misuse,
            }
        }
    }

    impl Display for SharedError<'_> {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            match self {
                Self::InvalidUrl { url, why } => write!(f, "invalid URL ({url}): {why}"),
                Self::InvalidNamespace { received } => write!(
                    f,
                    "invalid namespace ({received}): it must begin with \"/\" and contain no \",\", no \"?\", no control characters and no lone surrogates"
                ),
                Self::AlreadyConnected => {
                    write!(f, "already connected or connecting: call disconnect() before another connect()")
                }
                Self::NotConnected => write!(f, "the client is not connected: call connect() first"),
                Self::Connecting => {
                    write!(f, "the connection is being made, or made again: emit later, or let the event be buffered")
                }
                Self::Disconnected { reason } => match *reason {
                    "client disconnect" => {
                        write!(f, "disconnect() or disconnect_namespace() was called before this was done")
                    }
                    "server disconnect" => write!(f, "the server disconnected the namespace before this was done"),
                    _ => write!(f, "the connection was lost before this was done ({reason})"),
                },
                Self::BufferFull { limit } => {
                    write!(f, "{limit} packets already wait to be sent: wait for drain(), or raise `max_buffer()`")
                }
                Self::EventsMissed { limit } => write!(
                    f,
                    "more than {limit} events wait to be read from events(): read them sooner, or raise the limit"
                ),
                Self::NotSent { events, namespace } => match *events {
                    1 => write!(f, "1 event of {namespace} was not sent"),
                    _ => write!(f, "{events} events of {namespace} were not sent"),
                },
                Self::PossiblyLost { events, namespace } => match *events {
                    1 => write!(f, "1 event of {namespace} may be lost: the request that carried it failed"),
                    _ => write!(f, "{events} events of {namespace} may be lost: the request that carried them failed"),
                },
                Self::BadNamespace { namespace } => write!(
                    f,
                    "{namespace} is not a connected namespace: list it in `namespace()` before connecting, or call connect_namespace()"
                ),
                Self::ReceiveTimeout { milliseconds } => write!(f, "no event from the server within {milliseconds} ms"),
                Self::EmitTimeout { milliseconds, event } => {
                    write!(f, "not connected within {milliseconds} ms: {event:?} was not sent")
                }
                Self::CallTimeout { event, milliseconds } => {
                    write!(f, "no answer to {event:?} within {milliseconds} ms")
                }
                Self::ConnectTimeout { milliseconds, namespaces } => write!(
                    f,
                    "not connected within {milliseconds} ms: no answer for {}; raise `wait_timeout()` for a slow server",
                    Listed(namespaces)
                ),
                Self::Refused { namespaces, reason } => {
                    write!(f, "one or more namespaces failed to connect: {}{}", Listed(namespaces), Quoted(reason))
                }
                Self::Unreachable { words, transport } => match *words {
                    None => write!(
                        f,
                        "cannot reach the server over {transport}. The browser does not say why: the server may be down, or CORS may reject this origin."
                    ),
                    _ => write!(f, "cannot reach the server over {transport}{}", Quoted(words.unwrap_or_default())),
                },
                Self::HttpStatus { status, body } => match *status {
                    404 => write!(
                        f,
                        "unexpected status 404 in server response (check the URL and `path()`){}",
                        Quoted(body)
                    ),
                    _ => write!(f, "unexpected status {status} in server response{}", Quoted(body)),
                },
                Self::UnsupportedVersion { status, body } => write!(
                    f,
                    "the server does not speak this revision of the protocol (status {status}); leave out `revision()` to find the right one{}",
                    Quoted(body)
                ),
                Self::OriginRefused { status, body } => {
                    write!(f, "the server refuses this origin (status {status}){}", Quoted(body))
                }
                Self::SessionUnknown { status, body } => write!(
                    f,
                    "the server does not know this session (status {status}): it was restarted, or several servers share the address without sticky sessions{}",
                    Quoted(body)
                ),
                Self::NotSocketio { body } => write!(
                    f,
                    "the server that answered is not a Socket.IO server (check the URL and `path()`){}",
                    Quoted(body)
                ),
                Self::RequestTimeout { transport, milliseconds } => write!(
                    f,
                    "no answer from the server over {transport} within {milliseconds} ms (`request_timeout()`)"
                ),
                Self::PreparationTimeout { milliseconds } => write!(
                    f,
                    "your function for url, headers or auth was not done within {milliseconds} ms (`request_timeout()`)"
                ),
                Self::SocketClosed { close_code, close_reason } => {
                    write!(f, "the websocket was closed (code {close_code}){}", Quoted(close_reason))
                }
                Self::EmptyPolls { polls } => write!(
                    f,
                    "the server answered {polls} polls in a row at once and with nothing: the connection is made again without an upgrade"
                ),
                Self::Offline => write!(f, "the platform is offline (`network_events()`)"),
                Self::ServerClosed => write!(f, "the server closed the connection"),
                Self::PingTimeout { milliseconds } => write!(f, "the server sent nothing for {milliseconds} ms"),
                Self::ParseError { what, text, cause } => {
                    write!(f, "the server broke the protocol: {what}{}{}", Quoted(text), Quoted(cause))
                }
                Self::PayloadTooLarge { size, limit } => write!(
                    f,
                    "a message of {size} bytes is larger than the {limit} bytes that the server accepts: send less at once, or raise the server's limit"
                ),
            }
        }
    }

    /// Names in a row.
    struct Listed<'a>(&'a [String]);

    impl Display for Listed<'_> {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str(&self.0.join(", "))
        }
    }

    /// The number of characters of a peer's own message that are shown: it may be a whole page.
    const SHOWN_CHARACTERS: usize = 200;

    /// A colon and the beginning of a peer's own message; nothing if there is none.
    struct Quoted<'a>(&'a str);

    impl Display for Quoted<'_> {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            match self.0.char_indices().nth(SHOWN_CHARACTERS) {
                _ if self.0.is_empty() => Ok(()),
                Some((end, _)) => write!(f, ": {}…", self.0.get(..end).unwrap_or_default()),
                None => write!(f, ": {}", self.0),
            }
        }
    }
}

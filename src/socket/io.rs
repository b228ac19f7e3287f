//! What goes into a Socket.IO session and what comes out of it.

use crate::engine::{self, Endpoints, TooLarge, TransportError, Transports};
use crate::protocol::{Frame, Header, ProtocolError, ProtocolVersion, Wire};

/// Names one `call`; also the acknowledgement id it uses on the wire. Never given out twice by a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// The acknowledgement that an event asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AckRequest {
    /// That of this [`next_call`](super::Session::next_call).
    pub call: CallId,
    /// Milliseconds to wait for it; `None` waits for ever.
    pub timeout: Option<u64>,
    /// Whether somebody hears of the call's failure. A mere callback does not: a loss of its event is reported, too.
    pub is_awaited: bool,
}

/// Names one `connect`, `connect_namespace` or `disconnect`: the action that settles it bears the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u32);

/// Names one attempt to connect and the connection it may become; what comes late for another is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempt(pub u32);

/// What a packet from the server carries.
#[derive(Debug, Clone, PartialEq)]
pub enum IncomingPayload<W: Wire> {
    /// JSON text, which may be empty, and the attachments its placeholders stand for, in the order of their numbers.
    Json(W::Text, Vec<W::Bytes>),
    /// A value, from a user-supplied parser.
    Value(W::Value),
}

/// A packet from the server, with everything that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet<W: Wire> {
    /// What stands before the payload; a parser's announces no attachments.
    pub header: Header<W::Text>,
    /// What it carries.
    pub payload: IncomingPayload<W>,
}

/// What is sent in one packet.
#[derive(Debug, Clone, PartialEq)]
pub enum OutgoingPayload<W: Wire> {
    /// The JSON and the attachments its placeholders stand for; the session adds the header.
    Json(W::Text, Vec<W::Bytes>),
    /// The whole packet, as a user-supplied parser has written it: one frame or more.
    Encoded(Vec<Frame<W>>),
}

/// What an event handler's answer is sent with. Worth nothing after the connection it came on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Responder {
    pub(super) namespace: u32,
    pub(super) attempt: Attempt,
    pub(super) id: u64,
}

/// What to do with an event that cannot be handed over at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SendMode {
    /// Keep it, in order, until it can be; also over a lost connection.
    #[default]
    Buffer,
    /// Refuse it if the namespace is not connected. It is never sent on a later connection.
    Fail,
    /// Drop it silently. It is never sent on a later connection.
    Volatile,
}

/// Why a command was not carried out: misuse, or a limit.
#[derive(Debug, Clone, PartialEq)]
pub enum CommandError {
    /// There is no connection, and none is being made.
    NotConnected,
    /// `connect` on a client that is connected or connecting.
    AlreadyConnected,
    /// The namespace was never asked for, or was refused.
    BadNamespace,
    /// As many packets are kept as `max_buffer` allows.
    BufferFull(usize),
    /// The server would not take a packet of this size.
    TooLarge(TooLarge),
}

/// Why a `call` got no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum CallError {
    /// Not within its time (milliseconds).
    Timeout(u64),
    /// The connection that carried it has ended, and its acknowledgement with it.
    Disconnected(DisconnectReason),
    /// The namespace it waited for was refused.
    BadNamespace,
    /// Buffered before the server's limit was known, and over it.
    TooLarge(TooLarge),
}

/// Why events were lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// They were never sent, and will not be.
    NotSent,
    /// They were in a request that was not answered: the server may have read them or not.
    Possible,
}

/// Why a namespace was left: the three reasons of python-socketio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisconnectReason {
    /// `disconnect()` was called.
    ClientDisconnect,
    /// The server sent a DISCONNECT packet.
    ServerDisconnect,
    /// The connection was lost.
    TransportError,
}

impl DisconnectReason {
    /// The text handlers are given.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientDisconnect => "client disconnect",
            Self::ServerDisconnect => "server disconnect",
            Self::TransportError => "transport error",
        }
    }
}

/// Why a namespace was left, with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub enum DisconnectCause<W: Wire> {
    /// The user has left.
    Client,
    /// The server sent a DISCONNECT; python-socketio's `always_connect` says in it why it refuses.
    Server(Option<IncomingPayload<W>>),
    /// The connection was lost.
    Lost(TransportError<W>),
}

impl<W: Wire> DisconnectCause<W> {
    /// Which of the three reasons it is.
    pub fn reason(&self) -> DisconnectReason {
        match self {
            Self::Client => DisconnectReason::ClientDisconnect,
            Self::Server(_) => DisconnectReason::ServerDisconnect,
            Self::Lost(_) => DisconnectReason::TransportError,
        }
    }

    /// The finer reason, for `details.cause`.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::Lost(failure) => failure.cause(),
            _ => self.reason().name(),
        }
    }
}

/// Why `connect` did not succeed.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectError<W: Wire> {
    /// The connection could not be made, or a namespace was not answered in time.
    Failed(TransportError<W>),
    /// The server refused these namespaces; what it sent for the first one.
    Refused(Vec<W::Text>, Option<IncomingPayload<W>>),
    /// The server would not take a CONNECT of this size: its auth is too large.
    TooLarge(TooLarge),
    /// `disconnect` was called meanwhile, or the last namespace was left; or the connection was lost for good.
    Disconnected(DisconnectReason),
}

/// What `connect` is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Connect<W: Wire> {
    /// The namespaces to connect, each once; `/` is one like any other.
    pub namespaces: Vec<W::Text>,
    /// Which transports may be used.
    pub transports: Transports,
    /// The version to speak; `None`: that of the server.
    pub version: Option<ProtocolVersion>,
    /// Whether the request is settled when the namespaces are connected, and not when the engine is.
    pub wait: bool,
    /// How many milliseconds the answer to each CONNECT is waited for, also on reconnections.
    pub wait_timeout: u64,
    /// Whether a failure of the first attempt is followed by more, as after a lost connection.
    pub retry: bool,
    /// Whether a namespace that the server refuses is asked for again, too.
    pub retry_refused: bool,
}

/// What the driver reports.
#[derive(Debug, Clone, PartialEq)]
pub enum Input<W: Wire> {
    /// What the host reports of the transports.
    Engine(engine::Input<W>),
    /// The answer to [`Action::Prepare`]: where to connect, and a number in `0.0..1.0` for the jitter of the delay that
    /// follows should this attempt fail.
    Prepared(Attempt, Endpoints<W::Text>, f64),
    /// The other answer to [`Action::Prepare`]: the user's function failed.
    PreparationFailed(Attempt, f64),
    /// The answer to [`Action::Authenticate`]: JSON for the CONNECT packets of these namespaces, if any.
    Authenticated(Attempt, Vec<W::Text>, Option<W::Text>),
    /// The answer if a parser writes packets: the CONNECT of this namespace, and the DISCONNECT that may one day follow.
    ConnectEncoded(Attempt, W::Text, [Vec<Frame<W>>; 2]),
    /// The answer to [`Action::Parse`]: the packets that the frame completes.
    Decoded(Result<Vec<Packet<W>>, ProtocolError>),
    /// The other answer to [`Action::Authenticate`]: the user's function failed.
    AuthenticationFailed(Attempt, Vec<W::Text>),
    /// A payload that was handed on turned out to be malformed; its text, if it is one.
    Malformed(ProtocolError, Option<W::Text>),
    /// The platform is offline: nothing would arrive.
    Offline,
    /// The platform is online again: the next attempt need not wait.
    Online,
}

/// What the driver is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action<W: Wire> {
    /// For the host.
    Engine(engine::Action<W>),
    /// Evaluate url and headers, then report [`Input::Prepared`].
    Prepare(Attempt),
    /// Evaluate auth for these namespaces, then report [`Input::Authenticated`].
    Authenticate(Attempt, Vec<W::Text>),
    /// Have the user-supplied parser read this frame, then report [`Input::Parsed`]. Until then there are no other outputs of
    /// the connection.
    Decode(Frame<W>),
    /// A namespace is connected: the `connect` event.
    Connected(W::Text),
    /// A namespace was refused: the `connect_error` event, with what the server sent.
    Refused(W::Text, Option<IncomingPayload<W>>),
    /// An attempt failed: the `connect_error` event of this namespace.
    AttemptFailed(W::Text, TransportError<W>),
    /// An event came in.
    Event(W::Text, IncomingPayload<W>, Option<Responder>),
    /// A call was answered.
    Acknowledged(CallId, IncomingPayload<W>),
    /// A call will not be answered.
    CallFailed(CallId, CallError),
    /// An event of this namespace that is no call was dropped: larger than the server takes.
    Dropped(W::Text, TooLarge),
    /// So many events of this namespace that are no calls were lost.
    Lost(W::Text, Loss, usize),
    /// Auth was given to a server of V3, whose CONNECT has no place for it.
    AuthUnused,
    /// A namespace was left: the `disconnect` event.
    Disconnected(W::Text, DisconnectCause<W>),
    /// No reconnection will follow: the `disconnectFinal` event.
    DisconnectFinal(W::Text),
    /// The outcome of a `connect` or `connect_namespace`.
    Settled(RequestId, Result<(), ConnectError<W>>),
    /// A `disconnect` is done: so many events were not sent, or may not have been read.
    DisconnectDone(RequestId, usize),
    /// Traffic has moved to a websocket.
    Upgraded,
    /// The session is over, until the next `connect`.
    Ended,
}

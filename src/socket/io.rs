//! What goes into a Socket.IO session and what comes out of it.

use crate::engine::{self, Endpoints, Failure, TooLarge, Transports};
use crate::protocol::{Frame, Header, ProtocolError, Revision, Wire};

/// Names one `call`; also the acknowledgement id it uses on the wire. Never given out twice by a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// Names one attempt to connect and the connection it may become; what comes late for another is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempt(pub u32);

/// What a packet from the server carries.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload<W: Wire> {
    /// JSON text, which may be empty, and the attachments its placeholders stand for, in the order of their numbers.
    Json(W::Text, Vec<W::Bytes>),
    /// A value, from a parser of the user's.
    Value(W::Value),
}

/// A packet from the server, with everything that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet<W: Wire> {
    /// What stands before the payload; a parser's announces no attachments.
    pub header: Header<W::Text>,
    /// What it carries.
    pub payload: Payload<W>,
}

/// What is sent in one packet.
#[derive(Debug, Clone, PartialEq)]
pub enum Content<W: Wire> {
    /// The JSON and the attachments its placeholders stand for; the session adds the header.
    Json(W::Text, Vec<W::Bytes>),
    /// The whole packet, as a parser of the user's has written it: one frame or more.
    Written(Vec<Frame<W>>),
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
pub enum Patience {
    /// Keep it, in order, until it can be.
    #[default]
    Buffer,
    /// Refuse it where the namespace is not connected.
    Refuse,
    /// Drop it silently.
    Volatile,
}

/// Why a command was not carried out: misuse, or a limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
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
pub enum CallFailure {
    /// Not within its time (milliseconds).
    Timeout(u64),
    /// The connection that carried it has ended, and its acknowledgement with it.
    Disconnected(Reason),
    /// The namespace it waited for was refused.
    BadNamespace,
    /// Buffered before the server's limit was known, and over it.
    TooLarge(TooLarge),
}

/// Why a namespace was left: the three reasons of python-socketio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// `disconnect()` was called.
    ClientDisconnect,
    /// The server sent a DISCONNECT packet.
    ServerDisconnect,
    /// The connection was lost.
    TransportError,
}

impl Reason {
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
pub enum Parting<W: Wire> {
    /// The user has left.
    Client,
    /// The server sent a DISCONNECT; python-socketio's `always_connect` says in it why it refuses.
    Server(Option<Payload<W>>),
    /// The connection was lost.
    Lost(Failure<W>),
}

impl<W: Wire> Parting<W> {
    /// Which of the three reasons it is.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Client => Reason::ClientDisconnect,
            Self::Server(_) => Reason::ServerDisconnect,
            Self::Lost(_) => Reason::TransportError,
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
pub enum ConnectFailure<W: Wire> {
    /// The connection could not be made.
    Failed(Failure<W>),
    /// The server refused these namespaces; what it sent for the first one.
    Refused(Vec<W::Text>, Option<Payload<W>>),
    /// These namespaces were not answered for so many milliseconds.
    Timeout(u64, Vec<W::Text>),
    /// `disconnect` was called meanwhile, or the last namespace was left; or the connection was lost for good.
    Disconnected(Reason),
}

/// What `connect` is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Connect<W: Wire> {
    /// The namespaces to connect, each once; `/` is one like any other.
    pub namespaces: Vec<W::Text>,
    /// Which transports may be used.
    pub transports: Transports,
    /// The revision to speak; `None`: that of the server.
    pub revision: Option<Revision>,
    /// Whether to wait for the namespaces, and how many milliseconds for each answer.
    pub wait: Option<u64>,
    /// Whether a failure of the first attempt is followed by more, as after a lost connection.
    pub retry: bool,
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
    /// The answer where a parser writes packets: the CONNECT of this namespace, and the DISCONNECT that may one day follow.
    Written(Attempt, W::Text, [Vec<Frame<W>>; 2]),
    /// The answer to [`Action::Parse`]: the packets that the frame completes.
    Parsed(Result<Vec<Packet<W>>, ProtocolError>),
    /// The other answer to [`Action::Authenticate`]: the user's function failed.
    AuthenticationFailed(Attempt, Vec<W::Text>),
    /// A payload that was handed on turned out to be malformed; its text, where it is one.
    Malformed(ProtocolError, Option<W::Text>),
    /// Time has passed.
    Tick,
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
    /// Have the user's parser read this frame, then report [`Input::Parsed`]. Until then nothing else of the connection is
    /// looked at.
    Parse(Frame<W>),
    /// A namespace is connected: the `connect` event.
    Connected(W::Text),
    /// A namespace was refused: the `connect_error` event, with what the server sent.
    Refused(W::Text, Option<Payload<W>>),
    /// An attempt failed: the `connect_error` event of this namespace.
    AttemptFailed(W::Text, Failure<W>),
    /// An event came in.
    Event(W::Text, Payload<W>, Option<Responder>),
    /// A call was answered.
    Acknowledged(CallId, Payload<W>),
    /// A call will not be answered.
    CallFailed(CallId, CallFailure),
    /// An event without a call was dropped: buffered before the server's limit was known, and over it.
    Dropped(TooLarge),
    /// Auth was given to a server of V3, whose CONNECT has no place for it.
    AuthUnused,
    /// A namespace was left: the `disconnect` event.
    Disconnected(W::Text, Parting<W>),
    /// No reconnection will follow: the `disconnectFinal` event.
    Final(W::Text),
    /// What a pending `connect` or `connect_namespace` (then with its name) came to.
    Settled(Option<W::Text>, Result<(), ConnectFailure<W>>),
    /// Traffic has moved to a websocket.
    Upgraded,
    /// The session is over, until the next `connect`.
    Ended,
}

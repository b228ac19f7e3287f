//! The inputs and outputs of a Socket.IO session.

use super::Status;
use crate::engine::{self, Endpoints, TooLarge, TransportError, Transports};
use crate::protocol::{Frame, Header, ProtocolError, ProtocolVersion, Tail, Wire};

/// Identifies one `call`; also its acknowledgement id on the wire. A session gives out each only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// The acknowledgement that an event asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AckRequest {
    /// The id, from [`next_call`](super::Session::next_call).
    pub call: CallId,
    /// Milliseconds to wait for it; `None` means without limit.
    pub timeout: Option<u64>,
    /// True if the caller receives the call's failure. A mere callback does not: the loss of its event is reported as well.
    pub is_awaited: bool,
}

/// Identifies one `connect`, `connect_namespace` or `disconnect`: the action that settles it has the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u32);

/// Identifies one attempt to connect, and the connection that it may become. Late inputs for another attempt are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempt(pub u32);

/// The payload of a packet from the server.
#[derive(Debug, Clone, PartialEq)]
pub enum IncomingPayload<W: Wire> {
    /// JSON, which may be empty, and the attachments for its placeholders, in the order of their numbers.
    Json(Tail<W::Text>, Vec<W::Bytes>),
    /// A value, from a user-supplied parser.
    Value(W::Value),
}

/// A packet from the server, with its attachments.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet<W: Wire> {
    /// The header. That of a user-supplied parser announces no attachments.
    pub header: Header<W::Text>,
    /// The payload.
    pub payload: IncomingPayload<W>,
}

/// The payload of a packet to the server.
#[derive(Debug, Clone, PartialEq)]
pub enum OutgoingPayload<W: Wire> {
    /// JSON, and the attachments for its placeholders. The session adds the header.
    Json(W::Text, Vec<W::Bytes>),
    /// The whole packet, as a user-supplied parser has encoded it: one frame or more.
    Encoded(Vec<Frame<W>>),
}

/// Addresses the answer to an event. It is void after the connection on which the event came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Responder {
    pub(super) namespace: u32,
    pub(super) attempt: Attempt,
    pub(super) id: u64,
}

/// Decides about an event that cannot be handed over at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SendMode {
    /// It is buffered, in order, until it can be handed over; also across a lost connection.
    #[default]
    Buffer,
    /// It is refused if the namespace is not connected. It is never sent on a later connection.
    Fail,
    /// It is dropped silently, unless the transport takes it at the end of the turn. A full websocket, a POST in flight or a long
    /// queue before it prevents that, as they make socket.io-client's transport not writable. It is never sent on a later
    /// connection.
    Volatile,
}

/// The reason for which a command was not carried out: misuse, or a limit.
#[derive(Debug, Clone, PartialEq)]
pub enum CommandError {
    /// There is no connection, and none is being made.
    NotConnected,
    /// The namespace is not connected at the moment, and its connection is being made, for the first time or again.
    Connecting,
    /// `connect` was called on a client that is connected or connecting.
    AlreadyConnected,
    /// The namespace was never requested, or was refused.
    BadNamespace,
    /// As many packets are buffered as `max_buffer` allows.
    BufferFull(usize),
    /// The server would not accept a packet of this size.
    TooLarge(TooLarge),
}

/// The reason for which a `call` got no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum CallError<W: Wire> {
    /// Its time-out has passed (milliseconds).
    Timeout(u64),
    /// The connection that carried it has ended for this cause, so its acknowledgement cannot come.
    Disconnected(DisconnectCause<W>),
    /// Its namespace was refused.
    BadNamespace,
    /// It was buffered before the server's limit was known, and exceeds it.
    TooLarge(TooLarge),
    /// It was volatile, and the transport did not take it at the end of its turn.
    Dropped,
}

/// The certainty of a loss of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// They were never sent, and will not be.
    NotSent,
    /// They were in a request that was not answered: the server may have read them or not.
    Possible,
}

/// The reason for which a namespace was left: one of the three of python-socketio.
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
    /// Returns the string that handlers receive.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientDisconnect => "client disconnect",
            Self::ServerDisconnect => "server disconnect",
            Self::TransportError => "transport error",
        }
    }
}

/// The reason for which a namespace will not be connected again by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinalReason {
    /// `disconnect()` was called, or the namespace was left.
    ClientDisconnect,
    /// The server has disconnected the namespace, or refused it after a reconnection.
    ServerDisconnect,
    /// The connection was lost, and reconnection is switched off.
    TransportError,
    /// The connection was lost, and the client has given up: all attempts failed, or the delay function ended them.
    ReconnectionFailed,
}

impl FinalReason {
    /// Returns the string that handlers receive.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClientDisconnect => DisconnectReason::ClientDisconnect.name(),
            Self::ServerDisconnect => DisconnectReason::ServerDisconnect.name(),
            Self::TransportError => DisconnectReason::TransportError.name(),
            Self::ReconnectionFailed => "reconnection failed",
        }
    }
}

/// The user's answer to [`Action::AskDelay`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// The delay of the settings.
    Default,
    /// This number of milliseconds, without jitter. It is at least that of the shortest delay.
    Milliseconds(u64),
    /// There is no further attempt.
    Stop,
}

/// The cause for which a namespace was left, with its details.
#[derive(Debug, Clone, PartialEq)]
pub enum DisconnectCause<W: Wire> {
    /// The user has left.
    Client,
    /// The server sent a DISCONNECT. With python-socketio's `always_connect`, it carries the reason for a refusal.
    Server(Option<IncomingPayload<W>>),
    /// The connection was lost.
    Lost(TransportError<W>),
}

impl<W: Wire> DisconnectCause<W> {
    /// Returns the reason.
    pub fn reason(&self) -> DisconnectReason {
        match self {
            Self::Client => DisconnectReason::ClientDisconnect,
            Self::Server(_) => DisconnectReason::ServerDisconnect,
            Self::Lost(_) => DisconnectReason::TransportError,
        }
    }

    /// Returns the reason of the last event of a namespace that is left for this cause.
    pub(super) fn final_reason(&self) -> FinalReason {
        match self {
            Self::Client => FinalReason::ClientDisconnect,
            Self::Server(_) => FinalReason::ServerDisconnect,
            Self::Lost(_) => FinalReason::TransportError,
        }
    }

    /// Returns the cause, for `details.cause`.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::Lost(failure) => failure.cause(),
            _ => self.reason().name(),
        }
    }
}

/// The reason for which `connect` failed.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectError<W: Wire> {
    /// The connection could not be made, or the CONNECT of a namespace was not answered in time.
    Failed(TransportError<W>),
    /// The server refused these namespaces; its data for the first one.
    Refused(Vec<W::Text>, Option<IncomingPayload<W>>),
    /// The server would not accept a CONNECT of this size: the auth is too large.
    TooLarge(TooLarge),
    /// `disconnect` was called meanwhile, or the last namespace was left; or the connection was lost for good.
    Disconnected(DisconnectCause<W>),
}

impl<W: Wire> ConnectError<W> {
    /// Returns the cause of the end of everything else that used the connection.
    pub(super) fn cause_for_others(&self) -> DisconnectCause<W> {
        match self {
            Self::Failed(failure) => DisconnectCause::Lost(failure.clone()),
            Self::Refused(..) => DisconnectCause::Server(None),
            Self::TooLarge(_) => DisconnectCause::Client,
            Self::Disconnected(cause) => cause.clone(),
        }
    }
}

/// The arguments of `connect`.
#[derive(Debug, Clone, PartialEq)]
pub struct Connect<W: Wire> {
    /// The namespaces to connect, each once; `/` is one like any other.
    pub namespaces: Vec<W::Text>,
    /// The transports that may be used.
    pub transports: Transports,
    /// The protocol version; `None`: that of the server.
    pub version: Option<ProtocolVersion>,
    /// True if the request is settled when the namespaces are connected; otherwise when the engine is.
    pub wait: bool,
    /// Milliseconds to wait for the answer to each CONNECT, also on reconnections.
    pub wait_timeout: u64,
    /// True if a failed first attempt is followed by others, as after a lost connection.
    pub retry: bool,
    /// True if a namespace that the server refuses is requested again.
    pub retry_refused: bool,
}

/// A report of the driver.
#[derive(Debug, Clone, PartialEq)]
pub enum Input<W: Wire> {
    /// A report of the host about the transports.
    Engine(engine::Input<W>),
    /// The answer to [`Action::Prepare`]: the URLs, and a number in `0.0..1.0` for the jitter of the delay that follows if this
    /// attempt fails.
    Prepared(Attempt, Endpoints<W::Text>, f64),
    /// The other answer to [`Action::Prepare`]: the user-supplied function failed.
    PreparationFailed(Attempt, f64),
    /// The answer to [`Action::Authenticate`]: JSON for the CONNECT packets of these namespaces, if any.
    Authenticated(Attempt, Vec<W::Text>, Option<W::Text>),
    /// The answer with a user-supplied parser: the encoded CONNECT of this namespace, and the DISCONNECT that may follow later.
    ConnectEncoded(Attempt, W::Text, [Vec<Frame<W>>; 2]),
    /// The answer to [`Action::Decode`]: the packets that the frame completes.
    Decoded(Result<Vec<Packet<W>>, ProtocolError>),
    /// The other answer to [`Action::Authenticate`]: the user-supplied function failed.
    AuthenticationFailed(Attempt, Vec<W::Text>),
    /// A payload that was handed on turned out to be malformed; the payload, if it is a string.
    Malformed(ProtocolError, Option<W::Text>),
    /// The answer to [`Action::AskDelay`].
    Delay(Attempt, Delay),
    /// The platform is offline: nothing would arrive.
    Offline,
    /// The platform is online again: the next attempt need not wait.
    Online,
}

/// A command to the driver.
#[derive(Debug, Clone, PartialEq)]
pub enum Action<W: Wire> {
    /// For the host.
    Engine(engine::Action<W>),
    /// Evaluate url and headers, then report [`Input::Prepared`].
    Prepare(Attempt),
    /// Evaluate auth for these namespaces, then report [`Input::Authenticated`].
    Authenticate(Attempt, Vec<W::Text>),
    /// Let the user-supplied parser decode this frame, then report [`Input::Decoded`]. Until then the connection has no other
    /// outputs.
    Decode(Frame<W>),
    /// A namespace is connected: the `connect` event.
    Connected(W::Text),
    /// A namespace was refused: the `connect_error` event, with the server's data.
    Refused(W::Text, Option<IncomingPayload<W>>),
    /// An attempt failed: the `connect_error` event of this namespace.
    AttemptFailed(W::Text, TransportError<W>),
    /// An event came in.
    Event(W::Text, IncomingPayload<W>, Option<Responder>),
    /// A call was answered.
    Acknowledged(CallId, IncomingPayload<W>),
    /// A call will not be answered.
    CallFailed(CallId, CallError<W>),
    /// An event of this namespace that is not an awaited call was dropped: larger than the server accepts.
    Dropped(W::Text, TooLarge),
    /// So many events of this namespace, without awaited calls, were lost.
    Lost(W::Text, Loss, usize),
    /// Auth was given to a server of V3, whose CONNECT has no place for it.
    AuthUnused,
    /// A namespace was left: the `disconnect` event.
    Disconnected(W::Text, DisconnectCause<W>),
    /// No reconnection will follow: the `disconnectFinal` event.
    DisconnectFinal(W::Text, FinalReason),
    /// Ask the user for the delay before an attempt, whose number in a row is given with the failure before it. Then report
    /// [`Input::Delay`].
    AskDelay(Attempt, u32, TransportError<W>),
    /// The wait for this attempt begins: its number in a row, from 1 on, and the delay in milliseconds.
    ReconnectAttempt(u32, u64),
    /// The connection is back after so many attempts.
    Reconnected(u32),
    /// The client has given up: all attempts failed, or the user has ended them.
    ReconnectFailed,
    /// The state as a user sees it has changed: the new one, and the one before.
    StateChanged(Status, Status),
    /// The outcome of a `connect` or `connect_namespace`.
    Settled(RequestId, Result<(), ConnectError<W>>),
    /// A `disconnect` is done: so many events were not sent, or the server may not have read them.
    DisconnectDone(RequestId, usize),
    /// Traffic has moved to a websocket.
    Upgraded,
    /// The session is over, until the next `connect`.
    Ended,
}

//! The inputs and outputs of an Engine.IO machine.

use super::TransportError;
use crate::protocol::{Body, Frame, Handshake, Message, Wire};

/// Identifies one request or one websocket of a connection. Reports of any other transport are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportId(pub u32);

/// A report of the host.
#[derive(Debug, Clone, PartialEq)]
pub enum Input<W: Wire> {
    /// A websocket is open.
    WebSocketOpened(TransportId),
    /// A frame came on a websocket.
    WebSocketReceived(TransportId, Frame<W>),
    /// The answer to [`Action::MeasureWebSocket`]: so many bytes wait in the websocket, not yet given to the network.
    WebSocketBuffered(TransportId, usize),
    /// A websocket was closed, or could not be opened.
    WebSocketClosed(TransportId, TransportError<W>),
    /// A request was answered: HTTP status and body.
    Responded(TransportId, u16, Body<W>),
    /// A request was not answered, with the platform's message if it has one. The server may have read it.
    RequestFailed(TransportId, Option<W::Text>),
    /// A request failed before one byte of it was sent: the server cannot have read it.
    RequestUnsent(TransportId, Option<W::Text>),
}

/// A command to the host.
#[derive(Debug, Clone, PartialEq)]
pub enum Action<W: Wire> {
    /// Open a websocket to this URL.
    OpenWebSocket(TransportId, W::Text),
    /// Send these frames, in one write if the platform can.
    SendFrames(TransportId, Vec<Frame<W>>),
    /// Report [`Input::WebSocketBuffered`].
    MeasureWebSocket(TransportId),
    /// Send the frames that were handed over, then close the websocket. Later reports of it are ignored.
    CloseWebSocket(TransportId),
    /// GET this URL.
    Get(TransportId, W::Text),
    /// POST this body to this URL.
    Post(TransportId, W::Text, Body<W>),
    /// POST this body to this URL, and ignore the answer: it ends a session.
    PostLast(W::Text, Body<W>),
    /// Abort a request. Later reports of it are ignored.
    Abort(TransportId),
}

/// A report to the layer above. `T` is the tag that it has put on its messages.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<W: Wire, T> {
    /// The handshake is done: messages flow.
    Opened(Handshake<W::Text>),
    /// A message came.
    Message(Message<W>),
    /// Traffic has moved from polling to websocket.
    Upgraded,
    /// A message was dropped before it was sent: larger than the server takes.
    TooLarge(T, TooLarge),
    /// These messages were in a request that was not answered: the server may have read them or not.
    PossiblyLost(Vec<T>),
    /// The connection has ended: by a failure, or by a command (`None`).
    Closed(Option<TransportError<W>>),
}

/// An action or an event, in the order in which they arose.
#[derive(Debug, Clone, PartialEq)]
pub enum Output<W: Wire, T> {
    /// For the host.
    Action(Action<W>),
    /// For the layer above.
    Event(Event<W, T>),
}

/// A message exceeds the server's `maxPayload`. Sizes are in bytes, in the form in which the transport would carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// The size of the message.
    pub size: usize,
    /// The limit of the server.
    pub limit: usize,
}

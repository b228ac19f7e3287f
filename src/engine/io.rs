//! What goes into an Engine.IO machine and what comes out of it.

use super::TransportError;
use crate::protocol::{Frame, Handshake, Wire};

/// Names one request or one websocket, for as long as its connection lasts. Reports of any other transport are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportId(pub u32);

/// What the host reports.
#[derive(Debug, Clone, PartialEq)]
pub enum Input<W: Wire> {
    /// A websocket is open.
    WebSocketOpened(TransportId),
    /// A websocket carried a frame.
    WebSocketReceived(TransportId, Frame<W>),
    /// Answers [`Action::MeasureWebSocket`]: so many bytes wait in the websocket, not yet given to the network.
    WebSocketBuffered(TransportId, usize),
    /// A websocket is closed, or could not be opened.
    WebSocketClosed(TransportId, TransportError<W>),
    /// A request was answered: HTTP status and body.
    Responded(TransportId, u16, W::Text),
    /// A request was not answered, with the platform's message if it has one. The server may have read it.
    RequestFailed(TransportId, Option<W::Text>),
    /// The same, but not one byte of the request was sent: the server cannot have read it.
    RequestUnsent(TransportId, Option<W::Text>),
}

/// What the host is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Action<W: Wire> {
    /// Open a websocket to this URL.
    OpenWebSocket(TransportId, W::Text),
    /// Send these frames, in one write if the platform can.
    SendFrames(TransportId, Vec<Frame<W>>),
    /// Report [`Input::WebSocketBuffered`].
    MeasureWebSocket(TransportId),
    /// Send what was handed over, then close; nothing more is expected of it.
    CloseWebSocket(TransportId),
    /// GET this URL.
    Get(TransportId, W::Text),
    /// POST this body to this URL.
    Post(TransportId, W::Text, W::Text),
    /// POST this body to this URL, and forget it: it ends a session, and nobody waits for its answer.
    PostLast(W::Text, W::Text),
    /// Abort a request; nothing more is expected of it.
    Abort(TransportId),
}

/// What the layer above learns. `T` is the tag it put on what it sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<W: Wire, T> {
    /// The handshake is done: messages flow.
    Opened(Handshake<W::Text>),
    /// A message came.
    Message(Frame<W>),
    /// Traffic has moved from polling to websocket.
    Upgraded,
    /// A message was dropped before it was sent: larger than the server takes.
    TooLarge(T, TooLarge),
    /// These messages were in a request that was not answered, so the server may not have read them.
    PossiblyLost(Vec<T>),
    /// The connection has ended: by a failure, or by `close` (`None`).
    Closed(Option<TransportError<W>>),
}

/// Either of the two, in the order in which they came about.
#[derive(Debug, Clone, PartialEq)]
pub enum Output<W: Wire, T> {
    /// For the host.
    Action(Action<W>),
    /// For the layer above.
    Event(Event<W, T>),
}

/// A message over the server's `maxPayload`. Sizes are in bytes, as the transport would carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// What the message takes.
    pub size: usize,
    /// What the server takes.
    pub limit: usize,
}

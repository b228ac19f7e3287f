//! Engine.IO packets.

use super::{Bytes, ProtocolError, ProtocolVersion, Tail, Text, Wire};

/// One frame of a transport: a websocket frame, or one packet of a polling payload.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame<W: Wire> {
    /// Text: a packet type and its data.
    Text(W::Text),
    /// Binary: always the data of a message, without a type.
    Bytes(W::Bytes),
}

/// The data of a message that has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Message<W: Wire> {
    /// The rest of a text frame, behind the type.
    Text(Tail<W::Text>),
    /// A binary frame.
    Bytes(W::Bytes),
}

impl<W: Wire> Message<W> {
    /// Its length: code units of a string, or bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// Returns true if it is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The data as a string or bytes of its own.
    pub fn into_frame(self) -> Frame<W> {
        match self {
            Self::Text(text) => Frame::Text(text.into_text()),
            Self::Bytes(bytes) => Frame::Bytes(bytes),
        }
    }
}

impl<W: Wire> From<Frame<W>> for Message<W> {
    fn from(frame: Frame<W>) -> Self {
        match frame {
            Frame::Text(text) => Self::Text(text.into()),
            Frame::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

/// The digit of a message.
pub(super) const MESSAGE: u64 = 4;

/// An Engine.IO packet as a client receives it.
#[derive(Debug, Clone, PartialEq)]
pub enum EnginePacket<W: Wire> {
    /// `0`: the handshake, as JSON.
    Open(W::Text),
    /// `1`: the server closes the session.
    Close,
    /// `2`: a heartbeat with its data, which the pong repeats. In V3 the client sends it.
    Ping(W::Text),
    /// `3`: the answer to a heartbeat; `3probe` while a websocket is tried.
    Pong(W::Text),
    /// `4`, or a binary frame: data of the layer above.
    Message(Message<W>),
    /// `5`: only a client sends it.
    Upgrade,
    /// `6`: carries nothing; releases a hanging poll.
    Noop,
}

impl<W: Wire> EnginePacket<W> {
    /// Reads a frame of a websocket.
    pub fn read(frame: &Frame<W>, version: ProtocolVersion) -> Result<Self, ProtocolError> {
        match frame {
            Frame::Bytes(bytes) => version.unwrap(bytes).map(|bytes| Self::Message(Message::Bytes(bytes))),
            Frame::Text(text) => Self::read_text(text),
        }
    }

    /// Reads one packet of a polling payload. There, binary data is `b` and base64; in V3 the digit of a message stands between them.
    pub fn read_polling(text: &W::Text, version: ProtocolVersion) -> Result<Self, ProtocolError> {
        if text.code_unit_at(0) != Some(u16::from(b'b')) {
            return Self::read_text(text);
        }
        let base64_at = match (version, text.code_unit_at(1)) {
            (ProtocolVersion::V4, _) => 1,
            (ProtocolVersion::V3, Some(0x34)) => 2,
            (ProtocolVersion::V3, other) => return Err(ProtocolError::UnknownEngineType(other.unwrap_or(0))),
        };
        let bytes = W::Bytes::from_base64(&text.slice_from(base64_at));
        bytes.map(|bytes| Self::Message(Message::Bytes(bytes))).ok_or(ProtocolError::BadBase64)
    }

    fn read_text(text: &W::Text) -> Result<Self, ProtocolError> {
        let unit = text.code_unit_at(0).ok_or(ProtocolError::EmptyPacket)?;
        let data = || text.slice_from(1);
        match u8::try_from(unit) {
            Ok(b'4') => Ok(Self::Message(Message::Text(Tail { text: text.clone(), from: 1 }))),
            Ok(b'0') => Ok(Self::Open(data())),
            Ok(b'1') => Ok(Self::Close),
            Ok(b'2') => Ok(Self::Ping(data())),
            Ok(b'3') => Ok(Self::Pong(data())),
            Ok(b'5') => Ok(Self::Upgrade),
            Ok(b'6') => Ok(Self::Noop),
            _ => Err(ProtocolError::UnknownEngineType(unit)),
        }
    }

    /// Returns the frame that carries this packet. For a websocket in V3, it is still to be [wrapped](ProtocolVersion::wrap).
    pub fn frame(self) -> Frame<W> {
        let none = || W::Text::from_ascii("");
        let (digit, data) = match self {
            Self::Message(Message::Bytes(bytes)) => return Frame::Bytes(bytes),
            Self::Open(json) => (0, json),
            Self::Close => (1, none()),
            Self::Ping(data) => (2, data),
            Self::Pong(data) => (3, data),
            Self::Message(Message::Text(data)) => (MESSAGE, data.into_text()),
            Self::Upgrade => (5, none()),
            Self::Noop => (6, none()),
        };
        Frame::Text(data.prefixed_with(digit))
    }
}

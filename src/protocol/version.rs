//! The versions of the protocol, and their differences on the wire.

use super::reader::Reader;
use super::{Body, Bytes, Frame, ProtocolError, Text, Wire, binary_payload};

/// A version of Engine.IO, with the version of Socket.IO that it carries.
///
/// | | V3 | V4 |
/// |---|---|---|
/// | spoken by | Socket.IO 1.x and 2.x, python-socketio 4.x | Socket.IO 3 and later, python-socketio 5 |
/// | Socket.IO version | 3 and 4, which do not differ in anything used here | 5 |
/// | packets in a polling payload | `<length>:<packet>` | joined by `\x1e` |
/// | binary data there | `b4` and base64 | `b` and base64 |
/// | binary data in a websocket frame | behind a type byte, 4 | as it is |
/// | pings are sent by | the client | the server |
/// | namespace `/` | connected by the server by itself | requested like any other |
/// | CONNECT | carries nothing, in both directions | carries auth, and is answered with a session id |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolVersion {
    /// Engine.IO 3.
    V3,
    /// Engine.IO 4.
    V4,
}

/// The type byte of a message, before binary data.
pub(super) const MESSAGE: u8 = 4;

// These methods belong to the wire; a user only chooses a version.
#[doc(hidden)]
impl ProtocolVersion {
    /// Returns the value of `EIO` in a URL.
    pub fn number(self) -> &'static str {
        match self {
            Self::V3 => "3",
            Self::V4 => "4",
        }
    }

    /// Returns the other version.
    pub fn other(self) -> Self {
        match self {
            Self::V3 => Self::V4,
            Self::V4 => Self::V3,
        }
    }

    /// Returns the version in which a server has written the payload with its OPEN packet, whichever version was requested.
    pub fn of_payload<W: Wire>(payload: &Body<W>) -> Self {
        let is_v3 = match payload {
            Body::Text(text) => read_length(text, 0).is_some(),
            Body::Bytes(bytes) => binary_payload::is_begun(bytes),
        };
        if is_v3 { Self::V3 } else { Self::V4 }
    }

    /// Takes the binary data of a message out of a websocket frame.
    pub(super) fn unwrap<B: Bytes>(self, frame: &B) -> Result<B, ProtocolError> {
        match self {
            Self::V4 => Ok(frame.clone()),
            Self::V3 => match frame.split_first() {
                Some((MESSAGE, bytes)) => Ok(bytes),
                Some((other, _)) => Err(ProtocolError::UnknownEngineType(other.into())),
                None => Err(ProtocolError::EmptyPacket),
            },
        }
    }

    /// Puts the binary data of messages into websocket frames.
    pub fn wrap<W: Wire>(self, frames: &mut [Frame<W>]) {
        if matches!(self, Self::V4) {
            return;
        }
        for frame in frames {
            if let Frame::Bytes(bytes) = frame {
                *bytes = bytes.prefixed_with(MESSAGE);
            }
        }
    }

    /// Returns the size of `frame` on a websocket, in bytes.
    pub fn size<W: Wire>(self, frame: &Frame<W>) -> usize {
        match (self, frame) {
            (_, Frame::Text(text)) => text.utf8_len(),
            (Self::V3, Frame::Bytes(bytes)) => bytes.len().saturating_add(1),
            (Self::V4, Frame::Bytes(bytes)) => bytes.len(),
        }
    }

    /// Returns the size of `frame` in a polling payload, in bytes and without a separator. In V3 that is the larger of its two
    /// forms, because hosts post strings beyond ASCII in the binary form: `0`, the digits of the length, 255, the packet.
    pub fn polling_size<W: Wire>(self, frame: &Frame<W>) -> usize {
        self.polling_size_of(match frame {
            Frame::Text(text) => text.utf8_len(),
            Frame::Bytes(bytes) => self.base64_size(bytes.len()),
        })
    }

    /// Returns an upper bound of the same without reading the units of a string: each takes three bytes at most.
    pub(super) fn max_polling_size<W: Wire>(self, frame: &Frame<W>) -> usize {
        self.polling_size_of(match frame {
            Frame::Text(text) => text.len().saturating_mul(3),
            Frame::Bytes(bytes) => self.base64_size(bytes.len()),
        })
    }

    fn polling_size_of(self, size: usize) -> usize {
        match self {
            Self::V4 => size,
            Self::V3 => {
                let digits = size.checked_ilog10().unwrap_or(0) as usize + 1;
                size.saturating_add(digits).saturating_add(2)
            }
        }
    }

    fn base64_size(self, bytes: usize) -> usize {
        bytes.div_ceil(3).saturating_mul(4).saturating_add(self.binary_prefix().len())
    }

    /// Returns the prefix of base64 data in a polling payload.
    pub(super) fn binary_prefix(self) -> &'static str {
        match self {
            Self::V3 => "b4",
            Self::V4 => "b",
        }
    }

    /// Writes `frame` for a polling payload; `prefix` is [`binary_prefix`](Self::binary_prefix) as a string of the wire.
    pub(super) fn polling_packet<W: Wire>(self, frame: Frame<W>, prefix: &W::Text) -> W::Text {
        let packet = match frame {
            Frame::Text(text) => text,
            Frame::Bytes(bytes) => bytes.to_base64(prefix),
        };
        match self {
            Self::V4 => packet,
            Self::V3 => W::Text::from_ascii(":").concat(&packet).prefixed_with(packet.utf16_len() as u64),
        }
    }
}

/// Reads `<digits>:` at `from`. Returns the number, and the position behind the colon.
pub(super) fn read_length<T: Text>(payload: &T, from: usize) -> Option<(usize, usize)> {
    let mut header = Reader::new(payload, from);
    let length = header.read_number(9, ProtocolError::BadLength).ok()??;
    header.skip(b':').then_some((usize::try_from(length).ok()?, header.at()))
}

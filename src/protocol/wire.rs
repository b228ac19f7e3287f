//! The values of which a packet is made, on either side of the JS boundary.
//!
//! The machines never look into a payload, so they need not own it. In wasm a string stays in JS, and bytes stay a
//! `Uint8Array`; in native tests they are `String` and `Vec<u8>`.

use core::fmt::Debug;

/// A platform's representation of the values that cross the wire.
pub trait Wire: Sized + Clone + Debug + PartialEq + 'static {
    /// A string: a text frame or a part of one.
    type Text: Text;
    /// A binary frame.
    type Bytes: Bytes<Text = Self::Text>;
    /// A value, if a user-supplied parser writes and reads packets in place of JSON.
    type Value: Clone + Debug + PartialEq + 'static;

    /// Reads the JSON of an Engine.IO OPEN packet; `None` if it is not a handshake.
    fn read_handshake(json: &Self::Text) -> Option<Handshake<Self::Text>>;

    /// Reads `sid` from the JSON of a Socket.IO CONNECT packet; `None` if there is none.
    fn read_sid(json: &Self::Text) -> Option<Self::Text>;

    /// Reads `sid` from the value of a CONNECT packet.
    fn sid_of(value: &Self::Value) -> Option<Self::Text>;
}

/// A string that can be read one code unit at a time, sliced, joined and measured without being copied.
///
/// Positions are counted in the string's own code units (UTF-16 in JS, bytes in a `String`). A position is always that of an
/// ASCII unit, or the end.
pub trait Text: Clone + PartialEq + Debug + 'static {
    /// Creates a string from ASCII characters.
    fn from_ascii(text: &str) -> Self;
    /// Returns this string behind the decimal digits of `number`.
    fn prefixed_with(&self, number: u64) -> Self;
    /// Returns this string, followed by `other`.
    fn concat(&self, other: &Self) -> Self;
    /// Joins strings, with an ASCII separator between them.
    fn join(texts: Vec<Self>, separator: &str) -> Self;
    /// Returns the length in code units.
    fn len(&self) -> usize;
    /// Returns whether there is no code unit.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Returns the code unit at `position`, or `None` past the end.
    fn code_unit_at(&self, position: usize) -> Option<u16>;
    /// Returns the four code units from `position` on, the first in the lowest byte: 255 for one beyond ASCII, or past the end.
    fn peek(&self, position: usize) -> u32;
    /// Finds the ASCII character `wanted`, at `from` or later.
    fn find(&self, wanted: u8, from: usize) -> Option<usize>;
    /// Returns the part from `from` up to `to`, clamped to the string.
    fn slice(&self, from: usize, to: usize) -> Self;
    /// Returns the part from `from` to the end.
    fn slice_from(&self, from: usize) -> Self;
    /// Returns whether this string contains the ASCII string `wanted`.
    fn contains(&self, wanted: &str) -> bool;
    /// Encodes this string for the query of a URL; `None` if it cannot be encoded (a lone surrogate).
    fn percent_encoded(&self) -> Option<Self>;
    /// Returns the length in UTF-16 units.
    fn utf16_len(&self) -> usize;
    /// Returns the position that is so many UTF-16 units after `from`; `None` if there are fewer.
    fn after_utf16(&self, from: usize, units: usize) -> Option<usize>;
    /// Returns the length in UTF-8 bytes.
    fn utf8_len(&self) -> usize;
    /// Returns whether the UTF-8 length is at most `limit`. Measures only if the number of units does not show it.
    fn fits(&self, limit: usize) -> bool {
        // A UTF-16 unit takes one to three bytes of UTF-8.
        self.len().saturating_mul(3) <= limit || (self.len() <= limit && self.utf8_len() <= limit)
    }
}

/// Binary data as the platform holds it.
pub trait Bytes: Clone + PartialEq + Debug + 'static {
    /// The string type of the same wire.
    type Text: Text;
    /// Returns the length in bytes.
    fn len(&self) -> usize;
    /// Returns whether there is no byte.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Copies bytes of Rust.
    fn from_slice(bytes: &[u8]) -> Self;
    /// Returns the UTF-8 bytes of a string.
    fn from_text(text: &Self::Text) -> Self;
    /// Reads these bytes as UTF-8. Each sequence that is no character becomes U+FFFD.
    fn to_text(&self) -> Self::Text;
    /// Returns the byte at `position`, or `None` past the end.
    fn byte_at(&self, position: usize) -> Option<u8>;
    /// Returns the bytes from `from` up to `to`, clamped, which may share their memory with these.
    fn slice(&self, from: usize, to: usize) -> Self;
    /// Concatenates all parts.
    fn join(parts: Vec<Self>) -> Self;
    /// Splits off the first byte.
    fn split_first(&self) -> Option<(u8, Self)>;
    /// Returns these bytes behind one more.
    fn prefixed_with(&self, first: u8) -> Self;
    /// Encodes the bytes as base64 behind `prefix`, in the standard alphabet and padded.
    fn to_base64(&self, prefix: &Self::Text) -> Self::Text;
    /// Decodes base64; `None` if `text` is not base64.
    fn from_base64(text: &Self::Text) -> Option<Self>;
}

/// The content of a server's OPEN packet. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Handshake<T> {
    /// The Engine.IO session id.
    pub sid: T,
    /// True if `upgrades` names websocket.
    pub upgrades_to_websocket: bool,
    /// The time between two pings. The server sends them, in V3 the client.
    pub ping_interval: u64,
    /// The time that the pinging side waits for an answer.
    pub ping_timeout: u64,
    /// The most bytes that the server accepts in one payload or frame; `None` if it does not say.
    pub max_payload: Option<usize>,
}

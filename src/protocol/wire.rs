//! The values a packet is made of, whichever side of the JS boundary they live on.
//!
//! The machines never look into a payload, so they need not own it: in wasm a text stays a JS string and bytes stay a
//! `Uint8Array`; in native tests they are `String` and `Vec<u8>`.

use core::fmt::Debug;

/// A platform's representation of what crosses the wire.
pub trait Wire: Sized + Clone + Debug + PartialEq + 'static {
    /// A text frame or a part of one.
    type Text: Text;
    /// A binary frame.
    type Bytes: Bytes<Text = Self::Text>;
    /// A value, where packets are written and read by a parser of the user's, and not as JSON.
    type Value: Clone + Debug + PartialEq + 'static;

    /// Reads the JSON of an Engine.IO OPEN packet; `None` where it is not a handshake.
    fn read_handshake(json: &Self::Text) -> Option<Handshake<Self::Text>>;

    /// Reads `sid` from the JSON of a Socket.IO CONNECT packet; `None` where there is none.
    fn read_sid(json: &Self::Text) -> Option<Self::Text>;

    /// Reads `sid` from the value of such a packet.
    fn sid_of(value: &Self::Value) -> Option<Self::Text>;
}

/// A text that can be read one code unit at a time, sliced, joined and measured without being copied.
///
/// Positions are counted in the text's own code units (UTF-16 in JS, bytes in a `String`): a position is only ever one
/// at which an ASCII unit was found, or the end.
pub trait Text: Clone + PartialEq + Debug + 'static {
    /// A text from ASCII characters.
    fn from_ascii(text: &str) -> Self;
    /// This text behind the decimal digits of `number`.
    fn prefixed_with(&self, number: u64) -> Self;
    /// This text and then `other`.
    fn concat(&self, other: &Self) -> Self;
    /// One text of many, with an ASCII separator between them.
    fn join(texts: Vec<Self>, separator: &str) -> Self;
    /// Length in code units.
    fn len(&self) -> usize;
    /// Whether there is no code unit.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The code unit at `position`, or `None` past the end.
    fn code_unit_at(&self, position: usize) -> Option<u16>;
    /// The four code units from `position` on, the first in the lowest byte: 255 for one beyond ASCII, or past the end.
    fn peek(&self, position: usize) -> u32;
    /// Where the ASCII character `wanted` next stands, at `from` or after.
    fn find(&self, wanted: u8, from: usize) -> Option<usize>;
    /// The part from `from` up to `to`, clamped to the text.
    fn slice(&self, from: usize, to: usize) -> Self;
    /// The part from `from` to the end.
    fn slice_from(&self, from: usize) -> Self;
    /// Whether the ASCII text `wanted` stands anywhere in this one.
    fn contains(&self, wanted: &str) -> bool;
    /// This text as a part of a URL's query; `None` if it cannot be written in one (a lone surrogate).
    fn percent_encoded(&self) -> Option<Self>;
    /// Length in UTF-16 units.
    fn utf16_len(&self) -> usize;
    /// Where so many UTF-16 units after `from` are over; `None` where there are not so many.
    fn after_utf16(&self, from: usize, units: usize) -> Option<usize>;
    /// Length in UTF-8 bytes.
    fn utf8_len(&self) -> usize;
    /// Whether the UTF-8 length is at most `limit`; measures only where the number of units does not tell.
    fn fits(&self, limit: usize) -> bool {
        // A UTF-16 unit takes one to three bytes of UTF-8.
        self.len().saturating_mul(3) <= limit || (self.len() <= limit && self.utf8_len() <= limit)
    }
}

/// Binary data as the platform holds it.
pub trait Bytes: Clone + PartialEq + Debug + 'static {
    /// The text type of the same wire.
    type Text: Text;
    /// Length in bytes.
    fn len(&self) -> usize;
    /// Whether there is no byte.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The first byte, and the others.
    fn split_first(&self) -> Option<(u8, Self)>;
    /// These bytes, behind one more.
    fn prefixed_with(&self, first: u8) -> Self;
    /// Standard alphabet, padded, behind `prefix`.
    fn to_base64(&self, prefix: &Self::Text) -> Self::Text;
    /// `None` where `text` is not base64.
    fn from_base64(text: &Self::Text) -> Option<Self>;
}

/// What a server says in its OPEN packet. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Handshake<T> {
    /// The Engine.IO session id.
    pub sid: T,
    /// Whether `upgrades` names websocket.
    pub upgrades_to_websocket: bool,
    /// Between two pings: of the server, or in V3 of the client.
    pub ping_interval: u64,
    /// How long the one that pings waits for an answer.
    pub ping_timeout: u64,
    /// The most bytes the server takes in one payload or frame; `None` where it does not say.
    pub max_payload: Option<usize>,
}

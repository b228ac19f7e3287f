//! Packets in other formats than the default one, JSON with attachments: what [`ClientBuilder::serializer`](super::ClientBuilder::serializer) takes.
//!
//! | serializer | cargo feature | servers |
//! |---|---|---|
//! | `MessagePack` | `msgpack` | `socket.io-msgpack-parser` of npm, python-socketio's `serializer="msgpack"` |
//! | `Cbor` | `cbor` | python-socketio with a `Packet` class of cbor2 |
//! | `Pickle` | `pickle` | python-socketio with a `Packet` class of pickle; plain data alone |
//! | any [`Serializer`] of yours | none | those that speak the same |

#[cfg(feature = "cbor")]
mod cbor;
#[cfg(feature = "msgpack")]
mod msgpack;
#[cfg(any(feature = "cbor", feature = "msgpack", feature = "pickle"))]
mod packets;
#[cfg(feature = "pickle")]
mod pickle;
#[cfg(feature = "pickle")]
mod pickle_guard;
mod value;

#[cfg(feature = "cbor")]
pub use cbor::Cbor;
#[cfg(feature = "msgpack")]
pub use msgpack::MessagePack;
#[cfg(feature = "pickle")]
pub use pickle::Pickle;
pub use value::Value;

use super::message::Message;
pub use crate::protocol::Kind;

/// A packet of Socket.IO.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// Its type, whose number is `kind as u8`.
    pub kind: Kind,
    /// The namespace.
    pub namespace: String,
    /// The acknowledgement asked for (event) or given (ack).
    pub id: Option<u64>,
    /// An event's name and arguments, an acknowledgement's values, both in a list; what the others carry.
    pub data: Option<Value>,
}

/// Why something cannot be written or read, in words.
pub type Failure = Box<dyn core::error::Error>;

/// Writes and reads packets: each as one text or binary frame, or several that follow each other.
pub trait Serializer: 'static {
    /// The frames of a packet; none would be sent as an empty text.
    ///
    /// # Errors
    /// Whatever this gives is [`Error::Unserializable`](super::Error::Unserializable) to whoever emits.
    fn encode(&self, packet: &Packet) -> Result<Vec<Message>, Failure>;

    /// The packets that a frame completes; none, where it is a part of one.
    ///
    /// # Errors
    /// Whatever this gives ends the connection, as [`Error::Protocol`](super::Error::Protocol).
    fn decode(&self, frame: Message) -> Result<Vec<Packet>, Failure>;

    /// Forgets the parts of a packet: a new connection begins.
    fn reset(&self) {}
}

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
pub use crate::protocol::PacketType;

/// A packet of Socket.IO.
///
/// ```no_run
/// use socketio_wasm::serializers::{PacketType, Packet, Value};
///
/// let packet = Packet {
///     kind: PacketType::Event,
///     namespace: "/chat".into(),
///     id: None,
///     data: Some(Value::List(vec![Value::Text("message".into()), Value::Int(7)])),
/// };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// Its type, whose number is `kind as u8`.
    pub kind: PacketType,
    /// The namespace.
    pub namespace: String,
    /// The acknowledgement asked for (event) or given (ack).
    pub id: Option<u64>,
    /// An event's name and arguments, an acknowledgement's values, both in a list; what the others carry.
    pub data: Option<Value>,
}

/// Why something cannot be written or read, in words.
pub type SerializerError = Box<dyn core::error::Error>;

/// Writes and reads packets: each as one text or binary frame, or several that follow each other.
///
/// ```no_run
/// # #[cfg(feature = "msgpack")]
/// # mod example {
/// use socketio_wasm::serializers::{SerializerError, MessagePack, Packet, Serializer};
/// use socketio_wasm::{Client, Message};
///
/// /// MessagePack, each byte of which is turned round.
/// struct Obscured(MessagePack);
///
/// fn turned(bytes: Vec<u8>) -> Message {
///     Message::Bytes(bytes.into_iter().map(|byte| !byte).collect())
/// }
///
/// impl Serializer for Obscured {
///     fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError> {
///         let frames = self.0.encode(packet)?;
///         Ok(frames.into_iter().map(|frame| if let Message::Bytes(bytes) = frame { turned(bytes) } else { frame }).collect())
///     }
///
///     fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError> {
///         let Message::Bytes(bytes) = frame else { return Err("a text".into()) };
///         self.0.decode(turned(bytes))
///     }
///
///     fn reset(&self) {} // nothing is kept from one frame to the next
/// }
///
/// # fn example() {
/// let builder = Client::builder("http://localhost:3000").serializer(Obscured(MessagePack));
/// # }
/// # }
/// ```
pub trait Serializer: 'static {
    /// The frames of a packet; none would be sent as an empty text.
    ///
    /// # Errors
    /// Whatever this gives is [`Error::Unserializable`](super::Error::Unserializable) to whoever emits.
    fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError>;

    /// The packets that a frame completes; none, where it is a part of one.
    ///
    /// # Errors
    /// Whatever this gives ends the connection, as [`Error::Protocol`](super::Error::Protocol).
    fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError>;

    /// Forgets the parts of a packet: a new connection begins.
    fn reset(&self) {}
}

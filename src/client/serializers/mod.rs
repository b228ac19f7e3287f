//! Serializers: formats of packets in place of the default one, JSON with attachments. Pass one to
//! [`ClientBuilder::serializer`](super::ClientBuilder::serializer).
//!
//! | serializer | cargo feature | servers |
//! |---|---|---|
//! | `MessagePack` | `msgpack` | `socket.io-msgpack-parser` of npm, python-socketio's `serializer="msgpack"` |
//! | `Cbor` | `cbor` | python-socketio with a `Packet` class of cbor2 |
//! | `Pickle` | `pickle` | python-socketio with a `Packet` class of pickle; plain data alone |
//! | your own [`Serializer`] | none | those that use the same format |

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
mod value_access;

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
/// use socketio_wasm::serializers::{Packet, PacketType, Value};
///
/// fn example() {
///     let packet = Packet {
///         kind: PacketType::Event,
///         namespace: "/chat".into(),
///         id: None,
///         data: Some(Value::List(vec![Value::Text("message".into()), Value::Int(7)])),
///     };
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// Its type, whose number is `kind as u8`.
    pub kind: PacketType,
    /// The namespace.
    pub namespace: String,
    /// The ack id: of the acknowledgement that an event asks for, or that an ack gives.
    pub id: Option<u64>,
    /// A list with an event's name and arguments, or with an acknowledgement's values. For other types, any value.
    pub data: Option<Value>,
}

/// The error of a packet that cannot be written, or of a frame that cannot be read.
pub type SerializerError = Box<dyn core::error::Error>;

/// Writes and reads packets. A packet is one frame, a string or binary data, or several consecutive frames.
///
/// ```no_run
/// use socketio_wasm::serializers::{Packet, Serializer, SerializerError};
/// use socketio_wasm::{Client, ClientBuilder, Message};
///
/// /// Another format, such as `MessagePack`, with all bits inverted.
/// struct Obscured<S>(S);
///
/// impl<S: Serializer> Serializer for Obscured<S> {
///     fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError> {
///         Ok(self.0.encode(packet)?.into_iter().map(inverted).collect())
///     }
///
///     fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError> {
///         self.0.decode(inverted(frame))
///     }
///
///     fn reset(&self) {} // there is no state between frames
/// }
///
/// fn inverted(frame: Message) -> Message {
///     match frame {
///         Message::Bytes(bytes) => Message::Bytes(bytes.into_iter().map(|byte| !byte).collect()),
///         text => text,
///     }
/// }
///
/// fn builder(format: impl Serializer) -> ClientBuilder {
///     Client::builder("http://localhost:3000").serializer(Obscured(format))
/// }
/// ```
pub trait Serializer: 'static {
    /// Returns the frames of a packet. If there is none, an empty string is sent.
    ///
    /// # Errors
    /// The caller of `emit` receives the error as [`Error::Unserializable`](super::Error::Unserializable).
    fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError>;

    /// Returns the packets that a frame completes; none if the frame is a part of a packet.
    ///
    /// # Errors
    /// An error ends the connection, as [`Error::Protocol`](super::Error::Protocol).
    fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError>;

    /// Drops the parts of an incomplete packet. It is called when a new connection begins.
    fn reset(&self) {}
}

//! MessagePack.

use super::packets::{bytes_of, map_of, packet_of};
use super::value::{MAX_DEPTH, Reading};
use super::{Message, Packet, Serializer, SerializerError};
use core::cell::Cell;
use serde::de::DeserializeSeed;

/// The MessagePack of python-socketio's serializer `msgpack` and of npm's `socket.io-msgpack-parser`.
///
/// ```no_run
/// use socketio_wasm::{Client, serializers::MessagePack};
///
/// fn example() {
///     let builder = Client::builder("http://localhost:3000").serializer(MessagePack);
/// }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct MessagePack;

impl Serializer for MessagePack {
    fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError> {
        Ok(vec![Message::Bytes(rmp_serde::to_vec(&map_of(packet))?)])
    }

    fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError> {
        let bytes = bytes_of(frame)?;
        let mut reader = rmp_serde::Deserializer::from_read_ref(&bytes);
        reader.set_max_depth(MAX_DEPTH as usize);
        // The format has no references, so a value takes no more memory than its bytes allow.
        let room = Cell::new(usize::MAX);
        Ok(vec![packet_of(Reading::within(&room).deserialize(&mut reader)?)?])
    }
}

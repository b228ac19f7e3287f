//! MessagePack.

use super::packets::{bytes_of, map_of, packet_of};
use super::value::{MAX_DEPTH, Reading};
use super::{Message, Packet, Serializer, SerializerError};
use core::cell::Cell;
use serde::de::DeserializeSeed;

/// MessagePack, as python-socketio's serializer `msgpack` and npm's `socket.io-msgpack-parser` write it.
///
/// ```no_run
/// use socketio_wasm::{Client, serializers::MessagePack};
///
/// let builder = Client::builder("http://localhost:3000").serializer(MessagePack);
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
        // Nothing in it stands in two places.
        let room = Cell::new(usize::MAX);
        Ok(vec![packet_of(Reading::within(&room).deserialize(&mut reader)?)?])
    }
}

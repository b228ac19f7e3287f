//! Python's pickle, of plain data alone.

use super::packets::{bytes_of, map_of, packet_of};
use super::pickle_guard::check;
use super::value::Reading;
use super::{Message, Packet, Serializer, SerializerError};
use core::cell::Cell;
use serde::de::DeserializeSeed;
use serde_pickle::{DeOptions, Deserializer, SerOptions};

/// The pickle of python-socketio servers whose `Packet` class uses the module of that name. It reads any protocol, and
/// writes protocol 3, which any Python 3 reads. Python's own default is 4, and 5 from 3.14 on.
///
/// Binary data is `bytes` in protocol 3 or later, or a `bytearray` in protocol 5. In earlier protocols, Python writes
/// both as the call of a function.
///
/// Only plain data is read: a pickle that names a class or a function ends the connection, and no function is ever
/// called.
///
/// ```no_run
/// use socketio_wasm::{Client, serializers::Pickle};
///
/// fn example() {
///     let builder = Client::builder("http://localhost:3000").serializer(Pickle);
/// }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Pickle;

/// The bytes of memory that a pickle may take beyond sixteen times its size. A value that a pickle contains once can be
/// referred to from many places, and is copied to each of them.
const ROOM: usize = 16 << 20;

impl Serializer for Pickle {
    fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError> {
        Ok(vec![Message::Bytes(serde_pickle::to_vec(&map_of(packet), SerOptions::new())?)])
    }

    fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError> {
        let bytes = bytes_of(frame)?;
        check(&bytes)?;
        let room = Cell::new(bytes.len().saturating_mul(16).saturating_add(ROOM));
        let mut reader = Deserializer::new(bytes.as_slice(), DeOptions::new());
        Ok(vec![packet_of(Reading::within(&room).deserialize(&mut reader)?)?])
    }
}

//! Packets as one map, with the keys that python-socketio and socket.io-msgpack-parser use: type, data, nsp, id.

use super::{Message, Packet, PacketType, SerializerError, Value};

/// The map of a packet. A key without a value is left out: null would be a value to some servers.
pub(super) fn map_of(packet: &Packet) -> Value {
    let mut map = vec![("type".to_owned(), Value::Int(packet.kind as i64))];
    map.extend(packet.data.clone().map(|data| ("data".to_owned(), data)));
    map.push(("nsp".to_owned(), Value::Text(packet.namespace.clone())));
    let id = packet.id.and_then(|id| i64::try_from(id).ok());
    map.extend(id.map(|id| ("id".to_owned(), Value::Int(id))));
    Value::Map(map)
}

/// The packet, if the value is the map of one. Python writes what is absent as null.
pub(super) fn packet_of(map: Value) -> Result<Packet, SerializerError> {
    let Value::Map(entries) = map else { return Err("a packet that is no map".into()) };
    let (mut kind, mut namespace, mut id, mut data) = (None, None, None, None);
    for (name, value) in entries {
        match (name.as_str(), value) {
            ("type", Value::Int(digit)) => kind = u8::try_from(digit).ok().and_then(PacketType::from_digit),
            ("nsp", Value::Text(name)) => namespace = Some(name),
            ("id", Value::Int(number)) => id = Some(u64::try_from(number).map_err(|_| "a packet with a wrong id")?),
            ("data" | "id", Value::Null) => {}
            ("id", _) => return Err("a packet with a wrong id".into()),
            ("data", value) => data = Some(value),
            _ => {}
        }
    }
    let packet = Packet {
        kind: kind.ok_or("a packet of an unknown type")?,
        namespace: namespace.ok_or("a packet without its namespace")?,
        id,
        data,
    };
    match (packet.kind, &packet.data) {
        (PacketType::Ack, _) if packet.id.is_none() => Err("an acknowledgement of nothing".into()),
        (PacketType::Event | PacketType::Ack, Some(Value::List(_))) => Ok(packet),
        (PacketType::Event | PacketType::Ack, _) => Err("a packet without its list of values".into()),
        _ => Ok(packet),
    }
}

/// The bytes of a frame.
pub(super) fn bytes_of(frame: Message) -> Result<Vec<u8>, SerializerError> {
    match frame {
        Message::Bytes(bytes) => Ok(bytes),
        Message::Text(_) => Err("a string came, but the serializer writes binary data only".into()),
    }
}

//! CBOR.

use super::packets::{bytes_of, map_of, packet_of};
use super::value::{MAX_DEPTH, name_of};
use super::{Message, Packet, Serializer, SerializerError, Value};
use ciborium::Value as Item;

/// The CBOR of python-socketio servers whose `Packet` class uses cbor2.
///
/// ```no_run
/// use socketio_wasm::{Client, serializers::Cbor};
///
/// fn example() {
///     let builder = Client::builder("http://localhost:3000").serializer(Cbor);
/// }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Cbor;

impl Serializer for Cbor {
    fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError> {
        let mut bytes = Vec::new();
        ciborium::into_writer(&map_of(packet), &mut bytes)?;
        Ok(vec![Message::Bytes(bytes)])
    }

    fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError> {
        let bytes = bytes_of(frame)?;
        let item: Item = ciborium::de::from_reader_with_recursion_limit(bytes.as_slice(), MAX_DEPTH as usize)?;
        Ok(vec![packet_of(value_of(item)?)?])
    }
}

/// Converts an item. A tag is left out. The recursion is as deep as that of the reader, which has a limit.
fn value_of(item: Item) -> Result<Value, SerializerError> {
    Ok(match item {
        Item::Bool(value) => Value::Bool(value),
        Item::Integer(number) => {
            let number = i128::from(number);
            i64::try_from(number).map_or(Value::Float(number as f64), Value::Int)
        }
        Item::Float(number) => Value::Float(number),
        Item::Text(text) => Value::Text(text),
        Item::Bytes(bytes) => Value::Bytes(bytes),
        Item::Array(items) => Value::List(items.into_iter().map(value_of).collect::<Result<_, _>>()?),
        Item::Map(entries) => {
            let entry = |(key, value)| {
                let name = name_of(value_of(key)?).ok_or("a list or a map as the name of a value")?;
                Ok::<_, SerializerError>((name, value_of(value)?))
            };
            Value::Map(entries.into_iter().map(entry).collect::<Result<_, _>>()?)
        }
        Item::Tag(_, item) => value_of(*item)?,
        // null, undefined and other simple values
        _ => Value::Null,
    })
}

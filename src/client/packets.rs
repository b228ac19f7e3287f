//! Makes the values of an event; writes and reads packets with a serializer.

use super::IS_SUPPORTED;
use super::error::Error;
use super::names::ROOT;
use super::serializers::{self, Serializer, Value};
use super::values::Prepared;
use crate::host::{JsWire, guard};
use crate::protocol::{Frame, Header, PacketType, ProtocolError};
use crate::socket::{IncomingPayload, Packet};
use js_sys::JsString;
use wasm_bindgen::JsValue;

/// Returns the values of an event, its name first.
pub(super) fn event_values(name: &str, arguments: &impl serde::Serialize) -> Result<Prepared, Error> {
    if !IS_SUPPORTED {
        return Err(Error::Unsupported);
    }
    Prepared::event(name, arguments).map_err(|why| Error::unserializable(why).of_event(name))
}

/// The data of a packet that is written.
#[derive(Clone, Copy)]
pub(super) enum Data<'a> {
    /// The values of an event or an answer.
    Values(&'a Prepared),
    /// Auth.
    Js(&'a JsValue),
}

/// Writes and reads the session's packets by a serializer. Only `ClientBuilder::serializer` makes one, so a frontend
/// without a serializer does not link the conversions of values.
pub(super) trait Codec {
    /// Returns the frames of a packet.
    fn write(
        &self,
        kind: PacketType,
        namespace: String,
        data: Option<Data<'_>>,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, Error>;
    /// Returns the packets that a frame completes.
    fn read(&self, frame: &Frame<JsWire>) -> Result<Vec<Packet<JsWire>>, Error>;
    /// Drops the parts of an incomplete packet.
    fn reset(&self);
}

impl<S: Serializer> Codec for S {
    fn write(
        &self,
        kind: PacketType,
        namespace: String,
        data: Option<Data<'_>>,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, Error> {
        write(self, kind, namespace, data, id)
    }

    fn read(&self, frame: &Frame<JsWire>) -> Result<Vec<Packet<JsWire>>, Error> {
        read(self, frame)
    }

    fn reset(&self) {
        Serializer::reset(self);
    }
}

fn write(
    serializer: &dyn Serializer,
    kind: PacketType,
    namespace: String,
    data: Option<Data<'_>>,
    id: Option<u64>,
) -> Result<Vec<Frame<JsWire>>, Error> {
    let data = data.map(|data| match data {
        Data::Values(values) => Value::from_written(values),
        Data::Js(value) => Value::from_js(value),
    });
    let data = data.transpose().map_err(Error::unserializable)?;
    let packet = serializers::Packet { kind, namespace, id, data };
    let frames = serializer.encode(&packet).map_err(|why| Error::unserializable(why.to_string()))?;
    Ok(frames.iter().map(Frame::from).collect())
}

fn read(serializer: &dyn Serializer, frame: &Frame<JsWire>) -> Result<Vec<Packet<JsWire>>, Error> {
    let packets = guard(None, || serializer.decode(frame.into())).unwrap_or_else(|| Err("it has panicked".into()));
    let packets = packets.map_err(|why| {
        let what = ProtocolError::Unparsable.what();
        Error::Protocol { what, came: Some(why.to_string()) }
    })?;
    Ok(packets.into_iter().map(packet_of).collect())
}

/// Converts a packet for the session.
fn packet_of(packet: serializers::Packet) -> Packet<JsWire> {
    let namespace = Some(packet.namespace).filter(|name| name != ROOT);
    let namespace = namespace.map(|name| JsString::from(name).into());
    let header = Header { kind: packet.kind, attachments: 0, namespace, id: packet.id, payload_at: 0 };
    Packet { header, payload: IncomingPayload::Value(packet.data.map_or(JsValue::UNDEFINED, |data| data.to_js())) }
}

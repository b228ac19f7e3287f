//! What is sent and what came: in the default format, or in that of a serializer.

use super::arguments::to_js;
use super::delegate::{ClientDriver, feed};
use super::error::Error;
use super::names::ROOT;
use super::serializers::{self, Serializer, Value};
use crate::host::{JsWire, decode, encode, guard};
use crate::protocol::{Frame, Header, PacketType, ProtocolError};
use crate::socket::{IncomingPayload, Input, OutgoingPayload, Packet};
use js_sys::{Array, JsString};
use wasm_bindgen::JsValue;

/// The content of an event, its name first.
pub(super) fn event_values(name: &str, arguments: &impl serde::Serialize) -> Result<Array, Error> {
    let values = to_js(arguments).map_err(Error::Unserializable)?;
    values.unshift(&name.into());
    Ok(values)
}

/// What carries these values: the packet that the serializer writes, else their JSON.
pub(super) fn content(
    driver: &ClientDriver,
    kind: PacketType,
    namespace: &str,
    values: &Array,
    id: Option<u64>,
) -> Result<OutgoingPayload<JsWire>, Error> {
    let options = &driver.delegate.options;
    match &options.serializer {
        Some(serializer) => write(&**serializer, kind, namespace, Some(values), id).map(OutgoingPayload::Encoded),
        None => encode(driver.platform(), values, options.max_depth()).map_err(|thrown| unserializable(&thrown)),
    }
}

/// The frames of a packet.
pub(super) fn write(
    serializer: &dyn Serializer,
    kind: PacketType,
    namespace: &str,
    data: Option<&JsValue>,
    id: Option<u64>,
) -> Result<Vec<Frame<JsWire>>, Error> {
    let data = data.map(Value::from_js).transpose().map_err(Error::Unserializable)?;
    let packet = serializers::Packet { kind, namespace: namespace.to_owned(), id, data };
    let frames = serializer.encode(&packet).map_err(|why| Error::Unserializable(why.to_string()))?;
    Ok(frames.iter().map(Frame::from).collect())
}

/// Has the serializer read a frame.
pub(super) fn parse(driver: &ClientDriver, frame: &Frame<JsWire>) {
    // Frames are handed out to be parsed only where there is a serializer.
    let Some(serializer) = &driver.delegate.options.serializer else { return };
    // The session reads nothing more until it is told what came of it.
    let packets = guard(None, || serializer.decode(frame.into())).unwrap_or_else(|| Err("it has panicked".into()));
    let packets = packets.map_err(|why| {
        let what = ProtocolError::Unparsable.what();
        driver.delegate.failed.replace(Some(Error::Protocol { what, came: Some(why.to_string()) }));
        ProtocolError::Unparsable
    });
    feed(driver, Input::Decoded(packets.map(|packets| packets.into_iter().map(packet_of).collect())));
}

/// A packet as the session takes it.
fn packet_of(packet: serializers::Packet) -> Packet<JsWire> {
    let namespace = Some(packet.namespace).filter(|name| name != ROOT);
    let namespace = namespace.map(|name| JsString::from(name).into());
    let header = Header { kind: packet.kind, attachments: 0, namespace, id: packet.id, payload_at: 0 };
    Packet { header, payload: IncomingPayload::Value(packet.data.map_or(JsValue::UNDEFINED, |data| data.to_js())) }
}

/// The error of what cannot be written as JSON.
fn unserializable(thrown: &JsValue) -> Error {
    Error::Unserializable(crate::host::message_of(thrown).map_or_else(|| "it is no value of JSON".into(), String::from))
}

/// The values of a payload. One that is malformed is the end of the connection, and `None`.
pub(super) fn decoded(driver: &ClientDriver, payload: IncomingPayload<JsWire>, is_event: bool) -> Option<Array> {
    let error: ProtocolError = match decode(driver.platform(), &payload, driver.delegate.options.max_depth(), is_event)
    {
        Ok(values) => return Some(values),
        Err(error) => error,
    };
    let text = match payload {
        IncomingPayload::Json(json, _) => Some(json),
        IncomingPayload::Value(_) => None,
    };
    feed(driver, Input::Malformed(error, text));
    None
}

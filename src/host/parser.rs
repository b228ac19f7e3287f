//! A user-supplied parser, as the facade adapts it. User code runs in it.

use super::{JsBytes, JsText, JsWire};
use crate::protocol::{Frame, Header, PacketType};
use crate::socket::{IncomingPayload, Packet};
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The adapter: writes and reads packets, each in one or more frames.
    #[derive(Debug, Clone)]
    pub type JsParser;
    #[wasm_bindgen(method, catch, js_name = encode)]
    fn encode_packet(
        this: &JsParser,
        kind: u8,
        namespace: &JsString,
        data: &JsValue,
        id: Option<f64>,
    ) -> Result<Array, JsValue>;
    #[wasm_bindgen(method, catch, js_name = add)]
    fn add_frame(this: &JsParser, frame: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(method, catch, js_name = reset)]
    fn forget(this: &JsParser) -> Result<(), JsValue>;

    /// A packet that it has read.
    type Decoded;
    #[wasm_bindgen(method, getter, js_name = type)]
    fn kind(this: &Decoded) -> u8;
    #[wasm_bindgen(method, getter)]
    fn nsp(this: &Decoded) -> JsString;
    #[wasm_bindgen(method, getter)]
    fn data(this: &Decoded) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Decoded) -> Option<f64>;
}

/// A frame as JS has it: a string, or bytes.
pub(super) fn frame_value(frame: Frame<JsWire>) -> JsValue {
    match frame {
        Frame::Text(text) => text.into_js().into(),
        Frame::Bytes(bytes) => bytes.0.into(),
    }
}

fn frame_of(value: JsValue) -> Frame<JsWire> {
    match value.dyn_into::<JsString>() {
        Ok(text) => Frame::Text(text.into()),
        Err(bytes) => Frame::Bytes(JsBytes(bytes.unchecked_into())),
    }
}

fn packet_of(decoded: JsValue) -> Option<Packet<JsWire>> {
    let decoded: Decoded = decoded.unchecked_into();
    let kind = PacketType::from_digit(decoded.kind())?;
    let namespace = Some(decoded.nsp()).filter(|name| name.length() > 1).map(JsText::from);
    let id = decoded.id().map(|id| id as u64);
    let header = Header { kind, attachments: 0, namespace, id, payload_at: 0 };
    Some(Packet { header, payload: IncomingPayload::Value(decoded.data()) })
}

impl JsParser {
    /// The frames of a packet; an `Err` is what was thrown.
    pub fn encode(
        &self,
        kind: PacketType,
        namespace: &JsString,
        data: &JsValue,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, JsValue> {
        let frames = self.encode_packet(kind as u8, namespace, data, id.map(|id| id as f64))?;
        Ok(frames.iter().map(frame_of).collect())
    }

    /// Forgets the half of a packet: a new connection begins. What it throws is known when the next frame is read.
    pub fn reset(&self) {
        let _ = self.forget();
    }

    /// The packets that a frame completes; an `Err` is what was thrown.
    pub fn add(&self, frame: Frame<JsWire>) -> Result<Vec<Packet<JsWire>>, JsValue> {
        Ok(self.add_frame(&frame_value(frame))?.iter().filter_map(packet_of).collect())
    }
}

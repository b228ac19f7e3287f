//! A parser of the user's, as the facade adapts it.

use super::{JsBytes, JsWire};
use crate::protocol::{Frame, Header, Kind, Parsed, Parser, ProtocolError};
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The adapter: writes and reads packets, each in one or more frames.
    #[derive(Debug, Clone, PartialEq)]
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
    fn add_frame(this: &JsParser, frame: &JsValue) -> Result<Option<Decoded>, JsValue>;
    #[wasm_bindgen(method, js_name = reset)]
    fn forget(this: &JsParser);
    /// What was thrown when a packet was last not written.
    #[wasm_bindgen(method, getter)]
    pub fn thrown(this: &JsParser) -> JsValue;
    #[wasm_bindgen(method, setter)]
    fn set_thrown(this: &JsParser, thrown: &JsValue);

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

/// A frame as JS has it: a text, or bytes.
pub(super) fn frame_value(frame: Frame<JsWire>) -> JsValue {
    match frame {
        Frame::Text(text) => text.into(),
        Frame::Bytes(bytes) => bytes.0.into(),
    }
}

fn frame_of(value: JsValue) -> Frame<JsWire> {
    match value.dyn_into::<JsString>() {
        Ok(text) => Frame::Text(text),
        Err(bytes) => Frame::Bytes(JsBytes(bytes.unchecked_into())),
    }
}

impl Parser<JsWire> for JsParser {
    fn encode(
        &self,
        kind: Kind,
        namespace: Option<&JsString>,
        id: Option<u64>,
        value: Option<&JsValue>,
    ) -> Option<Vec<Frame<JsWire>>> {
        let root = JsString::from("/");
        let nothing = JsValue::UNDEFINED;
        let value = value.unwrap_or(&nothing);
        match self.encode_packet(kind as u8, namespace.unwrap_or(&root), value, id.map(|id| id as f64)) {
            Ok(frames) => Some(frames.iter().map(frame_of).collect()),
            Err(thrown) => {
                self.set_thrown(&thrown);
                None
            }
        }
    }

    fn add(&self, frame: Frame<JsWire>) -> Result<Option<Parsed<JsWire>>, ProtocolError> {
        let decoded = self.add_frame(&frame_value(frame)).map_err(|_| ProtocolError::Unparsable)?;
        let Some(packet) = decoded else { return Ok(None) };
        let kind = Kind::from_digit(packet.kind()).ok_or(ProtocolError::Unparsable)?;
        let namespace = Some(packet.nsp()).filter(|name| name.length() > 1);
        let id = packet.id().map(|id| id as u64);
        Ok(Some((Header { kind, attachments: 0, namespace, id, payload_at: 0 }, packet.data())))
    }

    fn reset(&self) {
        self.forget();
    }
}

//! The wire of native builds: `String` and `Vec<u8>`.

use super::{Bytes, Frame, Handshake, Header, Kind, Parsed, Parser, ProtocolError, Text, Wire};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// `String` and `Vec<u8>`: what the machines run on natively, in tests and benchmarks.
#[derive(Debug, Clone, PartialEq)]
pub struct StdWire;

impl Wire for StdWire {
    type Text = String;
    type Bytes = Vec<u8>;
    type Value = serde_json::Value;
    type Parser = StdParser;

    fn read_handshake(json: &String) -> Option<Handshake<String>> {
        let value: serde_json::Value = serde_json::from_str(json).ok()?;
        let milliseconds = |name: &str| value.get(name)?.as_f64().map(|number| number as u64);
        Some(Handshake {
            sid: value.get("sid")?.as_str()?.to_owned(),
            upgrades_to_websocket: value
                .get("upgrades")
                .and_then(|upgrades| upgrades.as_array())
                .is_some_and(|upgrades| upgrades.iter().any(|name| name == "websocket")),
            ping_interval: milliseconds("pingInterval")?,
            ping_timeout: milliseconds("pingTimeout")?,
            max_payload: milliseconds("maxPayload").and_then(|bytes| usize::try_from(bytes).ok()),
        })
    }

    fn read_sid(json: &String) -> Option<String> {
        Self::sid_of(&serde_json::from_str(json).ok()?)
    }

    fn sid_of(value: &serde_json::Value) -> Option<String> {
        value.get("sid")?.as_str().map(str::to_owned)
    }
}

/// The parser of native builds: a packet is one binary frame with the JSON of a map, as msgpack's is of its own encoding.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StdParser {
    /// A value that it does not write.
    pub refused: Option<serde_json::Value>,
}

impl Parser<StdWire> for StdParser {
    fn encode(
        &self,
        kind: Kind,
        namespace: Option<&String>,
        id: Option<u64>,
        value: Option<&serde_json::Value>,
    ) -> Option<Vec<Frame<StdWire>>> {
        if value.is_some() && value == self.refused.as_ref() {
            return None;
        }
        let nsp = namespace.map_or("/", String::as_str);
        let map = serde_json::json!({ "type": kind as u8, "nsp": nsp, "id": id, "data": value });
        Some(vec![Frame::Bytes(map.to_string().into_bytes())])
    }

    fn add(&self, frame: Frame<StdWire>) -> Result<Option<Parsed<StdWire>>, ProtocolError> {
        let Frame::Bytes(bytes) = frame else { return Err(ProtocolError::Unparsable) };
        let map: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| ProtocolError::Unparsable)?;
        let digit = map.get("type").and_then(|digit| u8::try_from(digit.as_u64()?).ok());
        let kind = digit.and_then(Kind::from_digit).ok_or(ProtocolError::Unparsable)?;
        let namespace = map.get("nsp").and_then(|nsp| nsp.as_str()).filter(|nsp| *nsp != "/").map(str::to_owned);
        let id = map.get("id").and_then(serde_json::Value::as_u64);
        let header = Header { kind, attachments: 0, namespace, id, payload_at: 0 };
        Ok(Some((header, map.get("data").cloned().unwrap_or_default())))
    }

    fn reset(&self) {}
}

impl Text for String {
    fn from_ascii(text: &str) -> Self {
        text.to_owned()
    }
    fn with_number(&self, number: u64) -> Self {
        format!("{self}{number}")
    }
    fn concat(&self, other: &Self) -> Self {
        [self.as_str(), other.as_str()].concat()
    }
    fn len(&self) -> usize {
        self.len()
    }
    fn unit(&self, position: usize) -> Option<u16> {
        self.as_bytes().get(position).map(|byte| u16::from(*byte))
    }
    fn find(&self, wanted: u8, from: usize) -> Option<usize> {
        let rest = self.as_bytes().get(from..)?;
        rest.iter().position(|byte| *byte == wanted).map(|at| from + at)
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        self.get(from..to.min(self.len())).unwrap_or_default().to_owned()
    }
    fn contains(&self, wanted: &str) -> bool {
        self.as_str().contains(wanted)
    }
    fn utf8_len(&self) -> usize {
        self.len()
    }
}

impl Bytes for Vec<u8> {
    type Text = String;
    fn len(&self) -> usize {
        self.len()
    }
    fn to_base64(&self) -> String {
        STANDARD.encode(self)
    }
    fn from_base64(text: &String) -> Option<Self> {
        STANDARD.decode(text).ok()
    }
}

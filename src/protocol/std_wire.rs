//! The wire of native builds.

use super::{Body, Bytes, Handshake, Text, Wire};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The machines run on `String` and `Vec<u8>` natively, in tests and benchmarks.
#[derive(Debug, Clone, PartialEq)]
pub struct StdWire;

impl Wire for StdWire {
    type Text = String;
    type Bytes = Vec<u8>;
    type Value = serde_json::Value;

    fn read_handshake(json: &String) -> Option<Handshake<String>> {
        let value: serde_json::Value = serde_json::from_str(json).ok()?;
        let amount = |name: &str| value.get(name)?.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64);
        Some(Handshake {
            sid: value.get("sid")?.as_str()?.to_owned(),
            upgrades_to_websocket: value
                .get("upgrades")
                .and_then(|upgrades| upgrades.as_array())
                .is_some_and(|upgrades| upgrades.iter().any(|name| name == "websocket")),
            ping_interval: amount("pingInterval")?,
            ping_timeout: amount("pingTimeout")?,
            // 0 means no limit, as in `ws`.
            max_payload: amount("maxPayload").filter(|bytes| *bytes > 0).map(|bytes| bytes as usize),
        })
    }

    fn read_sid(json: &String) -> Option<String> {
        Self::sid_of(&serde_json::from_str(json).ok()?)
    }

    fn sid_of(value: &serde_json::Value) -> Option<String> {
        value.get("sid")?.as_str().map(str::to_owned)
    }
}

impl From<String> for Body<StdWire> {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Body<StdWire> {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Text for String {
    fn from_ascii(text: &str) -> Self {
        text.to_owned()
    }
    fn prefixed_with(&self, number: u64) -> Self {
        format!("{number}{self}")
    }
    fn concat(&self, other: &Self) -> Self {
        [self.as_str(), other.as_str()].concat()
    }
    fn join(texts: Vec<Self>, separator: &str) -> Self {
        texts.join(separator)
    }
    fn len(&self) -> usize {
        self.len()
    }
    fn code_unit_at(&self, position: usize) -> Option<u16> {
        self.as_bytes().get(position).map(|byte| u16::from(*byte))
    }
    fn peek(&self, position: usize) -> u32 {
        let units =
            [0, 1, 2, 3].map(|ahead| self.as_bytes().get(position.saturating_add(ahead)).copied().unwrap_or(255));
        u32::from_le_bytes(units.map(|unit| if unit.is_ascii() { unit } else { 255 }))
    }
    fn find(&self, wanted: u8, from: usize) -> Option<usize> {
        let rest = self.as_bytes().get(from..)?;
        rest.iter().position(|byte| *byte == wanted).map(|at| from + at)
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        self.get(from..to.min(self.len())).unwrap_or_default().to_owned()
    }
    fn slice_from(&self, from: usize) -> Self {
        self.get(from..).unwrap_or_default().to_owned()
    }
    fn contains(&self, wanted: &str) -> bool {
        self.as_str().contains(wanted)
    }
    fn percent_encoded(&self) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte);
        let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        Some(self.bytes().map(encode).collect())
    }
    fn utf16_len(&self) -> usize {
        self.encode_utf16().count()
    }
    fn after_utf16(&self, from: usize, units: usize) -> Option<usize> {
        let mut left = units;
        let mut at = from;
        for character in self.get(from..)?.chars() {
            if left == 0 {
                break;
            }
            left = left.checked_sub(character.len_utf16())?;
            at += character.len_utf8();
        }
        (left == 0).then_some(at)
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
    fn from_slice(bytes: &[u8]) -> Self {
        bytes.to_vec()
    }
    fn from_text(text: &String) -> Self {
        text.as_bytes().to_vec()
    }
    fn to_text(&self) -> String {
        String::from_utf8_lossy(self).into_owned()
    }
    fn byte_at(&self, position: usize) -> Option<u8> {
        self.get(position).copied()
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        self.get(from..to.min(self.len())).unwrap_or_default().to_vec()
    }
    fn join(parts: Vec<Self>) -> Self {
        parts.concat()
    }
    fn split_first(&self) -> Option<(u8, Self)> {
        self.as_slice().split_first().map(|(first, rest)| (*first, rest.to_vec()))
    }
    fn prefixed_with(&self, first: u8) -> Self {
        [&[first], self.as_slice()].concat()
    }
    fn to_base64(&self, prefix: &String) -> String {
        let mut text = prefix.clone();
        STANDARD.encode_string(self, &mut text);
        text
    }
    fn from_base64(text: &String) -> Option<Self> {
        STANDARD.decode(text).ok()
    }
}

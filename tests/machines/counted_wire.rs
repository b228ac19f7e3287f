//! A wire that counts the operations on its strings and bytes. The count shows if a session reads more of them than it must.

use socketio_wasm::protocol::{Bytes, Handshake, StdWire, Text, Wire};
use std::cell::Cell;

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

fn count(steps: usize) {
    STEPS.set(STEPS.get() + steps);
}

/// Returns the number of steps that `work` took.
pub fn steps_of(work: impl FnOnce()) -> usize {
    let before = STEPS.get();
    work();
    STEPS.get() - before
}

/// `StdWire`, counted. An operation that a JS engine does without reading a string's units is one step; otherwise each unit is one.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedWire;

/// A string of this wire.
#[derive(Debug)]
pub struct CountedText(String);

/// Bytes of this wire.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedBytes(Vec<u8>);

impl Clone for CountedText {
    fn clone(&self) -> Self {
        count(1);
        Self(self.0.clone())
    }
}

impl PartialEq for CountedText {
    fn eq(&self, other: &Self) -> bool {
        count(1);
        self.0 == other.0
    }
}

impl Wire for CountedWire {
    type Text = CountedText;
    type Bytes = CountedBytes;
    type Value = ();

    fn read_handshake(json: &CountedText) -> Option<Handshake<CountedText>> {
        let Handshake { sid, upgrades_to_websocket, ping_interval, ping_timeout, max_payload } =
            StdWire::read_handshake(&json.0)?;
        Some(Handshake { sid: CountedText(sid), upgrades_to_websocket, ping_interval, ping_timeout, max_payload })
    }

    fn read_sid(json: &CountedText) -> Option<CountedText> {
        StdWire::read_sid(&json.0).map(CountedText)
    }

    fn sid_of((): &()) -> Option<CountedText> {
        None
    }
}

impl Text for CountedText {
    fn from_ascii(text: &str) -> Self {
        count(1);
        Self(text.to_owned())
    }
    fn prefixed_with(&self, number: u64) -> Self {
        count(1);
        Self(Text::prefixed_with(&self.0, number))
    }
    fn concat(&self, other: &Self) -> Self {
        count(1);
        Self(self.0.concat(&other.0))
    }
    fn join(texts: Vec<Self>, separator: &str) -> Self {
        count(texts.len());
        Self(texts.into_iter().map(|text| text.0).collect::<Vec<_>>().join(separator))
    }
    fn len(&self) -> usize {
        count(1);
        self.0.len()
    }
    fn code_unit_at(&self, position: usize) -> Option<u16> {
        count(1);
        self.0.code_unit_at(position)
    }
    fn peek(&self, position: usize) -> u32 {
        count(1);
        self.0.peek(position)
    }
    fn find(&self, wanted: u8, from: usize) -> Option<usize> {
        let found = self.0.find(wanted, from);
        count(found.unwrap_or(self.0.len()).saturating_sub(from) + 1);
        found
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        count(1);
        Self(self.0.slice(from, to))
    }
    fn slice_from(&self, from: usize) -> Self {
        count(1);
        Self(self.0.slice_from(from))
    }
    fn contains(&self, wanted: &str) -> bool {
        count(self.0.len());
        self.0.as_str().contains(wanted)
    }
    fn percent_encoded(&self) -> Option<Self> {
        Some(self.clone())
    }
    fn utf16_len(&self) -> usize {
        count(1);
        self.0.utf16_len()
    }
    fn after_utf16(&self, from: usize, units: usize) -> Option<usize> {
        count(1);
        self.0.after_utf16(from, units)
    }
    fn utf8_len(&self) -> usize {
        count(self.0.len());
        self.0.len()
    }
}

impl Bytes for CountedBytes {
    type Text = CountedText;
    fn len(&self) -> usize {
        count(1);
        self.0.len()
    }
    fn from_slice(bytes: &[u8]) -> Self {
        count(1);
        Self(bytes.to_vec())
    }
    fn from_text(text: &CountedText) -> Self {
        count(text.0.len());
        Self(Bytes::from_text(&text.0))
    }
    fn to_text(&self) -> CountedText {
        count(self.0.len());
        CountedText(self.0.to_text())
    }
    fn byte_at(&self, position: usize) -> Option<u8> {
        count(1);
        self.0.byte_at(position)
    }
    fn slice(&self, from: usize, to: usize) -> Self {
        count(1);
        Self(Bytes::slice(&self.0, from, to))
    }
    fn join(parts: Vec<Self>) -> Self {
        count(parts.len());
        Self(Bytes::join(parts.into_iter().map(|part| part.0).collect()))
    }
    fn split_first(&self) -> Option<(u8, Self)> {
        count(1);
        Bytes::split_first(&self.0).map(|(first, rest)| (first, Self(rest)))
    }
    fn prefixed_with(&self, first: u8) -> Self {
        count(1);
        Self(self.0.prefixed_with(first))
    }
    fn to_base64(&self, prefix: &CountedText) -> CountedText {
        count(self.0.len());
        CountedText(self.0.to_base64(&prefix.0))
    }
    fn from_base64(text: &CountedText) -> Option<Self> {
        count(text.0.len());
        Bytes::from_base64(&text.0).map(Self)
    }
}

/// Creates so many zeros.
pub fn zeros(length: usize) -> CountedBytes {
    CountedBytes(vec![0; length])
}

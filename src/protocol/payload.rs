//! Polling payloads: packets joined by `\x1e`, binary as `b` and base64.

use super::{Bytes, EnginePacket, Frame, ProtocolError, Text, Wire};

const SEPARATOR: u8 = 0x1e;

/// Reads the packets of a polling payload, in order. There is no limit to their number: a server may queue any.
pub fn read_payload<W: Wire>(payload: &W::Text) -> PayloadReader<'_, W> {
    PayloadReader { payload, next: Some(0) }
}

/// The packets of a payload, one at a time.
pub struct PayloadReader<'a, W: Wire> {
    payload: &'a W::Text,
    next: Option<usize>,
}

impl<W: Wire> Iterator for PayloadReader<'_, W> {
    type Item = Result<EnginePacket<W>, ProtocolError>;

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.next?;
        let separator = self.payload.find(SEPARATOR, from);
        self.next = separator.map(|at| at.saturating_add(1));
        let packet = self.payload.slice(from, separator.unwrap_or(self.payload.len()));
        Some(EnginePacket::read_polled(&packet))
    }
}

/// What so many bytes take in a polling payload: `b` and padded base64.
pub fn base64_size(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4).saturating_add(1)
}

/// The bytes `frame` takes in a polling payload, without a separator.
fn polled_size<W: Wire>(frame: &Frame<W>) -> usize {
    match frame {
        Frame::Text(text) => text.utf8_len(),
        Frame::Bytes(bytes) => base64_size(bytes.len()),
    }
}

/// Fills one POST: as many frames as the server takes, in exact bytes and in number.
///
/// python-engineio answers a payload of more than 16 packets with 200 and drops them all, so the number counts as much
/// as the bytes.
pub struct PayloadWriter<W: Wire> {
    payload: Option<W::Text>,
    packets: usize,
    bytes: usize,
    max_packets: usize,
    max_bytes: usize,
}

impl<W: Wire> PayloadWriter<W> {
    /// An empty payload with its limits.
    pub fn new(max_packets: usize, max_bytes: usize) -> Self {
        Self { payload: None, packets: 0, bytes: 0, max_packets, max_bytes }
    }

    /// Appends `frame` if it fits, and says whether it did.
    pub fn push(&mut self, frame: &Frame<W>) -> bool {
        if self.packets >= self.max_packets {
            return false;
        }
        let separator = usize::from(self.payload.is_some());
        let bytes = self.bytes.saturating_add(separator).saturating_add(polled_size(frame));
        if bytes > self.max_bytes {
            return false;
        }
        let text = match frame {
            Frame::Text(text) => text.clone(),
            Frame::Bytes(bytes) => W::Text::from_ascii("b").concat(&bytes.to_base64()),
        };
        self.payload = Some(match self.payload.take() {
            None => text,
            Some(payload) => payload.concat(&W::Text::from_ascii("\u{1e}")).concat(&text),
        });
        self.packets += 1;
        self.bytes = bytes;
        true
    }

    /// The body to post; `None` where nothing was pushed.
    pub fn finish(self) -> Option<W::Text> {
        self.payload
    }
}

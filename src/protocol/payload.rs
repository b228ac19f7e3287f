//! Polling payloads: several packets in one text, with binary data as base64.

use super::revision::read_length;
use super::{EnginePacket, Frame, ProtocolError, Revision, Text, Wire};

/// Between two packets, in V4.
const SEPARATOR: u8 = 0x1e;

/// Reads the packets of a polling payload, in order. There is no limit to their number: a server may queue any.
pub fn read_payload<W: Wire>(payload: &W::Text, revision: Revision) -> PayloadReader<'_, W> {
    PayloadReader { payload, revision, next: Some(0) }
}

/// The packets of a payload, one at a time.
pub struct PayloadReader<'a, W: Wire> {
    payload: &'a W::Text,
    revision: Revision,
    next: Option<usize>,
}

impl<W: Wire> PayloadReader<'_, W> {
    /// The packet that begins at `from`, and where the next one does.
    fn joined(&self, from: usize) -> (W::Text, Option<usize>) {
        let separator = self.payload.find(SEPARATOR, from);
        let packet = self.payload.slice(from, separator.unwrap_or(self.payload.len()));
        (packet, separator.map(|at| at.saturating_add(1)))
    }

    /// The same, where each packet stands behind its length.
    fn counted(&self, from: usize) -> Option<(W::Text, Option<usize>)> {
        let (length, begin) = read_length(self.payload, from)?;
        let end = self.payload.after_utf16(begin, length)?;
        Some((self.payload.slice(begin, end), (end < self.payload.len()).then_some(end)))
    }
}

impl<W: Wire> Iterator for PayloadReader<'_, W> {
    type Item = Result<EnginePacket<W>, ProtocolError>;

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.next.take()?;
        let found = match self.revision {
            Revision::V4 => Some(self.joined(from)),
            Revision::V3 => self.counted(from),
        };
        let Some((packet, next)) = found else { return Some(Err(ProtocolError::BadLength)) };
        self.next = next;
        Some(EnginePacket::read_polled(&packet, self.revision))
    }
}

/// What so many bytes take in a polling payload: `b` and padded base64.
pub fn base64_size(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4).saturating_add(1)
}

/// Fills one POST: as many frames as the server takes, in exact bytes and in number. The first frame is taken at any size.
pub struct PayloadWriter<W: Wire> {
    revision: Revision,
    payload: Option<W::Text>,
    packets: usize,
    bytes: usize,
    max_packets: usize,
    max_bytes: usize,
}

impl<W: Wire> PayloadWriter<W> {
    /// An empty payload with its limits.
    pub fn new(revision: Revision, max_packets: usize, max_bytes: usize) -> Self {
        Self { revision, payload: None, packets: 0, bytes: 0, max_packets, max_bytes }
    }

    /// The revision it is written in.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Appends `frame` if it fits, and says whether it did.
    pub fn push(&mut self, frame: &Frame<W>) -> bool {
        if self.packets >= self.max_packets {
            return false;
        }
        let separator = match self.revision {
            Revision::V4 if self.payload.is_some() => "\u{1e}",
            _ => "",
        };
        let bytes = self.bytes.saturating_add(separator.len()).saturating_add(self.revision.polled_size(frame));
        if bytes > self.max_bytes && self.payload.is_some() {
            return false;
        }
        let text = self.revision.polled(frame);
        self.payload = Some(match self.payload.take() {
            None => text,
            Some(payload) if separator.is_empty() => payload.concat(&text),
            Some(payload) => payload.concat(&W::Text::from_ascii(separator)).concat(&text),
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

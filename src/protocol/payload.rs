//! Polling payloads: several packets in one string, with binary data as base64; in V3 also several packets in bytes.

use super::version::read_length;
use super::{Body, Bytes, EnginePacket, Frame, ProtocolError, ProtocolVersion, Text, Wire, binary_payload};

/// Separates two packets in V4.
const SEPARATOR: u8 = 0x1e;

/// Reads the packets of a polling payload, in order. Their number has no limit: a server may queue any number.
pub fn read_payload<W: Wire>(payload: Body<W>, version: ProtocolVersion) -> PayloadReader<W> {
    let payload = match payload {
        Body::Bytes(bytes) if version == ProtocolVersion::V3 && binary_payload::is_begun(&bytes) => Body::Bytes(bytes),
        // Only its content type was that of bytes.
        payload => Body::Text(payload.into_text()),
    };
    PayloadReader { payload, version, next: Some(0) }
}

/// Iterates over the packets of a payload.
#[derive(Debug, Clone, PartialEq)]
pub struct PayloadReader<W: Wire> {
    payload: Body<W>,
    version: ProtocolVersion,
    next: Option<usize>,
}

impl<W: Wire> PayloadReader<W> {
    /// Returns the whole payload as a string.
    pub fn into_text(self) -> W::Text {
        self.payload.into_text()
    }

    /// Reads the packet that begins at `from`. Returns it, and the position of the next one.
    fn read_separated(text: &W::Text, from: usize) -> (W::Text, Option<usize>) {
        let separator = text.find(SEPARATOR, from);
        let packet = text.slice(from, separator.unwrap_or_else(|| text.len()));
        (packet, separator.map(|at| at.saturating_add(1)))
    }

    /// Does the same for V3, in which each packet stands behind its length.
    fn read_length_prefixed(text: &W::Text, from: usize) -> Option<(W::Text, Option<usize>)> {
        let (length, begin) = read_length(text, from)?;
        let end = text.after_utf16(begin, length)?;
        Some((text.slice(begin, end), (end < text.len()).then_some(end)))
    }

    /// Reads the packet that begins at `from`, and goes on behind it. `None` if its length is wrong.
    fn read_packet(&mut self, from: usize) -> Option<Result<EnginePacket<W>, ProtocolError>> {
        match (&self.payload, self.version) {
            (Body::Bytes(bytes), version) => {
                let (frame, end) = binary_payload::read(bytes, from)?;
                self.next = (end < bytes.len()).then_some(end);
                Some(EnginePacket::read(&frame, version))
            }
            (Body::Text(text), version) => {
                let (packet, next) = match version {
                    ProtocolVersion::V4 => Self::read_separated(text, from),
                    ProtocolVersion::V3 => Self::read_length_prefixed(text, from)?,
                };
                self.next = next;
                Some(EnginePacket::read_polling(&packet, version))
            }
        }
    }
}

impl<W: Wire> Iterator for PayloadReader<W> {
    type Item = Result<EnginePacket<W>, ProtocolError>;

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.next.take()?;
        Some(self.read_packet(from).unwrap_or(Err(ProtocolError::BadLength)))
    }
}

/// Fills one POST with as many frames as the server accepts, in bytes and in number. The first frame may have any size.
pub struct PayloadWriter<W: Wire> {
    version: ProtocolVersion,
    frames: Vec<Frame<W>>,
    /// The size of the frames, each with a separator: exact if `is_exact`, otherwise an upper bound.
    bytes: usize,
    /// Measuring a string means to look at each of its units. That is done only if its length does not show that it fits.
    is_exact: bool,
    max_packets: usize,
    max_bytes: usize,
}

impl<W: Wire> PayloadWriter<W> {
    /// Creates an empty payload with its limits.
    pub fn new(version: ProtocolVersion, max_packets: usize, max_bytes: usize) -> Self {
        // The last frame has no separator behind it.
        let max_bytes = max_bytes.saturating_add(separator(version).len());
        Self { version, frames: Vec::new(), bytes: 0, is_exact: false, max_packets, max_bytes }
    }

    /// Returns the version in which it is written.
    pub fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Appends `frame` if it fits. Returns whether it did.
    pub fn push(&mut self, frame: &Frame<W>) -> bool {
        if self.frames.len() >= self.max_packets {
            return false;
        }
        let mut bytes = self.bytes.saturating_add(self.size(frame));
        if bytes > self.max_bytes && !self.is_exact {
            self.is_exact = true;
            self.bytes = self.frames.iter().fold(0, |bytes, frame| bytes.saturating_add(self.size(frame)));
            bytes = self.bytes.saturating_add(self.size(frame));
        }
        if bytes > self.max_bytes && !self.frames.is_empty() {
            return false;
        }
        self.frames.push(frame.clone());
        self.bytes = bytes;
        true
    }

    fn size(&self, frame: &Frame<W>) -> usize {
        let size = if self.is_exact { self.version.polling_size(frame) } else { self.version.max_polling_size(frame) };
        size.saturating_add(separator(self.version).len())
    }

    /// Returns the body to post; `None` if nothing was pushed.
    pub fn finish(self) -> Option<Body<W>> {
        if self.frames.is_empty() {
            return None;
        }
        if self.version == ProtocolVersion::V3 && self.frames.iter().any(binary_payload::is_beyond_ascii) {
            return Some(Body::Bytes(binary_payload::write(self.frames)));
        }
        let prefix = W::Text::from_ascii(self.version.binary_prefix());
        let packets = self.frames.into_iter().map(|frame| self.version.polling_packet(frame, &prefix));
        Some(Body::Text(W::Text::join(packets.collect(), separator(self.version))))
    }
}

fn separator(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::V3 => "",
        ProtocolVersion::V4 => "\u{1e}",
    }
}

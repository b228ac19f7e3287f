//! Puts a packet and its binary frames together.

use super::io::Payload;
use crate::protocol::{Bytes, Frame, Header, Limits, ProtocolError, Text, Wire, read_header};

/// A packet with everything that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Packet<W: Wire> {
    pub header: Header<W::Text>,
    pub payload: Payload<W>,
}

/// Between two packets, or in the middle of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Assembler<W: Wire> {
    /// A packet some of whose attachments have not come, and the bytes of those that have.
    incomplete: Option<(Packet<W>, usize)>,
    /// Whether the connection is given up for what came on it.
    stopped: bool,
}

impl<W: Wire> Assembler<W> {
    pub fn new() -> Self {
        Self { incomplete: None, stopped: false }
    }

    /// Takes no more of this connection: what came after a malformed packet is not trusted.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Takes a frame; returns the packet it completes.
    pub fn add(&mut self, frame: Frame<W>, limits: &Limits) -> Result<Option<Packet<W>>, ProtocolError> {
        if self.stopped {
            return Ok(None);
        }
        match (self.incomplete.take(), frame) {
            (None, Frame::Text(text)) => {
                let header = read_header(&text, limits)?;
                let json = text.slice(header.payload_at, text.len());
                let packet = Packet { header, payload: Payload { json, attachments: Vec::new() } };
                Ok(self.complete(packet, 0))
            }
            (Some((mut packet, size)), Frame::Bytes(bytes)) => {
                let size = size.saturating_add(bytes.len());
                if size > limits.max_packet_size {
                    return Err(ProtocolError::PacketTooLarge);
                }
                packet.payload.attachments.push(bytes);
                Ok(self.complete(packet, size))
            }
            (None, Frame::Bytes(_)) => Err(ProtocolError::UnexpectedBinary),
            (Some(_), Frame::Text(_)) => Err(ProtocolError::MissingAttachment),
        }
    }

    fn complete(&mut self, packet: Packet<W>, size: usize) -> Option<Packet<W>> {
        if packet.payload.attachments.len() >= packet.header.attachments as usize {
            return Some(packet);
        }
        self.incomplete = Some((packet, size));
        None
    }
}

//! Assembles a packet from its text frame and its binary frames.

use super::io::{IncomingPayload, Packet};
use crate::protocol::{Bytes, Header, Limits, Message, ProtocolError, Tail, Wire, read_header};

/// A packet whose attachments have not all come; `size` is that of those that have, in bytes.
#[derive(Debug, Clone, PartialEq)]
struct Incomplete<W: Wire> {
    header: Header<W::Text>,
    json: Tail<W::Text>,
    attachments: Vec<W::Bytes>,
    size: usize,
}

/// Holds the packet that is incomplete, if one is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Assembler<W: Wire> {
    incomplete: Option<Incomplete<W>>,
    /// True if the connection is given up because of a malformed packet.
    stopped: bool,
}

impl<W: Wire> Assembler<W> {
    pub fn new() -> Self {
        Self { incomplete: None, stopped: false }
    }

    /// Ignores all further frames of this connection: data behind a malformed packet is not trusted.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Returns whether further frames are ignored.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Takes a message. Returns the packet that it completes.
    pub fn add(&mut self, message: &Message<W>, limits: &Limits) -> Result<Option<Packet<W>>, ProtocolError> {
        if self.stopped {
            return Ok(None);
        }
        match (self.incomplete.take(), message) {
            (None, Message::Text(Tail { text, from })) => {
                let header = read_header(text, *from, limits)?;
                let json = Tail { text: text.clone(), from: header.payload_at };
                Ok(self.complete(Incomplete { header, json, attachments: Vec::new(), size: 0 }))
            }
            (Some(mut packet), Message::Bytes(bytes)) => {
                packet.size = packet.size.saturating_add(bytes.len());
                if packet.size > limits.max_packet_size {
                    return Err(ProtocolError::PacketTooLarge);
                }
                packet.attachments.push(bytes.clone());
                Ok(self.complete(packet))
            }
            (None, Message::Bytes(_)) => Err(ProtocolError::UnexpectedBinary),
            (Some(_), Message::Text(_)) => Err(ProtocolError::MissingAttachment),
        }
    }

    fn complete(&mut self, packet: Incomplete<W>) -> Option<Packet<W>> {
        if packet.attachments.len() >= packet.header.attachments as usize {
            let Incomplete { header, json, attachments, .. } = packet;
            return Some(Packet { header, payload: IncomingPayload::Json(json, attachments) });
        }
        self.incomplete = Some(packet);
        None
    }
}

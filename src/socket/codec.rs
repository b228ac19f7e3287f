//! How packets are written and read: in the default format, or by a parser of the user's.

use super::Tag;
use super::assembler::{Assembler, Packet};
use super::io::Payload;
use super::namespace::Namespace;
use crate::engine::Outgoing;
use crate::protocol::{Bytes, Frame, Kind, Limits, Parser, ProtocolError, Text, Wire, header_text};

#[derive(Debug, Clone, PartialEq)]
enum Format<W: Wire> {
    Default(Assembler<W>),
    Parser(W::Parser),
}

/// The format of a session's packets, and on the way in the half of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Codec<W: Wire> {
    format: Format<W>,
    /// Whether the connection is given up for what came on it.
    stopped: bool,
}

impl<W: Wire> Codec<W> {
    /// The default format, or that of a parser.
    pub fn new(parser: Option<W::Parser>) -> Self {
        let format = parser.map_or_else(|| Format::Default(Assembler::new()), Format::Parser);
        Self { format, stopped: false }
    }

    /// A new connection begins.
    pub fn reset(&mut self) {
        self.stopped = false;
        match &mut self.format {
            Format::Default(assembler) => *assembler = Assembler::new(),
            Format::Parser(parser) => parser.reset(),
        }
    }

    /// Takes no more of this connection: what came after a malformed packet is not trusted.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Takes a frame; returns the packet it completes.
    pub fn read(&mut self, frame: Frame<W>, limits: &Limits) -> Result<Option<Packet<W>>, ProtocolError> {
        if self.stopped {
            return Ok(None);
        }
        match &mut self.format {
            Format::Default(assembler) => assembler.add(frame, limits),
            Format::Parser(parser) => {
                let size = match &frame {
                    Frame::Text(text) => text.len(),
                    Frame::Bytes(bytes) => bytes.len(),
                };
                if size > limits.max_packet_size {
                    return Err(ProtocolError::PacketTooLarge);
                }
                let packet = parser.add(frame)?;
                Ok(packet.map(|(header, value)| Packet { header, payload: Payload::Value(value) }))
            }
        }
    }

    /// A packet of a namespace, ready for the engine; `None` where the parser does not write it.
    pub fn write(
        &self,
        kind: Kind,
        namespace: &Namespace<W>,
        id: Option<u64>,
        payload: Option<Payload<W>>,
        tag: Tag,
    ) -> Option<Outgoing<W, Tag>> {
        let name = namespace.wire_name();
        let Format::Parser(parser) = &self.format else {
            let (json, attachments) = match payload {
                Some(Payload::Json(json, attachments)) => (Some(json), attachments),
                _ => (None, Vec::new()),
            };
            let header = header_text(kind, u32::try_from(attachments.len()).unwrap_or(u32::MAX), name, id);
            let text = json.map_or_else(|| header.clone(), |json| header.concat(&json));
            return Some(Outgoing::new(tag, Frame::Text(text), attachments.into_iter().map(Frame::Bytes)));
        };
        let value = match &payload {
            Some(Payload::Value(value)) => Some(value),
            _ => None,
        };
        let mut frames = parser.encode(kind, name, id, value)?.into_iter();
        Some(Outgoing::new(tag, frames.next()?, frames))
    }
}

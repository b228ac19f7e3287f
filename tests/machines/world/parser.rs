//! A user-supplied parser: it writes packets in the default format, and reads them at its own pace.

use socketio_wasm::protocol::{
    Frame, Header, Limits, PacketType, ProtocolError, StdWire, Text, message_text, read_header,
};
use socketio_wasm::socket::{IncomingPayload, Packet};
use std::collections::VecDeque;

/// The parser's treatment of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Reports the packet that it completes, and those held back.
    Now,
    /// Holds the packet back until the next frame.
    Later,
    /// Fails.
    Fails,
}

/// A packet whose attachments have not all come.
#[derive(Debug)]
struct Incomplete {
    header: Header<String>,
    value: serde_json::Value,
    missing: u32,
}

/// The parser.
#[derive(Debug, Default)]
pub struct Parser {
    /// Its treatment of each frame in turn; then `Now`.
    pub plan: VecDeque<Reading>,
    incomplete: Option<Incomplete>,
    held: Vec<Packet<StdWire>>,
}

impl Parser {
    /// A parser that does this with each frame in turn.
    pub fn new(plan: Vec<Reading>) -> Self {
        Self { plan: plan.into(), ..Self::default() }
    }

    /// Another connection begins.
    pub fn reset(&mut self) {
        self.incomplete = None;
        self.held.clear();
    }

    /// The packets that a frame completes.
    pub fn read(&mut self, frame: Frame<StdWire>) -> Result<Vec<Packet<StdWire>>, ProtocolError> {
        let reading = self.plan.pop_front().unwrap_or(Reading::Now);
        if reading == Reading::Fails {
            return Err(ProtocolError::Unparsable);
        }
        let incomplete = match (self.incomplete.take(), frame) {
            (None, Frame::Text(text)) => {
                let header = read_header(&text, 0, &Limits::default())?;
                let json = text.slice_from(header.payload_at);
                let json = if json.is_empty() { "null" } else { &json };
                let value = serde_json::from_str(json).map_err(|_| ProtocolError::BadJson)?;
                Incomplete { missing: header.attachments, value, header }
            }
            (Some(incomplete), Frame::Bytes(_)) => Incomplete { missing: incomplete.missing - 1, ..incomplete },
            _ => return Err(ProtocolError::UnexpectedBinary),
        };
        if incomplete.missing > 0 {
            self.incomplete = Some(incomplete);
            return Ok(Vec::new());
        }
        let Incomplete { header, value, .. } = incomplete;
        self.held.push(Packet { header: Header { attachments: 0, ..header }, payload: IncomingPayload::Value(value) });
        Ok(if reading == Reading::Later { Vec::new() } else { core::mem::take(&mut self.held) })
    }
}

/// A packet as the parser writes it.
pub(super) fn written(
    kind: PacketType,
    namespace: &str,
    id: Option<u64>,
    json: &str,
    attachments: Vec<Vec<u8>>,
) -> Vec<Frame<StdWire>> {
    let name = (namespace != "/").then(|| namespace.to_owned());
    let count = u32::try_from(attachments.len()).unwrap();
    let text = message_text(kind, count, name.as_ref(), id, &json.to_owned());
    let head = text.strip_prefix('4').expect("a message").to_owned();
    core::iter::once(Frame::Text(head)).chain(attachments.into_iter().map(Frame::Bytes)).collect()
}

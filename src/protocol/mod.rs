//! The formats on the wire: pure functions, without state, time or I/O.
//!
//! Two protocols, one inside the other: an Engine.IO packet ([`EnginePacket`]) is a digit and its data; a Socket.IO
//! packet ([`Header`] and payload) is the data of an Engine.IO message. Both exist in two versions; `version.rs` holds their
//! differences. Only headers are read here; the JSON behind them is handed on as a slice.

mod binary_payload;
mod body;
mod engine_packet;
mod error;
mod event_names;
mod limits;
mod payload;
mod reader;
mod socket_packet;
#[cfg(feature = "std-wire")]
mod std_wire;
mod tail;
mod version;
mod wire;

pub use body::Body;
pub use engine_packet::{EnginePacket, Frame, Message};
pub use error::ProtocolError;
pub use event_names::CLIENT_EVENTS;
pub use limits::Limits;
pub use payload::{PayloadReader, PayloadWriter, read_payload};
pub use socket_packet::{Header, PacketType, message_text, read_header};
#[cfg(feature = "std-wire")]
pub use std_wire::StdWire;
pub use tail::Tail;
pub use version::ProtocolVersion;
pub use wire::{Bytes, Handshake, Text, Wire};

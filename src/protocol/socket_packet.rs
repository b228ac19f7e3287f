//! Socket.IO packets: `<type>[<attachments>-][<namespace>,][<id>][JSON]`.

use super::engine_packet::MESSAGE;
use super::reader::Reader;
use super::{Limits, ProtocolError, Text};

/// The type of a Socket.IO packet, in the order of their digits on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PacketType {
    /// `0`: a client asks for a namespace, and a server grants it.
    Connect,
    /// `1`: either side leaves a namespace.
    Disconnect,
    /// `2`, or `5` with attachments.
    Event,
    /// `3`, or `6` with attachments.
    Ack,
    /// `4`: a server refuses a namespace.
    ConnectError,
}

impl PacketType {
    /// Returns the type with this digit.
    pub fn from_digit(digit: u8) -> Option<Self> {
        [Self::Connect, Self::Disconnect, Self::Event, Self::Ack, Self::ConnectError].get(usize::from(digit)).copied()
    }
}

/// The header before the payload.
#[derive(Debug, Clone, PartialEq)]
pub struct Header<T> {
    /// The packet's type.
    pub kind: PacketType,
    /// The number of binary frames that follow.
    pub attachments: u32,
    /// The namespace; `None` is `/`, which the wire leaves out.
    pub namespace: Option<T>,
    /// The acknowledgement that an event asks for, or that an ack gives.
    pub id: Option<u64>,
    /// The position of the JSON; the end of the string if there is none.
    pub payload_at: usize,
}

/// Reads the header of the packet that begins at `from`. Of the payload, only the first character is read.
pub fn read_header<T: Text>(text: &T, from: usize, limits: &Limits) -> Result<Header<T>, ProtocolError> {
    if text.len().saturating_sub(from) > limits.max_packet_size {
        return Err(ProtocolError::PacketTooLarge);
    }
    let mut reader = Reader::new(text, from);
    let (kind, binary) = match reader.peek() {
        b'0' => (PacketType::Connect, false),
        b'1' => (PacketType::Disconnect, false),
        b'2' => (PacketType::Event, false),
        b'3' => (PacketType::Ack, false),
        b'4' => (PacketType::ConnectError, false),
        b'5' => (PacketType::Event, true),
        b'6' => (PacketType::Ack, true),
        _ => return Err(text.code_unit_at(from).map_or(ProtocolError::EmptyPacket, ProtocolError::UnknownSocketType)),
    };
    reader.next();
    let mut attachments = 0;
    if binary {
        let count = reader.read_number(10, ProtocolError::TooManyAttachments)?;
        let count = count.filter(|_| reader.skip(b'-')).ok_or(ProtocolError::MissingAttachmentCount)?;
        attachments = u32::try_from(count).unwrap_or(u32::MAX);
        if attachments > limits.max_attachments {
            return Err(ProtocolError::TooManyAttachments);
        }
    }
    let mut namespace = None;
    if reader.peek() == b'/' {
        let at = reader.at();
        let end = text.find(b',', at);
        let stop = end.unwrap_or_else(|| text.len());
        namespace = read_namespace(text, at, stop);
        reader.jump(end.map_or(stop, |end| end + 1));
    }
    let mut id = None;
    if matches!(kind, PacketType::Event | PacketType::Ack) {
        id = reader.read_number(limits.max_id_digits, ProtocolError::IdTooLong)?;
        if reader.peek() != b'[' {
            return Err(ProtocolError::PayloadNotAnArray);
        }
    }
    Ok(Header { kind, attachments, namespace, id, payload_at: reader.at() })
}

/// Reads a namespace. Servers may append the query that a client gave (`/admin?token=x`): it is not part of the name.
fn read_namespace<T: Text>(text: &T, from: usize, to: usize) -> Option<T> {
    let name = text.slice(from, to);
    // The search is in the name alone: in the whole string, it would go through the payload as well.
    let name = match name.find(b'?', 0) {
        Some(query) => name.slice(0, query),
        None => name,
    };
    (name.len() > 1).then_some(name)
}

/// Writes an Engine.IO message with a packet in it: its header, from the end to the beginning, and `payload` as it is.
pub fn message_text<T: Text>(
    kind: PacketType,
    attachments: u32,
    namespace: Option<&T>,
    id: Option<u64>,
    payload: &T,
) -> T {
    let mut text = None;
    if let Some(id) = id {
        text = Some(payload.prefixed_with(id));
    }
    if let Some(namespace) = namespace {
        text = Some(namespace.concat(&T::from_ascii(",")).concat(text.as_ref().unwrap_or(payload)));
    }
    let digit = match (kind, attachments) {
        (PacketType::Connect, _) => 0,
        (PacketType::Disconnect, _) => 1,
        (PacketType::Event, 0) => 2,
        (PacketType::Ack, 0) => 3,
        (PacketType::ConnectError, _) => 4,
        (PacketType::Event, _) => 5,
        (PacketType::Ack, _) => 6,
    };
    if attachments > 0 {
        text = Some(T::from_ascii("-").concat(text.as_ref().unwrap_or(payload)).prefixed_with(attachments.into()));
    }
    // Both digits are written at once, since each write is a call of the platform.
    text.as_ref().unwrap_or(payload).prefixed_with(MESSAGE * 10 + digit)
}

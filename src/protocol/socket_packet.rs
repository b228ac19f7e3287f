//! Socket.IO packets: `<type>[<attachments>-][<namespace>,][<id>][JSON]`.

use super::{Limits, ProtocolError, Text};

/// The type of a Socket.IO packet, in the order of their digits on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `0`: a client asks for a namespace, a server grants it.
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

impl Kind {
    /// The type with this digit.
    pub fn from_digit(digit: u8) -> Option<Self> {
        [Self::Connect, Self::Disconnect, Self::Event, Self::Ack, Self::ConnectError].get(usize::from(digit)).copied()
    }
}

/// What stands before the payload.
#[derive(Debug, Clone, PartialEq)]
pub struct Header<T> {
    /// The packet's type.
    pub kind: Kind,
    /// How many binary frames follow.
    pub attachments: u32,
    /// The namespace; `None` is `/`, which the wire leaves out.
    pub namespace: Option<T>,
    /// The acknowledgement asked for (event) or given (ack).
    pub id: Option<u64>,
    /// Where the JSON begins; the end of the text where there is none.
    pub payload_at: usize,
}

const fn unit(character: u8) -> u16 {
    character as u16
}

/// Reads the header of `text`. The payload is only looked at as far as its first character.
pub fn read_header<T: Text>(text: &T, limits: &Limits) -> Result<Header<T>, ProtocolError> {
    if text.len() > limits.max_packet_size {
        return Err(ProtocolError::PacketTooLarge);
    }
    let kind_unit = text.unit(0).ok_or(ProtocolError::EmptyPacket)?;
    let (kind, binary) = match u8::try_from(kind_unit) {
        Ok(b'0') => (Kind::Connect, false),
        Ok(b'1') => (Kind::Disconnect, false),
        Ok(b'2') => (Kind::Event, false),
        Ok(b'3') => (Kind::Ack, false),
        Ok(b'4') => (Kind::ConnectError, false),
        Ok(b'5') => (Kind::Event, true),
        Ok(b'6') => (Kind::Ack, true),
        _ => return Err(ProtocolError::UnknownSocketType(kind_unit)),
    };
    let mut at = 1;
    let mut attachments = 0;
    if binary {
        let (count, digits) = read_number(text, at, 10, ProtocolError::TooManyAttachments)?;
        at += digits;
        if digits == 0 || text.unit(at) != Some(unit(b'-')) {
            return Err(ProtocolError::MissingAttachmentCount);
        }
        at += 1;
        attachments = u32::try_from(count).unwrap_or(u32::MAX);
        if attachments > limits.max_attachments {
            return Err(ProtocolError::TooManyAttachments);
        }
    }
    let mut namespace = None;
    if text.unit(at) == Some(unit(b'/')) {
        let end = text.find(b',', at);
        let stop = end.unwrap_or(text.len());
        namespace = read_namespace(text, at, stop);
        at = end.map_or(stop, |end| end + 1);
    }
    let mut id = None;
    if matches!(kind, Kind::Event | Kind::Ack) {
        let (number, digits) = read_number(text, at, limits.max_id_digits, ProtocolError::IdTooLong)?;
        if digits > 0 {
            id = Some(number);
        }
        at += digits;
        if text.unit(at) != Some(unit(b'[')) {
            return Err(ProtocolError::PayloadNotAnArray);
        }
    }
    Ok(Header { kind, attachments, namespace, id, payload_at: at })
}

/// Servers may append the query a client gave (`/admin?token=x`): it is no part of the name.
fn read_namespace<T: Text>(text: &T, from: usize, to: usize) -> Option<T> {
    let name = text.slice(from, to);
    // Looked for in the name alone: in the text, the payload would be searched as well.
    let name = match name.find(b'?', 0) {
        Some(query) => name.slice(0, query),
        None => name,
    };
    (name.len() > 1).then_some(name)
}

/// Reads decimal digits from `at`: their number, and how many there are.
pub(super) fn read_number<T: Text>(
    text: &T,
    at: usize,
    max_digits: u32,
    too_long: ProtocolError,
) -> Result<(u64, usize), ProtocolError> {
    let mut number: u64 = 0;
    let mut digits: usize = 0;
    while let Some(digit) = text.unit(at + digits).and_then(|unit| char::from_u32(unit.into())?.to_digit(10)) {
        digits += 1;
        if digits > max_digits as usize {
            return Err(too_long);
        }
        number = number.saturating_mul(10).saturating_add(digit.into());
    }
    Ok((number, digits))
}

/// Writes a header; the payload is appended to it as it is.
pub fn header_text<T: Text>(kind: Kind, attachments: u32, namespace: Option<&T>, id: Option<u64>) -> T {
    let mut text = T::from_ascii(match (kind, attachments) {
        (Kind::Connect, _) => "0",
        (Kind::Disconnect, _) => "1",
        (Kind::Event, 0) => "2",
        (Kind::Ack, 0) => "3",
        (Kind::ConnectError, _) => "4",
        (Kind::Event, _) => "5",
        (Kind::Ack, _) => "6",
    });
    if attachments > 0 {
        text = text.with_number(attachments.into()).concat(&T::from_ascii("-"));
    }
    if let Some(namespace) = namespace {
        text = text.concat(namespace).concat(&T::from_ascii(","));
    }
    match id {
        Some(id) => text.with_number(id),
        None => text,
    }
}

//! Malformed packets.

/// A packet breaks the protocol. This is always the peer's fault, and it ends the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolError {
    /// The packet is empty: it has no type.
    EmptyPacket,
    /// The Engine.IO type is not `0` to `6`; the code unit in its place.
    UnknownEngineType(u16),
    /// The Socket.IO type is not `0` to `6`; the code unit in its place.
    UnknownSocketType(u16),
    /// On polling, `b` is not followed by base64.
    BadBase64,
    /// In a polling payload of Engine.IO 3, the length of a packet is missing or exceeds the payload.
    BadLength,
    /// A binary packet does not say how many attachments it has.
    MissingAttachmentCount,
    /// The packet has more attachments than `Limits::max_attachments`.
    TooManyAttachments,
    /// The acknowledgement id has more digits than `Limits::max_id_digits`.
    IdTooLong,
    /// The packet exceeds `Limits::max_packet_size`.
    PacketTooLarge,
    /// The payload of an event or acknowledgement is not a JSON array.
    PayloadNotAnArray,
    /// The answer to a CONNECT has no session id.
    MissingSid,
    /// Binary data came that no packet announced.
    UnexpectedBinary,
    /// Another packet came in place of an announced attachment.
    MissingAttachment,
    /// A server does not send this Engine.IO packet at this point: a second OPEN.
    UnexpectedPacket,
    /// The payload is not JSON.
    BadJson,
    /// The first item of an event is neither a string nor a number, or is a name reserved for the client's own events.
    BadEventName,
    /// The user-supplied parser rejects the packet.
    Unparsable,
    /// A placeholder names no attachment, or values are nested deeper than `Limits::max_depth`.
    BadPlaceholder,
}

impl ProtocolError {
    /// Describes the error in a constant phrase.
    pub fn what(self) -> &'static str {
        match self {
            Self::EmptyPacket => "empty packet",
            Self::UnknownEngineType(_) => "unknown Engine.IO packet type",
            Self::UnknownSocketType(_) => "unknown Socket.IO packet type",
            Self::BadBase64 => "invalid base64",
            Self::BadLength => "invalid length of a packet",
            Self::MissingAttachmentCount => "missing number of attachments",
            Self::TooManyAttachments => "too many attachments",
            Self::IdTooLong => "acknowledgement id too long",
            Self::PacketTooLarge => "packet too large",
            Self::PayloadNotAnArray => "payload is not an array",
            Self::MissingSid => "CONNECT without a session id",
            Self::UnexpectedBinary => "binary data without a packet that announces it",
            Self::MissingAttachment => "another packet where an attachment was announced",
            Self::UnexpectedPacket => "packet not expected at this point",
            Self::BadJson => "payload is not JSON",
            Self::BadEventName => "event name is neither a string nor a number, or is reserved",
            Self::Unparsable => "the parser cannot read it",
            Self::BadPlaceholder => "placeholder without its attachment",
        }
    }
}

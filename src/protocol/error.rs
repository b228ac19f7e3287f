//! What can be wrong with a packet.

/// A packet that breaks the protocol: always the peer's fault, and the end of the connection it came on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolError {
    /// A packet without even a type.
    EmptyPacket,
    /// An Engine.IO type that is not `0` to `6`; the code unit that stands there.
    UnknownEngineType(u16),
    /// A Socket.IO type that is not `0` to `6`; the code unit that stands there.
    UnknownSocketType(u16),
    /// `b` on polling, and no base64 behind it.
    BadBase64,
    /// A polling payload of Engine.IO 3 in which the length of a packet is missing, or is more than there is.
    BadLength,
    /// A binary packet type whose number of attachments is missing.
    MissingAttachmentCount,
    /// More attachments than `Limits::max_attachments`.
    TooManyAttachments,
    /// More digits in an acknowledgement id than `Limits::max_id_digits`.
    IdTooLong,
    /// More than `Limits::max_packet_size`.
    PacketTooLarge,
    /// An event or acknowledgement whose payload is not a JSON array.
    PayloadNotAnArray,
    /// A CONNECT packet that answers without a session id.
    MissingSid,
    /// Binary data that no packet announced.
    UnexpectedBinary,
    /// Another packet where an announced attachment should come.
    MissingAttachment,
    /// An Engine.IO packet that a server does not send at this point, such as a second OPEN.
    UnexpectedPacket,
    /// The payload is not JSON.
    BadJson,
    /// The first item of an event is not its name, or is one that the client keeps for its own events.
    BadEventName,
    /// A packet that the user's parser does not take.
    Unparsable,
    /// A placeholder that names no attachment, or values nested deeper than `Limits::max_depth`.
    BadPlaceholder,
}

impl ProtocolError {
    /// What was wrong, in a few constant words.
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
            Self::BadEventName => "event name is neither text nor number, or is reserved",
            Self::Unparsable => "the parser cannot read it",
            Self::BadPlaceholder => "placeholder without its attachment",
        }
    }
}

//! Limits on the memory that a peer can make this client use.

use crate::tables::defaults;

/// Limits on packets from the server. The defaults let every real message through and stop a runaway one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most binary attachments of one packet. The original client allows 10, and loses its connection over the eleventh.
    pub max_attachments: u32,
    /// The most digits of an acknowledgement id. At most 15, so that the number is exact in JS.
    pub max_id_digits: u32,
    /// The largest packet: code units of a string, bytes of an attachment, or of all its attachments together.
    pub max_packet_size: usize,
    /// The depth to which nested values are searched when attachments are taken out of them or put back.
    pub max_depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_attachments: defaults::MAX_ATTACHMENTS,
            max_id_digits: defaults::MAX_ID_DIGITS,
            max_packet_size: defaults::MAX_PACKET_SIZE,
            max_depth: defaults::MAX_DEPTH,
        }
    }
}

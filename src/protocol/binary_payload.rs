//! Polling payloads of Engine.IO 3 in bytes: each packet is 0 for a string or 1 for binary data, the digits of its length as numbers,
//! 255, and the packet itself.
//!
//! Servers answer in this form if there is binary data, or always. A POST is written in it if it has a character beyond ASCII: each
//! server counts such a character differently in the form in text, and npm `socket.io` 1.x closes the connection over it.

use super::version::MESSAGE;
use super::{Bytes, Frame, Text, Wire};

/// Stands before a string.
const TEXT: u8 = 0;
/// Stands before binary data.
const BINARY: u8 = 1;
/// Stands behind the length.
const END: u8 = 255;
/// A length has no more digits than this.
const MOST_DIGITS: usize = 9;

/// Returns true if bytes begin as a payload of this form does.
pub(super) fn is_begun<B: Bytes>(bytes: &B) -> bool {
    matches!(bytes.byte_at(0), Some(TEXT | BINARY))
}

/// Reads the packet that begins at `from`: the packet as a frame of a websocket, and where it ends.
pub(super) fn read<W: Wire>(payload: &W::Bytes, from: usize) -> Option<(Frame<W>, usize)> {
    let kind = payload.byte_at(from)?;
    let mut at = from.checked_add(1)?;
    let first_digit = at;
    let mut length = 0_usize;
    while let digit @ 0..=9 = payload.byte_at(at)? {
        if at.saturating_sub(first_digit) == MOST_DIGITS {
            return None;
        }
        length = length.checked_mul(10)?.checked_add(digit.into())?;
        at = at.checked_add(1)?;
    }
    if at == first_digit || payload.byte_at(at) != Some(END) {
        return None;
    }
    let begin = at.checked_add(1)?;
    let end = begin.checked_add(length).filter(|end| *end <= payload.len())?;
    let packet = payload.slice(begin, end);
    match kind {
        TEXT => Some((Frame::Text(packet.to_text()), end)),
        BINARY => Some((Frame::Bytes(packet), end)),
        _ => None,
    }
}

/// Writes frames as such a payload.
pub(super) fn write<W: Wire>(frames: Vec<Frame<W>>) -> W::Bytes {
    let mut parts = Vec::new();
    for frame in frames {
        let (kind, packet) = match frame {
            Frame::Text(text) => (TEXT, W::Bytes::from_text(&text)),
            Frame::Bytes(bytes) => (BINARY, bytes.prefixed_with(MESSAGE)),
        };
        parts.push(W::Bytes::from_slice(&header(kind, packet.len())));
        parts.push(packet);
    }
    W::Bytes::join(parts)
}

fn header(kind: u8, length: usize) -> Vec<u8> {
    let mut header = vec![END];
    let mut left = length;
    loop {
        header.push((left % 10) as u8);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    header.push(kind);
    header.reverse();
    header
}

/// Returns true for a string with a character beyond ASCII.
pub(super) fn is_beyond_ascii<W: Wire>(frame: &Frame<W>) -> bool {
    matches!(frame, Frame::Text(text) if text.utf8_len() != text.utf16_len())
}

//! Reads the header before a payload, a character at a time.

use super::{ProtocolError, Text};

/// A position in a string, and the characters that are known to follow: four are fetched from the platform at once.
pub(super) struct Reader<'a, T> {
    text: &'a T,
    at: usize,
    /// The fetched characters from `at` on, the next one in the lowest byte.
    ahead: u32,
    known: u8,
}

impl<'a, T: Text> Reader<'a, T> {
    pub fn new(text: &'a T, at: usize) -> Self {
        Self { text, at, ahead: 0, known: 0 }
    }

    /// Returns the position.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Returns the character here; 255 at the end, or for a character beyond ASCII.
    pub fn peek(&mut self) -> u8 {
        if self.known == 0 {
            self.ahead = self.text.peek(self.at);
            self.known = 4;
        }
        self.ahead as u8
    }

    /// Steps over the character here.
    pub fn next(&mut self) {
        self.at = self.at.saturating_add(1);
        self.ahead >>= 8;
        self.known = self.known.saturating_sub(1);
    }

    /// Steps over `wanted` if it stands here. Returns whether it does.
    pub fn skip(&mut self, wanted: u8) -> bool {
        let is_here = self.peek() == wanted;
        if is_here {
            self.next();
        }
        is_here
    }

    /// Moves to another position.
    pub fn jump(&mut self, at: usize) {
        *self = Self::new(self.text, at);
    }

    /// Reads decimal digits. Returns `None` if there are none here, and fails if there are more than `max_digits`.
    pub fn read_number(&mut self, max_digits: u32, too_long: ProtocolError) -> Result<Option<u64>, ProtocolError> {
        let mut number = None;
        let mut digits = 0;
        while let digit @ b'0'..=b'9' = self.peek() {
            self.next();
            digits += 1;
            if digits > max_digits {
                return Err(too_long);
            }
            number = Some(number.unwrap_or(0_u64).saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        }
        Ok(number)
    }
}

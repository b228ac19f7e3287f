//! Reads the strings of JSON. One without escapes is borrowed.

use super::error::ValueError;
use super::read::{Reader, no_json};

/// A string that was read.
pub(super) enum Text<'de> {
    Whole(&'de str),
    /// It is in `scratch`.
    Unescaped,
}

impl<'de> Reader<'de> {
    /// Reads a string.
    pub fn string(&mut self) -> Result<Text<'de>, ValueError> {
        self.expect(b'"')?;
        let start = self.at;
        let plain = self.plain();
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(Text::Whole(plain));
        }
        self.scratch.clear();
        self.scratch.push_str(plain);
        loop {
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                _ => return Err(no_json().located(start)),
            }
            let plain = self.plain();
            self.scratch.push_str(plain);
        }
        self.at += 1;
        Ok(Text::Unescaped)
    }

    /// Reads up to a quote or an escape.
    fn plain(&mut self) -> &'de str {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_end = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
        let end = self.at + rest.iter().position(is_end).unwrap_or(rest.len());
        let plain = self.text.get(self.at..end).unwrap_or_default();
        self.at = end;
        plain
    }

    fn escape(&mut self) -> Result<(), ValueError> {
        self.at += 1;
        let escaped = self.byte();
        self.at += 1;
        let character = match escaped {
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => byte.into(),
            Some(b'u') => {
                let unit = self.unit()?;
                let before = self.at;
                match unit {
                    0xd800..0xdc00 if self.rest().starts_with("\\u") => {
                        self.at += 2;
                        let low = self.unit()?;
                        match low {
                            0xdc00..0xe000 => {
                                let point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                                char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)
                            }
                            _ => {
                                self.at = before;
                                char::REPLACEMENT_CHARACTER
                            }
                        }
                    }
                    // Half of a character is no character in Rust.
                    _ => char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER),
                }
            }
            _ => return Err(no_json().located(self.at)),
        };
        self.scratch.push(character);
        Ok(())
    }

    /// Reads the four digits of a unit of UTF-16.
    fn unit(&mut self) -> Result<u32, ValueError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or_else(|| no_json().located(self.at))?;
            self.at += 1;
        }
        Ok(unit)
    }
}

//! Bodies of HTTP requests and of their answers.

use super::{Bytes, Wire};

/// A payload of polling as HTTP carries it.
#[derive(Debug, Clone, PartialEq)]
pub enum Body<W: Wire> {
    /// A string.
    Text(W::Text),
    /// Bytes: a form that Engine.IO 3 has beside the one in text.
    Bytes(W::Bytes),
}

impl<W: Wire> Body<W> {
    /// The body as a string. Bytes are read as UTF-8.
    pub fn into_text(self) -> W::Text {
        match self {
            Self::Text(text) => text,
            Self::Bytes(bytes) => bytes.to_text(),
        }
    }
}

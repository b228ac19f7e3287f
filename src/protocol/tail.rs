//! A string from some position on.

use super::Text;
use core::fmt::{Debug, Formatter};

/// The part of a string behind what was read of it. It is cut off when somebody asks for it: most readers only look at it, or hand
/// the string and the position on.
#[derive(Clone)]
pub struct Tail<T> {
    /// The whole string.
    pub text: T,
    /// The position at which the part begins.
    pub from: usize,
}

impl<T: Text> Tail<T> {
    /// The length of the part in code units.
    pub fn len(&self) -> usize {
        self.text.len().saturating_sub(self.from)
    }

    /// Returns true if the part is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The part as a string of its own.
    pub fn into_text(self) -> T {
        if self.from == 0 { self.text } else { self.text.slice_from(self.from) }
    }

    /// The same, without giving up the whole.
    pub fn to_text(&self) -> T {
        self.clone().into_text()
    }
}

impl<T> From<T> for Tail<T> {
    fn from(text: T) -> Self {
        Self { text, from: 0 }
    }
}

/// Shown as the part is.
impl<T: Text> Debug for Tail<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        self.to_text().fmt(formatter)
    }
}

/// Equal if the parts are.
impl<T: Text> PartialEq for Tail<T> {
    fn eq(&self, other: &Self) -> bool {
        self.to_text() == other.to_text()
    }
}

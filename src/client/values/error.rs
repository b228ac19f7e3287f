//! The error of a conversion, and the place at which it happened.

use super::super::error::Error;
use super::place::{SHOWN, path_of, shown};
use core::fmt::{self, Display};
use js_sys::Uint8Array;
use serde::{de, ser};

/// A value that cannot be written, or a string that cannot be read as a type. It is one pointer, since all results carry it.
#[derive(Debug)]
pub(super) struct ValueError(Box<Details>);

#[derive(Debug)]
struct Details {
    why: String,
    at: Option<usize>,
    path: Option<String>,
}

impl ValueError {
    pub fn new(why: impl Into<String>) -> Self {
        Self(Box::new(Details { why: why.into(), at: None, path: None }))
    }

    /// Returns the error of an argument that did not come.
    pub fn missing(argument: usize) -> Self {
        let path = Some(format!("[{argument}]"));
        Self(Box::new(Details { why: "expected one more argument".into(), at: None, path }))
    }

    /// Sets the offset of the value at fault, unless a deeper one is known.
    #[cold]
    pub fn located(mut self, at: usize) -> Self {
        if self.0.path.is_none() {
            self.0.at.get_or_insert(at);
        }
        self
    }

    /// Returns serde's message.
    pub fn into_why(self) -> String {
        self.0.why
    }

    /// Returns the description of a value in this JSON that does not have the type as which it was read.
    pub fn explained(self, json: &str, binary: &[Uint8Array]) -> Mismatch {
        let Details { why, at, path } = *self.0;
        match (path, at) {
            (Some(path), _) => Mismatch { path, why, found: "nothing".into() },
            (None, Some(at)) => {
                let path = path_of(json.get(..at).unwrap_or_default(), 0);
                Mismatch { path, why, found: shown(json, at, binary) }
            }
            (None, None) => Mismatch { path: String::new(), why, found: shown(json, 0, binary) },
        }
    }
}

/// A value that does not have the type as which it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The place of the value, such as `[0].items[3].price`.
    pub path: String,
    /// The expected type or serde's message.
    pub why: String,
    /// The value as JSON.
    pub found: String,
}

impl Error {
    /// Returns the error of a received item that has another type.
    pub(in super::super) fn wrong_type(of: String, namespace: Option<&str>, mismatch: Mismatch) -> Self {
        let Mismatch { path, why, found } = mismatch;
        Self::WrongType { of, namespace: namespace.map(str::to_owned), path, why, found }
    }
}

/// Writes the message of a received item that has another type: its path, the reason, and the value.
pub fn write_mismatch(
    f: &mut fmt::Formatter<'_>,
    of: &str,
    namespace: Option<&str>,
    [path, why, found]: [&str; 3],
) -> fmt::Result {
    f.write_str(of)?;
    if let Some(namespace) = namespace {
        write!(f, " of {namespace:?}")?;
    }
    write!(f, " is not of the type that was asked for: {why}")?;
    if !path.is_empty() {
        write!(f, " at {path}")?;
    }
    if found.is_empty() { Ok(()) } else { write!(f, ", found {found}") }
}

impl Display for ValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.why)
    }
}

impl core::error::Error for ValueError {}

impl ser::Error for ValueError {
    #[cold]
    fn custom<T: Display>(why: T) -> Self {
        Self::new(why.to_string())
    }
}

// The value is shown as it came, not by serde: that would link the formatting of floats.
impl de::Error for ValueError {
    #[cold]
    fn custom<T: Display>(why: T) -> Self {
        let mut why = why.to_string();
        // An unknown field or variant is in it, as the server sent it.
        if let Some((end, _)) = why.char_indices().nth(SHOWN) {
            why.truncate(end);
            why.push('…');
        }
        Self::new(why)
    }

    #[cold]
    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }

    #[cold]
    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }
}

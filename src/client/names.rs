//! Checks the names of namespaces and events.

use super::error::Error;
use super::event::FINAL;
use super::redact;
use crate::tables::UNEMITTABLE_EVENTS;

pub(super) use crate::shell::ROOT;

/// Stands for any namespace.
pub(super) const ANY: &str = "*";

/// Returns the name of a namespace, if the protocol can carry it.
pub(super) fn namespace(name: &str) -> Result<&str, Error> {
    if name.starts_with('/') && !name.contains(is_bad) { Ok(name) } else { Err(Error::InvalidNamespace(shown(name))) }
}

fn is_bad(character: char) -> bool {
    matches!(character, ',' | '?') || character.is_control()
}

/// Returns the part of an invalid name that an error may show. A query may contain a token, and a string without `/`
/// may be anything.
pub(super) fn shown(name: &str) -> String {
    if !name.starts_with('/') {
        return redact::kind_of(name);
    }
    name.split_once(is_bad).map_or_else(|| name.to_owned(), |(valid, _)| format!("{valid}…"))
}

/// Returns the name of an event, if it can be emitted or come from the server.
pub(super) fn event(name: &str) -> Result<&str, Error> {
    if UNEMITTABLE_EVENTS.contains(&name) { Err(Error::InvalidEvent(name.to_owned())) } else { Ok(name) }
}

/// Returns the name of an event, if a handler or a stream can receive it. Reserved events have methods of their own.
pub(super) fn handled(name: &str) -> Result<&str, Error> {
    if [ANY, FINAL].contains(&name) { Err(Error::InvalidEvent(name.to_owned())) } else { event(name) }
}

//! Names of namespaces and events.

use super::error::Error;
use super::event::FINAL;
use super::redact;
use crate::tables::UNEMITTABLE_EVENTS;

/// The namespace that is meant where none is said.
pub(super) const ROOT: &str = "/";
/// Stands for any namespace.
pub(super) const ANY: &str = "*";

/// The name of a namespace, as the protocol has it.
pub(super) fn namespace(name: &str) -> Result<&str, Error> {
    if name.starts_with('/') && !name.contains(is_bad) { Ok(name) } else { Err(Error::InvalidNamespace(shown(name))) }
}

fn is_bad(character: char) -> bool {
    matches!(character, ',' | '?') || character.is_control()
}

/// What may be shown of a name that may be none: a query may hold a token, and what does not begin with `/` may be anything.
pub(super) fn shown(name: &str) -> String {
    if !name.starts_with('/') {
        return redact::kind_of(name);
    }
    name.split_once(is_bad).map_or_else(|| name.to_owned(), |(valid, _)| format!("{valid}…"))
}

/// The name of an event that can be emitted, or come from the server.
pub(super) fn event(name: &str) -> Result<&str, Error> {
    if UNEMITTABLE_EVENTS.contains(&name) { Err(Error::InvalidEvent(name.to_owned())) } else { Ok(name) }
}

/// The name of an event that a handler can be for by that name. Those of what happens to the connection have handlers of their own.
pub(super) fn handled(name: &str) -> Result<&str, Error> {
    if [ANY, FINAL].contains(&name) { Err(Error::InvalidEvent(name.to_owned())) } else { event(name) }
}

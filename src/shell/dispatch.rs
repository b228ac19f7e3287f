//! Finds the listeners of an event: the precedence of catch-alls.

/// Lists of listeners by namespace and event, `*` standing for any of them.
pub trait ListenerTable {
    /// A name of a namespace or an event.
    type Name: ?Sized;
    /// The listeners of one event, or a class.
    type List;

    /// The listeners of exactly this pair; `None` is `*`.
    fn get(&self, namespace: Option<&Self::Name>, event: Option<&Self::Name>) -> Option<Self::List>;

    /// Returns true if any event of the namespace has a listener.
    fn has_namespace(&self, namespace: &Self::Name) -> bool;

    /// The class registered for exactly this namespace, which serves all of its events; `None` is `*`.
    fn class(&self, namespace: Option<&Self::Name>) -> Option<Self::List>;
}

/// The arguments of a listener before the event's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// None: a listener of this event.
    Nothing,
    /// The event: a catch-all of its namespace, or its class.
    Event,
    /// The namespace: a catch-all of namespaces, for this event.
    Namespace,
    /// The event, then the namespace: a catch-all of both, or the class of all namespaces.
    EventAndNamespace,
}

impl Prefix {
    /// Returns the prefix with the event, the namespace, both or none.
    pub fn new(has_event: bool, has_namespace: bool) -> Self {
        match (has_event, has_namespace) {
            (false, false) => Self::Nothing,
            (true, false) => Self::Event,
            (false, true) => Self::Namespace,
            (true, true) => Self::EventAndNamespace,
        }
    }

    /// Returns true if the listeners receive the event.
    pub fn has_event(self) -> bool {
        matches!(self, Self::Event | Self::EventAndNamespace)
    }

    /// Returns true if the listeners receive the namespace.
    pub fn has_namespace(self) -> bool {
        matches!(self, Self::Namespace | Self::EventAndNamespace)
    }
}

/// Listeners, and the arguments that precede those of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<L> {
    /// The listeners.
    pub list: L,
    /// Precedes the arguments.
    pub prefix: Prefix,
}

/// Finds the listeners of an event, the first of:
///
/// 1. those of this namespace and event;
/// 2. the namespace's catch-alls, unless the event is reserved;
/// 3. the event's listeners for all namespaces, reserved or not;
/// 4. the catch-alls of all namespaces, unless the event is reserved;
/// 5. the namespace's class, reserved event or not;
/// 6. the class of all namespaces, likewise.
///
/// A namespace that has a listener of its own, for whatever event, is never served by 3 and 4; one that has a class is never
/// served by 6, whether that class knows the event or not: so python-socketio does it.
pub fn find_listeners<T: ListenerTable>(
    table: &T,
    namespace: &T::Name,
    event: &T::Name,
    reserved: bool,
) -> Option<Found<T::List>> {
    let found = |list: Option<T::List>, prefix| list.map(|list| Found { list, prefix });
    let catch_all = |namespace, prefix| if reserved { None } else { found(table.get(namespace, None), prefix) };
    if let Some(exact) = found(table.get(Some(namespace), Some(event)), Prefix::Nothing) {
        return Some(exact);
    }
    let function = if table.has_namespace(namespace) {
        catch_all(Some(namespace), Prefix::Event)
    } else {
        found(table.get(None, Some(event)), Prefix::Namespace).or_else(|| catch_all(None, Prefix::EventAndNamespace))
    };
    function
        .or_else(|| found(table.class(Some(namespace)), Prefix::Event))
        .or_else(|| found(table.class(None), Prefix::EventAndNamespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Table(Vec<(&'static str, &'static str)>);

    impl ListenerTable for Table {
        type Name = str;
        type List = (String, String);
        fn get(&self, namespace: Option<&str>, event: Option<&str>) -> Option<(String, String)> {
            let wanted = (namespace.unwrap_or("*"), event.unwrap_or("*"));
            self.0.iter().find(|entry| **entry == wanted).map(|(n, e)| ((*n).to_owned(), (*e).to_owned()))
        }
        fn has_namespace(&self, namespace: &str) -> bool {
            self.0.iter().any(|(name, event)| *name == namespace && *event != CLASS)
        }
        fn class(&self, namespace: Option<&str>) -> Option<(String, String)> {
            self.get(namespace, Some(CLASS))
        }
    }

    const CLASS: &str = "(class)";

    #[test]
    fn precedence() {
        use Prefix::{Event, EventAndNamespace, Namespace, Nothing};
        let all = vec![("/a", "e"), ("/a", "*"), ("*", "e"), ("*", "*")];
        let unrelated = vec![("/a", "other"), ("*", "e"), ("*", "*")];
        let reserved = vec![("/b", "*"), ("*", "connect"), ("*", "*")];
        let classes = vec![("/a", CLASS), ("*", CLASS)];
        for (handlers, event, is_reserved, expected) in [
            (all.clone(), "e", false, Some(("/a", "e", Nothing))),
            (all[1..].to_vec(), "e", false, Some(("/a", "*", Event))),
            (all[2..].to_vec(), "e", false, Some(("*", "e", Namespace))),
            (all[3..].to_vec(), "e", false, Some(("*", "*", EventAndNamespace))),
            (vec![], "e", false, None),
            (unrelated, "e", false, None),
            (reserved, "connect", true, Some(("*", "connect", Namespace))),
            (vec![("/a", "*")], "connect", true, None),
            (vec![("*", "*")], "connect", true, None),
            (vec![("/a", "connect")], "connect", true, Some(("/a", "connect", Nothing))),
            (classes.clone(), "e", false, Some(("/a", CLASS, Event))),
            (classes.clone(), "connect", true, Some(("/a", CLASS, Event))),
            (classes[1..].to_vec(), "connect", true, Some(("*", CLASS, EventAndNamespace))),
            (vec![("/a", "e"), ("/a", CLASS)], "e", false, Some(("/a", "e", Nothing))),
            (vec![("/a", "other"), ("/a", CLASS), ("*", "*")], "e", false, Some(("/a", CLASS, Event))),
            (vec![("*", "*"), ("/a", CLASS)], "e", false, Some(("*", "*", EventAndNamespace))),
            (vec![("*", "*"), ("/a", CLASS)], "connect", true, Some(("/a", CLASS, Event))),
            (vec![("/b", CLASS)], "e", false, None),
        ] {
            let found = find_listeners(&Table(handlers.clone()), "/a", event, is_reserved);
            let expected = expected.map(|(n, e, prefix)| Found { list: (n.to_owned(), e.to_owned()), prefix });
            assert_eq!(found, expected, "{handlers:?} {event}");
        }
    }
}

//! Handlers: the table of closures by namespace and event, and the acknowledgements that they return.

use super::arguments::to_js;
use super::event::HandlerEvent;
use super::names::ANY;
#[cfg(feature = "frameworks")]
use super::task::Task;
use super::{Error, Scope};
use crate::shell::HandlerTable;
#[cfg(feature = "frameworks")]
use futures::channel::oneshot;
use js_sys::Array;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::rc::{Rc, Weak};

/// The values with which a handler answers; `None` if no acknowledgement was asked for.
#[doc(hidden)]
pub type Answered = Option<Result<Array, Error>>;

/// An acknowledgement, now or later. [`ClientNamespace::on_event`](super::ClientNamespace::on_event) returns one.
///
/// ```no_run
/// # use socketio_wasm::{Error, Event, Ack, Scope};
/// # async fn example() -> Result<(), Error> {
/// fn reply(chat: Scope, event: Event) -> Result<Ack, Error> {
///     Ok(match event.name() {
///         "add" => Ack::value(event.parse::<(u32, u32)>().map(|(a, b)| a + b)?),
///         "ask" => Ack::later(async move { chat.call::<String>("look up", ()).await.unwrap_or_default() }),
///         _ => Ack::nothing(),
///     })
/// }
/// # Ok(())
/// # }
/// ```
pub enum Ack {
    #[doc(hidden)]
    Now(Answered),
    #[doc(hidden)]
    Later(Pin<Box<dyn Future<Output = Answered>>>),
}

impl Ack {
    /// Returns an acknowledgement without values.
    pub fn nothing() -> Self {
        Self::value(())
    }

    /// Returns an acknowledgement with a value; a tuple is several values.
    pub fn value(value: impl Serialize) -> Self {
        Self::Now(answered(&value, true))
    }

    /// Starts the future of a later acknowledgement at once, as one of these tasks. If the list of tasks is dropped
    /// before the future ends, the acknowledgement is empty.
    #[cfg(feature = "frameworks")]
    pub(crate) fn within(self, tasks: &Weak<RefCell<Vec<Task>>>, is_ack_wanted: bool) -> Self {
        let Self::Later(reply) = self else { return self };
        let Some(tasks) = tasks.upgrade() else { return Self::Now(answered(&(), is_ack_wanted)) };
        let (sender, receiver) = oneshot::channel();
        let task = Task::run(async move { drop(sender.send(reply.await)) });
        let mut tasks = tasks.borrow_mut();
        tasks.retain(|task| !task.is_over());
        tasks.push(task);
        Self::Later(Box::pin(async move { receiver.await.unwrap_or_else(|_| answered(&(), is_ack_wanted)) }))
    }

    /// Returns an acknowledgement with the output of a future; a tuple is several values.
    pub fn later<T: Serialize>(value: impl Future<Output = T> + 'static) -> Self {
        Self::Later(Box::pin(async move { answered(&value.await, true) }))
    }
}

/// A type that a handler can return: a value, or a future of one. The value answers the server if it has asked for an
/// acknowledgement: a tuple is several values, `()` is none.
///
/// The value can be a `Result` with the crate's [`Error`](super::Error), so that the handler can use `?`. An error is
/// reported to the builder's `on_error`, and the server receives no acknowledgement. A `Result` with another error type
/// is a value like others, which serde serializes as `{ "Ok": .. }`.
///
/// `Kind` distinguishes these cases. It is always inferred.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{IntoAck, Client, Error};
/// # use serde::de::DeserializeOwned;
/// # async fn example(client: &Client) -> Result<(), Error> {
/// /// Adds a handler that is logged.
/// fn on_logged<A, R, Kind>(client: &Client, event: &'static str, handler: impl Fn(Client, A) -> R + 'static)
/// where
///     A: DeserializeOwned,
///     R: IntoAck<Kind>,
/// {
///     let logged = move |client, arguments| {
///         log(event);
///         handler(client, arguments)
///     };
///     client.on(event, logged).keep();
/// }
///
/// on_logged(client, "add", |_client, (a, b): (u32, u32)| a + b);
/// on_logged(client, "later", |_client, (): ()| async { "done" });
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "neither a value that serde can serialize, nor a future of one",
    note = "the return value of a handler is the acknowledgement: `()`, a value, a tuple of values, or a future of these",
    note = "a handler that can fail returns a `Result` of these and `socketio_wasm::Error`, which goes to the builder's `on_error`"
)]
pub trait IntoAck<Kind> {
    #[doc(hidden)]
    fn into_ack(self, is_ack_wanted: bool) -> Ack;
}

/// The kind of a handler that returns a value.
pub struct Now;

/// The kind of a handler that returns a future.
pub struct Later;

/// The kind of a handler that can fail.
pub struct Try;

/// The kind of a handler whose future can fail.
pub struct TryLater;

fn answered(value: &impl Serialize, is_ack_wanted: bool) -> Answered {
    is_ack_wanted.then(|| to_js(value).map_err(Error::Unserializable))
}

impl<T: Serialize> IntoAck<Now> for T {
    fn into_ack(self, is_ack_wanted: bool) -> Ack {
        Ack::Now(answered(&self, is_ack_wanted))
    }
}

impl<F: Future<Output = T> + 'static, T: Serialize> IntoAck<Later> for F {
    fn into_ack(self, is_ack_wanted: bool) -> Ack {
        Ack::Later(Box::pin(async move { answered(&self.await, is_ack_wanted) }))
    }
}

fn tried<T: Serialize>(result: Result<T, Error>, is_ack_wanted: bool) -> Answered {
    match result {
        Ok(value) => answered(&value, is_ack_wanted),
        Err(error) => Some(Err(error)),
    }
}

impl<T: Serialize> IntoAck<Try> for Result<T, Error> {
    fn into_ack(self, is_ack_wanted: bool) -> Ack {
        Ack::Now(tried(self, is_ack_wanted))
    }
}

impl<F: Future<Output = Result<T, Error>> + 'static, T: Serialize> IntoAck<TryLater> for F {
    fn into_ack(self, is_ack_wanted: bool) -> Ack {
        Ack::Later(Box::pin(async move { tried(self.await, is_ack_wanted) }))
    }
}

/// A handler without its types. Its arguments are the namespace, the event, and true if an acknowledgement is asked
/// for.
pub(super) type Handler = Rc<dyn Fn(Scope, HandlerEvent, bool) -> Ack>;

struct Entry {
    namespace: Box<str>,
    event: Box<str>,
    handler: Handler,
    /// Unique, so that a subscription removes its own handler and no later one.
    number: u64,
}

/// Handlers in the order of namespaces and events, for binary search: less code than maps. The last one of several for
/// one event is called, until it is removed.
#[derive(Default)]
struct Entries(Vec<Entry>);

impl Entries {
    /// Returns the places of the handlers of an event.
    fn range(&self, namespace: &str, event: &str) -> Range<usize> {
        let key = (namespace, event);
        let begin = self.0.partition_point(|entry| (&*entry.namespace, &*entry.event) < key);
        let end = self.0.partition_point(|entry| (&*entry.namespace, &*entry.event) <= key);
        begin..end
    }
}

/// The table of handlers. `*` stands for any namespace, and for any event.
#[derive(Default)]
pub(super) struct Handlers {
    entries: RefCell<Entries>,
    /// Handlers for all events of a namespace.
    classes: RefCell<Vec<(Box<str>, Handler)>>,
    last: Cell<u64>,
}

impl Handlers {
    /// Registers a handler, which is called in place of earlier ones, and returns its number.
    pub fn set(&self, namespace: &str, event: &str, handler: Handler) -> u64 {
        let number = self.next_number();
        self.set_numbered(namespace, event, handler, number);
        number
    }

    /// Returns the number of the next handler, for a handler that must know its own number.
    pub fn next_number(&self) -> u64 {
        let number = self.last.get().wrapping_add(1);
        self.last.set(number);
        number
    }

    /// Registers a handler under its number.
    pub fn set_numbered(&self, namespace: &str, event: &str, handler: Handler, number: u64) {
        let mut entries = self.entries.borrow_mut();
        let end = entries.range(namespace, event).end;
        entries.0.insert(end, Entry { namespace: namespace.into(), event: event.into(), handler, number });
    }

    /// Drops the handlers before the one with this number: they will never be called again.
    fn forget_before(&self, namespace: &str, event: &str, number: u64) {
        let mut entries = self.entries.borrow_mut();
        let range = entries.range(namespace, event);
        let begin = range.start;
        let is_own = |at: &usize| entries.0.get(*at).is_some_and(|entry| entry.number == number);
        let Some(own) = range.into_iter().find(is_own) else { return };
        let forgotten: Vec<Entry> = entries.0.drain(begin..own).collect();
        // Not dropped within the borrow: they may own values whose destructors register or remove handlers.
        drop(entries);
        drop(forgotten);
    }

    /// Registers the handler of all events of a namespace.
    pub fn set_class(&self, namespace: &str, handler: Handler) {
        let mut classes = self.classes.borrow_mut();
        let before = match classes.iter_mut().find(|(name, _)| **name == *namespace) {
            Some((_, class)) => Some(core::mem::replace(class, handler)),
            None => {
                classes.push((namespace.into(), handler));
                None
            }
        };
        drop(classes);
        drop(before);
    }

    /// Removes the handler with this number, or without a number all handlers of the event. Returns true if there was
    /// one.
    pub fn remove(&self, namespace: &str, event: &str, number: Option<u64>) -> bool {
        let mut entries = self.entries.borrow_mut();
        let range = entries.range(namespace, event);
        let is_meant = |entry: &mut Entry| number.is_none_or(|number| entry.number == number);
        let removed: Vec<Entry> = entries.0.extract_if(range, is_meant).collect();
        drop(entries);
        !removed.is_empty()
    }

    /// Returns the namespaces that have handlers or a class, except `*`.
    pub fn namespaces(&self) -> Vec<String> {
        let (entries, classes) = (self.entries.borrow(), self.classes.borrow());
        let mut names: Vec<String> = Vec::new();
        let of_handlers = entries.0.iter().map(|entry| &entry.namespace);
        for name in of_handlers.chain(classes.iter().map(|(name, _)| name)).filter(|name| ***name != *ANY) {
            if let Err(at) = names.binary_search_by(|other| (**other).cmp(name)) {
                names.insert(at, (**name).to_owned());
            }
        }
        names
    }

    /// Removes and returns all handlers, so that the caller can drop them.
    pub fn take(&self) -> impl Sized + use<> {
        (self.entries.take(), self.classes.take())
    }
}

impl core::fmt::Debug for Handlers {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Handlers")
    }
}

impl HandlerTable for Handlers {
    type Name = str;
    type Handler = Handler;

    fn get(&self, namespace: Option<&str>, event: Option<&str>) -> Option<Handler> {
        let entries = self.entries.borrow();
        let range = entries.range(namespace.unwrap_or(ANY), event.unwrap_or(ANY));
        Some(entries.0.get(range)?.last()?.handler.clone())
    }

    fn has_namespace(&self, namespace: &str) -> bool {
        let entries = &self.entries.borrow().0;
        let at = entries.partition_point(|entry| *entry.namespace < *namespace);
        entries.get(at).is_some_and(|entry| *entry.namespace == *namespace)
    }

    fn class(&self, namespace: Option<&str>) -> Option<Handler> {
        let name = namespace.unwrap_or(ANY);
        self.classes.borrow().iter().find(|(other, _)| **other == *name).map(|(_, class)| class.clone())
    }
}

/// The registration of a handler. Dropping it removes the handler. If that was the last one set for its event, the
/// previous one is called again.
///
/// ```no_run
/// # fn log(_text: &str) {}
/// # use socketio_wasm::{Client, Error, Subscription};
/// # async fn example(client: &Client) -> Result<(), Error> {
/// struct Ticker {
///     ticks: Subscription, // for as long as this lives
/// }
///
/// let ticker = Ticker { ticks: client.on("tick", |_client, ()| log("tick")) };
/// client.on("message", |_client, text: String| log(&text)).keep(); // for as long as the client lives
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropping this removes the handler: store it, or call keep()"]
pub struct Subscription {
    handlers: Weak<Handlers>,
    namespace: Rc<str>,
    event: Rc<str>,
    number: u64,
}

impl Subscription {
    pub(super) fn new(handlers: &Rc<Handlers>, namespace: Rc<str>, event: &str, number: u64) -> Self {
        Self { handlers: Rc::downgrade(handlers), namespace, event: event.into(), number }
    }

    /// Returns the subscription of a handler that was refused.
    pub(super) fn none() -> Self {
        Self { handlers: Weak::new(), namespace: "".into(), event: "".into(), number: 0 }
    }

    /// Leaves the handler in place as long as the client lives. Handlers that were set before it for the same event are
    /// dropped.
    pub fn keep(mut self) {
        if let Some(handlers) = core::mem::take(&mut self.handlers).upgrade() {
            handlers.forget_before(&self.namespace, &self.event, self.number);
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(handlers) = self.handlers.upgrade() {
            handlers.remove(&self.namespace, &self.event, Some(self.number));
        }
    }
}

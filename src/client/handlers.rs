//! Handlers: closures by namespace and event, and what they answer.

use super::arguments::to_js;
use super::event::HandlerEvent;
#[cfg(feature = "frameworks")]
use super::task::Task;
use super::{Error, Scope};
use crate::shell::HandlerTable;
#[cfg(feature = "frameworks")]
use futures::channel::oneshot;
use js_sys::Array;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

/// What a handler answers an acknowledgement with; `None` where none was asked for.
#[doc(hidden)]
pub type Answered = Option<Result<Array, Error>>;

/// An answer, now or later: what [`ClientNamespace::on_event`](super::ClientNamespace::on_event) gives.
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
    /// No values: what answers a server's acknowledgement where there is nothing to say.
    pub fn nothing() -> Self {
        Self::value(())
    }

    /// A value; a tuple is several.
    pub fn value(value: impl Serialize) -> Self {
        Self::Now(answered(&value, true))
    }

    /// The same, where what is later is begun at once, and goes on for no longer than the list of tasks is there: nothing answers then.
    #[cfg(feature = "frameworks")]
    pub(crate) fn within(self, tasks: &Weak<RefCell<Vec<Task>>>, asked: bool) -> Self {
        let Self::Later(reply) = self else { return self };
        let Some(tasks) = tasks.upgrade() else { return Self::Now(answered(&(), asked)) };
        let (tell, told) = oneshot::channel();
        let task = Task::run(async move { drop(tell.send(reply.await)) });
        let mut tasks = tasks.borrow_mut();
        tasks.retain(|task| !task.is_over());
        tasks.push(task);
        Self::Later(Box::pin(async move { told.await.unwrap_or_else(|_| answered(&(), asked)) }))
    }

    /// What a future gives, likewise.
    pub fn later<T: Serialize>(value: impl Future<Output = T> + 'static) -> Self {
        Self::Later(Box::pin(async move { answered(&value.await, true) }))
    }
}

/// What a handler may return: a value, or a future of one. The value answers the event where the server has asked for an
/// acknowledgement: a tuple by several values, `()` by none. Either may be a `Result` with the crate's [`Error`](super::Error), so that
/// there can be a `?`: an error answers nothing, and is told to the builder's `on_error`. A `Result` with another error is a value like
/// others, and answers as serde has it: `{ "Ok": .. }`.
///
/// `Kind` tells them apart; it is always inferred.
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
    note = "what a handler returns answers the server's acknowledgement: `()`, a value, a tuple of values, or a future of these",
    note = "where it may fail: a `Result` of these and `socketio_wasm::Error`, which is then told to the builder's `on_error`"
)]
pub trait IntoAck<Kind> {
    #[doc(hidden)]
    fn into_ack(self, asked: bool) -> Ack;
}

/// Of a handler that returns a value.
pub struct Now;

/// Of a handler that returns a future.
pub struct Later;

/// Of a handler that may fail.
pub struct Try;

/// Of a handler whose future may fail.
pub struct TryLater;

fn answered(value: &impl Serialize, asked: bool) -> Answered {
    asked.then(|| to_js(value).map_err(Error::Unserializable))
}

impl<T: Serialize> IntoAck<Now> for T {
    fn into_ack(self, asked: bool) -> Ack {
        Ack::Now(answered(&self, asked))
    }
}

impl<F: Future<Output = T> + 'static, T: Serialize> IntoAck<Later> for F {
    fn into_ack(self, asked: bool) -> Ack {
        Ack::Later(Box::pin(async move { answered(&self.await, asked) }))
    }
}

fn tried<T: Serialize>(result: Result<T, Error>, asked: bool) -> Answered {
    match result {
        Ok(value) => answered(&value, asked),
        Err(error) => Some(Err(error)),
    }
}

impl<T: Serialize> IntoAck<Try> for Result<T, Error> {
    fn into_ack(self, asked: bool) -> Ack {
        Ack::Now(tried(self, asked))
    }
}

impl<F: Future<Output = Result<T, Error>> + 'static, T: Serialize> IntoAck<TryLater> for F {
    fn into_ack(self, asked: bool) -> Ack {
        Ack::Later(Box::pin(async move { tried(self.await, asked) }))
    }
}

/// A handler, whatever its types: it is given the namespace, what happened, and whether an acknowledgement is asked for.
pub(super) type Handler = Rc<dyn Fn(Scope, HandlerEvent, bool) -> Ack>;

struct Entry {
    handler: Handler,
    /// Not given twice: a subscription takes its own handler away, and no later one.
    number: u64,
}

/// By namespace, then by event: the last one of several counts, until it is taken away.
type Entries = BTreeMap<Box<str>, BTreeMap<Box<str>, Vec<Entry>>>;

/// The table. `*` stands for any namespace, and for any event.
#[derive(Default)]
pub(super) struct Handlers {
    entries: RefCell<Entries>,
    /// Those that serve all events of a namespace.
    classes: RefCell<BTreeMap<Box<str>, Handler>>,
    last: Cell<u64>,
}

impl Handlers {
    /// Registers a handler, which counts in the place of earlier ones; returns its number.
    pub fn set(&self, namespace: &str, event: &str, handler: Handler) -> u64 {
        let number = self.next_number();
        self.set_numbered(namespace, event, handler, number);
        number
    }

    /// A number for a handler that is to be known by it already when it is made.
    pub fn next_number(&self) -> u64 {
        let number = self.last.get().wrapping_add(1);
        self.last.set(number);
        number
    }

    /// Registers a handler under its number.
    pub fn set_numbered(&self, namespace: &str, event: &str, handler: Handler, number: u64) {
        let mut entries = self.entries.borrow_mut();
        let events = entries.entry(namespace.into()).or_default();
        events.entry(event.into()).or_default().push(Entry { handler, number });
    }

    /// Lets go of the handlers before that with this number, which will not count any more.
    fn forget_before(&self, namespace: &str, event: &str, number: u64) {
        let mut entries = self.entries.borrow_mut();
        let Some(handlers) = entries.get_mut(namespace).and_then(|events| events.get_mut(event)) else { return };
        let before = handlers.iter().position(|entry| entry.number == number).unwrap_or(0);
        let forgotten: Vec<Entry> = handlers.drain(..before).collect();
        // Not dropped within the borrow: they may own what registers or drops handlers itself.
        drop(entries);
        drop(forgotten);
    }

    /// Registers the handler of all events of a namespace.
    pub fn set_class(&self, namespace: &str, handler: Handler) {
        let before = self.classes.borrow_mut().insert(namespace.into(), handler);
        drop(before);
    }

    /// Takes a handler away: that with this number, or without one all of the event. Says whether there was one.
    pub fn remove(&self, namespace: &str, event: &str, number: Option<u64>) -> bool {
        let mut entries = self.entries.borrow_mut();
        let Some(events) = entries.get_mut(namespace) else { return false };
        let Some(handlers) = events.get_mut(event) else { return false };
        let is_meant = |entry: &mut Entry| number.is_none_or(|number| entry.number == number);
        let removed: Vec<Entry> = handlers.extract_if(.., is_meant).collect();
        if handlers.is_empty() {
            events.remove(event);
        }
        if events.is_empty() {
            entries.remove(namespace);
        }
        drop(entries);
        !removed.is_empty()
    }

    /// The namespaces that have handlers or a class, but for `*`.
    pub fn namespaces(&self) -> Vec<String> {
        let (entries, classes) = (self.entries.borrow(), self.classes.borrow());
        let names: BTreeSet<&str> = entries.keys().chain(classes.keys()).map(|name| &**name).collect();
        names.into_iter().filter(|name| *name != super::names::ANY).map(str::to_owned).collect()
    }

    /// Takes all away, to be dropped.
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
        let events = entries.get(namespace.unwrap_or(super::names::ANY))?;
        Some(events.get(event.unwrap_or(super::names::ANY))?.last()?.handler.clone())
    }

    fn has_namespace(&self, namespace: &str) -> bool {
        self.entries.borrow().contains_key(namespace)
    }

    fn class(&self, namespace: Option<&str>) -> Option<Handler> {
        self.classes.borrow().get(namespace.unwrap_or(super::names::ANY)).cloned()
    }
}

/// A handler's registration: dropped, the handler is taken away. If it was the one that counts, the one before it does again.
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
#[must_use = "the handler is taken away when this is dropped: keep it, or call keep()"]
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

    /// That of a handler that was refused.
    pub(super) fn none() -> Self {
        Self { handlers: Weak::new(), namespace: "".into(), event: "".into(), number: 0 }
    }

    /// Leaves the handler in place for as long as the client lives. Handlers that were set before it for the same event are dropped.
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

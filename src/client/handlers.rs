//! Handlers: the closures, whose numbers the listener table has, and the acknowledgements that they return.

use super::event::HandlerEvent;
use super::into_ack::answered;
#[cfg(feature = "frameworks")]
use super::task::Task;
use super::values::Prepared;
use super::{Error, Scope};
use crate::shell::Listeners;
use crate::tables::groups;
#[cfg(feature = "frameworks")]
use futures::channel::oneshot;
use js_sys::Map;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;

/// The values with which a handler answers; `None` if no acknowledgement was asked for.
#[doc(hidden)]
pub type Answered = Option<Result<Prepared, Error>>;

/// An acknowledgement, now or later. [`ClientNamespace::on_event`](super::ClientNamespace::on_event) returns one.
///
/// ```no_run
/// use socketio_wasm::{Ack, Error, Event, Scope};
///
/// fn reply(chat: Scope, event: Event) -> Result<Ack, Error> {
///     Ok(match event.name() {
///         "add" => Ack::value(event.parse::<(u32, u32)>().map(|(a, b)| a + b)?),
///         "ask" => Ack::later(async move {
///             chat.call::<String>("look up", ()).await.unwrap_or_default()
///         }),
///         _ => Ack::nothing(),
///     })
/// }
/// ```
pub enum Ack {
    #[doc(hidden)]
    Now(Answered),
    #[doc(hidden)]
    Later(Pin<Box<dyn Future<Output = Answered>>>),
    #[doc(hidden)]
    Unhandled,
}

impl Ack {
    /// Returns an acknowledgement without values.
    pub fn nothing() -> Self {
        Self::value(())
    }

    /// Says that the event is not handled: if nobody else handles it, the server receives no acknowledgement.
    pub fn unhandled() -> Self {
        Self::Unhandled
    }

    /// Returns an acknowledgement with a value; a tuple is several values.
    pub fn value(value: impl Serialize) -> Self {
        Self::Now(answered(&value, true))
    }

    /// Returns the acknowledgement of a handler that has panicked: the server receives none.
    #[cfg(any(feature = "dioxus", feature = "leptos"))]
    pub(crate) fn panicked() -> Self {
        Self::Later(Box::pin(std::future::ready(None)))
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

/// A handler without its types. Its arguments are the namespace, the event, and true if an acknowledgement is asked
/// for.
pub(super) type Handler = Rc<dyn Fn(Scope, HandlerEvent, bool) -> Ack>;

/// The handlers of a client. The listener table has their numbers, in the lists that [`Listeners`] describes.
pub(super) struct Handlers {
    pub listeners: Listeners,
    /// The closures in the order of their numbers, for binary search: less code than maps.
    closures: RefCell<Vec<(u32, Handler)>>,
    last: Cell<u32>,
}

impl Default for Handlers {
    fn default() -> Self {
        let map = Map::new();
        let listeners = Listeners::new(&map);
        // Nobody else holds the map. Numbers in it keep no client alive.
        listeners.set_active(true);
        Self { listeners, closures: RefCell::default(), last: Cell::default() }
    }
}

impl Handlers {
    /// Adds a handler to a list, and returns its number.
    pub fn add(&self, group: &str, name: &str, handler: Handler) -> u32 {
        let number = self.next_number();
        self.add_numbered(group, name, handler, number);
        number
    }

    /// Returns the number of the next handler, for a handler that must know its own number.
    pub fn next_number(&self) -> u32 {
        let number = self.last.get().wrapping_add(1);
        self.last.set(number);
        number
    }

    /// Adds a handler under its number.
    pub fn add_numbered(&self, group: &str, name: &str, handler: Handler, number: u32) {
        let mut closures = self.closures.borrow_mut();
        let at = closures.partition_point(|(other, _)| *other < number);
        closures.insert(at, (number, handler));
        drop(closures);
        self.listeners.add(&group.into(), &name.into(), &number.into(), false);
    }

    /// Registers the handler of all events of a namespace, in place of an earlier one.
    pub fn set_class(&self, namespace: &str, handler: Handler) {
        self.remove(groups::CLASS, namespace, None);
        self.add(groups::CLASS, namespace, handler);
    }

    /// Removes the handler with this number, or without a number all of the list. Returns true if there was one.
    pub fn remove(&self, group: &str, name: &str, number: Option<u32>) -> bool {
        let number = number.map(JsValue::from);
        let numbers = self.listeners.remove(&group.into(), &name.into(), number.as_ref());
        // Not dropped within the borrow: they may own values whose destructors register or remove handlers.
        let mut removed = Vec::new();
        for number in numbers.iter() {
            let mut closures = self.closures.borrow_mut();
            if let Ok(at) = position(&closures, &number) {
                removed.push(closures.remove(at));
            }
        }
        !removed.is_empty()
    }

    /// Returns the handler with a number, unless it was removed.
    pub fn get(&self, number: &JsValue) -> Option<Handler> {
        let closures = self.closures.borrow();
        let at = position(&closures, number).ok()?;
        closures.get(at).map(|(_, handler)| handler.clone())
    }

    /// Removes and returns all handlers, so that the caller can drop them.
    pub fn take(&self) -> impl Iterator<Item = Handler> + use<> {
        self.closures.take().into_iter().map(|(_, handler)| handler)
    }
}

fn position(closures: &[(u32, Handler)], number: &JsValue) -> Result<usize, usize> {
    let number = number.as_f64().unwrap_or_default() as u32;
    closures.binary_search_by_key(&number, |(other, _)| *other)
}

impl core::fmt::Debug for Handlers {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Handlers")
    }
}

/// The registration of a handler. Dropping it removes the handler, and no other one.
///
/// ```no_run
/// use gloo_console::log;
/// use socketio_wasm::{Client, Subscription};
///
/// struct Ticker {
///     ticks: Subscription, // for as long as this lives
/// }
///
/// fn example(client: &Client) {
///     let ticker = Ticker { ticks: client.on("tick", |_scope, ()| log!("tick")) };
///     client.on("message", |_scope, text: String| log!(text)).keep(); // for as long as the client lives
/// }
/// ```
#[derive(Debug)]
#[must_use = "dropping this removes the handler: store it, or call keep()"]
pub struct Subscription {
    handlers: Weak<Handlers>,
    group: Rc<str>,
    name: Rc<str>,
    number: u32,
}

impl Subscription {
    /// Returns the subscription of a handler in the list of this group and name.
    pub(super) fn new(handlers: &Rc<Handlers>, group: Rc<str>, name: Rc<str>, number: u32) -> Self {
        Self { handlers: Rc::downgrade(handlers), group, name, number }
    }

    /// Returns the subscription of a handler that was refused.
    pub(super) fn none() -> Self {
        Self { handlers: Weak::new(), group: "".into(), name: "".into(), number: 0 }
    }

    /// Leaves the handler in place as long as the client lives.
    pub fn keep(mut self) {
        self.handlers = Weak::new();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(handlers) = self.handlers.upgrade() {
            handlers.remove(&self.group, &self.name, Some(self.number));
        }
    }
}

//! The transports of one client: one or two websockets, a GET and a POST. Their results are reported to the engine.
//!
//! A websocket or a request leaves its list when it ends or is dropped. Later reports of it are ignored.

use super::event_callback::{EventCallback, kind};
use super::requests::Request;
use super::websockets::OpenSocket;
use super::{HostEvents, JsText, JsWire, Platform, message_of};
use crate::engine::{Input, TransportId};
use js_sys::{Function, JsString};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

/// The transports, and the values that they need.
pub(super) struct Transports {
    pub(super) platform: Platform,
    /// The `credentials` of `fetch`.
    pub(super) credentials: JsValue,
    /// The user's headers for the current attempt, or `undefined`.
    pub(super) headers: RefCell<JsValue>,
    /// Called with everything that goes over the wire, if anybody reads it.
    trace: Option<Function>,
    pub(super) callback: EventCallback,
    pub(super) sockets: RefCell<Vec<OpenSocket>>,
    pub(super) requests: RefCell<Vec<Request>>,
}

impl Transports {
    pub fn new(platform: Platform, credentials: JsValue, events: Weak<dyn HostEvents<JsWire>>) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            trace: platform.trace(),
            platform,
            credentials,
            headers: RefCell::default(),
            callback: EventCallback::new(events, this.clone()),
            sockets: RefCell::default(),
            requests: RefCell::default(),
        })
    }

    /// Reads an event, and reports it to the engine.
    pub fn on_event(&self, kind: u8, id: TransportId, value: JsValue, events: &dyn HostEvents<JsWire>) {
        match kind {
            kind::RESPONSE | kind::BODY | kind::REQUEST_FAILED => self.on_request_event(kind, id, value, events),
            kind => self.on_socket_event(kind, id, value, events),
        }
    }

    /// Reports a failure. The thrown value does not go through the machines: the platform holds it while the error is made, which
    /// takes it as its cause.
    pub fn report_failure(&self, input: Input<JsWire>, thrown: &JsValue, events: &dyn HostEvents<JsWire>) {
        self.platform.set_thrown(thrown);
        events.on_input(input);
        self.platform.set_thrown(&JsValue::UNDEFINED);
    }

    /// Writes to the trace, if there is one.
    pub fn trace(&self, what: &str, value: &JsValue) {
        if self.is_traced() {
            self.trace_as(&what.into(), value);
        }
    }

    pub fn trace_as(&self, what: &JsString, value: &JsValue) {
        if let Some(trace) = &self.trace {
            let _ = trace.call2(&JsValue::UNDEFINED, what, value);
        }
    }

    pub fn is_traced(&self) -> bool {
        self.trace.is_some()
    }
}

/// The message of a thrown value, if it has one.
pub(super) fn thrown_message(thrown: &JsValue) -> Option<JsText> {
    message_of(thrown).filter(|message| message.length() > 0).map(JsText::from)
}

/// A property as a string; an empty one if it is something else.
pub(super) fn text_of(value: JsValue) -> JsText {
    value.dyn_into::<JsString>().map_or_else(|_| JsText::from(JsString::from("")), JsText::from)
}

/// A property as a number; 0 if it is something else.
pub(super) fn number_of(value: &JsValue) -> u16 {
    value.as_f64().unwrap_or_default() as u16
}

/// An entry that belongs to a transport.
pub(super) trait Entry {
    fn id(&self) -> TransportId;
}

/// Takes an entry out of its list. When the caller drops it, user code may run, and no list is borrowed.
pub(super) fn take<T: Entry>(entries: &RefCell<Vec<T>>, id: TransportId) -> Option<T> {
    let mut entries = entries.borrow_mut();
    let at = entries.iter().position(|entry| entry.id() == id)?;
    Some(entries.swap_remove(at))
}

/// Reads or changes an entry. No user code may run in it.
pub(super) fn with<T: Entry, R>(
    entries: &RefCell<Vec<T>>,
    id: TransportId,
    see: impl FnOnce(&mut T) -> R,
) -> Option<R> {
    entries.borrow_mut().iter_mut().find(|entry| entry.id() == id).map(see)
}

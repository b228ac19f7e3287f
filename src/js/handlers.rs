//! The table of event handlers: one JS function for each namespace and event, the last one registered.

use crate::driver::HandlerTable;
use js_sys::{Function, JsString, Map};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type WeakRef;
    #[wasm_bindgen(constructor)]
    fn new(target: &Map) -> WeakRef;
    #[wasm_bindgen(method)]
    fn deref(this: &WeakRef) -> JsValue;
}

/// Functions by namespace and event, found by the identity of JS strings: no name is copied into wasm.
///
/// The table belongs to the facade's object. Handlers mostly know their client, and what wasm holds is never collected: it
/// holds the table only while the client is connected or tries to be.
pub(super) struct Handlers {
    weak: WeakRef,
    held: RefCell<Option<Map>>,
    any: JsString,
    /// Under which the table keeps the classes by namespace: no namespace is called so, since theirs begin with `/`.
    classes: JsString,
}

impl Handlers {
    pub fn new(table: &Map) -> Self {
        Self {
            weak: WeakRef::new(table),
            held: RefCell::default(),
            any: JsString::from("*"),
            classes: JsString::from("classes"),
        }
    }

    /// Holds the table, or lets it go.
    pub fn hold(&self, hold: bool) {
        let table = if hold { self.table() } else { None };
        self.held.replace(table);
    }

    fn table(&self) -> Option<Map> {
        let held = self.held.borrow().clone();
        held.or_else(|| self.weak.deref().dyn_into().ok())
    }

    /// Registers a handler, in the place of an earlier one.
    pub fn set(&self, namespace: &JsString, event: &JsString, handler: &Function) {
        let Some(table) = self.table() else { return };
        let events = self.events(namespace).unwrap_or_else(|| {
            let events = Map::new();
            table.set(namespace, &events);
            events
        });
        events.set(event, handler);
    }

    /// Takes a handler away, and says whether there was one.
    pub fn remove(&self, namespace: &JsString, event: &JsString) -> bool {
        let Some(events) = self.events(namespace) else { return false };
        let removed = events.delete(event);
        if let (0, Some(table)) = (events.size(), self.table()) {
            table.delete(namespace);
        }
        removed
    }

    /// The handler registered for exactly this pair.
    pub fn exact(&self, namespace: &JsString, event: &JsString) -> Option<Function> {
        self.events(namespace)?.get(event).dyn_into().ok()
    }

    /// Registers the class of a namespace: what is called with each of its events' names and arguments.
    pub fn set_class(&self, namespace: &JsString, trigger: &Function) {
        self.set(&self.classes, namespace, trigger);
    }

    fn events(&self, namespace: &JsString) -> Option<Map> {
        self.table()?.get(namespace).dyn_into().ok()
    }
}

impl HandlerTable for Handlers {
    type Name = JsString;
    type Handler = Function;

    fn get(&self, namespace: Option<&JsString>, event: Option<&JsString>) -> Option<Function> {
        self.exact(namespace.unwrap_or(&self.any), event.unwrap_or(&self.any))
    }

    fn has_namespace(&self, namespace: &JsString) -> bool {
        self.table().is_some_and(|table| table.has(namespace))
    }

    fn class(&self, namespace: Option<&JsString>) -> Option<Function> {
        self.exact(&self.classes, namespace.unwrap_or(&self.any))
    }
}

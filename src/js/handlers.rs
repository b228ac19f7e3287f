//! The table of event handlers: one JS function for each namespace and event, the last one registered.

use crate::driver::HandlerTable;
use js_sys::{Function, JsString, Map};
use wasm_bindgen::prelude::*;

/// Functions by namespace and event, found by the identity of JS strings: no name is copied into wasm.
pub(super) struct Handlers {
    namespaces: Map,
    any: JsString,
}

impl Handlers {
    pub fn new() -> Self {
        Self { namespaces: Map::new(), any: JsString::from("*") }
    }

    /// Registers a handler, in the place of an earlier one.
    pub fn set(&self, namespace: &JsString, event: &JsString, handler: &Function) {
        let events = self.events(namespace).unwrap_or_else(|| {
            let events = Map::new();
            self.namespaces.set(namespace, &events);
            events
        });
        events.set(event, handler);
    }

    /// Takes a handler away, and says whether there was one.
    pub fn remove(&self, namespace: &JsString, event: &JsString) -> bool {
        let Some(events) = self.events(namespace) else { return false };
        let removed = events.delete(event);
        if events.size() == 0 {
            self.namespaces.delete(namespace);
        }
        removed
    }

    /// The handler registered for exactly this pair.
    pub fn exact(&self, namespace: &JsString, event: &JsString) -> Option<Function> {
        self.events(namespace)?.get(event).dyn_into().ok()
    }

    /// The table itself: maps of handlers by event, by namespace.
    pub fn by_namespace(&self) -> Map {
        self.namespaces.clone()
    }

    fn events(&self, namespace: &JsString) -> Option<Map> {
        self.namespaces.get(namespace).dyn_into().ok()
    }
}

impl HandlerTable for Handlers {
    type Name = JsString;
    type Handler = Function;

    fn get(&self, namespace: Option<&JsString>, event: Option<&JsString>) -> Option<Function> {
        self.exact(namespace.unwrap_or(&self.any), event.unwrap_or(&self.any))
    }

    fn has_namespace(&self, namespace: &JsString) -> bool {
        self.namespaces.has(namespace)
    }
}

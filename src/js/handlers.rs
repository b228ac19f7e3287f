//! The table of event handlers: one JS function for each namespace and event, the last one registered.

use super::weak::WeakUnlessActive;
use crate::shell::HandlerTable;
use js_sys::{Function, JsString, Map};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/runtime.js")]
extern "C" {
    #[wasm_bindgen(js_name = handlerOf)]
    fn handler_of(table: &Map, namespace: Option<&JsString>, event: Option<&JsString>) -> Option<Function>;
    #[wasm_bindgen(js_name = classOf)]
    fn class_of(table: &Map, namespace: Option<&JsString>) -> Option<Function>;
}

/// The key of the table's classes by namespace. It is no name of a namespace, since these begin with `/`.
const CLASSES: &str = "classes";

/// Functions by namespace and event, found by the identity of JS strings: no name is copied into wasm.
pub struct Handlers {
    table: WeakUnlessActive<Map>,
}

impl Handlers {
    pub fn new(table: &Map) -> Self {
        Self { table: WeakUnlessActive::new(table) }
    }

    /// Holds the table while the client is active.
    pub fn set_active(&self, is_active: bool) {
        self.table.set_active(is_active);
    }

    /// Registers a handler, which replaces an earlier one.
    pub fn set(&self, namespace: &JsString, event: &JsString, handler: &Function) {
        let Some(table) = self.table.get() else { return };
        let events = self.events(namespace).unwrap_or_else(|| {
            let events = Map::new();
            table.set(namespace, &events);
            events
        });
        events.set(event, handler);
    }

    /// Removes a handler. Returns false if there was none.
    pub fn remove(&self, namespace: &JsString, event: &JsString) -> bool {
        let Some(events) = self.events(namespace) else { return false };
        let removed = events.delete(event);
        if let (0, Some(table)) = (events.size(), self.table.get()) {
            table.delete(namespace);
        }
        removed
    }

    /// Returns the handler registered for exactly this pair.
    pub fn exact(&self, namespace: &JsString, event: &JsString) -> Option<Function> {
        self.table.with(|table| handler_of(table, Some(namespace), Some(event)))?
    }

    /// Registers the class of a namespace: a function that is called with the name and the arguments of each of its
    /// events.
    pub fn set_class(&self, namespace: &JsString, trigger: &Function) {
        self.set(&JsString::from(CLASSES), namespace, trigger);
    }

    fn events(&self, namespace: &JsString) -> Option<Map> {
        self.table.get()?.get(namespace).dyn_into().ok()
    }
}

impl HandlerTable for Handlers {
    type Name = JsString;
    type Handler = Function;

    fn get(&self, namespace: Option<&JsString>, event: Option<&JsString>) -> Option<Function> {
        self.table.with(|table| handler_of(table, namespace, event))?
    }

    fn has_namespace(&self, namespace: &JsString) -> bool {
        self.table.get().is_some_and(|table| table.has(namespace))
    }

    fn class(&self, namespace: Option<&JsString>) -> Option<Function> {
        self.table.with(|table| class_of(table, namespace))?
    }
}

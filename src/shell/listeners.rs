//! The listener table of a client, the same for both languages.
//!
//! It lives in JavaScript, where names of events are compared by identity: none is copied into wasm. Its listeners are functions, or
//! for a client in Rust numbers, whose closures `client/handlers.rs` has.

use super::dispatch::{Found, ListenerTable, Prefix, find_listeners};
use crate::host::WeakUnlessActive;
use crate::tables::groups;
use js_sys::{Array, JsString, Map};
use std::cell::Cell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    #[wasm_bindgen(js_name = addListener)]
    fn add_listener(table: &Map, group: &JsString, name: &JsString, listener: &JsValue, is_once: bool);
    #[wasm_bindgen(js_name = removeListeners)]
    fn remove_listeners(table: &Map, group: &JsString, name: &JsString, listener: &JsValue) -> Array;
    #[wasm_bindgen(js_name = listOf)]
    fn list_of(table: &Map, group: Option<&JsString>, name: Option<&JsString>) -> Option<Map>;
    #[cfg(feature = "js")]
    #[wasm_bindgen(js_name = listsOf)]
    fn lists_of(table: &Map, group: &str, name: Option<&JsString>) -> Array;
    #[wasm_bindgen(js_name = listsEverywhere)]
    fn lists_everywhere(table: &Map, event: &JsString, class: &str) -> Array;
    #[wasm_bindgen(js_name = listenersOf)]
    pub fn listeners_of(list: Option<&Map>) -> Array;
}

/// The lists of listeners by group and name. The group of an event is its namespace; `groups` has the others, whose names are
/// namespaces. `*` stands for any namespace, and for any event.
pub struct Listeners {
    table: WeakUnlessActive<Map>,
    /// There are listeners of any event: most clients have none, and then an event costs no search for them.
    has_any: Cell<bool>,
    has_outgoing: Cell<bool>,
}

impl Listeners {
    /// Returns a table over an empty map. The owner of the map holds it while the client is not active.
    pub fn new(map: &Map) -> Self {
        Self { table: WeakUnlessActive::new(map), has_any: Cell::default(), has_outgoing: Cell::default() }
    }

    /// Holds the map while the client is active.
    pub fn set_active(&self, is_active: bool) {
        self.table.set_active(is_active);
    }

    /// Adds a listener. A function that is in the list already is added no second time.
    pub fn add(&self, group: &JsString, name: &JsString, listener: &JsValue, is_once: bool) {
        self.table.with(|table| add_listener(table, group, name, listener, is_once));
        self.notice_groups();
    }

    /// Removes a listener, or without one all of the list, and returns those that it removed.
    pub fn remove(&self, group: &JsString, name: &JsString, listener: Option<&JsValue>) -> Array {
        let all = JsValue::UNDEFINED;
        let listener = listener.unwrap_or(&all);
        let removed = self.table.with(|table| remove_listeners(table, group, name, listener)).unwrap_or_default();
        self.notice_groups();
        removed
    }

    /// Returns the listeners of a list, in order.
    pub fn all(&self, group: &JsString, name: &JsString) -> Array {
        listeners_of(self.list(Some(group), Some(name)).as_ref())
    }

    /// Returns the lists that handle an event of a namespace.
    pub fn find(&self, namespace: &JsString, event: &JsString, is_reserved: bool) -> Option<Found<Map>> {
        find_listeners(self, namespace, event, is_reserved)
    }

    /// Returns true if there are listeners of any outgoing event.
    pub fn has_outgoing(&self) -> bool {
        self.has_outgoing.get()
    }

    /// Returns the lists of any event that comes in, or goes out: of this namespace, then of all namespaces.
    pub fn any(&self, namespace: &JsString, is_outgoing: bool) -> [Option<Map>; 2] {
        match is_outgoing {
            false if self.has_any.get() => self.both(groups::ANY, namespace),
            true if self.has_outgoing.get() => self.both(groups::OUTGOING, namespace),
            _ => [None, None],
        }
    }

    /// Returns the lists that are called when a connection has ended and no reconnection follows: that of one namespace, or without
    /// one those of all.
    #[cfg(feature = "js")]
    pub fn ended(&self, namespace: Option<&JsString>) -> Array {
        self.table.with(|table| lists_of(table, groups::ENDED, namespace)).unwrap_or_default()
    }

    /// Returns true if an event has a listener or a class in any namespace.
    pub fn has_anywhere(&self, event: &JsString) -> bool {
        let found = self.table.with(|table| lists_everywhere(table, event, groups::CLASS)).unwrap_or_default();
        found.length() > 0
    }

    /// Calls a function with each list of an event: those of all namespaces, then all classes.
    pub fn each_everywhere(&self, event: &JsString, mut call: impl FnMut(JsString, Found<Map>)) {
        let found = self.table.with(|table| lists_everywhere(table, event, groups::CLASS));
        for place in found.iter().flat_map(Array::iter) {
            let place: Array = place.unchecked_into();
            let (namespace, list): (JsString, Map) = (place.get(0).unchecked_into(), place.get(1).unchecked_into());
            let prefix = Prefix::new(place.get(2).is_truthy(), place.get(3).is_truthy());
            call(namespace, Found { list, prefix });
        }
    }

    fn both(&self, group: &str, namespace: &JsString) -> [Option<Map>; 2] {
        let group = JsString::from(group);
        [self.list(Some(&group), Some(namespace)), self.list(Some(&group), None)]
    }

    /// Returns the namespaces of which there are listeners or a class, except `*`, in order.
    pub fn namespaces(&self) -> Vec<String> {
        let Some(table) = self.table.get() else { return Vec::new() };
        let names = [groups::CLASS, groups::ANY].map(|group| table.get(&group.into()).dyn_into::<Map>());
        let groups = names.iter().flatten().chain([&table]).flat_map(|map| map.keys().into_iter().flatten());
        let mut namespaces: Vec<String> = groups.filter_map(|name| name.as_string()).collect();
        namespaces.retain(|name| name.starts_with('/'));
        namespaces.sort_unstable();
        namespaces.dedup();
        namespaces
    }

    fn list(&self, group: Option<&JsString>, name: Option<&JsString>) -> Option<Map> {
        self.table.with(|table| list_of(table, group, name))?
    }

    fn notice_groups(&self) {
        let has = |group: &str| self.table.with(|table| table.has(&JsValue::from_str(group))).unwrap_or_default();
        self.has_any.set(has(groups::ANY));
        self.has_outgoing.set(has(groups::OUTGOING));
    }
}

impl ListenerTable for Listeners {
    type Name = JsString;
    type List = Map;

    fn get(&self, namespace: Option<&JsString>, event: Option<&JsString>) -> Option<Map> {
        self.list(namespace, event)
    }

    fn has_namespace(&self, namespace: &JsString) -> bool {
        self.table.with(|table| table.has(namespace)).unwrap_or_default()
    }

    fn class(&self, namespace: Option<&JsString>) -> Option<Map> {
        self.list(Some(&JsString::from(groups::CLASS)), namespace)
    }
}

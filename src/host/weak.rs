//! JS objects that belong to the facade. Most of them refer to their client.

use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type WeakRef;
    #[wasm_bindgen(constructor)]
    fn new(target: &JsValue) -> WeakRef;
    #[wasm_bindgen(method)]
    fn deref(this: &WeakRef) -> JsValue;
}

/// A JS object that is held only while the client is connected or tries to be. JS never collects objects that wasm
/// holds.
pub struct WeakUnlessActive<T> {
    weak: WeakRef,
    held: RefCell<Option<T>>,
}

impl<T: JsCast + Clone> WeakUnlessActive<T> {
    /// Returns the reference of a client that is not active.
    pub fn new(object: &T) -> Self {
        Self { weak: WeakRef::new(object.as_ref()), held: RefCell::default() }
    }

    /// Holds the object, or releases it.
    pub fn set_active(&self, is_active: bool) {
        let object = if is_active { self.get() } else { None };
        self.held.replace(object);
    }

    /// Calls `see` with the object, unless JS has collected it.
    pub fn with<R>(&self, see: impl FnOnce(&T) -> R) -> Option<R> {
        match &*self.held.borrow() {
            Some(object) => Some(see(object)),
            None => self.weak_object().as_ref().map(see),
        }
    }

    /// Returns the object, unless JS has collected it.
    pub fn get(&self) -> Option<T> {
        self.with(T::clone)
    }

    fn weak_object(&self) -> Option<T> {
        Some(self.weak.deref()).filter(|object| !object.is_undefined()).map(JsCast::unchecked_into)
    }
}

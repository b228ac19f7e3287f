//! JS objects that belong to the facade, and mostly know their client.

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

/// Such an object. JS never collects what wasm holds: it is held only while the client is connected or tries to be.
pub(super) struct WeakUnlessActive<T> {
    weak: WeakRef,
    held: RefCell<Option<T>>,
}

impl<T: JsCast + Clone> WeakUnlessActive<T> {
    /// An object of a client that is not active.
    pub fn new(object: &T) -> Self {
        Self { weak: WeakRef::new(object.as_ref()), held: RefCell::default() }
    }

    /// Holds the object, or lets it go.
    pub fn set_active(&self, is_active: bool) {
        let object = if is_active { self.get() } else { None };
        self.held.replace(object);
    }

    /// Applies `see` to the object, if it is still there.
    pub fn with<R>(&self, see: impl FnOnce(&T) -> R) -> Option<R> {
        match &*self.held.borrow() {
            Some(object) => Some(see(object)),
            None => self.weak_object().as_ref().map(see),
        }
    }

    /// The object, if it is still there.
    pub fn get(&self) -> Option<T> {
        self.with(T::clone)
    }

    fn weak_object(&self) -> Option<T> {
        Some(self.weak.deref()).filter(|object| !object.is_undefined()).map(JsCast::unchecked_into)
    }
}

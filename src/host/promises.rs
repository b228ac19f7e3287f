//! Promises, and what to do when they are settled.

use super::event_callback::kind;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    #[wasm_bindgen(js_name = whenSettled)]
    fn when_settled(value: &JsValue, report: &Function, fulfilled: u8, rejected: u8, token: u32) -> bool;
}

/// The promises that are awaited, and the purpose of each.
pub struct Promises<T> {
    waiting: RefCell<Vec<(u32, T)>>,
    last: Cell<u32>,
}

impl<T> Default for Promises<T> {
    fn default() -> Self {
        Self { waiting: RefCell::default(), last: Cell::new(0) }
    }
}

impl<T> Promises<T> {
    /// Awaits `value`: the host reports when it is settled. If it is no promise, returns the purpose.
    pub fn wait(&self, value: &JsValue, purpose: T, report: &Function) -> Result<(), T> {
        let token = self.last.get().wrapping_add(1);
        self.last.set(token);
        if when_settled(value, report, kind::FULFILLED, kind::REJECTED, token) {
            // A promise is never settled before the code that awaits it has returned.
            self.waiting.borrow_mut().push((token, purpose));
            Ok(())
        } else {
            Err(purpose)
        }
    }

    /// Removes and returns the purpose of a promise that is settled.
    pub fn take(&self, token: u32) -> Option<T> {
        let mut waiting = self.waiting.borrow_mut();
        let at = waiting.iter().position(|(other, _)| *other == token)?;
        Some(waiting.swap_remove(at).1)
    }
}

//! Promises, and what to do when they are settled.

use js_sys::Function;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = whenSettled)]
    fn when_settled(value: &JsValue, token: u32, report: &Function) -> bool;
}

/// What promises that are awaited are for.
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
    /// Awaits `value`, which is reported by the host when it is settled; where it is no promise, hands the purpose back.
    pub fn wait(&self, value: &JsValue, purpose: T, report: &Function) -> Result<(), T> {
        let token = self.last.get().wrapping_add(1);
        self.last.set(token);
        if when_settled(value, token, report) {
            // A promise is never settled before the code that awaits it has returned.
            self.waiting.borrow_mut().push((token, purpose));
            Ok(())
        } else {
            Err(purpose)
        }
    }

    /// What the promise was for that is settled.
    pub fn take(&self, token: u32) -> Option<T> {
        let mut waiting = self.waiting.borrow_mut();
        let at = waiting.iter().position(|(other, _)| *other == token)?;
        Some(waiting.swap_remove(at).1)
    }
}

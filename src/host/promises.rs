//! Promises, and what to do when they are settled.

use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = whenSettled)]
    fn when_settled(value: &JsValue, token: u32, done: &Function) -> bool;
}

/// What promises that are awaited are for. One callback serves them all: a closure for each would have to be kept, and
/// one of its two would never be called.
pub struct Promises<T> {
    waiting: Rc<RefCell<Vec<(u32, T)>>>,
    last: Cell<u32>,
    done: Closure<dyn FnMut(u32, bool, JsValue)>,
}

impl<T: 'static> Promises<T> {
    /// Nothing is awaited yet; `settled` is called for each promise with what it was for.
    pub fn new(settled: impl Fn(T, Result<JsValue, JsValue>) + 'static) -> Self {
        let waiting: Rc<RefCell<Vec<(u32, T)>>> = Rc::default();
        let done = Closure::new({
            let waiting = waiting.clone();
            move |token: u32, fulfilled: bool, value: JsValue| {
                let found = {
                    let mut waiting = waiting.borrow_mut();
                    let at = waiting.iter().position(|(other, _)| *other == token);
                    at.map(|at| waiting.swap_remove(at).1)
                };
                if let Some(purpose) = found {
                    settled(purpose, if fulfilled { Ok(value) } else { Err(value) });
                }
            }
        });
        Self { waiting, last: Cell::new(0), done }
    }

    /// Awaits `value`; where it is no promise, hands the purpose back.
    pub fn wait(&self, value: &JsValue, purpose: T) -> Result<(), T> {
        let token = self.last.get().wrapping_add(1);
        self.last.set(token);
        if when_settled(value, token, self.done.as_ref().unchecked_ref()) {
            // A promise is never settled before the code that awaits it has returned.
            self.waiting.borrow_mut().push((token, purpose));
            Ok(())
        } else {
            Err(purpose)
        }
    }
}

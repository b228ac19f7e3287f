//! Time: a clock that never goes back, and one timer.

use super::Platform;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

/// The longest time that a timer takes; it fires early for a longer one, which the machines allow.
const LONGEST: u64 = i32::MAX as u64;

/// Milliseconds of the wall clock, which unlike `performance.now()` goes on while a machine sleeps; held back if it is
/// set back.
#[derive(Default)]
pub struct Clock {
    last: Cell<f64>,
    /// By how much the clock was set back.
    offset: Cell<f64>,
}

impl Clock {
    /// The time now.
    pub fn now(&self) -> u64 {
        let wall = js_sys::Date::now();
        let mut now = wall + self.offset.get();
        if now < self.last.get() {
            now = self.last.get();
            self.offset.set(now - wall);
        }
        self.last.set(now);
        now as u64
    }
}

/// One timer, armed again and again; its callback is made once. It is the platform's own, and not one of gloo-timers: in Node it need
/// not keep the process alive (`unref`), and a test's fake timers take its place.
pub struct Timer {
    platform: Platform,
    callback: Function,
    /// When it fires, and the platform's handle.
    armed: RefCell<Option<(u64, JsValue)>>,
}

impl Timer {
    /// A timer that calls `callback`, behind which somebody must call [`fired`](Self::fired).
    pub fn new(platform: Platform, callback: Function) -> Self {
        Self { platform, callback, armed: RefCell::new(None) }
    }

    /// Has the callback called at `deadline` or before: a timer that is set for an earlier time is left, since the machines
    /// take an early tick, and heartbeats move their deadline with every message.
    pub fn set(&self, clock: &Clock, deadline: Option<u64>) {
        let armed = self.armed.borrow().as_ref().map(|(at, _)| *at);
        match (armed, deadline) {
            (Some(at), Some(deadline)) if at <= deadline => return,
            (None, None) => return,
            _ => {}
        }
        self.disarm();
        let Some(deadline) = deadline else { return };
        let now = clock.now();
        let delay = deadline.saturating_sub(now).min(LONGEST);
        match self.platform.set_timeout(&self.callback, delay as f64) {
            Ok(handle) => *self.armed.borrow_mut() = Some((deadline.min(now.saturating_add(delay)), handle)),
            // The timer is set when something happens next.
            Err(thrown) => self.platform.report(&thrown),
        }
    }

    fn disarm(&self) {
        let armed = self.armed.borrow_mut().take();
        if let Some((_, handle)) = armed {
            // A timer that still fires comes early, which the machines allow.
            let _ = self.platform.clear_timeout(&handle);
        }
    }

    /// The callback was called.
    pub fn fired(&self) {
        self.armed.borrow_mut().take();
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.disarm();
    }
}

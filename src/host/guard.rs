//! Calls user code so that a panic in it ends nothing else.
//!
//! A panic in wasm does not unwind: it traps, and the trap removes every frame up to the nearest JavaScript that catches. No destructor
//! runs: what these frames owned is never freed, and what they had borrowed stays borrowed. So user code is called through a few lines
//! of JavaScript that catch: the trap removes the frames of the user code alone, the frames below stay intact, and they go on.
//! An exception of JavaScript that passes through wasm does the same, and is caught in the same way.

use super::Platform;
use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    /// Calls a function. What it throws is reported, by the platform if there is one.
    fn guarded(platform: Option<&Platform>, call: &dyn Fn());
}

/// Calls user code and returns its result; if it panics, the panic is reported as an uncaught error, and `None` is returned.
///
/// What the function owns is leaked in that case. What it borrows must be fit for use afterwards: a `Cell`, or something of which
/// no borrow is held while user code runs.
// A frame of its own resets the stack pointer, which a trap leaves where it was: any number of panics can be survived.
#[inline(never)]
pub fn guard<R>(platform: Option<&Platform>, call: impl FnOnce() -> R) -> Option<R> {
    let (call, result) = (Cell::new(Some(call)), Cell::new(None));
    guarded(platform, &|| {
        if let Some(call) = call.take() {
            result.set(Some(call()));
        }
    });
    result.into_inner()
}

/// A future of user code, each poll of which is guarded. It gives `None` if it panics.
pub struct Guarded<T>(Option<Pin<Box<dyn Future<Output = T>>>>);

impl<T> Guarded<T> {
    /// Guards a future.
    pub fn new(future: impl Future<Output = T> + 'static) -> Self {
        Self(Some(Box::pin(future)))
    }
}

impl<T> Future for Guarded<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let Some(mut future) = self.0.take() else { return Poll::Ready(None) };
        // The function owns the future: one that panics must not be dropped, for what it owns may be half gone.
        let polled = guard(None, move || {
            let poll = future.as_mut().poll(context);
            (poll, future)
        });
        let Some((poll, future)) = polled else { return Poll::Ready(None) };
        self.0 = Some(future);
        poll.map(Some)
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        if let Some(future) = self.0.take() {
            guard(None, move || drop(future));
        }
    }
}

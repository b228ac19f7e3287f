//! Calls user code so that a panic in it ends nothing else.
//!
//! A panic in wasm does not unwind: it traps, and the trap removes every frame up to the nearest JavaScript that catches. No destructor
//! runs: what these frames owned is never freed, and what they had borrowed stays borrowed. So user code is called through a few lines
//! of JavaScript that catch: the trap removes the frames of the user code alone, the frames below stay intact, and they go on.
//! An exception of JavaScript that passes through wasm does the same, and is caught in the same way.

use super::Platform;
use core::cell::Cell;
use core::future::Future;
use core::mem::ManuallyDrop;
use core::pin::Pin;
use core::task::{Context, Poll};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    /// Calls a function. What it throws is reported, by the platform if there is one.
    fn guarded(platform: Option<&Platform>, call: &dyn Fn());
}

/// Calls user code and returns its result; if it panics, the panic is reported as an uncaught error, and `None` is returned.
///
/// In that case everything that the function owns is leaked. A value that it borrows must stay usable: a `Cell`, or a `RefCell` that is
/// not borrowed while user code runs.
pub fn guard<R>(platform: Option<&Platform>, call: impl FnOnce() -> R) -> Option<R> {
    let pending = Pending { call: Cell::new(Some(ManuallyDrop::new(call))), result: Cell::new(None) };
    guard_call(platform, &pending);
    pending.result.into_inner().map(ManuallyDrop::into_inner)
}

/// A trait of its own, because a `dyn Fn` would have code for each of three ways to call it.
trait Call {
    fn call(&self);
}

/// Neither is ever dropped here: the function is called, and there is no result before.
struct Pending<F, R> {
    call: Cell<Option<ManuallyDrop<F>>>,
    result: Cell<Option<ManuallyDrop<R>>>,
}

impl<F: FnOnce() -> R, R> Call for Pending<F, R> {
    fn call(&self) {
        if let Some(call) = self.call.take() {
            self.result.set(Some(ManuallyDrop::new(ManuallyDrop::into_inner(call)())));
        }
    }
}

/// Not inlined, and with a frame of its own: its end resets the stack pointer, which a trap does not change.
#[inline(never)]
fn guard_call(platform: Option<&Platform>, call: &dyn Call) {
    if cfg!(target_arch = "wasm32") {
        guarded(platform, &|| call.call());
    } else {
        // Elsewhere a panic unwinds to the caller, as usual.
        call.call();
    }
}

/// A future of user code, each poll of which is guarded: a panic is its end.
pub struct Guarded(Option<Pin<Box<dyn Future<Output = ()>>>>);

impl Guarded {
    /// Guards a future.
    pub fn new(future: impl Future<Output = ()> + 'static) -> Self {
        Self(Some(Box::pin(future)))
    }
}

impl Future for Guarded {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(mut future) = self.0.take() else { return Poll::Ready(()) };
        // The function owns the future. One that panics must not be dropped, because its fields may be half gone.
        let pending = guard(None, move || future.as_mut().poll(context).is_pending().then_some(future));
        self.0 = pending.flatten();
        if self.0.is_some() { Poll::Pending } else { Poll::Ready(()) }
    }
}

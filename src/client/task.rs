//! Tasks that end when they are dropped.

use super::IS_SUPPORTED;
use crate::host::Guarded;
#[cfg(any(feature = "leptos", feature = "yew"))]
use crate::host::guard;
use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
#[cfg(any(feature = "leptos", feature = "yew"))]
use futures::Stream;
use futures::channel::oneshot;
use wasm_bindgen_futures::spawn_local;

/// A running task. Dropping this ends the task.
pub(crate) struct Task(oneshot::Sender<Infallible>);

impl Task {
    /// Runs a future, which is dropped with the task.
    pub fn run(future: impl Future<Output = ()> + 'static) -> Self {
        let (held, dropped) = oneshot::channel();
        spawn(AbortOnDrop { future: Guarded::new(future), dropped });
        Self(held)
    }

    /// Returns true if the task has ended.
    pub fn is_over(&self) -> bool {
        self.0.is_canceled()
    }

    /// Calls a function with each item of a stream, in order. The function is no longer called once the task is
    /// dropped, even if the function itself drops it.
    #[cfg(any(feature = "leptos", feature = "yew"))] // Dioxus has tasks of its own
    pub fn each<S: Stream + Unpin + 'static>(stream: S, call: impl FnMut(S::Item) + 'static) -> Self {
        let (held, dropped) = oneshot::channel();
        spawn(Each { stream, call: Box::new(call), dropped });
        Self(held)
    }
}

/// Runs a future to its end. Off wasm nothing ever happens that it could wait for, and it is dropped.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    if IS_SUPPORTED {
        spawn_local(future);
    }
}

fn is_dropped(held: &mut oneshot::Receiver<Infallible>, context: &mut Context<'_>) -> bool {
    Pin::new(held).poll(context).is_ready()
}

struct AbortOnDrop {
    future: Guarded,
    dropped: oneshot::Receiver<Infallible>,
}

impl Future for AbortOnDrop {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if is_dropped(&mut self.dropped, context) { Poll::Ready(()) } else { Pin::new(&mut self.future).poll(context) }
    }
}

#[cfg(any(feature = "leptos", feature = "yew"))]
struct Each<S: Stream> {
    stream: S,
    call: Box<dyn FnMut(S::Item)>,
    dropped: oneshot::Receiver<Infallible>,
}

#[cfg(any(feature = "leptos", feature = "yew"))]
impl<S: Stream + Unpin> Future for Each<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Self { stream, call, dropped } = &mut *self;
        while !is_dropped(dropped, context) {
            // If the function panics, it is still called with the next item.
            let called = guard(None, || Pin::new(&mut *stream).poll_next(context).map(|item| item.map(&mut *call)));
            match called {
                Some(Poll::Ready(None)) => break,
                Some(Poll::Pending) => return Poll::Pending,
                Some(Poll::Ready(Some(()))) | None => {}
            }
        }
        Poll::Ready(())
    }
}

//! Hooks for frontends in Rust, each of one framework and of the cargo feature with its name. Those of all frameworks do the same:
//!
//! - one makes a client for the component that calls it and for all below it, connects it, and closes it when that component goes;
//! - one gives that client to those below;
//! - one is what the client is doing now, as a value to which the framework reacts;
//! - one hears events: each of them, in order, for as long as its component is there;
//! - one answers events of the server.

#[cfg(feature = "dioxus")]
pub mod dioxus;
#[cfg(feature = "leptos")]
pub mod leptos;
#[cfg(feature = "yew")]
pub mod yew;

use crate::client::Client;
use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures_channel::oneshot;
#[cfg(any(feature = "leptos", feature = "yew"))]
use futures_core::Stream;
use wasm_bindgen_futures::spawn_local;

/// A client's connection, which belongs to one component: it is made with it, and closed when that goes, whoever else has the client.
struct Connection {
    client: Client,
    #[expect(dead_code, reason = "held to be dropped")]
    connecting: Task,
}

impl Connection {
    fn of(client: &Client) -> Self {
        Self { client: client.clone(), connecting: Task::run(client.clone().connect_reporting()) }
    }
}

impl Drop for Connection {
    /// In a task of its own: handlers of the user's are told of the end, and a framework is in the middle of something here.
    fn drop(&mut self) {
        let client = self.client.clone();
        spawn_local(async move { client.close() });
    }
}

/// What goes on for as long as this is held.
struct Task(#[expect(dead_code, reason = "held to be dropped")] oneshot::Sender<Infallible>);

impl Task {
    /// Runs a future, which is dropped with this.
    fn run(future: impl Future<Output = ()> + 'static) -> Self {
        let (held, dropped) = oneshot::channel();
        spawn_local(Held { future: Box::pin(future), dropped });
        Self(held)
    }

    /// Calls a function with each item of a stream, in order. Once this is dropped it is not called any more, even if that happens
    /// in the function itself.
    #[cfg(any(feature = "leptos", feature = "yew"))] // Dioxus has tasks of its own
    fn each<S: Stream + Unpin + 'static>(stream: S, call: impl FnMut(S::Item) + 'static) -> Self {
        let (held, dropped) = oneshot::channel();
        spawn_local(Each { stream, call: Box::new(call), dropped });
        Self(held)
    }
}

fn is_dropped(held: &mut oneshot::Receiver<Infallible>, context: &mut Context<'_>) -> bool {
    Pin::new(held).poll(context).is_ready()
}

struct Held {
    future: Pin<Box<dyn Future<Output = ()>>>,
    dropped: oneshot::Receiver<Infallible>,
}

impl Future for Held {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if is_dropped(&mut self.dropped, context) { Poll::Ready(()) } else { self.future.as_mut().poll(context) }
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
        while !is_dropped(&mut self.dropped, context) {
            match Pin::new(&mut self.stream).poll_next(context) {
                Poll::Ready(Some(item)) => (self.call)(item),
                Poll::Ready(None) => break,
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }
}

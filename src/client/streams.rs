//! Streams of events, messages and states.

use super::guarded::ErrorCallback;
use super::{Event, Message, State, Subscription};
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::stream::{FusedStream, Stream};
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;

macro_rules! stream {
    ($(#[$doc:meta])* $name:ident of $item:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[must_use = "a stream that nobody reads buffers every item"]
        pub struct $name(pub(super) UnboundedReceiver<$item>);

        impl Stream for $name {
            type Item = $item;

            fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<$item>> {
                Pin::new(&mut self.0).poll_next(context)
            }
        }

        impl FusedStream for $name {
            fn is_terminated(&self) -> bool {
                self.0.is_terminated()
            }
        }
    };
}

/// A stream of the events of a namespace, or of one name. [`Scope::events`](super::Scope::events) and
/// [`Scope::events_of`](super::Scope::events_of) return it.
///
/// ```no_run
/// use futures::StreamExt;
/// use socketio_wasm::{Client, Events};
///
/// async fn example(client: &Client) {
///     let ticks: Events = client.events_of("tick");
///     let first_three: Vec<_> = ticks.take(3).collect().await;
/// }
/// ```
#[derive(Debug)]
#[must_use = "a stream that nobody reads buffers events up to its limit"]
pub struct Events {
    pub(super) from: UnboundedReceiver<Event>,
    /// The number of events that may be buffered.
    pub(super) limit: Rc<Cell<usize>>,
    /// Its listener adds the events.
    pub(super) _subscription: Subscription,
}

impl Events {
    /// The number of events that are buffered by default.
    pub(super) const LIMIT: usize = 10_000;

    /// Returns a stream that has ended.
    pub(super) fn ended() -> Self {
        Self { from: unbounded().1, limit: Rc::default(), _subscription: Subscription::none() }
    }

    /// Sets the number of events that are buffered until they are read. When more come, the builder's `on_error` gets
    /// [`Error::EventsMissed`](super::Error::EventsMissed), and the stream ends behind those that are buffered. Default: 10,000.
    ///
    /// ```no_run
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     let latest = client.events_of("price").with_limit(100);
    /// }
    /// ```
    pub fn with_limit(self, limit: usize) -> Self {
        self.limit.set(limit);
        self
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        Pin::new(&mut self.from).poll_next(context)
    }
}

impl FusedStream for Events {
    fn is_terminated(&self) -> bool {
        self.from.is_terminated()
    }
}

stream! {
    /// A stream of the states of a client or of a namespace. [`Client::states`](super::Client::states) and
    /// [`Scope::states`](super::Scope::states) return it.
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use socketio_wasm::{Client, States};
    ///
    /// async fn example(client: &Client) {
    ///     let mut states: States = client.states();
    ///     assert_eq!(states.next().await, Some(client.state()));
    /// }
    /// ```
    States of State
}

stream! {
    /// A stream of the messages of an Engine.IO client. [`EngineClient::messages`](super::EngineClient::messages) returns it.
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use socketio_wasm::{EngineClient, Messages};
    ///
    /// async fn example(client: &EngineClient) {
    ///     let mut messages: Messages = client.messages();
    ///     let first = messages.next().await;
    /// }
    /// ```
    Messages of Message
}

/// A stream of the arguments of the events of one name. [`Scope::arguments_of`](super::Scope::arguments_of) returns it.
///
/// ```no_run
/// use futures::{StreamExt, future::ready};
/// use socketio_wasm::{Arguments, Client};
///
/// async fn example(client: &Client) {
///     let prices: Arguments<f64> = client.arguments_of("price");
///     let low: Vec<f64> = prices.filter(|price| ready(*price < 9.5)).take(3).collect().await;
/// }
/// ```
#[must_use = "a stream that nobody reads buffers events up to its limit"]
pub struct Arguments<A> {
    events: Events,
    on_error: ErrorCallback,
    of: PhantomData<fn() -> A>,
}

impl<A> Arguments<A> {
    /// Sets the number of events that are buffered until they are read. See [`Events::with_limit`].
    pub fn with_limit(self, limit: usize) -> Self {
        Self { events: self.events.with_limit(limit), ..self }
    }

    /// Returns the arguments of events. The function is called with the error of arguments that have another type.
    pub(super) fn new(events: Events, on_error: ErrorCallback) -> Self {
        Self { events, on_error, of: PhantomData }
    }
}

impl<A: DeserializeOwned> Stream for Arguments<A> {
    type Item = A;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<A>> {
        loop {
            let Poll::Ready(next) = Pin::new(&mut self.events).poll_next(context) else { return Poll::Pending };
            match next.as_ref().map(Event::parse) {
                None => return Poll::Ready(None),
                Some(Ok(arguments)) => return Poll::Ready(Some(arguments)),
                Some(Err(error)) => (self.on_error)(&error),
            }
        }
    }
}

impl<A: DeserializeOwned> FusedStream for Arguments<A> {
    fn is_terminated(&self) -> bool {
        self.events.is_terminated()
    }
}

impl<A> core::fmt::Debug for Arguments<A> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_tuple("Arguments").field(&self.events).finish()
    }
}

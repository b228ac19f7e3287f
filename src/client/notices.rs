//! Streams of what happens to a connection, for the hooks of frameworks.

use super::event::{CONNECT, CONNECT_ERROR, DISCONNECT, Disconnect, HandlerEvent, RECONNECT_ATTEMPT, STATE};
use super::guarded::push;
use super::handlers::{Ack, Handler};
use super::{Error, Reconnection, Scope, Subscription};
use core::pin::Pin;
use core::task::{Context, Poll};
use futures::Stream;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use std::cell::RefCell;
use std::rc::Rc;

/// A stream of what a handler of a namespace receives. It keeps no client alive.
pub(crate) struct Notices<T> {
    from: UnboundedReceiver<T>,
    /// Its handlers add the items.
    _subscriptions: Vec<Subscription>,
}

impl<T> Stream for Notices<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut self.from).poll_next(context)
    }
}

impl Scope {
    /// Returns a stream with an item for each connection of the namespace, and first for the present one.
    pub(crate) fn connections(&self) -> Notices<()> {
        // The handlers of the present connection may not have been called yet. It is recognised by its id.
        let last = RefCell::new(self.sid());
        let first = self.is_connected().then_some(());
        self.notices(CONNECT, first, move |scope, _| {
            let sid = scope.sid();
            (last.replace(sid.clone()) != sid).then_some(())
        })
    }

    /// Returns a stream of the ends of the namespace's connections.
    pub(crate) fn disconnections(&self) -> Notices<Disconnect> {
        self.notices(DISCONNECT, None, |_, event| match event {
            HandlerEvent::Disconnected(end) => Some(end),
            _ => None,
        })
    }

    /// Returns a stream of the failed attempts and refusals.
    pub(crate) fn connect_errors(&self) -> Notices<Error> {
        self.notices(CONNECT_ERROR, None, |_, event| match event {
            HandlerEvent::Failed(error) => Some(error),
            _ => None,
        })
    }

    /// Returns a stream of the attempt to reconnect that the client waits for or makes, and of each change of it.
    pub(crate) fn reconnections(&self) -> Notices<Option<Reconnection>> {
        let (to, from) = unbounded();
        let _ = to.unbounded_send(self.reconnection());
        let handler: Handler = Rc::new(move |scope, _, _| {
            push(&to, scope.reconnection());
            Ack::Now(None)
        });
        let subscriptions = [RECONNECT_ATTEMPT, STATE].map(|event| self.subscribe_to_life(event, handler.clone()));
        Notices { from, _subscriptions: subscriptions.into() }
    }

    fn notices<T: 'static>(
        &self,
        event: &str,
        first: Option<T>,
        item: impl Fn(Scope, HandlerEvent) -> Option<T> + 'static,
    ) -> Notices<T> {
        let (to, from) = unbounded();
        first.into_iter().for_each(|item| drop(to.unbounded_send(item)));
        let handler: Handler = Rc::new(move |scope, event, _| {
            if let Some(item) = item(scope, event) {
                push(&to, item);
            }
            Ack::Now(None)
        });
        Notices { from, _subscriptions: vec![self.subscribe(event, handler)] }
    }
}

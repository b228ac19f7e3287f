//! Streams of what happens to a connection, for the hooks of frameworks.

use super::event::{CONNECT, CONNECT_ERROR, DISCONNECT, Disconnect, HandlerEvent, RECONNECT_ATTEMPT, STATE};
use super::guarded::push;
use super::handlers::{Ack, Handler};
use super::state::ClientState;
use super::{Error, Reconnection, Scope, names};
use core::any::Any;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures::Stream;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// A stream of what happens to a namespace. It keeps no client alive.
pub(crate) struct Notices<T> {
    from: UnboundedReceiver<T>,
    /// Adds the items, as long as it is held.
    _source: Box<dyn Any>,
}

/// Adds the items of a stream. It is no handler: neither does `off` remove it, nor does it hide the handlers of `*` or a class.
struct Notice {
    namespace: Rc<str>,
    event: &'static str,
    add: Box<dyn Fn(Scope, HandlerEvent)>,
}

/// The notices of a client. Each lives as long as its stream.
#[derive(Default)]
pub(super) struct NoticeList(RefCell<Vec<Weak<Notice>>>);

impl NoticeList {
    fn add(&self, notice: &Rc<Notice>) {
        let mut notices = self.0.borrow_mut();
        notices.retain(|notice| notice.strong_count() > 0);
        notices.push(Rc::downgrade(notice));
    }

    fn of(&self, namespace: &str, event: &str) -> Vec<Rc<Notice>> {
        let notices = self.0.borrow();
        let is_wanted = |notice: &Rc<Notice>| {
            notice.event == event && (&*notice.namespace == namespace || &*notice.namespace == names::ANY)
        };
        notices.iter().filter_map(Weak::upgrade).filter(is_wanted).collect()
    }
}

impl ClientState {
    /// Returns true if a stream has this event of a namespace.
    pub fn is_noticed(&self, namespace: &str, event: &HandlerEvent) -> bool {
        !self.notices.of(namespace, event.name()).is_empty()
    }

    /// Adds an event of a namespace to the streams that have it.
    pub fn notice(&self, namespace: &str, event: &HandlerEvent) {
        for notice in self.notices.of(namespace, event.name()) {
            if let Some(scope) = self.scope(namespace) {
                (notice.add)(scope, event.clone());
            }
        }
    }
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
        Notices { from, _source: Box::new(subscriptions) }
    }

    fn notices<T: 'static>(
        &self,
        event: &'static str,
        first: Option<T>,
        item: impl Fn(Scope, HandlerEvent) -> Option<T> + 'static,
    ) -> Notices<T> {
        let (to, from) = unbounded();
        first.into_iter().for_each(|item| drop(to.unbounded_send(item)));
        let add = Box::new(move |scope, event| {
            if let Some(item) = item(scope, event) {
                push(&to, item);
            }
        });
        let notice = Rc::new(Notice { namespace: self.namespace.clone(), event, add });
        if let Some(state) = self.handle.state() {
            state.notices.add(&notice);
        }
        Notices { from, _source: Box::new(notice) }
    }
}

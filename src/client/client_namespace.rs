//! Objects that serve whole namespaces.

use super::event::{Disconnect, Event, HandlerEvent};
use super::handlers::{Ack, Handler};
use super::{Error, Scope, State};
use crate::engine::Transport;
use crate::socket::FinalReason;
use core::time::Duration;
use std::rc::Rc;

/// Serves all events of a namespace that have no handler of their own, including the reserved events.
/// [`Client::register_namespace`](super::Client::register_namespace) registers an object, which then lives as long as
/// its client.
///
/// Each method receives the namespace, on which it can emit and call. [`Scope::client`] returns the client. Do not
/// store the client in the object: it would then never be dropped.
///
/// ```no_run
/// use socketio_wasm::{Ack, ClientNamespace, Error, Event, Scope};
///
/// struct Chat;
///
/// impl ClientNamespace for Chat {
///     fn namespace(&self) -> &str {
///         "/chat"
///     }
///
///     fn on_event(&self, chat: Scope, event: Event) -> Result<Ack, Error> {
///         match event.name() {
///             "hello" => chat.emit("hello", event.parse::<String>()?)?,
///             "sum" => {
///                 let (a, b): (u32, u32) = event.parse()?;
///                 return Ok(Ack::value(a + b));
///             }
///             _ => return Ok(Ack::unhandled()),
///         }
///         Ok(Ack::nothing())
///     }
/// }
/// ```
pub trait ClientNamespace: 'static {
    /// Returns the name of the namespace; `*` means all namespaces that have neither a handler nor an object of their
    /// own. Default: `/`.
    fn namespace(&self) -> &str {
        super::names::ROOT
    }

    /// Handles an event from the server. The returned [`Ack`] answers the server if it asks for an acknowledgement;
    /// [`Ack::unhandled`], the default, does not.
    ///
    /// # Errors
    /// An error is reported to the builder's `on_error`, and the server receives no acknowledgement.
    fn on_event(&self, scope: Scope, event: Event) -> Result<Ack, Error> {
        let _ = (scope, event);
        Ok(Ack::unhandled())
    }

    /// Is called when the namespace is connected, at first and after each reconnection.
    fn on_connect(&self, scope: Scope) {
        let _ = scope;
    }

    /// Is called when an attempt to connect has failed, or the server refused the namespace. The object counts as a handler
    /// of such errors even if it leaves this method as it is: they no longer go to the builder's `on_error`.
    fn on_connect_error(&self, scope: Scope, error: Error) {
        let _ = (scope, error);
    }

    /// Is called when the namespace's connection has ended.
    fn on_disconnect(&self, scope: Scope, end: Disconnect) {
        let _ = (scope, end);
    }

    /// Is called when the connection has ended and no reconnection follows. The object counts as a handler of the end even
    /// if it leaves this method as it is: the builder's `on_error` does not get [`Error::Ended`].
    fn on_disconnect_final(&self, scope: Scope, reason: FinalReason) {
        let _ = (scope, reason);
    }

    /// Is called when the wait for an attempt begins, with its number in a row, from 1 on, and the delay. This and the
    /// following events concern the whole connection: the objects of all namespaces are called.
    fn on_reconnect_attempt(&self, scope: Scope, attempt: u32, delay: Duration) {
        let _ = (scope, attempt, delay);
    }

    /// Is called when the connection is back after so many attempts.
    fn on_reconnect(&self, scope: Scope, attempts: u32) {
        let _ = (scope, attempts);
    }

    /// Is called when the client gives up.
    fn on_reconnect_failed(&self, scope: Scope) {
        let _ = scope;
    }

    /// Is called when the state of the client has changed: to the first one, from the second one.
    fn on_state(&self, scope: Scope, now: State, before: State) {
        let _ = (scope, now, before);
    }

    /// Is called when the connection has moved to another transport, which is the websocket.
    fn on_upgrade(&self, scope: Scope, transport: Transport) {
        let _ = (scope, transport);
    }
}

/// Returns the namespace of an object, and a handler that passes all events to it.
pub(super) fn class_of(object: impl ClientNamespace) -> (String, Handler) {
    let namespace = object.namespace().to_owned();
    let serve = move |scope, event, _| {
        match event {
            HandlerEvent::Event(event) => {
                return object.on_event(scope, event).unwrap_or_else(|error| Ack::Now(Some(Err(error))));
            }
            HandlerEvent::Connected => object.on_connect(scope),
            HandlerEvent::Failed(error) => object.on_connect_error(scope, error),
            HandlerEvent::Disconnected(end) => object.on_disconnect(scope, end),
            HandlerEvent::Final(reason) => object.on_disconnect_final(scope, reason),
            HandlerEvent::ReconnectAttempt(attempt, delay) => object.on_reconnect_attempt(scope, attempt, delay),
            HandlerEvent::Reconnected(attempts) => object.on_reconnect(scope, attempts),
            HandlerEvent::ReconnectFailed => object.on_reconnect_failed(scope),
            HandlerEvent::State(now, before) => object.on_state(scope, now, before),
            HandlerEvent::Upgraded(transport) => object.on_upgrade(scope, transport),
        }
        Ack::Now(None)
    };
    (namespace, Rc::new(serve))
}

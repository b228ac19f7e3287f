//! An object that serves a whole namespace.

use super::event::{Disconnect, Event, HandlerEvent};
use super::handlers::{Ack, Handler};
use super::{Error, Scope};
use std::rc::Rc;

/// Serves all events of a namespace that have no handler of their own, reserved ones included: registered by
/// [`Client::register_namespace`](super::Client::register_namespace), it lives as long as its client.
///
/// Each method is given the namespace, on which it may emit and call; [`Scope::client`] is the client, which is better not kept in
/// the object: that would keep it from being dropped.
///
/// ```no_run
/// # use socketio_wasm::{ClientNamespace, Error, Event, Ack, Scope};
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
///             _ => {}
///         }
///         Ok(Ack::nothing())
///     }
/// }
/// ```
pub trait ClientNamespace: 'static {
    /// The namespace; `*` is all that have neither a handler nor an object of their own.
    fn namespace(&self) -> &str {
        super::names::ROOT
    }

    /// An event of the server's. What is replied answers it where the server asks for an acknowledgement.
    ///
    /// # Errors
    /// Whatever this gives is reported to the builder's `on_error`, and answers nothing.
    fn on_event(&self, scope: Scope, event: Event) -> Result<Ack, Error> {
        let _ = (scope, event);
        Ok(Ack::nothing())
    }

    /// The namespace is connected, for the first time or again.
    fn on_connect(&self, scope: Scope) {
        let _ = scope;
    }

    /// An attempt to connect has failed, or the namespace was refused.
    fn on_connect_error(&self, scope: Scope, error: Error) {
        let _ = (scope, error);
    }

    /// The namespace's connection has ended.
    fn on_disconnect(&self, scope: Scope, end: Disconnect) {
        let _ = (scope, end);
    }

    /// It has ended, and no reconnection follows.
    fn on_disconnect_final(&self, scope: Scope) {
        let _ = scope;
    }
}

/// The namespace of an object, and the handler of all its events.
pub(super) fn class_of(object: impl ClientNamespace) -> (String, Handler) {
    let namespace = object.namespace().to_owned();
    let serve = move |scope, told, _| {
        match told {
            HandlerEvent::Event(event) => {
                return object.on_event(scope, event).unwrap_or_else(|error| Ack::Now(Some(Err(error))));
            }
            HandlerEvent::Connected => object.on_connect(scope),
            HandlerEvent::Failed(error) => object.on_connect_error(scope, error),
            HandlerEvent::Disconnected(end) => object.on_disconnect(scope, end),
            HandlerEvent::Final => object.on_disconnect_final(scope),
        }
        Ack::Now(None)
    };
    (namespace, Rc::new(serve))
}

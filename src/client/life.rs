//! The life of a whole connection: handlers of its state and of the attempts to make it again, the present attempt, and the function
//! that chooses the delays.

use super::event::{HandlerEvent, LIFE, RECONNECT, RECONNECT_ATTEMPT, RECONNECT_FAILED, STATE, UPGRADE};
use super::handlers::{Ack, Handler, Subscription};
use super::into_ack::IntoAck;
use super::{ClientBuilder, Error, Scope, State, names};
use crate::engine::Transport;
use core::time::Duration;
use std::rc::Rc;

/// An attempt to make the connection again, with its number and delay. [`Scope::reconnection`] returns it.
///
/// ```no_run
/// use socketio_wasm::{Client, Reconnection};
///
/// /// Returns the line of a banner.
/// fn line(client: &Client) -> Option<String> {
///     let Reconnection { attempt, delay } = client.reconnection()?;
///     Some(format!("attempt {attempt}, {delay:?} after the last one"))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reconnection {
    /// The number of the attempt in a row, from 1 on.
    pub attempt: u32,
    /// The delay before the attempt. It began when [`on_reconnect_attempt`](Scope::on_reconnect_attempt) was called.
    pub delay: Duration,
}

impl Scope {
    /// Calls a handler when the wait for an attempt to reconnect begins, with the number of the attempt in a row, from 1 on,
    /// and the delay. With [`retry`](super::ClientBuilder::retry), that includes repeated first attempts. The event concerns
    /// the whole connection: the handlers in all namespaces are called.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client
    ///         .on_reconnect_attempt(|_scope, attempt, delay| {
    ///             log!(format!("attempt {attempt} in {delay:?}"))
    ///         })
    ///         .keep();
    /// }
    /// ```
    pub fn on_reconnect_attempt<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Scope, u32, Duration) -> R + 'static,
    ) -> Subscription {
        self.subscribe_to_life(
            RECONNECT_ATTEMPT,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::ReconnectAttempt(attempt, delay) => handler(scope, attempt, delay).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Calls a handler when the connection is back, with the number of attempts that this took. It is called after that of
    /// [`on_connect`](Self::on_connect) for the first namespace. The handlers in all namespaces are called.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client
    ///         .on_reconnect(|_scope, attempts| log!(format!("back after {attempts} attempts")))
    ///         .keep();
    /// }
    /// ```
    pub fn on_reconnect<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Scope, u32) -> R + 'static) -> Subscription {
        self.subscribe_to_life(
            RECONNECT,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::Reconnected(attempts) => handler(scope, attempts).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Calls a handler when the client gives up: as many attempts have failed as
    /// [`reconnection_attempts`](super::ClientBuilder::reconnection_attempts) allows, or the function of
    /// [`reconnection_delay_with`](super::ClientBuilder::reconnection_delay_with) has returned `None`. The handlers in all
    /// namespaces are called.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.on_reconnect_failed(|_scope| log!("the server stays away")).keep();
    /// }
    /// ```
    pub fn on_reconnect_failed<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Scope) -> R + 'static) -> Subscription {
        self.subscribe_to_life(RECONNECT_FAILED, Rc::new(move |scope, _, _| handler(scope).into_ack(false)))
    }

    /// Calls a handler when the state of the client has changed: to the first state, from the second one. The handlers in all
    /// namespaces are called, before those of the event that belongs to the change, such as `connect`.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.on_state(|_scope, now, before| log!(format!("{before:?} -> {now:?}"))).keep();
    /// }
    /// ```
    pub fn on_state<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Scope, State, State) -> R + 'static,
    ) -> Subscription {
        self.subscribe_to_life(
            STATE,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::State(now, before) => handler(scope, now, before).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Calls a handler when the connection has moved from polling to another transport, which is the websocket. The handlers
    /// in all namespaces are called.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.on_upgrade(|_scope, transport| log!(transport.name())).keep();
    /// }
    /// ```
    pub fn on_upgrade<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Scope, Transport) -> R + 'static,
    ) -> Subscription {
        self.subscribe_to_life(
            UPGRADE,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::Upgraded(transport) => handler(scope, transport).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Returns the attempt to make the connection again that the client waits for, or makes: for a banner such as "attempt 3, in 5 s".
    /// `None` if there is none. With [`retry`](super::ClientBuilder::retry), that includes repeated first attempts.
    ///
    /// [`on_reconnect_attempt`](Self::on_reconnect_attempt) is called when it changes, and [`on_state`](Self::on_state) when it is over.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Reconnection};
    ///
    /// fn example(client: &Client) {
    ///     if let Some(Reconnection { attempt, delay }) = client.reconnection() {
    ///         log!(format!("connection lost: attempt {attempt} after {} s", delay.as_secs()));
    ///     }
    /// }
    /// ```
    pub fn reconnection(&self) -> Option<Reconnection> {
        self.handle.state()?.reconnection.get()
    }

    pub(super) fn subscribe_to_life(&self, event: &str, handler: Handler) -> Subscription {
        // The event belongs to no namespace. The handler receives the namespace on which it was registered.
        let namespace = if &*self.namespace == names::ANY { names::ROOT.into() } else { self.namespace.clone() };
        let handler: Handler = Rc::new(move |scope, event, _| handler(scope.of(&namespace), event, false));
        self.subscribe_to(LIFE.into(), event.into(), handler)
    }
}

impl ClientBuilder {
    /// Sets a function that returns the delay before each attempt to reconnect, in place of the settings of
    /// [`reconnection_delay`](Self::reconnection_delay). Those hold before a refused namespace is requested again. It receives the number of the attempt in a row, from 1 on, and the
    /// error before it. `None` means that there is no further attempt: the client gives up, as after
    /// [`reconnection_attempts`](Self::reconnection_attempts). The delay is used as it is, without
    /// [`randomization_factor`](Self::randomization_factor), but it is at least 50 ms. If the function panics, the delay of
    /// the settings is used.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use socketio_wasm::{Client, Error, Fault};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let delay = |attempt, error: &Error| match error.fault() {
    ///         Fault::Misuse => None,
    ///         _ => Some(Duration::from_secs(u64::from(attempt).min(30))),
    ///     };
    ///     let client = Client::builder("http://localhost:3000")
    ///         .reconnection_delay_with(delay)
    ///         .connect()
    ///         .await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn reconnection_delay_with(mut self, delay: impl Fn(u32, &Error) -> Option<Duration> + 'static) -> Self {
        self.options.settings.asks_delay = true;
        self.options.delay = Some(Box::new(delay));
        self
    }

    /// Calls a handler when the wait for an attempt to reconnect begins, with its number and the delay. See
    /// [`Scope::on_reconnect_attempt`](super::Scope::on_reconnect_attempt).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_reconnect_attempt(|_scope, attempt, delay| {
    ///             log!(format!("attempt {attempt} in {delay:?}"))
    ///         })
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_reconnect_attempt<R: IntoAck<Kind>, Kind>(
        self,
        handler: impl Fn(Scope, u32, Duration) -> R + 'static,
    ) -> Self {
        self.set_up(move |client| client.on_reconnect_attempt(handler).keep())
    }

    /// Calls a handler when the connection is back, with the number of attempts that this took. See
    /// [`Scope::on_reconnect`](super::Scope::on_reconnect).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_reconnect(|_scope, attempts| log!(format!("back after {attempts} attempts")))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_reconnect<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Scope, u32) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_reconnect(handler).keep())
    }

    /// Calls a handler when the client gives up reconnecting. See
    /// [`Scope::on_reconnect_failed`](super::Scope::on_reconnect_failed).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_reconnect_failed(|_scope| log!("the server stays away"))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_reconnect_failed<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Scope) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_reconnect_failed(handler).keep())
    }

    /// Calls a handler when the state of the client has changed, with the state and the one before. See
    /// [`Scope::on_state`](super::Scope::on_state).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_state(|_scope, now, before| log!(format!("{before:?} -> {now:?}")))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_state<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Scope, State, State) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_state(handler).keep())
    }

    /// Calls a handler when the connection has moved from polling to a websocket. See
    /// [`Scope::on_upgrade`](super::Scope::on_upgrade).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn connect() -> Result<Client, Error> {
    ///     Client::builder("http://localhost:3000")
    ///         .on_upgrade(|_scope, transport| log!(transport.name()))
    ///         .connect()
    ///         .await
    /// }
    /// ```
    pub fn on_upgrade<R: IntoAck<Kind>, Kind>(self, handler: impl Fn(Scope, Transport) -> R + 'static) -> Self {
        self.set_up(move |client| client.on_upgrade(handler).keep())
    }
}

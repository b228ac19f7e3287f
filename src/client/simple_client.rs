//! The client without handlers: its user awaits each event, and the connection, one after the other.

use super::call::FromAck;
use super::error::Error;
use super::event::Event;
use super::packets::event_values;
use super::scope::{CALL_TIMEOUT, Scope};
use super::streams::{Events, States};
use super::timing::WithTimeout;
use super::{ClientBuilder, DisconnectFuture, State, names};
use crate::engine::Transport;
use crate::socket::DisconnectReason;
use crate::tables::defaults;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};
use futures::Stream;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A client without handlers, for one namespace. Events are received one by one. An emit waits while a lost connection
/// is made again. As a [`Stream`], the client yields events until the connection has ended for good. Dropping it
/// disconnects.
///
/// Any number of events waits to be received. Each event is acknowledged when it comes, unless a handler of the builder answers it; an
/// object of the builder's `register_namespace`, and its handlers in `*`, are not called.
///
/// ```no_run
/// use core::time::Duration;
/// use socketio_wasm::{Client, Error, SimpleClient};
///
/// async fn example() -> Result<(), Error> {
///     let mut client =
///         SimpleClient::connect(Client::builder("http://localhost:3000")).await?;
///     client.emit("say", ("Ada", "hello")).await?;
///     let sum: u32 = client.call("add", (1, 2)).await?;
///     let event = client.receive().timeout(Duration::from_secs(5)).await?;
///     let (from, text): (String, String) = event.parse()?;
///     Ok(())
/// }
/// ```
pub struct SimpleClient {
    scope: Scope,
    events: Events,
    /// Read while an event is awaited.
    states: Option<States>,
    end: Rc<End>,
}

/// The end of the last connection.
#[derive(Default)]
struct End {
    reason: Cell<Option<DisconnectReason>>,
    cause: RefCell<Option<Error>>,
}

impl End {
    fn set(&self, reason: DisconnectReason, cause: Option<Error>) {
        self.reason.set(Some(reason));
        self.cause.replace(cause);
    }

    fn error(&self) -> Error {
        let reason = self.reason.get().unwrap_or(DisconnectReason::TransportError);
        Error::Disconnected { reason, event: None, cause: self.cause.borrow().clone().map(Box::new) }
    }
}

impl SimpleClient {
    /// Connects, and returns when the namespace is connected. It is the builder's namespace, or `/` if the builder has
    /// none.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error, SimpleClient};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let builder = Client::builder("http://localhost:3000").namespace("/chat");
    ///     let client = SimpleClient::connect(builder).await?;
    ///     assert!(
    ///         client.is_connected() && client.sid().is_some() && client.transport().is_some()
    ///     );
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`Client::connect`](super::Client::connect), or [`Error::SeveralNamespaces`].
    pub async fn connect(mut builder: ClientBuilder) -> Result<Self, Error> {
        let options = &mut builder.options;
        let namespaces = options.namespaces.get_mut();
        let namespace = match namespaces.as_slice() {
            [] => names::ROOT.to_owned(),
            [one] => one.clone(),
            several => return Err(Error::SeveralNamespaces(several.iter().map(|name| names::shown(name)).collect())),
        };
        // Without this, namespaces of handlers in the builder would be connected.
        *namespaces = vec![namespace.clone()];
        options.waits = true;
        options.wait_timeout.get_or_insert(defaults::SIMPLE_WAIT_TIMEOUT_MS);
        let client = builder.build();
        let scope = client.of(&namespace);
        // Before `connect`, so that no event is missed.
        let events = scope.events().with_limit(usize::MAX);
        // An event that is received is acknowledged.
        scope.on_unhandled(|_scope, _event| ()).keep();
        let end = Rc::new(End::default());
        let note = end.clone();
        scope.on_disconnect(move |_scope, parting| note.set(parting.reason, parting.error)).keep();
        // The pending or next operation returns the end.
        scope.on_disconnect_final(|_scope, _reason| ()).keep();
        client.connect().await?;
        Ok(Self { scope, events, states: None, end })
    }

    /// Emits an event as soon as there is a connection. Without a [`timeout`](WithTimeout::timeout) it waits for ever.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use socketio_wasm::{Error, SimpleClient};
    ///
    /// async fn example(client: &mut SimpleClient) -> Result<(), Error> {
    ///     client.emit("say", ("hello", 7)).await?;
    ///     client.emit("say", "soon, or not at all").timeout(Duration::from_secs(5)).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::EmitTimeout`]; [`Error::Disconnected`] after the end; those of [`Scope::emit`].
    pub fn emit(&self, event: &str, arguments: impl Serialize) -> WithTimeout<'static, ()> {
        let values = names::event(event).and_then(|event| event_values(event, &arguments));
        let (connected, scope) = (self.connected(), self.scope.clone());
        let event = event.to_owned();
        let name = event.clone();
        let work = async move {
            let values = values?;
            connected.await.map_err(|error| error.of_event(&name))?;
            scope.emit_values(&values).map_err(|error| error.of_event(&name))
        };
        WithTimeout::new(work, None, move |timeout| Error::EmitTimeout { event: event.clone(), timeout })
    }

    /// Emits an event as soon as there is a connection, and waits for the server's acknowledgement, which is read as
    /// `T`. The time limit covers both waits. Default: 60 s.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use socketio_wasm::{Error, SimpleClient};
    ///
    /// async fn example(client: &mut SimpleClient) -> Result<(), Error> {
    ///     let sum: u32 = client.call("add", (1, 2)).await?;
    ///     let (text, number): (String, u32) =
    ///         client.call("echo", ("hi", 7)).timeout(Duration::from_secs(5)).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::CallTimeout`]; [`Error::Disconnected`] if the connection that carried the event ended, or if the client
    /// has ended; those of [`Scope::call`].
    pub fn call<T: FromAck + 'static>(&self, event: &str, arguments: impl Serialize) -> WithTimeout<'static, T> {
        let call = self.scope.timeout(None).call(event, arguments);
        let connected = self.connected();
        let event = event.to_owned();
        let name = event.clone();
        let work = async move {
            connected.await.map_err(|error| error.of_event(&name))?;
            call.await
        };
        WithTimeout::new(work, CALL_TIMEOUT, move |timeout| Error::CallTimeout { event: event.clone(), timeout })
    }

    /// Waits for the next event, also while a lost connection is made again. Events that came before the end are still
    /// returned. An event that asks for an acknowledgement is answered without values. Without a
    /// [`timeout`](WithTimeout::timeout) it waits for ever.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error, SimpleClient};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client =
    ///         &mut SimpleClient::connect(Client::builder("http://localhost:3000")).await?;
    ///     client.emit("message", ("hello", 7)).await?;
    ///     loop {
    ///         let event = client.receive().await?;
    ///         if event.name() == "message" {
    ///             let (text, number): (String, u32) = event.parse()?;
    ///             break;
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::Disconnected`] after the end; [`Error::ReceiveTimeout`].
    pub fn receive(&mut self) -> WithTimeout<'_, Event> {
        let work = async move {
            let event = poll_fn(|context| self.poll_event(context)).await;
            event.ok_or_else(|| self.end.error())
        };
        WithTimeout::new(work, None, Error::ReceiveTimeout)
    }

    /// Writes emitted events, then closes the connection for good. It does so even if the result is not awaited.
    /// Pending operations end.
    ///
    /// ```no_run
    /// use socketio_wasm::{Error, SimpleClient};
    ///
    /// async fn example(client: &mut SimpleClient) -> Result<(), Error> {
    ///     client.emit("say", "good-bye").await?;
    ///     client.disconnect().await;
    ///     Ok(())
    /// }
    /// ```
    pub fn disconnect(&self) -> DisconnectFuture {
        self.end.set(DisconnectReason::ClientDisconnect, None);
        self.scope.client().disconnect()
    }

    /// Returns true while the namespace is connected.
    pub fn is_connected(&self) -> bool {
        self.scope.is_connected()
    }

    /// Returns the Socket.IO session id while the namespace is connected.
    pub fn sid(&self) -> Option<String> {
        self.scope.sid()
    }

    /// Returns the transport in use, or the last one that was; `None` if there never was one.
    pub fn transport(&self) -> Option<Transport> {
        self.scope.client().transport()
    }

    /// Waits until there is a connection.
    fn connected(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        let (scope, end) = (self.scope.clone(), self.end.clone());
        async move {
            if scope.is_connected() {
                return Ok(());
            }
            let mut states = scope.client().states();
            while !scope.is_connected() {
                match poll_fn(|context| Pin::new(&mut states).poll_next(context)).await {
                    None | Some(State::Disconnected) => return Err(end.error()),
                    Some(_) => {}
                }
            }
            Ok(())
        }
    }

    /// Polls for the next event; `None` after the end.
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        if let Poll::Ready(event) = Pin::new(&mut self.events).poll_next(context) {
            self.states = None;
            return Poll::Ready(event);
        }
        let states = self.states.get_or_insert_with(|| self.scope.client().states());
        loop {
            match Pin::new(&mut *states).poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None | Some(State::Disconnected)) => {
                    self.states = None;
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(_)) => {}
            }
        }
    }
}

impl Stream for SimpleClient {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.poll_event(context)
    }
}

impl core::fmt::Debug for SimpleClient {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("SimpleClient").field("sid", &self.sid()).field("transport", &self.transport()).finish()
    }
}

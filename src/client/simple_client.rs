//! The client without handlers: whoever uses it waits for events, and for the connection, as for the next line.

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
use std::cell::Cell;
use std::rc::Rc;

/// A client without handlers, of one namespace: events are received one by one, and what is emitted waits for the connection while
/// that is made again. As a [`Stream`], it gives the events until the connection has ended for good. Dropped, it disconnects.
///
/// ```no_run
/// # use core::time::Duration;
/// # use socketio_wasm::{Client, Error, SimpleClient};
/// # async fn example() -> Result<(), Error> {
/// let mut client = SimpleClient::connect(Client::builder("http://localhost:3000")).await?;
/// client.emit("say", ("Ada", "hello")).await?;
/// let sum: u32 = client.call("add", (1, 2)).await?;
/// let event = client.receive().timeout(Duration::from_secs(5)).await?;
/// let (from, text): (String, String) = event.parse()?;
/// # Ok(())
/// # }
/// ```
pub struct SimpleClient {
    scope: Scope,
    events: Events,
    /// Read while events are waited for.
    states: Option<States>,
    end: Rc<Cell<DisconnectReason>>,
}

impl SimpleClient {
    /// Connects; done when the namespace is connected. The builder's namespace is that of the client, `/` where it has none.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error, SimpleClient};
    /// # async fn example() -> Result<(), Error> {
    /// let builder = Client::builder("http://localhost:3000").namespace("/chat");
    /// let client = SimpleClient::connect(builder).await?;
    /// assert!(client.is_connected() && client.sid().is_some() && client.transport().is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::connect`](super::Client::connect); [`Error::SeveralNamespaces`].
    pub async fn connect(mut builder: ClientBuilder) -> Result<Self, Error> {
        let options = &mut builder.options;
        let namespaces = options.namespaces.get_mut();
        let namespace = match namespaces.as_slice() {
            [] => names::ROOT.to_owned(),
            [one] => one.clone(),
            several => return Err(Error::SeveralNamespaces(several.iter().map(|name| names::shown(name)).collect())),
        };
        // Handlers in the builder are no namespaces to connect.
        *namespaces = vec![namespace.clone()];
        options.waits = true;
        options.wait_timeout.get_or_insert(defaults::SIMPLE_WAIT_TIMEOUT_MS);
        let client = builder.build();
        let scope = client.of(&namespace);
        // From the first event on.
        let events = scope.events();
        let end = Rc::new(Cell::new(DisconnectReason::TransportError));
        let note = end.clone();
        scope.on_disconnect(move |_client, parting| note.set(parting.reason)).keep();
        client.connect().await?;
        Ok(Self { scope, events, states: None, end })
    }

    /// Emits an event, once there is a connection: at once where it is there. Its time is unlimited, unless it is given one.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Error, SimpleClient};
    /// # use core::time::Duration;
    /// # async fn example(client: &mut SimpleClient) -> Result<(), Error> {
    /// client.emit("say", ("hello", 7)).await?;
    /// client.emit("say", "soon, or not at all").timeout(Duration::from_secs(5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::EmitTimeout`]; [`Error::Disconnected`] after the end; as [`Scope::emit`].
    pub fn emit(&self, event: &str, arguments: impl Serialize) -> WithTimeout<'static, ()> {
        let values = names::event(event).and_then(|event| event_values(event, &arguments));
        let (connected, scope) = (self.connected(), self.scope.clone());
        let event = event.to_owned();
        let work = async move {
            let values = values?;
            connected.await?;
            scope.emit_values(&values)
        };
        WithTimeout::new(work, None, move |timeout| Error::EmitTimeout { event: event.clone(), timeout })
    }

    /// Emits an event, once there is a connection, and waits for the server's acknowledgement, as a type of yours. Its time, 60 s
    /// unless it is given another one, is for all of that.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Error, SimpleClient};
    /// # use core::time::Duration;
    /// # async fn example(client: &mut SimpleClient) -> Result<(), Error> {
    /// let sum: u32 = client.call("add", (1, 2)).await?;
    /// let (text, number): (String, u32) = client.call("echo", ("hi", 7)).timeout(Duration::from_secs(5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::CallTimeout`]; [`Error::Disconnected`] where the connection that carried it ended, and after the end; as
    /// [`Scope::call`].
    pub fn call<T: FromAck + 'static>(&self, event: &str, arguments: impl Serialize) -> WithTimeout<'static, T> {
        let call = self.scope.timeout(None).call(event, arguments);
        let connected = self.connected();
        let event = event.to_owned();
        let work = async move {
            connected.await?;
            call.await
        };
        WithTimeout::new(work, CALL_TIMEOUT, move |timeout| Error::CallTimeout { event: event.clone(), timeout })
    }

    /// The next event; it may be one that came before the connection ended. A lost connection that is made again is waited for.
    /// Events that ask for an acknowledgement are acknowledged with nothing.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error, SimpleClient};
    /// # async fn example() -> Result<(), Error> {
    /// let client = &mut SimpleClient::connect(Client::builder("http://localhost:3000")).await?;
    /// client.emit("message", ("hello", 7)).await?;
    /// loop {
    ///     let event = client.receive().await?;
    ///     if event.name() == "message" {
    ///         let (text, number): (String, u32) = event.parse()?;
    ///         break;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Disconnected`] after the end; [`Error::ReceiveTimeout`].
    pub fn receive(&mut self) -> WithTimeout<'_, Event> {
        let work = async move {
            let event = poll_fn(|context| self.poll_event(context)).await;
            event.ok_or_else(|| Error::Disconnected(self.end.get()))
        };
        WithTimeout::new(work, None, Error::ReceiveTimeout)
    }

    /// Writes what was emitted, then closes the connection for good, whether that is awaited or not. All that waits for it ends.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Error, SimpleClient};
    /// # async fn example(client: &mut SimpleClient) -> Result<(), Error> {
    /// client.emit("say", "good-bye").await?;
    /// client.disconnect().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn disconnect(&self) -> DisconnectFuture {
        self.end.set(DisconnectReason::ClientDisconnect);
        self.scope.client().disconnect()
    }

    /// Whether there is a connection now.
    pub fn is_connected(&self) -> bool {
        self.scope.is_connected()
    }

    /// The Socket.IO id, while it is connected.
    pub fn sid(&self) -> Option<String> {
        self.scope.sid()
    }

    /// The transport in use, or the last one that was.
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
                    None | Some(State::Disconnected) => return Err(Error::Disconnected(end.get())),
                    Some(_) => {}
                }
            }
            Ok(())
        }
    }

    /// The next event, or `None` after the end.
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

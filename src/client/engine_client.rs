//! The client of Engine.IO alone: messages on one connection, without namespaces, events, acknowledgements and
//! reconnection.

use super::address;
use super::connection_options::{ConnectionOptions, connection_methods, milliseconds};
use super::engine_frontend::{EngineDriver, EngineHandle, EngineOptions};
use super::error::Error;
use super::event::Disconnect;
use super::guarded::{error_callback, retain};
use super::message::Message;
use super::options::{Source, headers_object};
use super::platform::LogTo;
use super::streams::Messages;
use super::timing::in_time;
use super::{DisconnectFuture, State};
use crate::engine::{EngineSession, EngineState, Transport, Transports, VersionPolicy};
use crate::host::JsText;
use crate::protocol::{Frame, Limits, ProtocolVersion};
use crate::shell::{self, FrontendError};
use crate::socket::DisconnectReason;
use core::future::poll_fn;
use core::num::NonZeroUsize;
use core::pin::{Pin, pin};
use core::task::Poll;
use core::time::Duration;
use futures::channel::mpsc::unbounded;
use futures::channel::oneshot;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The options and handlers of an [`EngineClient`], which it builds. [`EngineClient::builder`] returns one.
///
/// ```no_run
/// use gloo_console::log;
/// use socketio_wasm::{EngineClient, EngineClientBuilder, Error};
///
/// async fn example() -> Result<(), Error> {
///     let builder: EngineClientBuilder = EngineClient::builder("http://localhost:3000");
///     let client = builder
///         .on_connect(|client| log!(format!("session {:?}", client.sid())))
///         .on_message(|_client, message| log!(format!("{message:?}")))
///         .on_disconnect(|_client, end| log!(end.cause))
///         .connect()
///         .await?;
///     Ok(())
/// }
/// ```
#[must_use = "a builder does nothing before build() or connect()"]
pub struct EngineClientBuilder {
    options: EngineOptions,
}

connection_methods!(EngineClientBuilder, default path: "/engine.io");

impl EngineClientBuilder {
    fn connection(&mut self) -> &mut ConnectionOptions {
        &mut self.options.connection
    }

    /// Sets a handler that is called with each message. The streams of [`EngineClient::messages`] receive the messages,
    /// too.
    ///
    /// ```no_run
    /// use socketio_wasm::{EngineClient, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let echo = |client: EngineClient, message| drop(client.send(message));
    ///     let client =
    ///         EngineClient::builder("http://localhost:3000").on_message(echo).connect().await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn on_message(mut self, handler: impl Fn(EngineClient, Message) + 'static) -> Self {
        self.options.on_message = Some(Box::new(handler));
        self
    }

    /// Calls a handler when the connection is made, before [`EngineClient::connect`] returns.
    ///
    /// ```no_run
    /// use socketio_wasm::{EngineClient, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let greet = |client: EngineClient| drop(client.send("hello"));
    ///     let client =
    ///         EngineClient::builder("http://localhost:3000").on_connect(greet).connect().await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn on_connect(mut self, handler: impl Fn(EngineClient) + 'static) -> Self {
        self.options.on_connect = Some(Box::new(handler));
        self
    }

    /// Calls a handler when the connection has ended. It is not called for a connection that was never
    /// made.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{EngineClient, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let builder = EngineClient::builder("http://localhost:3000");
    ///     let client = builder.on_disconnect(|_client, end| log!(end.cause)).connect().await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn on_disconnect(mut self, handler: impl Fn(EngineClient, Disconnect) + 'static) -> Self {
        self.options.on_disconnect = Some(Box::new(handler));
        self
    }

    /// Returns the client, which is not connected yet.
    ///
    /// ```no_run
    /// use socketio_wasm::{EngineClient, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = EngineClient::builder("http://localhost:3000").build();
    ///     client.connect().await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn build(self) -> EngineClient {
        EngineClient { handle: EngineHandle::new(self.options) }
    }

    /// Builds the client, connects it, and returns it.
    ///
    /// # Errors
    /// Returns the errors of [`EngineClient::connect`].
    pub async fn connect(self) -> Result<EngineClient, Error> {
        let client = self.build();
        client.connect().await?;
        Ok(client)
    }
}

/// An Engine.IO client: strings and binary data on one connection. It does not reconnect by itself. A clone is another
/// handle of the same client. Dropping the last handle disconnects.
///
/// ```no_run
/// use futures::StreamExt;
/// use socketio_wasm::{EngineClient, Error};
///
/// async fn example() -> Result<(), Error> {
///     let client = EngineClient::builder("http://localhost:3000").build();
///     let mut messages = client.messages(); // from the first one on
///     client.connect().await?;
///     client.send("hello")?;
///     client.send(vec![1, 2, 3])?;
///     let first = messages.next().await; // a Message::Text or Message::Bytes; None after the end
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct EngineClient {
    pub(super) handle: Rc<EngineHandle>,
}

/// Handles of the same client are equal.
impl PartialEq for EngineClient {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.handle, &other.handle)
    }
}

impl Eq for EngineClient {}

impl core::fmt::Debug for EngineClient {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (state, sid) = (self.state(), self.sid());
        formatter.debug_struct("EngineClient").field("state", &state).field("sid", &sid).finish_non_exhaustive()
    }
}

impl EngineClient {
    /// Returns a builder of a client. The URL of the server has the scheme http, https, ws or wss, and no path; its
    /// query is sent to the server. In a page, the URL may be relative.
    ///
    /// ```no_run
    /// use socketio_wasm::{EngineClient, Error};
    ///
    /// async fn connect() -> Result<EngineClient, Error> {
    ///     EngineClient::builder("http://localhost:3000?version=2").connect().await
    /// }
    /// ```
    pub fn builder(url: impl Into<String>) -> EngineClientBuilder {
        EngineClientBuilder { options: EngineOptions::new(Source::Value(Ok(url.into()))) }
    }

    /// Returns a builder of a client whose function returns a fresh URL for each connection.
    ///
    /// ```no_run
    /// use socketio_wasm::{EngineClient, Error};
    ///
    /// async fn nearest_server() -> String {
    ///     "http://localhost:3000".into()
    /// }
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let url = || async { Ok::<_, Error>(nearest_server().await) };
    ///     let client = EngineClient::builder_with(url).connect().await?;
    ///     Ok(())
    /// }
    /// ```
    pub fn builder_with<F, E>(url: impl Fn() -> F + 'static) -> EngineClientBuilder
    where
        F: Future<Output = Result<String, E>> + 'static,
        E: Into<Box<dyn core::error::Error>>,
    {
        EngineClientBuilder { options: EngineOptions::new(Source::function("URL", url, Ok)) }
    }

    fn driver(&self) -> Result<&EngineDriver, Error> {
        self.handle.driver()
    }

    /// Connects, and returns when messages can be sent. Dropping the future before ends the attempt.
    ///
    /// ```no_run
    /// use socketio_wasm::{EngineClient, Error, State};
    ///
    /// async fn example(client: &EngineClient) -> Result<(), Error> {
    ///     if client.state() == State::Disconnected {
    ///         client.connect().await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Any error that prevents a connection, such as [`Error::InvalidUrl`] and [`Error::Unreachable`];
    /// [`Error::AlreadyConnected`].
    pub async fn connect(&self) -> Result<(), Error> {
        let driver = self.driver()?;
        if self.state() != State::Disconnected {
            return Err(Error::AlreadyConnected);
        }
        driver.layer.frontend.options.connection.check()?;
        let (waiter, outcome) = oneshot::channel();
        driver.layer.frontend.connecting.replace(Some(waiter));
        let mut pending = PendingConnect { driver, outcome };
        let mut begun = pin!(begin(driver));
        let mut beginning = true;
        poll_fn(|context| {
            // First: if this attempt was ended, another one may have begun, which this future must not touch.
            if let Poll::Ready(result) = Pin::new(&mut pending.outcome).poll(context) {
                return Poll::Ready(result.unwrap_or(Err(Error::NotConnected { event: None })));
            }
            if beginning && let Poll::Ready(begun) = begun.as_mut().poll(context) {
                beginning = false;
                if let Err(error) = begun {
                    return Poll::Ready(Err(error));
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Sends a message: a string, binary data, or a [`Message`], such as one that [`Message::json`] returns.
    ///
    /// ```no_run
    /// use socketio_wasm::{EngineClient, Error, Message};
    ///
    /// fn example(client: &EngineClient) -> Result<(), Error> {
    ///     client.send("a string")?;
    ///     client.send(vec![1, 2, 3])?;
    ///     client.send(Message::json(("a", "list"))?)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotConnected`]; [`Error::TooLarge`].
    pub fn send(&self, message: impl Into<Message>) -> Result<(), Error> {
        let driver = self.driver()?;
        let frame = Frame::from(&message.into());
        driver.send(|session, _| session.send(frame)).map_err(|error| Error::of(driver.host.platform(), error.into()))
    }

    /// Returns a stream of all later messages. No message is skipped; the handler and other streams receive the same
    /// messages. The stream ends with the client.
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use gloo_console::log;
    /// use socketio_wasm::{EngineClient, Error, Message};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = EngineClient::builder("http://localhost:3000").connect().await?;
    ///     let mut messages = client.messages();
    ///     client.send("hello")?;
    ///     if let Some(Message::Text(text)) = messages.next().await {
    ///         log!(text);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn messages(&self) -> Messages {
        let (to, from) = unbounded();
        // Off wasm no message comes, and the stream ends.
        if let Ok(driver) = self.driver() {
            let listeners = &driver.layer.frontend.listeners;
            retain(listeners, |to| !to.is_closed());
            listeners.borrow_mut().push(to);
        }
        Messages(from)
    }

    /// Writes sent messages, then closes the connection. It does so even if the result is not awaited. It also ends
    /// attempts to connect.
    ///
    /// ```no_run
    /// use socketio_wasm::{EngineClient, Error};
    ///
    /// async fn example(client: &EngineClient) -> Result<(), Error> {
    ///     client.send("the last one, which arrives")?;
    ///     client.disconnect().await;
    ///     Ok(())
    /// }
    /// ```
    pub fn disconnect(&self) -> DisconnectFuture {
        self.close(false)
    }

    /// Closes the connection at once. Messages that were not written yet are lost.
    ///
    /// ```no_run
    /// use socketio_wasm::EngineClient;
    ///
    /// async fn example(client: &EngineClient) {
    ///     if client.unsent() > 1_000 {
    ///         client.abort().await; // the server is too slow
    ///     }
    /// }
    /// ```
    pub fn abort(&self) -> DisconnectFuture {
        self.close(true)
    }

    fn close(&self, abort: bool) -> DisconnectFuture {
        let Ok(driver) = self.driver() else { return DisconnectFuture::done() };
        if driver.query(EngineSession::state) == EngineState::Disconnected {
            // User-supplied functions for URL and headers may still be evaluated.
            driver.layer.frontend.settle(|| Err(Error::ended(DisconnectReason::ClientDisconnect)));
            return DisconnectFuture::done();
        }
        let (left, closing) = oneshot::channel();
        driver.layer.frontend.disconnecting.borrow_mut().push(left);
        driver.command(|session, now| session.disconnect(now, abort));
        DisconnectFuture::when(closing)
    }

    /// Waits until the connection has ended. Returns at once if there is none.
    ///
    /// ```no_run
    /// use socketio_wasm::EngineClient;
    ///
    /// async fn example(client: &EngineClient) {
    ///     client.wait().await;
    ///     assert!(!client.is_connected());
    /// }
    /// ```
    pub async fn wait(&self) {
        let Ok(driver) = self.driver() else { return };
        if driver.query(EngineSession::state) != EngineState::Disconnected {
            let (waiter, ended) = oneshot::channel();
            shell::add(&driver.layer.frontend.ending, waiter);
            let _ = ended.await;
        }
    }

    /// Returns the state of the client, which is never `Reconnecting`.
    pub fn state(&self) -> State {
        let Ok(driver) = self.driver() else { return State::Disconnected };
        match driver.query(EngineSession::state) {
            EngineState::Disconnected if driver.layer.frontend.connecting.borrow().is_some() => State::Connecting,
            EngineState::Disconnected => State::Disconnected,
            EngineState::Connecting => State::Connecting,
            EngineState::Connected => State::Connected,
            EngineState::Disconnecting => State::Disconnecting,
        }
    }

    /// Returns true while messages can be sent.
    pub fn is_connected(&self) -> bool {
        self.state() == State::Connected
    }

    /// Returns the session id while the client is connected.
    pub fn sid(&self) -> Option<String> {
        self.driver().ok()?.query(|session| session.sid().map(|sid| JsText::to_js(sid).into()))
    }

    /// Returns the transport in use, or the last one that was; `None` if there never was one.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::EngineClient;
    ///
    /// fn example(client: &EngineClient) {
    ///     let transport = client.transport().map(|transport| transport.name());
    ///     log!(format!("{transport:?}"));
    /// }
    /// ```
    pub fn transport(&self) -> Option<Transport> {
        self.driver().ok()?.query(EngineSession::transport)
    }

    /// Returns the number of messages that are buffered, not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        self.driver().map(|driver| driver.query(EngineSession::unsent)).unwrap_or_default()
    }
}

/// Evaluates the user-supplied functions, then begins to connect.
async fn begin(driver: &EngineDriver) -> Result<(), Error> {
    let options = &driver.layer.frontend.options.connection;
    let limit = Duration::from_millis(options.config.request_timeout);
    let prepared = async { Ok((options.url.value().await?, options.headers.value().await?)) };
    let (url, headers) = in_time(prepared, limit).await.unwrap_or(Err(Error::PreparationTimeout(limit)))?;
    let endpoints = address::endpoints(&url, &options.path)?;
    if driver.layer.frontend.connecting.borrow().is_none() {
        // The user has ended the attempt meanwhile.
        return Ok(());
    }
    driver.host.set_headers(headers);
    driver.command(|session, now| session.connect(now, options.config, endpoints));
    Ok(())
}

/// A pending `connect`. Dropping it ends the attempt.
struct PendingConnect<'a> {
    driver: &'a EngineDriver,
    outcome: oneshot::Receiver<Result<(), Error>>,
}

impl Drop for PendingConnect<'_> {
    fn drop(&mut self) {
        if matches!(self.outcome.try_recv(), Ok(None)) {
            self.driver.layer.frontend.connecting.take();
            self.driver.command(|session, now| session.disconnect(now, true));
        }
    }
}

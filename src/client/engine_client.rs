//! Engine.IO alone: messages on one connection, without namespaces, events and acknowledgements, and without reconnection.

use super::address;
use super::delegate::waiter;
use super::engine_delegate::{EngineDriver, EngineHandle, EngineOptions};
use super::error::Error;
use super::message::Message;
use super::options::{Source, headers_object};
use super::platform::LogTo;
use super::timing::in_time;
use super::{State, platform};
use crate::engine::{Protocol, Solo, SoloState, Transport, Transports, Unsent};
use crate::host::JsText;
use crate::protocol::{Frame, Limits, Revision};
use crate::socket::Reason;
use core::future::poll_fn;
use core::num::NonZeroUsize;
use core::pin::{Pin, pin};
use core::task::{Context, Poll};
use core::time::Duration;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_channel::oneshot;
use futures_core::Stream;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The end of an [`EngineClient`]'s connection.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineEnd {
    /// Who ended it.
    pub reason: Reason,
    /// The same, finer: `ping timeout`, `transport close`, `transport error`, `parse error`, or the reason's own name.
    pub cause: &'static str,
    /// Why the connection was lost, where it was.
    pub error: Option<Error>,
}

/// Makes an [`EngineClient`]: [`EngineClient::builder`].
#[must_use = "a builder does nothing before build() or connect()"]
pub struct EngineClientBuilder {
    options: EngineOptions,
    websocket: JsValue,
    log: LogTo,
}

impl EngineClientBuilder {
    /// A function that gives a fresh URL for each connection.
    pub fn url_with<F, E>(mut self, url: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<String, E>> + 'static,
        E: core::fmt::Display,
    {
        self.options.url = Source::function(url, Ok);
        self
    }

    /// HTTP headers. A browser cannot put them on a websocket: there they go with polling requests only.
    pub fn headers<N: AsRef<str>, V: AsRef<str>>(mut self, headers: impl IntoIterator<Item = (N, V)>) -> Self {
        self.options.headers = Source::Value(Ok(headers_object(headers)));
        self
    }

    /// A function that gives fresh headers for each connection.
    pub fn headers_with<F, E>(mut self, headers: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<Vec<(String, String)>, E>> + 'static,
        E: core::fmt::Display,
    {
        self.options.headers = Source::function(headers, |pairs: Vec<(String, String)>| Ok(headers_object(pairs)));
        self
    }

    /// The server's path. Default: `/engine.io`.
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.options.path);
        self
    }

    /// Which transports may be used. Default: polling first, upgraded to a websocket.
    pub fn transports(mut self, transports: Transports) -> Self {
        self.options.config.transports = transports;
        self
    }

    /// The revision of the protocol, where it is not to be found out.
    pub fn revision(mut self, revision: Revision) -> Self {
        self.options.config.protocol = Protocol::Fixed(revision);
        self
    }

    /// How long a request to the server, or a function of yours for URL or headers, may take. Default: 5 s.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.options.config.request_timeout = super::builder::milliseconds(timeout);
        self
    }

    /// The most packets in one polling request. Default: 16, until the server turns out to take any number.
    pub fn max_packets_per_post(mut self, packets: NonZeroUsize) -> Self {
        self.options.config.max_packets_per_post = Some(packets);
        self
    }

    /// What the server may ask of this client's memory.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.config.limits = limits;
        self
    }

    /// A class of WebSockets in place of the global one, see [`ClientBuilder::websocket`](super::ClientBuilder::websocket).
    pub fn websocket(mut self, class: JsValue) -> Self {
        self.websocket = class;
        self
    }

    /// Has what happens to the connection written to the console.
    pub fn log(mut self) -> Self {
        self.log = LogTo::Console;
        self
    }

    /// What is called with each message; the streams of [`EngineClient::messages`] get it, too.
    pub fn on_message(mut self, handler: impl Fn(EngineClient, Message) + 'static) -> Self {
        self.options.on_message = Some(Box::new(handler));
        self
    }

    /// What is called when the connection is there, before [`EngineClient::connect`] is done.
    pub fn on_connect(mut self, handler: impl Fn(EngineClient) + 'static) -> Self {
        self.options.on_connect = Some(Box::new(handler));
        self
    }

    /// What is called when the connection has ended; not where it was not made.
    pub fn on_disconnect(mut self, handler: impl Fn(EngineClient, EngineEnd) + 'static) -> Self {
        self.options.on_disconnect = Some(Box::new(handler));
        self
    }

    /// The client, not connected yet.
    pub fn build(self) -> EngineClient {
        EngineClient {
            handle: EngineHandle::new(
                platform::of_globals(&self.websocket, self.log),
                self.options,
                self.log != LogTo::Nowhere,
            ),
        }
    }

    /// The client, connected.
    ///
    /// # Errors
    /// As [`EngineClient::connect`].
    pub async fn connect(self) -> Result<EngineClient, Error> {
        let client = self.build();
        client.connect().await?;
        Ok(client)
    }
}

/// An Engine.IO client: texts and binary data on one connection, which is not made again by itself. A clone is another handle of the
/// same client; the last one dropped disconnects.
///
/// ```no_run
/// # use futures_util::StreamExt;
/// # use socketio_wasm::{EngineClient, Error};
/// # async fn example() -> Result<(), Error> {
/// let client = EngineClient::builder("http://localhost:3000").connect().await?;
/// let mut messages = client.messages();
/// client.send("hello")?;
/// client.send(vec![1, 2, 3])?;
/// while let Some(message) = messages.next().await { /* Message::Text or Message::Bytes */ }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct EngineClient {
    pub(super) handle: Rc<EngineHandle>,
}

/// Equal where they are handles of the same client.
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
    /// Makes a client for a server: http, https, ws or wss, without a path. A query is kept. In a page, it may be relative.
    pub fn builder(url: impl Into<String>) -> EngineClientBuilder {
        let url = Source::Value(Ok(url.into()));
        EngineClientBuilder { options: EngineOptions::new(url), websocket: JsValue::UNDEFINED, log: LogTo::DEFAULT }
    }

    fn driver(&self) -> &EngineDriver {
        &self.handle.driver
    }

    /// Connects; done when messages flow. Dropped before, it ends the attempt.
    ///
    /// # Errors
    /// Whatever keeps a client from its server; [`Error::AlreadyConnected`].
    pub async fn connect(&self) -> Result<(), Error> {
        if self.state() != State::Disconnected {
            return Err(Error::AlreadyConnected);
        }
        let driver = self.driver();
        let (settle, settled) = oneshot::channel();
        driver.delegate.connecting.replace(Some((driver.mark(), settle)));
        let mut attempt = Attempt { driver, settled };
        let mut begun = pin!(begin(driver));
        let mut beginning = true;
        poll_fn(|context| {
            if beginning && let Poll::Ready(begun) = begun.as_mut().poll(context) {
                beginning = false;
                if let Err(error) = begun {
                    return Poll::Ready(Err(error));
                }
            }
            Pin::new(&mut attempt.settled).poll(context).map(|settled| settled.unwrap_or(Err(Error::NotConnected)))
        })
        .await
    }

    /// Sends a message: a text, binary data, or what [`Message::json`] makes of a value.
    ///
    /// # Errors
    /// [`Error::NotConnected`], [`Error::TooLarge`].
    pub fn send(&self, message: impl Into<Message>) -> Result<(), Error> {
        let frame = Frame::from(&message.into());
        self.driver().send(|solo, _, _| solo.send(frame)).map_err(|why| match why {
            Unsent::NotConnected => Error::NotConnected,
            Unsent::TooLarge(excess) => excess.into(),
        })
    }

    /// The messages from now on: none is skipped, none is taken from the handler or from other streams. It ends with the client.
    pub fn messages(&self) -> Messages {
        let (to, from) = unbounded();
        let mut listeners = self.driver().delegate.listeners.borrow_mut();
        listeners.retain(|to| !to.is_closed());
        listeners.push(to);
        Messages(from)
    }

    /// Writes what was sent, then closes the connection. Also ends attempts to connect.
    pub async fn disconnect(&self) {
        self.close(false).await;
    }

    /// Closes the connection at once: what was not written yet is lost.
    pub async fn abort(&self) {
        self.close(true).await;
    }

    async fn close(&self, abort: bool) {
        let driver = self.driver();
        if driver.query(Solo::state) == SoloState::Disconnected {
            // Where the user's functions for URL and headers are at work.
            driver.delegate.settle(Err(Error::Disconnected(Reason::ClientDisconnect)));
            return;
        }
        let ending = waiter(&driver.delegate.ending);
        driver.command(|solo, now, sink| solo.disconnect(now, abort, sink));
        let _ = ending.await;
    }

    /// Waits until the connection has ended; at once where there is none.
    pub async fn wait(&self) {
        let driver = self.driver();
        if driver.query(Solo::state) != SoloState::Disconnected {
            let _ = waiter(&driver.delegate.ending).await;
        }
    }

    /// What the client is doing; it never reconnects.
    pub fn state(&self) -> State {
        match self.driver().query(Solo::state) {
            SoloState::Disconnected if self.driver().delegate.connecting.borrow().is_some() => State::Connecting,
            SoloState::Disconnected => State::Disconnected,
            SoloState::Connecting => State::Connecting,
            SoloState::Connected => State::Connected,
            SoloState::Disconnecting => State::Disconnecting,
        }
    }

    /// Whether messages flow.
    pub fn is_connected(&self) -> bool {
        self.state() == State::Connected
    }

    /// The session id, while it is connected.
    pub fn sid(&self) -> Option<String> {
        self.driver().query(|solo| solo.sid().map(|sid| JsText::to_js(sid).into()))
    }

    /// The transport in use, or the last one that was.
    pub fn transport(&self) -> Option<Transport> {
        self.driver().query(Solo::transport)
    }

    /// How many messages are kept, not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        self.driver().query(Solo::unsent)
    }
}

/// Asks the user's functions, then begins to connect.
async fn begin(driver: &EngineDriver) -> Result<(), Error> {
    let options = &driver.delegate.options;
    let limit = Duration::from_millis(options.config.request_timeout);
    let prepared = async { Ok((options.url.value().await?, options.headers.value().await?)) };
    let (url, headers) = in_time(prepared, limit).await.unwrap_or(Err(Error::PreparationTimeout(limit)))?;
    let endpoints = address::endpoints(&url, &options.path)?;
    match &mut *driver.delegate.connecting.borrow_mut() {
        // What is told of an earlier connection was asked for before.
        Some((mark, _)) => *mark = driver.mark(),
        // The user has given it up meanwhile.
        None => return Ok(()),
    }
    driver.host().set_headers(headers);
    driver.command(|solo, now, sink| solo.connect(now, options.config, endpoints, sink));
    Ok(())
}

/// A connection that is being made, which ends with whoever awaits it.
struct Attempt<'a> {
    driver: &'a EngineDriver,
    settled: oneshot::Receiver<Result<(), Error>>,
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if matches!(self.settled.try_recv(), Ok(None)) {
            self.driver.delegate.connecting.take();
            self.driver.command(|solo, now, sink| solo.disconnect(now, true, sink));
        }
    }
}

/// A stream of messages, see [`EngineClient::messages`].
pub struct Messages(UnboundedReceiver<Message>);

impl Stream for Messages {
    type Item = Message;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Message>> {
        Pin::new(&mut self.0).poll_next(context)
    }
}

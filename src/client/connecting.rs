//! Connecting and disconnecting. Dropping the future of a pending `connect` ends the attempt.

use super::connection_options::milliseconds;
use super::error::Error;
use super::frontend::ClientDriver;
use super::options::{Source, auth_json};
use super::state::ClientState;
use super::{Client, names};
use crate::engine::VersionPolicy;
use crate::host::JsText;
use crate::socket::Connect;
use crate::tables::defaults;
use futures::channel::oneshot;
use js_sys::JsString;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

impl Client {
    /// Returns the namespaces to connect: those of the builder; without any, those that have handlers; without any,
    /// `/`.
    pub(super) fn namespaces_to_connect(&self) -> Vec<String> {
        let Some(state) = self.root.handle.state() else { return Vec::new() };
        let mut wanted = state.options.namespaces.borrow().clone();
        if wanted.is_empty() {
            wanted = state.handlers.listeners.namespaces();
        }
        if wanted.is_empty() {
            wanted.push(names::ROOT.to_owned());
        }
        wanted
    }

    /// Connects, and returns when all namespaces are connected. Dropping the future before ends the attempt.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = Client::builder("http://localhost:3000").build();
    ///     client.on("news", |_scope, text: String| log!(text)).keep();
    ///     client.connect().await?;
    ///     client.disconnect().await;
    ///     client.connect().await?; // again, with the same handlers
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Any error that prevents a connection, such as [`Error::InvalidUrl`], [`Error::Unreachable`], [`Error::Refused`]
    /// and [`Error::ConnectTimeout`]; [`Error::AlreadyConnected`].
    pub async fn connect(&self) -> Result<(), Error> {
        let driver = self.driver()?;
        let options = &driver.layer.frontend.options;
        options.check()?;
        let mut namespaces = Vec::new();
        for name in &self.namespaces_to_connect() {
            namespaces.push(JsText::from(JsString::from(names::namespace(name)?)));
        }
        let request = Connect {
            namespaces,
            transports: options.connection.config.transports,
            version: match options.connection.config.version_policy {
                VersionPolicy::Fixed(revision) => Some(revision),
                _ => None,
            },
            wait: options.waits,
            wait_timeout: options.wait_timeout.unwrap_or(defaults::WAIT_TIMEOUT_MS),
            retry: options.retry,
            retry_refused: options.retry_refused,
        };
        let (waiter, outcome) = oneshot::channel();
        driver.connect(request, waiter)?;
        let mut pending = PendingConnect { driver, outcome };
        result_of(&mut pending.outcome).await
    }

    /// Connects one more namespace on the live connection. After a loss it is connected again like the others. Dropping
    /// the future before its end leaves the namespace, unless that was connected before, or somebody else waits for it.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = Client::builder("http://localhost:3000").connect().await?;
    ///     client.connect_namespace("/chat").await?;
    ///     client.of("/chat").emit("message", "hi")?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotConnected`], [`Error::Refused`], [`Error::ConnectTimeout`], [`Error::InvalidNamespace`].
    pub async fn connect_namespace(&self, namespace: &str) -> Result<(), Error> {
        self.add_namespace(namespace, None).await
    }

    /// Connects one more namespace, with auth of its own: a map or a struct with named fields.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    /// use std::collections::BTreeMap;
    ///
    /// async fn example(client: &Client) -> Result<(), Error> {
    ///     client
    ///         .connect_namespace_with("/private", BTreeMap::from([("token", "secret")]))
    ///         .await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`connect_namespace`](Self::connect_namespace), or [`Error::InvalidAuth`].
    pub async fn connect_namespace_with(&self, namespace: &str, auth: impl Serialize) -> Result<(), Error> {
        self.add_namespace(namespace, Some(auth_json(&auth)?)).await
    }

    async fn add_namespace(&self, namespace: &str, auth: Option<Option<JsString>>) -> Result<(), Error> {
        let name = names::namespace(namespace)?;
        let driver = self.driver()?;
        let (waiter, outcome) = oneshot::channel();
        let name = JsText::from(JsString::from(name));
        let is_new = driver.query(|session| session.emit_error(&name).is_some());
        driver.connect_namespace(&name, auth.map(|auth| Source::Value(Ok(auth))), waiter)?;
        ClientState::add_namespace_states(driver);
        let mut pending = PendingNamespace { driver, name, is_new, outcome };
        result_of(&mut pending.outcome).await
    }

    /// Leaves a namespace. Emitted events are written first. Leaving the last namespace ends the connection.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// fn example(client: &Client) -> Result<(), Error> {
    ///     client.of("/chat").emit("message", "good-bye")?;
    ///     client.disconnect_namespace("/chat"); // the others stay
    ///     Ok(())
    /// }
    /// ```
    pub fn disconnect_namespace(&self, namespace: &str) {
        if let Ok(driver) = self.driver() {
            driver.disconnect_namespace(&JsString::from(namespace).into());
            ClientState::add_namespace_states(driver);
        }
    }

    /// Writes emitted events, then closes the connection for good. It does so even if the result is not awaited. It
    /// also ends attempts to connect.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example(client: &Client) -> Result<(), Error> {
    ///     client.emit("message", "the last one, which arrives")?;
    ///     client.disconnect().await;
    ///     Ok(())
    /// }
    /// ```
    pub fn disconnect(&self) -> DisconnectFuture {
        self.disconnect_within(None)
    }

    /// Disconnects, but first waits until events that are buffered for a lost connection can be sent, for this time at
    /// most. Nothing can be emitted meanwhile.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    /// use std::time::Duration;
    ///
    /// async fn example(client: &Client) -> Result<(), Error> {
    ///     client.emit("message", "arrives, even if the server is away for a moment")?;
    ///     let unsent = client.disconnect_flushing(Duration::from_secs(10)).await;
    ///     assert_eq!(unsent, 0);
    ///     Ok(())
    /// }
    /// ```
    pub fn disconnect_flushing(&self, limit: Duration) -> DisconnectFuture {
        self.disconnect_within(Some(milliseconds(limit)))
    }

    fn disconnect_within(&self, flush: Option<u64>) -> DisconnectFuture {
        let Ok(driver) = self.driver() else { return DisconnectFuture::done() };
        let (waiter, done) = oneshot::channel();
        driver.disconnect(flush, waiter);
        DisconnectFuture::when(done)
    }

    /// Waits until the connection has ended for good. Returns at once if there is none, and none is being made.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// async fn example(client: &Client) {
    ///     client.on("job", |_scope, number: u32| log!(number.to_string())).keep();
    ///     client.wait().await; // until the server has nothing more to do
    /// }
    /// ```
    pub async fn wait(&self) {
        let Ok(driver) = self.driver() else { return };
        let (waiter, ended) = oneshot::channel();
        driver.wait(waiter);
        let _ = ended.await;
    }

    /// Waits until no packet is buffered: all of them were handed to the transport.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example(client: &Client, file: &[u8]) -> Result<(), Error> {
    ///     for part in file.chunks(100_000) {
    ///         client.emit("part", serde_bytes::Bytes::new(part))?;
    ///         client.drain().await; // at most one part waits in memory
    ///     }
    ///     assert_eq!(client.unsent(), 0);
    ///     Ok(())
    /// }
    /// ```
    pub async fn drain(&self) {
        let Ok(driver) = self.driver() else { return };
        let (waiter, drained) = oneshot::channel();
        driver.drain(waiter);
        let _ = drained.await;
    }
}

/// The future that [`Client::disconnect`] returns. The connection is closed even if this is not awaited. It is ready
/// when everything is written, with the number of events that were not sent, or that the server may not have read.
///
/// ```no_run
/// use socketio_wasm::{Client, DisconnectFuture};
///
/// async fn example(client: &Client) {
///     let closing: DisconnectFuture = client.disconnect(); // begins at once
///     let unsent: usize = closing.await;
/// }
/// ```
#[derive(Debug)]
pub struct DisconnectFuture(Option<oneshot::Receiver<usize>>);

impl DisconnectFuture {
    pub(super) fn done() -> Self {
        Self(None)
    }

    pub(super) fn when(closed: oneshot::Receiver<usize>) -> Self {
        Self(Some(closed))
    }
}

impl Future for DisconnectFuture {
    type Output = usize;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<usize> {
        match &mut self.0 {
            None => Poll::Ready(0),
            Some(closed) => Pin::new(closed).poll(context).map(Result::unwrap_or_default),
        }
    }
}

async fn result_of(outcome: &mut oneshot::Receiver<Result<(), Error>>) -> Result<(), Error> {
    outcome.await.unwrap_or(Err(Error::NotConnected { event: None }))
}

/// A pending `connect`. Dropping it ends the attempt.
struct PendingConnect<'a> {
    driver: &'a ClientDriver,
    outcome: oneshot::Receiver<Result<(), Error>>,
}

impl Drop for PendingConnect<'_> {
    fn drop(&mut self) {
        if matches!(self.outcome.try_recv(), Ok(None)) {
            self.driver.command(|session, now| session.disconnect(now, None));
        }
    }
}

/// A pending `connect_namespace`. Dropping it leaves the namespace if nobody else awaits that.
struct PendingNamespace<'a> {
    driver: &'a ClientDriver,
    name: JsText,
    /// The namespace was not connected or requested before.
    is_new: bool,
    outcome: oneshot::Receiver<Result<(), Error>>,
}

impl Drop for PendingNamespace<'_> {
    fn drop(&mut self) {
        if !(self.is_new && matches!(self.outcome.try_recv(), Ok(None))) {
            return;
        }
        self.outcome.close();
        if self.driver.layer.waiters.is_abandoned(&self.name) {
            self.driver.disconnect_namespace(&self.name);
            ClientState::add_namespace_states(self.driver);
        }
    }
}

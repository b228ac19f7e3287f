//! One namespace of a client. Its emits and calls are in `emitting.rs`, its handlers and streams in `listening.rs`.

use super::streams::States;
use super::{Client, Handle, State};
use crate::host::JsText;
use crate::socket::SendMode;
use crate::tables::defaults;
use core::time::Duration;
use std::rc::Rc;

/// One namespace of a [`Client`](super::Client), with a time-out and a way of sending. [`of`](Self::of),
/// [`timeout`](Self::timeout), [`volatile`](Self::volatile) and [`unbuffered`](Self::unbuffered) return a scope. A
/// client itself is the scope of `/`.
///
/// ```no_run
/// use core::time::Duration;
/// use socketio_wasm::{Client, Error, Scope};
///
/// async fn example() -> Result<(), Error> {
///     let client = Client::builder("http://localhost:3000")
///         .namespace("/")
///         .namespace("/chat")
///         .connect()
///         .await?;
///     let chat: Scope = client.of("/chat");
///     chat.emit("message", "to those there")?;
///     client.emit("message", "to those in the namespace /")?;
///     let quick = chat.timeout(Duration::from_secs(2));
///     let echoed: String = quick.call("echo", "hello").await?;
///     assert!(chat.is_connected() && chat.sid() != client.sid());
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Scope {
    pub(super) handle: Rc<Handle>,
    pub(super) namespace: Rc<str>,
    pub(super) timeout: Option<Duration>,
    pub(super) mode: SendMode,
}

/// The default time that a call waits for its acknowledgement.
pub(super) const CALL_TIMEOUT: Option<Duration> = Some(Duration::from_millis(defaults::CALL_TIMEOUT_MS));

impl From<&Scope> for Scope {
    fn from(scope: &Scope) -> Self {
        scope.clone()
    }
}

impl From<Client> for Scope {
    /// Returns the scope of the namespace `/`.
    fn from(client: Client) -> Self {
        client.root
    }
}

impl From<&Client> for Scope {
    /// Returns the scope of the namespace `/`.
    fn from(client: &Client) -> Self {
        client.root.clone()
    }
}

/// Scopes are equal if they have the same client, namespace, time-out and way of sending.
impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        let settings = |scope: &Self| (scope.timeout, scope.mode);
        Rc::ptr_eq(&self.handle, &other.handle)
            && self.namespace == other.namespace
            && settings(self) == settings(other)
    }
}

impl Eq for Scope {}

impl core::fmt::Debug for Scope {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (namespace, sid) = (&self.namespace, self.sid());
        formatter.debug_struct("Scope").field("namespace", namespace).field("sid", &sid).finish_non_exhaustive()
    }
}

impl Scope {
    pub(super) fn new(handle: Rc<Handle>, namespace: &str) -> Self {
        Self { handle, namespace: namespace.into(), timeout: CALL_TIMEOUT, mode: SendMode::Buffer }
    }

    /// Returns another namespace of the same client; `*` stands for all namespaces that have no handlers of their own.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.of("/chat").on("message", |_scope, text: String| log!(text)).keep();
    ///     client
    ///         .of("*")
    ///         .on_unhandled(|_scope, event| {
    ///             log!(format!("{} of {}", event.name(), event.namespace()))
    ///         })
    ///         .keep();
    /// }
    /// ```
    #[must_use]
    pub fn of(&self, namespace: &str) -> Self {
        Self { namespace: namespace.into(), ..self.clone() }
    }

    /// Returns the same namespace with another time limit for acknowledgements; `None` means no limit. Default: 60 s.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example(client: &Client) {
    ///     let impatient = client.timeout(Duration::from_millis(500));
    ///     let answer: Result<u32, Error> = impatient.call("add", (1, 2)).await;
    ///     let patient = client.timeout(None);
    /// }
    /// ```
    #[must_use]
    pub fn timeout(&self, timeout: impl Into<Option<Duration>>) -> Self {
        Self { timeout: timeout.into(), ..self.clone() }
    }

    /// Returns the same namespace for events that are dropped if they cannot be sent at once.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// fn example(client: &Client) -> Result<(), Error> {
    ///     client.volatile().emit("position", (1.5, 2.5))?; // the next one comes soon enough
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn volatile(&self) -> Self {
        Self { mode: SendMode::Volatile, ..self.clone() }
    }

    /// Returns the same namespace for events that are never buffered for a later connection: while the connection is being
    /// made, for the first time or again, `emit` and `call` return [`Error::Connecting`](super::Error::Connecting).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     if let Err(error) = client.unbuffered().emit("order", 7) {
    ///         log!(format!("not now: {error}"));
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn unbuffered(&self) -> Self {
        Self { mode: SendMode::Fail, ..self.clone() }
    }

    /// Returns the client of this namespace.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error, Scope};
    ///
    /// fn example(chat: &Scope) -> Result<(), Error> {
    ///     let client: Client = chat.client();
    ///     client.emit("message", "in the namespace /")?;
    ///     Ok(())
    /// }
    /// ```
    pub fn client(&self) -> super::Client {
        super::Client::from_handle(self.handle.clone())
    }

    /// Returns the name of the namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the Socket.IO session id while the namespace is connected.
    pub fn sid(&self) -> Option<String> {
        self.handle.driver.as_ref()?;
        let name = self.name();
        self.handle.query(|session| session.sid(&name).map(|sid| sid.to_js().into()))
    }

    /// Returns true while the namespace is connected.
    pub fn is_connected(&self) -> bool {
        self.sid().is_some()
    }

    /// Returns the state of the namespace. It is [`State::Disconnected`] if the namespace was never requested, was left, or
    /// was refused, also while the client is connected to others. [`Client::state`](super::Client::state) is the state of
    /// the client.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, State};
    ///
    /// fn example(client: &Client) {
    ///     let can_chat = client.of("/chat").state() == State::Connected;
    /// }
    /// ```
    pub fn state(&self) -> State {
        let Ok(driver) = self.handle.driver() else { return State::Disconnected };
        let name = self.name();
        driver.query(|session| session.namespace_status(&name)).into()
    }

    /// Returns a stream of the present state of the namespace and of each later one.
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// async fn example(client: &Client) {
    ///     let mut states = client.of("/chat").states();
    ///     while let Some(state) = states.next().await {
    ///         log!(format!("{state:?}"));
    ///     }
    /// }
    /// ```
    pub fn states(&self) -> States {
        self.handle.states(Some(self.namespace.clone()), self.state())
    }

    pub(super) fn name(&self) -> JsText {
        js_sys::JsString::from(&*self.namespace).into()
    }
}

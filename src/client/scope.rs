//! One namespace of a client, and what is emitted to it; what is heard of it is in `listening.rs`.

use super::arguments::from_js;
use super::call::{Call, FromAck};
use super::error::Error;
use super::packets::event_values;
use super::state::PendingCall;
use super::{Handle, names};
use crate::host::JsText;
use crate::socket::{CallId, SendMode};
use crate::tables::defaults;
use core::time::Duration;
use futures::channel::oneshot;
use js_sys::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::rc::Rc;

/// Receives the values of an acknowledgement.
type Answer = oneshot::Sender<Result<Array, Error>>;

/// One namespace of a [`Client`](super::Client), with a time-out and so on chosen: what [`of`](Self::of), [`timeout`](Self::timeout),
/// [`volatile`](Self::volatile) and [`unbuffered`](Self::unbuffered) return. A client itself is one, of `/`.
///
/// ```no_run
/// # use socketio_wasm::{Client, Error, Scope};
/// # use core::time::Duration;
/// # async fn example() -> Result<(), Error> {
/// let client = Client::builder("http://localhost:3000").namespace("/").namespace("/chat").connect().await?;
/// let chat: Scope = client.of("/chat");
/// chat.emit("message", "to those there")?;
/// client.emit("message", "to those in the namespace /")?;
/// let quick = chat.timeout(Duration::from_secs(2));
/// let echoed: String = quick.call("echo", "hello").await?;
/// assert!(chat.is_connected() && chat.sid() != client.sid());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Scope {
    pub(super) handle: Rc<Handle>,
    pub(super) namespace: Rc<str>,
    pub(super) timeout: Option<Duration>,
    mode: SendMode,
}

/// How long a call waits for its answer, unless it is told otherwise.
pub(super) const CALL_TIMEOUT: Option<Duration> = Some(Duration::from_millis(defaults::CALL_TIMEOUT_MS));

/// Equal where they are the same in every respect.
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

    /// Another namespace of the same client; `*` stands for all that have no handlers of their own.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.of("/chat").on("message", |_client, text: String| log(&text)).keep();
    /// client.of("*").on_any(|_client, event| log(&format!("{} of {}", event.name(), event.namespace()))).keep();
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn of(&self, namespace: &str) -> Self {
        Self { namespace: namespace.into(), ..self.clone() }
    }

    /// The same, with another limit for the answers of calls; `None`: whenever they come. Default: 60 s.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use core::time::Duration;
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// let impatient = client.timeout(Duration::from_millis(500));
    /// let answer: Result<u32, Error> = impatient.call("add", (1, 2)).await;
    /// let patient = client.timeout(None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(&self, timeout: impl Into<Option<Duration>>) -> Self {
        Self { timeout: timeout.into(), ..self.clone() }
    }

    /// The same, but what cannot be handed over at once is dropped.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.volatile().emit("position", (1.5, 2.5))?; // the next one comes soon enough
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn volatile(&self) -> Self {
        Self { mode: SendMode::Volatile, ..self.clone() }
    }

    /// The same, but what cannot be sent since there is no connection is an error, and is not kept.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// if let Err(error) = client.unbuffered().emit("order", 7) {
    ///     log(&format!("not now: {error}"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn unbuffered(&self) -> Self {
        Self { mode: SendMode::Fail, ..self.clone() }
    }

    /// The client.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error, Scope};
    /// # async fn example(chat: &Scope) -> Result<(), Error> {
    /// let client: Client = chat.client();
    /// client.emit("message", "in the namespace /")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client(&self) -> super::Client {
        super::Client::from_handle(self.handle.clone())
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Its Socket.IO id, while it is connected.
    pub fn sid(&self) -> Option<String> {
        let name = self.name();
        self.handle.driver.query(|session| session.sid(&name).map(|sid| sid.to_js().into()))
    }

    /// Whether the namespace is connected.
    pub fn is_connected(&self) -> bool {
        self.sid().is_some()
    }

    /// Emits an event. `arguments` is any type of serde's: a tuple is several, `()` is none, any other is one. Serde has an array
    /// `[T; N]` as a tuple: give a slice or a `Vec` where it is one argument. Numbers are those of JavaScript, exact up to 2^53; the keys of
    /// a map are texts.
    ///
    /// What cannot be handed over yet is kept, and sent in order when the connection is there.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use serde::Serialize;
    /// # use serde_bytes::ByteBuf;
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// #[derive(Serialize)]
    /// struct Position {
    ///     x: f64,
    ///     y: f64,
    /// }
    ///
    /// client.emit("refresh", ())?; // no argument
    /// client.emit("move", Position { x: 1.5, y: 2.5 })?; // one
    /// client.emit("say", ("hello", 7, ["a", "list"]))?; // three
    /// client.emit("upload", ByteBuf::from(vec![1, 2, 3]))?; // binary data
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotConnected`] before `connect` and after the end, [`Error::BadNamespace`], [`Error::Unserializable`],
    /// [`Error::TooLarge`], [`Error::BufferFull`], [`Error::InvalidEvent`].
    pub fn emit(&self, event: &str, arguments: impl Serialize) -> Result<(), Error> {
        self.emit_values(&event_values(names::event(event)?, &arguments)?)
    }

    /// The same for values as they are, the name first.
    pub(super) fn emit_values(&self, values: &Array) -> Result<(), Error> {
        self.handle.driver.emit(Some(&self.name()), values, self.mode)
    }

    /// Emits the event `message`.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.send("hello")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`emit`](Self::emit).
    pub fn send(&self, arguments: impl Serialize) -> Result<(), Error> {
        self.emit("message", arguments)
    }

    /// Emits an event and waits for the server's acknowledgement, as a type of yours: a tuple is several values, any other type is
    /// the first one, `()` is for whichever they are. It is emitted when this is first awaited, and given up when it is dropped before its end.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").connect().await?;
    /// let sum: u32 = client.call("add", (20, 22)).await?;
    /// let (text, number): (String, u32) = client.call("echo", ("hi", 7)).await?;
    /// client.call::<()>("done", ()).await?; // an answer that says nothing
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`emit`](Self::emit); [`Error::CallTimeout`], [`Error::Disconnected`] where the connection that carried it ended,
    /// [`Error::WrongType`] where the answer is of another type.
    pub fn call<T: FromAck>(&self, event: &str, arguments: impl Serialize) -> Call<T> {
        let values = names::event(event).and_then(|name| event_values(name, &arguments));
        Call::new(self.clone(), event, values)
    }

    /// Sends what a call asks. Returns `None` if it was volatile and is dropped.
    pub(super) fn ask(&self, event: Rc<str>, values: &Array, answer: Answer) -> Result<Option<CallId>, Error> {
        let timeout = self.timeout.map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
        let pending = PendingCall { event, namespace: self.namespace.clone(), answer };
        self.handle.driver.call(Some(&self.name()), values, self.mode, timeout, pending)
    }

    fn name(&self) -> JsText {
        js_sys::JsString::from(&*self.namespace).into()
    }
}

/// The values of an acknowledgement as a type.
pub(super) fn answer_from_js<T: DeserializeOwned>(values: &Array, event: &str) -> Result<T, Error> {
    from_js(values, 0).map_err(|why| Error::WrongType { of: format!("the answer to {event:?}"), why })
}

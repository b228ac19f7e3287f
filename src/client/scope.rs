//! One namespace of a client: emits and calls. Its handlers and streams are in `listening.rs`.

use super::call::{Call, FromAck};
use super::connection_options::milliseconds;
use super::error::Error;
use super::packets::event_values;
use super::pending_calls::PendingCall;
use super::streams::States;
use super::values::{Prepared, arguments_from_js};
use super::{Client, Handle, State, names};
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

/// One namespace of a [`Client`](super::Client), with a time-out and a way of sending. [`of`](Self::of),
/// [`timeout`](Self::timeout), [`volatile`](Self::volatile) and [`unbuffered`](Self::unbuffered) return a scope. A
/// client itself is the scope of `/`.
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
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.of("/chat").on("message", |_scope, text: String| log(&text)).keep();
    /// client.of("*").on_unhandled(|_scope, event| log(&format!("{} of {}", event.name(), event.namespace()))).keep();
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn of(&self, namespace: &str) -> Self {
        Self { namespace: namespace.into(), ..self.clone() }
    }

    /// Returns the same namespace with another time limit for acknowledgements; `None` means no limit. Default: 60 s.
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

    /// Returns the same namespace for events that are dropped if they cannot be sent at once.
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

    /// Returns the same namespace for events that are never buffered for a later connection: while the connection is being
    /// made, for the first time or again, `emit` and `call` return [`Error::Connecting`].
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

    /// Returns the client.
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
    /// # use socketio_wasm::{Client, State};
    /// # fn example(client: &Client) {
    /// let can_chat = client.of("/chat").state() == State::Connected;
    /// # }
    /// ```
    pub fn state(&self) -> State {
        let Ok(driver) = self.handle.driver() else { return State::Disconnected };
        let name = self.name();
        driver.query(|session| session.namespace_status(&name)).into()
    }

    /// Returns a stream of the present state of the namespace and of each later one.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # use futures::StreamExt;
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// let mut states = client.of("/chat").states();
    /// while let Some(state) = states.next().await {
    ///     log(&format!("{state:?}"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn states(&self) -> States {
        self.handle.states(Some(self.namespace.clone()), self.state())
    }

    /// Emits an event. `arguments` has any type that serde can serialize: a tuple is several arguments, `()` is none,
    /// any other type is one. To serde an array `[T; N]` is a tuple as well: pass a slice or a `Vec` as one argument.
    /// Integers are exact up to 2^53; one beyond it is an error, unless it is sent as a string
    /// ([`integer_string`](crate::integer_string)). Keys of maps are strings, integers, bools, characters, or variants
    /// without data. [`All`](crate::All) sends each item of a list as an argument, and [`Raw`](crate::Raw) a value of
    /// JavaScript.
    ///
    /// Events that cannot be sent yet are buffered, and sent in order as soon as there is a connection.
    ///
    /// ```no_run
    /// # use socketio_wasm::{All, Client, Error, Raw};
    /// # use serde::Serialize;
    /// # use serde_bytes::ByteBuf;
    /// # use socketio_wasm::serde_json::json;
    /// # use wasm_bindgen::JsValue;
    /// # async fn example(client: &Client, file: JsValue) -> Result<(), Error> {
    /// #[derive(Serialize)]
    /// struct Position {
    ///     x: f64,
    ///     y: f64,
    /// }
    ///
    /// client.emit("refresh", ())?; // no argument
    /// client.emit("move", Position { x: 1.5, y: 2.5 })?; // one
    /// client.emit("say", ("hello", 7, ["a", "list"]))?; // three
    /// client.emit("numbers", All(vec![1, 2, 3]))?; // an argument for each item
    /// client.emit("upload", ByteBuf::from(vec![1, 2, 3]))?; // binary data
    /// client.emit("upload", Raw::from_blob(&file).await?)?; // a `File`, whose bytes stay in JavaScript
    /// client.emit("config", json!({ "theme": "dark", "columns": [1, 2] }))?; // a value without a type of its own
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotConnected`] before `connect` and after the end, [`Error::Connecting`] if the scope is
    /// [`unbuffered`](Self::unbuffered), [`Error::BadNamespace`], [`Error::Unserializable`],
    /// [`Error::TooLarge`], [`Error::BufferFull`], [`Error::InvalidEvent`].
    pub fn emit(&self, event: &str, arguments: impl Serialize) -> Result<(), Error> {
        let values = event_values(names::event(event)?, &arguments)?;
        self.emit_values(&values).map_err(|error| error.of_event(event))
    }

    /// Does the same with the values of an event, its name first.
    pub(super) fn emit_values(&self, values: &Prepared) -> Result<(), Error> {
        self.handle.driver()?.emit(Some(&self.name()), values, self.mode)
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
    /// Those of [`emit`](Self::emit).
    pub fn send(&self, arguments: impl Serialize) -> Result<(), Error> {
        self.emit("message", arguments)
    }

    /// Emits an event and waits for the server's acknowledgement. `T` is its type: a tuple is several values, any other
    /// type is the first value, and `()` ignores the values. The event is emitted when the call is first awaited.
    /// Dropping a pending call cancels it.
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
    /// Those of [`emit`](Self::emit); [`Error::CallTimeout`]; [`Error::Disconnected`] if the connection that carried
    /// the event ended; [`Error::WrongType`] if the acknowledgement has another type; [`Error::Dropped`] if a volatile
    /// call could not be sent at once.
    pub fn call<T: FromAck>(&self, event: &str, arguments: impl Serialize) -> Call<T> {
        let values = names::event(event).and_then(|name| event_values(name, &arguments));
        Call::new(self.clone(), event, values)
    }

    /// Sends the event of a call. Returns `None` if the call was volatile and is dropped.
    pub(super) fn send_call(&self, event: Rc<str>, values: &Prepared, answer: Answer) -> Result<Option<CallId>, Error> {
        let timeout = self.timeout.map(milliseconds);
        let pending = PendingCall { event, namespace: self.namespace.clone(), answer };
        self.handle.driver()?.call(Some(&self.name()), values, self.mode, timeout, pending)
    }

    fn name(&self) -> JsText {
        js_sys::JsString::from(&*self.namespace).into()
    }
}

/// Reads the values of an acknowledgement as a type.
pub(super) fn answer_from_js<T: DeserializeOwned>(values: &Array, scope: &Scope, event: &str) -> Result<T, Error> {
    arguments_from_js(values, 0).map_err(|mismatch| {
        Error::wrong_type(format!("the answer to the event {event:?}"), Some(&scope.namespace), mismatch)
    })
}

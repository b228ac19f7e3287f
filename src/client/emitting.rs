//! Emits and calls in a namespace.

use super::call::{Call, FromAck};
use super::connection_options::milliseconds;
use super::error::Error;
use super::packets::event_values;
use super::pending_calls::PendingCall;
use super::values::{Prepared, arguments_from_js};
use super::{Scope, names};
use crate::socket::CallId;
use futures::channel::oneshot;
use js_sys::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::rc::Rc;

/// Receives the values of an acknowledgement.
type Answer = oneshot::Sender<Result<Array, Error>>;

impl Scope {
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
    /// use serde::Serialize;
    /// use serde_bytes::ByteBuf;
    /// use socketio_wasm::serde_json::json;
    /// use socketio_wasm::{All, Client, Error, Raw};
    /// use wasm_bindgen::JsValue;
    ///
    /// #[derive(Serialize)]
    /// struct Position {
    ///     x: f64,
    ///     y: f64,
    /// }
    ///
    /// async fn example(client: &Client, file: JsValue) -> Result<(), Error> {
    ///     client.emit("refresh", ())?; // no argument
    ///     client.emit("move", Position { x: 1.5, y: 2.5 })?; // one
    ///     client.emit("say", ("hello", 7, ["a", "list"]))?; // three
    ///     client.emit("numbers", All(vec![1, 2, 3]))?; // an argument for each item
    ///     client.emit("upload", ByteBuf::from(vec![1, 2, 3]))?; // binary data
    ///     client.emit("upload", Raw::from_blob(&file).await?)?; // a `File`, whose bytes stay in JavaScript
    ///     client.emit("config", json!({ "theme": "dark", "columns": [1, 2] }))?; // a value without a type of its own
    ///     Ok(())
    /// }
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

    /// Emits the values of an event, its name first.
    pub(super) fn emit_values(&self, values: &Prepared) -> Result<(), Error> {
        self.handle.driver()?.emit(Some(&self.name()), values, self.mode)
    }

    /// Emits the event `message`.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// fn example(client: &Client) -> Result<(), Error> {
    ///     client.send("hello")?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`emit`](Self::emit).
    pub fn send(&self, arguments: impl Serialize) -> Result<(), Error> {
        self.emit("message", arguments)
    }

    /// Emits an event and waits for the server's acknowledgement. `T` is its type: a tuple is several values, any other
    /// type is the first value, and `()` ignores the values. The event is emitted when the call is first awaited.
    /// Dropping a pending call cancels it.
    ///
    /// ```no_run
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = Client::builder("http://localhost:3000").connect().await?;
    ///     let sum: u32 = client.call("add", (20, 22)).await?;
    ///     let (text, number): (String, u32) = client.call("echo", ("hi", 7)).await?;
    ///     client.call::<()>("done", ()).await?; // an answer that says nothing
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`emit`](Self::emit), and four more: [`Error::CallTimeout`], [`Error::Disconnected`] if the
    /// connection that carried the event has ended, [`Error::WrongType`] if the acknowledgement has another type, and
    /// [`Error::Dropped`] if a volatile call could not be sent at once.
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
}

/// Reads the values of an acknowledgement as a type.
pub(super) fn answer_from_js<T: DeserializeOwned>(values: &Array, scope: &Scope, event: &str) -> Result<T, Error> {
    arguments_from_js(values, 0).map_err(|mismatch| {
        Error::wrong_type(format!("the answer to the event {event:?}"), Some(&scope.namespace), mismatch)
    })
}

//! One namespace of a client: what is emitted to it, and what is heard of it.

use super::arguments::from_js;
use super::call::{Call, FromAnswer};
use super::delegate::{Listener, retain};
use super::error::Error;
use super::event::{CONNECT, CONNECT_ERROR, DISCONNECT, Disconnect, Event, FINAL, Told};
use super::handlers::{Answer, Handler, Handlers, Reply, Subscription};
use super::packets::{content, event_values};
use super::streams::{Arguments, Events};
use super::{Handle, names};
use crate::host::{JsText, JsWire};
use crate::protocol::Kind;
use crate::socket::{CallId, Content, Patience, Session};
use core::time::Duration;
use futures_channel::mpsc::unbounded;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;

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
    patience: Patience,
}

/// How long a call waits for its answer, unless it is told otherwise.
pub(super) const CALL_TIMEOUT: Option<Duration> = Some(Duration::from_secs(60));

/// Equal where they are the same in every respect.
impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        let settings = |scope: &Self| (scope.timeout, scope.patience);
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
        Self { handle, namespace: namespace.into(), timeout: CALL_TIMEOUT, patience: Patience::Buffer }
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
        Self { patience: Patience::Volatile, ..self.clone() }
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
        Self { patience: Patience::Refuse, ..self.clone() }
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
    pub(super) fn emit_values(&self, values: &js_sys::Array) -> Result<(), Error> {
        let content = self.encoded(values, None)?;
        let name = self.name();
        let driver = &self.handle.driver;
        let sent =
            driver.send(|session, now, actions| session.emit(now, Some(&name), content, self.patience, None, actions));
        sent.map(drop).map_err(|refusal| Error::of_refusal(refusal, &self.namespace))
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
    pub fn call<T: FromAnswer>(&self, event: &str, arguments: impl Serialize) -> Call<T> {
        let values = names::event(event).and_then(|name| event_values(name, &arguments));
        Call::new(self.clone(), event, values)
    }

    /// Sends what a call asks; says whether its answer is awaited, which it is not where it was dropped.
    pub(super) fn ask(&self, call: CallId, content: Content<JsWire>, wait: impl FnOnce()) -> Result<bool, Error> {
        let name = self.name();
        let timeout = self.timeout.map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
        let asked = self.handle.driver.command(|session: &mut Session<JsWire>, now, actions| {
            let waits = session.emit(now, Some(&name), content, self.patience, Some((call, timeout)), actions)?;
            if waits {
                // Before any action is carried out: one of them may be the end of this very call.
                wait();
            }
            Ok(waits)
        });
        asked.map_err(|refusal| Error::of_refusal(refusal, &self.namespace))
    }

    /// What carries an event, its name first among the values; with the call that it is, if it is one.
    pub(super) fn encoded(&self, values: &js_sys::Array, call: Option<CallId>) -> Result<Content<JsWire>, Error> {
        content(&self.handle.driver, Kind::Event, &self.namespace, values, call.map(|call| call.0))
    }

    pub(super) fn name(&self) -> JsText {
        js_sys::JsString::from(&*self.namespace).into()
    }

    /// Has a handler called with each event of a name; its arguments are of any type of serde's, as in [`Event::parse`]. What it
    /// returns, or the future that it returns gives, answers the server where that asks for an acknowledgement: see [`Answer`]. Of
    /// several handlers of one event, the last one set counts, until it is taken away. Arguments of other types are reported to the builder's `on_error`, and so are names that are
    /// reserved for the connection: [`on_connect`](Self::on_connect) and its like are for those.
    ///
    /// The client is given to the handler, which then need not own one: a handler that owns its client keeps it from being dropped. So
    /// does a future of it that never ends. A closure that owns something else gives a clone of that to its future:
    /// `move |client, text: String| { let list = list.clone(); async move { .. } }`.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on("message", |_client, text: String| log(&text)).keep();
    /// client.on("add", |_client, (a, b): (u32, u32)| a + b).keep(); // answers
    /// client
    ///     .on("ask", |client: Client, question: String| async move {
    ///         client.call::<String>("look up", question).await.unwrap_or_default() // answers when it is there
    ///     })
    ///     .keep();
    /// let subscription = client.on("tick", |_client, ()| log("tick"));
    /// drop(subscription); // and it is heard no more
    /// # Ok(())
    /// # }
    /// ```
    pub fn on<A, R, Kind>(&self, event: &str, handler: impl Fn(super::Client, A) -> R + 'static) -> Subscription
    where
        A: DeserializeOwned,
        R: Answer<Kind>,
    {
        self.on_asked(event, move |client, arguments, asked| handler(client, arguments).into_reply(asked))
    }

    /// The same for one that is told whether an acknowledgement is asked for.
    pub(crate) fn on_asked<A: DeserializeOwned>(
        &self,
        event: &str,
        handler: impl Fn(super::Client, A, bool) -> Reply + 'static,
    ) -> Subscription {
        if !self.can_be_handled(event) {
            return Subscription::none();
        }
        self.subscribe(
            event,
            Rc::new(move |scope, told, asked| {
                let Told::Event(event) = told else { return Reply::Now(None) };
                match event.parse() {
                    Ok(arguments) => handler(scope.client(), arguments, asked),
                    Err(error) => Reply::Now(Some(Err(error))),
                }
            }),
        )
    }

    /// Has a handler called with the next event of a name whose arguments are of its types, and then taken away; otherwise as
    /// [`on`](Self::on).
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.once("welcome", |_client, name: String| log(&format!("I am {name}"))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn once<A, R, Kind>(&self, event: &str, handler: impl FnOnce(super::Client, A) -> R + 'static) -> Subscription
    where
        A: DeserializeOwned,
        R: Answer<Kind>,
    {
        if !self.can_be_handled(event) {
            return Subscription::none();
        }
        let handlers = self.handlers();
        let number = handlers.next_number();
        // It lives in the table that it takes itself out of.
        let (table, namespace, name) = (Rc::downgrade(handlers), self.namespace.clone(), Rc::<str>::from(event));
        let handler = Cell::new(Some(handler));
        let handler: Handler = Rc::new(move |scope, told, asked| {
            let Told::Event(event) = told else { return Reply::Now(None) };
            let arguments = match event.parse() {
                Ok(arguments) => arguments,
                // It goes on waiting for one that it can take.
                Err(error) => return Reply::Now(Some(Err(error))),
            };
            let Some(handler) = handler.take() else { return Reply::Now(None) };
            if let Some(table) = table.upgrade() {
                table.remove(&namespace, &name, Some(number));
            }
            handler(scope.client(), arguments).into_reply(asked)
        });
        handlers.set_numbered(&self.namespace, event, handler, number);
        Subscription::new(handlers, self.namespace.clone(), event, number)
    }

    /// Has a handler called with each event that has none of its own. That of the namespace `*` serves all namespaces that have no
    /// handlers of their own: [`Event::namespace`] tells which one it is.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_any(|_client, event| log(&format!("{} with {} arguments", event.name(), event.len()))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_any<R: Answer<Kind>, Kind>(&self, handler: impl Fn(super::Client, Event) -> R + 'static) -> Subscription {
        self.subscribe(
            names::ANY,
            Rc::new(move |scope, told, asked| match told {
                Told::Event(event) => handler(scope.client(), event).into_reply(asked),
                _ => Reply::Now(None),
            }),
        )
    }

    /// Has a handler called when the namespace is connected, again after each reconnection.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_connect(|client: Client| drop(client.emit("join", "lobby"))).keep(); // in each connection anew
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_connect<R: Answer<Kind>, Kind>(&self, handler: impl Fn(super::Client) -> R + 'static) -> Subscription {
        self.subscribe(CONNECT, Rc::new(move |scope, _, _| handler(scope.client()).into_reply(false)))
    }

    /// Has a handler called when an attempt to connect has failed, or the namespace was refused.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_connect_error(|_client, error| log(&format!("not yet: {error}"))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_connect_error<R: Answer<Kind>, Kind>(
        &self,
        handler: impl Fn(super::Client, Error) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            CONNECT_ERROR,
            Rc::new(move |scope, told, _| match told {
                Told::Failed(error) => handler(scope.client(), error).into_reply(false),
                _ => Reply::Now(None),
            }),
        )
    }

    /// Has a handler called when the namespace's connection has ended.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_disconnect(|_client, end| log(&format!("{}: {}", end.reason.name(), end.cause))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_disconnect<R: Answer<Kind>, Kind>(
        &self,
        handler: impl Fn(super::Client, Disconnect) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            DISCONNECT,
            Rc::new(move |scope, told, _| match told {
                Told::Disconnected(end) => handler(scope.client(), end).into_reply(false),
                _ => Reply::Now(None),
            }),
        )
    }

    /// Has a handler called when the namespace's connection has ended, and no reconnection follows.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_disconnect_final(|_client| log("that was all")).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_disconnect_final<R: Answer<Kind>, Kind>(
        &self,
        handler: impl Fn(super::Client) -> R + 'static,
    ) -> Subscription {
        self.subscribe(FINAL, Rc::new(move |scope, _, _| handler(scope.client()).into_reply(false)))
    }

    /// Takes the handlers of an event away; says whether there was one.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on("tick", |_client, ()| log("tick")).keep();
    /// assert!(client.off("tick"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn off(&self, event: &str) -> bool {
        self.handlers().remove(&self.namespace, event, None)
    }

    fn handlers(&self) -> &Rc<Handlers> {
        &self.handle.driver.delegate.handlers
    }

    fn subscribe(&self, event: &str, handler: Handler) -> Subscription {
        let number = self.handlers().set(&self.namespace, event, handler);
        Subscription::new(self.handlers(), self.namespace.clone(), event, number)
    }

    /// A handler that would never be called is a mistake, which is told.
    fn can_be_handled(&self, event: &str) -> bool {
        let mistake = names::handled(event).err();
        mistake.iter().for_each(|error| self.handle.driver.delegate.options.report(error));
        mistake.is_none()
    }

    /// The events of this namespace, of `*` those of all, from now on: none is skipped, none is taken from handlers or other streams.
    /// It ends with the client; it answers nothing. What the server emits at once when it lets a client in may come before `connect()` is
    /// done: a stream that is to have it is made before, of the client that `build()` gives.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # use futures_util::StreamExt;
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// let mut events = client.events();
    /// while let Some(event) = events.next().await {
    ///     match event.name() {
    ///         "message" => log(&event.parse::<String>()?),
    ///         other => log(other),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> Events {
        self.listen(None)
    }

    /// Those of one name.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use futures_util::StreamExt;
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").connect().await?;
    /// let mut answers = client.events_of("message");
    /// client.emit("message", ("hello", 7))?;
    /// if let Some(event) = answers.next().await {
    ///     let (text, number): (String, u32) = event.parse()?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events_of(&self, event: &str) -> Events {
        self.listen(Some(event.into()))
    }

    /// Their arguments, as a type of yours: a tuple is several, any other type is the first one. Those of another type are reported to
    /// the builder's `on_error`, and left out.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use futures_util::StreamExt;
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").connect().await?;
    /// let mut numbers = client.arguments_of::<u32>("number");
    /// client.emit("number", 7)?;
    /// assert_eq!(numbers.next().await, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arguments_of<A: DeserializeOwned>(&self, event: &str) -> Arguments<A> {
        let on_error = self.handle.driver.delegate.options.on_error.clone();
        Arguments::new(self.events_of(event), on_error)
    }

    fn listen(&self, event: Option<Rc<str>>) -> Events {
        let (to, from) = unbounded();
        let namespace = (*self.namespace != *names::ANY).then(|| self.namespace.clone());
        let listeners = &self.handle.driver.delegate.listeners;
        retain(listeners, |listener| !listener.to.is_closed());
        listeners.borrow_mut().push(Listener { namespace, event, to });
        Events(from)
    }
}

/// The values of an acknowledgement as a type.
pub(super) fn answer_from_js<T: DeserializeOwned>(values: &js_sys::Array, event: &str) -> Result<T, Error> {
    from_js(values, 0).map_err(|why| Error::WrongType { of: format!("the answer to {event:?}"), why })
}

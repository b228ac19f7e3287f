//! Handlers and streams of a namespace.

use super::error::Error;
use super::event::{CONNECT, CONNECT_ERROR, DISCONNECT, Disconnect, Event, FINAL, HandlerEvent};
use super::guarded::push;
use super::handlers::{Ack, Handler, Handlers, Subscription};
use super::into_ack::IntoAck;
use super::streams::{Arguments, Events};
use super::{Scope, names};
use crate::socket::FinalReason;
use crate::tables::groups;
use futures::channel::mpsc::unbounded;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;

impl Scope {
    /// Registers a handler of the events of a name. Its arguments have any type that serde can deserialize, as in
    /// [`Event::parse`]. The return value, or the output of the returned future, answers the server if it asks for an
    /// acknowledgement: see [`IntoAck`]. Several handlers of one event are called in the order of their registration; the first
    /// result other than `()` is the acknowledgement. An event without a handler is not acknowledged.
    ///
    /// Arguments of another type are reported to the builder's `on_error`. So are reserved names, such as `connect`:
    /// use [`on_connect`](Self::on_connect) and the like for these.
    ///
    /// The handler receives the scope of its namespace; [`Scope::client`] is the client. In the namespace `*` that is the
    /// scope of the event. So the handler does not need to own a client: one that does keeps it alive for ever. So does a
    /// future of a handler that never ends. A closure that owns something else moves a clone of it into its future:
    /// `move |scope, text: String| { let list = list.clone(); async move { .. } }`.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Scope};
    ///
    /// fn example(client: &Client) {
    ///     client.on("message", |_scope, text: String| log!(text)).keep();
    ///     client.on("add", |_scope, (a, b): (u32, u32)| a + b).keep(); // answers
    ///     client
    ///         .on("ask", |scope: Scope, question: String| async move {
    ///             scope.call::<String>("look up", question).await.unwrap_or_default() // answers when it is there
    ///         })
    ///         .keep();
    ///     let subscription = client.on("tick", |_scope, ()| log!("tick"));
    ///     drop(subscription); // removes the handler
    /// }
    /// ```
    pub fn on<A, R, Kind>(&self, event: &str, handler: impl Fn(Scope, A) -> R + 'static) -> Subscription
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        self.on_with_ack_flag(event, move |scope, arguments, is_ack_wanted| {
            handler(scope, arguments).into_ack(is_ack_wanted)
        })
    }

    /// Registers a handler whose last argument is true if an acknowledgement is asked for.
    pub(crate) fn on_with_ack_flag<A: DeserializeOwned>(
        &self,
        event: &str,
        handler: impl Fn(Scope, A, bool) -> Ack + 'static,
    ) -> Subscription {
        if !self.can_be_handled(event) {
            return Subscription::none();
        }
        self.subscribe(
            event,
            Rc::new(move |scope, event, is_ack_wanted| {
                let HandlerEvent::Event(event) = event else { return Ack::Now(None) };
                match event.parse() {
                    Ok(arguments) => handler(scope, arguments, is_ack_wanted),
                    Err(error) => Ack::Now(Some(Err(error))),
                }
            }),
        )
    }

    /// Registers a handler of the next event of a name whose arguments have its types; then the handler is removed. Its
    /// return value answers the server, as with [`on`](Self::on).
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.once("welcome", |_scope, name: String| log!(format!("I am {name}"))).keep();
    /// }
    /// ```
    pub fn once<A, R, Kind>(&self, event: &str, handler: impl FnOnce(Scope, A) -> R + 'static) -> Subscription
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        if !self.can_be_handled(event) {
            return Subscription::none();
        }
        let Some(handlers) = self.handlers() else { return Subscription::none() };
        let number = handlers.next_number();
        // Weak, since the handler lives in the table.
        let (table, namespace, name) = (Rc::downgrade(handlers), self.namespace.clone(), Rc::<str>::from(event));
        let handler = Cell::new(Some(handler));
        let handler: Handler = Rc::new(move |scope, event, is_ack_wanted| {
            let HandlerEvent::Event(event) = event else { return Ack::Now(None) };
            let arguments = match event.parse() {
                Ok(arguments) => arguments,
                // The handler stays for an event with arguments of its types.
                Err(error) => return Ack::Now(Some(Err(error))),
            };
            let Some(handler) = handler.take() else { return Ack::Now(None) };
            if let Some(table) = table.upgrade() {
                table.remove(&namespace, &name, Some(number));
            }
            handler(scope, arguments).into_ack(is_ack_wanted)
        });
        handlers.add_numbered(&self.namespace, event, handler, number);
        Subscription::new(handlers, self.namespace.clone(), event.into(), number)
    }

    /// Registers a handler of all events that have none of their own. In the namespace `*` it serves all namespaces
    /// that have no handlers of their own; [`Event::namespace`] is the namespace of an event.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client
    ///         .on_unhandled(|_scope, event| log!(format!("nobody knows {}", event.name())))
    ///         .keep();
    /// }
    /// ```
    pub fn on_unhandled<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Scope, Event) -> R + 'static) -> Subscription {
        self.subscribe(
            names::ANY,
            Rc::new(move |scope, event, is_ack_wanted| match event {
                HandlerEvent::Event(event) => handler(scope, event).into_ack(is_ack_wanted),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Registers a handler of every event from the server, which is called before the handlers of the event. It does not count as a
    /// handler of the event, and answers nothing. In the namespace `*` it receives the events of all namespaces.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client
    ///         .on_any(|_scope, event| {
    ///             log!(format!("{} with {} arguments", event.name(), event.len()))
    ///         })
    ///         .keep();
    /// }
    /// ```
    pub fn on_any(&self, handler: impl Fn(Scope, Event) + 'static) -> Subscription {
        self.observe(groups::ANY, handler)
    }

    /// Registers a handler of every event that is emitted, volatile ones if they are sent. It is called after the emit, also
    /// if the event is buffered.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client
    ///         .on_any_outgoing(|_scope, event| log!(format!("emitted {}", event.name())))
    ///         .keep();
    /// }
    /// ```
    pub fn on_any_outgoing(&self, handler: impl Fn(Scope, Event) + 'static) -> Subscription {
        self.observe(groups::OUTGOING, handler)
    }

    fn observe(&self, group: &str, handler: impl Fn(Scope, Event) + 'static) -> Subscription {
        let handler: Handler = Rc::new(move |scope, event, _| {
            if let HandlerEvent::Event(event) = event {
                handler(scope, event);
            }
            Ack::Unhandled
        });
        self.subscribe_to(group.into(), self.namespace.clone(), handler)
    }

    /// Calls a handler when the namespace is connected, and again after each reconnection.
    ///
    /// ```no_run
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.on_connect(|scope| drop(scope.emit("join", "lobby"))).keep(); // in each connection anew
    /// }
    /// ```
    pub fn on_connect<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Scope) -> R + 'static) -> Subscription {
        self.subscribe(CONNECT, Rc::new(move |scope, _, _| handler(scope).into_ack(false)))
    }

    /// Calls a handler when an attempt to connect has failed, or the server refused the namespace.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.on_connect_error(|_scope, error| log!(format!("not yet: {error}"))).keep();
    /// }
    /// ```
    pub fn on_connect_error<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Scope, Error) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            CONNECT_ERROR,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::Failed(error) => handler(scope, error).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Calls a handler when the namespace's connection has ended.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client
    ///         .on_disconnect(|_scope, end| log!(format!("{}: {}", end.reason.name(), end.cause)))
    ///         .keep();
    /// }
    /// ```
    pub fn on_disconnect<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Scope, Disconnect) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            DISCONNECT,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::Disconnected(end) => handler(scope, end).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Calls a handler when the namespace's connection has ended and no reconnection follows.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.on_disconnect_final(|_scope, reason| log!(reason.name())).keep();
    /// }
    /// ```
    pub fn on_disconnect_final<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Scope, FinalReason) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            FINAL,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::Final(reason) => handler(scope, reason).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Removes all handlers of an event. Returns true if there was one. The names of [`on_connect`](Self::on_connect),
    /// [`on_connect_error`](Self::on_connect_error), [`on_disconnect`](Self::on_disconnect) and
    /// [`on_disconnect_final`](Self::on_disconnect_final) are `connect`, `connect_error`, `disconnect` and `disconnectFinal`; that of
    /// [`on_unhandled`](Self::on_unhandled) is `*`.
    ///
    /// ```no_run
    /// use gloo_console::log;
    /// use socketio_wasm::Client;
    ///
    /// fn example(client: &Client) {
    ///     client.on("tick", |_scope, ()| log!("tick")).keep();
    ///     assert!(client.off("tick"));
    /// }
    /// ```
    pub fn off(&self, event: &str) -> bool {
        self.handlers().is_some_and(|handlers| handlers.remove(&self.namespace, event, None))
    }

    /// Returns the handlers of the client, unless it is inert.
    fn handlers(&self) -> Option<&Rc<Handlers>> {
        self.handle.state().map(|state| &state.handlers)
    }

    /// Adds a handler to the list of an event of this namespace.
    pub(super) fn subscribe(&self, event: &str, handler: Handler) -> Subscription {
        self.subscribe_to(self.namespace.clone(), event.into(), handler)
    }

    /// Adds a handler to the list of a group and a name.
    pub(super) fn subscribe_to(&self, group: Rc<str>, name: Rc<str>, handler: Handler) -> Subscription {
        let Some(handlers) = self.handlers() else { return Subscription::none() };
        let number = handlers.add(&group, &name, handler);
        Subscription::new(handlers, group, name, number)
    }

    /// Returns false, and reports an error, for an event whose handler would never be called.
    fn can_be_handled(&self, event: &str) -> bool {
        let mistake = names::handled(event).err();
        mistake.iter().for_each(|error| (self.handle.on_error)(error));
        mistake.is_none()
    }

    /// Returns a stream of all later events of this namespace, or for `*` of all namespaces. No event is skipped;
    /// handlers and other streams receive the same events. The stream ends with the client, and answers nothing. It also ends
    /// when more than 10,000 events wait to be read, see [`Events::with_limit`].
    ///
    /// Events that the server emits at once may arrive before `connect()` returns. To receive them, `build()` the
    /// client, make the stream, then `connect()`.
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use gloo_console::log;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example(client: &Client) -> Result<(), Error> {
    ///     let mut events = client.events();
    ///     while let Some(event) = events.next().await {
    ///         match event.name() {
    ///             "message" => log!(event.parse::<String>()?),
    ///             other => log!(other),
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn events(&self) -> Events {
        self.listen(None)
    }

    /// Returns a stream of all later events of one name. No event is skipped. The stream ends as that of [`events`](Self::events) does.
    /// For a reserved name, such as `connect`, it ends at once, and the builder's `on_error` gets [`Error::InvalidEvent`].
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = Client::builder("http://localhost:3000").connect().await?;
    ///     let mut answers = client.events_of("message");
    ///     client.emit("message", ("hello", 7))?;
    ///     if let Some(event) = answers.next().await {
    ///         let (text, number): (String, u32) = event.parse()?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn events_of(&self, event: &str) -> Events {
        if self.can_be_handled(event) { self.listen(Some(event.into())) } else { Events::ended() }
    }

    /// Returns a stream of the arguments of all later events of one name. `A` is their type: a tuple is several
    /// arguments, any other type is the first one. Arguments of another type are reported to the builder's `on_error`,
    /// and left out.
    ///
    /// ```no_run
    /// use futures::StreamExt;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = Client::builder("http://localhost:3000").connect().await?;
    ///     let mut numbers = client.arguments_of::<u32>("number");
    ///     client.emit("number", 7)?;
    ///     assert_eq!(numbers.next().await, Some(7));
    ///     Ok(())
    /// }
    /// ```
    pub fn arguments_of<A: DeserializeOwned>(&self, event: &str) -> Arguments<A> {
        Arguments::new(self.events_of(event), self.handle.on_error.clone())
    }

    fn listen(&self, event: Option<Rc<str>>) -> Events {
        let (to, from) = unbounded();
        let limit = Rc::new(Cell::new(Events::LIMIT));
        let most = limit.clone();
        let handler: Handler = Rc::new(move |scope, received, _| {
            if let HandlerEvent::Event(received) = received
                && event.as_ref().is_none_or(|event| *event == received.name)
                && !to.is_closed()
            {
                if to.len() < most.get() {
                    push(&to, received);
                } else {
                    to.close_channel();
                    (scope.handle.on_error)(&Error::EventsMissed(most.get()));
                }
            }
            Ack::Unhandled
        });
        let _subscription = self.subscribe_to(groups::ANY.into(), self.namespace.clone(), handler);
        Events { from, limit, _subscription }
    }
}

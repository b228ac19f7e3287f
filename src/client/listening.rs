//! Handlers and streams of a namespace.

use super::error::Error;
use super::event::{CONNECT, CONNECT_ERROR, DISCONNECT, Disconnect, Event, FINAL, HandlerEvent};
use super::guarded::push;
use super::handlers::{Ack, Handler, Handlers, IntoAck, Subscription};
use super::streams::{Arguments, Events};
use super::{Client, Scope, names};
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
    /// The handler receives the client, so it does not need to own one: a handler that owns its client keeps it alive
    /// for ever. So does a future of a handler that never ends. A closure that owns something else moves a clone of it
    /// into its future: `move |client, text: String| { let list = list.clone(); async move { .. } }`.
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
    /// drop(subscription); // removes the handler
    /// # Ok(())
    /// # }
    /// ```
    pub fn on<A, R, Kind>(&self, event: &str, handler: impl Fn(Client, A) -> R + 'static) -> Subscription
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        self.on_with_ack_flag(event, move |client, arguments, is_ack_wanted| {
            handler(client, arguments).into_ack(is_ack_wanted)
        })
    }

    /// Does the same for a handler whose last argument is true if an acknowledgement is asked for.
    pub(crate) fn on_with_ack_flag<A: DeserializeOwned>(
        &self,
        event: &str,
        handler: impl Fn(Client, A, bool) -> Ack + 'static,
    ) -> Subscription {
        if !self.can_be_handled(event) {
            return Subscription::none();
        }
        self.subscribe(
            event,
            Rc::new(move |scope, event, is_ack_wanted| {
                let HandlerEvent::Event(event) = event else { return Ack::Now(None) };
                match event.parse() {
                    Ok(arguments) => handler(scope.client(), arguments, is_ack_wanted),
                    Err(error) => Ack::Now(Some(Err(error))),
                }
            }),
        )
    }

    /// Registers a handler of the next event of a name whose arguments have its types; then the handler is removed.
    /// Otherwise it does the same as [`on`](Self::on).
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.once("welcome", |_client, name: String| log(&format!("I am {name}"))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn once<A, R, Kind>(&self, event: &str, handler: impl FnOnce(Client, A) -> R + 'static) -> Subscription
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        if !self.can_be_handled(event) {
            return Subscription::none();
        }
        let handlers = self.handlers();
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
            handler(scope.client(), arguments).into_ack(is_ack_wanted)
        });
        handlers.add_numbered(&self.namespace, event, handler, number);
        Subscription::new(handlers, self.namespace.clone(), event.into(), number)
    }

    /// Registers a handler of all events that have none of their own. In the namespace `*` it serves all namespaces
    /// that have no handlers of their own; [`Event::namespace`] is the namespace of an event.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_unhandled(|_client, event| log(&format!("nobody knows {}", event.name()))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_unhandled<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Client, Event) -> R + 'static) -> Subscription {
        self.subscribe(
            names::ANY,
            Rc::new(move |scope, event, is_ack_wanted| match event {
                HandlerEvent::Event(event) => handler(scope.client(), event).into_ack(is_ack_wanted),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Registers a handler of every event from the server, which is called before the handlers of the event. It does not count as a
    /// handler of the event, and answers nothing. In the namespace `*` it receives the events of all namespaces.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_any(|_client, event| log(&format!("{} with {} arguments", event.name(), event.len()))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_any(&self, handler: impl Fn(Client, Event) + 'static) -> Subscription {
        self.observe(groups::ANY, handler)
    }

    /// Registers a handler of every event that is emitted, volatile ones if they are sent. It is called after the emit, also
    /// if the event is buffered.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_any_outgoing(|_client, event| log(&format!("emitted {}", event.name()))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_any_outgoing(&self, handler: impl Fn(Client, Event) + 'static) -> Subscription {
        self.observe(groups::OUTGOING, handler)
    }

    fn observe(&self, group: &str, handler: impl Fn(Client, Event) + 'static) -> Subscription {
        let handler: Handler = Rc::new(move |scope, event, _| {
            if let HandlerEvent::Event(event) = event {
                handler(scope.client(), event);
            }
            Ack::Unhandled
        });
        self.subscribe_to(group.into(), self.namespace.clone(), handler)
    }

    /// Registers a handler that is called when the namespace is connected, and again after each reconnection.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_connect(|client: Client| drop(client.emit("join", "lobby"))).keep(); // in each connection anew
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_connect<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Client) -> R + 'static) -> Subscription {
        self.subscribe(CONNECT, Rc::new(move |scope, _, _| handler(scope.client()).into_ack(false)))
    }

    /// Registers a handler that is called when an attempt to connect has failed, or the server refused the namespace.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_connect_error(|_client, error| log(&format!("not yet: {error}"))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_connect_error<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Client, Error) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            CONNECT_ERROR,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::Failed(error) => handler(scope.client(), error).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Registers a handler that is called when the namespace's connection has ended.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_disconnect(|_client, end| log(&format!("{}: {}", end.reason.name(), end.cause))).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_disconnect<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Client, Disconnect) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            DISCONNECT,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::Disconnected(end) => handler(scope.client(), end).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Registers a handler that is called when the namespace's connection has ended and no reconnection follows.
    ///
    /// ```no_run
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// client.on_disconnect_final(|_client, reason| log(reason.name())).keep();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_disconnect_final<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Client, FinalReason) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            FINAL,
            Rc::new(move |scope, event, _| match event {
                HandlerEvent::Final(reason) => handler(scope.client(), reason).into_ack(false),
                _ => Ack::Now(None),
            }),
        )
    }

    /// Removes all handlers of an event. Returns true if there was one.
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
        &self.handle.driver.layer.frontend.handlers
    }

    fn subscribe(&self, event: &str, handler: Handler) -> Subscription {
        self.subscribe_to(self.namespace.clone(), event.into(), handler)
    }

    /// Adds a handler to the list of a group and a name.
    pub(super) fn subscribe_to(&self, group: Rc<str>, name: Rc<str>, handler: Handler) -> Subscription {
        let number = self.handlers().add(&group, &name, handler);
        Subscription::new(self.handlers(), group, name, number)
    }

    /// Returns false, and reports an error, for an event whose handler would never be called.
    fn can_be_handled(&self, event: &str) -> bool {
        let mistake = names::handled(event).err();
        mistake.iter().for_each(|error| self.handle.driver.layer.frontend.options.report(error));
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
    /// # fn log(_text: &str) {}
    /// # use socketio_wasm::{Client, Error};
    /// # use futures::StreamExt;
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

    /// Returns a stream of all later events of one name, as [`events`](Self::events) does.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use futures::StreamExt;
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

    /// Returns a stream of the arguments of all later events of one name. `A` is their type: a tuple is several
    /// arguments, any other type is the first one. Arguments of another type are reported to the builder's `on_error`,
    /// and left out.
    ///
    /// ```no_run
    /// # use socketio_wasm::{Client, Error};
    /// # use futures::StreamExt;
    /// # async fn example() -> Result<(), Error> {
    /// let client = Client::builder("http://localhost:3000").connect().await?;
    /// let mut numbers = client.arguments_of::<u32>("number");
    /// client.emit("number", 7)?;
    /// assert_eq!(numbers.next().await, Some(7));
    /// # Ok(())
    /// # }
    /// ```
    pub fn arguments_of<A: DeserializeOwned>(&self, event: &str) -> Arguments<A> {
        let on_error = self.handle.driver.layer.frontend.options.connection.on_error.clone();
        Arguments::new(self.events_of(event), on_error)
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
                    scope.handle.driver.layer.frontend.options.report(&Error::EventsMissed(most.get()));
                }
            }
            Ack::Unhandled
        });
        let _subscription = self.subscribe_to(groups::ANY.into(), self.namespace.clone(), handler);
        Events { from, limit, _subscription }
    }
}

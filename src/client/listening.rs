//! What is heard of a namespace: by handlers, and by streams.

use super::error::Error;
use super::event::{CONNECT, CONNECT_ERROR, DISCONNECT, Disconnect, Event, FINAL, HandlerEvent};
use super::guarding::retain;
use super::handlers::{Ack, Handler, Handlers, IntoAck, Subscription};
use super::state::Listener;
use super::streams::{Arguments, Events};
use super::{Client, Scope, names};
use futures::channel::mpsc::unbounded;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::rc::Rc;

impl Scope {
    /// Has a handler called with each event of a name; its arguments are of any type of serde's, as in [`Event::parse`]. What it
    /// returns, or the future that it returns gives, answers the server where that asks for an acknowledgement: see [`IntoAck`]. Of
    /// several handlers of one event, the last one set counts, until it is taken away. Arguments of other types are reported to the
    /// builder's `on_error`, and so are names that are reserved for the connection: [`on_connect`](Self::on_connect) and its like are for those.
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
    pub fn on<A, R, Kind>(&self, event: &str, handler: impl Fn(Client, A) -> R + 'static) -> Subscription
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        self.on_asked(event, move |client, arguments, asked| handler(client, arguments).into_ack(asked))
    }

    /// The same for one that is told whether an acknowledgement is asked for.
    pub(crate) fn on_asked<A: DeserializeOwned>(
        &self,
        event: &str,
        handler: impl Fn(Client, A, bool) -> Ack + 'static,
    ) -> Subscription {
        if !self.can_be_handled(event) {
            return Subscription::none();
        }
        self.subscribe(
            event,
            Rc::new(move |scope, told, asked| {
                let HandlerEvent::Event(event) = told else { return Ack::Now(None) };
                match event.parse() {
                    Ok(arguments) => handler(scope.client(), arguments, asked),
                    Err(error) => Ack::Now(Some(Err(error))),
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
        // It lives in the table that it takes itself out of.
        let (table, namespace, name) = (Rc::downgrade(handlers), self.namespace.clone(), Rc::<str>::from(event));
        let handler = Cell::new(Some(handler));
        let handler: Handler = Rc::new(move |scope, told, asked| {
            let HandlerEvent::Event(event) = told else { return Ack::Now(None) };
            let arguments = match event.parse() {
                Ok(arguments) => arguments,
                // It goes on waiting for one that it can take.
                Err(error) => return Ack::Now(Some(Err(error))),
            };
            let Some(handler) = handler.take() else { return Ack::Now(None) };
            if let Some(table) = table.upgrade() {
                table.remove(&namespace, &name, Some(number));
            }
            handler(scope.client(), arguments).into_ack(asked)
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
    pub fn on_any<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Client, Event) -> R + 'static) -> Subscription {
        self.subscribe(
            names::ANY,
            Rc::new(move |scope, told, asked| match told {
                HandlerEvent::Event(event) => handler(scope.client(), event).into_ack(asked),
                _ => Ack::Now(None),
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
    pub fn on_connect<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Client) -> R + 'static) -> Subscription {
        self.subscribe(CONNECT, Rc::new(move |scope, _, _| handler(scope.client()).into_ack(false)))
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
    pub fn on_connect_error<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Client, Error) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            CONNECT_ERROR,
            Rc::new(move |scope, told, _| match told {
                HandlerEvent::Failed(error) => handler(scope.client(), error).into_ack(false),
                _ => Ack::Now(None),
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
    pub fn on_disconnect<R: IntoAck<Kind>, Kind>(
        &self,
        handler: impl Fn(Client, Disconnect) -> R + 'static,
    ) -> Subscription {
        self.subscribe(
            DISCONNECT,
            Rc::new(move |scope, told, _| match told {
                HandlerEvent::Disconnected(end) => handler(scope.client(), end).into_ack(false),
                _ => Ack::Now(None),
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
    pub fn on_disconnect_final<R: IntoAck<Kind>, Kind>(&self, handler: impl Fn(Client) -> R + 'static) -> Subscription {
        self.subscribe(FINAL, Rc::new(move |scope, _, _| handler(scope.client()).into_ack(false)))
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
        &self.handle.driver.layer.frontend.handlers
    }

    fn subscribe(&self, event: &str, handler: Handler) -> Subscription {
        let number = self.handlers().set(&self.namespace, event, handler);
        Subscription::new(self.handlers(), self.namespace.clone(), event, number)
    }

    /// A handler that would never be called is a mistake, which is told.
    fn can_be_handled(&self, event: &str) -> bool {
        let mistake = names::handled(event).err();
        mistake.iter().for_each(|error| self.handle.driver.layer.frontend.options.report(error));
        mistake.is_none()
    }

    /// The events of this namespace, of `*` those of all, from now on: none is skipped, none is taken from handlers or other streams.
    /// It ends with the client; it answers nothing. What the server emits at once when it lets a client in may come before `connect()` is
    /// done: a stream that is to have it is made before, of the client that `build()` gives.
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

    /// Those of one name.
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

    /// Their arguments, as a type of yours: a tuple is several, any other type is the first one. Those of another type are reported to
    /// the builder's `on_error`, and left out.
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
        let namespace = (*self.namespace != *names::ANY).then(|| self.namespace.clone());
        let listeners = &self.handle.driver.layer.frontend.listeners;
        retain(listeners, |listener| !listener.to.is_closed());
        listeners.borrow_mut().push(Listener { namespace, event, to });
        Events(from)
    }
}

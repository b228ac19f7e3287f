//! Namespaces of a server in memory, and choices of their sockets.

use super::js::{JsNamespace, JsSocket, JsTarget, emit_to, fail, on_connection, on_event, refuse_if};
use super::socket::Socket;
use super::{arguments_of, settled, values_as};
use crate::client::handlers::{Ack, Answered};
use crate::client::into_ack::IntoAck;
use crate::shell::Outgoing;
use js_sys::{Array, Function};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Deref;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Is called with the socket, the arguments, and the function that answers if an answer is wanted.
type OnEvent = dyn Fn(JsSocket, Array, Option<Function>) -> Result<(), JsValue>;

/// Sockets of a namespace, chosen by rooms. Each method that narrows the choice returns another one.
///
/// ```no_run
/// use socketio_wasm::testing::{Broadcast, Server};
///
/// fn example() {
///     let server = Server::new();
///     let lobby: Broadcast = server.to("lobby");
///     lobby.except("muted").emit("news", ("hello", 7));
///     assert_eq!(lobby.sockets().len(), 2);
///     lobby.disconnect_sockets();
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Broadcast {
    js: JsTarget,
}

impl Broadcast {
    pub(super) fn new(js: JsTarget) -> Self {
        Self { js }
    }

    /// Chooses the sockets of a room, beside those that were chosen before.
    pub fn to(&self, room: &str) -> Self {
        Self::new(self.js.to(room))
    }

    /// Leaves out the sockets of a room. Each socket is alone in the room of its id.
    pub fn except(&self, room: &str) -> Self {
        Self::new(self.js.except(room))
    }

    /// Emits an event to each. A tuple is several arguments, as in [`Scope::emit`](crate::Scope::emit).
    pub fn emit(&self, event: &str, arguments: impl Serialize) {
        emit_to(&self.js, event, &arguments_of(event, &arguments));
    }

    /// Returns the sockets.
    pub fn sockets(&self) -> Vec<Socket> {
        self.js.chosen().into_iter().map(Socket::new).collect()
    }

    /// Disconnects the sockets from the namespace: their clients do not connect again by themselves.
    pub fn disconnect_sockets(&self) {
        self.js.disconnect_sockets();
    }
}

/// A namespace of a server in memory. Its [`Broadcast`] methods are for all of its sockets.
///
/// ```no_run
/// use socketio_wasm::testing::{Namespace, Server};
///
/// fn example() {
///     let server = Server::new();
///     let chat: Namespace = server.of("/chat");
///     assert_eq!(chat.name(), "/chat");
///     chat.on("enter", |socket, room: String| socket.join(&room));
///     chat.on_connection(|socket| socket.emit("welcome", socket.id()));
///     chat.to("lobby").emit("news", ("hello", 7));
///
///     chat.refuse("closed", ()); // each client
///     chat.accept();
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Namespace {
    js: JsNamespace,
    all: Broadcast,
}

impl Deref for Namespace {
    type Target = Broadcast;

    fn deref(&self) -> &Broadcast {
        &self.all
    }
}

impl Namespace {
    pub(super) fn new(js: JsNamespace) -> Self {
        Self { all: Broadcast::new(js.clone().unchecked_into()), js }
    }

    /// Returns its name.
    pub fn name(&self) -> String {
        self.js.name()
    }

    /// Adds a handler of an event, for each present and later socket. Its return value, or the output of its future,
    /// answers, as that of a client's handler does. An event without a handler is not answered.
    ///
    /// ```no_run
    /// use socketio_wasm::testing::Server;
    ///
    /// fn example() {
    ///     let server = Server::new();
    ///     server.on("add", |_socket, (a, b): (u32, u32)| a + b);
    ///     server.on("ask back", |socket, (): ()| async move {
    ///         socket.call::<String>("question", "Who are you?").await
    ///     });
    /// }
    /// ```
    pub fn on<A, R, Kind>(&self, event: &str, handler: impl Fn(Socket, A) -> R + 'static)
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        let name = event.to_owned();
        let closure: Closure<OnEvent> = Closure::new(move |socket, values: Array, answer: Option<Function>| {
            let arguments = values_as(&format!("the event {name:?}"), &values)?;
            respond(handler(Socket::new(socket), arguments).into_ack(answer.is_some()), answer)
        });
        on_event(&self.js, event, &closure.into_js_value());
    }

    /// Adds a function that is called with each socket that connects, and with those that are there.
    pub fn on_connection(&self, handler: impl Fn(Socket) + 'static) {
        let closure: Closure<dyn Fn(JsSocket)> = Closure::new(move |socket| handler(Socket::new(socket)));
        on_connection(&self.js, &closure.into_js_value());
    }

    /// Adds a function that is called before a client is accepted. With a message, the client is refused.
    ///
    /// ```no_run
    /// use socketio_wasm::testing::Server;
    /// use std::collections::BTreeMap;
    ///
    /// fn example() {
    ///     let server = Server::new();
    ///     server.refuse_if(|socket| {
    ///         let auth: BTreeMap<String, String> = socket.auth();
    ///         (auth.get("token").map(String::as_str) != Some("secret"))
    ///             .then(|| "wrong token".into())
    ///     });
    /// }
    /// ```
    pub fn refuse_if(&self, message: impl Fn(&Socket) -> Option<String> + 'static) {
        let closure: Closure<dyn Fn(JsSocket) -> Option<String>> =
            Closure::new(move |socket| message(&Socket::new(socket)));
        refuse_if(&self.js, &closure.into_js_value());
    }

    /// Refuses each client from now on, with a message and data (`()` for none), until [`accept`](Self::accept).
    /// Throws if the data has a binary part.
    pub fn refuse(&self, message: &str, data: impl Serialize) {
        let data = arguments_of("refuse", &data);
        self.js.refuse(message, &data.get(0));
    }

    /// Ends [`refuse`](Self::refuse).
    pub fn accept(&self) {
        self.js.accept();
    }

    /// Waits for the next client that connects. A client that is here already counts, unless an earlier call took it.
    pub async fn connection(&self) -> Socket {
        Socket::new(settled(self.js.connection()).await.unchecked_into())
    }
}

/// Answers an event. Nobody catches an error: see the module's documentation.
fn respond(ack: Ack, answer: Option<Function>) -> Result<(), JsValue> {
    match ack {
        Ack::Now(answered) => finish(answered, answer),
        Ack::Later(reply) => {
            spawn_local(async move {
                if let Err(error) = finish(reply.await, answer) {
                    fail(&error);
                }
            });
            Ok(())
        }
        Ack::Unhandled => Ok(()),
    }
}

fn finish(answered: Answered, answer: Option<Function>) -> Result<(), JsValue> {
    let (Some(result), answer) = (answered, answer) else { return Ok(()) };
    let values = result.map_err(|error| JsError::new(&error.to_string()))?;
    match answer {
        Some(answer) => answer.apply(&JsValue::UNDEFINED, &values.to_js()).map(drop),
        None => Ok(()),
    }
}

//! A client, as a server in memory sees it.

use super::js::{JsSocket, emit_to};
use super::namespace::{Broadcast, Namespace};
use super::{arguments_of, or_throw, settled, values_as, wrong_type};
use crate::client::values::value_from_js;
use js_sys::{Array, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// A client in a namespace, as the server sees it.
///
/// ```no_run
/// use socketio_wasm::testing::{Server, Socket};
/// use std::collections::BTreeMap;
///
/// async fn example(server: Server) {
///     let socket: Socket = server.connection().await;
///     let auth: BTreeMap<String, String> = socket.auth();
///     assert_eq!((socket.header("x-tenant"), socket.query("room")), (Some("4".into()), None));
///
///     socket.emit("news", ("hello", 7));
///     let name: String = socket.call("question", "Who are you?").await;
///     let (room, seat): (String, u32) = socket.received("enter").await;
///
///     socket.join("lobby");
///     socket.to("lobby").emit("news", "to the others of the room");
///     socket.broadcast().emit("news", "to all others");
///     socket.leave("lobby");
///
///     socket.close(); // the client connects again; so it does after lose()
///     assert!(!socket.is_connected());
///     let again = server.connection().await;
///     again.disconnect(); // from its namespace; disconnect_all() ends the others, too
///     assert_eq!(again.namespace().name(), "/");
///     again.disconnect_all();
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Socket {
    js: JsSocket,
}

impl Socket {
    pub(super) fn new(js: JsSocket) -> Self {
        Self { js }
    }

    /// Returns its id, which the client has as [`Scope::sid`](crate::Scope::sid).
    pub fn id(&self) -> String {
        self.js.id()
    }

    /// Returns its namespace.
    pub fn namespace(&self) -> Namespace {
        Namespace::new(self.js.nsp())
    }

    /// Returns false as soon as it has left.
    pub fn is_connected(&self) -> bool {
        self.js.connected()
    }

    /// Returns the auth of the client. Throws if it is of another type.
    pub fn auth<T: DeserializeOwned>(&self) -> T {
        let auth = value_from_js(&self.js.handshake().auth());
        or_throw(auth.map_err(|mismatch| wrong_type("the auth", mismatch)))
    }

    /// Returns a header of the first request, by its name in small letters.
    pub fn header(&self, name: &str) -> Option<String> {
        string_in(&self.js.handshake().headers(), name)
    }

    /// Returns a parameter of the query of the first request.
    pub fn query(&self, name: &str) -> Option<String> {
        string_in(&self.js.handshake().query(), name)
    }

    /// Emits an event. A tuple is several arguments. Throws if the socket has left.
    pub fn emit(&self, event: &str, arguments: impl Serialize) {
        emit_to(&self.js, event, &arguments_of(event, &arguments));
    }

    /// Emits an event, and waits for the client's answer. Throws if the socket has left, or leaves before it answers.
    pub async fn call<T: DeserializeOwned>(&self, event: &str, arguments: impl Serialize) -> T {
        let values = settled(self.js.ask(event, &arguments_of(event, &arguments))).await;
        or_throw(values_as(&format!("the answer to the event {event:?}"), values.unchecked_ref()))
    }

    /// Waits for the next event of this name, and returns its arguments. An event that has arrived counts, unless an
    /// earlier call took it. The event's handlers are called first. Throws if the socket leaves before.
    pub async fn received<A: DeserializeOwned>(&self, event: &str) -> A {
        let values = settled(self.js.received(event)).await;
        or_throw(values_as(&format!("the event {event:?}"), values.unchecked_ref::<Array>()))
    }

    /// Enters a room.
    pub fn join(&self, room: &str) {
        self.js.join(room);
    }

    /// Leaves a room.
    pub fn leave(&self, room: &str) {
        self.js.leave(room);
    }

    /// Chooses the other sockets of a room.
    pub fn to(&self, room: &str) -> Broadcast {
        Broadcast::new(self.js.to(room))
    }

    /// Chooses the other sockets of the namespace.
    pub fn broadcast(&self) -> Broadcast {
        Broadcast::new(self.js.broadcast())
    }

    /// Disconnects the client from the namespace: it does not connect again by itself.
    pub fn disconnect(&self) {
        self.js.disconnect(false);
    }

    /// Disconnects the client from all namespaces, and closes the connection.
    pub fn disconnect_all(&self) {
        self.js.disconnect(true);
    }

    /// Closes the connection without a message to the namespaces: the client connects again.
    pub fn close(&self) {
        self.js.conn().close();
    }

    /// Loses the connection, as if the network had failed: the client notices, and connects again.
    pub fn lose(&self) {
        self.js.lose();
    }

    /// Lets nothing arrive any longer in either direction: the client notices when a time limit runs out.
    pub fn freeze(&self) {
        self.js.freeze();
    }
}

fn string_in(object: &JsValue, name: &str) -> Option<String> {
    Reflect::get(object, &name.into()).ok()?.as_string()
}

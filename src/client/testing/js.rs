//! The server in JavaScript: imports of server.js, which scripts/snippets.mjs makes from pkg/testing.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A choice of sockets: a namespace, or some of its sockets.
    #[derive(Debug, Clone)]
    pub type JsTarget;
    #[wasm_bindgen(method)]
    pub fn to(this: &JsTarget, room: &str) -> JsTarget;
    #[wasm_bindgen(method)]
    pub fn except(this: &JsTarget, room: &str) -> JsTarget;
    #[wasm_bindgen(method)]
    pub fn chosen(this: &JsTarget) -> Vec<JsSocket>;
    #[wasm_bindgen(method, js_name = disconnectSockets)]
    pub fn disconnect_sockets(this: &JsTarget);

    /// A namespace.
    #[derive(Debug, Clone)]
    #[wasm_bindgen(extends = JsTarget)]
    pub type JsNamespace;
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &JsNamespace) -> String;
    #[wasm_bindgen(method)]
    pub fn refuse(this: &JsNamespace, message: &str, data: &JsValue);
    #[wasm_bindgen(method)]
    pub fn accept(this: &JsNamespace);
    #[wasm_bindgen(method)]
    pub fn connection(this: &JsNamespace) -> Promise;

    /// A socket.
    #[derive(Debug, Clone)]
    #[wasm_bindgen(extends = JsTarget)]
    pub type JsSocket;
    #[wasm_bindgen(method, getter)]
    pub fn id(this: &JsSocket) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn nsp(this: &JsSocket) -> JsNamespace;
    #[wasm_bindgen(method, getter)]
    pub fn connected(this: &JsSocket) -> bool;
    #[wasm_bindgen(method, getter)]
    pub fn handshake(this: &JsSocket) -> JsHandshake;
    #[wasm_bindgen(method, getter)]
    pub fn broadcast(this: &JsSocket) -> JsTarget;
    #[wasm_bindgen(method, getter)]
    pub fn conn(this: &JsSocket) -> JsConnection;
    #[wasm_bindgen(method)]
    pub fn ask(this: &JsSocket, event: &str, arguments: &Array) -> Promise;
    #[wasm_bindgen(method)]
    pub fn received(this: &JsSocket, event: &str) -> Promise;
    #[wasm_bindgen(method)]
    pub fn join(this: &JsSocket, room: &str);
    #[wasm_bindgen(method)]
    pub fn leave(this: &JsSocket, room: &str);
    #[wasm_bindgen(method)]
    pub fn disconnect(this: &JsSocket, close: bool);
    #[wasm_bindgen(method, js_name = drop)]
    pub fn lose(this: &JsSocket);
    #[wasm_bindgen(method)]
    pub fn freeze(this: &JsSocket);

    /// The data of a request to connect.
    pub type JsHandshake;
    #[wasm_bindgen(method, getter)]
    pub fn auth(this: &JsHandshake) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn headers(this: &JsHandshake) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn query(this: &JsHandshake) -> JsValue;

    /// The connection of a socket.
    pub type JsConnection;
    #[wasm_bindgen(method)]
    pub fn close(this: &JsConnection);
}

#[wasm_bindgen(module = "/src/client/testing/server.js")]
extern "C" {
    /// The server, which is its namespace `/`, too.
    #[derive(Debug, Clone)]
    #[wasm_bindgen(extends = JsNamespace, js_name = Server)]
    pub type JsServer;
    #[wasm_bindgen(constructor, js_class = "Server")]
    pub fn new(options: &JsValue) -> JsServer;
    #[wasm_bindgen(method, getter, js_class = "Server")]
    pub fn url(this: &JsServer) -> String;
    #[wasm_bindgen(method, getter, js_class = "Server")]
    pub fn fetch(this: &JsServer) -> Function;
    #[wasm_bindgen(method, getter, js_class = "Server", js_name = WebSocket)]
    pub fn websocket(this: &JsServer) -> JsValue;
    #[wasm_bindgen(method, js_class = "Server")]
    pub fn of(this: &JsServer, name: &str) -> JsNamespace;
    #[wasm_bindgen(method, js_class = "Server")]
    pub fn delay(this: &JsServer, milliseconds: f64);
    #[wasm_bindgen(method, js_class = "Server")]
    pub fn ping(this: &JsServer) -> Promise;
    #[wasm_bindgen(method, js_class = "Server", js_name = drop)]
    pub fn lose(this: &JsServer);
    #[wasm_bindgen(method, js_class = "Server")]
    pub fn freeze(this: &JsServer);
    #[wasm_bindgen(method, js_class = "Server")]
    pub fn offline(this: &JsServer);
    #[wasm_bindgen(method, js_class = "Server")]
    pub fn online(this: &JsServer);
    #[wasm_bindgen(method, js_class = "Server", js_name = close)]
    pub fn shut_down(this: &JsServer);

    /// Calls a closure with each socket.
    #[wasm_bindgen(js_name = onConnection)]
    pub fn on_connection(namespace: &JsNamespace, handler: &JsValue);
    /// Calls a closure for each event of a name.
    #[wasm_bindgen(js_name = onEvent)]
    pub fn on_event(namespace: &JsNamespace, event: &str, handler: &JsValue);
    /// Refuses the sockets for which a closure returns a message.
    #[wasm_bindgen(js_name = refuseIf)]
    pub fn refuse_if(namespace: &JsNamespace, message_for: &JsValue);
    /// Emits an event.
    #[wasm_bindgen(js_name = emitTo)]
    pub fn emit_to(target: &JsTarget, event: &str, arguments: &Array);
    /// Reports an error that nobody caught.
    pub fn fail(error: &JsValue);
}

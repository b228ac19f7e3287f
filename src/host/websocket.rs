//! Websockets, in the shape that browsers give them.

use super::values::message_of;
use super::{JsBytes, JsWire, Platform, Port};
use crate::engine::{Failure, Input, Transport, TransportId};
use crate::protocol::Frame;
use js_sys::{Array, ArrayBuffer, Function, JsString, Object, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type WebSocketLike;
    #[wasm_bindgen(method, setter, js_name = binaryType)]
    fn set_binary_type(this: &WebSocketLike, kind: &str);
    #[wasm_bindgen(method, setter, js_name = onopen)]
    fn set_onopen(this: &WebSocketLike, handler: Option<&Function>);
    #[wasm_bindgen(method, setter, js_name = onmessage)]
    fn set_onmessage(this: &WebSocketLike, handler: Option<&Function>);
    #[wasm_bindgen(method, setter, js_name = onerror)]
    fn set_onerror(this: &WebSocketLike, handler: Option<&Function>);
    #[wasm_bindgen(method, setter, js_name = onclose)]
    fn set_onclose(this: &WebSocketLike, handler: Option<&Function>);
    #[wasm_bindgen(method, catch, js_name = send)]
    fn send_text(this: &WebSocketLike, data: &JsString) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = send)]
    fn send_bytes(this: &WebSocketLike, data: &Uint8Array) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &WebSocketLike) -> Result<(), JsValue>;
    /// Node's alone: what is sent until `uncork` leaves in one write.
    #[wasm_bindgen(method, getter, js_name = cork)]
    fn has_cork(this: &WebSocketLike) -> Option<Function>;
    #[wasm_bindgen(method)]
    fn cork(this: &WebSocketLike);
    #[wasm_bindgen(method)]
    fn uncork(this: &WebSocketLike);

    /// What a websocket's handlers are given; each kind of event has some of these.
    type SocketEvent;
    #[wasm_bindgen(method, getter)]
    fn data(this: &SocketEvent) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn code(this: &SocketEvent) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn reason(this: &SocketEvent) -> JsValue;
    /// Node's alone: the status and body of a refused handshake.
    #[wasm_bindgen(method, getter)]
    fn status(this: &SocketEvent) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn body(this: &SocketEvent) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn message(this: &SocketEvent) -> JsValue;
}

struct Socket {
    id: TransportId,
    socket: WebSocketLike,
    corks: bool,
    /// Kept for as long as the socket may call them.
    _handlers: [Closure<dyn FnMut(SocketEvent)>; 4],
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // A socket closed before it was open reports an error, which in Node would have no listener.
        self.socket.set_onerror(Some(&Function::new_no_args("")));
    }
}

/// The websockets of one client: one, or two while a connection is upgraded.
#[derive(Default)]
pub(super) struct Sockets {
    open: RefCell<Vec<Socket>>,
}

impl Sockets {
    pub fn open(
        &self,
        id: TransportId,
        platform: &Platform,
        url: &JsString,
        headers: Option<Object>,
        port: &Weak<dyn Port>,
    ) {
        let arguments = Array::of1(url);
        if let Some(headers) = headers.filter(|_| platform.websocket_headers()) {
            let options = Object::new();
            let _ = Reflect::set(&options, &JsValue::from_str("headers"), &headers);
            arguments.push(&Array::new());
            arguments.push(&options);
        }
        match Reflect::construct(&platform.web_socket(), &arguments) {
            Ok(socket) => {
                let socket: WebSocketLike = socket.unchecked_into();
                socket.set_binary_type("arraybuffer");
                let handlers = listen(id, &socket, port);
                let corks = socket.has_cork().is_some();
                self.open.borrow_mut().push(Socket { id, socket, corks, _handlers: handlers });
            }
            Err(error) => {
                let failure = Failure::Unreachable(Transport::WebSocket, message_of(&error));
                if let Some(port) = port.upgrade() {
                    port.arrived(Input::WebSocketClosed(id, failure));
                }
            }
        }
    }

    pub fn send(&self, id: TransportId, frames: Vec<Frame<JsWire>>) {
        let found = self.open.borrow().iter().find(|open| open.id == id).map(|open| (open.socket.clone(), open.corks));
        let Some((socket, corks)) = found else { return };
        let corks = corks && frames.len() > 1;
        if corks {
            socket.cork();
        }
        for frame in frames {
            // A socket that is closing throws, or drops what it is given; its `close` event says the rest.
            let _ = match frame {
                Frame::Text(text) => socket.send_text(&text),
                Frame::Bytes(bytes) => socket.send_bytes(&bytes.0),
            };
        }
        if corks {
            socket.uncork();
        }
    }

    pub fn close(&self, id: TransportId) {
        let at = self.open.borrow().iter().position(|open| open.id == id);
        let closed = at.map(|at| self.open.borrow_mut().swap_remove(at));
        if let Some(closed) = closed {
            let socket = closed.socket.clone();
            drop(closed);
            let _ = socket.close();
        }
    }
}

fn words(value: &JsValue) -> Option<JsString> {
    value.dyn_ref::<JsString>().filter(|text| text.length() > 0).cloned()
}

fn listen(id: TransportId, socket: &WebSocketLike, port: &Weak<dyn Port>) -> [Closure<dyn FnMut(SocketEvent)>; 4] {
    let report = |port: &Weak<dyn Port>, input| {
        if let Some(port) = port.upgrade() {
            port.arrived(input);
        }
    };
    let opened = Rc::new(Cell::new(false));
    let failed: Rc<RefCell<Option<Failure<JsWire>>>> = Rc::default();

    let onopen = Closure::new({
        let (port, opened) = (port.clone(), opened.clone());
        move |_: SocketEvent| {
            opened.set(true);
            report(&port, Input::WebSocketOpened(id));
        }
    });
    let onmessage = Closure::new({
        let port = port.clone();
        move |event: SocketEvent| {
            let frame = match event.data().dyn_into::<JsString>() {
                Ok(text) => Frame::Text(text),
                Err(data) => Frame::Bytes(JsBytes(bytes_of(data))),
            };
            report(&port, Input::WebSocketReceived(id, frame));
        }
    });
    let onerror = Closure::new({
        let failed = failed.clone();
        move |event: SocketEvent| {
            let failure = match event.status() {
                Some(status) => Failure::from_status(status as u16, words(&event.body()).unwrap_or_default()),
                None => Failure::Unreachable(Transport::WebSocket, words(&event.message())),
            };
            *failed.borrow_mut() = Some(failure);
        }
    });
    let onclose = Closure::new({
        let port = port.clone();
        move |event: SocketEvent| {
            let failure = match failed.borrow_mut().take() {
                Some(failure) => failure,
                None if opened.get() => Failure::SocketClosed(
                    event.code().unwrap_or_default() as u16,
                    words(&event.reason()).unwrap_or_default(),
                ),
                None => Failure::Unreachable(Transport::WebSocket, None),
            };
            report(&port, Input::WebSocketClosed(id, failure));
        }
    });
    let function = |closure: &Closure<dyn FnMut(SocketEvent)>| closure.as_ref().unchecked_ref::<Function>().clone();
    socket.set_onopen(Some(&function(&onopen)));
    socket.set_onmessage(Some(&function(&onmessage)));
    socket.set_onerror(Some(&function(&onerror)));
    socket.set_onclose(Some(&function(&onclose)));
    [onopen, onmessage, onerror, onclose]
}

fn bytes_of(data: JsValue) -> Uint8Array {
    match data.dyn_into::<ArrayBuffer>() {
        Ok(buffer) => Uint8Array::new(&buffer),
        // Node's websocket may give a view.
        Err(data) => data.unchecked_into(),
    }
}

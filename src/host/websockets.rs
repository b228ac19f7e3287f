//! Websockets of the platform, or of a user-supplied class, which may throw at each access.

use super::event_callback::kind;
use super::parser::frame_value;
use super::transports::{Entry, Transports, number_of, take, text_of, thrown_message, with};
use super::wire::{array_of_bytes, property};
use super::{HostEvents, JsBytes, JsText, JsWire, Platform};
use crate::engine::{Input, Transport, TransportError, TransportId};
use crate::protocol::{Bytes, Frame};
use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A websocket. web-sys has no method that sends any frame without a copy, and none of the methods that only Node's websockets have.
    #[derive(Clone)]
    #[wasm_bindgen(extends = web_sys::WebSocket)]
    pub(super) type Socket;
    #[wasm_bindgen(method, catch, js_name = send)]
    fn send_frame(this: &Socket, frame: &JsValue) -> Result<(), JsValue>;
    /// Holds sent frames back until `uncork`.
    #[wasm_bindgen(method, catch)]
    fn cork(this: &Socket) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn uncork(this: &Socket) -> Result<(), JsValue>;

    /// An event that brings a frame.
    #[wasm_bindgen(extends = web_sys::MessageEvent)]
    type FrameEvent;
    #[wasm_bindgen(method, getter, catch, js_name = data)]
    fn try_data(this: &FrameEvent) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    /// Opens a websocket with headers; `failed` is called later if there is none.
    #[wasm_bindgen(js_name = openSocket)]
    fn open_socket(platform: &Platform, url: &JsString, headers: &JsValue, failed: &Function) -> Option<Socket>;
    /// A function that does nothing.
    #[wasm_bindgen(js_name = noHandler)]
    fn no_handler() -> Function;
    /// Sets a property, by name: one import for all handlers, which catches what the setters of web-sys do not.
    #[wasm_bindgen(catch, js_name = setProperty)]
    fn set_property(object: &JsValue, name: &str, value: &JsValue) -> Result<(), JsValue>;
}

/// The handlers of a websocket, and the kinds of their reports.
const HANDLERS: [(&str, u8); 4] =
    [("onopen", kind::OPENED), ("onmessage", kind::MESSAGE), ("onerror", kind::ERROR), ("onclose", kind::CLOSED)];

/// A websocket, and the results of its events. If it is dropped before its close event, it sends its frames and closes.
pub(super) struct OpenSocket {
    id: TransportId,
    socket: Socket,
    has_cork: bool,
    is_open: bool,
    /// Its error event, or `undefined`.
    error: JsValue,
    is_closed: bool,
}

impl Entry for OpenSocket {
    fn id(&self) -> TransportId {
        self.id
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        if self.is_closed {
            return;
        }
        // A runtime may hold a websocket long after it was closed, and with its handlers it would hold this client. They are replaced and
        // not removed: a websocket that is closed before it was open has an error event, which in Node needs a listener.
        let no_handler = no_handler();
        for (name, _) in HANDLERS {
            let _ = set_property(&self.socket, name, &no_handler);
        }
        let _ = self.socket.close();
    }
}

impl Transports {
    /// Opens a websocket, with the headers of the attempt if the platform can send them.
    pub fn open_socket(&self, id: TransportId, url: &JsString) {
        self.trace("websocket", url);
        let headers = self.headers.borrow().clone();
        let failed = self.callback.bound(kind::SOCKET_FAILED, id.0);
        let Some(socket) = open_socket(&self.platform, url, &headers, &failed) else { return };
        if let Err(thrown) = self.listen_to(id, socket) {
            self.fail_socket(id, &thrown);
        }
    }

    fn listen_to(&self, id: TransportId, socket: Socket) -> Result<(), JsValue> {
        let has_cork = !property(&socket, "cork").is_undefined();
        let open = OpenSocket {
            id,
            socket: socket.clone(),
            has_cork,
            is_open: false,
            error: JsValue::UNDEFINED,
            is_closed: false,
        };
        self.sockets.borrow_mut().push(open);
        set_property(&socket, "binaryType", &"arraybuffer".into())?;
        for (name, kind) in HANDLERS {
            set_property(&socket, name, &self.callback.bound(kind, id.0))?;
        }
        Ok(())
    }

    /// Sends frames, in one write if the websocket can hold them together.
    pub fn send(&self, id: TransportId, frames: Vec<Frame<JsWire>>) {
        let Some((socket, has_cork)) = with(&self.sockets, id, |open| (open.socket.clone(), open.has_cork)) else {
            return;
        };
        let corks = has_cork && frames.len() > 1;
        let mut sent = if corks { socket.cork() } else { Ok(()) };
        for frame in frames {
            if sent.is_ok() {
                sent = self.send_frame(&socket, frame);
            }
        }
        if corks {
            sent = sent.and(socket.uncork());
        }
        // The frames behind one that was refused must not arrive without it.
        if let Err(thrown) = sent {
            self.fail_socket(id, &thrown);
        }
    }

    /// Closes a websocket that has thrown, and reports that later.
    fn fail_socket(&self, id: TransportId, thrown: &JsValue) {
        self.close_socket(id);
        self.callback.report_later(kind::SOCKET_FAILED, id.0, thrown);
    }

    fn send_frame(&self, socket: &Socket, frame: Frame<JsWire>) -> Result<(), JsValue> {
        // A buffer that was transferred meanwhile is empty, and not every platform sends a view of it.
        let frame = match frame {
            Frame::Bytes(bytes) if bytes.is_empty() => JsBytes::from_slice(&[]).0.into(),
            frame => frame_value(frame),
        };
        self.trace("sent", &frame);
        socket.send_frame(&frame)
    }

    /// Returns the number of bytes that wait in a websocket; 0 if its class does not tell.
    pub fn buffered(&self, id: TransportId) -> usize {
        let socket = with(&self.sockets, id, |open| open.socket.clone());
        let amount = socket.and_then(|socket| property(&socket, "bufferedAmount").as_f64());
        amount.unwrap_or_default() as usize
    }

    /// Closes a websocket.
    pub fn close_socket(&self, id: TransportId) {
        drop(take(&self.sockets, id));
    }

    /// Reads an event of a websocket, and reports it to the engine.
    pub(super) fn on_socket_event(&self, kind: u8, id: TransportId, event: JsValue, events: &dyn HostEvents<JsWire>) {
        if kind == kind::SOCKET_FAILED {
            return self.report_unreachable(id, thrown_message(&event), &event, events);
        }
        let Some(is_open) = with(&self.sockets, id, |open| {
            open.is_open |= kind == kind::OPENED;
            open.is_open
        }) else {
            return;
        };
        match kind {
            kind::OPENED => events.on_input(Input::WebSocketOpened(id)),
            kind::MESSAGE => match frame_of(event.unchecked_ref()) {
                Ok(frame) => {
                    self.trace_frame(&frame);
                    events.on_input(Input::WebSocketReceived(id, frame));
                }
                Err(thrown) => {
                    drop(take(&self.sockets, id));
                    self.report_unreachable(id, thrown_message(&thrown), &thrown, events);
                }
            },
            kind::ERROR => {
                with(&self.sockets, id, |open| open.error = event);
            }
            _ => {
                let code = property(&event, "code");
                self.trace("websocket closed", &code);
                let Some(mut open) = take(&self.sockets, id) else { return };
                open.is_closed = true;
                let error = &open.error;
                // Node's websocket tells the answer of a server that refused the upgrade; a browser tells nothing.
                let failure = match number_of(&property(error, "status")) {
                    0 if is_open && error.is_undefined() => {
                        TransportError::SocketClosed(number_of(&code), text_of(property(&event, "reason")))
                    }
                    0 => return self.report_unreachable(id, thrown_message(error), &property(error, "error"), events),
                    status => TransportError::from_status(status, text_of(property(error, "body"))),
                };
                events.on_input(Input::WebSocketClosed(id, failure));
            }
        }
    }

    fn report_unreachable(
        &self,
        id: TransportId,
        message: Option<JsText>,
        thrown: &JsValue,
        events: &dyn HostEvents<JsWire>,
    ) {
        let failure = TransportError::Unreachable(Transport::WebSocket, message);
        self.report_failure(Input::WebSocketClosed(id, failure), thrown, events);
    }

    fn trace_frame(&self, frame: &Frame<JsWire>) {
        if self.is_traced() {
            self.trace("received", &frame_value(frame.clone()));
        }
    }
}

fn frame_of(event: &FrameEvent) -> Result<Frame<JsWire>, JsValue> {
    match event.try_data()?.dyn_into::<JsString>() {
        Ok(text) => Ok(Frame::Text(text.into())),
        Err(data) => array_of_bytes(&data).map(|bytes| Frame::Bytes(JsBytes(bytes))),
    }
}

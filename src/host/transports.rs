//! Websockets, in the shape that browsers give them, and HTTP requests by `fetch`.

use super::parser::frame_value;
use super::{JsBytes, JsText, JsWire, Platform};
use crate::engine::{Input, Transport, TransportError, TransportId};
use crate::protocol::{Frame, Text};
use js_sys::{Function, JsString, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An array that takes what it is given, and leaves nothing to be freed.
    #[wasm_bindgen(js_name = Array)]
    type Frames;
    #[wasm_bindgen(constructor, js_class = "Array")]
    fn new() -> Frames;
    #[wasm_bindgen(method, js_class = "Array")]
    fn push(this: &Frames, frame: JsValue);
}

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = openSocket)]
    fn open_socket(platform: &Platform, id: u32, url: &JsString, headers: &JsValue, report: &Function) -> JsValue;
    #[wasm_bindgen(js_name = sendFrames)]
    fn send_frames(platform: &Platform, id: u32, socket: &JsValue, frames: &Frames, report: &Function);
    #[wasm_bindgen(js_name = bufferedAmount)]
    fn buffered_amount(socket: &JsValue) -> f64;
    #[wasm_bindgen(js_name = closeSocket)]
    fn close_socket(socket: &JsValue);
    #[wasm_bindgen(js_name = startRequest)]
    fn start_request(
        platform: &Platform,
        id: u32,
        url: &JsString,
        body: Option<&JsString>,
        headers: &JsValue,
        credentials: &JsValue,
        report: &Function,
    ) -> AbortController;

    type AbortController;
    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);
}

/// What host.js reports of them, in the order of its constants, behind those of report.rs.
mod kind {
    pub const OPENED: u8 = 3;
    pub const TEXT: u8 = 4;
    pub const BYTES: u8 = 5;
    pub const CLOSED: u8 = 6;
    pub const REFUSED: u8 = 7;
    pub const FAILED: u8 = 8;
    pub const RESPONDED: u8 = 9;
    pub const REQUEST_UNSENT: u8 = 11;
}

/// The transports of one client: a websocket or two, a GET and a POST. What comes of them goes to the `report` that is given
/// with each.
#[derive(Default)]
pub(super) struct Transports {
    sockets: RefCell<Vec<(TransportId, JsValue)>>,
    requests: RefCell<Vec<(TransportId, AbortController)>>,
}

impl Transports {
    pub fn open(&self, id: TransportId, platform: &Platform, url: &JsString, headers: &JsValue, report: &Function) {
        let socket = open_socket(platform, id.0, url, headers, report);
        if !socket.is_undefined() {
            self.sockets.borrow_mut().push((id, socket));
        }
    }

    pub fn send(&self, id: TransportId, platform: &Platform, frames: Vec<Frame<JsWire>>, report: &Function) {
        let socket = self.sockets.borrow().iter().find(|(other, _)| *other == id).map(|(_, socket)| socket.clone());
        if let Some(socket) = socket {
            let values = Frames::new();
            for frame in frames {
                values.push(frame_value(frame));
            }
            send_frames(platform, id.0, &socket, &values, report);
        }
    }

    /// How many bytes wait in a websocket.
    pub fn buffered(&self, id: TransportId) -> usize {
        let sockets = self.sockets.borrow();
        let socket = sockets.iter().find(|(other, _)| *other == id).map(|(_, socket)| socket.clone());
        drop(sockets);
        socket.map_or(0, |socket| buffered_amount(&socket) as usize)
    }

    pub fn close(&self, id: TransportId) {
        if let Some(socket) = take(&self.sockets, id) {
            close_socket(&socket);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is one of fetch")]
    pub fn request(
        &self,
        id: TransportId,
        platform: &Platform,
        url: &JsString,
        body: Option<&JsString>,
        headers: &JsValue,
        credentials: &JsValue,
        report: &Function,
    ) {
        let request = start_request(platform, id.0, url, body, headers, credentials, report);
        self.requests.borrow_mut().push((id, request));
    }

    pub fn abort(&self, id: TransportId) {
        if let Some(request) = take(&self.requests, id) {
            request.abort();
        }
    }

    /// A request or a socket that is over needs no abort or close any more.
    pub fn forget(&self, input: &Input<JsWire>) {
        match input {
            Input::Responded(id, ..) | Input::RequestFailed(id, _) | Input::RequestUnsent(id, _) => {
                drop(take(&self.requests, *id));
            }
            Input::WebSocketClosed(id, _) => drop(take(&self.sockets, *id)),
            Input::WebSocketOpened(_) | Input::WebSocketReceived(..) | Input::WebSocketBuffered(..) => {}
        }
    }
}

fn take<T>(entries: &RefCell<Vec<(TransportId, T)>>, id: TransportId) -> Option<T> {
    let mut entries = entries.borrow_mut();
    let at = entries.iter().position(|(other, _)| *other == id)?;
    Some(entries.swap_remove(at).1)
}

/// What a report of a transport means.
pub(super) fn input(kind: u8, id: TransportId, a: JsValue, b: JsValue) -> Input<JsWire> {
    let words = |value: JsValue| value.dyn_into::<JsString>().ok().map(JsText::from);
    let text = |value: JsValue| words(value).unwrap_or_else(|| JsText::from_ascii(""));
    let number = |value: &JsValue| value.as_f64().unwrap_or_default() as u16;
    match kind {
        kind::TEXT => Input::WebSocketReceived(id, Frame::Text(a.unchecked_into::<JsString>().into())),
        kind::BYTES => Input::WebSocketReceived(id, Frame::Bytes(JsBytes(a.unchecked_into::<Uint8Array>()))),
        kind::OPENED => Input::WebSocketOpened(id),
        kind::RESPONDED => Input::Responded(id, number(&a), text(b)),
        kind::CLOSED => Input::WebSocketClosed(id, TransportError::SocketClosed(number(&a), text(b))),
        kind::REFUSED => Input::WebSocketClosed(id, TransportError::from_status(number(&a), text(b))),
        kind::FAILED => Input::WebSocketClosed(id, TransportError::Unreachable(Transport::WebSocket, words(a))),
        kind::REQUEST_UNSENT => Input::RequestUnsent(id, words(a)),
        _ => Input::RequestFailed(id, words(a)),
    }
}

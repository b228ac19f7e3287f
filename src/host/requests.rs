//! HTTP requests by `fetch`. A user-supplied one may throw, return no promise, or answer with any value.

use super::event_callback::kind;
use super::transports::{Entry, Transports, number_of, take, thrown_message, with};
use super::wire::{array_of_bytes, property};
use super::{HostEvents, JsBytes, JsWire, Platform};
use crate::engine::{Input, TransportId};
use crate::protocol::Body;
use js_sys::{Function, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, RequestInit, Response};

/// The content type of a payload in bytes.
const BINARY: &str = "application/octet-stream";

/// Time limit of the last request of a session (milliseconds).
const LAST_REQUEST_MS: u32 = 5_000;

#[wasm_bindgen]
extern "C" {
    /// The headers of an answer. The `get` of web-sys copies the value.
    #[wasm_bindgen(extends = web_sys::Headers)]
    type AnswerHeaders;
    #[wasm_bindgen(method, catch, js_name = get)]
    fn try_get(this: &AnswerHeaders, name: &str) -> Result<JsValue, JsValue>;

    /// Some platforms have no such function; the one of web-sys does not catch that.
    #[wasm_bindgen(catch, js_namespace = AbortSignal, js_name = timeout)]
    fn signal_after(milliseconds: u32) -> Result<AbortSignal, JsValue>;
}

#[wasm_bindgen(module = "/src/host/runtime.js")]
extern "C" {
    #[wasm_bindgen(js_name = request)]
    fn fetch(platform: &Platform, url: &JsString, init: &RequestInit, fulfilled: &Function, rejected: &Function);
    #[wasm_bindgen(js_name = requestAndForget)]
    fn fetch_and_forget(platform: &Platform, url: &JsString, init: &RequestInit);
    fn settle(value: &JsValue, fulfilled: &Function, rejected: &Function);
}

/// A request in flight. If it is dropped before its end, it is aborted.
pub(super) struct Request {
    id: TransportId,
    controller: AbortController,
    status: u16,
    is_over: bool,
}

impl Entry for Request {
    fn id(&self) -> TransportId {
        self.id
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        if !self.is_over {
            self.controller.abort();
        }
    }
}

impl Transports {
    /// Makes a request: a GET, or with a body a POST.
    pub fn request(&self, id: TransportId, url: &JsString, body: Option<Body<JsWire>>) {
        let controller = match AbortController::new() {
            Ok(controller) => controller,
            Err(thrown) => return self.platform.report(&thrown),
        };
        let init = self.init_of(body.as_ref(), Some(&controller.signal()));
        match &body {
            None => self.trace("GET", url),
            Some(body) => self.trace("POST", value_of(body)),
        }
        self.requests.borrow_mut().push(Request { id, controller, status: 0, is_over: false });
        let [fulfilled, rejected] = [kind::RESPONSE, kind::REQUEST_FAILED].map(|kind| self.callback.bound(kind, id.0));
        fetch(&self.platform, url, &init, &fulfilled, &rejected);
    }

    /// Posts the end of a session. The request may outlive the page, and nobody waits for its answer.
    pub fn post_last(&self, url: &JsString, body: &Body<JsWire>) {
        self.trace("POST", value_of(body));
        let init = self.init_of(Some(body), signal_after(LAST_REQUEST_MS).ok().as_ref());
        set(&init, "keepalive", &JsValue::TRUE);
        fetch_and_forget(&self.platform, url, &init);
    }

    fn init_of(&self, body: Option<&Body<JsWire>>, signal: Option<&AbortSignal>) -> RequestInit {
        let init = RequestInit::new();
        let mut headers = self.headers.borrow().clone();
        if let Some(body) = body {
            init.set_method("POST");
            init.set_body(value_of(body));
            if let Body::Bytes(bytes) = body {
                init.set_body(&bytes.0.buffer());
                headers = Object::assign(&Object::new(), headers.unchecked_ref()).into();
                set(&headers, "content-type", &BINARY.into());
            }
        } else {
            init.set_method("GET");
        }
        init.set_headers(&headers);
        init.set_signal(signal);
        // As strings, which web-sys takes only as enums of Rust.
        set(&init, "credentials", &self.credentials);
        set(&init, "cache", &"no-store".into());
        init
    }

    /// Aborts a request.
    pub fn abort(&self, id: TransportId) {
        drop(take(&self.requests, id));
    }

    /// Reads an event of a request, and reports it to the engine.
    pub(super) fn on_request_event(&self, kind: u8, id: TransportId, value: JsValue, events: &dyn HostEvents<JsWire>) {
        let Some(status) = with(&self.requests, id, |request| request.status) else { return };
        let thrown = match kind {
            kind::RESPONSE => match self.on_answer(id, value.unchecked_ref()) {
                Ok(()) => return,
                Err(thrown) => thrown,
            },
            kind::BODY => match body_of(value) {
                Ok(body) => {
                    self.end_request(id);
                    if self.is_traced() {
                        let what = JsString::from("response ").concat(&status.into());
                        self.trace_as(&what, value_of(&body));
                    }
                    return events.on_input(Input::Responded(id, status, body));
                }
                Err(thrown) => thrown,
            },
            _ => value,
        };
        self.end_request(id);
        self.trace("request failed", &thrown);
        let message = thrown_message(&thrown);
        let is_unsent = property(&thrown, "unsent").as_bool() == Some(true);
        let input = if is_unsent { Input::RequestUnsent(id, message) } else { Input::RequestFailed(id, message) };
        self.report_failure(input, &thrown, events);
    }

    fn end_request(&self, id: TransportId) {
        if let Some(mut request) = take(&self.requests, id) {
            request.is_over = true;
        }
    }

    /// The answer has begun: awaits its body.
    fn on_answer(&self, id: TransportId, answer: &Response) -> Result<(), JsValue> {
        let status = number_of(&property(answer, "status"));
        let is_binary = content_type(answer)?.is_some_and(|kind| kind.starts_with(BINARY, 0));
        let body = if is_binary { answer.array_buffer()? } else { answer.text()? };
        with(&self.requests, id, |request| request.status = status);
        let [fulfilled, rejected] = [kind::BODY, kind::REQUEST_FAILED].map(|kind| self.callback.bound(kind, id.0));
        settle(&body, &fulfilled, &rejected);
        Ok(())
    }
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// The content type of an answer, which a user-supplied one need not have.
fn content_type(answer: &Response) -> Result<Option<JsString>, JsValue> {
    let headers = property(answer, "headers");
    if headers.is_undefined() {
        return Ok(None);
    }
    Ok(headers.unchecked_into::<AnswerHeaders>().try_get("content-type")?.dyn_into().ok())
}

fn body_of(value: JsValue) -> Result<Body<JsWire>, JsValue> {
    match value.dyn_into::<JsString>() {
        Ok(text) => Ok(Body::Text(text.into())),
        Err(buffer) => Ok(Body::Bytes(JsBytes(array_of_bytes(&buffer)?))),
    }
}

fn value_of(body: &Body<JsWire>) -> &JsValue {
    match body {
        Body::Text(text) => text.as_js(),
        Body::Bytes(bytes) => &bytes.0,
    }
}

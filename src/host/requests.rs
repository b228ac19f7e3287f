//! HTTP requests by `fetch`. A user-supplied one may throw, return no promise, or answer with any value.

use super::event_callback::kind;
use super::transports::{Entry, Transports, number_of, take, thrown_message, with};
use super::wire::{array_of_bytes, property};
use super::{HostEvents, JsBytes, JsText, JsWire, Platform};
use crate::engine::{Input, TransportId};
use crate::protocol::{Body, Text};
use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, Response};

/// The content type of a payload in bytes.
const BINARY: &str = "application/octet-stream";

#[wasm_bindgen]
extern "C" {
    /// The headers of an answer. The `get` of web-sys copies the value.
    #[wasm_bindgen(extends = web_sys::Headers)]
    type AnswerHeaders;
    #[wasm_bindgen(method, catch, js_name = get)]
    fn try_get(this: &AnswerHeaders, name: &str) -> Result<JsValue, JsValue>;
}

// The init of a request is a literal of JavaScript: one import, in place of one for each field of a `web_sys::RequestInit`.
#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    #[allow(clippy::too_many_arguments, reason = "one call in place of a setter for each")]
    #[wasm_bindgen(js_name = request)]
    fn begin_request(
        platform: &Platform,
        url: &JsString,
        body: Option<&JsValue>,
        headers: &JsValue,
        credentials: &JsValue,
        signal: Option<&AbortSignal>,
        fulfilled: &Function,
        rejected: &Function,
    );
    #[wasm_bindgen(js_name = postLast)]
    fn post_last(platform: &Platform, url: &JsString, body: &JsValue, headers: &JsValue, credentials: &JsValue);
    fn settle(value: &JsValue, fulfilled: &Function, rejected: &Function);
}

/// A request in flight. If it is dropped before its end, it is aborted.
pub(super) struct Request {
    id: TransportId,
    /// `None` if the platform has none: then the request ends by itself, and its answer is ignored.
    controller: Option<AbortController>,
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
        if let Some(controller) = self.controller.take_if(|_| !self.is_over) {
            controller.abort();
        }
    }
}

impl Transports {
    /// Makes a request: a GET, or with a body a POST.
    pub fn request(&self, id: TransportId, url: &JsString, body: Option<Body<JsWire>>) {
        let controller = AbortController::new().ok();
        match &body {
            None => self.trace("GET", url),
            Some(body) => self.trace("POST", value_of(body)),
        }
        let signal = controller.as_ref().map(AbortController::signal);
        self.requests.borrow_mut().push(Request { id, controller, status: 0, is_over: false });
        let body = body.as_ref().map(value_of);
        let headers = self.headers.borrow().clone();
        let [fulfilled, rejected] = self.ends_of(kind::RESPONSE, id);
        begin_request(&self.platform, url, body, &headers, &self.credentials, signal.as_ref(), &fulfilled, &rejected);
    }

    /// Posts the end of a session. Nobody is notified of the outcome.
    pub fn post_last(&self, url: &JsString, body: &Body<JsWire>) {
        let body = value_of(body);
        self.trace("POST", body);
        let headers = self.headers.borrow().clone();
        post_last(&self.platform, url, body, &headers, &self.credentials);
    }

    /// The callback, bound to either end of a step of a request.
    fn ends_of(&self, step: u8, id: TransportId) -> [Function; 2] {
        [step, kind::REQUEST_FAILED].map(|kind| self.callback.bound(kind, id.0))
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
                        let name = JsText::from_ascii("response ")
                            .concat(&JsText::from_ascii("").prefixed_with(status.into()));
                        self.trace_as(name.as_js(), value_of(&body));
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
        let [fulfilled, rejected] = self.ends_of(kind::BODY, id);
        settle(&body, &fulfilled, &rejected);
        Ok(())
    }
}

/// The content type of an answer, which a user-supplied one need not have.
fn content_type(answer: &Response) -> Result<Option<JsString>, JsValue> {
    let headers = property(answer, "headers");
    if headers.is_undefined() || headers.is_null() {
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

//! HTTP requests of long-polling, by `fetch`.

use super::values::message_of;
use super::{Platform, Port};
use crate::engine::{Input, TransportId};
use js_sys::{JsString, Object, Promise};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    type AbortController;
    #[wasm_bindgen(constructor)]
    fn new() -> AbortController;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;
    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);

    #[wasm_bindgen(extends = Object)]
    type RequestInit;
    #[wasm_bindgen(method, setter)]
    fn set_method(this: &RequestInit, method: &str);
    #[wasm_bindgen(method, setter)]
    fn set_headers(this: &RequestInit, headers: &Object);
    #[wasm_bindgen(method, setter)]
    fn set_body(this: &RequestInit, body: &JsString);
    #[wasm_bindgen(method, setter)]
    fn set_credentials(this: &RequestInit, credentials: &JsString);
    #[wasm_bindgen(method, setter)]
    fn set_cache(this: &RequestInit, cache: &str);
    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &RequestInit, signal: &JsValue);

    /// What `fetch` promises; an own one may promise anything.
    type Response;
    #[wasm_bindgen(method, getter, catch)]
    fn status(this: &Response) -> Result<u16, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn text(this: &Response) -> Result<Promise, JsValue>;
}

/// The requests in flight: at most one GET and one POST.
#[derive(Default)]
pub(super) struct Requests {
    in_flight: RefCell<Vec<(TransportId, AbortController)>>,
}

impl Requests {
    /// Starts a GET, or with a body a POST.
    #[allow(clippy::too_many_arguments, reason = "the parts of a request")]
    pub fn start(
        self: &Rc<Self>,
        id: TransportId,
        platform: &Platform,
        url: &JsString,
        body: Option<&JsString>,
        headers: Option<Object>,
        credentials: &JsString,
        port: &Weak<dyn Port>,
    ) {
        let controller = AbortController::new();
        let init: RequestInit = Object::new().unchecked_into();
        init.set_method(if body.is_some() { "POST" } else { "GET" });
        if let Some(body) = body {
            init.set_body(body);
        }
        if let Some(headers) = headers {
            init.set_headers(&headers);
        }
        init.set_credentials(credentials);
        init.set_cache("no-store");
        init.set_signal(&controller.signal());
        self.in_flight.borrow_mut().push((id, controller));

        let answer = platform.fetch(url, &init);
        let (requests, port) = (self.clone(), port.clone());
        spawn_local(async move {
            let input = match read(answer).await {
                Ok((status, body)) => Input::Responded(id, status, body),
                Err(error) => Input::RequestFailed(id, message_of(&error)),
            };
            // An aborted request has nothing to report.
            if requests.take(id).is_some()
                && let Some(port) = port.upgrade()
            {
                port.arrived(input);
            }
        });
    }

    pub fn abort(&self, id: TransportId) {
        if let Some(controller) = self.take(id) {
            controller.abort();
        }
    }

    fn take(&self, id: TransportId) -> Option<AbortController> {
        let mut in_flight = self.in_flight.borrow_mut();
        let at = in_flight.iter().position(|(other, _)| *other == id)?;
        Some(in_flight.swap_remove(at).1)
    }
}

async fn read(answer: Result<Promise, JsValue>) -> Result<(u16, JsString), JsValue> {
    let response: Response = JsFuture::from(answer?).await?.unchecked_into();
    let body = JsFuture::from(response.text()?).await?;
    Ok((response.status()?, body.dyn_into()?))
}

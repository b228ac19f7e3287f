//! Bindings of `support.js`: connections that are disturbed on their way, and websockets whose server is a script.

#![allow(dead_code)] // Each test program uses a part.

use crate::support::{SECONDS, SHORT};
use js_sys::{Array, Function, Object, Reflect};
use socketio_wasm::{Client, ClientBuilder, Transports};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/wasm/support.js")]
extern "C" {
    #[wasm_bindgen(js_name = recordingWebSocket)]
    pub fn recording_websocket() -> JsValue;
    pub fn cut(class: &JsValue);
    pub fn receive(class: &JsValue, data: &str);
    pub fn silence(class: &JsValue);
    #[wasm_bindgen(js_name = delaysBelow)]
    pub fn delays_below(limit: u32) -> Array;
    #[wasm_bindgen(js_name = scriptedWebSocket)]
    pub fn scripted_websocket(handshake: &JsValue) -> JsValue;
    pub fn script(class: &JsValue, changes: &JsValue);
    pub fn lose(class: &JsValue);
    #[wasm_bindgen(js_name = eventsSent)]
    pub fn events_sent(class: &JsValue) -> Array;
    pub fn network(event: &str);
    #[wasm_bindgen(js_name = tamperWithPost)]
    pub fn tamper_with_post(how: &str) -> Function;

    pub type Requests;
    #[wasm_bindgen(constructor)]
    pub fn new() -> Requests;
    #[wasm_bindgen(method, setter)]
    pub fn set_failing(this: &Requests, next: u32);
    #[wasm_bindgen(method, setter)]
    pub fn set_garbling(this: &Requests, next: u32);
    #[wasm_bindgen(method)]
    pub fn restore(this: &Requests);
    #[wasm_bindgen(method)]
    pub fn count(this: &Requests, sid: &str) -> u32;
    #[wasm_bindgen(method, js_name = mostPolls)]
    pub fn most_polls(this: &Requests, sid: &str) -> u32;
    #[wasm_bindgen(method, js_name = allHad)]
    pub fn all_had(this: &Requests, sid: &str, name: &str, value: &str) -> bool;

    pub type PendingPosts;
    #[wasm_bindgen(constructor)]
    pub fn new() -> PendingPosts;
    #[wasm_bindgen(method, getter)]
    pub fn count(this: &PendingPosts) -> u32;
    #[wasm_bindgen(method)]
    pub fn restore(this: &PendingPosts);

    pub type Uncaught;
    #[wasm_bindgen(constructor)]
    pub fn new() -> Uncaught;
    #[wasm_bindgen(method)]
    pub fn take(this: &Uncaught) -> u32;
    #[wasm_bindgen(method)]
    pub fn restore(this: &Uncaught);
}

/// An object with one property.
pub fn with(name: &str, value: impl Into<JsValue>) -> JsValue {
    let object = Object::new();
    Reflect::set(&object, &name.into(), &value.into()).expect("is set");
    object.into()
}

/// A client whose server is a class of [`scripted_websocket`].
pub fn scripted(class: &JsValue) -> ClientBuilder {
    let builder = Client::builder("http://127.0.0.1:9").transports(Transports::WebSocket).websocket(class.clone());
    builder.wait_timeout(SECONDS).reconnection_delay(SHORT, SHORT)
}

/// Number of websockets of such a class that were opened.
pub fn opened(class: &JsValue) -> u32 {
    Reflect::get(class, &"all".into()).expect("a list").unchecked_into::<Array>().length()
}

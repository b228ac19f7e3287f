//! Events, and what answers them, both ways: handlers found and called, values read and written.

use super::client::{JsDriver, Purpose, feed};
use super::errors;
use super::settings::resolve_answer;
use crate::driver::{Found, find_handler};
use crate::host::{JsWire, Platform, decode, encode, values_of_answer};
use crate::protocol::Kind;
use crate::socket::{CallId, Content, Input, Payload, Reason, Responder};
use js_sys::{Array, Function, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    /// Calls a handler with the values of an event, its name first; `prefix` is the number of a [`Prefix`](crate::driver::Prefix).
    #[wasm_bindgen(catch)]
    fn ask(
        platform: &Platform,
        handler: &Function,
        values: &Array,
        prefix: u8,
        namespace: &JsString,
    ) -> Result<JsValue, JsValue>;
    /// The same, for an event that is not answered; what the handler throws is reported.
    fn tell(platform: &Platform, handler: &Function, values: &Array, prefix: u8, namespace: &JsString);
}

/// The values of a payload, of an event or of an acknowledgement. One that is malformed is the end of the connection, and `None`.
fn decode_payload(driver: &JsDriver, payload: Payload<JsWire>, is_event: bool) -> Option<Array> {
    match decode(driver.platform(), &payload, driver.delegate.max_depth, is_event) {
        Ok(values) => Some(values),
        Err(error) => {
            let text = match payload {
                Payload::Json(json, _) => Some(json),
                Payload::Value(_) => None,
            };
            feed(driver, Input::Malformed(error, text));
            None
        }
    }
}

pub(super) fn received(
    driver: &JsDriver,
    namespace: &JsString,
    payload: Payload<JsWire>,
    responder: Option<Responder>,
) {
    let Some(values) = decode_payload(driver, payload, true) else { return };
    let name: JsString = values.get(0).unchecked_into();
    if driver.logs() {
        driver.log("info", "received", &Array::of2(namespace, &name));
    }
    match (handler_of(driver, namespace, &name, false), responder) {
        (Some(Found { handler, prefix }), None) => tell(driver.platform(), &handler, &values, prefix as u8, namespace),
        (Some(Found { handler, prefix }), Some(responder)) => {
            match ask(driver.platform(), &handler, &values, prefix as u8, namespace) {
                Ok(value) => {
                    if driver
                        .delegate
                        .promises
                        .wait(&value, Purpose::Answer(responder), driver.host().report())
                        .is_err()
                    {
                        answer(driver, &value, responder);
                    }
                }
                Err(error) => driver.platform().report(&error),
            }
        }
        // A server that asks is answered even where nobody listens: its call would hang.
        (None, Some(responder)) => answer(driver, &JsValue::UNDEFINED, responder),
        (None, None) => {}
    }
}

/// The handler of an event, and what it is given first.
fn handler_of(driver: &JsDriver, namespace: &JsString, event: &JsString, reserved: bool) -> Option<Found<Function>> {
    find_handler(&driver.delegate.handlers, namespace, event, reserved)
}

/// Calls the handler of a reserved event.
pub(super) fn fire(driver: &JsDriver, namespace: &JsString, event: &str, arguments: &[JsValue]) {
    let event = JsString::from(event);
    if let Some(Found { handler, prefix }) = handler_of(driver, namespace, &event, true) {
        let values = Array::of1(&event);
        for argument in arguments {
            values.push(argument);
        }
        tell(driver.platform(), &handler, &values, prefix as u8, namespace);
    }
}

/// Answers an event with what its handler returned: nothing, the values of a tuple, or the one value.
pub(super) fn answer(driver: &JsDriver, value: &JsValue, responder: Responder) {
    let question = driver.query(|session| session.question(responder).map(|(name, id)| (name.to_js(), id)));
    let Some((namespace, id)) = question else { return };
    let values = match values_of_answer(value) {
        Ok(values) => values,
        Err(thrown) => return driver.platform().report(&errors::unserializable(driver.platform(), thrown)),
    };
    match content(driver, Kind::Ack, Some(&namespace), &values, Some(id)) {
        Ok(content) => driver.command(|session, _, actions| session.answer(responder, content, actions)),
        Err(thrown) => {
            let read = driver.platform().blobs_read(&values);
            if driver.delegate.promises.wait(&read, Purpose::Answer(responder), driver.host().report()).is_err() {
                driver.platform().report(&errors::unserializable(driver.platform(), thrown));
            }
        }
    }
}

/// The namespace that is meant where none is said.
pub(super) const ROOT: &str = "/";

/// What carries these values: the packet that the parser writes, else their JSON. User code may run in it.
pub(super) fn content(
    driver: &JsDriver,
    kind: Kind,
    namespace: Option<&JsString>,
    values: &Array,
    id: Option<u64>,
) -> Result<Content<JsWire>, JsValue> {
    let parser = driver.delegate.parser.borrow().clone();
    match parser {
        Some(parser) => {
            let namespace = namespace.cloned().unwrap_or_else(|| ROOT.into());
            parser.encode(kind, &namespace, values, id).map(Content::Written)
        }
        None => encode(driver.platform(), values, driver.delegate.max_depth),
    }
}

pub(super) fn acknowledged(driver: &JsDriver, call: CallId, payload: Payload<JsWire>) {
    let Some(answer) = driver.delegate.take_answer(call) else { return };
    match decode_payload(driver, payload, false) {
        Some(values) => resolve_answer(driver.platform(), &answer, &values),
        None => answer.reject(&errors::disconnected(driver.platform(), Reason::TransportError)),
    }
}

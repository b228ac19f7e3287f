//! Events, and what answers them, both ways: handlers found and called, values read and written.

use super::client::{JsDriver, Purpose, feed};
use super::errors;
use crate::driver::{Prefix, find_handler};
use crate::host::{JsWire, decode, encode, values_of_answer};
use crate::protocol::Kind;
use crate::socket::{CallId, Content, Input, Payload, Reason, Responder};
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

/// The values of a payload, of an event or of an acknowledgement. One that is malformed is the end of the connection, and `None`.
fn decode_payload(driver: &JsDriver, payload: Payload<JsWire>, is_event: bool) -> Option<Array> {
    let text = match &payload {
        Payload::Json(json, _) => Some(json.clone()),
        Payload::Value(_) => None,
    };
    match decode(driver.platform(), payload, driver.delegate.max_depth, is_event) {
        Ok(values) => Some(values),
        Err(error) => {
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
    let name: JsString = values.shift().unchecked_into();
    if driver.logs() {
        driver.log("info", "received", &Array::of2(namespace, &name));
    }
    match (dispatch(driver, namespace, &name, false, &values), responder) {
        (Some(Err(error)), _) => driver.platform().report(&error),
        (Some(Ok(value)), Some(responder)) => {
            if driver.delegate.promises.wait(&value, Purpose::Answer(responder)).is_err() {
                answer(driver, &value, responder);
            }
        }
        // A server that asks is answered even where nobody listens: its call would hang.
        (None, Some(responder)) => answer(driver, &JsValue::UNDEFINED, responder),
        (_, None) => {}
    }
}

/// Calls the handler of an event; `None` where there is none. `arguments` is used up.
fn dispatch(
    driver: &JsDriver,
    namespace: &JsString,
    event: &JsString,
    reserved: bool,
    arguments: &Array,
) -> Option<Result<JsValue, JsValue>> {
    let found = find_handler(&driver.delegate.handlers, namespace, event, reserved)?;
    match found.prefix {
        Prefix::Nothing => {}
        Prefix::Event => drop(arguments.unshift(event)),
        Prefix::Namespace => drop(arguments.unshift(namespace)),
        Prefix::EventAndNamespace => {
            arguments.unshift(namespace);
            arguments.unshift(event);
        }
    }
    Some(found.handler.apply(&JsValue::UNDEFINED, arguments))
}

/// Calls the handler of a reserved event.
pub(super) fn fire(driver: &JsDriver, namespace: &JsString, event: &str, arguments: &Array) {
    if let Some(Err(error)) = dispatch(driver, namespace, &JsString::from(event), true, arguments) {
        driver.platform().report(&error);
    }
}

/// Answers an event with what its handler returned: nothing, the values of a tuple, or the one value.
pub(super) fn answer(driver: &JsDriver, value: &JsValue, responder: Responder) {
    let question = driver.query(|session| session.question(responder).map(|(name, id)| (name.clone(), id)));
    let Some((namespace, id)) = question else { return };
    let values = match values_of_answer(value) {
        Ok(values) => values,
        Err(thrown) => return driver.platform().report(&errors::unserializable(driver.platform(), thrown)),
    };
    match content(driver, Kind::Ack, &namespace, &values, Some(id)) {
        Ok(content) => driver.command(|session, _, actions| session.answer(responder, content, actions)),
        Err(thrown) => {
            let read = driver.platform().blobs_read(&values);
            if driver.delegate.promises.wait(&read, Purpose::Answer(responder)).is_err() {
                driver.platform().report(&errors::unserializable(driver.platform(), thrown));
            }
        }
    }
}

/// What carries these values: the packet that the parser writes, else their JSON. User code may run in it.
pub(super) fn content(
    driver: &JsDriver,
    kind: Kind,
    namespace: &JsString,
    values: &Array,
    id: Option<u64>,
) -> Result<Content<JsWire>, JsValue> {
    let parser = driver.delegate.parser.borrow().clone();
    match parser {
        Some(parser) => parser.encode(kind, namespace, values, id).map(Content::Written),
        None => encode(driver.platform(), values, driver.delegate.max_depth),
    }
}

pub(super) fn acknowledged(driver: &JsDriver, call: CallId, payload: Payload<JsWire>) {
    let Some(answer) = driver.delegate.take_answer(call) else { return };
    match decode_payload(driver, payload, false) {
        // The user's callback may run in it, and throw.
        Some(values) => {
            if let Err(error) = answer.resolve(&values) {
                driver.platform().report(&error);
            }
        }
        None => answer.reject(&errors::disconnected(driver.platform(), Reason::TransportError)),
    }
}

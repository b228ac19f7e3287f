//! Events, and what answers them, both ways: handlers found and called, values read and written.

use super::client::{JsDriver, Purpose, feed};
use super::errors;
use super::settings::resolve_answer;
use crate::driver::{Found, find_handler};
use crate::host::{JsWire, Platform, decode, encode, values_of_answer};
use crate::protocol::PacketType;
use crate::socket::{CallId, DisconnectReason, IncomingPayload, Input, OutgoingPayload, Responder};
use js_sys::{Array, Function, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    /// Calls a handler with the values of an event, its name first; `prefix` is the number of a [`Prefix`](crate::driver::Prefix).
    #[wasm_bindgen(catch)]
    fn ask(handler: &Function, values: &Array, prefix: u8, namespace: &JsString) -> Result<JsValue, JsValue>;
    /// The same, for an event that is not answered; what the handler throws is reported.
    fn tell(platform: &Platform, handler: &Function, values: &Array, prefix: u8, namespace: &JsString);
}

/// How many arguments a function is called with, at most. Each call on the way to a handler copies them to the stack: ten thousand
/// take 80 kB each time, which fits into the smallest stack of an engine (512 kB) even if a few functions hand them on.
const MOST_ARGUMENTS: u32 = 10_000;

/// The values of a payload, of an event or of an acknowledgement. One that is malformed is the end of the connection, and `None`.
fn decode_payload(driver: &JsDriver, payload: IncomingPayload<JsWire>, is_event: bool) -> Option<Array> {
    match decode(driver.platform(), &payload, driver.delegate.max_depth, is_event) {
        Ok(values) => Some(values),
        Err(error) => {
            let text = match payload {
                IncomingPayload::Json(json, _) => Some(json),
                IncomingPayload::Value(_) => None,
            };
            feed(driver, Input::Malformed(error, text));
            None
        }
    }
}

pub(super) fn received(
    driver: &JsDriver,
    namespace: &JsString,
    payload: IncomingPayload<JsWire>,
    responder: Option<Responder>,
) {
    let Some(values) = decode_payload(driver, payload, true) else { return };
    let name: JsString = values.get(0).unchecked_into();
    if driver.logs() {
        driver.log("info", "received", &Array::of2(namespace, &name));
    }
    if values.length() > MOST_ARGUMENTS + 1 {
        let error = errors::too_many(driver.platform(), &name, values.length() - 1, MOST_ARGUMENTS);
        return report_error(driver, namespace, &error);
    }
    match (handler_of(driver, namespace, &name, false), responder) {
        (Some(Found { handler, prefix }), None) => tell(driver.platform(), &handler, &values, prefix as u8, namespace),
        (Some(Found { handler, prefix }), Some(responder)) => match ask(&handler, &values, prefix as u8, namespace) {
            Ok(value) => {
                if driver.delegate.promises.wait(&value, Purpose::Answer(responder), driver.host().report()).is_err() {
                    answer(driver, &value, responder);
                }
            }
            Err(error) => driver.platform().report(&error),
        },
        // A server that asks is answered even where nobody listens: its call would hang.
        (None, Some(responder)) => answer(driver, &JsValue::UNDEFINED, responder),
        (None, None) => {}
    }
}

/// The handler of an event, and what it is given first.
fn handler_of(driver: &JsDriver, namespace: &JsString, event: &JsString, reserved: bool) -> Option<Found<Function>> {
    find_handler(&driver.delegate.handlers, namespace, event, reserved)
}

/// Calls the handler of a reserved event, and says whether there is one.
pub(super) fn fire(driver: &JsDriver, namespace: &JsString, event: &str, arguments: &[JsValue]) -> bool {
    let event = JsString::from(event);
    let Some(Found { handler, prefix }) = handler_of(driver, namespace, &event, true) else { return false };
    let values = Array::of1(&event);
    for argument in arguments {
        values.push(argument);
    }
    tell(driver.platform(), &handler, &values, prefix as u8, namespace);
    true
}

/// Reports an error of our own finding that rejects no promise: to the `error` handler, else to the log and the console. It
/// never becomes an uncaught exception, which ends a process of Node.
pub(super) fn report_error(driver: &JsDriver, namespace: &JsString, error: &JsValue) {
    let arguments = core::slice::from_ref(error);
    let root = JsString::from(ROOT);
    let is_heard =
        fire(driver, namespace, "error", arguments) || (*namespace != root && fire(driver, &root, "error", arguments));
    if !is_heard {
        driver.platform().unheard(error);
    }
}

/// Answers an event with what its handler returned: nothing, the values of a tuple, or the one value.
pub(super) fn answer(driver: &JsDriver, value: &JsValue, responder: Responder) {
    let question = driver.query(|session| session.ack_target(responder).map(|(name, id)| (name.to_js(), id)));
    let Some((namespace, id)) = question else { return };
    let values = match values_of_answer(value) {
        Ok(values) => values,
        Err(thrown) => {
            return report_error(driver, &namespace, &errors::unserializable(driver.platform(), thrown));
        }
    };
    match content(driver, PacketType::Ack, Some(&namespace), &values, Some(id)) {
        Ok(content) => driver.command(|session, now| session.answer(now, responder, content)),
        Err(thrown) => {
            let read = driver.platform().blobs_read(&values);
            if driver.delegate.promises.wait(&read, Purpose::Blobs(responder), driver.host().report()).is_err() {
                report_error(driver, &namespace, &errors::unserializable(driver.platform(), thrown));
            }
        }
    }
}

/// Reports why an answer cannot be written: its Blobs cannot be read.
pub(super) fn unanswered(driver: &JsDriver, responder: Responder, thrown: JsValue) {
    let namespace = driver.query(|session| session.ack_target(responder).map(|(name, _)| name.to_js()));
    let namespace = namespace.unwrap_or_else(|| ROOT.into());
    report_error(driver, &namespace, &errors::unserializable(driver.platform(), thrown));
}

/// The namespace that is meant where none is said.
pub(super) const ROOT: &str = "/";

/// What carries these values: the packet that the parser writes, else their JSON. User code may run in it.
pub(super) fn content(
    driver: &JsDriver,
    kind: PacketType,
    namespace: Option<&JsString>,
    values: &Array,
    id: Option<u64>,
) -> Result<OutgoingPayload<JsWire>, JsValue> {
    let parser = driver.delegate.parser.borrow().clone();
    match parser {
        Some(parser) => {
            let namespace = namespace.cloned().unwrap_or_else(|| ROOT.into());
            parser.encode(kind, &namespace, values, id).map(OutgoingPayload::Encoded)
        }
        None => encode(driver.platform(), values, driver.delegate.max_depth),
    }
}

pub(super) fn acknowledged(driver: &JsDriver, call: CallId, payload: IncomingPayload<JsWire>) {
    let Some(answer) = driver.delegate.take_answer(call) else { return };
    match decode_payload(driver, payload, false) {
        Some(values) if values.length() > MOST_ARGUMENTS && answer.has_callback() => {
            let error = errors::too_many(driver.platform(), &answer.event(), values.length(), MOST_ARGUMENTS);
            report_error(driver, &answer.namespace().unchecked_into(), &error);
        }
        Some(values) => resolve_answer(driver.platform(), &answer, &values),
        None => answer.reject(&errors::disconnected(driver.platform(), DisconnectReason::TransportError)),
    }
}

//! Finds and calls handlers of JavaScript, and makes answers of their results.

use super::errors;
use super::frontend::{JsDriver, Purpose, wait};
use super::settings::{PendingAnswer, resolve_answer};
use crate::host::{Platform, values_of_answer};
use crate::shell::{Found, ROOT, Shell, find_handler};
use crate::socket::Responder;
use js_sys::{Array, Function, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/runtime.js")]
extern "C" {
    /// Calls a handler with the values of an event, and puts the returned value in the first place of `values`. The event's name is
    /// the first value: the handler receives it only if it wants it. The namespace follows, if one is given here.
    #[wasm_bindgen(catch, js_name = ask)]
    fn call_for_answer(
        handler: &Function,
        values: &Array,
        wants_event: bool,
        namespace: Option<&JsString>,
    ) -> Result<(), JsValue>;
    /// Calls a handler of an event that is not answered. An exception of the handler is reported.
    #[wasm_bindgen(js_name = tell)]
    fn call_without_answer(
        platform: &Platform,
        handler: &Function,
        values: &Array,
        wants_event: bool,
        namespace: Option<&JsString>,
    );
}

/// The most arguments that a function is called with. Each call on the way to a handler copies them to the stack: ten thousand
/// take 80 kB each time, which fits into the smallest stack of an engine (512 kB) even if a few functions hand them on.
const MOST_ARGUMENTS: u32 = 10_000;

/// Calls the handler of an event. Its result, or the value of the promise that it returns, is the answer. Returns the
/// responder if there is no handler.
pub(super) fn call_handler(
    driver: &JsDriver,
    namespace: &JsString,
    values: &Array,
    responder: Option<Responder>,
) -> Option<Responder> {
    let platform = driver.host.platform();
    let name: JsString = values.get(0).unchecked_into();
    if driver.host.logs() {
        driver.host.log("info", "received", &Array::of2(namespace, &name));
    }
    let count = values.length();
    if count > MOST_ARGUMENTS + 1 {
        report_error(driver, namespace, &errors::too_many(platform, &name, count - 1, MOST_ARGUMENTS));
        return None;
    }
    let found = find_handler(&driver.layer.frontend.handlers, namespace, &name, false);
    let Some(Found { handler, prefix }) = found else { return responder };
    let (wants_event, namespace) = (prefix.has_event(), prefix.has_namespace().then_some(namespace));
    let Some(responder) = responder else {
        call_without_answer(platform, &handler, values, wants_event, namespace);
        return None;
    };
    match call_for_answer(&handler, values, wants_event, namespace) {
        Ok(()) => {
            let value = values.get(0);
            if !wait(driver, &value, Purpose::Answer(responder)) {
                answer(driver, &value, responder);
            }
        }
        Err(error) => platform.report(&error),
    }
    None
}

/// Answers an event with the result of its handler: no values, the values of a tuple, or one value.
pub(super) fn answer(driver: &JsDriver, value: &JsValue, responder: Responder) {
    match values_of_answer(value) {
        Ok(values) => Shell::answer(driver, responder, &values),
        Err(thrown) => fail_answer(driver, responder, thrown),
    }
}

/// Reports that an answer cannot be written.
pub(super) fn fail_answer(driver: &JsDriver, responder: Responder, thrown: JsValue) {
    let error = errors::unserializable(driver.host.platform(), thrown);
    Shell::fail_answer(driver, responder, error);
}

/// Gives a call the values of its acknowledgement.
pub(super) fn resolve(driver: &JsDriver, call: &PendingAnswer, values: &Array) {
    let platform = driver.host.platform();
    if values.length() > MOST_ARGUMENTS && call.has_callback() {
        let error = errors::too_many(platform, &call.event(), values.length(), MOST_ARGUMENTS);
        return report_error(driver, &call.namespace().unchecked_into(), &error);
    }
    resolve_answer(platform, call, values);
}

/// Calls the handler of a reserved event. Returns false if there is none.
pub(super) fn fire(driver: &JsDriver, namespace: &JsString, event: &str, arguments: &[JsValue]) -> bool {
    let event = JsString::from(event);
    let found = find_handler(&driver.layer.frontend.handlers, namespace, &event, true);
    let Some(Found { handler, prefix }) = found else { return false };
    let values = Array::of1(&event);
    for argument in arguments {
        values.push(argument);
    }
    let namespace = prefix.has_namespace().then_some(namespace);
    call_without_answer(driver.host.platform(), &handler, &values, prefix.has_event(), namespace);
    true
}

/// Reports an error of the client that rejects no promise: to the `error` handler, or without one to the log and the
/// console. It never becomes an uncaught exception, which would end a process of Node.
pub(super) fn report_error(driver: &JsDriver, namespace: &JsString, error: &JsValue) {
    let arguments = core::slice::from_ref(error);
    let root = JsString::from(ROOT);
    let is_handled =
        fire(driver, namespace, "error", arguments) || (*namespace != root && fire(driver, &root, "error", arguments));
    if !is_handled {
        driver.host.platform().unheard(error);
    }
}

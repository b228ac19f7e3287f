//! Calls the listeners of JavaScript, and makes answers of their results.

use super::errors;
use super::frontend::{JsDriver, Purpose, wait};
use super::settings::{PendingAnswer, resolve_answer};
use crate::host::{Platform, values_of_answer};
use crate::shell::{Found, ROOT, Shell};
use crate::socket::Responder;
use js_sys::{Array, JsString, Map};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    /// Calls the listeners of a list with the values of an event, and puts the first result in the first place of the values. The
    /// event's name is the first value: the listeners receive it only if they want it. The namespace follows, if one is given here.
    /// Returns `None` if no listener has handled the event, and false if there is no answer because one threw.
    #[wasm_bindgen(js_name = callListeners)]
    fn call_all(
        platform: &Platform,
        list: &Map,
        values: &Array,
        wants_event: bool,
        namespace: Option<&JsString>,
    ) -> Option<bool>;
    /// Returns true for the sign of a class that it does not handle an event.
    #[wasm_bindgen(js_name = isUnhandled)]
    pub(super) fn is_unhandled(value: &JsValue) -> bool;
}

/// The most arguments that a function is called with. Each call on the way to a handler copies them to the stack: ten thousand
/// take 80 kB each time, which fits into the smallest stack of an engine (512 kB) even if a few functions hand them on.
const MOST_ARGUMENTS: u32 = 10_000;

/// Reports an event with more arguments than a function can be called with. Returns true if it is one.
pub(super) fn refuse_event(driver: &JsDriver, namespace: &JsString, values: &Array) -> bool {
    let count = values.length();
    if count > MOST_ARGUMENTS + 1 {
        let error = errors::too_many(driver.host.platform(), &values.get(0), count - 1, MOST_ARGUMENTS);
        report_error(driver, namespace, &error);
        return true;
    }
    false
}

/// Calls the listeners of an event. The first result, or the value of the promise that it is, is the answer.
pub(super) fn call_listeners(
    driver: &JsDriver,
    Found { list, prefix }: &Found<Map>,
    namespace: &JsString,
    values: &Array,
    responder: Option<Responder>,
) {
    let namespace = prefix.has_namespace().then_some(namespace);
    let outcome = call_all(driver.host.platform(), list, values, prefix.has_event(), namespace);
    if let (Some(true), Some(responder)) = (outcome, responder) {
        let value = values.get(0);
        if !wait(driver, &value, Purpose::Answer(responder)) {
            answer(driver, &value, responder);
        }
    }
}

/// Answers an event with the result of its listeners: no values, the values of a tuple, or one value.
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
        if call.is_awaited() {
            return call.reject(&error);
        }
        return report_error(driver, &call.namespace().unchecked_into(), &error);
    }
    resolve_answer(platform, call, values);
}

/// Calls the listeners of a reserved event. Returns false if there is none.
pub(super) fn fire(driver: &JsDriver, namespace: &JsString, event: &str, arguments: &[JsValue]) -> bool {
    let event = JsString::from(event);
    let Some(found) = driver.layer.frontend.listeners.find(namespace, &event, true) else { return false };
    let values = Array::of1(&event);
    for argument in arguments {
        values.push(argument);
    }
    call_listeners(driver, &found, namespace, &values, None);
    true
}

/// Calls the listeners and classes of an event of the whole connection. Those for any namespace receive `*` as its name.
pub(super) fn fire_everywhere(driver: &JsDriver, event: &str, arguments: &[JsValue]) {
    let event = JsString::from(event);
    let values: Array = core::iter::once(event.as_ref()).chain(arguments).collect();
    driver.layer.frontend.listeners.each_everywhere(&event, |namespace, found| {
        // A copy, since calling a listener may change the values.
        call_listeners(driver, &found, &namespace, &values.slice(0, values.length()), None);
    });
}

/// Ends the iterators over the events of a namespace, or without one all.
pub(super) fn end_iterators(driver: &JsDriver, namespace: Option<&JsString>) {
    for list in driver.layer.frontend.listeners.ended(namespace).iter() {
        call_all(driver.host.platform(), &list.unchecked_into(), &Array::of1(&JsValue::UNDEFINED), false, None);
    }
}

/// Reports an error of the client that rejects no promise: to the `error` listeners, or without one to the log and the
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

//! What a driver tells, as JS sees it: handlers called, promises settled, answers sent.

use super::errors;
use super::handlers::Handlers;
use crate::driver::{Delegate, Driver, Pending, Prefix, find_handler};
use crate::engine::{Endpoints, Failure};
use crate::host::{JsWire, encode, stringify};
use crate::protocol::ProtocolError;
use crate::socket::{Action, Attempt, CallId, Input, Payload, Reason, Responder, Status};
use js_sys::{Array, Function, JsString, Map, Object, Promise, Reflect, Symbol};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// A promise and what settles it.
pub(super) struct Deferred {
    resolve: Function,
    reject: Function,
}

impl Deferred {
    /// A new promise.
    pub fn new() -> (Promise, Self) {
        let mut settle = None;
        let promise = Promise::new(&mut |resolve, reject| settle = Some(Self { resolve, reject }));
        let deferred = settle.unwrap_or_else(|| Self { resolve: Function::default(), reject: Function::default() });
        (promise, deferred)
    }

    pub fn resolve(&self, value: &JsValue) {
        let _ = self.resolve.call1(&JsValue::UNDEFINED, value);
    }

    pub fn reject(&self, error: &JsValue) {
        let _ = self.reject.call1(&JsValue::UNDEFINED, error);
    }
}

/// What is to be done with the answer to an event.
pub(super) enum Answer {
    /// A `call`: its promise's functions, and its event and namespace for errors.
    Call { deferred: Deferred, event: JsValue, namespace: JsString },
    /// A callback given to `emit`.
    Callback(Function),
}

impl Answer {
    /// For a `call`, by the functions of its promise.
    pub fn call(resolve: Function, reject: Function, event: JsValue, namespace: JsString) -> Self {
        Self::Call { deferred: Deferred { resolve, reject }, event, namespace }
    }

    /// Rejects a call. A callback is forgotten: it has no way to be told.
    pub fn reject(&self, error: &JsValue) {
        if let Self::Call { deferred, .. } = self {
            deferred.reject(error);
        }
    }
}

/// Where to connect and as whom: values, or functions that are evaluated at each attempt.
#[derive(Clone, Default)]
pub(super) struct Sources {
    pub url: JsValue,
    pub path: String,
    pub headers: JsValue,
    pub auth: JsValue,
}

/// The delegate of an exported [`Core`](super::Core).
pub struct JsClient {
    pub(super) handlers: Handlers,
    pub(super) sources: RefCell<Sources>,
    /// Auth of namespaces that have their own.
    pub(super) namespace_auth: Map,
    pub(super) answers: RefCell<Pending<Answer>>,
    /// The pending `connect`.
    pub(super) connecting: RefCell<Option<Deferred>>,
    /// The pending `connectNamespace`s.
    pub(super) joining: RefCell<Vec<(JsString, Deferred)>>,
    /// Resolved when the connection has ended for good.
    pub(super) ending: RefCell<Vec<Deferred>>,
    /// Resolved when nothing is kept any more.
    pub(super) draining: RefCell<Vec<Deferred>>,
    /// What the user's function for url, headers or auth threw.
    thrown: RefCell<Option<JsValue>>,
}

type JsDriver = Rc<Driver<JsClient>>;

impl JsClient {
    pub fn new() -> Self {
        Self {
            handlers: Handlers::new(),
            sources: RefCell::default(),
            namespace_auth: Map::new(),
            answers: RefCell::default(),
            connecting: RefCell::default(),
            joining: RefCell::default(),
            ending: RefCell::default(),
            draining: RefCell::default(),
            thrown: RefCell::default(),
        }
    }
}

impl Delegate for JsClient {
    fn perform(driver: &JsDriver, action: Action<JsWire>) {
        match action {
            Action::Event(namespace, payload, responder) => received(driver, &namespace, payload, responder),
            Action::Acknowledged(call, payload) => acknowledged(driver, call, payload),
            Action::CallFailed(call, why) => {
                let answer = driver.delegate.answers.borrow_mut().take(call);
                if let Some(Answer::Call { deferred, event, namespace }) = answer {
                    deferred.reject(&errors::call_failure(driver.platform(), why, &event, &namespace));
                }
            }
            Action::Connected(namespace) => {
                driver.log("info", "connected", &namespace);
                fire(driver, &namespace, "connect", &Array::new());
            }
            Action::Disconnected(namespace, reason, failure) => {
                driver.log("info", "disconnected", &namespace);
                let details = details(driver, reason, failure.as_ref());
                fire(driver, &namespace, "disconnect", &Array::of2(&reason.name().into(), &details));
            }
            Action::Final(namespace) => {
                if !fire(driver, &namespace, "disconnectFinal", &Array::new()) {
                    fire(driver, &namespace, "__disconnect_final", &Array::new());
                }
            }
            Action::Refused(namespace, data) => {
                let data = data.as_ref().map_or(JsValue::UNDEFINED, read);
                driver.log("warn", "refused", &namespace);
                let error = errors::refused(driver.platform(), core::slice::from_ref(&namespace), data.clone());
                fire(driver, &namespace, "connect_error", &Array::of2(&data, &error));
            }
            Action::AttemptFailed(namespace, failure) => attempt_failed(driver, &namespace, &failure),
            Action::Settled(namespace, result) => {
                let deferred = match &namespace {
                    None => driver.delegate.connecting.take(),
                    Some(name) => take_joining(driver, name),
                };
                let Some(deferred) = deferred else { return };
                match result {
                    Ok(()) => deferred.resolve(&JsValue::UNDEFINED),
                    Err(why) => {
                        let thrown = driver.delegate.thrown.take();
                        let error = thrown.unwrap_or_else(|| errors::connect_failure(driver.platform(), &why, read));
                        deferred.reject(&error);
                    }
                }
            }
            Action::Dropped(excess) => driver.platform().report(&errors::too_large(driver.platform(), excess)),
            Action::Ended => {
                driver.log("info", "ended", &JsValue::UNDEFINED);
                for deferred in driver.delegate.ending.take() {
                    deferred.resolve(&JsValue::UNDEFINED);
                }
            }
            Action::Upgraded => driver.log("info", "upgraded", &"websocket".into()),
            Action::Prepare(attempt) => prepare(driver, attempt),
            Action::Authenticate(attempt, namespaces) => authenticate(driver, attempt, namespaces),
            Action::Engine(_) => {}
        }
    }

    fn idle(driver: &JsDriver) {
        if driver.delegate.draining.borrow().is_empty() {
            return;
        }
        let (unsent, over) = driver.query(|session| (session.unsent(), session.status() == Status::Disconnected));
        if unsent == 0 || over {
            for deferred in driver.delegate.draining.take() {
                deferred.resolve(&JsValue::UNDEFINED);
            }
        }
    }
}

/// The value of a JSON text from the server; `undefined` where it is none.
fn read(json: &JsString) -> JsValue {
    crate::host::parse(json).unwrap_or_default()
}

fn take_joining(driver: &JsDriver, namespace: &JsString) -> Option<Deferred> {
    let mut joining = driver.delegate.joining.borrow_mut();
    let at = joining.iter().position(|(name, _)| name == namespace)?;
    Some(joining.remove(at).1)
}

fn details(driver: &JsDriver, reason: Reason, failure: Option<&Failure<JsWire>>) -> JsValue {
    let details = Object::new();
    let cause = failure.map_or(reason.name(), Failure::cause);
    let _ = Reflect::set(&details, &"cause".into(), &cause.into());
    if let Some(failure) = failure {
        let thrown = driver.delegate.thrown.borrow().clone();
        let error = thrown.unwrap_or_else(|| errors::failure(driver.platform(), failure));
        let _ = Reflect::set(&details, &"error".into(), &error);
    }
    details.into()
}

fn attempt_failed(driver: &JsDriver, namespace: &JsString, failure: &Failure<JsWire>) {
    let thrown = driver.delegate.thrown.borrow().clone();
    let error = thrown.unwrap_or_else(|| errors::failure(driver.platform(), failure));
    driver.log("warn", "attempt failed", &error);
    let data = match failure {
        Failure::Status(_, body)
        | Failure::UnsupportedVersion(_, body)
        | Failure::OriginRefused(_, body)
        | Failure::SessionUnknown(_, body)
            if body.length() > 0 =>
        {
            crate::host::parse(body).unwrap_or_else(|_| body.into())
        }
        _ => crate::host::message_of(&error).map_or(JsValue::UNDEFINED, JsValue::from),
    };
    fire(driver, namespace, "connect_error", &Array::of2(&data, &error));
}

// Events

fn received(driver: &JsDriver, namespace: &JsString, payload: Payload<JsWire>, responder: Option<Responder>) {
    let text = payload.json.clone();
    let Some(values) = driver.decode(payload) else { return };
    let event = values.shift();
    let name = match event.dyn_into::<JsString>() {
        Ok(name) => name,
        Err(number) if number.as_f64().is_some() => name_of_number(&number),
        Err(_) => return driver.feed(Input::Malformed(ProtocolError::BadEventName, text)),
    };
    match (dispatch(driver, namespace, &name, false, &values), responder) {
        (Some(Err(error)), _) => driver.platform().report(&error),
        (Some(Ok(value)), Some(responder)) => match value.dyn_into::<Promise>() {
            Ok(promise) => answer_later(driver, promise, responder),
            Err(value) => answer(driver, value, responder),
        },
        // A server that asks is answered even where nobody listens: its call would hang.
        (None, Some(responder)) => answer(driver, JsValue::UNDEFINED, responder),
        (_, None) => {}
    }
}

fn name_of_number(number: &JsValue) -> JsString {
    JsString::from("").concat(number)
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

/// Calls the handler of a reserved event, and says whether there was one.
fn fire(driver: &JsDriver, namespace: &JsString, event: &str, arguments: &Array) -> bool {
    let called = dispatch(driver, namespace, &JsString::from(event), true, arguments);
    if let Some(Err(error)) = &called {
        driver.platform().report(error);
    }
    called.is_some()
}

// Answers

fn answer_later(driver: &JsDriver, promise: Promise, responder: Responder) {
    let driver = driver.clone();
    spawn_local(async move {
        match JsFuture::from(promise).await {
            Ok(value) => answer(&driver, value, responder),
            Err(error) => driver.platform().report(&error),
        }
    });
}

/// Answers an event with what its handler returned: nothing, the values of a tuple, or the one value.
fn answer(driver: &JsDriver, value: JsValue, responder: Responder) {
    let values = match value.dyn_into::<Array>() {
        Ok(array) if is_tuple(&array) => array,
        Ok(array) => Array::of1(&array),
        Err(value) if value.is_undefined() => Array::new(),
        Err(value) => Array::of1(&value),
    };
    match encode(&values, driver.max_depth()) {
        Ok(payload) => driver.command(|session, _, actions| session.answer(responder, payload, actions)),
        Err(thrown) => driver.platform().report(&errors::unserializable(driver.platform(), thrown)),
    }
}

/// The facade marks what `tuple()` makes by a symbol of the global registry, the same in every copy of the package.
fn is_tuple(array: &Array) -> bool {
    Reflect::has(array, &Symbol::for_("socketio-wasm.tuple")).unwrap_or(false)
}

fn acknowledged(driver: &JsDriver, call: CallId, payload: Payload<JsWire>) {
    let Some(answer) = driver.delegate.answers.borrow_mut().take(call) else { return };
    let Some(values) = driver.decode(payload) else {
        answer.reject(&errors::disconnected(driver.platform(), Reason::TransportError));
        return;
    };
    match answer {
        Answer::Call { deferred, .. } => match values.length() {
            0 => deferred.resolve(&JsValue::UNDEFINED),
            1 => deferred.resolve(&values.get(0)),
            _ => deferred.resolve(&values),
        },
        Answer::Callback(callback) => {
            if let Err(error) = callback.apply(&JsValue::UNDEFINED, &values) {
                driver.platform().report(&error);
            }
        }
    }
}

// What is evaluated at each attempt

/// The value, or what the function returns; a promise of it is awaited by [`settle`].
fn evaluate(source: &JsValue) -> Result<JsValue, JsValue> {
    match source.dyn_ref::<Function>() {
        Some(function) => function.call0(&JsValue::UNDEFINED),
        None => Ok(source.clone()),
    }
}

async fn settle(value: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    match value?.dyn_into::<Promise>() {
        Ok(promise) => JsFuture::from(promise).await,
        Err(value) => Ok(value),
    }
}

fn is_promise(value: &Result<JsValue, JsValue>) -> bool {
    value.as_ref().is_ok_and(|value| value.is_instance_of::<Promise>())
}

fn prepare(driver: &JsDriver, attempt: Attempt) {
    driver.delegate.thrown.take();
    let sources = driver.delegate.sources.borrow().clone();
    let url = evaluate(&sources.url);
    let headers = evaluate(&sources.headers);
    let driver = driver.clone();
    if !is_promise(&url) && !is_promise(&headers) {
        prepared(&driver, attempt, &sources.path, url, headers);
        return;
    }
    spawn_local(async move {
        let (url, headers) = (settle(url).await, settle(headers).await);
        prepared(&driver, attempt, &sources.path, url, headers);
    });
}

fn prepared(
    driver: &JsDriver,
    attempt: Attempt,
    path: &str,
    url: Result<JsValue, JsValue>,
    headers: Result<JsValue, JsValue>,
) {
    let random = js_sys::Math::random();
    let evaluated = endpoints_and_headers(driver, path, url, headers);
    driver.feed(match evaluated {
        Ok((endpoints, headers)) => {
            driver.host().set_headers(headers);
            Input::Prepared(attempt, endpoints, random)
        }
        Err(thrown) => {
            driver.delegate.thrown.replace(Some(thrown));
            Input::PreparationFailed(attempt, random)
        }
    });
}

fn endpoints_and_headers(
    driver: &JsDriver,
    path: &str,
    url: Result<JsValue, JsValue>,
    headers: Result<JsValue, JsValue>,
) -> Result<(Endpoints<JsString>, Option<Object>), JsValue> {
    let endpoints = super::address::endpoints(driver.platform(), &url?, path)?;
    let headers = headers?;
    if headers.is_undefined() || headers.is_null() {
        return Ok((endpoints, None));
    }
    match headers.dyn_into::<Object>() {
        Ok(headers) => Ok((endpoints, Some(headers))),
        Err(value) => Err(errors::invalid_option(driver.platform(), "headers", &value, "an object of texts")),
    }
}

/// Namespaces without auth of their own share one evaluation of the client's.
fn authenticate(driver: &JsDriver, attempt: Attempt, namespaces: Vec<JsString>) {
    let own = &driver.delegate.namespace_auth;
    let (owners, shared): (Vec<_>, Vec<_>) = namespaces.into_iter().partition(|name| own.has(name));
    let groups = owners.into_iter().map(|name| (own.get(&name), vec![name]));
    let groups: Vec<_> = groups.chain([(driver.delegate.sources.borrow().auth.clone(), shared)]).collect();
    for (source, names) in groups {
        if names.is_empty() {
            continue;
        }
        let auth = evaluate(&source);
        if !is_promise(&auth) {
            authenticated(driver, attempt, names, auth);
            continue;
        }
        let driver = driver.clone();
        spawn_local(async move {
            let auth = settle(auth).await;
            authenticated(&driver, attempt, names, auth);
        });
    }
}

fn authenticated(driver: &JsDriver, attempt: Attempt, names: Vec<JsString>, auth: Result<JsValue, JsValue>) {
    let json = auth.and_then(|auth| {
        if auth.is_undefined() || auth.is_null() {
            return Ok(None);
        }
        stringify(&auth).map_err(|thrown| errors::unserializable(driver.platform(), thrown))
    });
    driver.feed(match json {
        Ok(json) => Input::Authenticated(attempt, names, json),
        Err(thrown) => {
            driver.delegate.thrown.replace(Some(thrown));
            Input::AuthenticationFailed(attempt)
        }
    });
}

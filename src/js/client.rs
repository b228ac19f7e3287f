//! What a driver tells, as JS sees it: handlers called, promises settled, functions of the user's evaluated.

use super::errors;
use super::events::{acknowledged, answer, fire, received, report_error, unanswered};
use super::handlers::Handlers;
use super::settings::{Answers, ConnectRequest, PendingAnswer, Prepared, take_answer};
use crate::driver::{Delegate, Driver};
use crate::engine::TransportError;
use crate::host::{JsParser, JsText, JsWire, Promises, disconnect_details, read};
use crate::protocol::{PacketType, ProtocolError, Text};
use crate::socket::{
    Action, Attempt, CallId, ConnectError, DisconnectCause, IncomingPayload, Input, RequestId, Responder, Session,
};
use js_sys::{Function, JsString, Map};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What settles a promise of the facade.
pub(super) struct Deferred {
    pub resolve: Function,
    pub reject: Function,
}

impl Deferred {
    pub fn resolve(&self, value: &JsValue) {
        resolve(&self.resolve, value);
    }

    pub fn reject(&self, error: &JsValue) {
        resolve(&self.reject, error);
    }
}

/// A promise's own functions throw nothing.
pub(super) fn resolve(function: &Function, value: &JsValue) {
    let _ = function.call1(&JsValue::UNDEFINED, value);
}

/// What a promise of the user's is for.
pub(super) enum Purpose {
    /// Where this attempt is to connect.
    Prepare(Attempt),
    /// The auth of these namespaces.
    Authenticate(Attempt, Vec<JsText>),
    /// The answer to an event.
    Answer(Responder),
    /// The same answer with the bytes of its Blobs.
    Blobs(Responder),
}

/// The delegate of an exported [`Core`](super::Core).
pub struct JsClient {
    pub(super) handlers: Handlers,
    /// How deep values may be nested.
    pub(super) max_depth: u32,
    /// The parser in place of the default format.
    pub(super) parser: RefCell<Option<JsParser>>,
    /// What the last `connect` asked for: its functions are called again at each attempt.
    pub(super) request: RefCell<Option<ConnectRequest>>,
    /// Functions like `ConnectRequest::authenticate`, of namespaces that have their own.
    namespace_auth: OnceCell<Map>,
    /// What waits for an answer, by the number of its call; made with the first call.
    answers: OnceCell<Answers>,
    /// The promises of `connect` and `connectNamespace`.
    pub(super) requests: RefCell<Vec<(RequestId, Deferred)>>,
    /// The pending `connect`.
    pub(super) connecting: Cell<Option<RequestId>>,
    /// The promises of `disconnect`.
    pub(super) leaving: RefCell<Vec<(RequestId, Function)>>,
    /// Called when there is no connection any more, and none is being made.
    pub(super) ending: RefCell<Vec<Function>>,
    /// Called when nothing is kept any more.
    pub(super) draining: RefCell<Vec<Function>>,
    pub(super) promises: Promises<Purpose>,
    /// What the user's function for url, headers or auth threw.
    thrown: RefCell<Option<JsValue>>,
}

pub(super) type JsDriver = Rc<Driver<JsClient>>;

/// Feeds the session with what came of an action.
pub(super) fn feed(driver: &JsDriver, input: Input<JsWire>) {
    driver.command(|session, now| session.handle_input(now, input));
}

impl JsClient {
    pub fn new(handlers: &Map, max_depth: u32) -> Self {
        Self {
            handlers: Handlers::new(handlers),
            max_depth,
            parser: RefCell::default(),
            request: RefCell::default(),
            namespace_auth: OnceCell::new(),
            answers: OnceCell::new(),
            requests: RefCell::default(),
            connecting: Cell::new(None),
            leaving: RefCell::default(),
            ending: RefCell::default(),
            draining: RefCell::default(),
            promises: Promises::default(),
            thrown: RefCell::default(),
        }
    }

    /// What waited for a call, which nothing does any more.
    pub(super) fn take_answer(&self, call: CallId) -> Option<PendingAnswer> {
        take_answer(self.answers.get()?, call.0 as f64)
    }

    /// Has a call wait for its answer.
    pub(super) fn keep_answer(&self, call: CallId, answer: &PendingAnswer) {
        self.answers.get_or_init(Answers::new).set(call.0 as f64, answer);
    }

    /// The auth of one namespace alone: from now on, or no longer.
    pub(super) fn set_namespace_auth(&self, namespace: &JsString, auth: Option<Function>) {
        match (auth, self.namespace_auth.get()) {
            (Some(auth), _) => drop(self.namespace_auth.get_or_init(Map::new).set(namespace, &auth)),
            (None, Some(own)) => drop(own.delete(namespace)),
            (None, None) => {}
        }
    }

    /// Forgets the auth of all namespaces that have their own.
    pub(super) fn clear_namespace_auth(&self) {
        if let Some(own) = self.namespace_auth.get() {
            own.clear();
        }
    }
}

impl Delegate for JsClient {
    type Machine = Session<JsWire>;

    fn perform(driver: &JsDriver, action: Action<JsWire>) {
        match action {
            Action::Event(namespace, payload, responder) => received(driver, &namespace.into_js(), payload, responder),
            Action::Acknowledged(call, payload) => acknowledged(driver, call, payload),
            Action::CallFailed(call, why) => {
                if let Some(answer) = driver.delegate.take_answer(call) {
                    answer.reject(&errors::call_failure(driver.platform(), why, &answer));
                }
            }
            Action::Connected(namespace) => {
                let namespace = namespace.into_js();
                driver.log("info", "connected", &namespace);
                fire(driver, &namespace, "connect", &[]);
            }
            Action::Disconnected(namespace, parting) => {
                let namespace = namespace.into_js();
                driver.log("info", "disconnected", &namespace);
                let details = details(driver, &parting);
                fire(driver, &namespace, "disconnect", &[parting.reason().name().into(), details]);
            }
            Action::DisconnectFinal(namespace) => {
                fire(driver, &namespace.into_js(), "disconnectFinal", &[]);
            }
            Action::Refused(namespace, data) => {
                let data = data.as_ref().map_or(JsValue::UNDEFINED, |data| read(driver.platform(), data));
                let error = errors::refused(driver.platform(), core::slice::from_ref(&namespace), data.clone());
                let namespace = namespace.into_js();
                driver.log("warn", "refused", &namespace);
                fire(driver, &namespace, "connect_error", &[data, error]);
            }
            Action::AttemptFailed(namespace, failure) => attempt_failed(driver, &namespace.into_js(), &failure),
            Action::Settled(id, result) => {
                if driver.delegate.connecting.get() == Some(id) {
                    driver.delegate.connecting.set(None);
                }
                let Some(deferred) = take(&driver.delegate.requests, id) else { return };
                match result {
                    Ok(()) => deferred.resolve(&JsValue::UNDEFINED),
                    Err(ConnectError::Failed(failure)) => deferred.reject(&error_of(driver, &failure)),
                    Err(why) => deferred.reject(&errors::connect_failure(driver.platform(), &why)),
                }
            }
            Action::Dropped(namespace, excess) => {
                report_error(driver, &namespace.into_js(), &errors::too_large(driver.platform(), excess));
            }
            Action::Lost(namespace, loss, count) => {
                let error = errors::lost(driver.platform(), &namespace, loss, count);
                report_error(driver, &namespace.into_js(), &error);
            }
            Action::Decode(frame) => {
                let parser = driver.delegate.parser.borrow().clone();
                let packets = parser.map_or(Ok(Vec::new()), |parser| parser.add(frame));
                let packets = packets.map_err(|thrown| {
                    driver.delegate.thrown.replace(Some(errors::unparsable(driver.platform(), thrown)));
                    ProtocolError::Unparsable
                });
                feed(driver, Input::Decoded(packets));
            }
            Action::Ended => {
                driver.log("info", "ended", &JsValue::UNDEFINED);
                // It may be that another connection has taken its place already.
                let over = driver.query(|session| session.is_idle());
                let ended = if over { driver.delegate.ending.take() } else { Vec::new() };
                ended.iter().for_each(|ended| resolve(ended, &JsValue::UNDEFINED));
            }
            Action::DisconnectDone(id, unsent) => {
                if unsent > 0 {
                    driver.log("warn", "disconnected with unsent events", &unsent.into());
                }
                if let Some(left) = take(&driver.delegate.leaving, id) {
                    resolve(&left, &unsent.into());
                }
            }
            Action::AuthUnused => {
                driver.log(
                    "warn",
                    "auth is not sent: the revision of Socket.IO that the server speaks has none",
                    &JsValue::UNDEFINED,
                );
            }
            Action::Upgraded => driver.log("info", "upgraded", &"websocket".into()),
            Action::Prepare(attempt) => prepare(driver, attempt),
            Action::Authenticate(attempt, namespaces) => authenticate(driver, attempt, namespaces),
            Action::Engine(_) => {}
        }
    }

    fn awake(&self, awake: bool) {
        self.handlers.hold(awake);
        if !awake {
            // Functions of the user's, which may know this client, and what they have given.
            self.request.take();
            self.clear_namespace_auth();
            self.thrown.take();
        }
    }

    fn settled(driver: &JsDriver, token: u32, result: Result<JsValue, JsValue>) {
        if let Some(purpose) = driver.delegate.promises.take(token) {
            settled(driver, purpose, result);
        }
    }

    fn idle(driver: &JsDriver) {
        if driver.delegate.draining.borrow().is_empty() {
            return;
        }
        let (unsent, over) = driver.query(|session| (session.unsent(), session.is_idle()));
        if unsent == 0 || over {
            for drained in driver.delegate.draining.take() {
                resolve(&drained, &JsValue::UNDEFINED);
            }
        }
    }
}

/// Takes what waits for this request.
pub(super) fn take<T>(waiting: &RefCell<Vec<(RequestId, T)>>, id: RequestId) -> Option<T> {
    let mut waiting = waiting.borrow_mut();
    let at = waiting.iter().position(|(other, _)| *other == id)?;
    Some(waiting.remove(at).1)
}

/// The error of a failure: the user's own, where a function of the user's has thrown; what the parser threw is its cause.
fn error_of(driver: &JsDriver, failure: &TransportError<JsWire>) -> JsValue {
    let thrown = match failure {
        TransportError::Preparation | TransportError::Protocol(ProtocolError::Unparsable, _) => {
            driver.delegate.thrown.borrow().clone()
        }
        _ => None,
    };
    // Who throws nothing has an error all the same.
    thrown.filter(|thrown| !thrown.is_undefined()).unwrap_or_else(|| errors::failure(driver.platform(), failure))
}

fn details(driver: &JsDriver, parting: &DisconnectCause<JsWire>) -> JsValue {
    let (error, data) = match parting {
        DisconnectCause::Lost(failure) => (error_of(driver, failure), JsValue::UNDEFINED),
        DisconnectCause::Server(Some(data)) => (JsValue::UNDEFINED, read(driver.platform(), data)),
        DisconnectCause::Server(None) | DisconnectCause::Client => (JsValue::UNDEFINED, JsValue::UNDEFINED),
    };
    disconnect_details(parting.cause(), &error, &data)
}

fn attempt_failed(driver: &JsDriver, namespace: &JsString, failure: &TransportError<JsWire>) {
    let error = error_of(driver, failure);
    driver.log("warn", "attempt failed", &error);
    let data = match failure {
        TransportError::Status(_, body)
        | TransportError::UnsupportedVersion(_, body)
        | TransportError::OriginRefused(_, body)
        | TransportError::SessionUnknown(_, body)
            if !body.is_empty() =>
        {
            Some(read(driver.platform(), &IncomingPayload::Json(body.clone(), Vec::new())))
                .filter(|data| !data.is_undefined())
                .unwrap_or_else(|| body.to_js().into())
        }
        _ => crate::host::message_of(&error).map_or(JsValue::UNDEFINED, JsValue::from),
    };
    fire(driver, namespace, "connect_error", &[data, error]);
}

fn prepare(driver: &JsDriver, attempt: Attempt) {
    driver.delegate.thrown.take();
    let parser = driver.delegate.parser.borrow().clone();
    if let Some(parser) = parser {
        parser.reset();
    }
    let request = driver.delegate.request.borrow().clone();
    if let Some(request) = request {
        let promise = request.prepare();
        let _ = driver.delegate.promises.wait(&promise, Purpose::Prepare(attempt), driver.host().report());
    }
}

/// Namespaces without auth of their own share one evaluation of the client's.
fn authenticate(driver: &JsDriver, attempt: Attempt, namespaces: Vec<JsText>) {
    let own = driver.delegate.namespace_auth.get();
    let auth_of = |name: &JsText| own?.get(&name.to_js()).dyn_into::<Function>().ok();
    let (owners, shared): (Vec<_>, Vec<_>) = namespaces.into_iter().partition(|name| auth_of(name).is_some());
    for name in owners {
        evaluate_auth(driver, attempt, auth_of(&name), vec![name]);
    }
    if !shared.is_empty() {
        let function = driver.delegate.request.borrow().as_ref().map(ConnectRequest::authenticate);
        evaluate_auth(driver, attempt, function, shared);
    }
}

fn evaluate_auth(driver: &JsDriver, attempt: Attempt, function: Option<Function>, names: Vec<JsText>) {
    // The facade's function is an async one: what the user's throws is the rejection of its promise.
    if let Some(Ok(promise)) = function.map(|function| function.call0(&JsValue::UNDEFINED)) {
        let _ = driver.delegate.promises.wait(&promise, Purpose::Authenticate(attempt, names), driver.host().report());
    }
}

/// A promise of the user's is settled.
fn settled(driver: &JsDriver, purpose: Purpose, result: Result<JsValue, JsValue>) {
    let failed = |thrown, input| {
        driver.delegate.thrown.replace(Some(thrown));
        feed(driver, input);
    };
    match (purpose, result) {
        (Purpose::Answer(responder) | Purpose::Blobs(responder), Ok(value)) => answer(driver, &value, responder),
        (Purpose::Answer(_), Err(error)) => driver.platform().report(&error),
        (Purpose::Blobs(responder), Err(thrown)) => unanswered(driver, responder, thrown),
        (Purpose::Prepare(attempt), Ok(prepared)) => {
            let prepared: Prepared = prepared.unchecked_into();
            if driver.query(|session| session.is_preparing(attempt)) {
                driver.host().set_headers(prepared.headers());
            }
            feed(driver, Input::Prepared(attempt, prepared.endpoints(), js_sys::Math::random()));
        }
        (Purpose::Prepare(attempt), Err(thrown)) => {
            failed(thrown, Input::PreparationFailed(attempt, js_sys::Math::random()));
        }
        (Purpose::Authenticate(attempt, names), Ok(auth)) => {
            let parser = driver.delegate.parser.borrow().clone();
            let Some(parser) = parser else {
                return feed(
                    driver,
                    Input::Authenticated(attempt, names, auth.dyn_into::<JsString>().ok().map(JsText::from)),
                );
            };
            for name in names {
                let namespace = name.to_js();
                let connect = parser.encode(PacketType::Connect, &namespace, &auth, None);
                let disconnect = || parser.encode(PacketType::Disconnect, &namespace, &JsValue::UNDEFINED, None);
                match connect.and_then(|connect| Ok([connect, disconnect()?])) {
                    Ok(packets) => feed(driver, Input::ConnectEncoded(attempt, name, packets)),
                    Err(thrown) => {
                        let error = errors::unserializable(driver.platform(), thrown);
                        failed(error, Input::AuthenticationFailed(attempt, vec![name]));
                    }
                }
            }
        }
        (Purpose::Authenticate(attempt, names), Err(thrown)) => {
            failed(thrown, Input::AuthenticationFailed(attempt, names));
        }
    }
}

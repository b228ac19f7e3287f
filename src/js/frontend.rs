//! JavaScript's side of a Socket.IO client: settles promises, and calls listeners and functions of the facade.

use super::errors;
use super::events;
use super::settings::{Answers, ConnectRequest, PendingAnswer, Prepared, take_answer};
use crate::engine::TransportError;
use crate::host::{JsParser, JsText, JsWire, Platform, Promises, disconnect_details};
use crate::protocol::{Frame, PacketType};
use crate::shell::{
    ConnectionNotice, Ending, Failure, Found, Frontend, FrontendError, Listeners, Notice, ROOT, Shell, ShellDriver,
    Waiter,
};
use crate::socket::{Attempt, CallId, Delay, Packet, Responder};
use js_sys::{Array, Function, JsString, Map};
use std::cell::{OnceCell, RefCell};
use wasm_bindgen::prelude::*;

/// The two functions that settle a promise of the facade.
pub struct Deferred {
    pub resolve: Function,
    pub reject: Function,
}

/// Calls a function that settles a promise. Such a function does not throw.
fn settle(function: &Function, value: &JsValue) {
    let _ = function.call1(&JsValue::UNDEFINED, value);
}

impl Waiter<Result<(), JsValue>> for Deferred {
    fn settle(self, result: Result<(), JsValue>) {
        match result {
            Ok(()) => settle(&self.resolve, &JsValue::UNDEFINED),
            Err(error) => settle(&self.reject, &error),
        }
    }
}

impl Waiter<usize> for Function {
    fn settle(self, result: usize) {
        settle(&self, &result.into());
    }
}

impl Waiter<()> for Function {
    fn settle(self, (): ()) {
        settle(&self, &JsValue::UNDEFINED);
    }
}

/// The purpose of a promise that is awaited.
pub(super) enum Purpose {
    /// The address to which this attempt connects.
    Address(Attempt),
    /// The auth of these namespaces.
    Auth(Attempt, Vec<JsText>),
    /// The answer to an event.
    Answer(Responder),
    /// The same answer with the bytes of its Blobs.
    Blobs(Responder),
}

/// The frontend of an exported [`Core`](super::Core).
pub struct JsFrontend {
    pub(super) listeners: Listeners,
    /// The parser in place of the default format.
    pub(super) parser: RefCell<Option<JsParser>>,
    /// The request of the last `connect`: its functions are called again at each attempt.
    pub(super) request: RefCell<Option<ConnectRequest>>,
    /// The waiters of calls, by the number of the call. The map is made with the first call.
    answers: OnceCell<Answers>,
    promises: Promises<Purpose>,
}

pub(super) type JsDriver = ShellDriver<JsFrontend>;

impl JsFrontend {
    pub fn new(listeners: &Map) -> Self {
        Self {
            listeners: Listeners::new(listeners),
            parser: RefCell::default(),
            request: RefCell::default(),
            answers: OnceCell::new(),
            promises: Promises::default(),
        }
    }

    fn parser(&self) -> Option<JsParser> {
        self.parser.borrow().clone()
    }
}

/// Awaits a promise; returns false if it is none.
pub(super) fn wait(driver: &JsDriver, promise: &JsValue, purpose: Purpose) -> bool {
    driver.layer.frontend.promises.wait(promise, purpose, driver.host.callback()).is_ok()
}

impl Frontend for JsFrontend {
    type Error = JsValue;
    type Connecting = Deferred;
    type Disconnecting = Function;
    type Waiting = Function;
    type Call = PendingAnswer;
    type Auth = Function;
    type Values = Array;

    fn keep_call(&self, id: CallId, call: PendingAnswer) {
        self.answers.get_or_init(Answers::new).set(id.0 as f64, &call);
    }

    fn take_call(&self, id: CallId) -> Option<PendingAnswer> {
        take_answer(self.answers.get()?, id.0 as f64)
    }

    fn subject(call: &PendingAnswer) -> (JsValue, JsText) {
        (call.event(), call.namespace().unchecked_into::<JsString>().into())
    }

    fn is_awaited(call: &PendingAnswer) -> bool {
        call.is_awaited()
    }

    fn resolve(driver: &JsDriver, call: PendingAnswer, values: Array) {
        events::resolve(driver, &call, &values);
    }

    fn reject(call: PendingAnswer, error: JsValue) {
        call.reject(&error);
    }

    fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    fn refuse_event(driver: &JsDriver, namespace: &JsString, values: &Array) -> bool {
        events::refuse_event(driver, namespace, values)
    }

    fn call_listeners(
        driver: &JsDriver,
        found: &Found<Map>,
        namespace: &JsString,
        values: &Array,
        responder: Option<Responder>,
    ) {
        events::call_listeners(driver, found, namespace, values, responder);
    }

    fn on_unwritable_answer(
        driver: &JsDriver,
        namespace: &JsText,
        values: &Array,
        responder: Responder,
        error: JsValue,
    ) {
        // Blobs may be the reason: their bytes are read, and the answer is written again.
        let read = driver.host.platform().blobs_read(values);
        if !wait(driver, &read, Purpose::Blobs(responder)) {
            Self::report(driver, namespace, error);
        }
    }

    fn notify(driver: &JsDriver, namespace: JsText, notice: Notice<JsValue>) {
        let namespace = namespace.into_js();
        match notice {
            Notice::Connected => events::fire(driver, &namespace, "connect", &[]),
            Notice::Final(reason) => {
                let is_handled = events::fire(driver, &namespace, "disconnectFinal", &[reason.name().into()]);
                events::end_iterators(driver, Some(&namespace));
                is_handled
            }
            Notice::AttemptFailed(error) => {
                let error = errors::of_attempt(driver.host.platform(), error);
                errors::add_namespace(&error, &namespace);
                events::fire(driver, &namespace, "connect_error", &[error])
            }
            Notice::Refused(error) => events::fire(driver, &namespace, "connect_error", &[error]),
            Notice::Disconnected(Ending { reason, cause, error, data }) => {
                let details = disconnect_details(cause, &error.unwrap_or_default(), &data.unwrap_or_default());
                events::fire(driver, &namespace, "disconnect", &[reason.name().into(), details])
            }
        };
    }

    fn notify_connection(driver: &JsDriver, notice: ConnectionNotice) {
        let (event, arguments): (_, &[JsValue]) = match &notice {
            ConnectionNotice::ReconnectAttempt(number, delay) => {
                ("reconnect_attempt", &[(*number).into(), JsValue::from_f64(*delay as f64)])
            }
            ConnectionNotice::Reconnected(attempts) => ("reconnect", &[(*attempts).into()]),
            ConnectionNotice::ReconnectFailed => ("reconnect_failed", &[]),
            ConnectionNotice::State(now, before) => ("state", &[now.name().into(), before.name().into()]),
            ConnectionNotice::Upgraded(transport) => ("upgrade", &[transport.name().into()]),
        };
        events::fire_everywhere(driver, event, arguments);
    }

    fn on_ended(driver: &JsDriver) {
        events::end_iterators(driver, None);
    }

    fn ask_delay(driver: &JsDriver, number: u32, error: JsValue) -> Delay {
        let error = errors::of_attempt(driver.host.platform(), error);
        let answer = driver.host.platform().reconnection_delay(number, &error);
        match (answer.as_f64(), answer.as_bool()) {
            // A float too large for an integer becomes the largest one.
            (Some(milliseconds), _) => Delay::Milliseconds(milliseconds as u64),
            (None, Some(_)) => Delay::Stop,
            (None, None) => {
                events::report_error(driver, &JsString::from(ROOT), &answer);
                Delay::Default
            }
        }
    }

    fn report(driver: &JsDriver, namespace: &JsText, error: JsValue) {
        events::report_error(driver, &namespace.to_js(), &error);
    }

    fn evaluate_address(driver: &JsDriver, attempt: Attempt) {
        let request = driver.layer.frontend.request.borrow().clone();
        if let Some(request) = request {
            wait(driver, &request.prepare(), Purpose::Address(attempt));
        }
    }

    fn evaluate_auth(driver: &JsDriver, own: Option<Function>, attempt: Attempt, namespaces: Vec<JsText>) {
        let request = driver.layer.frontend.request.borrow().clone();
        let function = own.or_else(|| request.as_ref().map(ConnectRequest::authenticate));
        // The facade's function is async: an exception of the user's function rejects its promise.
        if let Some(Ok(promise)) = function.map(|function| function.call0(&JsValue::UNDEFINED)) {
            wait(driver, &promise, Purpose::Auth(attempt, namespaces));
        }
    }

    fn has_codec(&self) -> bool {
        self.parser.borrow().is_some()
    }

    fn write(
        &self,
        platform: &Platform,
        kind: PacketType,
        namespace: &JsText,
        data: Option<&JsValue>,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, JsValue> {
        let Some(parser) = self.parser() else { return Ok(Vec::new()) };
        let written = parser.encode(kind, &namespace.to_js(), data.unwrap_or(&JsValue::UNDEFINED), id);
        written.map_err(|thrown| errors::unserializable(platform, thrown))
    }

    fn write_values(
        &self,
        platform: &Platform,
        kind: PacketType,
        namespace: &JsText,
        values: &Array,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, JsValue> {
        self.write(platform, kind, namespace, Some(values), id)
    }

    fn read(&self, platform: &Platform, frame: Frame<JsWire>) -> Result<Vec<Packet<JsWire>>, JsValue> {
        let Some(parser) = self.parser() else { return Ok(Vec::new()) };
        parser.add(frame).map_err(|thrown| errors::unparsable(platform, thrown))
    }

    fn reset_codec(&self) {
        if let Some(parser) = self.parser() {
            parser.reset();
        }
    }

    fn set_active(&self, is_active: bool) {
        self.listeners.set_active(is_active);
        if !is_active {
            // It holds user-supplied functions, which may refer to this client.
            self.request.take();
        }
    }

    fn on_promise(driver: &JsDriver, token: u32, result: Result<JsValue, JsValue>) {
        let Some(purpose) = driver.layer.frontend.promises.take(token) else { return };
        match (purpose, result) {
            // An async triggerEvent() returns this sign of the one that it overrides.
            (Purpose::Answer(_), Ok(value)) if events::is_unhandled(&value) => {}
            (Purpose::Answer(responder) | Purpose::Blobs(responder), Ok(value)) => {
                events::answer(driver, &value, responder);
            }
            (Purpose::Answer(_), Err(error)) => driver.host.platform().report(&error),
            (Purpose::Blobs(responder), Err(thrown)) => events::fail_answer(driver, responder, thrown),
            (Purpose::Address(attempt), result) => {
                let address = result.map(|prepared| prepared.unchecked_into::<Prepared>().address());
                Shell::on_address(driver, attempt, address.map_err(|thrown| own_error(driver, thrown)));
            }
            (Purpose::Auth(attempt, namespaces), auth) => {
                Shell::on_auth(driver, attempt, namespaces, auth.map_err(|thrown| own_error(driver, thrown)));
            }
        }
    }
}

/// Returns the error that a user-supplied function has thrown, or an error of the client if it has thrown `undefined`.
fn own_error(driver: &JsDriver, thrown: JsValue) -> JsValue {
    if thrown.is_undefined() {
        return JsValue::of(driver.host.platform(), Failure::Transport(&TransportError::Preparation));
    }
    thrown
}

//! Rust's side of the shell: handlers called, streams fed, futures completed, user-supplied functions evaluated.

use super::Reconnection;
use super::address;
use super::connection_options::{ConnectionOptions, milliseconds};
use super::error::Error;
use super::event::{Disconnect, Event, HandlerEvent};
use super::handlers::{Ack, Answered};
use super::into_ack::answered;
use super::options::Source;
use super::packets::Data;
use super::pending_calls::PendingCall;
use super::server_data::ServerData;
use super::state::ClientState;
use super::task::Task;
use super::values::Prepared;
use crate::host::{Guarded, JsText, JsWire, Platform, guard};
use crate::protocol::{Frame, PacketType};
use crate::shell::{
    Address, ConnectionNotice, Ending, Found, Frontend, Listeners, Notice, Shell, ShellDriver, listeners_of,
};
use crate::socket::{Attempt, CallId, Delay, FinalReason, Packet, Responder, Session, Status};
use core::time::Duration;
use futures::channel::oneshot;
use js_sys::{Array, JsString, Map};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

pub(super) type ClientDriver = ShellDriver<ClientState>;

/// Returns the name of a namespace or an event as a string of Rust.
fn name_of(name: &JsText) -> Rc<str> {
    String::from(name.to_js()).into()
}

impl Frontend for ClientState {
    type Error = Error;
    type Connecting = oneshot::Sender<Result<(), Error>>;
    type Disconnecting = oneshot::Sender<usize>;
    type Waiting = oneshot::Sender<()>;
    type Call = PendingCall;
    type Auth = Source<Option<JsString>>;
    type Values = Prepared;

    fn keep_call(&self, id: CallId, call: PendingCall) {
        self.calls.borrow_mut().insert(id.0, call);
    }

    fn take_call(&self, id: CallId) -> Option<PendingCall> {
        self.calls.borrow_mut().take(id.0)
    }

    fn subject(call: &PendingCall) -> (JsValue, JsText) {
        (JsValue::from_str(&call.event), JsString::from(&*call.namespace).into())
    }

    // Sending is the last step in both, since it calls a user-supplied waker, which may panic.

    fn resolve(_: &ClientDriver, call: PendingCall, values: Array) {
        let _ = call.answer.send(Ok(values));
    }

    fn reject(call: PendingCall, error: Error) {
        let _ = call.answer.send(Err(error));
    }

    fn listeners(&self) -> &Listeners {
        &self.handlers.listeners
    }

    fn call_listeners(
        driver: &ClientDriver,
        found: &Found<Map>,
        namespace: &JsString,
        values: &Array,
        responder: Option<Responder>,
    ) {
        let name = values.get(0).as_string().unwrap_or_default();
        let event = Event { namespace: String::from(namespace).into(), name: name.into(), values: values.clone() };
        let namespace = event.namespace.clone();
        call(driver, &found.list, &namespace, &HandlerEvent::Event(event), responder);
    }

    fn notify(driver: &ClientDriver, namespace: JsText, notice: Notice<Error>) {
        let state = &driver.layer.frontend;
        let name = name_of(&namespace);
        let event = match notice {
            Notice::Connected => {
                state.reports.on_connected(&name);
                HandlerEvent::Connected
            }
            Notice::Refused(error) => {
                let status = driver.query(|session| session.namespace_status(&namespace));
                let is_awaited = driver.layer.waiters.is_awaited(&namespace);
                state.report_refusal(&name, &error, is_awaited, status == Status::Disconnected);
                HandlerEvent::Failed(error)
            }
            Notice::AttemptFailed(error) => {
                state.report_attempt(&name, &error);
                HandlerEvent::Failed(error)
            }
            Notice::Disconnected(ending) => {
                state.reports.on_disconnected(&name, ending.error.as_ref());
                HandlerEvent::Disconnected(ending.into())
            }
            Notice::Final(reason) => {
                let waiters = &driver.layer.waiters;
                if reason != FinalReason::ClientDisconnect
                    && !(waiters.is_awaited(&namespace) || waiters.is_end_awaited())
                {
                    let is_whole = reason != FinalReason::ServerDisconnect && driver.query(Session::is_idle);
                    state.report_end(Some(&*name).filter(|_| !is_whole), reason);
                }
                HandlerEvent::Final(reason)
            }
        };
        ClientState::add_namespace_states(driver);
        if let Some(list) = state.reserved(&name, &event) {
            call(driver, &list, &name, &event, None);
        }
        #[cfg(feature = "frameworks")]
        state.notice(&name, &event);
    }

    fn notify_connection(driver: &ClientDriver, notice: ConnectionNotice) {
        let state = &driver.layer.frontend;
        let event = match notice {
            ConnectionNotice::ReconnectAttempt(attempt, delay) => {
                let delay = Duration::from_millis(delay);
                state.reconnection.set(Some(Reconnection { attempt, delay }));
                HandlerEvent::ReconnectAttempt(attempt, delay)
            }
            ConnectionNotice::Reconnected(attempts) => HandlerEvent::Reconnected(attempts),
            ConnectionNotice::ReconnectFailed => HandlerEvent::ReconnectFailed,
            ConnectionNotice::State(now, before) => {
                state.reconnection.set(None);
                state.add_state(now.into());
                ClientState::add_namespace_states(driver);
                HandlerEvent::State(now.into(), before.into())
            }
            ConnectionNotice::Upgraded(transport) => HandlerEvent::Upgraded(transport),
        };
        state.handlers.listeners.each_everywhere(&event.name().into(), |namespace, found| {
            call(driver, &found.list, &String::from(namespace).into(), &event, None);
        });
    }

    fn ask_delay(driver: &ClientDriver, number: u32, error: Error) -> Delay {
        let Some(delay) = &driver.layer.frontend.options.delay else { return Delay::Default };
        match guard(None, || delay(number, &error)) {
            Some(Some(delay)) => Delay::Milliseconds(milliseconds(delay)),
            Some(None) => Delay::Stop,
            // The panic is reported as an uncaught error.
            None => Delay::Default,
        }
    }

    fn report(driver: &ClientDriver, _: &JsText, error: Error) {
        driver.layer.frontend.options.report(&error);
    }

    fn evaluate_address(driver: &ClientDriver, attempt: Attempt) {
        // Evaluations for an earlier attempt are no longer needed.
        driver.layer.frontend.evaluations.take();
        let ConnectionOptions { url, headers, path, .. } = &driver.layer.frontend.options.connection;
        let (url, headers, path) = (url.clone(), headers.clone(), path.clone());
        evaluate(driver, url, move |driver, url| {
            let endpoints = url.and_then(|url| address::endpoints(&url, &path));
            evaluate(driver, headers, move |driver, headers| {
                let address = endpoints.and_then(|endpoints| Ok(Address { endpoints, headers: headers? }));
                Shell::on_address(driver, attempt, address);
            });
        });
    }

    fn evaluate_auth(
        driver: &ClientDriver,
        own: Option<Source<Option<JsString>>>,
        attempt: Attempt,
        namespaces: Vec<JsText>,
    ) {
        let auth = own.unwrap_or_else(|| driver.layer.frontend.options.auth.clone());
        evaluate(driver, auth, move |driver, auth| {
            let has_codec = driver.layer.frontend.has_codec();
            let auth = auth.map(|json| match json {
                // It was written as JSON by this crate.
                Some(json) if has_codec => js_sys::JSON::parse(&String::from(json)).unwrap_or_default(),
                Some(json) => json.into(),
                None => JsValue::UNDEFINED,
            });
            Shell::on_auth(driver, attempt, namespaces, auth);
        });
    }

    fn has_codec(&self) -> bool {
        self.options.serializer.is_some()
    }

    fn write(
        &self,
        _: &Platform,
        kind: PacketType,
        namespace: &JsText,
        data: Option<&JsValue>,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, Error> {
        let Some(serializer) = &self.options.serializer else { return Ok(Vec::new()) };
        serializer.write(kind, namespace.to_js().into(), data.map(Data::Js), id)
    }

    fn write_values(
        &self,
        _: &Platform,
        kind: PacketType,
        namespace: &JsText,
        values: &Prepared,
        id: Option<u64>,
    ) -> Result<Vec<Frame<JsWire>>, Error> {
        let Some(serializer) = &self.options.serializer else { return Ok(Vec::new()) };
        serializer.write(kind, namespace.to_js().into(), Some(Data::Values(values)), id)
    }

    fn read(&self, _: &Platform, frame: Frame<JsWire>) -> Result<Vec<Packet<JsWire>>, Error> {
        let Some(serializer) = &self.options.serializer else { return Ok(Vec::new()) };
        serializer.read(&frame)
    }

    fn reset_codec(&self) {
        if let Some(serializer) = &self.options.serializer {
            serializer.reset();
        }
    }

    fn set_active(&self, is_active: bool) {
        if is_active {
            self.reports.clear();
        } else {
            self.evaluations.take();
        }
    }
}

impl From<Ending<Error>> for Disconnect {
    fn from(Ending { reason, cause, error, data }: Ending<Error>) -> Self {
        Self { reason, cause, error, data: data.as_ref().and_then(ServerData::of) }
    }
}

/// Calls the handlers of a list, in order. The first acknowledgement that is a future or has values is the answer. If there is none, it is
/// empty, unless no handler has handled the event, or one has failed.
fn call(
    driver: &ClientDriver,
    list: &Map,
    namespace: &Rc<str>,
    event: &HandlerEvent,
    mut responder: Option<Responder>,
) {
    let state = &driver.layer.frontend;
    let (mut is_handled, mut has_failed) = (false, false);
    for number in listeners_of(Some(list)).iter() {
        // A handler that an earlier one has removed is not called.
        let (Some(handler), Some(scope)) = (state.handlers.get(&number), state.scope(namespace)) else { continue };
        // A panic ends this handler, and not those after it.
        let Some(ack) = guard(None, || handler(scope, event.clone(), responder.is_some())) else {
            (is_handled, has_failed) = (true, true);
            continue;
        };
        is_handled |= !matches!(ack, Ack::Unhandled);
        match ack {
            Ack::Now(answered) => match named(answered, event.name()) {
                Some(Ok(values)) if !values.is_empty => answer(driver, responder.take(), Some(Ok(values))),
                Some(Err(error)) => {
                    has_failed = true;
                    answer(driver, None, Some(Err(error)));
                }
                _ => {}
            },
            Ack::Later(reply) => {
                // The future runs to its end even if the client is dropped, which it does not hold.
                let (driver, responder, name) =
                    (Rc::downgrade(driver), responder.take(), Rc::<str>::from(event.name()));
                spawn_local(Guarded::new(async move {
                    let answered = reply.await;
                    if let Some(driver) = driver.upgrade() {
                        answer(&driver, responder, named(answered, &name));
                    }
                }));
            }
            Ack::Unhandled => {}
        }
    }
    if is_handled && !has_failed {
        answer(driver, responder, answered(&(), true));
    }
}

/// Names the event in an error of its handler, or of the answer. An error of the crate that the handler passes on belongs to another one.
fn named(answered: Answered, event: &str) -> Answered {
    answered.map(|answered| {
        answered.map_err(|error| match error {
            Error::Handler { .. } | Error::Unserializable { event: None, .. } => error.of_event(event),
            other => other,
        })
    })
}

/// Answers an event with what its handler returned, and reports an error.
fn answer(driver: &ClientDriver, responder: Option<Responder>, answered: Answered) {
    match (answered, responder) {
        (Some(Ok(values)), Some(responder)) => Shell::answer(driver, responder, &values),
        (Some(Err(error)), _) => driver.layer.frontend.options.report(&error),
        (Some(Ok(_)), None) | (None, _) => {}
    }
}

/// Calls `then` with the value of a source: at once if it is no function.
fn evaluate<T: Clone + 'static>(
    driver: &ClientDriver,
    source: Source<T>,
    then: impl FnOnce(&ClientDriver, Result<T, Error>) + 'static,
) {
    match source {
        Source::Value(value) => then(driver, value),
        Source::Function(function) => {
            let evaluating = driver.clone();
            let task = Task::run(async move { then(&evaluating, function().await) });
            let mut evaluations = driver.layer.frontend.evaluations.borrow_mut();
            evaluations.retain(|task| !task.is_over());
            evaluations.push(task);
        }
    }
}

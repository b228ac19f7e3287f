//! What a driver tells, as Rust sees it: handlers called, streams fed, futures settled, functions of the user's evaluated.

use super::connection_options::ConnectionOptions;
use super::error::{Error, payload_reader};
use super::event::{Disconnect, Event, Told};
use super::guarding::{self, push};
use super::handlers::{Ack, Answered, Handler, Handlers};
use super::options::{Options, Source};
use super::packets::{content, decoded, parse, write};
use super::server_data::ServerData;
use super::task::Task;
use super::{Handle, Scope, State, address};
use crate::driver::{Delegate, Driver, find_handler};
use crate::engine::TransportError;
use crate::host::{Guarded, JsText, JsWire};
use crate::protocol::{PacketType, ProtocolError};
use crate::socket::{
    Action, Attempt, CallId, ConnectError, DisconnectCause, DisconnectReason, IncomingPayload, Input, Loss, RequestId,
    Responder, Session,
};
use futures_channel::{mpsc::UnboundedSender, oneshot};
use js_sys::{Array, JsString};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

pub(super) type ClientDriver = Rc<Driver<Inner>>;
pub(super) type Settle<T = ()> = oneshot::Sender<Result<T, Error>>;

/// A call that waits for its answer.
pub(super) struct Waiting {
    pub event: Rc<str>,
    pub namespace: Rc<str>,
    pub settle: Settle<Array>,
}

/// A stream that is told of events: of those with this name, or of all; of one namespace, or of all.
pub(super) struct Listener {
    pub namespace: Option<Rc<str>>,
    pub event: Option<Rc<str>>,
    pub to: UnboundedSender<Event>,
}

/// The delegate of a [`Client`](super::Client).
pub(super) struct Inner {
    /// The client, as long as somebody holds it.
    pub handle: RefCell<Weak<Handle>>,
    pub options: Options,
    pub handlers: Rc<Handlers>,
    pub listeners: RefCell<Vec<Listener>>,
    pub states: RefCell<Vec<UnboundedSender<State>>>,
    pub state: Cell<State>,
    /// By the number of the call.
    pub calls: RefCell<BTreeMap<u64, Waiting>>,
    /// Auth of namespaces that have their own.
    pub auth: RefCell<BTreeMap<String, Source<Option<JsString>>>>,
    /// The pending `connect` and `connect_namespace`s, these with their names.
    pub requests: RefCell<Vec<(RequestId, Option<String>, Settle)>>,
    /// The pending `disconnect`s.
    pub leaving: RefCell<Vec<(RequestId, oneshot::Sender<usize>)>>,
    /// Told when there is no connection any more, and none is being made.
    pub ending: RefCell<Vec<oneshot::Sender<()>>>,
    /// Told when nothing is kept any more.
    pub draining: RefCell<Vec<oneshot::Sender<()>>>,
    /// Functions of the user's that are asked for something, and those that have answered since.
    pub asked: RefCell<Vec<Task>>,
    /// Why the last of them failed.
    pub failed: RefCell<Option<Error>>,
    /// Whether it was reported that attempts fail, since there was a connection.
    pub reported: Cell<bool>,
}

impl Inner {
    pub fn new(options: Options) -> Self {
        Self {
            handle: RefCell::default(),
            options,
            handlers: Rc::default(),
            listeners: RefCell::default(),
            states: RefCell::default(),
            state: Cell::new(State::Disconnected),
            calls: RefCell::default(),
            auth: RefCell::default(),
            requests: RefCell::default(),
            leaving: RefCell::default(),
            ending: RefCell::default(),
            draining: RefCell::default(),
            asked: RefCell::default(),
            reported: Cell::new(false),
            failed: RefCell::default(),
        }
    }

    pub fn take_call(&self, call: CallId) -> Option<Waiting> {
        self.calls.borrow_mut().remove(&call.0)
    }

    /// The namespace for a handler; nobody is told anything once nobody holds the client.
    fn scope(&self, namespace: &str) -> Option<Scope> {
        self.handle.borrow().upgrade().map(|handle| Scope::new(handle, namespace))
    }

    fn handler(&self, namespace: &str, told: &Told) -> Option<Handler> {
        let is_reserved = !matches!(told, Told::Event(_));
        find_handler(&*self.handlers, namespace, told.name(), is_reserved).map(|found| found.handler)
    }

    /// Hands an event to the streams that want it; those that nobody reads any more are forgotten.
    fn publish(&self, event: &Event) {
        let wants = |wanted: &Option<Rc<str>>, name: &str| wanted.as_ref().is_none_or(|wanted| **wanted == *name);
        retain(&self.listeners, |listener| {
            let wanted = wants(&listener.namespace, &event.namespace) && wants(&listener.event, &event.name);
            if wanted { push(&listener.to, event.clone()) } else { !listener.to.is_closed() }
        });
    }

    /// With `retry`, `connect` goes on and says nothing: the first of attempts that fail is reported, where no handler is told.
    fn report_attempt(&self, namespace: &str, error: &Error) {
        if !self.reported.get() && self.report_unheard(namespace, error) {
            self.reported.set(true);
        }
    }

    /// The same of a namespace that is refused when the connection is made again.
    fn report_refusal(&self, namespace: &str, error: &Error) {
        let waits = |name: &Option<String>| name.as_ref().is_none_or(|name| name == namespace);
        let is_awaited = self.requests.borrow().iter().any(|(_, name, _)| waits(name));
        if !is_awaited {
            self.report_unheard(namespace, error);
        }
    }

    /// Reports what no handler is told, where nobody need wait for attempts; says whether it was so.
    fn report_unheard(&self, namespace: &str, error: &Error) -> bool {
        let is_heard = || self.handler(namespace, &Told::Failed(error.clone())).is_some();
        let is_reported = self.options.retry && !is_heard();
        if is_reported {
            self.options.report(error);
        }
        is_reported
    }

    /// The error of a failure: that of the user's own function or serializer, where it was one.
    fn error_of(&self, failure: &TransportError<JsWire>) -> Error {
        let own = || self.failed.borrow().clone();
        match failure {
            TransportError::Preparation | TransportError::Protocol(ProtocolError::Unparsable, _) => {
                own().unwrap_or_else(|| failure.into())
            }
            _ => failure.into(),
        }
    }
}

pub(super) fn feed(driver: &ClientDriver, input: Input<JsWire>) {
    driver.command(|session, now| session.handle_input(now, input));
}

fn name_of(namespace: &JsText) -> Rc<str> {
    String::from(namespace.to_js()).into()
}

impl Delegate for Inner {
    type Machine = Session<JsWire>;

    fn perform(driver: &ClientDriver, action: Action<JsWire>) {
        match action {
            Action::Event(namespace, payload, responder) => received(driver, &namespace, payload, responder),
            Action::Acknowledged(call, payload) => {
                let values = decoded(driver, payload, false);
                let Some(waiting) = driver.delegate.take_call(call) else { return };
                let _ = waiting.settle.send(values.ok_or(Error::Disconnected(DisconnectReason::TransportError)));
            }
            Action::CallFailed(call, why) => {
                let Some(waiting) = driver.delegate.take_call(call) else { return };
                let error = Error::of_call(why, &waiting.event, &waiting.namespace);
                let _ = waiting.settle.send(Err(error));
            }
            Action::Connected(namespace) => {
                driver.delegate.reported.set(false);
                driver.log("info", "connected", &namespace.to_js());
                tell(driver, &namespace, Told::Connected);
            }
            Action::Disconnected(namespace, parting) => {
                driver.log("info", "disconnected", &namespace.to_js());
                let end = Disconnect {
                    reason: parting.reason(),
                    cause: parting.cause(),
                    error: match &parting {
                        DisconnectCause::Lost(failure) => Some(driver.delegate.error_of(failure)),
                        _ => None,
                    },
                    data: match &parting {
                        DisconnectCause::Server(Some(data)) => ServerData::of(&payload_reader(driver.platform())(data)),
                        _ => None,
                    },
                };
                tell(driver, &namespace, Told::Disconnected(end));
            }
            Action::DisconnectFinal(namespace) => tell(driver, &namespace, Told::Final),
            Action::Refused(namespace, data) => {
                driver.log("warn", "refused", &namespace.to_js());
                let data = data.as_ref().map(payload_reader(driver.platform()));
                let error = Error::refused(core::slice::from_ref(&namespace), data);
                driver.delegate.report_refusal(&name_of(&namespace), &error);
                tell(driver, &namespace, Told::Failed(error));
            }
            Action::AttemptFailed(namespace, failure) => {
                let error = driver.delegate.error_of(&failure);
                driver.log("warn", "attempt failed", &error.to_string().into());
                driver.delegate.report_attempt(&name_of(&namespace), &error);
                tell(driver, &namespace, Told::Failed(error));
            }
            Action::Settled(id, result) => settle(driver, id, result),
            Action::Dropped(_, excess) => driver.delegate.options.report(&excess.into()),
            Action::Lost(namespace, loss, events) => {
                let namespace = String::from(namespace.to_js());
                driver.delegate.options.report(&match loss {
                    Loss::NotSent => Error::NotSent { namespace, events },
                    Loss::Possible => Error::PossiblyLost { namespace, events },
                });
            }
            Action::Ended => {
                driver.log("info", "ended", &JsValue::UNDEFINED);
                let over = driver.query(Session::is_idle);
                let ended = if over { driver.delegate.ending.take() } else { Vec::new() };
                ended.into_iter().for_each(|ended| guarding::settle(ended, ()));
            }
            Action::DisconnectDone(id, unsent) => {
                if unsent > 0 {
                    driver.log("warn", "disconnected with unsent events", &unsent.into());
                }
                let mut leaving = driver.delegate.leaving.borrow_mut();
                let at = leaving.iter().position(|(other, _)| *other == id);
                let left = at.map(|at| leaving.remove(at).1);
                drop(leaving);
                if let Some(left) = left {
                    guarding::settle(left, unsent);
                }
            }
            Action::AuthUnused => {
                let words = "auth is not sent: the revision of Socket.IO that the server speaks has none";
                driver.log("warn", words, &JsValue::UNDEFINED);
            }
            Action::Upgraded => driver.log("info", "upgraded", &"websocket".into()),
            Action::Prepare(attempt) => prepare(driver, attempt),
            Action::Authenticate(attempt, namespaces) => authenticate(driver, attempt, namespaces),
            Action::Decode(frame) => parse(driver, &frame),
            Action::Engine(_) => {}
        }
    }

    fn awake(&self, awake: bool) {
        if !awake {
            drop((self.auth.take(), self.asked.take()));
        }
    }

    fn idle(driver: &ClientDriver) {
        let client = &driver.delegate;
        let state = driver.query(|session| session.status().into());
        if client.state.replace(state) != state {
            retain(&client.states, |to| push(to, state));
        }
        if client.draining.borrow().is_empty() {
            return;
        }
        let (unsent, over) = driver.query(|session| (session.unsent(), session.is_idle()));
        if unsent == 0 || over {
            client.draining.take().into_iter().for_each(|drained| guarding::settle(drained, ()));
        }
    }
}

fn settle(driver: &ClientDriver, id: RequestId, result: Result<(), ConnectError<JsWire>>) {
    let mut requests = driver.delegate.requests.borrow_mut();
    let at = requests.iter().position(|(other, ..)| *other == id);
    let request = at.map(|at| requests.remove(at));
    drop(requests);
    let Some((_, namespace, settle)) = request else { return };
    if let (Some(namespace), Err(_)) = (namespace, &result) {
        driver.delegate.auth.borrow_mut().remove(&namespace);
    }
    let result = result.map_err(|why| match &why {
        ConnectError::Failed(failure) => driver.delegate.error_of(failure),
        why => Error::of_connect(why, payload_reader(driver.platform())),
    });
    guarding::settle(settle, result);
}

/// Keeps those that still are listened to. They are not borrowed meanwhile: whoever wakes up, or is dropped, may do anything.
pub(super) fn retain<T>(list: &RefCell<Vec<T>>, is_kept: impl FnMut(&T) -> bool) {
    let mut kept = list.take();
    kept.retain(is_kept);
    list.borrow_mut().splice(0..0, kept);
}

/// One more who waits, in the place of those that do not any more.
pub(super) fn waiter(waiting: &RefCell<Vec<oneshot::Sender<()>>>) -> oneshot::Receiver<()> {
    let (tell, told) = oneshot::channel();
    retain(waiting, |waiter| !waiter.is_canceled());
    waiting.borrow_mut().push(tell);
    told
}

fn received(driver: &ClientDriver, namespace: &JsText, payload: IncomingPayload<JsWire>, responder: Option<Responder>) {
    let Some(values) = decoded(driver, payload, true) else { return };
    let name = values.get(0).as_string().unwrap_or_default();
    let event = Event { namespace: name_of(namespace), name: name.into(), values };
    driver.log("info", "received", &event.values);
    driver.delegate.publish(&event);
    let handler = driver.delegate.handler(&event.namespace.clone(), &Told::Event(event.clone()));
    let (Some(handler), Some(scope)) = (handler, driver.delegate.scope(&event.namespace)) else {
        // A server that asks is answered even where nobody listens: its call would hang.
        return answer(driver, responder, Some(Ok(Array::new())));
    };
    match handler(scope, Told::Event(event), responder.is_some()) {
        Ack::Now(answered) => answer(driver, responder, answered),
        Ack::Later(reply) => {
            // It goes on to its end, whatever becomes of the client, which it does not hold.
            let driver = Rc::downgrade(driver);
            spawn_local(Guarded::new(async move {
                let answered = reply.await;
                if let Some(driver) = driver.upgrade() {
                    answer(&driver, responder, answered);
                }
            }));
        }
    }
}

/// Tells the handler of a reserved event.
fn tell(driver: &ClientDriver, namespace: &JsText, told: Told) {
    let namespace = name_of(namespace);
    let handler = driver.delegate.handler(&namespace, &told);
    if let (Some(handler), Some(scope)) = (handler, driver.delegate.scope(&namespace))
        && let Ack::Later(reply) = handler(scope, told, false)
    {
        spawn_local(Guarded::new(async move { drop(reply.await) }));
    }
}

/// Answers an event with what its handler returned. Where that cannot be sent, or the handler was not for such arguments, it is reported.
fn answer(driver: &ClientDriver, responder: Option<Responder>, answered: Answered) {
    let Some(answered) = answered else { return };
    let Some(responder) = responder else {
        return answered.err().iter().for_each(|error| driver.delegate.options.report(error));
    };
    let question = driver.query(|session| session.ack_target(responder).map(|(name, id)| (name_of(name), id)));
    let Some((namespace, id)) = question else { return };
    match answered.and_then(|values| content(driver, PacketType::Ack, &namespace, &values, Some(id))) {
        Ok(content) => driver.command(|session, now| session.answer(now, responder, content)),
        Err(error) => driver.delegate.options.report(&error),
    }
}

fn prepare(driver: &ClientDriver, attempt: Attempt) {
    // What was asked for an earlier attempt is of no use any more.
    driver.delegate.asked.take();
    let ConnectionOptions { url, headers, path, .. } = &driver.delegate.options.connection;
    let (url, headers, path) = (url.clone(), headers.clone(), path.clone());
    evaluate(driver, url, move |driver, url| {
        let endpoints = url.and_then(|url| address::endpoints(&url, &path));
        evaluate(driver, headers, move |driver, headers| {
            let random = js_sys::Math::random();
            let input = match endpoints.and_then(|endpoints| Ok((endpoints, headers?))) {
                Ok((endpoints, headers)) => {
                    driver.host().set_headers(headers);
                    Input::Prepared(attempt, endpoints, random)
                }
                Err(error) => {
                    driver.delegate.failed.replace(Some(error));
                    Input::PreparationFailed(attempt, random)
                }
            };
            feed(driver, input);
        });
    });
    // Last, for it may panic; nothing is read before.
    if let Some(serializer) = &driver.delegate.options.serializer {
        serializer.reset();
    }
}

/// Namespaces without auth of their own share one evaluation of the client's.
fn authenticate(driver: &ClientDriver, attempt: Attempt, namespaces: Vec<JsText>) {
    let own = |name: &JsText| driver.delegate.auth.borrow().get(&String::from(name.to_js())).cloned();
    let mut shared = Vec::new();
    let mut parts = Vec::new();
    for name in namespaces {
        match own(&name) {
            Some(auth) => parts.push((vec![name], auth)),
            None => shared.push(name),
        }
    }
    if !shared.is_empty() {
        parts.push((shared, driver.delegate.options.auth.clone()));
    }
    for (names, auth) in parts {
        evaluate(driver, auth, move |driver, auth| {
            let failed = |error, names| {
                driver.delegate.failed.replace(Some(error));
                feed(driver, Input::AuthenticationFailed(attempt, names));
            };
            let auth = match auth {
                Ok(auth) => auth,
                Err(error) => return failed(error, names),
            };
            let Some(serializer) = &driver.delegate.options.serializer else {
                return feed(driver, Input::Authenticated(attempt, names, auth.map(JsText::from)));
            };
            // Of a value that was written as JSON.
            let auth = auth.and_then(|json| js_sys::JSON::parse(&String::from(json)).ok());
            for name in names {
                let namespace = name_of(&name);
                let connect = write(&**serializer, PacketType::Connect, &namespace, auth.as_ref(), None);
                let disconnect = || write(&**serializer, PacketType::Disconnect, &namespace, None, None);
                match connect.and_then(|connect| Ok([connect, disconnect()?])) {
                    Ok(packets) => feed(driver, Input::ConnectEncoded(attempt, name, packets)),
                    Err(error) => failed(error, vec![name]),
                }
            }
        });
    }
}

/// Hands on what a source gives: at once where it is a value.
fn evaluate<T: Clone + 'static>(
    driver: &ClientDriver,
    source: Source<T>,
    then: impl FnOnce(&ClientDriver, Result<T, Error>) + 'static,
) {
    match source {
        Source::Value(value) => then(driver, value),
        Source::Function(function) => {
            let asker = driver.clone();
            let task = Task::run(async move { then(&asker, function().await) });
            let mut asked = driver.delegate.asked.borrow_mut();
            asked.retain(|task| !task.is_over());
            asked.push(task);
        }
    }
}

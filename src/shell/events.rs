//! The session's events. Each is handed to the part that acts on it; this has the only `match` over them.

use super::waiters::settle_all;
use super::{ConnectionNotice, Ending, Failure, Frontend, FrontendError, Notice, Waiter, Waiters};
use crate::driver::{Driver, Layer};
use crate::engine::{Transport, TransportError};
use crate::host::{Host, JsText, JsWire, read};
use crate::protocol::ProtocolError;
use crate::socket::{Action, CallError, CallId, ConnectError, DisconnectCause, Input, RequestId, Session};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The layer above the driver of a Socket.IO client.
pub struct Shell<F: Frontend> {
    /// The language's side.
    pub frontend: F,
    /// The depth to which values may be nested.
    pub(super) max_depth: u32,
    /// The waiters of commands.
    pub waiters: Waiters<F>,
    /// Auth of the namespaces that have their own.
    pub(super) auth: RefCell<Vec<(JsText, F::Auth)>>,
    /// The last error of a user-supplied function for URL, headers or auth, or of the codec.
    pub(super) failed: RefCell<Option<F::Error>>,
}

/// The driver of a Socket.IO client.
pub type ShellDriver<F> = Rc<Driver<Shell<F>>>;

impl<F: Frontend> Shell<F> {
    /// The layer of a client that is not connected.
    pub fn new(frontend: F, max_depth: u32) -> Self {
        Self { frontend, max_depth, waiters: Waiters::default(), auth: RefCell::default(), failed: RefCell::default() }
    }

    /// Returns the error of something that the end of the connection prevented.
    fn disconnected(&self, host: &Host, cause: &DisconnectCause<JsWire>) -> F::Error {
        let error = match cause {
            DisconnectCause::Lost(failure) => Some(self.error_of(host, failure)),
            DisconnectCause::Client | DisconnectCause::Server(_) => None,
        };
        F::Error::disconnected(host.platform(), cause.reason(), error)
    }

    /// Returns the error of a failure. If a user-supplied function or codec failed, it is that one's error.
    fn error_of(&self, host: &Host, failure: &TransportError<JsWire>) -> F::Error {
        let own = match failure {
            TransportError::Preparation | TransportError::Protocol(ProtocolError::Unparsable, _) => {
                self.failed.borrow().clone()
            }
            _ => None,
        };
        own.unwrap_or_else(|| F::Error::of(host.platform(), Failure::Transport(failure)))
    }
}

/// Gives the session the answer to one of its events.
pub(super) fn feed<F: Frontend>(driver: &ShellDriver<F>, input: Input<JsWire>) {
    driver.command(|session, now| session.handle_input(now, input));
}

impl<F: Frontend> Layer for Shell<F> {
    type Machine = Session<JsWire>;
    type Host = Host;

    fn on_event(driver: &ShellDriver<F>, event: Action<JsWire>) {
        let (shell, host) = (&driver.layer, &driver.host);
        let platform = host.platform();
        let log = |level, what, namespace: &JsText| host.log(level, what, &namespace.to_js());
        match event {
            Action::Event(namespace, payload, responder) => Shell::on_received(driver, namespace, payload, responder),
            Action::Acknowledged(call, payload) => Shell::on_acknowledged(driver, call, payload),
            Action::CallFailed(id, why) => fail_call(driver, id, &why),
            Action::Connected(namespace) => {
                log("info", "connected", &namespace);
                F::notify(driver, namespace, Notice::Connected);
            }
            Action::Disconnected(namespace, cause) => {
                log("info", "disconnected", &namespace);
                F::notify(driver, namespace, Notice::Disconnected(ending(driver, &cause)));
            }
            Action::DisconnectFinal(namespace, reason) => F::notify(driver, namespace, Notice::Final(reason)),
            Action::AskDelay(attempt, number, failure) => {
                let delay = F::ask_delay(driver, number, shell.error_of(host, &failure));
                feed(driver, Input::Delay(attempt, delay));
            }
            Action::ReconnectAttempt(number, delay) => {
                F::notify_connection(driver, ConnectionNotice::ReconnectAttempt(number, delay));
            }
            Action::Reconnected(attempts) => F::notify_connection(driver, ConnectionNotice::Reconnected(attempts)),
            Action::ReconnectFailed => F::notify_connection(driver, ConnectionNotice::ReconnectFailed),
            Action::StateChanged(now, before) => F::notify_connection(driver, ConnectionNotice::State(now, before)),
            Action::Refused(namespace, data) => {
                log("warn", "refused", &namespace);
                let data = data.as_ref().map(|data| read(platform, data));
                let error = F::Error::of(platform, Failure::Refused(core::slice::from_ref(&namespace), data));
                F::notify(driver, namespace, Notice::Refused(error));
            }
            Action::AttemptFailed(namespace, failure) => {
                let error = shell.error_of(host, &failure);
                host.log("warn", "attempt failed", &error.logged());
                F::notify(driver, namespace, Notice::AttemptFailed(error));
            }
            Action::Settled(id, result) => settle(driver, id, result),
            Action::Dropped(namespace, excess) => {
                F::report(driver, &namespace, F::Error::of(platform, Failure::TooLarge(excess)));
            }
            Action::Lost(namespace, loss, count) => {
                F::report(driver, &namespace, F::Error::of(platform, Failure::Lost(&namespace, loss, count)));
            }
            Action::Ended => {
                host.log("info", "ended", &JsValue::UNDEFINED);
                // Another connection may have taken its place already.
                if driver.query(Session::is_idle) {
                    settle_all(&shell.waiters.ending);
                    F::on_ended(driver);
                }
            }
            Action::DisconnectDone(id, unsent) => {
                if unsent > 0 {
                    host.log("warn", "disconnected with unsent events", &unsent.into());
                }
                if let Some(waiter) = shell.waiters.take_disconnect(id) {
                    waiter.settle(unsent);
                }
            }
            Action::AuthUnused => {
                let what = "auth is not sent: the server's version of Socket.IO has none";
                host.log("warn", what, &JsValue::UNDEFINED);
            }
            Action::Upgraded => {
                host.log("info", "upgraded", &"websocket".into());
                F::notify_connection(driver, ConnectionNotice::Upgraded(Transport::WebSocket));
            }
            Action::Prepare(attempt) => Shell::prepare(driver, attempt),
            Action::Authenticate(attempt, namespaces) => Shell::authenticate(driver, attempt, namespaces),
            Action::Decode(frame) => Shell::parse(driver, frame),
            // The driver hands these to the host, not to the shell.
            Action::Engine(_) => {}
        }
    }

    fn on_outputs_done(driver: &ShellDriver<F>) {
        let draining = &driver.layer.waiters.draining;
        if draining.borrow().is_empty() {
            return;
        }
        let (unsent, is_idle) = driver.query(|session| (session.unsent(), session.is_idle()));
        if unsent == 0 || is_idle {
            settle_all(draining);
        }
    }

    fn set_active(&self, is_active: bool) {
        if !is_active {
            // User-supplied values may hold this client.
            drop((self.auth.take(), self.failed.take()));
        }
        // Last, since user-supplied destructors may panic.
        self.frontend.set_active(is_active);
    }

    fn on_promise(driver: &ShellDriver<F>, token: u32, result: Result<JsValue, JsValue>) {
        F::on_promise(driver, token, result);
    }
}

fn ending<F: Frontend>(driver: &ShellDriver<F>, cause: &DisconnectCause<JsWire>) -> Ending<F::Error> {
    let (error, data) = match cause {
        DisconnectCause::Lost(failure) => (Some(driver.layer.error_of(&driver.host, failure)), None),
        DisconnectCause::Server(Some(data)) => (None, Some(read(driver.host.platform(), data))),
        DisconnectCause::Server(None) | DisconnectCause::Client => (None, None),
    };
    Ending { reason: cause.reason(), cause: cause.cause(), error, data }
}

fn settle<F: Frontend>(driver: &ShellDriver<F>, id: RequestId, result: Result<(), ConnectError<JsWire>>) {
    let (shell, host) = (&driver.layer, &driver.host);
    let Some((namespace, waiter)) = shell.waiters.take_request(id) else { return };
    // A handler may have requested the namespace again, with fresh auth, before this outcome is reported.
    if let (Some(namespace), Err(_)) = (namespace, &result)
        && !shell.waiters.has_request(&namespace)
    {
        shell.take_auth(&namespace);
    }
    let platform = host.platform();
    waiter.settle(result.map_err(|error| match error {
        ConnectError::Failed(failure) => shell.error_of(host, &failure),
        ConnectError::Disconnected(cause) => shell.disconnected(host, &cause),
        ConnectError::Refused(namespaces, data) => {
            F::Error::of(platform, Failure::Refused(&namespaces, data.as_ref().map(|data| read(platform, data))))
        }
        ConnectError::TooLarge(excess) => F::Error::of(platform, Failure::TooLarge(excess)),
    }));
}

fn fail_call<F: Frontend>(driver: &ShellDriver<F>, id: CallId, why: &CallError<JsWire>) {
    let (shell, host) = (&driver.layer, &driver.host);
    let Some(call) = shell.frontend.take_call(id) else { return };
    let (event, namespace) = F::subject(&call);
    let failure = match why {
        CallError::Disconnected(cause) => return F::reject(call, shell.disconnected(host, cause)),
        CallError::Timeout(milliseconds) => Failure::CallTimeout(event, *milliseconds),
        CallError::BadNamespace => Failure::BadNamespace(namespace),
        CallError::TooLarge(excess) => Failure::TooLarge(*excess),
        CallError::Dropped => Failure::Dropped(event),
    };
    F::reject(call, F::Error::of(host.platform(), failure));
}

//! The exported class.

use super::client::{Deferred, JsClient, resolve as settle, take};
use super::errors;
use super::events::{ROOT, content, report_error};
use super::settings::{ConnectRequest, CoreSettings, PendingAnswer};
use crate::driver::Driver;
use crate::host::{JsParser, JsText, Platform};
use crate::protocol::PacketType;
use crate::socket::{AckRequest, CallId, CommandError, SendMode, Session, Status};
use crate::tables::boundary;
use js_sys::{Array, Function, JsString, Map};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A client, as the facade of the npm package uses it: the facade has checked what it passes, and gives the functions of
/// its promises. An error is what `platform.error` makes of a code and its values.
#[wasm_bindgen]
pub struct Core {
    driver: Rc<Driver<JsClient>>,
    why: RefCell<JsValue>,
}

#[wasm_bindgen]
impl Core {
    /// A client that is not connected. `handlers` is an empty `Map`, to be kept by whoever keeps the client.
    #[wasm_bindgen(constructor)]
    pub fn new(platform: Platform, settings: &CoreSettings, handlers: &Map) -> Core {
        let session = settings.session();
        let client = JsClient::new(handlers, session.engine.limits.max_depth);
        let driver = Driver::new(platform, settings.host(), Session::new(session), settings.logger(), client);
        Self { driver, why: RefCell::default() }
    }

    /// Registers the one handler of an event, `*` for any event or any namespace.
    pub fn on(&self, namespace: &JsString, event: &JsString, handler: &Function) {
        self.driver.delegate.handlers.set(namespace, event, handler);
    }

    /// Registers the class of a namespace, or of `*`: called with each event's name (for `*` then the namespace) and arguments.
    #[wasm_bindgen(js_name = registerNamespace)]
    pub fn register_namespace(&self, namespace: &JsString, trigger: &Function) {
        self.driver.delegate.handlers.set_class(namespace, trigger);
    }

    /// Takes a handler away, and says whether there was one.
    pub fn off(&self, namespace: &JsString, event: &JsString) -> bool {
        self.driver.delegate.handlers.remove(namespace, event)
    }

    /// The handler registered for exactly this namespace and event.
    pub fn handler(&self, namespace: &JsString, event: &JsString) -> Option<Function> {
        self.driver.delegate.handlers.exact(namespace, event)
    }

    /// Writes and reads packets by a parser, or without one in the default format: said before the first `connect`.
    #[wasm_bindgen(js_name = setParser)]
    pub fn set_parser(&self, parser: Option<JsParser>) {
        self.driver.update(|session| session.set_external_codec(parser.is_some()));
        self.driver.delegate.parser.replace(parser);
    }

    /// Connects; settled when all namespaces are connected, or without `wait` when the engine is.
    pub fn connect(&self, request: ConnectRequest, resolve: Function, reject: Function) -> Result<(), JsValue> {
        let (driver, client) = (&self.driver, &self.driver.delegate);
        let wanted = request.request();
        let before = client.request.replace(Some(request));
        let begun = driver.command(|session, now| {
            let id = session.connect(now, wanted)?;
            // Before any output is acted on: one of them may settle it.
            client.requests.borrow_mut().push((id, Deferred { resolve, reject }));
            client.connecting.set(Some(id));
            Ok(())
        });
        match begun {
            Ok(()) => {
                // What an earlier user was known by is not shown on behalf of this one.
                client.clear_namespace_auth();
                Ok(())
            }
            Err(refusal) => {
                client.request.replace(before);
                Err(self.refused(refusal, &JsValue::UNDEFINED))
            }
        }
    }

    /// Rejects a pending `connect` with `reason`, and stops connecting.
    #[wasm_bindgen(js_name = abortConnect)]
    pub fn abort_connect(&self, reason: &JsValue) {
        let pending = self.driver.delegate.connecting.take().and_then(|id| take(&self.driver.delegate.requests, id));
        if let Some(pending) = pending {
            pending.reject(reason);
            self.driver.command(|session, now| session.disconnect(now, None));
        }
    }

    /// Connects one more namespace, with auth of its own if `auth` is given: a function like `ConnectRequest`'s.
    #[wasm_bindgen(js_name = connectNamespace)]
    pub fn connect_namespace(
        &self,
        namespace: JsString,
        auth: Option<Function>,
        resolve: Function,
        reject: Function,
    ) -> Result<(), JsValue> {
        let client = &self.driver.delegate;
        client.set_namespace_auth(&namespace, auth);
        let name = JsText::from(namespace.clone());
        let joined = self.driver.command(|session, now| {
            let id = session.connect_namespace(now, name)?;
            client.requests.borrow_mut().push((id, Deferred { resolve, reject }));
            Ok(())
        });
        joined.map_err(|refusal| self.refused(refusal, &namespace))
    }

    /// Leaves one namespace: what was sent is written first, in order.
    #[wasm_bindgen(js_name = disconnectNamespace)]
    pub fn disconnect_namespace(&self, namespace: &JsString) {
        self.driver.delegate.set_namespace_auth(namespace, None);
        let name = JsText::from(namespace.clone());
        self.driver.command(|session, now| session.disconnect_namespace(now, &name));
    }

    /// Writes what was sent, closes, and stops reconnection; before that, waits for `flush` milliseconds at most until what is
    /// kept can be sent, unless that is negative. Resolved when all is done, with the number of events that were not sent.
    pub fn disconnect(&self, flush: f64, resolve: Function) {
        let flush = (flush >= 0.0).then_some(flush as u64);
        self.driver.command(|session, now| {
            let id = session.disconnect(now, flush);
            self.driver.delegate.leaving.borrow_mut().push((id, resolve));
        });
    }

    /// Reports an error that rejects no promise: to the `error` handler, else to the log and the console.
    #[wasm_bindgen(js_name = reportError)]
    pub fn report_error(&self, namespace: &JsString, error: &JsValue) {
        report_error(&self.driver, namespace, error);
    }

    /// Resolved when the connection has ended for good; at once where there is none.
    pub fn wait(&self, ended: Function) {
        if self.status() == Status::Disconnected {
            settle(&ended, &JsValue::UNDEFINED);
        } else {
            self.driver.delegate.ending.borrow_mut().push(ended);
        }
    }

    /// Resolved when all that was sent is handed to the transport; at once where it is.
    pub fn drain(&self, drained: Function) {
        if self.buffered_amount() == 0 {
            settle(&drained, &JsValue::UNDEFINED);
        } else {
            self.driver.delegate.draining.borrow_mut().push(drained);
        }
    }

    /// Why nothing can be emitted to a namespace, as `emit` would throw it; `undefined` where it can.
    pub fn refusal(&self, namespace: &JsString) -> JsValue {
        let refusal = self.driver.query(|session| session.emit_error(&namespace.clone().into()));
        refusal.map_or(JsValue::UNDEFINED, |refusal| self.refused(refusal, namespace))
    }

    /// Emits an event to a namespace, or without one to `/`: its name and arguments in one array. With an `answer`, its
    /// acknowledgement is asked for, and waited for `timeout` milliseconds at most (0 or infinity: whenever it comes).
    /// Returns what `cancel` takes; 0 where nothing is waited for, because nothing was asked or a volatile event was
    /// dropped; -1 where it is refused, and [`why`](Self::why) tells the error. To be able to throw would cost each event that is not refused.
    pub fn emit(
        &self,
        namespace: Option<JsString>,
        values: &Array,
        mode: u8,
        answer: Option<PendingAnswer>,
        timeout: f64,
    ) -> f64 {
        let mode = match mode {
            boundary::SEND_BUFFER => SendMode::Buffer,
            boundary::SEND_FAIL => SendMode::Fail,
            _ => SendMode::Volatile,
        };
        let timeout = (timeout > 0.0 && timeout.is_finite()).then_some(timeout as u64);
        self.try_emit(namespace, values, mode, answer, timeout).unwrap_or_else(|error| {
            self.why.replace(error);
            -1.0
        })
    }

    /// Why the last event that was refused was so.
    pub fn why(&self) -> JsValue {
        self.why.take()
    }

    /// Rejects a pending call with `reason`. An event that was not handed over is not sent any more.
    pub fn cancel(&self, call: f64, reason: &JsValue) {
        let call = CallId(call as u64);
        if let Some(answer) = self.driver.delegate.take_answer(call) {
            self.driver.command(|session, _| session.cancel(call));
            answer.reject(reason);
        }
    }

    /// Whether any namespace is connected.
    #[wasm_bindgen(getter)]
    pub fn connected(&self) -> bool {
        self.status() == Status::Connected
    }

    /// `disconnected`, `connecting`, `connected`, `reconnecting` or `disconnecting`.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> JsString {
        JsString::from(match self.status() {
            Status::Disconnected => "disconnected",
            Status::Connecting => "connecting",
            Status::Connected => "connected",
            Status::Reconnecting => "reconnecting",
            Status::Disconnecting => "disconnecting",
        })
    }

    /// The Engine.IO session id.
    #[wasm_bindgen(getter, js_name = engineSid)]
    pub fn engine_sid(&self) -> Option<JsString> {
        self.driver.query(|session| session.engine_sid().map(JsText::to_js))
    }

    /// The Socket.IO session id of a connected namespace.
    #[wasm_bindgen(js_name = getSid)]
    pub fn get_sid(&self, namespace: &JsString) -> Option<JsString> {
        self.driver.query(|session| session.sid(&namespace.clone().into()).map(JsText::to_js))
    }

    /// The connected namespaces.
    pub fn namespaces(&self) -> Array {
        self.driver.query(|session| session.namespaces().map(JsText::to_js).collect())
    }

    /// The transport in use, or the last one that was; empty where none ever was.
    pub fn transport(&self) -> JsString {
        let transport = self.driver.query(|session| session.transport());
        JsString::from(transport.map_or("", crate::engine::Transport::name))
    }

    /// How many packets are kept, not yet handed to the transport.
    #[wasm_bindgen(getter, js_name = bufferedAmount)]
    pub fn buffered_amount(&self) -> usize {
        self.driver.query(|session| session.unsent())
    }
}

impl Core {
    fn try_emit(
        &self,
        namespace: Option<JsString>,
        values: &Array,
        mode: SendMode,
        answer: Option<PendingAnswer>,
        timeout: Option<u64>,
    ) -> Result<f64, JsValue> {
        // Named first, since a parser writes the number into the packet.
        let call = answer.is_some().then(|| self.driver.update(Session::next_call));
        let content = content(&self.driver, PacketType::Event, namespace.as_ref(), values, call.map(|call| call.0));
        let content = content.map_err(|thrown| errors::unserializable(self.driver.platform(), thrown))?;
        let name = namespace.map(JsText::from);
        let refused = |refusal| self.refused(refusal, &name.as_ref().map_or_else(|| ROOT.into(), JsText::to_js));
        let Some((call, answer)) = call.zip(answer) else {
            let sent = self.driver.send(|session, now| session.emit(now, name.as_ref(), content, mode, None));
            return sent.map(|_| 0.0).map_err(refused);
        };
        let ack = AckRequest { call, timeout, is_awaited: !answer.has_callback() };
        let sent = self.driver.command(|session, now| {
            let waits = session.emit(now, name.as_ref(), content, mode, Some(ack))?;
            if waits {
                // Before any action is carried out: one of them may be the end of this very call.
                self.driver.delegate.keep_answer(call, &answer);
            }
            Ok(if waits { call.0 as f64 } else { 0.0 })
        });
        sent.map_err(refused)
    }

    fn status(&self) -> Status {
        self.driver.query(|session| session.status())
    }

    fn refused(&self, refusal: CommandError, namespace: &JsValue) -> JsValue {
        errors::refusal(self.driver.platform(), refusal, namespace)
    }
}

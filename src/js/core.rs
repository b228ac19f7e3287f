//! The exported class of Socket.IO clients.

use super::events::report_error;
use super::frontend::{Deferred, JsDriver, JsFrontend};
use super::settings::{ConnectRequest, CoreSettings, PendingAnswer};
use crate::driver::Driver;
use crate::host::{Host, JsParser, JsText, Platform};
use crate::shell::Shell;
use crate::socket::{CallId, SendMode, Session, Status};
use crate::tables::boundary;
use js_sys::{Array, Function, JsString, Map};
use wasm_bindgen::prelude::*;

/// A client, as the facade of the npm package uses it: the facade has checked what it passes, and gives the functions of
/// its promises. An error is what `platform.error` makes of a code and its values.
#[wasm_bindgen]
pub struct Core {
    driver: JsDriver,
}

#[wasm_bindgen]
impl Core {
    /// A client that is not connected. `listeners` is an empty `Map`, which the owner of the client must hold.
    #[wasm_bindgen(constructor)]
    pub fn new(platform: Platform, settings: &CoreSettings, listeners: &Map) -> Core {
        let session = settings.session();
        let shell = Shell::new(JsFrontend::new(listeners), session.engine.limits.max_depth);
        Self {
            driver: Driver::new(Session::new(session), shell, |events| Host::new(platform, settings.host(), events)),
        }
    }

    /// Adds a listener of an event in a namespace, `*` for any event or any namespace; or of another group (`groups` in `tables.rs`),
    /// whose names are namespaces. A function that is there already is added no second time.
    pub fn on(&self, group: &JsString, name: &JsString, listener: &Function, is_once: bool) {
        self.driver.layer.frontend.listeners.add(group, name, listener, is_once);
    }

    /// Removes a listener, or without one all of them. Returns false if there was none.
    pub fn off(&self, group: &JsString, name: &JsString, listener: Option<Function>) -> bool {
        self.driver.layer.frontend.listeners.remove(group, name, listener.as_ref().map(AsRef::as_ref)).length() > 0
    }

    /// The listeners of exactly this group and name, in order.
    pub fn listeners(&self, group: &JsString, name: &JsString) -> Array {
        self.driver.layer.frontend.listeners.all(group, name)
    }

    /// Writes and reads packets by a parser, or without one in the default format: said before the first `connect`.
    #[wasm_bindgen(js_name = setParser)]
    pub fn set_parser(&self, parser: Option<JsParser>) {
        self.driver.update(|session| session.set_external_codec(parser.is_some()));
        self.driver.layer.frontend.parser.replace(parser);
    }

    /// Connects; settled when all namespaces are connected, or without `wait` when the engine is.
    pub fn connect(&self, request: ConnectRequest, resolve: Function, reject: Function) -> Result<(), JsValue> {
        let own = &self.driver.layer.frontend.request;
        let wanted = request.request();
        let before = own.replace(Some(request));
        self.driver.connect(wanted, Deferred { resolve, reject }).inspect_err(|_| drop(own.replace(before)))
    }

    /// Rejects a pending `connect` with `reason`, and stops connecting.
    #[wasm_bindgen(js_name = abortConnect)]
    pub fn abort_connect(&self, reason: JsValue) {
        self.driver.abort_connect(reason);
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
        self.driver.connect_namespace(&namespace.into(), auth, Deferred { resolve, reject })
    }

    /// Leaves one namespace: what was sent is written first, in order.
    #[wasm_bindgen(js_name = disconnectNamespace)]
    pub fn disconnect_namespace(&self, namespace: JsString) {
        self.driver.disconnect_namespace(&namespace.into());
    }

    /// Writes what was sent, closes, and stops reconnection; before that, waits for `flush` milliseconds at most until what is
    /// buffered can be sent, unless that is negative. Resolved when all is done, with the number of events that were not sent.
    pub fn disconnect(&self, flush: f64, resolve: Function) {
        self.driver.disconnect((flush >= 0.0).then_some(flush as u64), resolve);
    }

    /// Reports an error that rejects no promise: to the `error` listeners, or without one to the log and the console.
    #[wasm_bindgen(js_name = reportError)]
    pub fn report_error(&self, namespace: &JsString, error: &JsValue) {
        report_error(&self.driver, namespace, error);
    }

    /// Resolved when the connection has ended for good; at once if there is none.
    pub fn wait(&self, ended: Function) {
        self.driver.wait(ended);
    }

    /// Resolved when all that was sent is handed to the transport; at once if it is.
    pub fn drain(&self, drained: Function) {
        self.driver.drain(drained);
    }

    /// Returns the error with which `emit` to a namespace would be refused; `undefined` if it would not be refused.
    pub fn refusal(&self, namespace: JsString) -> JsValue {
        let namespace = JsText::from(namespace);
        let refusal = self.driver.query(|session| session.emit_error(&namespace));
        refusal.map_or(JsValue::UNDEFINED, |refusal| self.driver.refusal(refusal, Some(&namespace)))
    }

    /// Emits an event to a namespace, or without one to `/`: its name and arguments in one array. With an `answer`, it
    /// asks for an acknowledgement, and waits `timeout` milliseconds at most (0 or infinity: no limit).
    ///
    /// Returns the number that `cancel` takes; `undefined` if no acknowledgement is awaited, or a volatile event was
    /// dropped; an error object if the event is refused. The error is returned, not thrown, because a function that can
    /// throw would make every event slower.
    pub fn emit(
        &self,
        namespace: Option<JsString>,
        values: &Array,
        mode: u8,
        answer: Option<PendingAnswer>,
        timeout: f64,
    ) -> JsValue {
        let mode = match mode {
            boundary::SEND_BUFFER => SendMode::Buffer,
            boundary::SEND_FAIL => SendMode::Fail,
            _ => SendMode::Volatile,
        };
        let namespace = namespace.map(JsText::from);
        let Some(answer) = answer else {
            return self.driver.emit(namespace.as_ref(), values, mode).err().unwrap_or_default();
        };
        let timeout = (timeout > 0.0 && timeout.is_finite()).then_some(timeout as u64);
        match self.driver.call(namespace.as_ref(), values, mode, timeout, answer) {
            Ok(call) => call.map_or(JsValue::UNDEFINED, |call| JsValue::from_f64(call.0 as f64)),
            Err(error) => error,
        }
    }

    /// Rejects a pending call with `reason`. An event that was not handed over is not sent.
    pub fn cancel(&self, call: f64, reason: &JsValue) {
        if let Some(answer) = self.driver.cancel(CallId(call as u64)) {
            answer.reject(reason);
        }
    }

    /// True while a namespace is connected.
    #[wasm_bindgen(getter)]
    pub fn connected(&self) -> bool {
        self.status() == Status::Connected
    }

    /// `disconnected`, `connecting`, `connected`, `reconnecting` or `disconnecting`.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> JsString {
        JsString::from(self.status().name())
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

    /// The transport in use, or the last one that was; empty if there never was one.
    pub fn transport(&self) -> JsString {
        let transport = self.driver.query(|session| session.transport());
        JsString::from(transport.map_or("", crate::engine::Transport::name))
    }

    /// The number of packets that are buffered, not yet handed to the transport.
    #[wasm_bindgen(getter, js_name = bufferedAmount)]
    pub fn buffered_amount(&self) -> usize {
        self.driver.query(|session| session.unsent())
    }
}

impl Core {
    fn status(&self) -> Status {
        self.driver.query(Session::status)
    }
}

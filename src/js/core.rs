//! The exported class.

use super::client::{Answer, Deferred, JsClient, Sources};
use super::{address, errors, options};
use crate::driver::Driver;
use crate::host::{Platform, encode, is_emittable};
use crate::socket::{CallId, Patience, Payload, Refusal, Status};
use js_sys::{Array, Function, JsString, Promise};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A client, as the facade of the npm package uses it. Every argument is checked here; an error is what
/// `platform.error` makes of a code and its values.
#[wasm_bindgen]
pub struct Core {
    driver: Rc<Driver<JsClient>>,
}

#[wasm_bindgen]
impl Core {
    /// A client that is not connected. Throws for an unknown option or a value out of its range.
    #[wasm_bindgen(constructor)]
    pub fn new(platform: Platform, options: &JsValue) -> Result<Core, JsValue> {
        let options = options::client_options(&platform, options)?;
        let driver = Driver::new(platform, options.credentials, options.settings, options.logs, JsClient::new());
        Ok(Self { driver })
    }

    /// Registers the one handler of an event, `*` for any event or any namespace.
    pub fn on(&self, namespace: &JsValue, event: &JsValue, handler: &JsValue) -> Result<(), JsValue> {
        let platform = self.driver.platform();
        let namespace = options::handler_namespace(platform, namespace)?;
        let event = self.event_name(event)?;
        self.driver.delegate.handlers.set(&namespace, &event, &options::handler(platform, handler)?);
        Ok(())
    }

    /// Takes a handler away, and says whether there was one.
    pub fn off(&self, namespace: &JsString, event: &JsValue) -> Result<bool, JsValue> {
        Ok(self.driver.delegate.handlers.remove(namespace, &self.event_name(event)?))
    }

    /// The handler registered for exactly this namespace and event.
    pub fn handler(&self, namespace: &JsString, event: &JsValue) -> Result<Option<Function>, JsValue> {
        Ok(self.driver.delegate.handlers.exact(namespace, &self.event_name(event)?))
    }

    /// Connects; what it promises comes when all namespaces are connected, or with `wait: false` the engine.
    pub fn connect(&self, url: &JsValue, params: &JsValue) -> Result<Promise, JsValue> {
        let (driver, client) = (&self.driver, &self.driver.delegate);
        let options = options::connect_options(driver.platform(), params, client.handlers.namespaces())?;
        if !url.is_function() {
            // A wrong URL is the caller's mistake, to be known at once and not as a failed attempt.
            address::endpoints(driver.platform(), url, &options.path)?;
        }
        let sources = Sources { url: url.clone(), path: options.path, headers: options.headers, auth: options.auth };
        let before = client.sources.replace(sources);
        let (promise, deferred) = Deferred::new();
        let previous = client.connecting.replace(Some(deferred));
        let result = driver.command(|session, now, actions| session.connect(now, options.request, actions));
        if let Err(refusal) = result {
            client.sources.replace(before);
            client.connecting.replace(previous);
            return Err(self.refused(refusal, &JsValue::UNDEFINED));
        }
        Ok(promise)
    }

    /// Rejects a pending `connect` with `reason`, and stops connecting.
    #[wasm_bindgen(js_name = abortConnect)]
    pub fn abort_connect(&self, reason: &JsValue) {
        let pending = self.driver.delegate.connecting.take();
        if let Some(deferred) = pending {
            deferred.reject(reason);
            self.driver.command(|session, now, actions| session.disconnect(now, actions));
        }
    }

    /// Connects one more namespace, with auth of its own if `auth` is not `undefined`.
    #[wasm_bindgen(js_name = connectNamespace)]
    pub fn connect_namespace(&self, namespace: &JsValue, auth: &JsValue) -> Result<Promise, JsValue> {
        let client = &self.driver.delegate;
        let namespace = options::namespace(self.driver.platform(), namespace)?;
        if auth.is_undefined() {
            client.namespace_auth.delete(&namespace);
        } else {
            client.namespace_auth.set(&namespace, auth);
        }
        let (promise, deferred) = Deferred::new();
        client.joining.borrow_mut().push((namespace.clone(), deferred));
        let name = namespace.clone();
        let result = self.driver.command(|session, _, actions| session.connect_namespace(name, actions));
        match result {
            Ok(()) => Ok(promise),
            Err(refusal) => {
                client.joining.borrow_mut().pop();
                Err(self.refused(refusal, &namespace))
            }
        }
    }

    /// Leaves one namespace. The promise is settled at once: what was sent is written first, in order.
    #[wasm_bindgen(js_name = disconnectNamespace)]
    pub fn disconnect_namespace(&self, namespace: &JsValue) -> Result<Promise, JsValue> {
        let namespace = options::namespace(self.driver.platform(), namespace)?;
        self.driver.delegate.namespace_auth.delete(&namespace);
        self.driver.command(|session, now, actions| session.disconnect_namespace(now, &namespace, actions));
        Ok(Promise::resolve(&JsValue::UNDEFINED))
    }

    /// Writes what was sent, closes, and stops reconnection.
    pub fn disconnect(&self) -> Promise {
        let ended = self.wait();
        self.driver.command(|session, now, actions| session.disconnect(now, actions));
        ended
    }

    /// Resolved when the connection has ended for good; at once where there is none.
    pub fn wait(&self) -> Promise {
        if self.status() == Status::Disconnected {
            return Promise::resolve(&JsValue::UNDEFINED);
        }
        let (promise, deferred) = Deferred::new();
        self.driver.delegate.ending.borrow_mut().push(deferred);
        promise
    }

    /// Resolved when all that was sent is handed to the transport; at once where it is.
    pub fn drain(&self) -> Promise {
        if self.buffered_amount() == 0 {
            return Promise::resolve(&JsValue::UNDEFINED);
        }
        let (promise, deferred) = Deferred::new();
        self.driver.delegate.draining.borrow_mut().push(deferred);
        promise
    }

    /// Emits an event: its name and arguments in one array. With a callback, its acknowledgement is asked for.
    pub fn emit(
        &self,
        namespace: &JsString,
        values: &Array,
        mode: u8,
        callback: Option<Function>,
    ) -> Result<(), JsValue> {
        let payload = self.payload(values)?;
        let answer = callback.is_some().then_some(None);
        let call = self.send(namespace, payload, mode, answer)?;
        if let (Some(call), Some(callback)) = (call, callback) {
            self.driver.delegate.answers.borrow_mut().add(call, Answer::Callback(callback));
        }
        Ok(())
    }

    /// Emits an event and settles by its acknowledgement, within `timeout` milliseconds (0: whenever it comes). Returns
    /// what `cancel` takes; 0 where a volatile event was dropped, which is never answered.
    pub fn call(
        &self,
        namespace: &JsString,
        values: &Array,
        mode: u8,
        timeout: f64,
        resolve: Function,
        reject: Function,
    ) -> Result<f64, JsValue> {
        let timeout = options::call_timeout(self.driver.platform(), timeout)?;
        let payload = self.payload(values)?;
        let Some(call) = self.send(namespace, payload, mode, Some(timeout))? else { return Ok(0.0) };
        let answer = Answer::call(resolve, reject, values.get(0), namespace.clone());
        self.driver.delegate.answers.borrow_mut().add(call, answer);
        Ok(call.0 as f64)
    }

    /// Rejects a pending call with `reason`. An event that was not handed over is not sent any more.
    pub fn cancel(&self, call: f64, reason: &JsValue) {
        let call = CallId(call as u64);
        let answer = self.driver.delegate.answers.borrow_mut().take(call);
        if let Some(answer) = answer {
            self.driver.command(|session, _, _| session.cancel(call));
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
        self.driver.query(|session| session.engine_sid().cloned())
    }

    /// The Socket.IO session id of a connected namespace.
    #[wasm_bindgen(js_name = getSid)]
    pub fn get_sid(&self, namespace: &JsString) -> Option<JsString> {
        self.driver.query(|session| session.sid(namespace).cloned())
    }

    /// The connected namespaces.
    pub fn namespaces(&self) -> Array {
        self.driver.query(|session| session.namespaces().collect())
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

    fn status(&self) -> Status {
        self.driver.query(|session| session.status())
    }

    fn event_name(&self, event: &JsValue) -> Result<JsString, JsValue> {
        match event.dyn_ref::<JsString>() {
            Some(name) => Ok(name.clone()),
            None if event.as_f64().is_some() => Ok(JsString::from("").concat(event)),
            None => Err(errors::invalid_event(self.driver.platform(), event)),
        }
    }

    fn payload(&self, values: &Array) -> Result<Payload<crate::host::JsWire>, JsValue> {
        let platform = self.driver.platform();
        let event = values.get(0);
        if !is_emittable(&event) {
            return Err(errors::invalid_event(platform, &event));
        }
        encode(values, self.driver.max_depth()).map_err(|thrown| errors::unserializable(platform, thrown))
    }

    fn send(
        &self,
        namespace: &JsString,
        payload: Payload<crate::host::JsWire>,
        mode: u8,
        answer: Option<Option<u64>>,
    ) -> Result<Option<CallId>, JsValue> {
        let patience = match mode {
            0 => Patience::Buffer,
            1 => Patience::Refuse,
            _ => Patience::Volatile,
        };
        let result = self
            .driver
            .command(|session, now, actions| session.emit(now, namespace, payload, patience, answer, actions));
        result.map_err(|refusal| self.refused(refusal, namespace))
    }

    fn refused(&self, refusal: Refusal, namespace: &JsValue) -> JsValue {
        errors::refusal(self.driver.platform(), refusal, namespace)
    }
}

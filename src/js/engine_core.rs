//! The exported class of Engine.IO clients: messages on one connection, without Socket.IO.

use super::settings::{CoreSettings, Prepared, transports, version};
use crate::driver::Driver;
use crate::engine::{Config, EngineSession, EngineState, Transport, VersionPolicy};
use crate::host::{Host, JsBytes, JsText, JsWire, Platform, WeakUnlessActive};
use crate::protocol::Frame;
use crate::shell::{Address, Ending, EngineDriver, EngineFrontend, EngineShell, Failure, FrontendError};
use js_sys::{JsString, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The facade's methods that are called with events; none of them throws.
    #[derive(Clone)]
    pub type EngineListener;
    /// The handshake is done.
    #[wasm_bindgen(method)]
    fn opened(this: &EngineListener);
    /// A message: a string or a `Uint8Array`.
    #[wasm_bindgen(method)]
    fn message(this: &EngineListener, data: &JsValue);
    /// The connection has ended or was not made: reason, finer cause, and the error behind it.
    #[wasm_bindgen(method)]
    fn closed(this: &EngineListener, reason: &str, cause: &str, error: &JsValue);

    /// A request to connect: the members of `Prepared`, and the numbers of the transports and of the version.
    #[wasm_bindgen(extends = Prepared)]
    pub type EngineRequest;
    #[wasm_bindgen(method, getter, js_name = transports)]
    fn transports_number(this: &EngineRequest) -> u8;
    /// A number of `version`.
    #[wasm_bindgen(method, getter, js_name = version)]
    fn version_number(this: &EngineRequest) -> u8;
}

/// JavaScript's side of an Engine.IO client: the facade's listener.
struct JsEngineFrontend {
    listener: WeakUnlessActive<EngineListener>,
}

impl EngineFrontend for JsEngineFrontend {
    type Error = JsValue;

    fn on_opened(driver: &EngineDriver<Self>) {
        if let Some(listener) = driver.layer.frontend.listener.get() {
            listener.opened();
        }
    }

    fn on_message(driver: &EngineDriver<Self>, message: Frame<JsWire>) {
        let Some(listener) = driver.layer.frontend.listener.get() else { return };
        match message {
            Frame::Text(text) => listener.message(&text.into_js()),
            Frame::Bytes(bytes) => listener.message(&bytes.0),
        }
    }

    fn on_closed(driver: &EngineDriver<Self>, Ending { reason, cause, error, .. }: Ending<JsValue>) {
        let Some(listener) = driver.layer.frontend.listener.get() else { return };
        listener.closed(reason.name(), cause, &error.unwrap_or_default());
    }

    fn report(driver: &EngineDriver<Self>, error: JsValue) {
        driver.host.platform().unheard(&error);
    }

    /// An Engine.IO client of the npm package has no event for it.
    fn on_possibly_lost(driver: &EngineDriver<Self>, messages: usize) {
        driver.host.log("warn", "messages possibly lost", &messages.into());
    }

    fn set_active(&self, is_active: bool) {
        self.listener.set_active(is_active);
    }
}

/// An Engine.IO client, as the facade uses it: the facade has checked what it passes.
#[wasm_bindgen]
pub struct EngineCore {
    driver: EngineDriver<JsEngineFrontend>,
    config: Config,
}

#[wasm_bindgen]
impl EngineCore {
    /// A client that is not connected. The owner of the client must hold `listener`.
    #[wasm_bindgen(constructor)]
    pub fn new(platform: Platform, settings: &CoreSettings, listener: &EngineListener) -> EngineCore {
        let shell = EngineShell { frontend: JsEngineFrontend { listener: WeakUnlessActive::new(listener) } };
        let driver =
            Driver::new(EngineSession::default(), shell, |events| Host::new(platform, settings.host(), events));
        Self { driver, config: settings.session().engine }
    }

    /// Begins to connect. Returns false if there is a connection already.
    pub fn connect(&self, request: &EngineRequest) -> bool {
        let version_policy = version(request.version_number()).map_or(VersionPolicy::Unknown, VersionPolicy::Fixed);
        let config = Config { transports: transports(request.transports_number()), version_policy, ..self.config };
        let Address { endpoints, headers } = request.address();
        self.driver.host.set_headers(headers);
        self.driver.command(|session, now| session.connect(now, config, endpoints))
    }

    /// Sends a message: a string or a `Uint8Array`.
    pub fn send(&self, data: &JsValue) -> Result<(), JsValue> {
        let frame = match (data.dyn_ref::<JsString>(), data.dyn_ref::<Uint8Array>()) {
            (Some(text), _) => Frame::Text(text.clone().into()),
            (_, Some(bytes)) => Frame::Bytes(JsBytes(bytes.clone())),
            _ => return Err(JsValue::of(self.driver.host.platform(), Failure::Unserializable(data.clone()))),
        };
        let sent = self.driver.send(|session, _| session.send(frame));
        sent.map_err(|error| JsValue::of(self.driver.host.platform(), error.into()))
    }

    /// Closes the connection: when what was sent is written, or with `abort` at once.
    pub fn disconnect(&self, abort: bool) {
        self.driver.command(|session, now| session.disconnect(now, abort));
    }

    /// `disconnected`, `connecting`, `connected` or `disconnecting`.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> JsString {
        JsString::from(match self.driver.query(EngineSession::state) {
            EngineState::Disconnected => "disconnected",
            EngineState::Connecting => "connecting",
            EngineState::Connected => "connected",
            EngineState::Disconnecting => "disconnecting",
        })
    }

    /// The session id.
    #[wasm_bindgen(getter)]
    pub fn sid(&self) -> Option<JsString> {
        self.driver.query(|session| session.sid().map(JsText::to_js))
    }

    /// The transport in use, or the last one that was; empty if there never was one.
    pub fn transport(&self) -> JsString {
        JsString::from(self.driver.query(EngineSession::transport).map_or("", Transport::name))
    }

    /// The number of messages that are buffered, not yet handed to the transport.
    #[wasm_bindgen(getter, js_name = bufferedAmount)]
    pub fn buffered_amount(&self) -> usize {
        self.driver.query(EngineSession::unsent)
    }
}

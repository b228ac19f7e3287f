//! The exported class of Engine.IO clients: messages on one connection, without Socket.IO.

use super::errors;
use super::held::Held;
use super::settings::{CoreSettings, Prepared, transports, version};
use crate::driver::{Delegate, Driver};
use crate::engine::{Config, EngineSession, EngineState, Event, SendError, Transport, TransportError, VersionPolicy};
use crate::host::{JsBytes, JsText, JsWire, Platform};
use crate::protocol::Frame;
use crate::socket::{DisconnectReason, Tag};
use js_sys::{JsString, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What the facade is told; none of it throws.
    #[derive(Clone)]
    pub type EngineListener;
    /// The handshake is done.
    #[wasm_bindgen(method)]
    fn opened(this: &EngineListener);
    /// A message: a text or a `Uint8Array`.
    #[wasm_bindgen(method)]
    fn message(this: &EngineListener, data: &JsValue);
    /// The connection has ended or was not made: reason, finer cause, and the error behind it.
    #[wasm_bindgen(method)]
    fn closed(this: &EngineListener, reason: &str, cause: &str, error: &JsValue);

    /// Where to connect: as `Prepared`, and the number of its transports, as in `ConnectRequest`.
    #[wasm_bindgen(extends = Prepared)]
    pub type EngineRequest;
    #[wasm_bindgen(method, getter, js_name = transports)]
    fn transports_number(this: &EngineRequest) -> u8;
    /// A number of `version`.
    #[wasm_bindgen(method, getter, js_name = version)]
    fn version_number(this: &EngineRequest) -> u8;
}

struct EngineClient {
    listener: Held<EngineListener>,
}

type EngineDriver = Rc<Driver<EngineClient>>;

impl Delegate for EngineClient {
    type Machine = EngineSession<JsWire, Tag>;

    fn perform(driver: &EngineDriver, event: Event<JsWire, Tag>) {
        let Some(listener) = driver.delegate.listener.get() else { return };
        match event {
            Event::Opened(_) => {
                driver.log("info", "connected", &JsValue::UNDEFINED);
                listener.opened();
            }
            Event::Message(Frame::Text(text)) => listener.message(&text.into_js()),
            Event::Message(Frame::Bytes(bytes)) => listener.message(&bytes.0),
            Event::Upgraded => driver.log("info", "upgraded", &Transport::WebSocket.name().into()),
            Event::TooLarge(_, excess) => driver.platform().unheard(&errors::too_large(driver.platform(), excess)),
            Event::PossiblyLost(messages) => driver.log("warn", "messages possibly lost", &messages.len().into()),
            Event::Closed(failure) => {
                let reason = match &failure {
                    None => DisconnectReason::ClientDisconnect,
                    Some(TransportError::ServerClosed) => DisconnectReason::ServerDisconnect,
                    Some(_) => DisconnectReason::TransportError,
                };
                let error = failure.as_ref().map(|failure| errors::failure(driver.platform(), failure));
                let error = error.unwrap_or(JsValue::UNDEFINED);
                driver.log("info", "disconnected", &error);
                listener.closed(reason.name(), failure.as_ref().map_or(reason.name(), TransportError::cause), &error);
            }
        }
    }

    fn awake(&self, awake: bool) {
        self.listener.hold(awake);
    }

    fn idle(_: &EngineDriver) {}
}

/// An Engine.IO client, as the facade uses it: the facade has checked what it passes.
#[wasm_bindgen]
pub struct EngineCore {
    driver: EngineDriver,
    config: Config,
}

#[wasm_bindgen]
impl EngineCore {
    /// A client that is not connected. Whoever keeps the client is to keep `listener`.
    #[wasm_bindgen(constructor)]
    pub fn new(platform: Platform, settings: &CoreSettings, listener: &EngineListener) -> EngineCore {
        let client = EngineClient { listener: Held::new(listener) };
        let driver = Driver::new(platform, settings.host(), EngineSession::default(), settings.logger(), client);
        Self { driver, config: settings.session().engine }
    }

    /// Begins to connect, and says whether it does: not while there is a connection already.
    pub fn connect(&self, request: &EngineRequest) -> bool {
        let version_policy = version(request.version_number()).map_or(VersionPolicy::Unknown, VersionPolicy::Fixed);
        let config = Config { transports: transports(request.transports_number()), version_policy, ..self.config };
        self.driver.host().set_headers(request.headers());
        let endpoints = request.endpoints();
        self.driver.command(|solo, now| solo.connect(now, config, endpoints))
    }

    /// Sends a message: a text or a `Uint8Array`.
    pub fn send(&self, data: &JsValue) -> Result<(), JsValue> {
        let frame = match (data.dyn_ref::<JsString>(), data.dyn_ref::<Uint8Array>()) {
            (Some(text), _) => Frame::Text(text.clone().into()),
            (_, Some(bytes)) => Frame::Bytes(JsBytes(bytes.clone())),
            _ => return Err(errors::unserializable(self.driver.platform(), data.clone())),
        };
        self.driver.send(|solo, _| solo.send(frame)).map_err(|why| match why {
            SendError::NotConnected => errors::not_connected(self.driver.platform()),
            SendError::TooLarge(excess) => errors::too_large(self.driver.platform(), excess),
        })
    }

    /// Closes the connection: when what was sent is written, or with `abort` at once.
    pub fn disconnect(&self, abort: bool) {
        self.driver.command(|solo, now| solo.disconnect(now, abort));
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
        self.driver.query(|solo| solo.sid().map(JsText::to_js))
    }

    /// The transport in use, or the last one that was; empty where none ever was.
    pub fn transport(&self) -> JsString {
        JsString::from(self.driver.query(EngineSession::transport).map_or("", Transport::name))
    }

    /// How many messages are kept, not yet handed to the transport.
    #[wasm_bindgen(getter, js_name = bufferedAmount)]
    pub fn buffered_amount(&self) -> usize {
        self.driver.query(EngineSession::unsent)
    }
}

//! Engine.IO alone: the events of its machine, each handed to the frontend.

use super::{Ending, Failure, FrontendError};
use crate::driver::{Driver, Layer};
use crate::engine::{EngineSession, Event, Transport, TransportError};
use crate::host::{Host, JsWire};
use crate::protocol::Frame;
use crate::socket::{DisconnectReason, Tag};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// A language's side of an Engine.IO client. User code may run in each method, and may panic.
pub trait EngineFrontend: Sized + 'static {
    /// An error.
    type Error: FrontendError;
    /// The handshake is done: messages flow.
    fn on_opened(driver: &EngineDriver<Self>);
    /// A message came.
    fn on_message(driver: &EngineDriver<Self>, message: Frame<JsWire>);
    /// The connection has ended, or was not made.
    fn on_closed(driver: &EngineDriver<Self>, ending: Ending<Self::Error>);
    /// Reports an error that nobody waits for.
    fn report(driver: &EngineDriver<Self>, error: Self::Error);
    /// Reports that this number of messages was in a request that failed: the server may have read them or not.
    fn on_possibly_lost(driver: &EngineDriver<Self>, messages: usize);
    /// Is called with true when the client begins to connect, and with false when it is no longer connected and no
    /// longer tries.
    fn set_active(&self, _is_active: bool) {}
}

/// The layer above the driver of an Engine.IO client.
pub struct EngineShell<F> {
    /// The language's side.
    pub frontend: F,
}

/// The driver of an Engine.IO client.
pub type EngineDriver<F> = Rc<Driver<EngineShell<F>>>;

impl<F: EngineFrontend> Layer for EngineShell<F> {
    type Machine = EngineSession<JsWire, Tag>;
    type Host = Host;

    fn on_event(driver: &EngineDriver<F>, event: Event<JsWire, Tag>) {
        let host = &driver.host;
        match event {
            Event::Opened(_) => {
                host.log("info", "connected", &JsValue::UNDEFINED);
                F::on_opened(driver);
            }
            Event::Message(message) => F::on_message(driver, message.into_frame()),
            Event::Upgraded => host.log("info", "upgraded", &Transport::WebSocket.name().into()),
            Event::TooLarge(_, excess) => F::report(driver, F::Error::of(host.platform(), Failure::TooLarge(excess))),
            Event::PossiblyLost(messages) => F::on_possibly_lost(driver, messages.len()),
            Event::Closed(failure) => {
                let reason = match &failure {
                    None => DisconnectReason::ClientDisconnect,
                    Some(TransportError::ServerClosed) => DisconnectReason::ServerDisconnect,
                    Some(_) => DisconnectReason::TransportError,
                };
                let cause = failure.as_ref().map_or(reason.name(), TransportError::cause);
                let error = failure.as_ref().map(|failure| F::Error::of(host.platform(), Failure::Transport(failure)));
                host.log("info", "disconnected", &error.as_ref().map_or_else(|| cause.into(), F::Error::logged));
                F::on_closed(driver, Ending { reason, cause, error, data: None });
            }
        }
    }

    fn on_outputs_done(_: &EngineDriver<F>) {}

    fn set_active(&self, is_active: bool) {
        self.frontend.set_active(is_active);
    }
}

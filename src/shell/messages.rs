//! Events from the server and their answers. Packets are written and read here, in the default format or by a
//! user-supplied codec.

use super::events::feed;
use super::{Failure, Found, Frontend, FrontendError, Outgoing, Prefix, Shell, ShellDriver, name_of};
use crate::engine::TransportError;
use crate::host::{JsText, JsWire, decode};
use crate::protocol::{Frame, PacketType, ProtocolError};
use crate::socket::{CallId, DisconnectReason, IncomingPayload, Input, OutgoingPayload, Responder};
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

impl<F: Frontend> Shell<F> {
    pub(super) fn on_received(
        driver: &ShellDriver<F>,
        namespace: JsText,
        payload: IncomingPayload<JsWire>,
        responder: Option<Responder>,
    ) {
        let Ok(values) = values_of(driver, payload, true) else { return };
        let (name, namespace): (JsString, _) = (values.get(0).unchecked_into(), namespace.into_js());
        if driver.host.logs() {
            driver.host.log("info", "received", &Array::of2(&namespace, &name));
        }
        if F::refuse_event(driver, &namespace, &values) {
            return;
        }
        Self::announce(driver, &namespace, &values, false);
        // An event that nobody handles is not acknowledged: the server must not take it for done.
        if let Some(found) = driver.layer.frontend.listeners().find(&namespace, &name, false) {
            F::call_listeners(driver, &found, &namespace, &values, responder);
        }
    }

    /// Calls the listeners of any event. The name of the event is the first of the values.
    pub(super) fn announce(driver: &ShellDriver<F>, namespace: &JsString, values: &Array, is_outgoing: bool) {
        let [own, all] = driver.layer.frontend.listeners().any(namespace, is_outgoing);
        for (list, prefix) in [(own, Prefix::Event), (all, Prefix::EventAndNamespace)] {
            if let Some(list) = list {
                // A copy, since calling a listener may change the values.
                F::call_listeners(driver, &Found { list, prefix }, namespace, &values.slice(0, values.length()), None);
            }
        }
    }

    /// Answers an event with these values, unless its connection is gone.
    pub fn answer(driver: &ShellDriver<F>, responder: Responder, values: &F::Values) {
        let question = driver.query(|session| session.ack_target(responder).map(|(name, id)| (name.clone(), id)));
        let Some((namespace, id)) = question else { return };
        match Self::write(driver, PacketType::Ack, Some(&namespace), values, Some(id)) {
            Ok(payload) => driver.command(|session, now| session.answer(now, responder, payload)),
            Err(error) => F::on_unwritable_answer(driver, &namespace, values, responder, error),
        }
    }

    /// Reports why an event is not answered.
    pub fn fail_answer(driver: &ShellDriver<F>, responder: Responder, error: F::Error) {
        let namespace = driver.query(|session| session.ack_target(responder).map(|(name, _)| name.clone()));
        F::report(driver, &name_of(namespace.as_ref()), error);
    }

    pub(super) fn on_acknowledged(driver: &ShellDriver<F>, id: CallId, payload: IncomingPayload<JsWire>) {
        let Some(call) = driver.layer.frontend.take_call(id) else { return };
        match values_of(driver, payload, false) {
            Ok(values) => F::resolve(driver, call, values),
            Err(violation) => {
                let platform = driver.host.platform();
                let cause = F::Error::of(platform, Failure::Transport(&violation));
                F::reject(call, F::Error::disconnected(platform, DisconnectReason::TransportError, Some(cause)));
            }
        }
    }

    /// Has the codec read a frame. The session reads nothing more until it has the packets.
    pub(super) fn parse(driver: &ShellDriver<F>, frame: Frame<JsWire>) {
        let packets = driver.layer.frontend.read(driver.host.platform(), frame);
        let packets = packets.map_err(|error| {
            driver.layer.failed.replace(Some(error));
            ProtocolError::Unparsable
        });
        feed(driver, Input::Decoded(packets));
    }

    /// Writes these values: as the packet that the codec makes, or without a codec as JSON. User code may run in it.
    /// Without a namespace it is `/`.
    pub(super) fn write(
        driver: &ShellDriver<F>,
        kind: PacketType,
        namespace: Option<&JsText>,
        values: &F::Values,
        id: Option<u64>,
    ) -> Result<OutgoingPayload<JsWire>, F::Error> {
        let (frontend, platform) = (&driver.layer.frontend, driver.host.platform());
        if frontend.has_codec() {
            return frontend
                .write_values(platform, kind, &name_of(namespace), values, id)
                .map(OutgoingPayload::Encoded);
        }
        values
            .encode(platform, driver.layer.max_depth)
            .map_err(|thrown| F::Error::of(platform, Failure::Unserializable(thrown)))
    }
}

/// The values of a payload. A malformed one ends the connection, and is an error.
fn values_of<F: Frontend>(
    driver: &ShellDriver<F>,
    payload: IncomingPayload<JsWire>,
    is_event: bool,
) -> Result<Array, TransportError<JsWire>> {
    decode(driver.host.platform(), &payload, driver.layer.max_depth, is_event).map_err(|error| {
        let text = match payload {
            IncomingPayload::Json(json, _) => Some(json.into_text()),
            IncomingPayload::Value(_) => None,
        };
        let violation = TransportError::Protocol(error, text.clone());
        feed(driver, Input::Malformed(error, text));
        violation
    })
}

//! Every error as a code and its values. The facade has the messages: strings and their formatting are the largest thing wasm can link.

use crate::engine::TransportError;
use crate::host::{JsText, JsWire, Platform};
use crate::protocol::{ProtocolError, Text};
use crate::shell::{Failure, FrontendError};
use crate::socket::{DisconnectReason, Loss};
use crate::tables::codes;
use js_sys::{Array, JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue};

const NONE: JsValue = JsValue::UNDEFINED;

/// The error for a code and its values.
fn error(platform: &Platform, code: &str, values: [JsValue; 3]) -> JsValue {
    let [a, b, c] = values;
    platform.error(&JsString::from(code), &a, &b, &c)
}

impl FrontendError for JsValue {
    fn of(platform: &Platform, failure: Failure<'_>) -> JsValue {
        let (code, values) = match failure {
            Failure::Transport(failure) => return of_transport(platform, failure),
            Failure::Refused(namespaces, data) => {
                let data = data.unwrap_or_default();
                // The server's message, if it sent one.
                let message = match data.dyn_ref::<JsString>() {
                    Some(text) => text.into(),
                    None => crate::host::message_of(&data).map_or(NONE, JsValue::from),
                };
                (codes::REFUSED, [list(namespaces), message, data])
            }
            Failure::NotConnected => (codes::NOT_CONNECTED, [NONE, NONE, NONE]),
            Failure::Connecting => (codes::CONNECTING, [NONE, NONE, NONE]),
            Failure::AlreadyConnected => (codes::ALREADY_CONNECTED, [NONE, NONE, NONE]),
            Failure::BadNamespace(namespace) => (codes::BAD_NAMESPACE, [words(&namespace), NONE, NONE]),
            Failure::BufferFull(limit) => (codes::BUFFER_FULL, [limit.into(), NONE, NONE]),
            Failure::TooLarge(excess) => (codes::PAYLOAD_TOO_LARGE, [excess.size.into(), excess.limit.into(), NONE]),
            Failure::CallTimeout(event, milliseconds) => (codes::CALL_TIMEOUT, [event, number(milliseconds), NONE]),
            Failure::Lost(namespace, loss, count) => {
                let code = match loss {
                    Loss::NotSent => codes::NOT_SENT,
                    Loss::Possible => codes::POSSIBLY_LOST,
                };
                (code, [count.into(), words(namespace), NONE])
            }
            Failure::Dropped(event) => (codes::DROPPED, [event, NONE, NONE]),
            Failure::Unserializable(thrown) => return unserializable(platform, thrown),
        };
        error(platform, code, values)
    }

    fn disconnected(platform: &Platform, reason: DisconnectReason, cause: Option<JsValue>) -> JsValue {
        error(platform, codes::DISCONNECTED, [reason.name().into(), cause.unwrap_or_default(), NONE])
    }

    fn logged(&self) -> JsValue {
        self.clone()
    }
}

/// The error of values that cannot be written.
pub(super) fn unserializable(platform: &Platform, thrown: JsValue) -> JsValue {
    error(platform, codes::UNSERIALIZABLE, [thrown, NONE, NONE])
}

/// The error of a frame that the parser cannot read: its cause is what was thrown.
pub(super) fn unparsable(platform: &Platform, thrown: JsValue) -> JsValue {
    error(platform, codes::PARSE_ERROR, [ProtocolError::Unparsable.what().into(), NONE, thrown])
}

/// The error of an event, or of an acknowledgement for a callback, with more values than a function can be called with.
pub(super) fn too_many(platform: &Platform, event: &JsValue, count: u32, limit: u32) -> JsValue {
    error(platform, codes::TOO_MANY_ARGUMENTS, [event.clone(), count.into(), limit.into()])
}

fn of_transport(platform: &Platform, failure: &TransportError<JsWire>) -> JsValue {
    let text = |text: &Option<JsText>| text.as_ref().map_or(NONE, words);
    let (code, values) = match failure {
        TransportError::Unreachable(transport, words) => {
            (codes::UNREACHABLE, [transport.name().into(), text(words), NONE])
        }
        TransportError::RequestTimeout(transport, milliseconds) => {
            (codes::REQUEST_TIMEOUT, [number(*milliseconds), transport.name().into(), NONE])
        }
        TransportError::PingTimeout(milliseconds) => (codes::PING_TIMEOUT, [number(*milliseconds), NONE, NONE]),
        TransportError::SocketClosed(code, reason) => (codes::SOCKET_CLOSED, [(*code).into(), words(reason), NONE]),
        TransportError::Status(status, body) => (codes::HTTP_STATUS, [(*status).into(), words(body), NONE]),
        TransportError::UnsupportedVersion(status, body) => {
            (codes::UNSUPPORTED_VERSION, [(*status).into(), words(body), NONE])
        }
        TransportError::OriginRefused(status, body) => (codes::ORIGIN_REFUSED, [(*status).into(), words(body), NONE]),
        TransportError::SessionUnknown(status, body) => (codes::SESSION_UNKNOWN, [(*status).into(), words(body), NONE]),
        TransportError::NotSocketIo(came) => (codes::NOT_SOCKETIO, [words(&came.slice(0, 200)), NONE, NONE]),
        TransportError::ServerClosed => (codes::SERVER_CLOSED, [NONE, NONE, NONE]),
        TransportError::ConnectTimeout(milliseconds, namespaces) => {
            (codes::CONNECT_TIMEOUT, [number(*milliseconds), list(namespaces), NONE])
        }
        TransportError::EmptyPolls(count) => (codes::EMPTY_POLLS, [(*count).into(), NONE, NONE]),
        TransportError::Offline => (codes::OFFLINE, [NONE, NONE, NONE]),
        TransportError::Protocol(what, came) => {
            let came = came.as_ref().map_or(NONE, |came| words(&came.slice(0, 200)));
            (codes::PARSE_ERROR, [what.what().into(), came, NONE])
        }
        TransportError::PreparationTimeout(milliseconds) => {
            (codes::PREPARATION_TIMEOUT, [number(*milliseconds), NONE, NONE])
        }
        // The user's own error stands in its place; this is for one that is there no more.
        TransportError::Preparation => (codes::PREPARATION_FAILED, [NONE, NONE, NONE]),
    };
    error(platform, code, values)
}

fn list(namespaces: &[JsText]) -> JsValue {
    namespaces.iter().map(JsText::to_js).collect::<Array>().into()
}

fn words(text: &JsText) -> JsValue {
    text.to_js().into()
}

fn number(value: u64) -> JsValue {
    JsValue::from_f64(value as f64)
}

/// Returns the error of an attempt. What a user-supplied function has thrown may be any value, and is the cause of one.
pub(super) fn of_attempt(platform: &Platform, thrown: JsValue) -> JsValue {
    if has(&thrown, "fault") {
        return thrown;
    }
    error(platform, codes::PREPARATION_FAILED, [thrown, NONE, NONE])
}

fn has(error: &JsValue, field: &str) -> bool {
    Reflect::has(error, &field.into()).unwrap_or_default()
}

/// Names the namespace whose connection an attempt did not make, unless the error names some.
pub(super) fn add_namespace(error: &JsValue, namespace: &JsString) {
    if has(error, "fault") && !has(error, "namespaces") {
        // False if the object is frozen.
        let _ = Reflect::set(error, &"namespaces".into(), &Array::of1(namespace));
    }
}

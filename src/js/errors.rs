//! Every error as a code and its values. The facade has the messages: strings and their formatting are the largest thing wasm can link.

use super::settings::PendingAnswer;
use crate::engine::{TooLarge, TransportError};
use crate::host::{JsText, JsWire, Platform, read};
use crate::protocol::{ProtocolError, Text};
use crate::socket::{CallError, CommandError, ConnectError, DisconnectReason, Loss};
use crate::tables::codes;
use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue};

const NONE: JsValue = JsValue::UNDEFINED;

/// The error for a code and its values.
pub(super) fn error(platform: &Platform, code: &str, values: [JsValue; 3]) -> JsValue {
    let [a, b, c] = values;
    platform.error(&JsString::from(code), &a, &b, &c)
}

pub(super) fn unserializable(platform: &Platform, thrown: JsValue) -> JsValue {
    error(platform, codes::UNSERIALIZABLE, [thrown, NONE, NONE])
}

pub(super) fn unparsable(platform: &Platform, thrown: JsValue) -> JsValue {
    error(platform, codes::PARSE_ERROR, [ProtocolError::Unparsable.what().into(), NONE, thrown])
}

pub(super) fn too_large(platform: &Platform, excess: TooLarge) -> JsValue {
    error(platform, codes::PAYLOAD_TOO_LARGE, [excess.size.into(), excess.limit.into(), NONE])
}

/// The error of an event, or of an acknowledgement for a callback, with more values than a function can be called with.
pub(super) fn too_many(platform: &Platform, event: &JsValue, count: u32, limit: u32) -> JsValue {
    error(platform, codes::TOO_MANY_ARGUMENTS, [event.clone(), count.into(), limit.into()])
}

/// The error of so many events that were lost.
pub(super) fn lost(platform: &Platform, namespace: &JsText, loss: Loss, count: usize) -> JsValue {
    let code = match loss {
        Loss::NotSent => codes::NOT_SENT,
        Loss::Possible => codes::POSSIBLY_LOST,
    };
    error(platform, code, [count.into(), words(namespace), NONE])
}

pub(super) fn bad_namespace(platform: &Platform, namespace: &JsValue) -> JsValue {
    error(platform, codes::BAD_NAMESPACE, [namespace.clone(), NONE, NONE])
}

pub(super) fn disconnected(platform: &Platform, reason: DisconnectReason) -> JsValue {
    error(platform, codes::DISCONNECTED, [reason.name().into(), NONE, NONE])
}

pub(super) fn not_connected(platform: &Platform) -> JsValue {
    error(platform, codes::NOT_CONNECTED, [NONE, NONE, NONE])
}

pub(super) fn refusal(platform: &Platform, refusal: CommandError, namespace: &JsValue) -> JsValue {
    match refusal {
        CommandError::NotConnected => not_connected(platform),
        CommandError::AlreadyConnected => error(platform, codes::ALREADY_CONNECTED, [NONE, NONE, NONE]),
        CommandError::BadNamespace => bad_namespace(platform, namespace),
        CommandError::BufferFull(limit) => error(platform, codes::BUFFER_FULL, [limit.into(), NONE, NONE]),
        CommandError::TooLarge(excess) => too_large(platform, excess),
    }
}

pub(super) fn failure(platform: &Platform, failure: &TransportError<JsWire>) -> JsValue {
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

pub(super) fn connect_failure(platform: &Platform, why: &ConnectError<JsWire>) -> JsValue {
    match why {
        ConnectError::Failed(why) => failure(platform, why),
        ConnectError::Refused(namespaces, data) => {
            refused(platform, namespaces, data.as_ref().map_or(NONE, |data| read(platform, data)))
        }
        ConnectError::TooLarge(excess) => too_large(platform, *excess),
        ConnectError::Disconnected(reason) => disconnected(platform, *reason),
    }
}

/// The error of refused namespaces: what the server sent, and its message where it has one.
pub(super) fn refused(platform: &Platform, namespaces: &[JsText], data: JsValue) -> JsValue {
    let message = match data.dyn_ref::<JsString>() {
        Some(text) => text.into(),
        None => crate::host::message_of(&data).map_or(NONE, JsValue::from),
    };
    error(platform, codes::REFUSED, [list(namespaces), message, data])
}

pub(super) fn call_failure(platform: &Platform, why: CallError, answer: &PendingAnswer) -> JsValue {
    match why {
        CallError::Timeout(milliseconds) => {
            error(platform, codes::CALL_TIMEOUT, [answer.event(), number(milliseconds), NONE])
        }
        CallError::Disconnected(reason) => disconnected(platform, reason),
        CallError::BadNamespace => bad_namespace(platform, &answer.namespace()),
        CallError::TooLarge(excess) => too_large(platform, excess),
        CallError::Dropped => error(platform, "DROPPED", [answer.event(), NONE, NONE]),
    }
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

//! The errors of what the machines, the transports and the platform report.

use super::cause::Cause;
use super::error::Error;
use super::names::shown;
use super::redact::redacted;
use super::server_data::ServerData;
use crate::engine::{TooLarge, TransportError};
use crate::host::{JsText, JsWire, Platform, message_of};
use crate::protocol::Text;
use crate::shell::{Failure, FrontendError};
use crate::socket::{DisconnectReason, Loss};
use core::time::Duration;
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

impl FrontendError for Error {
    fn of(_: &Platform, failure: Failure<'_>) -> Self {
        match failure {
            Failure::Transport(failure) => failure.into(),
            Failure::Refused(namespaces, data) => {
                let message =
                    |data: &JsValue| data.dyn_ref::<JsString>().cloned().or_else(|| message_of(data)).map(String::from);
                Self::Refused {
                    namespaces: names(namespaces),
                    message: data.as_ref().and_then(message),
                    data: data.as_ref().and_then(ServerData::of),
                }
            }
            Failure::NotConnected => Self::NotConnected { event: None },
            Failure::Connecting => Self::Connecting { event: None },
            Failure::AlreadyConnected => Self::AlreadyConnected,
            Failure::BadNamespace(namespace) => Self::BadNamespace { namespace: shown(&text(&namespace)), event: None },
            Failure::BufferFull(limit) => Self::BufferFull { limit, event: None },
            Failure::TooLarge(TooLarge { size, limit }) => Self::TooLarge { size, limit, event: None },
            Failure::CallTimeout(event, milliseconds) => Self::CallTimeout {
                event: event.as_string().unwrap_or_default(),
                timeout: Duration::from_millis(milliseconds),
            },
            Failure::Lost(namespace, loss, events) => {
                let namespace = text(namespace);
                match loss {
                    Loss::NotSent => Self::NotSent { namespace, events },
                    Loss::Possible => Self::PossiblyLost { namespace, events },
                }
            }
            Failure::Dropped(event) => Self::Dropped { event: event.as_string().unwrap_or_default() },
            Failure::Unserializable(thrown) => {
                Self::unserializable(message_of(&thrown).map_or_else(|| "it is no value of JSON".into(), String::from))
            }
        }
    }

    fn disconnected(_: &Platform, reason: DisconnectReason, cause: Option<Self>) -> Self {
        Self::Disconnected { reason, event: None, cause: cause.map(Box::new) }
    }

    fn logged(&self) -> JsValue {
        self.to_string().into()
    }
}

fn names(namespaces: &[JsText]) -> Vec<String> {
    namespaces.iter().map(text).collect()
}

fn text(text: &JsText) -> String {
    text.to_js().into()
}

impl From<&TransportError<JsWire>> for Error {
    fn from(failure: &TransportError<JsWire>) -> Self {
        let start = |came: &JsText| text(&came.slice(0, 200));
        match failure {
            TransportError::Unreachable(transport, words) => {
                Self::Unreachable(*transport, words.as_ref().map(|words| redacted(&text(words))))
            }
            TransportError::RequestTimeout(transport, time) => {
                Self::RequestTimeout(*transport, Duration::from_millis(*time))
            }
            TransportError::PingTimeout(time) => Self::PingTimeout(Duration::from_millis(*time)),
            TransportError::SocketClosed(code, reason) => Self::SocketClosed(*code, text(reason)),
            TransportError::Status(status, body) => Self::Status(*status, text(body)),
            TransportError::UnsupportedVersion(status, body) => Self::UnsupportedVersion(*status, text(body)),
            TransportError::OriginRefused(status, body) => Self::OriginRefused(*status, text(body)),
            TransportError::SessionUnknown(status, body) => Self::SessionUnknown(*status, text(body)),
            TransportError::NotSocketIo(came) => Self::NotSocketIo(start(came)),
            TransportError::ServerClosed => Self::ServerClosed,
            TransportError::ConnectTimeout(time, namespaces) => {
                Self::ConnectTimeout { timeout: Duration::from_millis(*time), namespaces: names(namespaces) }
            }
            TransportError::EmptyPolls(count) => Self::EmptyPolls(*count),
            TransportError::Offline => Self::Offline,
            TransportError::Protocol(what, came) => {
                Self::Protocol { what: what.what(), came: came.as_ref().map(start) }
            }
            // The shell has the error of the function itself.
            TransportError::Preparation => {
                Self::Preparation { function: "URL, headers or auth", cause: Cause::new("") }
            }
            TransportError::PreparationTimeout(time) => Self::PreparationTimeout(Duration::from_millis(*time)),
        }
    }
}

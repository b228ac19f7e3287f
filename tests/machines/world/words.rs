//! Events in few words, for assertions.

use super::Act;
use socketio_wasm::protocol::StdWire;
use socketio_wasm::socket::{Action, CallError, ConnectError, DisconnectCause, IncomingPayload};

/// An action in few words; nothing for what is between session and driver.
pub fn word(action: &Act) -> String {
    match action {
        Action::Engine(_) | Action::Prepare(_) | Action::Authenticate(..) => String::new(),
        // The tests of `life.rs` look at these.
        Action::AskDelay(..)
        | Action::ReconnectAttempt(..)
        | Action::Reconnected(_)
        | Action::ReconnectFailed
        | Action::StateChanged(..) => String::new(),
        Action::Connected(name) => format!("connected {name}"),
        Action::Refused(name, data) => format!("refused {name} {}", data.as_ref().map_or("-".to_owned(), shown)),
        Action::AttemptFailed(name, failure) => format!("attempt failed {name}: {}", failure.cause()),
        Action::Event(name, payload, _) => format!("event {name} {}", shown(payload)),
        Action::Acknowledged(call, payload) => format!("ack {} {}", call.0, shown(payload)),
        Action::CallFailed(call, CallError::Disconnected(cause)) => {
            format!("call {} failed: Disconnected({:?})", call.0, cause.reason())
        }
        Action::CallFailed(call, why) => format!("call {} failed: {why:?}", call.0),
        Action::Dropped(_, excess) => format!("dropped {} over {}", excess.size, excess.limit),
        Action::Lost(name, loss, count) => format!("{count} events of {name}: {loss:?}"),
        Action::DisconnectDone(_, 0) => String::new(),
        Action::DisconnectDone(_, unsent) => format!("left with {unsent} unsent"),
        Action::Disconnected(name, parting) => match parting {
            DisconnectCause::Client | DisconnectCause::Server(None) => {
                format!("disconnected {name}: {}", parting.reason().name())
            }
            DisconnectCause::Server(Some(data)) => {
                format!("disconnected {name}: {}, {}", parting.reason().name(), shown(data))
            }
            DisconnectCause::Lost(_) => {
                format!("disconnected {name}: {}, {}", parting.reason().name(), parting.cause())
            }
        },
        Action::DisconnectFinal(name, _) => format!("final {name}"),
        Action::Settled(_, Ok(())) => "connect ok".to_owned(),
        Action::Settled(_, Err(ConnectError::Disconnected(cause))) => {
            format!("connect failed: Disconnected({:?})", cause.reason())
        }
        Action::Settled(_, Err(why)) => format!("connect failed: {why:?}"),
        Action::Upgraded => "upgraded".to_owned(),
        Action::Decode(_) => "parse".to_owned(),
        Action::AuthUnused => "auth unused".to_owned(),
        Action::Ended => "ended".to_owned(),
    }
}

fn shown(payload: &IncomingPayload<StdWire>) -> String {
    match payload {
        IncomingPayload::Json(json, _) => json.to_text(),
        IncomingPayload::Value(value) => format!("value {value}"),
    }
}

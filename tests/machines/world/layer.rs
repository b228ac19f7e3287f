//! The layer above the driver: user code, and the session's events answered as a frontend answers them.

use super::network::Parcel;
use super::{Act, Slot, WorldDriver, parser, user};
use socketio_wasm::driver::{Driver, Host, Layer};
use socketio_wasm::engine::Endpoints;
use socketio_wasm::protocol::{PacketType, ProtocolError, StdWire};
use socketio_wasm::socket::{Action, Attempt, IncomingPayload, Input, OutgoingPayload, Responder, Session};
use std::rc::Rc;

/// The layer of a world.
pub struct WorldLayer(pub(super) Slot);

impl Layer for WorldLayer {
    type Machine = Session<StdWire>;
    type Host = super::VirtualHost;

    fn on_event(driver: &WorldDriver, event: Act) {
        let slot = &driver.layer.0;
        slot.with(|state| {
            state.count_output();
            assert_eq!(state.handlers, 0, "{event:?} in the middle of a handler");
            state.log.push((state.now, event.clone()));
            state.check(&event);
        });
        match event {
            Action::Decode(frame) => {
                // User code runs before the packets are reported. As a frontend does it, a panic of it does not prevent the report.
                driver.host.guard(|| user::react(driver));
                let packets = slot.with(|state| state.parser.as_mut().expect("a parser").read(frame));
                feed(driver, Input::Decoded(packets));
            }
            Action::Prepare(attempt) => prepare(driver, attempt),
            Action::Authenticate(attempt, names) => authenticate(driver, attempt, names),
            Action::Event(_, payload, responder) => answer(driver, &payload, responder),
            _ => {}
        }
        user::react(driver);
    }

    fn on_outputs_done(driver: &WorldDriver) {
        driver.layer.0.with(|state| assert_eq!((state.guards, state.handlers), (0, 0), "outputs still to be acted on"));
    }

    fn set_active(&self, is_active: bool) {
        self.0.with(|state| {
            assert_ne!(state.is_active, is_active);
            state.is_active = is_active;
        });
    }
}

fn feed(driver: &Rc<Driver<WorldLayer>>, input: Input<StdWire>) {
    driver.command(|session, now| session.handle_input(now, input));
}

/// The url is known later.
fn prepare(driver: &WorldDriver, attempt: Attempt) {
    driver.layer.0.with(|state| {
        if let Some(parser) = &mut state.parser {
            parser.reset();
        }
        let endpoints = Endpoints {
            polling: "http://x/socket.io/?transport=polling&EIO=".to_owned(),
            websocket: "ws://x/socket.io/?transport=websocket&EIO=".to_owned(),
        };
        let random = state.random.pop_front().unwrap_or(0.5);
        let input = match state.url_fails.checked_sub(1) {
            None => Input::Prepared(attempt, endpoints, random),
            Some(left) => {
                state.url_fails = left;
                Input::PreparationFailed(attempt, random)
            }
        };
        state.enqueue(state.now, Parcel::ToClient(input));
    });
}

fn authenticate(driver: &WorldDriver, attempt: Attempt, names: Vec<String>) {
    driver.layer.0.with(|state| {
        if state.parser.is_some() && state.auth_fails == 0 {
            for name in names {
                let packets = [PacketType::Connect, PacketType::Disconnect];
                let packets = packets.map(|kind| parser::written(kind, &name, None, "", Vec::new()));
                state.enqueue(state.now, Parcel::ToClient(Input::ConnectEncoded(attempt, name, packets)));
            }
            return;
        }
        let auth = state.auth.clone();
        let input = match state.auth_fails.checked_sub(1) {
            None => Input::Authenticated(attempt, names, auth),
            Some(left) => {
                state.auth_fails = left;
                Input::AuthenticationFailed(attempt, names)
            }
        };
        state.enqueue(state.now, Parcel::ToClient(input));
    });
}

/// Reports a malformed payload, and answers an event that asks for it with `["heard"]`.
fn answer(driver: &WorldDriver, payload: &IncomingPayload<StdWire>, responder: Option<Responder>) {
    if let IncomingPayload::Json(json, _) = payload
        && serde_json::from_str::<serde_json::Value>(&json.to_text()).is_err()
    {
        return feed(driver, Input::Malformed(ProtocolError::BadJson, Some(json.to_text())));
    }
    let (answers, has_parser) = driver.layer.0.with(|state| (state.answers, state.parser.is_some()));
    let Some(responder) = responder.filter(|_| answers) else { return };
    let heard = r#"["heard"]"#;
    let content = match driver.query(|session| session.ack_target(responder).map(|(name, id)| (name.clone(), id))) {
        Some((name, id)) if has_parser => {
            OutgoingPayload::Encoded(parser::written(PacketType::Ack, &name, Some(id), heard, Vec::new()))
        }
        _ => OutgoingPayload::Json(heard.to_owned(), Vec::new()),
    };
    driver.command(|session, now| session.answer(now, responder, content));
}

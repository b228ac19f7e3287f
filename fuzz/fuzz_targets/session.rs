//! Bytes as a schedule: what a user asks for, what a server sends, and how time passes. All that is called of the session is called here.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio_wasm::engine::{self, Endpoints, Failure, TransportId, Transports};
use socketio_wasm::protocol::{Frame, ProtocolError, Revision, StdWire};
use socketio_wasm::socket::{Action, CallId, Connect, Content, Input, Patience, Session, Settings};
use std::collections::BTreeSet;

/// The next byte; 0 at the end.
fn byte(bytes: &mut &[u8]) -> u8 {
    bytes.split_off_first().copied().unwrap_or(0)
}

/// Some of what follows, as text.
fn text(bytes: &mut &[u8]) -> String {
    let length = usize::from(byte(bytes) % 64).min(bytes.len());
    String::from_utf8_lossy(bytes.split_off(..length).unwrap_or_default()).into_owned()
}

/// What a server is most likely to send, or anything.
fn packet(bytes: &mut &[u8]) -> String {
    match byte(bytes) % 8 {
        0 => {
            r#"0{"sid":"S","upgrades":["websocket"],"pingInterval":2000,"pingTimeout":1000,"maxPayload":60}"#.to_owned()
        }
        1 => r#"40{"sid":"x"}"#.to_owned(),
        2 => r#"40/a,{"sid":"y"}"#.to_owned(),
        3 => "3probe".to_owned(),
        4 => format!("43{}[]", byte(bytes)),
        5 => format!("4{}", text(bytes)),
        6 => format!("42/a,{}[1]\u{1e}2\u{1e}451-[0]\u{1e}bAAAA", byte(bytes)),
        _ => text(bytes),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let bytes = &mut &bytes[..];
    let mut session = Session::<StdWire>::new(Settings::default());
    let mut now = 0_u64;
    let mut last_id = 0;
    let mut attempt = None;
    let mut calls = BTreeSet::new();
    let names = [String::from("/"), String::from("/a")];
    let transports = [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket];
    while !bytes.is_empty() {
        let mut actions = Vec::new();
        let name = &names[usize::from(byte(bytes) % 2)];
        match byte(bytes) % 16 {
            0 => {
                let transports = transports[usize::from(byte(bytes) % 3)];
                let wait = Some(u64::from(byte(bytes)) * 20).filter(|wait| *wait > 0);
                let revision = [None, Some(Revision::V3), Some(Revision::V4)][usize::from(byte(bytes) % 3)];
                let retry = byte(bytes).is_multiple_of(2);
                let request = Connect { namespaces: names.to_vec(), transports, revision, wait, retry };
                let _ = session.connect(now, request, &mut actions);
            }
            1 => {
                let content = Content::Json("[1]".to_owned(), vec![vec![0; usize::from(byte(bytes))]]);
                let timeout = Some(u64::from(byte(bytes)) * 50);
                let answer = byte(bytes).is_multiple_of(2).then(|| (session.next_call(), timeout));
                let waits = session.emit(now, Some(name), content, Patience::Buffer, answer, &mut actions);
                calls.extend(answer.filter(|_| waits == Ok(true)).map(|(call, _)| call));
            }
            2 => {
                let call = CallId(byte(bytes).into());
                assert_eq!(session.cancel(call), calls.remove(&call));
            }
            3 => drop(session.connect_namespace(now, name.clone(), &mut actions)),
            4 => session.disconnect_namespace(now, name, &mut actions),
            5 => session.disconnect(now, &mut actions),
            6 => session.flush(now, &mut actions),
            7 | 8 => {
                now += u64::from(byte(bytes)) * 20;
                session.handle(now, Input::Tick, &mut actions);
                assert!(session.deadline().is_none_or(|deadline| deadline > now), "a hot loop");
            }
            9 => session.handle(now, Input::Malformed(ProtocolError::BadJson, Some(text(bytes))), &mut actions),
            kind => {
                let id = TransportId(last_id - u32::from(byte(bytes) % 4).min(last_id));
                let input = match kind {
                    10 => engine::Input::WebSocketOpened(id),
                    11 => engine::Input::WebSocketReceived(id, Frame::Text(packet(bytes))),
                    12 => engine::Input::WebSocketReceived(id, Frame::Bytes(text(bytes).into_bytes())),
                    13 => engine::Input::WebSocketClosed(id, Failure::SocketClosed(1006, text(bytes))),
                    14 => engine::Input::RequestFailed(id, None),
                    _ => engine::Input::Responded(id, if byte(bytes) == 1 { 400 } else { 200 }, packet(bytes)),
                };
                session.handle(now, Input::Engine(input), &mut actions);
            }
        }
        // What the driver does at once.
        while !actions.is_empty() {
            let mut more = Vec::new();
            for action in actions.drain(..) {
                match action {
                    Action::Prepare(next) => {
                        attempt = Some(next);
                        let endpoints = Endpoints { polling: String::new(), websocket: String::new() };
                        session.handle(now, Input::Prepared(next, endpoints, 0.5), &mut more);
                    }
                    Action::Authenticate(next, names) => {
                        assert_eq!(attempt, Some(next));
                        session.handle(now, Input::Authenticated(next, names, None), &mut more);
                    }
                    Action::Event(_, _, Some(responder)) => {
                        let content = Content::Json("[]".to_owned(), Vec::new());
                        session.answer(responder, content, &mut more);
                    }
                    Action::Acknowledged(call, _) | Action::CallFailed(call, _) => assert!(calls.remove(&call)),
                    Action::Engine(
                        engine::Action::Get(id, _)
                        | engine::Action::Post(id, ..)
                        | engine::Action::OpenWebSocket(id, _),
                    ) => {
                        assert!(id.0 > last_id);
                        last_id = id.0;
                    }
                    _ => {}
                }
            }
            actions = more;
        }
    }
});

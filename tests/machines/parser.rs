//! Packets written and read by a parser in place of the default format.

use crate::rig::{SessionRig, open_packet, opened, request};
use serde_json::{Value, json};
use socketio_wasm::protocol::{Frame, Kind, Parser, ProtocolError, StdParser};
use socketio_wasm::socket::{Input, Patience, Payload, Reason, Refusal, Settings};

/// A connected session with a parser, whose frames are binary.
fn connected() -> SessionRig {
    connected_by(StdParser::default())
}

fn connected_by(parser: StdParser) -> SessionRig {
    let mut rig = SessionRig::new(Settings::default());
    rig.session.set_parser(Some(parser));
    rig.connect(request(&["/", "/a"])).unwrap();
    rig.prepared();
    rig.handle(Input::Engine(opened(1)));
    rig.receive(&open_packet(""));
    rig.handle(Input::Authenticated(rig.attempt, vec!["/".to_owned()], Some(Payload::Value(json!({"token": "T"})))));
    rig.handle(Input::Authenticated(rig.attempt, vec!["/a".to_owned()], None));
    assert_eq!(rig.flush().len(), 1);
    for name in ["/", "/a"] {
        let said = rig.binary(&packet(Kind::Connect, name, None, json!({"sid": format!("sid of {name}")})));
        assert_eq!(said.first(), Some(&format!("connected {name}")));
    }
    rig
}

fn packet(kind: Kind, name: &str, id: Option<u64>, value: Value) -> Vec<u8> {
    let namespace = (name != "/").then(|| name.to_owned());
    let frames = StdParser::default().encode(kind, namespace.as_ref(), id, Some(&value)).unwrap();
    let [Frame::Bytes(bytes)] = frames.as_slice() else { panic!("{frames:?}") };
    bytes.clone()
}

#[test]
fn events_go_both_ways_as_values() {
    let mut rig = connected();
    assert_eq!(rig.session.sid(&"/a".to_owned()), Some(&"sid of /a".to_owned()));
    let call =
        rig.emit_payload("/a", Payload::Value(json!(["ask", 1])), Patience::Buffer, Some(None)).unwrap().unwrap();
    let sent = packet(Kind::Event, "/a", Some(call.0), json!(["ask", 1]));
    assert_eq!(rig.flush(), [format!("send 1 <{}>", sent.len())]);
    assert_eq!(rig.binary(&packet(Kind::Ack, "/a", Some(call.0), json!([2]))), [format!("ack {} value [2]", call.0)]);
    assert_eq!(rig.binary(&packet(Kind::Event, "/", Some(7), json!(["news"]))), [r#"event / value ["news"]"#]);
    let responder = rig.responder.unwrap();
    rig.step(|session, _, actions| session.answer(responder, Payload::Value(json!(["thanks"])), actions));
    let answer = packet(Kind::Ack, "/", Some(7), json!(["thanks"]));
    assert_eq!(rig.flush(), [format!("send 1 <{}>", answer.len())]);
}

#[test]
fn a_refusal_and_a_disconnect_carry_values_too() {
    let mut rig = connected();
    rig.enter("/b");
    rig.handle(Input::Authenticated(rig.attempt, vec!["/b".to_owned()], None));
    let said = rig.binary(&packet(Kind::ConnectError, "/b", None, json!({"message": "no"})));
    assert_eq!(said.first().map(String::as_str), Some(r#"refused /b value {"message":"no"}"#));
    // A server that writes the absent payload as null.
    let said = rig.binary(&packet(Kind::Disconnect, "/a", None, Value::Null));
    assert_eq!(said, [format!("disconnected /a: {}", Reason::ServerDisconnect.name()), "final /a".to_owned()]);
}

#[test]
fn what_the_parser_does_not_take_ends_the_connection() {
    let mut rig = connected();
    let said = rig.binary(b"no JSON");
    assert!(said.iter().any(|word| word == "disconnected /: transport error, parse error"), "{said:?}");
    let mut rig = connected();
    let said = rig.receive("42[\"text\"]");
    assert!(said.iter().any(|word| word == "disconnected /: transport error, parse error"), "{said:?}");
}

#[test]
fn a_size_limit_holds_for_the_parser_s_frames() {
    let mut settings = Settings::default();
    settings.engine.limits.max_packet_size = 10;
    let mut rig = SessionRig::new(settings);
    rig.session.set_parser(Some(StdParser::default()));
    rig.connect(request(&["/"])).unwrap();
    rig.prepared();
    rig.handle(Input::Engine(opened(1)));
    rig.step(|session, now, actions| {
        let frame = Frame::Text(r#"0{"sid":"S","upgrades":[],"pingInterval":1,"pingTimeout":1}"#.to_owned());
        let id = socketio_wasm::engine::TransportId(1);
        session.handle(now, Input::Engine(socketio_wasm::engine::Input::WebSocketReceived(id, frame)), actions);
    });
    rig.handle(Input::Authenticated(rig.attempt, vec!["/".to_owned()], None));
    let large = packet(Kind::Connect, "/", None, json!({"sid": "S"}));
    let said = rig.binary(&large);
    let what = format!("{:?}", ProtocolError::PacketTooLarge);
    assert!(said.iter().any(|word| word.contains(&what)), "{said:?}");
}

#[test]
fn what_is_kept_is_sent_on_the_next_connection() {
    let mut rig = connected();
    rig.cut();
    rig.emit_payload("/", Payload::Value(json!(["kept"])), Patience::Buffer, None).unwrap();
    rig.after(10_000);
    rig.socket = 2;
    rig.prepared();
    rig.handle(Input::Engine(opened(2)));
    rig.receive(&open_packet(""));
    rig.handle(Input::Authenticated(rig.attempt, vec!["/".to_owned(), "/a".to_owned()], None));
    rig.flush();
    rig.binary(&packet(Kind::Connect, "/", None, json!({"sid": "new"})));
    let kept = packet(Kind::Event, "/", None, json!(["kept"]));
    assert_eq!(rig.flush(), [format!("send 2 <{}>", kept.len())]);
}

#[test]
fn what_the_parser_does_not_write_is_refused_and_the_connection_lives_on() {
    let refused = json!(["secret"]);
    let mut rig = connected_by(StdParser { refused: Some(refused.clone()) });
    let emitted = rig.emit_payload("/", Payload::Value(refused.clone()), Patience::Buffer, None);
    assert_eq!(emitted, Err(Refusal::Unserializable));
    rig.binary(&packet(Kind::Event, "/", Some(7), json!(["question"])));
    let responder = rig.responder.unwrap();
    let said = rig.step(|session, _, actions| session.answer(responder, Payload::Value(refused), actions));
    assert_eq!(said, ["unserializable"]);
    rig.emit_payload("/", Payload::Value(json!(["plain"])), Patience::Buffer, None).unwrap();
    assert_eq!(rig.flush().len(), 1);
}

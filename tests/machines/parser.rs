//! Packets written and read outside, by a parser of the user's.

use crate::rig::{SessionRig, open_packet, opened, request};
use serde_json::{Value, json};
use socketio_wasm::engine::{self, TransportId};
use socketio_wasm::protocol::{Frame, Header, PacketType, ProtocolError, StdWire};
use socketio_wasm::socket::{IncomingPayload, Input, OutgoingPayload, Packet, SendMode, Settings};

/// What this parser writes of a packet: one binary frame, as long as a mark for it.
fn written(mark: usize) -> Vec<Frame<StdWire>> {
    vec![Frame::Bytes(vec![0; mark])]
}

fn packet(kind: PacketType, name: &str, id: Option<u64>, value: Value) -> Packet<StdWire> {
    let namespace = (name != "/").then(|| name.to_owned());
    Packet {
        header: Header { kind, attachments: 0, namespace, id, payload_at: 0 },
        payload: IncomingPayload::Value(value),
    }
}

fn connecting(settings: Settings) -> SessionRig {
    let mut rig = SessionRig::new(settings);
    rig.session.set_external_codec(true);
    rig.connect(request(&["/", "/a"])).unwrap();
    open(&mut rig, 1);
    rig
}

fn open(rig: &mut SessionRig, socket: u32) {
    rig.socket = socket;
    rig.prepared();
    rig.handle(Input::Engine(opened(socket)));
    rig.receive(&open_packet(""));
    for (name, mark) in [("/", 10), ("/a", 20)] {
        rig.handle(Input::ConnectEncoded(rig.attempt, name.to_owned(), [written(mark), written(mark + 1)]));
    }
    assert_eq!(rig.flush(), [format!("send {socket} <10>|<20>")]);
}

/// A frame comes, and the parser makes these packets of it.
fn receive(rig: &mut SessionRig, packets: Vec<Packet<StdWire>>) -> Vec<String> {
    assert_eq!(rig.binary(&[1]), ["parse"]);
    rig.handle(Input::Decoded(Ok(packets)))
}

fn connected() -> SessionRig {
    let mut rig = connecting(Settings::default());
    for name in ["/", "/a"] {
        let said = receive(
            &mut rig,
            vec![packet(PacketType::Connect, name, None, json!({ "sid": format!("sid of {name}") }))],
        );
        assert_eq!(said.first(), Some(&format!("connected {name}")));
    }
    rig
}

#[test]
fn events_go_both_ways() {
    let mut rig = connected();
    assert_eq!(rig.session.sid(&"/a".to_owned()), Some(&"sid of /a".to_owned()));
    let call = rig.session.next_call();
    let emitted = rig.emit_content("/a", OutgoingPayload::Encoded(written(30)), SendMode::Buffer, Some((call, None)));
    assert_eq!(emitted, Ok(true));
    assert_eq!(rig.flush(), ["send 1 <30>"]);
    let said = receive(&mut rig, vec![packet(PacketType::Ack, "/a", Some(call.0), json!([2]))]);
    assert_eq!(said, [format!("ack {} value [2]", call.0)]);
    let said = receive(&mut rig, vec![packet(PacketType::Event, "/", Some(7), json!(["news"]))]);
    assert_eq!(said, [r#"event / value ["news"]"#]);
    let responder = rig.responder.unwrap();
    assert_eq!(rig.session.ack_target(responder), Some((&"/".to_owned(), 7)));
    rig.step(|session, now| session.answer(now, responder, OutgoingPayload::Encoded(written(31))));
    assert_eq!(rig.flush(), ["send 1 <31>"]);
}

#[test]
fn a_text_frame_may_follow_another() {
    let mut rig = connected();
    let frames = ["a", "b"].map(|text| Frame::Text(text.to_owned())).to_vec();
    rig.emit_content("/", OutgoingPayload::Encoded(frames), SendMode::Buffer, None).unwrap();
    assert_eq!(rig.flush(), ["send 1 4a|4b"]);
}

#[test]
fn one_frame_may_bring_no_packet_or_several() {
    let mut rig = connected();
    assert_eq!(receive(&mut rig, Vec::new()), [""; 0]);
    let event = |number: u32| packet(PacketType::Event, "/", None, json!([number]));
    assert_eq!(receive(&mut rig, vec![event(1), event(2)]), ["event / value [1]", "event / value [2]"]);
}

#[test]
fn what_comes_behind_a_frame_waits_until_it_is_read() {
    let mut rig = connected();
    assert_eq!(rig.binary(&[1]), ["parse"]);
    // The connection ends before the parser is done: what it reads is delivered all the same, and first.
    assert_eq!(rig.cut(), [""; 0]);
    let said = rig.handle(Input::Decoded(Ok(vec![packet(PacketType::Event, "/", None, json!(["last"]))])));
    assert_eq!(said[..2], [r#"event / value ["last"]"#, "disconnected /: transport error, transport close"]);
}

#[test]
fn a_user_who_leaves_while_a_frame_is_read_gets_nothing_more() {
    let mut rig = connected();
    assert_eq!(rig.binary(&[1]), ["parse"]);
    let said = rig.disconnect();
    assert_eq!(said[..2], ["disconnected /: client disconnect", "final /"]);
    let said = rig.handle(Input::Decoded(Ok(vec![packet(PacketType::Event, "/", None, json!(["late"]))])));
    // The packets that take leave are those written when the namespaces were asked for.
    assert_eq!(said, ["send 1 <11>|<21>", "close 1", "ended"]);
    assert_eq!(rig.after(100), [""; 0]);
}

#[test]
fn a_refusal_and_a_disconnect_carry_values_too() {
    let mut rig = connected();
    rig.enter("/b");
    rig.handle(Input::ConnectEncoded(rig.attempt, "/b".to_owned(), [written(5), written(6)]));
    let said = receive(&mut rig, vec![packet(PacketType::ConnectError, "/b", None, json!({ "message": "no" }))]);
    assert_eq!(said.first().map(String::as_str), Some(r#"refused /b value {"message":"no"}"#));
    // A server that writes the absent payload as null.
    let said = receive(&mut rig, vec![packet(PacketType::Disconnect, "/a", None, Value::Null)]);
    assert_eq!(said, ["disconnected /a: server disconnect, value null", "final /a"]);
}

#[test]
fn what_the_parser_does_not_take_ends_the_connection() {
    let mut rig = connected();
    assert_eq!(rig.receive("4text"), ["parse"]);
    let said = rig.handle(Input::Decoded(Err(ProtocolError::Unparsable)));
    assert!(said.contains(&"disconnected /: transport error, parse error".to_owned()), "{said:?}");
}

#[test]
fn a_size_limit_holds_for_the_parser_s_frames() {
    let mut settings = Settings::default();
    settings.engine.limits.max_packet_size = 200;
    let mut rig = connecting(settings);
    let frame = Frame::Bytes(vec![0; 201]);
    let said = rig.handle(Input::Engine(engine::Input::WebSocketReceived(TransportId(1), frame)));
    let what = format!("{:?}", ProtocolError::PacketTooLarge);
    assert!(said.iter().any(|word| word.contains(&what)), "{said:?}");
}

#[test]
fn what_is_kept_is_sent_on_the_next_connection() {
    let mut rig = connected();
    rig.cut();
    rig.emit_content("/", OutgoingPayload::Encoded(written(40)), SendMode::Buffer, None).unwrap();
    rig.after(10_000);
    open(&mut rig, 2);
    receive(&mut rig, vec![packet(PacketType::Connect, "/", None, json!({ "sid": "new" }))]);
    assert_eq!(rig.flush(), ["send 2 <40>"]);
}

//! Packets encoded and decoded by a user-supplied parser.

use crate::rig::{SessionRig, open_packet, opened, request};
use serde_json::{Value, json};
use socketio_wasm::engine::{self, TransportId};
use socketio_wasm::protocol::{Frame, Header, PacketType, ProtocolError, StdWire};
use socketio_wasm::socket::{IncomingPayload, Input, OutgoingPayload, Packet, SendMode, Settings};

/// Encodes a packet as one binary frame, whose length identifies it.
fn encoded(length: usize) -> Vec<Frame<StdWire>> {
    vec![Frame::Bytes(vec![0; length])]
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
    for (name, length) in [("/", 10), ("/a", 20)] {
        rig.handle(Input::ConnectEncoded(rig.attempt, name.to_owned(), [encoded(length), encoded(length + 1)]));
    }
    assert_eq!(rig.flush(), [format!("send {socket} <10>|<20>")]);
}

/// Receives a frame, which the parser decodes into these packets.
fn receive(rig: &mut SessionRig, packets: Vec<Packet<StdWire>>) -> Vec<String> {
    assert_eq!(rig.binary(&[1]), ["parse"]);
    rig.handle(Input::Decoded(Ok(packets)))
}

fn connected() -> SessionRig {
    let mut rig = connecting(Settings::default());
    for name in ["/", "/a"] {
        let outputs = receive(
            &mut rig,
            vec![packet(PacketType::Connect, name, None, json!({ "sid": format!("sid of {name}") }))],
        );
        assert_eq!(outputs.first(), Some(&format!("connected {name}")));
    }
    rig
}

#[test]
fn events_go_both_ways() {
    let mut rig = connected();
    assert_eq!(rig.session.sid(&"/a".to_owned()), Some(&"sid of /a".to_owned()));
    let call = rig.session.next_call();
    let emitted = rig.emit_payload("/a", OutgoingPayload::Encoded(encoded(30)), SendMode::Buffer, Some((call, None)));
    assert_eq!(emitted, Ok(true));
    assert_eq!(rig.flush(), ["send 1 <30>"]);
    let outputs = receive(&mut rig, vec![packet(PacketType::Ack, "/a", Some(call.0), json!([2]))]);
    assert_eq!(outputs, [format!("ack {} value [2]", call.0)]);
    let outputs = receive(&mut rig, vec![packet(PacketType::Event, "/", Some(7), json!(["news"]))]);
    assert_eq!(outputs, [r#"event / value ["news"]"#]);
    let responder = rig.responder.unwrap();
    assert_eq!(rig.session.ack_target(responder), Some((&"/".to_owned(), 7)));
    rig.step(|session, now| session.answer(now, responder, OutgoingPayload::Encoded(encoded(31))));
    assert_eq!(rig.flush(), ["send 1 <31>"]);
}

#[test]
fn a_text_frame_may_follow_another() {
    let mut rig = connected();
    let frames = ["a", "b"].map(|text| Frame::Text(text.to_owned())).to_vec();
    rig.emit_payload("/", OutgoingPayload::Encoded(frames), SendMode::Buffer, None).unwrap();
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
fn outputs_behind_a_frame_wait_until_it_is_decoded() {
    let mut rig = connected();
    assert_eq!(rig.binary(&[1]), ["parse"]);
    // The connection ends before the parser is done: its packets are still delivered, and come first.
    assert_eq!(rig.cut(), [""; 0]);
    let outputs = rig.handle(Input::Decoded(Ok(vec![packet(PacketType::Event, "/", None, json!(["last"]))])));
    assert_eq!(outputs[..2], [r#"event / value ["last"]"#, "disconnected /: transport error, transport close"]);
}

#[test]
fn a_user_who_leaves_while_a_frame_is_decoded_receives_no_more_events() {
    let mut rig = connected();
    assert_eq!(rig.binary(&[1]), ["parse"]);
    let outputs = rig.disconnect();
    assert_eq!(outputs[..2], ["disconnected /: client disconnect", "final /"]);
    let outputs = rig.handle(Input::Decoded(Ok(vec![packet(PacketType::Event, "/", None, json!(["late"]))])));
    // The DISCONNECT packets are those encoded when the namespaces were requested.
    assert_eq!(outputs, ["send 1 <11>|<21>", "close 1", "ended"]);
    assert_eq!(rig.after(100), [""; 0]);
}

#[test]
fn a_refusal_and_a_disconnect_carry_values_too() {
    let mut rig = connected();
    rig.enter("/b");
    rig.handle(Input::ConnectEncoded(rig.attempt, "/b".to_owned(), [encoded(5), encoded(6)]));
    let outputs = receive(&mut rig, vec![packet(PacketType::ConnectError, "/b", None, json!({ "message": "no" }))]);
    assert_eq!(outputs.first().map(String::as_str), Some(r#"refused /b value {"message":"no"}"#));
    // This server encodes an absent payload as null.
    let outputs = receive(&mut rig, vec![packet(PacketType::Disconnect, "/a", None, Value::Null)]);
    assert_eq!(outputs, ["disconnected /a: server disconnect, value null", "final /a"]);
}

#[test]
fn a_frame_that_the_parser_rejects_ends_the_connection() {
    let mut rig = connected();
    assert_eq!(rig.receive("4text"), ["parse"]);
    let outputs = rig.handle(Input::Decoded(Err(ProtocolError::Unparsable)));
    assert!(outputs.contains(&"disconnected /: transport error, parse error".to_owned()), "{outputs:?}");
}

#[test]
fn a_size_limit_holds_for_frames_of_the_parser() {
    let mut settings = Settings::default();
    settings.engine.limits.max_packet_size = 200;
    let mut rig = connecting(settings);
    let frame = Frame::Bytes(vec![0; 201]);
    let outputs = rig.handle(Input::Engine(engine::Input::WebSocketReceived(TransportId(1), frame)));
    let what = format!("{:?}", ProtocolError::PacketTooLarge);
    assert!(outputs.iter().any(|word| word.contains(&what)), "{outputs:?}");
}

#[test]
fn buffered_packets_are_sent_on_the_next_connection() {
    let mut rig = connected();
    rig.cut();
    rig.emit_payload("/", OutgoingPayload::Encoded(encoded(40)), SendMode::Buffer, None).unwrap();
    rig.after(10_000);
    open(&mut rig, 2);
    receive(&mut rig, vec![packet(PacketType::Connect, "/", None, json!({ "sid": "new" }))]);
    assert_eq!(rig.flush(), ["send 2 <40>"]);
}

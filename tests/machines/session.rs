//! A connected session, step by step: events, buffering, refusals, malformed packets.

use crate::peer::Behavior;
use crate::rig::{SessionRig, closed, open_packet, request};
use crate::world::World;
use socketio_wasm::engine::{TooLarge, Transports};
use socketio_wasm::protocol::{Limits, ProtocolError};
use socketio_wasm::socket::{CommandError, Input, SendMode, Settings, Status};

// [E12]
#[test]
fn events_before_the_answer_are_held_and_delivered_after() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/", "/a"])).unwrap();
    rig.open();
    assert_eq!(rig.receive(r#"42["hi",1]"#), [""; 0]);
    assert_eq!(rig.receive(r#"451-9["bin",{"_placeholder":true,"num":0}]"#), [""; 0]);
    assert_eq!(rig.binary(&[1]), [""; 0]);
    assert_eq!(rig.receive(r#"42/a,["other"]"#), [""; 0]);
    let bin = r#"event / ["bin",{"_placeholder":true,"num":0}]"#;
    assert_eq!(rig.grant("/"), ["connected /", r#"event / ["hi",1]"#, bin]);
    rig.answer(r#"["ok"]"#, Vec::new());
    assert_eq!(rig.flush(), [r#"send 1 439["ok"]"#]);
    assert_eq!(rig.grant("/a"), ["connected /a", r#"event /a ["other"]"#, "connect ok"]);
}

#[test]
fn python_emits_before_the_answer_over_every_transport() {
    for transports in [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket] {
        let early_events = vec![r#"["hi",1]"#.to_owned(), r#"["hi",2]"#.to_owned()];
        let mut world =
            World::new(Settings::default(), Behavior { early_events, connect_takes: 20, ..Behavior::default() });
        world.connect(&["/"], transports).unwrap();
        world.run(500);
        let said: Vec<String> = world.said().into_iter().filter(|word| word != "upgraded").collect();
        assert_eq!(said, ["connected /", r#"event / ["hi",1]"#, r#"event / ["hi",2]"#, "connect ok"]);
    }
}

#[test]
fn emits_before_the_answer_are_buffered_in_order() {
    let mut rig = SessionRig::new(Settings::default());
    assert_eq!(rig.emit("/", "[0]"), Err(CommandError::NotConnected));
    rig.connect(request(&["/", "/a"])).unwrap();
    rig.emit("/", "[1]").unwrap();
    assert_eq!(rig.open(), ["send 1 40|40/a,"]);
    rig.emit("/", "[2]").unwrap();
    rig.emit("/a", "[3]").unwrap();
    assert_eq!((rig.flush(), rig.session.unsent()), (Vec::new(), 3));
    rig.grant("/");
    rig.emit("/", "[4]").unwrap();
    assert_eq!(rig.flush(), ["send 1 42[1]|42[2]|42[4]"]);
    rig.grant("/a");
    assert_eq!(rig.flush(), ["send 1 42/a,[3]"]);
    assert_eq!(rig.session.unsent(), 0);
    assert_eq!(rig.emit("/b", "[5]"), Err(CommandError::BadNamespace));
}

#[test]
fn the_send_mode_decides_about_an_event_that_cannot_leave() {
    let emit = |rig: &mut SessionRig, mode| rig.emit_with("/", "[]", Vec::new(), mode, None);
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    assert_eq!(emit(&mut rig, SendMode::Fail), Err(CommandError::Connecting));
    assert_eq!(emit(&mut rig, SendMode::Volatile), Ok(None));
    assert_eq!(rig.session.unsent(), 0);
    rig.open();
    rig.grant("/");
    assert_eq!(emit(&mut rig, SendMode::Volatile), Ok(None));
    assert_eq!(emit(&mut rig, SendMode::Fail), Ok(None));
    assert_eq!(rig.flush(), ["send 1 42[]|42[]"]);

    // Over polling, a volatile event does not wait for a POST in flight.
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/"], Transports::Polling).unwrap();
    world.run(100);
    world.emit("/", "[1]").unwrap();
    world.flush();
    world.emit_with("/", "[2]", Vec::new(), SendMode::Volatile, None).unwrap();
    world.emit_with("/", "[3]", Vec::new(), SendMode::Fail, None).unwrap();
    world.run(100);
    assert_eq!(world.heard("/"), ["[1]", "[3]"]);
}

#[test]
fn the_buffer_is_bounded() {
    let settings = Settings { max_buffer: 2, ..Settings::default() };
    let mut rig = SessionRig::new(settings);
    rig.connect(request(&["/"])).unwrap();
    rig.emit("/", "[1]").unwrap();
    rig.emit("/", "[2]").unwrap();
    assert_eq!(rig.emit("/", "[3]"), Err(CommandError::BufferFull(2)));
    rig.open();
    assert_eq!(rig.emit("/", "[3]"), Err(CommandError::BufferFull(2)));
    rig.grant("/");
    // The limit holds connected or not. Packets that return from a lost connection were counted before.
    assert_eq!(rig.emit("/", "[3]"), Err(CommandError::BufferFull(2)));
    rig.flush();
    for _ in 0..2 {
        rig.emit("/", "[4]").unwrap();
    }
    assert_eq!(rig.emit("/", "[4]"), Err(CommandError::BufferFull(2)));
    rig.cut();
    assert_eq!(rig.emit("/", "[5]"), Err(CommandError::BufferFull(2)));
    rig.after(1_000);
    rig.open();
    rig.grant("/");
    rig.flush();
    rig.cut();
    rig.emit("/", "[5]").unwrap();
    rig.emit("/", "[6]").unwrap();
    assert_eq!(rig.emit("/", "[7]"), Err(CommandError::BufferFull(2)));
    assert_eq!(rig.session.unsent(), 2);
}

#[test]
fn binary_events_and_answers_go_both_ways() {
    let mut rig = SessionRig::connected(&["/", "/a"]);
    let attachments = vec![vec![1], vec![2, 2]];
    rig.emit_with("/a", r#"["x"]"#, attachments, SendMode::Buffer, None).unwrap();
    rig.emit("/", r#"["y"]"#).unwrap();
    assert_eq!(rig.flush(), [r#"send 1 452-/a,["x"]|<1>|<2>|42["y"]"#]);
    assert_eq!(rig.receive(r#"452-/a,7["z"]"#), [""; 0]);
    assert_eq!(rig.binary(&[1]), [""; 0]);
    assert_eq!(rig.binary(&[2]), [r#"event /a ["z"]"#]);
    assert_eq!(rig.answer("[0]", vec![vec![9; 3]]), [""; 0]);
    assert_eq!(rig.flush(), ["send 1 461-/a,7[0]|<3>"]);
    // More attachments than the ten of the original client.
    rig.receive(r#"411"#.replace('1', "2").replace("422", r#"42["plain"]"#).as_str());
    rig.receive(r#"4511-["many"]"#);
    for n in 0..10 {
        assert_eq!(rig.binary(&[n]), [""; 0]);
    }
    assert_eq!(rig.binary(&[10]), [r#"event / ["many"]"#]);
}

#[test]
fn a_malformed_packet_ends_the_connection_and_names_what_was_wrong() {
    for (packets, cause) in [
        (&["49"][..], "UnknownSocketType(57)"),
        (&["42{}"], "PayloadNotAnArray"),
        (&["451-[]", "42[]"], "MissingAttachment"),
        (&["45[]"], "MissingAttachmentCount"),
        (&["451001-[]"], "TooManyAttachments"),
        (&["4"], "EmptyPacket"),
        (&["9"], "UnknownEngineType(57)"),
    ] {
        let mut rig = SessionRig::connected(&["/"]);
        let (last, first) = packets.split_last().unwrap();
        for packet in first {
            assert_eq!(rig.receive(packet), [""; 0]);
        }
        let outputs = rig.receive(last);
        assert_eq!(outputs, ["close 1", "disconnected /: transport error, parse error"], "{cause}");
        assert_eq!(rig.session.status(), Status::Reconnecting);
    }
    let mut rig = SessionRig::connected(&["/"]);
    assert_eq!(rig.binary(&[1])[1], "disconnected /: transport error, parse error");
    // Servers of Socket.IO 2 send a CONNECT without a session id.
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.open();
    let outputs = rig.receive("40");
    assert_eq!(outputs[1], "attempt failed /: transport error");
    assert_eq!(outputs[2], "connect failed: Failed(UnsupportedVersion(101, \"0\"))");
}

#[test]
fn nothing_after_a_malformed_packet_is_delivered() {
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/"], Transports::Polling).unwrap();
    world.run(100);
    // All packets are in one poll. The world asserts that no GET outlives the connection.
    world.server_sends_together(&[r#"2["good"]"#, "2{}", r#"2["bad"]"#]);
    world.run(10);
    let said = world.said();
    assert_eq!(said[2..], [r#"event / ["good"]"#, "disconnected /: transport error, parse error"]);
    world.run(3_000);
    assert_eq!(world.status(), Status::Connected);
}

#[test]
fn a_payload_that_the_driver_finds_malformed_ends_the_connection() {
    let mut rig = SessionRig::connected(&["/"]);
    let malformed = || Input::Malformed(ProtocolError::BadJson, Some("[".to_owned()));
    assert_eq!(rig.handle(malformed()), ["close 1", "disconnected /: transport error, parse error"]);
    assert_eq!(rig.handle(malformed()), [""; 0]);
    rig.after(5_000);
    rig.prepared();
    assert_eq!(rig.handle(malformed()), [""; 0], "the next attempt is not affected");
    rig.handle(Input::Engine(closed(1)));
    assert_eq!(rig.session.status(), Status::Reconnecting);
}

#[test]
fn attachments_together_are_limited() {
    let mut settings = Settings::default();
    settings.engine.limits = Limits { max_packet_size: 200, ..Limits::default() };
    let mut rig = SessionRig::new(settings);
    rig.connect(request(&["/"])).unwrap();
    rig.open();
    rig.grant("/");
    rig.receive("452-[]");
    assert_eq!(rig.binary(&[0; 100]), [""; 0]);
    assert_eq!(rig.binary(&[0; 101])[1], "disconnected /: transport error, parse error");
}

// [E13]
#[test]
fn packets_of_namespaces_nobody_asked_for_are_ignored() {
    let mut rig = SessionRig::connected(&["/a"]);
    for packet in
        ["42[1]", "42/b,[1]", "40", "43/b,1[]", "44/b,{}", "41/b", r#"40/b,{"sid":"x"}"#, "43/a,99[]", "43/a,[]"]
    {
        assert_eq!(rig.receive(packet), [""; 0], "{packet}");
    }
}

#[test]
fn a_packet_that_is_too_large_is_refused_once_the_limit_is_known() {
    let large = format!("[{}]", "1".repeat(100));
    let mut rig = SessionRig::connected(&["/"]);
    assert_eq!(rig.emit("/", &large), Err(CommandError::TooLarge(TooLarge { size: 104, limit: 100 })));
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.emit("/", "[1]").unwrap();
    rig.emit("/", &large).unwrap();
    let call = rig.call("/", &large, None);
    rig.emit("/", "[2]").unwrap();
    rig.open();
    let failed = format!("call {} failed: TooLarge(TooLarge {{ size: 105, limit: 100 }})", call.0);
    assert_eq!(rig.grant("/"), ["connected /", "dropped 104 over 100", failed.as_str(), "connect ok"]);
    assert_eq!(rig.flush(), ["send 1 42[1]|42[2]"], "the other packets are sent");
    // The same holds for an acknowledgement.
    rig.receive("427[]");
    assert_eq!(rig.answer(&large, Vec::new()), ["dropped 105 over 100"]);
}

#[test]
fn frames_that_come_twice_are_handled() {
    // Each row has a frame, the outputs of the first one, and those of the second.
    let failed = |what: &str| vec![format!("close {what}")];
    for (packet, first, again) in [
        (r#"40{"sid":"again"}"#, vec![], vec![]),
        (r#"42["e"]"#, vec![r#"event / ["e"]"#.to_owned()], vec![r#"event / ["e"]"#.to_owned()]),
        (r#"431["ok"]"#, vec![r#"ack 1 ["ok"]"#.to_owned()], vec![]),
        ("2", vec!["send 1 3".to_owned()], vec!["send 1 3".to_owned()]),
        ("3probe", vec![], vec![]),
        ("6", vec![], vec![]),
    ] {
        let mut rig = SessionRig::connected(&["/"]);
        rig.call("/", "[\"ask\"]", None);
        rig.flush();
        let receive = |rig: &mut SessionRig| [rig.receive(packet), rig.flush()].concat();
        assert_eq!(receive(&mut rig), first, "{packet}");
        assert_eq!(receive(&mut rig), again, "{packet} again");
        assert_eq!(rig.session.namespaces().count(), 1, "{packet}");
    }
    // A second handshake and a superfluous attachment break the protocol: the connection is made anew.
    let mut rig = SessionRig::connected(&["/"]);
    assert_eq!(rig.receive(&open_packet(""))[..1], failed("1"));
    let mut rig = SessionRig::connected(&["/"]);
    rig.receive(r#"451-["e",{"_placeholder":true,"num":0}]"#);
    assert_eq!(rig.binary(&[1]).len(), 1);
    assert_eq!(rig.binary(&[1])[..1], failed("1"));
}

#[test]
fn a_first_connection_that_is_given_up_takes_no_more_commands() {
    // The outputs of `disconnect` are not taken yet, as in a handler.
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.prepared();
    rig.session.disconnect(rig.now, None);
    assert_eq!(rig.session.connect_namespace(rig.now, "/a".to_owned()), Err(CommandError::NotConnected));
    // Another `connect` begins when this one has ended; both are settled.
    rig.session.connect(rig.now, request(&["/"])).unwrap();
    let ended = "connect failed: Disconnected(ClientDisconnect)";
    assert_eq!(rig.step(|_, _| ()), [ended, "close 1", "ended", "prepare"]);
}

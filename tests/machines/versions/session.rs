//! The session with servers of V3, over websockets alone.

use super::OPEN;
use crate::rig::{SessionRig, open_packet, opened, request};
use socketio_wasm::engine::{Input, Transport, TransportError, TransportId};
use socketio_wasm::protocol::ProtocolVersion;
use socketio_wasm::socket::{self, Connect, Settings, Status};

/// Begins to connect `names`, up to the OPEN packet on a websocket.
fn session(version: Option<ProtocolVersion>, names: &[&str], open: &str) -> (SessionRig, Vec<String>) {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(Connect { version, ..request(names) }).unwrap();
    rig.prepared();
    let socket = rig.socket;
    rig.handle(socket::Input::Engine(opened(socket)));
    let outputs = rig.receive(open);
    (rig, outputs)
}

fn authenticated(rig: &mut SessionRig, names: &[&str], auth: Option<&str>) -> Vec<String> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    let mut outputs = rig.handle(socket::Input::Authenticated(rig.attempt, names, auth.map(str::to_owned)));
    outputs.extend(rig.flush());
    outputs
}

#[test]
fn a_server_that_may_be_old_has_time_to_connect_the_default_namespace() {
    let (mut rig, outputs) = session(None, &["/", "/a"], OPEN);
    assert_eq!(outputs, [""; 0]);
    assert_eq!(rig.receive("40"), ["connected /", "authenticate / /a"]);
    assert_eq!(authenticated(&mut rig, &["/", "/a"], None), ["send 1 40/a,"], "no CONNECT is sent for `/`");
    assert_eq!(rig.receive("40/a"), ["connected /a", "connect ok"]);
    assert_eq!(rig.session.sid(&"/".to_owned()), Some(&"S".to_owned()));
    assert_eq!(rig.session.sid(&"/a".to_owned()), Some(&"/a#S".to_owned()));
    assert_eq!(rig.session.version(), Some(ProtocolVersion::V3));
    // From now on the client sends pings.
    assert_eq!(rig.session.poll_timeout(), Some(rig.now + 25_000));
    assert_eq!(rig.after(25_000), ["send 1 2"]);
}

#[test]
fn a_server_that_does_not_connect_the_default_namespace_is_a_new_one() {
    let (mut rig, outputs) = session(None, &["/"], OPEN);
    assert_eq!(outputs, [""; 0]);
    assert_eq!(rig.session.poll_timeout(), Some(rig.now + 100));
    assert_eq!(rig.after(99), [""; 0]);
    assert_eq!(rig.after(1), ["authenticate /"]);
    assert_eq!(authenticated(&mut rig, &["/"], Some("{}")), ["send 1 40{}"]);
    assert_eq!(rig.grant("/"), ["connected /", "connect ok"]);
    assert_eq!(rig.session.version(), Some(ProtocolVersion::V4));
    // Another packet shows it too. A session that knows the version, from the limit or from before, does not wait.
    let (mut rig, _) = session(None, &["/"], OPEN);
    assert_eq!(rig.receive("42/x,[]"), ["authenticate /"]);
    for (version, open) in [(None, open_packet("")), (Some(ProtocolVersion::V4), OPEN.to_owned())] {
        assert_eq!(session(version, &["/"], &open).1, ["authenticate /"]);
    }
    let (mut rig, _) = session(None, &["/"], OPEN);
    rig.after(100);
    authenticated(&mut rig, &["/"], None);
    rig.grant("/");
    rig.cut();
    rig.after(5_000);
    assert_eq!(rig.prepared(), ["open 2"]);
    assert_eq!(rig.receive(OPEN), ["authenticate /"]);
}

#[test]
fn namespaces_entered_meanwhile_wait_until_the_version_is_known() {
    for (late, packet, expected) in [
        ("/", "40", vec!["connected /", "connect ok", "authenticate /a /"]),
        ("/", "42/x,[]", vec!["authenticate /a /"]),
        ("/b", "40", vec!["authenticate /a /b"]),
    ] {
        let (mut rig, _) = session(None, &["/a"], OPEN);
        assert_eq!(rig.enter(late), [format!("authenticate {late}")]);
        assert_eq!(authenticated(&mut rig, &[late], None), [""; 0]);
        assert_eq!(rig.receive(packet), expected, "{late} {packet}");
        let asked = match (late, packet) {
            ("/b", _) => "send 1 40/a,|40/b,",
            (_, "40") => "send 1 40/a,",
            _ => "send 1 40/a,|40",
        };
        assert_eq!(authenticated(&mut rig, &["/a", late], None), [asked]);
    }
}

#[test]
fn a_late_connect_of_the_default_namespace_still_shows_an_old_server() {
    for names in [&["/"][..], &["/a"], &["/", "/a"]] {
        let (mut rig, _) = session(None, names, OPEN);
        rig.after(100);
        authenticated(&mut rig, names, Some("{}"));
        let mut outputs = rig.receive("40");
        assert_eq!(rig.session.version(), Some(ProtocolVersion::V3));
        if names.contains(&"/a") {
            outputs.extend(rig.receive("40/a,"));
        }
        let mut expected: Vec<String> = names.iter().map(|name| format!("connected {name}")).collect();
        expected.push("connect ok".to_owned());
        assert_eq!(outputs, expected);
        assert_eq!(rig.receive("40"), [""; 0], "the answer to the CONNECT that was sent before the version was known");
        rig.cut();
        rig.after(5_000);
        assert_eq!(rig.prepared(), ["open 2 in V3"]);
    }
}

#[test]
fn version_5_alone_does_not_accept_an_old_server() {
    let unsupported = "connect failed: Failed(UnsupportedVersion(101, \"0\"))";
    for (names, early) in [(["/"], true), (["/"], false), (["/a"], true), (["/a"], false)] {
        let (mut rig, outputs) = session(Some(ProtocolVersion::V4), &names, OPEN);
        assert_eq!(outputs.len(), 1);
        if !early {
            authenticated(&mut rig, &names, None);
        }
        let outputs = rig.receive("40");
        assert_eq!(outputs[0], "close 1");
        assert!(outputs.iter().any(|word| word == unsupported), "{outputs:?}");
        assert_eq!(rig.session.status(), Status::Disconnected);
    }
    // A server that has given a session id is a new one, whatever else it sends.
    let mut rig = SessionRig::connected(&["/a"]);
    assert_eq!(rig.receive("40"), [""; 0]);
}

#[test]
fn version_4_alone_connects_as_old_servers_do() {
    let (mut rig, outputs) = session(Some(ProtocolVersion::V3), &["/", "/a"], OPEN);
    assert_eq!(outputs, ["authenticate / /a"]);
    let outputs = authenticated(&mut rig, &["/", "/a"], Some(r#"{"token":1}"#));
    assert_eq!(outputs, ["auth unused", "send 1 40/a,"]);
    assert_eq!(rig.receive("40"), ["connected /"]);
    assert_eq!(rig.receive("42[\"early\"]"), ["event / [\"early\"]"]);
    assert_eq!(rig.receive("40/a,"), ["connected /a", "connect ok"]);
    rig.emit("/a", "[1]").unwrap();
    assert_eq!(rig.flush(), ["send 1 42/a,[1]"]);
    assert_eq!(rig.binary(&[4, 1]).len(), 3, "a binary frame that nothing announced");
}

#[test]
fn an_old_server_connects_the_default_namespace_requested_or_not() {
    let (mut rig, _) = session(Some(ProtocolVersion::V3), &["/a"], OPEN);
    assert_eq!(authenticated(&mut rig, &["/a"], None), ["send 1 40/a,"]);
    assert_eq!(rig.receive("40"), [""; 0]);
    assert_eq!(rig.receive("42[1]"), [""; 0], "`/` was not entered");
    assert_eq!(rig.receive("40/a,"), ["connected /a", "connect ok"]);
    assert_eq!(rig.session.namespaces().collect::<Vec<_>>(), ["/a"]);
    // It is entered now, without a CONNECT.
    assert_eq!(rig.enter("/"), ["authenticate /"]);
    assert_eq!(authenticated(&mut rig, &["/"], None), ["connected /", "connect ok"]);
    // It was left, and is entered again: now a CONNECT is needed.
    rig.leave("/");
    assert_eq!(rig.after(50), ["send 1 41"]);
    assert_eq!(rig.enter("/"), ["authenticate /"]);
    assert_eq!(authenticated(&mut rig, &["/"], None), [""; 0]);
    assert_eq!(rig.after(50), ["send 1 40"]);
    assert_eq!(rig.receive("40"), ["connected /", "connect ok"]);
    // A CONNECT is also needed if the server has disconnected it, entered or not.
    assert_eq!(rig.receive("41"), ["disconnected /: server disconnect", "final /"]);
    rig.enter("/");
    assert_eq!(authenticated(&mut rig, &["/"], None), ["send 1 40"]);

    let (mut rig, _) = session(Some(ProtocolVersion::V3), &["/a"], OPEN);
    authenticated(&mut rig, &["/a"], None);
    for packet in ["40", "40/a,", "41"] {
        rig.receive(packet);
    }
    rig.enter("/");
    assert_eq!(authenticated(&mut rig, &["/"], None), ["send 1 40"]);
    // The auth of another namespace does not count for `/`.
    let (mut rig, _) = session(Some(ProtocolVersion::V3), &["/a"], OPEN);
    authenticated(&mut rig, &["/a"], None);
    for packet in ["40", "40/a,"] {
        rig.receive(packet);
    }
    rig.enter("/");
    rig.enter("/b");
    assert_eq!(authenticated(&mut rig, &["/b"], None), ["send 1 40/b,"]);
    assert_eq!(authenticated(&mut rig, &["/"], None), ["connected /", "connect ok"]);
    // It is entered before the server has connected it.
    let (mut rig, _) = session(Some(ProtocolVersion::V3), &["/a"], OPEN);
    rig.enter("/");
    assert_eq!(authenticated(&mut rig, &["/"], None), [""; 0]);
    assert_eq!(rig.receive("40"), ["connected /", "connect ok"]);
}

#[test]
fn error_packets_of_old_servers_are_refusals() {
    for (name, packet, data) in [
        ("/", r#"44"no entry""#, r#""no entry""#),
        ("/", r#"44{"code":7}"#, r#"{"code":7}"#),
        ("/a", r#"44/a,"no entry""#, r#""no entry""#),
        ("/a", r#"44/a,["nope",{"code":7}]"#, r#"["nope",{"code":7}]"#),
        ("/a", "44/a", "-"),
    ] {
        let (mut rig, _) = session(Some(ProtocolVersion::V3), &[name], OPEN);
        authenticated(&mut rig, &[name], None);
        let outputs = rig.receive(packet);
        assert_eq!(outputs[0], format!("refused {name} {data}"), "{packet}");
        assert!(outputs[1].starts_with("connect failed: Refused"), "{outputs:?}");
    }
    // npm `socket.io` 2.x sends an error in an event to a connected namespace in this form.
    let (mut rig, _) = session(Some(ProtocolVersion::V3), &["/"], OPEN);
    rig.receive("40");
    assert_eq!(rig.receive(r#"44"later""#), [""; 0]);
    assert_eq!(rig.session.status(), Status::Connected);
}

#[test]
fn the_detected_version_is_remembered_until_the_next_connect() {
    let (mut rig, _) = session(None, &["/"], OPEN);
    rig.receive("40");
    rig.cut();
    rig.after(5_000);
    assert_eq!(rig.prepared(), ["open 2 in V3"]);
    assert_eq!(rig.receive(OPEN), ["authenticate /"]);
    assert_eq!(rig.receive("40"), ["connected /"]);
    // If it is refused now, the other version is requested: the server was replaced.
    rig.cut();
    rig.after(10_000);
    assert_eq!(rig.prepared(), ["open 3 in V3"]);
    let failure = TransportError::UnsupportedVersion(400, String::new());
    let outputs = rig.handle(socket::Input::Engine(Input::WebSocketClosed(TransportId(3), failure)));
    assert_eq!(outputs, ["open 4"]);
    assert_eq!(rig.receive(OPEN), ["authenticate /"]);
    rig.disconnect();
    rig.connect(Connect { version: None, ..request(&["/"]) }).unwrap();
    assert_eq!(rig.prepared(), ["open 5"]);
    assert_eq!(rig.receive(OPEN), [""; 0], "the session waits for the CONNECT of `/` again");
}

#[test]
fn a_server_that_was_of_v3_and_cannot_be_reached_is_asked_for_both_versions_in_turn() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(Connect { version: None, retry: true, ..request(&["/"]) }).unwrap();
    rig.prepared();
    rig.receive(OPEN);
    rig.receive("40");
    rig.cut();
    // It may be down, or have been upgraded: an attempt in the right version comes soon.
    for attempt in 0..4 {
        rig.after(10_000);
        let first = rig.prepared().remove(0);
        assert_eq!(first.ends_with("in V3"), attempt % 2 == 0, "{first}");
        let failure = TransportError::Unreachable(Transport::WebSocket, None);
        let outputs = rig.handle(socket::Input::Engine(Input::WebSocketClosed(TransportId(rig.socket), failure)));
        assert_eq!(outputs, ["attempt failed /: transport error"]);
    }
}

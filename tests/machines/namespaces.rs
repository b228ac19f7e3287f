//! Namespaces that come and go while the connection stays.

use crate::rig::{SessionRig, open_packet, request};
use socketio_wasm::protocol::StdWire;
use socketio_wasm::socket::{CommandError, Connect, Input, Session, Settings, Status};

/// Connects `/`, and requests `/a` after that; its CONNECT is not answered.
fn pending() -> SessionRig {
    let mut rig = SessionRig::connected(&["/"]);
    enter(&mut rig, "/a");
    rig
}

fn enter(rig: &mut SessionRig, name: &str) {
    assert_eq!(rig.enter(name), [format!("authenticate {name}")]);
    rig.handle(Input::Authenticated(rig.attempt, vec![name.to_owned()], None));
    assert_eq!(rig.flush(), [format!("send {} 40{name},", rig.socket)]);
}

#[test]
fn a_namespace_is_entered_later() {
    let mut rig = pending();
    rig.emit("/a", "[1]").unwrap();
    assert_eq!(rig.grant("/a"), ["connected /a", "connect ok"]);
    assert_eq!(rig.flush(), ["send 1 42/a,[1]"]);
    assert_eq!(rig.enter("/a"), ["connect ok"], "it is connected already");
    // It is one like the others when the connection is made anew.
    rig.cut();
    rig.after(1_000);
    assert_eq!(rig.open(), ["send 2 40|40/a,"]);
}

#[test]
fn entering_needs_a_connection() {
    let mut session = Session::<StdWire>::new(Settings::default());
    assert_eq!(session.connect_namespace(0, "/a".to_owned()), Err(CommandError::NotConnected));
}

#[test]
fn a_namespace_is_entered_while_the_connection_is_made() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    assert_eq!(rig.enter("/a"), [""; 0]);
    assert_eq!(rig.enter("/"), [""; 0]);
    assert_eq!(rig.open(), ["send 1 40|40/a,"]);
    assert_eq!(rig.grant("/a"), ["connected /a", "connect ok"]);
    assert_eq!(rig.grant("/"), ["connected /", "connect ok", "connect ok"]);
}

#[test]
fn a_namespace_is_entered_between_the_handshake_and_the_auth() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.prepared();
    rig.receive(&open_packet(""));
    assert_eq!(rig.enter("/a"), ["authenticate /a"]);
    rig.handle(Input::Authenticated(rig.attempt, vec!["/".to_owned()], None));
    rig.handle(Input::Authenticated(rig.attempt, vec!["/a".to_owned()], Some("{}".to_owned())));
    assert_eq!(rig.flush(), ["send 1 40|40/a,{}"]);
    // `connect` waits for its own namespaces alone.
    assert_eq!(rig.grant("/"), ["connected /", "connect ok"]);
}

#[test]
fn a_refused_late_namespace_affects_no_other() {
    let mut rig = pending();
    let call = rig.call("/a", "[1]", None);
    let outputs = rig.receive(r#"44/a,{"message":"no"}"#);
    let failed = format!("call {} failed: BadNamespace", call.0);
    let settled = r#"connect failed: Refused(["/a"], Some(Json("{\"message\":\"no\"}", [])))"#;
    assert_eq!(outputs, [r#"refused /a {"message":"no"}"#, failed.as_str(), settled]);
    assert_eq!(rig.emit("/a", "[2]"), Err(CommandError::BadNamespace));
    assert_eq!((rig.session.unsent(), rig.session.status()), (0, Status::Connected));
}

#[test]
fn a_refusal_settles_both_commands_that_wait_for_it() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/", "/a"])).unwrap();
    rig.enter("/a");
    rig.open();
    rig.grant("/");
    let outputs = rig.receive("44/a,1");
    let failed = r#"connect failed: Refused(["/a"], Some(Json("1", [])))"#;
    assert_eq!(outputs[..2], ["refused /a 1", failed]);
    assert_eq!(outputs.iter().filter(|output| *output == failed).count(), 2);
}

#[test]
fn leaving_sends_disconnect_and_closes_with_the_last() {
    let mut rig = SessionRig::connected(&["/", "/a"]);
    rig.emit("/a", "[1]").unwrap();
    let call = rig.call("/a", "[2]", None);
    let failed = format!("call {} failed: Disconnected(ClientDisconnect)", call.0);
    assert_eq!(rig.leave("/a"), [failed.as_str(), "disconnected /a: client disconnect", "final /a"]);
    assert_eq!(rig.flush(), [format!("send 1 42/a,[1]|42/a,{}[2]", call.0)]);
    assert_eq!(rig.after(50), ["send 1 41/a,"], "npm servers drop events that come together with DISCONNECT");
    assert_eq!(rig.leave("/a"), [""; 0]);
    assert_eq!(rig.receive(&format!("43/a,{}[]", call.0)), [""; 0]);
    assert_eq!(rig.receive("42/a,[3]"), [""; 0]);
    rig.now += 1_000;
    assert_eq!(rig.leave("/"), ["disconnected /: client disconnect", "final /", "send 1 41", "close 1", "ended"]);
}

#[test]
fn a_namespace_is_left_and_entered_again() {
    let mut rig = SessionRig::connected(&["/", "/a"]);
    rig.receive("42/a,7[1]");
    rig.leave("/a");
    assert_eq!(rig.enter("/a"), ["authenticate /a"]);
    rig.handle(Input::Authenticated(rig.attempt, vec!["/a".to_owned()], None));
    rig.now += 50;
    assert_eq!(rig.flush(), ["send 1 41/a,"]);
    // npm's server closes the connection if it reads this CONNECT with that DISCONNECT.
    assert_eq!(rig.after(50), ["send 1 40/a,"]);
    rig.grant("/a");
    rig.answer("[]", Vec::new());
    assert_eq!(rig.flush(), [""; 0], "the event belongs to the namespace before");
}

#[test]
fn a_pending_namespace_is_left_after_its_answer() {
    let mut rig = pending();
    let call = rig.call("/a", "[1]", None);
    let failed = format!("call {} failed: Disconnected(ClientDisconnect)", call.0);
    assert_eq!(rig.leave("/a"), [failed.as_str(), "connect failed: Disconnected(ClientDisconnect)"]);
    assert_eq!((rig.flush(), rig.session.unsent()), (Vec::new(), 0), "a DISCONNECT would be ignored now");
    assert_eq!(rig.emit("/a", "[2]"), Err(CommandError::BadNamespace));
    assert_eq!(rig.receive("42/a,[3]"), [""; 0]);
    rig.now += 50;
    assert_eq!(rig.grant("/a"), [""; 0]);
    assert_eq!(rig.flush(), ["send 1 41/a,"]);
    // A refused namespace need not be left.
    let mut rig = pending();
    rig.leave("/a");
    assert_eq!((rig.receive("44/a,{}"), rig.flush()), (Vec::new(), Vec::new()));
    // It does not come back with the next connection.
    let mut rig = pending();
    rig.leave("/a");
    rig.cut();
    rig.after(1_000);
    assert_eq!(rig.open(), ["send 2 40"]);
}

#[test]
fn a_namespace_left_and_entered_again_before_the_answer_stays() {
    let mut rig = pending();
    rig.leave("/a");
    assert_eq!(rig.enter("/a"), [""; 0], "the CONNECT is on its way");
    rig.emit("/a", "[1]").unwrap();
    assert_eq!(rig.grant("/a"), ["connected /a", "connect ok"]);
    assert_eq!(rig.flush(), ["send 1 42/a,[1]"]);
}

#[test]
fn a_namespace_entered_again_times_out() {
    let mut rig = pending();
    rig.leave("/a");
    rig.enter("/a");
    let outputs = rig.after(5_000);
    assert!(outputs.iter().any(|outputs| outputs.starts_with("connect failed: Failed(ConnectTimeout")), "{outputs:?}");
}

#[test]
fn a_namespace_that_was_not_answered_is_requested_anew() {
    let mut rig = pending();
    assert_eq!(rig.after(1_000).last().unwrap(), r#"connect failed: Failed(ConnectTimeout(1000, ["/a"]))"#);
    assert_eq!(rig.enter("/a"), ["authenticate /a"]);
    rig.handle(Input::Authenticated(rig.attempt, vec!["/a".to_owned()], None));
    assert_eq!(rig.flush(), ["send 1 40/a,"]);
    assert_eq!(rig.grant("/a"), ["connected /a", "connect ok"]);
}

#[test]
fn leaving_the_namespaces_that_connect_waits_for_settles_it() {
    // Before the CONNECT, and after.
    for sent in [false, true] {
        let mut rig = SessionRig::new(Settings::default());
        rig.connect(request(&["/", "/a"])).unwrap();
        if sent {
            rig.open();
            rig.grant("/");
            assert_eq!(rig.leave("/a"), ["connect ok"]);
            assert_eq!(rig.after(5_000), [""; 0]);
            assert_eq!(rig.grant("/a"), [""; 0]);
            assert_eq!(rig.flush(), ["send 1 41/a,"]);
        } else {
            assert_eq!(rig.leave("/a"), [""; 0]);
            assert_eq!(rig.open(), ["send 1 40"]);
            assert_eq!(rig.grant("/"), ["connected /", "connect ok"]);
        }
    }
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/", "/a"])).unwrap();
    rig.open();
    assert_eq!(rig.leave("/a"), [""; 0]);
    assert_eq!(rig.leave("/"), ["connect failed: Disconnected(ClientDisconnect)", "close 1", "ended"]);
}

#[test]
fn leaving_the_last_before_the_handshake_ends_the_session() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.prepared();
    assert_eq!(rig.leave("/"), ["connect failed: Disconnected(ClientDisconnect)", "close 1", "ended"]);
}

#[test]
fn the_server_disconnects_with_and_without_a_payload() {
    for (payload, told) in [("", ""), (r#",{"message":"no"}"#, r#", {"message":"no"}"#)] {
        let mut rig = SessionRig::connected(&["/", "/a"]);
        let call = rig.call("/a", "[1]", None);
        let outputs = rig.receive(&format!("41/a{payload}"));
        let failed = format!("call {} failed: Disconnected(ServerDisconnect)", call.0);
        let disconnected = format!("disconnected /a: server disconnect{told}");
        assert_eq!(outputs, [failed.as_str(), disconnected.as_str(), "final /a"]);
        assert_eq!(rig.emit("/a", "[2]"), Err(CommandError::BadNamespace));
        assert_eq!(rig.session.status(), Status::Connected);
        let outputs = rig.receive("41");
        assert_eq!(outputs[..2], ["disconnected /: server disconnect", "final /"]);
        assert_eq!(outputs.last().unwrap(), "ended", "the session ends with the last namespace");
        assert_eq!(rig.session.status(), Status::Disconnected);
    }
    // After the CONNECT, as python-socketio's `always_connect` refuses.
    let mut rig = SessionRig::connected(&["/"]);
    let outputs = rig.receive(r#"41{"message":"no","data":1}"#);
    assert_eq!(outputs[0], r#"disconnected /: server disconnect, {"message":"no","data":1}"#);
}

#[test]
fn a_late_namespace_that_is_not_answered_is_given_up_alone() {
    let mut rig = pending();
    rig.emit("/a", "[1]").unwrap();
    let call = rig.call("/a", "[2]", None);
    assert_eq!(rig.after(999), [""; 0]);
    let failed = format!("call {} failed: Disconnected(TransportError)", call.0);
    let settled = r#"connect failed: Failed(ConnectTimeout(1000, ["/a"]))"#;
    let outputs = ["attempt failed /a: transport error", "1 events of /a: NotSent", failed.as_str(), settled];
    assert_eq!(rig.after(1), outputs);
    assert_eq!((rig.session.unsent(), rig.session.status()), (0, Status::Connected));
    rig.grant("/a");
    assert_eq!(rig.flush(), ["send 1 41/a,"], "a late answer is followed by a DISCONNECT");
}

#[test]
fn a_namespace_that_was_connected_always_ends_with_final() {
    let lost = || {
        let mut rig = SessionRig::connected(&["/", "/a"]);
        rig.cut();
        rig.after(1_000);
        rig.open();
        rig.grant("/");
        rig
    };
    assert_eq!(lost().leave("/a"), ["final /a"]);
    assert_eq!(lost().receive("44/a,1"), ["refused /a 1", "final /a"]);
    let mut rig = lost();
    rig.enter("/a");
    assert_eq!(rig.receive("44/a,1").last().unwrap(), "final /a");
    let mut rig = lost();
    rig.enter("/a");
    assert_eq!(rig.after(1_000).last().unwrap(), "attempt failed /a: transport error", "it may come back");
    assert_eq!(rig.leave("/a").last().unwrap(), "final /a");
    // It was connected, and was lost before its `connect` was settled.
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/", "/a"])).unwrap();
    rig.open();
    rig.grant("/");
    let outputs = rig.cut();
    assert!(outputs.contains(&"final /".to_owned()) && !outputs.contains(&"final /a".to_owned()), "{outputs:?}");
}

#[test]
fn an_unanswered_connect_on_reconnection_is_tried_anew() {
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    rig.after(1_000);
    rig.open();
    assert_eq!(rig.after(1_000), ["close 2", "attempt failed /: transport error"]);
    assert_eq!(rig.session.status(), Status::Reconnecting);
}

// [K14]
#[test]
fn connect_while_reconnecting_takes_over_and_keeps_buffered_events() {
    for stage in 0..3 {
        let mut rig = SessionRig::connected(&["/", "/a"]);
        rig.cut();
        rig.emit("/", "[1]").unwrap();
        let call = rig.call("/a", "[2]", None);
        if stage > 0 {
            rig.after(1_000);
        }
        let old = rig.attempt;
        if stage > 1 {
            rig.prepared();
        }
        let outputs =
            rig.connect(Connect { namespaces: vec!["/".to_owned(), "/b".to_owned()], ..request(&[]) }).unwrap();
        let failed = format!("call {} failed: Disconnected(ClientDisconnect)", call.0);
        let mut expected = vec!["close 2", failed.as_str(), "final /a", "prepare"];
        if stage < 2 {
            expected.remove(0);
        }
        assert_eq!(outputs, expected);
        assert_ne!(rig.attempt, old);
        assert_eq!(rig.session.status(), Status::Connecting);
        assert_eq!(rig.open()[0].split_once(' ').unwrap().1.split_once(' ').unwrap().1, "40|40/b,");
        rig.grant("/");
        assert_eq!(rig.flush()[0].split_once("42").unwrap().1, "[1]");
        assert_eq!(rig.grant("/b"), ["connected /b", "connect ok"]);
    }
}

#[test]
fn a_time_out_names_the_namespaces_of_connect() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/", "/a"])).unwrap();
    rig.enter("/b");
    rig.open();
    rig.grant("/");
    let outputs = rig.after(1_000);
    assert_eq!(outputs[1], r#"connect failed: Failed(ConnectTimeout(1000, ["/a"]))"#);
    assert!(outputs.contains(&"connect failed: Disconnected(TransportError)".to_owned()), "{outputs:?}");
}

#[test]
fn an_auth_answered_twice_connects_once() {
    let mut rig = SessionRig::connected(&["/"]);
    rig.enter("/a");
    rig.leave("/a");
    rig.enter("/a");
    for expected in [vec!["send 1 40/a,"], vec![]] {
        rig.handle(Input::Authenticated(rig.attempt, vec!["/a".to_owned()], None));
        assert_eq!(rig.flush(), expected);
    }
    rig.grant("/a");
    rig.handle(Input::Authenticated(rig.attempt, vec!["/a".to_owned()], None));
    assert_eq!(rig.flush(), [""; 0]);
}

#[test]
fn an_auth_that_fails_affects_a_late_namespace_alone() {
    let failing =
        |rig: &mut SessionRig, name: &str| rig.handle(Input::AuthenticationFailed(rig.attempt, vec![name.to_owned()]));
    let mut rig = SessionRig::connected(&["/"]);
    rig.enter("/a");
    let call = rig.call("/a", "[1]", None);
    let failed = format!("call {} failed: Disconnected(TransportError)", call.0);
    assert_eq!(failing(&mut rig, "/a"), [failed.as_str(), "connect failed: Failed(Preparation)"]);
    assert_eq!((rig.session.status(), rig.session.unsent()), (Status::Connected, 0));
    // For a namespace that `connect` waits for, `connect` fails as well.
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.enter("/");
    rig.prepared();
    rig.receive(&open_packet(""));
    let outputs = failing(&mut rig, "/");
    assert!(outputs.contains(&"connect failed: Failed(Preparation)".to_owned()), "{outputs:?}");
    assert_eq!(outputs.last().unwrap(), "ended");
    // A namespace that was connected comes back with the next attempt.
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    rig.enter("/");
    rig.after(1_000);
    rig.prepared();
    rig.receive(&open_packet(""));
    assert_eq!(failing(&mut rig, "/"), ["close 2", "attempt failed /: transport error"]);
    rig.after(2_000);
    rig.open();
    assert_eq!(rig.grant("/"), ["connected /", "connect ok"]);
}

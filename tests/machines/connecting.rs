//! From `connect` to `Ended`: outcomes, failures, and `disconnect` at any time.

use crate::peer::Behavior;
use crate::rig::{SessionRig, open_packet, opened, request};
use crate::world::World;
use socketio_wasm::engine::{Transport, Transports};
use socketio_wasm::socket::{Attempt, CommandError, Connect, Input, Settings, Status};

#[test]
fn connects_from_idle_to_connected() {
    let mut rig = SessionRig::new(Settings::default());
    assert_eq!(rig.session.status(), Status::Disconnected);
    assert_eq!(rig.connect(request(&["/", "/a"])).unwrap(), ["prepare"]);
    assert_eq!((rig.session.status(), rig.session.poll_timeout()), (Status::Connecting, Some(rig.now + 5_000)));
    assert_eq!(rig.prepared(), ["open 1"]);
    assert_eq!(rig.handle(Input::Engine(opened(1))), [""; 0]);
    assert_eq!(rig.receive(&open_packet("")), ["authenticate / /a"]);
    assert_eq!((rig.session.engine_sid(), rig.session.sid(&"/".to_owned())), (Some(&"S".to_owned()), None));
    let names = vec!["/".to_owned(), "/a".to_owned()];
    rig.handle(Input::Authenticated(rig.attempt, names, Some(r#"{"token":"T"}"#.to_owned())));
    assert_eq!(rig.flush(), [r#"send 1 40{"token":"T"}|40/a,{"token":"T"}"#]);
    assert_eq!(rig.grant("/a"), ["connected /a"]);
    assert_eq!(rig.session.status(), Status::Connected, "one namespace is enough");
    assert_eq!(rig.grant("/"), ["connected /", "connect ok"]);
    assert_eq!(rig.session.sid(&"/a".to_owned()), Some(&"sid of /a".to_owned()));
    assert_eq!(rig.session.transport(), Some(Transport::WebSocket));
    assert_eq!(rig.grant("/"), [""; 0], "a second answer is ignored");
}

#[test]
fn connect_without_auth_sends_none() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/a"])).unwrap();
    assert_eq!(rig.open(), ["send 1 40/a,"]);
}

#[test]
fn connect_that_does_not_wait_is_settled_by_the_handshake() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(Connect { wait: false, ..request(&["/"]) }).unwrap();
    rig.prepared();
    rig.handle(Input::Engine(opened(1)));
    assert_eq!(rig.receive(&open_packet("")), ["authenticate /", "connect ok"]);
    assert_eq!(rig.session.status(), Status::Connecting);
    rig.handle(Input::Authenticated(rig.attempt, vec!["/".to_owned()], None));
    assert_eq!(rig.flush(), ["send 1 40"]);
    assert_eq!(rig.after(999), [""; 0]);
    let mut late = rig.clone();
    assert_eq!(rig.receive(r#"44{"message":"no"}"#), [r#"refused / {"message":"no"}"#, "close 1", "ended"]);
    assert_eq!(late.after(1), ["close 1", "attempt failed /: transport error"], "the time for an answer still runs");
    assert_eq!(late.after(1_000), ["prepare"]);
}

#[test]
fn refusals_are_reported_with_and_without_data() {
    let refusal = |packet: &str| {
        let mut rig = SessionRig::new(Settings::default());
        rig.connect(request(&["/"])).unwrap();
        rig.open();
        rig.receive(packet)
    };
    let expected = |data: &str, json: &str| {
        let failed = format!(r#"connect failed: Refused(["/"], {data})"#);
        [format!("refused / {json}"), failed, "close 1".to_owned(), "ended".to_owned()]
    };
    assert_eq!(
        refusal(r#"44{"message":"no"}"#),
        expected(r#"Some(Json("{\"message\":\"no\"}", []))"#, r#"{"message":"no"}"#)
    );
    assert_eq!(refusal(r#"44"Unable""#), expected(r#"Some(Json("\"Unable\"", []))"#, r#""Unable""#));
    assert_eq!(refusal("44"), expected("None", "-"));
    // Before the CONNECT is answered, a DISCONNECT is a refusal.
    assert_eq!(
        refusal(r#"41{"message":"no"}"#),
        expected(r#"Some(Json("{\"message\":\"no\"}", []))"#, r#"{"message":"no"}"#)
    );
}

#[test]
fn one_refusal_among_several_waits_for_the_others() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/", "/a", "/b"])).unwrap();
    rig.open();
    assert_eq!(rig.receive("44/a,1"), ["refused /a 1"]);
    assert_eq!(rig.grant("/"), ["connected /"]);
    rig.now += 50;
    let outputs = rig.receive("44/b,2");
    let failed = r#"connect failed: Refused(["/a", "/b"], Some(Json("1", [])))"#;
    assert_eq!(
        outputs,
        ["refused /b 2", "disconnected /: client disconnect", "final /", failed, "send 1 41", "close 1", "ended"]
    );
    assert_eq!(rig.session.status(), Status::Disconnected);
}

// [K8, D9]
#[test]
fn each_answer_restarts_the_time_of_the_others() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/", "/a", "/b"])).unwrap();
    rig.open();
    assert_eq!(rig.session.poll_timeout(), Some(rig.now + 1_000));
    assert_eq!(rig.after(900), [""; 0]);
    rig.grant("/");
    assert_eq!(rig.after(900), [""; 0]);
    rig.grant("/b");
    assert_eq!(rig.after(999), [""; 0]);
    let outputs = rig.after(1);
    let failed = r#"connect failed: Failed(ConnectTimeout(1000, ["/a"]))"#;
    assert_eq!(outputs[..2], ["attempt failed /a: transport error", failed]);
    assert_eq!(outputs.last().unwrap(), "ended");
    assert_eq!(outputs.iter().filter(|word| word.starts_with("final")).count(), 2);
}

#[test]
fn each_connection_has_its_own_wait_timeout() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(socketio_wasm::socket::Connect { wait_timeout: 60_000, ..request(&["/"]) }).unwrap();
    rig.open();
    rig.grant("/");
    rig.disconnect();
    rig.cut();
    rig.connect(socketio_wasm::socket::Connect { wait_timeout: 200, ..request(&["/"]) }).unwrap();
    rig.open();
    assert_eq!(rig.session.poll_timeout(), Some(rig.now + 200));
    assert_eq!(rig.after(200)[1], r#"connect failed: Failed(ConnectTimeout(200, ["/"]))"#);
}

#[test]
fn an_auth_that_is_too_large_fails_with_its_size() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.prepared();
    rig.receive(&open_packet(""));
    let auth = format!("{{\"token\":\"{}\"}}", "x".repeat(100));
    let outputs = rig.handle(Input::Authenticated(rig.attempt, vec!["/".to_owned()], Some(auth)));
    let failed = "connect failed: TooLarge(TooLarge { size: 114, limit: 100 })";
    assert_eq!(outputs, [failed, "close 1", "ended"]);
}

#[test]
fn connect_is_refused_while_connected_or_connecting() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    assert_eq!(rig.connect(request(&["/"])), Err(CommandError::AlreadyConnected));
    rig.prepared();
    assert_eq!(rig.connect(request(&["/"])), Err(CommandError::AlreadyConnected));
    rig.receive(&open_packet(""));
    assert_eq!(rig.connect(request(&["/"])), Err(CommandError::AlreadyConnected));
    let rig = &mut SessionRig::connected(&["/"]);
    assert_eq!(rig.connect(request(&["/"])), Err(CommandError::AlreadyConnected));
}

#[test]
fn a_first_attempt_that_fails_is_final_unless_retried() {
    for retry in [false, true] {
        let mut rig = SessionRig::new(Settings::default());
        rig.connect(Connect { retry, ..request(&["/", "/a"]) }).unwrap();
        rig.emit("/", "[1]").unwrap();
        let call = rig.call("/", "[2]", None);
        rig.prepared();
        let outputs = rig.cut();
        assert_eq!(outputs[..2], ["attempt failed /: transport close", "attempt failed /a: transport close"]);
        if retry {
            assert_eq!(outputs.len(), 2);
            assert_eq!(rig.session.status(), Status::Connecting);
            assert_eq!(rig.after(1_000), ["prepare"]);
            rig.open();
            rig.grant("/");
            assert_eq!(rig.grant("/a"), ["connected /a", "connect ok"]);
            assert_eq!(rig.flush(), [format!("send 2 42[1]|42{}[2]", call.0)]);
        } else {
            let failed = format!("call {} failed: Disconnected(TransportError)", call.0);
            let why = r#"connect failed: Failed(SocketClosed(1006, ""))"#;
            assert_eq!(outputs[2..], ["1 events of /: NotSent", failed.as_str(), why, "ended"]);
            assert_eq!((rig.session.status(), rig.session.unsent()), (Status::Disconnected, 0));
            // A new `connect` is possible.
            rig.connect(request(&["/"])).unwrap();
            rig.open();
            assert_eq!(rig.grant("/"), ["connected /", "connect ok"]);
        }
    }
}

#[test]
fn user_supplied_functions_that_never_finish_are_given_up() {
    let expected = |first: &str| {
        let failed = "connect failed: Failed(PreparationTimeout(5000))";
        [first, "attempt failed /: transport error", failed, "ended"].map(str::to_owned)
    };
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    assert_eq!(rig.after(4_999), [""; 0]);
    assert_eq!(rig.after(1), expected("")[1..]);
    let late = Input::Prepared(rig.attempt, crate::rig::endpoints(), 0.5);
    assert_eq!(rig.handle(late), [""; 0], "the attempt is over");

    rig.connect(request(&["/"])).unwrap();
    rig.prepared();
    rig.receive(&open_packet(""));
    assert_eq!(rig.after(4_999), [""; 0]);
    assert_eq!(rig.after(1), expected(&format!("close {}", rig.socket)));

    let mut rig = SessionRig::connected(&["/"]);
    rig.enter("/late");
    assert_eq!(rig.after(5_000), ["connect failed: Failed(PreparationTimeout(5000))"]);
    assert_eq!(rig.session.namespaces().count(), 1);
}

#[test]
fn a_failed_user_supplied_function_fails_the_attempt() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    let outputs = rig.handle(Input::PreparationFailed(rig.attempt, 0.5));
    assert_eq!(outputs, ["attempt failed /: transport error", "connect failed: Failed(Preparation)", "ended"]);
    rig.connect(request(&["/"])).unwrap();
    rig.prepared();
    rig.receive(&open_packet(""));
    let outputs = rig.handle(Input::AuthenticationFailed(rig.attempt, vec!["/".to_owned()]));
    let expected = ["close 1", "attempt failed /: transport error", "connect failed: Failed(Preparation)", "ended"];
    assert_eq!(outputs, expected);
}

#[test]
fn an_auth_function_that_fails_for_a_late_namespace_affects_no_other() {
    let mut rig = SessionRig::connected(&["/"]);
    assert_eq!(rig.enter("/late"), ["authenticate /late"]);
    let outputs = rig.handle(Input::AuthenticationFailed(rig.attempt, vec!["/late".to_owned()]));
    assert_eq!(outputs, ["connect failed: Failed(Preparation)"]);
    assert_eq!(rig.session.namespaces().count(), 1);
}

#[test]
fn events_emitted_for_the_next_connection_while_one_closes_are_buffered() {
    let mut rig = SessionRig::congested();
    assert_eq!(rig.disconnect(), ["disconnected /: client disconnect", "final /", "measure 1"]);
    assert_eq!(rig.connect(request(&["/"])), Ok(vec![]));
    rig.emit("/", "[\"first\"]").unwrap();
    assert_eq!(rig.emit("/other", "[\"x\"]"), Err(CommandError::BadNamespace));
    let outputs = rig.buffered(0);
    assert_eq!(outputs, [r#"send 1 42["next"]"#, "measure 1", "close 1", "ended", "prepare"]);
    rig.prepared();
    rig.handle(Input::Engine(opened(rig.socket)));
    rig.receive(&open_packet(""));
    rig.handle(Input::Authenticated(rig.attempt, vec!["/".to_owned()], None));
    rig.flush();
    rig.buffered(0);
    rig.grant("/");
    let sent = rig.flush();
    assert!(sent.iter().any(|outputs| outputs.ends_with("42[\"first\"]")), "{sent:?}");
}

#[test]
fn late_answers_of_the_driver_are_ignored() {
    let mut rig = SessionRig::connected(&["/"]);
    let old = rig.attempt;
    let names = || vec!["/".to_owned()];
    let late = |rig: &mut SessionRig, attempt: Attempt| {
        for input in [
            Input::Prepared(attempt, crate::rig::endpoints(), 0.5),
            Input::PreparationFailed(attempt, 0.5),
            Input::Authenticated(attempt, names(), None),
            Input::AuthenticationFailed(attempt, names()),
        ] {
            assert_eq!(rig.handle(input), [""; 0]);
            assert_eq!(rig.flush(), [""; 0]);
        }
    };
    rig.cut();
    late(&mut rig, old);
    assert_eq!(rig.after(1_000), ["prepare"]);
    late(&mut rig, old);
    assert_eq!(rig.prepared(), ["open 2"]);
    late(&mut rig, old);
    rig.receive(&open_packet(""));
    late(&mut rig, old);
    rig.handle(Input::Authenticated(rig.attempt, names(), None));
    assert_eq!(rig.flush(), ["send 2 40"]);
}

#[test]
fn disconnect_works_in_every_state() {
    let begin = || {
        let mut rig = SessionRig::new(Settings::default());
        rig.connect(request(&["/"])).unwrap();
        rig
    };
    let failed = "connect failed: Disconnected(ClientDisconnect)";
    let mut rig = SessionRig::new(Settings::default());
    assert_eq!(rig.disconnect(), [""; 0]);
    let mut rig = begin();
    assert_eq!(rig.disconnect(), [failed, "ended"]);
    assert_eq!(rig.prepared(), [""; 0]);
    let mut rig = begin();
    rig.prepared();
    assert_eq!(rig.disconnect(), [failed, "close 1", "ended"]);
    assert_eq!(rig.receive(&open_packet("")), [""; 0]);
    let mut rig = begin();
    rig.prepared();
    rig.receive(&open_packet(""));
    assert_eq!(rig.disconnect(), [failed, "close 1", "ended"]);
    let mut rig = begin();
    rig.open();
    assert_eq!(rig.disconnect(), [failed, "close 1", "ended"]);
    assert_eq!(rig.grant("/"), [""; 0]);
    let mut rig = SessionRig::connected(&["/", "/a"]);
    rig.emit("/", "[1]").unwrap();
    let left = ["disconnected /: client disconnect", "final /", "disconnected /a: client disconnect", "final /a"];
    let outputs = rig.disconnect();
    assert_eq!(outputs[..4], left);
    assert_eq!(outputs[4..], ["send 1 42[1]", "close 1", "ended"], "the close replaces a DISCONNECT");
    assert_eq!(rig.disconnect(), [""; 0]);
    let mut rig = SessionRig::connected(&["/", "/a"]);
    rig.emit("/", "[1]").unwrap();
    rig.flush();
    rig.now += 999;
    assert_eq!(rig.disconnect()[4..], ["close 1", "ended"], "a busy server may not have read the event yet");
    let mut rig = SessionRig::connected(&["/", "/a"]);
    rig.emit("/", "[1]").unwrap();
    rig.flush();
    rig.now += 1_000;
    assert_eq!(rig.disconnect()[4..], ["send 1 41|41/a,", "close 1", "ended"], "no event was written just before");
    let mut rig = SessionRig::congested();
    assert_eq!(rig.disconnect()[2..], ["measure 1"]);
    assert_eq!((rig.session.status(), rig.disconnect()), (Status::Disconnecting, Vec::new()));
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    assert_eq!(rig.disconnect(), ["final /", "ended"]);
    assert_eq!(rig.after(60_000), [""; 0], "reconnection stops");
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    rig.after(1_000);
    assert_eq!(rig.disconnect(), ["final /", "ended"]);
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    rig.after(1_000);
    rig.open();
    assert_eq!(rig.disconnect(), ["final /", "close 2", "ended"]);
}

#[test]
fn connect_while_closing_begins_after_the_end() {
    let closing = || {
        let mut world = World::new(Settings::default(), Behavior::default());
        world.connect(&["/"], Transports::Polling).unwrap();
        world.run(100);
        world.emit("/", "[1]").unwrap();
        world.disconnect();
        assert_eq!(world.status(), Status::Disconnecting);
        assert_eq!(world.emit("/", "[2]"), Err(CommandError::NotConnected));
        world.connect(&["/a"], Transports::Polling).unwrap();
        assert_eq!(world.connect(&["/a"], Transports::Polling), Err(CommandError::AlreadyConnected));
        world
    };
    let mut world = closing();
    world.run(500);
    assert_eq!(
        world.said()[2..],
        ["disconnected /: client disconnect", "final /", "ended", "connected /a", "connect ok"]
    );
    assert_eq!(world.heard("/"), ["[1]"]);
    // The pending `connect` is taken back by `disconnect`.
    let mut world = closing();
    world.disconnect();
    world.run(500);
    assert_eq!(world.said()[4..], ["connect failed: Disconnected(ClientDisconnect)", "ended"]);
    assert_eq!(world.status(), Status::Disconnected);
}

#[test]
fn commands_while_closing_are_for_the_next_connection() {
    let closing = || {
        let mut world = World::new(Settings::default(), Behavior::default());
        world.connect(&["/"], Transports::Polling).unwrap();
        world.run(100);
        world.disconnect();
        world.connect(&["/", "/a"], Transports::Polling).unwrap();
        world.emit("/", "[1]").unwrap();
        world.connect_namespace("/b").unwrap();
        world.emit("/b", "[2]").unwrap();
        world
    };
    let mut world = closing();
    world.disconnect_namespace("/a");
    world.run(500);
    let mut said = world.said().split_off(4);
    said.sort();
    assert_eq!(said, ["connect ok", "connect ok", "connected /", "connected /b", "ended"]);
    assert_eq!((world.heard("/"), world.heard("/b")), (vec!["[1]"], vec!["[2]"]));
    // If all its namespaces are left, no connection follows.
    let mut world = closing();
    for name in ["/", "/b", "/a"] {
        world.disconnect_namespace(name);
    }
    world.run(500);
    assert_eq!(
        world.said()[4..],
        [
            "1 events of /: NotSent",
            "1 events of /b: NotSent",
            "connect failed: Disconnected(ClientDisconnect)",
            "connect failed: Disconnected(ClientDisconnect)",
            "ended"
        ]
    );
    assert_eq!(world.status(), Status::Disconnected);
    // If only a late namespace remains, its outcome settles `connect`.
    for answered in [true, false] {
        let mut world = closing();
        world.auth_fails = u32::from(!answered);
        world.disconnect_namespace("/");
        world.disconnect_namespace("/a");
        world.run(500);
        let mut said = world.said().split_off(4);
        said.sort();
        let lost = ["1 events of /: NotSent", "1 events of /b: NotSent"];
        if answered {
            assert_eq!(said, [&lost[..1], &["connect ok", "connect ok", "connected /b", "ended"]].concat());
        } else {
            let failed = ["connect failed: Failed(Preparation)", "connect failed: Disconnected(ClientDisconnect)"];
            assert_eq!(said, [&lost[..], &[failed[1], failed[0], "ended", "ended"]].concat());
        }
    }
}

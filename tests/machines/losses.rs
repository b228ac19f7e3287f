//! Lost and buffered events, and the reports of losses: refused requests, final ends, packets of one connection alone.

use crate::peer::Behavior;
use crate::rig::{SessionRig, request};
use crate::world::{Deed, Fault, World};
use socketio_wasm::engine::Transports;
use socketio_wasm::socket::{AckRequest, CommandError, OutgoingPayload, SendMode, Settings, Status};

fn polling() -> World {
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/"], Transports::Polling).unwrap();
    world.run(100);
    assert_eq!(world.status(), Status::Connected);
    world
}

#[test]
fn events_that_a_restarted_server_refuses_are_sent_again() {
    let mut world = polling();
    // The server forgets the session; the hanging poll is not answered yet.
    world.server.restart_silently();
    for n in 0..5 {
        world.emit("/", &format!("[{n}]")).unwrap();
    }
    world.run(5_000);
    assert_eq!(world.heard("/"), ["[0]", "[1]", "[2]", "[3]", "[4]"]);
    assert!(!world.said().iter().any(|word| word.contains("events of")), "{:?}", world.said());
}

#[test]
fn events_of_a_cut_request_are_reported_as_possibly_lost() {
    let mut world = polling();
    world.emit("/", "[1]").unwrap();
    world.emit("/", "[2]").unwrap();
    let call = world.call("/", "[3]", None).unwrap();
    world.flush();
    world.emit("/", "[4]").unwrap();
    world.cut_all();
    world.run(5_000);
    let said = world.said();
    assert!(said.contains(&"2 events of /: Possible".to_owned()), "{said:?}");
    assert!(said.contains(&format!("call {} failed: Disconnected(TransportError)", call.0)), "{said:?}");
    assert_eq!(world.heard("/").iter().filter(|json| **json == "[4]").count(), 1);
}

#[test]
fn packets_of_one_connection_alone_never_leave_on_the_next() {
    let mut rig = SessionRig::congested();
    for mode in [SendMode::Volatile, SendMode::Fail] {
        // Emitted while there was room, and not yet handed over.
        assert_eq!(rig.emit_with("/", "[0]", Vec::new(), mode, None), Ok(None), "{mode:?}");
    }
    let call = rig.emit_with("/", "[1]", Vec::new(), SendMode::Fail, Some(None)).unwrap().unwrap();
    rig.emit("/", "[2]").unwrap();
    let outputs = rig.cut();
    let failed = format!("call {} failed: Disconnected(TransportError)", call.0);
    assert_eq!(outputs[..2], ["1 events of /: NotSent", failed.as_str()], "{outputs:?}");
    rig.after(1_000);
    rig.open();
    rig.buffered(0);
    rig.grant("/");
    let mut sent = rig.flush();
    sent.extend(rig.buffered(0));
    sent.retain(|outputs| outputs.starts_with("send"));
    assert_eq!(sent, [r#"send 2 42["next"]"#, "send 2 42[2]"]);
}

#[test]
fn a_final_end_reports_unsent_events() {
    // The user disconnects.
    let mut rig = SessionRig::connected(&["/", "/a"]);
    rig.cut();
    for name in ["/", "/", "/a"] {
        rig.emit(name, "[1]").unwrap();
    }
    assert_eq!(rig.disconnect(), ["final /", "final /a", "ended", "left with 3 unsent"]);
    // One namespace is left: its events have no other connection to wait for.
    let mut rig = SessionRig::connected(&["/", "/a"]);
    rig.cut();
    rig.emit("/a", "[1]").unwrap();
    assert_eq!(rig.leave("/a"), ["1 events of /a: NotSent", "final /a"]);
    // Reconnection is turned off.
    let settings = Settings { reconnection: false, ..Settings::default() };
    let mut rig = SessionRig::connected_with(settings, &["/"]);
    rig.emit("/", "[1]").unwrap();
    let outputs = rig.cut();
    assert_eq!(
        outputs,
        ["disconnected /: transport error, transport close", "1 events of /: NotSent", "final /", "ended"]
    );
    // If no event is unsent, no number is reported.
    let mut rig = SessionRig::connected(&["/"]);
    assert_eq!(rig.disconnect().last().unwrap(), "ended");
}

#[test]
fn a_disconnect_that_flushes_waits_for_the_connection() {
    let away = || {
        let mut rig = SessionRig::connected(&["/"]);
        rig.cut();
        rig.emit("/", "[1]").unwrap();
        assert_eq!(rig.disconnect_flushing(10_000), [""; 0]);
        assert_eq!(rig.session.status(), Status::Disconnecting);
        assert_eq!(rig.emit("/", "[2]"), Err(CommandError::NotConnected));
        assert_eq!(rig.connect(request(&["/"])), Err(CommandError::AlreadyConnected));
        rig
    };
    let mut rig = away();
    rig.after(1_000);
    rig.open();
    rig.grant("/");
    let outputs = rig.flush();
    assert_eq!(outputs[0], "send 2 42[1]");
    assert_eq!(outputs[outputs.len() - 2..], ["close 2", "ended"]);
    // No connection is made in time.
    let mut rig = away();
    assert_eq!(rig.after(9_999), ["prepare"]);
    assert_eq!(rig.after(1), ["final /", "ended", "left with 1 unsent"]);
    // The last attempt fails: there is nothing left to wait for.
    let mut rig = SessionRig::connected_with(Settings { reconnection_attempts: 1, ..Settings::default() }, &["/"]);
    rig.cut();
    rig.emit("/", "[1]").unwrap();
    rig.disconnect_flushing(10_000_000);
    let outputs = (0..100).flat_map(|_| rig.after(1_000)).collect::<Vec<_>>();
    assert_eq!(outputs.last().map(String::as_str), Some("left with 1 unsent"), "{outputs:?}");
    // A second `disconnect` does not wait; both end.
    let mut rig = away();
    assert_eq!(rig.disconnect(), ["final /", "ended", "left with 1 unsent", "left with 1 unsent"]);
    // With nothing to send there is nothing to wait for.
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    assert_eq!(rig.disconnect_flushing(10_000), ["final /", "ended"]);
}

#[test]
fn a_disconnect_over_slow_polling_writes_all_events() {
    for latency in [5, 100] {
        let mut world = World::new(Settings::default(), Behavior::default());
        world.latency = latency;
        world.connect(&["/"], Transports::Polling).unwrap();
        world.run(1_000);
        for n in 0..600 {
            world.emit("/", &format!("[{n}]")).unwrap();
        }
        world.disconnect();
        world.run(60_000);
        assert_eq!(world.heard("/").len(), 600, "{latency}");
        assert_eq!(world.left, [0]);
    }
}

#[test]
fn a_disconnect_that_makes_no_progress_ends_and_counts_the_events() {
    let mut world = polling();
    for n in 0..20 {
        world.emit("/", &format!("[{n}]")).unwrap();
    }
    world.faults = std::iter::repeat_n(Fault::Silence, 50).collect();
    world.disconnect();
    world.run(44_000);
    assert_eq!(world.left, [0; 0], "a POST has the time of the heartbeat");
    world.run(2_000);
    assert_eq!(world.left, [20], "the events in it, and those behind it");
}

#[test]
fn a_packet_larger_than_the_servers_limit_is_reported_in_every_state() {
    // Packets buffered before the handshake: a call fails, an event is reported with its namespace.
    let large = format!("[\"{}\"]", "x".repeat(200));
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.emit("/", &large).unwrap();
    rig.emit("/", "[1]").unwrap();
    let call = rig.call("/", &large, None);
    rig.open();
    let outputs = rig.grant("/");
    let failed = format!("call {} failed: TooLarge(TooLarge {{ size: 207, limit: 100 }})", call.0);
    assert_eq!(outputs, ["connected /", "dropped 206 over 100", failed.as_str(), "connect ok"]);
    assert_eq!(rig.flush(), ["send 1 42[1]"]);
    // The limit is too small even for a CONNECT.
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    rig.prepared();
    rig.receive(r#"0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1}"#);
    let outputs = rig.handle(socketio_wasm::socket::Input::Authenticated(rig.attempt, vec!["/".to_owned()], None));
    let failed = "connect failed: TooLarge(TooLarge { size: 2, limit: 1 })";
    assert_eq!(outputs, [failed, "close 1", "ended"]);
    // On a reconnection no `connect` is pending: it is reported, and final.
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    rig.after(1_000);
    rig.prepared();
    rig.receive(r#"0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1}"#);
    let outputs = rig.handle(socketio_wasm::socket::Input::Authenticated(rig.attempt, vec!["/".to_owned()], None));
    assert_eq!(outputs, ["dropped 2 over 1", "final /", "close 2", "ended"]);
}

/// Returns the reports of an event that was in a POST and one behind it, after `leave`.
fn reports_after(leave: impl FnOnce(&mut World)) -> Vec<String> {
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/", "/b"], Transports::Polling).unwrap();
    world.run(100);
    world.emit("/b", "[1]").unwrap();
    world.flush();
    world.emit("/b", "[2]").unwrap();
    leave(&mut world);
    world.cut_all();
    world.run(20);
    world.said().into_iter().filter(|word| word.contains("events of") || word.contains("unsent")).collect()
}

#[test]
fn lost_events_of_a_namespace_that_was_left_are_reported() {
    let both = ["1 events of /b: Possible", "1 events of /b: NotSent"];
    assert_eq!(reports_after(|world| world.disconnect_namespace("/b")), both);
    let all = |world: &mut World| ["/b", "/"].into_iter().for_each(|name| world.disconnect_namespace(name));
    assert_eq!(reports_after(all), both, "the connection closes with its last namespace");
    assert_eq!(reports_after(World::disconnect), ["left with 2 unsent"]);
}

#[test]
fn events_lost_when_a_handler_leaves_its_namespace_are_reported() {
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/", "/b"], Transports::Polling).unwrap();
    world.run(100);
    world.emit("/b", "[1]").unwrap();
    world.call("/b", "[2]", Some(1)).unwrap();
    world.faults = [Fault::Silence].into();
    world.flush();
    // The timer is late: both the call and the POST have timed out. The session notices the POST after the handler of the call.
    world.user.reactions = [Some(Deed::Leave("/b"))].into();
    world.sleep(100_000, false);
    world.tick();
    assert!(world.said().contains(&"1 events of /b: Possible".to_owned()), "{:?}", world.said());
}

#[test]
fn queued_events_of_a_namespace_that_the_server_leaves_are_not_sent() {
    let mut world = polling();
    world.latency = 100;
    world.emit("/", "[1]").unwrap();
    world.flush();
    world.emit("/", "[2]").unwrap();
    world.server_leaves("/");
    world.run(1_000);
    let said = world.said();
    assert!(said.contains(&"1 events of /: NotSent".to_owned()), "{said:?}");
    assert!(!world.server.ignored.contains(&"[2]".to_owned()), "{said:?}");
}

#[test]
fn a_call_that_is_over_is_not_sent_when_its_request_turns_out_to_be_unread() {
    let mut world = polling();
    world.latency = 100;
    world.server.restart_silently();
    world.call("/", "[1]", Some(50)).unwrap();
    world.emit("/", "[2]").unwrap();
    world.run(5_000);
    assert_eq!(world.heard("/"), ["[2]"]);
}

#[test]
fn an_event_with_a_callback_is_reported_as_any_other() {
    let mut rig = SessionRig::connected_with(Settings { reconnection_attempts: 1, ..Settings::default() }, &["/"]);
    rig.cut();
    for is_awaited in [true, false] {
        let ack = AckRequest { call: rig.session.next_call(), timeout: None, is_awaited };
        let payload = OutgoingPayload::Json("[1]".to_owned(), Vec::new());
        rig.step(|session, now| assert_eq!(session.emit(now, None, payload, SendMode::Buffer, Some(ack)), Ok(true)));
    }
    let outputs = (0..100).flat_map(|_| rig.after(1_000)).collect::<Vec<_>>();
    let reports = outputs.iter().filter(|word| word.contains("NotSent")).collect::<Vec<_>>();
    assert_eq!(reports, ["1 events of /: NotSent"], "{outputs:?}");
}

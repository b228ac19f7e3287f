//! Attempts to connect, again and again: slow servers, refusals, limits, networks that come and go.

use crate::peer::Behavior;
use crate::rig::{SessionRig, closed, request};
use crate::world::World;
use socketio_wasm::engine::{self, Transports};
use socketio_wasm::socket::{Action, CommandError, Connect, Input, Settings, Status};

fn connect(retry: bool, retry_refused: bool) -> Connect<socketio_wasm::protocol::StdWire> {
    Connect {
        namespaces: vec!["/".to_owned()],
        transports: Transports::Polling,
        version: None,
        wait: true,
        wait_timeout: 1_000,
        retry,
        retry_refused,
    }
}

#[test]
fn a_server_slower_than_the_wait_timeout_is_tried_again_with_retry() {
    let mut world = World::new(Settings::default(), Behavior { connect_takes: 1_500, ..Behavior::default() });
    world.connect_with(connect(true, false)).unwrap();
    world.run(20_000);
    let failed = world.said().iter().filter(|word| *word == "attempt failed /: transport error").count();
    assert!(failed >= 3, "{:?}", world.said());
    assert_eq!(world.status(), Status::Connecting);
    world.server.behavior.connect_takes = 500;
    world.run(10_000);
    assert_eq!(world.said().last().unwrap(), "connect ok");
    // Without it, the first failure is final. The event reports it too, with its own error.
    let mut world = World::new(Settings::default(), Behavior { connect_takes: 1_500, ..Behavior::default() });
    world.connect_with(connect(false, false)).unwrap();
    world.run(20_000);
    let failed = r#"connect failed: Failed(ConnectTimeout(1000, ["/"]))"#;
    assert_eq!(world.said(), ["attempt failed /: transport error", failed, "ended"]);
    // On a reconnection, the failure also names `wait_timeout`, not `request_timeout`.
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    rig.after(1_000);
    rig.open();
    rig.after(1_000);
    let failure = engine::TransportError::ConnectTimeout(1_000, vec!["/".to_owned()]);
    assert_eq!(rig.last_failure, Some(failure));
}

#[test]
fn a_refusal_is_final_unless_refusals_are_retried() {
    let refusing = || Behavior { refused: [("/".to_owned(), "{}".to_owned())].into(), ..Behavior::default() };
    let mut world = World::new(Settings::default(), refusing());
    world.connect_with(connect(true, false)).unwrap();
    world.run(20_000);
    assert_eq!(world.said()[..2], ["refused / {}", r#"connect failed: Refused(["/"], Some(Json("{}", [])))"#]);
    assert_eq!(world.status(), Status::Disconnected);
    // With it, the namespace is requested again on the same connection, after the usual delays.
    let mut world = World::new(Settings::default(), refusing());
    world.connect_with(connect(true, true)).unwrap();
    world.run(5_000);
    let refusals = world.log.iter().filter(|(_, action)| matches!(action, Action::Refused(..)));
    let refusals: Vec<u64> = refusals.map(|(at, _)| *at).collect();
    assert!(world.said().iter().all(|word| word == "refused / {}") && refusals.len() == 3, "{:?}", world.said());
    assert_eq!(refusals.windows(2).map(|pair| (pair[1] - pair[0]) / 1_000).collect::<Vec<_>>(), [1, 2]);
    world.server.behavior.refused.clear();
    world.run(10_000);
    assert_eq!(world.said()[3..], ["connected /", "connect ok"]);
    assert_eq!(world.server.connection_count(), 1);
    // It is requested as often as attempts may fail.
    let settings = Settings { reconnection_attempts: 2, ..Settings::default() };
    let mut world = World::new(settings, refusing());
    world.connect_with(connect(true, true)).unwrap();
    world.run(20_000);
    assert_eq!(world.said().iter().filter(|word| *word == "refused / {}").count(), 3);
    assert_eq!(world.status(), Status::Disconnected);
}

#[test]
fn only_attempts_that_fail_are_limited() {
    let settings = Settings { reconnection_attempts: 2, ..Settings::default() };
    let mut world = World::new(settings, Behavior::default());
    world.connect(&["/"], Transports::WebSocket).unwrap();
    world.run(1_000);
    for restart in 0..6 {
        world.server_restarts();
        world.run(9_000);
        assert_eq!(world.status(), Status::Connected, "{restart}");
    }
}

#[test]
fn connect_takes_over_from_a_reconnection_in_every_state() {
    let lost = |stage: usize| {
        let mut rig = SessionRig::connected(&["/"]);
        rig.cut();
        rig.emit("/", "[\"kept\"]").unwrap();
        if stage > 0 {
            rig.after(1_000);
        }
        if stage > 1 {
            rig.prepared();
        }
        if stage > 2 {
            rig.receive(&crate::rig::open_packet(""));
        }
        if stage > 3 {
            rig.handle(Input::Authenticated(rig.attempt, vec!["/".to_owned()], None));
            rig.flush();
        }
        rig
    };
    for stage in 0..5 {
        let mut rig = lost(stage);
        assert_eq!(rig.session.status(), Status::Reconnecting, "{stage}");
        let outputs = rig.connect(request(&["/"])).unwrap();
        assert_eq!(outputs.last().unwrap(), "prepare", "{stage}");
        assert_eq!(outputs.len(), if stage > 1 { 2 } else { 1 }, "{stage}: {outputs:?}");
        rig.open();
        assert_eq!(rig.grant("/"), ["connected /", "connect ok"], "{stage}");
        assert!(rig.flush()[0].ends_with("42[\"kept\"]"), "{stage}");
    }
    // `connect` does not take over from a first connection, nor from one that is connected.
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(Connect { wait: false, ..request(&["/"]) }).unwrap();
    rig.open();
    assert_eq!(rig.connect(request(&["/"])), Err(CommandError::AlreadyConnected));
}

#[test]
fn offline_drops_the_connection_and_online_makes_it_again_at_once() {
    let mut rig = SessionRig::connected(&["/"]);
    let outputs = rig.handle(Input::Offline);
    assert_eq!(outputs, ["close 1", "disconnected /: transport error, transport close"]);
    assert_eq!(rig.session.status(), Status::Reconnecting);
    assert_eq!(rig.handle(Input::Offline), [""; 0]);
    // Attempts go on while offline: a platform may be wrong.
    assert_eq!(rig.after(1_000), ["prepare"]);
    rig.prepared();
    assert_eq!(rig.handle(Input::Online), [""; 0], "an attempt is being made");
    assert_eq!(rig.handle(Input::Engine(closed(2))), ["attempt failed /: transport close"]);
    assert_eq!(rig.handle(Input::Online), ["prepare"], "the next attempt does not wait");
    rig.open();
    assert_eq!(rig.grant("/"), ["connected /"]);
    // Both are ignored by a client that is not connected.
    let mut rig = SessionRig::new(Settings::default());
    assert_eq!((rig.handle(Input::Offline), rig.handle(Input::Online)), (Vec::new(), Vec::new()));
}

#[test]
fn a_connection_whose_polls_are_empty_is_made_again_without_an_upgrade() {
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/"], Transports::PollingThenWebSocket).unwrap();
    // python-engineio: the websocket is cut behind its handshake, and every poll is answered with NOOP from then on.
    world.server.behavior.stuck_upgrades = true;
    world.run(60_000);
    let gets = world.wire.iter().filter(|(_, action)| matches!(action, engine::Action::Get(..))).count();
    assert!(gets < 100, "{gets} GETs");
    assert_eq!(world.status(), Status::Connected, "{:?}", world.said());
    world.emit("/", "[1]").unwrap();
    world.run(1_000);
    assert_eq!(world.heard("/"), ["[1]"]);
    assert_eq!(world.said(), ["attempt failed /: transport error", "connected /", "connect ok"]);
    assert_eq!(world.driver.query(|session| session.transport()), Some(engine::Transport::Polling));
}

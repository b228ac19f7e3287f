//! Full websockets: messages above the high-water mark stay in the client, where they are counted, and volatile events are dropped.

use crate::peer::Behavior;
use crate::rig::{EngineRig, SessionRig, open_packet, opened, text};
use crate::world::World;
use socketio_wasm::engine::{Config, Input, TransportId, Transports};
use socketio_wasm::socket::{CommandError, SendMode, Settings};

fn websocket(high_water_mark: usize) -> EngineRig {
    let (mut rig, _) =
        EngineRig::open_with(Config { transports: Transports::WebSocket, high_water_mark, ..Config::default() });
    rig.take(opened(1));
    assert_eq!(rig.take(text(1, &open_packet(""))), ["opened S"]);
    rig
}

fn buffered(bytes: usize) -> Input<socketio_wasm::protocol::StdWire> {
    Input::WebSocketBuffered(TransportId(1), bytes)
}

#[test]
fn messages_above_the_mark_stay_in_the_outbox() {
    let mut rig = websocket(6);
    (10..20).for_each(|tag| rig.send(tag));
    assert_eq!(rig.flush(), ["send 1 410|411", "measure 1"]);
    assert!(!rig.engine.is_writable());
    assert_eq!(rig.engine.unsent(), 8);
    // A full websocket is measured again and again, at growing distances.
    assert_eq!(rig.take(buffered(6)), [""; 0]);
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let at = rig.engine.poll_timeout().unwrap();
        pauses.push(at - rig.now);
        assert_eq!(rig.tick(at), ["measure 1"]);
        assert_eq!(rig.take(buffered(6)), [""; 0]);
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 50, 50]);
    // Pongs are still sent.
    assert_eq!(rig.take(text(1, "2")), ["send 1 3"]);
    assert_eq!(rig.take(buffered(3)), ["send 1 412", "measure 1"], "as many messages as there is room for");
    assert_eq!(rig.take(buffered(0)), ["send 1 413|414", "measure 1"]);
}

#[test]
fn below_the_mark_nothing_is_measured() {
    let mut rig = websocket(1 << 20);
    for _ in 0..100 {
        rig.send(1);
        assert_eq!(rig.flush(), ["send 1 41"]);
    }
    assert_eq!(rig.engine.poll_timeout(), Some(46_000));
}

#[test]
fn a_large_message_passes_any_mark() {
    for mark in [0, 1, 3] {
        let mut rig = websocket(mark);
        rig.send(1_000_000);
        rig.send(2_000_000);
        assert_eq!(rig.flush(), ["send 1 41000000", "measure 1"], "{mark}");
        assert_eq!(rig.take(buffered(0)), ["send 1 42000000", "measure 1"], "{mark}");
    }
}

#[test]
fn a_close_goes_on_while_the_websocket_empties() {
    let mut rig = websocket(6);
    (10..14).for_each(|tag| rig.send(tag));
    rig.flush();
    rig.take(buffered(100));
    assert_eq!(rig.close(), [""; 0]);
    for bytes in (10..100).rev().step_by(10) {
        rig.now += 4_000;
        assert_eq!(rig.take(buffered(bytes)), [""; 0]);
    }
    let outputs = rig.take(buffered(0));
    assert_eq!(outputs, ["send 1 412|413", "measure 1", "close 1", "closed"]);
    // Without progress it ends, and unsent messages can still be counted.
    let mut rig = websocket(6);
    (10..14).for_each(|tag| rig.send(tag));
    rig.flush();
    rig.take(buffered(100));
    rig.close();
    rig.now = 4_999;
    rig.take(buffered(100));
    assert_eq!(rig.tick(5_000).last().unwrap(), "closed");
    assert_eq!(rig.engine.take_unsent().len(), 2);
}

#[test]
fn a_session_counts_and_bounds_waiting_events_and_drops_volatile_ones() {
    let mut settings = Settings { max_buffer: 3, ..Settings::default() };
    settings.engine.high_water_mark = 6;
    let mut rig = SessionRig::connected_with(settings, &["/"]);
    rig.buffered(0);
    rig.emit("/", "[1]").unwrap();
    rig.emit("/", "[2]").unwrap();
    rig.flush();
    rig.buffered(1_000);
    for _ in 0..3 {
        rig.emit("/", "[3]").unwrap();
    }
    assert_eq!(rig.session.unsent(), 3);
    assert_eq!(rig.emit("/", "[4]"), Err(CommandError::BufferFull(3)));
    assert_eq!(rig.emit_with("/", "[5]", Vec::new(), SendMode::Volatile, None), Ok(None));
    assert_eq!(rig.session.unsent(), 3, "volatile: dropped");
    assert_eq!(rig.disconnect().last().unwrap(), "final /");
    assert_eq!(rig.after(5_000), ["close 1", "ended", "left with 3 unsent"]);
}

#[test]
fn volatile_events_that_the_transport_does_not_take_at_the_end_of_the_turn_are_dropped() {
    let mut settings = Settings::default();
    settings.engine.high_water_mark = 6;
    let mut rig = SessionRig::connected_with(settings, &["/"]);
    rig.buffered(0);
    rig.emit_with("/", "[1]", Vec::new(), SendMode::Volatile, None).unwrap();
    rig.emit("/", "[2]").unwrap();
    rig.emit_with("/", "[3]", Vec::new(), SendMode::Volatile, None).unwrap();
    let call = rig.emit_with("/", "[4]", Vec::new(), SendMode::Volatile, Some(None)).unwrap().unwrap();
    rig.emit("/", "[5]").unwrap();
    let dropped = format!("call {} failed: Dropped", call.0);
    assert_eq!(rig.flush(), ["send 1 42[1]|42[2]", "measure 1", dropped.as_str()]);
    assert_eq!(rig.buffered(0), ["send 1 42[5]"]);

    // A POST takes 16 packets of a turn.
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/"], Transports::Polling).unwrap();
    world.run(100);
    for number in 0..30 {
        let mode = if number % 2 == 0 { SendMode::Buffer } else { SendMode::Volatile };
        world.emit_with("/", &format!("[{number}]"), Vec::new(), mode, None).unwrap();
    }
    world.run(1_000);
    let expected: Vec<String> = (0..16).chain((16..30).step_by(2)).map(|number| format!("[{number}]")).collect();
    assert_eq!(world.heard("/"), expected);
}

#[test]
fn volatile_events_of_one_turn_are_bounded_too() {
    let mut rig = SessionRig::connected_with(Settings { max_buffer: 2, ..Settings::default() }, &["/"]);
    for n in 0..5 {
        rig.emit_with("/", &format!("[{n}]"), Vec::new(), SendMode::Volatile, None).unwrap();
    }
    assert_eq!(rig.flush(), ["send 1 42[0]|42[1]"]);
}

#[test]
fn volatile_events_are_not_dropped_if_the_websocket_has_sent_what_the_client_counts_as_buffered() {
    let mut settings = Settings::default();
    settings.engine.high_water_mark = 100;
    let mut world = World::new(settings, Behavior::default());
    world.connect(&["/"], Transports::WebSocket).unwrap();
    world.run(100);
    for turn in 0..100 {
        for number in [2 * turn, 2 * turn + 1] {
            world.emit_with("/", &format!("[{number}]"), Vec::new(), SendMode::Volatile, None).unwrap();
        }
        world.run(10);
    }
    assert_eq!(world.heard("/").len(), 200);
}

//! Closing an Engine.IO connection, and messages that are isolated from those sent before them.

use crate::rig::{EngineRig, closed, failed, ok, open_packet, opened, text};
use socketio_wasm::engine::{Config, Input, Outgoing, TransportId, Transports};
use socketio_wasm::protocol::{Frame, StdWire};

fn status(id: u32, status: u16, body: &str) -> Input<StdWire> {
    Input::Responded(TransportId(id), status, body.to_owned().into())
}

#[test]
fn close_writes_queued_messages_and_aborts_the_hanging_get() {
    let mut rig = EngineRig::polling();
    rig.send(1);
    assert_eq!(rig.close(), ["post 3 41"]);
    assert_eq!(rig.engine.poll_timeout(), Some(45_000), "a POST in flight has its own time");
    assert_eq!(
        rig.take(ok(3, "ok")),
        ["post 4 1"],
        "CLOSE is not in one POST with messages that a server may still be handling"
    );
    assert_eq!(rig.take(ok(4, "ok")), ["abort 2", "closed"]);
    assert_eq!(rig.close(), [""; 0]);

    // A POST in flight may end first. The server's pings are read while there is more to write.
    let mut rig = EngineRig::polling();
    rig.send(1);
    rig.flush();
    rig.send(2);
    assert_eq!(rig.close(), [""; 0]);
    assert_eq!(rig.take(ok(2, "2")), ["get 4 of S"]);
    assert_eq!(rig.take(ok(3, "ok")), ["post 5 3|42"]);
    assert_eq!(rig.take(ok(4, "6")), [""; 0]);
    assert_eq!(rig.take(ok(5, "ok")), ["post 6 1"]);
    assert_eq!(rig.take(ok(6, "ok")), ["closed"]);
    assert_eq!(EngineRig::polling().close(), ["post 3 1"]);

    let mut rig = EngineRig::websocket();
    rig.send(1);
    assert_eq!(rig.close(), ["send 1 41", "close 1", "closed"]);
}

#[test]
fn close_ends_in_time_and_without_a_failure() {
    let closing = || {
        let mut rig = EngineRig::polling();
        rig.send(1);
        rig.close();
        rig
    };
    assert_eq!(closing().tick(44_999), [""; 0]);
    assert_eq!(closing().tick(45_000), ["abort 2", "abort 3", "post last 1", "possibly lost [1]", "closed"]);
    assert_eq!(closing().take(failed(3)), ["possibly lost [1]", "abort 2", "closed"]);
    assert_eq!(closing().take(status(3, 400, "")), ["possibly lost [1]", "abort 2", "post last 1", "closed"]);
    assert_eq!(closing().take(ok(2, "1")), ["abort 3", "possibly lost [1]", "closed"]);
    let mut rig = closing();
    assert_eq!(rig.take(ok(3, "ok")), ["post 4 1"]);
    assert_eq!(rig.tick(5_000), ["abort 2", "abort 4", "closed"]);
    let (mut rig, _) = EngineRig::open(Transports::Polling);
    assert_eq!(rig.close(), ["abort 1", "closed"]);
    let (mut rig, _) = EngineRig::open(Transports::WebSocket);
    assert_eq!(rig.close(), ["close 1", "closed"]);
}

/// Sends a message that is isolated from those sent before it.
pub fn send_isolated(rig: &mut EngineRig, tag: u32) {
    rig.engine.send(Outgoing::new(tag, Frame::Text(tag.to_string()), []).disconnecting()).unwrap();
}

#[test]
fn an_isolated_message_has_its_own_post() {
    let mut rig = EngineRig::polling();
    rig.send(1);
    send_isolated(&mut rig, 2);
    send_isolated(&mut rig, 3);
    rig.send(4);
    send_isolated(&mut rig, 5);
    assert_eq!(rig.flush(), ["post 3 41"]);
    assert_eq!(rig.take(ok(3, "ok")), ["post 4 42|43|44"]);
    assert_eq!(rig.take(ok(4, "ok")), ["post 5 45"]);
    assert_eq!(rig.close(), [""; 0]);
    assert_eq!(rig.take(ok(5, "ok")), ["post 6 1"]);
    // That holds even if no event is before it.
    let mut rig = EngineRig::polling();
    rig.engine.send(Outgoing::new(1, Frame::Text("1".to_owned()), []).connecting()).unwrap();
    send_isolated(&mut rig, 2);
    assert_eq!(rig.flush(), ["post 3 41"]);
    assert_eq!(rig.take(ok(3, "ok")), ["post 4 42"]);
}

#[test]
fn an_isolated_message_waits_on_a_websocket_after_an_event() {
    let mut rig = EngineRig::websocket();
    rig.now = 1_000;
    send_isolated(&mut rig, 1);
    assert_eq!(rig.flush(), ["send 1 41"], "no event was written before");
    rig.send(2);
    send_isolated(&mut rig, 3);
    rig.send(4);
    assert_eq!(rig.flush(), ["send 1 42"]);
    assert_eq!((rig.engine.poll_timeout(), rig.engine.unsent()), (Some(1_050), 2));
    assert_eq!(rig.take(text(1, "2")), ["send 1 3"], "a pong does not wait");
    assert_eq!(rig.tick(1_049), [""; 0]);
    assert_eq!(rig.tick(1_050), ["send 1 43|44"]);
    send_isolated(&mut rig, 5);
    assert_eq!(rig.flush(), [""; 0]);
    assert_eq!(rig.close(), ["close 1", "closed"], "closing the websocket says the same, and need not wait");
    // On a websocket, it need not be isolated from a message that is not an event.
    let mut rig = EngineRig::websocket();
    rig.engine.send(Outgoing::new(1, Frame::Text("1".to_owned()), []).connecting()).unwrap();
    assert_eq!(rig.flush(), ["send 1 41"]);
    send_isolated(&mut rig, 2);
    assert_eq!(rig.close(), ["send 1 42", "close 1", "closed"]);
    // A connection that is cut meanwhile closes without a failure.
    let mut rig = EngineRig::websocket();
    rig.send(1);
    send_isolated(&mut rig, 2);
    assert_eq!(rig.close(), ["send 1 41", "close 1", "closed"]);
    assert_eq!(rig.take(closed(1)), [""; 0]);
}

#[test]
fn an_isolated_message_waits_for_a_full_websocket_without_a_hot_loop() {
    let config = Config { transports: Transports::WebSocket, high_water_mark: 1, ..Config::default() };
    let (mut rig, _) = EngineRig::open_with(config);
    rig.take(opened(1));
    rig.take(text(1, &open_packet("")));
    rig.send(1);
    send_isolated(&mut rig, 2);
    assert_eq!(rig.flush(), ["send 1 41", "measure 1"]);
    rig.take(Input::WebSocketBuffered(TransportId(1), 9));
    for _ in 0..10 {
        let at = rig.engine.poll_timeout().unwrap();
        assert!(at > rig.now, "a deadline in the past");
        assert_eq!(rig.tick(at), ["measure 1"]);
        rig.take(Input::WebSocketBuffered(TransportId(1), 9));
    }
    assert_eq!(rig.take(Input::WebSocketBuffered(TransportId(1), 0)), ["send 1 42", "measure 1"]);
}

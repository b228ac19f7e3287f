//! From polling to websocket, step by step: the diagram of `engine/transport_state.rs`. Whatever fails on the way, no message is
//! lost, doubled or reordered.

use crate::rig::{EngineRig, closed, failed, ok, opened, text};
use socketio_wasm::engine::{Input, Outgoing, Transport, TransportId};
use socketio_wasm::protocol::Frame;

// [G6]
#[test]
fn the_probe_the_pause_and_the_step() {
    let mut rig = EngineRig::probing();
    rig.send(10);
    assert_eq!(rig.flush(), ["post 4 410"], "polling goes on meanwhile");
    assert_eq!(rig.take(opened(2)), ["send 2 2probe"]);
    assert_eq!(rig.take(text(2, "3probe")), [""; 0], "both requests have to end");
    rig.send(11);
    assert_eq!(rig.flush(), [""; 0]);
    assert!(!rig.engine.is_writable());
    assert_eq!(rig.take(ok(4, "ok")), [""; 0], "no new POST");
    assert_eq!(rig.engine.transport(), Some(Transport::Polling));
    // The packets of the last poll come first, then the step, then buffered messages.
    let outputs = rig.take(ok(3, "4last\u{1e}2"));
    assert_eq!(outputs, ["message last", "send 2 5", "upgraded", "send 2 3|411"]);
    assert_eq!(rig.engine.transport(), Some(Transport::WebSocket));
    assert_eq!(rig.engine.poll_timeout(), Some(46_000));
    rig.send(12);
    assert_eq!(rig.flush(), ["send 2 412"]);
}

// [G6]
#[test]
fn the_probe_may_fail_at_each_step() {
    // Before the websocket opens, after, and while requests in flight end: closed, timed out, nonsense.
    for answered in 0..3 {
        for way in 0..4 {
            let mut rig = EngineRig::probing();
            rig.send(10);
            assert_eq!(rig.flush(), ["post 4 410"]);
            if answered > 0 {
                rig.take(opened(2));
            }
            if answered > 1 {
                rig.take(text(2, "3probe"));
                rig.take(ok(3, "4a"));
            } else {
                assert_eq!(rig.take(ok(3, "4a")), ["message a", "get 5 of S"]);
            }
            rig.send(11);
            assert_eq!(rig.flush(), [""; 0]);
            let outputs = match way {
                0 => rig.take(closed(2)),
                // A POST may take longer than that, see below.
                1 if answered > 1 => continue,
                1 => rig.tick(5_000),
                2 => rig.take(text(2, "x")),
                _ if answered == 0 => continue,
                _ => rig.take(Input::WebSocketReceived(TransportId(2), Frame::Text(String::new()))),
            };
            let mut expected = vec!["close 2"];
            if way == 0 {
                expected.clear();
            }
            if answered > 1 {
                expected.push("get 5 of S");
            }
            assert_eq!(outputs, expected, "{answered} {way}");
            assert_eq!(rig.engine.transport(), Some(Transport::Polling));
            // Polling goes on as if no websocket had been tried.
            assert_eq!(rig.take(ok(4, "ok")), ["post 6 411"]);
            assert_eq!(rig.take(opened(2)), [""; 0]);
            assert_eq!(rig.take(text(2, "3probe")), [""; 0]);
            assert_eq!(rig.take(ok(5, "4b")), ["message b", "get 7 of S"]);
        }
    }
}

#[test]
fn a_post_that_takes_longer_than_a_step_does_not_end_the_upgrade() {
    let mut rig = EngineRig::probing();
    rig.send(10);
    rig.flush();
    rig.take(opened(2));
    rig.now = 4_000;
    rig.take(text(2, "3probe"));
    rig.take(ok(3, "6"));
    assert_eq!(rig.tick(30_000), [""; 0]);
    assert_eq!(rig.take(ok(4, "ok")), ["send 2 5", "upgraded"]);
}

#[test]
fn a_poll_that_the_server_does_not_release_ends_the_upgrade() {
    for request_timeout in [0, 5_000, 1_000_000_000] {
        let mut rig = EngineRig::probing_with(request_timeout);
        rig.take(opened(2));
        rig.now = 1_000;
        rig.take(text(2, "3probe"));
        let step = request_timeout.min(20_000);
        assert_eq!(rig.tick(1_000 + step), ["close 2"], "{request_timeout}");
        assert_eq!(rig.engine.transport(), Some(Transport::Polling));
    }
}

#[test]
fn a_probe_answered_with_nonsense_fails() {
    for answer in ["3", "3prob", "2probe", "4x", "6", "1", "0{}"] {
        let mut rig = EngineRig::probing();
        rig.take(opened(2));
        assert_eq!(rig.take(text(2, answer)), ["close 2"], "{answer}");
    }
}

#[test]
fn a_request_that_fails_ends_the_connection() {
    for paused in [false, true] {
        let mut rig = EngineRig::probing();
        rig.take(opened(2));
        if paused {
            rig.take(text(2, "3probe"));
        }
        assert_eq!(rig.take(failed(3)), ["close 2", "closed Unreachable(Polling, None)"]);
    }
}

#[test]
fn a_server_that_closes_in_the_last_poll_ends_the_connection() {
    let mut rig = EngineRig::probing();
    rig.take(opened(2));
    rig.take(text(2, "3probe"));
    assert_eq!(rig.take(ok(3, "4a\u{1e}1")), ["message a", "close 2", "closed ServerClosed"]);
}

#[test]
fn close_during_the_upgrade_uses_polling() {
    for step in 0..3 {
        let mut rig = EngineRig::probing();
        if step > 0 {
            rig.take(opened(2));
        }
        if step > 1 {
            rig.take(text(2, "3probe"));
        }
        rig.send(10);
        assert_eq!(rig.close(), ["close 2", "post 4 410"]);
        assert_eq!(rig.take(text(2, "3probe")), [""; 0]);
        assert_eq!(rig.take(ok(4, "ok")), ["post 5 1"]);
        assert_eq!(rig.take(ok(5, "ok")), ["abort 3", "closed"]);
    }
}

#[test]
fn silence_during_the_upgrade_is_a_ping_time_out() {
    let mut rig = EngineRig::probing();
    rig.take(opened(2));
    rig.take(text(2, "3probe"));
    // The timer was throttled so much that the probe's own deadline has passed as well.
    assert_eq!(rig.tick(60_000), ["abort 3", "close 2", "post last 1", "closed PingTimeout(60000)"]);
}

#[test]
fn a_message_that_only_a_websocket_can_carry_waits_for_it() {
    let large = || Outgoing::new(1, Frame::Text("x".to_owned()), [Frame::Bytes(vec![0; 90])]);
    let mut rig = EngineRig::probing();
    rig.take(opened(2));
    rig.engine.send(large()).unwrap();
    rig.send(12);
    assert_eq!(rig.flush(), [""; 0], "later messages wait behind it");
    rig.take(text(2, "3probe"));
    assert_eq!(rig.take(ok(3, "6")), ["send 2 5", "upgraded", "send 2 4x|<90>|412"]);

    let mut rig = EngineRig::probing();
    rig.engine.send(large()).unwrap();
    rig.send(12);
    rig.flush();
    assert_eq!(rig.take(closed(2)), ["too large 1: 121 over 100", "post 4 412"]);
}

#[test]
fn a_message_that_polling_began_is_finished_by_the_websocket() {
    let mut rig = EngineRig::probing();
    rig.engine
        .send(Outgoing::new(1, Frame::Text("x".to_owned()), [60, 50, 40].map(|size| Frame::Bytes(vec![0; size]))))
        .unwrap();
    rig.send(2);
    let outputs = rig.flush();
    assert_eq!(outputs[0].split('|').count(), 2, "the head and the first attachment: {outputs:?}");
    rig.take(opened(2));
    rig.take(text(2, "3probe"));
    rig.take(ok(4, "ok"));
    assert_eq!(rig.take(ok(3, "6")), ["send 2 5", "upgraded", "send 2 <50>|<40>|42"]);
}

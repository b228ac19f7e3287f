//! Opening a connection: the order of transports, servers that cannot be reached, session ids and numbers of a handshake.

use crate::rig::{EngineRig, failed, ok, open_packet, opened, text};
use socketio_wasm::engine::{Config, Input, Transport, TransportError, TransportId, Transports, VersionPolicy};
use socketio_wasm::protocol::{ProtocolVersion, StdWire};

fn status(id: u32, status: u16, body: &str) -> Input<StdWire> {
    Input::Responded(TransportId(id), status, body.to_owned().into())
}

fn refused(id: u32) -> Input<StdWire> {
    Input::WebSocketClosed(TransportId(id), TransportError::Unreachable(Transport::WebSocket, None))
}

#[test]
fn the_next_transport_is_tried_if_one_cannot_be_opened() {
    // This is the answer of a server without polling.
    let unknown = || status(1, 400, r#"{"code":0,"message":"Transport unknown"}"#);
    for failure in [unknown(), failed(1), ok(1, "<html>"), status(1, 502, "")] {
        let (mut rig, _) = EngineRig::open(Transports::PollingThenWebSocket);
        assert_eq!(rig.take(failure), ["open 2"]);
        assert_eq!(rig.take(text(2, &open_packet(""))), ["opened S"]);
        assert_eq!(rig.engine.transport(), Some(Transport::WebSocket));
    }
    // The reverse order works too. A websocket that has just failed is not tried again by an upgrade.
    let (mut rig, first) = EngineRig::open(Transports::WebSocketThenPolling);
    assert_eq!(first, ["open 1"]);
    assert_eq!(rig.take(refused(1)), ["get 2"]);
    assert_eq!(rig.take(ok(2, &open_packet(r#""websocket""#))), ["opened S", "get 3 of S"]);
    // The websocket opens, and no handshake comes.
    let (mut rig, _) = EngineRig::open(Transports::WebSocketThenPolling);
    rig.take(opened(1));
    assert_eq!(rig.tick(5_000), ["close 1", "get 2"]);
    assert_eq!(rig.engine.poll_timeout(), Some(10_000));
}

#[test]
fn the_failure_that_says_most_is_reported() {
    let outputs = |failure: &str| format!("closed {failure}");
    let unauthorized = r#"Status(401, "no")"#;
    for (transports, first, second, expected) in [
        (Transports::PollingThenWebSocket, status(1, 401, "no"), refused(2), unauthorized),
        (Transports::PollingThenWebSocket, failed(1), refused(2), "Unreachable(Polling, None)"),
        (Transports::WebSocketThenPolling, refused(1), status(2, 401, "no"), unauthorized),
        (Transports::WebSocketThenPolling, refused(1), failed(2), "Unreachable(WebSocket, None)"),
    ] {
        let (mut rig, _) = EngineRig::open(transports);
        assert_eq!(rig.take(first).len(), 1);
        assert_eq!(rig.take(second), [outputs(expected)]);
    }
    // With one transport there is no other to try.
    let (mut rig, _) = EngineRig::open(Transports::Polling);
    assert_eq!(rig.take(failed(1)), ["closed Unreachable(Polling, None)"]);
}

#[test]
fn each_transport_is_tried_in_the_version_of_the_server() {
    let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::PollingThenWebSocket);
    assert_eq!(rig.take(status(1, 400, "unsupported version of the Socket.IO")), ["get 2 in V3"]);
    assert_eq!(rig.take(status(2, 400, "no polling")), ["open 3"]);
    let bare = TransportError::Status(403, String::new());
    assert_eq!(rig.take(Input::WebSocketClosed(TransportId(3), bare)), ["open 4 in V3"]);
    assert_eq!(
        rig.take(text(4, r#"0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#)),
        ["opened S"]
    );
    assert_eq!(rig.engine.version(), ProtocolVersion::V3);
}

#[test]
fn a_session_id_is_encoded_in_the_url() {
    let open = |sid: &str| {
        let sid = serde_json::Value::from(sid);
        format!(r#"0{{"sid":{sid},"upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}}"#)
    };
    for (sid, written) in
        [("a+b&c=d#e%f", "a%2Bb%26c%3Dd%23e%25f"), ("é /?", "%C3%A9%20%2F%3F"), ("Az09-_.~", "Az09-_.~")]
    {
        let (mut rig, _) = EngineRig::open(Transports::PollingThenWebSocket);
        let outputs = rig.take(ok(1, &open(sid)));
        assert_eq!(outputs, [format!("opened {sid}"), format!("open 2 of {written}"), format!("get 3 of {written}")]);
        assert_eq!(rig.engine.sid(), Some(&sid.to_owned()));
    }
}

#[test]
fn absurd_numbers_in_a_handshake_are_handled() {
    let open = |numbers: &str| {
        let (mut rig, _) = EngineRig::open(Transports::WebSocket);
        let outputs = rig.take(text(1, &format!(r#"0{{"sid":"S","upgrades":[],{numbers}}}"#)));
        (rig, outputs)
    };
    let beat = r#""pingInterval":25000,"pingTimeout":20000"#;
    // A heartbeat that is not a time makes the handshake invalid.
    for interval in ["-1", "\"25000\"", "null", "true", "[]"] {
        let (_, outputs) = open(&format!(r#""pingInterval":{interval},"pingTimeout":20000"#));
        assert!(outputs[1].starts_with("closed NotSocketIo"), "{interval}: {outputs:?}");
    }
    for (interval, deadline) in [("0", 21_000), ("0.9", 21_000), ("1500.7", 21_500), ("1e308", 86_400_000)] {
        let (rig, outputs) = open(&format!(r#""pingInterval":{interval},"pingTimeout":20000"#));
        assert_eq!(outputs, ["opened S"], "{interval}");
        assert_eq!(rig.engine.poll_timeout(), Some(deadline), "{interval}");
    }
    // A limit that is not a number is ignored; 0 means no limit, as in `ws`.
    for limit in ["0", "-1", "\"100\"", "null", "1e308", "0.5"] {
        let (mut rig, outputs) = open(&format!(r#"{beat},"maxPayload":{limit}"#));
        assert_eq!(outputs, ["opened S"], "{limit}");
        rig.send(1);
        assert_eq!(rig.flush(), ["send 1 41"], "{limit}");
    }
    let (mut rig, _) = open(&format!(r#"{beat},"maxPayload":1"#));
    assert!(rig.try_send(1).is_err());
    let (mut rig, _) = open(&format!(r#"{beat},"maxPayload":2.9"#));
    assert!(rig.try_send(1).is_ok() && rig.try_send(10).is_err());
}

#[test]
fn no_packet_is_larger_than_the_limit_over_any_transport() {
    let mut config = Config::default();
    config.limits.max_packet_size = 10;
    let frame = |size: usize| socketio_wasm::protocol::Frame::Bytes(vec![0; size]);
    for transports in [Transports::Polling, Transports::WebSocket] {
        let opening = || {
            let (mut rig, _) = EngineRig::open_with(Config { transports, ..config });
            match transports {
                Transports::Polling => rig.take(ok(1, &open_packet(""))),
                _ => rig.take(text(1, &open_packet(""))),
            };
            rig
        };
        let receive = |fits: bool, is_text: bool| {
            let mut rig = opening();
            let size = if fits { 10 } else { 11 };
            let input = match (transports, is_text) {
                (Transports::Polling, true) => ok(2, &format!("4{}", "x".repeat(size))),
                (Transports::Polling, false) => ok(2, if fits { "bAAAAAAAAAAAAAA==" } else { "bAAAAAAAAAAAAAAA=" }),
                (_, true) => text(1, &format!("4{}", "x".repeat(size))),
                (_, false) => Input::WebSocketReceived(TransportId(1), frame(size)),
            };
            rig.take(input).into_iter().any(|word| word.contains("PacketTooLarge"))
        };
        for is_text in [true, false] {
            assert_eq!((receive(true, is_text), receive(false, is_text)), (false, true), "{transports:?} {is_text}");
        }
    }
}

//! The engine with servers of V3.

use super::OPEN;
use crate::rig::{EngineRig, failed, ok, open_packet, opened, text};
use socketio_wasm::engine::{
    Input, Outgoing, TooLarge, Transport, TransportError, TransportId, Transports, VersionPolicy,
};
use socketio_wasm::protocol::{Frame, ProtocolVersion, StdWire};

const V3: VersionPolicy = VersionPolicy::Fixed(ProtocolVersion::V3);

fn old_payload(packets: &[&str]) -> String {
    packets.iter().map(|packet| format!("{}:{packet}", packet.encode_utf16().count())).collect()
}

fn status(id: u32, status: u16, body: &str) -> Input<StdWire> {
    Input::Responded(TransportId(id), status, body.to_owned().into())
}

/// Returns an engine over polling whose GET 2 hangs.
fn polling() -> EngineRig {
    let (mut rig, first) = EngineRig::open_in(V3, Transports::Polling);
    assert_eq!(first, ["get 1 in V3"]);
    assert_eq!(rig.take(ok(1, &old_payload(&[OPEN, "40"]))), ["opened S", "message 0", "get 2 of S in V3"]);
    rig
}

fn websocket() -> EngineRig {
    let (mut rig, first) = EngineRig::open_in(V3, Transports::WebSocket);
    assert_eq!(first, ["open 1 in V3"]);
    assert_eq!(rig.take(text(1, OPEN)), ["opened S"]);
    rig
}

#[test]
fn polls_with_pongs_do_not_count_as_empty() {
    let mut rig = polling();
    for get in 2..42 {
        rig.now += 200;
        let outputs = rig.take(ok(get, &old_payload(&["3"])));
        assert_eq!(outputs.last(), Some(&format!("get {} of S in V3", get + 1)));
    }
}

#[test]
fn the_first_payload_shows_the_version_of_the_server() {
    let (new, old) = (open_packet(""), old_payload(&[OPEN, "40"]));
    // The session that the server has opened is closed there.
    let refused = |close: &str, body: &str| {
        vec![format!("post last {close}"), format!("closed UnsupportedVersion(200, {body:?})")]
    };
    let in_v3 = ["opened S", "message 0", "get 2 of S in V3"].map(str::to_owned).to_vec();
    let in_v4 = ["opened S", "get 2 of S"].map(str::to_owned).to_vec();
    for (protocol, asked, body, expected) in [
        (VersionPolicy::Unknown, "get 1", &new, in_v4.clone()),
        (VersionPolicy::Unknown, "get 1", &old, in_v3.clone()),
        (VersionPolicy::Known(ProtocolVersion::V4), "get 1", &old, in_v3.clone()),
        (VersionPolicy::Known(ProtocolVersion::V3), "get 1 in V3", &old, in_v3.clone()),
        (VersionPolicy::Known(ProtocolVersion::V3), "get 1 in V3", &new, in_v4.clone()),
        (V3, "get 1 in V3", &old, in_v3),
        (V3, "get 1 in V3", &new, refused("1", &new)),
        (VersionPolicy::Fixed(ProtocolVersion::V4), "get 1", &new, in_v4),
        (VersionPolicy::Fixed(ProtocolVersion::V4), "get 1", &old, refused("1:1", &old)),
    ] {
        let (mut rig, first) = EngineRig::open_in(protocol, Transports::Polling);
        assert_eq!(first, [asked]);
        assert_eq!(rig.take(ok(1, body)), expected, "{protocol:?} {body}");
    }
    for body in ["5:0{", "99:0{}", "2:40", "3:0{}", ":0{}", "12:00, it works"] {
        let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::Polling);
        assert!(rig.take(ok(1, body))[0].starts_with("closed NotSocketIo"), "{body}");
    }
}

#[test]
fn the_other_version_is_requested_if_only_the_version_may_be_wrong() {
    let unsupported = || status(1, 400, "unsupported version of the Socket.IO");
    let outputs = |id| Input::RequestFailed(TransportId(id), Some("refused".to_owned()));
    for (protocol, input, again) in [
        (VersionPolicy::Unknown, unsupported(), Some("get 2 in V3")),
        (VersionPolicy::Unknown, failed(1), None),
        (VersionPolicy::Unknown, outputs(1), None),
        (VersionPolicy::Doubted(ProtocolVersion::V3), unsupported(), Some("get 2")),
        (VersionPolicy::Unknown, status(1, 401, "no"), None),
        (VersionPolicy::Unknown, status(1, 500, ""), None),
        (VersionPolicy::Known(ProtocolVersion::V4), unsupported(), Some("get 2 in V3")),
        (VersionPolicy::Known(ProtocolVersion::V3), unsupported(), Some("get 2")),
        (VersionPolicy::Known(ProtocolVersion::V4), failed(1), None),
        (VersionPolicy::Fixed(ProtocolVersion::V4), unsupported(), None),
        (VersionPolicy::Fixed(ProtocolVersion::V4), failed(1), None),
        (V3, unsupported(), None),
        (V3, failed(1), None),
    ] {
        let (mut rig, _) = EngineRig::open_in(protocol, Transports::Polling);
        let outputs = rig.take(input.clone());
        match again {
            Some(again) => assert_eq!(outputs, [again], "{protocol:?} {input:?}"),
            None => assert!(outputs[0].starts_with("closed "), "{protocol:?} {input:?}: {outputs:?}"),
        }
    }
    // The time for the handshake begins anew.
    let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::Polling);
    rig.now = 4_000;
    rig.take(unsupported());
    assert_eq!(rig.engine.poll_timeout(), Some(9_000));
    assert_eq!(rig.take(failed(1)), [""; 0], "the first request has ended");
    let outputs = rig.take(ok(2, &old_payload(&[OPEN])));
    assert_eq!(outputs, ["opened S", "get 3 of S in V3"]);
}

#[test]
fn a_bare_403_of_a_websocket_may_refuse_the_version() {
    let bare = TransportError::Status(403, String::new());
    let python = TransportError::UnsupportedVersion(400, "unsupported version of the Socket.IO".to_owned());
    for failure in [bare, python] {
        let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::WebSocket);
        assert_eq!(rig.take(Input::WebSocketClosed(TransportId(1), failure)), ["open 2 in V3"]);
        assert_eq!(rig.take(text(2, OPEN)), ["opened S"]);
        assert_eq!(rig.engine.version(), ProtocolVersion::V3);
    }
    // A hidden failure mostly means a server that cannot be reached: one request is enough for that.
    for failure in
        [TransportError::SocketClosed(1006, String::new()), TransportError::Unreachable(Transport::WebSocket, None)]
    {
        let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::WebSocket);
        let outputs = rig.take(Input::WebSocketClosed(TransportId(1), failure));
        assert!(outputs.len() == 1 && outputs[0].starts_with("closed"), "{outputs:?}");
    }
}

#[test]
fn if_both_versions_fail_the_first_failure_counts_unless_the_second_is_an_answer() {
    let unsupported = |id| status(id, 400, "Unsupported protocol version");
    let first = "closed UnsupportedVersion(400, \"Unsupported protocol version\")";
    for (second, expected) in [
        (unsupported(2), first),
        (failed(2), first),
        (status(2, 401, "no"), "closed Status(401, \"no\")"),
        (status(2, 403, ""), "closed Status(403, \"\")"),
    ] {
        let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::Polling);
        assert_eq!(rig.take(unsupported(1)), ["get 2 in V3"]);
        assert_eq!(rig.take(second), [expected]);
    }
    let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::Polling);
    rig.take(unsupported(1));
    assert_eq!(rig.tick(5_000), ["abort 2", first]);
    // A later failure is not replaced by it.
    let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::Polling);
    rig.take(unsupported(1));
    rig.take(ok(2, &old_payload(&[OPEN])));
    assert_eq!(rig.take(failed(3)), ["closed Unreachable(Polling, None)"]);
    // A new server that also serves old clients has refused by mistake: in V3, it would ignore auth.
    let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::WebSocket);
    let bare = TransportError::Status(403, String::new());
    assert_eq!(rig.take(Input::WebSocketClosed(TransportId(1), bare)), ["open 2 in V3"]);
    assert_eq!(rig.take(text(2, &open_packet(""))), ["close 2", "closed Status(403, \"\")"]);
    let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::Polling);
    rig.take(unsupported(1));
    assert_eq!(rig.take(ok(2, &old_payload(&[&open_packet("")]))), ["post last 1:1", first]);
}

#[test]
fn the_client_sends_the_pings() {
    let mut rig = polling();
    assert_eq!(rig.engine.poll_timeout(), Some(25_000));
    assert_eq!(rig.tick(24_999), [""; 0]);
    assert_eq!(rig.tick(25_000), ["post 3 1:2"]);
    assert_eq!(rig.take(ok(3, "ok")), [""; 0]);
    assert_eq!(rig.take(ok(2, "1:3")), ["get 4 of S in V3"]);
    assert_eq!(rig.tick(50_000), ["post 5 1:2"]);
    // A ping of the server is still answered, with its data.
    assert_eq!(rig.take(ok(5, "ok")), [""; 0]);
    assert_eq!(rig.take(ok(4, "3:2hi")), ["post 6 3:3hi", "get 7 of S in V3"]);
    // A late timer sends one ping, not several.
    rig.take(ok(6, "ok"));
    assert_eq!(rig.tick(94_999), ["post 8 1:2"]);
    // An answered POST is no sign of life if no poll is answered.
    assert_eq!(rig.take(ok(8, "ok")), [""; 0]);
    assert_eq!(rig.tick(96_000), ["abort 7", "post last 1:1", "closed PingTimeout(46000)"]);

    let mut rig = websocket();
    assert_eq!(rig.tick(25_000), ["send 1 2"]);
    assert_eq!(rig.take(text(1, "3")), [""; 0]);
    assert_eq!(rig.tick(50_000), ["send 1 2"]);
    // Then nothing comes for the interval, the time-out and a second.
    assert_eq!(rig.tick(70_999), [""; 0]);
    assert_eq!(rig.tick(71_000), ["close 1", "closed PingTimeout(46000)"]);

    // If the heartbeat has ended, the server is no longer pinged.
    assert_eq!(websocket().tick(50_000), ["close 1", "closed PingTimeout(50000)"]);

    // An interval of 0 does not cause a hot loop of pings.
    let (mut rig, _) = EngineRig::open_in(V3, Transports::WebSocket);
    rig.take(text(1, r#"0{"sid":"S","upgrades":[],"pingInterval":0,"pingTimeout":9000}"#));
    assert_eq!(rig.engine.poll_timeout(), Some(50));
    // A client of V4 never pings.
    assert_eq!(EngineRig::websocket().engine.poll_timeout(), Some(46_000));
}

#[test]
fn the_upgrade_is_the_same() {
    let (mut rig, _) = EngineRig::open_in(VersionPolicy::Unknown, Transports::PollingThenWebSocket);
    let outputs = rig.take(ok(1, &old_payload(&[OPEN, "40"])));
    assert_eq!(outputs, ["opened S", "open 2 of S in V3", "message 0", "get 3 of S in V3"]);
    assert_eq!(rig.take(opened(2)), ["send 2 2probe"]);
    assert_eq!(rig.take(text(2, "3probe")), [""; 0]);
    // No ping is due during the upgrade.
    assert_eq!(rig.tick(4_999), [""; 0]);
    assert_eq!(rig.take(ok(3, "1:6")), ["send 2 5", "upgraded"]);
    assert_eq!(rig.engine.version(), ProtocolVersion::V3);
    assert_eq!(rig.tick(25_000), ["send 2 2"]);
}

#[test]
fn binary_data_stands_behind_its_type() {
    let frame = |bytes: &[u8]| Input::WebSocketReceived(TransportId(1), Frame::Bytes(bytes.to_vec()));
    let mut rig = websocket();
    assert_eq!(rig.take(frame(&[4, 7, 8])), ["message <2>"]);
    assert_eq!(rig.take(frame(&[4])), ["message <0>"]);
    rig.engine.send(Outgoing::new(1, Frame::Text("é".to_owned()), [Frame::Bytes(vec![7, 8])])).unwrap();
    assert_eq!(rig.flush(), ["send 1 4é|<3>"], "on a websocket, a string is unchanged");
    for (bytes, error) in [(&[5, 7][..], "UnknownEngineType(5)"), (&[], "EmptyPacket")] {
        let expected = ["close 1".to_owned(), format!("closed Protocol({error}, None)")];
        assert_eq!(websocket().take(frame(bytes)), expected);
    }

    let mut rig = polling();
    assert_eq!(
        rig.take(ok(2, "4:b4Bw6:b4Bwg=")),
        ["post last 1:1", "closed Protocol(BadBase64, Some(\"4:b4Bw6:b4Bwg=\"))"]
    );
    let mut rig = polling();
    assert_eq!(rig.take(ok(2, "6:b4Bwg=3:4aé")), ["message <2>", "message aé", "get 3 of S in V3"]);
    rig.engine.send(Outgoing::new(1, Frame::Text("2[\"é😀\"]".to_owned()), [Frame::Bytes(vec![7, 8])])).unwrap();
    assert_eq!(rig.flush(), ["post 4 \0\u{1}\u{2}\u{fffd}42[\"é😀\"]\u{1}\u{3}\u{fffd}\u{4}\u{7}\u{8}"]);
}

#[test]
fn sizes_are_those_on_the_transport() {
    // Only a new server that serves old clients states its limit.
    let limited = old_payload(&[&open_packet("")]);
    for (message, size) in [("x".repeat(95), 100), ("x".repeat(96), 101), ("é".repeat(48), 101)] {
        let (mut rig, _) = EngineRig::open_in(V3, Transports::Polling);
        rig.take(ok(1, &limited));
        let sent = rig.engine.send(Outgoing::new(1, Frame::Text(message.clone()), []));
        let expected = if size > 100 { Err(TooLarge { size, limit: 100 }) } else { Ok(()) };
        assert_eq!(sent, expected, "{message}");
    }
    for (bytes, size) in [(69, 98), (72, 102)] {
        let (mut rig, _) = EngineRig::open_in(V3, Transports::Polling);
        rig.take(ok(1, &limited));
        let sent = rig.engine.send(Outgoing::new(1, Frame::Bytes(vec![0; bytes]), []));
        assert_eq!(sent, if size > 100 { Err(TooLarge { size, limit: 100 }) } else { Ok(()) });
    }
    let (mut rig, _) = EngineRig::open_in(V3, Transports::WebSocket);
    rig.take(text(1, &open_packet("")));
    assert_eq!(rig.engine.send(Outgoing::new(1, Frame::Bytes(vec![0; 99]), [])), Ok(()));
    let sent = rig.engine.send(Outgoing::new(1, Frame::Bytes(vec![0; 100]), []));
    assert_eq!(sent, Err(TooLarge { size: 101, limit: 100 }));
}

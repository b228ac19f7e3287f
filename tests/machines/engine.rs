//! One Engine.IO connection, step by step: the diagram of `engine/mod.rs`.

use crate::closing::send_isolated;
use crate::rig::{EngineRig, closed, failed, ok, open_packet, opened, text};
use socketio_wasm::engine::{Config, Input, Outgoing, TooLarge, Transport, TransportError, TransportId, Transports};
use socketio_wasm::protocol::{Frame, ProtocolError, StdWire};
use std::num::NonZeroUsize;
use std::ops::Range;

fn status(id: u32, status: u16, body: &str) -> Input<StdWire> {
    Input::Responded(TransportId(id), status, body.to_owned().into())
}

#[test]
fn opens_over_polling() {
    let (mut rig, first) = EngineRig::open(Transports::Polling);
    assert_eq!(first, ["get 1"]);
    assert_eq!((rig.engine.transport(), rig.engine.sid()), (Some(Transport::Polling), None));
    // Polling alone ignores the offered upgrade. Packets behind OPEN are not lost.
    let payload = format!("{}\u{1e}4early\u{1e}2", open_packet(r#""websocket""#));
    assert_eq!(rig.take(ok(1, &payload)), ["opened S", "message early", "post 2 3", "get 3 of S"]);
    assert_eq!(rig.engine.sid(), Some(&"S".to_owned()));
}

#[test]
fn opens_over_websocket() {
    let (mut rig, first) = EngineRig::open(Transports::WebSocket);
    assert_eq!(first, ["open 1"]);
    assert_eq!(rig.take(opened(1)), [""; 0]);
    assert_eq!(rig.take(text(1, &open_packet(""))), ["opened S"]);
    assert_eq!(rig.engine.transport(), Some(Transport::WebSocket));
    rig.send(7);
    assert_eq!(rig.flush(), ["send 1 47"]);
}

#[test]
fn each_failure_of_the_handshake_has_its_own_error() {
    let polling = |input| {
        let (mut rig, _) = EngineRig::open(Transports::Polling);
        let outputs = rig.take(input);
        assert_eq!(rig.engine.poll_timeout(), None, "the connection has ended");
        outputs
    };
    assert_eq!(polling(failed(1)), ["closed Unreachable(Polling, None)"]);
    let outputs = Some("ECONNREFUSED".to_owned());
    let expected = [r#"closed Unreachable(Polling, Some("ECONNREFUSED"))"#];
    assert_eq!(polling(Input::RequestFailed(TransportId(1), outputs)), expected);
    assert_eq!(polling(status(1, 500, "oops")), [r#"closed Status(500, "oops")"#]);
    assert_eq!(polling(status(1, 302, "")), [r#"closed Status(302, "")"#]);
    assert_eq!(polling(ok(1, "<html>")), [r#"closed NotSocketIo("<html>")"#]);
    assert_eq!(polling(ok(1, "")), [r#"closed NotSocketIo("")"#]);
    assert_eq!(polling(ok(1, "4early")), [r#"closed NotSocketIo("4early")"#]);
    assert_eq!(polling(ok(1, "0{}")), [r#"closed NotSocketIo("{}")"#]);
    assert_eq!(polling(ok(1, "97:0{\"sid\":\"x\"}")), [r#"closed NotSocketIo("97:0{\"sid\":\"x\"}")"#]);

    let websocket = |input| EngineRig::open(Transports::WebSocket).0.take(input);
    assert_eq!(websocket(closed(1)), [r#"closed SocketClosed(1006, "")"#]);
    assert_eq!(websocket(text(1, "4early")), ["close 1", r#"closed NotSocketIo("4early")"#]);
    let binary = Input::WebSocketReceived(TransportId(1), Frame::Bytes(vec![0]));
    assert_eq!(websocket(binary), ["close 1", r#"closed NotSocketIo("binary data")"#]);
}

#[test]
fn an_http_error_is_classified_by_the_servers_message() {
    let fails = |body: &str| {
        let (mut rig, _) = EngineRig::open(Transports::Polling);
        rig.take(status(1, 400, body)).remove(0)
    };
    let npm = r#"{"code":5,"message":"Unsupported protocol version"}"#;
    assert!(fails(npm).starts_with("closed UnsupportedVersion(400"));
    let python = r#""The client is using an unsupported version of the Socket.IO or Engine.IO protocols""#;
    assert!(fails(python).starts_with("closed UnsupportedVersion(400"));
    assert!(fails(r#""http://evil is not an accepted origin.""#).starts_with("closed OriginRefused(400"));
    assert!(fails(r#"{"code":1,"message":"Session ID unknown"}"#).starts_with("closed SessionUnknown(400"));
    assert!(fails(r#""Invalid session abc""#).starts_with("closed SessionUnknown(400"));
    assert!(fails("nothing of it").starts_with("closed Status(400"));
}

#[test]
fn a_handshake_without_answer_is_given_up() {
    for (transports, name, end) in
        [(Transports::Polling, "Polling", "abort 1"), (Transports::WebSocket, "WebSocket", "close 1")]
    {
        let (mut rig, _) = EngineRig::open(transports);
        assert_eq!(rig.engine.poll_timeout(), Some(5_000));
        assert_eq!(rig.tick(4_999), [""; 0]);
        assert_eq!(rig.tick(5_000), [end.to_owned(), format!("closed RequestTimeout({name}, 5000)")]);
        assert_eq!(rig.tick(9_000), [""; 0]);
    }
}

#[test]
fn one_get_and_one_post_are_in_flight() {
    let mut rig = EngineRig::polling();
    rig.send(10);
    rig.send(11);
    assert_eq!(rig.flush(), ["post 3 410|411"]);
    rig.send(12);
    assert!(!rig.engine.is_writable());
    assert_eq!(rig.flush(), [""; 0], "the POST in flight has to end first");
    assert_eq!(rig.engine.unsent(), 1);
    assert_eq!(rig.take(ok(2, "4a\u{1e}4b")), ["message a", "message b", "get 4 of S"]);
    assert_eq!(rig.take(ok(3, "ok")), ["post 5 412"]);
    assert_eq!(rig.take(ok(5, "ok")), [""; 0]);
    assert!(rig.engine.is_writable());
}

/// Describes a POST of these messages.
fn post(id: u32, tags: Range<u32>) -> String {
    let packets: Vec<String> = tags.map(|tag| format!("4{tag}")).collect();
    format!("post {id} {}", packets.join("|"))
}

#[test]
fn a_post_takes_sixteen_packets_until_the_server_turns_out_to_take_any_number() {
    for (answer, second) in [("ok", 26..46), ("OK", 26..42), ("", 26..42), ("Ok", 26..42), ("ok\n", 26..42)] {
        let mut rig = EngineRig::polling();
        for tag in 10..46 {
            rig.send(tag);
        }
        assert_eq!(rig.flush(), [post(3, 10..26)]);
        let last = second.end;
        assert_eq!(rig.take(ok(3, answer)), [post(4, second)], "{answer:?}");
        let rest = if last < 46 { vec![post(5, last..46)] } else { Vec::new() };
        assert_eq!(rig.take(ok(4, "OK")), rest);
    }
}

#[test]
fn the_content_of_a_poll_does_not_change_the_limit_of_a_post() {
    let mut rig = EngineRig::polling();
    for tag in 10..30 {
        rig.send(tag);
    }
    assert_eq!(rig.flush(), [post(3, 10..26)]);
    assert_eq!(rig.take(ok(2, "4ok")), ["message ok", "get 4 of S"]);
    rig.take(ok(3, "OK"));
    for tag in 30..50 {
        rig.send(tag);
    }
    assert_eq!(rig.take(ok(5, "OK")), [post(6, 30..46)]);
}

#[test]
fn a_configured_number_of_packets_stays() {
    for (most, expected) in [(2, vec![post(3, 10..12), post(4, 12..14)]), (40, vec![post(3, 10..30)])] {
        let mut rig = EngineRig::polling_with(NonZeroUsize::new(most));
        for tag in 10..30 {
            rig.send(tag);
        }
        let mut posts = rig.flush();
        posts.extend(rig.take(ok(3, "ok")));
        assert_eq!(posts, expected);
    }
}

#[test]
fn a_post_is_small_for_a_server_that_does_not_state_its_limit() {
    let (mut rig, _) = EngineRig::open(Transports::Polling);
    rig.take(ok(1, r#"0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#));
    for (tag, length) in [(1, 40_000), (2, 40_000), (3, 100_000), (4, 100)] {
        rig.engine.send(Outgoing::new(tag, Frame::Text(tag.to_string().repeat(length)), Vec::new())).unwrap();
    }
    let lengths = |outputs: &[String]| outputs[0].split_once(' ').unwrap().1.len() - 3;
    assert_eq!(lengths(&rig.flush()), 40_000);
    for (id, length) in [(3, 40_000), (4, 100_000), (5, 100)] {
        assert_eq!(lengths(&rig.take(ok(id, "ok"))), length);
    }
}

#[test]
fn a_post_respects_the_limit_in_bytes() {
    let mut rig = EngineRig::polling();
    // Twice 49 bytes and a packet type, and a separator: 101 bytes.
    for tag in [1, 2] {
        rig.engine.send(Outgoing::new(tag, Frame::Text(tag.to_string().repeat(49)), Vec::new())).unwrap();
    }
    assert_eq!(rig.flush(), [format!("post 3 4{}", "1".repeat(49))]);
    assert_eq!(rig.take(ok(3, "ok")), [format!("post 4 4{}", "2".repeat(49))]);
}

#[test]
fn attachments_follow_their_message_even_over_several_posts() {
    let mut rig = EngineRig::polling();
    let attachments: Vec<Vec<u8>> = (0..20).map(|n| vec![n]).collect();
    rig.engine.send(Outgoing::new(1, Frame::Text("x".to_owned()), attachments.into_iter().map(Frame::Bytes))).unwrap();
    rig.send(2);
    assert_eq!(rig.flush()[0].matches('|').count(), 15);
    assert_eq!(rig.engine.unsent(), 2, "it was handed over in part");
    rig.engine.cancel_unsent(|_| true);
    assert_eq!(rig.engine.unsent(), 1, "a message that was handed over in part is not taken back");
    // A heartbeat may stand between the parts, since it is not a message.
    assert_eq!(rig.take(ok(2, "2")), ["get 4 of S"]);
    let next = rig.take(ok(3, "ok"));
    assert!(next[0].starts_with("post 5 3|b"), "{next:?}");
    assert_eq!(next[0].matches("|b").count(), 5, "{next:?}");
    assert_eq!(rig.engine.unsent(), 0);
}

#[test]
fn a_message_that_is_too_large_is_refused_before_it_is_sent() {
    let large = |size: usize| Outgoing::new(1, Frame::Text("x".repeat(size)), Vec::new());
    let binary = |size: usize| {
        Outgoing::new(1, Frame::Text("x".to_owned()), [Frame::Bytes(vec![0; 3]), Frame::Bytes(vec![0; size])])
    };
    let too_large = |size| Err(TooLarge { size, limit: 100 });
    let mut rig = EngineRig::polling();
    assert_eq!(rig.engine.send(large(100)), too_large(101));
    assert_eq!(rig.engine.send(binary(73)), too_large(101), "base64 counts on polling");
    assert_eq!(rig.engine.send(large(99)), Ok(()));
    assert_eq!(rig.engine.send(binary(72)), Ok(()));
    let mut rig = EngineRig::websocket();
    assert_eq!(rig.engine.send(large(100)), too_large(101));
    assert_eq!(rig.engine.send(binary(101)), too_large(101));
    assert_eq!(rig.engine.send(binary(100)), Ok(()), "a websocket carries bytes as they are");
    assert_eq!(rig.engine.send(Outgoing::new(1, Frame::Text("€".repeat(33)), Vec::new())), Ok(()));
    assert_eq!(rig.engine.send(Outgoing::new(1, Frame::Text("€".repeat(34)), Vec::new())), too_large(103));
}

#[test]
fn a_ping_is_answered_with_its_data_at_once() {
    let mut rig = EngineRig::websocket();
    assert_eq!(rig.take(text(1, "2data")), ["send 1 3data"]);
    let mut rig = EngineRig::polling();
    assert_eq!(rig.take(ok(2, "2")), ["post 3 3", "get 4 of S"]);
}

#[test]
fn any_traffic_from_the_server_counts_as_a_sign_of_life() {
    let mut rig = EngineRig::websocket();
    // 25 s + 20 s, and one second by which an interval of whole seconds may have been cut.
    assert_eq!(rig.engine.poll_timeout(), Some(46_000));
    for now in [40_000, 80_000, 120_000] {
        assert_eq!(rig.tick(now), [""; 0]);
        rig.take(text(1, "4x"));
    }
    assert_eq!(rig.engine.poll_timeout(), Some(166_000));
    assert_eq!(rig.tick(165_999), [""; 0]);
    assert_eq!(rig.tick(166_000), ["close 1", "closed PingTimeout(46000)"]);

    let mut rig = EngineRig::polling();
    rig.now = 40_000;
    rig.send(1);
    rig.flush();
    rig.take(ok(3, "ok"));
    assert_eq!(rig.engine.poll_timeout(), Some(86_000), "the answer to a POST counts as well");
}

// [G7]
#[test]
fn silence_is_noticed_by_the_clock_however_late_the_timer() {
    let mut rig = EngineRig::websocket();
    assert_eq!(rig.tick(3_600_000), ["close 1", "closed PingTimeout(3600000)"]);
    // Nothing is written to a dead connection, even if it was due before.
    let mut rig = EngineRig::websocket();
    rig.send(1);
    rig.flush();
    send_isolated(&mut rig, 2);
    rig.flush();
    assert_eq!(rig.engine.poll_timeout(), Some(50));
    assert_eq!(rig.tick(3_600_000), ["close 1", "closed PingTimeout(3600000)"]);
}

#[test]
fn every_wait_ends_even_without_a_request_timeout() {
    for request_timeout in [0, i32::MAX as u64, u64::MAX] {
        let config = Config { transports: Transports::Polling, request_timeout, ..Config::default() };
        let (mut rig, _) = EngineRig::open_with(config);
        rig.take(ok(1, &open_packet("")));
        rig.send(1);
        assert_eq!(rig.close(), ["post 3 41"]);
        assert_eq!(rig.engine.poll_timeout(), Some(45_000), "{request_timeout}: the deadline of the POST");
        rig.take(ok(3, "ok"));
        assert_eq!(
            rig.engine.poll_timeout(),
            Some(request_timeout.min(20_000)),
            "{request_timeout}: the deadline of CLOSE"
        );
    }
}

#[test]
fn intervals_that_python_cuts_to_whole_seconds_end_no_connection() {
    for (interval, timeout, deadline) in [(0, 400, 1_400), (1_000, 400, 2_400), (500, 400, 900), (0, 0, 1_000)] {
        let (mut rig, _) = EngineRig::open(Transports::WebSocket);
        let open = format!(r#"0{{"sid":"S","upgrades":[],"pingInterval":{interval},"pingTimeout":{timeout}}}"#);
        assert_eq!(rig.take(text(1, &open)), ["opened S"]);
        assert_eq!(rig.engine.poll_timeout(), Some(deadline), "{interval} {timeout}");
    }
    // Hostile numbers do not overflow.
    let (mut rig, _) = EngineRig::open(Transports::WebSocket);
    rig.take(text(1, r#"0{"sid":"S","upgrades":[],"pingInterval":1e300,"pingTimeout":1e300,"maxPayload":-5}"#));
    assert_eq!(rig.engine.poll_timeout(), Some(86_400_000), "a day");
}

#[test]
fn failures_of_an_open_session() {
    let mut rig = EngineRig::polling();
    rig.send(1);
    rig.flush();
    // If the GET fails, the POST in flight is aborted, and the other way round.
    assert_eq!(rig.take(failed(2)), ["abort 3", "possibly lost [1]", "closed Unreachable(Polling, None)"]);
    let mut rig = EngineRig::polling();
    rig.send(1);
    rig.flush();
    assert_eq!(
        rig.take(status(3, 413, "")),
        ["possibly lost [1]", "abort 2", "post last 1", r#"closed Status(413, "")"#]
    );
    assert_eq!(
        EngineRig::polling().take(ok(2, "4a\u{1e}x")).last().unwrap(),
        r#"closed Protocol(UnknownEngineType(120), Some("4a\u{1e}x"))"#
    );
    assert_eq!(EngineRig::polling().take(ok(2, "4a\u{1e}1\u{1e}4b")), ["message a", "closed ServerClosed"]);
    assert_eq!(EngineRig::websocket().take(closed(1)), [r#"closed SocketClosed(1006, "")"#]);
    assert_eq!(EngineRig::websocket().take(text(1, "1")), ["close 1", "closed ServerClosed"]);
    let expected = ["close 1", r#"closed Protocol(UnknownEngineType(120), Some("x"))"#];
    assert_eq!(EngineRig::websocket().take(text(1, "x")), expected);
    let expected = ["close 1", r#"closed Protocol(UnexpectedPacket, Some("{}"))"#];
    assert_eq!(EngineRig::websocket().take(text(1, "0{}")), expected, "a second OPEN");
    for harmless in ["3", "5", "6"] {
        assert_eq!(EngineRig::websocket().take(text(1, harmless)), [""; 0]);
    }
    let mut rig = EngineRig::websocket();
    let fail = rig.step(|engine, _| engine.fail(TransportError::Preparation));
    assert_eq!(fail, ["close 1", "closed Preparation"]);
}

// [C8]
#[test]
fn a_post_without_answer_is_given_up_after_the_heartbeats_time() {
    let mut rig = EngineRig::polling();
    rig.send(1);
    rig.flush();
    assert_eq!(rig.engine.poll_timeout(), Some(45_000));
    rig.now = 44_000;
    rig.take(ok(2, "6"));
    assert_eq!(rig.tick(44_999), [""; 0]);
    assert_eq!(
        rig.tick(45_000),
        ["abort 4", "abort 3", "post last 1", "possibly lost [1]", "closed RequestTimeout(Polling, 45000)"]
    );
}

#[test]
fn unsent_messages_can_be_taken_back() {
    let mut rig = EngineRig::polling();
    rig.send(1);
    rig.flush();
    for tag in 2..6 {
        rig.send(tag);
    }
    rig.engine.cancel_unsent(|tag| *tag == 3);
    rig.take(failed(3));
    let unsent: Vec<u32> = rig.engine.take_unsent().iter().map(|outgoing| outgoing.tag).collect();
    assert_eq!(unsent, [2, 4, 5]);
}

#[test]
fn late_reports_of_ended_transports_are_ignored() {
    let mut rig = EngineRig::polling();
    let late = |rig: &mut EngineRig, id| {
        for input in [ok(id, "4late"), status(id, 500, ""), failed(id), opened(id), text(id, "4late"), closed(id)] {
            assert_eq!(rig.take(input), [""; 0]);
        }
    };
    late(&mut rig, 1);
    late(&mut rig, 99);
    rig.take(ok(2, "6"));
    late(&mut rig, 2);
    rig.take(failed(3));
    for id in 1..4 {
        late(&mut rig, id);
    }
    rig.send(1);
    assert_eq!(rig.flush(), [""; 0]);
    assert_eq!(rig.close(), [""; 0]);
}

#[test]
fn every_failure_has_a_cause() {
    let text = String::new;
    let table: [(TransportError<StdWire>, &str); 12] = [
        (TransportError::Unreachable(Transport::Polling, None), "transport error"),
        (TransportError::RequestTimeout(Transport::Polling, 1), "transport error"),
        (TransportError::PingTimeout(1), "ping timeout"),
        (TransportError::SocketClosed(1006, text()), "transport close"),
        (TransportError::Status(500, text()), "transport error"),
        (TransportError::UnsupportedVersion(400, text()), "transport error"),
        (TransportError::OriginRefused(400, text()), "transport error"),
        (TransportError::SessionUnknown(400, text()), "transport error"),
        (TransportError::NotSocketIo(text()), "transport error"),
        (TransportError::ServerClosed, "transport close"),
        (TransportError::Protocol(ProtocolError::EmptyPacket, None), "parse error"),
        (TransportError::Preparation, "transport error"),
    ];
    for (failure, cause) in table {
        assert_eq!(failure.cause(), cause, "{failure:?}");
    }
}

//! Requests that are refused, answered with nothing or aborted: buffered messages, reports, and the rate of polls.

use crate::rig::{EngineRig, failed, ok, open_packet};
use socketio_wasm::engine::{Input, Transport, TransportId, Transports};
use socketio_wasm::protocol::StdWire;

fn status(id: u32, status: u16, body: &str) -> Input<StdWire> {
    Input::Responded(TransportId(id), status, body.to_owned().into())
}

/// Returns an engine whose POST 3 carries messages 1 and 2, whose GET 2 hangs, and whose message 3 waits.
fn posting() -> EngineRig {
    let mut rig = EngineRig::polling();
    rig.send(1);
    rig.send(2);
    assert_eq!(rig.flush(), ["post 3 41|42"]);
    rig.send(3);
    rig
}

fn unsent(rig: &mut EngineRig) -> Vec<u32> {
    rig.engine.take_unsent().into_iter().map(|outgoing| outgoing.tag).collect()
}

#[test]
fn messages_of_a_post_that_the_server_cannot_have_read_are_buffered_again() {
    let not_sent = Input::RequestUnsent(TransportId(3), Some("refused".to_owned()));
    let unknown = status(3, 400, r#"{"code":1,"message":"Session ID unknown"}"#);
    let invalid = status(3, 400, "\"Invalid session\"");
    for input in [not_sent, unknown, invalid] {
        let mut rig = posting();
        let outputs = rig.take(input);
        assert!(outputs.last().unwrap().starts_with("closed "), "{outputs:?}");
        assert!(!outputs.iter().any(|word| word.starts_with("possibly")), "{outputs:?}");
        assert_eq!(unsent(&mut rig), [1, 2, 3], "in order");
    }
}

#[test]
fn a_post_that_the_server_may_have_read_is_possibly_lost() {
    for input in [failed(3), status(3, 500, ""), status(3, 413, ""), failed(2), status(2, 502, "")] {
        let mut rig = posting();
        let outputs = rig.take(input.clone());
        assert!(outputs.contains(&"possibly lost [1, 2]".to_owned()), "{input:?}: {outputs:?}");
        assert_eq!(unsent(&mut rig), [3]);
    }
    let mut rig = posting();
    let outputs = rig.step(|engine, _| engine.abort());
    assert!(outputs.contains(&"possibly lost [1, 2]".to_owned()), "{outputs:?}");
}

#[test]
fn a_message_begun_in_an_earlier_post_is_possibly_lost_with_it() {
    use socketio_wasm::engine::Outgoing;
    use socketio_wasm::protocol::Frame;
    let mut rig = EngineRig::polling();
    let attachments = [60, 50, 40].map(|size| Frame::Bytes(vec![0; size]));
    rig.engine.send(Outgoing::new(7, Frame::Text("x".to_owned()), attachments)).unwrap();
    rig.send(8);
    assert_eq!(rig.flush().len(), 1);
    let outputs = rig.take(ok(3, "ok"));
    assert!(outputs[0].starts_with("post 4"), "{outputs:?}");
    let outputs = rig.take(status(4, 400, "Session ID unknown"));
    assert!(outputs.contains(&"possibly lost [7]".to_owned()), "{outputs:?}");
    assert_eq!(unsent(&mut rig), [8]);
}

#[test]
fn empty_polls_slow_down_and_end_the_connection() {
    let mut rig = EngineRig::polling();
    let mut get = 2;
    let mut polls = 0;
    let ended = loop {
        let mut outputs = rig.take(ok(get, "6"));
        polls += 1;
        if outputs.is_empty() {
            let at = rig.engine.poll_timeout().unwrap();
            assert!(at > rig.now && at <= rig.now + 1_000, "{at}");
            assert_eq!(rig.tick(at - 1), [""; 0]);
            outputs = rig.tick(at);
        }
        if outputs.last().unwrap().starts_with("closed") {
            break outputs;
        }
        get += 1;
        assert_eq!(outputs, [format!("get {get} of S")]);
    };
    assert_eq!(ended, ["post last 1", "closed EmptyPolls(12)"]);
    assert_eq!(polls, 12);
    assert!(rig.now > 5_000, "{}", rig.now);
}

#[test]
fn a_message_or_a_poll_that_hangs_makes_polling_fast_again() {
    let mut rig = EngineRig::polling();
    assert_eq!(rig.take(ok(2, "6")), ["get 3 of S"]);
    assert_eq!(rig.take(ok(3, "6")), [""; 0]);
    assert_eq!(rig.tick(rig.engine.poll_timeout().unwrap()), ["get 4 of S"]);
    assert_eq!(rig.take(ok(4, "4a")), ["message a", "get 5 of S"]);
    // Polls of a server that pings several times a second do not count as empty.
    let mut now = rig.now;
    for get in (5..60).step_by(2) {
        now += 200;
        rig.now = now;
        assert_eq!(rig.take(ok(get, "2")), [format!("post {} 3", get + 1), format!("get {} of S", get + 2)]);
        rig.take(ok(get + 1, "ok"));
    }
    // A server that pings at once, again and again, does not set the rate of polls.
    for _ in 0..3 {
        let Some(get) = rig.hanging_get() else { break };
        rig.take(ok(get, "2"));
    }
    assert!(rig.hanging_get().is_none());
}

#[test]
fn a_session_that_is_given_up_is_closed_at_the_server() {
    // The server has sent a malformed packet.
    assert_eq!(EngineRig::polling().take(ok(2, "4a\u{1e}x"))[1], "post last 1");
    let mut rig = EngineRig::polling();
    assert_eq!(rig.step(|engine, _| engine.abort()), ["abort 2", "post last 1", "closed"]);
    assert_eq!(EngineRig::polling().tick(50_000)[..2], ["abort 2", "post last 1"]);
    // A session that the server has ended, or does not know, is not closed there.
    assert_eq!(EngineRig::polling().take(ok(2, "1")), ["closed ServerClosed"]);
    assert_eq!(EngineRig::polling().take(status(2, 400, "Session ID unknown")).len(), 1);
    assert_eq!(EngineRig::polling().take(failed(2)).len(), 1);
}

#[test]
fn messages_of_a_turn_leave_before_its_poll() {
    // The first poll waits for the CONNECT packets, for a second at most.
    let (mut rig, _) = EngineRig::open(Transports::Polling);
    rig.engine.handle_input(0, ok(1, &open_packet("")));
    while rig.engine.poll_output().is_some() {}
    rig.send(1);
    rig.engine.start_polling();
    assert_eq!(rig.flush(), ["post 2 41", "get 3 of S"]);
    let (mut rig, _) = EngineRig::open(Transports::Polling);
    rig.engine.handle_input(0, ok(1, &open_packet("")));
    while rig.engine.poll_output().is_some() {}
    assert_eq!(rig.engine.poll_timeout(), Some(1_000));
    assert_eq!(rig.tick(1_000), ["get 2 of S"]);
    // Answers of handlers to the packets of a poll leave before the next poll.
    rig.engine.handle_input(1_000, ok(2, "4a"));
    while rig.engine.poll_output().is_some() {}
    rig.send(2);
    assert_eq!(rig.flush(), ["post 3 42", "get 4 of S"]);
    assert_eq!(rig.engine.transport(), Some(Transport::Polling));
}

#[test]
fn a_close_over_polling_goes_on_while_there_is_progress() {
    let mut rig = EngineRig::polling_with(std::num::NonZeroUsize::new(1));
    (0..20).for_each(|tag| rig.send(tag));
    let mut outputs = rig.close();
    for at in 0..20 {
        let post = outputs.iter().find_map(|word| word.strip_prefix("post ")?.split(' ').next()?.parse().ok());
        assert_eq!(rig.tick(rig.now + 4_000), [""; 0], "{at}");
        outputs = rig.take(ok(post.unwrap(), "ok"));
    }
    assert!(outputs[0].ends_with(" 1"), "CLOSE: {outputs:?}");
    assert_eq!(rig.tick(rig.now + 5_000).last().unwrap(), "closed");
}

#[test]
fn empty_polls_are_reported_rather_than_a_forgotten_session() {
    // A server with a short heartbeat forgets a session before there are many empty polls.
    let mut rig = EngineRig::polling();
    for _ in 0..4 {
        if let Some(at) = rig.engine.poll_timeout().filter(|_| rig.hanging_get().is_none()) {
            rig.tick(at);
        }
        let get = rig.hanging_get().unwrap();
        rig.take(ok(get, "6"));
    }
    rig.tick(rig.engine.poll_timeout().unwrap());
    let get = rig.hanging_get().unwrap();
    assert_eq!(rig.take(status(get, 400, "Session ID unknown")), ["closed EmptyPolls(4)"]);
}

//! Requests that are refused, answered with nothing or left behind: what is kept, what is told, and how often the server is asked.

use crate::rig::{EngineRig, failed, ok, open_packet};
use socketio_wasm::engine::{Input, Transport, TransportId, Transports};
use socketio_wasm::protocol::StdWire;

fn status(id: u32, status: u16, body: &str) -> Input<StdWire> {
    Input::Responded(TransportId(id), status, body.to_owned())
}

/// POST 3 carries messages 1 and 2, GET 2 hangs, and message 3 waits.
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
fn a_post_that_the_server_cannot_have_read_keeps_its_messages() {
    let not_sent = Input::RequestUnsent(TransportId(3), Some("refused".to_owned()));
    let unknown = status(3, 400, r#"{"code":1,"message":"Session ID unknown"}"#);
    let invalid = status(3, 400, "\"Invalid session\"");
    for input in [not_sent, unknown, invalid] {
        let mut rig = posting();
        let words = rig.take(input);
        assert!(words.last().unwrap().starts_with("closed "), "{words:?}");
        assert!(!words.iter().any(|word| word.starts_with("possibly")), "{words:?}");
        assert_eq!(unsent(&mut rig), [1, 2, 3], "in order");
    }
}

#[test]
fn a_post_that_the_server_may_have_read_is_possibly_lost() {
    for input in [failed(3), status(3, 500, ""), status(3, 413, ""), failed(2), status(2, 502, "")] {
        let mut rig = posting();
        let words = rig.take(input.clone());
        assert!(words.contains(&"possibly lost [1, 2]".to_owned()), "{input:?}: {words:?}");
        assert_eq!(unsent(&mut rig), [3]);
    }
    let mut rig = posting();
    let words = rig.step(|engine, _| engine.abort());
    assert!(words.contains(&"possibly lost [1, 2]".to_owned()), "{words:?}");
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
    let words = rig.take(ok(3, "ok"));
    assert!(words[0].starts_with("post 4"), "{words:?}");
    let words = rig.take(status(4, 400, "Session ID unknown"));
    assert!(words.contains(&"possibly lost [7]".to_owned()), "{words:?}");
    assert_eq!(unsent(&mut rig), [8]);
}

#[test]
fn polls_that_bring_nothing_slow_down_and_end() {
    let mut rig = EngineRig::polling();
    let mut get = 2;
    let mut polls = 0;
    let ended = loop {
        let mut words = rig.take(ok(get, "6"));
        polls += 1;
        if words.is_empty() {
            let at = rig.engine.poll_timeout().unwrap();
            assert!(at > rig.now && at <= rig.now + 1_000, "{at}");
            assert_eq!(rig.tick(at - 1), [""; 0]);
            words = rig.tick(at);
        }
        if words.last().unwrap().starts_with("closed") {
            break words;
        }
        get += 1;
        assert_eq!(words, [format!("get {get} of S")]);
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
    // A server that pings several times a second is none that has nothing to say.
    let mut now = rig.now;
    for get in (5..60).step_by(2) {
        now += 200;
        rig.now = now;
        assert_eq!(rig.take(ok(get, "2")), [format!("post {} 3", get + 1), format!("get {} of S", get + 2)]);
        rig.take(ok(get + 1, "ok"));
    }
    // One that pings at once, again and again, does not set our rate.
    for _ in 0..3 {
        let Some(get) = rig.hanging_get() else { break };
        rig.take(ok(get, "2"));
    }
    assert!(rig.hanging_get().is_none());
}

#[test]
fn a_session_that_is_given_up_is_closed_at_the_server() {
    // Malformed, and in V4 or V3.
    assert_eq!(EngineRig::polling().take(ok(2, "4a\u{1e}x"))[1], "post last 1");
    let mut rig = EngineRig::polling();
    assert_eq!(rig.step(|engine, _| engine.abort()), ["abort 2", "post last 1", "closed"]);
    assert_eq!(EngineRig::polling().tick(50_000)[..2], ["abort 2", "post last 1"]);
    // Not one that the server has ended, nor one that it does not know.
    assert_eq!(EngineRig::polling().take(ok(2, "1")), ["closed ServerClosed"]);
    assert_eq!(EngineRig::polling().take(status(2, 400, "Session ID unknown")).len(), 1);
    assert_eq!(EngineRig::polling().take(failed(2)).len(), 1);
}

#[test]
fn what_a_turn_sends_leaves_before_its_poll() {
    // The first poll waits for what asks for namespaces, for a second at most.
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
    // Whatever handlers answer to the packets of a poll leaves before the next one.
    rig.engine.handle_input(1_000, ok(2, "4a"));
    while rig.engine.poll_output().is_some() {}
    rig.send(2);
    assert_eq!(rig.flush(), ["post 3 42", "get 4 of S"]);
    assert_eq!(rig.engine.transport(), Some(Transport::Polling));
}

#[test]
fn a_close_over_polling_has_time_as_long_as_there_is_progress() {
    let mut rig = EngineRig::polling_with(std::num::NonZeroUsize::new(1));
    (0..20).for_each(|tag| rig.send(tag));
    let mut words = rig.close();
    for at in 0..20 {
        let post = words.iter().find_map(|word| word.strip_prefix("post ")?.split(' ').next()?.parse().ok());
        assert_eq!(rig.tick(rig.now + 4_000), [""; 0], "{at}");
        words = rig.take(ok(post.unwrap(), "ok"));
    }
    assert!(words[0].ends_with(" 1"), "CLOSE: {words:?}");
    assert_eq!(rig.tick(rig.now + 5_000).last().unwrap(), "closed");
}

#[test]
fn empty_polls_say_more_than_that_the_session_is_forgotten() {
    // A server with a short heartbeat forgets a session before there are many of them.
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

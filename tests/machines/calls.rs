//! Calls: each ends exactly once, by its answer or by the event that makes an answer impossible.

use crate::peer::Behavior;
use crate::rig::{SessionRig, request};
use crate::world::World;
use socketio_wasm::engine::Transports;
use socketio_wasm::socket::{CallId, OutgoingPayload, SendMode, Settings};

#[test]
fn an_answer_ends_its_call() {
    let mut rig = SessionRig::connected(&["/", "/a"]);
    let one = rig.call("/", "[1]", None);
    let two = rig.call("/a", "[2]", None);
    assert!(one < two);
    assert_eq!(rig.flush(), [format!("send 1 42{}[1]|42/a,{}[2]", one.0, two.0)]);
    assert_eq!(rig.receive(&format!("43/a,{}[\"late\"]", one.0)), [""; 0], "an answer of another namespace");
    assert_eq!(rig.receive(&format!("43/a,{}[2,3]", two.0)), [format!("ack {} [2,3]", two.0)]);
    assert_eq!(rig.receive(&format!("43/a,{}[2,3]", two.0)), [""; 0], "a second answer");
    rig.receive(&format!("461-{}[{{\"_placeholder\":true,\"num\":0}}]", one.0));
    assert!(rig.binary(&[1])[0].starts_with("ack 1 "));
}

#[test]
fn a_call_times_out_once() {
    let mut rig = SessionRig::connected(&["/"]);
    let slow = rig.call("/", "[1]", Some(500));
    let fast = rig.call("/", "[2]", Some(100));
    rig.flush();
    assert_eq!(rig.session.poll_timeout(), Some(rig.now + 100));
    assert_eq!(rig.after(99), [""; 0]);
    assert_eq!(rig.after(1), [format!("call {} failed: Timeout(100)", fast.0)]);
    assert_eq!(rig.session.poll_timeout(), Some(rig.now + 400));
    assert_eq!(rig.receive(&format!("43{}[]", fast.0)), [""; 0]);
    assert_eq!(rig.receive(&format!("43{}[]", slow.0)), [format!("ack {} []", slow.0)]);
    assert_eq!(rig.after(1_000), [""; 0]);
}

#[test]
fn a_call_that_was_not_sent_is_taken_back_when_its_time_is_up() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    let buffered = rig.call("/", "[1]", Some(100));
    rig.emit("/", "[2]").unwrap();
    assert_eq!(rig.after(100), [format!("call {} failed: Timeout(100)", buffered.0)]);
    rig.open();
    rig.grant("/");
    let queued = rig.call("/", "[3]", Some(100));
    rig.emit("/", "[4]").unwrap();
    assert_eq!(rig.after(100), [format!("call {} failed: Timeout(100)", queued.0)]);
    assert_eq!(rig.flush(), ["send 1 42[2]|42[4]"]);
}

#[test]
fn a_call_is_cancelled() {
    let mut rig = SessionRig::connected(&["/"]);
    let unsent = rig.call("/", "[1]", Some(100));
    assert!(rig.session.cancel(unsent));
    assert!(!rig.session.cancel(unsent));
    assert!(!rig.session.cancel(CallId(99)));
    rig.flush();
    let sent = rig.call("/", "[2]", Some(100));
    rig.flush();
    assert!(rig.session.cancel(sent));
    assert_eq!(rig.receive(&format!("43{}[]", sent.0)), [""; 0]);
    assert_eq!(rig.after(1_000), [""; 0]);
}

#[test]
fn a_loss_rejects_calls_that_were_sent_and_keeps_the_others() {
    let mut rig = SessionRig::connected(&["/"]);
    let sent = rig.call("/", "[1]", None);
    rig.flush();
    let unsent = rig.call("/", "[2]", Some(5_000));
    rig.emit("/", "[3]").unwrap();
    let outputs = rig.cut();
    let failed = format!("call {} failed: Disconnected(TransportError)", sent.0);
    assert_eq!(outputs, [failed.as_str(), "disconnected /: transport error, transport close"]);
    let later = rig.call("/", "[4]", Some(100));
    assert_eq!(rig.after(1_000), [format!("call {} failed: Timeout(100)", later.0).as_str(), "prepare"]);
    rig.open();
    rig.grant("/");
    assert_eq!(rig.flush(), [format!("send 2 42{}[2]|42[3]", unsent.0)], "with the same id");
    assert_eq!(rig.receive(&format!("43{}[0]", unsent.0)), [format!("ack {} [0]", unsent.0)]);
}

#[test]
fn a_call_in_a_post_in_flight_fails_with_the_connection() {
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/"], Transports::Polling).unwrap();
    world.run(100);
    let sent = world.call("/", "[1]", None).unwrap();
    world.flush();
    let unsent = world.call("/", "[2]", None).unwrap();
    world.server.restart();
    world.cut_all();
    world.run(3_000);
    let said = world.said();
    assert!(said.contains(&format!("call {} failed: Disconnected(TransportError)", sent.0)), "{said:#?}");
    assert!(said.contains(&format!("ack {} [2]", unsent.0)), "{said:#?}");
    assert_eq!(world.heard("/"), ["[2]"]);
}

#[test]
fn an_answer_to_an_event_of_a_past_connection_is_dropped() {
    let mut rig = SessionRig::connected(&["/"]);
    rig.receive("427[1]");
    rig.cut();
    rig.answer("[]", Vec::new());
    rig.after(1_000);
    rig.answer("[]", Vec::new());
    rig.open();
    rig.answer("[]", Vec::new());
    rig.grant("/");
    rig.answer("[]", Vec::new());
    assert_eq!(rig.flush(), [""; 0]);
    // The same holds for a namespace that was left.
    let mut rig = SessionRig::connected(&["/", "/a"]);
    rig.receive("42/a,7[1]");
    rig.leave("/a");
    rig.flush();
    rig.answer("[]", Vec::new());
    assert_eq!(rig.flush(), [""; 0]);
}

#[test]
fn a_dropped_volatile_call_is_not_pending() {
    let mut rig = SessionRig::new(Settings::default());
    rig.connect(request(&["/"])).unwrap();
    let before = rig.session.poll_timeout();
    let volatile = rig.emit_with("/", "[1]", Vec::new(), SendMode::Volatile, Some(Some(100)));
    assert_eq!(volatile, Ok(None), "dropped, and no call is pending");
    assert_eq!(rig.session.poll_timeout(), before);
}

#[test]
fn a_dead_connection_is_noticed_before_a_call_is_trusted_to_it() {
    let mut rig = SessionRig::connected(&["/"]);
    // The timer was throttled: `handle_timeout` was not called.
    rig.now += 100_000;
    let call = rig.call("/", "[1]", Some(60_000));
    assert_eq!(rig.flush(), [""; 0]);
    assert_eq!(rig.session.unsent(), 1, "buffered for the next connection");
    rig.after(1_000);
    rig.open();
    rig.grant("/");
    assert_eq!(rig.flush(), [format!("send 2 42{}[1]", call.0)]);
}

#[test]
fn a_call_that_was_answered_needs_no_timer() {
    let mut rig = SessionRig::connected(&["/"]);
    let quiet = rig.session.poll_timeout();
    let call = rig.call("/", "[1]", Some(3_000));
    rig.flush();
    assert_eq!(rig.session.poll_timeout(), Some(rig.now + 3_000));
    rig.receive(&format!("43{}[]", call.0));
    assert_eq!(rig.session.poll_timeout(), quiet);
    rig.call("/", "[2]", Some(3_000));
    rig.disconnect();
    rig.after(50);
    assert_eq!(rig.session.poll_timeout(), None);
}

#[test]
fn a_call_made_while_the_arguments_of_another_are_serialized_overtakes_it() {
    let mut rig = SessionRig::connected(&["/"]);
    let [outer, inner] = [rig.session.next_call(), rig.session.next_call()];
    let call = |rig: &mut SessionRig, id: CallId| {
        let payload = OutgoingPayload::Json("[1]".to_owned(), Vec::new());
        assert_eq!(rig.emit_payload("/", payload, SendMode::Buffer, Some((id, Some(100)))), Ok(true));
    };
    call(&mut rig, inner);
    call(&mut rig, outer);
    assert_eq!(rig.cut().len(), 1, "both calls stay pending");
    let failures = [outer, inner].map(|id| format!("call {} failed: Timeout(100)", id.0));
    assert_eq!(rig.after(100), failures);
    let mut rig = SessionRig::connected(&["/"]);
    let [outer, inner] = [rig.session.next_call(), rig.session.next_call()];
    call(&mut rig, inner);
    call(&mut rig, outer);
    rig.flush();
    for id in [outer, inner] {
        assert_eq!(rig.receive(&format!("43{}[]", id.0)), [format!("ack {} []", id.0)]);
    }
}

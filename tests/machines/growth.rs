//! The cost of work is linear: ten times the packets, namespaces or calls take at most ten times the steps.
//!
//! Operations on strings and bytes are counted, not timed, by a wire that counts them. `benches/native` measures the rest.

use crate::counted_wire::{CountedText, CountedWire, steps_of, zeros};
use crate::plain::{Plain, names};
use socketio_wasm::engine::{self, Endpoints, TransportId, Transports};
use socketio_wasm::protocol::{
    Body, EnginePacket, Frame, Header, Limits, PacketType, PayloadWriter, ProtocolVersion, Text, message_text,
    read_header, read_payload,
};
use socketio_wasm::socket::{
    self, Action, Attempt, Connect, IncomingPayload, Input, OutgoingPayload, Packet, Settings,
};

type Session = Plain<CountedWire>;

fn text(text: &str) -> CountedText {
    CountedText::from_ascii(text)
}

fn payload() -> OutgoingPayload<CountedWire> {
    OutgoingPayload::Json(text(r#"["event",1]"#), Vec::new())
}

/// Asserts that ten times the size takes at most ten times the steps; a tenth more is allowed for longer numbers.
fn is_linear(what: &str, size: usize, steps: impl Fn(usize) -> usize) {
    let (small, large) = (steps(size), steps(10 * size));
    assert!(large <= 11 * small, "{what}: {small} steps for {size}, {large} for {}", 10 * size);
}

/// Asserts that the steps do not depend on the size.
fn is_constant(what: &str, size: usize, steps: impl Fn(usize) -> usize) {
    let (small, large) = (steps(size), steps(10 * size));
    assert_eq!(small, large, "{what}, with {size} and {}", 10 * size);
}

#[test]
fn a_header_costs_the_same_before_any_payload() {
    is_constant("reading", 100, |size| {
        let packet = text(&format!("2/chat,12[\"{}\"]", "x".repeat(size)));
        steps_of(|| drop(read_header(&packet, 0, &Limits::default())))
    });
    is_constant("writing", 100, |size| {
        let (name, payload) = (text("/chat"), text(&"x".repeat(size)));
        steps_of(|| drop(message_text(PacketType::Event, 0, Some(&name), Some(12), &payload)))
    });
}

#[test]
fn payloads_cost_in_proportion_to_their_packets() {
    for version in [ProtocolVersion::V3, ProtocolVersion::V4] {
        let body = |packets: usize| {
            let mut payload = PayloadWriter::<CountedWire>::new(version, usize::MAX, usize::MAX);
            for _ in 0..packets {
                payload.push(&EnginePacket::Message(Frame::Text(text("2[]")).into()).frame());
            }
            payload.finish().unwrap()
        };
        is_linear("writing packets", 100, |packets| steps_of(|| drop(body(packets))));
        is_linear("reading packets", 100, |packets| {
            let body = body(packets);
            steps_of(|| assert_eq!(read_payload::<CountedWire>(body, version).count(), packets))
        });
    }
}

/// Returns a session with a user-supplied parser whose namespace is connected, and the id of its hanging poll.
fn polling_with_external_codec() -> (socket::Session<CountedWire>, TransportId) {
    let mut session = socket::Session::new(Settings::default());
    session.set_external_codec(true);
    let request = Connect {
        namespaces: vec![text("/")],
        transports: Transports::Polling,
        version: Some(ProtocolVersion::V4),
        wait: true,
        wait_timeout: 20_000,
        retry: false,
        retry_refused: false,
    };
    session.connect(0, request).unwrap();
    let endpoints = Endpoints { polling: text("http://x/"), websocket: text("ws://x/") };
    session.handle_input(0, Input::Prepared(Attempt(1), endpoints, 0.5));
    let handshake = text(r#"0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#);
    session.handle_input(0, Input::Engine(engine::Input::Responded(TransportId(1), 200, Body::Text(handshake))));
    take_poll(&mut session);
    let packets = [vec![Frame::Bytes(zeros(1))], Vec::new()];
    session.handle_input(0, Input::ConnectEncoded(Attempt(1), text("/"), packets));
    session.flush(0);
    let poll = take_poll(&mut session).unwrap();
    session.handle_input(1_000, Input::Engine(engine::Input::Responded(poll, 200, Body::Text(text("bAAAA")))));
    assert!(matches!(session.poll_output(), Some(Action::Decode(_))));
    let sid = IncomingPayload::Json(text(r#"{"sid":"x"}"#).into(), Vec::new());
    session.handle_input(1_000, Input::Decoded(Ok(vec![packet(PacketType::Connect, sid)])));
    take_poll(&mut session);
    session.flush(1_000);
    let poll = take_poll(&mut session).unwrap();
    assert_eq!(session.namespaces().count(), 1);
    (session, poll)
}

fn packet(kind: PacketType, payload: IncomingPayload<CountedWire>) -> Packet<CountedWire> {
    Packet { header: Header { kind, attachments: 0, namespace: None, id: None, payload_at: 0 }, payload }
}

/// Takes all outputs. Returns the id of the last GET among them.
fn take_poll(session: &mut socket::Session<CountedWire>) -> Option<TransportId> {
    let mut poll = None;
    while let Some(action) = session.poll_output() {
        if let Action::Engine(engine::Action::Get(id, _)) = action {
            poll = Some(id);
        }
    }
    poll
}

#[test]
fn a_poll_for_a_user_supplied_parser_costs_in_proportion_to_its_frames() {
    let answer = |frames: usize| {
        let (session, poll) = polling_with_external_codec();
        let body = text(&vec!["bAAAA"; frames].join("\u{1e}"));
        (session, Input::Engine(engine::Input::Responded(poll, 200, Body::Text(body))))
    };
    is_linear("all events", 3_200, |frames| {
        let (mut session, answer) = answer(frames);
        steps_of(|| {
            session.handle_input(2_000, answer);
            let (mut decoded, mut events) = (0, 0);
            while let Some(action) = session.poll_output() {
                match action {
                    Action::Decode(_) => {
                        decoded += 1;
                        let event = packet(PacketType::Event, IncomingPayload::Value(()));
                        session.handle_input(2_000, Input::Decoded(Ok(vec![event])));
                    }
                    Action::Event(..) => events += 1,
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!((decoded, events), (frames, frames));
        })
    });
    is_constant("the first output", 3_200, |frames| {
        let (mut session, answer) = answer(frames);
        steps_of(|| {
            session.handle_input(2_000, answer);
            assert!(matches!(session.poll_output(), Some(Action::Decode(_))));
        })
    });
}

#[test]
fn attachments_cost_in_proportion_to_their_number() {
    let received = |count: usize| {
        let mut session = Session::connected(&names(1));
        let header = text(&format!("45{count}-/1,[]"));
        steps_of(|| {
            session.receive(&header);
            for _ in 0..count {
                session.receive_frame(Frame::Bytes(zeros(1)));
            }
            assert_eq!(session.actions.len(), 1);
        })
    };
    is_linear("receiving", 10, received);
    let sent = |count: usize| {
        let mut session = Session::connected(&names(1));
        let payload = OutgoingPayload::Json(text("[]"), vec![zeros(1); count]);
        steps_of(|| {
            session.emit(&text("/1"), payload, None);
            session.flush();
        })
    };
    is_linear("sending", 10, sent);
}

#[test]
fn namespaces_cost_in_proportion_to_their_number() {
    is_linear("connecting", 100, |count| {
        let names = names(count);
        steps_of(|| drop(Session::connected(&names)))
    });
    is_linear("connecting again", 100, |count| {
        let mut session = Session::connected(&names(count));
        steps_of(|| {
            session.cut();
            session.open();
            session.grant();
        })
    });
    is_linear("an event in each", 100, |count| {
        let mut session = Session::connected(&names(count));
        let packets: Vec<_> = names(count).iter().map(|name| text(&format!("42{name},[1]"))).collect();
        steps_of(|| {
            packets.iter().for_each(|packet| session.receive(packet));
            assert_eq!(session.actions.len(), count);
        })
    });
    is_linear("events in the last", 100, |count| {
        let mut session = Session::connected(&names(count));
        let packet = text(&format!("42/{count},[1]"));
        steps_of(|| (0..count).for_each(|_| session.receive(&packet)))
    });
    is_linear("an emit to each", 100, |count| {
        let mut session = Session::connected(&names(count));
        let names: Vec<_> = names(count).iter().map(|name| text(name)).collect();
        steps_of(|| {
            for name in &names {
                session.emit(name, payload(), None);
            }
            session.flush();
        })
    });
    is_linear("leaving each", 100, |count| {
        let mut session = Session::connected(&names(count));
        steps_of(|| session.disconnect())
    });
}

#[test]
fn calls_cost_in_proportion_to_their_number() {
    let answered = |count: usize, order: fn(usize, usize) -> usize| {
        let mut session = Session::connected(&names(1));
        let name = text("/1");
        steps_of(|| {
            let calls: Vec<_> = (0..count).map(|_| session.emit(&name, payload(), Some(1_000)).unwrap().0).collect();
            session.flush();
            session.actions.clear();
            for at in 0..count {
                session.receive(&text(&format!("43/1,{}[]", calls[order(at, count)])));
            }
            assert_eq!(session.actions.len(), count);
        })
    };
    is_linear("in order", 100, |count| answered(count, |at, _| at));
    is_linear("in the other order", 100, |count| answered(count, |at, count| count - 1 - at));
    is_linear("in any order", 100, |count| answered(count, |at, count| (at * 37) % count));
    is_linear("timed out", 100, |count| {
        let mut session = Session::connected(&names(1));
        (0..count).for_each(|_| _ = session.emit(&text("/1"), payload(), Some(1_000)));
        session.now += 1_000;
        steps_of(|| {
            session.tick();
            assert_eq!(session.actions.len(), count);
        })
    });
}

#[test]
fn buffered_packets_cost_in_proportion_to_their_number() {
    is_linear("until connected", 100, |count| {
        let mut session = Session::connecting(&names(1));
        let name = text("/1");
        steps_of(|| {
            (0..count).for_each(|_| _ = session.emit(&name, payload(), None));
            session.open();
            session.grant();
            session.flush();
            assert_eq!(session.session.unsent(), 0);
        })
    });
    is_linear("across a loss", 100, |count| {
        let mut session = Session::connected(&names(1));
        let name = text("/1");
        (0..count).for_each(|_| _ = session.emit(&name, payload(), Some(100_000)));
        steps_of(|| {
            session.cut();
            session.open();
            session.grant();
            session.flush();
            assert_eq!(session.session.unsent(), 0);
        })
    });
}

//! Measures session, engine and dispatch, by the number of namespaces, calls, messages and handlers.

use crate::plain::{Plain, names};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use socketio_wasm::engine::{
    Action, Config, Endpoints, Engine, Input, Outgoing, Output, TransportId, Transports, VersionPolicy,
};
use socketio_wasm::protocol::{Frame, ProtocolVersion, StdWire};
use socketio_wasm::shell::{ListenerTable, find_listeners};
use socketio_wasm::socket::{CallId, OutgoingPayload};
use std::collections::{HashMap, VecDeque};
use std::hint::black_box;

type Session = Plain<StdWire>;

pub fn measure(criterion: &mut Criterion) {
    attachments(&mut criterion.benchmark_group("attachments"));
    namespaces(&mut criterion.benchmark_group("namespaces"));
    calls(&mut criterion.benchmark_group("calls"));
    kept(&mut criterion.benchmark_group("kept"));
    handlers(&mut criterion.benchmark_group("handlers"));
}

fn content(attachments: usize) -> OutgoingPayload<StdWire> {
    OutgoingPayload::Json(r#"["event",{"some":"values"}]"#.to_owned(), vec![vec![0; 100]; attachments])
}

/// Picks one of `second` items for the packet with the number `first`.
type Order = fn(usize, usize) -> usize;

/// Scrambles a number, in the same way in each run.
fn scrambled(number: usize) -> usize {
    number.wrapping_mul(2_654_435_761) >> 7
}

/// Measures one packet with many attachments.
fn attachments(group: &mut BenchmarkGroup<WallTime>) {
    for count in [1, 10, 100, 1_000] {
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("emit", count), |bencher| {
            let (mut session, name) = (Session::connected(&names(1)), "/1".to_owned());
            let emit = |content| {
                session.actions.clear();
                session.emit(&name, content, None);
                session.flush();
            };
            bencher.iter_batched(|| content(count), emit, BatchSize::SmallInput);
        });
        group.bench_function(BenchmarkId::new("receive", count), |bencher| {
            let mut session = Session::connected(&names(1));
            let header = format!("45{count}-/1,[]");
            bencher.iter(|| {
                session.actions.clear();
                session.receive(&header);
                (0..count).for_each(|_| session.receive_frame(Frame::Bytes(vec![0; 100])));
            });
        });
    }
}

/// Measures one event among many namespaces, and connecting all of them.
fn namespaces(group: &mut BenchmarkGroup<WallTime>) {
    for count in [1, 10, 100, 1_000] {
        let all = names(count);
        let packets: Vec<String> = all.iter().map(|name| format!("42{name},[\"event\",1]")).collect();
        let connected = Session::connected(&all);
        let orders: [(&str, Order); 3] = [
            ("in one", |_, _| 0),
            ("in turn", |number, count| number % count),
            ("in any order", |number, count| scrambled(number) % count),
        ];
        for (order, place) in orders {
            group.bench_function(BenchmarkId::new(format!("receive {order}"), count), |bencher| {
                let (mut session, mut number) = (connected.clone(), 0);
                bencher.iter(|| {
                    session.actions.clear();
                    session.receive(&packets[place(number, count)]);
                    number += 1;
                });
            });
            group.bench_function(BenchmarkId::new(format!("emit {order}"), count), |bencher| {
                let (mut session, mut number) = (connected.clone(), 0);
                bencher.iter(|| {
                    session.actions.clear();
                    session.emit(&all[place(number, count)], content(0), None);
                    session.flush();
                    number += 1;
                });
            });
        }
        group.bench_function(BenchmarkId::new("deadline and status", count), |bencher| {
            bencher.iter(|| (black_box(&connected.session).poll_timeout(), connected.session.status()));
        });
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("connect all", count), |bencher| {
            bencher.iter(|| Session::connected(&all));
        });
        group.bench_function(BenchmarkId::new("lose and connect all again", count), |bencher| {
            let again = |mut session: Session| {
                session.cut();
                session.open();
                session.grant();
                session
            };
            bencher.iter_batched(|| connected.clone(), again, BatchSize::LargeInput);
        });
    }
}

/// Returns a session with pending calls, and their ids.
fn calling(count: usize) -> (Session, VecDeque<CallId>) {
    let (mut session, name) = (Session::connected(&names(1)), "/1".to_owned());
    let calls = (0..count).map(|_| session.emit(&name, content(0), Some(60_000)).unwrap()).collect();
    session.flush();
    session.actions.clear();
    (session, calls)
}

/// Measures one more call, the answer to one of the pending calls, and the end of all calls at once.
fn calls(group: &mut BenchmarkGroup<WallTime>) {
    for count in [1, 10, 100, 1_000, 10_000] {
        let orders: [(&str, Order); 3] = [
            ("the oldest", |_, _| 0),
            ("the newest", |_, pending| pending - 1),
            ("any", |number, pending| scrambled(number) % pending),
        ];
        for (order, place) in orders {
            group.bench_function(BenchmarkId::new(format!("call, answer to {order}"), count), |bencher| {
                let (mut session, mut pending) = calling(count);
                let (name, mut number) = ("/1".to_owned(), 0);
                bencher.iter(|| {
                    session.actions.clear();
                    pending.extend(session.emit(&name, content(0), Some(60_000)));
                    session.flush();
                    let call = pending.swap_remove_front(place(number, pending.len())).unwrap();
                    session.receive(&format!("43/1,{}[]", call.0));
                    number += 1;
                });
                assert_eq!(pending.len(), count);
            });
        }
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("all time out, sent", count), |bencher| {
            let (mut session, _) = calling(count);
            session.now += 60_000;
            let tick = |mut session: Session| {
                session.tick();
                session
            };
            bencher.iter_batched(|| session.clone(), tick, BatchSize::LargeInput);
        });
        group.bench_function(BenchmarkId::new("all time out, kept", count), |bencher| {
            let (mut session, name) = (Session::connecting(&names(1)), "/1".to_owned());
            (0..count).for_each(|_| _ = session.emit(&name, content(0), Some(5)));
            session.now += 5;
            let tick = |mut session: Session| {
                session.tick();
                session
            };
            bencher.iter_batched(|| session.clone(), tick, BatchSize::LargeInput);
        });
    }
}

/// Measures buffering many packets and then sending them: over a websocket, across a loss, in POSTs of 16.
fn kept(group: &mut BenchmarkGroup<WallTime>) {
    for count in [1, 10, 100, 1_000, 10_000] {
        group.throughput(Throughput::Elements(count as u64));
        let emit = |session: &mut Session| {
            let name = "/1".to_owned();
            (0..count).for_each(|_| _ = session.emit(&name, content(0), None));
        };
        let send = |mut session: Session| {
            session.open();
            session.grant();
            session.flush();
            session
        };
        let mut connecting = Session::connecting(&names(1));
        emit(&mut connecting);
        group.bench_function(BenchmarkId::new("until connected", count), |bencher| {
            bencher.iter_batched(|| connecting.clone(), send, BatchSize::LargeInput);
        });
        let mut connected = Session::connected(&names(1));
        emit(&mut connected);
        group.bench_function(BenchmarkId::new("across a loss", count), |bencher| {
            let lose_and_send = |mut session: Session| {
                session.cut();
                send(session)
            };
            bencher.iter_batched(|| connected.clone(), lose_and_send, BatchSize::LargeInput);
        });
        group.bench_function(BenchmarkId::new("posted", count), |bencher| {
            bencher.iter_batched(|| polling(count), post_all, BatchSize::LargeInput);
        });
    }
}

/// Returns an engine on polling, with many messages to send.
fn polling(messages: usize) -> Engine<StdWire, u32> {
    let config = Config {
        transports: Transports::Polling,
        version_policy: VersionPolicy::Fixed(ProtocolVersion::V4),
        ..Config::default()
    };
    let endpoints = Endpoints { polling: "http://x/".to_owned(), websocket: "ws://x/".to_owned() };
    let mut engine = Engine::open(config, endpoints, 0, 0);
    let handshake = r#"0{"sid":"S","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}"#;
    engine.handle_input(0, Input::Responded(TransportId(1), 200, handshake.to_owned().into()));
    while engine.poll_output().is_some() {}
    for _ in 0..messages {
        let message = Frame::Text(r#"2["event",{"some":"values"}]"#.to_owned());
        engine.send(Outgoing::new(0, message, Vec::new())).unwrap();
    }
    engine
}

/// Answers each POST until there is none.
fn post_all(mut engine: Engine<StdWire, u32>) -> Engine<StdWire, u32> {
    engine.flush(0);
    while let Some(output) = engine.poll_output() {
        if let Output::Action(Action::Post(id, ..)) = output {
            engine.handle_input(0, Input::Responded(id, 200, "ok".to_owned().into()));
        }
        if engine.wants_flush() {
            engine.flush(0);
        }
    }
    assert_eq!(engine.unsent(), 0);
    engine
}

/// A table of listeners in the form of the JS table: a map of maps.
struct Table(HashMap<String, HashMap<String, usize>>);

impl ListenerTable for Table {
    type Name = str;
    type List = usize;
    fn get(&self, namespace: Option<&str>, event: Option<&str>) -> Option<usize> {
        self.0.get(namespace.unwrap_or("*"))?.get(event.unwrap_or("*")).copied()
    }
    fn has_namespace(&self, namespace: &str) -> bool {
        self.0.contains_key(namespace)
    }
    fn class(&self, namespace: Option<&str>) -> Option<usize> {
        self.0.get("classes")?.get(namespace.unwrap_or("*")).copied()
    }
}

/// Measures finding the listeners of one event among many.
fn handlers(group: &mut BenchmarkGroup<WallTime>) {
    for count in [1, 10, 100, 1_000] {
        let events = (1..=count).map(|number| (format!("event {number}"), number)).collect();
        let table = Table(HashMap::from([("/".to_owned(), events)]));
        let last = format!("event {count}");
        for (what, event) in [("find", last.as_str()), ("find none", "another")] {
            group.bench_function(BenchmarkId::new(what, count), |bencher| {
                bencher.iter(|| find_listeners(black_box(&table), "/", event, false));
            });
        }
    }
}

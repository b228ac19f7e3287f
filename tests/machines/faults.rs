//! A session through a network that fails at random, with commands at random between: what must hold whatever happens.

use crate::peer::{Manners, Speaks};
use crate::world::{Fault, World, word};
use proptest::collection::vec;
use proptest::prelude::*;
use socketio_wasm::engine::Transports;
use socketio_wasm::socket::{Action, CallId, Connect, Patience, Payload, Settings, Status};

/// Something a user or a server does.
#[derive(Debug, Clone)]
enum Step {
    Emit(&'static str),
    Volatile,
    Binary(usize),
    Call(&'static str, u64),
    /// Cancels the call that is pending longest.
    Cancel,
    Enter(&'static str),
    Leave(&'static str),
    Connect,
    Disconnect,
    ServerSends,
    ServerRestarts,
    ServerCloses,
    Cut,
    UrlFails,
    AuthFails,
    Wait(u64),
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        20 => Just(Fault::None),
        2 => (1..15_000_u64).prop_map(Fault::Delay),
        2 => Just(Fault::Cut),
        1 => Just(Fault::Silence),
        1 => Just(Fault::Refuse),
        2 => Just(Fault::Twice),
        1 => Just(Fault::Restart),
    ]
}

/// What harms no session for good.
fn step() -> impl Strategy<Value = Step> {
    let namespace = prop_oneof![Just("/"), Just("/b")];
    prop_oneof![
        6 => namespace.clone().prop_map(Step::Emit),
        1 => Just(Step::Volatile),
        2 => (1..20_usize).prop_map(Step::Binary),
        3 => (namespace, 1..9_000_u64).prop_map(|(name, timeout)| Step::Call(name, timeout)),
        1 => Just(Step::Cancel),
        3 => Just(Step::ServerSends),
        1 => Just(Step::ServerRestarts),
        1 => Just(Step::ServerCloses),
        1 => Just(Step::Cut),
        1 => Just(Step::UrlFails),
        1 => Just(Step::AuthFails),
        8 => (0..40_u64).prop_map(Step::Wait),
        4 => (0..8_000_u64).prop_map(Step::Wait),
    ]
}

/// Anything.
fn wild_step() -> impl Strategy<Value = Step> {
    let namespace = prop_oneof![Just("/"), Just("/b"), Just("/c"), Just("/refused")];
    prop_oneof![
        10 => step(),
        2 => namespace.clone().prop_map(Step::Enter),
        2 => namespace.prop_map(Step::Leave),
        1 => Just(Step::Connect),
        1 => Just(Step::Disconnect),
    ]
}

fn transports() -> impl Strategy<Value = Transports> {
    prop_oneof![
        Just(Transports::Polling),
        Just(Transports::WebSocket),
        Just(Transports::PollingThenWebSocket),
        Just(Transports::PollingThenWebSocket),
    ]
}

fn speaks() -> impl Strategy<Value = Speaks> {
    prop_oneof![4 => Just(Speaks::V4), 2 => Just(Speaks::V3), 1 => Just(Speaks::V3Asked), 1 => Just(Speaks::V3Hidden)]
}

/// A run, and what was accepted in it.
struct Run {
    world: World,
    transports: Transports,
    number: u32,
    /// Events that must be handed over, once.
    kept: Vec<u32>,
    /// What may be handed over, once at most: calls, which time takes back, and volatile events.
    loose: Vec<u32>,
}

impl Run {
    fn new(server: (Speaks, Option<usize>), transports: Transports, faults: Vec<Fault>, connect_takes: u64) -> Self {
        let (speaks, max_packets) = server;
        let refused = [("/refused".to_owned(), r#"{"message":"no"}"#.to_owned())].into();
        let manners = Manners {
            speaks,
            ping_interval: 3_000,
            ping_timeout: 2_000,
            max_payload: (speaks == Speaks::V4).then_some(2_000),
            max_packets,
            connect_takes,
            refused,
            ..Manners::default()
        };
        let mut world = World::new(Settings::default(), manners);
        world.faults = faults.into();
        Self { world, transports, number: 0, kept: Vec::new(), loose: Vec::new() }
    }

    fn connect(&mut self, wait: Option<u64>) {
        let namespaces = vec!["/".to_owned(), "/b".to_owned()];
        let _ = self.world.connect_with(Connect {
            namespaces,
            transports: self.transports,
            revision: None,
            wait,
            retry: true,
        });
    }

    fn emit(&mut self, name: &str, attachments: usize, patience: Patience, answer: Option<Option<u64>>) {
        self.number += 1;
        let json = format!(r#"["n",{}]"#, self.number);
        let attachments = vec![vec![7; 300]; attachments];
        if self.world.emit_with(name, &json, attachments, patience, answer).is_ok() {
            let kept = patience == Patience::Buffer && answer.is_none();
            if kept { &mut self.kept } else { &mut self.loose }.push(self.number);
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Emit(name) => self.emit(name, 0, Patience::Buffer, None),
            Step::Volatile => self.emit("/", 0, Patience::Volatile, None),
            Step::Binary(attachments) => self.emit("/", attachments, Patience::Buffer, None),
            Step::Call(name, timeout) => self.emit(name, 1, Patience::Buffer, Some(Some(timeout))),
            Step::Cancel => {
                if let Some(CallId(call)) = self.world.calls.first().copied() {
                    self.world.cancel(CallId(call));
                }
            }
            Step::Enter(name) => drop(self.world.connect_namespace(name)),
            Step::Leave(name) => self.world.disconnect_namespace(name),
            Step::Connect => self.connect(Some(4_000)),
            Step::Disconnect => self.world.disconnect(),
            Step::ServerSends => {
                self.number += 1;
                let packet = format!(r#"51-["n",{{"_placeholder":true,"num":0}},{}]"#, self.number);
                self.world.server_sends(&packet, &[vec![1, 2, 3]]);
            }
            Step::ServerRestarts => self.world.server_restarts(),
            Step::ServerCloses => self.world.server_closes(),
            Step::Cut => self.world.cut_all(),
            Step::UrlFails => self.world.url_fails += 1,
            Step::AuthFails => self.world.auth_fails += 1,
            Step::Wait(milliseconds) => self.world.run(milliseconds),
        }
    }

    fn handed_over(&self, number: u32) -> usize {
        self.world.handed_over(&format!(r#"["n",{number}]"#))
    }

    /// What holds on every run.
    fn check(&self) {
        for number in self.kept.iter().chain(&self.loose) {
            assert!(self.handed_over(*number) <= 1, "{number} was handed over twice");
        }
        // The server hears each at most once, and in order on each connection.
        let mut heard: Vec<(String, u32)> = Vec::new();
        for event in &self.world.server.received {
            let number: u32 = event.json[5..event.json.len() - 1].parse().unwrap();
            assert!(heard.iter().all(|(_, other)| *other != number), "{number} came twice");
            let last = heard.iter().rev().find(|(sid, _)| *sid == format!("{}{}", event.sid, event.namespace));
            assert!(last.is_none_or(|(_, last)| *last < number), "{number} came after {last:?}");
            heard.push((format!("{}{}", event.sid, event.namespace), number));
        }
        // So does the client.
        let events: Vec<u32> = self
            .world
            .log
            .iter()
            .filter_map(|(_, action)| match action {
                Action::Event(_, Payload::Json(json, _), _) => json[33..json.len() - 1].parse().ok(),
                _ => None,
            })
            .collect();
        assert!(events.is_sorted_by(|one, next| one < next), "{events:?}");
        assert!(self.world.count(|action| matches!(action, Action::Dropped(_))) == 0, "{:?}", self.world.said());
    }
}

proptest! {
    #![proptest_config(crate::cases(300))]

    #[test]
    fn a_session_survives_whatever_the_network_does(
        server in (speaks(), prop_oneof![Just(Some(16)), Just(None)]),
        transports in transports(),
        faults in vec(fault(), 0..60),
        steps in vec(step(), 0..60),
        connect_takes in prop_oneof![Just(0), 0..50_u64],
    ) {
        let mut run = Run::new(server, transports, faults, connect_takes);
        run.connect(None);
        for step in steps {
            run.take(step);
        }
        run.world.faults.clear();
        run.world.run(120_000);
        run.check();
        prop_assert_eq!(run.world.session.status(), Status::Connected, "{:#?}", run.world.said());
        prop_assert_eq!(run.world.session.unsent(), 0);
        prop_assert!(run.world.calls.is_empty(), "{:?}", run.world.calls);
        for number in &run.kept {
            prop_assert_eq!(run.handed_over(*number), 1, "{}, {:#?}", number, run.world.said());
        }
        run.world.disconnect();
        run.world.run(20_000);
        prop_assert_eq!(run.world.session.status(), Status::Disconnected);
        prop_assert_eq!((run.world.begun, run.world.ended), (1, 1));
    }

    #[test]
    fn any_command_at_any_time_is_answered_and_every_session_ends_once(
        server in (speaks(), prop_oneof![Just(Some(16)), Just(None)]),
        transports in transports(),
        faults in vec(fault(), 0..40),
        steps in vec(wild_step(), 0..60),
        wait in prop_oneof![Just(None), (100..5_000_u64).prop_map(Some)],
        connect_takes in prop_oneof![Just(0), 0..50_u64, Just(3_000)],
    ) {
        let mut run = Run::new(server, transports, faults, connect_takes);
        run.connect(wait);
        for step in steps {
            run.take(step);
        }
        run.world.faults.clear();
        run.world.run(120_000);
        run.check();
        let said: Vec<_> = run.world.log.iter().map(|(at, action)| (at, word(action))).collect();
        prop_assert_eq!(run.world.session.unsent(), 0, "{:#?}", said);
        prop_assert_eq!(run.world.unsettled, 0, "{:#?}", said);
        run.world.disconnect();
        run.world.run(20_000);
        prop_assert_eq!(run.world.session.status(), Status::Disconnected);
        prop_assert_eq!(run.world.begun, run.world.ended);
        prop_assert_eq!((run.world.session.unsent(), run.world.session.deadline()), (0, None));
        prop_assert!(run.world.calls.is_empty(), "{:?}", run.world.calls);
    }
}

//! Connections that are lost and made anew: delays, limits, and the events that survive.

use crate::peer::Behavior;
use crate::rig::{SessionRig, endpoints, open_packet, opened, request};
use crate::world::{Act, World};
use proptest::prelude::*;
use socketio_wasm::engine::Transports;
use socketio_wasm::socket::{Action, Backoff, Connect, Input, Settings, Status};

// [C3, R2, D5]
#[test]
fn delays_double_up_to_the_cap_and_are_then_moved() {
    let backoff = Backoff::default();
    let delays = |random| (0..6).map(|failures| backoff.delay(failures, random)).collect::<Vec<_>>();
    assert_eq!(delays(0.5), [1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
    assert_eq!(delays(0.0), [500, 1_000, 2_000, 2_500, 2_500, 2_500]);
    assert_eq!(delays(0.75), [1_250, 2_500, 5_000, 6_250, 6_250, 6_250], "jitter does not vanish at the cap");
    let steady = Backoff { randomization_factor: 0.0, ..backoff };
    assert_eq!(steady.delay(0, 0.9), 1_000);
    assert_eq!(steady.delay(2, 0.0), 4_000);
}

#[test]
fn delays_are_sane_at_any_attempt_with_any_settings() {
    for failures in [31, 32, 63, 64, 65, 1_015, 1_024, 5_000, u32::MAX] {
        assert_eq!(Backoff::default().delay(failures, 0.5), 5_000, "{failures}");
        assert_eq!(Backoff::default().delay(failures, 0.0), 2_500, "{failures}");
    }
    let endless = Backoff { delay: u64::MAX, delay_max: u64::MAX, randomization_factor: 1.0 };
    assert_eq!(endless.delay(5_000, 0.999), u64::MAX);
    assert_eq!(endless.delay(5_000, 0.0), 50);
    let none = Backoff { delay: 0, delay_max: 0, randomization_factor: 0.5 };
    assert_eq!(none.delay(7, 0.9), 50);
    for factor in [f64::NAN, f64::INFINITY, -1.0, 50.0] {
        let backoff = Backoff { randomization_factor: factor, ..Backoff::default() };
        for random in [0.0, 0.5, 0.999, f64::NAN] {
            assert!(backoff.delay(3, random) >= 50);
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(2_000))]

    #[test]
    fn a_delay_is_within_the_jitter_of_its_middle(
        delay in 1..100_000_u64,
        delay_max in 1..100_000_u64,
        factor in 0.0..=1.0_f64,
        failures in 0..6_000_u32,
        random in 0.0..1.0_f64,
    ) {
        let middle = (delay as f64 * 2_f64.powi(failures.min(1_000) as i32)).min(delay_max as f64);
        let got = Backoff { delay, delay_max, randomization_factor: factor }.delay(failures, random) as f64;
        prop_assert!(got >= 50.0);
        prop_assert!(got <= (middle * (1.0 + factor)).max(50.0));
        prop_assert!(got >= (middle * (1.0 - factor)).floor());
    }
}

/// Returns the times at which attempts begin.
fn attempts(world: &World) -> Vec<u64> {
    let prepared = world.log.iter().filter(|(_, action)| matches!(action, Action::Prepare(_)));
    prepared.map(|(at, _)| *at).collect()
}

fn gaps(times: &[u64]) -> Vec<u64> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

// [R2]
#[test]
fn attempts_that_fail_come_at_growing_distances() {
    let mut rig = SessionRig::connected(&["/"]);
    rig.now += 60_000;
    rig.receive("6");
    rig.cut();
    for (random, delay) in [(0.0, 1_000), (1.0, 1_000), (0.5, 6_000), (0.75, 5_000), (0.0, 6_250), (0.5, 2_500)] {
        // The delay before this attempt uses the random number of the previous one.
        assert_eq!(rig.session.poll_timeout(), Some(rig.now + delay));
        assert_eq!(rig.after(delay - 1), [""; 0]);
        assert_eq!(rig.after(1), ["prepare"]);
        rig.handle(Input::Prepared(rig.attempt, endpoints(), random));
        assert_eq!(rig.cut(), ["attempt failed /: transport close"]);
    }
}

// [R2]
#[test]
fn only_a_connection_that_stayed_up_begins_anew() {
    let mut rig = SessionRig::connected(&["/"]);
    let fail_after = |rig: &mut SessionRig, up: u64| {
        rig.now += up;
        rig.cut();
        let delay = rig.session.poll_timeout().unwrap() - rig.now;
        assert_eq!(rig.after(delay), ["prepare"]);
        rig.open();
        rig.grant("/");
        delay
    };
    assert_eq!(fail_after(&mut rig, 10), 1_000);
    assert_eq!(fail_after(&mut rig, 4_999), 2_000);
    assert_eq!(fail_after(&mut rig, 0), 4_000);
    assert_eq!(fail_after(&mut rig, 0), 5_000);
    assert_eq!(fail_after(&mut rig, 5_000), 1_000);
    assert_eq!(fail_after(&mut rig, 0), 2_000);
}

#[test]
fn a_peer_that_breaks_the_protocol_each_time_is_not_flooded_with_attempts() {
    for packet in ["42{}", "9", "451-[]\u{1e}42[]"] {
        let mut world = World::new(Settings::default(), Behavior::default());
        world.connect(&["/"], Transports::Polling).unwrap();
        for _ in 0..600 {
            world.run(100);
            if world.status() == Status::Connected {
                for packet in packet.split('\u{1e}') {
                    world.server_sends(&packet[1..], &[]);
                }
            }
        }
        let gaps = gaps(&attempts(&world));
        assert!(gaps.is_sorted_by(|one, next| *next + 200 >= *one), "{gaps:?}");
        assert!(gaps.len() < 16 && gaps[4..].iter().all(|gap| *gap >= 5_000), "{gaps:?}");
    }
}

#[test]
fn attempts_may_be_limited() {
    let settings = Settings { reconnection_attempts: 3, ..Settings::default() };
    let mut rig = SessionRig::new(settings);
    rig.connect(request(&["/"])).unwrap();
    rig.open();
    rig.grant("/");
    let call = rig.call("/", "[1]", None);
    rig.cut();
    assert_eq!(rig.enter("/late"), [""; 0], "it waits for the next connection");
    for attempt in 1..=3 {
        assert_eq!(rig.after(5_000), ["prepare"]);
        rig.prepared();
        let outputs = rig.cut();
        assert_eq!(outputs[0], "attempt failed /: transport close");
        if attempt == 3 {
            let failed = format!("call {} failed: Disconnected(TransportError)", call.0);
            let late = "connect failed: Disconnected(TransportError)";
            assert_eq!(
                outputs[1..],
                ["attempt failed /late: transport close", &failed, "final /", late, "final /late", "ended"]
            );
        }
    }
    assert_eq!((rig.session.status(), rig.session.poll_timeout()), (Status::Disconnected, None));
    // A later connection reconnects like the first.
    rig.connect(request(&["/"])).unwrap();
    rig.open();
    rig.grant("/");
    rig.cut();
    assert_eq!(rig.after(1_000), ["prepare"]);
}

#[test]
fn a_retried_first_attempt_gives_up_at_the_limit_too() {
    let settings = Settings { reconnection_attempts: 2, ..Settings::default() };
    let mut rig = SessionRig::new(settings);
    rig.connect(Connect { retry: true, ..request(&["/"]) }).unwrap();
    for _ in 0..2 {
        rig.handle(Input::PreparationFailed(rig.attempt, 0.5));
        assert_eq!(rig.after(5_000), ["prepare"]);
    }
    rig.prepared();
    let expected =
        ["attempt failed /: transport close", "final /", r#"connect failed: Failed(SocketClosed(1006, ""))"#, "ended"];
    assert_eq!(rig.cut(), expected);
}

#[test]
fn without_reconnection_a_loss_is_final() {
    let settings = Settings { reconnection: false, ..Settings::default() };
    let mut rig = SessionRig::new(settings);
    rig.connect(request(&["/"])).unwrap();
    rig.open();
    rig.grant("/");
    let call = rig.call("/", "[1]", None);
    let failed = format!("call {} failed: Disconnected(TransportError)", call.0);
    let lost = "disconnected /: transport error, transport close";
    assert_eq!(rig.cut(), [lost, failed.as_str(), "final /", "ended"]);
}

// [R8]
#[test]
fn every_kind_of_loss_is_followed_by_a_reconnection_on_every_transport() {
    type Loss = fn(&mut World);
    let losses: [(&str, Loss); 5] = [
        ("restart", World::server_restarts),
        ("server closes", World::server_closes),
        ("cut", World::cut_all),
        ("malformed", |world| world.server_sends("2{}", &[])),
        ("silence", |world| {
            world.faults = vec![crate::world::Fault::Silence; 1].into();
            world.server_sends(r#"2["lost"]"#, &[]);
        }),
    ];
    for (name, loss) in losses {
        for transports in [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket] {
            let mut world = World::new(Settings::default(), Behavior::default());
            world.connect(&["/", "/a"], transports).unwrap();
            world.run(10_000);
            loss(&mut world);
            world.run(100_000);
            assert_eq!(world.status(), Status::Connected, "{name} {transports:?}");
            let connected = world.count(|action| matches!(action, Action::Connected(_)));
            assert_eq!(connected, 4, "{name} {transports:?} {:#?}", world.said());
            let lost = |action: &Act| matches!(action, Action::Disconnected(..));
            assert_eq!(world.count(lost), 2, "{name} {transports:?}");
            assert_eq!(world.count(|action| matches!(action, Action::DisconnectFinal(..) | Action::Ended)), 0);
        }
    }
}

#[test]
fn events_emitted_while_disconnected_arrive_in_order() {
    for transports in [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket] {
        let mut world = World::new(Settings::default(), Behavior::default());
        world.connect(&["/"], transports).unwrap();
        world.run(1_000);
        world.server_restarts();
        world.cut_all();
        for n in 0..50 {
            world.run(20);
            world.emit("/", &format!("[{n}]")).unwrap();
        }
        world.run(10_000);
        let expected: Vec<String> = (0..50).map(|n| format!("[{n}]")).collect();
        let heard = world.heard("/");
        // Events handed to the dead connection before the loss was known may be missing; no others are.
        assert!(expected.ends_with(&heard.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()), "{heard:?}");
        assert!(heard.len() >= 48, "{heard:?}");
    }
}

#[test]
fn an_auth_that_fails_is_tried_again_with_growing_delays() {
    let mut rig = SessionRig::connected(&["/"]);
    rig.cut();
    for delay in [1_000, 2_000, 4_000] {
        assert_eq!(rig.session.poll_timeout(), Some(rig.now + delay));
        rig.after(delay);
        rig.prepared();
        let socket = rig.socket;
        rig.handle(Input::Engine(opened(socket)));
        rig.receive(&open_packet(""));
        assert_eq!(
            rig.handle(Input::AuthenticationFailed(rig.attempt, vec!["/".to_owned()])),
            [format!("close {socket}"), "attempt failed /: transport error".to_owned()]
        );
    }
}

#[test]
fn events_emitted_before_silence_is_noticed_are_buffered() {
    let mut rig = SessionRig::connected(&["/"]);
    rig.emit("/", "[1]").unwrap();
    // The machine has slept, or the program was busy: the timer has not fired yet.
    rig.now += 1_000_000;
    let outputs = rig.flush();
    assert!(
        outputs.iter().any(|word| word.starts_with("disconnected /: transport error, ping timeout")),
        "{outputs:?}"
    );
    assert!(!outputs.iter().any(|word| word.starts_with("send")), "{outputs:?}");
    assert_eq!(rig.session.unsent(), 1);
}

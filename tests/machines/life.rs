//! The events of the life of a connection: its state, the attempts to make it again, and the end of these; the delays that the user
//! chooses; and what ended a call.

use crate::rig::{SessionRig, closed, endpoints, request};
use socketio_wasm::engine::TransportError;
use socketio_wasm::protocol::{ProtocolError, StdWire};
use socketio_wasm::socket::{Action, CallError, CallId, Connect, Delay, DisconnectCause, Input, Settings, Status};

/// A number of attempts that is reached soon, and no jitter in the delays.
fn impatient(asks_delay: bool) -> Settings {
    Settings { reconnection_attempts: 2, asks_delay, ..Settings::default() }
}

/// Makes a step, and returns its outputs that concern the life of the connection.
fn life(rig: &mut SessionRig, step: impl FnOnce(&mut SessionRig)) -> Vec<String> {
    let _ = rig.take_life();
    step(rig);
    rig.take_life().iter().map(told).collect()
}

fn told(action: &Action<StdWire>) -> String {
    match action {
        Action::AskDelay(_, number, failure) => format!("ask {number} after {}", failure.cause()),
        Action::ReconnectAttempt(number, delay) => format!("attempt {number} in {delay}"),
        Action::Reconnected(attempts) => format!("back after {attempts}"),
        Action::ReconnectFailed => "gave up".to_owned(),
        Action::StateChanged(now, before) => format!("{} from {}", now.name(), before.name()),
        Action::Connected(name) => format!("connected {name}"),
        Action::Disconnected(name, cause) => format!("disconnected {name}: {}", cause.reason().name()),
        Action::DisconnectFinal(name, reason) => format!("final {name}: {}", reason.name()),
        other => format!("{other:?}"),
    }
}

fn answer(rig: &mut SessionRig, delay: Delay) {
    rig.handle(Input::Delay(rig.attempt, delay));
}

fn wait(rig: &SessionRig) -> u64 {
    rig.session.poll_timeout().unwrap() - rig.now
}

fn cut(rig: &mut SessionRig) {
    rig.cut();
}

#[test]
fn each_change_of_the_state_and_each_attempt_is_reported_before_what_follows_from_it() {
    let mut rig = SessionRig::new(impatient(false));
    let connect = |rig: &mut SessionRig| drop(rig.connect(request(&["/", "/a"])).unwrap());
    assert_eq!(life(&mut rig, connect), ["connecting from disconnected"]);
    let open = |rig: &mut SessionRig| {
        rig.open();
        rig.grant("/");
        rig.grant("/a");
    };
    assert_eq!(life(&mut rig, open), ["connected from connecting", "connected /", "connected /a"]);
    let lost = ["reconnecting from connected", "disconnected /: transport error", "disconnected /a: transport error"];
    assert_eq!(life(&mut rig, cut), [&lost[..], &["attempt 1 in 1000"]].concat());
    let fail = |rig: &mut SessionRig| {
        rig.after(1_000);
        rig.prepared();
        rig.cut();
    };
    assert_eq!(life(&mut rig, fail), ["attempt 2 in 2000"]);
    let succeed = |rig: &mut SessionRig| {
        rig.after(2_000);
        open(rig);
    };
    assert_eq!(life(&mut rig, succeed), ["connected from reconnecting", "connected /", "back after 2", "connected /a"]);
    let leave = |rig: &mut SessionRig| {
        rig.step(|session, now| session.disconnect(now, None));
    };
    assert_eq!(
        life(&mut rig, leave),
        [
            "disconnecting from connected",
            "disconnected /: client disconnect",
            "final /: client disconnect",
            "disconnected /a: client disconnect",
            "final /a: client disconnect",
            "disconnected from disconnecting"
        ]
    );
}

#[test]
fn a_handler_of_the_loss_that_disconnects_or_connects_hears_of_no_attempt() {
    type Command = fn(&mut SessionRig);
    let commands: [(Command, &[&str]); 2] = [
        (
            |rig| drop(rig.step(|session, now| session.disconnect(now, None))),
            &["disconnected from reconnecting", "final /: client disconnect"],
        ),
        (|rig| drop(rig.connect(request(&["/"])).unwrap()), &["connecting from reconnecting"]),
    ];
    for asks_delay in [false, true] {
        for (command, expected) in commands {
            let mut rig = SessionRig::connected_with(impatient(asks_delay), &["/"]);
            // The outputs up to the disconnection are acted on, as a driver does it: then the handler runs.
            let lost = Input::Engine(closed(rig.socket));
            let next = rig.step_until(
                |session, now| session.handle_input(now, lost),
                |action| matches!(action, Action::Disconnected(..)),
            );
            assert_eq!(told(&next), "disconnected /: transport error");
            assert_eq!(life(&mut rig, command), expected);
        }
    }
}

#[test]
fn a_connect_that_fails_ends_the_calls_of_other_namespaces_with_its_cause() {
    type End = fn(&mut SessionRig);
    type Check = fn(&DisconnectCause<StdWire>) -> bool;
    let ends: [(End, Check, &str); 2] = [
        (
            |rig| drop(rig.receive(r#"44/a,{"message":"no"}"#)),
            |cause| *cause == DisconnectCause::Server(None),
            "final /: server disconnect",
        ),
        (
            |rig| drop(rig.after(20_000)),
            |cause| matches!(cause, DisconnectCause::Lost(TransportError::ConnectTimeout(..))),
            "final /: transport error",
        ),
    ];
    for (end, is_expected, last) in ends {
        let mut rig = SessionRig::new(Settings::default());
        rig.connect(request(&["/", "/a"])).unwrap();
        rig.open();
        rig.grant("/");
        rig.call("/", "[1]", None);
        rig.flush();
        let _ = rig.take_all();
        end(&mut rig);
        let outputs = rig.take_all();
        let cause = outputs.iter().find_map(|action| match action {
            Action::CallFailed(CallId(1), CallError::Disconnected(cause)) => Some(cause),
            _ => None,
        });
        assert!(cause.is_some_and(is_expected), "{outputs:?}");
        assert!(outputs.iter().any(|action| told(action) == last), "{outputs:?}");
    }
}

#[test]
fn a_disconnect_that_waits_for_a_connection_is_the_users_end_if_none_comes() {
    let mut rig = SessionRig::connected_with(Settings { reconnection_attempts: 1, ..Settings::default() }, &["/"]);
    rig.cut();
    rig.emit("/", "[1]").unwrap();
    rig.step(|session, now| session.disconnect(now, Some(60_000)));
    rig.after(1_000);
    rig.prepared();
    let end = life(&mut rig, cut);
    assert_eq!(end, ["disconnected from disconnecting", "final /: client disconnect"]);
}

#[test]
fn the_last_event_of_a_namespace_says_why_it_ends() {
    let lost = ["disconnected /: transport error"];
    type End = fn(&mut SessionRig);
    let ends: [(Settings, End, &[&str]); 3] = [
        (
            Settings { reconnection: false, ..Settings::default() },
            cut,
            &["disconnected from connected", lost[0], "final /: transport error"],
        ),
        (
            Settings { reconnection_attempts: 1, ..Settings::default() },
            |rig| {
                rig.cut();
                rig.after(1_000);
                rig.prepared();
                let _ = rig.take_life();
                rig.cut();
            },
            &["disconnected from reconnecting", "gave up", "final /: reconnection failed"],
        ),
        (
            Settings::default(),
            |rig| drop(rig.receive("41")),
            &[
                "disconnecting from connected",
                "disconnected /: server disconnect",
                "final /: server disconnect",
                "disconnected from disconnecting",
            ],
        ),
    ];
    for (settings, end, expected) in ends {
        let mut rig = SessionRig::connected_with(settings, &["/"]);
        assert_eq!(life(&mut rig, end), expected);
    }
}

#[test]
fn a_first_connection_that_is_retried_has_the_same_events() {
    let mut rig = SessionRig::new(impatient(false));
    rig.connect(Connect { retry: true, ..request(&["/"]) }).unwrap();
    let fail = |rig: &mut SessionRig| {
        rig.prepared();
        rig.cut();
    };
    assert_eq!(life(&mut rig, fail), ["attempt 1 in 1000"]);
    rig.after(1_000);
    assert_eq!(life(&mut rig, fail), ["attempt 2 in 2000"]);
    rig.after(2_000);
    assert_eq!(life(&mut rig, fail), ["disconnected from connecting", "gave up", "final /: reconnection failed"]);
}

#[test]
fn the_user_may_choose_each_delay() {
    let mut rig = SessionRig::connected_with(Settings { asks_delay: true, ..Settings::default() }, &["/"]);
    rig.cut();
    for (number, (delay, expected)) in [
        (Delay::Milliseconds(7_777), 7_777),
        (Delay::Default, 2_000),
        (Delay::Milliseconds(0), 50),
        (Delay::Milliseconds(u64::MAX), u64::MAX - 100_000),
    ]
    .into_iter()
    .enumerate()
    {
        if number > 0 {
            rig.prepared();
            let number = number + 1;
            assert_eq!(life(&mut rig, cut), [format!("ask {number} after transport close")]);
        }
        let attempted = life(&mut rig, |rig| answer(rig, delay));
        assert_eq!(attempted.len(), 1, "{attempted:?}");
        assert!(attempted[0].starts_with(&format!("attempt {} in ", number + 1)), "{attempted:?}");
        assert!(wait(&rig) == expected || expected > 1 << 60, "{} instead of {expected}", wait(&rig));
        if expected < 1 << 60 {
            rig.after(expected);
        }
    }
}

#[test]
fn an_unanswered_question_for_the_delay_leaves_the_delay_of_the_settings() {
    let mut rig = SessionRig::connected_with(impatient(true), &["/"]);
    rig.cut();
    assert_eq!(wait(&rig), 1_000);
    assert_eq!(rig.after(1_000), ["prepare"]);
    // The answer is late.
    assert_eq!(life(&mut rig, |rig| answer(rig, Delay::Stop)), [""; 0]);
    assert_eq!(rig.session.status(), Status::Reconnecting);
    // The limit of attempts holds before the function is asked.
    rig.prepared();
    assert_eq!(life(&mut rig, cut), ["ask 2 after transport close"]);
    answer(&mut rig, Delay::Milliseconds(60));
    rig.after(60);
    rig.prepared();
    assert_eq!(life(&mut rig, cut), ["disconnected from reconnecting", "gave up", "final /: reconnection failed"]);
}

#[test]
fn the_user_may_end_reconnection() {
    let mut rig = SessionRig::connected_with(impatient(true), &["/"]);
    let call = rig.call("/", "[1]", None);
    rig.cut();
    let mut outputs = Vec::new();
    let stopped = life(&mut rig, |rig| outputs = rig.handle(Input::Delay(rig.attempt, Delay::Stop)));
    assert_eq!(stopped, ["disconnected from reconnecting", "gave up", "final /: reconnection failed"]);
    assert!(outputs.contains(&format!("call {} failed: Disconnected(TransportError)", call.0)), "{outputs:?}");
    assert_eq!(outputs.last().unwrap(), "ended");

    // Answers for which nothing waits have no effect.
    let mut rig = SessionRig::connected_with(impatient(true), &["/"]);
    assert_eq!(life(&mut rig, |rig| answer(rig, Delay::Stop)), [""; 0]);
    rig.cut();
    rig.handle(Input::Online);
    assert_eq!(life(&mut rig, |rig| answer(rig, Delay::Stop)), [""; 0]);
    rig.handle(Input::Prepared(rig.attempt, endpoints(), 0.5));
    assert_eq!(rig.session.status(), Status::Reconnecting);
}

#[test]
fn a_call_fails_with_what_ended_its_connection() {
    type Check = fn(&DisconnectCause<StdWire>) -> bool;
    type End = fn(&mut SessionRig);
    let ends: [(End, Check); 4] = [
        (cut, |cause| matches!(cause, DisconnectCause::Lost(TransportError::SocketClosed(..)))),
        (
            |rig| drop(rig.receive("9")),
            |cause| {
                matches!(cause, DisconnectCause::Lost(TransportError::Protocol(ProtocolError::UnknownEngineType(_), _)))
            },
        ),
        (|rig| drop(rig.receive("41")), |cause| *cause == DisconnectCause::Server(None)),
        (|rig| drop(rig.step(|session, now| session.disconnect(now, None))), |cause| *cause == DisconnectCause::Client),
    ];
    for (end, is_expected) in ends {
        let mut rig = SessionRig::connected(&["/"]);
        rig.call("/", "[1]", None);
        rig.flush();
        let _ = rig.take_life();
        end(&mut rig);
        let failed = rig.take_all().into_iter().find_map(|action| match action {
            Action::CallFailed(CallId(1), CallError::Disconnected(cause)) => Some(cause),
            _ => None,
        });
        let cause = failed.expect("a failure");
        assert!(is_expected(&cause), "{cause:?}");
    }
}

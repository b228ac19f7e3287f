//! A session on a network that fails at random, with a user who does anything at any moment, also in handlers. `plan` makes a
//! schedule from a seed, `run` goes through it, and `checks` asserts what must hold. `any_input` gives a session inputs that no
//! host and no server would make, in any state.
//!
//! `cargo test` runs a few schedules of each kind. This runs more of them, in an optimised build:
//!
//! ```text
//! make test-random CASES=500000
//! ```
//!
//! A schedule that fails is reported with its seed, and shrunk. `make test-random SEED=…` runs it again alone.

mod any_input;
mod checks;
mod plan;
mod run;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestError, TestRunner};
use run::Run;
use socketio_wasm::socket::Status;

/// The number of schedules of each kind that `cargo test` runs.
const FEW: u64 = 300;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().filter(|number| !number.is_empty()).map(|number| number.parse().expect(name))
}

/// Runs the schedules of the first `CASES` seeds, or that of `SEED` alone.
fn schedules<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("CASES").unwrap_or(FEW),
    };
    for seed in seeds {
        let config = Config {
            cases: 1,
            rng_seed: RngSeed::Fixed(seed),
            max_shrink_iters: 20_000,
            failure_persistence: None,
            ..Config::default()
        };
        match TestRunner::new(config).run(strategy, &test) {
            Ok(()) => {}
            Err(TestError::Fail(why, schedule)) => {
                panic!("SEED={seed} fails: {why}\nThe least that fails: {schedule:?}")
            }
            Err(TestError::Abort(why)) => panic!("SEED={seed}: {why}"),
        }
    }
}

#[test]
fn a_session_survives_whatever_the_network_does() {
    schedules(&plan::plan(plan::harmless_step(), plan::harmless_deed()), |plan| {
        let mut run = Run::new(&plan);
        run.connect(&plan, None);
        run.go_through(&plan.steps);
        run.calm_down();
        run.check();
        let world = &mut run.world;
        prop_assert_eq!(world.status(), Status::Connected, "{:?}", world.said());
        prop_assert_eq!(world.unsent(), 0);
        prop_assert!(world.calls.is_empty() && world.unsettled.is_empty(), "{:?}", world.calls);
        prop_assert!(world.left.is_empty());
        run.every_event_is_heard_or_counted();
        run.world.disconnect();
        run.world.run(60_000);
        prop_assert_eq!(run.world.status(), Status::Disconnected);
        prop_assert_eq!((run.world.begun, run.world.ended), (1, 1));
        Ok(())
    });
}

#[test]
fn any_command_at_any_time_is_answered_and_every_session_ends_once() {
    let strategy = (plan::plan(plan::any_step(), plan::any_deed()), plan::wait());
    schedules(&strategy, |(plan, wait)| {
        let mut run = Run::new(&plan);
        run.connect(&plan, wait);
        run.go_through(&plan.steps);
        run.calm_down();
        run.check();
        // With `retry`, attempts to a server that is slower than `wait` never end.
        if run.waits_long_enough {
            prop_assert_eq!(run.world.unsent(), 0, "{:?}", run.world.said());
            prop_assert!(run.world.unsettled.is_empty(), "{:?}", run.world.said());
        }
        run.world.disconnect();
        run.world.run(60_000);
        let world = &run.world;
        prop_assert_eq!(world.status(), Status::Disconnected);
        prop_assert!(world.unsettled.is_empty() && world.leaving.is_empty());
        prop_assert_eq!(world.begun, world.ended);
        prop_assert_eq!((world.unsent(), world.timer), (0, None));
        prop_assert!(world.calls.is_empty(), "{:?}", world.calls);
        run.check();
        run.every_event_is_heard_or_counted();
        Ok(())
    });
}

#[test]
fn any_input_in_any_state_does_no_harm() {
    let bytes = proptest::collection::vec(any::<u8>(), 0..1_500);
    schedules(&bytes, |bytes| {
        any_input::run(&bytes);
        Ok(())
    });
}

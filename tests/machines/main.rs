//! The state machines in virtual time: no network, no clock, no sleep, the same on every run.
//!
//! | module | what it proves |
//! |---|---|
//! | `codec`, `properties` | what is written on the wire, and that nothing read from it does harm |
//! | `engine`, `opening`, `polling`, `upgrade`, `congestion`, `closing` | one Engine.IO connection, step by step |
//! | `connecting`, `session`, `namespaces`, `calls` | a Socket.IO session, step by step |
//! | `reconnection`, `attempts` | delays, attempts, what survives a loss |
//! | `losses` | what is kept, what is lost and who learns of it |
//! | `latency` | round trips on a slow link |
//! | `versions` | servers of Socket.IO 1.x and 2.x: how they are found out, and what is different with them |
//! | `conversation` | both against a server of our own, over every transport |
//! | `faults` | the same through a network that fails at random, and beside a user who does anything at any moment: `make test-random CASES=500000` runs many schedules, and `make test-random SEED=…` again the one that failed |
//! | `growth` | work that grows no faster than what is worked on |
//!
//! `peer` is that server, `world` the host, the network and the time between the two, `rig` the hand that drives a
//! machine without either, `plain` one that puts nothing into words, `counted_wire` a wire that counts.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable
)]

mod attempts;
mod calls;
mod closing;
mod codec;
mod congestion;
mod connecting;
mod conversation;
mod counted_wire;
mod engine;
mod faults;
mod growth;
mod latency;
mod losses;
mod namespaces;
mod opening;
mod parser;
mod peer;
mod plain;
mod polling;
mod properties;
mod reconnection;
mod rig;
mod session;
mod solo;
mod upgrade;
mod versions;
mod world;

use proptest::test_runner::{Config, RngSeed};

/// The same cases on every run, unless `PROPTEST_CASES` or `PROPTEST_RNG_SEED` asks for others.
fn cases(number: u32) -> Config {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = number;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config
}

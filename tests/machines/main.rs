//! The state machines in virtual time: no network, no clock, no sleep, the same on every run.
//!
//! | module | subject |
//! |---|---|
//! | `codec`, `properties` | the formats on the wire; no input panics a decoder |
//! | `engine`, `opening`, `polling`, `upgrade`, `congestion`, `closing`, `engine_session` | one Engine.IO connection, step by step |
//! | `connecting`, `session`, `namespaces`, `calls`, `parser` | a Socket.IO session, step by step |
//! | `reconnection`, `attempts` | delays, attempts, events that survive a loss |
//! | `life` | the events of a connection's life, and the delays that the user chooses |
//! | `losses` | buffered and lost events, and the reports of losses |
//! | `driver` | handlers that emit, connect, disconnect and panic while outputs are acted on |
//! | `latency` | round trips on a slow link |
//! | `versions` | servers of Socket.IO 1.x and 2.x: their detection and their differences |
//! | `conversation` | both against the server in `peer`, over every transport |
//! | `faults` | the same on a network that fails at random, with a user who does anything at any moment: `make test-random CASES=500000` runs many schedules, and `make test-random SEED=…` repeats the one that failed |
//! | `growth` | work whose cost is linear in its size |
//!
//! `peer` is a server; `world` is the host, the network and the time between session and server. `rig` drives a machine without
//! them, by hand, and describes its outputs as strings; `plain` drives one without descriptions. `counted_wire` is a wire that
//! counts operations.

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
mod driver;
mod engine;
mod engine_session;
mod faults;
mod growth;
mod latency;
mod life;
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

mod upgrade;
mod versions;
mod world;

use proptest::test_runner::{Config, RngSeed};

/// Configures the same cases on every run, unless `PROPTEST_CASES` or `PROPTEST_RNG_SEED` asks for others.
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

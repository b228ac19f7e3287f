//! Runs a machine on a host.
//!
//! [`Driver`] feeds a machine (a session, or an engine by itself) with the reports of a [`Host`], acts on its outputs,
//! flushes sent packets at the end of each turn, and sets the one timer. It knows no platform: `tests/machines` runs it
//! in virtual time.
//!
//! - `machine.rs`: the machines that can be driven.
//! - `host.rs`: the interface of a host, and of its reports.
//! - `run.rs`: the driver.

mod host;
mod machine;
mod run;

pub use host::{Host, HostEvents};
pub use machine::Machine;
pub use run::{Driver, Layer};

//! Runs a machine on a host.
//!
//! [`Driver`] feeds a machine (a session, or an engine by itself) with the reports of a [`Host`], acts on its outputs, writes at the
//! end of a turn what was sent in it, and keeps the one timer. It knows no platform: `tests/machines` run it in virtual time.
//!
//! - `machine.rs`: the machines that can be driven.
//! - `host.rs`: what a host must be able to do, and what it reports.
//! - `run.rs`: the driver.

mod host;
mod machine;
mod run;

pub use host::{Host, HostEvents};
pub use machine::Machine;
pub use run::{Driver, Layer};

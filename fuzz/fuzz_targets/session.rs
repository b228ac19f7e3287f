//! Runs bytes as a schedule: commands of a user, packets of a server, and the passing of time. The random test of `tests/machines`
//! takes the same bytes, and shrinks and stores the schedules that fail here.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/machines/faults/any_input/mod.rs"]
mod any_input;

fuzz_target!(|bytes: &[u8]| any_input::run(bytes));

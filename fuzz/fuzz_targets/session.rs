//! Bytes as a schedule: what a user asks for, what a server sends, and how time passes. The random test of `tests/machines` takes
//! the same bytes: what is found here is shrunk and kept there.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/machines/faults/any_input/mod.rs"]
mod any_input;

fuzz_target!(|bytes: &[u8]| any_input::run(bytes));

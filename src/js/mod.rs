//! The core exported to JavaScript: one class, [`Core`], on which the npm package's facade is built.
//!
//! - `core.rs`: the class.
//! - `client.rs`: what a driver tells, as JS sees it: handlers called, promises settled.
//! - `handlers.rs`: the table of event handlers.
//! - `options.rs`, `address.rs`: what users pass in, checked.
//! - `errors.rs`: every error as a code and its values; the facade has the words.

mod address;
mod client;
mod core;
mod errors;
mod handlers;
mod options;

pub use self::core::Core;

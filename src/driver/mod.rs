//! The machines made to run.
//!
//! [`Driver`] feeds a machine (a session, or an engine by itself) with events, carries its actions out, writes what one tick has sent at its end, and keeps
//! the one timer. [`find_handler`] holds the precedence of event handlers.

mod dispatch;
#[cfg(target_arch = "wasm32")]
mod machine;
#[cfg(target_arch = "wasm32")]
mod run;

pub use dispatch::{Found, HandlerTable, Prefix, find_handler};
#[cfg(target_arch = "wasm32")]
pub use machine::Machine;
#[cfg(target_arch = "wasm32")]
pub use run::{Delegate, Driver};

//! The machines made to run.
//!
//! [`Driver`] feeds a machine (a session, or an engine by itself) with events, carries its actions out, writes what one tick has sent at its end, and keeps
//! the one timer. [`find_handler`] holds the precedence of event handlers.

mod dispatch;
mod machine;
mod run;

pub use dispatch::{Found, HandlerTable, Prefix, find_handler};
pub use machine::Machine;
pub use run::{Delegate, Driver};

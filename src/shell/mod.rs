//! The part of a client that both frontends share, between the driver and user code.
//!
//! A frontend (`js`, or `client` for Rust) says by [`Frontend`] what a waiter, a handler, an event and an error is in its language, and
//! how one is called. The rest is here, once. No file here knows a frontend, and no frontend knows the other.
//!
//! ```text
//!   session ── driver ── Shell ── Frontend ── user code
//!   engine  ── driver ── EngineShell ── EngineFrontend ── user code
//! ```
//!
//! - `frontend.rs`: what a frontend provides; `failure.rs`: what it makes errors of.
//! - `events.rs`: the session's events, each handed to the part that acts on it.
//! - `commands.rs`: connect, disconnect, emit, call; `waiters.rs`: the waiters of their outcome.
//! - `attempt.rs`: url, headers and auth of an attempt.
//! - `messages.rs`: events from the server and what answers them; packets written and read.
//! - `dispatch.rs`: which handler an event belongs to.
//! - `engine.rs`: Engine.IO alone.

mod attempt;
mod commands;
mod dispatch;
mod engine;
mod events;
mod failure;
mod frontend;
mod messages;
mod waiters;

use crate::host::JsText;
use crate::protocol::Text;

pub use attempt::Address;
pub use dispatch::{Found, HandlerTable, Prefix, find_handler};
pub use engine::{EngineDriver, EngineFrontend, EngineShell};
pub use events::{Shell, ShellDriver};
pub use failure::Failure;
pub use frontend::{Ending, Frontend, FrontendError, Notice, Settle};
pub use waiters::{Waiters, add};

/// The namespace that is meant if none is given.
pub const ROOT: &str = "/";

/// The name of a namespace, which is `/` if none is given.
#[inline(never)]
fn name_of(namespace: Option<&JsText>) -> JsText {
    namespace.cloned().unwrap_or_else(|| JsText::from_ascii(ROOT))
}

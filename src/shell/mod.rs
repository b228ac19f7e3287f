//! The part of a client that both frontends share, between the driver and user code.
//!
//! A frontend (`js`, or `client` for Rust) implements [`Frontend`]: the types of waiters, handlers and errors in its
//! language, and how they are called. Everything else is here, once. No file here knows a frontend, and no frontend
//! knows the other.
//!
//! ```text
//!   session ── driver ── Shell ── Frontend ── user code
//!   engine  ── driver ── EngineShell ── EngineFrontend ── user code
//! ```
//!
//! - `frontend.rs`: the trait of a frontend; `failure.rs`: the failures of which it makes errors.
//! - `events.rs`: the session's events, each handed to the part that acts on it.
//! - `commands.rs`: connect, disconnect, emit, call; `waiters.rs`: the waiters of their outcome.
//! - `attempt.rs`: url, headers and auth of an attempt.
//! - `messages.rs`: events from the server and their answers; packets written and read.
//! - `listeners.rs`: the listener table; `dispatch.rs`: finds the listeners of an event in it.
//! - `engine.rs`: Engine.IO alone.

mod attempt;
mod commands;
mod dispatch;
mod engine;
mod events;
mod failure;
mod frontend;
mod listeners;
mod messages;
mod waiters;

use crate::host::JsText;
use crate::protocol::Text;

pub use attempt::Address;
pub use dispatch::{Found, ListenerTable, Prefix, find_listeners};
pub use engine::{EngineDriver, EngineFrontend, EngineShell};
pub use events::{Shell, ShellDriver};
pub use failure::Failure;
pub use frontend::{ConnectionNotice, Ending, Frontend, FrontendError, Notice, Outgoing, Waiter};
pub use listeners::{Listeners, listeners_of};
pub use waiters::{Waiters, add};

/// The default namespace.
pub const ROOT: &str = "/";

/// The name of a namespace, which is `/` if none is given.
#[inline(never)]
fn name_of(namespace: Option<&JsText>) -> JsText {
    namespace.cloned().unwrap_or_else(|| JsText::from_ascii(ROOT))
}

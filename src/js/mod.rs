//! The core exported to JavaScript: [`Core`] and `EngineCore`, on which the npm package's facade is built.
//!
//! - `core.rs`: the class of Socket.IO clients; `frontend.rs`: JavaScript's side of the shell.
//! - `events.rs`: calls the listeners of the table that both languages share, and answers events.
//! - `engine_core.rs`: the class of Engine.IO clients, and its side of the shell (feature `engine-client`).
//! - `settings.rs`: the objects in which the facade passes what it has checked.
//! - `errors.rs`: every error as a code and its values; the facade has the messages.

mod core;
#[cfg(feature = "engine-client")]
mod engine_core;
mod errors;
mod events;
mod frontend;
mod settings;

/// The module's own: its users never see it. A Rust frontend, which links no `js`, keeps the allocator it has.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

pub use self::core::Core;
#[cfg(feature = "engine-client")]
pub use self::engine_core::{EngineCore, EngineListener, EngineRequest};
pub use self::settings::{ConnectRequest, CoreSettings, PendingAnswer, Prepared};

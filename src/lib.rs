//! A Socket.IO client for WebAssembly: browsers, workers and Node.
//!
//! The crate is built in layers, and data flows one way, up from the host and back down by actions:
//!
//! | module | what it is | what it may touch |
//! |---|---|---|
//! | [`protocol`] | what goes on the wire | nothing: pure functions |
//! | [`engine`] | one Engine.IO connection, a state machine | `protocol` |
//! | [`socket`] | the Socket.IO session, a state machine | `protocol`, `engine` |
//! | `driver` | the machines made to run | `socket`, `host` |
//! | `host` | what the platform provides: WebSocket, fetch, timers | JS globals |
//! | `client` | the client for Rust | `driver` |
//! | `frameworks` | hooks of Yew, Leptos and Dioxus (features `yew`, `leptos`, `dioxus`) | `client` |
//! | `js` | the core exported to JavaScript (feature `js`) | `driver` |
//!
//! `protocol`, `engine` and `socket` know nothing of wasm: they are generic over [`protocol::Wire`], take the time as an
//! argument, and answer with actions. The others exist on `wasm32` alone.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unreachable
    )
)]

pub mod driver;
pub mod engine;
pub mod protocol;
pub mod socket;

#[cfg(target_arch = "wasm32")]
pub mod client;
#[cfg(all(target_arch = "wasm32", feature = "frameworks"))]
mod frameworks;
#[cfg(target_arch = "wasm32")]
pub mod host;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub mod js;

#[cfg(target_arch = "wasm32")]
pub use client::{
    Client, ClientBuilder, ClientNamespace, Disconnect, EngineClient, Error, Event, Fault, Message, Reply, Scope,
    SimpleClient, State, Subscription,
};

#[cfg(all(target_arch = "wasm32", feature = "dioxus"))]
pub use frameworks::dioxus;
#[cfg(all(target_arch = "wasm32", feature = "leptos"))]
pub use frameworks::leptos;
#[cfg(all(target_arch = "wasm32", feature = "yew"))]
pub use frameworks::yew;

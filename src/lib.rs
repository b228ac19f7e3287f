//! A [Socket.IO](https://socket.io) client for Rust that is compiled to WebAssembly: frontends in browsers and workers, with or
//! without a framework, and programs on Node. The [`guide`] leads from an empty folder to each of them.
//!
//! ```no_run
//! use socketio_wasm::{Client, Error};
//!
//! async fn first() -> Result<(), Error> {
//!     let client = Client::builder("http://localhost:3000")
//!         // The return value answers the server.
//!         .on("question", |_scope, text: String| format!("you asked: {text}"))
//!         .connect()
//!         .await?;
//!     // Any type that serde can serialize. A tuple is several arguments.
//!     client.emit("say", ("hello", 7))?;
//!     // The server's acknowledgement.
//!     let sum: u32 = client.call("add", (20, 22)).await?;
//!     client.disconnect().await;
//!     Ok(())
//! }
//! ```
//!
//! | item | purpose |
//! |---|---|
//! | [`guide`] | the guide: toolchain, events, errors, namespaces, frameworks, workers, Node |
//! | [`Client`] | events, calls, handlers and streams, on any number of namespaces; it reconnects by itself |
//! | [`SimpleClient`] | a client without handlers, for a program that waits for what it needs |
//! | [`ClientNamespace`] | objects that serve whole namespaces |
//! | [`EngineClient`] | Engine.IO alone, for servers without Socket.IO |
//! | [`Error`] | every error: its message, which says what to do, and the side that caused it |
//! | [`Value`] | an argument without a type of its own; binary data is among its kinds |
//! | [`Raw`], [`All`] | a value of JavaScript as an argument; all arguments as one list |
//! | [`integer_string`], [`bigint`] | integers beyond 2^53, for serde's attribute `with` |
//! | [`serde_json`] | its `Value` and `json!`, for arguments without binary data |
//! | [`serializers`] | formats of packets other than JSON, including your own |
//! | `yew`, `leptos`, `dioxus` | hooks: a connection that belongs to a component |
//!
//! # Cargo features
//!
//! | feature | adds |
//! |---|---|
//! | `yew`, `leptos`, `dioxus` | the module of that name, with hooks for that framework |
//! | `msgpack`, `cbor`, `pickle` | the serializer of that format |
//! | `log` | log lines of a session go to the logger of the crate `log` |
//! | `testing` | the module `testing`: a server in memory, for tests without a network |
//! | `js`, `engine-client` | the classes for JavaScript on which the npm package is built; nothing for Rust |
//! | `std-wire` | the machines on Rust's own strings, for the crate's tests; nothing for its users |
//!
//! No feature is on by default, and all can be combined. The target of the crate is `wasm32-unknown-unknown`. It
//! compiles for other targets, for editors and for programs that share code with a server. A client there does nothing: it
//! stays [`State::Disconnected`], and `connect`, `emit` and `call` return [`Error::Unsupported`].
//!
//! # Internals
//!
//! `protocol` reads and writes packets. `engine` (one Engine.IO connection) and `socket` (the Socket.IO session) are
//! state machines without I/O, tested natively in virtual time. `driver` runs them on `host`, the code that touches the
//! platform. `shell` is the part that the clients for Rust and for JavaScript share. These modules are public only for
//! the crate's own tests and benchmarks, and may change with any version.

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

#[doc(hidden)]
pub mod driver;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod protocol;
#[doc(hidden)]
pub mod socket;

#[doc(hidden)]
pub mod shell;

mod client;
#[cfg(feature = "frameworks")]
mod frameworks;
#[doc(hidden)]
pub mod host;
#[cfg(all(target_arch = "wasm32", feature = "js"))]
#[doc(hidden)]
pub mod js;
mod tables;

pub use client::{
    Ack, All, Answers, Arguments, Call, Cause, Client, ClientBuilder, ClientNamespace, Disconnect, DisconnectFuture,
    EngineClient, EngineClientBuilder, Error, Event, Events, Fault, FromAck, IntoAck, Message, Messages, Raw,
    Reconnection, Scope, SentAs, ServerData, SimpleClient, State, States, Subscription, TypedEvent, Value, WithTimeout,
    bigint, integer_string, serializers,
};
#[cfg(feature = "frameworks")]
pub use client::{AnsweredName, EventName};
pub use engine::{Transport, Transports};
pub use protocol::{Limits, ProtocolVersion};
pub use socket::{DisconnectReason, FinalReason};

#[cfg(all(feature = "testing", target_arch = "wasm32"))]
pub use client::testing;
pub use serde_json;

/// The guide: from an empty folder to pages, workers and Node.
///
#[doc = include_str!("../docs/rust.md")]
pub mod guide {}

#[cfg(feature = "dioxus")]
pub use frameworks::dioxus;
#[cfg(feature = "leptos")]
pub use frameworks::leptos;
#[cfg(feature = "yew")]
pub use frameworks::yew;

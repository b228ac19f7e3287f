//! A [Socket.IO](https://socket.io) client for Rust that is compiled to WebAssembly: frontends in browsers and workers, with or
//! without a framework, and programs on Node.
//!
//! ```no_run
//! use socketio_wasm::{Client, Error};
//!
//! async fn first() -> Result<(), Error> {
//!     let client = Client::builder("http://localhost:3000")
//!         .on("question", |_client, text: String| async move { format!("you asked: {text}") }) // answers the server
//!         .connect()
//!         .await?;
//!     client.emit("say", ("hello", 7))?; // any types of serde's; a tuple is several arguments
//!     let sum: u32 = client.call("add", (20, 22)).await?; // the server's acknowledgement
//!     client.disconnect().await;
//!     Ok(())
//! }
//! ```
//!
//! | where to begin | what it is |
//! |---|---|
//! | [`Client`] | events, calls, handlers and streams, on any number of namespaces; it reconnects by itself |
//! | [`SimpleClient`] | a client without handlers, for a program that waits for what it needs |
//! | [`ClientNamespace`] | an object that serves a namespace |
//! | [`EngineClient`] | Engine.IO alone, for servers that speak no Socket.IO |
//! | [`Error`] | what can go wrong, whose doing it is, and what to do |
//! | [`serde_json`] | `Value` and `json!`, for arguments that have no type of their own |
//! | [`serializers`] | packets in other formats than JSON, the server's or your own |
//! | `yew`, `leptos`, `dioxus` | hooks: a connection that belongs to a component |
//!
//! # Cargo features
//!
//! | feature | what it adds |
//! |---|---|
//! | `yew`, `leptos`, `dioxus` | the module of that name, with hooks for that framework |
//! | `msgpack`, `cbor`, `pickle` | the serializer of that format |
//! | `log` | what happens to a session goes to the logger of the crate `log` |
//! | `js`, `engine-client` | the classes for JavaScript on which the npm package is built: nothing for Rust |
//!
//! None of them is on by default, and all of them go together. The crate's target is `wasm32-unknown-unknown`; elsewhere it compiles,
//! so that editors and programs with a half on a server can have it, but a client panics that is made there.
//!
//! # Within
//!
//! `protocol` is what goes on the wire; `engine` (one Engine.IO connection) and `socket` (the Socket.IO session) are state machines
//! without I/O, tested natively in virtual time; `driver` makes them run on what `host` has of the platform. They are public for the
//! crate's own tests and benchmarks alone, and may change with any version.

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
    Ack, Arguments, Call, Client, ClientBuilder, ClientNamespace, Disconnect, DisconnectFuture, EngineClient,
    EngineClientBuilder, Error, Event, Events, Fault, FromAck, IntoAck, Message, Messages, Scope, ServerData,
    SimpleClient, State, States, Subscription, WithTimeout, serializers,
};
pub use engine::{Transport, Transports};
pub use protocol::{Limits, ProtocolVersion};
pub use socket::DisconnectReason;

pub use serde_json;

#[cfg(feature = "dioxus")]
pub use frameworks::dioxus;
#[cfg(feature = "leptos")]
pub use frameworks::leptos;
#[cfg(feature = "yew")]
pub use frameworks::yew;

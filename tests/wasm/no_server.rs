//! The tests that need no server: values, errors, serializers, and clients whose websocket class plays the server.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod errors;
mod js_values;
mod misuse;
mod scripted_server;
#[cfg(all(feature = "cbor", feature = "msgpack", feature = "pickle"))]
mod serializer_formats;
#[cfg(all(feature = "cbor", feature = "msgpack", feature = "pickle"))]
mod serializer_properties;
mod support;
mod tamper;
mod until;

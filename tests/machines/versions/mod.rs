//! Servers of Socket.IO 1.x and 2.x (Engine.IO 3), step by step: how they are found out, and what is different with them.
//! Whole conversations with them are in `conversation.rs`, and what a bad network does in `faults.rs`.

mod engine;
mod session;

/// An OPEN packet without `maxPayload`, as servers before npm `socket.io` 4.5 send it.
const OPEN: &str = r#"0{"sid":"S","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}"#;

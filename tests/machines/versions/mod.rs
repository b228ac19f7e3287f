//! Servers of Socket.IO 1.x and 2.x (Engine.IO 3), step by step: their detection and their differences. Whole conversations with
//! them are in `conversation.rs`, and those on a bad network in `faults`.

mod engine;
mod session;

/// An OPEN packet without `maxPayload`, like that of servers before npm `socket.io` 4.5.
const OPEN: &str = r#"0{"sid":"S","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}"#;

//! The behavior of the server, chosen by a test.

use super::Versions;
use std::collections::BTreeMap;

/// The behavior of the server.
#[derive(Debug, Clone)]
pub struct Behavior {
    pub versions: Versions,
    pub ping_interval: u64,
    pub ping_timeout: u64,
    /// The interval in the handshake, if it differs from the real one.
    pub stated_interval: Option<u64>,
    pub upgrades: bool,
    pub max_payload: Option<usize>,
    /// With a limit it answers a POST like python-engineio, without one like npm's `engine.io`.
    pub max_packets: Option<usize>,
    /// The time that the answer to a CONNECT takes.
    pub connect_takes: u64,
    /// Refused namespaces, with the JSON of the refusal.
    pub refused: BTreeMap<String, String>,
    /// The JSON of events that are sent to a namespace before its CONNECT is answered.
    pub early_events: Vec<String>,
    /// Packets that are sent to a namespace right behind the answer to its CONNECT.
    pub first_packets: Vec<String>,
    /// True if the probe is answered.
    pub answers_probes: bool,
    /// True if a websocket for an upgrade is cut behind its handshake, and polls are answered with NOOP from then on, as by
    /// python-engineio.
    pub stuck_upgrades: bool,
}

impl Default for Behavior {
    fn default() -> Self {
        Self {
            versions: Versions::V4,
            ping_interval: 25_000,
            ping_timeout: 20_000,
            stated_interval: None,
            upgrades: true,
            max_payload: Some(1_000_000),
            max_packets: Some(16),
            connect_takes: 0,
            refused: BTreeMap::new(),
            early_events: Vec::new(),
            first_packets: Vec::new(),
            answers_probes: true,
            stuck_upgrades: false,
        }
    }
}

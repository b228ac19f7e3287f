//! One namespace of a session.

use super::Tag;
use super::io::{Payload, Responder};
use crate::engine::Outgoing;
use crate::protocol::{Frame, Text, Wire};

/// Where a namespace stands.
///
/// ```text
///            the engine is open: CONNECT sent           CONNECT {sid}
///   Waiting ────────────────────────────► Connecting ──────────────────► Connected ──► (gone)
///      ▲                                   │   │  └─ CONNECT_ERROR: (gone)    │   DISCONNECT, from either side
///      │                                   │   └─ disconnect ─► Leaving ──────┼──► (gone), when answered
///      └───────── the engine is lost ──────┴──────────────────────────────────┘
/// ```
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stage<W: Wire> {
    /// For the engine; or for the user's auth function, `until` then (milliseconds).
    Waiting { until: Option<u64> },
    /// CONNECT was sent, and is answered `until` (milliseconds), where that is waited for. Events that overtake its answer are held back until after `connect`.
    Connecting { until: Option<u64>, held: Vec<(Payload<W>, Option<Responder>)> },
    /// The server has given a session id.
    Connected { sid: W::Text },
    /// The user has left before the answer came: a DISCONNECT now would be ignored by the server, and leave a ghost there.
    Leaving,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Namespace<W: Wire> {
    /// Its mark on what it sends.
    pub id: u32,
    pub name: W::Text,
    /// Whether it is `/`, which the wire leaves out.
    pub root: bool,
    pub stage: Stage<W>,
    /// Events that wait for the namespace to be connected.
    pub buffer: Vec<Outgoing<W, Tag>>,
    /// Whether it was ever connected: only then does its end concern anybody.
    pub greeted: bool,
    /// Whether the last `connect` asked for it.
    pub asked: bool,
    /// Whether a `connect_namespace` waits for it.
    pub awaited: bool,
    /// Its DISCONNECT packet, where a parser writes packets.
    pub farewell: Vec<Frame<W>>,
}

impl<W: Wire> Namespace<W> {
    pub fn new(id: u32, name: W::Text) -> Self {
        let root = name.len() == 1;
        Self {
            id,
            name,
            root,
            stage: Stage::Waiting { until: None },
            buffer: Vec::new(),
            greeted: false,
            asked: false,
            awaited: false,
            farewell: Vec::new(),
        }
    }

    /// The name as packets carry it.
    pub fn wire_name(&self) -> Option<&W::Text> {
        (!self.root).then_some(&self.name)
    }

    /// Whether it may yet be connected.
    pub fn is_unanswered(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. } | Stage::Connecting { .. })
    }

    pub fn is_connected(&self) -> bool {
        matches!(self.stage, Stage::Connected { .. })
    }

    pub fn is_leaving(&self) -> bool {
        matches!(self.stage, Stage::Leaving)
    }
}

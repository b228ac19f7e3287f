//! One namespace of a session.

use super::Tag;
use super::io::{IncomingPayload, RequestId, Responder};
use crate::engine::Outgoing;
use crate::protocol::{Frame, Text, Wire};

/// The state of a namespace. All times are in milliseconds.
///
/// ```text
///            the engine is open: CONNECT sent           CONNECT {sid}
///   Waiting ────────────────────────────► Connecting ──────────────────► Connected ──► (gone)
///      ▲  ▲                                │   │  └─ CONNECT_ERROR: (gone)    │   DISCONNECT, from either side
///      │  └── in time ── Refused ◄─────────┤   │     if it is not retried     │
///      │                                   │   └─ disconnect ─► Leaving ──────┼──► (gone), when answered
///      └───────── the engine is lost ──────┴──────────────────────────────────┘
/// ```
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NamespaceState<W: Wire> {
    /// It waits for the engine; or for the user-supplied auth function, until `until`.
    Waiting { until: Option<u64> },
    /// CONNECT was sent, and is to be answered by `until`. Events that overtake its answer are held back until after `connect`.
    Connecting { until: u64, early_events: Vec<(IncomingPayload<W>, Option<Responder>)> },
    /// The server has refused it. It is requested again at `retry_at`.
    Refused { retry_at: u64 },
    /// The server has given a session id.
    Connected { sid: W::Text },
    /// The user has left before the answer came, which is expected by `until`. The server would ignore a DISCONNECT now, and keep
    /// the client in the namespace.
    Leaving { until: u64 },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Namespace<W: Wire> {
    /// Its id, in the tags of its packets.
    pub id: u32,
    pub name: W::Text,
    /// True for `/`, which the wire leaves out.
    pub is_root: bool,
    pub state: NamespaceState<W>,
    /// Events that wait for the namespace to be connected.
    pub buffer: Vec<Outgoing<W, Tag>>,
    /// True if it was ever connected: only then is its end reported.
    pub was_connected: bool,
    /// True if the last `connect` requested it.
    pub requested_by_connect: bool,
    /// The `connect_namespace`s that wait for it.
    pub pending_joins: Vec<RequestId>,
    /// The number of refusals by the server in a row.
    pub refusals: u32,
    /// Its DISCONNECT packet, if a user-supplied parser encodes packets.
    pub disconnect_frames: Vec<Frame<W>>,
}

impl<W: Wire> Namespace<W> {
    pub fn new(id: u32, name: W::Text) -> Self {
        let is_root = name.len() == 1;
        Self {
            id,
            name,
            is_root,
            state: NamespaceState::Waiting { until: None },
            buffer: Vec::new(),
            was_connected: false,
            requested_by_connect: false,
            pending_joins: Vec::new(),
            refusals: 0,
            disconnect_frames: Vec::new(),
        }
    }

    /// Returns the name in the form in which packets carry it.
    pub fn wire_name(&self) -> Option<&W::Text> {
        (!self.is_root).then_some(&self.name)
    }

    /// Returns whether it may still become connected.
    pub fn is_unanswered(&self) -> bool {
        matches!(
            self.state,
            NamespaceState::Waiting { .. } | NamespaceState::Connecting { .. } | NamespaceState::Refused { .. }
        )
    }

    pub fn is_connected(&self) -> bool {
        matches!(self.state, NamespaceState::Connected { .. })
    }

    pub fn is_leaving(&self) -> bool {
        matches!(self.state, NamespaceState::Leaving { .. })
    }

    /// Returns the number of buffered events whose loss must be reported.
    pub fn buffered_events(&self) -> usize {
        self.buffer.iter().filter(|outgoing| outgoing.tag.is_event()).count()
    }
}

//! A user: what is asked for at any moment, also in handlers, and what was accepted of it.

use super::World;
use socketio_wasm::protocol::StdWire;
use socketio_wasm::socket::{Connect, SendMode};
use std::collections::VecDeque;

/// What a user does.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    Emit(&'static str, SendMode),
    /// With so many attachments.
    Binary(usize),
    Call(&'static str, SendMode, u64),
    /// Cancels the call that is pending longest.
    Cancel,
    Enter(&'static str),
    Leave(&'static str),
    /// With the time that the namespaces are waited for, if they are.
    Connect(Option<u64>),
    /// With the time that what is kept may take.
    Disconnect(Option<u64>),
}

/// An event that the session has accepted. Its number stands in its JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    pub number: u32,
    pub namespace: &'static str,
    pub mode: SendMode,
    pub is_call: bool,
    /// The connection that it was accepted on.
    pub sid: Option<String>,
}

/// The user of a world.
#[derive(Debug, Default)]
pub struct User {
    /// What `connect` asks for.
    pub request: Option<Connect<StdWire>>,
    /// What user code does in turn, each time it is called: handlers, the functions for url and auth, the parser.
    pub reactions: VecDeque<Option<Deed>>,
    pub accepted: Vec<Accepted>,
    number: u32,
}

impl User {
    pub fn next_number(&mut self) -> u32 {
        self.number += 1;
        self.number
    }
}

impl World {
    /// User code is called.
    pub(super) fn react(&mut self) {
        if let Some(deed) = self.user.reactions.pop_front().flatten() {
            self.perform(deed);
        }
    }

    /// The user does something, at any moment.
    pub fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Emit(name, mode) => self.emit_numbered(name, 0, mode, None),
            Deed::Binary(attachments) => self.emit_numbered("/", attachments, SendMode::Buffer, None),
            Deed::Call(name, mode, timeout) => self.emit_numbered(name, 1, mode, Some(timeout)),
            Deed::Cancel => {
                if let Some(call) = self.calls.first().copied() {
                    self.cancel(call);
                }
            }
            Deed::Enter(name) => drop(self.connect_namespace(name)),
            Deed::Leave(name) => self.disconnect_namespace(name),
            Deed::Connect(wait) => {
                let mut request = self.user.request.clone().expect("a request");
                request.wait = wait.is_some();
                request.wait_timeout = wait.unwrap_or(20_000);
                let _ = self.connect_with(request);
            }
            Deed::Disconnect(flush) => self.disconnect_flushing(flush),
        }
    }

    fn emit_numbered(&mut self, name: &'static str, attachments: usize, mode: SendMode, timeout: Option<u64>) {
        let number = self.user.next_number();
        let json = format!(r#"["n",{number}]"#);
        let attachments = vec![vec![7; 300]; attachments];
        let is_call = timeout.is_some();
        if self.try_emit(name, &json, attachments, mode, timeout.map(Some)).is_ok() {
            let sid = self.session.engine_sid().cloned();
            self.user.accepted.push(Accepted { number, namespace: name, mode, is_call, sid });
        }
        self.act();
    }
}

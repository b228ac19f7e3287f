//! A user: what is asked for at any moment, also in handlers, and what was accepted of it.

use super::{UserPanic, WorldDriver, parser};
use socketio_wasm::protocol::{PacketType, StdWire};
use socketio_wasm::socket::{AckRequest, CallId, CommandError, Connect, OutgoingPayload, SendMode, Status};
use std::collections::VecDeque;
use std::panic::resume_unwind;

/// A deed of the user.
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
    /// With the time limit of the wait for the namespaces; `None` does not wait.
    Connect(Option<u64>),
    /// With the time limit for sending the buffered packets.
    Disconnect(Option<u64>),
    /// Panics. Only in a handler.
    Panic,
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
    /// The request of each `connect`.
    pub request: Option<Connect<StdWire>>,
    /// The deeds of user code in turn, each time it is called: handlers, the functions for url and auth, the parser.
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

/// User code is called.
pub(super) fn react(driver: &WorldDriver) {
    let slot = &driver.layer.0;
    let deed = slot.with(|state| {
        state.handlers += 1;
        state.user.reactions.pop_front().flatten()
    });
    if let Some(deed) = deed {
        perform(driver, deed);
    }
    slot.with(|state| state.handlers -= 1);
}

/// The user does something, at any moment.
pub(super) fn perform(driver: &WorldDriver, deed: Deed) {
    match deed {
        Deed::Emit(name, mode) => emit_numbered(driver, name, 0, mode, None),
        Deed::Binary(attachments) => emit_numbered(driver, "/", attachments, SendMode::Buffer, None),
        Deed::Call(name, mode, timeout) => emit_numbered(driver, name, 1, mode, Some(timeout)),
        Deed::Cancel => {
            let call = driver.layer.0.with(|state| state.calls.first().copied());
            if let Some(call) = call {
                cancel(driver, call);
            }
        }
        Deed::Enter(name) => drop(connect_namespace(driver, name)),
        Deed::Leave(name) => driver.command(|session, now| session.disconnect_namespace(now, &name.to_owned())),
        Deed::Connect(wait) => {
            let mut request = driver.layer.0.with(|state| state.user.request.clone()).expect("a request");
            request.wait = wait.is_some();
            request.wait_timeout = wait.unwrap_or(20_000);
            let _ = connect(driver, request);
        }
        Deed::Disconnect(flush) => disconnect(driver, flush),
        Deed::Panic => resume_unwind(Box::new(UserPanic)),
    }
}

pub(super) fn connect(driver: &WorldDriver, request: Connect<StdWire>) -> Result<(), CommandError> {
    driver.command(|session, now| {
        let status = session.status();
        let id = session.connect(now, request)?;
        driver.layer.0.with(|state| {
            state.begun += u32::from(matches!(status, Status::Disconnected | Status::Disconnecting));
            if status == Status::Disconnecting {
                state.next.insert(id);
            }
            state.unsettled.insert(id);
        });
        Ok(())
    })
}

pub(super) fn connect_namespace(driver: &WorldDriver, name: &str) -> Result<(), CommandError> {
    driver.command(|session, now| {
        let id = session.connect_namespace(now, name.to_owned())?;
        driver.layer.0.with(|state| state.entering.insert(id));
        Ok(())
    })
}

pub(super) fn disconnect(driver: &WorldDriver, flush: Option<u64>) {
    driver.command(|session, now| {
        let id = session.disconnect(now, flush);
        driver.layer.0.with(|state| state.leaving.insert(id));
    });
}

pub(super) fn cancel(driver: &WorldDriver, call: CallId) -> bool {
    // The check is part of the command, because the end of the session may be one of the command's outputs.
    driver.command(|session, _| {
        let was = session.cancel(call);
        driver.layer.0.with(|state| {
            if was {
                assert!(state.calls.remove(&call), "{call:?}");
            } else {
                // In a handler, the output that ends the call may still wait.
                assert!(state.guards > 0 || !state.calls.contains(&call), "{call:?}");
            }
        });
        was
    })
}

/// Emits an event, or with a `timeout` a call. `on_accepted` is called with the connection, before anything else happens.
pub(super) fn emit(
    driver: &WorldDriver,
    namespace: &str,
    json: &str,
    attachments: Vec<Vec<u8>>,
    mode: SendMode,
    answer: Option<Option<u64>>,
    on_accepted: impl FnOnce(Option<String>),
) -> Result<Option<CallId>, CommandError> {
    let slot = &driver.layer.0;
    let call = answer.map(|timeout| (driver.update(|session| session.next_call()), timeout));
    let content = match slot.with(|state| state.parser.is_some()) {
        true => {
            let id = call.map(|(call, _)| call.0);
            OutgoingPayload::Encoded(parser::written(PacketType::Event, namespace, id, json, attachments))
        }
        false => OutgoingPayload::Json(json.to_owned(), attachments),
    };
    let ack = call.map(|(call, timeout)| AckRequest { call, timeout, is_awaited: true });
    let emit = |session: &mut socketio_wasm::socket::Session<StdWire>, now| {
        let before = session.unsent();
        let waits = session.emit(now, Some(&namespace.to_owned()), content, mode, ack);
        let unsent = session.unsent();
        let max_buffer = slot.with(|state| state.max_buffer);
        assert!(unsent <= before.max(max_buffer), "{unsent} packets wait, {before} before");
        let call = call.map(|(call, _)| call).filter(|_| waits == Ok(true));
        waits?;
        if let Some(call) = call {
            assert!(slot.with(|state| state.calls.insert(call)), "{call:?} given out twice");
        }
        on_accepted(session.engine_sid().cloned());
        Ok(call)
    };
    // As the frontends do it: what nobody waits for has no other output than a flush.
    if ack.is_some() { driver.command(emit) } else { driver.send(emit) }
}

fn emit_numbered(
    driver: &WorldDriver,
    namespace: &'static str,
    attachments: usize,
    mode: SendMode,
    timeout: Option<u64>,
) {
    let number = driver.layer.0.with(|state| state.user.next_number());
    let json = format!(r#"["n",{number}]"#);
    let attachments = vec![vec![7; 300]; attachments];
    let is_call = timeout.is_some();
    let note = |sid| {
        let accepted = Accepted { number, namespace, mode, is_call, sid };
        driver.layer.0.with(|state| state.user.accepted.push(accepted));
    };
    let _ = emit(driver, namespace, &json, attachments, mode, timeout.map(Some), note);
}

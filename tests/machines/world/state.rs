//! The state of a world's host, network, server and user, and the checks of the session's events.

use super::network::Fault;
use super::network::{Parcel, Socket};
use super::parser::Parser;
use super::user::User;
use super::{Act, word};
use crate::peer::{Behavior, Server};
use socketio_wasm::engine;
use socketio_wasm::protocol::StdWire;
use socketio_wasm::socket::{Action, CallId, DisconnectCause, RequestId, Settings};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The state of host, network, server and user. It is borrowed for no longer than a closure runs, and never while user code does.
pub struct State {
    pub now: u64,
    pub server: Server,
    /// The events that reached the user, and when.
    pub log: Vec<(u64, Act)>,
    /// The actions that reached the host, and when.
    pub wire: Vec<(u64, engine::Action<StdWire>)>,
    /// One for each message on the network, from the first; then none.
    pub faults: VecDeque<Fault>,
    pub latency: u64,
    /// For the jitter of each attempt in turn; then 0.5.
    pub random: VecDeque<f64>,
    /// Events that ask for it are answered with `["heard"]`.
    pub answers: bool,
    pub auth: Option<String>,
    /// The number of times that the user's functions for url and for auth still fail.
    pub url_fails: u32,
    pub auth_fails: u32,
    /// The bytes that a full websocket reports, each time it is measured; then 0.
    pub measured: VecDeque<usize>,
    /// The user-supplied parser, if packets are written and read outside of the session.
    pub parser: Option<Parser>,
    pub user: User,
    pub(super) max_buffer: usize,
    /// Guards that are entered and not left: what a handler asks for waits behind the outputs of the outer one.
    pub guards: u32,
    /// Handlers that run: one at most.
    pub handlers: u32,
    /// Outputs since the last guard was entered.
    pub outputs: u32,
    /// Panics of user code that a guard has caught.
    pub panics: u32,
    /// Calls of `flush_soon`, and whether the last one is still to be answered.
    pub flushes: u32,
    pub is_flush_due: bool,
    /// When the timer fires.
    pub timer: Option<u64>,
    /// The client is connected or tries to be: the last call of `set_active`.
    pub is_active: bool,
    /// The platform's network is listened to.
    pub is_listening: bool,
    pub(super) queue: BTreeMap<(u64, u64), Parcel>,
    pub(super) order: u64,
    pub(super) sockets: BTreeMap<u32, Socket>,
    /// Transports that may be named.
    pub(super) live_gets: BTreeSet<u32>,
    pub(super) live_posts: BTreeSet<u32>,
    pub(super) live_sockets: BTreeSet<u32>,
    pub(super) last_id: u32,
    /// POSTs that the server surely has not read.
    pub unread_posts: BTreeSet<u32>,
    /// Requests without a reason in the current virtual second: polls after polls that brought no message, POSTs without an event.
    pub(super) idle_requests: (u64, u32),
    /// The last poll brought a message.
    pub(super) is_fed: bool,
    pub calls: BTreeSet<CallId>,
    /// Sessions that `connect` began, and `connect`s that wait for an answer.
    pub begun: u32,
    pub ended: u32,
    pub unsettled: BTreeSet<RequestId>,
    /// `connect_namespace`s that wait for an answer.
    pub(super) entering: BTreeSet<RequestId>,
    /// `disconnect`s that wait for the end, and how many events those that are done have not sent.
    pub leaving: BTreeSet<RequestId>,
    pub left: Vec<usize>,
    /// `connect`s that wait for the end of the session before, until that or their own is reported.
    pub(super) next: BTreeSet<RequestId>,
    /// Namespaces that are connected, and those that were and may come back.
    pub(super) connected: BTreeSet<String>,
    pub(super) greeted: BTreeSet<String>,
    /// Namespaces that the server has left: nothing more is sent to them.
    pub(super) forsaken: BTreeSet<String>,
    /// Ticks in the current virtual second.
    pub(super) ticks: (u64, u32),
}

impl State {
    pub fn new(settings: Settings, behavior: Behavior) -> Self {
        Self {
            now: 1_000,
            server: Server::new(behavior),
            log: Vec::new(),
            wire: Vec::new(),
            faults: VecDeque::new(),
            latency: 5,
            random: VecDeque::new(),
            answers: true,
            auth: None,
            url_fails: 0,
            auth_fails: 0,
            measured: VecDeque::new(),
            parser: None,
            user: User::default(),
            max_buffer: settings.max_buffer,
            guards: 0,
            handlers: 0,
            outputs: 0,
            panics: 0,
            flushes: 0,
            is_flush_due: false,
            timer: None,
            is_active: false,
            is_listening: false,
            queue: BTreeMap::new(),
            order: 0,
            sockets: BTreeMap::new(),
            live_gets: BTreeSet::new(),
            live_posts: BTreeSet::new(),
            live_sockets: BTreeSet::new(),
            last_id: 0,
            unread_posts: BTreeSet::new(),
            idle_requests: (0, 0),
            is_fed: false,
            calls: BTreeSet::new(),
            begun: 0,
            ended: 0,
            unsettled: BTreeSet::new(),
            entering: BTreeSet::new(),
            leaving: BTreeSet::new(),
            left: Vec::new(),
            next: BTreeSet::new(),
            connected: BTreeSet::new(),
            greeted: BTreeSet::new(),
            forsaken: BTreeSet::new(),
            ticks: (0, 0),
        }
    }

    /// One more output is acted on.
    pub(super) fn count_output(&mut self) {
        self.outputs += 1;
        assert!(self.outputs < 5_000, "{} outputs at once", self.outputs);
    }

    /// Asserts the rules that hold for an event, whatever the user does.
    pub(super) fn check(&mut self, action: &Act) {
        match action {
            Action::Prepare(_) => {
                self.forsaken.clear();
                self.nothing_lives();
            }
            Action::Event(name, ..) => assert!(self.connected.contains(name), "an event before {name} is connected"),
            Action::Acknowledged(call, _) | Action::CallFailed(call, _) => {
                assert!(self.calls.remove(call), "{call:?} ended twice");
            }
            Action::Ended => {
                self.ended += 1;
                self.next.clear();
                let next = self.begun > self.ended;
                assert!(self.ended <= self.begun, "Ended {} times of {}", self.ended, self.begun);
                self.nothing_lives();
                // With another session begun, what was asked for since is for the next connection.
                assert!(next || self.entering.is_empty(), "{:?} never settled", self.entering);
                assert!(next || self.calls.is_empty(), "{:?} outlive their session", self.calls);
                assert!(self.greeted.is_empty(), "{:?} without Final", self.greeted);
                assert!(self.connected.is_empty(), "{:?} without Disconnected", self.connected);
            }
            Action::Settled(id, _) => {
                assert!(self.unsettled.remove(id) || self.entering.remove(id), "{id:?} is settled twice");
                if self.next.remove(id) {
                    // Its last namespace was left before its turn came: a session that is not begun.
                    self.begun -= 1;
                }
            }
            Action::DisconnectDone(id, unsent) => {
                assert!(self.leaving.remove(id), "{id:?} is done twice");
                self.left.push(*unsent);
            }
            Action::Connected(name) => {
                assert!(self.connected.insert(name.clone()), "{name} connected twice");
                self.forsaken.remove(name);
                self.greeted.insert(name.clone());
            }
            Action::Disconnected(name, cause) => {
                assert!(self.connected.remove(name), "{name} disconnected twice");
                if let DisconnectCause::Server(_) = cause {
                    self.forsaken.insert(name.clone());
                }
            }
            Action::DisconnectFinal(name, _) => {
                assert!(!self.connected.contains(name), "Final before Disconnected");
                self.greeted.remove(name);
            }
            _ => {}
        }
    }

    pub(super) fn nothing_lives(&self) {
        let live = (&self.live_gets, &self.live_posts, &self.live_sockets);
        assert!(live.0.is_empty() && live.1.is_empty() && live.2.is_empty(), "left behind: {live:?}");
    }

    // Logs

    /// The events that reached the user, each on one line.
    pub fn said(&self) -> Vec<String> {
        self.log.iter().map(|(_, action)| word(action)).filter(|word| !word.is_empty()).collect()
    }

    /// The JSON of the events that the server received in a namespace.
    pub fn heard(&self, namespace: &str) -> Vec<&str> {
        let events = self.server.received.iter().filter(|event| event.namespace == namespace);
        events.map(|event| event.json.as_str()).collect()
    }

    pub fn count(&self, wanted: impl Fn(&Act) -> bool) -> usize {
        self.log.iter().filter(|(_, action)| wanted(action)).count()
    }
}

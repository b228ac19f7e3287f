//! A session, the host that serves it, a network and the server, in one virtual time.
//!
//! Every action of the session passes through here, so what must hold on every run is asserted here: one GET and one
//! POST at a time, no action that names a dead transport, every call ended once, one `Ended` a session, no hot loop.

mod host;
mod network;
mod parser;
mod user;

pub use host::word;
pub use network::Fault;
pub use parser::{Parser, Reading};
pub use user::{Accepted, Deed};

use crate::peer::{Behavior, Server};
use network::{Parcel, Socket};
use socketio_wasm::engine::{self, TransportId, Transports};
use socketio_wasm::protocol::{Frame, PacketType, StdWire};
use socketio_wasm::socket::{
    AckRequest, Action, CallId, CommandError, Connect, Input, OutgoingPayload, RequestId, SendMode, Session, Settings,
    Status,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use user::User;

pub type Act = Action<StdWire>;

/// All of it.
pub struct World {
    pub now: u64,
    pub session: Session<StdWire>,
    pub server: Server,
    /// What reached the user, and when.
    pub log: Vec<(u64, Act)>,
    /// What reached the host, and when.
    pub wire: Vec<(u64, engine::Action<StdWire>)>,
    /// One for each message on the network, from the first; then none.
    pub faults: VecDeque<Fault>,
    pub latency: u64,
    /// For the jitter of each attempt in turn; then 0.5.
    pub random: VecDeque<f64>,
    /// Whether events that ask for it are answered with `["heard"]`.
    pub answers: bool,
    pub auth: Option<String>,
    /// How many times the user's functions for url and for auth still fail.
    pub url_fails: u32,
    pub auth_fails: u32,
    /// What a full websocket reports of its bytes, each time it is measured; then 0.
    pub measured: VecDeque<usize>,
    /// The user-supplied parser, if packets are written and read outside of the session.
    pub parser: Option<Parser>,
    pub user: User,
    max_buffer: usize,
    /// Whether outputs are being acted on, further down the stack: what a handler asks for waits behind them.
    is_acting: bool,
    queue: BTreeMap<(u64, u64), Parcel>,
    order: u64,
    sockets: BTreeMap<u32, Socket>,
    /// Transports that may be named.
    live_gets: BTreeSet<u32>,
    live_posts: BTreeSet<u32>,
    live_sockets: BTreeSet<u32>,
    last_id: u32,
    /// POSTs that the server surely has not read.
    pub unread_posts: BTreeSet<u32>,
    /// Requests without a reason in the current virtual second: polls after polls that brought no message, POSTs without an event.
    idle_requests: (u64, u32),
    /// Whether the last poll brought a message.
    is_fed: bool,
    pub calls: BTreeSet<CallId>,
    /// Sessions that `connect` began, and `connect`s that wait for an answer.
    pub begun: u32,
    pub ended: u32,
    pub unsettled: BTreeSet<RequestId>,
    /// `connect_namespace`s that wait for an answer.
    entering: BTreeSet<RequestId>,
    /// `disconnect`s that wait for the end, and how many events those that are done have not sent.
    pub leaving: BTreeSet<RequestId>,
    pub left: Vec<usize>,
    /// `connect`s that wait for the end of the session before, until that or their own is reported.
    next: BTreeSet<RequestId>,
    /// Namespaces that are connected, and those that were and may come back.
    connected: BTreeSet<String>,
    greeted: BTreeSet<String>,
    /// Namespaces that the server has left: nothing is sent to them any more.
    forsaken: BTreeSet<String>,
    /// Ticks in the current virtual second.
    ticks: (u64, u32),
}

impl World {
    pub fn new(settings: Settings, behavior: Behavior) -> Self {
        Self {
            now: 1_000,
            session: Session::new(settings),
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
            is_acting: false,
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

    // Commands

    pub fn connect(&mut self, namespaces: &[&str], transports: Transports) -> Result<(), CommandError> {
        self.connect_with(Connect {
            namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
            transports,
            version: self.server.behavior.versions.version_to_give(),
            wait: true,
            wait_timeout: 10_000,
            retry: false,
            retry_refused: false,
        })
    }

    pub fn connect_with(&mut self, request: Connect<StdWire>) -> Result<(), CommandError> {
        let status = self.session.status();
        let result = self.session.connect(self.now, request);
        if let Ok(id) = result {
            self.begun += u32::from(matches!(status, Status::Disconnected | Status::Disconnecting));
            if status == Status::Disconnecting {
                self.next.insert(id);
            }
            self.unsettled.insert(id);
        }
        self.act();
        result.map(drop)
    }

    pub fn emit(&mut self, namespace: &str, json: &str) -> Result<(), CommandError> {
        self.emit_with(namespace, json, Vec::new(), SendMode::Buffer, None).map(|_| ())
    }

    pub fn call(&mut self, namespace: &str, json: &str, timeout: Option<u64>) -> Result<CallId, CommandError> {
        let call = self.emit_with(namespace, json, Vec::new(), SendMode::Buffer, Some(timeout))?;
        Ok(call.expect("the id of a call"))
    }

    pub fn emit_with(
        &mut self,
        namespace: &str,
        json: &str,
        attachments: Vec<Vec<u8>>,
        mode: SendMode,
        answer: Option<Option<u64>>,
    ) -> Result<Option<CallId>, CommandError> {
        let result = self.try_emit(namespace, json, attachments, mode, answer);
        self.act();
        result
    }

    /// The same, and what it leads to is not acted on yet.
    fn try_emit(
        &mut self,
        namespace: &str,
        json: &str,
        attachments: Vec<Vec<u8>>,
        mode: SendMode,
        answer: Option<Option<u64>>,
    ) -> Result<Option<CallId>, CommandError> {
        let call = answer.map(|timeout| (self.session.next_call(), timeout));
        let content = match &self.parser {
            Some(_) => {
                let id = call.map(|(call, _)| call.0);
                OutgoingPayload::Encoded(parser::written(PacketType::Event, namespace, id, json, attachments))
            }
            None => OutgoingPayload::Json(json.to_owned(), attachments),
        };
        let before = self.session.unsent();
        let emitted = self.session.emit(
            self.now,
            Some(&namespace.to_owned()),
            content,
            mode,
            call.map(|(call, timeout)| AckRequest { call, timeout, is_awaited: true }),
        );
        let unsent = self.session.unsent();
        assert!(unsent <= before.max(self.max_buffer), "{unsent} packets wait, {before} before");
        let result = emitted.map(|waits| call.map(|(call, _)| call).filter(|_| waits));
        if let Ok(Some(call)) = &result {
            assert!(self.calls.insert(*call), "{call:?} given out twice");
        }
        result
    }

    pub fn cancel(&mut self, call: CallId) -> bool {
        let was = self.session.cancel(call);
        if was {
            assert!(self.calls.remove(&call), "{call:?}");
        } else {
            // In a handler, its end may be an output that waits.
            assert!(self.is_acting || !self.calls.contains(&call), "{call:?}");
        }
        was
    }

    pub fn connect_namespace(&mut self, name: &str) -> Result<(), CommandError> {
        let result = self.session.connect_namespace(self.now, name.to_owned());
        if let Ok(id) = result {
            self.entering.insert(id);
        }
        self.act();
        result.map(drop)
    }

    pub fn disconnect_namespace(&mut self, name: &str) {
        self.session.disconnect_namespace(self.now, &name.to_owned());
        self.act();
    }

    pub fn disconnect(&mut self) {
        self.disconnect_flushing(None);
    }

    pub fn disconnect_flushing(&mut self, flush: Option<u64>) {
        let id = self.session.disconnect(self.now, flush);
        self.leaving.insert(id);
        self.act();
    }

    pub fn input(&mut self, input: Input<StdWire>) {
        self.note_end(&input);
        self.session.handle_input(self.now, input);
        self.act();
    }

    /// What the driver does at the end of a tick.
    pub fn flush(&mut self) {
        if self.session.wants_flush() {
            self.session.flush(self.now);
            self.act();
        }
    }

    /// The server sends a packet to everybody.
    pub fn server_sends(&mut self, packet: &str, attachments: &[Vec<u8>]) {
        self.server.send(packet, attachments);
        self.post_all();
    }

    /// Several packets in one poll.
    pub fn server_sends_together(&mut self, packets: &[&str]) {
        self.server.send_together(packets);
        self.post_all();
    }

    pub fn server_restarts(&mut self) {
        self.server.restart();
        self.post_all();
    }

    pub fn server_closes(&mut self) {
        self.server.close_all();
        self.post_all();
    }

    /// Every websocket is cut, and every request that hangs.
    pub fn cut_all(&mut self) {
        for id in self.live_sockets.clone() {
            self.cut_socket(id);
        }
        for id in self.live_gets.clone().into_iter().chain(self.live_posts.clone()) {
            self.report(self.latency, engine::Input::RequestFailed(TransportId(id), None));
        }
    }

    /// The server sends frames that need not be packets.
    pub fn server_sends_raw(&mut self, frame: &Frame<StdWire>) {
        self.server.send_raw(frame);
        self.post_all();
    }

    /// The server sends a DISCONNECT to everybody.
    pub fn server_leaves(&mut self, namespace: &str) {
        self.server.leave(namespace);
        self.post_all();
    }

    // Time

    /// Lets everything happen that happens within so many milliseconds.
    pub fn run(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        let mut steps = 0;
        while self.step(end) {
            steps += 1;
            assert!(steps < 1_000_000, "a hot loop");
        }
        self.now = self.now.max(end);
    }

    /// The next thing, unless it is after `end`.
    fn step(&mut self, end: u64) -> bool {
        self.flush();
        let parcel = self.queue.first_key_value().map(|((at, _), _)| *at);
        let server = self.server.deadline();
        let client = self.session.poll_timeout();
        let Some(next) = [parcel, server, client].into_iter().flatten().min() else { return false };
        if next > end {
            return false;
        }
        self.now = self.now.max(next);
        if parcel == Some(next) {
            let (_, parcel) = self.queue.pop_first().unwrap();
            self.arrive(parcel);
        } else if server == Some(next) {
            self.server.tick(self.now);
            self.post_all();
        } else {
            self.tick();
        }
        true
    }

    /// The client's machine sleeps: the network and the server go on, and what comes for the client waits until it wakes up. With
    /// `arrivals_first`, that is reported before the timer.
    pub fn sleep(&mut self, milliseconds: u64, arrivals_first: bool) {
        let end = self.now + milliseconds;
        loop {
            let parcel = self.queue.iter().find(|(_, parcel)| !matches!(parcel, Parcel::ToClient(_)));
            let parcel = parcel.map(|(key, _)| *key).filter(|(at, _)| *at <= end);
            let server = self.server.deadline().filter(|at| *at <= end);
            match (parcel, server) {
                (Some(key), server) if server.is_none_or(|at| key.0 <= at) => {
                    self.now = self.now.max(key.0);
                    let parcel = self.queue.remove(&key).unwrap();
                    self.arrive(parcel);
                }
                (_, Some(at)) => {
                    self.now = self.now.max(at);
                    self.server.tick(self.now);
                    self.post_all();
                }
                _ => break,
            }
        }
        self.now = end;
        while arrivals_first && let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= end) {
            let parcel = entry.remove();
            self.arrive(parcel);
        }
    }

    pub fn tick(&mut self) {
        let second = self.now / 1_000;
        self.ticks = if self.ticks.0 == second { (second, self.ticks.1 + 1) } else { (second, 1) };
        assert!(self.ticks.1 <= 100, "a hot loop of ticks");
        self.session.handle_timeout(self.now);
        self.act();
        let deadline = self.session.poll_timeout();
        assert!(deadline.is_none_or(|deadline| deadline > self.now), "a deadline in the past after a tick");
    }

    // What came of it

    /// What reached the user, in words that fit on a line.
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

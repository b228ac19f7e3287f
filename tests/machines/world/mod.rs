//! A session, the host that serves it, a network and the server, in one virtual time.
//!
//! Every action of the session passes through here, so what must hold on every run is asserted here: one GET and one
//! POST at a time, no action that names a dead transport, every call ended once, one `Ended` a session, no hot loop.

mod host;
mod network;

pub use host::word;
pub use network::Fault;

use crate::peer::{Manners, Server};
use network::{Parcel, Socket};
use socketio_wasm::engine::{self, TransportId, Transports};
use socketio_wasm::protocol::{Frame, StdWire};
use socketio_wasm::socket::{Action, CallId, Connect, Content, Input, Patience, Refusal, Session, Settings, Status};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

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
    queue: BTreeMap<(u64, u64), Parcel>,
    order: u64,
    sockets: BTreeMap<u32, Socket>,
    /// Transports that may be named.
    live_gets: BTreeSet<u32>,
    live_posts: BTreeSet<u32>,
    live_sockets: BTreeSet<u32>,
    last_id: u32,
    pub calls: BTreeSet<CallId>,
    /// Sessions that `connect` began, and `connect`s that wait for an answer.
    pub begun: u32,
    pub ended: u32,
    pub unsettled: u32,
    /// Namespaces of `connect_namespace` that wait for an answer.
    entering: BTreeSet<String>,
    /// A `connect` that waits for the end of the session before.
    next: bool,
    /// Namespaces that are connected, and those that were and may come back.
    connected: BTreeSet<String>,
    greeted: BTreeSet<String>,
    /// Ticks in the current virtual second.
    ticks: (u64, u32),
}

impl World {
    pub fn new(settings: Settings, manners: Manners) -> Self {
        Self {
            now: 1_000,
            session: Session::new(settings),
            server: Server::new(manners),
            log: Vec::new(),
            wire: Vec::new(),
            faults: VecDeque::new(),
            latency: 5,
            random: VecDeque::new(),
            answers: true,
            auth: None,
            url_fails: 0,
            auth_fails: 0,
            queue: BTreeMap::new(),
            order: 0,
            sockets: BTreeMap::new(),
            live_gets: BTreeSet::new(),
            live_posts: BTreeSet::new(),
            live_sockets: BTreeSet::new(),
            last_id: 0,
            calls: BTreeSet::new(),
            begun: 0,
            ended: 0,
            unsettled: 0,
            entering: BTreeSet::new(),
            next: false,
            connected: BTreeSet::new(),
            greeted: BTreeSet::new(),
            ticks: (0, 0),
        }
    }

    // Commands

    pub fn connect(&mut self, namespaces: &[&str], transports: Transports) -> Result<(), Refusal> {
        self.connect_with(Connect {
            namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
            transports,
            revision: None,
            wait: Some(10_000),
            retry: false,
        })
    }

    pub fn connect_with(&mut self, request: Connect<StdWire>) -> Result<(), Refusal> {
        let status = self.session.status();
        let mut actions = Vec::new();
        let result = self.session.connect(self.now, request, &mut actions);
        if result.is_ok() {
            self.begun += u32::from(matches!(status, Status::Disconnected | Status::Disconnecting));
            self.next = status == Status::Disconnecting;
            self.unsettled += 1;
        }
        self.perform(actions);
        result
    }

    pub fn emit(&mut self, namespace: &str, json: &str) -> Result<(), Refusal> {
        self.emit_with(namespace, json, Vec::new(), Patience::Buffer, None).map(|_| ())
    }

    pub fn call(&mut self, namespace: &str, json: &str, timeout: Option<u64>) -> Result<CallId, Refusal> {
        let call = self.emit_with(namespace, json, Vec::new(), Patience::Buffer, Some(timeout))?;
        Ok(call.expect("the id of a call"))
    }

    pub fn emit_with(
        &mut self,
        namespace: &str,
        json: &str,
        attachments: Vec<Vec<u8>>,
        patience: Patience,
        answer: Option<Option<u64>>,
    ) -> Result<Option<CallId>, Refusal> {
        let content = Content::Json(json.to_owned(), attachments);
        let mut actions = Vec::new();
        let call = answer.map(|timeout| (self.session.next_call(), timeout));
        let emitted = self.session.emit(self.now, Some(&namespace.to_owned()), content, patience, call, &mut actions);
        let result = emitted.map(|waits| call.map(|(call, _)| call).filter(|_| waits));
        if let Ok(Some(call)) = &result {
            assert!(self.calls.insert(*call), "{call:?} given out twice");
        }
        self.perform(actions);
        result
    }

    pub fn cancel(&mut self, call: CallId) -> bool {
        let was = self.session.cancel(call);
        assert_eq!(self.calls.remove(&call), was, "{call:?}");
        was
    }

    pub fn connect_namespace(&mut self, name: &str) -> Result<(), Refusal> {
        let mut actions = Vec::new();
        let result = self.session.connect_namespace(self.now, name.to_owned(), &mut actions);
        if result.is_ok() {
            self.entering.insert(name.to_owned());
        }
        self.perform(actions);
        result
    }

    pub fn disconnect_namespace(&mut self, name: &str) {
        let mut actions = Vec::new();
        self.session.disconnect_namespace(self.now, &name.to_owned(), &mut actions);
        self.perform(actions);
    }

    pub fn disconnect(&mut self) {
        // A session that was to follow is not begun.
        self.begun -= u32::from(core::mem::take(&mut self.next));
        let mut actions = Vec::new();
        self.session.disconnect(self.now, &mut actions);
        self.perform(actions);
    }

    pub fn input(&mut self, input: Input<StdWire>) {
        self.note_end(&input);
        let mut actions = Vec::new();
        self.session.handle(self.now, input, &mut actions);
        self.perform(actions);
    }

    /// What the driver does at the end of a tick.
    pub fn flush(&mut self) {
        if self.session.wants_flush() {
            let mut actions = Vec::new();
            self.session.flush(self.now, &mut actions);
            self.perform(actions);
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

    // Time

    /// Lets everything happen that happens within so many milliseconds.
    pub fn run(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        while self.step(end) {}
        self.now = self.now.max(end);
    }

    /// The next thing, unless it is after `end`.
    fn step(&mut self, end: u64) -> bool {
        self.flush();
        let parcel = self.queue.first_key_value().map(|((at, _), _)| *at);
        let server = self.server.deadline();
        let client = self.session.deadline();
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

    pub fn tick(&mut self) {
        let second = self.now / 1_000;
        self.ticks = if self.ticks.0 == second { (second, self.ticks.1 + 1) } else { (second, 1) };
        assert!(self.ticks.1 <= 100, "a hot loop of ticks");
        self.input(Input::Tick);
        let deadline = self.session.deadline();
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

    /// How often something that stands in a packet's text was handed to a transport.
    pub fn handed_over(&self, text: &str) -> usize {
        let in_frame = |frame: &Frame<StdWire>| matches!(frame, Frame::Text(frame) if frame.contains(text));
        let times = self.wire.iter().map(|(_, action)| match action {
            engine::Action::Post(_, _, body) => body.matches(text).count(),
            engine::Action::SendFrames(_, frames) => frames.iter().filter(|frame| in_frame(frame)).count(),
            _ => 0,
        });
        times.sum()
    }

    pub fn count(&self, wanted: impl Fn(&Act) -> bool) -> usize {
        self.log.iter().filter(|(_, action)| wanted(action)).count()
    }
}

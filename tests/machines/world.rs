//! A session, the host that serves it, a network and the server, in one virtual time.
//!
//! Every action of the session passes through here, so what must hold on every run is asserted here: one GET and one
//! POST at a time, no action that names a dead transport, every call ended once, one `Ended` a session, no hot loop.

use crate::peer::{Manners, Sent, Server};
use socketio_wasm::engine::{self, Endpoints, Failure, TransportId, Transports};
use socketio_wasm::protocol::{Frame, StdWire};
use socketio_wasm::socket::{Action, CallId, Connect, Input, Patience, Payload, Refusal, Session, Settings, Status};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub type Act = Action<StdWire>;

/// What happens to one message on its way: a request, its answer, a websocket's opening or one of its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It takes so many milliseconds more. What follows on the same websocket waits behind it.
    Delay(u64),
    /// The connection is cut, and both sides learn of it.
    Cut,
    /// The message is swallowed and nobody learns of it; a websocket stays silent from then on.
    Silence,
    /// A proxy answers 502 in the server's place; a websocket is cut.
    Refuse,
    /// The host reports twice what it reports of it: the second time of a dead transport.
    Twice,
    /// The server is restarted before the message reaches it.
    Restart,
}

#[derive(Debug, Clone)]
enum Parcel {
    Get(u32, String),
    Post(u32, String, String),
    Aborted(u32),
    Open(u32, String),
    Frame(u32, Frame<StdWire>),
    Closed(u32),
    ToClient(Input<StdWire>),
}

#[derive(Debug, Default, Clone)]
struct Socket {
    /// What is sent on it arrives no earlier than what was sent before.
    up_free: u64,
    down_free: u64,
    silent: bool,
    /// The network has cut it.
    cut: bool,
}

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
        let payload = Payload { json: json.to_owned(), attachments };
        let mut actions = Vec::new();
        let result = self.session.emit(self.now, &namespace.to_owned(), payload, patience, answer, &mut actions);
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
        let result = self.session.connect_namespace(name.to_owned(), &mut actions);
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
            self.to_client(self.latency, engine::Input::RequestFailed(TransportId(id), None));
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

    fn arrive(&mut self, parcel: Parcel) {
        match parcel {
            Parcel::ToClient(input) => return self.input(input),
            Parcel::Get(id, url) => self.server.get(self.now, id, &url),
            Parcel::Post(id, url, body) => self.server.post(self.now, id, &url, &body),
            Parcel::Aborted(id) => self.server.aborted(id),
            Parcel::Open(id, url) => {
                self.to_client(self.latency, engine::Input::WebSocketOpened(TransportId(id)));
                self.sockets.entry(id).or_default().down_free = self.now + self.latency;
                self.server.socket_opened(self.now, id, &url);
            }
            Parcel::Frame(id, frame) => {
                if !self.sockets[&id].cut {
                    self.server.socket_received(self.now, id, frame);
                }
            }
            Parcel::Closed(id) => self.server.socket_closed(id),
        }
        self.post_all();
    }

    // The network

    fn fault(&mut self) -> Fault {
        self.faults.pop_front().unwrap_or(Fault::None)
    }

    fn enqueue(&mut self, at: u64, parcel: Parcel) {
        self.order += 1;
        self.queue.insert((at, self.order), parcel);
    }

    fn to_client(&mut self, delay: u64, input: engine::Input<StdWire>) {
        self.enqueue(self.now + delay, Parcel::ToClient(Input::Engine(input)));
    }

    /// A request on its way to the server.
    fn request(&mut self, id: u32, parcel: Parcel) {
        let latency = self.latency;
        let mut delay = latency;
        match self.fault() {
            Fault::None | Fault::Twice => {}
            Fault::Delay(more) => delay += more,
            Fault::Silence => return,
            Fault::Cut => return self.to_client(latency, engine::Input::RequestFailed(TransportId(id), None)),
            Fault::Refuse => {
                let body = "bad gateway".to_owned();
                return self.to_client(latency, engine::Input::Responded(TransportId(id), 502, body));
            }
            Fault::Restart => self.server_restarts(),
        }
        self.enqueue(self.now + delay, parcel);
    }

    /// What the server has sent, on its way.
    fn post_all(&mut self) {
        while !self.server.sent.is_empty() {
            for sent in core::mem::take(&mut self.server.sent) {
                match sent {
                    Sent::Answer(id, status, body) => self.response(id, status, body),
                    Sent::Frame(id, frame) => self.down(id, frame),
                    Sent::Close(id) => self.cut_socket(id),
                }
            }
        }
    }

    fn response(&mut self, id: u32, status: u16, body: String) {
        let latency = self.latency;
        let mut delay = latency;
        let mut input = engine::Input::Responded(TransportId(id), status, body);
        match self.fault() {
            Fault::None | Fault::Restart => {}
            Fault::Delay(more) => delay += more,
            Fault::Silence => return,
            Fault::Cut => input = engine::Input::RequestFailed(TransportId(id), Some("reset".into())),
            Fault::Refuse => input = engine::Input::Responded(TransportId(id), 502, "bad gateway".into()),
            Fault::Twice => self.to_client(latency + 3, input.clone()),
        }
        self.to_client(delay, input);
    }

    fn up(&mut self, id: u32, frame: Frame<StdWire>) {
        let fault = self.fault();
        if fault == Fault::Restart {
            self.server_restarts();
        }
        let (now, latency) = (self.now, self.latency);
        let socket = self.sockets.entry(id).or_default();
        match fault {
            Fault::None | Fault::Twice | Fault::Restart => {}
            Fault::Delay(more) => socket.up_free = socket.up_free.max(now + latency + more),
            Fault::Silence => socket.silent = true,
            Fault::Cut | Fault::Refuse => return self.cut_socket(id),
        }
        if !socket.silent && !socket.cut {
            let at = socket.up_free.max(now + latency);
            self.enqueue(at, Parcel::Frame(id, frame));
        }
    }

    fn down(&mut self, id: u32, frame: Frame<StdWire>) {
        let fault = self.fault();
        let (now, latency) = (self.now, self.latency);
        let socket = self.sockets.entry(id).or_default();
        match fault {
            Fault::None | Fault::Twice | Fault::Restart => {}
            Fault::Delay(more) => socket.down_free = socket.down_free.max(now + latency + more),
            Fault::Silence => socket.silent = true,
            Fault::Cut | Fault::Refuse => return self.cut_socket(id),
        }
        if !socket.silent && !socket.cut {
            let delay = socket.down_free.max(now + latency) - now;
            self.to_client(delay, engine::Input::WebSocketReceived(TransportId(id), frame));
        }
    }

    fn cut_socket(&mut self, id: u32) {
        let (now, latency) = (self.now, self.latency);
        let socket = self.sockets.entry(id).or_default();
        if core::mem::replace(&mut socket.cut, true) || socket.silent {
            return;
        }
        let (up, down) = (socket.up_free.max(now + latency), socket.down_free.max(now + latency));
        self.enqueue(up, Parcel::Closed(id));
        let failure = Failure::SocketClosed(1006, String::new());
        self.to_client(down - now, engine::Input::WebSocketClosed(TransportId(id), failure.clone()));
        // Some hosts report an error and then the close.
        self.to_client(down - now + 1, engine::Input::WebSocketClosed(TransportId(id), failure));
    }

    // The host

    /// A transport that the host reports as ended may not be named any more.
    fn note_end(&mut self, input: &Input<StdWire>) {
        let Input::Engine(input) = input else { return };
        match input {
            engine::Input::WebSocketClosed(id, _) => {
                self.live_sockets.remove(&id.0);
            }
            engine::Input::Responded(id, ..) | engine::Input::RequestFailed(id, _) => {
                self.live_gets.remove(&id.0);
                self.live_posts.remove(&id.0);
            }
            engine::Input::WebSocketOpened(_) | engine::Input::WebSocketReceived(..) => {}
        }
    }

    fn perform(&mut self, actions: Vec<Act>) {
        assert!(actions.len() < 5_000, "{} actions at once", actions.len());
        for action in actions {
            match action {
                Action::Engine(action) => {
                    self.wire.push((self.now, action.clone()));
                    self.carry_out(action);
                }
                other => {
                    self.log.push((self.now, other.clone()));
                    self.tell(other);
                }
            }
        }
    }

    fn new_transport(&mut self, id: TransportId) -> u32 {
        assert!(id.0 > self.last_id, "{id:?} is not new");
        self.last_id = id.0;
        id.0
    }

    fn carry_out(&mut self, action: engine::Action<StdWire>) {
        use engine::Action as A;
        match action {
            A::OpenWebSocket(id, url) => {
                let id = self.new_transport(id);
                assert!(self.live_sockets.insert(id) && self.live_sockets.len() == 1, "two websockets");
                self.sockets.insert(id, Socket::default());
                let fault = self.fault();
                let delay = self.latency + if let Fault::Delay(more) = fault { more } else { 0 };
                match fault {
                    Fault::Silence => self.sockets.get_mut(&id).unwrap().silent = true,
                    Fault::Cut | Fault::Refuse => self.cut_socket(id),
                    _ => {
                        self.sockets.get_mut(&id).unwrap().up_free = self.now + delay;
                        self.enqueue(self.now + delay, Parcel::Open(id, url));
                    }
                }
            }
            A::SendFrames(id, frames) => {
                assert!(self.live_sockets.contains(&id.0), "SendFrames on {id:?}, which is dead");
                assert!(!frames.is_empty());
                for frame in frames {
                    self.up(id.0, frame);
                }
            }
            A::CloseWebSocket(id) => {
                assert!(self.live_sockets.remove(&id.0), "CloseWebSocket of {id:?}, which is dead");
                let socket = &self.sockets[&id.0];
                let at = socket.up_free.max(self.now + self.latency);
                if !socket.silent {
                    self.enqueue(at, Parcel::Closed(id.0));
                }
                // A host may report the close all the same.
                let failure = Failure::SocketClosed(1005, String::new());
                self.to_client(2, engine::Input::WebSocketClosed(id, failure));
            }
            A::Get(id, url) => {
                let id = self.new_transport(id);
                assert!(self.live_gets.insert(id) && self.live_gets.len() == 1, "two GETs in flight");
                self.request(id, Parcel::Get(id, url));
            }
            A::Post(id, url, body) => {
                let id = self.new_transport(id);
                assert!(self.live_posts.insert(id) && self.live_posts.len() == 1, "two POSTs in flight");
                self.request(id, Parcel::Post(id, url, body));
            }
            A::Abort(id) => {
                let live = self.live_gets.remove(&id.0) || self.live_posts.remove(&id.0);
                assert!(live, "Abort of {id:?}, which is dead");
                self.enqueue(self.now + self.latency, Parcel::Aborted(id.0));
                self.to_client(2, engine::Input::RequestFailed(id, Some("aborted".into())));
            }
        }
    }

    fn tell(&mut self, action: Act) {
        match action {
            Action::Prepare(attempt) => {
                self.nothing_lives();
                let endpoints = Endpoints {
                    polling: "http://x/socket.io/?EIO=4&transport=polling".to_owned(),
                    websocket: "ws://x/socket.io/?EIO=4&transport=websocket".to_owned(),
                };
                let random = self.random.pop_front().unwrap_or(0.5);
                self.enqueue(self.now, Parcel::ToClient(Input::Prepared(attempt, endpoints, random)));
            }
            Action::Authenticate(attempt, names) => {
                let auth = self.auth.clone();
                self.enqueue(self.now, Parcel::ToClient(Input::Authenticated(attempt, names, auth)));
            }
            Action::Event(name, _, Some(responder)) if self.answers => {
                assert!(self.connected.contains(&name), "an event before {name} is connected");
                let payload = Payload { json: r#"["heard"]"#.to_owned(), attachments: Vec::new() };
                let mut actions = Vec::new();
                self.session.answer(responder, payload, &mut actions);
                self.perform(actions);
            }
            Action::Acknowledged(call, _) | Action::CallFailed(call, _) => {
                assert!(self.calls.remove(&call), "{call:?} ended twice");
            }
            Action::Ended => {
                self.ended += 1;
                self.next = false;
                assert!(self.ended <= self.begun, "Ended {} times of {}", self.ended, self.begun);
                self.nothing_lives();
                assert!(self.calls.is_empty(), "{:?} outlive their session", self.calls);
                assert!(self.greeted.is_empty(), "{:?} without Final", self.greeted);
                assert!(self.connected.is_empty(), "{:?} without Disconnected", self.connected);
            }
            Action::Settled(None, _) => {
                assert!(self.unsettled > 0, "a `connect` is settled twice");
                self.unsettled -= 1;
            }
            Action::Connected(name) => {
                assert!(self.connected.insert(name.clone()), "{name} connected twice");
                self.greeted.insert(name);
            }
            Action::Disconnected(name, ..) => assert!(self.connected.remove(&name), "{name} disconnected twice"),
            Action::Final(name) => {
                assert!(!self.connected.contains(&name), "Final before Disconnected");
                self.greeted.remove(&name);
            }
            Action::Event(name, ..) => assert!(self.connected.contains(&name), "an event before {name} is connected"),
            _ => {}
        }
    }

    fn nothing_lives(&self) {
        let live = (&self.live_gets, &self.live_posts, &self.live_sockets);
        assert!(live.0.is_empty() && live.1.is_empty() && live.2.is_empty(), "left behind: {live:?}");
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

/// An action in few words; nothing for what is between session and driver.
pub fn word(action: &Act) -> String {
    match action {
        Action::Engine(_) | Action::Prepare(_) | Action::Authenticate(..) => String::new(),
        Action::Connected(name) => format!("connected {name}"),
        Action::Refused(name, data) => format!("refused {name} {}", data.as_deref().unwrap_or("-")),
        Action::AttemptFailed(name, failure) => format!("attempt failed {name}: {}", failure.cause()),
        Action::Event(name, payload, _) => format!("event {name} {}", payload.json),
        Action::Acknowledged(call, payload) => format!("ack {} {}", call.0, payload.json),
        Action::CallFailed(call, why) => format!("call {} failed: {why:?}", call.0),
        Action::Dropped(excess) => format!("dropped {} over {}", excess.size, excess.limit),
        Action::Disconnected(name, reason, failure) => match failure {
            None => format!("disconnected {name}: {}", reason.name()),
            Some(failure) => format!("disconnected {name}: {}, {}", reason.name(), failure.cause()),
        },
        Action::Final(name) => format!("final {name}"),
        Action::Settled(None, Ok(())) => "connect ok".to_owned(),
        Action::Settled(None, Err(why)) => format!("connect failed: {why:?}"),
        Action::Settled(Some(name), Ok(())) => format!("connect {name} ok"),
        Action::Settled(Some(name), Err(why)) => format!("connect {name} failed: {why:?}"),
        Action::Upgraded => "upgraded".to_owned(),
        Action::Ended => "ended".to_owned(),
    }
}

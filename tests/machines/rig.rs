//! Drives a machine by hand, one input at a time, and puts what it answers into words.

use crate::world::word;
use socketio_wasm::engine::{
    self, Config, Endpoints, Engine, Event, Outgoing, Output, TransportError, TransportId, Transports, VersionPolicy,
};
use socketio_wasm::protocol::{Frame, ProtocolVersion, StdWire};
use socketio_wasm::socket::{
    AckRequest, Action, Attempt, CallId, CommandError, Connect, Input, OutgoingPayload, Responder, SendMode, Session,
    Settings,
};
use std::num::NonZeroUsize;

pub const POLLING: &str = "http://x/?transport=polling&EIO=";
pub const WEBSOCKET: &str = "ws://x/?transport=websocket&EIO=";

pub fn endpoints() -> Endpoints<String> {
    Endpoints { polling: POLLING.to_owned(), websocket: WEBSOCKET.to_owned() }
}

/// An OPEN packet: heartbeat of 25 + 20 s, at most 100 bytes.
pub fn open_packet(upgrades: &str) -> String {
    format!(r#"0{{"sid":"S","upgrades":[{upgrades}],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100}}"#)
}

pub fn closed(id: u32) -> engine::Input<StdWire> {
    engine::Input::WebSocketClosed(TransportId(id), TransportError::SocketClosed(1006, String::new()))
}

pub fn text(id: u32, text: &str) -> engine::Input<StdWire> {
    engine::Input::WebSocketReceived(TransportId(id), Frame::Text(text.to_owned()))
}

pub fn ok(id: u32, body: &str) -> engine::Input<StdWire> {
    engine::Input::Responded(TransportId(id), 200, body.to_owned())
}

pub fn failed(id: u32) -> engine::Input<StdWire> {
    engine::Input::RequestFailed(TransportId(id), None)
}

pub fn opened(id: u32) -> engine::Input<StdWire> {
    engine::Input::WebSocketOpened(TransportId(id))
}

fn frames_in_words(frames: &[Frame<StdWire>]) -> String {
    let words = frames.iter().map(|frame| match frame {
        Frame::Text(text) => text.clone(),
        Frame::Bytes(bytes) => format!("<{}>", bytes.len()),
    });
    words.collect::<Vec<_>>().join("|")
}

fn action_in_words(action: &engine::Action<StdWire>) -> String {
    let of = |url: &str| {
        let session = url.split_once("&sid=").map(|(_, sid)| format!(" of {sid}")).unwrap_or_default();
        session + if url.contains("EIO=3") { " in V3" } else { "" }
    };
    match action {
        engine::Action::OpenWebSocket(id, url) => {
            assert!(url.starts_with(WEBSOCKET), "{url}");
            format!("open {}{}", id.0, of(url))
        }
        engine::Action::SendFrames(id, frames) => format!("send {} {}", id.0, frames_in_words(frames)),
        engine::Action::CloseWebSocket(id) => format!("close {}", id.0),
        engine::Action::Get(id, url) => {
            assert!(url.starts_with(POLLING), "{url}");
            format!("get {}{}", id.0, of(url))
        }
        engine::Action::Post(id, url, body) => {
            assert!(url.starts_with(POLLING) && url.ends_with("&sid=S"), "{url}");
            format!("post {} {}", id.0, body.replace('\u{1e}', "|"))
        }
        engine::Action::Abort(id) => format!("abort {}", id.0),
        engine::Action::MeasureWebSocket(id) => format!("measure {}", id.0),
        engine::Action::PostLast(url, body) => {
            assert!(url.starts_with(POLLING) && url.ends_with("&sid=S"), "{url}");
            format!("post last {body}")
        }
    }
}

pub fn output_in_words(output: &Output<StdWire, u32>) -> String {
    match output {
        Output::Action(action) => action_in_words(action),
        Output::Event(Event::Opened(handshake)) => format!("opened {}", handshake.sid),
        Output::Event(Event::Message(frame)) => format!("message {}", frames_in_words(std::slice::from_ref(frame))),
        Output::Event(Event::Upgraded) => "upgraded".to_owned(),
        Output::Event(Event::TooLarge(tag, excess)) => {
            format!("too large {tag}: {} over {}", excess.size, excess.limit)
        }
        Output::Event(Event::PossiblyLost(tags)) => format!("possibly lost {tags:?}"),
        Output::Event(Event::Closed(None)) => "closed".to_owned(),
        Output::Event(Event::Closed(Some(failure))) => format!("closed {failure:?}"),
    }
}

/// An engine.
pub struct EngineRig {
    pub engine: Engine<StdWire, u32>,
    pub now: u64,
    get: Option<u32>,
}

impl EngineRig {
    /// Begins to open; the first transport is number 1.
    pub fn open(transports: Transports) -> (Self, Vec<String>) {
        Self::open_in(VersionPolicy::Fixed(ProtocolVersion::V4), transports)
    }

    pub fn open_in(version_policy: VersionPolicy, transports: Transports) -> (Self, Vec<String>) {
        Self::open_with(Config { transports, version_policy, ..Config::default() })
    }

    pub fn open_with(config: Config) -> (Self, Vec<String>) {
        let mut rig = Self { engine: Engine::open(config, endpoints(), 0, 0), now: 0, get: None };
        let words = rig.words();
        (rig, words)
    }

    /// Open over polling alone: GET 2 hangs.
    pub fn polling() -> Self {
        Self::polling_with(None)
    }

    /// The same, with the most packets in a POST.
    pub fn polling_with(max_packets_per_post: Option<NonZeroUsize>) -> Self {
        let config = Config { transports: Transports::Polling, max_packets_per_post, ..Config::default() };
        let (mut rig, _) = Self::open_with(config);
        assert_eq!(rig.take(ok(1, &open_packet(""))), ["opened S", "get 2 of S"]);
        rig
    }

    /// Open over websocket 1.
    pub fn websocket() -> Self {
        let (mut rig, _) = Self::open(Transports::WebSocket);
        assert_eq!(rig.take(opened(1)), [""; 0]);
        assert_eq!(rig.take(text(1, &open_packet(""))), ["opened S"]);
        rig
    }

    /// Open over polling, and websocket 2 is tried while GET 3 hangs.
    pub fn probing() -> Self {
        Self::probing_with(5_000)
    }

    pub fn probing_with(request_timeout: u64) -> Self {
        let transports = Transports::PollingThenWebSocket;
        let (mut rig, _) = Self::open_with(Config { transports, request_timeout, ..Config::default() });
        assert_eq!(rig.take(ok(1, &open_packet(r#""websocket""#))), ["opened S", "open 2 of S", "get 3 of S"]);
        rig
    }

    /// A step, and all its outputs.
    pub fn step(&mut self, step: impl FnOnce(&mut Engine<StdWire, u32>, u64)) -> Vec<String> {
        step(&mut self.engine, self.now);
        self.words()
    }

    fn words(&mut self) -> Vec<String> {
        let mut words = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            if let Output::Event(Event::Opened(_)) = output {
                self.engine.start_polling();
            }
            if let Output::Action(engine::Action::Get(id, _)) = &output {
                self.get = Some(id.0);
            }
            words.push(output_in_words(&output));
        }
        words
    }

    /// The last GET, if it is not answered.
    pub fn hanging_get(&self) -> Option<u32> {
        self.get
    }

    pub fn take(&mut self, input: engine::Input<StdWire>) -> Vec<String> {
        if let engine::Input::Responded(TransportId(id), ..) = &input {
            self.get.take_if(|get| get == id);
        }
        self.turn(|engine, now| engine.handle_input(now, input))
    }

    /// A step, and the flush at the end of the turn.
    fn turn(&mut self, step: impl FnOnce(&mut Engine<StdWire, u32>, u64)) -> Vec<String> {
        let mut words = self.step(step);
        if self.engine.wants_flush() {
            words.extend(self.flush());
        }
        words
    }

    /// The clock is at `now`.
    pub fn tick(&mut self, now: u64) -> Vec<String> {
        self.now = now;
        self.turn(Engine::handle_timeout)
    }

    /// Queues a message whose text is its tag.
    pub fn send(&mut self, tag: u32) {
        self.try_send(tag).unwrap();
    }

    pub fn try_send(&mut self, tag: u32) -> Result<(), engine::TooLarge> {
        self.engine.send(Outgoing::new(tag, Frame::Text(tag.to_string()), Vec::new()))
    }

    pub fn flush(&mut self) -> Vec<String> {
        self.step(Engine::flush)
    }

    pub fn close(&mut self) -> Vec<String> {
        self.step(Engine::close)
    }
}

/// A session, over websockets alone.
#[derive(Clone)]
pub struct SessionRig {
    pub session: Session<StdWire>,
    pub now: u64,
    /// The websocket in use.
    pub socket: u32,
    pub attempt: Attempt,
    pub responder: Option<Responder>,
    /// Why the last attempt failed.
    pub last_failure: Option<TransportError<StdWire>>,
}

pub fn request(namespaces: &[&str]) -> Connect<StdWire> {
    let namespaces = namespaces.iter().map(|name| (*name).to_owned()).collect();
    Connect {
        namespaces,
        transports: Transports::WebSocket,
        version: Some(ProtocolVersion::V4),
        wait: true,
        wait_timeout: 1_000,
        retry: false,
        retry_refused: false,
    }
}

impl SessionRig {
    pub fn new(settings: Settings) -> Self {
        Self {
            session: Session::new(settings),
            now: 10_000,
            socket: 0,
            attempt: Attempt(0),
            responder: None,
            last_failure: None,
        }
    }

    /// Namespaces connected on websocket 1.
    pub fn connected(namespaces: &[&str]) -> Self {
        Self::connected_with(Settings::default(), namespaces)
    }

    pub fn connected_with(settings: Settings, namespaces: &[&str]) -> Self {
        let mut rig = Self::new(settings);
        rig.connect(request(namespaces)).unwrap();
        rig.open();
        for name in namespaces {
            rig.grant(name);
        }
        assert_eq!(rig.session.namespaces().count(), namespaces.len());
        rig
    }

    /// Connected on a websocket that takes no more than one message before it is measured: the second one waits.
    pub fn congested() -> Self {
        let mut settings = Settings::default();
        settings.engine.high_water_mark = 1;
        let mut rig = Self::new(settings);
        rig.connect(request(&["/"])).unwrap();
        assert_eq!(rig.open(), ["send 1 40", "measure 1"]);
        rig.buffered(0);
        rig.grant("/");
        rig.emit("/", r#"["last"]"#).unwrap();
        rig.emit("/", r#"["next"]"#).unwrap();
        assert_eq!(rig.flush(), [r#"send 1 42["last"]"#, "measure 1"]);
        rig
    }

    /// So many bytes wait in the websocket.
    pub fn buffered(&mut self, bytes: usize) -> Vec<String> {
        self.handle(Input::Engine(engine::Input::WebSocketBuffered(TransportId(self.socket), bytes)))
    }

    pub fn step<R>(&mut self, step: impl FnOnce(&mut Session<StdWire>, u64) -> R) -> Vec<String> {
        self.step_for(step).1
    }

    /// What the step returns, and what it leads to in words.
    fn step_for<R>(&mut self, step: impl FnOnce(&mut Session<StdWire>, u64) -> R) -> (R, Vec<String>) {
        let result = step(&mut self.session, self.now);
        let mut actions = Vec::new();
        while let Some(action) = self.session.poll_output() {
            actions.push(action);
        }
        let words = actions.iter().map(|action| match action {
            Action::Engine(action) => {
                if let engine::Action::OpenWebSocket(id, _) = action {
                    self.socket = id.0;
                }
                action_in_words(action)
            }
            Action::Prepare(attempt) => {
                self.attempt = *attempt;
                "prepare".to_owned()
            }
            Action::Authenticate(attempt, names) => {
                assert_eq!(*attempt, self.attempt);
                format!("authenticate {}", names.join(" "))
            }
            other => {
                if let Action::Event(_, _, Some(responder)) = other {
                    self.responder = Some(*responder);
                }
                if let Action::AttemptFailed(_, failure) = other {
                    self.last_failure = Some(failure.clone());
                }
                word(other)
            }
        });
        let words = words.filter(|word| !word.is_empty()).collect();
        (result, words)
    }

    pub fn handle(&mut self, input: Input<StdWire>) -> Vec<String> {
        self.step(|session, now| session.handle_input(now, input))
    }

    pub fn connect(&mut self, request: Connect<StdWire>) -> Result<Vec<String>, CommandError> {
        let (result, words) = self.step_for(|session, now| session.connect(now, request));
        result.map(|_| words)
    }

    pub fn prepared(&mut self) -> Vec<String> {
        self.handle(Input::Prepared(self.attempt, endpoints(), 0.5))
    }

    /// From `Prepare` to CONNECT sent; what the CONNECTs look like.
    pub fn open(&mut self) -> Vec<String> {
        assert_eq!(self.prepared().len(), 1);
        let socket = self.socket;
        self.handle(Input::Engine(opened(socket)));
        self.receive(&open_packet(""));
        let names: Vec<String> = ["/", "/a", "/b", "/c"].map(str::to_owned).to_vec();
        let words = self.handle(Input::Authenticated(self.attempt, names, None));
        assert_eq!(words, [""; 0]);
        self.flush()
    }

    /// An Engine.IO packet from the server.
    pub fn receive(&mut self, packet: &str) -> Vec<String> {
        self.handle(Input::Engine(text(self.socket, packet)))
    }

    /// The server answers a CONNECT.
    pub fn grant(&mut self, name: &str) -> Vec<String> {
        let prefix = if name == "/" { String::new() } else { format!("{name},") };
        self.receive(&format!(r#"40{prefix}{{"sid":"sid of {name}"}}"#))
    }

    pub fn binary(&mut self, bytes: &[u8]) -> Vec<String> {
        let frame = Frame::Bytes(bytes.to_vec());
        self.handle(Input::Engine(engine::Input::WebSocketReceived(TransportId(self.socket), frame)))
    }

    pub fn cut(&mut self) -> Vec<String> {
        self.handle(Input::Engine(closed(self.socket)))
    }

    /// Time passes.
    pub fn after(&mut self, milliseconds: u64) -> Vec<String> {
        self.now += milliseconds;
        self.step(Session::handle_timeout)
    }

    pub fn flush(&mut self) -> Vec<String> {
        if !self.session.wants_flush() {
            return Vec::new();
        }
        self.step(Session::flush)
    }

    pub fn emit(&mut self, name: &str, json: &str) -> Result<(), CommandError> {
        self.emit_with(name, json, Vec::new(), SendMode::Buffer, None).map(|call| assert_eq!(call, None))
    }

    pub fn call(&mut self, name: &str, json: &str, timeout: Option<u64>) -> CallId {
        self.emit_with(name, json, Vec::new(), SendMode::Buffer, Some(timeout)).unwrap().unwrap()
    }

    pub fn emit_with(
        &mut self,
        name: &str,
        json: &str,
        attachments: Vec<Vec<u8>>,
        mode: SendMode,
        answer: Option<Option<u64>>,
    ) -> Result<Option<CallId>, CommandError> {
        let call = answer.map(|timeout| (self.session.next_call(), timeout));
        let content = OutgoingPayload::Json(json.to_owned(), attachments);
        let emitted = self.emit_content(name, content, mode, call)?;
        Ok(call.map(|(call, _)| call).filter(|_| emitted))
    }

    pub fn emit_content(
        &mut self,
        name: &str,
        content: OutgoingPayload<StdWire>,
        mode: SendMode,
        answer: Option<(CallId, Option<u64>)>,
    ) -> Result<bool, CommandError> {
        let name = name.to_owned();
        self.step_for(|session, now| {
            session.emit(
                now,
                Some(&name),
                content,
                mode,
                answer.map(|(call, timeout)| AckRequest { call, timeout, is_awaited: true }),
            )
        })
        .0
    }

    pub fn answer(&mut self, json: &str, attachments: Vec<Vec<u8>>) -> Vec<String> {
        let responder = self.responder.unwrap();
        let content = OutgoingPayload::Json(json.to_owned(), attachments);
        self.step(|session, now| session.answer(now, responder, content))
    }

    pub fn enter(&mut self, name: &str) -> Vec<String> {
        self.step(|session, now| session.connect_namespace(now, name.to_owned()).unwrap())
    }

    pub fn leave(&mut self, name: &str) -> Vec<String> {
        self.step(|session, now| session.disconnect_namespace(now, &name.to_owned()))
    }

    pub fn disconnect(&mut self) -> Vec<String> {
        self.step(|session, now| session.disconnect(now, None))
    }

    pub fn disconnect_flushing(&mut self, milliseconds: u64) -> Vec<String> {
        self.step(|session, now| session.disconnect(now, Some(milliseconds)))
    }
}

//! Drives a machine by hand, one input at a time, and puts what it answers into words.

use crate::world::word;
use socketio_wasm::engine::{
    self, Config, Endpoints, Engine, Event, Failure, Outgoing, Output, Protocol, TransportId, Transports,
};
use socketio_wasm::protocol::{Frame, Revision, StdWire};
use socketio_wasm::socket::{
    Action, Attempt, CallId, Connect, Content, Input, Patience, Refusal, Responder, Session, Settings,
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
    engine::Input::WebSocketClosed(TransportId(id), Failure::SocketClosed(1006, String::new()))
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
        Output::Event(Event::Closed(None)) => "closed".to_owned(),
        Output::Event(Event::Closed(Some(failure))) => format!("closed {failure:?}"),
    }
}

/// An engine.
pub struct EngineRig {
    pub engine: Engine<StdWire, u32>,
    pub now: u64,
}

impl EngineRig {
    /// Begins to open; the first transport is number 1.
    pub fn open(transports: Transports) -> (Self, Vec<String>) {
        Self::open_in(Protocol::Fixed(Revision::V4), transports)
    }

    pub fn open_in(protocol: Protocol, transports: Transports) -> (Self, Vec<String>) {
        Self::open_with(Config { transports, protocol, ..Config::default() })
    }

    fn open_with(config: Config) -> (Self, Vec<String>) {
        let mut sink = Vec::new();
        let engine = Engine::open(config, endpoints(), 0, 0, &mut sink);
        (Self { engine, now: 0 }, sink.iter().map(output_in_words).collect())
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
        let (mut rig, _) = Self::open(Transports::PollingThenWebSocket);
        assert_eq!(rig.take(ok(1, &open_packet(r#""websocket""#))), ["opened S", "open 2 of S", "get 3 of S"]);
        rig
    }

    pub fn step(
        &mut self,
        step: impl FnOnce(&mut Engine<StdWire, u32>, u64, &mut engine::Sink<StdWire, u32>),
    ) -> Vec<String> {
        let mut sink = Vec::new();
        step(&mut self.engine, self.now, &mut sink);
        sink.iter().map(output_in_words).collect()
    }

    pub fn take(&mut self, input: engine::Input<StdWire>) -> Vec<String> {
        self.step(|engine, now, sink| engine.handle(now, input, sink))
    }

    /// The clock is at `now`.
    pub fn tick(&mut self, now: u64) -> Vec<String> {
        self.now = now;
        self.step(|engine, now, sink| engine.tick(now, sink))
    }

    /// Queues a message whose text is its tag.
    pub fn send(&mut self, tag: u32) {
        self.engine.send(Outgoing::new(tag, Frame::Text(tag.to_string()), Vec::new())).unwrap();
    }

    pub fn flush(&mut self) -> Vec<String> {
        self.step(|engine, now, sink| engine.flush(now, sink))
    }

    pub fn close(&mut self) -> Vec<String> {
        self.step(|engine, now, sink| engine.close(now, sink))
    }
}

/// A session, over websockets alone.
pub struct SessionRig {
    pub session: Session<StdWire>,
    pub now: u64,
    /// The websocket in use.
    pub socket: u32,
    pub attempt: Attempt,
    pub responder: Option<Responder>,
}

pub fn request(namespaces: &[&str]) -> Connect<StdWire> {
    let namespaces = namespaces.iter().map(|name| (*name).to_owned()).collect();
    Connect {
        namespaces,
        transports: Transports::WebSocket,
        revision: Some(Revision::V4),
        wait: Some(1_000),
        retry: false,
    }
}

impl SessionRig {
    pub fn new(settings: Settings) -> Self {
        Self { session: Session::new(settings), now: 10_000, socket: 0, attempt: Attempt(0), responder: None }
    }

    /// Namespaces connected on websocket 1.
    pub fn connected(namespaces: &[&str]) -> Self {
        let mut rig = Self::new(Settings::default());
        rig.connect(request(namespaces)).unwrap();
        rig.open();
        for name in namespaces {
            rig.grant(name);
        }
        assert_eq!(rig.session.namespaces().count(), namespaces.len());
        rig
    }

    pub fn step(&mut self, step: impl FnOnce(&mut Session<StdWire>, u64, &mut Vec<Action<StdWire>>)) -> Vec<String> {
        let mut actions = Vec::new();
        step(&mut self.session, self.now, &mut actions);
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
                word(other)
            }
        });
        words.collect()
    }

    pub fn handle(&mut self, input: Input<StdWire>) -> Vec<String> {
        self.step(|session, now, actions| session.handle(now, input, actions))
    }

    pub fn connect(&mut self, request: Connect<StdWire>) -> Result<Vec<String>, Refusal> {
        let mut result = Ok(());
        let words = self.step(|session, now, actions| result = session.connect(now, request, actions));
        result.map(|()| words)
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
        self.handle(Input::Tick)
    }

    pub fn flush(&mut self) -> Vec<String> {
        if !self.session.wants_flush() {
            return Vec::new();
        }
        self.step(|session, now, actions| session.flush(now, actions))
    }

    pub fn emit(&mut self, name: &str, json: &str) -> Result<(), Refusal> {
        self.emit_with(name, json, Vec::new(), Patience::Buffer, None).map(|call| assert_eq!(call, None))
    }

    pub fn call(&mut self, name: &str, json: &str, timeout: Option<u64>) -> CallId {
        self.emit_with(name, json, Vec::new(), Patience::Buffer, Some(timeout)).unwrap().unwrap()
    }

    pub fn emit_with(
        &mut self,
        name: &str,
        json: &str,
        attachments: Vec<Vec<u8>>,
        patience: Patience,
        answer: Option<Option<u64>>,
    ) -> Result<Option<CallId>, Refusal> {
        let call = answer.map(|timeout| (self.session.next_call(), timeout));
        let content = Content::Json(json.to_owned(), attachments);
        let emitted = self.emit_content(name, content, patience, call)?;
        Ok(call.map(|(call, _)| call).filter(|_| emitted))
    }

    pub fn emit_content(
        &mut self,
        name: &str,
        content: Content<StdWire>,
        patience: Patience,
        answer: Option<(CallId, Option<u64>)>,
    ) -> Result<bool, Refusal> {
        let mut result = Ok(false);
        let name = name.to_owned();
        self.step(|session, now, actions| result = session.emit(now, Some(&name), content, patience, answer, actions));
        result
    }

    pub fn answer(&mut self, json: &str, attachments: Vec<Vec<u8>>) -> Vec<String> {
        let responder = self.responder.unwrap();
        let content = Content::Json(json.to_owned(), attachments);
        self.step(|session, _, actions| session.answer(responder, content, actions))
    }

    pub fn enter(&mut self, name: &str) -> Vec<String> {
        self.step(|session, now, actions| session.connect_namespace(now, name.to_owned(), actions).unwrap())
    }

    pub fn leave(&mut self, name: &str) -> Vec<String> {
        self.step(|session, now, actions| session.disconnect_namespace(now, &name.to_owned(), actions))
    }

    pub fn disconnect(&mut self) -> Vec<String> {
        self.step(|session, now, actions| session.disconnect(now, actions))
    }
}

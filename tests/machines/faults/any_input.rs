//! Bytes as a schedule: any command and any input in any state, also between two outputs.
//!
//! The fuzz target `session` takes this file, too: an input that it finds is a case of the random test, and the reverse.

use socketio_wasm::engine::{self, Endpoints, TransportError, TransportId, Transports};
use socketio_wasm::protocol::{Frame, Header, PacketType, ProtocolError, ProtocolVersion, StdWire};
use socketio_wasm::socket::{
    AckRequest, Action, Attempt, CallId, Connect, IncomingPayload, Input, Loss, OutgoingPayload, Packet, RequestId,
    Responder, SendMode, Session, Settings,
};
use std::collections::{BTreeMap, BTreeSet};

/// Goes through a schedule; panics if a session does what it must not.
pub fn run(bytes: &[u8]) {
    let mut world = Stranger::new(bytes);
    while !world.bytes.is_empty() {
        world.do_anything();
        world.act();
    }
    world.end();
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Live {
    Get,
    Post,
    WebSocket,
}

/// A driver that knows what it has asked for, and reports anything.
struct Stranger<'a> {
    bytes: &'a [u8],
    session: Session<StdWire>,
    now: u64,
    attempt: Attempt,
    responder: Option<Responder>,
    /// Whether the parser reads a frame.
    is_parsing: bool,
    is_last: bool,
    last_id: u32,
    live: BTreeMap<u32, Live>,
    calls: BTreeSet<CallId>,
    requests: BTreeSet<RequestId>,
    /// Polls after polls that brought nothing, in the current second.
    idle_polls: (u64, u32),
    /// Whether the last poll brought something.
    is_fed: bool,
    /// Events that were accepted, and are neither handed over nor counted as lost.
    kept: BTreeSet<u32>,
    number: u32,
    lost: usize,
}

impl<'a> Stranger<'a> {
    fn new(mut bytes: &'a [u8]) -> Self {
        let kind = byte(&mut bytes);
        let mut settings = Settings { reconnection: !kind.is_multiple_of(8), ..Settings::default() };
        settings.max_buffer = if kind & 8 == 0 { usize::MAX } else { usize::from(byte(&mut bytes) % 16) + 1 };
        settings.reconnection_attempts = u32::from(byte(&mut bytes) % 8);
        settings.engine.high_water_mark = if kind & 16 == 0 { 1 << 20 } else { usize::from(byte(&mut bytes)) };
        settings.engine.request_timeout = if kind & 32 == 0 { 5_000 } else { u64::MAX };
        settings.engine.limits.max_packet_size = 200;
        let mut session = Session::new(settings);
        session.set_external_codec(kind & 64 != 0);
        Self {
            bytes,
            session,
            now: 0,
            attempt: Attempt::default(),
            responder: None,
            is_parsing: false,
            is_last: false,
            last_id: 0,
            live: BTreeMap::new(),
            calls: BTreeSet::new(),
            requests: BTreeSet::new(),
            idle_polls: (0, 0),
            is_fed: false,
            kept: BTreeSet::new(),
            number: 0,
            lost: 0,
        }
    }

    fn byte(&mut self) -> u8 {
        byte(&mut self.bytes)
    }

    fn do_anything(&mut self) {
        if self.is_parsing {
            // The parser is user code: nothing else runs until it is done.
            return if self.byte().is_multiple_of(4) { self.command() } else { self.parsed() };
        }
        match self.byte() % 8 {
            0..=2 => self.command(),
            3 => self.time_passes(),
            4 => self.driver_reports(),
            _ => self.host_reports(),
        }
    }

    fn command(&mut self) {
        let now = self.now;
        match self.byte() % 12 {
            0 => {
                let all = [
                    Transports::Polling,
                    Transports::WebSocket,
                    Transports::PollingThenWebSocket,
                    Transports::WebSocketThenPolling,
                ];
                let wait_timeout = u64::from(self.byte()) * 20 + 20;
                let kind = self.byte();
                let request = Connect {
                    namespaces: if kind & 1 == 0 { vec!["/".into(), "/a".into()] } else { vec![name(&mut self.bytes)] },
                    transports: all[usize::from(self.byte() % 4)],
                    version: [None, None, Some(ProtocolVersion::V3), Some(ProtocolVersion::V4)]
                        [usize::from(self.byte() % 4)],
                    wait: kind & 2 == 0,
                    wait_timeout,
                    retry: kind & 4 == 0,
                    retry_refused: kind & 8 == 0,
                };
                let asked = self.session.connect(now, request);
                self.requests.extend(asked);
            }
            1 => {
                let call = CallId(self.byte().into());
                if self.session.cancel(call) {
                    assert!(self.calls.remove(&call), "{call:?}");
                }
            }
            2 => {
                let name = name(&mut self.bytes);
                let asked = self.session.connect_namespace(now, name);
                self.requests.extend(asked);
            }
            3 => {
                let name = name(&mut self.bytes);
                self.session.disconnect_namespace(now, &name);
            }
            4 => {
                let flush = self.byte();
                let flush = (!flush.is_multiple_of(4)).then(|| u64::from(flush) * 20);
                let id = self.session.disconnect(now, flush);
                self.requests.insert(id);
            }
            5 => {
                if let Some(responder) = self.responder {
                    let content = self.content("[]".to_owned());
                    self.session.answer(now, responder, content);
                }
            }
            6 | 7 if self.session.wants_flush() => self.session.flush(now),
            _ => self.emit(),
        }
    }

    fn content(&mut self, json: String) -> OutgoingPayload<StdWire> {
        let kind = self.byte();
        let attachments = vec![vec![0; usize::from(kind)]; usize::from(kind % 8 / 6)];
        if kind & 16 == 0 {
            OutgoingPayload::Json(json, attachments)
        } else {
            let attachments = attachments.into_iter().map(Frame::Bytes);
            OutgoingPayload::Encoded(core::iter::once(Frame::Text(json)).chain(attachments).collect())
        }
    }

    fn emit(&mut self) {
        self.number += 1;
        let (name, kind) = (name(&mut self.bytes), self.byte());
        let mode = [SendMode::Buffer, SendMode::Buffer, SendMode::Fail, SendMode::Volatile][usize::from(kind % 4)];
        let content = self.content(format!("[\"n\",{}]", self.number));
        let timeout = (kind & 16 == 0).then(|| u64::from(kind) * 50 + 50);
        let call = (kind & 32 == 0).then(|| (self.session.next_call(), timeout));
        let emitted = self.session.emit(
            self.now,
            Some(&name),
            content,
            mode,
            call.map(|(call, timeout)| AckRequest { call, timeout, is_awaited: true }),
        );
        match (emitted, call) {
            (Ok(true), Some((call, _))) => assert!(self.calls.insert(call)),
            (Ok(_), None) if mode != SendMode::Volatile => assert!(self.kept.insert(self.number)),
            _ => {}
        }
    }

    fn time_passes(&mut self) {
        let step = u64::from(self.byte());
        // Up to some hours.
        self.now += step << (2 * (step % 8));
        if !self.byte().is_multiple_of(4) {
            self.session.handle_timeout(self.now);
            self.act();
            let deadline = self.session.poll_timeout();
            assert!(deadline.is_none_or(|at| at > self.now), "a deadline in the past after a tick");
        }
    }

    fn driver_reports(&mut self) {
        let attempt = Attempt(self.attempt.0.wrapping_sub(u32::from(self.byte() % 4 / 3)));
        let names = vec![name(&mut self.bytes)];
        let input = match self.byte() % 8 {
            0 => Input::Prepared(attempt, endpoints(), 0.5),
            1 => Input::PreparationFailed(attempt, 0.9),
            2 => Input::Authenticated(attempt, names, Some("{}".to_owned())),
            3 => Input::AuthenticationFailed(attempt, names),
            4 => Input::Malformed(ProtocolError::BadJson, Some(text(&mut self.bytes))),
            5 => Input::Offline,
            6 => Input::Online,
            _ => Input::ConnectEncoded(attempt, "/a".to_owned(), [vec![Frame::Text("0/a,".into())], Vec::new()]),
        };
        self.session.handle_input(self.now, input);
    }

    fn parsed(&mut self) {
        self.is_parsing = false;
        let mut packets = Vec::new();
        for _ in 0..self.byte() % 4 {
            let kinds = [
                PacketType::Connect,
                PacketType::Disconnect,
                PacketType::Event,
                PacketType::Ack,
                PacketType::ConnectError,
            ];
            let namespace = Some(name(&mut self.bytes)).filter(|name| name != "/");
            let id = Some(self.byte()).filter(|id| id.is_multiple_of(2)).map(u64::from);
            let kind = kinds[usize::from(self.byte() % 5)];
            let header = Header { kind, attachments: 0, namespace, id, payload_at: 0 };
            let payload = IncomingPayload::Json(r#"{"sid":"parsed"}"#.to_owned(), Vec::new());
            packets.push(Packet { header, payload });
        }
        let packets = if self.byte().is_multiple_of(8) { Err(ProtocolError::Unparsable) } else { Ok(packets) };
        self.session.handle_input(self.now, Input::Decoded(packets));
    }

    fn host_reports(&mut self) {
        let id = match self.byte() {
            any if any.is_multiple_of(8) => self.last_id.saturating_sub(u32::from(any / 8)).wrapping_add(1),
            some => self.live.keys().nth(usize::from(some) % self.live.len().max(1)).copied().unwrap_or(0),
        };
        let known = self.live.get(&id).copied();
        let id = TransportId(id);
        let kind = self.byte();
        let input: engine::Input<StdWire> = match (known, kind % 8) {
            (Some(Live::Get | Live::Post), 0..=5) | (_, 0) => {
                let status = if kind & 128 == 0 { 200 } else { 400 };
                engine::Input::Responded(id, status, packet(&mut self.bytes))
            }
            (_, 1) => engine::Input::WebSocketOpened(id),
            (_, 2 | 3) => engine::Input::WebSocketReceived(id, Frame::Text(packet(&mut self.bytes))),
            (_, 4) => engine::Input::WebSocketReceived(id, Frame::Bytes(text(&mut self.bytes).into_bytes())),
            (_, 5) => engine::Input::WebSocketBuffered(id, usize::from(kind)),
            (Some(Live::WebSocket), _) => {
                engine::Input::WebSocketClosed(id, TransportError::SocketClosed(1006, String::new()))
            }
            (_, 6) => engine::Input::RequestFailed(id, None),
            _ => engine::Input::RequestUnsent(id, None),
        };
        // Then it may not be named any more.
        let ended = match &input {
            engine::Input::Responded(..) | engine::Input::RequestFailed(..) | engine::Input::RequestUnsent(..) => {
                known.filter(|known| *known != Live::WebSocket)
            }
            engine::Input::WebSocketClosed(..) => known.filter(|known| *known == Live::WebSocket),
            _ => None,
        };
        if let Some(ended) = ended {
            self.live.remove(&id.0);
            if ended == Live::Get {
                self.is_fed = match &input {
                    engine::Input::Responded(_, 200, body) => body.contains('4'),
                    _ => false,
                };
            }
        }
        self.session.handle_input(self.now, Input::Engine(input));
    }

    /// Takes all outputs. Now and then, a command comes between two of them.
    fn act(&mut self) {
        let mut count = 0;
        while let Some(action) = self.session.poll_output() {
            count += 1;
            assert!(count < 5_000, "{count} actions at once");
            self.take(action);
            if !self.is_last && self.byte().is_multiple_of(16) {
                self.command();
            }
        }
    }

    fn take(&mut self, action: Action<StdWire>) {
        match action {
            Action::Engine(action) => self.carry_out(action),
            Action::Prepare(attempt) => {
                assert!(self.live.is_empty(), "left behind: {:?}", self.live);
                self.attempt = attempt;
                if !self.byte().is_multiple_of(8) {
                    self.session.handle_input(self.now, Input::Prepared(attempt, endpoints(), 0.5));
                }
            }
            Action::Authenticate(attempt, names) if !self.byte().is_multiple_of(8) => {
                self.session.handle_input(self.now, Input::Authenticated(attempt, names, None));
            }
            Action::Decode(_) => {
                assert!(!core::mem::replace(&mut self.is_parsing, true), "two frames at once");
                if !self.byte().is_multiple_of(4) {
                    self.parsed();
                }
            }
            Action::Event(_, _, Some(responder)) => self.responder = Some(responder),
            Action::Acknowledged(id, _) | Action::CallFailed(id, _) => assert!(self.calls.remove(&id), "{id:?}"),
            Action::Settled(id, _) => assert!(self.requests.remove(&id), "{id:?} is settled twice"),
            Action::DisconnectDone(id, unsent) => {
                assert!(self.requests.remove(&id), "{id:?} is done twice");
                self.lost += unsent;
            }
            Action::Lost(_, Loss::NotSent, count) => self.lost += count,
            Action::Dropped(..) => self.lost += 1,
            Action::Ended => assert!(self.live.is_empty(), "left behind: {:?}", self.live),
            _ => {}
        }
    }

    fn carry_out(&mut self, action: engine::Action<StdWire>) {
        use engine::Action as A;
        match action {
            A::Get(id, url) => {
                self.begins(id, Live::Get);
                if !core::mem::take(&mut self.is_fed) && url.contains("&sid=") {
                    let second = self.now / 1_000;
                    let (last, count) = self.idle_polls;
                    self.idle_polls = if last == second { (second, count + 1) } else { (second, 1) };
                    assert!(self.idle_polls.1 <= 100, "a hot loop of polls");
                }
            }
            A::Post(id, _, body) => {
                self.begins(id, Live::Post);
                self.handed_over(&body);
            }
            A::OpenWebSocket(id, _) => self.begins(id, Live::WebSocket),
            A::SendFrames(id, frames) => {
                assert_eq!(self.live.get(&id.0), Some(&Live::WebSocket), "{id:?}");
                for frame in frames {
                    if let Frame::Text(text) = frame {
                        self.handed_over(&text);
                    }
                }
            }
            A::MeasureWebSocket(id) => {
                assert_eq!(self.live.get(&id.0), Some(&Live::WebSocket), "{id:?}");
                // In the end, the websocket gives nothing to the network any more.
                let bytes = if self.is_last { 1 << 30 } else { usize::from(self.byte()) };
                let input = engine::Input::WebSocketBuffered(id, bytes);
                self.session.handle_input(self.now, Input::Engine(input));
            }
            A::CloseWebSocket(id) => assert_eq!(self.live.remove(&id.0), Some(Live::WebSocket), "{id:?}"),
            A::Abort(id) => {
                let ended = self.live.remove(&id.0);
                assert!(matches!(ended, Some(Live::Get | Live::Post)), "{id:?} is {ended:?}");
            }
            A::PostLast(..) => {}
        }
    }

    fn begins(&mut self, id: TransportId, kind: Live) {
        assert!(id.0 > self.last_id, "{id:?} is not new");
        assert!(!self.live.values().any(|live| *live == kind), "two of {kind:?}");
        self.last_id = id.0;
        self.live.insert(id.0, kind);
    }

    fn handed_over(&mut self, text: &str) {
        for rest in text.split("[\"n\",").skip(1) {
            if let Some(number) = rest.split(']').next().and_then(|number| number.parse().ok()) {
                self.kept.remove(&number);
            }
        }
    }

    /// The user leaves, and nobody answers anything any more: all ends within its time.
    fn end(&mut self) {
        self.is_last = true;
        let id = self.session.disconnect(self.now, None);
        self.requests.insert(id);
        self.act();
        if core::mem::take(&mut self.is_parsing) {
            self.session.handle_input(self.now, Input::Decoded(Ok(Vec::new())));
            self.act();
        }
        let begun = self.now;
        while !self.session.is_idle() {
            if self.session.wants_flush() {
                self.session.flush(self.now);
                self.act();
                continue;
            }
            let deadline = self.session.poll_timeout().expect("a session that ends some day");
            self.now = self.now.max(deadline);
            // The longest heartbeat is that of a handshake below.
            assert!(self.now <= begun + 200_000, "a wait without an end");
            self.session.handle_timeout(self.now);
            self.act();
        }
        assert!(self.live.is_empty(), "left behind: {:?}", self.live);
        assert!(self.requests.is_empty(), "{:?} are never settled", self.requests);
        assert!(self.calls.is_empty(), "{:?} never end", self.calls);
        assert_eq!((self.session.unsent(), self.session.poll_timeout()), (0, None));
        assert!(self.kept.len() <= self.lost, "{:?} are lost in silence; {} are counted", self.kept, self.lost);
    }
}

fn name(bytes: &mut &[u8]) -> String {
    ["/", "/a", "/", "/b"][usize::from(byte(bytes) % 4)].to_owned()
}

fn endpoints() -> Endpoints<String> {
    Endpoints { polling: "http://x/?EIO=".to_owned(), websocket: "ws://x/?EIO=".to_owned() }
}

/// The next byte; 0 at the end.
fn byte(bytes: &mut &[u8]) -> u8 {
    bytes.split_off_first().copied().unwrap_or(0)
}

/// Some of what follows, as text.
fn text(bytes: &mut &[u8]) -> String {
    let length = usize::from(byte(bytes) % 64).min(bytes.len());
    String::from_utf8_lossy(bytes.split_off(..length).unwrap_or_default()).into_owned()
}

/// What a server is most likely to send, or anything.
fn packet(bytes: &mut &[u8]) -> String {
    match byte(bytes) % 20 {
        0 | 1 => {
            r#"0{"sid":"S","upgrades":["websocket"],"pingInterval":2000,"pingTimeout":1000,"maxPayload":90}"#.to_owned()
        }
        2 => r#"0{"sid":"+&","upgrades":[],"pingInterval":20000,"pingTimeout":9000}"#.to_owned(),
        3 => r#"64:0{"sid":"S","upgrades":[],"pingInterval":300,"pingTimeout":200}"#.to_owned(),
        4 => r#"40{"sid":"x"}"#.to_owned(),
        5 => "40\u{1e}40/a,".to_owned(),
        6 => r#"40/a,{"sid":"y"}"#.to_owned(),
        7 => r#"44/a,{"message":"no"}"#.to_owned(),
        8 => "3probe".to_owned(),
        9 => format!("43{}[]", byte(bytes)),
        10 => format!("4{}", text(bytes)),
        11 => format!("42/a,{}[1]\u{1e}2\u{1e}451-[0]\u{1e}bAAAA", byte(bytes)),
        12 => "6".to_owned(),
        13 => ["ok", "OK", "Session ID unknown"][usize::from(byte(bytes) % 3)].to_owned(),
        14 => ["41", "41/a,", "1", "2", "1:1", "1:6"][usize::from(byte(bytes) % 6)].to_owned(),
        15 => format!("42{}[\"x\"]", byte(bytes)),
        _ => text(bytes),
    }
}

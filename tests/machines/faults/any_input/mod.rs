//! Bytes as a schedule: any command and any input in any state, also between two outputs.
//!
//! The fuzz target `session` includes this module: an input that it finds is a case of the random test, and the reverse.

mod bytes;

use bytes::{byte, name, packet, text};
use socketio_wasm::engine::{self, Endpoints, TransportError, TransportId, Transports};
use socketio_wasm::protocol::{Frame, Header, PacketType, ProtocolError, ProtocolVersion, StdWire};
use socketio_wasm::socket::{
    AckRequest, Action, Attempt, CallId, Connect, IncomingPayload, Input, Loss, OutgoingPayload, Packet, RequestId,
    Responder, SendMode, Session, Settings,
};
use std::collections::{BTreeMap, BTreeSet};

/// Runs a schedule. Panics if a session breaks a rule.
pub fn run(bytes: &[u8]) {
    let mut driver = AnyDriver::new(bytes);
    while !driver.bytes.is_empty() {
        driver.any_step();
        driver.take_outputs();
    }
    driver.end();
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LiveTransport {
    Get,
    Post,
    WebSocket,
}

/// A driver that makes any command and any input, and checks the outputs.
struct AnyDriver<'a> {
    bytes: &'a [u8],
    session: Session<StdWire>,
    now: u64,
    attempt: Attempt,
    responder: Option<Responder>,
    /// True while the parser decodes a frame.
    is_decoding: bool,
    is_ending: bool,
    last_id: u32,
    live: BTreeMap<u32, LiveTransport>,
    calls: BTreeSet<CallId>,
    requests: BTreeSet<RequestId>,
    /// The current second, and the number of polls in it that followed an empty poll.
    idle_polls: (u64, u32),
    /// True if the last poll brought packets.
    last_poll_had_packets: bool,
    /// Events that were accepted and not yet handed over.
    buffered: BTreeSet<u32>,
    number: u32,
    lost: usize,
}

impl<'a> AnyDriver<'a> {
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
            is_decoding: false,
            is_ending: false,
            last_id: 0,
            live: BTreeMap::new(),
            calls: BTreeSet::new(),
            requests: BTreeSet::new(),
            idle_polls: (0, 0),
            last_poll_had_packets: false,
            buffered: BTreeSet::new(),
            number: 0,
            lost: 0,
        }
    }

    fn byte(&mut self) -> u8 {
        byte(&mut self.bytes)
    }

    fn any_step(&mut self) {
        if self.is_decoding {
            // The parser is user code: only it runs until it is done.
            return if self.byte().is_multiple_of(4) { self.command() } else { self.report_decoded() };
        }
        match self.byte() % 8 {
            0..=2 => self.command(),
            3 => self.advance_time(),
            4 => self.driver_input(),
            _ => self.host_input(),
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
                let id = self.session.connect(now, request);
                self.requests.extend(id);
            }
            1 => {
                let call = CallId(self.byte().into());
                if self.session.cancel(call) {
                    assert!(self.calls.remove(&call), "{call:?}");
                }
            }
            2 => {
                let name = name(&mut self.bytes);
                let id = self.session.connect_namespace(now, name);
                self.requests.extend(id);
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
                    let payload = self.payload("[]".to_owned());
                    self.session.answer(now, responder, payload);
                }
            }
            6 | 7 if self.session.wants_flush() => self.session.flush(now),
            _ => self.emit(),
        }
    }

    fn payload(&mut self, json: String) -> OutgoingPayload<StdWire> {
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
        let payload = self.payload(format!("[\"n\",{}]", self.number));
        let timeout = (kind & 16 == 0).then(|| u64::from(kind) * 50 + 50);
        let call = (kind & 32 == 0).then(|| (self.session.next_call(), timeout));
        let emitted = self.session.emit(
            self.now,
            Some(&name),
            payload,
            mode,
            call.map(|(call, timeout)| AckRequest { call, timeout, is_awaited: true }),
        );
        match (emitted, call) {
            (Ok(true), Some((call, _))) => assert!(self.calls.insert(call)),
            (Ok(_), None) if mode != SendMode::Volatile => assert!(self.buffered.insert(self.number)),
            _ => {}
        }
    }

    fn advance_time(&mut self) {
        let step = u64::from(self.byte());
        // A step is up to some hours.
        self.now += step << (2 * (step % 8));
        if !self.byte().is_multiple_of(4) {
            self.session.handle_timeout(self.now);
            self.take_outputs();
            let deadline = self.session.poll_timeout();
            assert!(deadline.is_none_or(|at| at > self.now), "a deadline in the past after a tick");
        }
    }

    fn driver_input(&mut self) {
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

    fn report_decoded(&mut self) {
        self.is_decoding = false;
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
            let payload = IncomingPayload::Json(r#"{"sid":"parsed"}"#.to_owned().into(), Vec::new());
            packets.push(Packet { header, payload });
        }
        let packets = if self.byte().is_multiple_of(8) { Err(ProtocolError::Unparsable) } else { Ok(packets) };
        self.session.handle_input(self.now, Input::Decoded(packets));
    }

    fn host_input(&mut self) {
        let id = match self.byte() {
            any if any.is_multiple_of(8) => self.last_id.saturating_sub(u32::from(any / 8)).wrapping_add(1),
            some => self.live.keys().nth(usize::from(some) % self.live.len().max(1)).copied().unwrap_or(0),
        };
        let known = self.live.get(&id).copied();
        let id = TransportId(id);
        let kind = self.byte();
        let input: engine::Input<StdWire> = match (known, kind % 8) {
            (Some(LiveTransport::Get | LiveTransport::Post), 0..=5) | (_, 0) => {
                let status = if kind & 128 == 0 { 200 } else { 400 };
                engine::Input::Responded(id, status, packet(&mut self.bytes).into())
            }
            (_, 1) => engine::Input::WebSocketOpened(id),
            (_, 2 | 3) => engine::Input::WebSocketReceived(id, Frame::Text(packet(&mut self.bytes))),
            (_, 4) => engine::Input::WebSocketReceived(id, Frame::Bytes(text(&mut self.bytes).into_bytes())),
            (_, 5) => engine::Input::WebSocketBuffered(id, usize::from(kind)),
            (Some(LiveTransport::WebSocket), _) => {
                engine::Input::WebSocketClosed(id, TransportError::SocketClosed(1006, String::new()))
            }
            (_, 6) => engine::Input::RequestFailed(id, None),
            _ => engine::Input::RequestUnsent(id, None),
        };
        // An ended transport must not occur in later actions.
        let ended = match &input {
            engine::Input::Responded(..) | engine::Input::RequestFailed(..) | engine::Input::RequestUnsent(..) => {
                known.filter(|known| *known != LiveTransport::WebSocket)
            }
            engine::Input::WebSocketClosed(..) => known.filter(|known| *known == LiveTransport::WebSocket),
            _ => None,
        };
        if let Some(ended) = ended {
            self.live.remove(&id.0);
            if ended == LiveTransport::Get {
                self.last_poll_had_packets = match &input {
                    engine::Input::Responded(_, 200, body) => body.clone().into_text().contains('4'),
                    _ => false,
                };
            }
        }
        self.session.handle_input(self.now, Input::Engine(input));
    }

    /// Takes all outputs. Sometimes, a command comes between two of them.
    fn take_outputs(&mut self) {
        let mut count = 0;
        while let Some(action) = self.session.poll_output() {
            count += 1;
            assert!(count < 5_000, "{count} actions in a row");
            self.handle_action(action);
            if !self.is_ending && self.byte().is_multiple_of(16) {
                self.command();
            }
        }
    }

    fn handle_action(&mut self, action: Action<StdWire>) {
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
                assert!(!core::mem::replace(&mut self.is_decoding, true), "two frames at once");
                if !self.byte().is_multiple_of(4) {
                    self.report_decoded();
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
                self.on_started(id, LiveTransport::Get);
                if !core::mem::take(&mut self.last_poll_had_packets) && url.contains("&sid=") {
                    let second = self.now / 1_000;
                    let (last, count) = self.idle_polls;
                    self.idle_polls = if last == second { (second, count + 1) } else { (second, 1) };
                    assert!(self.idle_polls.1 <= 100, "a hot loop of polls");
                }
            }
            A::Post(id, _, body) => {
                self.on_started(id, LiveTransport::Post);
                self.on_handed_over(&body.into_text());
            }
            A::OpenWebSocket(id, _) => self.on_started(id, LiveTransport::WebSocket),
            A::SendFrames(id, frames) => {
                assert_eq!(self.live.get(&id.0), Some(&LiveTransport::WebSocket), "{id:?}");
                for frame in frames {
                    if let Frame::Text(text) = frame {
                        self.on_handed_over(&text);
                    }
                }
            }
            A::MeasureWebSocket(id) => {
                assert_eq!(self.live.get(&id.0), Some(&LiveTransport::WebSocket), "{id:?}");
                // In the end, the websocket no longer gives anything to the network.
                let bytes = if self.is_ending { 1 << 30 } else { usize::from(self.byte()) };
                let input = engine::Input::WebSocketBuffered(id, bytes);
                self.session.handle_input(self.now, Input::Engine(input));
            }
            A::CloseWebSocket(id) => assert_eq!(self.live.remove(&id.0), Some(LiveTransport::WebSocket), "{id:?}"),
            A::Abort(id) => {
                let ended = self.live.remove(&id.0);
                assert!(matches!(ended, Some(LiveTransport::Get | LiveTransport::Post)), "{id:?} is {ended:?}");
            }
            A::PostLast(..) => {}
        }
    }

    fn on_started(&mut self, id: TransportId, kind: LiveTransport) {
        assert!(id.0 > self.last_id, "{id:?} is not new");
        assert!(!self.live.values().any(|live| *live == kind), "two of {kind:?}");
        self.last_id = id.0;
        self.live.insert(id.0, kind);
    }

    fn on_handed_over(&mut self, text: &str) {
        for rest in text.split("[\"n\",").skip(1) {
            if let Some(number) = rest.split(']').next().and_then(|number| number.parse().ok()) {
                self.buffered.remove(&number);
            }
        }
    }

    /// Disconnects, and answers nothing from then on: everything ends within its time.
    fn end(&mut self) {
        self.is_ending = true;
        let id = self.session.disconnect(self.now, None);
        self.requests.insert(id);
        self.take_outputs();
        if core::mem::take(&mut self.is_decoding) {
            self.session.handle_input(self.now, Input::Decoded(Ok(Vec::new())));
            self.take_outputs();
        }
        let begun = self.now;
        while !self.session.is_idle() {
            if self.session.wants_flush() {
                self.session.flush(self.now);
                self.take_outputs();
                continue;
            }
            let deadline = self.session.poll_timeout().expect("a deadline of a session that has not ended");
            self.now = self.now.max(deadline);
            // The longest heartbeat is that of a handshake in `bytes.rs`.
            assert!(self.now <= begun + 200_000, "a wait without an end");
            self.session.handle_timeout(self.now);
            self.take_outputs();
        }
        assert!(self.live.is_empty(), "left behind: {:?}", self.live);
        assert!(self.requests.is_empty(), "{:?} are never settled", self.requests);
        assert!(self.calls.is_empty(), "{:?} never end", self.calls);
        assert_eq!((self.session.unsent(), self.session.poll_timeout()), (0, None));
        assert!(self.buffered.len() <= self.lost, "{:?} are lost in silence; {} are counted", self.buffered, self.lost);
    }
}

fn endpoints() -> Endpoints<String> {
    Endpoints { polling: "http://x/?EIO=".to_owned(), websocket: "ws://x/?EIO=".to_owned() }
}

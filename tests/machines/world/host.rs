//! The host and the driver: what they do with the session's actions, and what must hold of these.

use super::network::{Fault, Parcel, Socket};
use super::{Act, World, parser};
use crate::peer::read_post;
use socketio_wasm::engine::{self, Endpoints, TransportError, TransportId};
use socketio_wasm::protocol::{EnginePacket, Frame, PacketType, ProtocolError, ProtocolVersion, StdWire, read_payload};
use socketio_wasm::socket::{Action, DisconnectCause, IncomingPayload, Input, OutgoingPayload};

impl World {
    /// A transport that the host reports as ended may not be named any more.
    pub(super) fn note_end(&mut self, input: &Input<StdWire>) {
        let Input::Engine(input) = input else { return };
        match input {
            engine::Input::WebSocketClosed(id, _) => {
                self.live_sockets.remove(&id.0);
            }
            engine::Input::Responded(id, ..)
            | engine::Input::RequestFailed(id, _)
            | engine::Input::RequestUnsent(id, _) => {
                if self.live_gets.remove(&id.0) {
                    self.is_fed = brings_message(input);
                }
                if self.live_posts.remove(&id.0) && is_unread(input) {
                    self.unread_posts.insert(id.0);
                }
            }
            engine::Input::WebSocketOpened(_)
            | engine::Input::WebSocketReceived(..)
            | engine::Input::WebSocketBuffered(..) => {}
        }
    }

    /// Acts on all outputs of the session, one by one, as the driver does.
    pub(super) fn act(&mut self) {
        if core::mem::replace(&mut self.is_acting, true) {
            return;
        }
        let mut count = 0;
        while let Some(action) = self.session.poll_output() {
            count += 1;
            assert!(count < 5_000, "{count} actions at once");
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
        self.is_acting = false;
    }

    /// Nothing that a peer answers may set the rate of the client's requests.
    fn count_idle_request(&mut self) {
        let second = self.now / 1_000;
        let (last, count) = self.idle_requests;
        self.idle_requests = if last == second { (second, count + 1) } else { (second, 1) };
        assert!(self.idle_requests.1 <= 60, "a hot loop of requests");
    }

    /// Nothing is handed over that the server is known not to take.
    fn is_wanted(&self, frame: &Frame<StdWire>) {
        let Frame::Text(text) = frame else { return };
        let Some(rest) = text.strip_prefix("42") else { return };
        let name = rest.split_once(',').map_or("/", |(name, _)| if name.starts_with('/') { name } else { "/" });
        assert!(!self.forsaken.contains(name), "{text} for a namespace that the server has left");
    }

    /// npm servers drop events that they read together with the DISCONNECT that follows them.
    pub(super) fn sent_apart(&mut self, id: u32, frames: &[Frame<StdWire>]) {
        let (now, socket) = (self.now, self.sockets.entry(id).or_default());
        for frame in frames {
            match frame {
                Frame::Text(text) if text.starts_with("41") => {
                    assert!(
                        socket.last_message.is_none_or(|last| now >= last + 50),
                        "a DISCONNECT right after an event"
                    );
                }
                Frame::Text(text) if !text.starts_with('4') || text.starts_with("40") => {}
                _ => socket.last_message = Some(now),
            }
        }
    }

    pub(super) fn new_transport(&mut self, id: TransportId) -> u32 {
        assert!(id.0 > self.last_id, "{id:?} is not new");
        self.last_id = id.0;
        id.0
    }

    pub(super) fn carry_out(&mut self, action: engine::Action<StdWire>) {
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
                    Fault::Cut | Fault::Refuse | Fault::Stray | Fault::SendError => self.cut_socket(id),
                    _ => {
                        self.sockets.get_mut(&id).unwrap().up_free = self.now + delay;
                        self.enqueue(self.now + delay, Parcel::Open(id, url));
                    }
                }
            }
            A::SendFrames(id, frames) => {
                assert!(self.live_sockets.contains(&id.0), "SendFrames on {id:?}, which is dead");
                assert!(!frames.is_empty());
                self.sent_apart(id.0, &frames);
                for frame in frames {
                    self.is_wanted(&frame);
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
                let failure = TransportError::SocketClosed(1005, String::new());
                self.report(2, engine::Input::WebSocketClosed(id, failure));
            }
            A::Get(id, url) => {
                let id = self.new_transport(id);
                assert!(self.live_gets.insert(id) && self.live_gets.len() == 1, "two GETs in flight");
                if !core::mem::take(&mut self.is_fed) {
                    self.count_idle_request();
                }
                self.request(id, Parcel::Get(id, url));
            }
            A::Post(id, url, body) => {
                let id = self.new_transport(id);
                let frames = read_post(&body, url.contains("EIO=3"));
                frames.iter().for_each(|frame| self.is_wanted(frame));
                let packets: Vec<String> = frames
                    .into_iter()
                    .map(|frame| match frame {
                        Frame::Text(text) => text,
                        Frame::Bytes(_) => "b".to_owned(),
                    })
                    .collect();
                for (at, packet) in packets.iter().enumerate().filter(|(_, packet)| packet.starts_with('1')) {
                    assert!(
                        packets[..at].iter().all(|other| other.starts_with(['2', '3'])),
                        "{packet} among {packets:?}"
                    );
                }
                let first_leave = packets.iter().position(|packet| packet.starts_with("41"));
                let messages = |packet: &String| packet.starts_with(['4', 'b']);
                if let Some(at) = first_leave {
                    assert!(!packets[..at].iter().any(messages), "a DISCONNECT among {packets:?}");
                }
                if !packets.iter().any(messages) {
                    self.count_idle_request();
                }
                assert!(self.live_posts.insert(id) && self.live_posts.len() == 1, "two POSTs in flight");
                self.request(id, Parcel::Post(id, url, body));
            }
            A::MeasureWebSocket(id) => {
                assert!(self.live_sockets.contains(&id.0), "MeasureWebSocket of {id:?}, which is dead");
                let bytes = self.measured.pop_front().unwrap_or(self.sockets[&id.0].buffered);
                let input = engine::Input::WebSocketBuffered(id, bytes);
                self.session.handle_input(self.now, Input::Engine(input));
            }
            A::PostLast(url, body) => {
                assert!(body == "1" || body == "1:1", "{body}");
                self.enqueue(self.now + self.latency, Parcel::Post(0, url, body));
            }
            A::Abort(id) => {
                let live = self.live_gets.remove(&id.0) || self.live_posts.remove(&id.0);
                assert!(live, "Abort of {id:?}, which is dead");
                self.enqueue(self.now + self.latency, Parcel::Aborted(id.0));
                self.report(2, engine::Input::RequestFailed(id, Some("aborted".into())));
            }
        }
    }

    pub(super) fn tell(&mut self, action: Act) {
        self.note(action);
        self.react();
    }

    fn note(&mut self, action: Act) {
        match action {
            Action::Decode(frame) => {
                // User code runs before the packets are reported.
                self.react();
                let packets = self.parser.as_mut().expect("a parser").read(frame);
                self.session.handle_input(self.now, Input::Decoded(packets));
            }
            Action::Prepare(attempt) => {
                self.forsaken.clear();
                if let Some(parser) = &mut self.parser {
                    parser.reset();
                }
                self.nothing_lives();
                let endpoints = Endpoints {
                    polling: "http://x/socket.io/?transport=polling&EIO=".to_owned(),
                    websocket: "ws://x/socket.io/?transport=websocket&EIO=".to_owned(),
                };
                let random = self.random.pop_front().unwrap_or(0.5);
                let input = match self.url_fails.checked_sub(1) {
                    None => Input::Prepared(attempt, endpoints, random),
                    Some(left) => {
                        self.url_fails = left;
                        Input::PreparationFailed(attempt, random)
                    }
                };
                self.enqueue(self.now, Parcel::ToClient(input));
            }
            Action::Authenticate(attempt, names) => {
                if self.parser.is_some() && self.auth_fails == 0 {
                    for name in names {
                        let packets = [PacketType::Connect, PacketType::Disconnect];
                        let packets = packets.map(|kind| parser::written(kind, &name, None, "", Vec::new()));
                        self.enqueue(self.now, Parcel::ToClient(Input::ConnectEncoded(attempt, name, packets)));
                    }
                    return;
                }
                let auth = self.auth.clone();
                let input = match self.auth_fails.checked_sub(1) {
                    None => Input::Authenticated(attempt, names, auth),
                    Some(left) => {
                        self.auth_fails = left;
                        Input::AuthenticationFailed(attempt, names)
                    }
                };
                self.enqueue(self.now, Parcel::ToClient(input));
            }
            Action::Event(name, payload, responder) => {
                assert!(self.connected.contains(&name), "an event before {name} is connected");
                if let IncomingPayload::Json(json, _) = &payload
                    && serde_json::from_str::<serde_json::Value>(json).is_err()
                {
                    self.session.handle_input(self.now, Input::Malformed(ProtocolError::BadJson, Some(json.clone())));
                } else if let Some(responder) = responder.filter(|_| self.answers) {
                    let answer = r#"["heard"]"#;
                    let content = match (&self.parser, self.session.ack_target(responder)) {
                        (Some(_), Some((name, id))) => OutgoingPayload::Encoded(parser::written(
                            PacketType::Ack,
                            name,
                            Some(id),
                            answer,
                            Vec::new(),
                        )),
                        _ => OutgoingPayload::Json(answer.to_owned(), Vec::new()),
                    };
                    self.session.answer(self.now, responder, content);
                }
            }
            Action::Acknowledged(call, _) | Action::CallFailed(call, _) => {
                assert!(self.calls.remove(&call), "{call:?} ended twice");
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
                assert!(self.unsettled.remove(&id) || self.entering.remove(&id), "{id:?} is settled twice");
                if self.next.remove(&id) {
                    // Its last namespace was left before its turn came: a session that is not begun.
                    self.begun -= 1;
                }
            }
            Action::DisconnectDone(id, unsent) => {
                assert!(self.leaving.remove(&id), "{id:?} is done twice");
                self.left.push(unsent);
            }
            Action::Connected(name) => {
                assert!(self.connected.insert(name.clone()), "{name} connected twice");
                self.forsaken.remove(&name);
                self.greeted.insert(name);
            }
            Action::Disconnected(name, parting) => {
                assert!(self.connected.remove(&name), "{name} disconnected twice");
                if let DisconnectCause::Server(_) = parting {
                    self.forsaken.insert(name);
                }
            }
            Action::DisconnectFinal(name) => {
                assert!(!self.connected.contains(&name), "Final before Disconnected");
                self.greeted.remove(&name);
            }
            _ => {}
        }
    }

    pub(super) fn nothing_lives(&self) {
        let live = (&self.live_gets, &self.live_posts, &self.live_sockets);
        assert!(live.0.is_empty() && live.1.is_empty() && live.2.is_empty(), "left behind: {live:?}");
    }
}

/// Whether the answer to a poll brings a message.
fn brings_message(input: &engine::Input<StdWire>) -> bool {
    let engine::Input::Responded(_, 200, body) = input else { return false };
    let version = ProtocolVersion::of_payload(body);
    read_payload::<StdWire>(body.clone(), version).any(|packet| matches!(packet, Ok(EnginePacket::Message(_))))
}

/// Whether the answer to a POST says that the server has not read it.
fn is_unread(input: &engine::Input<StdWire>) -> bool {
    match input {
        engine::Input::RequestUnsent(..) => true,
        engine::Input::Responded(_, 400, body) => body.contains("Session ID unknown"),
        _ => false,
    }
}

/// An action in few words; nothing for what is between session and driver.
pub fn word(action: &Act) -> String {
    match action {
        Action::Engine(_) | Action::Prepare(_) | Action::Authenticate(..) => String::new(),
        Action::Connected(name) => format!("connected {name}"),
        Action::Refused(name, data) => format!("refused {name} {}", data.as_ref().map_or("-".to_owned(), shown)),
        Action::AttemptFailed(name, failure) => format!("attempt failed {name}: {}", failure.cause()),
        Action::Event(name, payload, _) => format!("event {name} {}", shown(payload)),
        Action::Acknowledged(call, payload) => format!("ack {} {}", call.0, shown(payload)),
        Action::CallFailed(call, why) => format!("call {} failed: {why:?}", call.0),
        Action::Dropped(_, excess) => format!("dropped {} over {}", excess.size, excess.limit),
        Action::Lost(name, loss, count) => format!("{count} events of {name}: {loss:?}"),
        Action::DisconnectDone(_, 0) => String::new(),
        Action::DisconnectDone(_, unsent) => format!("left with {unsent} unsent"),
        Action::Disconnected(name, parting) => match parting {
            DisconnectCause::Client | DisconnectCause::Server(None) => {
                format!("disconnected {name}: {}", parting.reason().name())
            }
            DisconnectCause::Server(Some(data)) => {
                format!("disconnected {name}: {}, {}", parting.reason().name(), shown(data))
            }
            DisconnectCause::Lost(_) => {
                format!("disconnected {name}: {}, {}", parting.reason().name(), parting.cause())
            }
        },
        Action::DisconnectFinal(name) => format!("final {name}"),
        Action::Settled(_, Ok(())) => "connect ok".to_owned(),
        Action::Settled(_, Err(why)) => format!("connect failed: {why:?}"),
        Action::Upgraded => "upgraded".to_owned(),
        Action::Decode(_) => "parse".to_owned(),
        Action::AuthUnused => "auth unused".to_owned(),
        Action::Ended => "ended".to_owned(),
    }
}

fn shown(payload: &IncomingPayload<StdWire>) -> String {
    match payload {
        IncomingPayload::Json(json, _) => json.clone(),
        IncomingPayload::Value(value) => format!("value {value}"),
    }
}

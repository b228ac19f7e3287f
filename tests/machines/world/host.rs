//! The host in virtual time: what it does with the actions of an engine, and what must hold of these.

use super::network::{Fault, Parcel, Socket};
use super::state::State;
use super::{Slot, UserPanic};
use crate::peer::read_post;
use socketio_wasm::driver::Host;
use socketio_wasm::engine::{self, TransportError, TransportId};
use socketio_wasm::protocol::{EnginePacket, Frame, ProtocolVersion, StdWire, read_payload};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// The host. Its clock is the world's.
pub struct VirtualHost(pub(super) Slot);

impl Host for VirtualHost {
    type Wire = StdWire;

    fn now(&self) -> u64 {
        self.0.with(|state| state.now)
    }

    fn perform(&self, action: engine::Action<StdWire>) -> Option<engine::Input<StdWire>> {
        self.0.with(|state| {
            state.count_output();
            state.wire.push((state.now, action.clone()));
            state.carry_out(action)
        })
    }

    fn flush_soon(&self) {
        self.0.with(|state| {
            assert!(!state.is_flush_due, "a flush that is due already");
            state.flushes += 1;
            state.is_flush_due = true;
        });
    }

    fn set_timer(&self, deadline: Option<u64>) {
        self.0.with(|state| state.timer = deadline);
    }

    fn on_timer_fired(&self) {
        self.0.with(|state| state.timer = None);
    }

    fn listen_to_network(&self, is_wanted: bool) {
        self.0.with(|state| {
            assert_ne!(state.is_listening, is_wanted);
            state.is_listening = is_wanted;
        });
    }

    /// A panic of user code ends here; a failed assertion does not.
    fn guard(&self, call: impl FnOnce()) {
        let handlers = self.0.with(|state| {
            state.guards += 1;
            state.outputs = 0;
            state.handlers
        });
        let ended = catch_unwind(AssertUnwindSafe(call));
        self.0.with(|state| {
            state.guards -= 1;
            state.handlers = handlers;
        });
        match ended {
            Err(panic) if panic.is::<UserPanic>() => self.0.with(|state| state.panics += 1),
            Err(panic) => resume_unwind(panic),
            Ok(()) => {}
        }
    }

    fn throw(&self, message: &str) -> ! {
        panic!("{message}")
    }
}

impl State {
    /// A transport that the host reports as ended may no longer be named.
    pub(super) fn note_end(&mut self, input: &engine::Input<StdWire>) {
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

    /// npm servers drop events that they read together with the DISCONNECT that follows them, and close a connection on which they read a
    /// CONNECT together with the DISCONNECT before it.
    pub(super) fn sent_apart(&mut self, id: u32, frames: &[Frame<StdWire>]) {
        let (now, socket) = (self.now, self.sockets.entry(id).or_default());
        for frame in frames {
            match frame {
                Frame::Text(text) if text.starts_with("41") => {
                    assert!(
                        socket.last_message.is_none_or(|last| now >= last + 50),
                        "a DISCONNECT right after an event"
                    );
                    socket.last_leave = Some(now);
                }
                Frame::Text(text) if text.starts_with("40") => {
                    assert!(
                        socket.last_leave.is_none_or(|last| now >= last + 50),
                        "a CONNECT right after a DISCONNECT"
                    );
                }
                Frame::Text(text) if !text.starts_with('4') => {}
                _ => socket.last_message = Some(now),
            }
        }
    }

    pub(super) fn new_transport(&mut self, id: TransportId) -> u32 {
        assert!(id.0 > self.last_id, "{id:?} is not new");
        self.last_id = id.0;
        id.0
    }

    pub(super) fn carry_out(&mut self, action: engine::Action<StdWire>) -> Option<engine::Input<StdWire>> {
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
                    let enters = packets[at..].iter().any(|packet| packet.starts_with("40"));
                    assert!(!enters, "a CONNECT behind a DISCONNECT in {packets:?}");
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
                return Some(engine::Input::WebSocketBuffered(id, bytes));
            }
            A::PostLast(url, body) => {
                let said = body.clone().into_text();
                assert!(said == "1" || said == "1:1", "{said}");
                self.enqueue(self.now + self.latency, Parcel::Post(0, url, body));
            }
            A::Abort(id) => {
                let live = self.live_gets.remove(&id.0) || self.live_posts.remove(&id.0);
                assert!(live, "Abort of {id:?}, which is dead");
                self.enqueue(self.now + self.latency, Parcel::Aborted(id.0));
                self.report(2, engine::Input::RequestFailed(id, Some("aborted".into())));
            }
        }
        None
    }
}

/// Returns true if the answer to a poll brings a message.
fn brings_message(input: &engine::Input<StdWire>) -> bool {
    let engine::Input::Responded(_, 200, body) = input else { return false };
    let version = ProtocolVersion::of_payload(body);
    read_payload::<StdWire>(body.clone(), version).any(|packet| matches!(packet, Ok(EnginePacket::Message(_))))
}

/// Returns true if the answer to a POST says that the server has not read it.
fn is_unread(input: &engine::Input<StdWire>) -> bool {
    match input {
        engine::Input::RequestUnsent(..) => true,
        engine::Input::Responded(_, 400, body) => body.clone().into_text().contains("Session ID unknown"),
        _ => false,
    }
}

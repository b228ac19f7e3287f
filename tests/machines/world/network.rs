//! The network between host and server: every message passes through here, and may meet a fault.

use super::state::State;
use crate::peer::Sent;
use socketio_wasm::engine::{self, Transport, TransportError, TransportId};
use socketio_wasm::protocol::{Body, Frame, StdWire};
use socketio_wasm::socket::Input;

/// A mishap of one message on its way: a request, its answer, a websocket's opening or one of its frames.
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
    /// The host repeats each of its reports, the second time for a transport that is dead by then.
    Twice,
    /// The server is restarted before the message reaches it.
    Restart,
    /// A request is answered by a node that does not know the session; a websocket is cut.
    Stray,
    /// Not one byte of a request is sent; a websocket is cut.
    SendError,
    /// A poll is answered at once by a NOOP that is not the server's. To anything else nothing happens.
    Noop,
}

#[derive(Debug, Clone)]
pub(super) enum Parcel {
    Get(u32, String),
    Post(u32, String, Body<StdWire>),
    Aborted(u32),
    Open(u32, String),
    Frame(u32, Frame<StdWire>),
    Closed(u32),
    ToClient(Input<StdWire>),
}

#[derive(Debug, Default, Clone)]
pub(super) struct Socket {
    /// Frames arrive in their order: no earlier than this.
    pub(super) up_free: u64,
    pub(super) down_free: u64,
    pub(super) silent: bool,
    /// The network has cut it.
    pub(super) cut: bool,
    /// The bytes that it has not given to the network.
    pub(super) buffered: usize,
    /// When it last took a message other than DISCONNECT.
    pub(super) last_message: Option<u64>,
    /// When it last took a DISCONNECT.
    pub(super) last_leave: Option<u64>,
}

impl State {
    /// A parcel arrives at the server.
    pub(super) fn arrive(&mut self, parcel: Parcel) {
        match parcel {
            Parcel::ToClient(_) => unreachable!("the world hands it to the driver"),
            Parcel::Get(id, url) => self.server.get(self.now, id, &url),
            Parcel::Post(id, url, body) => self.server.post(self.now, id, &url, &body),
            Parcel::Aborted(id) => self.server.aborted(id),
            Parcel::Open(id, url) => {
                self.sockets.entry(id).or_default().down_free = self.now + self.latency;
                self.server.socket_opened(self.now, id, &url);
                if !matches!(self.server.sent.last(), Some(Sent::Hidden(_) | Sent::Answer(..))) {
                    self.report(self.latency, engine::Input::WebSocketOpened(TransportId(id)));
                }
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

    pub(super) fn restart_server(&mut self) {
        self.server.restart();
        self.post_all();
    }

    pub(super) fn fault(&mut self) -> Fault {
        self.faults.pop_front().unwrap_or(Fault::None)
    }

    pub(super) fn enqueue(&mut self, at: u64, parcel: Parcel) {
        self.order += 1;
        self.queue.insert((at, self.order), parcel);
    }

    pub(super) fn report(&mut self, delay: u64, input: engine::Input<StdWire>) {
        self.enqueue(self.now + delay, Parcel::ToClient(Input::Engine(input)));
    }

    /// A request on its way to the server.
    pub(super) fn request(&mut self, id: u32, parcel: Parcel) {
        let latency = self.latency;
        let mut delay = latency;
        match self.fault() {
            Fault::Noop if matches!(&parcel, Parcel::Get(_, url) if url.contains("&sid=")) => {
                let is_old = matches!(&parcel, Parcel::Get(_, url) if url.contains("EIO=3"));
                let noop = if is_old { "1:6" } else { "6" }.to_owned();
                return self.report(latency, engine::Input::Responded(TransportId(id), 200, noop.into()));
            }
            Fault::None | Fault::Twice | Fault::Noop => {}
            Fault::Delay(more) => delay += more,
            Fault::Silence => return,
            Fault::Cut => return self.report(latency, engine::Input::RequestFailed(TransportId(id), None)),
            Fault::SendError => return self.report(latency, engine::Input::RequestUnsent(TransportId(id), None)),
            Fault::Stray => {
                let body = r#"{"code":1,"message":"Session ID unknown"}"#.to_owned();
                return self.report(latency, engine::Input::Responded(TransportId(id), 400, body.into()));
            }
            Fault::Refuse => {
                let body = "bad gateway".to_owned();
                return self.report(latency, engine::Input::Responded(TransportId(id), 502, body.into()));
            }
            Fault::Restart => self.restart_server(),
        }
        self.enqueue(self.now + delay, parcel);
    }

    /// Puts on their way the messages that the server has sent.
    pub(super) fn post_all(&mut self) {
        while !self.server.sent.is_empty() {
            for sent in core::mem::take(&mut self.server.sent) {
                match sent {
                    Sent::Answer(id, status, body) => self.response(id, status, body),
                    Sent::Frame(id, frame) => self.down(id, frame),
                    Sent::Hidden(id) => self.hidden(id),
                    Sent::Close(id) => self.cut_socket(id),
                }
            }
        }
    }

    /// A refusal of which the platform tells nothing.
    fn hidden(&mut self, id: u32) {
        let id = TransportId(id);
        let input = match self.sockets.get_mut(&id.0) {
            None => engine::Input::RequestFailed(id, None),
            Some(socket) => {
                socket.cut = true;
                engine::Input::WebSocketClosed(id, TransportError::Unreachable(Transport::WebSocket, None))
            }
        };
        self.report(self.latency, input);
    }

    pub(super) fn response(&mut self, id: u32, status: u16, body: Body<StdWire>) {
        let latency = self.latency;
        let mut delay = latency;
        if let Some(socket) = self.sockets.get_mut(&id) {
            // A websocket that is refused in words.
            socket.cut = true;
            let failure = TransportError::from_status(status, body.into_text());
            return self.report(latency, engine::Input::WebSocketClosed(TransportId(id), failure));
        }
        let mut input = engine::Input::Responded(TransportId(id), status, body);
        match self.fault() {
            Fault::None | Fault::Restart | Fault::Stray | Fault::SendError | Fault::Noop => {}
            Fault::Delay(more) => delay += more,
            Fault::Silence => return,
            Fault::Cut => input = engine::Input::RequestFailed(TransportId(id), Some("reset".into())),
            Fault::Refuse => input = engine::Input::Responded(TransportId(id), 502, "bad gateway".to_owned().into()),
            Fault::Twice => self.report(latency + 3, input.clone()),
        }
        self.report(delay, input);
    }

    pub(super) fn up(&mut self, id: u32, frame: Frame<StdWire>) {
        let fault = self.fault();
        if fault == Fault::Restart {
            self.restart_server();
        }
        let (now, latency) = (self.now, self.latency);
        let socket = self.sockets.entry(id).or_default();
        match fault {
            Fault::None | Fault::Twice | Fault::Restart | Fault::Noop => {}
            Fault::Delay(more) => socket.up_free = socket.up_free.max(now + latency + more),
            Fault::Silence => socket.silent = true,
            Fault::Cut | Fault::Refuse | Fault::Stray | Fault::SendError => return self.cut_socket(id),
        }
        if !socket.silent && !socket.cut {
            let at = socket.up_free.max(now + latency);
            self.enqueue(at, Parcel::Frame(id, frame));
        }
    }

    pub(super) fn down(&mut self, id: u32, frame: Frame<StdWire>) {
        let fault = self.fault();
        let (now, latency) = (self.now, self.latency);
        let socket = self.sockets.entry(id).or_default();
        match fault {
            Fault::None | Fault::Twice | Fault::Restart | Fault::Noop => {}
            Fault::Delay(more) => socket.down_free = socket.down_free.max(now + latency + more),
            Fault::Silence => socket.silent = true,
            Fault::Cut | Fault::Refuse | Fault::Stray | Fault::SendError => return self.cut_socket(id),
        }
        if !socket.silent && !socket.cut {
            let delay = socket.down_free.max(now + latency) - now;
            self.report(delay, engine::Input::WebSocketReceived(TransportId(id), frame));
        }
    }

    pub(super) fn cut_socket(&mut self, id: u32) {
        let (now, latency) = (self.now, self.latency);
        let socket = self.sockets.entry(id).or_default();
        if core::mem::replace(&mut socket.cut, true) || socket.silent {
            return;
        }
        let (up, down) = (socket.up_free.max(now + latency), socket.down_free.max(now + latency));
        self.enqueue(up, Parcel::Closed(id));
        let failure = TransportError::SocketClosed(1006, String::new());
        self.report(down - now, engine::Input::WebSocketClosed(TransportId(id), failure.clone()));
        // Some hosts report an error and then the close.
        self.report(down - now + 1, engine::Input::WebSocketClosed(TransportId(id), failure));
    }
}

//! A server for these tests: Engine.IO 4 and Socket.IO 5, or their older versions, in virtual time, with its own parser. It is as
//! strict as real servers.
//!
//! It panics if a real server would drop packets or close the session: overlapping requests, a POST of more than 16 packets or
//! more than `max_payload`, a request after the upgrade, an event of a namespace that is not connected, a string among
//! attachments.

mod behavior;
mod engine;
mod socket;
mod version;

pub use behavior::Behavior;
pub use version::{Versions, read_post};

use socket::Pending;
use socketio_wasm::protocol::{Body, Frame, StdWire};
use std::collections::VecDeque;

/// A report of the server to the network.
#[derive(Debug, Clone)]
pub enum Sent {
    Answer(u32, u16, Body<StdWire>),
    /// A request is refused, and the platform hides the answer.
    Hidden(u32),
    Frame(u32, Frame<StdWire>),
    Close(u32),
}

/// An event that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The Engine.IO session.
    pub sid: String,
    pub namespace: String,
    pub json: String,
    pub attachments: Vec<Vec<u8>>,
}

#[derive(Debug, Clone)]
struct Connection {
    sid: String,
    /// Packets that wait for a poll or a websocket.
    out: VecDeque<Frame<StdWire>>,
    get: Option<u32>,
    socket: Option<u32>,
    /// The websocket that probes.
    probing: Option<u32>,
    namespaces: Vec<String>,
    /// Namespaces that the server has left by itself: events that the client sent before it knew are ignored.
    left: Vec<String>,
    /// CONNECTs that are not answered yet: the time of the answer, and the namespace.
    connecting: Vec<(u64, String)>,
    pending: Option<Pending>,
    next_ping: u64,
    pong_until: Option<u64>,
    /// True if it uses V3.
    is_v3: bool,
    /// True if its upgrade was cut off, and nothing is sent to it from then on.
    is_stuck: bool,
}

/// The server.
#[derive(Debug, Clone, Default)]
pub struct Server {
    pub behavior: Behavior,
    connections: Vec<Connection>,
    next_sid: u32,
    /// Every event that came, in order, over all connections.
    pub received: Vec<Received>,
    /// Every answer to an event of this server: its id and JSON.
    pub answers: Vec<(u64, String)>,
    /// Every CONNECT: namespace and JSON.
    pub connects: Vec<(String, String)>,
    pub disconnects: Vec<String>,
    /// The JSON of events for namespaces that the server had left.
    pub ignored: Vec<String>,
    pub pongs: u32,
    /// True if it has sent frames that need not be packets, to which answers may come.
    has_sent_raw: bool,
    /// True if it has left a namespace by itself.
    has_left_namespace: bool,
    /// The number of clients that were refused for their version.
    pub refused_clients: u32,
    /// The number of CONNECTs for connected namespaces, in V3.
    pub repeated_connects: u32,
    pub sent: Vec<Sent>,
}

impl Server {
    pub fn new(behavior: Behavior) -> Self {
        Self { behavior, ..Self::default() }
    }

    /// Returns the connected namespaces of all connections.
    pub fn namespaces(&self) -> Vec<String> {
        self.connections.iter().flat_map(|connection| connection.namespaces.clone()).collect()
    }

    pub fn connection_count(&self) -> usize {
        self.connections.len()
    }

    /// Forgets all connections, as a restart does. Websockets are closed, and requests get no answer.
    pub fn restart(&mut self) {
        for connection in core::mem::take(&mut self.connections) {
            self.sent.extend(connection.socket.into_iter().chain(connection.probing).map(Sent::Close));
        }
    }

    /// Forgets all connections silently.
    pub fn restart_silently(&mut self) {
        self.connections.clear();
    }

    /// Closes every session by a CLOSE packet.
    pub fn close_all(&mut self) {
        for at in 0..self.connections.len() {
            self.connections[at].out.push_back(Frame::Text("1".into()));
            self.deliver(at);
        }
        self.restart();
    }

    /// Sends Socket.IO packets to every connection; over polling, in one payload.
    pub fn send_together(&mut self, packets: &[&str]) {
        for at in 0..self.connections.len() {
            for packet in packets {
                self.push(at, packet, &[]);
            }
            self.deliver(at);
        }
    }

    /// Sends a Socket.IO packet to every connection.
    pub fn send(&mut self, packet: &str, attachments: &[Vec<u8>]) {
        for at in 0..self.connections.len() {
            self.push(at, packet, attachments);
            self.deliver(at);
        }
    }

    /// Sends any frame to every connection.
    pub fn send_raw(&mut self, frame: &Frame<StdWire>) {
        self.has_sent_raw = true;
        for at in 0..self.connections.len() {
            self.connections[at].out.push_back(frame.clone());
            self.deliver(at);
        }
    }

    // Reports of the network

    pub fn get(&mut self, now: u64, id: u32, url: &str) {
        if !url.contains("&sid=") {
            let Some(is_v3) = self.admits(url) else {
                return self.refuse(id);
            };
            let at = self.accept(now, is_v3);
            self.connections[at].get = Some(id);
            self.deliver(at);
            return;
        }
        let Some(at) = self.find(url) else {
            self.sent.push(Sent::Answer(id, 400, r#"{"code":1,"message":"Session ID unknown"}"#.into()));
            return;
        };
        assert!(self.connections[at].socket.is_none(), "GET after the upgrade");
        assert!(self.connections[at].get.is_none(), "two GETs overlap");
        self.connections[at].get = Some(id);
        if self.connections[at].is_stuck {
            self.connections[at].get = None;
            let noop = if self.connections[at].is_v3 { "1:6" } else { "6" };
            self.sent.push(Sent::Answer(id, 200, noop.into()));
            return;
        }
        if self.connections[at].probing.is_some() && self.connections[at].out.is_empty() {
            self.connections[at].out.push_back(Frame::Text("6".into()));
        }
        self.deliver(at);
    }

    pub fn post(&mut self, now: u64, id: u32, url: &str, body: &Body<StdWire>) {
        let Some(at) = self.find(url) else {
            self.sent.push(Sent::Answer(id, 400, r#"{"code":1,"message":"Session ID unknown"}"#.into()));
            return;
        };
        assert!(self.connections[at].socket.is_none(), "POST after the upgrade");
        let size = match body {
            Body::Text(text) => text.len(),
            Body::Bytes(bytes) => bytes.len(),
        };
        assert!(size > 0, "an empty POST");
        if let Some(limit) = self.behavior.max_payload {
            assert!(size <= limit, "a POST of {size} bytes, {limit} at most");
        }
        let frames = read_post(body, self.connections[at].is_v3);
        let most = self.behavior.max_packets;
        assert!(most.is_none_or(|most| frames.len() <= most), "{} packets in one POST", frames.len());
        self.sent.push(Sent::Answer(id, 200, if most.is_some() { "OK" } else { "ok" }.into()));
        let sid = self.connections[at].sid.clone();
        for frame in frames {
            self.engine_packet(now, &sid, frame);
        }
    }

    /// The client has aborted a hanging GET: for a real server, that ends the session.
    pub fn aborted(&mut self, id: u32) {
        self.connections.retain(|connection| connection.get != Some(id));
    }

    pub fn socket_opened(&mut self, now: u64, id: u32, url: &str) {
        if url.contains("&sid=") {
            match self.find(url) {
                Some(at) if self.behavior.stuck_upgrades => {
                    self.connections[at].is_stuck = true;
                    self.sent.push(Sent::Close(id));
                }
                Some(at) if self.behavior.upgrades && self.connections[at].socket.is_none() => {
                    self.connections[at].probing = Some(id);
                }
                _ => self.sent.push(Sent::Close(id)),
            }
            return;
        }
        let Some(is_v3) = self.admits(url) else {
            return self.refuse(id);
        };
        let at = self.accept(now, is_v3);
        self.connections[at].socket = Some(id);
        self.deliver(at);
    }

    pub fn socket_received(&mut self, now: u64, id: u32, frame: Frame<StdWire>) {
        if let Some(at) = self.connections.iter().position(|connection| connection.probing == Some(id)) {
            match &frame {
                Frame::Text(text) if text == "2probe" => {
                    if self.behavior.answers_probes {
                        self.sent.push(Sent::Frame(id, Frame::Text("3probe".into())));
                        if self.connections[at].get.is_some() {
                            self.connections[at].out.push_back(Frame::Text("6".into()));
                            self.deliver(at);
                        }
                    }
                }
                Frame::Text(text) if text == "5" => {
                    assert!(self.connections[at].get.is_none(), "upgraded under a hanging GET");
                    self.connections[at].probing = None;
                    self.connections[at].socket = Some(id);
                    self.deliver(at);
                }
                other => panic!("{other:?} on a websocket that probes"),
            }
            return;
        }
        let Some(connection) = self.connections.iter().find(|connection| connection.socket == Some(id)) else { return };
        if let Some(limit) = self.behavior.max_payload {
            let size = match &frame {
                Frame::Text(text) => text.len(),
                Frame::Bytes(bytes) => bytes.len(),
            };
            assert!(size <= limit, "a frame of {size} bytes, {limit} at most");
        }
        let frame = if connection.is_v3 { version::unwrap(frame) } else { frame };
        let sid = connection.sid.clone();
        self.engine_packet(now, &sid, frame);
    }

    pub fn socket_closed(&mut self, id: u32) {
        for connection in &mut self.connections {
            if connection.probing == Some(id) {
                connection.probing = None;
            }
        }
        self.connections.retain(|connection| connection.socket != Some(id));
    }

    pub fn deadline(&self) -> Option<u64> {
        let pings = self.connections.iter().map(|connection| connection.pong_until.unwrap_or(connection.next_ping));
        pings
            .chain(self.connections.iter().flat_map(|connection| connection.connecting.iter().map(|(at, _)| *at)))
            .min()
    }

    pub fn tick(&mut self, now: u64) {
        self.answer_connects(now);
        let mut gone = Vec::new();
        for at in 0..self.connections.len() {
            let connection = &mut self.connections[at];
            match connection.pong_until {
                Some(until) if now >= until => gone.push(connection.sid.clone()),
                None if now >= connection.next_ping && !connection.is_v3 => {
                    connection.pong_until = Some(now + self.behavior.ping_timeout);
                    connection.out.push_back(Frame::Text("2".into()));
                    self.deliver(at);
                }
                _ => {}
            }
        }
        for sid in gone {
            self.forget(&sid);
        }
    }
}

//! A server of our own: Engine.IO 4 and Socket.IO 5, or their older versions, in virtual time, with its own parser, strict
//! where real servers are.
//!
//! It panics where a real server would drop packets or close the session: overlapping requests, a POST of more than 16
//! packets or more than `max_payload`, a request after the upgrade, an event of a namespace that is not connected, text
//! among attachments.

mod socket;
mod version;

pub use version::{Speaks, read_post};

use socket::Pending;
use socketio_wasm::protocol::{Frame, StdWire};
use std::collections::{BTreeMap, VecDeque};

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct Manners {
    pub speaks: Speaks,
    pub ping_interval: u64,
    pub ping_timeout: u64,
    /// What the handshake says of the interval, where that is not the truth.
    pub said_interval: Option<u64>,
    pub upgrades: bool,
    pub max_payload: Option<usize>,
    /// With a limit to their number it answers a POST as python-engineio does, else as npm's `engine.io`.
    pub max_packets: Option<usize>,
    /// How long a CONNECT takes.
    pub connect_takes: u64,
    /// Namespaces refused, with the JSON that says why.
    pub refused: BTreeMap<String, String>,
    /// What is sent to a namespace before its CONNECT is answered.
    pub overtaking: Vec<String>,
    /// What is sent to a namespace right behind the answer to its CONNECT.
    pub welcome: Vec<String>,
    /// Whether the probe is answered.
    pub probes: bool,
    /// Whether a websocket that is to carry a session is cut behind its handshake, and polls are answered with NOOP from then on,
    /// as by python-engineio.
    pub stuck_upgrades: bool,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            speaks: Speaks::V4,
            ping_interval: 25_000,
            ping_timeout: 20_000,
            said_interval: None,
            upgrades: true,
            max_payload: Some(1_000_000),
            max_packets: Some(16),
            connect_takes: 0,
            refused: BTreeMap::new(),
            overtaking: Vec::new(),
            welcome: Vec::new(),
            probes: true,
            stuck_upgrades: false,
        }
    }
}

/// What the server hands to the network.
#[derive(Debug, Clone)]
pub enum Sent {
    Answer(u32, u16, String),
    /// A request is refused, and the platform hides how.
    Hidden(u32),
    Frame(u32, Frame<StdWire>),
    Close(u32),
}

/// An event as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The Engine.IO session.
    pub sid: String,
    pub namespace: String,
    pub json: String,
    pub attachments: Vec<Vec<u8>>,
}

#[derive(Debug, Clone)]
struct Guest {
    sid: String,
    /// Packets that wait for a poll or a websocket.
    out: VecDeque<Frame<StdWire>>,
    get: Option<u32>,
    socket: Option<u32>,
    /// A websocket that probes.
    probing: Option<u32>,
    namespaces: Vec<String>,
    /// Namespaces that the server has left by itself: what was sent before the client knew is ignored.
    left: Vec<String>,
    /// CONNECTs not answered yet: when, and which namespace.
    connecting: Vec<(u64, String)>,
    pending: Option<Pending>,
    next_ping: u64,
    pong_until: Option<u64>,
    /// Whether it is spoken to in V3.
    old: bool,
    /// Whether its upgrade was cut off, and nothing is sent to it any more.
    is_stuck: bool,
}

/// The server.
#[derive(Debug, Clone, Default)]
pub struct Server {
    pub manners: Manners,
    guests: Vec<Guest>,
    next_sid: u32,
    /// Every event that came, in order, over all connections.
    pub received: Vec<Received>,
    /// Every answer to an event of ours: its id and JSON.
    pub answers: Vec<(u64, String)>,
    /// Every CONNECT: namespace and JSON.
    pub connects: Vec<(String, String)>,
    pub disconnects: Vec<String>,
    /// The JSON of events that came for a namespace that the server had left.
    pub ignored: Vec<String>,
    pub pongs: u32,
    /// Whether it has sent what need not be a packet, to which answers may come.
    has_babbled: bool,
    /// Whether it has left a namespace by itself.
    has_left: bool,
    /// Clients that asked for another version than the one spoken.
    pub refused: u32,
    /// Namespaces that were asked for again, in V3.
    pub doubles: u32,
    pub sent: Vec<Sent>,
}

impl Server {
    pub fn new(manners: Manners) -> Self {
        Self { manners, ..Self::default() }
    }

    /// The connected namespaces, of all guests.
    pub fn namespaces(&self) -> Vec<String> {
        self.guests.iter().flat_map(|guest| guest.namespaces.clone()).collect()
    }

    pub fn guests(&self) -> usize {
        self.guests.len()
    }

    /// Forgets everybody, as a restart does. Websockets are closed, requests get no answer.
    pub fn restart(&mut self) {
        for guest in core::mem::take(&mut self.guests) {
            self.sent.extend(guest.socket.into_iter().chain(guest.probing).map(Sent::Close));
        }
    }

    /// Forgets everybody, and nobody is told.
    pub fn restart_silently(&mut self) {
        self.guests.clear();
    }

    /// Closes every session by a CLOSE packet.
    pub fn close_all(&mut self) {
        for at in 0..self.guests.len() {
            self.guests[at].out.push_back(Frame::Text("1".into()));
            self.deliver(at);
        }
        self.restart();
    }

    /// Sends Socket.IO packets to every guest, in one payload where it polls.
    pub fn send_together(&mut self, packets: &[&str]) {
        for at in 0..self.guests.len() {
            for packet in packets {
                self.push(at, packet, &[]);
            }
            self.deliver(at);
        }
    }

    /// Sends a Socket.IO packet to every guest.
    pub fn send(&mut self, packet: &str, attachments: &[Vec<u8>]) {
        for at in 0..self.guests.len() {
            self.push(at, packet, attachments);
            self.deliver(at);
        }
    }

    /// Sends a frame to every guest, whatever it is.
    pub fn send_raw(&mut self, frame: &Frame<StdWire>) {
        self.has_babbled = true;
        for at in 0..self.guests.len() {
            self.guests[at].out.push_back(frame.clone());
            self.deliver(at);
        }
    }

    // What the network brings

    pub fn get(&mut self, now: u64, id: u32, url: &str) {
        if !url.contains("&sid=") {
            let Some(old) = self.admits(url) else {
                return self.refuse(id);
            };
            let at = self.welcome(now, old);
            self.guests[at].get = Some(id);
            self.deliver(at);
            return;
        }
        let Some(at) = self.find(url) else {
            self.sent.push(Sent::Answer(id, 400, r#"{"code":1,"message":"Session ID unknown"}"#.into()));
            return;
        };
        assert!(self.guests[at].socket.is_none(), "GET after the upgrade");
        assert!(self.guests[at].get.is_none(), "two GETs overlap");
        self.guests[at].get = Some(id);
        if self.guests[at].is_stuck {
            self.guests[at].get = None;
            let noop = if self.guests[at].old { "1:6" } else { "6" };
            self.sent.push(Sent::Answer(id, 200, noop.into()));
            return;
        }
        if self.guests[at].probing.is_some() && self.guests[at].out.is_empty() {
            self.guests[at].out.push_back(Frame::Text("6".into()));
        }
        self.deliver(at);
    }

    pub fn post(&mut self, now: u64, id: u32, url: &str, body: &str) {
        let Some(at) = self.find(url) else {
            self.sent.push(Sent::Answer(id, 400, r#"{"code":1,"message":"Session ID unknown"}"#.into()));
            return;
        };
        assert!(self.guests[at].socket.is_none(), "POST after the upgrade");
        assert!(!body.is_empty(), "an empty POST");
        if let Some(limit) = self.manners.max_payload {
            assert!(body.len() <= limit, "a POST of {} bytes, {limit} at most", body.len());
        }
        let frames = read_post(body, self.guests[at].old);
        let most = self.manners.max_packets;
        assert!(most.is_none_or(|most| frames.len() <= most), "{} packets in one POST", frames.len());
        self.sent.push(Sent::Answer(id, 200, if most.is_some() { "OK" } else { "ok" }.into()));
        let sid = self.guests[at].sid.clone();
        for frame in frames {
            self.engine_packet(now, &sid, frame);
        }
    }

    /// The client gave a hanging GET up: for a real server, the end of the session.
    pub fn aborted(&mut self, id: u32) {
        self.guests.retain(|guest| guest.get != Some(id));
    }

    pub fn socket_opened(&mut self, now: u64, id: u32, url: &str) {
        if url.contains("&sid=") {
            match self.find(url) {
                Some(at) if self.manners.stuck_upgrades => {
                    self.guests[at].is_stuck = true;
                    self.sent.push(Sent::Close(id));
                }
                Some(at) if self.manners.upgrades && self.guests[at].socket.is_none() => {
                    self.guests[at].probing = Some(id);
                }
                _ => self.sent.push(Sent::Close(id)),
            }
            return;
        }
        let Some(old) = self.admits(url) else {
            return self.refuse(id);
        };
        let at = self.welcome(now, old);
        self.guests[at].socket = Some(id);
        self.deliver(at);
    }

    pub fn socket_received(&mut self, now: u64, id: u32, frame: Frame<StdWire>) {
        if let Some(at) = self.guests.iter().position(|guest| guest.probing == Some(id)) {
            match &frame {
                Frame::Text(text) if text == "2probe" => {
                    if self.manners.probes {
                        self.sent.push(Sent::Frame(id, Frame::Text("3probe".into())));
                        if self.guests[at].get.is_some() {
                            self.guests[at].out.push_back(Frame::Text("6".into()));
                            self.deliver(at);
                        }
                    }
                }
                Frame::Text(text) if text == "5" => {
                    assert!(self.guests[at].get.is_none(), "upgraded under a hanging GET");
                    self.guests[at].probing = None;
                    self.guests[at].socket = Some(id);
                    self.deliver(at);
                }
                other => panic!("{other:?} on a websocket that probes"),
            }
            return;
        }
        let Some(guest) = self.guests.iter().find(|guest| guest.socket == Some(id)) else { return };
        if let Some(limit) = self.manners.max_payload {
            let size = match &frame {
                Frame::Text(text) => text.len(),
                Frame::Bytes(bytes) => bytes.len(),
            };
            assert!(size <= limit, "a frame of {size} bytes, {limit} at most");
        }
        let frame = if guest.old { version::unwrap(frame) } else { frame };
        let sid = guest.sid.clone();
        self.engine_packet(now, &sid, frame);
    }

    pub fn socket_closed(&mut self, id: u32) {
        for guest in &mut self.guests {
            if guest.probing == Some(id) {
                guest.probing = None;
            }
        }
        self.guests.retain(|guest| guest.socket != Some(id));
    }

    pub fn deadline(&self) -> Option<u64> {
        let pings = self.guests.iter().map(|guest| guest.pong_until.unwrap_or(guest.next_ping));
        pings.chain(self.guests.iter().flat_map(|guest| guest.connecting.iter().map(|(at, _)| *at))).min()
    }

    pub fn tick(&mut self, now: u64) {
        self.answer_connects(now);
        let mut gone = Vec::new();
        for at in 0..self.guests.len() {
            let guest = &mut self.guests[at];
            match guest.pong_until {
                Some(until) if now >= until => gone.push(guest.sid.clone()),
                None if now >= guest.next_ping && !guest.old => {
                    guest.pong_until = Some(now + self.manners.ping_timeout);
                    guest.out.push_back(Frame::Text("2".into()));
                    self.deliver(at);
                }
                _ => {}
            }
        }
        for sid in gone {
            self.forget(&sid);
        }
    }

    // Engine.IO

    /// A new guest, with the OPEN packet on its way.
    fn welcome(&mut self, now: u64, old: bool) -> usize {
        self.next_sid += 1;
        let sid = format!("engine{}", self.next_sid);
        let manners = &self.manners;
        let upgrades = if manners.upgrades { r#"["websocket"]"# } else { "[]" };
        let says_max = matches!(manners.speaks, Speaks::V4 | Speaks::Both);
        let max =
            manners.max_payload.filter(|_| says_max).map(|max| format!(r#","maxPayload":{max}"#)).unwrap_or_default();
        let open = format!(
            r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":{},"pingTimeout":{}{max}}}"#,
            manners.said_interval.unwrap_or(manners.ping_interval),
            manners.ping_timeout
        );
        let refused = self.manners.refused.get("/");
        let greeting = old.then(|| Frame::Text(refused.map_or("40".to_owned(), |json| format!("44{json}"))));
        self.guests.push(Guest {
            sid,
            out: core::iter::once(Frame::Text(open)).chain(greeting).collect(),
            get: None,
            socket: None,
            probing: None,
            namespaces: if old && refused.is_none() { vec!["/".to_owned()] } else { Vec::new() },
            left: Vec::new(),
            connecting: Vec::new(),
            pending: None,
            next_ping: now + self.manners.ping_interval,
            // In V3 it is the client's ping that is waited for.
            pong_until: old.then(|| now + self.manners.ping_interval + self.manners.ping_timeout),
            old,
            is_stuck: false,
        });
        self.guests.len() - 1
    }

    fn find(&self, url: &str) -> Option<usize> {
        let sid = url.split("&sid=").nth(1)?;
        self.guests.iter().position(|guest| guest.sid == sid)
    }

    /// The session is gone: its websocket is closed, its poll released.
    fn forget(&mut self, sid: &str) {
        let Some(at) = self.guests.iter().position(|guest| guest.sid == sid) else { return };
        let guest = self.guests.remove(at);
        self.sent.extend(guest.socket.into_iter().chain(guest.probing).map(Sent::Close));
        let close = if guest.old { "1:1" } else { "1" };
        self.sent.extend(guest.get.map(|id| Sent::Answer(id, 200, close.into())));
    }

    fn engine_packet(&mut self, now: u64, sid: &str, frame: Frame<StdWire>) {
        let Some(at) = self.guests.iter().position(|guest| guest.sid == sid) else {
            panic!("a packet after CLOSE: {frame:?}");
        };
        let text = match frame {
            Frame::Bytes(bytes) => return self.attachment(at, bytes),
            Frame::Text(text) => text,
        };
        match text.as_bytes()[0] {
            b'1' => self.forget(sid),
            b'2' => {
                let guest = &mut self.guests[at];
                assert!(guest.old || self.has_babbled, "a ping of a client");
                if !guest.old {
                    return;
                }
                guest.pong_until = Some(now + self.manners.ping_interval + self.manners.ping_timeout);
                guest.out.push_back(Frame::Text(format!("3{}", &text[1..])));
                self.pongs += 1;
                self.deliver(at);
            }
            b'3' => {
                self.pongs += 1;
                let guest = &mut self.guests[at];
                assert!(guest.pong_until.is_some() || self.has_babbled, "a pong that nobody asked for");
                if !guest.old {
                    guest.pong_until = None;
                    guest.next_ping = now + self.manners.ping_interval;
                }
            }
            b'4' => self.socket_packet(now, at, &text[1..]),
            _ => panic!("a client does not send {text:?}"),
        }
    }

    /// Sends what waits, where there is a way.
    fn deliver(&mut self, at: usize) {
        let guest = &mut self.guests[at];
        if let Some(id) = guest.socket {
            let old = guest.old;
            let frames = guest.out.drain(..).map(|frame| if old { version::wrap(frame) } else { frame });
            self.sent.extend(frames.map(|frame| Sent::Frame(id, frame)));
        } else if let Some(id) = guest.get
            && !guest.out.is_empty()
        {
            let body = version::write_payload(guest.out.drain(..), guest.old);
            guest.get = None;
            self.sent.push(Sent::Answer(id, 200, body));
        }
    }
}

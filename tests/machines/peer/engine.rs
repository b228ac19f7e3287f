//! The server's Engine.IO half.

use super::version;
use super::{Connection, Sent, Server, Versions};
use socketio_wasm::protocol::{Frame, StdWire};

impl Server {
    /// Adds a connection, with its OPEN packet queued.
    pub(super) fn accept(&mut self, now: u64, is_v3: bool) -> usize {
        self.next_sid += 1;
        let sid = format!("engine{}", self.next_sid);
        let behavior = &self.behavior;
        let upgrades = if behavior.upgrades { r#"["websocket"]"# } else { "[]" };
        let says_max = matches!(behavior.versions, Versions::V4 | Versions::Both);
        let max =
            behavior.max_payload.filter(|_| says_max).map(|max| format!(r#","maxPayload":{max}"#)).unwrap_or_default();
        let open = format!(
            r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":{},"pingTimeout":{}{max}}}"#,
            behavior.stated_interval.unwrap_or(behavior.ping_interval),
            behavior.ping_timeout
        );
        let refused = self.behavior.refused.get("/");
        let root_connect = is_v3.then(|| Frame::Text(refused.map_or("40".to_owned(), |json| format!("44{json}"))));
        self.connections.push(Connection {
            sid,
            out: core::iter::once(Frame::Text(open)).chain(root_connect).collect(),
            get: None,
            socket: None,
            probing: None,
            namespaces: if is_v3 && refused.is_none() { vec!["/".to_owned()] } else { Vec::new() },
            left: Vec::new(),
            connecting: Vec::new(),
            pending: None,
            next_ping: now + self.behavior.ping_interval,
            // In V3 the server waits for the client's ping.
            pong_until: is_v3.then(|| now + self.behavior.ping_interval + self.behavior.ping_timeout),
            is_v3,
            is_stuck: false,
        });
        self.connections.len() - 1
    }

    pub(super) fn find(&self, url: &str) -> Option<usize> {
        let sid = url.split("&sid=").nth(1)?;
        self.connections.iter().position(|connection| connection.sid == sid)
    }

    /// Ends a session: its websocket is closed, its poll released.
    pub(super) fn forget(&mut self, sid: &str) {
        let Some(at) = self.connections.iter().position(|connection| connection.sid == sid) else { return };
        let connection = self.connections.remove(at);
        self.sent.extend(connection.socket.into_iter().chain(connection.probing).map(Sent::Close));
        let close = if connection.is_v3 { "1:1" } else { "1" };
        self.sent.extend(connection.get.map(|id| Sent::Answer(id, 200, close.into())));
    }

    pub(super) fn engine_packet(&mut self, now: u64, sid: &str, frame: Frame<StdWire>) {
        let Some(at) = self.connections.iter().position(|connection| connection.sid == sid) else {
            panic!("a packet after CLOSE: {frame:?}");
        };
        let text = match frame {
            Frame::Bytes(bytes) => return self.attachment(at, bytes),
            Frame::Text(text) => text,
        };
        match text.as_bytes()[0] {
            b'1' => self.forget(sid),
            b'2' => {
                let connection = &mut self.connections[at];
                assert!(connection.is_v3 || self.has_sent_raw, "a ping of a client of V4");
                if !connection.is_v3 {
                    return;
                }
                connection.pong_until = Some(now + self.behavior.ping_interval + self.behavior.ping_timeout);
                connection.out.push_back(Frame::Text(format!("3{}", &text[1..])));
                self.pongs += 1;
                self.deliver(at);
            }
            b'3' => {
                self.pongs += 1;
                let connection = &mut self.connections[at];
                assert!(connection.pong_until.is_some() || self.has_sent_raw, "a pong without a ping");
                if !connection.is_v3 {
                    connection.pong_until = None;
                    connection.next_ping = now + self.behavior.ping_interval;
                }
            }
            b'4' => self.socket_packet(now, at, &text[1..]),
            _ => panic!("a client does not send {text:?}"),
        }
    }

    /// Sends queued packets, if the connection has a transport for them.
    pub(super) fn deliver(&mut self, at: usize) {
        let connection = &mut self.connections[at];
        if let Some(id) = connection.socket {
            let is_v3 = connection.is_v3;
            let frames = connection.out.drain(..).map(|frame| if is_v3 { version::wrap(frame) } else { frame });
            self.sent.extend(frames.map(|frame| Sent::Frame(id, frame)));
        } else if let Some(id) = connection.get
            && !connection.out.is_empty()
        {
            let body = version::write_payload(connection.out.drain(..), connection.is_v3);
            connection.get = None;
            self.sent.push(Sent::Answer(id, 200, body));
        }
    }
}

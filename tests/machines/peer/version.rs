//! The differences between the protocol versions, on the server's side.

use super::{Sent, Server};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use socketio_wasm::protocol::{Body, Frame, ProtocolVersion, StdWire};

/// The versions that the server speaks, and its answer to a client that requests another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versions {
    /// V4 alone; others are refused with a message.
    V4,
    /// V3 for every client, like npm `socket.io` 1.x and 2.x.
    V3,
    /// V3 if it is requested; others are refused with a message, like python-engineio 3.x.
    V3Asked,
    /// V3 if it is requested; the message for others is hidden, as in browsers.
    V3Hidden,
    /// The requested version, like npm `socket.io` with `allowEIO3`.
    Both,
}

impl Versions {
    /// Returns the version that a client must be given, since it cannot be detected.
    pub fn version_to_give(self) -> Option<ProtocolVersion> {
        (self == Self::V3Hidden).then_some(ProtocolVersion::V3)
    }
}

impl Server {
    /// Returns whether a client with this URL is served in V3; `None` if it is refused.
    pub(super) fn admits(&mut self, url: &str) -> Option<bool> {
        let is_v3_requested = url.ends_with("EIO=3");
        assert!(is_v3_requested || url.ends_with("EIO=4"), "{url}");
        let is_v3 = match self.behavior.versions {
            Versions::V4 => (!is_v3_requested).then_some(false),
            Versions::V3 => Some(true),
            Versions::V3Asked | Versions::V3Hidden => is_v3_requested.then_some(true),
            Versions::Both => Some(is_v3_requested),
        };
        self.refused_clients += u32::from(is_v3.is_none());
        is_v3
    }

    /// Refuses the request of a client.
    pub(super) fn refuse(&mut self, id: u32) {
        let body = r#""The client is using an unsupported version of the Socket.IO or Engine.IO protocols""#;
        let hidden = self.behavior.versions == Versions::V3Hidden;
        self.sent.push(if hidden { Sent::Hidden(id) } else { Sent::Answer(id, 400, body.into()) });
    }
}

/// Reads the frames of a POST.
pub fn read_post(body: &Body<StdWire>, is_v3: bool) -> Vec<Frame<StdWire>> {
    match body {
        Body::Text(text) => read_text(text, is_v3),
        Body::Bytes(bytes) => {
            assert!(is_v3, "a payload in bytes is of V3");
            read_bytes(bytes)
        }
    }
}

fn read_bytes(mut rest: &[u8]) -> Vec<Frame<StdWire>> {
    let mut frames = Vec::new();
    while let Some((kind, behind)) = rest.split_first() {
        let end = behind.iter().position(|byte| *byte == 255).expect("the end of a length");
        let length = behind[..end].iter().fold(0, |length, digit| 10 * length + usize::from(*digit));
        let (packet, next) = behind[end + 1..].split_at(length);
        frames.push(match kind {
            0 => Frame::Text(String::from_utf8(packet.to_vec()).expect("UTF-8")),
            1 => unwrap(Frame::Bytes(packet.to_vec())),
            other => panic!("a packet of kind {other}"),
        });
        rest = next;
    }
    frames
}

fn read_text(body: &str, is_v3: bool) -> Vec<Frame<StdWire>> {
    let binary = |base64: &str| Frame::Bytes(STANDARD.decode(base64).expect("base64"));
    if !is_v3 {
        let packets = body.split('\u{1e}');
        return packets.map(|it| it.strip_prefix('b').map_or_else(|| Frame::Text(it.to_owned()), binary)).collect();
    }
    let mut rest: Vec<u16> = body.encode_utf16().collect();
    let mut frames = Vec::new();
    while !rest.is_empty() {
        let colon = rest.iter().position(|unit| *unit == u16::from(b':')).expect("a length");
        let length: usize = String::from_utf16(&rest[..colon]).unwrap().parse().expect("a length");
        let packet = String::from_utf16(&rest[colon + 1..colon + 1 + length]).unwrap();
        frames.push(packet.strip_prefix("b4").map_or_else(|| Frame::Text(packet.clone()), binary));
        rest.drain(..colon + 1 + length);
    }
    frames
}

/// Writes a payload. In V3 it is in bytes if it has binary data; otherwise its lengths are in UTF-16 units, like those of npm `socket.io` 2.x.
pub(super) fn write_payload(frames: impl Iterator<Item = Frame<StdWire>>, is_v3: bool) -> Body<StdWire> {
    let frames: Vec<_> = frames.collect();
    if is_v3 && frames.iter().any(|frame| matches!(frame, Frame::Bytes(_))) {
        return Body::Bytes(frames.into_iter().flat_map(in_bytes).collect());
    }
    write_text(frames.into_iter(), is_v3).into()
}

fn in_bytes(frame: Frame<StdWire>) -> Vec<u8> {
    let (kind, data) = match wrap(frame) {
        Frame::Text(text) => (0, text.into_bytes()),
        Frame::Bytes(bytes) => (1, bytes),
    };
    let digits = data.len().to_string().bytes().map(|digit| digit - b'0').collect();
    [vec![kind], digits, vec![255], data].concat()
}

fn write_text(frames: impl Iterator<Item = Frame<StdWire>>, is_v3: bool) -> String {
    let packets = frames.map(|frame| match frame {
        Frame::Text(text) => text,
        Frame::Bytes(bytes) => format!("b{}{}", if is_v3 { "4" } else { "" }, STANDARD.encode(bytes)),
    });
    if is_v3 {
        packets.map(|packet| format!("{}:{packet}", packet.encode_utf16().count())).collect()
    } else {
        packets.collect::<Vec<_>>().join("\u{1e}")
    }
}

/// Makes a websocket frame to a client of V3.
pub(super) fn wrap(frame: Frame<StdWire>) -> Frame<StdWire> {
    match frame {
        Frame::Bytes(bytes) => Frame::Bytes([vec![4], bytes].concat()),
        text => text,
    }
}

/// Reads a websocket frame from a client of V3.
pub(super) fn unwrap(frame: Frame<StdWire>) -> Frame<StdWire> {
    match frame {
        Frame::Bytes(bytes) => {
            assert_eq!(bytes[0], 4, "the type of a binary message");
            Frame::Bytes(bytes[1..].to_vec())
        }
        text => text,
    }
}

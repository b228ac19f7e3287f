//! What differs between the versions, on the server's side.

use super::{Sent, Server};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use socketio_wasm::protocol::{Frame, ProtocolVersion, StdWire};

/// The version that the server speaks, and what it does with a client that asks for the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    /// Only V4: others are refused, in words.
    V4,
    /// V3 to everybody, as npm `socket.io` 1.x and 2.x.
    V3,
    /// V3 to who asks for it; others are refused in words, as python-engineio 3.x does it.
    V3Asked,
    /// The same, but the words are hidden, as browsers do it.
    V3Hidden,
    /// Each as it is asked, as npm `socket.io` with `allowEIO3`.
    Both,
}

impl Speaks {
    /// The version that a client must be given, since it cannot be found out.
    pub fn version_to_give(self) -> Option<ProtocolVersion> {
        (self == Self::V3Hidden).then_some(ProtocolVersion::V3)
    }
}

impl Server {
    /// Whether the client that comes with this URL is spoken to in V3; `None`: not at all.
    pub(super) fn admits(&mut self, url: &str) -> Option<bool> {
        let asked = url.ends_with("EIO=3");
        assert!(asked || url.ends_with("EIO=4"), "{url}");
        let old = match self.manners.speaks {
            Speaks::V4 => (!asked).then_some(false),
            Speaks::V3 => Some(true),
            Speaks::V3Asked | Speaks::V3Hidden => asked.then_some(true),
            Speaks::Both => Some(asked),
        };
        self.refused += u32::from(old.is_none());
        old
    }

    /// Answers the request of a client that is not spoken to.
    pub(super) fn refuse(&mut self, id: u32) {
        let body = r#""The client is using an unsupported version of the Socket.IO or Engine.IO protocols""#;
        let hidden = self.manners.speaks == Speaks::V3Hidden;
        self.sent.push(if hidden { Sent::Hidden(id) } else { Sent::Answer(id, 400, body.into()) });
    }
}

/// The frames of a POST.
pub fn read_post(body: &str, old: bool) -> Vec<Frame<StdWire>> {
    let binary = |base64: &str| Frame::Bytes(STANDARD.decode(base64).expect("base64"));
    if !old {
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

/// A payload; in V3 its lengths are in UTF-16 units, as npm `socket.io` 2.x counts.
pub(super) fn write_payload(frames: impl Iterator<Item = Frame<StdWire>>, old: bool) -> String {
    let packets = frames.map(|frame| match frame {
        Frame::Text(text) => text,
        Frame::Bytes(bytes) => format!("b{}{}", if old { "4" } else { "" }, STANDARD.encode(bytes)),
    });
    if old {
        packets.map(|packet| format!("{}:{packet}", packet.encode_utf16().count())).collect()
    } else {
        packets.collect::<Vec<_>>().join("\u{1e}")
    }
}

/// A websocket frame to a client of V3.
pub(super) fn wrap(frame: Frame<StdWire>) -> Frame<StdWire> {
    match frame {
        Frame::Bytes(bytes) => Frame::Bytes([vec![4], bytes].concat()),
        text => text,
    }
}

/// A websocket frame from a client of V3.
pub(super) fn unwrap(frame: Frame<StdWire>) -> Frame<StdWire> {
    match frame {
        Frame::Bytes(bytes) => {
            assert_eq!(bytes[0], 4, "the type of a binary message");
            Frame::Bytes(bytes[1..].to_vec())
        }
        text => text,
    }
}

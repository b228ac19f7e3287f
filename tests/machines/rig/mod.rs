//! Drives a machine by hand, one input at a time, and describes its outputs as strings.

mod engine_rig;
mod session_rig;

pub use engine_rig::EngineRig;
pub use session_rig::{SessionRig, request};

use socketio_wasm::engine::{self, Endpoints, Event, Output, TransportError, TransportId};
use socketio_wasm::protocol::{Frame, StdWire};

pub const POLLING: &str = "http://x/?transport=polling&EIO=";
pub const WEBSOCKET: &str = "ws://x/?transport=websocket&EIO=";

pub fn endpoints() -> Endpoints<String> {
    Endpoints { polling: POLLING.to_owned(), websocket: WEBSOCKET.to_owned() }
}

/// Returns an OPEN packet with a heartbeat of 25 + 20 s and a limit of 100 bytes.
pub fn open_packet(upgrades: &str) -> String {
    format!(r#"0{{"sid":"S","upgrades":[{upgrades}],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100}}"#)
}

pub fn closed(id: u32) -> engine::Input<StdWire> {
    engine::Input::WebSocketClosed(TransportId(id), TransportError::SocketClosed(1006, String::new()))
}

pub fn text(id: u32, text: &str) -> engine::Input<StdWire> {
    engine::Input::WebSocketReceived(TransportId(id), Frame::Text(text.to_owned()))
}

pub fn ok(id: u32, body: &str) -> engine::Input<StdWire> {
    engine::Input::Responded(TransportId(id), 200, body.into())
}

pub fn failed(id: u32) -> engine::Input<StdWire> {
    engine::Input::RequestFailed(TransportId(id), None)
}

pub fn opened(id: u32) -> engine::Input<StdWire> {
    engine::Input::WebSocketOpened(TransportId(id))
}

fn describe_frames(frames: &[Frame<StdWire>]) -> String {
    let outputs = frames.iter().map(|frame| match frame {
        Frame::Text(text) => text.clone(),
        Frame::Bytes(bytes) => format!("<{}>", bytes.len()),
    });
    outputs.collect::<Vec<_>>().join("|")
}

fn describe_action(action: &engine::Action<StdWire>) -> String {
    let of = |url: &str| {
        let session = url.split_once("&sid=").map(|(_, sid)| format!(" of {sid}")).unwrap_or_default();
        session + if url.contains("EIO=3") { " in V3" } else { "" }
    };
    match action {
        engine::Action::OpenWebSocket(id, url) => {
            assert!(url.starts_with(WEBSOCKET), "{url}");
            format!("open {}{}", id.0, of(url))
        }
        engine::Action::SendFrames(id, frames) => format!("send {} {}", id.0, describe_frames(frames)),
        engine::Action::CloseWebSocket(id) => format!("close {}", id.0),
        engine::Action::Get(id, url) => {
            assert!(url.starts_with(POLLING), "{url}");
            format!("get {}{}", id.0, of(url))
        }
        engine::Action::Post(id, url, body) => {
            assert!(url.starts_with(POLLING) && url.ends_with("&sid=S"), "{url}");
            format!("post {} {}", id.0, body.clone().into_text().replace('\u{1e}', "|"))
        }
        engine::Action::Abort(id) => format!("abort {}", id.0),
        engine::Action::MeasureWebSocket(id) => format!("measure {}", id.0),
        engine::Action::PostLast(url, body) => {
            assert!(url.starts_with(POLLING) && url.ends_with("&sid=S"), "{url}");
            format!("post last {}", body.clone().into_text())
        }
    }
}

pub fn describe_output(output: &Output<StdWire, u32>) -> String {
    match output {
        Output::Action(action) => describe_action(action),
        Output::Event(Event::Opened(handshake)) => format!("opened {}", handshake.sid),
        Output::Event(Event::Message(message)) => {
            format!("message {}", describe_frames(&[message.clone().into_frame()]))
        }
        Output::Event(Event::Upgraded) => "upgraded".to_owned(),
        Output::Event(Event::TooLarge(tag, excess)) => {
            format!("too large {tag}: {} over {}", excess.size, excess.limit)
        }
        Output::Event(Event::PossiblyLost(tags)) => format!("possibly lost {tags:?}"),
        Output::Event(Event::Closed(None)) => "closed".to_owned(),
        Output::Event(Event::Closed(Some(failure))) => format!("closed {failure:?}"),
    }
}

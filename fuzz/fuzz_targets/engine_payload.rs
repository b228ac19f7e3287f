//! Bytes as a polling payload, and as a websocket frame.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio_wasm::protocol::{EnginePacket, Frame, PayloadWriter, Revision, StdWire, Wire, read_payload};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let packets: Vec<_> = read_payload::<StdWire>(&text, Revision::V4).collect();
    assert_eq!(packets.len(), text.matches('\u{1e}').count() + 1);
    let mut payload = PayloadWriter::<StdWire>::new(usize::MAX, usize::MAX);
    for packet in packets.iter().flatten() {
        assert!(payload.push(&packet.clone().frame()));
    }
    // What was read is read again from what it is written as.
    let read: Vec<_> = packets.into_iter().flatten().collect();
    let again = payload.finish().map(|body| read_payload::<StdWire>(&body).flatten().collect::<Vec<_>>());
    assert_eq!(again.unwrap_or_default(), read);
    let _ = StdWire::read_handshake(&text);
    let _ = EnginePacket::<StdWire>::read(Frame::Text(text));
    let _ = EnginePacket::<StdWire>::read(Frame::Bytes(bytes.to_vec()));
});

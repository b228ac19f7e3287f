//! Reads bytes as a polling payload, and as a websocket frame, in each protocol version.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio_wasm::protocol::{Body, EnginePacket, Frame, PayloadWriter, ProtocolVersion, StdWire, Wire, read_payload};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let _ = StdWire::read_handshake(&text);
    for body in [Body::Text(text.clone()), Body::Bytes(bytes.to_vec())] {
        let _ = ProtocolVersion::of_payload::<StdWire>(&body);
        for revision in [ProtocolVersion::V3, ProtocolVersion::V4] {
            check(&body, revision);
        }
    }
    for revision in [ProtocolVersion::V3, ProtocolVersion::V4] {
        let packets: Vec<_> = read_payload::<StdWire>(text.clone(), revision).collect();
        if revision == ProtocolVersion::V4 {
            assert_eq!(packets.len(), text.matches('\u{1e}').count() + 1);
        }
        let mut payload = PayloadWriter::<StdWire>::new(revision, usize::MAX, usize::MAX);
        let read: Vec<_> = packets.into_iter().flatten().collect();
        for packet in &read {
            assert!(payload.push(&packet.clone().frame()));
        }
        // A packet that was read, written and read again is the same.
        let body = payload.finish();
        let again = body.iter().flat_map(|body| read_payload::<StdWire>(body.clone(), revision).flatten());
        assert!(again.eq(read));
        let _ = EnginePacket::<StdWire>::read(&Frame::Text(text.clone()), revision);
        let _ = EnginePacket::<StdWire>::read(&Frame::Bytes(bytes.to_vec()), revision);
    }
});

fn check(body: &Body<StdWire>, revision: ProtocolVersion) {
    let packets: Vec<_> = read_payload::<StdWire>(body.clone(), revision).collect();
    if revision == ProtocolVersion::V4 {
        assert_eq!(packets.len(), body.clone().into_text().matches('\u{1e}').count() + 1);
    }
    let mut payload = PayloadWriter::<StdWire>::new(revision, usize::MAX, usize::MAX);
    let read: Vec<_> = packets.into_iter().flatten().collect();
    for packet in &read {
        assert!(payload.push(&packet.clone().frame()));
    }
    // A payload that was read is written, and reads the same again.
    let written = payload.finish();
    let again = written.iter().flat_map(|body| read_payload::<StdWire>(body.clone(), revision).flatten());
    assert!(again.eq(read));
}

//! Reads bytes as a polling payload, and as a websocket frame, in each protocol version.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio_wasm::protocol::{Body, EnginePacket, Frame, PayloadWriter, ProtocolVersion, StdWire, Wire, read_payload};

const VERSIONS: [ProtocolVersion; 2] = [ProtocolVersion::V3, ProtocolVersion::V4];

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let _ = StdWire::read_handshake(&text);
    for body in [Body::Text(text.clone()), Body::Bytes(bytes.to_vec())] {
        let _ = ProtocolVersion::of_payload::<StdWire>(&body);
        for version in VERSIONS {
            check(&body, version);
        }
    }
    for version in VERSIONS {
        let _ = EnginePacket::<StdWire>::read(&Frame::Text(text.clone()), version);
        let _ = EnginePacket::<StdWire>::read(&Frame::Bytes(bytes.to_vec()), version);
    }
});

fn check(body: &Body<StdWire>, version: ProtocolVersion) {
    let packets: Vec<_> = read_payload::<StdWire>(body.clone(), version).collect();
    if version == ProtocolVersion::V4 {
        assert_eq!(packets.len(), body.clone().into_text().matches('\u{1e}').count() + 1);
    }
    let mut payload = PayloadWriter::<StdWire>::new(version, usize::MAX, usize::MAX);
    let read: Vec<_> = packets.into_iter().flatten().collect();
    for packet in &read {
        assert!(payload.push(&packet.clone().frame()));
    }
    // A payload that was read is written, and reads the same again.
    let written = payload.finish();
    let again = written.iter().flat_map(|body| read_payload::<StdWire>(body.clone(), version).flatten());
    assert!(again.eq(read));
}

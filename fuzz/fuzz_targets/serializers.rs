//! Reads bytes as a packet of each serializer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio_wasm::Message;
use socketio_wasm::serializers::{Cbor, MessagePack, Packet, Pickle, Serializer};

/// Reads a packet. Returns `None` if the serializer refuses the bytes.
fn read(format: &dyn Serializer, bytes: &[u8]) -> Option<Packet> {
    let mut packets = format.decode(Message::Bytes(bytes.to_vec())).ok()?;
    assert_eq!(packets.len(), 1, "each frame is one packet");
    packets.pop()
}

fuzz_target!(|bytes: &[u8]| {
    let formats: [&dyn Serializer; 3] = [&MessagePack, &Cbor, &Pickle];
    for format in formats {
        let Some(packet) = read(format, bytes) else { continue };
        // A packet that was read, written and read again is the same. NaN is not equal to itself, so its string is compared.
        let written = format.encode(&packet).expect("a packet that was read can be written");
        let [Message::Bytes(written)] = &written[..] else { panic!("each packet is one frame of bytes") };
        let again = read(format, written).expect("a packet that was written can be read");
        assert_eq!(format!("{again:?}"), format!("{packet:?}"));
    }
});

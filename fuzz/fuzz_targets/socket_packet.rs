//! Bytes as a Socket.IO packet.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio_wasm::protocol::{Limits, StdWire, Text, Wire, message_text, read_header};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let _ = StdWire::read_sid(&text);
    let Ok(header) = read_header(&text, &Limits::default()) else { return };
    let payload = text.get(header.payload_at..).expect("a place inside the text");
    // A header that was read is read again from what it is written as.
    let payload = payload.to_owned();
    let written = message_text(header.kind, header.attachments, header.namespace.as_ref(), header.id, &payload).rest(1);
    let again = read_header(&written, &Limits::default()).expect("a header of our own");
    assert_eq!((again.kind, again.attachments, again.id), (header.kind, header.attachments, header.id));
    assert_eq!(again.namespace, header.namespace);
    assert_eq!(written.rest(again.payload_at), payload);
});

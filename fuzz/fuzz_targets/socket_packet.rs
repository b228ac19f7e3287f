//! Bytes as a Socket.IO packet.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio_wasm::protocol::{Header, Limits, StdWire, Text, Wire, message_text, read_header};

/// The header in this string, and the payload behind it; `None` if the header is refused.
fn read(text: &String) -> Option<(Header<String>, String)> {
    let header = read_header(text, &Limits::default()).ok()?;
    let payload = text.get(header.payload_at..).expect("a position inside the string").to_owned();
    Some((header, payload))
}

/// What an Engine.IO message with this packet carries.
fn write(header: &Header<String>, payload: &String) -> String {
    message_text(header.kind, header.attachments, header.namespace.as_ref(), header.id, payload).slice_from(1)
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let _ = StdWire::read_sid(&text);
    let Some((header, payload)) = read(&text) else { return };
    // A server may say in several ways what this client says in one: `/` by name, a namespace with a query, an id or a number
    // of attachments with leading zeros. So a header is not written as it was read, but it is read as it was written. This
    // needs a payload that can be JSON: behind a header without a namespace, one that begins with `/` would be taken for it.
    if payload.starts_with('/') {
        return;
    }
    let written = write(&header, &payload);
    let (again, payload_again) = read(&written).expect("a header of our own");
    assert_eq!((again.kind, again.attachments, again.id), (header.kind, header.attachments, header.id));
    assert_eq!((&again.namespace, &payload_again), (&header.namespace, &payload));
    // This client writes each packet in one way only.
    assert_eq!(write(&again, &payload_again), written);
});

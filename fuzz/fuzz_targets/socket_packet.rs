//! Reads bytes as a Socket.IO packet.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketio_wasm::protocol::{Header, Limits, StdWire, Text, Wire, message_text, read_header};

/// Reads the header of a string, and the payload behind it. Returns `None` if the header is refused.
fn read(text: &String) -> Option<(Header<String>, String)> {
    let header = read_header(text, 0, &Limits::default()).ok()?;
    let payload = text.get(header.payload_at..).expect("a position inside the string").to_owned();
    Some((header, payload))
}

/// Returns the Engine.IO message that carries this packet.
fn write(header: &Header<String>, payload: &String) -> String {
    message_text(header.kind, header.attachments, header.namespace.as_ref(), header.id, payload).slice_from(1)
}

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let _ = StdWire::read_sid(&text);
    let Some((header, payload)) = read(&text) else { return };
    // A server has several ways to write a header, this client has one. A server may name `/`, give a namespace a query, or begin an
    // id or a number of attachments with zeros. So this client may write another string than it read, but reading that string gives the
    // same header. The payload must not begin with `/`: behind a header without a namespace it would be read as one.
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

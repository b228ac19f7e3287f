//! Any packet encodes and decodes to itself, and no input panics a decoder.

use proptest::collection::vec;
use proptest::prelude::*;
use socketio_wasm::protocol::{
    Body, Bytes as _, EnginePacket, Frame, Header, Limits, PacketType, PayloadWriter, ProtocolVersion, StdWire,
    Text as _, Wire, message_text, read_header, read_payload,
};

fn kind() -> impl Strategy<Value = PacketType> {
    prop_oneof![
        Just(PacketType::Connect),
        Just(PacketType::Disconnect),
        Just(PacketType::Event),
        Just(PacketType::Ack),
        Just(PacketType::ConnectError)
    ]
}

fn version() -> impl Strategy<Value = ProtocolVersion> {
    prop_oneof![Just(ProtocolVersion::V3), Just(ProtocolVersion::V4)]
}

/// A frame of a client; JSON escapes the separator.
fn frame() -> impl Strategy<Value = Frame<StdWire>> {
    prop_oneof![
        "4[^\u{1e}]{0,40}".prop_map(Frame::Text),
        vec(any::<u8>(), 0..40).prop_map(Frame::Bytes),
        Just(Frame::Text("3".to_owned())),
    ]
}

/// A packet as a server of V3 sends it.
fn old_packet() -> impl Strategy<Value = Frame<StdWire>> {
    prop_oneof![
        "4.{0,20}".prop_map(Frame::Text),
        vec(any::<u8>(), 0..120).prop_map(Frame::Bytes),
        Just(Frame::Text("6".to_owned()))
    ]
}

/// A packet in the form in bytes, written by hand.
fn in_bytes(packet: &Frame<StdWire>) -> Vec<u8> {
    let (kind, data) = match packet {
        Frame::Text(text) => (0, text.as_bytes().to_vec()),
        Frame::Bytes(bytes) => (1, [&[4], &bytes[..]].concat()),
    };
    let digits = data.len().to_string().bytes().map(|digit| digit - b'0').collect::<Vec<_>>();
    [vec![kind], digits, vec![255], data].concat()
}

/// The same in the form in text.
fn in_text(packet: &Frame<StdWire>) -> String {
    let packet = match packet {
        Frame::Text(text) => text.clone(),
        Frame::Bytes(bytes) => bytes.to_base64(&"b4".to_owned()),
    };
    format!("{}:{packet}", packet.encode_utf16().count())
}

fn size(body: &Body<StdWire>) -> usize {
    match body {
        Body::Text(text) => text.len(),
        Body::Bytes(bytes) => bytes.len(),
    }
}

/// A string whose beginning looks like a packet.
fn almost() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "([0-9]{1,2}:[0-9b]?.{0,9}){0,5}",
        "[0-9b]{0,3}(-|/|,|[a-z]|[0-9]|\\?|\\[|\\{|é|\u{1e}){0,20}",
        "[0-6][0-9]{0,20}-?(/[a-z?,-]{0,5})?,?[0-9]{0,20}\\[?.{0,10}",
    ]
}

proptest! {
    #![proptest_config(crate::cases(2_000))]

    #[test]
    fn any_header_reads_as_it_was_written(
        kind in kind(),
        attachments in 0..=1_000_u32,
        namespace in proptest::option::of("/[^,?]{1,20}"),
        id in proptest::option::of(0..1_000_000_000_000_000_u64),
        json in "\\[.{0,30}\\]",
    ) {
        // Only events and acknowledgements have attachments and ids.
        let carries = matches!(kind, PacketType::Event | PacketType::Ack);
        let (attachments, id) = if carries { (attachments, id) } else { (0, None) };
        let text = message_text(kind, attachments, namespace.as_ref(), id, &json).slice_from(1);
        let payload_at = text.len() - json.len();
        let expected = Header { kind, attachments, namespace, id, payload_at };
        prop_assert_eq!(read_header(&text, 0, &Limits::default()), Ok(expected));
        prop_assert_eq!(text.slice_from(payload_at), json);
    }

    #[test]
    fn any_engine_packet_reads_as_it_was_written(frame in frame()) {
        let packet = EnginePacket::<StdWire>::read(&frame, ProtocolVersion::V4).unwrap();
        prop_assert_eq!(packet.frame(), frame);
    }

    #[test]
    fn payloads_give_back_the_frames_within_their_limits(
        version in version(),
        frames in vec(frame(), 0..60),
        max_packets in 1..20_usize,
        max_bytes in 200..600_usize,
    ) {
        let mut left = &frames[..];
        let mut read = Vec::new();
        while !left.is_empty() {
            let mut payload = PayloadWriter::<StdWire>::new(version, max_packets, max_bytes);
            let taken = left.iter().take_while(|frame| payload.push(frame)).count();
            prop_assert!(taken > 0, "{left:?}");
            let body = payload.finish().unwrap();
            prop_assert!(size(&body) <= max_bytes);
            // The payload is as full as its limits allow.
            if let Some(next) = left.get(taken) {
                let separators = if version == ProtocolVersion::V4 { taken } else { 0 };
                let size: usize = left[..taken].iter().chain([next]).map(|frame| version.polling_size(frame)).sum();
                prop_assert!(taken == max_packets || size + separators > max_bytes);
            }
            left = &left[taken..];
            for packet in read_payload(body.clone(), version) {
                read.push(packet.unwrap().frame());
            }
        }
        prop_assert_eq!(read, frames);
    }

    #[test]
    fn a_server_of_v3_is_read_in_utf_16_units(texts in vec("4.{0,20}", 1..10)) {
        let payload: String = texts.iter().map(|text| format!("{}:{text}", text.encode_utf16().count())).collect();
        let read: Vec<_> = read_payload::<StdWire>(payload.clone().into(), ProtocolVersion::V3).map(|packet| packet.unwrap().frame()).collect();
        prop_assert_eq!(read, texts.into_iter().map(Frame::Text).collect::<Vec<_>>());
        prop_assert_eq!(ProtocolVersion::of_payload::<StdWire>(&payload.into()), ProtocolVersion::V3);
    }

    #[test]
    fn a_payload_of_v3_in_bytes_is_read_as_the_one_in_text(packets in vec(old_packet(), 1..20)) {
        let bytes: Vec<u8> = packets.iter().flat_map(in_bytes).collect();
        let text: String = packets.iter().map(in_text).collect();
        let read = |body: Body<StdWire>| read_payload(body, ProtocolVersion::V3).collect::<Vec<_>>();
        let (bytes, text) = (Body::<StdWire>::Bytes(bytes), Body::<StdWire>::from(text));
        prop_assert_eq!(ProtocolVersion::of_payload(&bytes), ProtocolVersion::V3);
        prop_assert_eq!(read(bytes), read(text));
    }

    #[test]
    fn a_payload_of_v3_in_bytes_that_is_cut_off_ends_with_an_error(packets in vec(old_packet(), 1..5), cut in any::<prop::sample::Index>()) {
        let whole: Vec<u8> = packets.iter().flat_map(in_bytes).collect();
        let ends: Vec<usize> = packets.iter().scan(0, |end, packet| { *end += in_bytes(packet).len(); Some(*end) }).collect();
        let cut = 1 + cut.index(whole.len());
        let read: Vec<_> = read_payload(Body::<StdWire>::Bytes(whole[..cut].to_vec()), ProtocolVersion::V3).collect();
        let is_whole = ends.contains(&cut);
        prop_assert_eq!(read.last().unwrap().is_ok(), is_whole);
        prop_assert_eq!(read.len(), ends.iter().filter(|end| **end <= cut).count() + usize::from(!is_whole));
    }

    #[test]
    fn a_post_of_v3_is_in_bytes_if_it_has_text_beyond_ascii(frames in vec(frame(), 1..20)) {
        let mut payload = PayloadWriter::<StdWire>::new(ProtocolVersion::V3, usize::MAX, usize::MAX);
        prop_assert!(frames.iter().all(|frame| payload.push(frame)));
        let is_ascii = frames.iter().all(|frame| !matches!(frame, Frame::Text(text) if !text.is_ascii()));
        let body = payload.finish().unwrap();
        prop_assert_eq!(matches!(body, Body::Text(_)), is_ascii);
        let read: Vec<_> = read_payload(body, ProtocolVersion::V3).map(|packet| packet.unwrap().frame()).collect();
        prop_assert_eq!(read, frames);
    }

    #[test]
    fn a_websocket_frame_of_v3_is_read_as_it_was_wrapped(frame in frame()) {
        let mut wrapped = [frame.clone()];
        ProtocolVersion::V3.wrap(&mut wrapped);
        let [wrapped] = wrapped;
        let packet = EnginePacket::<StdWire>::read(&wrapped, ProtocolVersion::V3).unwrap();
        prop_assert_eq!(packet.frame(), frame);
    }

    #[test]
    fn nothing_panics_a_decoder(text in almost(), bytes in vec(any::<u8>(), 0..60)) {
        for text in [text, String::from_utf8_lossy(&bytes).into_owned()] {
            if let Ok(header) = read_header(&text, 0, &Limits::default()) {
                prop_assert!(header.payload_at <= text.len());
                prop_assert!(text.is_char_boundary(header.payload_at));
            }
            for version in [ProtocolVersion::V3, ProtocolVersion::V4] {
                let _ = EnginePacket::<StdWire>::read(&Frame::Text(text.clone()), version);
                let _ = EnginePacket::<StdWire>::read_polling(&text, version);
                prop_assert!(read_payload::<StdWire>(text.clone().into(), version).count() >= 1);
            }
            let _ = ProtocolVersion::of_payload::<StdWire>(&text.clone().into());
            let _ = StdWire::read_handshake(&text);
            let _ = StdWire::read_sid(&text);
            let _ = Vec::<u8>::from_base64(&text);
        }
        for version in [ProtocolVersion::V3, ProtocolVersion::V4] {
            let _ = EnginePacket::<StdWire>::read(&Frame::Bytes(bytes.clone()), version);
        }
    }

    #[test]
    fn a_text_measures_itself(text in any::<String>(), limit in 0..200_usize) {
        prop_assert_eq!(text.fits(limit), text.utf8_len() <= limit);
    }
}

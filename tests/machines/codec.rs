//! Packets of every shape that python-socketio and npm servers send, and the payloads that carry them.

use socketio_wasm::protocol::{
    Body, EnginePacket, Frame, Header, Limits, PacketType, PayloadWriter, ProtocolError, ProtocolVersion, StdWire,
    message_text, read_header, read_payload,
};

fn header(text: &str) -> Result<Header<String>, ProtocolError> {
    read_header(&text.to_owned(), 0, &Limits::default())
}

/// Returns type, attachments, namespace, id and payload of a packet.
fn parts(text: &str) -> (PacketType, u32, Option<String>, Option<u64>, &str) {
    let header = header(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    (header.kind, header.attachments, header.namespace, header.id, &text[header.payload_at..])
}

// [H1]
#[test]
fn packets_that_servers_send_are_read() {
    use PacketType::*;
    type Row = (&'static str, PacketType, u32, Option<&'static str>, Option<u64>, &'static str);
    let table: &[Row] = &[
        ("0", Connect, 0, None, None, ""),
        (r#"0{"sid":"x"}"#, Connect, 0, None, None, r#"{"sid":"x"}"#),
        (r#"0/admin,{"sid":"x","pid":"y"}"#, Connect, 0, Some("/admin"), None, r#"{"sid":"x","pid":"y"}"#),
        ("0/admin", Connect, 0, Some("/admin"), None, ""),
        ("0/admin,", Connect, 0, Some("/admin"), None, ""),
        (r#"0/admin?token=a,{"sid":"x"}"#, Connect, 0, Some("/admin"), None, r#"{"sid":"x"}"#),
        ("0/admin?token=a", Connect, 0, Some("/admin"), None, ""),
        ("0/?token=a,{}", Connect, 0, None, None, "{}"),
        ("0/,{}", Connect, 0, None, None, "{}"),
        ("1", Disconnect, 0, None, None, ""),
        ("1/foo", Disconnect, 0, Some("/foo"), None, ""),
        ("1/foo,", Disconnect, 0, Some("/foo"), None, ""),
        (r#"1{"message":"no"}"#, Disconnect, 0, None, None, r#"{"message":"no"}"#),
        (r#"1/foo,{"message":"no"}"#, Disconnect, 0, Some("/foo"), None, r#"{"message":"no"}"#),
        (r#"2["a"]"#, Event, 0, None, None, r#"["a"]"#),
        ("2[]", Event, 0, None, None, "[]"),
        (r#"27["a",1]"#, Event, 0, None, Some(7), r#"["a",1]"#),
        (r#"20["a"]"#, Event, 0, None, Some(0), r#"["a"]"#),
        (r#"2/chat,["a"]"#, Event, 0, Some("/chat"), None, r#"["a"]"#),
        (r#"2/chat,12["a,b"]"#, Event, 0, Some("/chat"), Some(12), r#"["a,b"]"#),
        (r#"2/my-room,["a-b"]"#, Event, 0, Some("/my-room"), None, r#"["a-b"]"#),
        (r#"2/héé,["日本"]"#, Event, 0, Some("/héé"), None, r#"["日本"]"#),
        (r#"2/a/b/c,["/x,y"]"#, Event, 0, Some("/a/b/c"), None, r#"["/x,y"]"#),
        (r#"2/a?b=/c,["?"]"#, Event, 0, Some("/a"), None, r#"["?"]"#),
        (r#"2["a?b"]"#, Event, 0, None, None, r#"["a?b"]"#),
        (r#"2/a,["?"]"#, Event, 0, Some("/a"), None, r#"["?"]"#),
        (r#"2123456789012345["a"]"#, Event, 0, None, Some(123_456_789_012_345), r#"["a"]"#),
        ("3[]", Ack, 0, None, None, "[]"),
        ("33[]", Ack, 0, None, Some(3), "[]"),
        (r#"3/chat,3["ok"]"#, Ack, 0, Some("/chat"), Some(3), r#"["ok"]"#),
        (r#"4{"message":"no"}"#, ConnectError, 0, None, None, r#"{"message":"no"}"#),
        (r#"4"foo""#, ConnectError, 0, None, None, r#""foo""#),
        (r#"4["a","b"]"#, ConnectError, 0, None, None, r#"["a","b"]"#),
        ("4", ConnectError, 0, None, None, ""),
        (r#"4/chat,"Unable to connect""#, ConnectError, 0, Some("/chat"), None, r#""Unable to connect""#),
        (r#"51-["a",{"_placeholder":true,"num":0}]"#, Event, 1, None, None, r#"["a",{"_placeholder":true,"num":0}]"#),
        (r#"52-/chat,7["a"]"#, Event, 2, Some("/chat"), Some(7), r#"["a"]"#),
        (r#"51-/my-room,0["b"]"#, Event, 1, Some("/my-room"), Some(0), r#"["b"]"#),
        (r#"511-["eleven"]"#, Event, 11, None, None, r#"["eleven"]"#),
        (r#"51000-["a"]"#, Event, 1_000, None, None, r#"["a"]"#),
        (r#"50-["a"]"#, Event, 0, None, None, r#"["a"]"#),
        (r#"61-12["a"]"#, Ack, 1, None, Some(12), r#"["a"]"#),
        (r#"61-/chat,12["a"]"#, Ack, 1, Some("/chat"), Some(12), r#"["a"]"#),
    ];
    for (text, kind, attachments, namespace, id, payload) in table {
        let namespace = namespace.map(str::to_owned);
        assert_eq!(parts(text), (*kind, *attachments, namespace, *id, *payload), "{text}");
    }
}

// [H1]
#[test]
fn malformed_packets_are_named() {
    use ProtocolError::*;
    let table: &[(&str, ProtocolError)] = &[
        ("", EmptyPacket),
        ("7", UnknownSocketType(u16::from(b'7'))),
        ("9[]", UnknownSocketType(u16::from(b'9'))),
        ("x", UnknownSocketType(u16::from(b'x'))),
        ("{}", UnknownSocketType(u16::from(b'{'))),
        ("2", PayloadNotAnArray),
        ("2{}", PayloadNotAnArray),
        (r#"2"a""#, PayloadNotAnArray),
        ("2 []", PayloadNotAnArray),
        ("2-1[]", PayloadNotAnArray),
        ("2/chat", PayloadNotAnArray),
        (r#"2/chat["a"]"#, PayloadNotAnArray),
        ("2/chat,7", PayloadNotAnArray),
        ("2٣[]", PayloadNotAnArray),
        ("3", PayloadNotAnArray),
        ("37", PayloadNotAnArray),
        ("37{}", PayloadNotAnArray),
        ("5", MissingAttachmentCount),
        (r#"5["a"]"#, MissingAttachmentCount),
        (r#"51["a"]"#, MissingAttachmentCount),
        (r#"5-["a"]"#, MissingAttachmentCount),
        (r#"5/chat,1-["a"]"#, MissingAttachmentCount),
        ("61", MissingAttachmentCount),
        (r#"51001-["a"]"#, TooManyAttachments),
        (r#"54294967297-["a"]"#, TooManyAttachments),
        (r#"599999999999999999999999-["a"]"#, TooManyAttachments),
        (r#"21234567890123456["a"]"#, IdTooLong),
        ("3/chat,1234567890123456[]", IdTooLong),
        ("51-{}", PayloadNotAnArray),
    ];
    for (text, error) in table {
        assert_eq!(header(text), Err(*error), "{text}");
        assert!(!error.what().is_empty());
    }
}

#[test]
fn limits_are_respected() {
    let read = |text: &str, limits| read_header(&text.to_owned(), 0, &limits).map(|header| header.kind);
    let limits = Limits { max_attachments: 2, max_id_digits: 3, max_packet_size: 20, ..Limits::default() };
    assert_eq!(read("52-[]", limits), Ok(PacketType::Event));
    assert_eq!(read("53-[]", limits), Err(ProtocolError::TooManyAttachments));
    assert_eq!(read("2123[]", limits), Ok(PacketType::Event));
    assert_eq!(read("21234[]", limits), Err(ProtocolError::IdTooLong));
    assert_eq!(read(&format!("2[{}]", "1".repeat(17)), limits), Ok(PacketType::Event));
    assert_eq!(read(&format!("2[{}]", "1".repeat(18)), limits), Err(ProtocolError::PacketTooLarge));
}

// [H1]
#[test]
fn headers_are_written_as_the_protocol_has_them() {
    let chat = "/chat".to_owned();
    let write = |kind, attachments, namespace: Option<&String>, id| {
        message_text(kind, attachments, namespace, id, &String::new())
    };
    assert_eq!(write(PacketType::Connect, 0, None, None), "40");
    assert_eq!(write(PacketType::Connect, 0, Some(&chat), None), "40/chat,");
    assert_eq!(write(PacketType::Disconnect, 0, None, None), "41");
    assert_eq!(write(PacketType::Disconnect, 0, Some(&chat), None), "41/chat,");
    assert_eq!(write(PacketType::Event, 0, None, None), "42");
    assert_eq!(write(PacketType::Event, 0, Some(&chat), Some(7)), "42/chat,7");
    assert_eq!(write(PacketType::Event, 2, Some(&chat), Some(7)), "452-/chat,7");
    assert_eq!(write(PacketType::Event, 1, None, None), "451-");
    assert_eq!(write(PacketType::Ack, 0, None, Some(0)), "430");
    assert_eq!(write(PacketType::Ack, 12, Some(&chat), Some(0)), "4612-/chat,0");
}

#[test]
fn engine_packets_are_read_and_written() {
    let read = |text: &str| EnginePacket::<StdWire>::read(&Frame::Text(text.to_owned()), ProtocolVersion::V4);
    let table = [
        (r#"0{"sid":"x"}"#, EnginePacket::Open(r#"{"sid":"x"}"#.to_owned())),
        ("1", EnginePacket::Close),
        ("2", EnginePacket::Ping(String::new())),
        ("2probe", EnginePacket::Ping("probe".to_owned())),
        ("3probe", EnginePacket::Pong("probe".to_owned())),
        ("4", EnginePacket::Message(Frame::Text(String::new()).into())),
        ("4hé", EnginePacket::Message(Frame::Text("hé".to_owned()).into())),
        ("5", EnginePacket::Upgrade),
        ("6", EnginePacket::Noop),
    ];
    for (text, packet) in table {
        assert_eq!(read(text), Ok(packet.clone()));
        assert_eq!(packet.frame(), Frame::Text(text.to_owned()));
    }
    assert_eq!(read(""), Err(ProtocolError::EmptyPacket));
    assert_eq!(read("7"), Err(ProtocolError::UnknownEngineType(u16::from(b'7'))));
    // `b` means binary only in a payload.
    assert_eq!(read("bAAA="), Err(ProtocolError::UnknownEngineType(u16::from(b'b'))));
    assert!(matches!(read("é"), Err(ProtocolError::UnknownEngineType(_))));
    let bytes = EnginePacket::<StdWire>::Message(Frame::Bytes(vec![0, 255]).into());
    assert_eq!(EnginePacket::read(&bytes.clone().frame(), ProtocolVersion::V4), Ok(bytes));
}

fn packets(payload: &str) -> Vec<Result<EnginePacket<StdWire>, ProtocolError>> {
    read_payload(payload.to_owned().into(), ProtocolVersion::V4).collect()
}

#[test]
fn payloads_are_split_and_binary_is_decoded() {
    let text = |text: &str| Ok(EnginePacket::Message(Frame::Text(text.to_owned()).into()));
    let bytes = |bytes: &[u8]| Ok(EnginePacket::Message(Frame::Bytes(bytes.to_vec()).into()));
    assert_eq!(packets("4a"), [text("a")]);
    assert_eq!(packets("4a\u{1e}4b€\u{1e}6"), [text("a"), text("b€"), Ok(EnginePacket::Noop)]);
    assert_eq!(packets("bAQIDBA=="), [bytes(&[1, 2, 3, 4])]);
    assert_eq!(packets("b"), [bytes(&[])]);
    assert_eq!(packets("4a\u{1e}bAQ==\u{1e}4b"), [text("a"), bytes(&[1]), text("b")]);
    assert_eq!(packets(""), [Err(ProtocolError::EmptyPacket)]);
    assert_eq!(packets("4a\u{1e}"), [text("a"), Err(ProtocolError::EmptyPacket)]);
    assert_eq!(packets("\u{1e}4a"), [Err(ProtocolError::EmptyPacket), text("a")]);
    for bad in ["b!", "bAAA", "bAQI", "b====", "bAQ==AQ==", "bé"] {
        assert_eq!(packets(bad), [Err(ProtocolError::BadBase64)], "{bad}");
    }
    // A server may queue any number of packets.
    let many = vec!["4x"; 500].join("\u{1e}");
    assert_eq!(packets(&many).len(), 500);
}

#[test]
fn sizes_in_a_payload_are_exact() {
    for (bytes, size) in [(0, 1), (1, 5), (2, 5), (3, 5), (4, 9), (375_500, 500_669)] {
        assert_eq!(ProtocolVersion::V4.polling_size::<StdWire>(&Frame::Bytes(vec![0; bytes])), size);
    }
    let euro = Frame::<StdWire>::Text("4€".to_owned());
    for (limit, fits) in [(8, false), (9, true)] {
        let mut payload = PayloadWriter::new(ProtocolVersion::V4, 16, limit);
        assert!(payload.push(&euro));
        assert_eq!(payload.push(&euro), fits, "4 bytes, 1 separator, 4 bytes");
    }
    assert!(PayloadWriter::new(ProtocolVersion::V4, 16, 3).push(&euro), "the first frame is accepted at any size");
    let mut payload = PayloadWriter::<StdWire>::new(ProtocolVersion::V4, 16, 9);
    assert!(payload.push(&euro));
    assert!(payload.push(&euro));
    assert!(!payload.push(&euro));
    assert_eq!(payload.finish().unwrap().into_text(), "4€\u{1e}4€");
    let mut payload = PayloadWriter::<StdWire>::new(ProtocolVersion::V4, 16, 11);
    assert!(payload.push(&Frame::Bytes(vec![0; 3])));
    assert!(payload.push(&Frame::Bytes(vec![0; 2])));
    assert_eq!(payload.finish().unwrap().into_text(), "bAAAA\u{1e}bAAA=");
    let mut payload = PayloadWriter::<StdWire>::new(ProtocolVersion::V4, 16, 10);
    assert!(payload.push(&Frame::Bytes(vec![0; 3])));
    assert!(!payload.push(&Frame::Bytes(vec![0; 2])));
}

#[test]
fn sixteen_packets_fill_a_payload() {
    let mut payload = PayloadWriter::<StdWire>::new(ProtocolVersion::V4, 16, usize::MAX);
    for _ in 0..16 {
        assert!(payload.push(&Frame::Text("4a".to_owned())));
    }
    assert!(!payload.push(&Frame::Text("4a".to_owned())));
    assert_eq!(payload.finish().unwrap().into_text().split('\u{1e}').count(), 16);
    assert_eq!(PayloadWriter::<StdWire>::new(ProtocolVersion::V4, 16, 100).finish(), None);
}

fn old_packets(payload: &str) -> Vec<Result<EnginePacket<StdWire>, ProtocolError>> {
    read_payload(payload.to_owned().into(), ProtocolVersion::V3).collect()
}

#[test]
fn payloads_of_v3_are_split_by_their_lengths() {
    let text = |text: &str| Ok(EnginePacket::Message(Frame::Text(text.to_owned()).into()));
    let bytes = |bytes: &[u8]| Ok(EnginePacket::Message(Frame::Bytes(bytes.to_vec()).into()));
    assert_eq!(old_packets("2:4a"), [text("a")]);
    // Lengths are in UTF-16 units: a character beyond the first 65,536 counts as two.
    assert_eq!(old_packets("3:4b€1:6"), [text("b€"), Ok(EnginePacket::Noop)]);
    assert_eq!(old_packets("3:4😀2:4a"), [text("😀"), text("a")]);
    assert_eq!(old_packets("2:4a1:1"), [text("a"), Ok(EnginePacket::Close)]);
    assert_eq!(old_packets("4:4\u{1e}:5"), [text("\u{1e}:5")]);
    assert_eq!(old_packets("10:b4AQIDBA==2:b4"), [bytes(&[1, 2, 3, 4]), bytes(&[])]);
    for bad in ["", "4a", "a", ":4a", "3:4a", "2", "-1:4", "2:4😀", "1234567890:4", " 2:4a"] {
        assert_eq!(old_packets(bad), [Err(ProtocolError::BadLength)], "{bad}");
    }
    assert_eq!(old_packets("2:4a2"), [text("a"), Err(ProtocolError::BadLength)], "nothing is read behind it");
    assert_eq!(old_packets("0:2:4a"), [Err(ProtocolError::EmptyPacket), text("a")]);
    assert_eq!(old_packets("6:bAQID4"), [Err(ProtocolError::UnknownEngineType(u16::from(b'A')))]);
    assert_eq!(old_packets("1:b"), [Err(ProtocolError::UnknownEngineType(0))]);
    assert_eq!(old_packets("3:b4!"), [Err(ProtocolError::BadBase64)]);
}

#[test]
fn payloads_of_v3_are_written_with_lengths() {
    let body = |frames: &[Frame<StdWire>]| {
        let mut payload = PayloadWriter::new(ProtocolVersion::V3, 16, usize::MAX);
        assert!(frames.iter().all(|frame| payload.push(frame)));
        payload.finish().unwrap()
    };
    let text = |text: &str| Frame::Text(text.to_owned());
    assert_eq!(body(&[text("2"), text("42[1]"), Frame::Bytes(vec![7, 8])]), "1:25:42[1]6:b4Bwg=".to_owned().into());
    // In bytes, if it has a character beyond ASCII.
    let bytes = b"\x00\x07\xff4[\"\xc3\xa9\"]\x01\x03\xff\x04\x07\x08\x00\x01\x02\xff432-/chat,12".to_vec();
    let frames = [text("4[\"é\"]"), Frame::Bytes(vec![7, 8]), text("432-/chat,12")];
    assert_eq!(body(&frames), Body::Bytes(bytes));
    // The size is that of the larger of the two forms.
    for bytes in [0, 1, 2, 3, 5, 6, 69, 72, 1_000] {
        let frame = Frame::<StdWire>::Bytes(vec![9; bytes]);
        assert_eq!(ProtocolVersion::V3.polling_size(&frame), body(&[frame]).into_text().len() + 1, "{bytes}");
    }
}

#[test]
fn payloads_of_v3_in_bytes_are_read() {
    let read = |bytes: &[u8]| -> Vec<_> {
        read_payload(Body::<StdWire>::Bytes(bytes.to_vec()), ProtocolVersion::V3).collect()
    };
    let text = |text: &str| Ok(EnginePacket::Message(Frame::Text(text.to_owned()).into()));
    let bytes = |bytes: &[u8]| Ok(EnginePacket::Message(Frame::Bytes(bytes.to_vec()).into()));
    assert_eq!(read(b"\x00\x02\xff4a"), [text("a")]);
    assert_eq!(read("\0\u{4}".as_bytes()), [Err(ProtocolError::BadLength)], "a length without its end");
    assert_eq!(
        read(b"\x00\x03\xff4\xc3\xa9\x01\x03\xff\x04\x00\xff\x00\x01\xff6"),
        [text("é"), bytes(&[0, 255]), Ok(EnginePacket::Noop)]
    );
    for bad in [
        &b"\x00\xff4"[..],
        b"\x00",
        b"\x00\x02\xff4",
        b"\x0009\xff4",
        b"\x00\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\xff4",
    ] {
        assert_eq!(read(bad), [Err(ProtocolError::BadLength)], "{bad:?}");
    }
    assert_eq!(read(b"\x00\x02\xff4a\x07"), [text("a"), Err(ProtocolError::BadLength)], "and nothing after it");
    assert_eq!(read(b"\x01\x01\xff\x03"), [Err(ProtocolError::UnknownEngineType(3))]);
    assert_eq!(read(b"\x01\x00\xff"), [Err(ProtocolError::EmptyPacket)]);
    // Only the content type is that of bytes.
    assert_eq!(read(b"2:4a"), [text("a")]);
    assert_eq!(ProtocolVersion::of_payload(&Body::<StdWire>::Bytes(b"0{}".to_vec())), ProtocolVersion::V4);
    let newer: Vec<_> = read_payload(Body::<StdWire>::Bytes(b"4a\x1e6".to_vec()), ProtocolVersion::V4).collect();
    assert_eq!(newer, [text("a"), Ok(EnginePacket::Noop)]);
}

#[test]
fn sizes_in_a_payload_of_v3_are_those_of_bytes() {
    let text = |text: &str| Frame::<StdWire>::Text(text.to_owned());
    for (frame, size) in [("42", 5), ("4é", 6), ("4aé€😀89", 17)] {
        assert_eq!(ProtocolVersion::V3.polling_size(&text(frame)), size, "{frame}");
    }
}

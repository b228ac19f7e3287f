//! The serializers by themselves: each format reads what it writes, and refuses malformed and hostile input.

use socketio_wasm::Message;
use socketio_wasm::serializers::{Cbor, MessagePack, Packet, PacketType, Pickle, Serializer, Value};
use wasm_bindgen_test::wasm_bindgen_test;

pub fn formats() -> [(&'static str, Box<dyn Serializer>); 3] {
    [("msgpack", Box::new(MessagePack)), ("cbor", Box::new(Cbor)), ("pickle", Box::new(Pickle))]
}

fn packet(data: Value) -> Packet {
    Packet { kind: PacketType::Event, namespace: "/".into(), id: Some(7), data: Some(data) }
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::List(vec![Value::Text("e".into())]), |inner, _| Value::List(vec![inner]))
}

pub fn bytes(frames: Vec<Message>) -> Vec<u8> {
    match frames.as_slice() {
        [Message::Bytes(bytes)] => bytes.clone(),
        other => panic!("one frame of bytes, not {other:?}"),
    }
}

// [H2, H3]
#[wasm_bindgen_test]
fn written_packets_are_read_and_malformed_ones_are_errors() {
    for (name, format) in formats() {
        let everything = packet(Value::List(vec![
            Value::Text("e".into()),
            Value::Map(vec![("a".into(), Value::Float(0.5)), ("b".into(), Value::Bytes(vec![0, 255]))]),
            Value::List(vec![Value::Null, Value::Bool(false), Value::Int(i64::MIN), Value::Int(i64::MAX)]),
        ]));
        let written = bytes(format.encode(&everything).expect(name));
        assert_eq!(format.decode(Message::Bytes(written.clone())).expect(name), [everything], "{name}");
        let bare = Packet { kind: PacketType::Disconnect, namespace: "/a".into(), id: None, data: None };
        let frames = format.encode(&bare).expect(name);
        assert_eq!(format.decode(frames[0].clone()).expect(name), [bare], "{name}");

        assert!(format.decode("text".into()).is_err(), "{name}");
        for end in 0..written.len() {
            assert!(format.decode(written[..end].into()).is_err(), "{name}, cut off at {end}");
        }
        // A change of any byte is read or refused, without a panic.
        for at in 0..written.len() {
            for change in 1..=255_u8 {
                let mut changed = written.clone();
                changed[at] ^= change;
                let _ = format.decode(changed.into());
            }
        }
        for wrong in [
            Value::Null,
            Value::Map(vec![]),
            Value::Map(vec![("type".into(), Value::Int(2))]),
            Value::Map(vec![("type".into(), Value::Int(7)), ("nsp".into(), Value::Text("/".into()))]),
        ] {
            // Encoded as the data of a packet, which an event does not accept.
            let frames =
                format.encode(&Packet { kind: PacketType::Event, namespace: "/".into(), id: None, data: Some(wrong) });
            assert!(format.decode(frames.expect(name)[0].clone()).is_err(), "{name}: an event without a list");
        }
    }
}

// [H4]
#[wasm_bindgen_test]
fn input_that_would_exhaust_stack_or_memory_is_an_error() {
    for (name, format) in formats() {
        let shallow = packet(nested(100));
        let frames = format.encode(&shallow).expect(name);
        assert_eq!(format.decode(frames[0].clone()).expect(name), [shallow], "{name}");
        let deep = format.encode(&packet(nested(200))).expect(name);
        assert!(format.decode(deep[0].clone()).is_err(), "{name}: nested too deeply");
    }
    for (format, hostile) in [
        (&MessagePack as &dyn Serializer, [0x91].repeat(100_000)),
        (&MessagePack, vec![0xdd, 0xff, 0xff, 0xff, 0xff]),
        (&MessagePack, vec![0xc6, 0xff, 0xff, 0xff, 0xff]),
        (&Cbor, [0x81].repeat(100_000)),
        (&Cbor, vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (&Cbor, vec![0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        (&Cbor, [0xc1].repeat(100_000)),
        (&Pickle, [b"N".as_slice(), &[0x85].repeat(100_000), b"."].concat()),
        (&Pickle, [b"(".repeat(100_000), b"t".repeat(100_000), b".".to_vec()].concat()),
        (&Pickle, b"B\xff\xff\xff\x7f.".to_vec()),
        (&Pickle, b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.".to_vec()),
        // A list that contains a list twice, which contains a list twice, and so on.
        (&Pickle, [b"]".as_slice(), &b"2a".repeat(64), b"."].concat()),
        // The same with the memo, to which each level refers twice.
        (&Pickle, doubling()),
        // A reference to a function that shall be called.
        (&Pickle, b"cos\nsystem\n(Vtrue\ntR.".to_vec()),
    ] {
        assert!(format.decode(Message::Bytes(hostile.clone())).is_err(), "{:?}", &hostile[..hostile.len().min(20)]);
    }
}

/// The pickles come from Python 3.11: `pickle.dumps(packet, protocol)` of one packet.
#[wasm_bindgen_test]
fn every_protocol_of_pickle_is_read() {
    let data = |bytes: &[u8]| {
        let list = vec![Value::Null, Value::Bool(true), Value::Int(-1), Value::Int(1 << 40), Value::Float(0.5)];
        let map = vec![("ü🦀".to_owned(), Value::List(list))];
        let bytes = Some(Value::Bytes(bytes.to_vec())).filter(|_| !bytes.is_empty());
        packet(Value::List([Value::Text("e".into()), Value::Map(map)].into_iter().chain(bytes).collect()))
    };
    let pickles: [(&[u8], &[u8]); 6] = [
        (b"(dp0\nVtype\np1\nI2\nsVdata\np2\n(lp3\nVe\np4\na(dp5\nV\xfc\\U0001f980\np6\n(lp7\nNaI01\naI-1\naL1099511627776L\naF0.5\nasasVnsp\np8\nV/\np9\nsVid\np10\nI7\ns.", b""),
        (b"}q\x00(X\x04\x00\x00\x00typeq\x01K\x02X\x04\x00\x00\x00dataq\x02]q\x03(X\x01\x00\x00\x00eq\x04}q\x05X\x06\x00\x00\x00\xc3\xbc\xf0\x9f\xa6\x80q\x06]q\x07(NI01\nJ\xff\xff\xff\xffL1099511627776L\nG?\xe0\x00\x00\x00\x00\x00\x00eseX\x03\x00\x00\x00nspq\x08X\x01\x00\x00\x00/q\x09X\x02\x00\x00\x00idq\nK\x07u.", b""),
        (b"\x80\x02}q\x00(X\x04\x00\x00\x00typeq\x01K\x02X\x04\x00\x00\x00dataq\x02]q\x03(X\x01\x00\x00\x00eq\x04}q\x05X\x06\x00\x00\x00\xc3\xbc\xf0\x9f\xa6\x80q\x06]q\x07(N\x88J\xff\xff\xff\xff\x8a\x06\x00\x00\x00\x00\x00\x01G?\xe0\x00\x00\x00\x00\x00\x00eseX\x03\x00\x00\x00nspq\x08X\x01\x00\x00\x00/q\x09X\x02\x00\x00\x00idq\nK\x07u.", b""),
        (b"\x80\x03}q\x00(X\x04\x00\x00\x00typeq\x01K\x02X\x04\x00\x00\x00dataq\x02]q\x03(X\x01\x00\x00\x00eq\x04}q\x05X\x06\x00\x00\x00\xc3\xbc\xf0\x9f\xa6\x80q\x06]q\x07(N\x88J\xff\xff\xff\xff\x8a\x06\x00\x00\x00\x00\x00\x01G?\xe0\x00\x00\x00\x00\x00\x00esC\x02\x00\xffq\x08eX\x03\x00\x00\x00nspq\x09X\x01\x00\x00\x00/q\nX\x02\x00\x00\x00idq\x0bK\x07u.", b"\x00\xff"),
        (b"\x80\x04\x95[\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x04type\x94K\x02\x8c\x04data\x94]\x94(\x8c\x01e\x94}\x94\x8c\x06\xc3\xbc\xf0\x9f\xa6\x80\x94]\x94(N\x88J\xff\xff\xff\xff\x8a\x06\x00\x00\x00\x00\x00\x01G?\xe0\x00\x00\x00\x00\x00\x00esC\x02\x00\xff\x94e\x8c\x03nsp\x94\x8c\x01/\x94\x8c\x02id\x94K\x07u.", b"\x00\xff"),
        (b"\x80\x05\x95b\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x04type\x94K\x02\x8c\x04data\x94]\x94(\x8c\x01e\x94}\x94\x8c\x06\xc3\xbc\xf0\x9f\xa6\x80\x94]\x94(N\x88J\xff\xff\xff\xff\x8a\x06\x00\x00\x00\x00\x00\x01G?\xe0\x00\x00\x00\x00\x00\x00es\x96\x02\x00\x00\x00\x00\x00\x00\x00\x00\xff\x94e\x8c\x03nsp\x94\x8c\x01/\x94\x8c\x02id\x94K\x07u.", b"\x00\xff"),
    ];
    for (protocol, (pickle, bytes)) in pickles.into_iter().enumerate() {
        let read = Pickle.decode(pickle.into());
        assert_eq!(
            read.unwrap_or_else(|why| panic!("protocol {protocol}: {why}")),
            [data(bytes)],
            "protocol {protocol}"
        );
    }
}

/// A pickle of about 400 bytes that represents 2^60 values.
fn doubling() -> Vec<u8> {
    let level = |number: u8| [b'h', number, b'h', number, 0x86, b'q', number + 1, b'0'];
    let levels: Vec<u8> = (0..60).flat_map(|number| level(number).into_iter().filter(|byte| *byte != b'0')).collect();
    [b"]q\x00".as_slice(), &levels, b"."].concat()
}

//! Packets in other formats, with servers that speak them; `scripts/test-wasm.sh` starts those.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod serializer_properties;

use core::time::Duration;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use socketio_wasm::serializers::{Cbor, MessagePack, Packet, PacketType, Pickle, Serializer, SerializerError, Value};
use socketio_wasm::{Client, ClientBuilder, DisconnectReason, Error, Fault, Message, Transports};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

/// As long as a busy machine may take.
const SECONDS: Duration = Duration::from_secs(30);

/// That of a server, as it was compiled in.
fn address(url: Option<&'static str>) -> &'static str {
    url.expect("scripts/test-wasm.sh starts servers and sets their addresses")
}

/// Each server, with a builder of a client that speaks as it does.
fn servers() -> Vec<(&'static str, ClientBuilder)> {
    let builder = |url| {
        Client::builder(address(url)).wait_timeout(SECONDS).reconnection_delay(Duration::from_millis(50), SECONDS)
    };
    vec![
        ("npm, msgpack", builder(option_env!("SOCKETIO_TEST_MSGPACK")).serializer(MessagePack)),
        ("python, msgpack", builder(option_env!("SOCKETIO_TEST_PYTHON_MSGPACK")).serializer(MessagePack)),
        ("python, cbor", builder(option_env!("SOCKETIO_TEST_PYTHON_CBOR")).serializer(Cbor)),
        ("python, pickle", builder(option_env!("SOCKETIO_TEST_PYTHON_PICKLE")).serializer(Pickle)),
    ]
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Everything {
    text: String,
    numbers: Vec<i64>,
    fraction: f64,
    yes: bool,
    nothing: Option<u32>,
    bytes: ByteBuf,
    inner: BTreeMap<String, Vec<Option<String>>>,
}

fn everything() -> Everything {
    Everything {
        text: "Ada 🦀 ü\u{feff}".into(),
        numbers: vec![0, -1, 127, 128, 255, 256, -32_769, 65_536, 1 << 40, -(1 << 40), 9_007_199_254_740_991],
        fraction: -0.25,
        yes: true,
        nothing: None,
        bytes: ByteBuf::from((0..=255).collect::<Vec<u8>>()),
        inner: [("constructor".to_owned(), vec![Some("x".to_owned()), None]), (String::new(), vec![])].into(),
    }
}

// [C5, H2, H3, H4, D4]
#[wasm_bindgen_test]
async fn values_travel_both_ways_with_each_server_over_each_transport() {
    for transports in [Transports::Polling, Transports::WebSocket] {
        for (name, builder) in servers() {
            let client = builder
                .transports(transports)
                .namespace("/")
                .namespace("/auth")
                .auth(BTreeMap::from([("token", "secret")]))
                .on("question", |_client, (text, number): (String, u32)| (number, text))
                .connect()
                .await
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let one: Everything = client.call("echo", everything()).await.expect(name);
            assert_eq!(one, everything(), "{name}");
            let several: (u8, ByteBuf, Vec<bool>) =
                client.call("echo", (7, ByteBuf::from(vec![1, 2]), [true])).await.expect(name);
            assert_eq!(several, (7, ByteBuf::from(vec![1, 2]), vec![true]), "{name}");
            client.call::<()>("echo", ()).await.expect(name);

            let mut answers = client.events_of("answered");
            client.emit("ask", ("why", 1)).expect(name);
            let answered = answers.next().await.expect("an event");
            assert_eq!(answered.parse::<(u32, String)>(), Ok((1, "why".into())), "{name}");

            let auth = client.of("/auth");
            let mut events = auth.events_of("echo-back");
            auth.emit("echo-back", "on another namespace").expect(name);
            assert_eq!(events.next().await.expect("an event").parse(), Ok("on another namespace".to_owned()), "{name}");
            let refused = client.connect_namespace("/refuse-data").await.expect_err("is refused");
            assert!(matches!(&refused, Error::Refused { data: Some(_), .. }), "{name}: {refused:?}");
            let lost = client.call::<()>("close-engine", ()).await;
            assert_eq!(lost, Err(Error::Disconnected(DisconnectReason::TransportError)), "{name}");
            let again: String = client.call("echo", "kept, and sent again").await.expect(name);
            assert_eq!(again, "kept, and sent again", "{name}");
            client.disconnect().await;
        }
    }
}

/// MessagePack, with a count of what it is asked, and a failure wherever it is told to.
#[derive(Clone, Default)]
struct Fragile {
    resets: Rc<Cell<u32>>,
    fails: Rc<Cell<bool>>,
}

impl Serializer for Fragile {
    fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError> {
        if self.fails.get() { Err("not today".into()) } else { MessagePack.encode(packet) }
    }

    fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError> {
        if self.fails.get() { Err("not today either".into()) } else { MessagePack.decode(frame) }
    }

    fn reset(&self) {
        self.resets.set(self.resets.get() + 1);
    }
}

// [E8, H5]
#[wasm_bindgen_test]
async fn one_of_the_users_own_may_fail_which_is_told() {
    let fragile = Fragile::default();
    let (url, fails) = (address(option_env!("SOCKETIO_TEST_MSGPACK")), fragile.fails.clone());
    let client = Client::builder(url).serializer(fragile.clone()).wait_timeout(SECONDS).reconnection(false).build();
    let (tell, mut told) = futures_channel::mpsc::unbounded();
    client.on_disconnect(move |_client, end| tell.unbounded_send(end).expect("somebody listens")).keep();
    client.connect().await.expect("connects");
    assert_eq!(fragile.resets.get(), 1, "once for the connection");
    fails.set(true);
    assert_eq!(client.emit("x", 1), Err(Error::Unserializable("not today".into())));
    fails.set(false);
    client.emit("echo-back", 1).expect("is emitted");
    fails.set(true);
    let end = told.next().await.expect("an end");
    assert_eq!((end.reason, end.cause), (DisconnectReason::TransportError, "parse error"));
    let error = end.error.expect("an error");
    assert!(matches!(&error, Error::Protocol { came: Some(words), .. } if words == "not today either"), "{error}");
    assert_eq!(error.fault(), Fault::Peer);
}

fn formats() -> [(&'static str, Box<dyn Serializer>); 3] {
    [("msgpack", Box::new(MessagePack)), ("cbor", Box::new(Cbor)), ("pickle", Box::new(Pickle))]
}

fn packet(data: Value) -> Packet {
    Packet { kind: PacketType::Event, namespace: "/".into(), id: Some(7), data: Some(data) }
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::List(vec![Value::Text("e".into())]), |inner, _| Value::List(vec![inner]))
}

fn bytes(frames: Vec<Message>) -> Vec<u8> {
    match frames.as_slice() {
        [Message::Bytes(bytes)] => bytes.clone(),
        other => panic!("one frame of bytes, not {other:?}"),
    }
}

// [H2, H3]
#[wasm_bindgen_test]
fn what_is_written_is_read_and_what_is_malformed_is_an_error() {
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
        // Any of its bytes changed: it is read or it is not, and nothing breaks.
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
            // As the data of a packet it is written by the same means.
            let frames =
                format.encode(&Packet { kind: PacketType::Event, namespace: "/".into(), id: None, data: Some(wrong) });
            assert!(format.decode(frames.expect(name)[0].clone()).is_err(), "{name}: an event without a list");
        }
    }
}

// [H4]
#[wasm_bindgen_test]
fn what_would_exhaust_stack_or_memory_is_an_error() {
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
        // A list that holds itself twice, which holds itself twice…
        (&Pickle, [b"]".as_slice(), &b"2a".repeat(64), b"."].concat()),
        // The same by way of the memo, which each level refers to twice.
        (&Pickle, doubling()),
        // What names a function, to be called.
        (&Pickle, b"cos\nsystem\n(Vtrue\ntR.".to_vec()),
    ] {
        assert!(format.decode(Message::Bytes(hostile.clone())).is_err(), "{:?}", &hostile[..hostile.len().min(20)]);
    }
}

/// What Python 3.11 writes of one packet, `pickle.dumps(packet, protocol)`.
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

/// A pickle of 400 bytes or so that stands for 2^60 values.
fn doubling() -> Vec<u8> {
    let level = |number: u8| [b'h', number, b'h', number, 0x86, b'q', number + 1, b'0'];
    let levels: Vec<u8> = (0..60).flat_map(|number| level(number).into_iter().filter(|byte| *byte != b'0')).collect();
    [b"]q\x00".as_slice(), &levels, b"."].concat()
}

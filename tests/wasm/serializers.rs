//! Packets in other formats, with servers that use the same format.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use core::time::Duration;
use futures::StreamExt;
use js_sys::Function;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use socketio_wasm::serializers::{Cbor, MessagePack, Packet, Pickle, Serializer, SerializerError};
use socketio_wasm::{Client, ClientBuilder, DisconnectReason, Error, Fault, Message, Raw, Transports, Value};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use support::{SECONDS, channel, msgpack_url, python_cbor_url, python_msgpack_url, python_pickle_url, url};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// Each server, with the builder of a client that uses its format.
fn servers() -> Vec<(&'static str, ClientBuilder)> {
    let builder =
        |url| Client::builder(url).wait_timeout(SECONDS).reconnection_delay(Duration::from_millis(50), SECONDS);
    vec![
        ("npm, msgpack", builder(msgpack_url()).serializer(MessagePack)),
        ("python, msgpack", builder(python_msgpack_url()).serializer(MessagePack)),
        ("python, cbor", builder(python_cbor_url()).serializer(Cbor)),
        ("python, pickle", builder(python_pickle_url()).serializer(Pickle)),
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
                .on("question", |_scope, (text, number): (String, u32)| (number, text))
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
            assert!(
                matches!(&lost, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })),
                "{lost:?}"
            );
            let again: String = client.call("echo", "buffered").await.expect(name);
            assert_eq!(again, "buffered", "{name}");
            client.disconnect().await;
        }
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Large {
    #[serde(with = "socketio_wasm::bigint")]
    id: i64,
}

#[wasm_bindgen_test]
async fn integers_beyond_2_to_53_go_through_a_serializer_and_not_through_json() {
    let large = || Large { id: i64::MAX };
    for (name, builder) in servers().into_iter().filter(|(name, _)| name.starts_with("python")) {
        let client = builder.connect().await.expect(name);
        assert_eq!(client.call("echo", large()).await, Ok(large()), "{name}");
        assert_eq!(client.call("echo", Value::Int(i64::MIN)).await, Ok(Value::Int(i64::MIN)), "{name}");
        let undeclared = client.emit("x", (0, i64::MAX)).expect_err("is refused").to_string();
        assert!(undeclared.contains("2^53") && undeclared.contains("at [1]"), "{undeclared}");
    }
    let client = Client::builder(url()).wait_timeout(SECONDS).connect().await.expect("connects");
    assert_eq!(client.call("echo", Large { id: 1 << 53 }).await, Ok(Large { id: 1 << 53 }));
    for refused in [client.emit("x", large()), client.call::<()>("x", large()).await] {
        let refused = refused.expect_err("JSON has no such integer").to_string();
        assert!(
            refused.contains("(event \"x\")") && refused.contains("integer_string") && refused.contains("at [0].id"),
            "{refused}"
        );
    }
}

#[wasm_bindgen_test]
async fn values_of_javascript_keep_what_json_has_not() {
    let sent = [
        Value::Int(1 << 60),
        Value::Float(f64::NAN),
        Value::Float(f64::NEG_INFINITY),
        Value::Bytes(vec![7]),
        Value::from("@0 7n NaN"),
        Value::from_iter([("_placeholder", Value::Bool(true)), ("num", 0.into())]),
    ];
    let is_same = "return v[0] === 2n ** 60n && Object.is(v[1], NaN) && v[2] === -Infinity && v[3][0] === 7
        && v[4] === '@0 7n NaN' && v[5].num === 0";
    let is_same = Function::new_with_args("v", is_same);
    for (name, builder) in servers().into_iter().filter(|(name, _)| name.starts_with("python")) {
        let client = builder.connect().await.expect(name);
        let Raw(values) = client.call("echo", Value::from(sent.to_vec())).await.expect(name);
        assert_eq!(is_same.call1(&JsValue::NULL, &values), Ok(JsValue::TRUE), "{name}: {values:?}");
        let Raw(large) = client.call("echo", Value::Int(1 << 60)).await.expect(name);
        assert!(large.is_bigint(), "{name}: {large:?}");
    }
}

#[wasm_bindgen_test]
async fn data_that_looks_like_a_placeholder_is_not_taken_for_binary_data() {
    let value = "return { a: { _placeholder: true, num: 0 }, b: new Uint8Array([7]), c: [new Uint8Array([8])], é: 1 }";
    let value = Function::new_no_args(value).call0(&JsValue::NULL).expect("a value");
    let looks_like = Value::from_iter([("_placeholder", Value::Bool(true)), ("num", 0.into())]);
    let bytes = |byte: u8| Value::Bytes(vec![byte]);
    let expected = [("a", looks_like), ("b", bytes(7)), ("c", vec![bytes(8)].into()), ("é", 1.into())];
    for (name, builder) in servers() {
        let client = builder.connect().await.expect(name);
        let echoed: Value = client.call("echo", (Raw(value.clone()),)).await.expect(name);
        assert_eq!(echoed, Value::from_iter(expected.clone()), "{name}");
    }
}

/// MessagePack that counts its resets, and fails if `fails` is set.
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
async fn the_failure_of_a_user_supplied_serializer_is_reported() {
    let fragile = Fragile::default();
    let fails = fragile.fails.clone();
    let builder = Client::builder(msgpack_url()).serializer(fragile.clone()).wait_timeout(SECONDS);
    let client = builder.reconnection(false).build();
    let (record, mut recorded) = channel();
    client.on_disconnect(move |_scope, end| record(end)).keep();
    client.connect().await.expect("connects");
    assert_eq!(fragile.resets.get(), 1, "once for the connection");
    fails.set(true);
    assert_eq!(client.emit("x", 1), Err(Error::Unserializable { event: Some("x".into()), why: "not today".into() }));
    fails.set(false);
    client.emit("echo-back", 1).expect("is emitted");
    fails.set(true);
    let end = recorded.next().await.expect("an end");
    assert_eq!((end.reason, end.cause), (DisconnectReason::TransportError, "parse error"));
    let error = end.error.expect("an error");
    assert!(matches!(&error, Error::Protocol { came: Some(message), .. } if message == "not today either"), "{error}");
    assert_eq!(error.fault(), Fault::Peer);
}

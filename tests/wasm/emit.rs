//! Emitted events: buffered, refused or dropped, and never lost; the values that they carry.

use crate::support::{SECONDS, away, builder, connected, python_url, url};
use crate::until::until;
use futures::{StreamExt, future::join_all};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use socketio_wasm::serde_json::{Value, json};
use socketio_wasm::{Client, Error, Fault, Message, Transports};
use std::collections::BTreeMap;
use wasm_bindgen_test::wasm_bindgen_test;

// [M1, M3]
#[wasm_bindgen_test]
async fn an_event_that_cannot_be_sent_is_buffered_refused_or_dropped_by_its_send_mode() {
    let client = away(builder().max_buffer(1)).await;
    let refused = client.unbuffered().emit("x", ()).expect_err("is refused");
    assert_eq!((&refused, refused.fault()), (&Error::Connecting { event: Some("x".into()) }, Fault::Network));
    assert!(refused.to_string().contains("made again"), "{refused}");
    let refused = client.unbuffered().call::<()>("x", ()).await.expect_err("is refused");
    assert_eq!((&refused, refused.fault()), (&Error::Connecting { event: Some("x".into()) }, Fault::Network));
    assert!(refused.to_string().ends_with("(event \"x\")"), "{refused}");
    assert_eq!(client.volatile().emit("x", ()), Ok(()), "the event is dropped");
    assert_eq!(client.volatile().call::<()>("x", ()).await, Err(Error::Dropped { event: "x".into() }));
    assert_eq!((client.emit("x", ()), client.unsent()), (Ok(()), 1));
    assert_eq!(client.send("x"), Err(Error::BufferFull { limit: 1, event: Some("message".into()) }));
    let refused = client.call::<()>("x", ()).await.expect_err("is refused");
    assert_eq!(refused, Error::BufferFull { limit: 1, event: Some("x".into()) });
    assert!(refused.to_string().ends_with("(event \"x\")"), "{refused}");
    assert_eq!(
        client.of("/other").emit("x", ()),
        Err(Error::BadNamespace { namespace: "/other".into(), event: Some("x".into()) })
    );
    client.disconnect().await;
    client.drain().await;
    for scope in [client.of("/"), client.unbuffered()] {
        assert_eq!(scope.emit("x", ()), Err(Error::NotConnected { event: Some("x".into()) }));
        let refused = scope.call::<()>("x", ()).await.expect_err("is refused");
        assert_eq!(refused, Error::NotConnected { event: Some("x".into()) });
        assert!(refused.to_string().ends_with("(event \"x\")"), "{refused}");
    }
}

#[wasm_bindgen_test]
async fn an_unbuffered_event_before_connect_is_misuse_and_during_the_first_attempt_it_is_not() {
    let client = builder().build();
    assert_eq!(client.unbuffered().emit("x", ()), Err(Error::NotConnected { event: Some("x".into()) }));
    let mut connecting = Box::pin(client.connect());
    assert!(futures::FutureExt::now_or_never(connecting.as_mut()).is_none());
    assert_eq!(client.unbuffered().emit("x", ()), Err(Error::Connecting { event: Some("x".into()) }));
    connecting.await.expect("connects");
    assert_eq!(client.unbuffered().emit("x", ()), Ok(()));
}

#[wasm_bindgen_test]
async fn json_values_are_arguments_and_answers() {
    let client = connected().await;
    let object = json!({ "a": [1, -2.5, null, true, "é"], "__proto__": { "b": {} }, "": [] });
    for value in [object.clone(), json!([1, [2]]), json!("text"), json!(7), json!(-7), json!(0.5), json!(false)] {
        assert_eq!(client.call::<Value>("echo", &value).await, Ok(value));
    }
    let several: (Value, Value) = (object, json!([]));
    assert_eq!(client.call::<(Value, Value)>("echo", several.clone()).await, Ok(several));
    assert_eq!(client.call::<Value>("echo", ()).await, Ok(Value::Null), "a missing argument is null");
}

// [M6, M8, B10]
#[wasm_bindgen_test]
async fn many_binaries_in_one_tick_are_all_answered_and_do_not_mix() {
    for transports in [Transports::Polling, Transports::WebSocket] {
        let client = builder().transports(transports).connect().await.expect("connects");
        let calls = (0..60_u8).map(|number| {
            let bytes = move |length: u8| ByteBuf::from(vec![number; usize::from(length)]);
            let call = client.call::<(u8, ByteBuf, ByteBuf)>("echo", (number, bytes(3), bytes(number)));
            async move { (call.await, Ok((number, bytes(3), bytes(number)))) }
        });
        for (answer, expected) in join_all(calls).await {
            assert_eq!(answer, expected);
        }
    }
}

// [M7, T3, B3]
#[wasm_bindgen_test]
async fn events_emitted_before_disconnect_arrive() {
    let witness = connected().await;
    for (transports, id) in [(Transports::Polling, "rust-polling"), (Transports::WebSocket, "rust-websocket")] {
        let id = format!("{id}-{}", js_sys::Math::random());
        let auth = BTreeMap::from([("id", id.clone())]);
        let client = builder().auth(auth).transports(transports).connect().await.expect("connects");
        for number in 0..5 {
            client.emit("count", number).expect("is emitted");
        }
        client.disconnect().await;
        let counted = async || witness.call::<Vec<u32>>("counted", &id).await.expect("an answer");
        until("the five events", async || counted().await == [0, 1, 2, 3, 4]).await;
    }
}

#[wasm_bindgen_test]
async fn a_message_over_the_servers_limit_is_refused_before_it_is_sent() {
    let client = Client::builder(url()).connect().await.expect("connects");
    let large = "x".repeat(1_000_001);
    let refused = client.emit("echo-back", &large);
    assert!(matches!(refused, Err(Error::TooLarge { limit: 1_000_000, .. })), "{refused:?}");
    assert_eq!(client.call::<u8>("echo", 1).await, Ok(1), "the connection stays");
}

// [H6]
#[wasm_bindgen_test]
async fn nan_and_infinity_from_python_are_read_as_null() {
    let client = Client::builder(python_url()).connect().await.expect("connects");
    let read: Vec<Option<f64>> = client.call("evaluate", "[1.5, float('nan'), float('inf')]").await.expect("an answer");
    assert_eq!(read, [Some(1.5), None, None]);
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Point(f64, f64);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Ping;

#[wasm_bindgen_test]
async fn a_struct_of_any_form_is_one_argument() {
    let client = connected().await;
    let mut events = client.events_of("echo-back");
    client.emit("echo-back", Point(1.0, 2.0)).expect("is emitted");
    let event = events.next().await.expect("an event");
    assert_eq!((event.len(), event.parse()), (1, Ok(Point(1.0, 2.0))));
    client.emit("echo-back", Ping).expect("is emitted");
    let event = events.next().await.expect("an event");
    assert_eq!((event.len(), event.parse()), (1, Ok(Ping)));
    let both: (Point, Ping) = client.call("echo", (Point(0.5, 0.0), Ping)).await.expect("an answer");
    assert_eq!(both, (Point(0.5, 0.0), Ping));
}

#[wasm_bindgen_test]
async fn any_string_can_be_a_key_of_a_map() {
    let client = connected().await;
    let inner = BTreeMap::from([("__proto__".to_owned(), vec![1, 2]), ("constructor".to_owned(), vec![])]);
    let outer = BTreeMap::from([("__proto__".to_owned(), inner.clone()), (String::new(), inner)]);
    let back: Vec<BTreeMap<String, BTreeMap<String, Vec<u8>>>> =
        client.call("echo", vec![&outer]).await.expect("an answer");
    assert_eq!(back, [outer]);
}

#[derive(Serialize)]
#[serde(untagged)]
enum Tree {
    Leaf(u8),
    List(Vec<Tree>),
    Bytes(ByteBuf),
}

#[wasm_bindgen_test]
async fn deeply_nested_data_is_sent_and_with_binary_up_to_a_limit() {
    let nested = |depth: usize, leaf: Tree| (0..depth).fold(leaf, |tree, _| Tree::List(vec![tree]));
    let client = connected().await;
    for depth in [201, 500] {
        assert_eq!(client.call("echo", nested(depth, Tree::Leaf(7))).await, Ok(()), "{depth} levels");
    }
    let bytes = || Tree::Bytes(ByteBuf::from(vec![1]));
    assert_eq!(client.call("echo", nested(150, bytes())).await, Ok(()));
    let refused = client.emit("echo", nested(250, bytes())).expect_err("is refused");
    assert!(refused.to_string().contains("with binary data are nested more deeply"), "{refused}");
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Nested {
    Leaf(u8),
    List(Vec<Nested>),
}

#[wasm_bindgen_test]
async fn received_data_that_is_nested_too_deeply_is_an_error_and_ends_nothing() {
    let lists = |depth: usize| format!("{}7{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Message::from(lists(128)).parse::<Nested>().is_ok());
    for depth in [129, 20_000] {
        let error = Message::from(lists(depth)).parse::<Nested>().expect_err("is refused");
        assert!(error.to_string().contains("nested more than 128 deep"), "{error}");
    }
    let client = Client::builder(python_url()).wait_timeout(SECONDS).connect().await.expect("connects");
    let deep = client.call::<Nested>("evaluate", format!("__import__('json').loads('{}')", lists(300))).await;
    assert!(matches!(&deep, Err(Error::WrongType { .. })), "{deep:?}");
    assert_eq!(client.call("evaluate", "6 * 7").await, Ok(42));
}

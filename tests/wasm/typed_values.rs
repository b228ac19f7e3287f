//! Arguments of any number and type over real servers: all of an event's arguments, values of JavaScript, values without a type, integers
//! beyond 2^53, keys of maps, and the errors of values that do not fit.

use crate::support::{builder, channel, connected, once};
use futures::StreamExt;
use js_sys::{Function, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use serde_json::json;
use socketio_wasm::{All, Error, Event, Raw, Value};
use std::collections::{BTreeMap, HashMap};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn js(body: &str) -> JsValue {
    Function::new_no_args(body).call0(&JsValue::NULL).expect("a value")
}

async fn echoed(arguments: impl Serialize) -> Event {
    let client = connected().await;
    let mut events = client.events_of("echo-back");
    client.emit("echo-back", arguments).expect("is emitted");
    events.next().await.expect("an event")
}

#[derive(Debug, PartialEq, Deserialize)]
struct Three(u8, String, ByteBuf);

#[wasm_bindgen_test]
async fn all_arguments_of_an_event_can_be_read() {
    let event = echoed((1, "two", ByteBuf::from([3]))).await;
    assert_eq!(event.len(), 3);
    let three = Three(1, "two".into(), ByteBuf::from([3]));
    assert_eq!(event.arguments::<Three>().as_ref(), Ok(&three));
    assert_eq!(event.arguments(), Ok((1, "two".to_owned(), ByteBuf::from([3]))));
    let values: Vec<Value> = event.arguments().expect("values");
    assert_eq!(values, [Value::Int(1), Value::from("two"), Value::Bytes(vec![3])]);
    assert_eq!((event.get(0), event.get(1)), (Ok(1), Ok("two".to_owned())));
    assert_eq!((event.get::<ByteBuf>(2), event.get::<Option<u8>>(3)), (Ok(ByteBuf::from([3])), Ok(None)));
    assert_eq!(event.raw(1), JsValue::from_str("two"));
    assert!(event.raw(2).is_instance_of::<Uint8Array>() && event.raw(3).is_undefined());
    assert_eq!((event.values().length(), event.values().get(0)), (3, JsValue::from(1)));
    let debug = format!("{event:?}");
    assert_eq!(debug, "Event { namespace: \"/\", name: \"echo-back\", arguments: [1,\"two\",<1 bytes>] }");
    let long = format!("{:?}", echoed("x".repeat(5_000)).await);
    assert!(long.len() < 300 && long.contains("xxx…"), "{long}");
}

#[wasm_bindgen_test]
async fn a_list_can_be_all_arguments_of_an_emit_a_handler_a_stream_and_an_answer() {
    let client = connected().await;
    let (record, mut recorded) = channel();
    client
        .on("question", move |_client, All(numbers): All<Vec<u32>>| {
            record(numbers.clone());
            All(numbers)
        })
        .keep();
    let mut answers = client.arguments_of::<All<Vec<u32>>>("answered");
    for numbers in [vec![], vec![1], vec![1, 2, 3]] {
        client.emit("ask", All(&numbers)).expect("is emitted");
        assert_eq!(recorded.next().await.as_ref(), Some(&numbers));
        assert_eq!(answers.next().await, Some(All(numbers.clone())));
        assert_eq!(client.call("echo", All(&numbers)).await, Ok(All(numbers)));
    }
}

#[wasm_bindgen_test]
async fn null_is_one_argument_and_unit_is_none() {
    assert_eq!(echoed(()).await.len(), 0);
    assert_eq!(echoed(&()).await.len(), 0);
    for event in
        [echoed(json!(null)).await, echoed(None::<u8>).await, echoed(Value::Null).await, echoed(&json!(null)).await]
    {
        assert_eq!((event.len(), event.raw(0)), (1, JsValue::NULL));
    }
    let client = connected().await;
    let mut answers = client.events_of("answered");
    let null = client.on("question", |_client, ()| json!(null));
    client.emit("ask", ()).expect("is emitted");
    assert_eq!(answers.next().await.expect("an event").len(), 1);
    drop(null);
    let _none = client.on("question", |_client, ()| async { None::<u8> });
    client.emit("ask", ()).expect("is emitted");
    assert_eq!(answers.next().await.expect("an event").len(), 1);
}

// [M2]
#[wasm_bindgen_test]
async fn values_of_javascript_are_arguments_and_fields() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct File {
        name: String,
        bytes: Raw,
        more: Raw,
    }
    let bytes: Uint8Array = js("return new Uint8Array([0, 1, 2, 3]).subarray(1)").unchecked_into();
    let more = js("return { é: [1, new Uint8Array([7, 8])], f: new Uint8Array([9]).buffer, date: new Date(0) }");
    let file = File { name: "🦀".into(), bytes: Raw(bytes.into()), more: Raw(more) };
    let event = echoed((file, ByteBuf::from([5]))).await;
    assert_eq!(event.get(1), Ok(ByteBuf::from([5])));
    let back: File = event.get(0).expect("a file");
    assert_eq!(back.bytes.0.unchecked_into::<Uint8Array>().to_vec(), [1, 2, 3]);
    #[derive(Debug, PartialEq, Deserialize)]
    struct More {
        é: (u8, ByteBuf),
        f: ByteBuf,
        date: String,
    }
    let expected =
        More { é: (1, ByteBuf::from([7, 8])), f: ByteBuf::from([9]), date: "1970-01-01T00:00:00.000Z".into() };
    #[derive(Debug, PartialEq, Deserialize)]
    struct Typed {
        more: More,
    }
    assert_eq!(event.get::<Typed>(0), Ok(Typed { more: expected }));
    let inner = js_sys::Reflect::get(&back.more.0, &"é".into()).expect("an array").unchecked_into::<js_sys::Array>();
    assert_eq!(inner.get(1).unchecked_into::<Uint8Array>().to_vec(), [7, 8]);
    let client = connected().await;
    for wrong in [
        "const a = []; a.push(a); return a",
        "return { toJSON() { throw { get message() { throw 1; } }; } }",
        "return { toJSON() { throw [new Uint8Array(1)]; } }",
        "return { get x() { throw undefined; } }",
    ] {
        let error = client.emit("x", (1, Raw(js(wrong)))).expect_err(wrong).to_string();
        assert!(error.contains("\"x\"") && error.contains("at [1]"), "{error}");
    }
}

// [M2]
#[wasm_bindgen_test]
async fn a_blob_is_sent_after_it_is_read() {
    let blob = js("return new Blob(['ab', new Uint8Array([0, 255])])");
    let refused = connected().await.emit("x", Raw(blob.clone())).expect_err("a Blob").to_string();
    assert!(refused.contains("Raw::from_blob"), "{refused}");
    let nested =
        Function::new_with_args("blob", "return { a: [blob] }").call1(&JsValue::NULL, &blob).expect("an object");
    let refused = connected().await.emit("x", Raw(nested)).expect_err("a Blob").to_string();
    assert!(refused.contains("Raw::from_blob") && !refused.contains("arrayBuffer"), "{refused}");
    assert!(refused.starts_with("a value cannot be sent: ") && !refused.contains("convert"), "{refused}");
    let read = Raw::from_blob(&blob).await.expect("is read");
    let event = echoed((read, "after")).await;
    assert_eq!(event.parse(), Ok((ByteBuf::from(*b"ab\0\xff"), "after".to_owned())));
    assert!(matches!(Raw::from_blob(&JsValue::NULL).await, Err(Error::Unserializable { .. })));
}

#[wasm_bindgen_test]
async fn bytes_of_javascript_are_sent_without_a_copy_through_wasm() {
    let bytes: Uint8Array = js("return crypto.getRandomValues(new Uint8Array(20_000))").unchecked_into();
    let search = "const all = new Uint8Array(memory.buffer);
        for (let at = all.indexOf(bytes[0]); at >= 0; at = all.indexOf(bytes[0], at + 1))
            if (bytes.every((byte, number) => all[at + number] === byte)) return true;
        return false";
    let search = Function::new_with_args("memory, bytes", search);
    let is_in_memory =
        |part: &Uint8Array| search.call2(&JsValue::NULL, &wasm_bindgen::memory(), part).expect("a search").is_truthy();
    let part = bytes.slice(9_000, 9_040);
    let make_file = Function::new_with_args("bytes", "return new File([bytes], 'a name')");
    let file = make_file.call1(&JsValue::NULL, &bytes).expect("a File");
    let file = Raw::from_blob(&file).await.expect("is read");
    let event = echoed((Raw(bytes.clone().into()), file)).await;
    assert_eq!(event.raw(1).unchecked_into::<Uint8Array>().length(), 20_000);
    assert!(!is_in_memory(&part), "the bytes were copied into wasm");
    let copied: ByteBuf = event.get(0).expect("bytes");
    assert!(is_in_memory(&part), "the search finds {} bytes that were copied", copied.len());
}

#[wasm_bindgen_test]
async fn structs_with_flattened_and_untagged_parts_hold_binary_data() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Picture {
        name: String,
        #[serde(flatten)]
        more: Part,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Part {
        Bytes { bytes: ByteBuf },
        Link { link: String },
    }
    for more in [Part::Bytes { bytes: ByteBuf::from([1, 2]) }, Part::Link { link: "x".into() }] {
        let picture = Picture { name: "a".into(), more };
        assert_eq!(echoed(&picture).await.parse().as_ref(), Ok(&picture));
    }
}

#[wasm_bindgen_test]
async fn arrays_are_read_from_binary_data_of_their_length() {
    let event = echoed((ByteBuf::from([1, 2]), vec![ByteBuf::from([3])])).await;
    assert_eq!(event.arguments(), Ok(([1_u8, 2], [[3_u8]])));
    assert_eq!(event.get::<Vec<u8>>(0), Ok(vec![1, 2]));
    for wrong in [event.get::<[u8; 1]>(0).map(drop), event.get::<[u8; 3]>(0).map(drop)] {
        let error = wrong.expect_err("another length").to_string();
        assert!(error.contains("length") && error.ends_with("at [0], found <2 bytes>"), "{error}");
    }
}

#[wasm_bindgen_test]
fn strings_are_written_as_json_stringify_writes_them() {
    let all: String = (0..0x2100).chain(0xfff0..0x1_0010).filter_map(char::from_u32).collect();
    for text in [all.as_str(), "", "\u{2028}\u{7f}\\\"/", "\u{1f980}"] {
        let Ok(socketio_wasm::Message::Text(json)) = socketio_wasm::Message::json(text) else { panic!("a string") };
        let expected = js_sys::JSON::stringify(&text.into()).expect("JSON");
        assert!(expected == json.as_str(), "{text:?}");
        assert_eq!(socketio_wasm::Message::Text(json).parse::<String>().as_deref(), Ok(text));
    }
}

#[wasm_bindgen_test]
async fn values_without_a_type_travel() {
    let plain = json!({ "a": [1, -2, 0.5, "x", null, true], "b": { "__proto__": {} } });
    assert_eq!(echoed(&plain).await.get(0), Ok(plain));
    let value: Value =
        [("list", Value::from(vec![Value::Null, true.into(), 7.into(), 1.5.into()])), ("bytes", vec![1_u8, 2].into())]
            .into_iter()
            .collect();
    assert_eq!(echoed(&value).await.get(0), Ok(value.clone()));
    let any: HashMap<String, serde_json::Value> = echoed(json!({ "x": { "y": 1 } })).await.parse().expect("is read");
    assert_eq!(any["x"]["y"], 1);
}

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
enum Color {
    Red,
}

#[wasm_bindgen_test]
async fn keys_that_print_as_strings_travel() {
    let event = echoed((
        BTreeMap::from([(7_u32, 1)]),
        BTreeMap::from([(-1_i64, 2)]),
        BTreeMap::from([(Color::Red, 3)]),
        BTreeMap::from([(true, 4)]),
    ))
    .await;
    assert_eq!(event.get(0), Ok(HashMap::from([(7_u32, 1)])));
    assert_eq!(event.get(1), Ok(HashMap::from([(-1_i64, 2)])));
    assert_eq!(event.get(2), Ok(HashMap::from([(Color::Red, 3)])));
    assert_eq!(event.get(3), Ok(HashMap::from([(true, 4)])));
    assert_eq!(event.get(0), Ok(HashMap::from([("7".to_owned(), 1)])));
}

// [H6]
#[wasm_bindgen_test]
async fn integers_are_exact_up_to_2_to_53() {
    const MOST: i64 = 1 << 53;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Id {
        #[serde(with = "socketio_wasm::integer_string")]
        id: u64,
    }
    let event = echoed((MOST, -MOST, Id { id: u64::MAX }, 1e300)).await;
    assert_eq!(event.parse(), Ok((MOST, -MOST, Id { id: u64::MAX }, 1e300)));
    assert_eq!(event.raw(0).as_f64(), Some(9_007_199_254_740_992.0));
    let client = connected().await;
    for large in
        [client.emit("x", (0, MOST + 1)), client.emit("x", (0, u64::MAX)), client.emit("x", (0, Value::Int(i64::MIN)))]
    {
        let error = large.expect_err("is refused").to_string();
        assert!(error.contains("\"x\"") && error.contains("2^53") && error.contains("at [1]"), "{error}");
    }
    let large = event.get::<i64>(3).expect_err("is no i64").to_string();
    assert!(large.contains("at [3], found 1e+300") && large.contains("2^53"), "{large}");
}

#[wasm_bindgen_test]
async fn floats_travel_as_javascript_writes_them() {
    let floats = [0.1, -1.5, 1e-7, 123_456.789, 1e21, f64::MAX, f64::MIN_POSITIVE, 0.1 + 0.2, 2_f64.powi(70)];
    let client = connected().await;
    assert_eq!(client.call::<Vec<f64>>("echo", floats.as_slice()).await.as_deref(), Ok(floats.as_slice()));
    let text = socketio_wasm::Message::json(floats.as_slice()).expect("JSON");
    let expected =
        js_sys::JSON::stringify(&floats.iter().map(|of| JsValue::from(*of)).collect::<js_sys::Array>()).expect("JSON");
    assert_eq!(text, String::from(expected).into());
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    price: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct Order {
    items: Vec<Item>,
}

// [D11]
#[wasm_bindgen_test]
async fn errors_of_types_name_event_namespace_path_type_and_value() {
    let event =
        echoed(json!({ "items": [{ "price": 1 }, { "price": "x".repeat(300) }, { "price": 1, "odd": 2 }] })).await;
    let Err(Error::WrongType { of, namespace, path, why, found }) = event.parse::<Order>() else { panic!("an error") };
    assert_eq!((of.as_str(), namespace.as_deref()), ("the event \"echo-back\"", Some("/")));
    assert_eq!((path.as_str(), why.as_str()), ("[0].items[1].price", "expected u32"));
    assert!(found.starts_with("\"xxx") && found.ends_with('…') && found.chars().count() == 201, "{found}");
    let unknown =
        echoed(json!({ "items": [{ "price": 1, "odd": 2 }] })).await.parse::<Order>().expect_err("unknown field");
    assert!(unknown.to_string().contains("unknown field `odd`"), "{unknown}");
    for wrong in [
        echoed(5).await,
        echoed("text").await,
        echoed(json!(null)).await,
        echoed(()).await,
        echoed(vec![ByteBuf::from([1])]).await,
    ] {
        let error = wrong.parse::<Order>().expect_err("no order").to_string();
        assert!(
            error.contains("\"echo-back\" of \"/\"") && error.contains("at [0]") && error.contains(", found "),
            "{error}"
        );
    }
    let bytes = echoed(ByteBuf::from([1, 2, 3])).await.parse::<String>().expect_err("bytes").to_string();
    assert!(bytes.ends_with("expected a string at [0], found <3 bytes>"), "{bytes}");
    let third = event.get::<u32>(2).expect_err("missing").to_string();
    assert!(third.ends_with("at [2], found nothing"), "{third}");
    let chat = builder().namespace("/").namespace("/chat").connect().await.expect("connects").of("/chat");
    let answer = chat.call::<(u8, u8)>("echo", (1, "x")).await.expect_err("a string").to_string();
    assert!(
        answer.contains("answer to the event \"echo\" of \"/chat\"")
            && answer.ends_with("expected u8 at [1], found \"x\""),
        "{answer}"
    );
}

#[wasm_bindgen_test]
async fn an_answer_that_cannot_be_written_names_its_event_and_place() {
    let (report, reported) = once();
    let client = builder().on_error(move |error| report(error.clone())).connect().await.expect("connects");
    client.on("question", |_client, ()| (1, vec![u64::MAX])).keep();
    client.emit("ask", ()).expect("is emitted");
    let error = reported.await.expect("an error").to_string();
    assert!(
        error.contains("the answer:") && error.contains("at [1][0]") && error.ends_with("(event \"question\")"),
        "{error}"
    );
}

#[wasm_bindgen_test]
async fn a_handler_that_fails_with_binary_data_is_reported_with_its_size() {
    let (report, reported) = once();
    let client = builder().on_error(move |error| report(error.clone())).connect().await.expect("connects");
    let failure = || Err::<(), _>((ByteBuf::from([1, 2]), "é", ByteBuf::from([3])));
    client.on("question", move |_client, ()| failure()).keep();
    client.emit("ask", ()).expect("is emitted");
    let error = reported.await.expect("an error").to_string();
    assert_eq!(error, "a handler has failed: [<2 bytes>,\"é\",<1 bytes>] (event \"question\")");
}

#[wasm_bindgen_test]
async fn listeners_of_outgoing_events_receive_the_values() {
    let client = connected().await;
    let (record, mut recorded) = channel();
    client.on_any_outgoing(move |_client, event| record(event)).keep();
    client.emit("x", (1, ByteBuf::from([2]), "é")).expect("is emitted");
    let event = recorded.next().await.expect("an event");
    assert_eq!(event.parse(), Ok((1, ByteBuf::from([2]), "é".to_owned())));
}

#[wasm_bindgen_test]
fn the_parts_of_a_value_are_reached_by_name_and_place() {
    let value = Value::from_iter([
        ("null", Value::from(())),
        ("bool", true.into()),
        ("int", (-7).into()),
        ("float", 1.5.into()),
        ("text", "a".into()),
        ("bytes", vec![1_u8, 2].into()),
        ("list", Value::from_iter([Value::from(7_u32), Value::from("b")])),
    ]);
    let part = |name: &str| value.get(name).expect("a part");
    assert_eq!(value.as_map().map(<[_]>::len), Some(7));
    assert!(part("null").is_null() && !value.is_null());
    assert_eq!((part("bool").as_bool(), part("int").as_bool()), (Some(true), None));
    assert_eq!((part("int").as_i64(), part("int").as_u64()), (Some(-7), None));
    assert_eq!((part("float").as_f64(), part("int").as_f64(), part("text").as_f64()), (Some(1.5), Some(-7.0), None));
    assert_eq!((part("text").as_str(), part("bytes").as_str()), (Some("a"), None));
    assert_eq!((part("bytes").as_bytes(), part("text").as_bytes()), (Some(&[1, 2][..]), None));
    assert_eq!(part("list").as_list().map(<[_]>::len), Some(2));
    assert_eq!((part("list").at(0).and_then(Value::as_u64), part("list").at(2)), (Some(7), None));
    assert_eq!((part("list").get("a"), value.at(0), value.get("none")), (None, None, None));
}

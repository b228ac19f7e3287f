//! The wasm shell: host, driver and the core that JavaScript uses, against a real server, in Node, browsers and workers.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod servers;
mod until;

use js_sys::{Array, Function, JsString, Promise, Reflect};
use servers::url;
use socketio_wasm::host::Platform;
use socketio_wasm::js::{Core, CoreSettings, EngineCore, EngineListener};
use until::until;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/tests/wasm/shell.js")]
extern "C" {
    #[wasm_bindgen(js_name = makePlatform)]
    fn make_platform() -> Platform;
    #[wasm_bindgen(js_name = makeSettings)]
    fn make_settings(changes: &JsValue) -> CoreSettings;
    fn connect(core: &JsValue, url: &str, transports: u8, namespaces: Array, auth: &JsValue) -> Promise;
    fn disconnect(core: &JsValue) -> Promise;
    fn call(core: &JsValue, namespace: &str, values: Array, timeout: f64) -> Promise;
    fn next(core: &JsValue, namespace: &str, event: &str, answer: Option<&Function>) -> Promise;
    fn samples() -> Array;
    fn same(one: &JsValue, other: &JsValue) -> bool;
    #[wasm_bindgen(js_name = randomText)]
    fn random_text() -> JsString;
    #[wasm_bindgen(js_name = memoryHolds)]
    fn memory_holds(memory: &JsValue, text: &JsString) -> bool;
    fn watch(core: &JsValue, namespace: &str) -> Array;
    #[wasm_bindgen(js_name = makeParser)]
    fn make_parser(core: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = makeListener)]
    fn make_listener() -> EngineListener;
    #[wasm_bindgen(js_name = engineRequest)]
    fn engine_request(url: &str, transports: u8) -> JsValue;
}

const POLLING: u8 = 0;
const WEBSOCKET: u8 = 1;
const UPGRADE: u8 = 2;

/// A core as JavaScript sees it, and its platform.
fn client() -> (JsValue, Platform) {
    let platform = make_platform();
    let listeners = js_sys::Map::new();
    let core: JsValue = Core::new(platform.clone(), &make_settings(&JsValue::UNDEFINED), &listeners).into();
    Reflect::set(&core, &"table".into(), &listeners).expect("is set");
    (core, platform)
}

async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

async fn connected(transports: u8, namespaces: &[&str]) -> (JsValue, Platform) {
    let (core, platform) = client();
    let names = namespaces.iter().map(|name| JsValue::from_str(name)).collect();
    settled(connect(&core, url(), transports, names, &JsValue::UNDEFINED)).await.expect("connects");
    (core, platform)
}

fn property(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).expect("a property")
}

fn method(core: &JsValue, name: &str, arguments: &[JsValue]) -> JsValue {
    let function: Function = property(core, name).unchecked_into();
    function.apply(core, &arguments.iter().collect()).expect("does not throw")
}

fn transport(core: &JsValue) -> String {
    method(core, "transport", &[]).as_string().expect("a string")
}

fn values(event: &str, arguments: &Array) -> Array {
    Array::of1(&event.into()).concat(arguments)
}

#[wasm_bindgen_test]
async fn every_transport_carries_every_value_both_ways() {
    for transports in [POLLING, WEBSOCKET, UPGRADE] {
        let (core, _) = connected(transports, &["/"]).await;
        for sample in samples().iter() {
            let sample: Array = sample.unchecked_into();
            let answer = settled(call(&core, "/", values("echo", &sample), 30_000.0)).await.expect("an answer");
            assert!(same(&answer, &sample), "acknowledged over transport {transports}: {answer:?}");
            let event = next(&core, "/", "echo-back", None);
            method(&core, "emit", &["/".into(), values("echo-back", &sample).into(), 0.into()]);
            let received = settled(event).await.expect("an event");
            assert!(same(&received, &sample), "received over transport {transports}: {received:?}");
        }
        settled(disconnect(&core)).await.expect("disconnects");
        assert_eq!(property(&core, "state").as_string().as_deref(), Some("disconnected"));
    }
}

#[wasm_bindgen_test]
async fn a_parser_encodes_and_decodes_packets_and_may_query_its_client() {
    for transports in [POLLING, WEBSOCKET] {
        let (core, platform) = client();
        method(&core, "setParser", &[make_parser(&core)]);
        let names = ["/", "/chat"].iter().map(|name| JsValue::from_str(name)).collect();
        settled(connect(&core, url(), transports, names, &JsValue::UNDEFINED)).await.expect("connects");
        let sample = Array::of2(&"text".into(), &1.into());
        for namespace in ["/", "/chat"] {
            let answer = settled(call(&core, namespace, values("echo", &sample), 30_000.0)).await.expect("an answer");
            assert!(same(&answer, &sample), "{namespace}: {answer:?}");
        }
        let answered = next(&core, "/", "answered", None);
        let question = next(&core, "/", "question", Some(&Function::new_with_args("a, b", "return b")));
        method(&core, "emit", &["/".into(), values("ask", &sample).into(), 0.into()]);
        settled(question).await.expect("a question");
        assert!(same(&settled(answered).await.expect("the answer"), &Array::of1(&1.into())));
        settled(disconnect(&core)).await.expect("disconnects");
        assert_eq!(property(&platform, "reports").unchecked_into::<Array>().length(), 0);
    }
}

#[wasm_bindgen_test]
async fn an_engine_core_carries_messages_without_socket_io() {
    for transports in [POLLING, WEBSOCKET, UPGRADE] {
        let listener = make_listener();
        let settings = make_settings(&JsValue::UNDEFINED);
        let engine: JsValue = EngineCore::new(make_platform(), &settings, &listener).into();
        Reflect::set(&engine, &"listener".into(), &listener).expect("is set");
        let recorded: Array = property(&listener, "recorded").unchecked_into();
        assert_eq!(method(&engine, "connect", &[engine_request(url(), transports)]), JsValue::TRUE);
        until("it opens", async || recorded.length() >= 1).await;
        // The server speaks Socket.IO: this message connects the namespace "/".
        method(&engine, "send", &["0".into()]);
        until("the answer", async || recorded.length() >= 2).await;
        assert!(recorded.get(1).as_string().is_some_and(|text| text.starts_with("0{\"sid\"")), "{recorded:?}");
        method(&engine, "disconnect", &[JsValue::FALSE]);
        until("its end", async || recorded.length() >= 3).await;
        assert_eq!(recorded.get(2).as_string().as_deref(), Some("client disconnect"));
        assert_eq!(property(&engine, "state").as_string().as_deref(), Some("disconnected"));
    }
}

#[wasm_bindgen_test]
async fn polling_is_upgraded_and_nothing_is_lost_during_the_upgrade() {
    let (core, _) = connected(UPGRADE, &["/"]).await;
    let mut number = 0;
    until("the upgrade", async || {
        let sent = Array::of1(&number.into());
        let answer = settled(call(&core, "/", values("echo", &sent), 30_000.0)).await.expect("an answer");
        assert!(same(&answer, &sent));
        number += 1;
        transport(&core) == "websocket"
    })
    .await;
    let answer = settled(call(&core, "/", values("echo", &Array::new()), 30_000.0)).await.expect("an answer");
    assert_eq!(answer.unchecked_into::<Array>().length(), 0);
    settled(disconnect(&core)).await.expect("disconnects");
}

#[wasm_bindgen_test]
async fn namespaces_share_a_connection_and_have_a_sid_each() {
    let (core, _) = connected(WEBSOCKET, &["/", "/chat"]).await;
    let sid = |name: &str| method(&core, "getSid", &[name.into()]).as_string();
    assert!(sid("/").is_some() && sid("/chat").is_some() && sid("/") != sid("/chat"));
    assert!(property(&core, "engineSid").as_string().is_some());
    assert_eq!(method(&core, "namespaces", &[]).unchecked_into::<Array>().length(), 2);
    settled(disconnect(&core)).await.expect("disconnects");
    assert!(sid("/").is_none());
}

#[wasm_bindgen_test]
async fn handlers_answer_by_value_promise_tuple_or_nothing() {
    let (core, platform) = connected(WEBSOCKET, &["/"]).await;
    let tuple = "Object.defineProperty([1, 2], Symbol.for('socketio-wasm.tuple'), { value: true })";
    for (body, expected) in [
        ("return 'answer'", "['answer']"),
        ("return [1, 2]", "[[1, 2]]"),
        ("return undefined", "[]"),
        ("return Promise.resolve({ a: 1 })", "[{ a: 1 }]"),
        (&format!("return {tuple}"), "[1, 2]"),
        (&format!("return Promise.resolve({tuple})"), "[1, 2]"),
    ] {
        let answer = Function::new_no_args(body);
        let asked = next(&core, "/", "question", Some(&answer));
        let answered = next(&core, "/", "answered", None);
        method(&core, "emit", &["/".into(), values("ask", &Array::of1(&7.into())).into(), 0.into()]);
        settled(asked).await.expect("asked");
        let answered = settled(answered).await.expect("answered");
        let expected = Function::new_no_args(&["return ", expected].concat()).call0(&JsValue::NULL).expect("a value");
        assert!(same(&answered, &expected), "{body}: {answered:?}");
    }
    assert_eq!(property(&platform, "reports").unchecked_into::<Array>().length(), 0);
    settled(disconnect(&core)).await.expect("disconnects");
}

#[wasm_bindgen_test]
async fn an_exception_of_a_handler_is_reported_and_the_connection_stays() {
    let (core, platform) = connected(WEBSOCKET, &["/"]).await;
    let thrown = next(&core, "/", "echo-back", Some(&Function::new_no_args("throw new Error('mine')")));
    method(&core, "emit", &["/".into(), values("echo-back", &Array::new()).into(), 0.into()]);
    settled(thrown).await.expect("the handler ran");
    let answer = settled(call(&core, "/", values("echo", &Array::of1(&1.into())), 30_000.0)).await;
    assert!(answer.is_ok(), "the connection stays");
    let reports: Array = property(&platform, "reports").unchecked_into();
    assert_eq!(reports.length(), 1);
    assert_eq!(property(&reports.get(0), "message").as_string().as_deref(), Some("mine"));
    settled(disconnect(&core)).await.expect("disconnects");
}

#[wasm_bindgen_test]
async fn a_handler_may_emit_remove_itself_and_disconnect() {
    let (core, _) = connected(WEBSOCKET, &["/"]).await;
    let seen = watch(&core, "/");
    let on_echo = Closure::<dyn FnMut()>::new({
        let core = core.clone();
        move || {
            method(&core, "emit", &["/".into(), values("count", &Array::of1(&1.into())).into(), 0.into()]);
            method(&core, "off", &["/".into(), "echo-back".into()]);
            method(&core, "disconnect", &[(-1).into(), Function::new_no_args("").into()]);
        }
    });
    method(&core, "on", &["/".into(), "echo-back".into(), on_echo.as_ref().clone(), false.into()]);
    method(&core, "emit", &["/".into(), values("echo-back", &Array::new()).into(), 0.into()]);
    until("the end", async || property(&core, "state") == "disconnected").await;
    let names: Vec<_> = seen.iter().map(|event| Array::from(&event).get(0).as_string()).collect();
    assert_eq!(names, [Some("disconnect".to_owned()), Some("disconnectFinal".to_owned())]);
}

#[wasm_bindgen_test]
async fn a_refusal_brings_the_servers_message_and_data() {
    let (core, _) = client();
    let seen = watch(&core, "/refuse-data");
    let error = settled(connect(&core, url(), UPGRADE, Array::of1(&"/refuse-data".into()), &JsValue::UNDEFINED))
        .await
        .expect_err("is refused");
    assert_eq!(property(&error, "code").as_string().as_deref(), Some("REFUSED"));
    let values: Array = property(&error, "values").unchecked_into();
    assert_eq!(values.get(1).as_string().as_deref(), Some("nope"));
    assert_eq!(property(&property(&values.get(2), "data"), "code").as_f64(), Some(7.0));
    assert_eq!(Array::from(&seen.get(0)).get(0).as_string().as_deref(), Some("connect_error"));
    until("the end", async || property(&core, "state") == "disconnected").await;
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_made_again_and_unsent_events_arrive() {
    for transports in [POLLING, WEBSOCKET] {
        let (core, _) = connected(transports, &["/"]).await;
        let seen = watch(&core, "/");
        method(&core, "emit", &["/".into(), values("close-engine", &Array::new()).into(), 0.into()]);
        until("the loss", async || property(&core, "state") == "reconnecting").await;
        let sent = Array::of1(&"while away".into());
        let answer = settled(call(&core, "/", values("echo", &sent), 30_000.0)).await.expect("an answer");
        assert!(same(&answer, &sent));
        let names: Vec<_> = seen.iter().map(|event| Array::from(&event).get(0).as_string()).collect();
        assert_eq!(names, [Some("disconnect".to_owned()), Some("connect".to_owned())]);
        settled(disconnect(&core)).await.expect("disconnects");
    }
}

#[wasm_bindgen_test]
async fn a_call_without_an_answer_ends_by_its_timeout() {
    let (core, _) = connected(WEBSOCKET, &["/"]).await;
    let error = settled(call(&core, "/", values("never", &Array::new()), 30.0)).await.expect_err("no answer");
    assert_eq!(property(&error, "code").as_string().as_deref(), Some("CALL_TIMEOUT"));
    settled(disconnect(&core)).await.expect("disconnects");
}

#[wasm_bindgen_test]
async fn a_server_that_cannot_be_reached_is_an_error_on_each_transport() {
    // Browsers block port 9 (discard), and no server listens on it.
    for (transports, name) in [(POLLING, "polling"), (WEBSOCKET, "websocket")] {
        let (core, _) = client();
        let error = settled(connect(&core, "http://127.0.0.1:9", transports, Array::of1(&"/".into()), &JsValue::NULL))
            .await
            .expect_err("is unreachable");
        assert_eq!(property(&error, "code").as_string().as_deref(), Some("UNREACHABLE"));
        assert_eq!(Array::from(&property(&error, "values")).get(0).as_string().as_deref(), Some(name));
    }
}

#[wasm_bindgen_test]
async fn a_fetch_that_is_odd_in_any_way_is_a_failed_connection() {
    for body in [
        "throw new Error('x')",
        "return undefined",
        "return { get then() { throw 1 } }",
        "return { then(_, reject) { reject(1); throw 2 } }",
        "return Promise.reject()",
        "return Object.assign(Promise.resolve({}), { then() { throw 1 } })",
        "return { get status() { throw 1 }, get headers() { throw 1 }, text() { return '' } }",
        "return { status: 200, headers: { get() { throw 1 } }, text() { return '' } }",
        "return { status: 200, headers: { get() { return 7 } }, text() { throw 1 } }",
        "return { status: 200, text: async () => { throw 1 } }",
        "return { status: 200, text: async () => Symbol() }",
        "return { status: 200, headers: { get: () => 'application/octet-stream' }, text() { return '' } }",
    ] {
        let (core, platform) = client();
        Reflect::set(&platform, &"fetch".into(), &Function::new_no_args(body)).expect("is set");
        let connecting = connect(&core, url(), POLLING, Array::of1(&"/".into()), &JsValue::UNDEFINED);
        settled(connecting).await.expect_err(body);
        assert_eq!(property(&platform, "reports").unchecked_into::<Array>().length(), 0, "{body}");
    }
    // An answer needs no more than a status and a body.
    let (core, platform) = client();
    let bare = "return fetch(url, init).then((r) => ({ status: r.status, text: () => r.text() }))";
    Reflect::set(&platform, &"fetch".into(), &Function::new_with_args("url, init", bare)).expect("is set");
    settled(connect(&core, url(), POLLING, Array::of1(&"/".into()), &JsValue::UNDEFINED)).await.expect("connects");
    settled(disconnect(&core)).await.expect("disconnects");
}

#[wasm_bindgen_test]
async fn a_websocket_that_is_odd_in_any_way_is_a_failed_connection() {
    for body in [
        "throw new Error('x')",
        "return undefined",
        "return { set onopen(handler) { throw 1 }, close() { throw 2 } }",
        "return { set binaryType(type) { throw 1 }, get cork() { throw 2 } }",
        "return { set onclose(handler) { handler({ get code() { throw 1 }, get reason() { throw 2 } }) } }",
        "const socket = {}; queueMicrotask(() => { socket.onerror(undefined); socket.onclose(undefined) }); return socket",
        "const socket = { close() { throw 2 } }; queueMicrotask(() => socket.onmessage({ get data() { throw 1 } })); return socket",
        "const socket = {}; queueMicrotask(() => socket.onmessage({ data: Symbol() })); return socket",
    ] {
        let (core, platform) = client();
        Reflect::set(&platform, &"openSocket".into(), &Function::new_no_args(body)).expect("is set");
        let connecting = connect(&core, url(), WEBSOCKET, Array::of1(&"/".into()), &JsValue::UNDEFINED);
        settled(connecting).await.expect_err(body);
        assert_eq!(property(&platform, "reports").unchecked_into::<Array>().length(), 0, "{body}");
    }
}

#[wasm_bindgen_test]
async fn payload_never_enters_wasm_memory() {
    for transports in [POLLING, WEBSOCKET] {
        let (core, _) = connected(transports, &["/"]).await;
        let (text, binary) = (random_text(), random_text());
        let encoder = Function::new_with_args("text", "return new TextEncoder().encode(text)");
        let bytes = encoder.call1(&JsValue::NULL, &binary).expect("bytes");
        let sent = Array::of2(&text, &bytes);
        let event = next(&core, "/", "echo-back", None);
        method(&core, "emit", &["/".into(), values("echo-back", &sent).into(), 0.into()]);
        assert!(same(&settled(event).await.expect("an event"), &sent));
        for payload in [&text, &binary] {
            assert!(!memory_holds(&wasm_bindgen::memory(), payload), "transport {transports}");
        }
        settled(disconnect(&core)).await.expect("disconnects");
    }
    // The search finds a string that is in memory.
    let inside = String::from(random_text());
    assert!(memory_holds(&wasm_bindgen::memory(), &JsString::from(inside.as_str())));
}

#[wasm_bindgen_test]
async fn an_exception_of_a_platform_method_ends_only_one_action() {
    for transports in [POLLING, WEBSOCKET] {
        let platform = make_platform();
        let changes = js_sys::Object::new();
        Reflect::set(&changes, &"logger".into(), &true.into()).expect("is set");
        let handlers = js_sys::Map::new();
        let core: JsValue = Core::new(platform.clone(), &make_settings(&changes), &handlers).into();
        let names = Array::of1(&"/".into());
        settled(connect(&core, url(), transports, names, &JsValue::UNDEFINED)).await.expect("connects");
        let reports: Array = property(&platform, "reports").unchecked_into();
        let throwing = Function::new_no_args("throw new Error('from the platform')");
        for name in ["log", "setTimeout", "clearTimeout", "blobsRead"] {
            let original = property(&platform, name);
            Reflect::set(&platform, &name.into(), &throwing).expect("is set");
            method(&core, "emit", &["/".into(), Array::of2(&"burst".into(), &3.into()).into(), 0.into()]);
            let answer = settled(call(&core, "/", values("echo", &Array::of1(&1.into())), 10_000.0)).await;
            assert!(same(&answer.expect("an answer"), &Array::of1(&1.into())), "{name} over {transports}");
            Reflect::set(&platform, &name.into(), &original).expect("is set");
            // Each event is logged, and each failure of log() is reported.
            assert!(name != "log" || reports.length() >= 3, "{name} over {transports}: {}", reports.length());
        }
        let event = next(&core, "/", "echo-back", None);
        method(&core, "emit", &["/".into(), values("echo-back", &Array::of1(&2.into())).into(), 0.into()]);
        settled(event).await.expect("an event");
        settled(disconnect(&core)).await.expect("disconnects");
    }
}

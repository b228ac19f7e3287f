//! Off wasm, as on a server that renders a page, clients are built and do nothing. Every method returns at once.

#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::expect_used, clippy::panic)]

use core::fmt::Debug;
use futures::{FutureExt, StreamExt};
use serde_bytes::ByteBuf;
use socketio_wasm::{
    Ack, Client, ClientNamespace, EngineClient, Error, Event, Fault, Limits, Message, ProtocolVersion, Raw, Scope,
    SimpleClient, State, Transports, TypedEvent, Value,
};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::time::Duration;

const URL: &str = "http://localhost:3000";
const SECOND: Duration = Duration::from_secs(1);

#[track_caller]
fn at_once<T>(work: impl Future<Output = T>) -> T {
    work.now_or_never().expect("nothing waits off wasm")
}

#[track_caller]
fn is_unsupported<T: Debug>(result: Result<T, Error>) {
    let error = result.expect_err("nothing works off wasm");
    assert_eq!((&error, error.fault()), (&Error::Unsupported, Fault::Misuse));
    assert!(error.to_string().contains("WebAssembly"), "{error}");
}

struct Chat;

impl ClientNamespace for Chat {
    fn namespace(&self) -> &str {
        "/chat"
    }

    fn on_event(&self, _scope: Scope, _event: Event) -> Result<Ack, Error> {
        Ok(Ack::nothing())
    }
}

#[test]
fn a_client_is_built_with_every_option() {
    let token = || async { Ok::<_, Error>(BTreeMap::from([("token", "secret")])) };
    let builder = Client::builder(URL)
        .namespace("/chat")
        .auth(BTreeMap::from([("token", "secret")]))
        .auth_with(token)
        .headers([("x-token", "secret")])
        .headers_with(|| async { Ok::<_, Error>(vec![("x-token".to_owned(), "secret".to_owned())]) })
        .credentials()
        .path("/elsewhere")
        .transports(Transports::Polling)
        .revision(ProtocolVersion::V4)
        .request_timeout(SECOND)
        .wait_timeout(SECOND)
        .max_packets_per_post(NonZeroUsize::MIN)
        .high_water_mark(1)
        .network_events(false)
        .limits(Limits::default())
        .without_wait()
        .retry()
        .retry_refused()
        .reconnection(true)
        .reconnection_attempts(1)
        .reconnection_delay(SECOND, SECOND)
        .reconnection_delay_with(|_attempt, _error| None)
        .randomization_factor(0.1)
        .max_buffer(1)
        .log()
        .on_error(|error| panic!("{error}"))
        .on("add", |_scope, (a, b): (u32, u32)| a + b)
        .once("later", |_scope, ()| async { "done" })
        .on_unhandled(|_scope, _event| {})
        .on_connect(|scope| drop(scope.emit("join", "lobby")))
        .on_connect_error(|_scope, _error| {})
        .on_disconnect(|_scope, _end| {})
        .on_disconnect_final(|_scope, _reason| {})
        .on_reconnect_attempt(|_scope, _attempt, _delay| {})
        .on_reconnect(|_scope, _attempts| {})
        .on_reconnect_failed(|_scope| {})
        .on_state(|_scope, _now, _before| {})
        .on_upgrade(|_scope, _transport| {})
        .of("/chat", |chat| chat.on("message", |_scope, _text: String| {}).keep())
        .register_namespace(Chat);
    let client = builder.build();
    assert_eq!(client.state(), State::Disconnected);
    is_unsupported(at_once(Client::builder_with(|| async { Ok::<_, Error>(URL.to_owned()) }).connect()));
}

#[test]
fn a_client_connects_to_nothing_and_sends_nothing() {
    let client = Client::builder(URL).build();
    is_unsupported(at_once(client.connect()));
    is_unsupported(at_once(client.connect_namespace("/chat")));
    is_unsupported(at_once(client.connect_namespace_with("/chat", BTreeMap::from([("token", "secret")]))));
    is_unsupported(client.emit("say", ("hello", 7)));
    is_unsupported(client.send("hello"));
    is_unsupported(client.volatile().emit("say", "hello"));
    is_unsupported(client.unbuffered().emit("say", "hello"));
    is_unsupported(at_once(client.call::<u32>("add", (1, 2))));
    is_unsupported(at_once(client.call::<u32>("add", (1, 2)).timeout(SECOND)));
    drop(client.call::<u32>("add", (1, 2)));
    assert_eq!(at_once(client.disconnect()), 0);
    assert_eq!(at_once(client.disconnect_flushing(SECOND)), 0);
    at_once(client.wait());
    at_once(client.drain());
    client.disconnect_namespace("/chat");
}

#[test]
fn a_client_is_disconnected_and_its_streams_end() {
    let client = Client::builder(URL).build();
    assert_eq!((client.state(), client.sid(), client.is_connected()), (State::Disconnected, None, false));
    assert_eq!((client.transport(), client.engine_sid(), client.unsent()), (None, None, 0));
    assert!(client.namespaces().is_empty() && client.reconnection().is_none());
    assert_eq!(at_once(client.states().collect::<Vec<_>>()), [State::Disconnected]);
    assert_eq!(at_once(client.events().count()), 0);
    assert_eq!(at_once(client.events_of("message").with_limit(1).count()), 0);
    assert_eq!(at_once(client.arguments_of::<u32>("message").count()), 0);
    let (other, chat) = (Client::builder(URL).build(), client.of("/chat"));
    assert!(client == client.clone() && client != other && chat.client() == client);
    assert_eq!(format!("{client:?}"), "Client { state: Disconnected, sid: None, .. }");
}

#[test]
fn handlers_are_accepted_and_never_called() {
    let reported = Rc::new(RefCell::new(Vec::new()));
    let errors = reported.clone();
    let client = Client::builder(URL).on_error(move |error| errors.borrow_mut().push(error.clone())).build();
    let owned = Rc::new(());
    let held = owned.clone();
    let subscription = client.on("message", move |_scope, ()| drop(held.clone()));
    client.once("message", |_scope, ()| {}).keep();
    client.on_any(|_scope, _event| {}).keep();
    client.on_any_outgoing(|_scope, _event| {}).keep();
    client.register_namespace(Chat);
    assert!(!client.off("message"));
    drop(subscription);
    drop(client.on("connect", |_scope, ()| {}));
    assert_eq!(*reported.borrow(), [Error::InvalidEvent("connect".into())], "mistakes are still reported");
    drop(client);
    assert_eq!(Rc::strong_count(&owned), 1, "nothing holds a handler");
}

#[test]
fn typed_events_are_inert_as_well() {
    const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");
    let client = Client::builder(URL).build();
    is_unsupported(ADD.emit(&client, (1, 2)));
    is_unsupported(at_once(ADD.call(&client, (1, 2))));
    ADD.on(&client, |_scope, (a, b)| a + b).keep();
    ADD.once(&client, |_scope, (a, b)| async move { a + b }).keep();
    assert_eq!(at_once(ADD.arguments(&client).count()), 0);
}

#[test]
fn the_other_clients_are_inert_as_well() {
    is_unsupported(at_once(SimpleClient::connect(Client::builder(URL))));
    let client = EngineClient::builder(URL)
        .headers([("x-token", "secret")])
        .on_connect(|_client| {})
        .on_message(|_client, _message| {})
        .on_disconnect(|_client, _end| {})
        .build();
    is_unsupported(at_once(client.connect()));
    is_unsupported(client.send("hello"));
    is_unsupported(client.send(vec![1, 2, 3]));
    assert_eq!((client.state(), client.is_connected(), client.sid()), (State::Disconnected, false, None));
    assert_eq!((client.transport(), client.unsent()), (None, 0));
    assert_eq!(at_once(client.messages().count()), 0);
    assert_eq!((at_once(client.disconnect()), at_once(client.abort())), (0, 0));
    at_once(client.wait());
    assert_eq!(format!("{client:?}"), "EngineClient { state: Disconnected, sid: None, .. }");
}

#[test]
fn values_are_converted_and_answers_are_dropped() {
    assert_eq!(Message::json((7, "x")), Ok(Message::from("[7,\"x\"]")));
    assert_eq!(Message::from("1.5").parse(), Ok(1.5));
    let refused = Message::json(Value::Bytes(vec![1])).expect_err("binary data").to_string();
    assert_eq!(refused, "a value cannot be sent: JSON has no binary data: send it as a message of its own");
    assert_eq!(Message::json(ByteBuf::from([1])).expect_err("binary data").to_string(), refused);
    let undefined = Raw(wasm_bindgen::JsValue::UNDEFINED);
    assert_eq!(format!("{undefined:?}"), "Raw(..)");
    is_unsupported(at_once(Raw::from_blob(&undefined.0)));
    for error in [Message::json(undefined).map(drop), Message::from("7").parse::<Raw>().map(drop)] {
        let error = error.expect_err("there is no JavaScript").to_string();
        assert!(error.contains("values of JavaScript exist in WebAssembly alone"), "{error}");
    }
    drop(Ack::value(7));
    drop(Ack::later(async { 7 }));
    assert!(Client::builder(URL).websocket(wasm_bindgen::JsValue::UNDEFINED).build().sid().is_none());
}

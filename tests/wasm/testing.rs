//! The server in memory, `socketio_wasm::testing`, with clients of it: no network, in Node and in browsers.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use core::time::Duration;
use futures::channel::mpsc::unbounded;
use futures::future::join;
use futures::{FutureExt, StreamExt};
use js_sys::{Function, Promise};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use socketio_wasm::testing::{Server, Socket};
use socketio_wasm::{Client, ClientBuilder, DisconnectReason, Error, State, Transport, Transports};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

const ALL: [Transports; 3] = [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket];
const SHORT: Duration = Duration::from_millis(20);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Seat {
    row: u32,
    names: Vec<String>,
    picture: ByteBuf,
}

fn seat() -> Seat {
    Seat { row: 3, names: vec!["Ada".into()], picture: ByteBuf::from([0, 1, 255]) }
}

/// A builder of clients that connect again soon.
fn hasty(server: &Server) -> ClientBuilder {
    server.client().reconnection_delay(SHORT, SHORT)
}

/// A client and the server's end of it.
async fn connected(server: &Server) -> (Client, Socket) {
    join(hasty(server).connect().map(|client| client.expect("connects")), server.connection()).await
}

/// Waits until the client has another state.
async fn becomes(client: &Client, wanted: State) {
    let mut states = client.states();
    while client.state() != wanted {
        states.next().await.expect("the client lives");
    }
}

#[wasm_bindgen_test]
async fn handlers_answer_calls_with_values_futures_results_and_nothing() {
    for transports in ALL {
        let server = Server::new();
        server.on("add", |_socket, (a, b): (u32, u32)| a + b);
        server.on("pair", |_socket, (): ()| (1, "two"));
        server.on("seat", |_socket, seat: Seat| async move { seat });
        server.on("checked", |_socket, number: u32| Ok::<_, Error>(number));
        server.on("nothing", |_socket, (): ()| ());
        let client = server.client().transports(transports).connect().await.expect("connects");
        assert_eq!(client.call::<u32>("add", (20, 22)).await, Ok(42));
        assert_eq!(client.call::<(u32, String)>("pair", ()).await, Ok((1, "two".into())));
        assert_eq!(client.call::<Seat>("seat", seat()).await, Ok(seat()));
        assert_eq!(client.call::<u32>("checked", 7).await, Ok(7));
        assert_eq!(client.call::<()>("nothing", ()).await, Ok(()));
        let silent = client.call::<()>("silent", ()).timeout(SHORT).await;
        assert!(matches!(silent, Err(Error::CallTimeout { .. })), "{silent:?}");
    }
}

#[wasm_bindgen_test]
async fn the_server_calls_the_client_and_receives_its_events_in_order() {
    let server = Server::new();
    let (client, socket) = connected(&server).await;
    client.on("question", |_client, (text, seat): (String, Seat)| (format!("{text}!"), seat)).keep();
    assert_eq!(socket.call::<(String, Seat)>("question", ("well", seat())).await, ("well!".into(), seat()));
    client.emit("say", ("one", 1)).expect("is sent");
    client.emit("say", ("two", 2)).expect("is sent");
    assert_eq!(socket.received::<(String, u32)>("say").await, ("one".into(), 1));
    assert_eq!(socket.received::<(String, u32)>("say").await, ("two".into(), 2));
    let (third, sent) = join(socket.received::<Seat>("say"), async { client.emit("say", seat()) }).await;
    assert_eq!((third, sent), (seat(), Ok(())));
}

#[wasm_bindgen_test]
async fn the_socket_has_the_auth_the_headers_and_the_query_of_the_client() {
    let server = Server::new();
    let builder = Client::builder("https://chat.example?room=7").auth(BTreeMap::from([("token", "secret")]));
    let client = server.attach(builder.headers([("X-Tenant", "4")])).connect().await.expect("connects");
    let socket = server.connection().await;
    assert_eq!(socket.auth::<BTreeMap<String, String>>(), BTreeMap::from([("token".into(), "secret".into())]));
    assert_eq!(socket.header("x-tenant").as_deref(), Some("4"));
    assert_eq!(socket.query("room").as_deref(), Some("7"));
    assert_eq!(socket.query("none"), None);
    assert_eq!(client.sid().as_deref(), Some(&*socket.id()));
    assert!(server.url().starts_with("http://"));
}

#[wasm_bindgen_test]
async fn rooms_choose_the_receivers() {
    let server = Server::default();
    server.on("enter", |socket, room: String| socket.join(&room));
    let ((a, in_a), (b, in_b), (c, in_c)) =
        (connected(&server).await, connected(&server).await, connected(&server).await);
    let heard = Rc::new(RefCell::new(Vec::new()));
    for (name, client) in [("a", &a), ("b", &b), ("c", &c)] {
        let heard = heard.clone();
        client.on("news", move |_client, number: u32| heard.borrow_mut().push(format!("{name}{number}"))).keep();
        client.on("sync", |_client, (): ()| ()).keep();
    }
    for client in [&a, &b] {
        client.call::<()>("enter", "lobby").await.expect("enters");
    }
    server.emit("news", 1);
    server.to("lobby").emit("news", 2);
    server.to("lobby").except(&in_a.id()).emit("news", 3);
    server.except("lobby").emit("news", 4);
    in_a.to("lobby").emit("news", 5);
    in_c.broadcast().emit("news", 6);
    in_b.leave("lobby");
    server.to("lobby").emit("news", 7);
    server.to(&in_b.id()).emit("news", 8);
    assert_eq!(server.to("lobby").sockets().iter().map(Socket::id).collect::<Vec<_>>(), [in_a.id()]);
    assert_eq!(server.sockets().len(), 3);
    for socket in server.sockets() {
        socket.call::<()>("sync", ()).await; // the client has had the events before
    }
    let mut heard = heard.take();
    heard.sort();
    assert_eq!(heard, ["a1", "a2", "a6", "a7", "b1", "b2", "b3", "b5", "b6", "b8", "c1", "c4"]);
    server.to("lobby").disconnect_sockets();
    becomes(&a, State::Disconnected).await;
    assert!(!in_a.is_connected() && in_b.is_connected());
}

#[wasm_bindgen_test]
async fn namespaces_accept_and_refuse() {
    let server = Server::new();
    let chat = server.of("/chat");
    assert_eq!(chat.name(), "/chat");
    let attempt = |namespace: &str, token: &str| {
        server.client().namespace(namespace).auth(BTreeMap::from([("token", token)])).connect()
    };
    let refused = |result: Result<Client, Error>| match result {
        Err(error @ Error::Refused { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(refused(attempt("/nowhere", "").await).contains("Invalid namespace"));

    chat.refuse("closed", BTreeMap::from([("code", 7)]));
    match attempt("/chat", "secret").await {
        Err(Error::Refused { data, .. }) => assert!(format!("{data:?}").contains('7'), "{data:?}"),
        other => panic!("{other:?}"),
    }
    chat.accept();
    chat.refuse_if(|socket| {
        let auth: BTreeMap<String, String> = socket.auth();
        (auth.get("token").map(String::as_str) != Some("secret")).then(|| "wrong token".into())
    });
    assert!(refused(attempt("/chat", "wrong").await).contains("wrong token"));

    let (count, mut counted) = unbounded();
    chat.on_connection(move |socket| count.unbounded_send(socket.id()).expect("is read"));
    let client = attempt("/chat", "secret").await.expect("connects");
    let socket = chat.connection().await;
    assert_eq!(counted.next().await, Some(socket.id()));
    assert_eq!(socket.namespace().name(), "/chat");
    let scope = client.of("/chat");
    chat.on("where", |socket, (): ()| socket.namespace().name()); // for a socket that is there, too
    assert_eq!(scope.call::<String>("where", ()).await, Ok("/chat".into()));
    assert!(server.sockets().is_empty());
}

#[wasm_bindgen_test]
async fn a_lost_or_closed_connection_is_made_again() {
    for transports in ALL {
        let server = Server::new();
        let client = hasty(&server).transports(transports).connect().await.expect("connects");
        let (tell, mut ends) = unbounded();
        client.on_disconnect(move |_client, end| tell.unbounded_send(end.reason).expect("is read")).keep();
        let first = server.connection().await;
        first.lose();
        assert_eq!(ends.next().await, Some(DisconnectReason::TransportError));
        let second = server.connection().await;
        becomes(&client, State::Connected).await;
        second.close();
        assert_eq!(ends.next().await, Some(DisconnectReason::TransportError));
        let third = server.connection().await;
        becomes(&client, State::Connected).await;
        assert!(!first.is_connected() && !second.is_connected() && third.is_connected());
        server.lose();
        assert_eq!(ends.next().await, Some(DisconnectReason::TransportError));
        server.connection().await.disconnect();
        assert_eq!(ends.next().await, Some(DisconnectReason::ServerDisconnect));
        becomes(&client, State::Disconnected).await;
    }
}

#[wasm_bindgen_test]
async fn disconnect_all_ends_every_namespace() {
    let server = Server::new();
    server.of("/chat");
    let client = hasty(&server).namespace("/").namespace("/chat").connect().await.expect("connects");
    server.connection().await.disconnect_all();
    becomes(&client, State::Disconnected).await;
    assert!(server.of("/chat").sockets().is_empty());
}

#[wasm_bindgen_test]
async fn a_frozen_connection_ends_by_the_heartbeat() {
    let server = Server::with_heartbeat(SHORT, SHORT);
    let client = hasty(&server).transports(Transports::WebSocket).build();
    let (tell, mut ends) = unbounded();
    client.on_disconnect(move |_client, end| drop(tell.unbounded_send(end.cause))).keep();
    client.connect().await.expect("connects");
    server.connection().await.freeze();
    assert_eq!(ends.next().await, Some("ping timeout"));
    server.connection().await;
    server.freeze();
    assert_eq!(ends.next().await, Some("ping timeout"));
}

#[wasm_bindgen_test]
async fn attempts_fail_while_the_server_is_offline_or_closed() {
    let server = Server::new();
    let (client, _socket) = connected(&server).await;
    let (tell, mut errors) = unbounded();
    client.on_connect_error(move |_client, error: Error| drop(tell.unbounded_send(error))).keep();
    server.offline();
    for _ in 0..2 {
        let error = errors.next().await;
        assert!(matches!(error, Some(Error::Unreachable(..))), "{error:?}");
    }
    server.online();
    server.connection().await;
    becomes(&client, State::Connected).await;
    server.close();
    let failed = server.client().connect().await;
    assert!(matches!(failed, Err(Error::Unreachable(..))), "{failed:?}");
}

#[wasm_bindgen_test]
async fn a_delay_comes_before_each_answer() {
    let server = Server::new();
    server.on("echo", |_socket, number: u32| number);
    let (client, _socket) = connected(&server).await;
    server.delay(Duration::from_secs(3_600));
    let late = client.call::<u32>("echo", 1).timeout(SHORT).await;
    assert!(matches!(late, Err(Error::CallTimeout { .. })), "{late:?}");
    let server = Server::new();
    server.on("echo", |_socket, number: u32| number);
    server.delay(Duration::from_millis(5));
    let (client, _socket) = connected(&server).await;
    assert_eq!(client.call::<u32>("echo", 2).await, Ok(2));
}

#[wasm_bindgen_test]
async fn ping_waits_for_the_answers() {
    let server = Server::new();
    let (_client, _socket) = connected(&server).await;
    server.ping().await;
    Server::new().ping().await;
}

// [C9]
#[wasm_bindgen_test]
async fn a_builder_takes_a_fetch_for_polling() {
    let server = Server::new();
    let requests = Rc::new(Cell::new(0));
    let count = requests.clone();
    let counting: Closure<dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>> = Closure::new(move |url, init| {
        count.set(count.get() + 1);
        server.fetch().call2(&JsValue::UNDEFINED, &url, &init)
    });
    let fetch: Function = counting.into_js_value().unchecked_into();
    let builder = Client::builder("http://any.test").transports(Transports::Polling).fetch(fetch);
    let client = builder.connect().await.expect("connects");
    assert_eq!(client.transport(), Some(Transport::Polling));
    assert!(requests.get() >= 3, "{requests:?}");
}

/// The next error that nobody catches, as a string.
const UNCAUGHT: &str = "new Promise((resolve) => {
  if (globalThis.process?.once) return process.once('unhandledRejection', (error) => resolve(String(error)));
  addEventListener('unhandledrejection', (event) => (event.preventDefault(), resolve(String(event.reason))), { once: true });
})";

async fn uncaught(promise: JsValue) -> String {
    let error = JsFuture::from(promise.unchecked_into::<Promise>()).await.expect("resolves");
    error.as_string().expect("a string")
}

#[wasm_bindgen_test]
async fn a_handler_of_another_type_and_one_that_fails_are_uncaught_errors() {
    let server = Server::new();
    server.on("number", |_socket, number: u32| number);
    server.on("failing", |_socket, (): ()| Err::<u32, _>(Error::NotConnected { event: None }));
    server.on("failing later", |_socket, (): ()| async { Err::<u32, _>(Error::NotConnected { event: None }) });
    let (client, _socket) = connected(&server).await;
    let next = js_sys::eval(UNCAUGHT).expect("is a promise");
    client.emit("number", "seven").expect("is sent");
    let error = uncaught(next).await;
    assert!(error.contains("the event \"number\" is not of the type that was asked for: expected u32"), "{error}");
    for event in ["failing", "failing later"] {
        let next = js_sys::eval(UNCAUGHT).expect("is a promise");
        client.emit(event, ()).expect("is sent");
        let error = uncaught(next).await;
        assert!(error.contains(&Error::NotConnected { event: None }.to_string()), "{error}");
    }
}

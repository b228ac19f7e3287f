//! Lost connections: the causes, the reconnection, and what is delivered afterwards.

use crate::support::{SECONDS, SHORT, builder, channel, lively_url, once, python_url, url, wrong_auth};
use crate::tamper::{Requests, cut, delays_below, receive, recording_websocket, silence};
use core::time::Duration;
use futures::{StreamExt, future::join};
use socketio_wasm::engine::{Transport, Transports};
use socketio_wasm::socket::DisconnectReason;
use socketio_wasm::{Client, EngineClient, Error, State};
use std::cell::Cell;
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// Loses a connection, and checks that the client reports this cause and connects again.
async fn loses(client: &Client, cause: &str, lose: impl FnOnce()) -> Option<Error> {
    let (hear, heard) = once();
    let subscription = client.on_disconnect(move |_scope, end| hear((end.reason, end.cause, end.error)));
    lose();
    let (reason, reported, error) = heard.await.expect("an end");
    drop(subscription);
    assert_eq!((reason, reported), (DisconnectReason::TransportError, cause), "{error:?}");
    assert_eq!(client.call::<u8>("echo", 1).timeout(SECONDS).await, Ok(1), "it is connected again after the {cause}");
    error
}

// [R8, D6]
#[wasm_bindgen_test]
async fn each_loss_is_reported_with_its_cause_and_the_client_reconnects() {
    let class = recording_websocket();
    let client =
        builder().transports(Transports::WebSocket).websocket(class.clone()).connect().await.expect("connects");
    let error = loses(&client, "transport close", || cut(&class)).await;
    assert!(matches!(error, Some(Error::SocketClosed(..))), "{error:?}");
    let error = loses(&client, "parse error", || receive(&class, "9what is that?")).await;
    assert!(matches!(&error, Some(Error::Protocol { came: Some(came), .. }) if came == "9what is that?"), "{error:?}");
    let error = loses(&client, "transport close", || client.emit("close-engine", ()).expect("is emitted")).await;
    assert!(matches!(error, Some(Error::SocketClosed(..) | Error::ServerClosed)), "{error:?}");
    client.disconnect().await;

    let requests = Requests::new();
    let client = builder().transports(Transports::Polling).connect().await.expect("connects");
    let error = loses(&client, "transport error", || {
        requests.set_failing(1);
        client.emit("x", ()).expect("is emitted");
    })
    .await;
    requests.restore();
    assert!(matches!(error, Some(Error::Unreachable(Transport::Polling, _))), "{error:?}");
}

// [R8, G7]
#[wasm_bindgen_test]
async fn a_silent_server_is_a_ping_timeout_and_an_idle_one_is_not() {
    let class = recording_websocket();
    let builder = Client::builder(lively_url()).transports(Transports::WebSocket).websocket(class.clone());
    let client = builder.reconnection_delay(SHORT, SHORT).connect().await.expect("connects");
    let sid = client.sid();
    // This is longer than the server waits for a pong.
    assert_eq!(client.call("later", (3_000, "idle")).await, Ok("idle".to_owned()));
    assert_eq!(client.sid(), sid, "nothing was lost");
    let error = loses(&client, "ping timeout", || silence(&class)).await;
    assert!(matches!(error, Some(Error::PingTimeout(_))), "{error:?}");
}

// [G7, G9]
#[wasm_bindgen_test]
async fn an_engine_client_ends_with_the_cause_of_its_loss() {
    let losses = [
        ("ping timeout", silence as fn(&JsValue)),
        ("parse error", |class| receive(class, "9")), // of an unknown type
        ("parse error", |class| receive(class, "")),
        ("transport close", cut),
    ];
    for (cause, lose) in losses {
        let (class, (hear, heard)) = (recording_websocket(), once());
        let builder = EngineClient::builder(lively_url()).path("/socket.io").transports(Transports::WebSocket);
        let builder = builder.websocket(class.clone()).on_disconnect(move |_scope, end| hear((end.cause, end.error)));
        let client = builder.connect().await.expect("connects");
        lose(&class);
        let (reported, error) = heard.await.expect("an end");
        let is_expected = match cause {
            "ping timeout" => matches!(error, Some(Error::PingTimeout(_))),
            "parse error" => matches!(error, Some(Error::Protocol { .. })),
            _ => matches!(error, Some(Error::SocketClosed(..))),
        };
        assert!(reported == cause && is_expected, "{cause}: {reported}, {error:?}");
        assert_eq!(client.state(), State::Disconnected);
    }
}

// [R2, D5]
#[wasm_bindgen_test]
async fn delays_between_attempts_double_up_to_the_longest() {
    let delays = delays_below(500);
    let (record, mut recorded) = channel();
    let client = Client::builder_with(|| async { Err::<String, _>("no address yet") })
        .retry()
        .reconnection_delay(Duration::from_millis(100), Duration::from_millis(300))
        .randomization_factor(0.0)
        .build();
    client.on_connect_error(move |_scope, _error| record(())).keep();
    let connecting = client.clone();
    wasm_bindgen_futures::spawn_local(async move { drop(connecting.connect().await) });
    for _ in 0..4 {
        recorded.next().await.expect("a failure");
    }
    client.disconnect().await;
    let delays: Vec<f64> = delays.iter().filter_map(|delay| delay.as_f64()).collect();
    // A timer is set a moment after its time was computed.
    let is_of = |delay: f64, wanted: f64| delay <= wanted && delay > wanted - 100.0;
    let [first, second, third, ..] = delays.as_slice() else { panic!("too few: {delays:?}") };
    assert!(is_of(*first, 100.0) && is_of(*second, 200.0) && is_of(*third, 300.0), "{delays:?}");
}

// [R3, B9]
#[wasm_bindgen_test]
async fn a_reconnection_waits_as_long_as_connect_and_a_refusal_in_it_is_final_for_its_namespace() {
    let client = Client::builder(python_url()).namespace("/").namespace("/slow").wait_timeout(SECONDS);
    let client = client.reconnection_delay(SHORT, SHORT).connect().await.expect("connects, after a while");
    client.emit("close-engine", ()).expect("is emitted");
    let mut states = client.states();
    while states.next().await.expect("a state") != State::Reconnecting {}
    assert_eq!(client.of("/slow").call::<u8>("echo", 1).await, Ok(1), "it waits as long as the first time");
    client.disconnect().await;

    let client = builder()
        .namespace("/")
        .namespace("/auth")
        .auth_with(wrong_auth(2, u32::MAX))
        .connect()
        .await
        .expect("connects");
    let (refuse, refused) = once();
    client.of("/auth").on_connect_error(move |_scope, error| refuse(error)).keep();
    client.emit("close-engine", ()).expect("is emitted");
    let error = refused.await.expect("a refusal");
    assert!(matches!(&error, Error::Refused { message: Some(message), .. } if message == "wrong token"), "{error}");
    assert_eq!(client.call::<u8>("echo", 1).await, Ok(1), "the other namespaces are connected again");
    assert_eq!(client.namespaces(), ["/"]);
    client.connect_namespace_with("/auth", BTreeMap::from([("token", "secret")])).await.expect("is requested again");
    assert_eq!(client.namespaces(), ["/", "/auth"]);
}

// [R5, B5]
#[wasm_bindgen_test]
async fn a_client_that_gave_up_reconnects_by_itself_after_the_next_connect() {
    let fails = std::rc::Rc::new(Cell::new(false));
    let (failing, url) = (fails.clone(), url());
    let address = move || {
        let address = if failing.get() { Err("no address today") } else { Ok(url.to_owned()) };
        async move { address }
    };
    let client = Client::builder_with(address).wait_timeout(SECONDS).reconnection_delay(SHORT, SHORT);
    let client = client.transports(Transports::WebSocket).reconnection_attempts(1).connect().await.expect("connects");
    fails.set(true);
    client.emit("close-engine", ()).expect("is emitted");
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected, "it has given up");
    fails.set(false);
    client.connect().await.expect("connects");
    loses(&client, "transport close", || client.emit("close-engine", ()).expect("is emitted")).await;
}

// [E13]
#[wasm_bindgen_test]
async fn events_of_a_namespace_that_was_left_reach_no_handler() {
    let client = builder().namespace("/").namespace("/chat").transports(Transports::WebSocket).connect().await;
    let client = client.expect("connects");
    let chat = client.of("/chat");
    let handled = std::rc::Rc::new(Cell::new(0));
    let count = handled.clone();
    client.of("*").on_unhandled(move |_scope, _event| count.set(count.get() + 1)).keep();
    let mut events = client.of("*").events();
    chat.emit("burst", 20).expect("is emitted");
    client.disconnect_namespace("/chat");
    client.emit("echo-back", "after them").expect("is emitted");
    // The server has sent the twenty events before this one.
    let event = events.next().await.expect("an event");
    assert_eq!((event.namespace(), event.name(), handled.get()), ("/", "echo-back", 1));
}

#[wasm_bindgen_test]
async fn an_event_or_an_answer_of_120_000_values_is_delivered() {
    let class = recording_websocket();
    let (hear, mut heard) = channel();
    let client = builder().transports(Transports::WebSocket).websocket(class.clone()).build();
    client.on("many", move |_scope, (first, second): (u8, u8)| hear((first, second))).keep();
    let mut events = client.events_of("many");
    client.connect().await.expect("connects");
    let values = vec!["1"; 120_000].join(",");
    receive(&class, &format!("42[\"many\",{values}]"));
    assert_eq!(heard.next().await, Some((1, 1)));
    assert_eq!(events.next().await.map(|event| event.len()), Some(120_000));
    let call = async { client.call::<(u8, u8)>("never", ()).timeout(SECONDS).await };
    let answered = async { receive(&class, &format!("431[{values}]")) };
    assert_eq!(join(call, answered).await.0, Ok((1, 1)));
    assert_eq!(client.call("echo", 1).await, Ok(1));
}

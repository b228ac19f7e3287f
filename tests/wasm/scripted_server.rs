//! Clients whose websocket class plays the server: what the server does, and when, is exact.

use crate::support::{MINUTE, SHORT, channel};
use crate::tamper::{delays_below, events_sent, lose, opened, script, scripted, scripted_websocket, with};
use crate::until::until;
use core::time::Duration;
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use js_sys::{Array, JSON};
use socketio_wasm::{
    Client, ClientBuilder, DisconnectReason, EngineClient, Error, Message, SimpleClient, State, Transports,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

// [K8]
#[wasm_bindgen_test]
async fn a_namespace_has_20_seconds_to_answer_and_that_of_a_simple_client_has_5() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("isDeaf", true));
    // Every other limit is longer.
    let builder = || {
        let builder = Client::builder("http://127.0.0.1:9").transports(Transports::WebSocket).websocket(class.clone());
        builder.request_timeout(MINUTE)
    };
    let has = |delays: &Array, time: f64| {
        delays.iter().filter_map(|delay| delay.as_f64()).any(|delay| delay > time - 1_000.0 && delay <= time)
    };
    let delays = delays_below(20_000);
    let client = builder().build();
    let mut connecting = Box::pin(client.connect());
    until("the timer of a client", async || {
        assert!(connecting.as_mut().now_or_never().is_none());
        has(&delays, 20_000.0)
    })
    .await;
    let delays = delays_below(5_000);
    let mut connecting = Box::pin(SimpleClient::connect(builder()));
    until("the timer of a simple client", async || {
        assert!(connecting.as_mut().now_or_never().is_none());
        has(&delays, 5_000.0)
    })
    .await;
}

#[wasm_bindgen_test]
async fn with_retry_a_server_that_is_too_slow_is_tried_again() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("isDeaf", true));
    let (record, mut recorded) = channel();
    let client = scripted(&class).wait_timeout(SHORT).retry().build();
    client.on_connect_error(move |_scope, error| record(error)).keep();
    let mut connecting = Box::pin(client.connect());
    for _ in 0..3 {
        let error = match select(recorded.next(), &mut connecting).await {
            Either::Left((error, _)) => error.expect("an error"),
            Either::Right((done, _)) => panic!("{done:?}"),
        };
        assert_eq!(error, Error::ConnectTimeout { timeout: SHORT, namespaces: vec!["/".into()] });
    }
    script(&class, &with("isDeaf", false));
    connecting.await.expect("connects in the end");
    assert!(opened(&class) >= 4);
    // The same holds for a reconnection.
    script(&class, &with("isDeaf", true));
    lose(&class);
    let mut recorded = recorded.skip_while(|error| core::future::ready(!matches!(error, Error::ConnectTimeout { .. })));
    assert!(recorded.next().await.is_some());
    script(&class, &with("isDeaf", false));
    until("the connection", async || client.state() == State::Connected).await;
}

// [C2]
#[wasm_bindgen_test]
async fn attempts_that_succeed_do_not_count_for_their_limit() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    let client = scripted(&class).reconnection_attempts(2).connect().await.expect("connects");
    for loss in 1..=4 {
        script(&class, &with("refusals", 1));
        lose(&class);
        until("the next connection", async || opened(&class) == loss + 1 && client.is_connected()).await;
    }
    script(&class, &with("refusals", 2));
    lose(&class);
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected);
}

// [K14]
#[wasm_bindgen_test]
async fn connect_takes_over_from_a_reconnection_in_every_stage() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    let client = scripted(&class).connect().await.expect("connects");
    // Stage 1: the CONNECT of the reconnection is not answered.
    script(&class, &with("isDeaf", true));
    lose(&class);
    let requested = async || opened(&class) == 2 && client.engine_sid().is_some();
    until("the CONNECT of the reconnection", requested).await;
    client.emit("buffered", ()).expect("is buffered");
    assert_eq!(client.state(), State::Reconnecting);
    script(&class, &with("isDeaf", false));
    client.connect().await.expect("connects anew");
    assert_eq!((opened(&class), client.connect().await), (3, Err(Error::AlreadyConnected)));
    until("the buffered event is sent", async || events_sent(&class).length() == 1).await;
    // Stage 2: the websocket of the reconnection is not open yet.
    lose(&class);
    until("a websocket", async || opened(&class) == 4).await;
    if !client.is_connected() {
        client.connect().await.expect("connects anew");
    }
    assert!(client.is_connected());
}

// [K9]
#[wasm_bindgen_test]
async fn a_namespace_that_is_never_answered_is_given_up() {
    for waits in [true, false] {
        let class = scripted_websocket(&JsValue::UNDEFINED);
        script(&class, &with("isDeaf", "/never"));
        let builder = scripted(&class).namespace("/").wait_timeout(Duration::from_millis(100));
        let client = if waits { builder } else { builder.without_wait() }.connect().await.expect("connects");
        let late = client.connect_namespace("/never").await;
        let timeout = Duration::from_millis(100);
        assert_eq!(late, Err(Error::ConnectTimeout { timeout, namespaces: vec!["/never".into()] }));
        assert_eq!(
            client.of("/never").emit("x", ()),
            Err(Error::BadNamespace { namespace: "/never".into(), event: Some("x".into()) })
        );
        assert!(client.is_connected(), "the other namespace stays connected");
        client.connect_namespace("/other").await.expect("connects");
    }
}

/// A client, and the errors that `on_error` receives.
fn recording_errors(builder: ClientBuilder) -> (Client, UnboundedReceiver<Error>) {
    let (record, recorded) = channel();
    (builder.on_error(move |error| record(error.clone())).build(), recorded)
}

fn handshake(max_payload: f64) -> JsValue {
    with("maxPayload", max_payload)
}

#[wasm_bindgen_test]
async fn absurd_limits_of_a_handshake_end_only_what_they_forbid() {
    let unlimited = scripted_websocket(&handshake(0.0));
    let client = scripted(&unlimited).connect().await.expect("0 is no limit");
    client.emit("x", "y".repeat(1_000)).expect("is accepted");

    let tiny =
        scripted(&scripted_websocket(&handshake(1.0))).connect().await.expect_err("the server accepts no CONNECT");
    assert!(matches!(tiny, Error::TooLarge { limit: 1, .. }), "{tiny}");

    // After a loss, the server accepts less than before.
    let class = scripted_websocket(&handshake(1_000.0));
    let (client, mut recorded) =
        recording_errors(scripted(&class).reconnection_delay(Duration::from_millis(200), MINUTE));
    client.connect().await.expect("connects");
    script(&class, &with("handshake", handshake(100.0)));
    lose(&class);
    client.emit("large", "x".repeat(500)).expect("is buffered");
    client.emit("small", ()).expect("is buffered");
    assert!(matches!(recorded.next().await, Some(Error::TooLarge { limit: 100, .. })));
    until("the small one is sent", async || events_sent(&class).length() == 1).await;
    script(&class, &with("handshake", handshake(1.0)));
    lose(&class);
    assert!(matches!(recorded.next().await, Some(Error::TooLarge { limit: 1, .. })), "the CONNECT is too large");
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected);
}

#[wasm_bindgen_test]
async fn a_full_websocket_gets_no_more_events_and_the_unsent_ones_are_counted() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("buffered", 0));
    let client = scripted(&class).high_water_mark(10_000).max_buffer(150).connect().await.expect("connects");
    for number in 0..100 {
        client.emit("part", (number, "x".repeat(1_000))).expect("is buffered");
    }
    let has_begun = async || client.unsent() < 100;
    until("the first events are passed to the websocket", has_begun).await;
    let unsent = client.unsent();
    assert!((85..=95).contains(&unsent), "{unsent} wait");
    assert_eq!(events_sent(&class).length() as usize, 100 - unsent);
    // The websocket sends nothing: it stays full.
    client.volatile().emit("volatile", ()).expect("is dropped");
    assert_eq!(client.volatile().call::<()>("volatile", ()).await, Err(Error::Dropped { event: "volatile".into() }));
    assert_eq!(client.unsent(), unsent);
    let mut draining = Box::pin(client.drain());
    assert!(draining.as_mut().now_or_never().is_none());
    for number in 100..(250 - unsent as u32) {
        client.emit("part", (number, ())).expect("is buffered");
    }
    assert_eq!(client.emit("part", ()), Err(Error::BufferFull { limit: 150, event: Some("part".into()) }));
    assert_eq!(client.unbuffered().emit("part", ()), Err(Error::BufferFull { limit: 150, event: Some("part".into()) }));
    // The websocket is emptied again and again.
    until("all events are passed to the websocket", async || {
        script(&class, &with("buffered", 0));
        draining.as_mut().now_or_never().is_some()
    })
    .await;
    assert_eq!(client.unsent(), 0);
    let sent = events_sent(&class);
    let numbers = sent.iter().map(|event| {
        let event = JSON::parse(&event.as_string().expect("a string")).expect("JSON");
        js_sys::Array::from(&event).get(1).as_f64().expect("a number") as u32
    });
    assert!(numbers.eq(0..(250 - unsent as u32)), "each event once, in order, and no volatile one");
}

#[wasm_bindgen_test]
async fn a_full_websocket_of_an_engine_client_gets_no_more_messages() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("buffered", 0));
    let builder =
        EngineClient::builder("http://127.0.0.1:9").transports(Transports::WebSocket).websocket(class.clone());
    let client = builder.high_water_mark(1_000).connect().await.expect("connects");
    for _ in 0..50 {
        client.send(Message::Bytes(vec![0; 100])).expect("is buffered");
    }
    until("the first messages are passed to the websocket", async || client.unsent() < 50).await;
    assert!((35..=45).contains(&client.unsent()), "{} wait", client.unsent());
    until("all messages are passed to the websocket", async || {
        script(&class, &with("buffered", 0));
        client.unsent() == 0
    })
    .await;
}

#[wasm_bindgen_test]
async fn events_for_a_namespace_that_is_given_up_are_reported() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    let (record, mut recorded) = channel();
    let builder = scripted(&class).reconnection_attempts(1);
    let builder = builder.on_error(move |error| record(error.clone()));
    let client = builder.connect().await.expect("connects");
    script(&class, &with("refusals", 1_000));
    lose(&class);
    client.emit("x", ()).expect("is buffered");
    client.emit("x", ()).expect("is buffered");
    assert_eq!(recorded.next().await, Some(Error::NotSent { namespace: "/".into(), events: 2 }));
    assert!(matches!(recorded.next().await, Some(Error::Ended { .. })));
    assert_eq!(client.emit("late", ()), Err(Error::NotConnected { event: Some("late".into()) }));

    script(&class, &with("refusals", 0));
    script(&class, &with("isDeaf", "/never"));
    client.connect().await.expect("connects");
    let joining = client.connect_namespace("/never");
    let mut joining = Box::pin(joining);
    assert!(joining.as_mut().now_or_never().is_none());
    client.of("/never").emit("kept", ()).expect("is buffered");
    client.disconnect_namespace("/never");
    assert_eq!(recorded.next().await, Some(Error::NotSent { namespace: "/never".into(), events: 1 }));
    let ended = joining.await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::ClientDisconnect, .. })), "{ended:?}");
}

#[wasm_bindgen_test]
async fn an_engine_client_counts_its_unsent_messages() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("buffered", 0));
    let builder = EngineClient::builder("http://127.0.0.1:9").transports(Transports::WebSocket).websocket(class);
    let client = builder.high_water_mark(1_000).connect().await.expect("connects");
    for _ in 0..50 {
        client.send("x".repeat(100)).expect("is buffered");
    }
    until("the first messages are passed to the websocket", async || client.unsent() < 50).await;
    let unsent = client.unsent();
    assert_eq!(client.abort().await, unsent);
}

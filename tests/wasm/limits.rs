//! Limits: of what the server takes, of what a websocket takes at once, of what is kept.

use crate::attempts::{MINUTE, events_sent, lose, script, scripted, scripted_websocket, with};
use crate::support::{SECONDS, builder, connected, lively_url, once};
use crate::until::until;
use core::time::Duration;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::{FutureExt, StreamExt};
use js_sys::JSON;
use socketio_wasm::{Client, ClientBuilder, EngineClient, Error, Fault, Message, State, Transports};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const ALONE: [Transports; 2] = [Transports::Polling, Transports::WebSocket];

/// What `on_error` is told.
fn hearing(builder: ClientBuilder) -> (Client, UnboundedReceiver<Error>) {
    let (tell, told) = unbounded();
    let report = move |error: &Error| tell.unbounded_send(error.clone()).expect("is heard");
    (builder.on_error(report).build(), told)
}

fn handshake(max_payload: f64) -> JsValue {
    with("maxPayload", max_payload)
}

#[wasm_bindgen_test]
async fn what_turns_out_to_be_too_large_is_reported_and_the_rest_goes_on() {
    for transports in ALONE {
        let lively = Client::builder(lively_url()).transports(transports).wait_timeout(SECONDS);
        let (client, mut told) = hearing(lively);
        let mut connecting = Box::pin(client.connect());
        assert!(connecting.as_mut().now_or_never().is_none());
        // The limit of the server, 1,000 bytes, is not known yet.
        let mut events = client.events_of("echo-back");
        let large = "x".repeat(2_000);
        client.emit("echo-back", "before").expect("is kept");
        client.emit("echo-back", &large).expect("is kept");
        let mut call = client.call::<()>("echo", &large);
        assert!((&mut call).now_or_never().is_none());
        client.emit("echo-back", "after").expect("is kept");
        connecting.await.expect("connects");
        let error = told.next().await.expect("an error");
        assert!(matches!(error, Error::TooLarge { size, limit: 1_000 } if size > 2_000), "{error}");
        assert_eq!(error.fault(), Fault::Misuse);
        assert!(matches!(call.await, Err(Error::TooLarge { limit: 1_000, .. })));
        for expected in ["before", "after"] {
            assert_eq!(events.next().await.expect("an event").parse(), Ok(expected.to_owned()));
        }
        assert!(told.next().now_or_never().is_none(), "it is told once");
    }
}

#[wasm_bindgen_test]
async fn auth_that_is_too_large_fails_connect() {
    for transports in ALONE {
        let auth = BTreeMap::from([("token", "x".repeat(2_000))]);
        let client = Client::builder(lively_url()).transports(transports).auth(auth).wait_timeout(SECONDS).build();
        let error = client.connect().await.expect_err("is refused");
        assert!(matches!(error, Error::TooLarge { limit: 1_000, .. }), "{error}");
        let nothing = client.connect_namespace("/chat").await;
        assert_eq!(nothing, Err(Error::NotConnected));
    }
    let client = Client::builder(lively_url()).wait_timeout(SECONDS).connect().await.expect("connects");
    let auth = BTreeMap::from([("token", "x".repeat(2_000))]);
    let error = client.connect_namespace_with("/chat", auth).await.expect_err("is refused");
    assert!(matches!(error, Error::TooLarge { limit: 1_000, .. }), "{error}");
    assert_eq!(client.call("echo", 1).await, Ok(1), "the connection goes on");
}

#[wasm_bindgen_test]
async fn absurd_limits_of_a_handshake_end_nothing_but_what_they_forbid() {
    let untold = scripted_websocket(&handshake(0.0));
    let client = scripted(&untold).connect().await.expect("0 is no limit");
    client.emit("x", "y".repeat(1_000)).expect("is taken");

    let tiny = scripted(&scripted_websocket(&handshake(1.0))).connect().await.expect_err("takes no CONNECT");
    assert!(matches!(tiny, Error::TooLarge { limit: 1, .. }), "{tiny}");

    // A server that takes less than before.
    let class = scripted_websocket(&handshake(1_000.0));
    let (client, mut told) = hearing(scripted(&class).reconnection_delay(Duration::from_millis(200), MINUTE));
    client.connect().await.expect("connects");
    script(&class, &with("handshake", handshake(100.0)));
    lose(&class);
    client.emit("large", "x".repeat(500)).expect("is kept");
    client.emit("small", ()).expect("is kept");
    assert!(matches!(told.next().await, Some(Error::TooLarge { limit: 100, .. })));
    until("the small one is sent", async || events_sent(&class).length() == 1).await;
    script(&class, &with("handshake", handshake(1.0)));
    lose(&class);
    assert!(matches!(told.next().await, Some(Error::TooLarge { limit: 1, .. })), "its CONNECT");
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected);
}

#[wasm_bindgen_test]
async fn a_full_websocket_is_handed_no_more_and_what_waits_is_counted() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("buffered", 0));
    let client = scripted(&class).high_water_mark(10_000).max_buffer(150).connect().await.expect("connects");
    for number in 0..100 {
        client.emit("part", (number, "x".repeat(1_000))).expect("is kept");
    }
    let handed = async || client.unsent() < 100;
    until("the first are handed over", handed).await;
    let unsent = client.unsent();
    assert!((85..=95).contains(&unsent), "{unsent} wait");
    assert_eq!(events_sent(&class).length() as usize, 100 - unsent);
    // Nothing leaves the websocket.
    client.volatile().emit("volatile", ()).expect("is dropped");
    assert_eq!(client.volatile().call::<()>("volatile", ()).await, Err(Error::Dropped));
    assert_eq!(client.unsent(), unsent);
    let mut draining = Box::pin(client.drain());
    assert!(draining.as_mut().now_or_never().is_none());
    for number in 100..(250 - unsent as u32) {
        client.emit("part", (number, ())).expect("is kept");
    }
    assert_eq!(client.emit("part", ()), Err(Error::BufferFull(150)));
    assert_eq!(client.unbuffered().emit("part", ()), Err(Error::BufferFull(150)));
    // It has room again, and again.
    until("all is handed over", async || {
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
    assert!(numbers.eq(0..(250 - unsent as u32)), "each once, in order, and none of the volatile ones");
}

#[wasm_bindgen_test]
async fn a_full_websocket_of_an_engine_client_is_handed_no_more() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("buffered", 0));
    let builder =
        EngineClient::builder("http://127.0.0.1:9").transports(Transports::WebSocket).websocket(class.clone());
    let client = builder.high_water_mark(1_000).connect().await.expect("connects");
    for _ in 0..50 {
        client.send(Message::Bytes(vec![0; 100])).expect("is kept");
    }
    until("the first are handed over", async || client.unsent() < 50).await;
    assert!((35..=45).contains(&client.unsent()), "{} wait", client.unsent());
    until("all is handed over", async || {
        script(&class, &with("buffered", 0));
        client.unsent() == 0
    })
    .await;
}

#[wasm_bindgen_test]
async fn what_a_server_does_not_read_stays_here() {
    // A real one, which is slow for once: none of the network's own buffers takes this much.
    let client = builder().transports(Transports::WebSocket).high_water_mark(1_000).connect().await.expect("connects");
    let part = "x".repeat(100_000);
    for _ in 0..50 {
        client.emit("count", &part).expect("is kept");
    }
    assert_eq!(client.unsent(), 50);
    client.drain().await;
    assert_eq!(client.call("echo", 1).timeout(SECONDS).await, Ok(1));
}

// [M1]
#[wasm_bindgen_test]
async fn max_buffer_bounds_what_waits_in_every_state() {
    for transports in ALONE {
        let builder =
            builder().transports(transports).max_buffer(5).reconnection_delay(Duration::from_millis(200), MINUTE);
        let client = builder.connect().await.expect("connects");
        let mut events = client.events_of("echo-back");
        let fill = |from: usize| {
            for number in from..5 {
                client.emit("echo-back", number).expect("is kept");
            }
            assert_eq!((client.unsent(), client.emit("echo-back", 5)), (5, Err(Error::BufferFull(5))));
        };
        fill(0);
        client.drain().await;
        fill(0);
        let heard: Vec<usize> =
            events.by_ref().take(10).map(|event| event.parse::<usize>().expect("a number")).collect().await;
        assert_eq!(heard, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
        let (hear, heard) = once();
        client.on_disconnect(move |_client, _end| hear(())).keep();
        client.emit("close-engine", ()).expect("is emitted");
        heard.await.expect("an end");
        fill(0);
        let heard: Vec<usize> =
            events.by_ref().take(5).map(|event| event.parse::<usize>().expect("a number")).collect().await;
        assert_eq!(heard, [0, 1, 2, 3, 4], "on the next connection");
    }
    let none = builder().max_buffer(0).connect().await.expect("connects");
    assert_eq!(none.emit("x", ()), Ok(()), "at least one");
    drop((none, connected().await));
}

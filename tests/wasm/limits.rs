//! Limits: the size that the server accepts, the high-water mark of a websocket, the buffer.

use crate::support::{MINUTE, SECONDS, builder, channel, lively_url, once};
use core::time::Duration;
use futures::{FutureExt, StreamExt};
use socketio_wasm::{Client, Error, Fault, Transports};
use std::collections::BTreeMap;
use wasm_bindgen_test::wasm_bindgen_test;

const ALONE: [Transports; 2] = [Transports::Polling, Transports::WebSocket];

#[wasm_bindgen_test]
async fn a_buffered_event_over_the_servers_limit_is_reported_and_the_others_are_sent() {
    for transports in ALONE {
        let (record, mut recorded) = channel();
        let lively = Client::builder(lively_url()).transports(transports).wait_timeout(SECONDS);
        let client = lively.on_error(move |error| record(error.clone())).build();
        let mut connecting = Box::pin(client.connect());
        assert!(connecting.as_mut().now_or_never().is_none());
        // The client does not know yet that the server accepts 1,000 bytes.
        let mut events = client.events_of("echo-back");
        let large = "x".repeat(2_000);
        client.emit("echo-back", "before").expect("is buffered");
        client.emit("echo-back", &large).expect("is buffered");
        let mut call = client.call::<()>("echo", &large);
        assert!((&mut call).now_or_never().is_none());
        client.emit("echo-back", "after").expect("is buffered");
        connecting.await.expect("connects");
        let error = recorded.next().await.expect("an error");
        assert!(matches!(error, Error::TooLarge { size, limit: 1_000, .. } if size > 2_000), "{error}");
        assert_eq!(error.fault(), Fault::Misuse);
        assert!(matches!(call.await, Err(Error::TooLarge { limit: 1_000, .. })));
        for expected in ["before", "after"] {
            assert_eq!(events.next().await.expect("an event").parse(), Ok(expected.to_owned()));
        }
        assert!(recorded.next().now_or_never().is_none(), "the error is reported once");
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
        assert_eq!(nothing, Err(Error::NotConnected { event: None }));
    }
    let client = Client::builder(lively_url()).wait_timeout(SECONDS).connect().await.expect("connects");
    let auth = BTreeMap::from([("token", "x".repeat(2_000))]);
    let error = client.connect_namespace_with("/chat", auth).await.expect_err("is refused");
    assert!(matches!(error, Error::TooLarge { limit: 1_000, .. }), "{error}");
    assert_eq!(client.call("echo", 1).await, Ok(1), "the connection goes on");
}

#[wasm_bindgen_test]
async fn events_over_the_high_water_mark_stay_in_the_client() {
    // Five megabytes with a mark of 1,000 bytes: the websocket gets a part at a time.
    let client = builder().transports(Transports::WebSocket).high_water_mark(1_000).connect().await.expect("connects");
    let part = "x".repeat(100_000);
    for _ in 0..50 {
        client.emit("count", &part).expect("is buffered");
    }
    assert_eq!(client.unsent(), 50);
    client.drain().await;
    assert_eq!(client.call("echo", 1).timeout(SECONDS).await, Ok(1));
}

// [M1]
#[wasm_bindgen_test]
async fn max_buffer_limits_the_unsent_events_in_every_state() {
    for transports in ALONE {
        let builder =
            builder().transports(transports).max_buffer(5).reconnection_delay(Duration::from_millis(200), MINUTE);
        let client = builder.connect().await.expect("connects");
        let mut events = client.events_of("echo-back");
        let fill = |from: usize| {
            for number in from..5 {
                client.emit("echo-back", number).expect("is buffered");
            }
            assert_eq!(
                (client.unsent(), client.emit("echo-back", 5)),
                (5, Err(Error::BufferFull { limit: 5, event: Some("echo-back".into()) }))
            );
        };
        fill(0);
        client.drain().await;
        fill(0);
        let heard: Vec<usize> =
            events.by_ref().take(10).map(|event| event.parse::<usize>().expect("a number")).collect().await;
        assert_eq!(heard, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
        let (hear, heard) = once();
        client.on_disconnect(move |_scope, _end| hear(())).keep();
        client.emit("close-engine", ()).expect("is emitted");
        heard.await.expect("an end");
        fill(0);
        let heard: Vec<usize> =
            events.by_ref().take(5).map(|event| event.parse::<usize>().expect("a number")).collect().await;
        assert_eq!(heard, [0, 1, 2, 3, 4], "the buffered events are sent on the next connection");
    }
    let none = builder().max_buffer(0).connect().await.expect("connects");
    assert_eq!(none.emit("x", ()), Ok(()), "the limit is at least 1");
}

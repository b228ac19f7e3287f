//! What is not sent, or may not have arrived: it is counted, reported, or sent later.

use crate::attempts::{MINUTE, SHORT, lose, script, scripted, scripted_websocket, with};
use crate::support::{SECONDS, builder, connected};
use crate::until::until;
use core::num::NonZeroUsize;
use core::time::Duration;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::{FutureExt, StreamExt};
use js_sys::Function;
use socketio_wasm::{
    Client, ClientBuilder, DisconnectReason, EngineClient, Error, Fault, SimpleClient, State, Transports,
};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/tests/wasm/meddling.js")]
extern "C" {
    #[wasm_bindgen(js_name = meddleWithPost)]
    fn meddle_with_post(how: &str) -> Function;
}

/// A client on polling that counts under this id, with what `on_error` is told.
async fn counting(id: &str, delay: Duration) -> (Client, UnboundedReceiver<Error>) {
    let (tell, told) = unbounded();
    let builder = builder().auth(BTreeMap::from([("id", id)])).transports(Transports::Polling);
    let builder = builder.max_packets_per_post(NonZeroUsize::new(16).expect("is not 0"));
    let builder = builder.on_error(move |error| tell.unbounded_send(error.clone()).expect("is heard"));
    let client = builder.reconnection_delay(delay, delay).connect().await.expect("connects");
    (client, told)
}

fn new_id() -> String {
    format!("rust-unsent-{}", js_sys::Math::random())
}

/// The numbers that the server has got under an id, once there are some.
async fn counted(witness: &Client, id: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    until("numbers", async || {
        numbers = witness.call::<Vec<u32>>("counted", id).await.expect("an answer");
        !numbers.is_empty()
    })
    .await;
    numbers
}

/// One that has lost its connection, which is not made again for a while.
async fn away(builder: ClientBuilder) -> Client {
    let client = builder.reconnection_delay(MINUTE, MINUTE).connect().await.expect("connects");
    client.call::<()>("close-engine", ()).await.expect_err("the connection is lost");
    client
}

#[wasm_bindgen_test]
async fn disconnect_gives_the_number_of_events_that_were_not_sent() {
    for transports in [Transports::Polling, Transports::WebSocket] {
        let client = away(builder().transports(transports)).await;
        for number in 0..3 {
            client.emit("count", number).expect("is kept");
        }
        client.volatile().emit("count", 3).expect("is dropped");
        assert_eq!(client.disconnect().await, 3);
        assert_eq!(client.disconnect().await, 0, "they are forgotten");
        client.connect().await.expect("connects");
        client.emit("count", 4).expect("is emitted");
        assert_eq!(client.disconnect().await, 0);
    }
    let client = SimpleClient::connect(builder()).await.expect("connects");
    client.emit("count", 1).await.expect("is emitted");
    assert_eq!(client.disconnect().await, 0);
}

// [T3]
#[wasm_bindgen_test]
async fn disconnect_flushing_waits_for_a_connection_as_long_as_it_may() {
    let (witness, id) = (connected().await, new_id());
    let (client, _told) = counting(&id, Duration::from_millis(200)).await;
    client.call::<()>("close-engine", ()).await.expect_err("the connection is lost");
    client.emit("count", 1).expect("is kept");
    let closing = client.disconnect_flushing(SECONDS);
    assert_eq!(client.state(), State::Disconnecting);
    assert_eq!(client.emit("count", 2), Err(Error::NotConnected), "nothing can be emitted meanwhile");
    assert_eq!((closing.await, client.state()), (0, State::Disconnected));
    assert_eq!(counted(&witness, &id).await, [1]);

    let client = away(builder()).await;
    client.emit("count", 1).expect("is kept");
    client.emit("count", 2).expect("is kept");
    assert_eq!((client.disconnect_flushing(SHORT).await, client.state()), (2, State::Disconnected));
    // Where there is nothing to send, it is done at once.
    assert_eq!(away(builder()).await.disconnect_flushing(MINUTE).now_or_never(), Some(0));
    let first = away(builder()).await;
    first.emit("count", 1).expect("is kept");
    let (one, other) = (first.disconnect_flushing(MINUTE), first.disconnect());
    assert_eq!((one.await, other.await), (1, 1), "a disconnect that does not wait ends one that does");
}

#[wasm_bindgen_test]
async fn events_of_a_request_that_was_not_answered_are_reported() {
    let (witness, id) = (connected().await, new_id());
    let (client, mut told) = counting(&id, SHORT).await;
    let restore = meddle_with_post("lost");
    // A POST takes 16 of these packets; the call among them is told by its own error.
    for number in 0..10 {
        client.emit("count", number).expect("is kept");
    }
    let mut call = client.call::<()>("echo", ());
    assert!((&mut call).now_or_never().is_none());
    for number in 10..15 {
        client.volatile().emit("count", number).expect("is kept");
    }
    for number in 20..24 {
        client.volatile().emit("count", number).expect("is kept");
        client.unbuffered().emit("count", number).expect("is kept");
        client.emit("count", 10 + number).expect("is kept");
    }
    assert_eq!(call.await, Err(Error::Disconnected(DisconnectReason::TransportError)));
    let (one, other) = (told.next().await.expect("an error"), told.next().await.expect("another"));
    restore.call0(&JsValue::UNDEFINED).expect("fetch is back");
    assert_eq!(one, Error::PossiblyLost { namespace: "/".into(), events: 10 });
    assert_eq!(other, Error::NotSent { namespace: "/".into(), events: 4 }, "the unbuffered ones");
    assert_eq!((one.fault(), other.fault()), (Fault::Network, Fault::Network));
    // Neither the volatile nor the unbuffered ones leave on the next connection.
    assert_eq!(client.call("echo", 1).timeout(SECONDS).await, Ok(1));
    assert_eq!(counted(&witness, &id).await, [30, 31, 32, 33]);
    assert!(told.next().now_or_never().is_none());
}

// [R1]
#[wasm_bindgen_test]
async fn events_of_a_request_that_no_server_has_read_are_sent_again() {
    let witness = connected().await;
    for how in ["session unknown", "unsent"] {
        let id = new_id();
        let (client, mut told) = counting(&id, SHORT).await;
        let restore = meddle_with_post(how);
        for number in 0..20 {
            client.emit("count", number).expect("is kept");
        }
        client.volatile().emit("count", 20).expect("is kept");
        let lost = client.call::<()>("echo", ()).await;
        restore.call0(&JsValue::UNDEFINED).expect("fetch is back");
        assert!(matches!(lost, Ok(()) | Err(Error::Disconnected(DisconnectReason::TransportError))), "{how}: {lost:?}");
        assert_eq!(client.call("echo", 1).timeout(SECONDS).await, Ok(1));
        assert_eq!(counted(&witness, &id).await, (0..20).collect::<Vec<_>>(), "{how}");
        assert!(told.next().now_or_never().is_none(), "{how}");
    }
}

#[wasm_bindgen_test]
async fn events_for_a_namespace_that_is_given_up_are_reported() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    let (tell, mut told) = unbounded();
    let builder = scripted(&class).reconnection_attempts(1);
    let builder = builder.on_error(move |error| tell.unbounded_send(error.clone()).expect("is heard"));
    let client = builder.connect().await.expect("connects");
    script(&class, &with("refusals", 1_000));
    lose(&class);
    client.emit("kept", ()).expect("is kept");
    client.emit("kept", ()).expect("is kept");
    assert_eq!(told.next().await, Some(Error::NotSent { namespace: "/".into(), events: 2 }));
    client.wait().await;
    assert_eq!(client.emit("late", ()), Err(Error::NotConnected));

    script(&class, &with("refusals", 0));
    script(&class, &with("isDeaf", "/never"));
    client.connect().await.expect("connects");
    let joining = client.connect_namespace("/never");
    let mut joining = Box::pin(joining);
    assert!(joining.as_mut().now_or_never().is_none());
    client.of("/never").emit("kept", ()).expect("is kept");
    client.disconnect_namespace("/never");
    assert_eq!(told.next().await, Some(Error::NotSent { namespace: "/never".into(), events: 1 }));
    assert_eq!(joining.await, Err(Error::Disconnected(DisconnectReason::ClientDisconnect)));
}

#[wasm_bindgen_test]
async fn an_engine_client_counts_messages_that_were_not_sent() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("buffered", 0));
    let builder = EngineClient::builder("http://127.0.0.1:9").transports(Transports::WebSocket).websocket(class);
    let client = builder.high_water_mark(1_000).connect().await.expect("connects");
    for _ in 0..50 {
        client.send("x".repeat(100)).expect("is kept");
    }
    until("the first are handed over", async || client.unsent() < 50).await;
    let unsent = client.unsent();
    assert_eq!(client.abort().await, unsent);
}

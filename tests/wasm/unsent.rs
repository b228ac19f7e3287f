//! Events that were not sent or may not have arrived: they are counted, reported, or sent later.

use crate::support::{MINUTE, SECONDS, SHORT, away, builder, channel, connected, engine_url};
use crate::tamper::{PendingPosts, tamper_with_post};
use crate::until::until;
use core::num::NonZeroUsize;
use core::time::Duration;
use futures::channel::mpsc::UnboundedReceiver;
use futures::{FutureExt, StreamExt};
use socketio_wasm::{Client, DisconnectReason, EngineClient, Error, Fault, SimpleClient, State, Transports};
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// A client over polling whose `count` events the server stores under this id, and the errors that `on_error` receives.
/// No POST is on its way: a volatile event would be dropped meanwhile.
async fn counting(id: &str, delay: Duration) -> (Client, UnboundedReceiver<Error>) {
    let (record, recorded) = channel();
    let builder = builder().auth(BTreeMap::from([("id", id)])).transports(Transports::Polling);
    let builder = builder.max_packets_per_post(NonZeroUsize::new(16).expect("is not 0"));
    let builder = builder.on_error(move |error| record(error.clone()));
    let posts = PendingPosts::new();
    let client = builder.reconnection_delay(delay, delay).connect().await.expect("connects");
    until("the CONNECT's POST is answered", async || posts.count() == 0).await;
    posts.restore();
    (client, recorded)
}

fn new_id() -> String {
    format!("rust-unsent-{}", js_sys::Math::random())
}

/// Waits until the server has received numbers under an id, and returns them.
async fn counted(witness: &Client, id: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    until("numbers", async || {
        numbers = witness.call::<Vec<u32>>("counted", id).await.expect("an answer");
        !numbers.is_empty()
    })
    .await;
    numbers
}

#[wasm_bindgen_test]
async fn disconnect_returns_the_number_of_unsent_events() {
    for transports in [Transports::Polling, Transports::WebSocket] {
        let client = away(builder().transports(transports)).await;
        for number in 0..3 {
            client.emit("count", number).expect("is buffered");
        }
        client.volatile().emit("count", 3).expect("is dropped");
        assert_eq!(client.disconnect().await, 3);
        assert_eq!(client.disconnect().await, 0, "the unsent events are discarded");
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
async fn disconnect_flushing_waits_for_a_connection_up_to_its_limit() {
    let (witness, id) = (connected().await, new_id());
    let (client, _errors) = counting(&id, Duration::from_millis(200)).await;
    client.call::<()>("close-engine", ()).await.expect_err("the connection is lost");
    client.emit("count", 1).expect("is buffered");
    let closing = client.disconnect_flushing(SECONDS);
    assert_eq!(client.state(), State::Disconnecting);
    assert_eq!(
        client.emit("count", 2),
        Err(Error::NotConnected { event: Some("count".into()) }),
        "nothing can be emitted meanwhile"
    );
    assert_eq!((closing.await, client.state()), (0, State::Disconnected));
    assert_eq!(counted(&witness, &id).await, [1]);

    let client = away(builder()).await;
    client.emit("count", 1).expect("is buffered");
    client.emit("count", 2).expect("is buffered");
    assert_eq!((client.disconnect_flushing(SHORT).await, client.state()), (2, State::Disconnected));
    // If there is nothing to send, it ends at once.
    assert_eq!(away(builder()).await.disconnect_flushing(MINUTE).now_or_never(), Some(0));
    let first = away(builder()).await;
    first.emit("count", 1).expect("is buffered");
    let (one, other) = (first.disconnect_flushing(MINUTE), first.disconnect());
    assert_eq!((one.await, other.await), (1, 1), "a disconnect that does not wait ends one that does");
}

#[wasm_bindgen_test]
async fn events_of_a_request_that_was_not_answered_are_reported() {
    let (witness, id) = (connected().await, new_id());
    let (client, mut recorded) = counting(&id, SHORT).await;
    let restore = tamper_with_post("lost");
    // A POST carries 16 of these packets. The call among them gets an error of its own.
    for number in 0..10 {
        client.emit("count", number).expect("is buffered");
    }
    let mut call = client.call::<()>("echo", ());
    assert!((&mut call).now_or_never().is_none());
    for number in 10..15 {
        client.volatile().emit("count", number).expect("is buffered");
    }
    for number in 20..24 {
        client.volatile().emit("count", number).expect("is buffered");
        client.unbuffered().emit("count", number).expect("is buffered");
        client.emit("count", 10 + number).expect("is buffered");
    }
    let ended = call.await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })), "{ended:?}");
    let (one, other) = (recorded.next().await.expect("an error"), recorded.next().await.expect("another"));
    restore.call0(&JsValue::UNDEFINED).expect("fetch is back");
    assert_eq!(one, Error::PossiblyLost { namespace: "/".into(), events: 10 });
    assert_eq!(other, Error::NotSent { namespace: "/".into(), events: 4 }, "the unbuffered events");
    assert_eq!((one.fault(), other.fault()), (Fault::Network, Fault::Network));
    // The next connection sends neither the volatile nor the unbuffered events.
    assert_eq!(client.call("echo", 1).timeout(SECONDS).await, Ok(1));
    assert_eq!(counted(&witness, &id).await, [30, 31, 32, 33]);
    assert!(recorded.next().now_or_never().is_none());
}

#[wasm_bindgen_test]
async fn messages_of_a_request_that_was_not_answered_are_reported_by_an_engine_client() {
    let (record, mut recorded) = channel();
    let builder = EngineClient::builder(engine_url()).transports(Transports::Polling);
    let client = builder.on_error(move |error| record(error.clone())).connect().await.expect("connects");
    let restore = tamper_with_post("lost");
    client.send("2 is how the body of a lost request begins").expect("is queued");
    client.send("another").expect("is queued");
    let lost = recorded.next().await.expect("an error");
    restore.call0(&JsValue::UNDEFINED).expect("fetch is back");
    assert_eq!(lost, Error::PossiblyLost { namespace: "Engine.IO".into(), events: 2 });
    assert_eq!(client.disconnect().await, 0, "the connection has ended already");
}

// [R1]
#[wasm_bindgen_test]
async fn events_of_a_request_that_the_server_did_not_read_are_sent_again() {
    let witness = connected().await;
    for how in ["session unknown", "unsent"] {
        let id = new_id();
        let (client, mut recorded) = counting(&id, SHORT).await;
        let restore = tamper_with_post(how);
        for number in 0..20 {
            client.emit("count", number).expect("is buffered");
        }
        client.volatile().emit("count", 20).expect("is buffered");
        let lost = client.call::<()>("echo", ()).await;
        restore.call0(&JsValue::UNDEFINED).expect("fetch is back");
        assert!(
            matches!(lost, Ok(()) | Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })),
            "{how}: {lost:?}"
        );
        assert_eq!(client.call("echo", 1).timeout(SECONDS).await, Ok(1));
        assert_eq!(counted(&witness, &id).await, (0..20).collect::<Vec<_>>(), "{how}");
        assert!(recorded.next().now_or_never().is_none(), "{how}");
    }
}

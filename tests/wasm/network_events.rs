//! The platform's network events: `offline` drops a connection, `online` makes the next one at once.

use crate::support::{MINUTE, builder, engine_url, once};
use crate::tamper::{network, scripted, scripted_websocket};
use crate::until::until;
use socketio_wasm::{DisconnectReason, EngineClient, Error, State};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

// [R1]
#[wasm_bindgen_test]
async fn offline_drops_the_connection_and_online_makes_it_again_at_once() {
    network("online"); // In Node, this installs the functions for such events.
    let client = builder().reconnection_delay(MINUTE, MINUTE).randomization_factor(0.0).connect().await;
    let client = client.expect("connects");
    let (hear, heard) = once();
    client.on_disconnect(move |_scope, end| hear((end.reason, end.cause, end.error))).keep();
    network("offline");
    assert_eq!(heard.await, Ok((DisconnectReason::TransportError, "transport close", Some(Error::Offline))));
    assert_eq!(client.state(), State::Reconnecting);
    client.emit("count", ()).expect("is buffered");
    network("online");
    // The delay of a minute is longer than the limit of this wait.
    until("the connection", async || client.is_connected() && client.unsent() == 0).await;
}

#[wasm_bindgen_test]
async fn with_network_events_false_going_offline_changes_nothing() {
    network("online");
    let class = scripted_websocket(&JsValue::UNDEFINED);
    let client = scripted(&class).network_events(false).connect().await.expect("connects");
    network("offline");
    assert!(client.is_connected());
    let (hear, heard) = once();
    let end = move |_scope, end: socketio_wasm::Disconnect| hear(end.error);
    let engine = EngineClient::builder(engine_url()).on_disconnect(end).connect().await.expect("connects");
    let other = EngineClient::builder(engine_url()).network_events(false).connect().await.expect("connects");
    network("offline");
    assert_eq!(heard.await, Ok(Some(Error::Offline)));
    assert_eq!((engine.state(), other.state()), (State::Disconnected, State::Connected));
}

#[wasm_bindgen_test]
async fn an_attempt_that_goes_offline_fails_at_once() {
    network("online");
    let client = builder().build();
    let mut connecting = Box::pin(client.connect());
    assert!(futures::poll!(connecting.as_mut()).is_pending());
    until("a request", async || {
        assert!(futures::poll!(connecting.as_mut()).is_pending());
        network("offline");
        client.state() != State::Connecting
    })
    .await;
    assert_eq!(connecting.await, Err(Error::Offline));
}

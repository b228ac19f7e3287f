//! What is emitted: kept, refused or dropped, and never lost.

use crate::support::{builder, connected, python_url, url};
use core::time::Duration;
use futures_util::future::join_all;
use serde_bytes::ByteBuf;
use socketio_wasm::engine::Transports;
use socketio_wasm::socket::Reason;
use socketio_wasm::{Client, ClientBuilder, Error};
use std::collections::BTreeMap;
use wasm_bindgen_test::wasm_bindgen_test;

const MINUTE: Duration = Duration::from_secs(60);

/// One that has lost its connection, which is not made again for a while.
async fn away(builder: ClientBuilder) -> Client {
    let client = builder.reconnection_delay(MINUTE, MINUTE).connect().await.expect("connects");
    let lost = client.call::<()>("close-engine", ()).await;
    assert_eq!(lost, Err(Error::Disconnected(Reason::TransportError)));
    client
}

#[wasm_bindgen_test]
async fn what_cannot_be_sent_is_kept_refused_or_dropped_as_it_is_said() {
    let client = away(builder().max_buffer(1)).await;
    assert_eq!(client.unbuffered().emit("x", ()), Err(Error::NotConnected));
    assert_eq!(client.volatile().emit("x", ()), Ok(()), "and is dropped");
    assert_eq!(client.volatile().call::<()>("x", ()).await, Err(Error::Dropped));
    assert_eq!((client.emit("x", ()), client.unsent()), (Ok(()), 1));
    assert_eq!(client.send("x"), Err(Error::BufferFull(1)));
    assert_eq!(client.of("/other").emit("x", ()), Err(Error::BadNamespace("/other".into())));
    client.disconnect().await;
    client.drain().await;
    assert_eq!(client.emit("x", ()), Err(Error::NotConnected));
}

#[wasm_bindgen_test]
async fn many_binaries_in_one_tick_are_all_answered_and_do_not_mix() {
    for transports in [Transports::Polling, Transports::WebSocket] {
        let client = builder().transports(transports).connect().await.expect("connects");
        let calls = (0..60_u8).map(|number| {
            let bytes = move |length: u8| ByteBuf::from(vec![number; usize::from(length)]);
            let call = client.call::<(u8, ByteBuf, ByteBuf)>("echo", (number, bytes(3), bytes(number)));
            async move { (call.await, Ok((number, bytes(3), bytes(number)))) }
        });
        for (answer, expected) in join_all(calls).await {
            assert_eq!(answer, expected);
        }
    }
}

#[wasm_bindgen_test]
async fn what_was_emitted_before_disconnect_arrives() {
    let witness = connected().await;
    for (transports, id) in [(Transports::Polling, "rust-polling"), (Transports::WebSocket, "rust-websocket")] {
        let id = format!("{id}-{}", js_sys::Math::random());
        let auth = BTreeMap::from([("id", id.clone())]);
        let client = builder().auth(auth).transports(transports).connect().await.expect("connects");
        for number in 0..5 {
            client.emit("count", number).expect("is emitted");
        }
        client.disconnect().await;
        while witness.call::<Vec<u32>>("counted", &id).await.expect("an answer") != [0, 1, 2, 3, 4] {}
    }
}

#[wasm_bindgen_test]
async fn a_message_over_the_servers_limit_is_refused_before_it_is_sent() {
    let client = Client::builder(url()).connect().await.expect("connects");
    let large = "x".repeat(1_000_001);
    let refused = client.emit("echo-back", &large);
    assert!(matches!(refused, Err(Error::TooLarge { limit: 1_000_000, .. })), "{refused:?}");
    assert_eq!(client.call::<u8>("echo", 1).await, Ok(1), "the connection lives on");
}

#[wasm_bindgen_test]
async fn what_python_writes_that_json_has_not_is_read() {
    let client = Client::builder(python_url()).connect().await.expect("connects");
    let read: Vec<Option<f64>> = client.call("evaluate", "[1.5, float('nan'), float('inf')]").await.expect("an answer");
    assert_eq!(read, [Some(1.5), None, None]);
}

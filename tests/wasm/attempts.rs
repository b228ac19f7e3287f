//! Attempts to connect: refusals, the order of the transports, the end of the attempts.

use crate::support::{SECONDS, SHORT, builder, channel, url, wrong_auth};
use crate::tamper::{script, scripted_websocket, with};
use crate::until::until;
use futures::StreamExt;
use js_sys::Function;
use socketio_wasm::{Client, DisconnectReason, Error, Transport, Transports};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

// [K13]
#[wasm_bindgen_test]
async fn a_refusal_is_final_unless_retry_refused_is_set() {
    let of = |first, times| {
        builder().namespace("/").namespace("/auth").auth_with(wrong_auth(first, times)).retry().on_error(drop_error)
    };
    let refused = of(1, 2).connect().await.expect_err("is refused");
    assert!(matches!(&refused, Error::Refused { namespaces, .. } if namespaces == &["/auth"]), "{refused}");
    let client = of(1, 2).retry_refused().connect().await.expect("connects in the end");
    assert_eq!(client.namespaces(), ["/", "/auth"]);
    client.disconnect().await;

    let client = of(2, 2).retry_refused().connect().await.expect("connects");
    let (record, mut recorded) = channel();
    client.of("/auth").on_connect_error(move |_scope, error| record(error)).keep();
    client.emit("close-engine", ()).expect("is emitted");
    for _ in 0..2 {
        assert!(matches!(recorded.next().await, Some(Error::Refused { .. })));
    }
    until("it is accepted again", async || client.namespaces() == ["/", "/auth"]).await;
}

fn drop_error(_: &Error) {}

// [K5]
#[wasm_bindgen_test]
async fn transports_are_tried_in_their_order() {
    let throwing: JsValue = Function::new_no_args("throw new Error('no websockets here')").into();
    let failing = scripted_websocket(&JsValue::UNDEFINED);
    script(&failing, &with("refusals", 1_000));
    let both = Transports::WebSocketThenPolling;
    let client = builder().transports(both).connect().await.expect("connects");
    assert_eq!(client.transport(), Some(Transport::WebSocket));
    for class in [throwing, failing] {
        let client = builder().transports(both).websocket(class.clone()).connect().await.expect("connects by polling");
        assert_eq!(client.transport(), Some(Transport::Polling));
        assert_eq!(client.call("echo", 1).await, Ok(1));
        let alone = builder().transports(Transports::WebSocket).websocket(class).connect().await;
        assert!(matches!(alone, Err(Error::Unreachable(Transport::WebSocket, _))), "{alone:?}");
    }
    let class = scripted_websocket(&JsValue::UNDEFINED);
    let nowhere = || Client::builder("http://127.0.0.1:9").wait_timeout(SECONDS);
    let client = nowhere().websocket(class).connect().await.expect("connects by websocket, its second choice");
    assert_eq!(client.transport(), Some(Transport::WebSocket));
    let error = nowhere().transports(both).connect().await.expect_err("neither can be opened");
    assert!(matches!(error, Error::Unreachable(..)), "{error}");
    // Of two failures, the more informative one is returned.
    let error = builder().path("/nowhere").transports(both).connect().await.expect_err("nobody is there");
    assert_eq!(error, Error::Status(404, "nothing here".into()));
}

#[wasm_bindgen_test]
async fn connect_namespace_fails_when_the_client_gives_up() {
    let ended = Rc::new(Cell::new(false));
    let (failing, url) = (ended.clone(), url());
    let address = move || core::future::ready(if failing.get() { Err("no address today") } else { Ok(url.to_owned()) });
    let client = Client::builder_with(address).reconnection_delay(SHORT, SHORT).reconnection_attempts(1);
    let client = client.wait_timeout(SECONDS).transports(Transports::WebSocket).connect().await.expect("connects");
    ended.set(true);
    let lost = client.call::<()>("close-engine", ()).await;
    assert!(matches!(&lost, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })), "{lost:?}");
    let ended = client.connect_namespace("/chat").await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })), "{ended:?}");
}

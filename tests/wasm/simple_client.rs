//! `SimpleClient`, the client without handlers.

use crate::support::{ALL, SECONDS, SHORT, builder, connected, has_left, url};
use crate::until::until;
use core::time::Duration;
use futures::{FutureExt, StreamExt};
use socketio_wasm::{Client, DisconnectReason, Error, Fault, SimpleClient, Transport, Transports};
use std::cell::Cell;
use wasm_bindgen_test::wasm_bindgen_test;

async fn simple() -> SimpleClient {
    SimpleClient::connect(builder()).await.expect("connects")
}

/// A client that has lost its connection and makes it again after that delay.
async fn without_connection(delay: Duration) -> SimpleClient {
    let client = SimpleClient::connect(builder().reconnection_delay(delay, delay)).await.expect("connects");
    let lost = client.call::<()>("close-engine", ()).await;
    let is_lost = matches!(&lost, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. }));
    assert!(is_lost, "a call rejects when its connection drops: {lost:?}");
    assert!(!client.is_connected());
    client
}

// [S1, S2, S6, S7]
#[wasm_bindgen_test]
async fn it_connects_emits_calls_and_receives_over_every_transport() {
    for (transports, namespace) in ALL.into_iter().zip(["/", "/chat", "/"]) {
        let builder = builder().transports(transports).namespace(namespace);
        let mut client = SimpleClient::connect(builder).await.expect("connects");
        assert!(client.is_connected() && client.sid().is_some());
        if transports != Transports::PollingThenWebSocket {
            let first = if transports == Transports::Polling { Transport::Polling } else { Transport::WebSocket };
            assert_eq!(client.transport(), Some(first));
        }
        client.emit("echo-back", ("hi", 7)).await.expect("is emitted");
        let event = client.receive().await.expect("an event");
        assert_eq!((event.namespace(), event.name()), (namespace, "echo-back"));
        assert_eq!(event.parse::<(String, u32)>(), Ok(("hi".into(), 7)));
        assert_eq!(client.call("echo", ("one", 2)).await, Ok(("one".to_owned(), 2)));
        client.disconnect().await;
        assert!(!client.is_connected() && client.sid().is_none());
    }
}

// [S2]
#[wasm_bindgen_test]
async fn connect_fails_with_the_reason() {
    let several = SimpleClient::connect(builder().namespace("/").namespace("/chat")).await.expect_err("is refused");
    assert_eq!(several, Error::SeveralNamespaces(vec!["/".into(), "/chat".into()]));
    assert_eq!(several.fault(), Fault::Misuse);
    let refused = SimpleClient::connect(builder().namespace("/refuse")).await.expect_err("is refused");
    assert!(matches!(refused, Error::Refused { .. }), "{refused}");
}

// [S3, S4, S5]
#[wasm_bindgen_test]
async fn emit_call_and_receive_wait_for_the_next_connection() {
    let mut client = without_connection(Duration::from_millis(50)).await;
    let call = client.call::<String>("echo", "a buffered call");
    client.emit("echo-back", "a waiting event").await.expect("is emitted");
    let event = client.receive().timeout(SECONDS).await.expect("an event of the next connection");
    assert_eq!(event.parse::<String>(), Ok("a waiting event".into()));
    assert_eq!(call.await, Ok("a buffered call".into()));
}

// [S3, S4]
#[wasm_bindgen_test]
async fn emit_call_and_receive_take_a_timeout() {
    let mut client = without_connection(Duration::from_secs(60)).await;
    let late = client.emit("x", ()).timeout(SHORT).await;
    assert_eq!(late, Err(Error::EmitTimeout { event: "x".into(), timeout: SHORT }));
    let late = client.call::<()>("y", ()).timeout(SHORT).await;
    assert_eq!(late, Err(Error::CallTimeout { event: "y".into(), timeout: SHORT }));
    assert_eq!(client.receive().timeout(SHORT).await.map(drop), Err(Error::ReceiveTimeout(SHORT)));
    assert_eq!(client.emit("connect", ()).await, Err(Error::InvalidEvent("connect".into())));
}

// [S5]
#[wasm_bindgen_test]
async fn receive_and_next_return_the_events_in_order() {
    let mut client = simple().await;
    client.emit("burst", 3).await.expect("is emitted");
    let first = client.receive().timeout(SECONDS).await.expect("an event");
    assert_eq!(first.parse(), Ok(0));
    assert!(client.receive().now_or_never().is_none_or(|event| event.is_ok()));
    let second = client.next().await.expect("an event");
    assert!(second.parse::<u32>().is_ok_and(|number| number >= 1));
    client.emit("ask", "anything").await.expect("is emitted");
    let mut names = Vec::new();
    while names.last().is_none_or(|name| name != "answered") {
        let event = client.receive().timeout(SECONDS).await.expect("an event");
        assert!(event.name() != "answered" || event.is_empty(), "the client acknowledges with nothing");
        names.push(event.name().to_owned());
    }
    assert!(names.contains(&"question".to_owned()));
}

// [S5, S8, S10, R6, B4]
#[wasm_bindgen_test]
async fn the_end_wakes_all_waiters_and_earlier_events_can_still_be_received() {
    let mut client = without_connection(Duration::from_secs(60)).await;
    let mut emit = client.emit("x", ());
    let mut call = client.call::<()>("x", ());
    assert!((&mut emit).now_or_never().is_none() && (&mut call).now_or_never().is_none());
    client.disconnect().await;
    let ended = |event: Option<&str>| {
        let (reason, event) = (DisconnectReason::ClientDisconnect, event.map(str::to_owned));
        Err(Error::Disconnected { reason, event, cause: None })
    };
    assert_eq!((emit.await, call.await), (ended(Some("x")), ended(Some("x"))));
    assert_eq!(client.receive().await.map(drop), ended(None));
    assert!(client.next().await.is_none());
    assert_eq!(client.emit("x", ()).await, ended(Some("x")));

    let mut client = simple().await;
    client.emit("echo-back", 1).await.expect("is emitted");
    client.call::<()>("echo", ()).await.expect("an answer, which comes after the event");
    client.emit("kick", ()).await.expect("is emitted");
    assert_eq!(client.receive().await.expect("the event").parse(), Ok(1));
    let ended = client.receive().await.map(drop);
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::ServerDisconnect, .. })), "{ended:?}");
}

// [S10, C2]
#[wasm_bindgen_test]
async fn giving_up_ends_receive_and_emit() {
    let (is_called, url) = (Cell::new(false), url());
    let address = move || {
        let address = if is_called.replace(true) { Err("no address today") } else { Ok(url.to_owned()) };
        async move { address }
    };
    let builder =
        Client::builder_with(address).wait_timeout(SECONDS).reconnection_delay(SHORT, SHORT).reconnection_attempts(1);
    let mut client = SimpleClient::connect(builder).await.expect("connects");
    client.emit("close-engine", ()).await.expect("is emitted");
    let ended = client.receive().await.map(drop);
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })), "{ended:?}");
    let ended = client.emit("x", ()).await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })), "{ended:?}");
}

// [E10]
#[wasm_bindgen_test]
async fn each_event_is_acknowledged_when_it_comes() {
    let mut client = simple().await;
    client.emit("ask", ()).await.expect("is emitted");
    let mut receive = async || client.receive().timeout(SECONDS).await.expect("an event").name().to_owned();
    assert_eq!([receive().await, receive().await], ["question", "answered"]);
}

// [S9]
#[wasm_bindgen_test]
async fn dropping_a_simple_client_disconnects() {
    let witness = connected().await;
    let client = simple().await;
    let sid = client.sid().expect("is connected");
    drop(client);
    until("the server notices", async || has_left(&witness, &sid).await).await;
}

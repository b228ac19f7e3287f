//! `EngineClient`: Engine.IO without Socket.IO.

use crate::support::{ALL, SHORT, channel, engine_url, once, url};
use crate::until::until;
use futures::channel::oneshot;
use futures::{
    FutureExt, StreamExt,
    future::{pending, ready},
};
use serde::{Deserialize, Serialize};
use socketio_wasm::{Disconnect, DisconnectReason, EngineClient, Error, Fault, Message, State, Transport, Transports};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

/// A connected client, and the messages that its handler receives.
async fn connected(transports: Transports) -> (EngineClient, impl StreamExt<Item = Message> + Unpin) {
    let (record, recorded) = channel();
    let connecting =
        EngineClient::builder(engine_url()).transports(transports).on_message(move |_client, message| record(message));
    (connecting.connect().await.expect("connects"), recorded)
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Point {
    x: i32,
    y: Option<String>,
}

// [G1, G3, G4, G6]
#[wasm_bindgen_test]
async fn messages_of_each_kind_come_back_over_every_transport() {
    for transports in ALL {
        let (client, mut recorded) = connected(transports).await;
        assert!(client.is_connected() && client.sid().is_some());
        if transports == Transports::WebSocket {
            assert_eq!(client.transport(), Some(Transport::WebSocket));
        }
        let mut messages = client.messages();
        let point = Point { x: -1, y: Some("🦀".into()) };
        let sent = [
            Message::from("42"),
            Message::from(String::new()),
            Message::from(vec![0, 1, 254, 255]),
            Message::from([4_u8; 3].as_slice()),
            Message::json(&point).expect("is JSON"),
        ];
        for message in sent.clone() {
            client.send(message).expect("is sent");
        }
        let mut heard = Vec::new();
        while heard.len() < sent.len() {
            let message = messages.next().await.expect("a message");
            if message != Message::from("welcome") {
                heard.push(message);
            }
        }
        assert_eq!(heard, sent);
        assert_eq!(heard.last().expect("one").parse(), Ok(point));
        assert_eq!(recorded.next().await, Some("welcome".into()), "the handler receives every message too");
        let again: Vec<Message> = recorded.by_ref().take(sent.len()).collect().await;
        assert_eq!(again, sent);
        client.disconnect().await;
        assert_eq!((client.state(), client.sid()), (State::Disconnected, None));
        assert_eq!(client.send("late"), Err(Error::NotConnected { event: None }));
    }
}

// [G8]
#[wasm_bindgen_test]
async fn any_number_of_messages_goes_either_way_in_one_tick() {
    for transports in ALL {
        let (client, recorded) = connected(transports).await;
        for number in 0..60 {
            client.send(number.to_string()).expect("is sent");
        }
        let echoed: Vec<Message> =
            recorded.filter(|message| ready(*message != "welcome".into())).take(60).collect().await;
        assert_eq!(echoed, (0..60).map(|number| number.to_string().into()).collect::<Vec<_>>());
    }
}

// [G1, G5]
#[wasm_bindgen_test]
async fn messages_sent_before_the_end_arrive_and_the_end_is_reported() {
    let (hear, heard) = once::<Disconnect>();
    let connections = Rc::new(Cell::new(0));
    let count = connections.clone();
    let client = EngineClient::builder(engine_url())
        .on_connect(move |client| {
            assert!(client.is_connected());
            count.set(count.get() + 1);
        })
        .on_disconnect(move |_client, end| hear(end))
        .connect()
        .await
        .expect("connects");
    assert_eq!((connections.get(), client.connect().await), (1, Err(Error::AlreadyConnected)));
    client.send("close").expect("is sent");
    client.wait().await;
    let end = heard.await.expect("an end");
    assert_eq!(
        end.reason,
        if end.error == Some(Error::ServerClosed) {
            DisconnectReason::ServerDisconnect
        } else {
            DisconnectReason::TransportError
        }
    );
    assert_eq!(client.state(), State::Disconnected, "it does not reconnect");
    client.connect().await.expect("connects again");
    client.abort().await;
    assert_eq!((client.state(), connections.get()), (State::Disconnected, 2));
    client.wait().await;
}

// [G4]
#[wasm_bindgen_test]
async fn a_message_that_does_not_fit_the_type_is_an_error_that_says_why() {
    for (message, reason) in
        [("text".into(), "it is no JSON"), (Message::from(vec![1]), "it is binary data"), ("[1]".into(), "")]
    {
        let wrong = message.parse::<Point>().expect_err("is no point");
        assert!(
            matches!(&wrong, Error::WrongType { of, why, .. } if of == "the message" && why.starts_with(reason)),
            "{wrong}"
        );
        assert_eq!(wrong.fault(), Fault::Peer);
    }
    assert_eq!(Message::json(Some(1)), Ok("1".into()));
    assert!(matches!(Message::json(f64::NAN), Ok(Message::Text(null)) if null == "null"));
}

// [G2, G10]
#[wasm_bindgen_test]
async fn failures_are_returned_and_a_dropped_connect_ends_its_attempt() {
    let nobody = EngineClient::builder("http://127.0.0.1:9").transports(Transports::Polling).connect().await;
    assert!(matches!(nobody, Err(Error::Unreachable(Transport::Polling, _))), "{nobody:?}");
    let wrong = EngineClient::builder("http://127.0.0.1:9/path").connect().await;
    assert!(matches!(wrong, Err(Error::InvalidUrl { .. })), "{wrong:?}");
    let slow = EngineClient::builder_with(pending::<Result<String, Error>>).request_timeout(SHORT).build();
    assert_eq!(slow.connect().await, Err(Error::PreparationTimeout(SHORT)));
    assert_eq!(slow.state(), State::Disconnected);
    {
        let mut attempt = Box::pin(slow.connect());
        assert!(attempt.as_mut().now_or_never().is_none());
        assert_eq!(slow.state(), State::Connecting);
        slow.disconnect().await;
        let ended = attempt.await;
        assert!(
            matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::ClientDisconnect, .. })),
            "{ended:?}"
        );
    }
    let headers = || async { Ok::<_, Error>(vec![("x-test".to_owned(), "1".to_owned())]) };
    let client = EngineClient::builder(engine_url()).headers_with(headers).transports(Transports::Polling).build();
    let mut attempt = Box::pin(client.connect());
    assert!(attempt.as_mut().now_or_never().is_none());
    drop(attempt);
    assert_eq!(client.state(), State::Disconnected, "the dropped attempt ends");
    client.connect().await.expect("connects");
}

// [G10]
#[wasm_bindgen_test]
async fn dropping_the_last_handle_ends_the_connection_and_frees_the_handlers() {
    let owned = Rc::new(());
    let weak = Rc::downgrade(&owned);
    let builder = EngineClient::builder(url()).path("/socket.io").on_message(move |_client, _message| {
        let _ = &owned;
    });
    let client = builder.connect().await.expect("connects to the engine of a Socket.IO server");
    let mut messages = client.messages();
    let other = client.clone();
    assert_eq!(client, other);
    drop(client);
    assert!(other.is_connected(), "another handle holds it");
    drop(other);
    assert!(messages.next().await.is_none(), "the stream has ended");
    // The client closes the connection first, and is freed then.
    until("it is freed", async || weak.upgrade().is_none()).await;
}

#[wasm_bindgen_test]
async fn the_url_of_an_abandoned_attempt_is_not_used_by_the_next_one() {
    let (give, given) = oneshot::channel();
    let (first, url) = (Cell::new(Some(given)), engine_url());
    let address = move || {
        let first = first.take();
        async move {
            match first {
                Some(given) => given.await,
                None => Ok(url.to_owned()),
            }
        }
    };
    let client = EngineClient::builder_with(address).build();
    let mut one = Box::pin(client.connect());
    assert!(one.as_mut().now_or_never().is_none(), "it waits for its URL");
    client.disconnect().await;
    let mut other = Box::pin(client.connect());
    give.send("nonsense://x".to_owned()).expect("is awaited");
    assert!(other.as_mut().now_or_never().is_none());
    let ended = one.await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::ClientDisconnect, .. })), "{ended:?}");
    other.await.expect("connects to its own URL");
}

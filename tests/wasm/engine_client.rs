//! Engine.IO alone.

use crate::support::{ALL, engine_url, once, url};
use crate::until::until;
use core::time::Duration;
use futures_channel::{mpsc::unbounded, oneshot};
use futures_util::{
    FutureExt, StreamExt,
    future::{pending, ready},
};
use serde::{Deserialize, Serialize};
use socketio_wasm::{Disconnect, DisconnectReason, EngineClient, Error, Fault, Message, State, Transport, Transports};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

/// A client, and what it tells in its handlers.
async fn connected(transports: Transports) -> (EngineClient, impl StreamExt<Item = Message> + Unpin) {
    let (tell, told) = unbounded();
    let connecting = EngineClient::builder(engine_url())
        .transports(transports)
        .on_message(move |_client, message| tell.unbounded_send(message).expect("somebody listens"));
    (connecting.connect().await.expect("connects"), told)
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
        let (client, mut told) = connected(transports).await;
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
        assert_eq!(told.next().await, Some("welcome".into()), "the handler has got all, too");
        let again: Vec<Message> = told.by_ref().take(sent.len()).collect().await;
        assert_eq!(again, sent);
        client.disconnect().await;
        assert_eq!((client.state(), client.sid()), (State::Disconnected, None));
        assert_eq!(client.send("late"), Err(Error::NotConnected));
    }
}

// [G8]
#[wasm_bindgen_test]
async fn any_number_of_messages_goes_either_way_in_one_tick() {
    for transports in ALL {
        let (client, told) = connected(transports).await;
        for number in 0..60 {
            client.send(number.to_string()).expect("is sent");
        }
        let echoed: Vec<Message> = told.filter(|message| ready(*message != "welcome".into())).take(60).collect().await;
        assert_eq!(echoed, (0..60).map(|number| number.to_string().into()).collect::<Vec<_>>());
    }
}

// [G1, G5]
#[wasm_bindgen_test]
async fn what_was_sent_before_the_end_arrives_and_the_end_is_told() {
    let (hear, heard) = once::<Disconnect>();
    let greeted = Rc::new(Cell::new(0));
    let count = greeted.clone();
    let client = EngineClient::builder(engine_url())
        .on_connect(move |client| {
            assert!(client.is_connected());
            count.set(count.get() + 1);
        })
        .on_disconnect(move |_client, end| hear(end))
        .connect()
        .await
        .expect("connects");
    assert_eq!((greeted.get(), client.connect().await), (1, Err(Error::AlreadyConnected)));
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
    assert_eq!(client.state(), State::Disconnected, "it is not made again");
    client.connect().await.expect("connects again");
    client.abort().await;
    assert_eq!((client.state(), greeted.get()), (State::Disconnected, 2));
    client.wait().await;
}

// [G4]
#[wasm_bindgen_test]
async fn what_is_no_value_of_a_type_says_so() {
    for (message, why) in
        [("text".into(), "it is no JSON"), (Message::from(vec![1]), "it is binary data"), ("[1]".into(), "")]
    {
        let wrong = message.parse::<Point>().expect_err("is no point");
        assert!(
            matches!(&wrong, Error::WrongType { of, why: words } if of == "the message" && words.starts_with(why)),
            "{wrong}"
        );
        assert_eq!(wrong.fault(), Fault::Peer);
    }
    assert_eq!(Message::json(Some(1)), Ok("1".into()));
    assert!(matches!(Message::json(f64::NAN), Ok(Message::Text(null)) if null == "null"));
}

// [G2, G10]
#[wasm_bindgen_test]
async fn failures_are_told_and_attempts_end_with_whoever_awaits_them() {
    let nobody = EngineClient::builder("http://127.0.0.1:9").transports(Transports::Polling).connect().await;
    assert!(matches!(nobody, Err(Error::Unreachable(Transport::Polling, _))), "{nobody:?}");
    let wrong = EngineClient::builder("http://127.0.0.1:9/path").connect().await;
    assert!(matches!(wrong, Err(Error::InvalidUrl { .. })), "{wrong:?}");
    let short = Duration::from_millis(20);
    let slow = EngineClient::builder_with(pending::<Result<String, Error>>).request_timeout(short).build();
    assert_eq!(slow.connect().await, Err(Error::PreparationTimeout(short)));
    assert_eq!(slow.state(), State::Disconnected);
    {
        let mut attempt = Box::pin(slow.connect());
        assert!(attempt.as_mut().now_or_never().is_none());
        assert_eq!(slow.state(), State::Connecting);
        slow.disconnect().await;
        assert_eq!(attempt.await, Err(Error::Disconnected(DisconnectReason::ClientDisconnect)));
    }
    let headers = || async { Ok::<_, Error>(vec![("x-test".to_owned(), "1".to_owned())]) };
    let client = EngineClient::builder(engine_url()).headers_with(headers).transports(Transports::Polling).build();
    let mut attempt = Box::pin(client.connect());
    assert!(attempt.as_mut().now_or_never().is_none());
    drop(attempt);
    assert_eq!(client.state(), State::Disconnected, "nobody waits for it any more");
    client.connect().await.expect("connects");
}

// [G10]
#[wasm_bindgen_test]
async fn the_last_handle_dropped_ends_the_connection_and_frees_all_there_is() {
    let owned = Rc::new(());
    let weak = Rc::downgrade(&owned);
    let builder = EngineClient::builder(url()).path("/socket.io").on_message(move |_client, _message| {
        let _ = &owned;
    });
    let client = builder.connect().await.expect("connects to an engine under Socket.IO as well");
    let mut messages = client.messages();
    let other = client.clone();
    assert_eq!(client, other);
    drop(client);
    assert!(other.is_connected(), "another handle holds it");
    drop(other);
    assert!(messages.next().await.is_none(), "the stream has ended");
    // The connection is written and closed, and then forgotten.
    until("it is freed", async || weak.upgrade().is_none()).await;
}

#[wasm_bindgen_test]
async fn an_attempt_that_was_given_up_takes_no_part_in_the_next_one() {
    let (give, given) = oneshot::channel();
    let first = Cell::new(Some(given));
    let address = move || {
        let first = first.take();
        async move {
            match first {
                Some(given) => given.await,
                None => Ok(engine_url().to_owned()),
            }
        }
    };
    let client = EngineClient::builder_with(address).build();
    let mut one = Box::pin(client.connect());
    assert!(one.as_mut().now_or_never().is_none(), "it waits for its address");
    client.disconnect().await;
    let mut other = Box::pin(client.connect());
    give.send("nonsense://x".to_owned()).expect("is awaited");
    assert!(other.as_mut().now_or_never().is_none());
    assert_eq!(one.await, Err(Error::Disconnected(DisconnectReason::ClientDisconnect)));
    other.await.expect("connects to its own address");
}

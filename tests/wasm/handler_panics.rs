//! Panics in handlers: the client reports each one, and still works.

use crate::panics::{panics, panics_if, works};
use crate::support::{ALL, SECONDS, builder, channel, engine_url, python_url};
use crate::tamper::Uncaught;
use futures::StreamExt;
use serde::{Deserialize, Deserializer, Serialize, Serializer as Writer};
use socketio_wasm::{
    Ack, Client, ClientNamespace, DisconnectReason, EngineClient, Error, Event, Scope, State, Transports,
};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn only_the_event_whose_handler_panics_is_lost() {
    let uncaught = Uncaught::new();
    for transports in ALL {
        let client = builder().transports(transports).connect().await.expect("connects");
        let (record, recorded) = channel();
        let ticks = client.on("tick", move |_scope, number: u32| {
            panics_if(number == 50);
            record(number);
        });
        client.emit("burst", 100).expect("is emitted");
        let heard: Vec<u32> = recorded.take(99).collect().await;
        assert_eq!(heard, (0..100).filter(|number| *number != 50).collect::<Vec<_>>());
        assert_eq!(uncaught.take(), 1, "the panic is reported once");
        drop(ticks);
        works(&client).await;
        assert_eq!(uncaught.take(), 0);
    }
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn a_client_survives_2_999_panics() {
    let uncaught = Uncaught::new();
    for transports in [Transports::WebSocket, Transports::Polling] {
        let client = builder().transports(transports).connect().await.expect("connects");
        let (record, mut recorded) = channel();
        let ticks = client.on("tick", move |_scope, number: u32| {
            // Each call takes a sixteenth of the stack that the linker gives a module: no panic may leave its frames behind.
            let buffer = core::hint::black_box([1_u8; 1 << 16]);
            if number < 2_999 {
                core::arch::wasm32::unreachable(); // a panic without a message
            }
            record(buffer.len());
        });
        client.emit("burst", 3_000).expect("is emitted");
        assert_eq!(recorded.next().await, Some(1 << 16));
        assert_eq!(uncaught.take(), 2_999);
        drop(ticks);
        works(&client).await;
    }
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn handlers_of_reserved_events_may_panic() {
    let uncaught = Uncaught::new();
    for transports in ALL {
        let client = builder()
            .transports(transports)
            .on_connect(|_scope| panics("on_connect"))
            .on_disconnect(|_scope, _end| panics("on_disconnect"))
            .on_disconnect_final(|_scope, _reason| panics("on_disconnect_final"))
            .on_connect_error(|_scope, _error| panics("on_connect_error"))
            .connect()
            .await
            .expect("connects");
        assert_eq!(uncaught.take(), 1, "on_connect");
        works(&client).await;
        assert_eq!(uncaught.take(), 3, "the disconnect and the next connection");
        let mut states = client.states();
        client.emit("close-engine", ()).expect("is emitted");
        let changes: Vec<State> = states.by_ref().take(3).collect().await;
        assert_eq!(changes, [State::Connected, State::Reconnecting, State::Connected]);
        assert_eq!(uncaught.take(), 2, "the loss and the next connection");
        client.disconnect().await;
        assert_eq!(uncaught.take(), 2, "the disconnect");
    }
    let nowhere = Client::builder("http://127.0.0.1:9").on_connect_error(|_scope, _error| panics("on_connect_error"));
    assert!(matches!(nowhere.connect().await, Err(Error::Unreachable(..))));
    uncaught.take();
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn handlers_for_any_event_or_for_once_and_namespace_objects_may_panic() {
    struct Panicking;
    impl ClientNamespace for Panicking {
        fn namespace(&self) -> &str {
            "/chat"
        }
        fn on_event(&self, _: Scope, event: Event) -> Result<Ack, Error> {
            panic!("{}", event.name());
        }
        fn on_connect(&self, _: Scope) {
            panic!("connect");
        }
    }
    let uncaught = Uncaught::new();
    let client = builder()
        .namespace("/")
        .namespace("/chat")
        .once("echo-back", |_scope, ()| panics("once"))
        .on_unhandled(|_scope, _event| panics("any"))
        .connect()
        .await
        .expect("connects");
    client.register_namespace(Panicking);
    let chat = client.of("/chat");
    for _ in 0..2 {
        client.emit("echo-back", ()).expect("is emitted");
        chat.emit("echo-back", ()).expect("is emitted");
        chat.emit("ask", ()).expect("is emitted");
        assert_eq!(chat.call("echo", 1).await, Ok(1));
        assert_eq!(client.call("echo", 1).await, Ok(1));
        assert_eq!(uncaught.take(), 3);
    }
    assert!(client.off("*"));
    works(&client).await;
    assert_eq!(uncaught.take(), 1, "on_connect of the object, for the next connection");
    uncaught.restore();
}

/// A type whose serde code panics.
struct Panicking;

impl<'de> Deserialize<'de> for Panicking {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("deserialize");
    }
}

impl Serialize for Panicking {
    fn serialize<W: Writer>(&self, _: W) -> Result<W::Ok, W::Error> {
        panic!("serialize");
    }
}

#[wasm_bindgen_test]
async fn the_serde_code_of_arguments_and_answers_may_panic() {
    let uncaught = Uncaught::new();
    let client = builder().connect().await.expect("connects");
    let read = client.on("echo-back", |_scope, Panicking| {});
    let written = client.on("question", |_scope, ()| Panicking);
    client.emit("echo-back", 1).expect("is emitted");
    client.emit("ask", ()).expect("is emitted");
    assert_eq!(client.call("echo", 1).await, Ok(1));
    drop(written);
    let later = client.on("question", |_scope, ()| async { Panicking });
    client.emit("ask", ()).expect("is emitted");
    assert_eq!(client.call("echo", 1).await, Ok(1));
    assert_eq!(uncaught.take(), 3);
    drop((read, later));
    works(&client).await;
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn a_future_of_a_handler_may_panic_and_others_go_on() {
    let uncaught = Uncaught::new();
    let client = builder().connect().await.expect("connects");
    let (record, mut recorded) = channel();
    let ticks = client.on("tick", move |scope: Scope, number: u32| {
        let record = record.clone();
        async move {
            panics_if(number == 3); // at once
            let echoed: u32 = scope.call("echo", number).await.expect("an answer");
            panics_if(number == 7); // when it goes on
            record(echoed);
        }
    });
    client.emit("burst", 10).expect("is emitted");
    let heard: Vec<u32> = recorded.by_ref().take(8).collect().await;
    assert_eq!(heard, [0, 1, 2, 4, 5, 6, 8, 9]);
    assert_eq!(uncaught.take(), 2);
    client.emit("burst", 1).expect("is emitted");
    assert_eq!(recorded.next().await, Some(0));
    drop(ticks);
    works(&client).await;
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn handlers_of_engine_clients_may_panic() {
    let uncaught = Uncaught::new();
    for transports in ALL {
        let (record, mut recorded) = channel();
        let client = EngineClient::builder(engine_url())
            .transports(transports)
            .on_connect(|_scope| panics("on_connect"))
            .on_message(move |_scope, message| {
                panics_if(message == "poison".into());
                record(message);
            })
            .on_disconnect(|_scope, _end| panics("on_disconnect"))
            .build();
        for _ in 0..2 {
            client.connect().await.expect("connects");
            assert_eq!(recorded.next().await, Some("welcome".into()));
            assert_eq!(uncaught.take(), 1, "on_connect");
            let mut messages = client.messages();
            for message in ["before", "poison", "after"] {
                client.send(message).expect("is sent");
            }
            for message in ["before", "after"] {
                assert_eq!(recorded.next().await, Some(message.into()));
            }
            for message in ["before", "poison", "after"] {
                assert_eq!(messages.next().await, Some(message.into()));
            }
            assert_eq!(uncaught.take(), 1, "on_message");
            client.disconnect().await;
            assert_eq!((client.state(), uncaught.take()), (State::Disconnected, 1), "on_disconnect");
        }
    }
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn a_call_succeeds_even_if_the_handler_that_it_triggers_panics() {
    // disconnect_namespace() calls the handler at once.
    let uncaught = Uncaught::new();
    let client = Client::builder(python_url()).wait_timeout(SECONDS).connect().await.expect("connects");
    let ended = Rc::new(RefCell::new(Vec::new()));
    let list = ended.clone();
    client
        .on_disconnect(move |_scope, end| {
            list.borrow_mut().push(end.reason);
            panics("on_disconnect");
        })
        .keep();
    client.disconnect_namespace("/");
    assert_eq!((ended.borrow().as_slice(), uncaught.take()), ([DisconnectReason::ClientDisconnect].as_slice(), 1));
    client.disconnect().await;
    client.connect().await.expect("connects");
    works(&client).await;
    uncaught.take();
    uncaught.restore();
}

//! The client for Rust against real servers, in Node, browsers and workers: `make test-wasm` starts the servers.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod attempts;
mod callback_panics;
mod connect;
mod connection_loss;
mod emit;
mod ends;
mod engine_client;
mod handler_panics;
mod life;
mod limits;
mod namespace_states;
mod namespaces;
mod network_events;
mod old_servers;
mod panics;
mod server_quirks;
mod simple_client;
mod support;
mod tamper;
mod typed_events;
mod typed_values;
mod unsent;
mod until;

use futures::{FutureExt, StreamExt};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use socketio_wasm::{
    Cause, Client, ClientNamespace, DisconnectReason, Error, Fault, Scope, State, Transport, Transports,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use support::{ALL, SECONDS, SHORT, builder, channel, connected, has_left, once, url};
use until::until;
use wasm_bindgen_test::wasm_bindgen_test;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Message {
    from: String,
    lines: Vec<String>,
    picture: ByteBuf,
    likes: Option<u32>,
    tags: BTreeMap<String, i64>,
}

fn message() -> Message {
    Message {
        from: "Ada 🦀".into(),
        lines: vec!["one".into(), "two".into()],
        picture: ByteBuf::from(vec![0, 1, 254, 255]),
        likes: None,
        tags: [("a".to_owned(), -1), ("b".to_owned(), 9_007_199_254_740_991)].into(),
    }
}

// [C14, K5, M2, M5, H1, P9]
#[wasm_bindgen_test]
async fn types_travel_both_ways_over_every_transport() {
    for transports in ALL {
        let client = builder().transports(transports).connect().await.expect("connects");
        let one: Message = client.call("echo", message()).await.expect("an answer");
        assert_eq!(one, message());
        let several: (String, Message, Vec<u8>, Option<bool>) =
            client.call("echo", ("hi", message(), [1_u8, 2].as_slice())).await.expect("an answer");
        assert_eq!(several, ("hi".into(), message(), vec![1, 2], None));
        client.call::<()>("echo", ()).await.expect("an answer without values");
        let list: Vec<(u8, bool)> = client.call("echo", vec![(1, true), (2, false)]).await.expect("an answer");
        assert_eq!(list, [(1, true), (2, false)]);
        client.disconnect().await;
        assert_eq!(client.state(), State::Disconnected);
    }
}

// [E1, E10]
#[wasm_bindgen_test]
async fn a_handlers_value_or_future_answers_the_server() {
    let client = builder().connect().await.expect("connects");
    let now = client.on("question", |_scope, (text, number): (String, u32)| (format!("{text}!"), number + 1));
    let mut answers = client.events_of("answered");
    client.emit("ask", ("one", 1)).expect("is emitted");
    let answered = answers.next().await.expect("an event");
    assert_eq!(answered.parse::<(String, u32)>(), Ok(("one!".into(), 2)));

    drop(now);
    let later = client.on("question", |scope: Scope, text: String| async move {
        let echoed: String = scope.call("echo", text).await.unwrap_or_default();
        format!("{echoed}?")
    });
    client.emit("ask", "two").expect("is emitted");
    assert_eq!(answers.next().await.expect("an event").parse::<String>(), Ok("two?".into()));

    drop(later);
    client.on("question", |_scope, ()| {}).keep();
    client.emit("ask", ()).expect("is emitted");
    assert!(answers.next().await.expect("an event").is_empty(), "a handler without a result acknowledges with nothing");
    assert!(client.off("question") && !client.off("question"));
}

// [E1, E10]
#[wasm_bindgen_test]
async fn several_handlers_are_called_in_order_and_the_first_result_answers() {
    let client = builder().connect().await.expect("connects");
    let mut answers = client.events_of("answered");
    let calls = Rc::new(RefCell::new(Vec::new()));
    let note = |name: &'static str| {
        let calls = calls.clone();
        move || calls.borrow_mut().push(name)
    };
    let (any, silent, one, two, outgoing) = (note("any"), note("silent"), note("one"), note("two"), note("outgoing"));
    let _any = client.on_any(move |_scope, event| {
        if event.name() == "question" {
            any()
        }
    });
    let _outgoing = client.on_any_outgoing(move |_scope, event| {
        if event.name() == "ask" {
            outgoing()
        }
    });
    let _silent = client.on("question", move |_scope, ()| silent());
    let first = client.on("question", move |_scope, ()| {
        one();
        async { "one" }
    });
    let _second = client.on("question", move |_scope, ()| {
        two();
        "two"
    });
    let mut first = Some(first);
    for (answer, expected) in
        [("one", &["outgoing", "any", "silent", "one", "two"][..]), ("two", &["outgoing", "any", "silent", "two"][..])]
    {
        client.emit("ask", ()).expect("is emitted");
        assert_eq!(answers.next().await.expect("an event").parse::<String>().as_deref(), Ok(answer));
        assert_eq!(calls.take(), expected);
        drop(first.take());
    }
}

// [E10]
#[wasm_bindgen_test]
async fn an_event_that_nobody_handles_is_not_acknowledged() {
    struct Indifferent;
    impl ClientNamespace for Indifferent {}
    let client = builder().register_namespace(Indifferent).connect().await.expect("connects");
    let mut answers = client.events_of("answered");
    client.emit("ask", "nobody").expect("is emitted");
    client.call::<()>("echo", ()).await.expect("the event has come");
    let _subscription = client.on("question", |_scope, text: String| text);
    client.emit("ask", "somebody").expect("is emitted");
    assert_eq!(answers.next().await.expect("an event").parse::<String>().as_deref(), Ok("somebody"));
}

#[wasm_bindgen_test]
async fn a_handlers_error_is_reported_and_its_value_answers() {
    let (report, mut reported) = channel();
    let client = builder().on_error(move |error| report(error.clone())).connect().await.expect("connects");
    let mut answers = client.events_of("answered");
    for later in [false, true] {
        let now = move |scope: Scope, number: u32| {
            scope.emit(if number == 0 { "connect" } else { "x" }, ())?;
            Ok::<_, Error>(number)
        };
        let _subscription = match later {
            false => client.on("question", now),
            true => client.on("question", move |scope, number| async move { now(scope, number) }),
        };
        client.emit("ask", 7).expect("is emitted");
        assert_eq!(answers.next().await.expect("an event").parse(), Ok(7));
        client.emit("ask", 0).expect("is emitted");
        assert_eq!(reported.next().await, Some(Error::InvalidEvent("connect".into())));
    }
}

#[derive(Debug)]
struct Full(std::num::ParseIntError);

impl core::fmt::Display for Full {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the disk is full")
    }
}

impl core::error::Error for Full {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[wasm_bindgen_test]
async fn a_handler_may_return_any_error_which_is_reported_and_answers_nothing() {
    let (report, mut reported) = channel();
    let client = builder().on_error(move |error| report(error.clone())).connect().await.expect("connects");
    let mut answers = client.events_of("answered");
    let number = |text: String| text.parse::<u32>().map_err(Full);
    let on = |what: &str| match what {
        "error" => client.on("question", move |_scope, text| number(text)),
        "boxed" => {
            client.on("question", move |_scope, text| -> Result<u32, Box<dyn core::error::Error>> { Ok(number(text)?) })
        }
        "string" => client.on("question", move |_scope, text| number(text).map_err(|error| error.to_string())),
        "later" => client.on("question", move |_scope, text| async move { number(text) }),
        _ => client.on("question", move |_scope, text| async move { number(text).map_err(|_| "the disk is full") }),
    };
    for what in ["error", "boxed", "string", "later", "string later"] {
        let _subscription = on(what);
        client.emit("ask", "7").expect("is emitted");
        assert_eq!(answers.next().await.expect("an event").parse(), Ok(7), "{what}: the value is the answer");
        client.emit("ask", "x").expect("is emitted");
        let error = reported.next().await.expect("an error");
        assert_eq!(
            (error.to_string().as_str(), error.fault()),
            ("a handler has failed: the disk is full (event \"question\")", Fault::Misuse),
            "{what}"
        );
        let cause = core::error::Error::source(&error).expect("the handler's error");
        assert_eq!(cause.source().is_some(), !what.starts_with("string"), "{what}: with its own source");
        client.call::<()>("echo", ()).await.expect("an answer");
        assert!(answers.next().now_or_never().is_none(), "{what}: an error is not an answer");
    }
    let _subscription = client.on("tick", |_scope, _number: u32| Err::<(), _>("nobody asks"));
    client.emit("burst", 1).expect("is emitted");
    assert!(matches!(reported.next().await, Some(Error::Handler { event: Some(event), .. }) if event == "tick"));
}

#[wasm_bindgen_test]
async fn a_handler_for_once_waits_for_an_event_of_its_type() {
    let (record, recorded) = once();
    let (report, reported) = once();
    let client = builder().on_error(move |error| report(error.clone())).connect().await.expect("connects");
    client.once("echo-back", move |_scope, number: u32| record(number)).keep();
    client.emit("echo-back", "text").expect("is emitted");
    client.emit("echo-back", 5).expect("is emitted");
    let error = reported.await.expect("an error").to_string();
    assert!(error.ends_with("was asked for: expected u32 at [0], found \"text\""), "{error}");
    assert_eq!(recorded.await, Ok(5));
}

#[wasm_bindgen_test]
async fn keeping_a_handler_for_once_that_was_called_removes_no_other_handler() {
    let client = connected().await;
    let (record, mut recorded) = channel();
    client.on("echo-back", move |_scope, number: u32| record(number)).keep();
    let (record_once, recorded_once) = once();
    let subscription = client.once("echo-back", move |_scope, number: u32| record_once(number));
    client.emit("echo-back", 1).expect("is emitted");
    assert_eq!(recorded_once.await, Ok(1));
    assert_eq!(recorded.next().await, Some(1));
    subscription.keep();
    client.emit("echo-back", 2).expect("is emitted");
    assert_eq!(recorded.next().await, Some(2));
}

#[wasm_bindgen_test]
async fn a_reserved_event_name_is_refused_and_removes_no_handler() {
    let (report, mut reported) = channel();
    let (record, recorded) = once();
    let client = builder()
        .on_error(move |error| report(error.clone()))
        .on_unhandled(|_scope, _event| {})
        .on_disconnect_final(move |_scope, _reason| record(()))
        .build();
    for name in ["*", "connect", "connect_error", "disconnect", "disconnectFinal"] {
        client.on(name, |_scope, ()| {}).keep();
        client.once(name, |_scope, ()| {}).keep();
        assert!(client.events_of(name).next().await.is_none(), "the stream ends at once");
        assert_eq!(client.arguments_of::<u32>(name).with_limit(1).next().await, None);
        for _ in 0..4 {
            assert_eq!(reported.next().await, Some(Error::InvalidEvent(name.into())));
        }
    }
    client.connect().await.expect("connects");
    assert!(client.off("*"), "the handler of on_unhandled is still there");
    client.on_connect(|_client| ()).keep();
    assert!(client.off("connect") && !client.off("connect"), "its name is that of the event");
    client.disconnect().await;
    assert_eq!(recorded.await, Ok(()));
}

#[wasm_bindgen_test]
async fn calls_can_be_awaited_together() {
    let client = connected().await;
    let (one, other) = (client.call::<u32>("echo", 1), client.call::<u32>("echo", 2));
    assert_eq!(futures::future::try_join(one, other).await, Ok((1, 2)));
    let all = futures::future::try_join_all((0..3).map(|number| client.call("echo", number))).await;
    assert_eq!(all, Ok(vec![0, 1, 2]));
}

// [D11]
#[wasm_bindgen_test]
async fn an_event_that_does_not_fit_the_handlers_type_is_reported() {
    let (report, reported) = once();
    let client = builder()
        .on_error(move |error| report(error.clone()))
        .on("echo-back", |_scope, _number: u32| {})
        .connect()
        .await
        .expect("connects");
    client.emit("echo-back", "text").expect("is emitted");
    let error = reported.await.expect("an error");
    assert!(matches!(&error, Error::WrongType { of, .. } if of == "the event \"echo-back\""), "{error}");
    assert_eq!(error.fault(), Fault::Peer);
    let wrong = client.call::<bool>("echo", "text").await;
    assert!(matches!(wrong, Err(Error::WrongType { .. })), "{wrong:?}");
}

// [E6, T1, D8]
#[wasm_bindgen_test]
async fn namespaces_share_one_connection() {
    let client = builder().namespace("/").namespace("/chat").connect().await.expect("connects");
    let chat = client.of("/chat");
    assert_ne!(client.sid(), chat.sid());
    let mut everywhere = client.of("*").events();
    chat.emit("echo-back", 1).expect("is emitted");
    let event = everywhere.next().await.expect("an event");
    assert_eq!((event.namespace(), event.name(), event.parse()), ("/chat", "echo-back", Ok(1)));
    client.connect_namespace_with("/auth", BTreeMap::from([("token", "secret")])).await.expect("is accepted");
    assert_eq!(client.namespaces(), ["/", "/chat", "/auth"]);
    let refused = client.connect_namespace("/refuse").await.expect_err("is refused");
    assert!(matches!(&refused, Error::Refused { message: Some(message), .. } if message == "no entry"), "{refused:?}");
    client.disconnect_namespace("/chat");
    assert!(!chat.is_connected() && client.is_connected());
    assert_eq!(
        chat.emit("echo-back", 1),
        Err(Error::BadNamespace { namespace: "/chat".into(), event: Some("echo-back".into()) })
    );
}

// [K2, K3, K4]
#[wasm_bindgen_test]
async fn functions_for_url_auth_and_headers_are_called_for_each_connection() {
    let asked = Rc::new(Cell::new(0));
    let count = asked.clone();
    let url = url();
    let client = Client::builder_with(move || async move { Ok::<_, Error>(url.to_owned()) })
        .auth_with(move || {
            count.set(count.get() + 1);
            async { Ok::<_, Error>(BTreeMap::from([("token", "secret")])) }
        })
        .headers_with(|| async { Ok::<_, Error>(vec![("x-test".to_owned(), "1".to_owned())]) })
        .transports(Transports::Polling)
        .namespace("/auth")
        .wait_timeout(SECONDS)
        .connect()
        .await
        .expect("connects");
    client.disconnect().await;
    client.connect().await.expect("connects again");
    assert_eq!(asked.get(), 2);

    let failing = Client::builder_with(|| async { Err::<String, _>("no address today") }).build();
    let failed = Error::Preparation { function: "URL", cause: Cause::new("no address today") };
    assert_eq!(failing.connect().await, Err(failed));
}

// [E5, E7, T1, R1, R4, R7]
#[wasm_bindgen_test]
async fn a_lost_connection_is_reported_and_made_again() {
    let (record, recorded) = once();
    let connections = Rc::new(Cell::new(0));
    let client = builder().build();
    let count = connections.clone();
    client.on_connect(move |_scope| count.set(count.get() + 1)).keep();
    client.on_disconnect(move |_scope, end| record(end)).keep();
    let mut states = client.states();
    client.connect().await.expect("connects");
    client.emit("close-engine", ()).expect("is emitted");
    assert_eq!(recorded.await.expect("an end").reason, DisconnectReason::TransportError);
    let again: String = client.call("echo", "buffered").await.expect("an answer");
    assert_eq!((again.as_str(), connections.get()), ("buffered", 2));
    client.disconnect().await;
    let seen: Vec<State> = std::iter::from_fn(|| states.next().now_or_never().flatten()).collect();
    use State::{Connected, Connecting, Disconnected, Reconnecting};
    let before_end: Vec<State> = seen.iter().copied().filter(|state| *state != State::Disconnecting).collect();
    assert_eq!(before_end, [Disconnected, Connecting, Connected, Reconnecting, Connected, Disconnected], "{seen:?}");
}

// [M4, M5]
#[wasm_bindgen_test]
async fn a_call_ends_by_its_timeout_by_a_drop_or_by_disconnect() {
    let client = connected().await;
    let limited = client.call::<()>("never", ()).timeout(SHORT).await;
    let late = Error::CallTimeout { event: "never".into(), timeout: SHORT };
    assert_eq!(limited, Err(late.clone()));
    assert_eq!(client.timeout(SHORT).call::<()>("never", ()).await, Err(late));
    let mut dropped = Box::pin(client.call::<()>("never", ()));
    assert!(dropped.as_mut().now_or_never().is_none());
    drop(dropped);
    let mut waiting = Box::pin(client.call::<()>("never", ()));
    assert!(waiting.as_mut().now_or_never().is_none());
    client.disconnect().await;
    let ended = waiting.await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::ClientDisconnect, .. })), "{ended:?}");
    client.wait().await;
    client.drain().await;
}

// [K1, K2, K11, P6, D7]
#[wasm_bindgen_test]
async fn misuse_fails_at_once_and_the_error_says_what_to_do() {
    let client = builder().build();
    assert_eq!(client.emit("x", ()), Err(Error::NotConnected { event: Some("x".into()) }));
    assert_eq!(client.emit("connect", ()), Err(Error::InvalidEvent("connect".into())));
    assert_eq!(client.call::<()>("connect", ()).await, Err(Error::InvalidEvent("connect".into())));
    client.connect().await.expect("connects");
    assert_eq!(client.connect().await, Err(Error::AlreadyConnected));
    assert!(matches!(client.emit("x", f64::NAN), Ok(())), "NaN is sent as null, as in JSON");
    let keyed = BTreeMap::from([((1, 2), 3)]);
    assert!(matches!(client.emit("x", &keyed), Err(Error::Unserializable { .. })), "a pair cannot be a key");
    assert!(
        matches!(client.call::<()>("x", &keyed).await, Err(Error::Unserializable { .. })),
        "a pair cannot be a key"
    );
    for (url, shown, reason) in [
        ("nonsense://x", "a string of 12 characters", "it must begin with"),
        ("http://127.0.0.1:1/chat", "http://127.0.0.1:1/chat", "it may have no path"),
        ("http://127.0.0.1:1/?sid=1", "http://127.0.0.1:1?sid=…", "its query has a name"),
        ("http://127.0.0.1:1/?s%69d=1", "http://127.0.0.1:1?s%69d=…", "its query has a name"),
        ("http://me:secret@127.0.0.1:1", "http://127.0.0.1:1", "a user and a password"),
    ] {
        let error = Client::builder(url).connect().await.expect_err("is refused");
        assert!(matches!(&error, Error::InvalidUrl { url, why } if url == shown && why.starts_with(reason)), "{error}");
        assert_eq!(error.fault(), Fault::Misuse);
    }
    let nobody = Client::builder("http://127.0.0.1:9").transports(Transports::Polling).connect().await;
    assert!(matches!(nobody, Err(Error::Unreachable(Transport::Polling, _))), "{nobody:?}");
    let refused = builder().namespace("not-a-name").connect().await;
    assert_eq!(refused, Err(Error::InvalidNamespace("a string of 10 characters".into())));
}

// [E1, E11, B10]
#[wasm_bindgen_test]
async fn every_handler_and_every_stream_gets_every_event() {
    let reports = Rc::new(Cell::new(0));
    let count = reports.clone();
    let client = builder().on_error(move |_error| count.set(count.get() + 1)).connect().await.expect("connects");
    let heard = Rc::new(RefCell::new(Vec::new()));
    let list = heard.clone();
    let _kept = client.on("tick", move |_scope, number: u32| list.borrow_mut().push(number));
    let (mut one, mut other) = (client.events(), client.events_of("tick"));
    let (mut numbers, mut texts) = (client.arguments_of::<u32>("tick"), client.arguments_of::<String>("tick"));
    client.emit("burst", 100).expect("is emitted");
    for expected in 0..100 {
        assert_eq!(other.next().await.expect("an event").parse(), Ok(expected));
        assert_eq!(one.next().await.expect("an event").parse(), Ok(expected));
        assert_eq!(numbers.next().await, Some(expected));
    }
    assert!(texts.next().now_or_never().is_none());
    assert_eq!(reports.get(), 100, "the stream of another type reports each event and skips it");
    assert_eq!(*heard.borrow(), (0..100).collect::<Vec<u32>>());
}

// [T3]
#[wasm_bindgen_test]
async fn dropping_the_last_handle_disconnects_and_frees_the_handlers() {
    let witness = connected().await;
    let owned = Rc::new(());
    let weak = Rc::downgrade(&owned);
    let client = builder()
        .on("echo-back", move |_scope, ()| {
            let _ = &owned;
        })
        .connect()
        .await
        .expect("connects");
    let sid = client.sid().expect("is connected");
    let mut events = client.events();
    let other = client.clone();
    assert_eq!(client, other);
    assert_ne!(client, witness);
    drop(client);
    assert!(weak.upgrade().is_some() && other.is_connected(), "another handle holds it");
    drop(other);
    assert!(weak.upgrade().is_none(), "the handler is freed");
    assert!(events.next().await.is_none(), "the stream has ended");
    until("the server notices", async || has_left(&witness, &sid).await).await;
}

#[wasm_bindgen_test]
async fn a_stream_that_is_read_too_slowly_ends_with_an_error() {
    let (report, mut reported) = channel();
    let client = builder().on_error(move |error| report(error.clone())).connect().await.expect("connects");
    let ticks = client.events_of("tick").with_limit(3);
    client.emit("burst", 5).expect("is emitted");
    assert_eq!(reported.next().await, Some(Error::EventsMissed(3)));
    let buffered: Vec<_> = ticks.map(|event| event.parse::<u32>()).collect().await;
    assert_eq!(buffered, [Ok(0), Ok(1), Ok(2)]);
    client.call::<()>("echo", ()).await.expect("an answer");
    assert!(reported.next().now_or_never().is_none(), "it is reported once");
}

#[wasm_bindgen_test]
async fn dropped_streams_take_no_memory() {
    let client = connected().await;
    let open_and_drop = || {
        for _ in 0..10_000 {
            drop((client.events_of("tick"), client.states()));
        }
    };
    open_and_drop();
    let pages = core::arch::wasm32::memory_size::<0>();
    open_and_drop();
    open_and_drop();
    assert_eq!(core::arch::wasm32::memory_size::<0>(), pages, "pages of memory");
}

//! How long an attempt waits, what it tries, and what counts as one.

use crate::support::{SECONDS, builder, url};
use crate::until::until;
use core::time::Duration;
use futures_channel::mpsc::unbounded;
use futures_util::future::{Either, select};
use futures_util::{FutureExt, StreamExt};
use js_sys::{Array, Function, Object, Reflect};
use socketio_wasm::{Client, ClientBuilder, DisconnectReason, Error, SimpleClient, State, Transport, Transports};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/tests/wasm/meddling.js")]
extern "C" {
    #[wasm_bindgen(js_name = scriptedWebSocket)]
    pub fn scripted_websocket(handshake: &JsValue) -> JsValue;
    pub fn script(class: &JsValue, changes: &JsValue);
    pub fn lose(class: &JsValue);
    #[wasm_bindgen(js_name = eventsSent)]
    pub fn events_sent(class: &JsValue) -> Array;
    #[wasm_bindgen(js_name = delaysBelow)]
    fn delays_below(limit: u32) -> Array;
}

pub const SHORT: Duration = Duration::from_millis(20);
pub const MINUTE: Duration = Duration::from_secs(60);

/// An object with one property.
pub fn with(name: &str, value: impl Into<JsValue>) -> JsValue {
    let object = Object::new();
    Reflect::set(&object, &name.into(), &value.into()).expect("is set");
    object.into()
}

/// A client whose server is a class of [`scripted_websocket`].
pub fn scripted(class: &JsValue) -> ClientBuilder {
    let builder = Client::builder("http://127.0.0.1:9").transports(Transports::WebSocket).websocket(class.clone());
    builder.wait_timeout(SECONDS).reconnection_delay(SHORT, SHORT)
}

/// How many websockets of such a class were opened.
fn opened(class: &JsValue) -> u32 {
    Reflect::get(class, &"all".into()).expect("a list").unchecked_into::<Array>().length()
}

/// A function for auth that is wrong at first, so many times from the given one on.
fn wrong_auth(
    first: u32,
    times: u32,
) -> impl Fn() -> core::future::Ready<Result<BTreeMap<&'static str, &'static str>, Error>> {
    let asked = Cell::new(0);
    move || {
        asked.set(asked.get() + 1);
        let is_wrong = (first..first + times).contains(&asked.get());
        core::future::ready(Ok(BTreeMap::from([("token", if is_wrong { "wrong" } else { "secret" })])))
    }
}

// [K8]
#[wasm_bindgen_test]
async fn a_namespace_has_20_seconds_to_answer_and_that_of_a_simple_client_has_5() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("isDeaf", true));
    // Everything else has longer.
    let builder = || {
        let builder = Client::builder("http://127.0.0.1:9").transports(Transports::WebSocket).websocket(class.clone());
        builder.request_timeout(MINUTE)
    };
    let has = |delays: &Array, time: f64| {
        delays.iter().filter_map(|delay| delay.as_f64()).any(|delay| delay > time - 1_000.0 && delay <= time)
    };
    let delays = delays_below(20_000);
    let client = builder().build();
    let mut connecting = Box::pin(client.connect());
    until("the time of a client", async || {
        assert!(connecting.as_mut().now_or_never().is_none());
        has(&delays, 20_000.0)
    })
    .await;
    let delays = delays_below(5_000);
    let mut connecting = Box::pin(SimpleClient::connect(builder()));
    until("that of a simple client", async || {
        assert!(connecting.as_mut().now_or_never().is_none());
        has(&delays, 5_000.0)
    })
    .await;
}

#[wasm_bindgen_test]
async fn with_retry_a_server_that_was_too_slow_is_asked_again_each_time() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    script(&class, &with("isDeaf", true));
    let (tell, mut told) = unbounded();
    let client = scripted(&class).wait_timeout(SHORT).retry().build();
    client.on_connect_error(move |_client, error| tell.unbounded_send(error).expect("is heard")).keep();
    let mut connecting = Box::pin(client.connect());
    for _ in 0..3 {
        let error = match select(told.next(), &mut connecting).await {
            Either::Left((error, _)) => error.expect("an error"),
            Either::Right((done, _)) => panic!("{done:?}"),
        };
        assert_eq!(error, Error::ConnectTimeout { timeout: SHORT, namespaces: vec!["/".into()] });
    }
    script(&class, &with("isDeaf", false));
    connecting.await.expect("connects in the end");
    assert!(opened(&class) >= 4);
    // The same of a connection that is made again.
    script(&class, &with("isDeaf", true));
    lose(&class);
    let mut told = told.skip_while(|error| core::future::ready(!matches!(error, Error::ConnectTimeout { .. })));
    assert!(told.next().await.is_some());
    script(&class, &with("isDeaf", false));
    until("the connection", async || client.state() == State::Connected).await;
}

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
    let (tell, mut told) = unbounded();
    client.of("/auth").on_connect_error(move |_client, error| tell.unbounded_send(error).expect("is heard")).keep();
    client.emit("close-engine", ()).expect("is emitted");
    for _ in 0..2 {
        assert!(matches!(told.next().await, Some(Error::Refused { .. })));
    }
    until("it is let in again", async || client.namespaces() == ["/", "/auth"]).await;
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
    // Of two failures, that which says more.
    let error = builder().path("/nowhere").transports(both).connect().await.expect_err("nobody is there");
    assert_eq!(error, Error::Status(404, "nothing here".into()));
}

// [C2]
#[wasm_bindgen_test]
async fn attempts_that_succeed_do_not_count_for_their_limit() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    let client = scripted(&class).reconnection_attempts(2).connect().await.expect("connects");
    for loss in 1..=4 {
        script(&class, &with("refusals", 1));
        lose(&class);
        until("the next connection", async || opened(&class) == loss + 1 && client.is_connected()).await;
    }
    script(&class, &with("refusals", 2));
    lose(&class);
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected);
}

// [K14]
#[wasm_bindgen_test]
async fn connect_takes_over_from_a_reconnection_in_every_stage() {
    let class = scripted_websocket(&JsValue::UNDEFINED);
    let client = scripted(&class).connect().await.expect("connects");
    // Its CONNECT is not answered.
    script(&class, &with("isDeaf", true));
    lose(&class);
    let asked = async || opened(&class) == 2 && client.engine_sid().is_some();
    until("a namespace that is asked for", asked).await;
    client.emit("kept", ()).expect("is kept");
    assert_eq!(client.state(), State::Reconnecting);
    script(&class, &with("isDeaf", false));
    client.connect().await.expect("connects anew");
    assert_eq!((opened(&class), client.connect().await), (3, Err(Error::AlreadyConnected)));
    until("what was kept is sent", async || events_sent(&class).length() == 1).await;
    // Its websocket is not open yet.
    lose(&class);
    until("a websocket", async || opened(&class) == 4).await;
    if !client.is_connected() {
        client.connect().await.expect("connects anew");
    }
    assert!(client.is_connected());
}

// [K9]
#[wasm_bindgen_test]
async fn a_namespace_that_is_never_answered_is_given_up() {
    for waits in [true, false] {
        let class = scripted_websocket(&JsValue::UNDEFINED);
        script(&class, &with("isDeaf", "/never"));
        let builder = scripted(&class).namespace("/").wait_timeout(Duration::from_millis(100));
        let client = if waits { builder } else { builder.without_wait() }.connect().await.expect("connects");
        let late = client.connect_namespace("/never").await;
        let timeout = Duration::from_millis(100);
        assert_eq!(late, Err(Error::ConnectTimeout { timeout, namespaces: vec!["/never".into()] }));
        assert_eq!(client.of("/never").emit("x", ()), Err(Error::BadNamespace("/never".into())));
        assert!(client.is_connected(), "the other is there");
        client.connect_namespace("/other").await.expect("connects");
    }
}

#[wasm_bindgen_test]
async fn whoever_waits_for_a_namespace_hears_that_the_client_gives_up() {
    let ended = Rc::new(Cell::new(false));
    let failing = ended.clone();
    let address =
        move || core::future::ready(if failing.get() { Err("no address any more") } else { Ok(url().to_owned()) });
    let client = Client::builder_with(address).reconnection_delay(SHORT, SHORT).reconnection_attempts(1);
    let client = client.wait_timeout(SECONDS).transports(Transports::WebSocket).connect().await.expect("connects");
    ended.set(true);
    let lost = client.call::<()>("close-engine", ()).await;
    assert_eq!(lost, Err(Error::Disconnected(DisconnectReason::TransportError)));
    assert_eq!(client.connect_namespace("/chat").await, Err(Error::Disconnected(DisconnectReason::TransportError)));
}

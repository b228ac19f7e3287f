//! Dropping the last handle of a client ends everything that is in progress, in each state of a client: timers, requests, websockets and
//! listeners go back to the runtime, and the client's values are freed. Both are counted.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;
mod until;

use core::time::Duration;
use futures::channel::oneshot;
use futures::future::pending;
use futures::{FutureExt, StreamExt};
use socketio_wasm::engine::{Transport, Transports};
use socketio_wasm::{
    Ack, Client, ClientBuilder, ClientNamespace, EngineClient, EngineClientBuilder, Error, Event, Scope, SimpleClient,
    State,
};
use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::rc::Rc;
use support::{ALL, MINUTE, SECONDS, engine_url, python_url, url};
use until::until;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/tests/wasm/leaks.js")]
extern "C" {
    fn watch();
    #[wasm_bindgen(js_name = countTimers)]
    fn count_timers() -> u32;
    #[wasm_bindgen(js_name = countRequests)]
    fn count_requests() -> u32;
    #[wasm_bindgen(js_name = countSockets)]
    fn count_sockets() -> u32;
    #[wasm_bindgen(js_name = countListeners)]
    fn count_listeners() -> u32;
    #[wasm_bindgen(js_name = countCallbacks)]
    fn count_callbacks() -> u32;
    #[wasm_bindgen(js_name = deafWebSocket)]
    fn deaf_websocket(kind: &str, working: u32) -> JsValue;
    async fn collect() -> JsValue;
}

/// Every closure and object that is given to a client owns a copy; the copies are counted.
type Owned = Rc<()>;

/// The number of resources of each kind.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    timers: u32,
    /// Requests without an answer.
    requests: u32,
    /// Websockets that are not closed.
    sockets: u32,
    /// Listeners for events of the runtime.
    listeners: u32,
    /// Values of JavaScript that Rust holds, functions made of closures included.
    values: u32,
    owned: usize,
}

impl Counts {
    fn now(owned: &Owned) -> Self {
        Self {
            timers: count_timers(),
            requests: count_requests(),
            sockets: count_sockets(),
            listeners: count_listeners(),
            values: wasm_bindgen::externref_heap_live_count(),
            owned: Rc::strong_count(owned),
        }
    }

    fn at_least(&self, other: &Self) -> bool {
        self.timers >= other.timers
            && self.requests >= other.requests
            && self.sockets >= other.sockets
            && self.listeners >= other.listeners
            && self.values >= other.values
            && self.owned >= other.owned
    }
}

const NOTHING: Counts = Counts { timers: 0, requests: 0, sockets: 0, listeners: 0, values: 0, owned: 0 };
const OWNED: Counts = Counts { owned: 2, ..NOTHING };
const TIMER: Counts = Counts { timers: 1, ..OWNED };
const REQUEST: Counts = Counts { requests: 1, ..TIMER };
const SOCKET: Counts = Counts { sockets: 1, ..TIMER };
const BOTH: Counts = Counts { requests: 1, ..SOCKET };

/// Brings a client into a state that has at least these resources, drops it, and waits until there are no more than before.
async fn check<T>(state: &str, least: Counts, begin: impl AsyncFn(&Owned) -> T) {
    // The first round creates values that the program makes once; the second round counts them.
    for round in 1..=2 {
        let owned = Owned::default();
        let before = Counts::now(&owned);
        let held = begin(&owned).await;
        let mut during = NOTHING;
        let reached = async || {
            during = Counts::now(&owned);
            during.at_least(&least)
        };
        until(&format!("{state}: at least {least:?}"), reached).await;
        drop(held);
        let allowed = Counts { values: if round == 1 { u32::MAX } else { before.values }, ..before };
        let is_over = async || allowed.at_least(&Counts::now(&owned));
        until(&format!("{state}: {during:?} becomes {before:?} again"), is_over).await;
    }
}

/// Begins something that does not end at once. It goes on until the returned value is dropped.
fn begun(work: impl IntoFuture + 'static) -> Box<dyn Any> {
    let mut work = Box::pin(work.into_future());
    assert!(work.as_mut().now_or_never().is_none(), "it does not end at once");
    Box::new(work)
}

fn connecting(client: &Client) -> Box<dyn Any> {
    let client = client.clone();
    begun(async move { client.connect().await })
}

/// A future that never ends and owns a copy.
async fn never<T>(owned: Owned) -> Result<T, Error> {
    let never = pending().await;
    drop(owned);
    never
}

struct Object(Owned);

impl ClientNamespace for Object {
    fn namespace(&self) -> &str {
        "/chat"
    }

    fn on_event(&self, _: Scope, _: Event) -> Result<Ack, Error> {
        Ok(Ack::value(Rc::strong_count(&self.0)))
    }
}

/// A builder with a closure or object of every kind.
fn builder(owned: &Owned) -> ClientBuilder {
    let [for_url, for_auth, for_headers, for_errors, for_event, for_chat] = [(); 6].map(|()| owned.clone());
    let later = |owned: &Owned| {
        let owned = owned.clone();
        async move { drop(owned) }
    };
    let url = url();
    Client::builder_with(move || later(&for_url).map(|()| Ok::<_, Error>(url.to_owned())))
        .auth_with(move || later(&for_auth).map(|()| Ok::<_, Error>(BTreeMap::from([("id", "leaks")]))))
        .headers_with(move || later(&for_headers).map(|()| Ok::<_, Error>(vec![("x-test".to_owned(), "1".to_owned())])))
        .on_error(move |_error| drop(for_errors.clone()))
        .on("question", move |_scope, ()| drop(for_event.clone()))
        .of("/chat", move |chat| chat.on("question", move |_scope, ()| later(&for_chat)).keep())
        .register_namespace(Object(owned.clone()))
        .wait_timeout(SECONDS)
        .reconnection_delay(MINUTE, MINUTE)
}

/// Gives a client a handler of each kind.
fn add_handlers(client: &Client, owned: &Owned) {
    let [any, tick, tock, connect, failure, end, last] = [(); 7].map(|()| owned.clone());
    client.of("*").on_unhandled(move |_scope, _event| drop(any.clone())).keep();
    client.on("tick", move |_scope, ()| drop(tick.clone())).keep();
    client.once("tock", move |_scope, ()| drop(tock)).keep();
    client.on_connect(move |_scope| drop(connect.clone())).keep();
    client.on_connect_error(move |_scope, _error| drop(failure.clone())).keep();
    client.on_disconnect(move |_scope, _end| drop(end.clone())).keep();
    client.on_disconnect_final(move |_scope, _reason| drop(last.clone())).keep();
    client.register_namespace(Object(owned.clone()));
}

async fn connected(owned: &Owned, transports: Transports) -> Client {
    let client = builder(owned).transports(transports).build();
    add_handlers(&client, owned);
    client.connect().await.expect("connects");
    client
}

/// A client that has lost its connection and waits a minute before it makes another one.
async fn away(owned: &Owned) -> Client {
    let client = connected(owned, Transports::WebSocket).await;
    client.call::<()>("close-engine", ()).await.expect_err("the connection is lost");
    assert_eq!(client.state(), State::Reconnecting);
    client
}

#[wasm_bindgen_test]
async fn a_drop_before_the_connection_leaves_nothing_behind() {
    watch();
    check("not connected", OWNED, async |owned| {
        let client = builder(owned).build();
        add_handlers(&client, owned);
        client
    })
    .await;
    check("waiting for the function for the URL", TIMER, async |owned| {
        let owned = owned.clone();
        connecting(&Client::builder_with(move || never(owned.clone())).build())
    })
    .await;
    check("waiting for the function for auth", SOCKET, async |owned| {
        let owned = owned.clone();
        let auth = move || never::<()>(owned.clone());
        let client = Client::builder(url()).auth_with(auth).transports(Transports::WebSocket).build();
        let connecting = connecting(&client);
        until("the handshake", async || client.engine_sid().is_some()).await;
        connecting
    })
    .await;
    check("waiting for the first request", REQUEST, async |owned| {
        let owned = owned.clone();
        connecting(&Client::builder(url()).on("x", move |_scope, ()| drop(owned.clone())).build())
    })
    .await;
    check("opening the first websocket", SOCKET, async |owned| {
        let owned = owned.clone();
        let builder = Client::builder(url()).transports(Transports::WebSocket);
        connecting(&builder.on("x", move |_scope, ()| drop(owned.clone())).build())
    })
    .await;
    check("connecting a namespace", SOCKET, async |owned| {
        let owned = owned.clone();
        let builder = Client::builder(python_url()).transports(Transports::WebSocket).wait_timeout(SECONDS);
        let client =
            builder.of("/slow", move |slow| slow.on("x", move |_scope, ()| drop(owned.clone())).keep()).build();
        let connecting = connecting(&client);
        until("the handshake", async || client.engine_sid().is_some()).await;
        connecting
    })
    .await;
    check("waiting for the next attempt", TIMER, async |owned| {
        let for_failure = owned.clone();
        let failing = || async { Err::<String, _>("no address yet") };
        let client = Client::builder_with(failing).retry().reconnection_delay(MINUTE, MINUTE).build();
        client.on_connect_error(move |_scope, _error| drop(for_failure.clone())).keep();
        let mut states = client.states();
        let connecting = connecting(&client);
        until("the timer", async || count_timers() >= 1).await;
        while states.next().now_or_never().is_some() {}
        (connecting, states)
    })
    .await;
}

// [Q10]
#[wasm_bindgen_test]
async fn a_drop_with_a_connection_leaves_nothing_behind() {
    watch();
    for transports in ALL {
        let least = if transports == Transports::Polling { REQUEST } else { TIMER };
        check(&format!("connected, {transports:?}"), least, async |owned| connected(owned, transports).await).await;
        check(&format!("just after emits, {transports:?}"), least, async |owned| {
            let client = connected(owned, transports).await;
            for number in 0..5 {
                client.emit("count", number).expect("is emitted");
            }
            client
        })
        .await;
        check(&format!("with calls, {transports:?}"), least, async |owned| {
            let client = connected(owned, transports).await;
            (begun(client.call::<()>("never", ()).timeout(MINUTE)), begun(client.call::<()>("never", ()).timeout(None)))
        })
        .await;
        check(&format!("with streams, {transports:?}"), least, async |owned| {
            let client = connected(owned, transports).await;
            let others = (client.events_of("tick"), client.states());
            client.emit("burst", 3).expect("is emitted");
            let mut events = client.of("*").events();
            events.next().await.expect("an event");
            // The streams are dropped after the client, with unread events.
            (client, events, others)
        })
        .await;
    }
    check("with a server that leaves the last poll unanswered", REQUEST, async |owned| {
        let owned = owned.clone();
        let builder = Client::builder(python_url()).transports(Transports::Polling).wait_timeout(SECONDS);
        builder.on("x", move |_scope, ()| drop(owned.clone())).connect().await.expect("connects")
    })
    .await;
    // Over polling only: a websocket closes at once.
    check("with wait(), drain() and disconnect()", REQUEST, async |owned| {
        let client = connected(owned, Transports::Polling).await;
        let waiting = client.clone();
        let draining = client.clone();
        client.emit("count", 1).expect("is emitted");
        let waits = (begun(async move { waiting.wait().await }), begun(async move { draining.drain().await }));
        (waits, begun(async move { client.disconnect().await }))
    })
    .await;
    check("connecting another namespace", SOCKET, async |owned| {
        let owned = owned.clone();
        let builder = Client::builder(python_url()).transports(Transports::WebSocket).wait_timeout(SECONDS);
        let client = builder.namespace("/").on("x", move |_scope, ()| drop(owned.clone())).connect().await;
        let client = client.expect("connects");
        begun(async move { client.connect_namespace("/slow").await })
    })
    .await;
    check("disconnected", OWNED, async |owned| {
        let client = connected(owned, Transports::PollingThenWebSocket).await;
        client.disconnect().await;
        client
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_drop_during_the_upgrade_leaves_nothing_behind() {
    watch();
    for (state, kind) in [("the websocket is not open", "onopen"), ("the probe is not answered", "onmessage")] {
        check(state, BOTH, async |owned| {
            let client = builder(owned).websocket(deaf_websocket(kind, 0)).build();
            add_handlers(&client, owned);
            client.connect().await.expect("connects by polling");
            client.call::<()>("echo", ()).await.expect("an answer over polling");
            assert_eq!(client.transport(), Some(Transport::Polling));
            client
        })
        .await;
    }
}

#[wasm_bindgen_test]
async fn a_drop_after_a_loss_leaves_nothing_behind() {
    watch();
    check("waiting for the next attempt", TIMER, async |owned| away(owned).await).await;
    check("with buffered calls and events", TIMER, async |owned| {
        let client = away(owned).await;
        client.emit("x", ()).expect("is buffered");
        (begun(client.call::<()>("x", ())), client)
    })
    .await;
    check("during the next attempt", SOCKET, async |owned| {
        let delay = Duration::from_millis(1);
        let builder = builder(owned).transports(Transports::WebSocket).reconnection_delay(delay, delay);
        // The next websocket gets no message, and so no handshake. Without `onopen` alone it would soon be connected.
        let client = builder.websocket(deaf_websocket("onmessage", 1)).connect().await.expect("connects");
        client.call::<()>("close-engine", ()).await.expect_err("the connection is lost");
        until("the next websocket", async || count_sockets() == 1).await;
        assert_eq!(client.state(), State::Reconnecting);
        client
    })
    .await;
}

#[wasm_bindgen_test]
async fn simple_and_engine_clients_leave_nothing_behind() {
    watch();
    let simple = async |owned: &Owned| {
        let builder = builder(owned).transports(Transports::WebSocket);
        SimpleClient::connect(builder).await.expect("connects")
    };
    check("a SimpleClient", SOCKET, simple).await;
    check("a SimpleClient in receive()", SOCKET, async |owned| {
        let mut client = simple(owned).await;
        begun(async move { client.receive().timeout(MINUTE).await })
    })
    .await;
    check("a SimpleClient without a connection", TIMER, async |owned| {
        let client = simple(owned).await;
        client.call::<()>("close-engine", ()).await.expect_err("the connection is lost");
        (begun(client.call::<()>("x", ())), begun(client.emit("x", ()).timeout(MINUTE)), client)
    })
    .await;
    for transports in ALL {
        let least = if transports == Transports::Polling { REQUEST } else { TIMER };
        check(&format!("an EngineClient, {transports:?}"), least, async |owned| {
            let client = engine_builder(owned).transports(transports).connect().await.expect("connects");
            let messages = client.messages();
            client.send("unread").expect("is sent");
            (client, messages)
        })
        .await;
        check(&format!("a connecting EngineClient, {transports:?}"), OWNED, async |owned| {
            let client = engine_builder(owned).transports(transports).build();
            begun(async move { client.connect().await })
        })
        .await;
    }
    check("an EngineClient waiting for the function for the URL", TIMER, async |owned| {
        let owned = owned.clone();
        let client = EngineClient::builder_with(move || never(owned.clone())).build();
        begun(async move { client.connect().await })
    })
    .await;
}

fn engine_builder(owned: &Owned) -> EngineClientBuilder {
    let [message, connect, end] = [(); 3].map(|()| owned.clone());
    EngineClient::builder(engine_url())
        .on_message(move |_scope, _message| drop(message.clone()))
        .on_connect(move |_scope| drop(connect.clone()))
        .on_disconnect(move |_scope, _end| drop(end.clone()))
}

#[wasm_bindgen_test]
async fn a_handlers_future_goes_on_without_its_client_and_does_not_hold_it() {
    let owned = Owned::default();
    let client = connected(&owned, Transports::WebSocket).await;
    let (begin, begun) = support::once();
    let (go_on, going) = oneshot::channel::<()>();
    let ended = Rc::new(Cell::new(false));
    let end = ended.clone();
    client
        .once("question", move |_scope, ()| {
            begin(());
            going.map(move |_| end.set(true))
        })
        .keep();
    client.emit("ask", ()).expect("is emitted");
    begun.await.expect("the question");
    drop(client);
    until("the client is freed", async || Rc::strong_count(&owned) == 1).await;
    go_on.send(()).expect("is still awaited");
    until("the end of the future", async || ended.get()).await;
}

/// The runtime gets functions. Only its garbage collector can free what they own, once nothing can call them.
#[wasm_bindgen_test]
async fn callbacks_of_dropped_clients_are_garbage() {
    watch();
    for transports in ALL {
        drop(connected(&Owned::default(), transports).await);
    }
    assert!(count_callbacks() > 0);
    until("the functions are collected", async || count_callbacks() == 0 || collect().await.is_falsy()).await;
}

//! Making and ending connections, and the options of the builder.

use crate::support::{ALL, MINUTE, SECONDS, SHORT, builder, channel, python_url, url, wrong_auth};
use core::time::Duration;
use futures::channel::oneshot;
use futures::{FutureExt, StreamExt, future::pending};
use js_sys::{Function, JsString, Reflect, eval, global};
use socketio_wasm::{
    Cause, Client, ClientBuilder, DisconnectReason, Error, Limits, ProtocolVersion, Scope, State, Transport, Transports,
};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// A client whose function for the URL fails so many times at first.
fn without_url_at_first(times: u32) -> ClientBuilder {
    let (calls, url) = (Cell::new(0), url());
    let address = move || {
        calls.set(calls.get() + 1);
        let address = if calls.get() > times { Ok(url.to_owned()) } else { Err("no address yet") };
        async move { address }
    };
    Client::builder_with(address).wait_timeout(SECONDS).reconnection_delay(SHORT, SHORT)
}

// [C1, E9, T2, T5]
#[wasm_bindgen_test]
async fn without_reconnection_a_loss_is_final_and_connect_works_again() {
    let client = builder().reconnection(false).build();
    let (record, mut recorded) = channel();
    let last = record.clone();
    client.on_disconnect(move |_scope, end| record(end.reason.name())).keep();
    client.on_disconnect_final(move |_scope, _reason| last("final")).keep();
    client.connect().await.expect("connects");
    client.emit("close-engine", ()).expect("is emitted");
    client.wait().await;
    assert_eq!(recorded.by_ref().take(2).collect::<Vec<_>>().await, ["transport error", "final"]);
    assert_eq!((client.state(), client.sid()), (State::Disconnected, None));
    assert!(client.transport().is_some(), "the last transport stays known");
    client.connect().await.expect("connects");
    client.disconnect().await;
    assert_eq!(recorded.take(2).collect::<Vec<_>>().await, ["client disconnect", "final"]);
}

// [K12, K13, T4]
#[wasm_bindgen_test]
async fn retry_goes_on_until_it_connects_or_disconnect_is_called() {
    let client = without_url_at_first(2).retry().build();
    let failures = Rc::new(Cell::new(0));
    let count = failures.clone();
    let subscription = client.on_connect_error(move |_scope, error| {
        assert_eq!(error, Error::Preparation { function: "URL", cause: Cause::new("no address yet") });
        count.set(count.get() + 1);
    });
    client.connect().await.expect("connects in the end");
    assert_eq!(failures.get(), 2);
    drop(subscription);
    let never = without_url_at_first(u32::MAX).retry().build();
    let mut attempt = Box::pin(never.connect());
    assert!(attempt.as_mut().now_or_never().is_none());
    never.disconnect().await;
    let ended = attempt.await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::ClientDisconnect, .. })), "{ended:?}");
}

#[wasm_bindgen_test]
async fn with_retry_the_first_failure_is_reported_if_no_handler_receives_it() {
    let reports = Rc::new(Cell::new(0));
    let count = |reports: &Rc<Cell<u32>>| {
        let reports = reports.clone();
        move |_: &Error| reports.set(reports.get() + 1)
    };
    without_url_at_first(3).retry().on_error(count(&reports)).connect().await.expect("connects in the end");
    assert_eq!(reports.get(), 1);
    let heard = without_url_at_first(3).retry().on_error(count(&reports)).on_connect_error(|_scope, _error| {});
    heard.connect().await.expect("connects in the end");
    assert_eq!(reports.get(), 1);
}

#[wasm_bindgen_test]
async fn with_retry_a_refusal_is_reported_if_nothing_awaits_it() {
    let (report, mut reported) = channel();
    // The server may close the connection before it answers the request of "close-engine": then that event may be lost.
    let report = move |error: &Error| {
        if !matches!(error, Error::PossiblyLost { .. }) {
            report(error.clone());
        }
    };
    let auth = wrong_auth(2, u32::MAX);
    let client = builder().namespace("/").namespace("/auth").auth_with(auth).on_error(report).retry().build();
    client.connect().await.expect("connects");
    client.connect_namespace("/refuse").await.expect_err("is refused");
    client.emit("close-engine", ()).expect("is emitted");
    let error = reported.next().await.expect("an error");
    assert!(matches!(&error, Error::Refused { namespaces, .. } if namespaces == &["/auth"]), "{error}");
    drop(client);
    assert_eq!(reported.next().await, None, "the refusal of /refuse was returned by its own call");
}

// [C8, K8, D9]
#[wasm_bindgen_test]
async fn a_url_or_namespace_that_takes_too_long_is_an_error_that_names_it() {
    let slow = Client::builder_with(pending::<Result<String, Error>>).request_timeout(SHORT).build();
    assert_eq!(slow.connect().await, Err(Error::PreparationTimeout(SHORT)));
    let slow = Client::builder(python_url()).namespace("/slow").wait_timeout(Duration::from_millis(200)).build();
    let late = Error::ConnectTimeout { timeout: Duration::from_millis(200), namespaces: vec!["/slow".into()] };
    assert_eq!(slow.connect().await, Err(late));
}

// [K9]
#[wasm_bindgen_test]
async fn without_wait_the_namespaces_are_connected_later() {
    let client = Client::builder(python_url()).namespace("/slow").without_wait().build();
    client.connect().await.expect("reaches the server");
    assert!(!client.of("/slow").is_connected());
    let answer: u32 = client.of("/slow").call("echo", 1).await.expect("is buffered for the namespace");
    assert_eq!(answer, 1);
}

// [K10, T1]
#[wasm_bindgen_test]
async fn in_the_handler_of_connect_the_client_is_connected() {
    let client = builder().build();
    let (record, mut recorded) = channel();
    client
        .on_connect(move |scope: Scope| {
            assert!(scope.is_connected() && scope.sid().is_some() && scope.client().engine_sid().is_some());
            let record = record.clone();
            async move {
                let answer = scope.call::<u32>("echo", 5).await;
                record(answer);
            }
        })
        .keep();
    client.connect().await.expect("connects");
    assert_eq!(recorded.next().await, Some(Ok(5)));
}

// [K6, E12, D1]
#[wasm_bindgen_test]
async fn events_of_the_servers_connect_handler_are_delivered_after_connect() {
    let (record, mut recorded) = channel();
    let heard = record.clone();
    let client = builder()
        .of("/early", move |early| {
            early.on_connect(move |_scope| record("connect".into())).keep();
            let hear = move |_scope, number: u32| heard(format!("{number}"));
            early.on("early", hear).keep();
        })
        .build();
    client.connect().await.expect("connects");
    assert_eq!(client.namespaces(), ["/early"], "a namespace with a handler is connected");
    assert_eq!(recorded.by_ref().take(4).collect::<Vec<_>>().await, ["connect", "0", "1", "2"]);
}

// [C3, K14, B6]
#[wasm_bindgen_test]
async fn connect_takes_over_from_a_reconnection_and_sends_the_buffered_events() {
    let client =
        builder().reconnection_delay(MINUTE, MINUTE).randomization_factor(0.0).connect().await.expect("connects");
    let lost = client.call::<()>("close-engine", ()).await;
    assert!(matches!(&lost, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })), "{lost:?}");
    assert_eq!(client.state(), State::Reconnecting);
    let mut events = client.events();
    client.emit("echo-back", "buffered").expect("is buffered");
    client.connect().await.expect("connects now");
    assert_eq!(events.next().await.expect("an event").parse(), Ok("buffered".to_owned()));
}

// [K1, K3, K7, M8, T2, P4]
#[wasm_bindgen_test]
async fn the_builders_options_reach_the_server() {
    let wrong = builder().path("/nowhere/").transports(Transports::Polling).connect().await;
    assert_eq!(wrong.map(drop), Err(Error::Status(404, "nothing here".into())));
    for transports in ALL {
        let client = builder()
            .transports(transports)
            .revision(ProtocolVersion::V4)
            .headers([("x-test", "1")])
            .max_packets_per_post(NonZeroUsize::MIN)
            .limits(Limits { max_attachments: 1, ..Limits::default() })
            .connect()
            .await;
        // A browser cannot send headers with a websocket. This is no error.
        let client = client.expect("connects");
        if transports == Transports::WebSocket {
            assert_eq!(client.transport(), Some(Transport::WebSocket));
        }
        assert_eq!(client.call::<u8>("echo", 1).await, Ok(1));
    }
}

#[wasm_bindgen_test]
async fn headers_that_come_too_late_are_not_used_for_a_later_attempt() {
    let (release, released) = oneshot::channel();
    let first = Cell::new(Some(released));
    let client = Client::builder(url())
        .transports(Transports::Polling)
        .headers_with(move || {
            let first = first.take();
            async move {
                let late = match first {
                    Some(released) => released.await.is_ok(),
                    None => false,
                };
                // "no header" is not a valid name: an attempt with it fails.
                Ok::<_, Error>(vec![(if late { "no header" } else { "x-test" }.to_owned(), "1".to_owned())])
            }
        })
        .request_timeout(Duration::from_millis(200))
        .reconnection_delay(SHORT, SHORT)
        .wait_timeout(SECONDS)
        .retry();
    let client = client.connect().await.expect("connects at the second attempt");
    assert_eq!(release.send(()), Err(()), "the client no longer awaits them");
    assert_eq!(client.call("echo", 1).await, Ok(1));
    assert_eq!(client.call("echo", 2).await, Ok(2), "on the same connection");
}

#[wasm_bindgen_test]
async fn auth_of_a_namespace_that_was_not_joined_is_forgotten() {
    let secret = || BTreeMap::from([("token", "secret")]);
    let wrong = || BTreeMap::from([("token", "wrong")]);
    let client = builder().namespace("/").auth(secret()).build();
    assert_eq!(client.connect_namespace_with("/auth", wrong()).await, Err(Error::NotConnected { event: None }));
    client.connect().await.expect("connects");
    client.connect_namespace("/auth").await.expect("is accepted with the builder's auth");
    client.disconnect_namespace("/auth");
    let refused = client.connect_namespace_with("/auth", wrong()).await;
    assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
    client.connect_namespace("/auth").await.expect("is accepted with the builder's auth");

    let client = builder().namespace("/auth").auth(secret()).build();
    assert_eq!(client.connect_namespace_with("/auth", wrong()).await, Err(Error::NotConnected { event: None }));
    client.connect().await.expect("is accepted with the builder's auth");
}

/// Replaces a function of an object by one that records its arguments. The drop puts the original back.
struct Watched {
    object: JsValue,
    name: &'static str,
    before: JsValue,
    calls: js_sys::Array,
}

impl Watched {
    fn new(object: JsValue, name: &'static str) -> Self {
        let before = Reflect::get(&object, &name.into()).expect("is there");
        let calls = js_sys::Array::new();
        let watch = "return (...args) => (calls.push(args.map((arg) => typeof arg === 'object' ? JSON.stringify(arg) : String(arg)).join(' ')), before(...args))";
        let watch = Function::new_with_args("before, calls", watch).call2(&JsValue::NULL, &before, &calls);
        Reflect::set(&object, &name.into(), &watch.expect("a function")).expect("is set");
        Self { object, name, before, calls }
    }

    fn was_called_with(&self, part: &str) -> bool {
        self.calls.iter().any(|call| JsString::from(call).includes(part, 0))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        Reflect::set(&self.object, &self.name.into(), &self.before).expect("is set");
    }
}

// [C4, C9, C11, P5, P10]
#[wasm_bindgen_test]
async fn the_builder_sets_console_credentials_and_websocket() {
    let console = Watched::new(Reflect::get(&global(), &"console".into()).expect("is there"), "info");
    let fetch = Watched::new(global().into(), "fetch");
    let client = builder().log().credentials().transports(Transports::Polling).connect().await.expect("connects");
    assert!(console.was_called_with("socketio-wasm: connected"));
    assert!(fetch.was_called_with(r#""credentials":"include""#));
    client.disconnect().await;

    let class = eval(
        "globalThis.socketsMade = 0; (class extends WebSocket { constructor(url) { super(url); socketsMade++; } })",
    );
    let builder = builder().transports(Transports::WebSocket).websocket(class.expect("a class"));
    let client = builder.connect().await.expect("connects");
    assert_eq!(client.transport(), Some(Transport::WebSocket));
    assert_eq!(Reflect::get(&global(), &"socketsMade".into()), Ok(JsValue::from_f64(1.0)));
}

//! Ends after which nothing is connected again by itself: without a handler, `on_error` gets one error. Banners show the attempts before.

use crate::life::{reachable_unless, websocket};
use crate::support::{MINUTE, builder, wrong_auth};
use crate::tamper::{cut, recording_websocket};
use crate::until::until;
use core::time::Duration;
use socketio_wasm::{Client, ClientBuilder, Error, Fault, FinalReason, Reconnection, State};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

type Options = fn(ClientBuilder) -> ClientBuilder;
type End = fn(&Client, &JsValue);
type Errors = Rc<RefCell<Vec<Error>>>;

fn reporting(builder: ClientBuilder) -> (ClientBuilder, Errors) {
    let errors = Errors::default();
    let reported = errors.clone();
    (builder.on_error(move |error| reported.borrow_mut().push(error.clone())), errors)
}

/// Returns the errors that a client with two namespaces reports until its end.
async fn reports(options: Options, end: End) -> Vec<Error> {
    let (class, is_away) = (recording_websocket(), Rc::new(Cell::new(false)));
    let builder = websocket(reachable_unless(&is_away).namespace("/").namespace("/chat"), &class);
    let (builder, errors) = reporting(options(builder));
    let client = builder.connect().await.expect("connects");
    is_away.set(true);
    end(&client, &class);
    until("the end", async || client.state() == State::Disconnected).await;
    errors.take()
}

fn cut_off(_: &Client, class: &JsValue) {
    cut(class);
}

fn kicked(client: &Client, _: &JsValue) {
    client.emit("kick", ()).expect("is emitted");
    client.of("/chat").emit("kick", ()).expect("is emitted");
}

const ENDS: [(Options, End, FinalReason); 4] = [
    (|builder| builder.reconnection(false), cut_off, FinalReason::TransportError),
    (|builder| builder.reconnection_attempts(1), cut_off, FinalReason::ReconnectionFailed),
    (|builder| builder.reconnection_delay_with(|_, _| None), cut_off, FinalReason::ReconnectionFailed),
    (|builder| builder, kicked, FinalReason::ServerDisconnect),
];

#[wasm_bindgen_test]
async fn an_end_that_no_handler_learns_of_is_reported_once_as_final() {
    for (options, end, expected) in ENDS {
        let errors = reports(options, end).await;
        for error in &errors {
            assert!(error.to_string().contains("not made again by itself"), "{error}");
        }
        let ends = errors.iter().map(|error| match error {
            Error::Ended { reason, namespace, cause } => (*reason, namespace.as_deref(), cause.is_some()),
            other => panic!("{other}"),
        });
        let ends: Vec<_> = ends.collect();
        if expected == FinalReason::ServerDisconnect {
            // The server has ended each namespace by itself.
            assert_eq!(ends, [(expected, Some("/"), false), (expected, Some("/chat"), false)]);
            assert_eq!(errors[0].fault(), Fault::Peer);
        } else {
            assert_eq!(ends, [(expected, None, true)]);
            assert_eq!(errors[0].fault(), Fault::Network);
        }
    }
}

#[wasm_bindgen_test]
async fn an_end_that_a_handler_learns_of_is_not_reported() {
    fn hears(builder: ClientBuilder) -> ClientBuilder {
        let builder = builder.on_disconnect_final(|_scope, _reason| ());
        builder.of("/chat", |chat| chat.on_disconnect_final(|_scope, _reason| ()).keep())
    }
    for (number, (_, end, _)) in ENDS.into_iter().enumerate() {
        let options: Options = match number {
            0 => |builder| hears(builder.reconnection(false)),
            1 => |builder| hears(builder.reconnection_attempts(1)),
            2 => |builder| hears(builder.reconnection_delay_with(|_, _| None)),
            _ => hears,
        };
        assert_eq!(reports(options, end).await, []);
    }
    let options: Options = |builder| builder.reconnection_attempts(1).on_reconnect_failed(|_scope| ());
    assert_eq!(reports(options, cut_off).await, []);
    assert_eq!(reports(|builder| builder, |client, _| drop(client.disconnect())).await, [], "the user ends it");
}

#[wasm_bindgen_test]
async fn a_handler_of_another_end_does_not_silence_the_report() {
    let options: Options = |builder| builder.reconnection(false).on_reconnect_failed(|_scope| ());
    let errors = reports(options, cut_off).await;
    assert!(matches!(&errors[..], [Error::Ended { reason: FinalReason::TransportError, .. }]), "{errors:?}");
}

#[wasm_bindgen_test]
async fn a_refusal_that_connect_returns_is_not_reported_as_an_end_of_the_other_namespaces() {
    let (builder, errors) = reporting(builder().namespace("/").namespace("/refuse"));
    let client = builder.build();
    assert!(matches!(client.connect().await, Err(Error::Refused { .. })));
    until("the end", async || client.state() == State::Disconnected).await;
    assert_eq!(errors.take(), []);
}

#[wasm_bindgen_test]
async fn without_wait_a_refusal_is_reported() {
    let (builder, errors) = reporting(builder().namespace("/refuse").without_wait());
    let client = builder.connect().await.expect("reaches the server");
    until("the end", async || client.state() == State::Disconnected).await;
    let errors = errors.take();
    assert!(matches!(&errors[..], [Error::Refused { .. }]), "{errors:?}");
}

#[wasm_bindgen_test]
async fn a_namespace_that_is_asked_for_again_is_reported_first_and_last() {
    let delay = Duration::from_millis(10);
    let again = builder().namespace("/refuse").without_wait().retry().retry_refused().reconnection_attempts(2);
    let (builder, errors) = reporting(again.reconnection_delay(delay, delay));
    let client = builder.connect().await.expect("reaches the server");
    until("the end", async || client.state() == State::Disconnected).await;
    let errors = errors.take();
    let [Error::Refused { .. }, Error::Ended { namespace: Some(namespace), cause: Some(cause), .. }] = &errors[..]
    else {
        panic!("{errors:?}");
    };
    assert!(namespace == "/refuse" && matches!(**cause, Error::Refused { .. }), "{cause}");
}

#[wasm_bindgen_test]
async fn an_end_that_wait_waits_for_is_not_reported_and_a_later_connection_reports_its_own() {
    let (builder, errors) = reporting(builder());
    let client = builder.connect().await.expect("connects");
    let ((), ()) = futures::join!(client.wait(), async { kick(&client) });
    assert_eq!(errors.take(), []);
    for _ in 0..2 {
        client.connect().await.expect("connects again");
        kick(&client);
        until("the end", async || client.state() == State::Disconnected).await;
        assert!(matches!(&errors.take()[..], [Error::Ended { reason: FinalReason::ServerDisconnect, .. }]));
    }
}

fn kick(client: &Client) {
    client.emit("kick", ()).expect("is emitted");
}

#[wasm_bindgen_test]
async fn a_refusal_at_a_reconnection_is_reported_once() {
    for retries in [false, true] {
        let builder = builder().namespace("/").namespace("/auth").auth_with(wrong_auth(2, 1));
        let (builder, errors) = reporting(if retries { builder.retry() } else { builder });
        let client = builder.connect().await.expect("connects");
        client.emit("close-engine", ()).expect("is emitted");
        until("the refusal", async || !errors.borrow().is_empty() && client.namespaces() == ["/"]).await;
        client.call::<()>("echo", ()).await.expect("an answer");
        let errors = errors.take();
        match &errors[..] {
            [Error::Refused { namespaces, .. }] if retries => assert_eq!(namespaces, &["/auth"]),
            [
                Error::Ended { reason: FinalReason::ServerDisconnect, namespace: Some(namespace), cause: Some(cause) },
            ] => {
                assert!(namespace == "/auth" && matches!(**cause, Error::Refused { .. }), "{cause}");
            }
            _ => panic!("{errors:?}"),
        }
    }
}

#[wasm_bindgen_test]
async fn a_refusal_at_a_reconnection_that_a_handler_receives_is_not_reported() {
    for retries in [false, true] {
        let heard = Rc::new(Cell::new(0));
        let hears = heard.clone();
        let builder = builder().namespace("/").namespace("/auth").auth_with(wrong_auth(2, 1));
        let (builder, errors) = reporting(if retries { builder.retry() } else { builder });
        let count = move |_scope, _error| hears.set(hears.get() + 1);
        let builder = builder.of("/auth", move |auth| auth.on_connect_error(count).keep());
        let client = builder.connect().await.expect("connects");
        client.unbuffered().emit("close-engine", ()).expect("is emitted");
        until("the refusal", async || heard.get() == 1 && client.namespaces() == ["/"]).await;
        client.call::<()>("echo", ()).await.expect("an answer");
        errors.borrow_mut().retain(|error| !matches!(error, Error::NotSent { .. } | Error::PossiblyLost { .. }));
        assert_eq!(errors.take(), []);
    }
}

#[wasm_bindgen_test]
async fn the_attempt_that_is_waited_for_can_be_shown() {
    let (class, is_away) = (recording_websocket(), Rc::new(Cell::new(false)));
    let seen = Rc::new(RefCell::new(Vec::new()));
    let shown = seen.clone();
    let builder = websocket(reachable_unless(&is_away), &class)
        .reconnection_delay(Duration::from_millis(50), MINUTE)
        .on_reconnect_attempt(move |scope, _attempt, _delay| shown.borrow_mut().push(scope.reconnection()));
    let client = builder.build();
    assert_eq!(client.reconnection(), None);
    client.connect().await.expect("connects");
    assert_eq!(client.reconnection(), None);
    is_away.set(true);
    cut(&class);
    until("two attempts", async || seen.borrow().len() >= 2).await;
    let attempt = |attempt, delay| Some(Reconnection { attempt, delay: Duration::from_millis(delay) });
    assert_eq!(seen.borrow()[..2], [attempt(1, 50), attempt(2, 100)]);
    assert!(client.reconnection().is_some());
    is_away.set(false);
    until("the reconnection", async || client.is_connected()).await;
    assert_eq!(client.reconnection(), None);
    cut(&class);
    until("an attempt", async || client.reconnection().is_some()).await;
    client.disconnect().await;
    assert_eq!(client.reconnection(), None);
}

//! Options that can never connect fail at once, with and without `retry()`, and before anything is sent.

use crate::support::{SHORT, url};
use futures::FutureExt;
use socketio_wasm::{Client, ClientBuilder, EngineClient, EngineClientBuilder, Error, Fault, Transports};
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

type Made<B> = fn(B) -> B;

/// Nobody listens there, and nothing is sent.
const NOWHERE: &str = "http://127.0.0.1:1";

fn builder() -> ClientBuilder {
    Client::builder(NOWHERE)
}

/// Wrong options, each with a part of its error message.
const CLIENT: [(Made<ClientBuilder>, &str); 19] = [
    (|_| Client::builder("nonsense://x"), "(a string of 12 characters): it must begin with"),
    (|_| Client::builder("http://127.0.0.1:1/chat"), "it may have no path"),
    (|builder| builder.auth(7), "neither a map nor a struct"),
    (|builder| builder.auth("token"), "neither a map nor a struct"),
    (|builder| builder.auth(true), "neither a map nor a struct"),
    (|builder| builder.auth(vec![BTreeMap::from([("token", "x")])]), "neither a map nor a struct"),
    (|builder| builder.auth(("token", 7)), "neither a map nor a struct"),
    (|builder| builder.auth(serde_bytes::ByteBuf::from(vec![1])), "neither a map nor a struct"),
    (|builder| builder.auth(BTreeMap::from([("token", serde_bytes::ByteBuf::from(vec![1]))])), "it has binary data"),
    (|builder| builder.auth(Some(Some("token"))), "neither a map nor a struct"),
    (|builder| builder.auth(BTreeMap::from([((1, 2), "x")])), "the auth cannot be sent"),
    (|builder| builder.namespace("chat"), "(a string of 4 characters): it must begin with"),
    (|builder| builder.namespace("/a\u{7f}"), "(/a…): it must begin with"),
    (|builder| builder.namespace("/a\u{80}"), "(/a…): it must begin with"),
    (|builder| builder.namespace("/a\u{9f}b"), "(/a…): it must begin with"),
    (|builder| builder.path("/a?b"), "path()"),
    (|builder| builder.headers([("bad header", "x")]), "(a string of 10 characters)"),
    (|builder| builder.headers([("x-token", "one\ntwo")]), "(x-token)"),
    (|builder| builder.websocket(JsValue::from(5)), "websocket()"),
];

// [K4]
#[wasm_bindgen_test]
fn options_that_can_never_connect_fail_at_once() {
    for (wrong, part) in CLIENT {
        for retried in [false, true] {
            let client = wrong(builder());
            let client = if retried { client.retry().build() } else { client.build() };
            let Some(Err(error)) = client.connect().now_or_never() else {
                panic!("{part}: connect() does not fail at once")
            };
            assert!(error.to_string().contains(part), "{part}: {error}");
            assert_eq!(error.fault(), Fault::Misuse, "{error}");
        }
    }
    let engine: [(Made<EngineClientBuilder>, &str); 3] = [
        (|_| EngineClient::builder("nonsense://x"), "it must begin with"),
        (|builder| builder.headers([("x", "\u{20ac}")]), "(x)"),
        (|builder| builder.websocket("ws".into()), "websocket()"),
    ];
    for (wrong, part) in engine {
        let client = wrong(EngineClient::builder(NOWHERE)).build();
        let Some(Err(error)) = client.connect().now_or_never() else {
            panic!("{part}: connect() does not fail at once")
        };
        assert!(error.to_string().contains(part), "{part}: {error}");
        assert_eq!(error.fault(), Fault::Misuse, "{error}");
    }
}

#[wasm_bindgen_test]
async fn headers_from_a_function_are_checked_too() {
    let headers = || async { Ok::<_, Error>(vec![("bad header".to_owned(), "x".to_owned())]) };
    let error = builder().headers_with(headers).connect().await.expect_err("is refused");
    assert!(matches!(error, Error::InvalidHeader { .. }), "{error}");
}

#[wasm_bindgen_test]
#[ignore = "it needs a server: make test-wasm runs it, with all tests that need one"]
async fn auth_from_a_function_is_checked_too() {
    let client = Client::builder(url()).auth_with(|| async { Ok::<_, Error>(7) });
    let error = client.connect().await.expect_err("is refused");
    assert!(matches!(error, Error::InvalidAuth(_)), "{error}");
}

#[wasm_bindgen_test]
#[ignore = "it needs a server: make test-wasm runs it, with all tests that need one"]
async fn with_retry_the_next_attempt_may_get_valid_headers() {
    let calls = std::cell::Cell::new(0);
    let headers = move || {
        calls.set(calls.get() + 1);
        let name = if calls.get() == 1 { "bad header" } else { "x-test" };
        async move { Ok::<_, Error>(vec![(name.to_owned(), " a token \n".to_owned())]) }
    };
    let client = Client::builder(url()).transports(Transports::Polling).headers_with(headers).retry();
    client.reconnection_delay(SHORT, SHORT).connect().await.expect("connects at the second attempt");
}

const SECRET: &str = "s3cr3t";

/// Wrong options and failures that contain a secret.
const SECRETS: [Made<ClientBuilder>; 17] = [
    |_| Client::builder("http://me:s3cr3t@127.0.0.1:1"),
    |_| Client::builder("http://me:s3cr3t@127.0.0.1:1/chat"),
    |_| Client::builder("http://127.0.0.1:1/chat?token=s3cr3t"),
    |_| Client::builder("http://127.0.0.1:1?sid=s3cr3t"),
    |_| Client::builder("http://127.0.0.1:1?token=s3cr3t&s3cr3t"),
    |_| Client::builder("ftp://me:s3cr3t@127.0.0.1"),
    |_| Client::builder("me:s3cr3t@127.0.0.1"),
    |_| Client::builder("s3cr3t:x@127.0.0.1"),
    |_| Client::builder("http://me:s3cr3t@ho st"),
    |_| Client::builder_with(|| async { Ok::<_, Error>("http://me:s3cr3t@127.0.0.1:1/chat".to_owned()) }),
    |builder| builder.namespace("/chat?token=s3cr3t"),
    |builder| builder.namespace("http://me:s3cr3t@host/"),
    |builder| builder.headers([("authorization", "Bearer s3cr3t\n\n")]).headers([("x", "s3cr3t\u{20ac}")]),
    |builder| builder.headers([("authorization: s3cr3t", "")]),
    |builder| builder.auth("s3cr3t"),
    |builder| builder.auth(vec!["s3cr3t"]),
    |builder| builder.auth(BTreeMap::from([((1, "s3cr3t"), "s3cr3t")])),
];

#[wasm_bindgen_test]
async fn no_error_shows_a_secret() {
    for transports in [Transports::Polling, Transports::WebSocket] {
        for (number, wrong) in SECRETS.iter().enumerate() {
            let error = wrong(builder()).transports(transports).connect().await.expect_err("fails");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(SECRET), "{number}: {shown}");
        }
    }
}

#[wasm_bindgen_test]
#[ignore = "it needs a server: make test-wasm runs it, with all tests that need one"]
async fn no_error_of_a_connected_client_shows_a_secret() {
    let client = Client::builder(url()).connect().await.expect("connects");
    let error = client.of("/chat?token=s3cr3t").emit("x", ()).expect_err("is refused");
    assert_eq!(error, Error::BadNamespace { namespace: "/chat…".into(), event: Some("x".into()) });
    let error = client.connect_namespace("/chat?token=s3cr3t").await.expect_err("is refused");
    assert_eq!(error, Error::InvalidNamespace("/chat…".into()));
    let error = client.connect_namespace_with("/chat", "s3cr3t").await.expect_err("is refused");
    assert!(matches!(&error, Error::InvalidAuth(why) if !why.contains(SECRET)), "{error}");
}

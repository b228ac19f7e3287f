//! The fault and the message of each error. tests/package/errors/error-table.test.mjs checks the same of the npm package.

use core::fmt::{Display, Formatter};
use core::time::Duration;
use socketio_wasm::Transport::{Polling, WebSocket};
use socketio_wasm::{Cause, Client, DisconnectReason, Error, Fault, FinalReason};
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

/// Other crates require this of errors, and frameworks of the values of a view.
#[wasm_bindgen_test]
fn an_error_is_a_standard_error_that_is_send_and_sync() {
    fn any(error: impl core::error::Error + Send + Sync + 'static) -> Box<dyn core::error::Error + Send + Sync> {
        error.into()
    }
    assert_eq!(any(Error::NotConnected { event: None }).to_string(), Error::NotConnected { event: None }.to_string());
}

/// A user's error with a source. It is neither `Send` nor comparable.
#[derive(Debug)]
struct NoToken(Box<dyn core::error::Error>, #[expect(dead_code, reason = "it makes this type neither")] Rc<()>);

impl Display for NoToken {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        f.write_str("no token")
    }
}

impl core::error::Error for NoToken {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// Returns the messages of the sources of an error.
fn sources(error: &Error) -> Vec<String> {
    let first = core::error::Error::source(error);
    core::iter::successors(first, |error| error.source()).map(ToString::to_string).collect()
}

#[wasm_bindgen_test]
async fn the_error_of_a_users_function_is_the_source_of_the_error_with_its_whole_chain() {
    let number = || "x".parse::<u32>();
    let no_token = move || NoToken(NoToken(number().unwrap_err().into(), Rc::default()).into(), Rc::default());
    let number_message = number().unwrap_err().to_string();
    // The bound of each function admits strings, boxed errors, and errors of any type, by `?` as well.
    let address = || async { Err::<String, _>("no address") };
    let headers =
        move || async move { Ok::<_, Box<dyn core::error::Error>>(vec![(number()?.to_string(), String::new())]) };
    let typed = move || async move { Err::<Vec<(String, String)>, _>(no_token()) };
    let nowhere = || Client::builder("http://127.0.0.1:1");
    for (builder, function, chain) in [
        (Client::builder_with(address), "URL", vec!["no address"]),
        (nowhere().headers_with(headers), "headers", vec![&*number_message]),
        (nowhere().headers_with(typed), "headers", vec!["no token", "no token", &number_message]),
        (Client::builder_with(|| async { Err::<String, _>(Error::Offline) }), "URL", vec![&Error::Offline.to_string()]),
    ] {
        let error = builder.connect().await.expect_err("fails");
        assert_eq!((sources(&error), error.fault()), (chain.iter().map(ToString::to_string).collect(), Fault::Network));
        assert_eq!(error.to_string(), format!("your function for {function} failed: {}", chain[0]));
        let Error::Preparation { cause, .. } = &error else { panic!("{error:?}") };
        for message in chain {
            assert!(format!("{cause:?}").contains(&format!("{message:?}")), "{cause:?}");
        }
    }
}

#[wasm_bindgen_test]
fn an_error_that_another_one_has_caused_has_it_as_its_source() {
    let cause = || Some(Box::new(Error::Preparation { function: "auth", cause: Cause::new("no token") }));
    let chain = [cause().unwrap().to_string(), "no token".to_owned()];
    let lost = Error::Disconnected { reason: DisconnectReason::TransportError, event: None, cause: cause() };
    let ended = Error::Ended { reason: FinalReason::ReconnectionFailed, namespace: None, cause: cause() };
    assert_eq!((sources(&lost), sources(&ended)), (chain.to_vec(), chain.to_vec()));
    assert_eq!(sources(&Error::Handler { event: None, cause: Cause::new("no room") }), ["no room"]);
    assert_eq!(sources(&Error::Offline), [""; 0]);
}

// [K11]
#[wasm_bindgen_test]
fn each_error_says_whose_fault_it_is_and_what_was_wrong() {
    use Fault::{Misuse, Network, Peer};
    let ended = |reason| Error::Disconnected { reason, event: None, cause: None };
    let final_end =
        |reason, namespace: Option<&str>| Error::Ended { reason, namespace: namespace.map(str::to_owned), cause: None };
    let time = Duration::from_millis(1500);
    let names = || vec!["/a".to_owned(), "/b".to_owned()];
    let detail = || "a detail".to_owned();
    for (error, fault, wanted) in [
        (Error::InvalidUrl { url: "x".into(), why: "it is none" }, Misuse, vec!["(x)", "it is none"]),
        (Error::InvalidHeader { name: "x".into(), why: "it is none" }, Misuse, vec!["(x)", "it is none"]),
        (Error::InvalidAuth(detail()), Misuse, vec!["a detail"]),
        (Error::InvalidWebSocket("number".into()), Misuse, vec!["a number", "websocket()"]),
        (Error::InvalidNamespace("x".into()), Misuse, vec!["(x)", "must begin with"]),
        (Error::InvalidEvent("connect".into()), Misuse, vec!["\"connect\"", "on_connect()"]),
        (Error::Unserializable { event: Some("e".into()), why: detail() }, Misuse, vec!["a detail"]),
        (Error::NotConnected { event: None }, Misuse, vec!["call connect()"]),
        (Error::Connecting { event: Some("e".into()) }, Network, vec!["made again", "(event \"e\")"]),
        (
            Error::WrongType {
                of: "the event \"e\"".into(),
                namespace: Some("/a".into()),
                path: "[0].x".into(),
                why: "expected u32".into(),
                found: "null".into(),
            },
            Peer,
            vec!["the event \"e\" of \"/a\"", "expected u32 at [0].x, found null"],
        ),
        (Error::NoClient, Misuse, vec!["component"]),
        (Error::AlreadyConnected, Misuse, vec!["disconnect()"]),
        (Error::BadNamespace { namespace: "/a".into(), event: None }, Misuse, vec!["/a", "connect_namespace()"]),
        (Error::BufferFull { limit: 7, event: None }, Misuse, vec!["7", "`max_buffer()`"]),
        (Error::TooLarge { size: 20, limit: 10, event: None }, Misuse, vec!["20", "10"]),
        (Error::SeveralNamespaces(names()), Misuse, vec!["/a and /b", "a Client"]),
        (Error::ReceiveTimeout(time), Network, vec!["1500 ms"]),
        (Error::EmitTimeout { event: "e".into(), timeout: time }, Network, vec!["\"e\"", "1500 ms"]),
        (Error::CallTimeout { event: "e".into(), timeout: time }, Network, vec!["\"e\"", "1500 ms"]),
        (Error::Dropped { event: "x".into() }, Network, vec!["volatile"]),
        (
            Error::Preparation { function: "auth", cause: Cause::new(detail()) },
            Network,
            vec!["your function for auth failed: a detail"],
        ),
        (Error::PreparationTimeout(time), Network, vec!["1500 ms"]),
        (
            final_end(FinalReason::ReconnectionFailed, None),
            Network,
            vec!["has given up", "not made again", "connect()"],
        ),
        (final_end(FinalReason::TransportError, None), Network, vec!["lost", "not made again"]),
        (final_end(FinalReason::ServerDisconnect, Some("/a")), Peer, vec!["the server", "of /a", "not made again"]),
        (
            Error::Ended {
                reason: FinalReason::TransportError,
                namespace: None,
                cause: Some(Box::new(Error::ServerClosed)),
            },
            Peer,
            vec!["not made again", "(the server closed the connection)"],
        ),
        (
            ended(DisconnectReason::ClientDisconnect),
            Fault::None,
            vec!["disconnect() or disconnect_namespace() was called"],
        ),
        (ended(DisconnectReason::ServerDisconnect), Peer, vec!["the server disconnected the namespace"]),
        (ended(DisconnectReason::TransportError), Network, vec!["transport error"]),
        (
            Error::Disconnected {
                reason: DisconnectReason::TransportError,
                event: Some("e".into()),
                cause: Some(Box::new(Error::ServerClosed)),
            },
            Peer,
            vec!["transport error", "(event \"e\")"],
        ),
        (Error::TooLarge { size: 20, limit: 10, event: Some("e".into()) }, Misuse, vec!["20", "(event \"e\")"]),
        (
            Error::ConnectTimeout { timeout: time, namespaces: names() },
            Network,
            vec!["1500 ms", "/a, /b", "`wait_timeout()`"],
        ),
        (Error::Refused { namespaces: names(), message: Some(detail()), data: None }, Peer, vec!["/a, /b", "a detail"]),
        (Error::Unreachable(Polling, Some(detail())), Network, vec!["polling", "a detail"]),
        (Error::Unreachable(WebSocket, None), Network, vec!["websocket", "The browser does not say why"]),
        (Error::RequestTimeout(Polling, time), Network, vec!["polling", "1500 ms"]),
        (Error::PingTimeout(time), Network, vec!["1500 ms"]),
        (Error::SocketClosed(1006, detail()), Network, vec!["1006", "a detail"]),
        (Error::Status(502, detail()), Peer, vec!["502", "a detail"]),
        (Error::Status(404, detail()), Peer, vec!["404", "(check the URL and `path()`)", "a detail"]),
        (Error::UnsupportedVersion(400, detail()), Peer, vec!["400", "a detail"]),
        (Error::OriginRefused(403, detail()), Peer, vec!["403", "a detail"]),
        (Error::SessionUnknown(400, detail()), Peer, vec!["400", "sticky", "a detail"]),
        (Error::NotSocketIo(detail()), Peer, vec!["not a Socket.IO server", "a detail"]),
        (Error::ServerClosed, Peer, vec!["the server closed"]),
        (Error::EmptyPolls(12), Peer, vec!["12 polls"]),
        (Error::Offline, Network, vec!["offline"]),
        (Error::NotSent { namespace: "/a".into(), events: 3 }, Network, vec!["3 events of /a", "not sent"]),
        (Error::NotSent { namespace: "/a".into(), events: 1 }, Network, vec!["1 event of /a was not sent"]),
        (Error::PossiblyLost { namespace: "/a".into(), events: 3 }, Network, vec!["3 events of /a", "may be lost"]),
        (Error::Protocol { what: "how", came: Some(detail()) }, Peer, vec!["how", "a detail"]),
    ] {
        let message = error.to_string();
        assert_eq!(error.fault(), fault, "{message}");
        for wanted in wanted {
            assert!(message.contains(wanted), "{message:?} has no {wanted:?}");
        }
    }
}

#[wasm_bindgen_test]
fn a_long_answer_of_a_server_is_cut_in_the_message_and_whole_in_the_error() {
    let page = || format!("<html>{}", "é ".repeat(45_000));
    for error in [
        Error::Status(404, page()),
        Error::Status(503, page()),
        Error::UnsupportedVersion(400, page()),
        Error::OriginRefused(403, page()),
        Error::SessionUnknown(400, page()),
        Error::NotSocketIo(page()),
        Error::SocketClosed(1006, page()),
        Error::Unreachable(Polling, Some(page())),
        Error::Protocol { what: "how", came: Some(page()) },
        Error::Refused { namespaces: vec!["/a".into()], message: Some(page()), data: None },
    ] {
        let message = error.to_string();
        assert!(message.contains("<html>é é") && message.ends_with('…'), "{message}");
        assert!(message.chars().count() < 400, "{} characters", message.chars().count());
    }
    assert!(matches!(Error::Status(404, page()), Error::Status(404, body) if body == page()));
}

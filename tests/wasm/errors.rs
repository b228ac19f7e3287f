//! The fault and the message of each error. tests/package/errors/error-table.test.mjs checks the same of the npm package.

use core::time::Duration;
use socketio_wasm::Transport::{Polling, WebSocket};
use socketio_wasm::{DisconnectReason, Error, Fault};
use wasm_bindgen_test::wasm_bindgen_test;

/// Other crates require this of errors, and frameworks of the values of a view.
#[wasm_bindgen_test]
fn an_error_is_a_standard_error_that_is_send_and_sync() {
    fn any(error: impl core::error::Error + Send + Sync + 'static) -> Box<dyn core::error::Error + Send + Sync> {
        error.into()
    }
    assert_eq!(any(Error::NotConnected).to_string(), Error::NotConnected.to_string());
}

// [K11]
#[wasm_bindgen_test]
fn each_error_says_whose_fault_it_is_and_what_was_wrong() {
    use Fault::{Misuse, Network, Peer};
    let ended = |reason| Error::Disconnected { reason, event: None, cause: None };
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
        (Error::Unserializable(detail()), Misuse, vec!["a detail"]),
        (Error::WrongType { of: "the event \"e\"".into(), why: detail() }, Peer, vec!["the event \"e\"", "a detail"]),
        (Error::NotConnected, Misuse, vec!["call connect()"]),
        (Error::NoClient, Misuse, vec!["component"]),
        (Error::AlreadyConnected, Misuse, vec!["disconnect()"]),
        (Error::BadNamespace { namespace: "/a".into(), event: None }, Misuse, vec!["/a", "connect_namespace()"]),
        (Error::BufferFull(7), Misuse, vec!["7", "`max_buffer()`"]),
        (Error::TooLarge { size: 20, limit: 10, event: None }, Misuse, vec!["20", "10"]),
        (Error::SeveralNamespaces(names()), Misuse, vec!["/a and /b", "a Client"]),
        (Error::ReceiveTimeout(time), Network, vec!["1500 ms"]),
        (Error::EmitTimeout { event: "e".into(), timeout: time }, Network, vec!["\"e\"", "1500 ms"]),
        (Error::CallTimeout { event: "e".into(), timeout: time }, Network, vec!["\"e\"", "1500 ms"]),
        (Error::Dropped { event: "x".into() }, Network, vec!["volatile"]),
        (Error::Preparation(detail()), Misuse, vec!["a detail"]),
        (Error::PreparationTimeout(time), Misuse, vec!["1500 ms"]),
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

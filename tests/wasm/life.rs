//! The events of the life of a connection, the delays that a function chooses, and the errors of calls.

use crate::support::{SECONDS, builder, url};
use crate::tamper::{cut, receive, recording_websocket};
use crate::until::until;
use core::time::Duration;
use futures::future::ready;
use socketio_wasm::{
    Client, ClientBuilder, ClientNamespace, DisconnectReason, Error, Fault, Scope, State, Transport, Transports,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const DELAY: Duration = Duration::from_millis(50);

/// Records lines, and returns those since the last time.
#[derive(Clone, Default)]
struct Record(Rc<RefCell<Vec<String>>>);

impl Record {
    fn add(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }

    fn has(&self, line: &str) -> bool {
        self.0.borrow().iter().any(|other| other == line)
    }

    /// Records the events of a connection's life.
    fn of(builder: ClientBuilder) -> (ClientBuilder, Self) {
        let record = Self::default();
        let [a, b, c, d, e, f, g] = core::array::from_fn(|_| record.clone());
        let builder = builder
            .on_state(move |_scope, now, before| a.add(format!("{now:?} from {before:?}")))
            .on_connect(move |_scope| b.add("connect"))
            .on_reconnect_attempt(move |_scope, attempt, delay| c.add(format!("attempt {attempt} in {delay:?}")))
            .on_reconnect(move |_scope, attempts| d.add(format!("back after {attempts}")))
            .on_reconnect_failed(move |_scope| e.add("gave up"))
            .on_disconnect_final(move |_scope, reason| f.add(reason.name()))
            .on_upgrade(move |_scope, transport| g.add(transport.name()));
        (builder, record)
    }
}

/// Builds a client whose server cannot be reached while the value is true.
pub fn reachable_unless(is_away: &Rc<Cell<bool>>) -> ClientBuilder {
    let is_away = is_away.clone();
    // Nothing listens on this port.
    let server = move || ready(Ok::<_, Error>(if is_away.get() { "http://127.0.0.1:9" } else { url() }.to_owned()));
    Client::builder_with(server).wait_timeout(SECONDS).reconnection_delay(DELAY, DELAY).randomization_factor(0.0)
}

pub fn websocket(builder: ClientBuilder, class: &JsValue) -> ClientBuilder {
    builder.transports(Transports::WebSocket).websocket(class.clone())
}

#[wasm_bindgen_test]
async fn each_change_and_each_attempt_is_reported_in_order() {
    let (class, is_away) = (recording_websocket(), Rc::new(Cell::new(false)));
    let (builder, record) = Record::of(websocket(reachable_unless(&is_away), &class));
    let client = builder.connect().await.expect("connects");
    assert_eq!(record.take(), ["Connecting from Disconnected", "Connected from Connecting", "connect"]);
    is_away.set(true);
    cut(&class);
    until("two attempts", async || record.has("attempt 2 in 50ms")).await;
    assert_eq!(record.take(), ["Reconnecting from Connected", "attempt 1 in 50ms", "attempt 2 in 50ms"]);
    is_away.set(false);
    until("the reconnection", async || client.is_connected()).await;
    let mut back = record.take();
    back.retain(|line| !line.starts_with("attempt"));
    assert_eq!(back[..2], ["Connected from Reconnecting", "connect"]);
    assert!(back.len() == 3 && back[2].starts_with("back after "), "{back:?}");
    client.disconnect().await;
    let end = ["Disconnecting from Connected", "client disconnect", "Disconnected from Disconnecting"];
    assert_eq!(record.take(), end);
}

#[wasm_bindgen_test]
async fn the_upgrade_is_reported_to_all_namespaces_and_objects() {
    struct Chat(Record);
    impl ClientNamespace for Chat {
        fn namespace(&self) -> &str {
            "/chat"
        }
        fn on_upgrade(&self, scope: Scope, transport: Transport) {
            self.0.add(format!("object {} {}", scope.namespace(), transport.name()));
        }
        fn on_state(&self, _scope: Scope, now: State, before: State) {
            self.0.add(format!("object {now:?} from {before:?}"));
        }
    }
    let (builder, record) = Record::of(builder().namespace("/").namespace("/chat"));
    let other = record.clone();
    let builder = builder.register_namespace(Chat(record.clone())).of("/other", move |scope| {
        scope.on_upgrade(move |_scope, transport| other.add(format!("/other {}", transport.name()))).keep();
    });
    let client = builder.connect().await.expect("connects");
    until("the upgrade", async || record.has("object /chat websocket")).await;
    assert!(record.has("websocket") && record.has("/other websocket"), "{:?}", record.take());
    assert!(record.has("object Connected from Connecting"), "{:?}", record.take());
    client.disconnect().await;
}

#[wasm_bindgen_test]
async fn handlers_of_the_life_request_no_namespace() {
    let client = builder()
        .of("/chat", |scope| scope.on("tick", |_scope, _number: u32| {}).keep())
        .on_state(|_scope, _now, _before| {})
        .connect()
        .await
        .expect("connects");
    assert_eq!(client.namespaces(), ["/chat"]);
}

#[wasm_bindgen_test]
async fn the_last_event_says_why_a_namespace_ends() {
    let is_away = Rc::new(Cell::new(false));
    let kicked = |client: &Client, _: &JsValue| client.emit("kick", ()).expect("is emitted");
    let cut_off = |_: &Client, class: &JsValue| cut(class);
    type End = fn(&Client, &JsValue);
    for (options, end, expected) in [
        (|builder| builder, kicked as End, vec!["server disconnect"]),
        (|builder: ClientBuilder| builder.reconnection(false), cut_off as End, vec!["transport error"]),
        (|builder| builder.reconnection_attempts(1), cut_off as End, vec!["gave up", "reconnection failed"]),
    ] as [(fn(ClientBuilder) -> ClientBuilder, End, _); 3]
    {
        is_away.set(false);
        let class = recording_websocket();
        let (builder, record) = Record::of(websocket(options(reachable_unless(&is_away)), &class));
        let client = builder.connect().await.expect("connects");
        is_away.set(true);
        end(&client, &class);
        client.wait().await;
        let mut lines = record.take();
        lines.retain(|line| !line.contains("from") && !line.starts_with("attempt") && line != "connect");
        assert_eq!(lines, expected);
    }
}

#[wasm_bindgen_test]
async fn a_function_may_choose_the_delays_and_end_reconnection() {
    let (class, is_away) = (recording_websocket(), Rc::new(Cell::new(false)));
    let asked = Record::default();
    let note = asked.clone();
    let delay = move |attempt, error: &Error| {
        note.add(format!("{attempt} {:?}", error.fault()));
        (attempt < 3).then(|| Duration::from_millis(70 * u64::from(attempt - 1)))
    };
    let (builder, record) = Record::of(websocket(reachable_unless(&is_away), &class).randomization_factor(1.0));
    let client = builder.reconnection_delay_with(delay).connect().await.expect("connects");
    record.take();
    is_away.set(true);
    cut(&class);
    client.wait().await;
    assert_eq!(asked.take(), ["1 Network", "2 Network", "3 Network"]);
    // 50 ms are the least.
    let attempts = ["Reconnecting from Connected", "attempt 1 in 50ms", "attempt 2 in 70ms"];
    let end = ["Disconnected from Reconnecting", "gave up", "reconnection failed"];
    assert_eq!(record.take(), [attempts, end].concat());
}

#[wasm_bindgen_test]
async fn the_error_of_a_call_names_its_event_and_has_the_fault_of_the_end() {
    let lose = |_: &Client, class: &JsValue| cut(class);
    let break_protocol = |_: &Client, class: &JsValue| receive(class, "9what is that?");
    let kick = |client: &Client, _: &JsValue| client.emit("kick", ()).expect("is emitted");
    let leave = |client: &Client, _: &JsValue| drop(client.disconnect());
    type End = fn(&Client, &JsValue);
    for (end, expected, fault) in [
        (lose as End, DisconnectReason::TransportError, Fault::Network),
        (break_protocol, DisconnectReason::TransportError, Fault::Peer),
        (kick, DisconnectReason::ServerDisconnect, Fault::Peer),
        (leave, DisconnectReason::ClientDisconnect, Fault::None),
    ] {
        let class = recording_websocket();
        let client = websocket(builder(), &class).connect().await.expect("connects");
        let waiting = client.clone();
        let call = async move { waiting.call::<()>("never", ()).await };
        let ending = async {
            client.call::<()>("echo", ()).await.expect("an answer: the call before was sent");
            end(&client, &class);
        };
        let (lost, ()) = futures::future::join(call, ending).await;
        let error = lost.expect_err("there is no answer");
        assert_eq!(error.fault(), fault, "{error}");
        let Error::Disconnected { reason, event, cause } = &error else { panic!("{error}") };
        assert_eq!((*reason, event.as_deref()), (expected, Some("never")));
        assert_eq!(cause.is_some(), expected == DisconnectReason::TransportError);
        assert!(error.to_string().ends_with("(event \"never\")"), "{error}");
        client.disconnect().await;
    }
}

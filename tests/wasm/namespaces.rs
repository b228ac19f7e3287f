//! Handlers that are called once, and objects that serve a whole namespace.

use crate::support::{builder, channel, connected, once};
use futures::{FutureExt, StreamExt};
use socketio_wasm::{Ack, ClientNamespace, Disconnect, Error, Event, FinalReason, Scope, State};
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

/// Records each of its calls, and answers two events.
struct Witness<F> {
    namespace: &'static str,
    record: F,
}

impl<F: Fn(String)> Witness<F> {
    fn record(&self, what: &str, scope: &Scope) {
        (self.record)(format!("{what} {}", scope.namespace()));
    }
}

impl<F: Fn(String) + 'static> ClientNamespace for Witness<F> {
    fn namespace(&self) -> &str {
        self.namespace
    }

    fn on_event(&self, scope: Scope, event: Event) -> Result<Ack, Error> {
        self.record(event.name(), &scope);
        match event.name() {
            "question" => {
                let (a, b): (u32, u32) = event.parse()?;
                let sum = async move { scope.call::<u32>("echo", a + b).await.unwrap_or_default() };
                Ok(Ack::later(sum))
            }
            "echo-back" => Ok(Ack::value(event.parse::<String>()?)),
            "message" => Ok(Ack::nothing()),
            _ => Ok(Ack::unhandled()),
        }
    }

    fn on_connect(&self, scope: Scope) {
        self.record("connect", &scope);
    }

    fn on_connect_error(&self, scope: Scope, error: Error) {
        assert!(matches!(error, Error::Refused { .. }), "{error}");
        self.record("connect_error", &scope);
    }

    fn on_disconnect(&self, scope: Scope, end: Disconnect) {
        self.record(end.reason.name(), &scope);
    }

    fn on_disconnect_final(&self, scope: Scope, _reason: FinalReason) {
        self.record("final", &scope);
    }
}

// [K6, E14, M3, D7]
#[wasm_bindgen_test]
async fn an_object_serves_its_namespace() {
    let (record, mut recorded) = channel();
    let (report, reported) = once();
    let client = builder()
        .on_error(move |error| report(error.clone()))
        .register_namespace(Witness { namespace: "/chat", record })
        .connect()
        .await
        .expect("connects");
    assert_eq!(client.namespaces(), ["/chat"], "a namespace with an object is connected");
    assert_eq!(recorded.next().await.as_deref(), Some("connect /chat"));
    let chat = client.of("/chat");
    let mut answers = chat.events_of("answered");
    chat.emit("ask", (1, 2)).expect("is emitted");
    assert_eq!(recorded.next().await.as_deref(), Some("question /chat"));
    assert_eq!(answers.next().await.expect("an event").parse(), Ok(3));
    assert_eq!(recorded.next().await.as_deref(), Some("answered /chat"));

    chat.emit("echo-back", 5).expect("is emitted");
    assert_eq!(recorded.next().await.as_deref(), Some("echo-back /chat"));
    assert!(matches!(reported.await, Ok(Error::WrongType { .. })), "an error of on_event is reported");

    // A handler is called in place of the object.
    let (hear, heard) = once();
    let own = chat.on("echo-back", move |_scope, text: String| hear(text));
    chat.emit("echo-back", "mine").expect("is emitted");
    assert_eq!(heard.await.as_deref(), Ok("mine"));
    drop(own);
    chat.send("hello").expect("is emitted");
    client.disconnect().await;
    let rest: Vec<String> = recorded.by_ref().take(2).collect().await;
    assert_eq!(rest, ["client disconnect /chat", "final /chat"]);
}

// [E6, E14]
#[wasm_bindgen_test]
async fn the_object_of_all_namespaces_receives_the_namespace_of_each_event() {
    let (record, mut recorded) = channel();
    let client = builder().namespace("/").namespace("/chat").build();
    client.register_namespace(Witness { namespace: "*", record: record.clone() });
    client.register_namespace(Witness { namespace: "/", record });
    client.connect().await.expect("connects");
    let mut connected: Vec<String> = recorded.by_ref().take(2).collect().await;
    connected.sort();
    assert_eq!(connected, ["connect /", "connect /chat"]);
    client.of("/chat").emit("echo-back", "x").expect("is emitted");
    assert_eq!(recorded.next().await.as_deref(), Some("echo-back /chat"));
    client.connect_namespace("/refuse").await.expect_err("is refused");
    assert_eq!(recorded.next().await.as_deref(), Some("connect_error /refuse"));
}

// [E3, D2]
#[wasm_bindgen_test]
async fn the_handler_of_an_event_is_called_before_a_catch_all() {
    let client = builder().namespace("/").namespace("/chat").connect().await.expect("connects");
    let (record, mut recorded) = channel();
    let note = |place: &'static str| {
        let record = record.clone();
        move |_scope: Scope, event: Event| {
            record(format!("{place} {} {}", event.namespace(), event.name()));
        }
    };
    client.of("*").on_unhandled(note("all")).keep();
    let any = client.on_unhandled(note("any"));
    client.emit("echo-back", ()).expect("is emitted");
    assert_eq!(recorded.next().await.as_deref(), Some("any / echo-back"));
    client.of("/chat").emit("echo-back", ()).expect("is emitted");
    assert_eq!(recorded.next().await.as_deref(), Some("all /chat echo-back"));
    let (hear, heard) = once();
    client.of("*").on("echo-back", move |_scope, number: u32| hear(number)).keep();
    client.of("/chat").emit("echo-back", 1).expect("is emitted");
    assert_eq!(heard.await, Ok(1), "the handler of the event is called, not the catch-all");
    drop(any);
    client.emit("burst", 1).expect("is emitted");
    assert_eq!(recorded.next().await.as_deref(), Some("all / tick"));
}

#[wasm_bindgen_test]
async fn handlers_receive_the_scope_of_their_namespace() {
    let client = builder().namespace("/").namespace("/chat").build();
    let (record, mut recorded) = channel();
    let note = move |what: &'static str| {
        let record = record.clone();
        move |scope: &Scope| record(format!("{what} {}", scope.namespace()))
    };
    for scope in [client.of("/"), client.of("/chat")] {
        let [on, once, any, out] = ["on", "once", "any", "out"].map(&note);
        let [connect, disconnect, ended, state] = ["connect", "disconnect", "final", "state"].map(&note);
        scope.on("echo-back", move |scope, _number: u32| on(&scope)).keep();
        scope.once("echo-back", move |scope, _number: u32| once(&scope)).keep();
        scope.on_any(move |scope, _event| any(&scope)).keep();
        scope.on_any_outgoing(move |scope, _event| out(&scope)).keep();
        scope.on_connect(move |scope| connect(&scope)).keep();
        scope.on_disconnect(move |scope, _end| disconnect(&scope)).keep();
        scope.on_disconnect_final(move |scope, _reason| ended(&scope)).keep();
        scope
            .on_state(move |scope, now, _before| {
                if now == State::Connected {
                    state(&scope)
                }
            })
            .keep();
    }
    let all = note("all");
    client.of("*").on_any(move |scope, _event| all(&scope)).keep();
    let (life_of_all, life) = once();
    client.of("*").on_upgrade(move |scope, _transport| life_of_all(scope.namespace().to_owned())).keep();
    client.connect().await.expect("connects");
    let mut expected = vec!["state /", "state /chat", "connect /", "connect /chat"];
    for scope in ["/", "/chat"].map(|name| client.of(name)) {
        scope.call::<()>("echo", ()).await.expect("an answer");
        scope.emit("echo-back", 1).expect("is emitted");
        scope.call::<()>("echo", ()).await.expect("an answer");
    }
    expected.extend(["out /", "out /", "out /", "all /", "any /", "on /", "once /"]);
    expected.extend(["out /chat", "out /chat", "out /chat", "all /chat", "any /chat", "on /chat", "once /chat"]);
    client.of("/chat").emit("burst", 1).expect("is emitted");
    client.of("/chat").call::<()>("echo", ()).await.expect("an answer");
    expected.extend(["out /chat", "out /chat", "any /chat", "all /chat"]);
    assert_eq!(
        life.await.as_deref(),
        Ok("/"),
        "the connection belongs to no namespace: its handlers in `*` receive `/`"
    );
    client.disconnect().await;
    expected.extend(["disconnect /", "disconnect /chat", "final /", "final /chat"]);
    let mut seen = Vec::new();
    while let Some(Some(what)) = recorded.next().now_or_never() {
        seen.push(what);
    }
    seen.sort_unstable();
    expected.sort_unstable();
    assert_eq!(seen, expected);
}

// [E1]
#[wasm_bindgen_test]
async fn a_handler_for_once_is_called_once_and_freed() {
    let client = connected().await;
    let owned = Rc::new(());
    let weak = Rc::downgrade(&owned);
    let (hear, heard) = once();
    let subscription = client.once("tick", move |_scope, number: u32| {
        let _moved = owned;
        hear(number);
    });
    let mut ticks = client.events_of("tick");
    client.emit("burst", 2).expect("is emitted");
    assert_eq!(heard.await, Ok(0));
    assert!(weak.upgrade().is_none(), "it is freed after its one call");
    ticks.next().await;
    ticks.next().await;
    // The old subscription does not remove a handler that was added since.
    let (hear, heard) = once();
    client.on("tick", move |_scope, number: u32| hear(number)).keep();
    drop(subscription);
    client.emit("burst", 1).expect("is emitted");
    assert_eq!(heard.await, Ok(0));
    assert!(client.off("tick") && !client.off("tick"));
}

// [E4]
#[wasm_bindgen_test]
async fn a_handler_of_a_reserved_event_is_reported() {
    let (report, reported) = once();
    let client = builder().on_error(move |error| report(error.clone())).on("connect", |_scope, ()| {}).build();
    assert_eq!(reported.await, Ok(Error::InvalidEvent("connect".into())));
    drop(client);
}

#[wasm_bindgen_test]
async fn a_namespace_is_not_joined_if_its_connect_was_dropped() {
    let client = connected().await;
    let chat = client.of("/chat");
    assert_eq!(chat.client(), client);
    let join = || Box::pin(client.connect_namespace("/chat"));
    let unknown = Err(Error::BadNamespace { namespace: "/chat".into(), event: Some("echo-back".into()) });
    let mut given_up = join();
    assert!(given_up.as_mut().now_or_never().is_none());
    assert_eq!(chat.emit("echo-back", 0), Ok(()), "is buffered until it is joined");
    drop(given_up);
    assert_eq!(chat.emit("echo-back", 1), unknown);
    // It is joined if another call waits for it.
    let (mut given_up, mut waiting) = (join(), join());
    assert!(given_up.as_mut().now_or_never().is_none() && waiting.as_mut().now_or_never().is_none());
    drop(given_up);
    waiting.await.expect("is joined");
    assert_eq!(chat.call("echo", 2).await, Ok(2));
    // A drop does not leave a namespace that is connected, or that was connected before a loss.
    let mut given_up = join();
    let _ = given_up.as_mut().now_or_never();
    drop(given_up);
    assert_eq!(chat.call("echo", 3).await, Ok(3));
    client.call::<()>("close-engine", ()).await.expect_err("its connection is closed");
    let mut given_up = join();
    assert!(given_up.as_mut().now_or_never().is_none(), "it waits for the next connection");
    drop(given_up);
    assert_eq!(chat.call("echo", 4).await, Ok(4));
}

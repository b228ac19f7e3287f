//! User code that panics: the client reports it, and goes on in every way.

use crate::support::{ALL, SECONDS, builder, engine_url, once, python_url, url};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::Stream;
use serde::{Deserialize, Deserializer, Serialize, Serializer as Writer};
use socketio_wasm::serializers::{Packet, Serializer, SerializerError};
use socketio_wasm::{
    Ack, Client, ClientBuilder, ClientNamespace, DisconnectReason, EngineClient, Error, Event, Message, Scope, State,
    Transports,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Wake;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/tests/wasm/meddling.js")]
extern "C" {
    pub type Uncaught;
    #[wasm_bindgen(constructor)]
    pub fn new() -> Uncaught;
    #[wasm_bindgen(method)]
    pub fn take(this: &Uncaught) -> u32;
    #[wasm_bindgen(method)]
    pub fn restore(this: &Uncaught);
}

/// The time limit of an attempt that fails.
const SHORT: Duration = Duration::from_secs(2);

fn panics_if(is_so: bool) {
    assert!(!is_so, "a panic that is meant to be");
}

/// Not `panic!`, whose type no handler may return.
fn panics(place: &str) {
    assert!(place.is_empty(), "a panic that is meant to be in {place}");
}

/// Uses a connected client in every way; it is connected again in the end.
async fn works(client: &Client) {
    assert_eq!(client.state(), State::Connected);
    assert_eq!(client.call::<u8>("echo", 1).timeout(SECONDS).await, Ok(1), "a call");
    let late = client.call::<()>("never", ()).timeout(Duration::from_millis(20)).await;
    assert!(matches!(late, Err(Error::CallTimeout { .. })), "a timer: {late:?}");
    let mut events = client.events_of("echo-back");
    client.emit("echo-back", 2).expect("is emitted");
    assert_eq!(events.next().await.expect("an event").parse(), Ok(2), "a stream");
    let (hear, heard) = once();
    let subscription = client.on("question", move |_client, ()| hear(()));
    client.emit("ask", ()).expect("is emitted");
    heard.await.expect("a handler");
    drop(subscription);
    client.emit("burst", 0).expect("is emitted");
    client.drain().await;
    client.disconnect().await;
    assert_eq!(client.state(), State::Disconnected);
    client.connect().await.expect("connects again");
    assert_eq!(client.call::<u8>("echo", 4).timeout(SECONDS).await, Ok(4), "a call on the next connection");
}

/// What a handler was told, in order.
fn list<T: 'static>() -> (impl Fn(T) + Clone, UnboundedReceiver<T>) {
    let (tell, told) = unbounded();
    (move |value| tell.unbounded_send(value).expect("somebody listens"), told)
}

#[wasm_bindgen_test]
async fn of_many_events_only_the_one_is_lost_whose_handler_panics() {
    let uncaught = Uncaught::new();
    for transports in ALL {
        let client = builder().transports(transports).connect().await.expect("connects");
        let (tell, told) = list();
        let ticks = client.on("tick", move |_client, number: u32| {
            panics_if(number == 50);
            tell(number);
        });
        client.emit("burst", 100).expect("is emitted");
        let heard: Vec<u32> = told.take(99).collect().await;
        assert_eq!(heard, (0..100).filter(|number| *number != 50).collect::<Vec<_>>());
        assert_eq!(uncaught.take(), 1, "the panic is reported once");
        drop(ticks);
        works(&client).await;
        assert_eq!(uncaught.take(), 0);
    }
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn any_number_of_panics_is_survived() {
    let uncaught = Uncaught::new();
    for transports in [Transports::WebSocket, Transports::Polling] {
        let client = builder().transports(transports).connect().await.expect("connects");
        let (tell, mut told) = list();
        let ticks = client.on("tick", move |_client, number: u32| {
            // Of the stack that the linker gives a module, each takes a sixteenth.
            let buffer = core::hint::black_box([1_u8; 1 << 16]);
            if number < 2_999 {
                core::arch::wasm32::unreachable(); // a panic without its words
            }
            tell(buffer.len());
        });
        client.emit("burst", 3_000).expect("is emitted");
        assert_eq!(told.next().await, Some(1 << 16));
        assert_eq!(uncaught.take(), 2_999);
        drop(ticks);
        works(&client).await;
    }
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn handlers_of_reserved_events_may_panic() {
    let uncaught = Uncaught::new();
    for transports in ALL {
        let client = builder()
            .transports(transports)
            .on_connect(|_client| panics("on_connect"))
            .on_disconnect(|_client, _end| panics("on_disconnect"))
            .on_disconnect_final(|_client| panics("on_disconnect_final"))
            .on_connect_error(|_client, _error| panics("on_connect_error"))
            .connect()
            .await
            .expect("connects");
        assert_eq!(uncaught.take(), 1, "on_connect");
        works(&client).await;
        assert_eq!(uncaught.take(), 3, "its end and its next connection");
        let mut states = client.states();
        client.emit("close-engine", ()).expect("is emitted");
        let changes: Vec<State> = states.by_ref().take(3).collect().await;
        assert_eq!(changes, [State::Connected, State::Reconnecting, State::Connected]);
        assert_eq!(uncaught.take(), 2, "its loss and its next connection");
        client.disconnect().await;
        assert_eq!(uncaught.take(), 2, "its end");
    }
    let nowhere = Client::builder("http://127.0.0.1:9").on_connect_error(|_client, _error| panics("on_connect_error"));
    assert!(matches!(nowhere.connect().await, Err(Error::Unreachable(..))));
    uncaught.take();
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn a_handler_for_any_event_or_for_once_and_an_object_may_panic() {
    struct Panicking;
    impl ClientNamespace for Panicking {
        fn namespace(&self) -> &str {
            "/chat"
        }
        fn on_event(&self, _: Scope, event: Event) -> Result<Ack, Error> {
            panic!("{}", event.name());
        }
        fn on_connect(&self, _: Scope) {
            panic!("connect");
        }
    }
    let uncaught = Uncaught::new();
    let client = builder()
        .namespace("/")
        .namespace("/chat")
        .once("echo-back", |_client, ()| panics("once"))
        .on_any(|_client, _event| panics("any"))
        .connect()
        .await
        .expect("connects");
    client.register_namespace(Panicking);
    let chat = client.of("/chat");
    for _ in 0..2 {
        client.emit("echo-back", ()).expect("is emitted");
        chat.emit("echo-back", ()).expect("is emitted");
        chat.emit("ask", ()).expect("is emitted");
        assert_eq!(chat.call("echo", 1).await, Ok(1));
        assert_eq!(client.call("echo", 1).await, Ok(1));
        assert_eq!(uncaught.take(), 3);
    }
    assert!(client.off("*"));
    works(&client).await;
    assert_eq!(uncaught.take(), 1, "the object is told of the next connection");
    uncaught.restore();
}

/// Panics where it is read and written.
struct Panicking;

impl<'de> Deserialize<'de> for Panicking {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("deserialize");
    }
}

impl Serialize for Panicking {
    fn serialize<W: Writer>(&self, _: W) -> Result<W::Ok, W::Error> {
        panic!("serialize");
    }
}

#[wasm_bindgen_test]
async fn a_type_of_arguments_or_of_an_answer_may_panic() {
    let uncaught = Uncaught::new();
    let client = builder().connect().await.expect("connects");
    let read = client.on("echo-back", |_client, Panicking| {});
    let written = client.on("question", |_client, ()| Panicking);
    client.emit("echo-back", 1).expect("is emitted");
    client.emit("ask", ()).expect("is emitted");
    let later = client.on("question", |_client, ()| async { Panicking });
    assert_eq!(client.call("echo", 1).await, Ok(1));
    drop(written);
    client.emit("ask", ()).expect("is emitted");
    assert_eq!(client.call("echo", 1).await, Ok(1));
    assert_eq!(uncaught.take(), 3);
    drop((read, later));
    works(&client).await;
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn a_future_of_a_handler_may_panic_and_others_go_on() {
    let uncaught = Uncaught::new();
    let client = builder().connect().await.expect("connects");
    let (tell, mut told) = list();
    let ticks = client.on("tick", move |client: Client, number: u32| {
        let tell = tell.clone();
        async move {
            panics_if(number == 3); // at once
            let echoed: u32 = client.call("echo", number).await.expect("an answer");
            panics_if(number == 7); // when it goes on
            tell(echoed);
        }
    });
    client.emit("burst", 10).expect("is emitted");
    let heard: Vec<u32> = told.by_ref().take(8).collect().await;
    assert_eq!(heard, [0, 1, 2, 4, 5, 6, 8, 9]);
    assert_eq!(uncaught.take(), 2);
    client.emit("burst", 1).expect("is emitted");
    assert_eq!(told.next().await, Some(0));
    drop(ticks);
    works(&client).await;
    uncaught.restore();
}

/// A function for an attempt to connect, which panics the first time: at once, or in its future.
fn panics_first<T: Clone + 'static>(
    later: bool,
    value: T,
) -> impl Fn() -> Pin<Box<dyn Future<Output = Result<T, Error>>>> {
    let is_first = Rc::new(Cell::new(true));
    move || {
        let (value, is_first) = (value.clone(), is_first.clone());
        panics_if(!later && is_first.replace(false));
        Box::pin(async move {
            core::future::ready(()).await;
            panics_if(is_first.replace(false));
            Ok(value)
        })
    }
}

#[wasm_bindgen_test]
async fn a_function_asked_for_an_attempt_may_panic_and_that_attempt_fails() {
    let uncaught = Uncaught::new();
    let mut clients = Vec::new();
    for later in [false, true] {
        let headers = vec![("x-test".to_owned(), "1".to_owned())];
        let auth = || BTreeMap::from([("token", "secret")]);
        let of = |builder: ClientBuilder| builder.wait_timeout(SECONDS).request_timeout(SHORT).build();
        clients.push(of(Client::builder_with(panics_first(later, url().to_owned()))));
        clients.push(of(builder().auth_with(panics_first(later, auth()))));
        clients.push(of(builder().transports(Transports::Polling).headers_with(panics_first(later, headers))));
    }
    let failed = join_all(clients.iter().map(Client::connect)).await;
    assert_eq!(failed, vec![Err(Error::PreparationTimeout(SHORT)); 6]);
    assert_eq!(uncaught.take(), 6);
    for client in clients {
        client.connect().await.expect("connects");
        assert_eq!(client.call("echo", 1).await, Ok(1));
    }
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn the_auth_of_one_namespace_may_panic_and_harms_no_other() {
    let uncaught = Uncaught::new();
    let asked = Cell::new(0);
    let auth = move || {
        asked.set(asked.get() + 1);
        panics_if(asked.get() == 2);
        async { Ok::<_, Error>(BTreeMap::from([("token", "secret")])) }
    };
    let client = builder().auth_with(auth).request_timeout(SHORT).connect().await.expect("connects");
    assert_eq!(client.connect_namespace("/chat").await, Err(Error::PreparationTimeout(SHORT)));
    assert_eq!(uncaught.take(), 1);
    assert_eq!(client.call("echo", 1).await, Ok(1));
    client.connect_namespace("/auth").await.expect("connects");
    uncaught.restore();
}

/// The default format without binary data, by a serializer that panics where it finds `poison`.
struct Poisoned;

impl Serializer for Poisoned {
    fn encode(&self, packet: &Packet) -> Result<Vec<Message>, SerializerError> {
        let kind = packet.kind as u8;
        let data = format!("{:?}", packet.data);
        panics_if(data.contains("unwritable"));
        let (namespace, id) = (&packet.namespace, packet.id.map(|id| id.to_string()).unwrap_or_default());
        let json = match &packet.data {
            None => String::new(),
            Some(_) if data.contains("unreadable") => r#"["echo","unreadable"]"#.into(),
            Some(_) if kind == 3 => "[]".into(),
            Some(_) if data.contains("ask") => r#"["ask"]"#.into(),
            Some(_) => r#"["echo",1]"#.into(),
        };
        let namespace = if namespace == "/" { String::new() } else { format!("{namespace},") };
        Ok(vec![format!("{kind}{namespace}{id}{json}").into()])
    }

    fn decode(&self, frame: Message) -> Result<Vec<Packet>, SerializerError> {
        use socketio_wasm::serializers::{PacketType, Value};
        let Message::Text(text) = frame else { return Err("bytes".into()) };
        panics_if(text.contains("unreadable"));
        let kind = text.chars().next().and_then(|digit| digit.to_digit(10)).ok_or("no digit")?;
        let kind =
            [PacketType::Connect, PacketType::Disconnect, PacketType::Event, PacketType::Ack, PacketType::ConnectError]
                [kind as usize];
        let id: String = text.chars().skip(1).take_while(char::is_ascii_digit).collect();
        let data = match kind {
            PacketType::Connect => Some(Value::Map(vec![("sid".into(), Value::Text("known".into()))])),
            PacketType::Event => Some(Value::List(vec![Value::Text("question".into())])),
            PacketType::Ack => Some(Value::List(vec![Value::Int(1)])),
            _ => None,
        };
        Ok(vec![Packet { kind, namespace: "/".into(), id: id.parse().ok(), data }])
    }

    fn reset(&self) {
        panic!("reset");
    }
}

#[wasm_bindgen_test]
async fn a_serializer_may_panic() {
    let uncaught = Uncaught::new();
    let unwritable = BTreeMap::from([("token", "unwritable")]);
    let failing = builder().serializer(Poisoned).auth(unwritable).request_timeout(SHORT).reconnection(false);
    assert_eq!(failing.connect().await.err(), Some(Error::PreparationTimeout(SHORT)));
    assert_eq!(uncaught.take(), 2, "as it is reset, and as it writes auth");
    let client = builder().serializer(Poisoned).connect().await.expect("connects");
    assert_eq!(uncaught.take(), 1, "as it is reset");
    let answering = client.on("question", |_client, ()| "unwritable");
    client.emit("ask", ()).expect("is emitted");
    while uncaught.take() == 0 {
        assert_eq!(client.call::<u8>("echo", 1).timeout(SECONDS).await, Ok(1), "an answer that cannot be written");
    }
    drop(answering);
    let (hear, heard) = once();
    client.on_disconnect(move |_client, end| hear(end)).keep();
    let _ = client.call::<u8>("echo", "unreadable").timeout(SECONDS).await;
    let end = heard.await.expect("an end");
    assert_eq!((end.reason, end.cause), (DisconnectReason::TransportError, "parse error"));
    assert!(format!("{:?}", end.error).contains("panic"), "{:?}", end.error);
    assert_eq!(client.call::<u8>("echo", 1).timeout(SECONDS).await, Ok(1), "on the next connection");
    uncaught.take();
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn on_error_may_panic() {
    let uncaught = Uncaught::new();
    let client = builder()
        .on_error(|_error| panics("on_error"))
        .on("echo-back", |_client, _number: u32| {})
        .connect()
        .await
        .expect("connects");
    let mut typed = client.arguments_of::<u32>("echo-back");
    client.emit("echo-back", "text").expect("is emitted");
    client.emit("echo-back", 7).expect("is emitted");
    assert_eq!(typed.next().await, Some(7));
    client.on("connect", |_client, ()| {}).keep(); // a mistake, which is reported
    assert_eq!(uncaught.take(), 3);
    works(&client).await;
    let (hear, heard) = once();
    let failing = Client::builder_with(|| async { Err::<String, _>("no address today") })
        .on_error(|_error| panics("on_error"))
        .on_disconnect_final(move |_client| hear(()))
        .retry()
        .build();
    drop(heard);
    let mut connecting = Box::pin(failing.connect());
    while uncaught.take() == 0 {
        assert!(futures_util::poll!(connecting.as_mut()).is_pending(), "it is tried again");
        gloo_timers::future::TimeoutFuture::new(1).await;
    }
    drop(connecting);
    uncaught.restore();
}

/// Panics as it is woken.
struct Sleepless;

impl Wake for Sleepless {
    fn wake(self: Arc<Self>) {
        panic!("wake");
    }
}

#[wasm_bindgen_test]
async fn whoever_waits_may_panic_as_it_is_woken() {
    fn is_pending<T>(poll: Poll<T>) -> bool {
        matches!(poll, Poll::Pending)
    }
    let uncaught = Uncaught::new();
    // Over polling a disconnect takes a while: its request is waited for.
    let client = builder().transports(Transports::Polling).connect().await.expect("connects");
    let waker = Waker::from(Arc::new(Sleepless));
    let mut context = Context::from_waker(&waker);
    let (mut before, mut sleepless, mut after) = (client.events(), client.events(), client.events());
    let (mut states, mut states_after) = (client.states(), client.states());
    assert!(is_pending(Pin::new(&mut sleepless).poll_next(&mut context)));
    while !is_pending(Pin::new(&mut states).poll_next(&mut context)) {}
    for _ in 0..2 {
        client.emit("echo-back", 1).expect("is emitted");
        assert_eq!(before.next().await.expect("an event").name(), "echo-back");
        assert_eq!(after.next().await.expect("an event").name(), "echo-back");
        assert_eq!(sleepless.next().await.expect("an event").name(), "echo-back");
        assert!(is_pending(Pin::new(&mut sleepless).poll_next(&mut context)));
    }
    client.emit("echo-back", 1).expect("is emitted");
    assert_eq!(after.next().await.expect("an event").name(), "echo-back");
    uncaught.take();
    let (other, another) = (client.clone(), client.clone());
    let (mut one, mut next) = (Box::pin(other.wait()), Box::pin(another.wait()));
    assert!(is_pending(one.as_mut().poll(&mut context)));
    assert!(futures_util::poll!(next.as_mut()).is_pending());
    let mut closing = client.disconnect();
    assert!(is_pending(Pin::new(&mut closing).poll(&mut context)));
    client.disconnect().await;
    next.await;
    assert_eq!(uncaught.take(), 3, "the state, and both that wait for the end");
    let last = async {
        let mut last = None;
        while let Poll::Ready(state) = futures_util::poll!(states_after.next()) {
            last = state;
        }
        last
    };
    assert_eq!(last.await, Some(State::Disconnected));
    client.connect().await.expect("connects");
    works(&client).await;
    uncaught.restore();
}

/// Panics as it is dropped.
struct Clinging(Rc<Cell<u32>>);

impl Drop for Clinging {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
        panic!("drop");
    }
}

#[wasm_bindgen_test]
async fn a_client_is_closed_though_what_its_handlers_own_panics_as_it_is_dropped() {
    let uncaught = Uncaught::new();
    let dropped = Rc::new(Cell::new(0));
    let witness = builder().connect().await.expect("connects");
    let clinging = Clinging(dropped.clone());
    let client = builder()
        .transports(Transports::WebSocket)
        .on("echo-back", move |_client, ()| {
            let _ = &clinging;
        })
        .connect()
        .await
        .expect("connects");
    let sid = client.sid().expect("is connected");
    let mut events = client.events();
    let client = Cell::new(Some(client));
    witness.on("echo-back", move |_client, ()| drop(client.take())).keep();
    witness.emit("echo-back", ()).expect("is emitted");
    assert!(events.next().await.is_none(), "the stream has ended");
    let mut left = String::new();
    while left.is_empty() {
        left = witness.call("left", sid.as_str()).await.expect("an answer");
    }
    assert_eq!((dropped.get(), uncaught.take()), (1, 1));
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn handlers_of_engine_clients_may_panic() {
    let uncaught = Uncaught::new();
    for transports in ALL {
        let (tell, mut told) = list();
        let client = EngineClient::builder(engine_url())
            .transports(transports)
            .on_connect(|_client| panics("on_connect"))
            .on_message(move |_client, message| {
                panics_if(message == "poison".into());
                tell(message);
            })
            .on_disconnect(|_client, _end| panics("on_disconnect"))
            .build();
        for _ in 0..2 {
            client.connect().await.expect("connects");
            assert_eq!(told.next().await, Some("welcome".into()));
            assert_eq!(uncaught.take(), 1, "on_connect");
            let mut messages = client.messages();
            for message in ["before", "poison", "after"] {
                client.send(message).expect("is sent");
            }
            for message in ["before", "after"] {
                assert_eq!(told.next().await, Some(message.into()));
            }
            for message in ["before", "poison", "after"] {
                assert_eq!(messages.next().await, Some(message.into()));
            }
            assert_eq!(uncaught.take(), 1, "on_message");
            client.disconnect().await;
            assert_eq!((client.state(), uncaught.take()), (State::Disconnected, 1), "on_disconnect");
        }
    }
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn a_handler_may_panic_while_somebody_else_uses_the_client() {
    // What a user's own call carries out at once is no reason for that call to fail.
    let uncaught = Uncaught::new();
    let client = Client::builder(python_url()).wait_timeout(SECONDS).connect().await.expect("connects");
    let ended = Rc::new(RefCell::new(Vec::new()));
    let list = ended.clone();
    client
        .on_disconnect(move |_client, end| {
            list.borrow_mut().push(end.reason);
            panics("on_disconnect");
        })
        .keep();
    client.disconnect_namespace("/");
    assert_eq!((ended.borrow().as_slice(), uncaught.take()), ([DisconnectReason::ClientDisconnect].as_slice(), 1));
    client.disconnect().await;
    client.connect().await.expect("connects");
    works(&client).await;
    uncaught.take();
    uncaught.restore();
}

//! Panics in other user-supplied code than handlers: functions for URL, auth and headers, serializers, `on_error`, wakers, `Drop`.

use crate::panics::{panics, panics_if, works};
use crate::support::{SECONDS, builder, has_left, once, url};
use crate::tamper::Uncaught;
use crate::until::until;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::Stream;
use socketio_wasm::serializers::{Packet, Serializer, SerializerError};
use socketio_wasm::{Client, ClientBuilder, DisconnectReason, Error, Message, State, Transports};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Wake;
use wasm_bindgen_test::wasm_bindgen_test;

/// The time limit of an attempt that fails.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(2);

/// A function for URL, auth or headers whose first call panics: at once, or in its future.
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
async fn a_function_for_url_auth_or_headers_may_panic_and_only_that_attempt_fails() {
    let uncaught = Uncaught::new();
    let mut clients = Vec::new();
    for later in [false, true] {
        let headers = vec![("x-test".to_owned(), "1".to_owned())];
        let auth = || BTreeMap::from([("token", "secret")]);
        let of = |builder: ClientBuilder| builder.wait_timeout(SECONDS).request_timeout(ATTEMPT_LIMIT).build();
        clients.push(of(Client::builder_with(panics_first(later, url().to_owned()))));
        clients.push(of(builder().auth_with(panics_first(later, auth()))));
        clients.push(of(builder().transports(Transports::Polling).headers_with(panics_first(later, headers))));
    }
    let failed = join_all(clients.iter().map(Client::connect)).await;
    assert_eq!(failed, vec![Err(Error::PreparationTimeout(ATTEMPT_LIMIT)); 6]);
    assert_eq!(uncaught.take(), 6);
    for client in clients {
        client.connect().await.expect("connects");
        assert_eq!(client.call("echo", 1).await, Ok(1));
    }
    uncaught.restore();
}

#[wasm_bindgen_test]
async fn the_auth_function_may_panic_for_one_namespace_and_the_others_stay_connected() {
    let uncaught = Uncaught::new();
    let calls = Cell::new(0);
    let auth = move || {
        calls.set(calls.get() + 1);
        panics_if(calls.get() == 2);
        async { Ok::<_, Error>(BTreeMap::from([("token", "secret")])) }
    };
    let client = builder().auth_with(auth).request_timeout(ATTEMPT_LIMIT).connect().await.expect("connects");
    assert_eq!(client.connect_namespace("/chat").await, Err(Error::PreparationTimeout(ATTEMPT_LIMIT)));
    assert_eq!(uncaught.take(), 1);
    assert_eq!(client.call("echo", 1).await, Ok(1));
    client.connect_namespace("/auth").await.expect("connects");
    uncaught.restore();
}

/// The default format without binary data. It panics on "unwritable" when it encodes, and on "unreadable" when it decodes.
struct PanickingSerializer;

impl Serializer for PanickingSerializer {
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
    let failing =
        builder().serializer(PanickingSerializer).auth(unwritable).request_timeout(ATTEMPT_LIMIT).reconnection(false);
    assert_eq!(failing.connect().await.err(), Some(Error::PreparationTimeout(ATTEMPT_LIMIT)));
    assert_eq!(uncaught.take(), 2, "in reset() and in encode() of auth");
    let client = builder().serializer(PanickingSerializer).connect().await.expect("connects");
    assert_eq!(uncaught.take(), 1, "in reset()");
    let answering = client.on("question", |_scope, ()| "unwritable");
    client.emit("ask", ()).expect("is emitted");
    until("the panic in the answer", async || uncaught.take() > 0).await;
    assert_eq!(client.call::<u8>("echo", 1).timeout(SECONDS).await, Ok(1), "the connection stays");
    drop(answering);
    let (hear, heard) = once();
    client.on_disconnect(move |_scope, end| hear(end)).keep();
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
        .on("echo-back", |_scope, _number: u32| {})
        .connect()
        .await
        .expect("connects");
    let mut typed = client.arguments_of::<u32>("echo-back");
    client.emit("echo-back", "text").expect("is emitted");
    client.emit("echo-back", 7).expect("is emitted");
    assert_eq!(typed.next().await, Some(7));
    client.on("connect", |_scope, ()| {}).keep(); // a reserved event, which is reported
    assert_eq!(uncaught.take(), 3);
    works(&client).await;
    let failing = Client::builder_with(|| async { Err::<String, _>("no address today") })
        .on_error(|_error| panics("on_error"))
        .retry()
        .build();
    let mut connecting = Box::pin(failing.connect());
    until("the panic of the first failure", async || {
        assert!(futures::poll!(connecting.as_mut()).is_pending(), "connect() goes on");
        uncaught.take() > 0
    })
    .await;
    drop(connecting);
    uncaught.restore();
}

/// A waker that panics.
struct PanickingWaker;

impl Wake for PanickingWaker {
    fn wake(self: Arc<Self>) {
        panic!("wake");
    }
}

#[wasm_bindgen_test]
async fn a_waker_may_panic() {
    fn is_pending<T>(poll: Poll<T>) -> bool {
        matches!(poll, Poll::Pending)
    }
    let uncaught = Uncaught::new();
    // Over polling, disconnect() waits for a request.
    let client = builder().transports(Transports::Polling).connect().await.expect("connects");
    let waker = Waker::from(Arc::new(PanickingWaker));
    let mut context = Context::from_waker(&waker);
    let (mut before, mut panicking, mut after) = (client.events(), client.events(), client.events());
    let (mut states, mut states_after) = (client.states(), client.states());
    assert!(is_pending(Pin::new(&mut panicking).poll_next(&mut context)));
    while !is_pending(Pin::new(&mut states).poll_next(&mut context)) {}
    for _ in 0..2 {
        client.emit("echo-back", 1).expect("is emitted");
        assert_eq!(before.next().await.expect("an event").name(), "echo-back");
        assert_eq!(after.next().await.expect("an event").name(), "echo-back");
        assert_eq!(panicking.next().await.expect("an event").name(), "echo-back");
        assert!(is_pending(Pin::new(&mut panicking).poll_next(&mut context)));
    }
    client.emit("echo-back", 1).expect("is emitted");
    assert_eq!(after.next().await.expect("an event").name(), "echo-back");
    uncaught.take();
    let (other, another) = (client.clone(), client.clone());
    let (mut one, mut next) = (Box::pin(other.wait()), Box::pin(another.wait()));
    assert!(is_pending(one.as_mut().poll(&mut context)));
    assert!(futures::poll!(next.as_mut()).is_pending());
    let mut closing = client.disconnect();
    assert!(is_pending(Pin::new(&mut closing).poll(&mut context)));
    client.disconnect().await;
    next.await;
    assert_eq!(uncaught.take(), 3, "the stream of states, wait() and disconnect()");
    let last = async {
        let mut last = None;
        while let Poll::Ready(state) = futures::poll!(states_after.next()) {
            last = state;
        }
        last
    };
    assert_eq!(last.await, Some(State::Disconnected));
    client.connect().await.expect("connects");
    works(&client).await;
    uncaught.restore();
}

/// A value that panics when it is dropped.
struct PanickingDrop(Rc<Cell<u32>>);

impl Drop for PanickingDrop {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
        panic!("drop");
    }
}

#[wasm_bindgen_test]
async fn a_client_is_closed_even_if_a_value_of_its_handlers_panics_on_drop() {
    let uncaught = Uncaught::new();
    let dropped = Rc::new(Cell::new(0));
    let witness = builder().connect().await.expect("connects");
    let value = PanickingDrop(dropped.clone());
    let client = builder()
        .transports(Transports::WebSocket)
        .on("echo-back", move |_scope, ()| {
            let _ = &value;
        })
        .connect()
        .await
        .expect("connects");
    let sid = client.sid().expect("is connected");
    let mut events = client.events();
    let client = Cell::new(Some(client));
    witness.on("echo-back", move |_scope, ()| drop(client.take())).keep();
    witness.emit("echo-back", ()).expect("is emitted");
    assert!(events.next().await.is_none(), "the stream has ended");
    until("the server notices", async || has_left(&witness, &sid).await).await;
    assert_eq!((dropped.get(), uncaught.take()), (1, 1));
    uncaught.restore();
}

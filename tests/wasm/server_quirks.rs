//! Quirks of python's servers that clients must handle: the rows Q1 to Q21 of docs/parity.md.

use crate::support::{SECONDS, SHORT, channel, lively_url, once, python_url};
use crate::tamper::Requests;
use crate::until::until;
use core::time::Duration;
use futures::StreamExt;
use futures::future::join_all;
use serde::Deserialize;
use socketio_wasm::engine::{Transport, Transports};
use socketio_wasm::socket::DisconnectReason;
use socketio_wasm::{Client, ClientBuilder, Error};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

const EACH: [Transports; 2] = [Transports::Polling, Transports::WebSocket];

fn builder(transports: Transports) -> ClientBuilder {
    Client::builder(python_url()).transports(transports).wait_timeout(SECONDS)
}

fn lively(transports: Transports) -> ClientBuilder {
    Client::builder(lively_url()).transports(transports).wait_timeout(SECONDS)
}

async fn connected(builder: ClientBuilder) -> Client {
    builder.connect().await.expect("connects")
}

/// The data of a refusal, or of the disconnect that refuses a connected namespace.
#[derive(Debug, PartialEq, Deserialize)]
struct Why {
    message: String,
    data: Option<BTreeMap<String, u32>>,
}

// [Q1]
#[wasm_bindgen_test]
async fn events_before_the_connect_are_delivered_after_it() {
    for transports in EACH {
        let (record, recorded) = channel();
        let client = builder(transports).namespace("/early").build();
        let early = client.of("/early");
        let heard = record.clone();
        early.on_connect(move |_scope| record("connect".to_owned())).keep();
        early.on("early", move |_scope, number: u32| heard(number.to_string())).keep();
        client.connect().await.expect("connects");
        assert_eq!(recorded.take(4).collect::<Vec<_>>().await, ["connect", "0", "1", "2"]);
    }
}

// [Q2]
#[wasm_bindgen_test]
async fn refusals_have_three_forms() {
    let code = || Some(BTreeMap::from([("code".to_owned(), 7)]));
    for (namespace, text, data) in
        [("/refuse", "no entry", None), ("/refuse-data", "nope", code()), ("/unknown", "Unable to connect", None)]
    {
        let refused = builder(Transports::WebSocket).namespace(namespace).connect().await.expect_err("is refused");
        let Error::Refused { namespaces, message, data: Some(why) } = &refused else { panic!("{refused:?}") };
        assert_eq!((namespaces.as_slice(), message.as_deref()), ([namespace.to_owned()].as_slice(), Some(text)));
        match why.parse::<Why>() {
            Ok(why) => assert_eq!(why, Why { message: text.into(), data }),
            Err(_) => assert_eq!(why.parse(), Ok(text.to_owned()), "the bare string"),
        }
    }
}

// [Q3, B7]
#[wasm_bindgen_test]
async fn a_namespace_that_is_connected_and_then_refused_ends_alone_with_the_reason() {
    for transports in EACH {
        let client = connected(lively(transports)).await;
        let (hear, heard) = once();
        client.of("/refuse-data").on_disconnect(move |_scope, end| hear((end.reason, end.data))).keep();
        client.connect_namespace("/refuse-data").await.expect("is accepted");
        let (reason, data) = heard.await.expect("an end");
        let why = data.expect("data").parse::<Why>().expect("the form of a refusal");
        assert_eq!((reason, why.message.as_str()), (DisconnectReason::ServerDisconnect, "nope"));
        assert_eq!(why.data, Some(BTreeMap::from([("code".to_owned(), 7)])));
        assert_eq!((client.call("echo", 1).await, client.namespaces()), (Ok(1), vec!["/".to_owned()]));
    }
}

// [Q4, D3]
#[wasm_bindgen_test]
async fn each_namespace_has_an_id_of_its_own_and_the_engine_another() {
    let client = connected(builder(Transports::WebSocket).namespace("/").namespace("/chat")).await;
    let (root, chat, engine) = (client.sid(), client.of("/chat").sid(), client.engine_sid());
    assert!(root.is_some() && chat.is_some() && engine.is_some());
    assert!(root != chat && chat != engine && engine != root);
}

// [Q5]
#[wasm_bindgen_test]
async fn nothing_is_sent_to_a_namespace_before_it_is_connected() {
    for transports in EACH {
        let client = connected(builder(transports).namespace("/slow").without_wait()).await;
        let slow = client.of("/slow");
        assert!(!slow.is_connected());
        assert_eq!(slow.call("echo", "buffered").await, Ok("buffered".to_owned()));
    }
}

// [Q6]
#[wasm_bindgen_test]
async fn an_unknown_event_is_never_acknowledged() {
    let client = connected(builder(Transports::WebSocket)).await;
    let time = Duration::from_millis(200);
    let late = client.call::<()>("nobody knows this", ()).timeout(time).await;
    assert_eq!(late, Err(Error::CallTimeout { event: "nobody knows this".into(), timeout: time }));
    assert_eq!(client.call("echo", 1).await, Ok(1));
}

// [Q7, B1, B2]
#[wasm_bindgen_test]
async fn no_request_has_more_packets_than_the_server_accepts() {
    let client = connected(builder(Transports::Polling)).await;
    let answers = join_all((0..60_u32).map(|number| client.call::<u32>("echo", number).into_future())).await;
    assert_eq!(answers, (0..60).map(Ok).collect::<Vec<_>>());
    let ticks = client.arguments_of::<u32>("tick");
    client.emit("burst", 60).expect("is emitted");
    assert_eq!(
        ticks.take(60).collect::<Vec<_>>().await,
        (0..60).collect::<Vec<_>>(),
        "a poll may bring any number of packets"
    );
}

// [Q8]
#[wasm_bindgen_test]
async fn a_message_over_the_servers_limit_is_not_sent() {
    for transports in EACH {
        let client = lively(transports).without_wait().build();
        client.connect().await.expect("connects");
        let large = "x".repeat(1_000);
        let refused = client.call::<String>("echo", &large).await;
        assert!(matches!(refused, Err(Error::TooLarge { limit: 1_000, size, .. }) if size > 1_000), "{refused:?}");
        assert_eq!(client.call("echo", "small").await, Ok("small".to_owned()));
    }
}

// [Q9, Q13]
#[wasm_bindgen_test]
async fn the_server_pings_and_an_interval_of_0_is_valid() {
    let clients = [connected(lively(EACH[0])).await, connected(lively(EACH[1])).await];
    let sids = clients.each_ref().map(|client| client.engine_sid());
    // This is longer than the server waits for a pong.
    let idle = clients.each_ref().map(|client| client.call::<u8>("later", (3_000, 1)).into_future());
    assert_eq!(join_all(idle).await, [Ok(1), Ok(1)]);
    assert_eq!(clients.each_ref().map(|client| client.engine_sid()), sids, "nothing was lost");
}

// [P4, Q11, Q19, B8]
#[wasm_bindgen_test]
async fn there_is_one_poll_at_a_time_and_none_after_the_upgrade() {
    let requests = Requests::new();
    let polling = connected(builder(Transports::Polling).headers([("x-test", "1")])).await;
    let echoes = join_all((0..50_u32).map(|number| polling.call::<u32>("echo", number).into_future())).await;
    let sid = polling.engine_sid().expect("is connected");
    assert!(echoes.iter().all(Result::is_ok) && requests.count(&sid) > 2 && requests.most_polls(&sid) == 1);
    assert!(requests.all_had(&sid, "x-test", "1"), "each request has the headers");
    polling.disconnect().await;

    let upgraded = connected(builder(Transports::PollingThenWebSocket)).await;
    until("the upgrade", async || {
        assert_eq!(upgraded.call("echo", 1).await, Ok(1));
        upgraded.transport() == Some(Transport::WebSocket)
    })
    .await;
    assert_eq!(upgraded.call("echo", 2).await, Ok(2));
    let sid = upgraded.engine_sid().expect("is connected");
    let before = requests.count(&sid);
    assert_eq!(upgraded.call("later", (500, 3)).await, Ok(3));
    assert_eq!(requests.count(&sid), before);
    requests.restore();
}

// [Q12]
#[wasm_bindgen_test]
async fn a_request_that_the_server_never_answers_is_replaced_by_a_new_connection() {
    let requests = Requests::new();
    let builder = builder(Transports::Polling).request_timeout(Duration::from_secs(60));
    let client = connected(builder.reconnection_delay(SHORT, SHORT)).await;
    requests.set_garbling(1);
    let ended = client.call::<u8>("echo", 1).await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::TransportError, .. })), "{ended:?}");
    assert_eq!(client.call("echo", 2).await, Ok(2));
    requests.restore();
}

// [P8, Q14, Q15]
#[wasm_bindgen_test]
async fn plain_and_compressed_answers_are_read() {
    let elsewhere = builder(Transports::Polling).path("/elsewhere").connect().await;
    assert_eq!(elsewhere.map(drop), Err(Error::Status(404, "nothing here".into())));
    let client = connected(builder(Transports::Polling)).await;
    let large = "é".repeat(5_000);
    assert_eq!(client.call("echo", &large).await, Ok(large), "the answer is compressed");
}

// [Q18]
#[wasm_bindgen_test]
async fn answers_come_in_any_order_each_to_its_own_call() {
    for transports in EACH {
        let client = connected(builder(transports)).await;
        let order = Rc::new(RefCell::new(Vec::new()));
        let calls = [200_u32, 0].map(|milliseconds| {
            let (call, order) = (client.call::<u32>("later", (milliseconds, milliseconds)), order.clone());
            async move {
                let answer = call.await.expect("an answer");
                order.borrow_mut().push(answer);
                answer
            }
        });
        assert_eq!(join_all(calls).await, [200, 0]);
        assert_eq!(*order.borrow(), [0, 200]);
    }
}

// [Q20]
#[wasm_bindgen_test]
async fn a_connection_that_the_server_ends_is_made_again() {
    for transports in EACH {
        let client = connected(builder(transports).reconnection_delay(SHORT, SHORT)).await;
        let (hear, heard) = once();
        client.on_disconnect(move |_scope, end| hear((end.reason, end.error))).keep();
        client.emit("close-engine", ()).expect("is emitted");
        let (reason, error) = heard.await.expect("an end");
        // The server may refuse the request that carried the event before the poll brings the packet CLOSE.
        let is_refused = transports == Transports::Polling && matches!(error, Some(Error::Status(400, _)));
        assert!(
            reason == DisconnectReason::TransportError && (is_refused || error == Some(Error::ServerClosed)),
            "{error:?}"
        );
        assert_eq!(client.call("echo", 1).await, Ok(1));
    }
}

// [Q21]
#[wasm_bindgen_test]
async fn missing_auth_is_none_for_the_server() {
    let client = connected(builder(Transports::WebSocket)).await;
    assert_eq!(client.call::<Option<String>>("auth", ()).await, Ok(None));
    let client = connected(builder(Transports::WebSocket).auth(BTreeMap::from([("a", 1)]))).await;
    assert_eq!(client.call("auth", ()).await, Ok(BTreeMap::from([("a".to_owned(), 1)])));
    for builder in [builder(Transports::WebSocket).auth(()), builder(Transports::WebSocket).auth(None::<u8>)] {
        assert_eq!(connected(builder).await.call::<Option<String>>("auth", ()).await, Ok(None));
    }
}

//! Runs this crate on the traps of `benches/rust/run.mjs`, in Node, and prints a line for each, as `src/main.rs` does for `rust_socketio`.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs)]

use core::fmt::Debug;
use core::time::Duration;
use futures::future::{Either, join, join_all, select};
use futures::{Stream, StreamExt};
use gloo_timers::future::TimeoutFuture;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use socketio_wasm::{Client, Error, Event};
use std::pin::pin;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// Milliseconds after which an answer no longer counts.
const PATIENCE: u32 = 3_000;
const CALLS: u32 = 200;

type Words = Result<String, Error>;

#[derive(Debug, Serialize, Deserialize)]
struct Picture {
    name: String,
    bytes: ByteBuf,
}

/// The server's address, which `run.mjs` puts into the environment.
fn url() -> String {
    let of = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default();
    let environment = of(&of(&js_sys::global(), "process"), "env");
    of(&environment, "SERVER").as_string().unwrap_or_default()
}

async fn connected() -> Result<Client, Error> {
    Client::builder(url()).wait_timeout(Duration::from_secs(10)).connect().await
}

/// Returns the next event, formatted by `told`.
async fn next(events: &mut (impl Stream<Item = Event> + Unpin), told: impl Fn(&Event) -> String) -> String {
    match select(events.next(), pin!(TimeoutFuture::new(PATIENCE))).await {
        Either::Left((Some(event), _)) => format!("{} {}", event.name(), told(&event)),
        _ => "nothing".to_owned(),
    }
}

fn debug(value: impl Debug) -> String {
    format!("{value:?}")
}

async fn namespaces() -> Words {
    let client = Client::builder(url()).namespace("/").namespace("/chat").connect().await?;
    let count: u32 = client.call("engines", 0).await?;
    client.disconnect().await;
    Ok(format!("connections: [{count}]"))
}

/// Emits an event to which the server replies with events, and returns the received ones.
async fn told_after(event: &str, told: impl Fn(&Event) -> String) -> Words {
    let client = connected().await?;
    let mut events = client.events();
    client.emit(event, 0)?;
    let words = next(&mut events, told).await;
    client.disconnect().await;
    Ok(words)
}

async fn answering() -> Words {
    let client = connected().await?;
    let _subscription = client.on("question", |_scope, number: u32| number + 1);
    let mut events = client.events_of("answered");
    client.emit("ask", 0)?;
    let words = next(&mut events, |event| debug(event.parse::<(u32,)>())).await;
    client.disconnect().await;
    Ok(words)
}

async fn binary_call() -> Words {
    let client = connected().await?;
    let size: u32 = client.call("size", ByteBuf::from([1, 2, 3])).await?;
    client.disconnect().await;
    Ok(format!("[{size}]"))
}

async fn many_calls() -> Words {
    let client = connected().await?;
    let calls = (0..CALLS).map(|number| {
        let call = client.call::<u32>("hold", number);
        async move { call.await.map(|answer| answer == number) }
    });
    let answers = join_all(calls).await;
    let own = answers.iter().filter(|answer| **answer == Ok(true)).count();
    let others = answers.iter().filter(|answer| **answer == Ok(false)).count();
    client.disconnect().await;
    Ok(format!("own answers: {own} of {CALLS}; answers of other calls: {others}"))
}

/// There are no callbacks: the second call follows the answer of the first.
async fn call_within_answer() -> Words {
    let client = connected().await?;
    client.call::<String>("echo", "outer").await?;
    let inner: String = client.call("echo", "inner").await?;
    client.disconnect().await;
    Ok(debug([inner]))
}

async fn early_emits() -> Words {
    let client = Client::builder(url()).build();
    let emits = async {
        // The other future is polled first, while the client is still connecting.
        for number in 0..3 {
            client.emit("early", number)?;
        }
        Ok::<(), Error>(())
    };
    let (connected, emitted) = join(client.connect(), emits).await;
    connected?;
    emitted?;
    let count: u32 = client.call("earlies", 0).await?;
    client.disconnect().await;
    Ok(format!("arrived: [{count}]"))
}

async fn lost_answer() -> Words {
    let client = connected().await?;
    let answer = client.call::<()>("never", 0).timeout(Duration::from_millis(500)).await;
    client.disconnect().await;
    Ok(answer.map_or_else(|error| format!("error: {error}"), debug))
}

fn say(trap: &str, words: Words) {
    console_log!("{trap}\t{}", words.unwrap_or_else(|error| format!("error: {error}")));
}

#[wasm_bindgen_test]
async fn every_trap() {
    say("namespaces", namespaces().await);
    say("answering", answering().await);
    say("nested", told_after("nested", |event| debug(event.parse::<Picture>())).await);
    say("several", told_after("several", |event| debug(event.parse::<(ByteBuf, ByteBuf, ByteBuf)>())).await);
    say("binary call", binary_call().await);
    say("bare", told_after("bare", |event| format!("with {} arguments", event.len())).await);
    say("many calls", many_calls().await);
    say("call within answer", call_within_answer().await);
    say("early emits", early_emits().await);
    say("lost answer", lost_answer().await);
}

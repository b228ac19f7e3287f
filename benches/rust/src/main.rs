//! Runs `rust_socketio` on the traps of `benches/rust/run.mjs`, which starts it with the server's address and reads a line for each:
//! the trap, a tab, what happened.

use futures_util::FutureExt;
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Event, IncomingPayload};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// Time after which an answer no longer counts.
const PATIENCE: Duration = Duration::from_secs(3);
const CALLS: u64 = 200;

type Words = Result<String, Box<dyn std::error::Error>>;

fn shown(payload: &IncomingPayload) -> String {
    match payload {
        IncomingPayload::Binary(bytes) => format!("binary {bytes:?}"),
        IncomingPayload::Text(values) => Value::from(values.clone()).to_string(),
        #[allow(deprecated)]
        IncomingPayload::String(text) => text.clone(),
    }
}

/// Returns the next value, or a sentence that none came.
async fn next(values: &mut UnboundedReceiver<String>) -> String {
    match timeout(PATIENCE, values.recv()).await {
        Ok(Some(value)) => value,
        _ => "nothing".to_owned(),
    }
}

/// Returns a client, and a channel of all its events. Its `connect` returns before the server has let it in.
async fn opened(url: &str, namespace: &str) -> Result<(Client, UnboundedReceiver<String>), rust_socketio::Error> {
    let (tell, told) = unbounded_channel();
    let tell_open = tell.clone();
    let client = ClientBuilder::new(url)
        .namespace(namespace)
        .reconnect(false)
        .on(Event::Connect, move |_, _| {
            let _ = tell_open.send("connected".to_owned());
            async {}.boxed()
        })
        .on_any(move |event, payload, _| {
            let _ = tell.send(format!("{event} {}", shown(&payload)));
            async {}.boxed()
        })
        .connect()
        .await?;
    Ok((client, told))
}

/// Returns the same, after the server has let it in.
async fn connected(
    url: &str,
    namespace: &str,
) -> Result<(Client, UnboundedReceiver<String>), Box<dyn std::error::Error>> {
    let (client, mut told) = opened(url, namespace).await?;
    match next(&mut told).await.as_str() {
        "connected" => Ok((client, told)),
        other => Err(format!("not connected to {namespace}: {other}").into()),
    }
}

/// Makes a call, and passes the answer on.
async fn call(
    client: &Client,
    event: &str,
    data: impl Into<IncomingPayload>,
    answer: UnboundedSender<String>,
) -> Result<(), rust_socketio::Error> {
    let answered = move |payload: IncomingPayload, _| {
        let _ = answer.send(shown(&payload));
        async {}.boxed()
    };
    client.emit_with_ack(event, data, PATIENCE, answered).await
}

async fn answer_of(client: &Client, event: &str, data: impl Into<IncomingPayload>) -> Words {
    let (answer, mut answers) = unbounded_channel();
    call(client, event, data, answer).await?;
    Ok(next(&mut answers).await)
}

async fn namespaces(url: &str) -> Words {
    let (root, _told) = connected(url, "/").await?;
    let (chat, _heard) = connected(url, "/chat").await?;
    let count = answer_of(&root, "engines", json!(0)).await?;
    chat.disconnect().await?;
    Ok(format!("connections: {count}"))
}

/// Emits an event to which the server replies with events, and returns the received ones.
async fn told_after(url: &str, event: &str) -> Words {
    let (client, mut told) = connected(url, "/").await?;
    client.emit(event, json!(0)).await?;
    Ok(next(&mut told).await)
}

async fn answering(url: &str) -> Words {
    let (client, mut told) = connected(url, "/").await?;
    client.emit("ask", json!(0)).await?;
    // The question itself arrives, too; there is no way to answer it.
    next(&mut told).await;
    Ok(next(&mut told).await)
}

async fn binary_call(url: &str) -> Words {
    let (client, _told) = connected(url, "/").await?;
    answer_of(&client, "size", vec![1_u8, 2, 3]).await
}

async fn many_calls(url: &str) -> Words {
    let (client, _told) = connected(url, "/").await?;
    let (answer, mut answers) = unbounded_channel();
    for number in 0..CALLS {
        let answer = answer.clone();
        let answered = move |payload: IncomingPayload, _| {
            let _ = answer.send((number, shown(&payload)));
            async {}.boxed()
        };
        client.emit_with_ack("hold", json!(number), PATIENCE * 10, answered).await?;
    }
    drop(answer);
    let (mut own, mut others) = (0, 0);
    // Calls that are lost end the channel, or never answer.
    while let Ok(Some((number, text))) = timeout(PATIENCE, answers.recv()).await {
        if text == format!("[[{number}]]") { own += 1 } else { others += 1 }
    }
    Ok(format!("own answers: {own} of {CALLS}; answers of other calls: {others}"))
}

async fn call_within_answer(url: &str) -> Words {
    let (client, _told) = connected(url, "/").await?;
    let (answer, mut answers) = unbounded_channel();
    let outer = move |_: IncomingPayload, client: Client| {
        let answer = answer.clone();
        async move {
            let inner = move |payload: IncomingPayload, _| {
                let _ = answer.send(shown(&payload));
                async {}.boxed()
            };
            let _ = client.emit_with_ack("echo", json!("inner"), PATIENCE, inner).await;
        }
        .boxed()
    };
    client.emit_with_ack("echo", json!("outer"), PATIENCE, outer).await?;
    Ok(next(&mut answers).await)
}

async fn early_emits(url: &str) -> Words {
    let emitted = async {
        let (client, told) = opened(url, "/").await?;
        for number in 0..3 {
            client.emit("early", json!(number)).await?;
        }
        Ok::<_, rust_socketio::Error>((client, told))
    };
    let outcome = emitted.await;
    let (observer, _told) = connected(url, "/").await?;
    let mut count = answer_of(&observer, "earlies", json!(0)).await?;
    if let Err(error) = outcome {
        count = format!("{count}, {error}");
    }
    Ok(format!("arrived: {count}"))
}

async fn lost_answer(url: &str) -> Words {
    let (client, _told) = connected(url, "/").await?;
    let (answer, mut answers) = unbounded_channel();
    let told = move |payload: IncomingPayload, _| {
        let _ = answer.send(shown(&payload));
        async {}.boxed()
    };
    client.emit_with_ack("never", json!(0), Duration::from_millis(500), told).await?;
    Ok(next(&mut answers).await)
}

fn say(trap: &str, words: Words) {
    println!("{trap}\t{}", words.unwrap_or_else(|error| format!("error: {error}")));
}

#[tokio::main]
async fn main() {
    let Some(url) = std::env::args().nth(1) else {
        eprintln!("compare-rust: no address given; `make compare-rust` starts a server and gives it");
        std::process::exit(2);
    };
    let url = url.as_str();
    say("namespaces", namespaces(url).await);
    say("answering", answering(url).await);
    say("nested", told_after(url, "nested").await);
    say("several", told_after(url, "several").await);
    say("binary call", binary_call(url).await);
    say("bare", told_after(url, "bare").await);
    say("many calls", many_calls(url).await);
    say("call within answer", call_within_answer(url).await);
    say("early emits", early_emits(url).await);
    say("lost answer", lost_answer(url).await);
    // Clients that hang never end by themselves.
    std::process::exit(0);
}

//! The application: the tables at the head of ../../npm.mjs.
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use rmpv::Value;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::socket::DisconnectReason;

use crate::args::Args;

#[derive(Default)]
struct Memory {
    counted: HashMap<String, Vec<Value>>,        // auth.id: values
    connections: HashMap<(String, String), u32>, // auth.id and namespace: their number
    reasons: HashMap<String, String>,            // sid: the reason of its end
}

static MEMORY: LazyLock<Mutex<Memory>> = LazyLock::new(Mutex::default);

type Auth = TryData<HashMap<String, Value>>;

pub fn register(io: &SocketIo) {
    io.ns("/", async |socket, auth| serve(socket, auth));
    io.ns("/chat", async |socket, auth| serve(socket, auth));
    io.ns("/early", async |socket: SocketRef, auth| {
        serve(socket.clone(), auth);
        for index in 0..3 {
            let _ = socket.emit("early", &index);
        }
    });
    let check_token = async |TryData(auth): Auth| match auth.ok().and_then(|auth| text(auth.get("token"))) {
        Some(token) if token == "secret" => Ok(()),
        _ => Err("wrong token"),
    };
    let welcome = async |socket: SocketRef, TryData(auth): TryData<Value>, fields: Auth| {
        serve(socket.clone(), fields);
        let _ = socket.emit("welcome", &auth.unwrap_or(Value::Nil));
    };
    io.ns("/auth", welcome.with(check_token));
    io.ns("/refuse", (async || {}).with(async || Err::<(), _>("no entry")));
    io.ns("/refuse-data", (async || {}).with(async || Err::<(), _>("nope")));
}

fn serve(socket: SocketRef, TryData(auth): Auth) {
    let id = auth.ok().and_then(|auth| text(auth.get("id"))).unwrap_or_default();
    remember(|memory| *memory.connections.entry((id.clone(), socket.ns().into())).or_default() += 1);

    socket.on("echo", async |Data(args): Data<Args>, ack: AckSender| drop(ack.send(&args)));
    socket.on("echo-back", async |socket: SocketRef, Data(args): Data<Args>| drop(socket.emit("echo-back", &args)));
    socket.on("ask", async |socket: SocketRef, Data(args): Data<Args>| {
        if let Ok(answer) = socket.emit_with_ack::<_, Args>("question", &args)
            && let Ok(answer) = answer.await
        {
            let _ = socket.emit("answered", &answer);
        }
    });
    socket.on("burst", async |socket: SocketRef, Data(n): Data<u32>| {
        for index in 0..n {
            let _ = socket.emit("tick", &index);
        }
    });
    socket.on("count", async move |Data(value): Data<Value>| {
        remember(|memory| memory.counted.entry(id).or_default().push(value));
    });
    socket.on("counted", async |Data(of): Data<String>, ack: AckSender| {
        let values = remember(|memory| memory.counted.get(&of).cloned().unwrap_or_default());
        let _ = ack.send(&values);
    });
    socket.on("left", async |Data(sid): Data<String>, ack: AckSender| {
        let reason = remember(|memory| memory.reasons.get(&sid).cloned().unwrap_or_default());
        let _ = ack.send(&reason);
    });
    socket.on("connections", async |Data(of): Data<(String, String)>, ack: AckSender| {
        let count = remember(|memory| memory.connections.get(&of).copied().unwrap_or_default());
        let _ = ack.send(&count);
    });
    socket.on("binary", async |socket: SocketRef, Data(list): Data<Vec<Value>>, ack: AckSender| {
        let sizes: Vec<i64> = list.iter().map(|item| item.as_slice().map_or(-1, |bytes| bytes.len() as i64)).collect();
        let _ = ack.send(&sizes);
        let nested = list.first().map(|first| Value::Map(vec![("first".into(), first.clone())]));
        let answer = [
            ("list".into(), Value::Array(list.iter().rev().cloned().collect())),
            ("nested".into(), Value::Array(nested.into_iter().collect())),
        ];
        let _ = socket.emit("binary", &Value::Map(answer.into()));
    });
    socket.on("kick", async |socket: SocketRef| drop(socket.disconnect()));
    socket.on("never", async || {});
    socket.on_disconnect(async |socket: SocketRef, reason: DisconnectReason| {
        remember(|memory| memory.reasons.insert(socket.id.to_string(), reason.to_string()));
    });
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(Into::into)
}

fn remember<T>(use_it: impl FnOnce(&mut Memory) -> T) -> T {
    use_it(&mut MEMORY.lock().expect("no handler panics"))
}

//! What the three chats share: what scripts/demo-server.mjs speaks in its room "general", and what was said there.

use serde::{Deserialize, Serialize};
use socketio_wasm::{Client, ClientBuilder, Error, DisconnectReason, Scope, Transports};
use std::collections::BTreeMap;
use std::time::Duration;

pub const ROOM: &str = "/rooms/general";

/// The client of someone of that name. In the room's namespace, the server knows who it is by the auth.
pub fn client_of(name: &str) -> ClientBuilder {
    Client::builder("/") // where the page came from
        .transports(Transports::WebSocket) // trunk's proxy carries websockets or requests at an address, not both
        .namespace(ROOM)
        .auth(Auth { name })
        .reconnection_delay(Duration::from_millis(500), Duration::from_secs(5))
}

#[derive(Serialize)]
struct Auth<'a> {
    name: &'a str,
}

/// What someone has said. The server numbers what is said in a room: 1, 2, 3 …
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Message {
    pub seq: u32,
    pub name: String,
    pub text: String,
}

/// The last messages, and which log of the server's they are of.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct History {
    log: String,
    messages: Vec<Message>,
}

/// What was said, in its order, each message once: some come twice, as they are said and in the history.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Talk {
    log: String,
    messages: BTreeMap<u32, Message>,
}

impl Talk {
    pub fn add(&mut self, message: Message) {
        self.messages.insert(message.seq, message);
    }

    pub fn read(&mut self, history: History) {
        if self.log != history.log {
            *self = Self { log: history.log, messages: BTreeMap::new() }; // the server has begun anew
        }
        history.messages.into_iter().for_each(|message| self.add(message));
    }

    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }
}

/// Asks what was said lately.
pub async fn history(room: &Scope) -> Result<History, Error> {
    room.call("history", Latest {}).await
}

#[derive(Serialize)]
struct Latest {}

/// Says something, and waits until the server has written it down; in words why it did not.
///
/// While the connection is away, the message waits. Whether the server has it is not known where the connection ends before its
/// answer: then it is sent again, and the server knows by its id whether it is the same.
pub async fn say(room: Scope, name: String, text: String) -> Result<Message, String> {
    let id = format!("{:x}", (js_sys::Math::random() * 2_f64.powi(53)) as u64);
    let draft = Draft { id, name, text };
    loop {
        match room.call("message", &draft).timeout(Duration::from_secs(10)).await {
            Ok(Said { message: Some(message), .. }) => return Ok(message),
            Ok(Said { refused, .. }) => return Err(refused.unwrap_or_default()),
            Err(Error::CallTimeout { .. } | Error::Disconnected(DisconnectReason::TransportError)) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}

#[derive(Serialize)]
struct Draft {
    id: String,
    name: String,
    text: String,
}

#[derive(Deserialize)]
struct Said {
    message: Option<Message>,
    refused: Option<String>,
}

//! The common part of the three chats: the protocol of scripts/demo-server.mjs in its room "general", and the messages of that room.

use serde::{Deserialize, Serialize};
use socketio_wasm::{Client, ClientBuilder, DisconnectReason, Error, Scope, Transports};
use std::collections::BTreeMap;
use std::time::Duration;

pub const ROOM: &str = "/rooms/general";

/// Builds the client of a person. In the room's namespace, the server knows the person by the auth.
pub fn client_of(name: &str) -> ClientBuilder {
    Client::builder("/") // the origin of the page
        .transports(Transports::WebSocket) // at one address, trunk's proxy passes either websockets or requests on, not both
        .namespace(ROOM)
        .auth(Auth { name })
        .reconnection_delay(Duration::from_millis(500), Duration::from_secs(5))
}

#[derive(Serialize)]
struct Auth<'a> {
    name: &'a str,
}

/// A message. The server numbers the messages of a room: 1, 2, 3 …
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Message {
    pub seq: u32,
    pub name: String,
    pub text: String,
}

/// The last messages, and the id of the server's log that they belong to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct History {
    log: String,
    messages: Vec<Message>,
}

/// The messages in order, each once: some arrive twice, live and in the history.
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
            *self = Self { log: history.log, messages: BTreeMap::new() }; // the server has begun a new log
        }
        history.messages.into_iter().for_each(|message| self.add(message));
    }

    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }
}

/// Asks for the last messages.
pub async fn history(room: &Scope) -> Result<History, Error> {
    room.call("history", Latest {}).await
}

#[derive(Serialize)]
struct Latest {}

/// Sends a message, and waits until the server has stored it. Returns a sentence with the reason if the server did not.
///
/// While the connection is away, the message waits. If the connection ends before the answer, nobody knows whether the server has
/// the message. It is sent again, and the server recognises it by its id.
pub async fn say(room: Scope, name: String, text: String) -> Result<Message, String> {
    let id = format!("{:x}", (js_sys::Math::random() * 2_f64.powi(53)) as u64);
    let draft = Draft { id, name, text };
    loop {
        match room.call("message", &draft).timeout(Duration::from_secs(10)).await {
            Ok(Said { message: Some(message), .. }) => return Ok(message),
            Ok(Said { refused, .. }) => return Err(refused.unwrap_or_default()),
            Err(Error::CallTimeout { .. } | Error::Disconnected { reason: DisconnectReason::TransportError, .. }) => {}
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

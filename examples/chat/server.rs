//! The Socket.IO server of the applications that a server renders: a layer of their axum router.
//!
//! To a visitor who connects it emits `messages` with the list of all, and then `message` with each new one. The event `say` of a
//! visitor adds one.

use crate::message::Message;
use socketioxide::SocketIo;
use socketioxide::extract::{Data, SocketRef};
use socketioxide::layer::SocketIoLayer;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub fn layer() -> SocketIoLayer {
    let (layer, io) = SocketIo::new_layer();
    let chat = Arc::new(Chat::default());
    io.ns("/", async move |io: SocketIo, socket: SocketRef| {
        let name = format!("Visitor {}", chat.visitors.fetch_add(1, Ordering::Relaxed) + 1);
        tell(&io, chat.add("Server", format!("{name} has come in."))).await;
        let _ = socket.emit("messages", &chat.all()); // an error means that the visitor has left, here and below
        socket.on("say", async move |io: SocketIo, Data(text): Data<String>| tell(&io, chat.add(&name, text)).await);
    });
    layer
}

async fn tell(io: &SocketIo, message: Message) {
    let _ = io.emit("message", &message).await;
}

#[derive(Default)]
struct Chat {
    visitors: AtomicUsize,
    messages: Mutex<Vec<Message>>,
}

impl Chat {
    fn add(&self, name: &str, text: String) -> Message {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let message = Message { id: messages.len(), name: name.to_owned(), text };
        messages.push(message.clone());
        message
    }

    fn all(&self) -> Vec<Message> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

// Compiles: the correct form of the wrong uses in the other files.

use serde::{Deserialize, Serialize};
use socketio_wasm::{Client, Error};

#[derive(Serialize, Deserialize)]
struct Message {
    text: String,
}

pub async fn right(client: &Client) -> Result<Message, Error> {
    client.on("message", |_scope, message: Message| message).keep();
    client.on("later", |_scope, message: Message| async move { message }).keep();
    client.emit("message", Message { text: "hi".into() })?;
    client.call("message", "hi").await
}

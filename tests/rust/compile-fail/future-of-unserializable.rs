// error: a handler cannot return
// error: neither a value that serde can serialize, nor a future of one

use socketio_wasm::Client;

pub struct Answered;

pub fn wrong(client: &Client) {
    client.on("question", |_scope, _text: String| async move { Answered }).keep();
}

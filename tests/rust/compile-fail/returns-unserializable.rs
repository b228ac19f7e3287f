// error: a handler cannot return `Answered`
// error: neither a value that serde can serialize, nor a future of one
// error: what a handler returns answers the server's acknowledgement: `()`, a value, a tuple of values, or a future of these

use socketio_wasm::Client;

pub struct Answered;

pub fn wrong(client: &Client) {
    client.on("question", |_client, _text: String| Answered).keep();
}

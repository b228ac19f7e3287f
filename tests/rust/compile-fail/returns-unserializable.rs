// error: a handler cannot return `Answered`
// error: neither a value that serde can serialize, nor a future of one
// error: the return value of a handler is the acknowledgement: `()`, a value, a tuple of values, or a future of these

use socketio_wasm::Client;

pub struct Answered;

pub fn wrong(client: &Client) {
    client.on("question", |_scope, _text: String| Answered).keep();
}

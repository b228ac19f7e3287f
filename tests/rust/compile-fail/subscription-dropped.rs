// error: unused `Subscription` that must be used
// error: the handler is taken away when this is dropped: keep it, or call keep()

#![deny(unused_must_use)]

use socketio_wasm::Client;

pub fn wrong(client: &Client) {
    client.on("message", |_client, _text: String| {});
}

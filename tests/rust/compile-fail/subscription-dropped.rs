// error: unused `Subscription` that must be used
// error: dropping this removes the handler: store it, or call keep()

#![deny(unused_must_use)]

use socketio_wasm::Client;

pub fn wrong(client: &Client) {
    client.on("message", |_scope, _text: String| {});
}

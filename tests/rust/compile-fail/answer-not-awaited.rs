// error: unused `Call` that must be used
// error: nothing is emitted before it is awaited

#![deny(unused_must_use)]

use socketio_wasm::Client;

pub fn wrong(client: &Client) {
    client.call::<u32>("add", (1, 2));
}

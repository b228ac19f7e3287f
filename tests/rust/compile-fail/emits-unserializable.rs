// error: `Sent: serde::Serialize` is not satisfied
// error: Scope>::emit

use socketio_wasm::{Client, Error};

pub struct Sent;

pub fn wrong(client: &Client) -> Result<(), Error> {
    client.emit("message", Sent)
}

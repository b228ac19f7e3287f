// error: the trait bound `Arrived: serde::de::DeserializeOwned` is not satisfied
// error: `socketio_wasm::client::listening::<impl Scope>::on`

use socketio_wasm::Client;

pub struct Arrived;

pub fn wrong(client: &Client) {
    client.on("message", |_scope, _arrived: Arrived| {}).keep();
}

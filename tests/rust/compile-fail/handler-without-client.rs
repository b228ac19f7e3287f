// error: closure is expected to take 2 arguments, but it takes 1 argument

use socketio_wasm::Client;

pub fn wrong(client: &Client) {
    client.on("message", |_text: String| {}).keep();
}

// error: cannot find value `AD` in this scope
// error: a constant with a similar name exists

use socketio_wasm::{Client, Error, TypedEvent};

const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");

pub async fn wrong(client: &Client) -> Result<u32, Error> {
    AD.call(client, (1, 2)).await
}

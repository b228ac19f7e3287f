// error: the arguments of this event are `(u32, u32)`, not `(u32, &str)`
// error: the arguments of this event are `(u32, u32)`, not `u32`

use socketio_wasm::{Client, Error, TypedEvent};

const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");

pub async fn wrong(client: &Client) -> Result<(), Error> {
    ADD.call(client, (1_u32, "2")).await?;
    ADD.emit(client, 1_u32)
}

// error: the arguments of this event are `(u32, u32)`, not `(u32, &str)`
// error: the arguments of this event are `(u32, u32)`, not `u32`
// error: the arguments of this event are `(std::string::String, u32)`, not `(&str, &str)`

use socketio_wasm::{Client, Error, TypedEvent};

const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");
const PRICE: TypedEvent<(String, u32)> = TypedEvent::new("price");

pub async fn wrong(client: &Client) -> Result<(), Error> {
    ADD.call(client, (1_u32, "2")).await?;
    PRICE.emit(client, ("bread", "1"))?;
    ADD.emit(client, 1_u32)
}

// error: expected `Result<String, Error>`, found `Result<u32, Error>`
// error: the answer of this event is `u32`, but the handler returns `std::string::String`
// error: the answer of this event is `u32`, but the handler returns `Result<std::string::String, &str>`

use socketio_wasm::{Client, Error, TypedEvent};

const ADD: TypedEvent<(u32, u32), u32> = TypedEvent::new("add");

pub async fn wrong(client: &Client) -> Result<String, Error> {
    ADD.on(client, |_, (a, b)| format!("{}", a + b)).keep();
    ADD.on(client, |_, (a, b)| Ok::<_, &str>(format!("{}", a + b))).keep();
    ADD.call(client, (1, 2)).await
}

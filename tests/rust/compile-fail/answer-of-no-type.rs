// error: the trait bound `!: serde::Deserialize<'de>` is not satisfied
// error: required by a bound in `socketio_wasm::Scope::call`

use socketio_wasm::{Client, Error};

pub async fn wrong(client: &Client) -> Result<(), Error> {
    let _sum = client.call("add", (1, 2)).await?;
    Ok(())
}

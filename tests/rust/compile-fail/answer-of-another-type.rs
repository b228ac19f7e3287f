// error: mismatched types
// error: expected `u32`, found `String`

use socketio_wasm::{Client, Error};

pub async fn wrong(client: &Client) -> Result<u32, Error> {
    let sum = client.call::<String>("add", (1, 2)).await?;
    Ok(sum)
}

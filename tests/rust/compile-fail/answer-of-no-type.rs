// error: an answer cannot be read as `!`
// error: `call::<()>(..)` where the answer does not matter

use socketio_wasm::{Client, Error};

pub async fn wrong(client: &Client) -> Result<(), Error> {
    client.call("add", (1, 2)).await?;
    Ok(())
}

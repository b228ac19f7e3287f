//! The smallest possible frontend, with and without a client. scripts/size-rust.mjs measures it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn log(text: &str);
}

/// Exercises each client.
#[wasm_bindgen(start)]
fn start() {
    wasm_bindgen_futures::spawn_local(async {
        log("begun");
        #[cfg(feature = "client")]
        if let Err(error) = client().await {
            log(&error.to_string());
        }
        #[cfg(feature = "all")]
        if let Err(error) = others().await {
            log(&error.to_string());
        }
    });
}

#[cfg(feature = "client")]
async fn client() -> Result<(), socketio_wasm::Error> {
    let client = socketio_wasm::Client::builder("/").on("hello", |_scope, text: String| log(&text)).connect().await?;
    client.emit("hello", ("from Rust", 7))?;
    let sum: u32 = client.call("add", (20, 22)).await?;
    log(&sum.to_string());
    client.disconnect().await;
    Ok(())
}

#[cfg(feature = "all")]
async fn others() -> Result<(), socketio_wasm::Error> {
    use socketio_wasm::{Client, EngineClient, SimpleClient};
    let mut simple = SimpleClient::connect(Client::builder("/")).await?;
    let said: String = simple.receive().await?.parse()?;
    log(&said);
    let engine = EngineClient::builder("/").on_message(|_scope, message| log(&format!("{message:?}"))).connect().await?;
    engine.send("hello")
}

//! A chat with Leptos that a server renders. This library is the application, for the server and for the browser.

mod app;
#[path = "../../chat/message.rs"]
mod message;
#[cfg(feature = "ssr")]
#[path = "../../chat/server.rs"]
pub mod server;
#[cfg(all(test, feature = "ssr"))]
mod tests;

pub use app::{App, page};

/// Takes over the page that the server has rendered. The script of `HydrationScripts` calls this function.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}

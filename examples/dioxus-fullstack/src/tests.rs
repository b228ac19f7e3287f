//! Components are rendered natively, as a server does it.

use crate::app::App;
use dioxus::prelude::*;
use socketio_wasm::dioxus::{
    use_client, use_client_provider, use_connect_error, use_connection_state, use_event, use_handler, use_on_connect,
    use_on_disconnect,
};
use socketio_wasm::{Client, Error};

fn rendered(component: fn() -> Element) -> String {
    let mut page = VirtualDom::new(component);
    page.rebuild_in_place();
    dioxus::ssr::render(&page)
}

#[test]
fn the_application_is_rendered_as_disconnected() {
    let html = rendered(App);
    assert!(html.contains(r#"data-state="Disconnected""#), "{html}");
    assert!(html.contains("disabled=true"), "{html}");
}

#[component]
fn EveryHook() -> Element {
    let chat = use_client_provider(|| Client::builder("/").namespace("/chat")).of("/chat");
    let state = use_connection_state(&chat);
    use_event(&chat, "message", |text: String| panic!("no server has sent {text}"));
    use_handler(&chat, "add", |_scope, (a, b): (u32, u32)| a + b);
    use_on_connect(&chat, |_scope| panic!("there is no connection"));
    use_on_disconnect(&chat, |end| panic!("there was no connection: {end:?}"));
    use_connect_error(&chat, |error| panic!("there was no attempt: {error}"));
    let emitted = chat.emit("message", "hello") == Err(Error::Unsupported);
    rsx! { p { "{state:?}, {chat.state():?}, {emitted}" } }
}

#[test]
fn every_hook_does_nothing() {
    let html = rendered(EveryHook);
    assert!(html.contains("Disconnected, Disconnected, true"), "{html}");
}

#[component]
fn WithoutClient() -> Element {
    let state = use_connection_state(&use_client());
    rsx! { p { "{state:?}" } }
}

#[test]
fn a_component_without_a_client_is_rendered_as_disconnected() {
    let html = rendered(WithoutClient);
    assert!(html.contains("Disconnected"), "{html}");
}

//! Components are rendered natively, as a server does it.

use crate::App;
use leptos::prelude::*;
use socketio_wasm::leptos::{
    provide_client, use_client, use_connect_error, use_connection_state, use_event, use_handler, use_on_connect,
    use_on_disconnect,
};
use socketio_wasm::{Client, Error};
use std::thread;

/// Renders a component. Its values are dropped on another thread, as a server may do it.
fn rendered<V: IntoView>(component: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    let html = owner.with(|| component().into_view().to_html());
    assert!(thread::spawn(move || owner.cleanup()).join().is_ok());
    html
}

#[test]
fn the_application_is_rendered_as_disconnected() {
    let html = rendered(App);
    assert!(html.contains(r#"data-state="Disconnected""#), "{html}");
    assert!(html.contains(" disabled"), "{html}");
}

#[component]
fn EveryHook() -> impl IntoView {
    provide_client(Client::builder("/").namespace("/chat"));
    let chat = use_client().of("/chat");
    let state = use_connection_state(chat);
    use_event(chat, "message", |text: String| panic!("no server has sent {text}"));
    use_handler(chat, "add", |_scope, (a, b): (u32, u32)| a + b);
    use_on_connect(chat, |_scope| panic!("there is no connection"));
    use_on_disconnect(chat, |end| panic!("there was no connection: {end:?}"));
    use_connect_error(chat, |error| panic!("there was no attempt: {error}"));
    let emitted = move || chat.emit("message", "hello") == Err(Error::Unsupported);
    view! { <p>{move || format!("{:?}, {:?}, {}", state.get(), chat.state(), emitted())}</p> }
}

#[test]
fn every_hook_does_nothing() {
    let html = rendered(|| view! { <EveryHook /> });
    assert!(html.contains("Disconnected, Disconnected, true"), "{html}");
}

#[test]
fn a_component_without_a_client_is_rendered_as_disconnected() {
    let html = rendered(|| {
        let state = use_connection_state(use_client());
        view! { <p>{move || format!("{:?}", state.get())}</p> }
    });
    assert!(html.contains("Disconnected"), "{html}");
}

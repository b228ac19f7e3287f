//! Components are rendered natively, as a server does it.

use super::App;
use socketio_wasm::yew::{
    use_client, use_connect_error, use_connection_state, use_event, use_handler, use_new_client, use_on_connect,
    use_on_disconnect,
};
use socketio_wasm::{Client, Error};
use yew::prelude::*;

async fn rendered<C: BaseComponent<Properties = ()>>() -> String {
    yew::ServerRenderer::<C>::new().hydratable(false).render().await
}

#[tokio::test]
async fn the_application_is_rendered() {
    let html = rendered::<App>().await;
    assert!(html.contains("<h1>A chat with Yew</h1>"), "{html}");
}

#[component]
fn EveryHook() -> Html {
    let client = use_new_client(|| Client::builder("/").namespace("/chat"));
    let chat = client.of("/chat");
    let state = use_connection_state(&chat);
    use_event(&chat, "message", |text: String| panic!("no server has sent {text}"));
    use_handler(&chat, "add", |_scope, (a, b): (u32, u32)| a + b);
    use_on_connect(&chat, |_scope| panic!("there is no connection"));
    use_on_disconnect(&chat, |end| panic!("there was no connection: {end:?}"));
    use_connect_error(&chat, |error| panic!("there was no attempt: {error}"));
    let emitted = chat.emit("message", "hello") == Err(Error::Unsupported);
    html! {
        <ContextProvider<Client> context={client}>
            <p>{ format!("{state:?}, {:?}, {emitted}", chat.state()) }</p>
            <Below />
        </ContextProvider<Client>>
    }
}

#[component]
fn Below() -> Html {
    let client = use_client();
    let state = use_connection_state(&client);
    html! { <b>{ format!("{state:?}") }</b> }
}

#[tokio::test]
async fn every_hook_does_nothing() {
    let html = rendered::<EveryHook>().await;
    assert_eq!(html, "<p>Disconnected, Disconnected, true</p><b>Disconnected</b>");
}

#[tokio::test]
async fn a_component_without_a_client_is_rendered_as_disconnected() {
    assert_eq!(rendered::<Below>().await, "<b>Disconnected</b>");
}

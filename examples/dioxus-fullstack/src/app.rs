//! The components. The server and the browser run the same code: the client connects in the browser, and stays disconnected on the server.

use crate::message::Message;
use dioxus::prelude::*;
use socketio_wasm::dioxus::{use_client, use_client_provider, use_connection_state, use_event};
use socketio_wasm::{Client, State};
use std::collections::BTreeMap;

#[component]
pub fn App() -> Element {
    use_client_provider(|| Client::builder("/")); // the origin of the page
    rsx! {
        div { class: "chat",
            header {
                h1 { "Rendered by Dioxus on a server" }
                Status {}
            }
            Conversation {}
            Composer {}
        }
    }
}

#[component]
fn Status() -> Element {
    let state = use_connection_state(&use_client());
    rsx! { p { role: "status", "data-state": "{state:?}", "{state:?}" } }
}

/// The messages in order, each once: one that comes with the list may come alone as well.
#[component]
fn Conversation() -> Element {
    let client = use_client();
    let mut messages = use_signal(BTreeMap::<usize, Message>::new);
    use_event(&client, "messages", move |all: Vec<Message>| {
        messages.set(all.into_iter().map(|message| (message.id, message)).collect());
    });
    use_event(&client, "message", move |message: Message| drop(messages.write().insert(message.id, message)));
    rsx! {
        div { role: "log", "aria-label": "Messages", tabindex: 0,
            ol {
                for message in messages.read().values() {
                    li { key: "{message.id}",
                        b { "{message.name}" }
                        span { "{message.text}" }
                    }
                }
            }
        }
    }
}

#[component]
fn Composer() -> Element {
    let client = use_client();
    let state = use_connection_state(&client);
    let mut text = use_signal(String::new);
    let mut problem = use_signal(String::new);
    let onsubmit = move |event: FormEvent| {
        event.prevent_default();
        match client.emit("say", text()) {
            Ok(()) => text.set(String::new()),
            Err(error) => problem.set(error.to_string()),
        }
    };
    rsx! {
        form { class: "composer", onsubmit,
            p { role: "alert", "{problem}" }
            label { r#for: "text", "Message" }
            div { class: "field",
                input {
                    id: "text",
                    value: text,
                    oninput: move |event| text.set(event.value()),
                    maxlength: 4000,
                    autocomplete: "off",
                    required: true,
                }
                button { disabled: state() != State::Connected, "Send" }
            }
        }
    }
}

//! The components. The server and the browser run the same code: the client connects in the browser, and stays disconnected on the server.

use crate::message::Message;
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use socketio_wasm::leptos::{provide_client, use_client, use_connection_state, use_event};
use socketio_wasm::{Client, State};
use std::collections::BTreeMap;

/// The page around the application, which only the server renders.
pub fn page(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>"A chat that Leptos renders on a server · socketio-wasm"</title>
                <link rel="icon" href="/icon.svg" />
                <link rel="stylesheet" href="/chat.css" />
                <HydrationScripts options />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_client(Client::builder("/")); // the origin of the page
    view! {
        <div class="chat">
            <header>
                <h1>"Rendered by Leptos on a server"</h1>
                <Status />
            </header>
            <Conversation />
            <Composer />
        </div>
    }
}

#[component]
fn Status() -> impl IntoView {
    let state = use_connection_state(use_client());
    let words = move || format!("{:?}", state.get());
    view! { <p role="status" data-state=words>{words}</p> }
}

/// The messages in order, each once: one that comes with the list may come alone as well.
#[component]
fn Conversation() -> impl IntoView {
    let client = use_client();
    let (messages, set_messages) = signal(BTreeMap::<usize, Message>::new());
    use_event(client, "messages", move |all: Vec<Message>| {
        set_messages.set(all.into_iter().map(|message| (message.id, message)).collect());
    });
    use_event(client, "message", move |message: Message| {
        set_messages.update(|messages| drop(messages.insert(message.id, message)));
    });
    let in_order = move || messages.get().into_values();
    view! {
        <div role="log" aria-label="Messages" tabindex="0">
            <ol>
                <For each=in_order key=|message| message.id let(Message { name, text, .. })>
                    <li>
                        <b>{name}</b>
                        <span>{text}</span>
                    </li>
                </For>
            </ol>
        </div>
    }
}

#[component]
fn Composer() -> impl IntoView {
    let client = use_client();
    let state = use_connection_state(client);
    let field = NodeRef::<Input>::new();
    let (problem, set_problem) = signal(String::new());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        match client.emit("say", field.value()) {
            Ok(()) => field.set_value(""),
            Err(error) => set_problem.set(error.to_string()),
        }
    };
    view! {
        <form class="composer" on:submit=send>
            <p role="alert">{problem}</p>
            <label for="text">"Message"</label>
            <div class="field">
                <input id="text" node_ref=field maxlength="4000" autocomplete="off" required />
                <button disabled=move || state.get() != State::Connected>"Send"</button>
            </div>
        </form>
    }
}

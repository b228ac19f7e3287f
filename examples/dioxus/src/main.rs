//! A chat with Dioxus: a name, messages, people, the state of the connection.

#[path = "../../chat/chat.rs"]
mod chat;

use chat::{Message, Talk};
use dioxus::prelude::*;
use socketio_wasm::State;
use socketio_wasm::dioxus::{use_client, use_client_provider, use_connection_state, use_event};

fn main() {
    dioxus::launch(App);
}

/// The form that asks for a name, or the room of a person who has entered.
#[component]
fn App() -> Element {
    let mut name = use_signal(|| None::<String>);
    match name() {
        None => rsx! { Door { enter: move |entered| name.set(Some(entered)) } },
        Some(entered) => rsx! { Room { name: entered, leave: move |()| name.set(None) } },
    }
}

#[component]
fn Door(enter: EventHandler<String>) -> Element {
    let mut text = use_signal(String::new);
    let onsubmit = move |event: FormEvent| {
        event.prevent_default();
        let name = text.read().trim().to_owned();
        if !name.is_empty() {
            enter.call(name);
        }
    };
    rsx! {
        form { class: "door", onsubmit,
            h1 { "A chat with Dioxus" }
            label { r#for: "name", "Your name" }
            div { class: "field",
                input {
                    id: "name",
                    value: text,
                    oninput: move |event| text.set(event.value()),
                    maxlength: 40,
                    autocomplete: "nickname",
                    required: true,
                    autofocus: true,
                }
                button { "Go" }
            }
        }
    }
}

/// Connected as long as the component exists. The components inside share the client.
#[component]
fn Room(name: String, leave: EventHandler) -> Element {
    use_client_provider(|| chat::client_of(&name));
    rsx! {
        div { class: "chat",
            header {
                h1 { "# general" }
                Status {}
                button { r#type: "button", onclick: move |_| leave.call(()), "Leave" }
            }
            Conversation { name }
        }
    }
}

#[component]
fn Status() -> Element {
    let state = use_connection_state(&use_client().of(chat::ROOM));
    rsx! { p { role: "status", "data-state": "{state:?}", "{state:?}" } }
}

#[component]
fn Conversation(name: String) -> Element {
    let room = use_client().of(chat::ROOM);
    let mut talk = use_signal(Talk::default);
    use_event(&room, "message", move |message: Message| talk.write().add(message));

    // Earlier messages, and messages sent while the connection was away.
    let state = use_connection_state(&room);
    use_effect(move || {
        if state() == State::Connected {
            let room = room.clone();
            spawn(async move {
                if let Ok(history) = chat::history(&room).await {
                    talk.write().read(history);
                }
            });
        }
    });
    let talked = talk.read();
    rsx! {
        div { role: "log", "aria-label": "Messages", tabindex: 0,
            ol {
                for message in talked.messages() {
                    li { key: "{message.seq}", class: if message.name == name { "own" },
                        b { "{message.name}" }
                        span { "{message.text}" }
                    }
                }
            }
        }
        People {}
        Composer { name: name.clone(), said: move |message| talk.write().add(message) }
    }
}

#[component]
fn People() -> Element {
    let mut people = use_signal(Vec::<String>::new);
    use_event(&use_client().of(chat::ROOM), "people", move |names| people.set(names));
    rsx! {
        aside {
            h2 { id: "people", "Who is here" }
            ul { "aria-labelledby": "people",
                for name in people.iter() {
                    li { "{name}" }
                }
            }
        }
    }
}

#[component]
fn Composer(name: String, said: EventHandler<Message>) -> Element {
    let room = use_client().of(chat::ROOM);
    let mut text = use_signal(String::new);
    let mut problem = use_signal(String::new);
    let onsubmit = move |event: FormEvent| {
        event.prevent_default();
        let typed = text.replace(String::new());
        let typed = typed.trim();
        if typed.is_empty() {
            return;
        }
        problem.set(String::new());
        let saying = chat::say(room.clone(), name.clone(), typed.to_owned());
        // A task that ends with this component.
        spawn(async move {
            match saying.await {
                Ok(message) => said.call(message),
                Err(why) => problem.set(why),
            }
        });
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
                }
                button { "Send" }
            }
        }
    }
}

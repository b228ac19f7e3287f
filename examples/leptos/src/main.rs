//! A chat with Leptos: a name, messages, people, the state of the connection.

#[path = "../../chat/chat.rs"]
mod chat;

use chat::{Message, Talk};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use socketio_wasm::State;
use socketio_wasm::leptos::{provide_client, use_client, use_connection_state, use_event};

fn main() {
    mount_to_body(App);
}

/// The form that asks for a name, or the room of a person who has entered.
#[component]
fn App() -> impl IntoView {
    let (name, set_name) = signal(None::<String>);
    move || match name.get() {
        None => view! { <Door set_name /> }.into_any(),
        Some(name) => view! { <Room name set_name /> }.into_any(),
    }
}

#[component]
fn Door(set_name: WriteSignal<Option<String>>) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let enter = move |event: SubmitEvent| {
        event.prevent_default();
        let name = taken_from(field);
        if !name.is_empty() {
            set_name.set(Some(name));
        }
    };
    view! {
        <form class="door" on:submit=enter>
            <h1>"A chat with Leptos"</h1>
            <label for="name">"Your name"</label>
            <div class="field">
                <input id="name" node_ref=field maxlength="40" autocomplete="nickname" required autofocus />
                <button>"Go"</button>
            </div>
        </form>
    }
}

/// Connected as long as the component exists. The components inside share the client.
#[component]
fn Room(name: String, set_name: WriteSignal<Option<String>>) -> impl IntoView {
    provide_client(chat::client_of(&name));
    view! {
        <div class="chat">
            <header>
                <h1>"# general"</h1>
                <Status />
                <button type="button" on:click=move |_| set_name.set(None)>"Leave"</button>
            </header>
            <Conversation name />
        </div>
    }
}

#[component]
fn Status() -> impl IntoView {
    let state = use_connection_state(use_client().of(chat::ROOM));
    let words = move || format!("{:?}", state.get());
    view! { <p role="status" data-state=words>{words}</p> }
}

#[component]
fn Conversation(name: String) -> impl IntoView {
    let room = use_client().of(chat::ROOM);
    let (talk, set_talk) = signal(Talk::default());
    use_event(room, "message", move |message: Message| set_talk.update(|talk| talk.add(message)));

    // Earlier messages, and messages sent while the connection was away.
    let state = use_connection_state(room);
    Effect::new(move || {
        if state.get() == State::Connected {
            spawn_local(async move {
                if let Ok(history) = chat::history(&room.scope()).await {
                    set_talk.try_update(|talk| talk.read(history));
                }
            });
        }
    });
    let me = name.clone();
    let messages = move || talk.with(|talk| talk.messages().cloned().collect::<Vec<Message>>());
    view! {
        <div role="log" aria-label="Messages" tabindex="0">
            <ol>
                <For each=messages key=|message| message.seq let(Message { name, text, .. })>
                    <li class:own=name == me>
                        <b>{name.clone()}</b>
                        <span>{text}</span>
                    </li>
                </For>
            </ol>
        </div>
        <People />
        <Composer name set_talk />
    }
}

#[component]
fn People() -> impl IntoView {
    let (people, set_people) = signal(Vec::<String>::new());
    use_event(use_client().of(chat::ROOM), "people", move |names| set_people.set(names));
    view! {
        <aside>
            <h2 id="people">"Who is here"</h2>
            <ul aria-labelledby="people">
                {move || people.get().into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
            </ul>
        </aside>
    }
}

#[component]
fn Composer(name: String, set_talk: WriteSignal<Talk>) -> impl IntoView {
    let room = use_client().of(chat::ROOM);
    let field = NodeRef::<Input>::new();
    let (problem, set_problem) = signal(String::new());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let text = taken_from(field);
        if text.is_empty() {
            return;
        }
        set_problem.set(String::new());
        let saying = chat::say(room.scope(), name.clone(), text);
        spawn_local(async move {
            // The component may be gone when the server answers: a person may send a message and leave.
            match saying.await {
                Ok(message) => drop(set_talk.try_update(|talk| talk.add(message))),
                Err(why) => drop(set_problem.try_set(why)),
            }
        });
    };
    view! {
        <form class="composer" on:submit=send>
            <p role="alert">{problem}</p>
            <label for="text">"Message"</label>
            <div class="field">
                <input id="text" node_ref=field maxlength="4000" autocomplete="off" />
                <button>"Send"</button>
            </div>
        </form>
    }
}

/// Takes the text of a field, and empties the field.
fn taken_from(field: NodeRef<Input>) -> String {
    let Some(field) = field.get_untracked() else { return String::new() };
    let text = field.value().trim().to_owned();
    field.set_value("");
    text
}

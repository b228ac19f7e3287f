//! A chat with Yew: a name, messages, people, the state of the connection.

#[path = "../../chat/chat.rs"]
mod chat;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use chat::{History, Message, Talk};
use socketio_wasm::yew::{use_client, use_connection_state, use_event, use_new_client};
use socketio_wasm::{Client, State};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

fn main() {
    yew::Renderer::<App>::new().render();
}

/// The form that asks for a name, or the room of a person who has entered.
#[component]
fn App() -> Html {
    let name = use_state(|| None::<AttrValue>);
    let enter = Callback::from({
        let name = name.clone();
        move |entered| name.set(Some(entered))
    });
    match &*name {
        None => html! { <Door {enter} /> },
        Some(entered) => {
            let name = name.clone();
            html! { <Room name={entered.clone()} leave={move |_| name.set(None)} /> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct DoorProps {
    enter: Callback<AttrValue>,
}

#[component]
fn Door(props: &DoorProps) -> Html {
    let field = use_node_ref();
    let onsubmit = {
        let (field, enter) = (field.clone(), props.enter.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let name = taken_from(&field);
            if !name.is_empty() {
                enter.emit(name.into());
            }
        }
    };
    html! {
        <form class="door" {onsubmit}>
            <h1>{ "A chat with Yew" }</h1>
            <label for="name">{ "Your name" }</label>
            <div class="field">
                <input id="name" ref={field} maxlength="40" autocomplete="nickname" required=true autofocus=true />
                <button>{ "Go" }</button>
            </div>
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct RoomProps {
    name: AttrValue,
    leave: Callback<MouseEvent>,
}

/// Connected as long as the component exists. The components inside share the client.
#[component]
fn Room(props: &RoomProps) -> Html {
    let client = use_new_client(|| chat::client_of(&props.name));
    html! {
        <ContextProvider<Client> context={client}>
            <div class="chat">
                <header>
                    <h1>{ "# general" }</h1>
                    <Status />
                    <button type="button" onclick={&props.leave}>{ "Leave" }</button>
                </header>
                <Conversation name={&props.name} />
            </div>
        </ContextProvider<Client>>
    }
}

#[component]
fn Status() -> Html {
    let client = use_client();
    let state = use_connection_state(&client.of(chat::ROOM));
    let state = format!("{state:?}");
    html! { <p role="status" data-state={state.clone()}>{ state }</p> }
}

#[derive(Properties, PartialEq)]
struct NameProps {
    name: AttrValue,
}

/// The messages. A reducer, because two messages may arrive before the next render.
enum Told {
    Said(Message),
    Read(History),
}

#[derive(Default, Clone)]
struct TalkState(Talk);

impl Reducible for TalkState {
    type Action = Told;

    fn reduce(self: Rc<Self>, told: Told) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        match told {
            Told::Said(message) => next.0.add(message),
            Told::Read(history) => next.0.read(history),
        }
        next.into()
    }
}

#[component]
fn Conversation(props: &NameProps) -> Html {
    let client = use_client();
    let room = client.of(chat::ROOM);
    let talk = use_reducer(TalkState::default);
    let dispatcher = talk.dispatcher();
    use_event(&room, "message", move |message: Message| dispatcher.dispatch(Told::Said(message)));

    // Earlier messages, and messages sent while the connection was away.
    let connected = use_connection_state(&room) == State::Connected;
    let dispatcher = talk.dispatcher();
    use_effect_with(connected, move |connected| {
        if *connected {
            spawn_local(async move {
                if let Ok(history) = chat::history(&room).await {
                    dispatcher.dispatch(Told::Read(history));
                }
            });
        }
    });
    let dispatcher = talk.dispatcher();
    let said = Callback::from(move |message| dispatcher.dispatch(Told::Said(message)));
    html! {
        <>
            <div role="log" aria-label="Messages" tabindex="0">
                <ol>
                    { for talk.0.messages().map(|message| html! {
                        <li key={message.seq} class={classes!((message.name == *props.name).then_some("own"))}>
                            <b>{ &message.name }</b>
                            <span>{ &message.text }</span>
                        </li>
                    }) }
                </ol>
            </div>
            <People />
            <Composer name={&props.name} {said} />
        </>
    }
}

#[component]
fn People() -> Html {
    let client = use_client();
    let people = use_state(Vec::<String>::new);
    let setter = people.setter();
    use_event(&client.of(chat::ROOM), "people", move |names: Vec<String>| setter.set(names));
    html! {
        <aside>
            <h2 id="people">{ "Who is here" }</h2>
            <ul aria-labelledby="people">{ for people.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
        </aside>
    }
}

#[derive(Properties, PartialEq)]
struct ComposerProps {
    name: AttrValue,
    said: Callback<Message>,
}

#[component]
fn Composer(props: &ComposerProps) -> Html {
    let client = use_client();
    let room = client.of(chat::ROOM);
    let field = use_node_ref();
    let problem = use_state(String::new);
    let onsubmit = {
        let (field, problem) = (field.clone(), problem.setter());
        let (name, said) = (props.name.to_string(), props.said.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let text = taken_from(&field);
            if text.is_empty() {
                return;
            }
            problem.set(String::new());
            let saying = chat::say(room.clone(), name.clone(), text);
            let (said, problem) = (said.clone(), problem.clone());
            spawn_local(async move {
                match saying.await {
                    Ok(message) => said.emit(message),
                    Err(why) => problem.set(why),
                }
            });
        }
    };
    html! {
        <form class="composer" {onsubmit}>
            <p role="alert">{ &*problem }</p>
            <label for="text">{ "Message" }</label>
            <div class="field">
                <input id="text" ref={field} maxlength="4000" autocomplete="off" />
                <button>{ "Send" }</button>
            </div>
        </form>
    }
}

/// Takes the text of a field, and empties the field.
fn taken_from(field: &NodeRef) -> String {
    let Some(field) = field.cast::<HtmlInputElement>() else { return String::new() };
    let text = field.value().trim().to_owned();
    field.set_value("");
    text
}

// Compiles: the correct form of the wrong uses of typed events in hooks.

use socketio_wasm::{Client, TypedEvent, dioxus, leptos, yew};

const QUESTION: TypedEvent<u32, u32> = TypedEvent::new("question");
const NAME: &str = "name";

pub fn right(client: &Client) {
    dioxus::use_handler(client, QUESTION, |_, number| number + 1);
    dioxus::use_handler(client, QUESTION, |_, number| async move { number + 1 });
    dioxus::use_handler(client, QUESTION, |_, number| number.checked_sub(1).ok_or("too small"));
    dioxus::use_handler(client, NAME, |_, number: u32| format!("{number}"));
    leptos::use_handler(client, QUESTION, |_, number| number + 1);
    leptos::use_handler(client, QUESTION, |_, number| async move { number.checked_sub(1).ok_or("too small") });
    leptos::use_handler(client, &String::from(NAME), |_, (): ()| async { "a string" });
    let _ = yew::use_handler(client, QUESTION, |_, number| number + 1);
    let _ = yew::use_handler(client, QUESTION, |_, number| async move { number + 1 });
    let _ = yew::use_handler(client, NAME, |_, number: u32| format!("{number}"));
}

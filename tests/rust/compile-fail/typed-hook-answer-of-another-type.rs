// error: the answer of this event is `u32`, but the handler returns `std::string::String`
// error: the answer of this event is `u32`, but the handler returns `()`
// error: the answer of this event is `u32`, but the handler returns `bool`

use socketio_wasm::{Client, TypedEvent, dioxus, leptos, yew};

const QUESTION: TypedEvent<u32, u32> = TypedEvent::new("question");

pub fn wrong(client: &Client) {
    dioxus::use_handler(client, QUESTION, |_, number| format!("{number}"));
    leptos::use_handler(client, QUESTION, |_, _| ());
    // Outside of a component a hook of Yew returns a value, and does nothing.
    let _ = yew::use_handler(client, QUESTION, |_, number| number > 1);
}

//! Hooks take a typed event in place of a name: the types of their functions need no annotation.

use super::waits::{ask, page_of_dioxus, page_of_yew, rendered, run_page, until};
use super::{dx, hooks, leptos, support::builder};
use dioxus::core::{Element, VNode};
use reactive_graph::owner::Owner;
use socketio_wasm::{Client, State, TypedEvent};
use std::cell::Cell;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

const TICK: TypedEvent<u32> = TypedEvent::new("tick");
const QUESTION: TypedEvent<u32, u32> = TypedEvent::new("question");

thread_local! {
    /// The sum of the numbers that the component has received.
    static SUM: Cell<u32> = const { Cell::new(0) };
}

fn add(number: u32) {
    SUM.set(SUM.get() + number);
}

async fn the_component_receives_and_answers(client: &Client) {
    SUM.set(0);
    until(client, State::Connected).await;
    client.emit("burst", 3).expect("is emitted");
    assert_eq!(ask(client, 20).await, 21);
    assert_eq!(SUM.get(), 3, "0, 1 and 2");
}

#[wasm_bindgen_test]
async fn a_hook_of_leptos_receives_and_answers_a_typed_event() {
    let page = Owner::new();
    let client = page.with(|| {
        let client = leptos::provide_client(builder());
        leptos::use_event(client, TICK, |number| add(number));
        leptos::use_handler(client, QUESTION, |_scope, number| number + 1);
        client.client()
    });
    the_component_receives_and_answers(&client).await;
}

#[component]
fn WithYew() -> Html {
    let client = hooks::use_new_client(builder);
    hooks::use_event(&client, TICK, |number| add(number));
    hooks::use_handler(&client, QUESTION, |_scope, number| number + 1);
    hooks::use_handler(&client, &String::from("name"), |_scope, ()| "a string is a name as well");
    rendered(&client);
    html! {}
}

#[wasm_bindgen_test]
async fn a_hook_of_yew_receives_and_answers_a_typed_event() {
    let (page, client) = page_of_yew::<WithYew>().await;
    the_component_receives_and_answers(&client).await;
    page.destroy();
}

fn with_dioxus() -> Element {
    let client = dx::use_client_provider(builder);
    dx::use_event(&client, TICK, |number| add(number));
    dx::use_handler(&client, QUESTION, |_scope, number| number + 1);
    rendered(&client);
    VNode::empty()
}

#[wasm_bindgen_test]
async fn a_hook_of_dioxus_receives_and_answers_a_typed_event() {
    let (mut page, client) = page_of_dioxus(with_dioxus);
    run_page(&mut page, the_component_receives_and_answers(&client)).await;
}

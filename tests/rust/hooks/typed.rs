//! Hooks take a typed event in place of a name: the types of their functions need no annotation.

use super::{ask, dx, hooks, leptos, support::builder, until};
use dioxus::core::{Element, VNode};
use reactive_graph::owner::Owner;
use socketio_wasm::{Client, State, TypedEvent};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

const TICK: TypedEvent<u32> = TypedEvent::new("tick");
const QUESTION: TypedEvent<u32, u32> = TypedEvent::new("question");

#[wasm_bindgen_test]
async fn a_hook_receives_and_answers_a_typed_event() {
    let page = Owner::new();
    let sum = Rc::new(Cell::new(0_u32));
    let client = page.with(|| {
        let client = leptos::provide_client(builder());
        let sum = sum.clone();
        leptos::use_event(client, TICK, move |number| sum.set(sum.get() + number));
        leptos::use_handler(client, QUESTION, |_scope, number| number + 1);
        client.client()
    });
    until(&client, State::Connected).await;
    client.emit("burst", 3).expect("is emitted");
    assert_eq!(ask(&client, 20).await, 21);
    assert_eq!(sum.get(), 3, "0, 1 and 2");
    drop(page);
    client.wait().await;
}

/// Compiles: the hooks of Yew take the same.
#[component]
fn WithYew() -> Html {
    let client = hooks::use_client();
    let sum = use_state(|| 0);
    let setter = sum.clone();
    hooks::use_event(&client, TICK, move |number| setter.set(*setter + number));
    hooks::use_handler(&client, QUESTION, |_scope, number| number + 1);
    hooks::use_handler(&client, &String::from("name"), |_scope, ()| "a string is a name as well");
    html! { { *sum } }
}

/// Compiles: the hooks of Dioxus take the same.
fn with_dioxus(client: &Client) -> Element {
    let mut sum = dioxus::hooks::use_signal(|| 0);
    dx::use_event(client, TICK, move |number| sum += number);
    dx::use_handler(client, QUESTION, |_scope, number| number + 1);
    VNode::empty()
}

#[wasm_bindgen_test]
fn each_framework_takes_typed_events() {
    let _ = (html! { <WithYew /> }, with_dioxus as fn(&Client) -> Element);
}

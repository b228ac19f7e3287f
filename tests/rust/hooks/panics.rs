//! A panic in a function of a component ends that call alone.

use super::waits::{ask, page_of_dioxus, page_of_yew, rendered, run_page, until};
use super::{Client, State, dx, hooks, leptos, support::builder};
use dioxus::core::{Element, VNode};
use reactive_graph::owner::Owner;
use std::cell::RefCell;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::js_sys::eval;
use yew::prelude::*;

thread_local! {
    /// The numbers that the component has received.
    static HEARD: RefCell<Vec<u32>> = RefCell::default();
}

fn hear(number: u32) {
    HEARD.with_borrow_mut(|heard| heard.push(number));
    assert_ne!(number, 1, "the component panics");
}

fn answer(number: u32) -> u32 {
    assert_ne!(number, 0, "the component panics");
    number + 1
}

async fn the_component_goes_on(client: &Client) {
    HEARD.take();
    until(client, State::Connected).await;
    // Panics are reported as uncaught errors, of which the test would hear.
    eval("globalThis.uncaught = [globalThis.reportError]; globalThis.reportError = (e) => uncaught.push(e)")
        .expect("runs");
    client.emit("burst", 3).expect("is emitted");
    client.emit("ask", 0).expect("is emitted");
    let answered = ask(client, 20).await;
    let uncaught = eval("globalThis.reportError = uncaught[0]; uncaught.length - 1").expect("runs");
    assert_eq!(answered, 21);
    assert_eq!(HEARD.take(), [0, 1, 2], "the stream goes on after a panic");
    assert_eq!(uncaught.as_f64(), Some(2.0), "each panic is reported");
}

#[wasm_bindgen_test]
async fn a_component_of_leptos_goes_on_after_a_panic() {
    let page = Owner::new();
    let client = page.with(|| {
        let client = leptos::provide_client(builder());
        leptos::use_event(client, "tick", hear);
        leptos::use_handler(client, "question", |_scope, number| answer(number));
        client.client()
    });
    the_component_goes_on(&client).await;
    assert!(Owner::current().is_none(), "the component is current only while its functions run");
}

#[component]
fn PageOfYew() -> Html {
    let client = hooks::use_new_client(builder);
    hooks::use_event(&client, "tick", hear);
    hooks::use_handler(&client, "question", |_scope, number| answer(number));
    rendered(&client);
    html! {}
}

#[wasm_bindgen_test]
async fn a_component_of_yew_goes_on_after_a_panic() {
    let (page, client) = page_of_yew::<PageOfYew>().await;
    the_component_goes_on(&client).await;
    page.destroy();
}

fn dioxus_page() -> Element {
    let client = dx::use_client_provider(builder);
    dx::use_event(&client, "tick", hear);
    dx::use_handler(&client, "question", |_scope, number| answer(number));
    rendered(&client);
    VNode::empty()
}

#[wasm_bindgen_test]
async fn a_component_of_dioxus_goes_on_after_a_panic() {
    let (mut page, client) = page_of_dioxus(dioxus_page);
    run_page(&mut page, the_component_goes_on(&client)).await;
}

//! The attempt to reconnect, as a component sees it for a banner.

use super::waits::{changed, page_of_dioxus, page_of_yew, rendered, run_page, until, until_that};
use super::{Client, dx, hooks, leptos, support};
use dioxus::core::{Element, VNode};
use dioxus::signals::ReadableExt;
use reactive_graph::owner::Owner;
use reactive_graph::traits::GetUntracked;
use socketio_wasm::{ClientBuilder, Reconnection, State};
use std::cell::RefCell;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;

type Banner = Box<dyn Fn() -> Option<Reconnection>>;

thread_local! {
    /// The attempt that the component has now.
    static BANNER: RefCell<Option<Banner>> = RefCell::default();
}

fn has_banner(banner: impl Fn() -> Option<Reconnection> + 'static) {
    BANNER.set(Some(Box::new(banner)));
    changed();
}

fn patient() -> ClientBuilder {
    support::builder().reconnection_delay(support::MINUTE, support::MINUTE)
}

async fn until_banner(what: &str, is_wanted: impl Fn(Option<Reconnection>) -> bool) {
    until_that(what, || BANNER.with_borrow(|banner| banner.as_ref().is_some_and(|banner| is_wanted(banner())))).await;
}

async fn the_banner_follows_the_attempts(client: &Client) {
    until(client, State::Connected).await;
    until_banner("no attempt", |now| now.is_none()).await;
    client.emit("close-engine", ()).expect("is emitted");
    let is_first = |now: Reconnection| now.attempt == 1 && now.delay > support::MINUTE / 3;
    until_banner("the first attempt", |now| now.is_some_and(is_first)).await;
    client.disconnect().await;
    until_banner("no attempt after the end", |now| now.is_none()).await;
    BANNER.take();
}

#[wasm_bindgen_test]
async fn a_component_of_leptos_sees_the_attempt_to_reconnect() {
    let page = Owner::new();
    let client = page.with(|| {
        let client = leptos::provide_client(patient());
        let reconnection = leptos::use_reconnection(client);
        has_banner(move || reconnection.get_untracked());
        let client = client.client();
        // The task of the hook, which changes the signal, was woken before this one.
        let changes = || yew::platform::spawn_local(async { changed() });
        client.on_reconnect_attempt(move |_scope, _attempt, _delay| changes()).keep();
        client.on_state(move |_scope, _now, _before| changes()).keep();
        client
    });
    the_banner_follows_the_attempts(&client).await;
}

fn dioxus_page() -> Element {
    let client = dx::use_client_provider(patient);
    let reconnection = *dx::use_reconnection(&client).read();
    has_banner(move || reconnection);
    rendered(&client);
    VNode::empty()
}

#[wasm_bindgen_test]
async fn a_component_of_dioxus_sees_the_attempt_to_reconnect() {
    let (mut page, client) = page_of_dioxus(dioxus_page);
    run_page(&mut page, the_banner_follows_the_attempts(&client)).await;
}

#[component]
fn PageOfYew() -> Html {
    let client = hooks::use_new_client(patient);
    let reconnection = hooks::use_reconnection(&client);
    has_banner(move || reconnection);
    rendered(&client);
    html! {}
}

#[wasm_bindgen_test]
async fn a_component_of_yew_sees_the_attempt_to_reconnect() {
    let (page, client) = page_of_yew::<PageOfYew>().await;
    the_banner_follows_the_attempts(&client).await;
    page.destroy();
}

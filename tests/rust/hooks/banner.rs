//! The attempt to reconnect, as a component sees it for a banner.

use super::{Client, SEEN, dx, hooks, leptos, place, rendered_client, support, until, within};
use dioxus::core::{Element, NoOpMutations, VNode, VirtualDom};
use dioxus::signals::ReadableExt;
use futures::future::{Either, select};
use futures::pin_mut;
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
}

fn patient() -> ClientBuilder {
    support::builder().reconnection_delay(support::MINUTE, support::MINUTE)
}

async fn until_banner(what: &str, is_wanted: impl Fn(Option<Reconnection>) -> bool) {
    within(what, async {
        while !BANNER.with_borrow(|banner| banner.as_ref().is_some_and(|banner| is_wanted(banner()))) {
            yew::platform::time::sleep(core::time::Duration::from_millis(5)).await;
        }
    })
    .await;
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
        client.client()
    });
    the_banner_follows_the_attempts(&client).await;
}

fn page_of_dioxus() -> Element {
    let client = dx::use_client_provider(patient);
    let reconnection = *dx::use_reconnection(&client).read();
    has_banner(move || reconnection);
    SEEN.with_borrow_mut(|seen| seen.client = Some(client));
    VNode::empty()
}

#[wasm_bindgen_test]
async fn a_component_of_dioxus_sees_the_attempt_to_reconnect() {
    let mut page = VirtualDom::new(page_of_dioxus);
    page.rebuild_in_place();
    let client = SEEN.take().client.expect("is rendered");
    let renders = async {
        loop {
            page.wait_for_work().await;
            page.render_immediate(&mut NoOpMutations);
        }
    };
    let follows = the_banner_follows_the_attempts(&client);
    pin_mut!(renders, follows);
    assert!(matches!(select(renders, follows).await, Either::Right(_)));
}

#[component]
fn PageOfYew() -> Html {
    let client = hooks::use_new_client(patient);
    let reconnection = hooks::use_reconnection(&client);
    has_banner(move || reconnection);
    SEEN.with_borrow_mut(|seen| seen.client = Some(client));
    html! {}
}

#[wasm_bindgen_test]
async fn a_component_of_yew_sees_the_attempt_to_reconnect() {
    SEEN.take(); // that of an earlier test
    let page = yew::Renderer::<PageOfYew>::with_root(place()).render();
    let client = rendered_client().await;
    the_banner_follows_the_attempts(&client).await;
    page.destroy();
}

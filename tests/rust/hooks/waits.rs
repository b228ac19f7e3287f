//! Waits of the tests, and what they share: without sleeps, since each change wakes those who wait.

use super::support;
use dioxus::core::{NoOpMutations, VirtualDom};
use futures::future::{Either, poll_fn, select};
use futures::{StreamExt, pin_mut};
use socketio_wasm::{Client, State};
use std::cell::RefCell;
use std::task::{Poll, Waker};

thread_local! {
    static WAITING: RefCell<Vec<Waker>> = RefCell::default();
    /// The client of the last page that was rendered.
    static RENDERED: RefCell<Option<Client>> = RefCell::default();
}

/// Waits for a future for at most 30 s.
pub async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    let limit = yew::platform::time::sleep(support::SECONDS);
    pin_mut!(work, limit);
    // The limit first: work that only its timer has woken was in vain.
    match select(limit, work).await {
        Either::Right((value, _)) => value,
        Either::Left(_) => panic!("waited 30 s in vain: {what}"),
    }
}

/// Evaluates the conditions of all waits again.
pub fn changed() {
    WAITING.take().into_iter().for_each(Waker::wake);
}

/// Waits until a condition holds, which is evaluated after each change.
pub async fn until_that(what: &str, condition: impl Fn() -> bool) {
    let holds = poll_fn(|context| {
        if condition() {
            return Poll::Ready(());
        }
        WAITING.with_borrow_mut(|waiting| waiting.push(context.waker().clone()));
        Poll::Pending
    });
    within(what, holds).await;
}

pub async fn until(client: &Client, wanted: State) {
    let mut states = client.states();
    let reached = async { while states.next().await.expect("the client lives") != wanted {} };
    within(&format!("{wanted:?}"), reached).await;
}

/// Makes the server ask, and returns the answer that it received.
pub async fn ask(client: &Client, number: u32) -> u32 {
    let mut answers = client.events_of("answered");
    client.emit("ask", number).expect("is emitted");
    answers.next().await.expect("an event").parse().expect("a number")
}

/// A page was rendered with this client.
pub fn rendered(client: &Client) {
    RENDERED.set(Some(client.clone()));
    changed();
}

/// Renders a page of Yew in a place of its own, and returns it with its client. `destroy` ends it.
pub async fn page_of_yew<P: yew::BaseComponent<Properties = ()>>() -> (yew::AppHandle<P>, Client) {
    RENDERED.take(); // that of an earlier test
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    let place = document.create_element("div").expect("an element");
    let page = yew::Renderer::<P>::with_root(place).render();
    until_that("the first render", || RENDERED.with_borrow(Option::is_some)).await;
    (page, RENDERED.take().expect("it is rendered"))
}

/// A page of Dioxus, and its client.
pub fn page_of_dioxus(page: fn() -> dioxus::core::Element) -> (VirtualDom, Client) {
    let mut page = VirtualDom::new(page);
    page.rebuild_in_place();
    (page, RENDERED.take().expect("it is rendered"))
}

/// Runs a page of Dioxus while a future is pending.
pub async fn run_page(page: &mut VirtualDom, work: impl Future<Output = ()>) {
    let renders = async {
        loop {
            page.wait_for_work().await;
            page.render_immediate(&mut NoOpMutations);
        }
    };
    pin_mut!(renders, work);
    assert!(matches!(select(renders, work).await, Either::Right(_)));
}

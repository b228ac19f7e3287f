//! The hooks alone, against a real server, in a browser: `make test-rust`. `frameworks.test.mjs` tests applications that use them.

#![cfg(all(test, target_arch = "wasm32"))]

#[path = "../../wasm/support.rs"]
mod support;

use dioxus::core::{Element, NoOpMutations, VNode, VirtualDom};
use dioxus::signals::{ReadableExt, WritableExt};
use futures::future::{Either, pending, select};
use futures::{FutureExt, StreamExt, pin_mut};
use reactive_graph::owner::Owner;
use reactive_graph::traits::GetUntracked;
use socketio_wasm::{Client, Error, DisconnectReason, State, dioxus as dx, leptos, yew as hooks};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use support::builder;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

/// Waits for a future for at most 30 s.
async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    let limit = yew::platform::time::sleep(support::SECONDS);
    pin_mut!(work, limit);
    match select(work, limit).await {
        Either::Left((value, _)) => value,
        Either::Right(_) => panic!("waited 30 s in vain: {what}"),
    }
}

async fn until(client: &Client, wanted: State) {
    let mut states = client.states();
    let reached = async { while states.next().await.expect("the client lives") != wanted {} };
    within(&format!("{wanted:?}"), reached).await;
}

/// Makes the server ask, and returns the answer that it received.
async fn ask(client: &Client, number: u32) -> Option<u32> {
    let mut answers = client.events_of("answered");
    client.emit("ask", number).expect("is emitted");
    answers.next().await.expect("an event").parse().expect("a number, or nothing")
}

#[wasm_bindgen_test]
async fn leptos_receives_each_event_answers_and_frees_everything_with_its_component() {
    let held = Rc::new(());
    let weak = Rc::downgrade(&held);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let page = Owner::new();
    let (client, state) = page.with(|| {
        let client = leptos::provide_client(builder());
        assert_eq!(leptos::use_client(), client);
        let state = leptos::use_connection_state(client);
        let list = heard.clone();
        leptos::use_event(client, "tick", move |number: u32| list.borrow_mut().push(number));
        (client.client(), state)
    });
    let component = page.child();
    let count = Rc::new(Cell::new(0));
    component.with(|| {
        let client = leptos::use_client();
        let counted = count.clone();
        leptos::use_event(client, "tick", move |_: u32| {
            assert_eq!(leptos::use_client().state(), State::Connected, "the function runs in the context of its component");
            counted.set(counted.get() + u32::from(Rc::strong_count(&held) > 0));
        });
        leptos::use_handler(client, "question", |_scope, number: u32| async move { number + 1 });
    });
    until(&client, State::Connected).await;
    client.emit("burst", 100).expect("is emitted");
    assert_eq!(ask(&client, 1).await, Some(2));
    assert_eq!((heard.borrow().len(), count.get(), state.get_untracked()), (100, 100, State::Connected));

    drop(component);
    client.emit("burst", 10).expect("is emitted");
    assert_eq!(ask(&client, 1).await, None, "the handler no longer answers");
    assert_eq!((heard.borrow().len(), count.get()), (110, 100));
    assert!(weak.upgrade().is_none(), "the values of the component's functions are freed");

    let mut call = client.call::<()>("never", ());
    assert!((&mut call).now_or_never().is_none(), "it waits for its answer");
    drop(page);
    let ended = call.await;
    assert!(matches!(&ended, Err(Error::Disconnected { reason: DisconnectReason::ClientDisconnect, .. })), "{ended:?}");
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected, "the connection ends with its component");
}

#[wasm_bindgen_test]
async fn a_pending_answer_ends_with_its_component_and_another_handler_answers() {
    let page = Owner::new();
    let client = page.with(|| leptos::provide_client(builder()).client());
    until(&client, State::Connected).await;
    let component = page.child();
    let (begin, begun) = support::once();
    let held = Rc::new(());
    let weak = Rc::downgrade(&held);
    component.with(|| {
        leptos::use_handler(&client, "question", move |_scope, _: u32| {
            begin(());
            let held = held.clone();
            pending::<u32>().inspect(move |_| drop(held))
        });
    });
    let mut answers = client.events_of("answered");
    client.emit("ask", 1).expect("is emitted");
    begun.await.expect("the question");
    drop(component);
    assert!(answers.next().await.expect("an event").is_empty(), "the answer is empty");
    assert!(weak.upgrade().is_none(), "the future is dropped");
    page.with(|| leptos::use_handler(&client, "question", |_scope, number: u32| number));
    assert_eq!(ask(&client, 2).await, Some(2));
}

#[wasm_bindgen_test]
async fn a_page_connects_only_the_namespaces_of_its_clients_builder() {
    let page = Owner::new();
    let client = page.with(|| {
        let client = leptos::provide_client(builder());
        leptos::use_handler(client.of("/chat"), "question", |_scope, ()| {});
        client.client()
    });
    until(&client, State::Connected).await;
    assert_eq!(client.namespaces(), ["/"]);
}

#[wasm_bindgen_test]
async fn a_component_without_a_provider_gets_a_client_that_never_connects() {
    let client = Owner::new().with(leptos::use_client);
    assert_eq!((client.state(), client.emit("x", ())), (State::Disconnected, Err(Error::NotConnected)));
}

/// The values of the last render of a component.
#[derive(Default)]
struct Seen {
    client: Option<Client>,
    renders: u32,
    state: Option<State>,
    heard: Vec<u32>,
}

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

fn see(client: Client, state: State, heard: Vec<u32>) {
    SEEN.with_borrow_mut(|seen| {
        let renders = seen.renders + 1;
        *seen = Seen { client: Some(client), renders, state: Some(state), heard };
    });
}

/// Lets a component receive a hundred events, and answer by its last render, which comes some time after these.
async fn talk_to_component(client: &Client) {
    until(client, State::Connected).await;
    client.emit("burst", 100).expect("is emitted");
    within("the last render", async { while ask(client, 1).await != Some(101) {} }).await;
    SEEN.with_borrow(|seen| {
        assert_eq!(seen.heard, (0..100).collect::<Vec<u32>>());
        assert!(seen.renders > 1 && seen.state == Some(State::Connected));
        assert_eq!(seen.client.as_ref(), Some(client), "each render had the same client");
        assert_eq!(client.namespaces(), ["/"], "handlers of components connect no namespace");
    });
}

fn app() -> Element {
    let client = dx::use_client_provider(builder);
    assert_eq!(dx::use_client(), client);
    let state = dx::use_connection_state(&client);
    let mut heard = dioxus::hooks::use_signal(Vec::new);
    dx::use_event(&client, "tick", move |number: u32| heard.write().push(number));
    let (now, count) = (state(), heard.read().clone());
    let length = count.len();
    dx::use_handler(&client, "question", move |_scope, number: usize| number + length);
    dx::use_handler(&client.of("/chat"), "question", |_scope, ()| {});
    see(client, now, count);
    VNode::empty()
}

#[wasm_bindgen_test]
async fn dioxus_receives_each_event_and_answers_by_the_last_render() {
    let mut page = VirtualDom::new(app);
    page.rebuild_in_place();
    let client = SEEN.take().client.expect("is rendered");
    {
        let renders = async {
            loop {
                page.wait_for_work().await;
                page.render_immediate(&mut NoOpMutations);
            }
        };
        let talk = talk_to_component(&client);
        pin_mut!(renders, talk);
        assert!(matches!(select(renders, talk).await, Either::Right(_)));
    }
    drop(page);
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected, "the connection ends with its component");
}

#[derive(Default)]
struct Heard(Vec<u32>);

impl Reducible for Heard {
    type Action = u32;

    fn reduce(self: Rc<Self>, number: u32) -> Rc<Self> {
        Self(self.0.iter().copied().chain([number]).collect()).into()
    }
}

#[component]
fn Page() -> Html {
    let client = hooks::use_new_client(builder);
    html! { <ContextProvider<Client> context={client}><Within /></ContextProvider<Client>> }
}

#[component]
fn Within() -> Html {
    let client = hooks::use_client();
    let state = hooks::use_connection_state(&client);
    let heard = use_reducer(Heard::default);
    let dispatcher = heard.dispatcher();
    hooks::use_event(&client, "tick", move |number: u32| dispatcher.dispatch(number));
    let length = heard.0.len();
    // Its effect runs before those of the components above, and still connects no namespace.
    hooks::use_handler(&client.of("/chat"), "question", |_scope, ()| {});
    hooks::use_handler(&client, "question", move |_scope, number: usize| number + length);
    hooks::use_handler(&client.of("/chat"), "question", |_scope, ()| {});
    see(client, state, heard.0.clone());
    html! {}
}

#[wasm_bindgen_test]
async fn yew_receives_each_event_and_answers_by_the_last_render() {
    let place = web_sys::window().and_then(|window| window.document()).expect("a page").create_element("div");
    let page = yew::Renderer::<Page>::with_root(place.expect("an element")).render();
    let client = within("the first render", async {
        loop {
            if let Some(client) = SEEN.take().client {
                break client;
            }
            yew::platform::time::sleep(core::time::Duration::ZERO).await;
        }
    })
    .await;
    talk_to_component(&client).await;
    page.destroy();
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected, "the connection ends with its component");
}

//! The hooks alone, against a real server, in a browser: `make test-rust`. `frameworks.test.mjs` tests applications that use them.

#![cfg(all(test, target_arch = "wasm32"))]

mod banner;
mod panics;
#[path = "../../wasm/support.rs"]
mod support;
mod typed;
mod waits;

use dioxus::core::{Element, VNode};
use dioxus::signals::{ReadableExt, WritableExt};
use futures::future::pending;
use futures::{FutureExt, StreamExt};
use reactive_graph::owner::Owner;
use reactive_graph::traits::GetUntracked;
use socketio_wasm::{Client, DisconnectReason, Error, State, dioxus as dx, leptos, yew as hooks};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use support::builder;
use waits::{ask, changed, page_of_dioxus, page_of_yew, rendered, run_page, until, until_that, within};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use yew::prelude::*;

wasm_bindgen_test_configure!(run_in_browser);

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
            assert_eq!(
                leptos::use_client().state(),
                State::Connected,
                "the function runs in the context of its component"
            );
            counted.set(counted.get() + u32::from(Rc::strong_count(&held) > 0));
        });
        leptos::use_handler(client, "question", |_scope, number: u32| async move { number + 1 });
    });
    until(&client, State::Connected).await;
    client.emit("burst", 100).expect("is emitted");
    assert_eq!(ask(&client, 1).await, 2);
    assert_eq!((heard.borrow().len(), count.get(), state.get_untracked()), (100, 100, State::Connected));

    drop(component);
    client.emit("burst", 10).expect("is emitted");
    let mut answers = client.events_of("answered");
    client.emit("ask", 1).expect("is emitted");
    client.call::<()>("echo", ()).await.expect("an answer");
    assert!(answers.next().now_or_never().is_none(), "the handler no longer answers, and nobody else does");
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
    assert_eq!(ask(&client, 2).await, 2);
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
    assert_eq!(
        (client.state(), client.emit("x", ())),
        (State::Disconnected, Err(Error::NotConnected { event: Some("x".into()) }))
    );
}

type States = Box<dyn Fn() -> (State, State)>;

thread_local! {
    /// The calls of the hooks about connections, in order.
    static CALLS: RefCell<Vec<String>> = RefCell::default();
    /// The states of the two namespaces that each component has now.
    static STATES: RefCell<BTreeMap<&'static str, States>> = RefCell::default();
    /// Mounts the third component.
    static MOUNT_THIRD: RefCell<Option<Box<dyn FnOnce()>>> = RefCell::default();
}

fn called(call: impl Into<String>) {
    CALLS.with_borrow_mut(|calls| calls.push(call.into()));
    changed();
}

fn has_states(name: &'static str, states: impl Fn() -> (State, State) + 'static) {
    STATES.with_borrow_mut(|all| all.insert(name, Box::new(states)));
    changed();
}

/// A client with two namespaces, of which the server refuses the second. No error reaches its builder.
fn half_refused() -> socketio_wasm::ClientBuilder {
    builder().namespace("/").namespace("/refuse").on_error(|error| panic!("a component has received it: {error}"))
}

/// Waits until these calls were made, in any order, and no other.
async fn until_called(wanted: &[String]) {
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    until_that(&format!("{wanted:?}"), || CALLS.with_borrow(|calls| calls.len() >= wanted.len())).await;
    let mut calls = CALLS.take();
    calls.sort_unstable();
    assert_eq!(calls, wanted);
}

/// Removes all handlers, as one component may. The hooks of the components stay.
fn remove_all_handlers(client: &Client) {
    for scope in ["/", "/refuse", "*"].map(|name| client.of(name)) {
        scope.on_connect(|_scope| called("a removed handler")).keep();
        for event in ["connect", "connect_error", "disconnect", "disconnectFinal", "*"] {
            assert_eq!(scope.off(event), event == "connect", "there is no other handler of {event}");
        }
    }
}

/// Two components have the same hooks, and a third one is mounted when the client is connected.
async fn each_component_hears_of_connections(client: &Client, mount_third: impl FnOnce()) {
    remove_all_handlers(client);
    let of = |names: &[&str], what: &[&str]| -> Vec<String> {
        names.iter().flat_map(|name| what.iter().map(move |what| format!("{name} {what}"))).collect()
    };
    until_called(&of(&["a", "b"], &["connect /", "refused"])).await;
    assert_eq!(client.namespaces(), ["/"], "the refused namespace has not ended the other one");
    mount_third();
    until_called(&of(&["c"], &["connect /"])).await;
    remove_all_handlers(client);
    client.emit("close-engine", ()).expect("is emitted");
    until_called(&of(&["a", "b", "c"], &["transport close", "connect /"])).await;
    let wanted = (State::Connected, State::Disconnected);
    let is_wanted = || STATES.with_borrow(|states| states.len() == 3 && states.values().all(|state| state() == wanted));
    until_that("the last states", is_wanted).await;
    STATES.take();
}

#[wasm_bindgen_test]
async fn leptos_components_hear_of_connections_and_do_not_silence_each_other() {
    let page = Owner::new();
    let client = page.with(|| leptos::provide_client(half_refused()));
    let mount = |name: &'static str| {
        let client = leptos::use_client();
        leptos::use_on_connect(client, move |scope| called(format!("{name} connect {}", scope.namespace())));
        leptos::use_on_disconnect(client, move |end| called(format!("{name} {}", end.cause)));
        leptos::use_connect_error(client.of("/refuse"), move |error| {
            assert!(matches!(error, Error::Refused { .. }), "{error}");
            called(format!("{name} refused"));
        });
        let [of_root, of_refused] = [client, client.of("/refuse")].map(leptos::use_connection_state);
        has_states(name, move || (of_root.get_untracked(), of_refused.get_untracked()));
    };
    page.with(|| ["a", "b"].map(mount));
    each_component_hears_of_connections(&client.client(), || page.with(|| mount("c"))).await;
}

/// Components of Dioxus, in a module of their own: its prelude and that of Yew have the same names.
mod dioxus_components {
    use super::{MOUNT_THIRD, called, dx, half_refused, has_states, rendered};
    use dioxus::prelude::*;

    #[component]
    fn Hearing(name: &'static str) -> Element {
        let client = dx::use_client();
        let refused = client.of("/refuse");
        dx::use_on_connect(&client, move |scope| called(format!("{name} connect {}", scope.namespace())));
        dx::use_on_disconnect(&client, move |end| called(format!("{name} {}", end.cause)));
        dx::use_connect_error(&refused, move |_error| called(format!("{name} refused")));
        let states = (dx::use_connection_state(&client), dx::use_connection_state(&refused));
        let (of_root, of_refused) = ((states.0)(), (states.1)());
        has_states(name, move || (of_root, of_refused));
        rsx! {}
    }

    pub fn hearing_page() -> Element {
        let client = dx::use_client_provider(half_refused);
        let mut is_third_mounted = use_signal(|| false);
        MOUNT_THIRD.set(Some(Box::new(move || is_third_mounted.set(true))));
        rendered(&client);
        rsx! {
            Hearing { name: "a" }
            Hearing { name: "b" }
            if is_third_mounted() {
                Hearing { name: "c" }
            }
        }
    }
}

fn mount_third() {
    if let Some(mount) = MOUNT_THIRD.take() {
        mount();
    }
}

#[wasm_bindgen_test]
async fn dioxus_components_hear_of_connections_and_do_not_silence_each_other() {
    let (mut page, client) = page_of_dioxus(dioxus_components::hearing_page);
    run_page(&mut page, each_component_hears_of_connections(&client, mount_third)).await;
}

#[derive(Properties, PartialEq)]
struct HearingProps {
    name: &'static str,
}

#[component]
fn Hearing(props: &HearingProps) -> Html {
    let name = props.name;
    let client = hooks::use_client();
    let refused = client.of("/refuse");
    hooks::use_on_connect(&client, move |scope| called(format!("{name} connect {}", scope.namespace())));
    hooks::use_on_disconnect(&client, move |end| called(format!("{name} {}", end.cause)));
    hooks::use_connect_error(&refused, move |_error| called(format!("{name} refused")));
    let (of_root, of_refused) = (hooks::use_connection_state(&client), hooks::use_connection_state(&refused));
    has_states(name, move || (of_root, of_refused));
    html! {}
}

#[component]
fn HearingPage() -> Html {
    let client = hooks::use_new_client(half_refused);
    let is_third_mounted = use_state(|| false);
    let setter = is_third_mounted.setter();
    MOUNT_THIRD.set(Some(Box::new(move || setter.set(true))));
    rendered(&client);
    html! {
        <ContextProvider<Client> context={client}>
            <Hearing name="a" />
            <Hearing name="b" />
            if *is_third_mounted {
                <Hearing name="c" />
            }
        </ContextProvider<Client>>
    }
}

#[wasm_bindgen_test]
async fn yew_components_hear_of_connections_and_do_not_silence_each_other() {
    let (page, client) = page_of_yew::<HearingPage>().await;
    each_component_hears_of_connections(&client, mount_third).await;
    page.destroy();
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

fn see(client: &Client, state: State, heard: Vec<u32>) {
    SEEN.with_borrow_mut(|seen| {
        let renders = seen.renders + 1;
        *seen = Seen { client: Some(client.clone()), renders, state: Some(state), heard };
    });
    rendered(client);
}

/// Lets a component receive a hundred events, and answer by its last render, which comes some time after these.
async fn talk_to_component(client: &Client) {
    until(client, State::Connected).await;
    client.emit("burst", 100).expect("is emitted");
    within("the last render", async { while ask(client, 1).await != 101 {} }).await;
    SEEN.with_borrow(|seen| {
        assert_eq!(seen.heard, (0..100).collect::<Vec<u32>>());
        assert!(seen.renders > 1 && seen.state == Some(State::Connected));
        assert_eq!(seen.client.as_ref(), Some(client), "each render had the same client");
        assert_eq!(client.namespaces(), ["/"], "handlers of components connect no namespace");
    });
    SEEN.take();
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
    see(&client, now, count);
    VNode::empty()
}

#[wasm_bindgen_test]
async fn dioxus_receives_each_event_and_answers_by_the_last_render() {
    let (mut page, client) = page_of_dioxus(app);
    run_page(&mut page, talk_to_component(&client)).await;
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
    see(&client, state, heard.0.clone());
    html! {}
}

#[wasm_bindgen_test]
async fn yew_receives_each_event_and_answers_by_the_last_render() {
    let (page, client) = page_of_yew::<Page>().await;
    talk_to_component(&client).await;
    page.destroy();
    client.wait().await;
    assert_eq!(client.state(), State::Disconnected, "the connection ends with its component");
}

//! Hooks for [Yew](https://yew.rs) 0.23 (cargo feature `yew`).
//!
//! ```ignore
//! use socketio_wasm::yew::{use_client, use_connection_state, use_event, use_handler, use_new_client};
//! use socketio_wasm::{Client, State};
//! use yew::prelude::*;
//!
//! #[component]
//! fn App() -> Html {
//!     let client = use_new_client(|| Client::builder("http://localhost:3000"));
//!     html! { <ContextProvider<Client> context={client}><Talk /></ContextProvider<Client>> }
//! }
//!
//! #[component]
//! fn Talk() -> Html {
//!     let client = use_client();
//!     let connected = use_connection_state(&client) == State::Connected;
//!     let lines = use_reducer(Lines::default);
//!     let dispatcher = lines.dispatcher();
//!     use_event(&client, "message", move |line: String| dispatcher.dispatch(line));
//!     use_handler(&client, "version", |_scope, ()| env!("CARGO_PKG_VERSION")); // answers the server
//!     let hello = move |_| drop(client.emit("message", "hello")); // fails only before connect() and after the end
//!     html! {
//!         <>
//!             <ul>{ for lines.0.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
//!             <button onclick={hello} disabled={!connected}>{ "Say hello" }</button>
//!         </>
//!     }
//! }
//!
//! #[derive(Default)]
//! struct Lines(Vec<String>);
//!
//! impl Reducible for Lines {
//!     type Action = String;
//!     fn reduce(self: std::rc::Rc<Self>, line: String) -> std::rc::Rc<Self> {
//!         let lines = self.0.iter().cloned().chain([line]);
//!         Self(lines.collect()).into()
//!     }
//! }
//! ```
//!
//! A handle of [`use_state`](yew::functional::use_state) has the value of the render in which it was made: `list.set(..)` in a
//! handler would lose one of two events that come before the next render. State that events accumulate belongs into a reducer, as
//! above.

use super::{Answering, Connection, Task};
use crate::client::{
    AnsweredName, Client, ClientBuilder, Disconnect, Error, EventName, IntoAck, Reconnection, Scope, State,
};
use futures::Stream;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::Rc;
use yew::functional::{hook, use_context, use_effect_with, use_memo, use_mut_ref, use_state_eq};

/// Makes a client at the component's first render and connects it; it stays the same in each later render. A failed attempt is
/// repeated, the first one too ([`retry`](ClientBuilder::retry)), and a namespace has 20 s to answer, unless the builder says
/// otherwise. The error that ends the attempts, and that of a refused namespace, goes to [`on_error`](ClientBuilder::on_error). A
/// refused namespace does not end the others.
///
/// Share it by a `ContextProvider<Client>`. When the component is unmounted, emitted events are still written, and the connection is
/// closed, even if others hold the client. Pending calls end with [`Error::Disconnected`](crate::Error::Disconnected).
///
/// ```ignore
/// use socketio_wasm::Client;
/// use socketio_wasm::yew::use_new_client;
/// use yew::prelude::*;
///
/// #[component]
/// fn App() -> Html {
///     let client = use_new_client(|| Client::builder("http://localhost:3000"));
///     html! { <ContextProvider<Client> context={client}>{ "components that use it" }</ContextProvider<Client>> }
/// }
/// ```
#[hook]
pub fn use_new_client(make: impl FnOnce() -> ClientBuilder) -> Client {
    let client = use_memo((), |()| make().build_lasting());
    use_effect_with((), {
        let client = client.clone();
        move |()| {
            let connection = Connection::of(&client);
            move || drop(connection)
        }
    });
    (*client).clone()
}

/// Returns the client of the nearest `ContextProvider<Client>` above. Without one, a message appears in the browser's console, and
/// the returned client never connects.
///
/// ```ignore
/// use socketio_wasm::yew::use_client;
/// use yew::prelude::*;
///
/// #[component]
/// fn Hello() -> Html {
///     let client = use_client();
///     html! { <button onclick={move |_| drop(client.emit("message", "hello"))}>{ "Say hello" }</button> }
/// }
/// ```
#[hook]
pub fn use_client() -> Client {
    let shared = use_context::<Client>();
    let client = use_memo(shared, |shared| shared.clone().unwrap_or_else(Client::disconnected_placeholder));
    (*client).clone()
}

/// Returns the state of a namespace: of `/` for a client, of `/chat` for `&client.of("/chat")`. The component is rendered again when
/// that changes.
///
/// ```ignore
/// use socketio_wasm::State;
/// use socketio_wasm::yew::{use_client, use_connection_state};
/// use yew::prelude::*;
///
/// #[component]
/// fn SendButton() -> Html {
///     let client = use_client();
///     let connected = use_connection_state(&client.of("/chat")) == State::Connected;
///     html! { <button disabled={!connected}>{ "Send" }</button> }
/// }
/// ```
#[hook]
pub fn use_connection_state(scope: &Scope) -> State {
    let state = use_state_eq(|| scope.state());
    let setter = state.setter();
    use_stream(scope.clone(), move |now| setter.set(now), Scope::states);
    *state
}

/// Returns the attempt to reconnect that the client waits for or makes, for a banner; `None` if there is none. The component is rendered
/// again when that changes.
///
/// ```ignore
/// use socketio_wasm::Reconnection;
/// use socketio_wasm::yew::{use_client, use_reconnection};
/// use yew::prelude::*;
///
/// #[component]
/// fn Banner() -> Html {
///     let client = use_client();
///     match use_reconnection(&client) {
///         Some(Reconnection { attempt, delay }) => html! { <p>{ format!("attempt {attempt}, in {delay:?}") }</p> },
///         None => html! {},
///     }
/// }
/// ```
#[hook]
pub fn use_reconnection(scope: &Scope) -> Option<Reconnection> {
    let reconnection = use_state_eq(|| scope.reconnection());
    let setter = reconnection.setter();
    use_stream(scope.clone(), move |now| setter.set(now), Scope::reconnections);
    *reconnection
}

/// Calls a function with the arguments of each event of a name, in order, while the component is mounted. Any number of
/// components may listen to the same event. The function is always that of the last render, so it may use the values of that.
///
/// The arguments have any type that serde can deserialize: a tuple is several, `()` is none, any other type is one. Arguments of
/// another type are reported to the builder's [`on_error`](ClientBuilder::on_error).
///
/// ```ignore
/// use socketio_wasm::yew::{use_client, use_event};
/// use yew::prelude::*;
///
/// #[component]
/// fn Price() -> Html {
///     let client = use_client();
///     let latest = use_state(String::new);
///     let setter = latest.setter();
///     use_event(&client, "price", move |(name, price): (String, f64)| setter.set(format!("{name} {price}")));
///     html! { <p>{ latest.as_str() }</p> }
/// }
/// ```
#[hook]
pub fn use_event<A, F>(scope: &Scope, event: impl EventName<A>, handler: F)
where
    A: DeserializeOwned + 'static,
    F: Fn(A) + 'static,
{
    let event = event.event_name().to_owned();
    use_stream((scope.clone(), event), handler, |(scope, event)| scope.arguments_of::<A>(event));
}

/// Answers the events of a name while the component is mounted. See [`Scope::on`]. The result of the function, or of the future
/// that it returns, is the acknowledgement. Several handlers of one event are all called, and the first result other than `()`
/// counts. When the component is unmounted, its pending futures are dropped, and the server receives an empty acknowledgement.
///
/// ```ignore
/// use socketio_wasm::yew::{use_client, use_handler};
/// use yew::prelude::*;
///
/// #[component]
/// fn Adder() -> Html {
///     let client = use_client();
///     use_handler(&client, "add", |_scope, (a, b): (u32, u32)| a + b);
///     html! {}
/// }
/// ```
#[hook]
pub fn use_handler<A, R, Kind, F>(scope: &Scope, event: impl AnsweredName<A, R, Kind>, handler: F)
where
    A: DeserializeOwned + 'static,
    R: IntoAck<Kind> + 'static,
    Kind: 'static,
    F: Fn(Scope, A) -> R + 'static,
{
    let latest = use_latest(handler);
    let event = event.event_name().to_owned();
    use_effect_with((scope.clone(), event), move |(scope, event)| {
        let answering = Answering::new(scope, event, move |scope, arguments: A, is_ack_wanted| {
            current(&latest)(scope, arguments).into_ack(is_ack_wanted)
        });
        move || drop(answering)
    });
}

/// Calls a function for each connection of the namespace while the component is mounted: for the present one, if there is one, and
/// after each reconnection.
///
/// ```ignore
/// use socketio_wasm::yew::{use_client, use_on_connect};
/// use yew::prelude::*;
///
/// #[component]
/// fn Lobby() -> Html {
///     let client = use_client();
///     use_on_connect(&client.of("/chat"), |chat| drop(chat.emit("join", "lobby")));
///     html! {}
/// }
/// ```
#[hook]
pub fn use_on_connect<F: Fn(Scope) + 'static>(scope: &Scope, handler: F) {
    let of = scope.clone();
    use_stream(scope.clone(), move |()| handler(of.clone()), Scope::connections);
}

/// Calls a function when the namespace's connection has ended, while the component is mounted.
///
/// ```ignore
/// use socketio_wasm::yew::{use_client, use_on_disconnect};
/// use yew::prelude::*;
///
/// #[component]
/// fn Notice() -> Html {
///     let client = use_client();
///     let notice = use_state(String::new);
///     let setter = notice.setter();
///     use_on_disconnect(&client, move |end| setter.set(format!("the connection has ended: {}", end.cause)));
///     html! { <p>{ notice.as_str() }</p> }
/// }
/// ```
#[hook]
pub fn use_on_disconnect<F: Fn(Disconnect) + 'static>(scope: &Scope, handler: F) {
    use_stream(scope.clone(), handler, Scope::disconnections);
}

/// Calls a function when an attempt to connect has failed, or the server has refused the namespace, while the component is mounted.
/// Such an error then no longer goes to the builder's [`on_error`](ClientBuilder::on_error).
///
/// ```ignore
/// use socketio_wasm::yew::{use_client, use_connect_error};
/// use yew::prelude::*;
///
/// #[component]
/// fn Problem() -> Html {
///     let client = use_client();
///     let problem = use_state(String::new);
///     let setter = problem.setter();
///     use_connect_error(&client, move |error| setter.set(error.to_string()));
///     html! { <p>{ problem.as_str() }</p> }
/// }
/// ```
#[hook]
pub fn use_connect_error<F: Fn(Error) + 'static>(scope: &Scope, handler: F) {
    use_stream(scope.clone(), handler, Scope::connect_errors);
}

/// Calls the function of the last render with each item of a stream, which is opened anew when its key `of` changes.
#[hook]
fn use_stream<K, S, F>(of: K, call: F, open: fn(&K) -> S)
where
    K: PartialEq + 'static,
    S: Stream + Unpin + 'static,
    F: Fn(S::Item) + 'static,
{
    let latest = use_latest(call);
    use_effect_with(of, move |of| {
        let task = Task::each(open(of), move |item| current(&latest)(item));
        move || drop(task)
    });
}

type Latest<F> = Rc<RefCell<Rc<F>>>;

/// Returns a cell with the function of the last render.
#[hook]
fn use_latest<F: 'static>(function: F) -> Latest<F> {
    let function = Rc::new(function);
    let first = function.clone();
    let latest = use_mut_ref(move || first);
    let before = latest.replace(function);
    drop(before); // here, not within the borrow: it may own values with user-supplied destructors
    latest
}

/// Takes a function out of its cell before it is called, since it may render its component anew.
fn current<F>(latest: &Latest<F>) -> Rc<F> {
    latest.borrow().clone()
}

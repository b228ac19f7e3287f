//! Hooks for [Leptos](https://leptos.dev) 0.8 (cargo feature `leptos`).
//!
//! ```ignore
//! use leptos::prelude::*;
//! use socketio_wasm::leptos::{provide_client, use_client, use_connection_state, use_event, use_handler};
//! use socketio_wasm::{Client, State};
//!
//! #[component]
//! fn App() -> impl IntoView {
//!     provide_client(Client::builder("http://localhost:3000"));
//!     view! { <Talk /> }
//! }
//!
//! #[component]
//! fn Talk() -> impl IntoView {
//!     let client = use_client();
//!     let state = use_connection_state(client);
//!     let (lines, set_lines) = signal(Vec::<String>::new());
//!     use_event(client, "message", move |line: String| set_lines.update(|lines| lines.push(line)));
//!     use_handler(client, "version", |_scope, ()| env!("CARGO_PKG_VERSION")); // answers the server
//!     let hello = move |_| drop(client.emit("message", "hello")); // fails only before connect() and after the end
//!     view! {
//!         <ul>{move || lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
//!         <button on:click=hello disabled=move || state.get() != State::Connected>"Say hello"</button>
//!     }
//! }
//! ```
//!
//! The handle of the client is `Copy` and `Send`, so that any closure of a view may use it. A signal of the latest event would lose
//! one of two events that come before an effect runs: [`use_event`] receives each.
//!
//! With Leptos' feature `ssr`, a server renders the components as disconnected; the hydrated page connects.

mod handle;

pub use handle::ClientHandle;

use super::{Answering, Connection, Task};
use crate::client::{
    Ack, AnsweredName, Client, ClientBuilder, Disconnect, Error, EventName, IS_SUPPORTED, IntoAck, Reconnection, Scope,
    State,
};
use crate::host::guard;
use futures::Stream;
use reactive_graph::diagnostics::SpecialNonReactiveZone;
use reactive_graph::owner::{Owner, StoredValue, WeakOwner, on_cleanup, provide_context, use_context};
use reactive_graph::signal::{ReadSignal, signal};
use reactive_graph::traits::{Set, UpdateValue};
use serde::de::DeserializeOwned;

/// Makes a client, connects it, and shares it with this component and all below. A failed attempt is repeated, the first one too
/// ([`retry`](ClientBuilder::retry)), and a namespace has 20 s to answer, unless the builder says otherwise. The error that ends
/// the attempts, and that of a refused namespace, goes to [`on_error`](ClientBuilder::on_error). A refused namespace does not end
/// the others.
///
/// When the component is unmounted, emitted events are still written, and the connection is closed, even if others hold the client.
/// Pending calls end with [`Error::Disconnected`](crate::Error::Disconnected).
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::Client;
/// use socketio_wasm::leptos::provide_client;
///
/// #[component]
/// fn App() -> impl IntoView {
///     provide_client(Client::builder("http://localhost:3000"));
///     view! { <p>"components that use it"</p> }
/// }
/// ```
pub fn provide_client(builder: ClientBuilder) -> ClientHandle {
    let client = builder.build_lasting();
    hold(Connection::of(&client));
    let handle = ClientHandle::of_client(client);
    provide_context(handle);
    handle
}

/// Returns the client of the nearest [`provide_client`] above. Without one, a message appears in the browser's console, and the
/// returned client never connects.
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::leptos::use_client;
///
/// #[component]
/// fn Hello() -> impl IntoView {
///     let client = use_client();
///     view! { <button on:click=move |_| drop(client.emit("message", "hello"))>"Say hello"</button> }
/// }
/// ```
pub fn use_client() -> ClientHandle {
    use_context().unwrap_or_else(|| ClientHandle::of_client(Client::disconnected_placeholder()))
}

/// Returns the state of a namespace: of `/` for a client, of `/chat` for `client.of("/chat")`.
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::State;
/// use socketio_wasm::leptos::{use_client, use_connection_state};
///
/// #[component]
/// fn Chat() -> impl IntoView {
///     let state = use_connection_state(use_client().of("/chat"));
///     view! { <Show when=move || state.get() == State::Connected>"Connected"</Show> }
/// }
/// ```
pub fn use_connection_state(scope: impl Into<Scope>) -> ReadSignal<State> {
    let scope = scope.into();
    latest(scope.state(), scope.states())
}

/// Returns the attempt to reconnect that the client waits for or makes, for a banner; `None` if there is none.
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::leptos::{use_client, use_reconnection};
///
/// #[component]
/// fn Banner() -> impl IntoView {
///     let reconnection = use_reconnection(use_client());
///     move || reconnection.get().map(|now| format!("attempt {}, in {:?}", now.attempt, now.delay))
/// }
/// ```
pub fn use_reconnection(scope: impl Into<Scope>) -> ReadSignal<Option<Reconnection>> {
    let scope = scope.into();
    latest(scope.reconnection(), scope.reconnections())
}

/// Returns a signal of the latest item of a stream.
fn latest<T: Send + Sync + 'static>(first: T, stream: impl Stream<Item = T> + Unpin + 'static) -> ReadSignal<T> {
    let (item, set_item) = signal(first);
    hold(Task::each(stream, move |now| {
        let _ = set_item.try_set(now); // fails if the component is gone
    }));
    item
}

/// Calls a function with the arguments of each event of a name, in order, while the component is mounted. Any number of
/// components may listen to the same event.
///
/// The arguments have any type that serde can deserialize: a tuple is several, `()` is none, any other type is one. Arguments of
/// another type are reported to the builder's [`on_error`](ClientBuilder::on_error).
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::leptos::{use_client, use_event};
///
/// #[component]
/// fn Price() -> impl IntoView {
///     let (latest, set_latest) = signal(String::new());
///     use_event(use_client(), "price", move |(name, price): (String, f64)| set_latest.set(format!("{name} {price}")));
///     view! { <p>{latest}</p> }
/// }
/// ```
pub fn use_event<A: DeserializeOwned + 'static>(
    scope: impl Into<Scope>,
    event: impl EventName<A>,
    handler: impl FnMut(A) + 'static,
) {
    each(scope.into().arguments_of::<A>(event.event_name()), handler);
}

/// Answers the events of a name while the component is mounted. See [`Scope::on`]. The result of the function, or of the future
/// that it returns, is the acknowledgement. Several handlers of one event are all called, and the first result other than `()`
/// counts. When the component is unmounted, its pending futures are dropped, and the server receives an empty acknowledgement.
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::leptos::{use_client, use_handler};
///
/// #[component]
/// fn Adder() -> impl IntoView {
///     use_handler(use_client(), "add", |_scope, (a, b): (u32, u32)| a + b);
/// }
/// ```
pub fn use_handler<A, R, Kind>(
    scope: impl Into<Scope>,
    event: impl AnsweredName<A, R, Kind>,
    handler: impl Fn(Scope, A) -> R + 'static,
) where
    A: DeserializeOwned,
    R: IntoAck<Kind>,
{
    let component = Component::current();
    let answer = move |scope, arguments, is_ack_wanted| {
        component.with(|| handler(scope, arguments).into_ack(is_ack_wanted)).unwrap_or_else(Ack::panicked)
    };
    hold(Answering::new(&scope.into(), event.event_name(), answer));
}

/// Calls a function for each connection of the namespace while the component is mounted: for the present one, if there is one, and
/// after each reconnection.
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::leptos::{use_client, use_on_connect};
///
/// #[component]
/// fn Lobby() -> impl IntoView {
///     use_on_connect(use_client().of("/chat"), |chat| drop(chat.emit("join", "lobby")));
/// }
/// ```
pub fn use_on_connect(scope: impl Into<Scope>, mut handler: impl FnMut(Scope) + 'static) {
    let scope = scope.into();
    each(scope.connections(), move |()| handler(scope.clone()));
}

/// Calls a function when the namespace's connection has ended, while the component is mounted.
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::leptos::{use_client, use_on_disconnect};
///
/// #[component]
/// fn Notice() -> impl IntoView {
///     let (notice, set_notice) = signal(String::new());
///     use_on_disconnect(use_client(), move |end| set_notice.set(format!("the connection has ended: {}", end.cause)));
///     view! { <p>{notice}</p> }
/// }
/// ```
pub fn use_on_disconnect(scope: impl Into<Scope>, handler: impl FnMut(Disconnect) + 'static) {
    each(scope.into().disconnections(), handler);
}

/// Calls a function when an attempt to connect has failed, or the server has refused the namespace, while the component is mounted.
/// Such an error then no longer goes to the builder's [`on_error`](ClientBuilder::on_error).
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::leptos::{use_client, use_connect_error};
///
/// #[component]
/// fn Problem() -> impl IntoView {
///     let (problem, set_problem) = signal(String::new());
///     use_connect_error(use_client(), move |error| set_problem.set(error.to_string()));
///     view! { <p>{problem}</p> }
/// }
/// ```
pub fn use_connect_error(scope: impl Into<Scope>, handler: impl FnMut(Error) + 'static) {
    each(scope.into().connect_errors(), handler);
}

/// Calls a function of this component with each item of a stream.
fn each<S: Stream + Unpin + 'static>(stream: S, mut call: impl FnMut(S::Item) + 'static) {
    let component = Component::current();
    hold(Task::each(stream, move |item| component.with(|| call(item)).unwrap_or_default()));
}

/// Holds a value until the component is unmounted.
fn hold<T: 'static>(thing: T) {
    if !IS_SUPPORTED {
        // A server may end a page on another thread than that which rendered it. There is nothing to hold.
        return;
    }
    let held = StoredValue::new_local(Some(thing));
    // Taken out before it is dropped: its destructor may run user code, which would find the arena locked while that is cleared.
    on_cleanup(move || drop(held.try_update_value(Option::take)));
}

/// The owner of the values of a component. It is held weakly, since it ends with its component.
struct Component(Option<WeakOwner>);

impl Component {
    fn current() -> Self {
        Self(Owner::current().map(|owner| owner.downgrade()))
    }

    /// Runs a function as if within the component, so that it finds contexts, and the values that it makes end with the component.
    /// It reads signals without subscribing to them, as the handlers of a view's events do. It returns `None` if the function panics. The
    /// guard is within: otherwise the component would stay the current one for ever.
    fn with<T>(&self, run: impl FnOnce() -> T) -> Option<T> {
        let run = || guard(None, run);
        let _zone = SpecialNonReactiveZone::enter();
        match self.0.as_ref().and_then(WeakOwner::upgrade) {
            Some(owner) => owner.with(run),
            None => run(),
        }
    }
}

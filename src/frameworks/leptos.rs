//! Hooks for [Leptos](https://leptos.dev) 0.8, rendered in the browser (cargo feature `leptos`).
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
//!     let state = use_connection_state(&client);
//!     let (lines, set_lines) = signal(Vec::<String>::new());
//!     use_event(&client, "message", move |line: String| set_lines.update(|lines| lines.push(line)));
//!     use_handler(&client, "version", |_scope, ()| env!("CARGO_PKG_VERSION")); // answers the server
//!     let hello = move |_| drop(client.emit("message", "hello")); // fails only before connect() and after the end
//!     view! {
//!         <ul>{move || lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
//!         <button on:click=hello disabled=move || state.get() != State::Connected>"Say hello"</button>
//!     }
//! }
//! ```
//!
//! A [`Client`] stays in its thread. If Leptos requires `Send`, as for closures of a view, hold it in a
//! `StoredValue::new_local(client)`, which is also `Copy`. A signal of the latest event would lose one of two events that come
//! before an effect runs: [`use_event`] receives each.

use super::{Answering, Connection, Task};
use crate::client::{Client, ClientBuilder, IntoAck, Scope, State};
use reactive_graph::diagnostics::SpecialNonReactiveZone;
use reactive_graph::owner::{LocalStorage, Owner, StoredValue, WeakOwner, on_cleanup, provide_context, use_context};
use reactive_graph::signal::{ReadSignal, signal};
use reactive_graph::traits::{GetValue, Set, UpdateValue};
use serde::de::DeserializeOwned;

/// Makes a client, connects it, and shares it with this component and all below. A failed attempt is repeated, the first one too
/// ([`retry`](ClientBuilder::retry)), and a namespace has 20 s to answer, unless the builder says otherwise. The error that ends
/// the attempts, such as [`Error::Refused`](crate::Error::Refused), goes to [`on_error`](ClientBuilder::on_error).
///
/// When the component is unmounted, emitted events are still written, and the connection is closed, even if others hold the client.
/// Pending calls end with [`Error::Disconnected`](crate::Error::Disconnected).
pub fn provide_client(builder: ClientBuilder) -> Client {
    let client = builder.build_lasting();
    hold(Connection::of(&client));
    provide_context(StoredValue::new_local(client.clone()));
    client
}

/// Returns the client of the nearest [`provide_client`] above. Without one, a message appears in the browser's console, and the
/// returned client never connects.
pub fn use_client() -> Client {
    let shared = use_context::<StoredValue<Client, LocalStorage>>();
    shared.and_then(|shared| shared.try_get_value()).unwrap_or_else(Client::disconnected_placeholder)
}

/// Returns the state of the client.
pub fn use_connection_state(client: &Client) -> ReadSignal<State> {
    let (state, set_state) = signal(client.state());
    hold(Task::each(client.states(), move |now| {
        let _ = set_state.try_set(now); // fails if the component is gone
    }));
    state
}

/// Calls a function with the arguments of each event of that name, in order, while the component is mounted. Any number of
/// components may listen to the same event.
///
/// The arguments have any type that serde can deserialize: a tuple is several, `()` is none, any other type is one. Arguments of
/// another type are reported to the builder's [`on_error`](ClientBuilder::on_error).
pub fn use_event<A: DeserializeOwned + 'static>(scope: &Scope, event: &str, mut handler: impl FnMut(A) + 'static) {
    let component = Component::current();
    hold(Task::each(scope.arguments_of::<A>(event), move |arguments| component.with(|| handler(arguments))));
}

/// Answers events of that name, as [`Scope::on`] does, while the component is mounted. The result of the function, or of the future
/// that it returns, is the acknowledgement. Several handlers of one event are all called, and the first result other than `()`
/// counts. When the component is unmounted, its pending futures are dropped, and the server receives an empty acknowledgement.
pub fn use_handler<A, R, Kind>(scope: &Scope, event: &str, handler: impl Fn(Scope, A) -> R + 'static)
where
    A: DeserializeOwned,
    R: IntoAck<Kind>,
{
    let component = Component::current();
    hold(Answering::new(scope, event, move |scope, arguments| component.with(|| handler(scope, arguments))));
}

/// Holds a value until the component is unmounted.
fn hold<T: 'static>(thing: T) {
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
    /// It reads signals without subscribing to them, as the handlers of a view's events do.
    fn with<T>(&self, run: impl FnOnce() -> T) -> T {
        let _zone = SpecialNonReactiveZone::enter();
        match self.0.as_ref().and_then(WeakOwner::upgrade) {
            Some(owner) => owner.with(run),
            None => run(),
        }
    }
}

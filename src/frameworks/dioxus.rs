//! Hooks for [Dioxus](https://dioxuslabs.com) 0.7, web and fullstack (cargo feature `dioxus`).
//!
//! ```ignore
//! use dioxus::prelude::*;
//! use socketio_wasm::dioxus::{use_client, use_client_provider, use_connection_state, use_event, use_handler};
//! use socketio_wasm::{Client, State};
//!
//! #[component]
//! fn App() -> Element {
//!     use_client_provider(|| Client::builder("http://localhost:3000"));
//!     rsx! { Talk {} }
//! }
//!
//! #[component]
//! fn Talk() -> Element {
//!     let client = use_client();
//!     let state = use_connection_state(&client);
//!     let mut lines = use_signal(Vec::<String>::new);
//!     use_event(&client, "message", move |line: String| lines.write().push(line));
//!     use_handler(&client, "version", |_scope, ()| env!("CARGO_PKG_VERSION")); // answers the server
//!     rsx! {
//!         ul {
//!             for line in lines.iter() {
//!                 li { "{line}" }
//!             }
//!         }
//!         button {
//!             disabled: state() != State::Connected,
//!             onclick: move |_| drop(client.emit("message", "hello")), // fails only before connect() and after the end
//!             "Say hello"
//!         }
//!     }
//! }
//! ```
//!
//! A signal of the latest event would lose one of two events that come before the next render: [`use_event`] receives each.

use super::{Answering, Connection};
use crate::client::{
    Ack, AnsweredName, Client, ClientBuilder, Disconnect, Error, EventName, IntoAck, Reconnection, Scope, State,
};
use crate::host::guard;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::Context;
use dioxus::core::{Callback, Task, spawn, try_consume_context, use_hook};
use dioxus::hooks::{use_callback, use_context_provider, use_signal};
use dioxus::signals::{ReadSignal, WritableExt};
use futures::Stream;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::Rc;

/// Makes a client at the component's first render, connects it, and shares it with all components below. A failed attempt is
/// repeated, the first one too ([`retry`](ClientBuilder::retry)), and a namespace has 20 s to answer, unless the builder says
/// otherwise. The error that ends the attempts, and that of a refused namespace, goes to [`on_error`](ClientBuilder::on_error). A
/// refused namespace does not end the others.
///
/// When the component is unmounted, emitted events are still written, and the connection is closed, even if others hold the client.
/// Pending calls end with [`Error::Disconnected`](crate::Error::Disconnected).
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::Client;
/// use socketio_wasm::dioxus::use_client_provider;
///
/// #[component]
/// fn App() -> Element {
///     use_client_provider(|| Client::builder("http://localhost:3000"));
///     rsx! { p { "components that use it" } }
/// }
/// ```
pub fn use_client_provider(make: impl FnOnce() -> ClientBuilder) -> Client {
    let client = use_context_provider(|| make().build_lasting());
    use_hook(|| Rc::new(Connection::of(&client)));
    client
}

/// Returns the client of the nearest [`use_client_provider`] above. Without one, a message appears in the browser's console, and
/// the returned client never connects.
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::dioxus::use_client;
///
/// #[component]
/// fn Hello() -> Element {
///     let client = use_client();
///     rsx! { button { onclick: move |_| drop(client.emit("message", "hello")), "Say hello" } }
/// }
/// ```
pub fn use_client() -> Client {
    use_hook(|| try_consume_context().unwrap_or_else(Client::disconnected_placeholder))
}

/// Returns the state of a namespace: of `/` for a client, of `/chat` for `&client.of("/chat")`.
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::State;
/// use socketio_wasm::dioxus::{use_client, use_connection_state};
///
/// #[component]
/// fn SendButton() -> Element {
///     let state = use_connection_state(&use_client().of("/chat"));
///     rsx! { button { disabled: state() != State::Connected, "Send" } }
/// }
/// ```
pub fn use_connection_state(scope: &Scope) -> ReadSignal<State> {
    let mut state = use_signal(|| scope.state());
    use_stream(scope.clone(), move |now| state.set(now), Scope::states);
    state.into()
}

/// Returns the attempt to reconnect that the client waits for or makes, for a banner; `None` if there is none.
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::dioxus::{use_client, use_reconnection};
///
/// #[component]
/// fn Banner() -> Element {
///     let reconnection = use_reconnection(&use_client());
///     rsx! {
///         if let Some(now) = reconnection() {
///             p { "attempt {now.attempt}, in {now.delay:?}" }
///         }
///     }
/// }
/// ```
pub fn use_reconnection(scope: &Scope) -> ReadSignal<Option<Reconnection>> {
    let mut reconnection = use_signal(|| scope.reconnection());
    use_stream(scope.clone(), move |now| reconnection.set(now), Scope::reconnections);
    reconnection.into()
}

/// Calls a function with the arguments of each event of a name, in order, while the component is mounted. Any number of
/// components may listen to the same event. The function is always that of the last render.
///
/// The arguments have any type that serde can deserialize: a tuple is several, `()` is none, any other type is one. Arguments of
/// another type are reported to the builder's [`on_error`](ClientBuilder::on_error).
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::dioxus::{use_client, use_event};
///
/// #[component]
/// fn Price() -> Element {
///     let mut latest = use_signal(String::new);
///     use_event(&use_client(), "price", move |(name, price): (String, f64)| latest.set(format!("{name} {price}")));
///     rsx! { p { "{latest}" } }
/// }
/// ```
pub fn use_event<A: DeserializeOwned + 'static>(
    scope: &Scope,
    event: impl EventName<A>,
    handler: impl FnMut(A) + 'static,
) {
    let event = event.event_name().to_owned();
    use_stream((scope.clone(), event), handler, |(scope, event)| scope.arguments_of::<A>(event));
}

/// Answers the events of a name while the component is mounted. See [`Scope::on`]. The result of the function, or of the future
/// that it returns, is the acknowledgement. Several handlers of one event are all called, and the first result other than `()`
/// counts. When the component is unmounted, its pending futures are dropped, and the server receives an empty acknowledgement.
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::dioxus::{use_client, use_handler};
///
/// #[component]
/// fn Adder() -> Element {
///     use_handler(&use_client(), "add", |_scope, (a, b): (u32, u32)| a + b);
///     rsx! {}
/// }
/// ```
pub fn use_handler<A, R, Kind>(
    scope: &Scope,
    event: impl AnsweredName<A, R, Kind>,
    mut handler: impl FnMut(Scope, A) -> R + 'static,
) where
    A: DeserializeOwned + 'static,
    R: IntoAck<Kind> + 'static,
{
    let handler =
        use_guarded(move |(scope, arguments, is_ack_wanted)| handler(scope, arguments).into_ack(is_ack_wanted));
    let answer = move |scope: Scope, arguments: A, is_ack_wanted| {
        handler.call((scope, arguments, is_ack_wanted)).unwrap_or_else(Ack::panicked)
    };
    let place = use_hook(|| Rc::new(RefCell::new(None)));
    let event = event.event_name();
    let wanted = (scope.clone(), event.to_owned());
    let changed = place.borrow().as_ref().is_none_or(|(now, _)| *now != wanted);
    if changed {
        drop(place.replace(Some((wanted, Answering::new(scope, event, answer)))));
    }
}

/// Calls a function for each connection of the namespace while the component is mounted: for the present one, if there is one, and
/// after each reconnection.
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::dioxus::{use_client, use_on_connect};
///
/// #[component]
/// fn Lobby() -> Element {
///     use_on_connect(&use_client().of("/chat"), |chat| drop(chat.emit("join", "lobby")));
///     rsx! {}
/// }
/// ```
pub fn use_on_connect(scope: &Scope, mut handler: impl FnMut(Scope) + 'static) {
    let of = scope.clone();
    use_stream(scope.clone(), move |()| handler(of.clone()), Scope::connections);
}

/// Calls a function when the namespace's connection has ended, while the component is mounted.
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::dioxus::{use_client, use_on_disconnect};
///
/// #[component]
/// fn Notice() -> Element {
///     let mut notice = use_signal(String::new);
///     use_on_disconnect(&use_client(), move |end| notice.set(format!("the connection has ended: {}", end.cause)));
///     rsx! { p { "{notice}" } }
/// }
/// ```
pub fn use_on_disconnect(scope: &Scope, handler: impl FnMut(Disconnect) + 'static) {
    use_stream(scope.clone(), handler, Scope::disconnections);
}

/// Calls a function when an attempt to connect has failed, or the server has refused the namespace, while the component is mounted.
/// Such an error then no longer goes to the builder's [`on_error`](ClientBuilder::on_error).
///
/// ```ignore
/// use dioxus::prelude::*;
/// use socketio_wasm::dioxus::{use_client, use_connect_error};
///
/// #[component]
/// fn Problem() -> Element {
///     let mut problem = use_signal(String::new);
///     use_connect_error(&use_client(), move |error| problem.set(error.to_string()));
///     rsx! { p { "{problem}" } }
/// }
/// ```
pub fn use_connect_error(scope: &Scope, handler: impl FnMut(Error) + 'static) {
    use_stream(scope.clone(), handler, Scope::connect_errors);
}

/// Returns a callback that calls the function of the last render, within the component. It returns `None` if that panics. The guard is
/// within the callback: a panic that passed through it would leave it borrowed for ever, and the component on Dioxus' stack.
fn use_guarded<T: 'static, R: 'static>(mut call: impl FnMut(T) -> R + 'static) -> Callback<T, Option<R>> {
    use_callback(move |item| guard(None, || call(item)))
}

/// Calls a function of the component with each item of a stream, which is opened anew when its key `of` changes.
fn use_stream<K, S>(of: K, call: impl FnMut(S::Item) + 'static, open: impl FnOnce(&K) -> S)
where
    K: PartialEq + 'static,
    S: Stream + Unpin + 'static,
    S::Item: 'static,
{
    let call = use_guarded(call);
    let running = use_hook(|| Rc::new(RefCell::new(None::<(K, Task)>)));
    let changed = running.borrow().as_ref().is_none_or(|(now, _)| *now != of);
    if changed {
        let mut stream = open(&of);
        // Reading arguments is user code as well. After a panic, the stream goes on with the next item.
        let mut next = move |context: &mut Context<'_>| loop {
            if let Some(next) = guard(None, || Pin::new(&mut stream).poll_next(context)) {
                break next;
            }
        };
        // The task belongs to the component, and ends with it.
        let task = spawn(async move {
            while let Some(item) = poll_fn(&mut next).await {
                call.call(item);
            }
        });
        if let Some((_, before)) = running.replace(Some((of, task))) {
            before.cancel();
        }
    }
}

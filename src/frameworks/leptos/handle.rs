//! The handle of a client in Leptos.

use crate::client::{Call, Client, Error, FromAck, IS_SUPPORTED, Scope, State};
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::traits::GetValue;
use serde::Serialize;

/// A handle of a client, or of one of its namespaces, that is `Copy` and `Send`: closures of a view, `<Show>` and `<For>` may use
/// it. It belongs to the component that provides the client. If that is unmounted, the handle is that of a client that never connects.
///
/// [`scope`](Self::scope) and [`client`](Self::client) return the values that have all other methods. They stay in their thread.
///
/// ```ignore
/// use leptos::prelude::*;
/// use socketio_wasm::leptos::{ClientHandle, use_client};
///
/// #[component]
/// fn Rooms(rooms: ReadSignal<Vec<String>>) -> impl IntoView {
///     let client: ClientHandle = use_client();
///     view! {
///         <For each=move || rooms.get() key=|room| room.clone() let(room)>
///             <button on:click=move |_| drop(client.of("/chat").emit("join", &room))>"Join"</button>
///         </For>
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientHandle {
    /// `None` off wasm, where threads share a page, and no client is connected.
    client: Option<StoredValue<Client, LocalStorage>>,
    namespace: &'static str,
}

impl ClientHandle {
    pub(super) fn of_client(client: Client) -> Self {
        Self { client: IS_SUPPORTED.then(|| StoredValue::new_local(client)), namespace: "/" }
    }

    /// Returns the handle of another namespace. [`Scope::of`] takes a name that is no literal.
    #[must_use]
    pub fn of(self, namespace: &'static str) -> Self {
        Self { namespace, ..self }
    }

    /// Returns the client, which has all methods that are not of one namespace.
    ///
    /// ```ignore
    /// use leptos::prelude::*;
    /// use socketio_wasm::leptos::use_client;
    ///
    /// #[component]
    /// fn Leave() -> impl IntoView {
    ///     let client = use_client();
    ///     view! { <button on:click=move |_| drop(client.client().disconnect())>"Leave"</button> }
    /// }
    /// ```
    pub fn client(self) -> Client {
        let client = self.client.and_then(|client| client.try_get_value());
        client.unwrap_or_else(Client::unconnected)
    }

    /// Returns the scope of the namespace, which has the methods that this handle lacks.
    ///
    /// ```ignore
    /// use leptos::prelude::*;
    /// use socketio_wasm::leptos::use_client;
    ///
    /// #[component]
    /// fn Pointer() -> impl IntoView {
    ///     let client = use_client();
    ///     let report = move |_| drop(client.scope().volatile().emit("moved", ()));
    ///     view! { <p on:mousemove=report>"Move here"</p> }
    /// }
    /// ```
    pub fn scope(self) -> Scope {
        self.client().of(self.namespace)
    }

    /// Emits an event in the namespace. See [`Scope::emit`].
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
    ///
    /// # Errors
    /// Returns the errors of [`Scope::emit`].
    pub fn emit(self, event: &str, arguments: impl Serialize) -> Result<(), Error> {
        self.scope().emit(event, arguments)
    }

    /// Emits an event in the namespace, and waits for the server's acknowledgement. See [`Scope::call`].
    ///
    /// ```ignore
    /// use leptos::prelude::*;
    /// use leptos::task::spawn_local;
    /// use socketio_wasm::leptos::use_client;
    ///
    /// #[component]
    /// fn Sum() -> impl IntoView {
    ///     let client = use_client();
    ///     let (sum, set_sum) = signal(None::<u32>);
    ///     let add = move |_| {
    ///         spawn_local(async move {
    ///             if let Ok(answer) = client.call("add", (20, 22)).await {
    ///                 set_sum.try_set(Some(answer)); // the component may be gone
    ///             }
    ///         });
    ///     };
    ///     view! { <button on:click=add>"20 + 22 = " {sum}</button> }
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`Scope::call`].
    pub fn call<T: FromAck>(self, event: &str, arguments: impl Serialize) -> Call<T> {
        self.scope().call(event, arguments)
    }

    /// Returns the present state of the namespace. [`use_connection_state`](super::use_connection_state) is a signal of it.
    pub fn state(self) -> State {
        self.scope().state()
    }
}

impl From<ClientHandle> for Scope {
    fn from(handle: ClientHandle) -> Self {
        handle.scope()
    }
}

impl From<&ClientHandle> for Scope {
    fn from(handle: &ClientHandle) -> Self {
        handle.scope()
    }
}

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
/// let client = use_client();
/// view! {
///     <For each=move || rooms.get() key=|room| room.clone() let(room)>
///         <button on:click=move |_| drop(client.of("/chat").emit("join", &room))>"Join"</button>
///     </For>
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

    /// Returns the client.
    pub fn client(self) -> Client {
        let client = self.client.and_then(|client| client.try_get_value());
        client.unwrap_or_else(Client::unconnected)
    }

    /// Returns the scope of the namespace.
    pub fn scope(self) -> Scope {
        self.client().of(self.namespace)
    }

    /// Emits an event, as [`Scope::emit`] does.
    ///
    /// # Errors
    /// Those of [`Scope::emit`].
    pub fn emit(self, event: &str, arguments: impl Serialize) -> Result<(), Error> {
        self.scope().emit(event, arguments)
    }

    /// Emits an event and waits for its acknowledgement, as [`Scope::call`] does.
    ///
    /// # Errors
    /// Those of [`Scope::call`].
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

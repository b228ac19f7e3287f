//! A client that belongs to a component of a page, where nobody awaits `connect` or calls it again.

use super::builder::ClientBuilder;
use super::{Client, Error};
use crate::tables::defaults;

impl ClientBuilder {
    /// Returns a client that also repeats a failed first attempt. It connects the namespaces that the builder has now,
    /// not those of the components that happen to be mounted first. A namespace that the server refuses does not end the
    /// others.
    pub(crate) fn build_lasting(mut self) -> Client {
        self.options.wait_timeout.get_or_insert(defaults::WAIT_TIMEOUT_MS);
        let client = self.retry().without_wait().build();
        let wanted = client.namespaces_to_connect();
        if let Some(state) = client.root.handle.state() {
            state.options.namespaces.replace(wanted);
        }
        client
    }
}

impl Client {
    /// Connects, and reports the error that ends all attempts.
    pub(crate) async fn connect_reporting(self) {
        if let Err(error) = self.connect().await {
            (self.root.handle.on_error)(&error);
        }
    }

    /// Returns a client that never connects.
    #[cfg(feature = "leptos")]
    pub(crate) fn unconnected() -> Self {
        Self::builder("").build()
    }

    /// Returns a client that never connects, for a component that asks for a client that nobody provides.
    pub(crate) fn disconnected_placeholder() -> Self {
        let client = Self::builder("").build();
        (client.root.handle.on_error)(&Error::NoClient);
        client
    }
}

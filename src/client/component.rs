//! A client that belongs to a page: nobody there would call `connect` again, or await it.

use super::builder::ClientBuilder;
use super::{Client, Error};
use crate::tables::defaults;

impl ClientBuilder {
    /// The client, which repeats its first attempt, too. The namespaces that it connects are those that are wanted now, not those of
    /// whichever components come to be first.
    pub(crate) fn build_lasting(mut self) -> Client {
        self.options.wait_timeout.get_or_insert(defaults::WAIT_TIMEOUT_MS);
        let client = self.retry().build();
        let wanted = client.wanted();
        client.driver().layer.frontend.options.namespaces.replace(wanted);
        client
    }
}

impl Client {
    /// Connects. Why that has ended for good is reported.
    pub(crate) async fn connect_reporting(self) {
        if let Err(error) = self.connect().await {
            self.driver().layer.frontend.options.report(&error);
        }
    }

    /// What is given to a component that asks for a client where there is none: one that never connects.
    pub(crate) fn disconnected_placeholder() -> Self {
        let client = Self::builder("").build();
        client.driver().layer.frontend.options.report(&Error::NoClient);
        client
    }
}

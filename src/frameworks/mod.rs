//! Hooks for frontends in Rust, each of one framework and of the cargo feature with its name. Those of all frameworks do the same:
//!
//! - one makes a client for the component that calls it and for all below it, connects it, and closes it when that component goes;
//! - one gives that client to those below;
//! - one is what the client is doing now, as a value to which the framework reacts;
//! - one hears events: each of them, in order, for as long as its component is there;
//! - one answers events of the server.

#[cfg(feature = "dioxus")]
pub mod dioxus;
#[cfg(feature = "leptos")]
pub mod leptos;
#[cfg(feature = "yew")]
pub mod yew;

use crate::client::task::Task;
use crate::client::{Client, IntoAck, Scope, Subscription};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// A client's connection, which belongs to one component: it is made with it, and closed when that goes, whoever else has the client.
struct Connection {
    client: Client,
    #[expect(dead_code, reason = "held to be dropped")]
    connecting: Task,
}

impl Connection {
    fn of(client: &Client) -> Self {
        Self { client: client.clone(), connecting: Task::run(client.clone().connect_reporting()) }
    }
}

impl Drop for Connection {
    /// In a task of its own: handlers of the user's are told of the end, and a framework is in the middle of something here.
    fn drop(&mut self) {
        let client = self.client.clone();
        spawn_local(async move { drop(client.disconnect()) });
    }
}

/// Answers events of the server for as long as this is held, and so do the futures of its handler: what they use may be gone with
/// their component.
struct Answering {
    #[expect(dead_code, reason = "held to be dropped")]
    subscription: Subscription,
    #[expect(dead_code, reason = "held to be dropped")]
    futures: Rc<RefCell<Vec<Task>>>,
}

impl Answering {
    fn new<A, R, Kind>(scope: &Scope, event: &str, handler: impl Fn(Client, A) -> R + 'static) -> Self
    where
        A: DeserializeOwned,
        R: IntoAck<Kind>,
    {
        let futures = Rc::default();
        let begun = Rc::downgrade(&futures);
        let answer = move |client, arguments, asked| handler(client, arguments).into_ack(asked).within(&begun, asked);
        Self { subscription: scope.on_asked(event, answer), futures }
    }
}

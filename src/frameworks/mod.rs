//! Hooks for frontends in Rust. Each framework has a module and a cargo feature with its name. All have the same hooks:
//!
//! - one makes a client for its component and the components below, connects it, and closes it when its component is unmounted;
//! - one returns that client to the components below;
//! - two return the state of a namespace, and the attempt to reconnect, as values to which the framework reacts;
//! - one listens to an event: it receives each, in order, while its component is mounted;
//! - one answers events of the server;
//! - three are called about the connection: when it is there, when it has ended, and when an attempt has failed.
//!
//! On a server that renders a page they do nothing, since its clients are inert.

#[cfg(feature = "dioxus")]
pub mod dioxus;
#[cfg(feature = "leptos")]
pub mod leptos;
#[cfg(feature = "yew")]
pub mod yew;

use crate::client::task::{Task, spawn};
use crate::client::{Ack, Client, Scope, Subscription};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::Rc;

/// The connection of a client, owned by one component: it is made with the component and closed with it, even if others hold the
/// client.
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
    /// Disconnects in a task of its own: user-supplied handlers are called about the end, and here a framework is in the middle of
    /// its work.
    fn drop(&mut self) {
        let client = self.client.clone();
        spawn(async move { drop(client.disconnect()) });
    }
}

/// Answers events of the server while this is held. The futures of its handler are dropped with it, since they may use values of
/// their component.
struct Answering {
    #[expect(dead_code, reason = "held to be dropped")]
    subscription: Subscription,
    #[expect(dead_code, reason = "held to be dropped")]
    futures: Rc<RefCell<Vec<Task>>>,
}

impl Answering {
    fn new<A: DeserializeOwned>(scope: &Scope, event: &str, answer: impl Fn(Scope, A, bool) -> Ack + 'static) -> Self {
        let futures = Rc::default();
        let begun = Rc::downgrade(&futures);
        let answer = move |scope, arguments, is_ack_wanted| {
            answer(scope, arguments, is_ack_wanted).within(&begun, is_ack_wanted)
        };
        Self { subscription: scope.on_with_ack_flag(event, answer), futures }
    }
}

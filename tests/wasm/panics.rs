//! Shared by the tests of panics in user code: intended panics, and a check that a client still works.

use crate::support::{SECONDS, SHORT, once};
use futures::StreamExt;
use socketio_wasm::{Client, Error, State};

pub fn panics_if(condition: bool) {
    assert!(!condition, "an intended panic");
}

/// Panics. Unlike `panic!` it returns `()`, as a handler must.
pub fn panics(place: &str) {
    assert!(place.is_empty(), "an intended panic in {place}");
}

/// Checks calls, timers, streams, handlers, drain, disconnect and connect of a connected client.
pub async fn works(client: &Client) {
    assert_eq!(client.state(), State::Connected);
    assert_eq!(client.call::<u8>("echo", 1).timeout(SECONDS).await, Ok(1), "a call");
    let late = client.call::<()>("never", ()).timeout(SHORT).await;
    assert!(matches!(late, Err(Error::CallTimeout { .. })), "a timer: {late:?}");
    let mut events = client.events_of("echo-back");
    client.emit("echo-back", 2).expect("is emitted");
    assert_eq!(events.next().await.expect("an event").parse(), Ok(2), "a stream");
    let (hear, heard) = once();
    let subscription = client.on("question", move |_scope, ()| hear(()));
    client.emit("ask", ()).expect("is emitted");
    heard.await.expect("a handler");
    drop(subscription);
    client.emit("burst", 0).expect("is emitted");
    client.drain().await;
    client.disconnect().await;
    assert_eq!(client.state(), State::Disconnected);
    client.connect().await.expect("connects again");
    assert_eq!(client.call::<u8>("echo", 4).timeout(SECONDS).await, Ok(4), "a call on the next connection");
}

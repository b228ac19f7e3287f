//! The state of each namespace, which may differ from that of the client.

use crate::support::{MINUTE, builder, connected};
use futures::{FutureExt, StreamExt};
use socketio_wasm::{Client, Error, State, States};
use wasm_bindgen_test::wasm_bindgen_test;

const NAMES: [&str; 3] = ["/", "/chat", "/refuse"];

fn states(client: &Client) -> [State; 3] {
    NAMES.map(|name| client.of(name).state())
}

/// The states that a stream has by now.
fn so_far(states: &mut States) -> Vec<State> {
    core::iter::from_fn(|| states.next().now_or_never().flatten()).collect()
}

#[wasm_bindgen_test]
async fn each_namespace_has_a_state_of_its_own() {
    use State::{Connected, Connecting, Disconnected};
    let client = builder().namespace("/").namespace("/refuse").without_wait().on_error(|_error| {}).build();
    let [mut root, mut chat, mut refused] = NAMES.map(|name| client.of(name).states());
    let mut of_client = client.states();
    assert_eq!(states(&client), [Disconnected; 3]);
    client.connect().await.expect("reaches the server");
    client.of("/").call::<()>("echo", ()).await.expect("an answer");
    refused.by_ref().filter(|state| core::future::ready(*state == Connecting)).next().await;
    assert_eq!(refused.next().await, Some(Disconnected), "the refused namespace ends alone");
    assert_eq!((states(&client), client.state()), ([Connected, Disconnected, Disconnected], Connected));
    client.connect_namespace("/chat").await.expect("connects");
    assert_eq!(states(&client), [Connected, Connected, Disconnected]);
    client.disconnect_namespace("/");
    assert_eq!((states(&client), client.state()), ([Disconnected, Connected, Disconnected], Connected));
    client.disconnect().await;
    assert_eq!((states(&client), client.state()), ([Disconnected; 3], Disconnected));
    assert_eq!(so_far(&mut root), [Disconnected, Connecting, Connected, Disconnected]);
    assert_eq!(so_far(&mut refused), []);
    assert_eq!(so_far(&mut chat), [Disconnected, Connecting, Connected, Disconnected]);
    let of_client = so_far(&mut of_client);
    assert_eq!(of_client, [Disconnected, Connecting, Connected, State::Disconnecting, Disconnected]);
}

#[wasm_bindgen_test]
async fn a_namespace_whose_connect_was_dropped_is_disconnected() {
    let client = connected().await;
    let mut chat = client.of("/chat").states();
    let mut joining = Box::pin(client.connect_namespace("/chat"));
    assert!(joining.as_mut().now_or_never().is_none());
    drop(joining);
    for state in [State::Disconnected, State::Connecting, State::Disconnected] {
        assert_eq!(chat.next().await, Some(state));
    }
}

#[wasm_bindgen_test]
async fn a_lost_namespace_is_reconnecting_and_one_that_was_left_is_not() {
    let client = builder().namespace("/").namespace("/chat").reconnection_delay(MINUTE, MINUTE).connect().await;
    let client = client.expect("connects");
    client.disconnect_namespace("/chat");
    let mut states_of_root = client.of("/").states();
    client.call::<()>("close-engine", ()).await.expect_err("the connection is lost");
    assert_eq!(states(&client), [State::Reconnecting, State::Disconnected, State::Disconnected]);
    client.disconnect().await;
    assert_eq!(so_far(&mut states_of_root), [State::Connected, State::Reconnecting, State::Disconnected],);
}

#[wasm_bindgen_test]
async fn a_scope_is_made_of_a_client_and_names_that_no_server_has_are_disconnected() {
    let client = connected().await;
    let root: socketio_wasm::Scope = (&client).into();
    assert_eq!((root.namespace(), root.state()), ("/", State::Connected));
    for name in ["*", "", "chat", "/unknown"] {
        assert_eq!(client.of(name).state(), State::Disconnected, "{name}");
    }
    assert_eq!(
        client.of("/unknown").emit("x", ()).map_err(|error| matches!(error, Error::BadNamespace { .. })),
        Err(true)
    );
}

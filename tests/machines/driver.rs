//! The driver: handlers that emit, connect, disconnect and panic while outputs are acted on. On every run,
//! `world` asserts that no handler runs in the middle of another one, that no borrow is held while one runs, and that no flush is
//! requested twice.

use crate::peer::Behavior;
use crate::world::{Deed, World};
use socketio_wasm::driver::HostEvents;
use socketio_wasm::engine::{self, Transports};
use socketio_wasm::socket::{SendMode, Settings, Status};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

fn connected(transports: Transports) -> World {
    let mut world = World::new(Settings::default(), Behavior::default());
    world.connect(&["/", "/b"], transports).unwrap();
    world.run(5_000);
    assert_eq!(world.status(), Status::Connected);
    world.user.request = None;
    world
}

/// The events that reached the user since then.
fn said_since(world: &World, before: usize) -> Vec<String> {
    world.said().split_off(before)
}

fn frames_sent(world: &World) -> usize {
    let sent = world.wire.iter().filter(|(_, action)| matches!(action, engine::Action::SendFrames(..)));
    sent.count()
}

#[test]
fn the_outputs_of_a_handlers_commands_come_behind_those_that_wait() {
    let mut world = connected(Transports::WebSocket);
    let before = world.said().len();
    // The handler of the first event ends everything, while the second namespace's end still waits.
    world.user.reactions = [Some(Deed::Leave("/b")), Some(Deed::Enter("/c")), Some(Deed::Disconnect(None))].into();
    world.server_sends("2[\"one\"]", &[]);
    world.run(1_000);
    let said = said_since(&world, before);
    let order: Vec<&str> = said.iter().map(String::as_str).collect();
    assert_eq!(order.first(), Some(&"event / [\"one\"]"));
    assert_eq!(order.get(1), Some(&"disconnected /b: client disconnect"), "{order:?}");
    assert_eq!(order.last(), Some(&"ended"), "{order:?}");
    assert_eq!(world.status(), Status::Disconnected);
}

#[test]
fn a_handler_may_connect_again_within_the_end_of_a_session() {
    let mut world = connected(Transports::WebSocket);
    world.user.request = Some(socketio_wasm::socket::Connect {
        namespaces: vec!["/".to_owned()],
        transports: Transports::WebSocket,
        version: None,
        wait: true,
        wait_timeout: 10_000,
        retry: false,
        retry_refused: false,
    });
    // The first output of the end is the `disconnect` event of `/`.
    world.user.reactions = [Some(Deed::Connect(Some(10_000)))].into();
    world.disconnect();
    world.run(5_000);
    assert_eq!(world.status(), Status::Connected, "{:?}", world.said());
    assert_eq!((world.begun, world.ended), (2, 1));
}

#[test]
fn a_panic_of_a_handler_ends_one_output_and_no_other() {
    let mut world = connected(Transports::WebSocket);
    let before = world.said().len();
    world.user.reactions = [Some(Deed::Panic), None, Some(Deed::Panic), None].into();
    world.server_sends("2[\"one\"]", &[]);
    world.disconnect();
    world.run(1_000);
    assert_eq!(world.panics, 2);
    let said = said_since(&world, before);
    for expected in ["disconnected /: client disconnect", "disconnected /b: client disconnect", "final /b", "ended"] {
        assert_eq!(said.iter().filter(|word| *word == expected).count(), 1, "{expected} in {said:?}");
    }
    assert_eq!(world.status(), Status::Disconnected);
    assert!(!world.is_active && !world.is_listening, "{said:?}");
}

#[test]
fn an_event_behind_one_whose_handler_panics_is_handed_on_and_answered() {
    for transports in [Transports::Polling, Transports::WebSocket] {
        let mut world = connected(transports);
        world.user.reactions = [Some(Deed::Panic)].into();
        world.server_sends_together(&["21[\"one\"]", "22[\"two\"]"]);
        world.run(1_000);
        assert_eq!(world.panics, 1);
        // The handler had answered before it panicked.
        let answers: Vec<u64> = world.server.answers.iter().map(|(id, _)| *id).collect();
        assert_eq!(answers, [1, 2], "{transports:?}: {:?}", world.said());
    }
}

#[test]
fn all_that_one_turn_sends_leaves_together_at_its_end() {
    let mut world = connected(Transports::WebSocket);
    let (sent, flushes) = (frames_sent(&world), world.flushes);
    for number in 0..5 {
        world.emit("/", &format!("[\"n\",{number}]")).unwrap();
        world.call("/b", "[\"ask\"]", None).unwrap();
    }
    assert_eq!((frames_sent(&world), world.flushes), (sent, flushes + 1));
    world.flush();
    assert_eq!(frames_sent(&world), sent + 1);
    world.run(1_000);
    assert_eq!(world.heard("/").len(), 5);
}

#[test]
fn what_handlers_send_leaves_at_the_end_of_the_turn_too() {
    let mut world = connected(Transports::WebSocket);
    world.answers = false;
    let sent = frames_sent(&world);
    world.user.reactions = vec![Some(Deed::Emit("/", SendMode::Buffer)); 3].into();
    let frame = |number: u32| {
        engine::Input::WebSocketReceived(
            live_socket(&world),
            socketio_wasm::protocol::Frame::Text(format!("42[\"e\",{number}]")),
        )
    };
    let inputs: Vec<_> = (0..3).map(frame).collect();
    world.drive(|driver| inputs.into_iter().for_each(|input| driver.on_input(input)));
    assert_eq!(frames_sent(&world), sent, "nothing leaves within the turn");
    world.flush();
    assert_eq!(frames_sent(&world), sent + 1);
    world.run(1_000);
    assert_eq!(world.heard("/").len(), 3);
}

fn live_socket(world: &World) -> engine::TransportId {
    let opened = world.wire.iter().rev().find_map(|(_, action)| match action {
        engine::Action::OpenWebSocket(id, _) => Some(*id),
        _ => None,
    });
    opened.expect("a websocket")
}

#[test]
fn a_client_is_active_from_connect_to_its_end_and_lives_until_then() {
    let mut world = World::new(Settings::default(), Behavior::default());
    assert!(!world.is_active);
    world.connect(&["/"], Transports::WebSocket).unwrap();
    assert!(world.is_active && world.is_listening);
    world.run(1_000);
    // One is the world's.
    assert_eq!(Rc::strong_count(&world.driver), 2, "an active driver holds itself");
    world.disconnect();
    world.run(1_000);
    assert!(!world.is_active && !world.is_listening);
    assert_eq!(Rc::strong_count(&world.driver), 1);
    assert_eq!(world.timer, None);
}

#[test]
fn a_driver_whose_machine_is_borrowed_for_good_says_so_and_ignores_its_host() {
    let mut world = connected(Transports::WebSocket);
    let before = world.log.len();
    let socket = live_socket(&world);
    world.drive(|driver| {
        // As if the stack had ended within the machine.
        driver.update(|_| {
            driver.on_timer();
            driver.on_turn_end();
            driver.on_network(false);
            driver.on_input(engine::Input::WebSocketOpened(socket));
            let command = AssertUnwindSafe(|| driver.command(|session, now| session.disconnect(now, None)));
            let panic = catch_unwind(command).expect_err("it is broken");
            let message = panic.downcast_ref::<String>().expect("a message");
            assert!(message.contains("can no longer be used"), "{message}");
        });
    });
    assert_eq!(world.log.len(), before);
}

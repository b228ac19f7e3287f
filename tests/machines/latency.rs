//! Round trips on a slow link, counted in virtual time: each direction takes 50 ms.

use crate::peer::Behavior;
use crate::world::World;
use socketio_wasm::engine::Transports;
use socketio_wasm::socket::Settings;

const TRIP: u64 = 100;

fn slow(transports: Transports, first_packets: &[&str]) -> World {
    let first_packets = first_packets.iter().map(|packet| (*packet).to_owned()).collect();
    let mut world = World::new(Settings::default(), Behavior { first_packets, ..Behavior::default() });
    world.latency = TRIP / 2;
    world.connect(&["/"], transports).unwrap();
    world
}

/// Returns the number of milliseconds after `since` at which this was logged.
fn after(world: &World, since: u64, word: &str) -> u64 {
    let entry = world.log.iter().find(|(_, action)| crate::world::word(action) == word);
    entry.unwrap_or_else(|| panic!("{word} among {:?}", world.said())).0 - since
}

#[test]
fn the_first_event_takes_two_round_trips() {
    for transports in [Transports::Polling, Transports::PollingThenWebSocket] {
        let mut world = slow(transports, &["2[\"first\"]"]);
        let begin = world.now;
        world.run(2_000);
        assert_eq!(after(&world, begin, "connected /"), 2 * TRIP, "{transports:?}");
        assert_eq!(after(&world, begin, "event / [\"first\"]"), 2 * TRIP, "{transports:?}");
    }
}

#[test]
fn several_namespaces_take_no_longer_than_one() {
    let mut world = World::new(Settings::default(), Behavior::default());
    world.latency = TRIP / 2;
    let begin = world.now;
    world.connect(&["/", "/a", "/b"], Transports::Polling).unwrap();
    world.run(2_000);
    assert_eq!(after(&world, begin, "connect ok"), 2 * TRIP);
}

#[test]
fn an_answer_of_a_handler_leaves_before_the_next_poll() {
    // The client's handler answers an event of the server: the POST leaves before the next poll, so it takes one round trip.
    let mut world = slow(Transports::Polling, &[]);
    world.run(1_000);
    let begin = world.now;
    world.server_sends("21[\"ask\"]", &[]);
    world.run(TRIP);
    assert!(world.server.received.is_empty());
    let order: Vec<_> = world.wire.iter().filter(|(at, _)| *at == begin + TRIP / 2).map(|(_, action)| action).collect();
    let posts_first =
        matches!(order[..], [socketio_wasm::engine::Action::Post(..), socketio_wasm::engine::Action::Get(..)]);
    assert!(posts_first, "{order:?}");
}

#[test]
fn calls_take_one_round_trip_over_each_transport() {
    for transports in [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket] {
        let mut world = slow(transports, &[]);
        world.run(3_000);
        let begin = world.now;
        let call = world.call("/", "[1]", None).unwrap();
        world.run(1_000);
        assert_eq!(after(&world, begin, &format!("ack {} [1]", call.0)), TRIP, "{transports:?}");
    }
}

#[test]
fn a_reconnection_takes_as_long_as_a_connection() {
    let mut world = slow(Transports::Polling, &["2[\"first\"]"]);
    world.run(1_000);
    world.cut_all();
    world.run(5_000);
    let again: Vec<u64> =
        world.log.iter().filter(|(_, it)| crate::world::word(it) == "connected /").map(|it| it.0).collect();
    let events: Vec<u64> =
        world.log.iter().filter(|(_, it)| crate::world::word(it).starts_with("event")).map(|it| it.0).collect();
    assert_eq!(again, events);
    assert_eq!(again.len(), 2);
}

//! Whole conversations with a server, over every transport.

use crate::peer::{Behavior, Versions};
use crate::world::World;
use socketio_wasm::engine::{Transport, Transports};
use socketio_wasm::socket::{SendMode, Settings, Status};

const TRANSPORTS: [Transports; 3] = [Transports::Polling, Transports::WebSocket, Transports::PollingThenWebSocket];
const SERVERS: [Versions; 5] = [Versions::V4, Versions::V3, Versions::V3Asked, Versions::V3Hidden, Versions::Both];

/// Returns every server over every transport, with and without a limit to the packets in a POST.
fn servers_and_transports() -> impl Iterator<Item = (Behavior, Transports)> {
    let servers = SERVERS.into_iter().flat_map(|versions| [Some(16), None].map(|max_packets| (versions, max_packets)));
    servers.flat_map(|(versions, max_packets)| {
        TRANSPORTS.map(|transports| (Behavior { versions, max_packets, ..Behavior::default() }, transports))
    })
}

fn connected(behavior: Behavior, transports: Transports) -> World {
    let mut world = World::new(Settings::default(), behavior);
    world.connect(&["/", "/chat"], transports).unwrap();
    world.run(200);
    assert_eq!(world.status(), Status::Connected, "{:?}", world.said());
    // A server whose version cannot be known is asked once more. No server connects `/` twice.
    let strict = world.server.behavior.versions == Versions::V3Asked;
    assert_eq!((world.server.refused_clients, world.server.repeated_connects), (u32::from(strict), 0));
    assert_eq!(world.server.connection_count(), 1);
    world
}

#[test]
fn connects_and_talks_both_ways_on_every_transport() {
    for (behavior, transports) in servers_and_transports() {
        let mut world = connected(behavior, transports);
        let mut expected = vec!["connected /", "connected /chat", "connect ok"];
        if transports == Transports::PollingThenWebSocket {
            expected.push("upgraded");
        }
        let mut said = world.said();
        said.sort();
        expected.sort_unstable();
        assert_eq!(said, expected);
        world.emit("/", r#"["a",1]"#).unwrap();
        let call = world.call("/chat", r#"["b"]"#, Some(1_000)).unwrap();
        world.run(100);
        assert_eq!(world.heard("/"), [r#"["a",1]"#]);
        assert_eq!(world.heard("/chat"), [r#"["b"]"#]);
        assert!(world.said().contains(&format!("ack {} [\"b\"]", call.0)));
        world.server_sends(r#"2/chat,7["hello"]"#, &[]);
        world.run(100);
        assert!(world.said().contains(&r#"event /chat ["hello"]"#.to_owned()));
        assert_eq!(world.server.answers, [(7, r#"["heard"]"#.to_owned())]);
        let expected = if transports == Transports::Polling { Transport::Polling } else { Transport::WebSocket };
        assert_eq!(world.driver.query(|session| session.transport()), Some(expected));
    }
}

#[test]
fn binary_goes_both_ways_on_every_transport() {
    for (behavior, transports) in servers_and_transports() {
        let mut world = connected(behavior, transports);
        let attachments: Vec<Vec<u8>> = (0..30_u8).map(|n| vec![n; usize::from(n)]).collect();
        let json = r#"["files",{"_placeholder":true,"num":0}]"#;
        let call = world.emit_with("/", json, attachments.clone(), SendMode::Buffer, Some(None)).unwrap().unwrap();
        world.run(300);
        assert_eq!(world.server.received[0].attachments, attachments);
        assert!(world.said().contains(&format!("ack {} {json}", call.0)));
    }
}

#[test]
fn heartbeats_keep_a_quiet_connection_alive() {
    for (behavior, transports) in servers_and_transports() {
        let mut world = connected(behavior, transports);
        world.run(300_000);
        assert_eq!(world.status(), Status::Connected, "{:?}", world.said());
        assert!(world.server.pongs >= 10, "{}", world.server.pongs);
    }
}

#[test]
fn sixty_calls_in_one_tick_are_all_answered() {
    for (behavior, transports) in servers_and_transports() {
        let mut world = connected(behavior, transports);
        for n in 0..60 {
            world.call("/", &format!("[\"n\",{n}]"), Some(5_000)).unwrap();
        }
        world.run(1_000);
        assert!(world.calls.is_empty());
        let expected: Vec<String> = (0..60).map(|n| format!("[\"n\",{n}]")).collect();
        assert_eq!(world.heard("/"), expected);
    }
}

#[test]
fn events_emitted_before_disconnect_arrive() {
    for (behavior, transports) in servers_and_transports() {
        let mut world = connected(behavior, transports);
        for n in 0..40 {
            world.emit("/", &format!("[{n}]")).unwrap();
        }
        // The world asserts that DISCONNECT is isolated from events.
        let before = world.now;
        world.disconnect();
        world.run(1_000);
        assert_eq!(world.heard("/").len(), 40);
        assert_eq!(world.ended, 1);
        assert_eq!(world.status(), Status::Disconnected);
        // Closing a websocket replaces DISCONNECT, and need not wait.
        let on_websocket = transports != Transports::Polling;
        assert_eq!(world.server.disconnects.len(), if on_websocket { 0 } else { 2 });
        assert_eq!(world.left, [0]);
        assert_eq!(world.server.connection_count(), 0);
        let ended = world.log.last().unwrap().0;
        assert!(ended - before < 110, "the hanging poll is aborted");
    }
}

#[test]
fn a_namespace_left_while_pending_is_left_on_the_server_too() {
    for (behavior, transports) in servers_and_transports() {
        let mut world = World::new(Settings::default(), Behavior { connect_takes: 50, ..behavior });
        world.connect(&["/"], transports).unwrap();
        world.run(200);
        world.connect_namespace("/slow").unwrap();
        world.run(20);
        world.disconnect_namespace("/slow");
        world.run(200);
        assert_eq!(world.server.namespaces(), ["/"]);
        assert_eq!(world.server.connects.iter().filter(|(name, _)| name == "/slow").count(), 1);
        assert_eq!(world.server.disconnects, ["/slow"]);
    }
}

#[test]
fn twenty_packets_in_one_poll_are_all_delivered() {
    let mut world = connected(Behavior::default(), Transports::Polling);
    let packets: Vec<String> = (0..20).map(|n| format!("2[\"n\",{n}]")).collect();
    world.server_sends_together(&packets.iter().map(String::as_str).collect::<Vec<_>>());
    world.run(50);
    let expected: Vec<String> = (0..20).map(|n| format!("event / [\"n\",{n}]")).collect();
    assert_eq!(world.said()[3..], expected);
}

#[test]
fn an_upgrade_neither_loses_nor_doubles_nor_reorders_events() {
    // One event every few milliseconds goes both ways, at every phase of the upgrade.
    for (latency, versions) in [1, 3, 7].into_iter().flat_map(|latency| SERVERS.map(|versions| (latency, versions))) {
        for phase in 0..12 {
            let mut world = World::new(Settings::default(), Behavior { versions, ..Behavior::default() });
            world.latency = latency;
            world.connect(&["/"], Transports::PollingThenWebSocket).unwrap();
            world.run(latency * 4 + phase);
            for n in 0..60 {
                world.emit("/", &format!("[{n}]")).unwrap();
                world.server_sends(&format!("2[{n}]"), &[]);
                world.run(1 + phase % 3);
            }
            world.run(500);
            assert!(world.said().contains(&"upgraded".to_owned()));
            let expected: Vec<String> = (0..60).map(|n| format!("[{n}]")).collect();
            assert_eq!(world.heard("/"), expected);
            let events = world.said().into_iter().filter_map(|word| Some(word.strip_prefix("event / ")?.to_owned()));
            assert_eq!(events.collect::<Vec<_>>(), expected);
        }
    }
}

#[test]
fn a_connection_whose_probe_is_never_answered_stays_on_polling() {
    for versions in SERVERS {
        let mut world =
            World::new(Settings::default(), Behavior { versions, answers_probes: false, ..Behavior::default() });
        world.connect(&["/"], Transports::PollingThenWebSocket).unwrap();
        for n in 0..100 {
            world.emit("/", &format!("[{n}]")).ok();
            world.run(100);
        }
        assert_eq!(world.driver.query(|session| session.transport()), Some(Transport::Polling));
        assert_eq!(world.heard("/").len(), 100);
    }
}

// [Q13]
#[test]
fn intervals_cut_to_whole_seconds_do_not_end_a_connection() {
    for transports in TRANSPORTS {
        let behavior =
            Behavior { ping_interval: 900, stated_interval: Some(0), ping_timeout: 400, ..Behavior::default() };
        let mut world = World::new(Settings::default(), behavior);
        world.connect(&["/"], transports).unwrap();
        world.run(60_000);
        assert_eq!(world.said().iter().filter(|word| word.starts_with("disconnected")).count(), 0);
    }
}

//! An Engine.IO connection by itself.

use crate::rig::{closed, endpoints, failed, ok, open_packet, opened, output_in_words, text};
use socketio_wasm::engine::{Config, EngineSession, EngineState, Input, SendError, TooLarge, Transport, Transports};
use socketio_wasm::protocol::{Frame, StdWire};

struct Rig {
    solo: EngineSession<StdWire, u32>,
    now: u64,
}

impl Rig {
    fn new() -> Self {
        Self { solo: EngineSession::default(), now: 0 }
    }

    fn step(&mut self, step: impl FnOnce(&mut EngineSession<StdWire, u32>, u64)) -> Vec<String> {
        step(&mut self.solo, self.now);
        let mut words = Vec::new();
        loop {
            while let Some(output) = self.solo.poll_output() {
                words.push(output_in_words(&output));
            }
            if !self.solo.wants_flush() {
                return words;
            }
            self.solo.flush(self.now);
        }
    }

    fn connect(&mut self, transports: Transports) -> Vec<String> {
        let config = Config { transports, ..Config::default() };
        self.step(|solo, now| assert!(solo.connect(now, config, endpoints())))
    }

    fn take(&mut self, input: Input<StdWire>) -> Vec<String> {
        self.step(|solo, now| solo.handle_input(now, input))
    }

    fn flush(&mut self) -> Vec<String> {
        assert!(self.solo.wants_flush());
        self.step(EngineSession::flush)
    }

    fn disconnect(&mut self, abort: bool) -> Vec<String> {
        self.step(|solo, now| solo.disconnect(now, abort))
    }

    /// Connected over websocket 1.
    fn connected() -> Self {
        let mut rig = Self::new();
        assert_eq!(rig.connect(Transports::WebSocket), ["open 1"]);
        assert_eq!(rig.solo.state(), EngineState::Connecting);
        rig.take(opened(1));
        assert_eq!(rig.take(text(1, &open_packet(""))), ["opened S"]);
        assert_eq!(rig.solo.state(), EngineState::Connected);
        rig
    }
}

fn message(text: &str) -> Frame<StdWire> {
    Frame::Text(text.to_owned())
}

#[test]
fn messages_go_both_ways() {
    let mut rig = Rig::connected();
    assert_eq!((rig.solo.sid(), rig.solo.transport()), (Some(&"S".to_owned()), Some(Transport::WebSocket)));
    rig.solo.send(message("hello")).unwrap();
    rig.solo.send(Frame::Bytes(vec![1, 2])).unwrap();
    assert_eq!(rig.solo.unsent(), 2);
    assert_eq!(rig.flush(), ["send 1 4hello|<2>"]);
    assert!(!rig.solo.wants_flush());
    assert_eq!(rig.take(text(1, "4there")), ["message there"]);
}

#[test]
fn only_a_connected_one_sends() {
    let mut rig = Rig::new();
    assert_eq!(rig.solo.send(message("x")), Err(SendError::NotConnected));
    rig.connect(Transports::Polling);
    assert_eq!(rig.solo.send(message("x")), Err(SendError::NotConnected));
    let mut rig = Rig::connected();
    let excess = TooLarge { size: 101, limit: 100 };
    assert_eq!(rig.solo.send(message(&"x".repeat(100))), Err(SendError::TooLarge(excess)));
    rig.disconnect(false);
    assert_eq!(rig.solo.send(message("x")), Err(SendError::NotConnected));
}

#[test]
fn what_was_sent_is_written_before_it_closes() {
    let mut rig = Rig::new();
    rig.connect(Transports::Polling);
    assert_eq!(rig.take(ok(1, &open_packet(""))), ["opened S", "get 2 of S"]);
    rig.solo.send(message("last")).unwrap();
    assert_eq!(rig.disconnect(false), ["post 3 4last"]);
    assert_eq!(rig.solo.state(), EngineState::Disconnecting);
    assert_eq!(rig.take(ok(3, "ok")), ["post 4 1"]);
    assert_eq!(rig.take(ok(4, "ok")), ["abort 2", "closed"]);
    assert_eq!((rig.solo.state(), rig.solo.transport()), (EngineState::Disconnected, Some(Transport::Polling)));
    assert_eq!(rig.solo.poll_timeout(), None);
}

#[test]
fn an_abort_writes_nothing_more() {
    let mut rig = Rig::connected();
    rig.solo.send(message("lost")).unwrap();
    assert_eq!(rig.disconnect(true), ["close 1", "closed"]);
    assert_eq!(rig.solo.state(), EngineState::Disconnected);
    assert_eq!(rig.disconnect(true), [""; 0]);
}

#[test]
fn the_next_connection_has_transports_of_its_own() {
    let mut rig = Rig::connected();
    assert!(!rig.solo.connect(0, Config::default(), endpoints()));
    assert_eq!(rig.take(closed(1)).len(), 1);
    assert_eq!(rig.solo.state(), EngineState::Disconnected);
    assert_eq!(rig.connect(Transports::Polling), ["get 2"]);
    assert_eq!(rig.take(text(1, "4late")), [""; 0]);
    assert_eq!(rig.take(failed(2)).len(), 1);
    assert_eq!(rig.solo.state(), EngineState::Disconnected);
}

#[test]
fn silence_is_noticed() {
    let mut rig = Rig::connected();
    rig.now = rig.solo.poll_timeout().unwrap();
    assert_eq!(rig.step(EngineSession::handle_timeout), ["close 1", "closed PingTimeout(46000)"]);
    let mut rig = Rig::new();
    rig.connect(Transports::WebSocket);
    assert_eq!(rig.disconnect(false), ["close 1", "closed"]);
}

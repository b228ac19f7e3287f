//! Engine.IO alone, without a Socket.IO session.

use crate::rig::{closed, describe_output, endpoints, failed, ok, open_packet, opened, text};
use socketio_wasm::engine::{Config, EngineSession, EngineState, Input, SendError, TooLarge, Transport, Transports};
use socketio_wasm::protocol::{Frame, StdWire};

struct Rig {
    session: EngineSession<StdWire, u32>,
    now: u64,
}

impl Rig {
    fn new() -> Self {
        Self { session: EngineSession::default(), now: 0 }
    }

    fn step(&mut self, step: impl FnOnce(&mut EngineSession<StdWire, u32>, u64)) -> Vec<String> {
        step(&mut self.session, self.now);
        let mut outputs = Vec::new();
        loop {
            while let Some(output) = self.session.poll_output() {
                outputs.push(describe_output(&output));
            }
            if !self.session.wants_flush() {
                return outputs;
            }
            self.session.flush(self.now);
        }
    }

    fn connect(&mut self, transports: Transports) -> Vec<String> {
        let config = Config { transports, ..Config::default() };
        self.step(|session, now| assert!(session.connect(now, config, endpoints())))
    }

    fn take(&mut self, input: Input<StdWire>) -> Vec<String> {
        self.step(|session, now| session.handle_input(now, input))
    }

    fn flush(&mut self) -> Vec<String> {
        assert!(self.session.wants_flush());
        self.step(EngineSession::flush)
    }

    fn disconnect(&mut self, abort: bool) -> Vec<String> {
        self.step(|session, now| session.disconnect(now, abort))
    }

    /// Connects over websocket 1.
    fn connected() -> Self {
        let mut rig = Self::new();
        assert_eq!(rig.connect(Transports::WebSocket), ["open 1"]);
        assert_eq!(rig.session.state(), EngineState::Connecting);
        rig.take(opened(1));
        assert_eq!(rig.take(text(1, &open_packet(""))), ["opened S"]);
        assert_eq!(rig.session.state(), EngineState::Connected);
        rig
    }
}

fn message(text: &str) -> Frame<StdWire> {
    Frame::Text(text.to_owned())
}

#[test]
fn messages_go_both_ways() {
    let mut rig = Rig::connected();
    assert_eq!((rig.session.sid(), rig.session.transport()), (Some(&"S".to_owned()), Some(Transport::WebSocket)));
    rig.session.send(message("hello")).unwrap();
    rig.session.send(Frame::Bytes(vec![1, 2])).unwrap();
    assert_eq!(rig.session.unsent(), 2);
    assert_eq!(rig.flush(), ["send 1 4hello|<2>"]);
    assert!(!rig.session.wants_flush());
    assert_eq!(rig.take(text(1, "4there")), ["message there"]);
}

#[test]
fn a_message_needs_a_connection() {
    let mut rig = Rig::new();
    assert_eq!(rig.session.send(message("x")), Err(SendError::NotConnected));
    rig.connect(Transports::Polling);
    assert_eq!(rig.session.send(message("x")), Err(SendError::NotConnected));
    let mut rig = Rig::connected();
    let excess = TooLarge { size: 101, limit: 100 };
    assert_eq!(rig.session.send(message(&"x".repeat(100))), Err(SendError::TooLarge(excess)));
    rig.disconnect(false);
    assert_eq!(rig.session.send(message("x")), Err(SendError::NotConnected));
}

#[test]
fn queued_messages_are_written_before_it_closes() {
    let mut rig = Rig::new();
    rig.connect(Transports::Polling);
    assert_eq!(rig.take(ok(1, &open_packet(""))), ["opened S", "get 2 of S"]);
    rig.session.send(message("last")).unwrap();
    assert_eq!(rig.disconnect(false), ["post 3 4last"]);
    assert_eq!(rig.session.state(), EngineState::Disconnecting);
    assert_eq!(rig.take(ok(3, "ok")), ["post 4 1"]);
    assert_eq!(rig.take(ok(4, "ok")), ["abort 2", "closed"]);
    assert_eq!((rig.session.state(), rig.session.transport()), (EngineState::Disconnected, Some(Transport::Polling)));
    assert_eq!(rig.session.poll_timeout(), None);
}

#[test]
fn an_abort_drops_queued_messages() {
    let mut rig = Rig::connected();
    rig.session.send(message("lost")).unwrap();
    assert_eq!(rig.disconnect(true), ["close 1", "closed"]);
    assert_eq!(rig.session.state(), EngineState::Disconnected);
    assert_eq!(rig.disconnect(true), [""; 0]);
}

#[test]
fn reports_of_an_earlier_connection_are_ignored() {
    let mut rig = Rig::connected();
    assert!(!rig.session.connect(0, Config::default(), endpoints()));
    assert_eq!(rig.take(closed(1)).len(), 1);
    assert_eq!(rig.session.state(), EngineState::Disconnected);
    assert_eq!(rig.connect(Transports::Polling), ["get 2"]);
    assert_eq!(rig.take(text(1, "4late")), [""; 0]);
    assert_eq!(rig.take(failed(2)).len(), 1);
    assert_eq!(rig.session.state(), EngineState::Disconnected);
}

#[test]
fn silence_ends_a_connection() {
    let mut rig = Rig::connected();
    rig.now = rig.session.poll_timeout().unwrap();
    assert_eq!(rig.step(EngineSession::handle_timeout), ["close 1", "closed PingTimeout(46000)"]);
    let mut rig = Rig::new();
    rig.connect(Transports::WebSocket);
    assert_eq!(rig.disconnect(false), ["close 1", "closed"]);
}

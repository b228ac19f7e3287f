//! An Engine.IO connection, driven by hand.

use super::{describe_output, endpoints, ok, open_packet, opened, text};
use socketio_wasm::engine::{self, Config, Engine, Event, Outgoing, Output, TransportId, Transports, VersionPolicy};
use socketio_wasm::protocol::{Frame, ProtocolVersion, StdWire};
use std::num::NonZeroUsize;

/// An engine, and the time.
pub struct EngineRig {
    pub engine: Engine<StdWire, u32>,
    pub now: u64,
    get: Option<u32>,
}

impl EngineRig {
    /// Begins to open; the first transport has id 1.
    pub fn open(transports: Transports) -> (Self, Vec<String>) {
        Self::open_in(VersionPolicy::Fixed(ProtocolVersion::V4), transports)
    }

    pub fn open_in(version_policy: VersionPolicy, transports: Transports) -> (Self, Vec<String>) {
        Self::open_with(Config { transports, version_policy, ..Config::default() })
    }

    pub fn open_with(config: Config) -> (Self, Vec<String>) {
        let mut rig = Self { engine: Engine::open(config, endpoints(), 0, 0), now: 0, get: None };
        let outputs = rig.outputs();
        (rig, outputs)
    }

    /// Opens over polling alone: GET 2 hangs.
    pub fn polling() -> Self {
        Self::polling_with(None)
    }

    /// Opens over polling alone, with a limit to the packets in a POST.
    pub fn polling_with(max_packets_per_post: Option<NonZeroUsize>) -> Self {
        let config = Config { transports: Transports::Polling, max_packets_per_post, ..Config::default() };
        let (mut rig, _) = Self::open_with(config);
        assert_eq!(rig.take(ok(1, &open_packet(""))), ["opened S", "get 2 of S"]);
        rig
    }

    /// Opens over websocket 1.
    pub fn websocket() -> Self {
        let (mut rig, _) = Self::open(Transports::WebSocket);
        assert_eq!(rig.take(opened(1)), [""; 0]);
        assert_eq!(rig.take(text(1, &open_packet(""))), ["opened S"]);
        rig
    }

    /// Opens over polling; websocket 2 is tried while GET 3 hangs.
    pub fn probing() -> Self {
        Self::probing_with(5_000)
    }

    pub fn probing_with(request_timeout: u64) -> Self {
        let transports = Transports::PollingThenWebSocket;
        let (mut rig, _) = Self::open_with(Config { transports, request_timeout, ..Config::default() });
        assert_eq!(rig.take(ok(1, &open_packet(r#""websocket""#))), ["opened S", "open 2 of S", "get 3 of S"]);
        rig
    }

    /// Makes a step. Returns all its outputs.
    pub fn step(&mut self, step: impl FnOnce(&mut Engine<StdWire, u32>, u64)) -> Vec<String> {
        step(&mut self.engine, self.now);
        self.outputs()
    }

    fn outputs(&mut self) -> Vec<String> {
        let mut outputs = Vec::new();
        while let Some(output) = self.engine.poll_output() {
            if let Output::Event(Event::Opened(_)) = output {
                self.engine.start_polling();
            }
            if let Output::Action(engine::Action::Get(id, _)) = &output {
                self.get = Some(id.0);
            }
            outputs.push(describe_output(&output));
        }
        outputs
    }

    /// Returns the last GET, if it is not answered.
    pub fn hanging_get(&self) -> Option<u32> {
        self.get
    }

    pub fn take(&mut self, input: engine::Input<StdWire>) -> Vec<String> {
        if let engine::Input::Responded(TransportId(id), ..) = &input {
            self.get.take_if(|get| get == id);
        }
        self.turn(|engine, now| engine.handle_input(now, input))
    }

    /// Makes a step, and flushes at the end of the turn.
    fn turn(&mut self, step: impl FnOnce(&mut Engine<StdWire, u32>, u64)) -> Vec<String> {
        let mut outputs = self.step(step);
        if self.engine.wants_flush() {
            outputs.extend(self.flush());
        }
        outputs
    }

    /// Sets the clock to `now`.
    pub fn tick(&mut self, now: u64) -> Vec<String> {
        self.now = now;
        self.turn(Engine::handle_timeout)
    }

    /// Queues a message whose content is its tag.
    pub fn send(&mut self, tag: u32) {
        self.try_send(tag).unwrap();
    }

    pub fn try_send(&mut self, tag: u32) -> Result<(), engine::TooLarge> {
        self.engine.send(Outgoing::new(tag, Frame::Text(tag.to_string()), Vec::new()))
    }

    pub fn flush(&mut self) -> Vec<String> {
        self.step(Engine::flush)
    }

    pub fn close(&mut self) -> Vec<String> {
        self.step(Engine::close)
    }
}

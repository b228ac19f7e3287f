//! An Engine.IO connection by itself, without a Socket.IO session above it.

use super::{Config, Endpoints, Engine, Event, Input, Outgoing, Output, Sink, TooLarge, Transport};
use crate::protocol::{Frame, Wire};

/// The states a user can tell apart: those of [`Engine`], and the time before and after one.
///
/// ```text
///                  connect               OPEN                disconnect
///   Disconnected ──────────► Connecting ──────► Connected ──────────────► Disconnecting
///        ▲                       │                  │                          │
///        └──── a failure, or disconnect ────────────┴────── all written ───────┘
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoloState {
    /// No connection, and none is being made.
    Disconnected,
    /// The handshake is awaited.
    Connecting,
    /// Messages flow.
    Connected,
    /// The last messages are being written.
    Disconnecting,
}

/// Why a message was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// There is no connection.
    NotConnected,
    /// The server would not take a message of this size.
    TooLarge(TooLarge),
}

/// One connection after the other, each made by `connect` alone: nothing is kept from one to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Solo<W: Wire, T> {
    engine: Option<Engine<W, T>>,
    state: SoloState,
    /// The last transport id of earlier engines.
    last_transport: u32,
    last_used: Option<Transport>,
    wants_flush: bool,
}

impl<W: Wire, T: Copy + Default> Default for Solo<W, T> {
    fn default() -> Self {
        let state = SoloState::Disconnected;
        Self { engine: None, state, last_transport: 0, last_used: None, wants_flush: false }
    }
}

impl<W: Wire, T: Copy + Default> Solo<W, T> {
    // Queries

    /// The state, as a user sees it.
    pub fn state(&self) -> SoloState {
        self.state
    }

    /// The Engine.IO session id, once the handshake is done.
    pub fn sid(&self) -> Option<&W::Text> {
        self.engine.as_ref().and_then(Engine::sid)
    }

    /// The transport in use, or the last one that was.
    pub fn transport(&self) -> Option<Transport> {
        self.engine.as_ref().and_then(Engine::transport).or(self.last_used)
    }

    /// How many messages are kept, not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        self.engine.as_ref().map_or(0, Engine::unsent)
    }

    /// Whether anything was sent since the last [`flush`](Self::flush).
    pub fn wants_flush(&self) -> bool {
        self.wants_flush
    }

    /// When [`tick`](Self::tick) next has something to do.
    pub fn deadline(&self) -> Option<u64> {
        self.engine.as_ref().and_then(Engine::deadline)
    }

    // Inputs

    /// Takes what the host reports.
    pub fn handle(&mut self, now: u64, input: Input<W>, sink: &mut Sink<W, T>) {
        self.step(sink, |engine, sink| engine.handle(now, input, sink));
    }

    /// Notices by the clock what did not happen in time.
    pub fn tick(&mut self, now: u64, sink: &mut Sink<W, T>) {
        self.step(sink, |engine, sink| engine.tick(now, sink));
    }

    // Commands

    /// Begins to connect, and says whether it does: not while there is a connection already.
    pub fn connect(&mut self, now: u64, config: Config, endpoints: Endpoints<W::Text>, sink: &mut Sink<W, T>) -> bool {
        let idle = self.engine.is_none();
        if idle {
            self.engine = Some(Engine::open(config, endpoints, self.last_transport, now, sink));
            self.state = SoloState::Connecting;
        }
        idle
    }

    /// Queues a message; [`flush`](Self::flush) hands it over.
    pub fn send(&mut self, message: Frame<W>) -> Result<(), Unsent> {
        match &mut self.engine {
            Some(engine) if self.state == SoloState::Connected => {
                engine.send(Outgoing::new(T::default(), message, [])).map_err(Unsent::TooLarge)?;
                self.wants_flush = true;
                Ok(())
            }
            _ => Err(Unsent::NotConnected),
        }
    }

    /// Hands what was sent to the transport.
    pub fn flush(&mut self, now: u64, sink: &mut Sink<W, T>) {
        self.wants_flush = false;
        self.step(sink, |engine, sink| engine.flush(now, sink));
    }

    /// Closes the connection: when what was sent is written, or with `abort` at once.
    pub fn disconnect(&mut self, now: u64, abort: bool, sink: &mut Sink<W, T>) {
        if self.state == SoloState::Connected {
            self.state = SoloState::Disconnecting;
        }
        self.step(sink, |engine, sink| if abort { engine.abort(sink) } else { engine.close(now, sink) });
    }

    /// Lets the engine do something, and takes note of what it says.
    fn step(&mut self, sink: &mut Sink<W, T>, step: impl FnOnce(&mut Engine<W, T>, &mut Sink<W, T>)) {
        let Some(engine) = &mut self.engine else { return };
        let before = sink.len();
        step(engine, sink);
        self.last_used = engine.transport().or(self.last_used);
        for output in sink.iter().skip(before) {
            match output {
                Output::Event(Event::Opened(_)) => self.state = SoloState::Connected,
                Output::Event(Event::Closed(_)) => self.state = SoloState::Disconnected,
                _ => {}
            }
        }
        if self.state == SoloState::Disconnected {
            self.last_transport = engine.last_id();
            self.engine = None;
            self.wants_flush = false;
        }
    }
}

//! Engine.IO alone, without a Socket.IO session above it.

use super::{Config, Endpoints, Engine, Event, Fifo, Input, Outgoing, Output, TooLarge, Transport};
use crate::protocol::{Frame, Wire};

/// The states as a user sees them: those of [`Engine`], and the time before and after one.
///
/// ```text
///                  connect               OPEN                disconnect
///   Disconnected ──────────► Connecting ──────► Connected ──────────────► Disconnecting
///        ▲                       │                  │                          │
///        └──── a failure, or disconnect ────────────┴────── all written ───────┘
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineState {
    /// There is no connection, and none is being made.
    Disconnected,
    /// The handshake is awaited.
    Connecting,
    /// Messages flow.
    Connected,
    /// The last messages are being written.
    Disconnecting,
}

/// The reason for which a message was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// There is no connection.
    NotConnected,
    /// The server would not accept a message of this size.
    TooLarge(TooLarge),
}

/// One connection after the other. Only `connect` makes one, and no message is carried over to the next.
///
/// Like an [`Engine`], it queues outputs, which are taken with [`poll_output`](Self::poll_output) after each input and command.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineSession<W: Wire, T> {
    engine: Option<Engine<W, T>>,
    /// The last outputs of the previous connection, if `connect` was called before they were taken.
    earlier: Fifo<Output<W, T>>,
    state: EngineState,
    /// The last transport id that earlier engines gave out.
    last_transport_id: u32,
    last_transport: Option<Transport>,
    /// The number of messages that the last connection has not delivered for certain.
    undelivered: usize,
}

impl<W: Wire, T: Copy + Default> Default for EngineSession<W, T> {
    fn default() -> Self {
        Self {
            engine: None,
            earlier: Fifo::new(),
            state: EngineState::Disconnected,
            last_transport_id: 0,
            last_transport: None,
            undelivered: 0,
        }
    }
}

impl<W: Wire, T: Copy + Default> EngineSession<W, T> {
    // Queries

    /// Returns the state.
    pub fn state(&self) -> EngineState {
        self.state
    }

    /// Returns the Engine.IO session id, once the handshake is done.
    pub fn sid(&self) -> Option<&W::Text> {
        self.engine.as_ref().and_then(Engine::sid)
    }

    /// Returns the transport in use, or the last one that was in use.
    pub fn transport(&self) -> Option<Transport> {
        self.engine.as_ref().and_then(Engine::transport).or(self.last_transport)
    }

    /// Returns the number of buffered messages: those not yet handed to the transport.
    pub fn unsent(&self) -> usize {
        self.engine.as_ref().map_or(0, Engine::unsent)
    }

    /// Returns the number of messages that the last connection has not sent, or may not have delivered.
    pub fn undelivered(&self) -> usize {
        self.undelivered
    }

    /// Returns whether [`flush`](Self::flush) has something to do.
    pub fn wants_flush(&self) -> bool {
        self.engine.as_ref().is_some_and(Engine::wants_flush)
    }

    // Inputs

    /// Handles a report of the host.
    pub fn handle_input(&mut self, now: u64, input: Input<W>) {
        if let Some(engine) = &mut self.engine {
            engine.handle_input(now, input);
        }
    }

    /// Handles every deadline that has passed.
    pub fn handle_timeout(&mut self, now: u64) {
        if let Some(engine) = &mut self.engine {
            engine.handle_timeout(now);
        }
    }

    // Outputs

    /// Takes the next output, in order.
    pub fn poll_output(&mut self) -> Option<Output<W, T>> {
        self.earlier.pop().or_else(|| self.poll_engine())
    }

    fn poll_engine(&mut self) -> Option<Output<W, T>> {
        let engine = self.engine.as_mut()?;
        let output = engine.poll_output();
        self.last_transport = engine.transport().or(self.last_transport);
        match output {
            Some(Output::Event(Event::Opened(_))) => {
                self.state = EngineState::Connected;
                engine.start_polling();
            }
            Some(Output::Event(Event::Closed(_))) => {
                self.state = EngineState::Disconnected;
                self.undelivered = self.undelivered.saturating_add(engine.take_unsent().len());
                self.last_transport_id = engine.last_id();
                self.engine = None;
            }
            Some(Output::Event(Event::PossiblyLost(ref messages))) => self.undelivered = messages.len(),
            _ => {}
        }
        output
    }

    /// Returns the time at which [`handle_timeout`](Self::handle_timeout) next has something to do.
    pub fn poll_timeout(&self) -> Option<u64> {
        self.engine.as_ref().and_then(Engine::poll_timeout)
    }

    // Commands

    /// Begins to connect, unless there is a connection already. Returns whether it does.
    pub fn connect(&mut self, now: u64, config: Config, endpoints: Endpoints<W::Text>) -> bool {
        let is_idle = self.state == EngineState::Disconnected;
        if is_idle {
            // A handler may abort a connection and make the next one before the end of the first is reported.
            while let Some(output) = self.poll_engine() {
                self.earlier.push(output);
            }
            self.engine = Some(Engine::open(config, endpoints, self.last_transport_id, now));
            self.state = EngineState::Connecting;
            self.undelivered = 0;
        }
        is_idle
    }

    /// Queues a message; [`flush`](Self::flush) hands it to the transport.
    pub fn send(&mut self, message: Frame<W>) -> Result<(), SendError> {
        match &mut self.engine {
            Some(engine) if self.state == EngineState::Connected => {
                engine.send(Outgoing::new(T::default(), message, [])).map_err(SendError::TooLarge)
            }
            _ => Err(SendError::NotConnected),
        }
    }

    /// Hands the queued messages to the transport, and polls.
    pub fn flush(&mut self, now: u64) {
        if let Some(engine) = &mut self.engine {
            engine.flush(now);
        }
    }

    /// Closes the connection: after the queued messages are written, or with `abort` at once.
    pub fn disconnect(&mut self, now: u64, abort: bool) {
        if self.state == EngineState::Connected {
            self.state = EngineState::Disconnecting;
        }
        match &mut self.engine {
            Some(engine) if abort => engine.abort(),
            Some(engine) => engine.close(now),
            None => {}
        }
        if self.engine.as_ref().is_some_and(Engine::is_closed) {
            self.state = EngineState::Disconnected;
        }
    }

    /// Handles the report that the platform is offline.
    pub fn handle_offline(&mut self, now: u64) {
        if let Some(engine) = &mut self.engine {
            engine.handle_offline(now);
        }
    }
}

//! What a driver runs: a Socket.IO session, or an Engine.IO connection by itself.

use crate::engine::{self, EngineSession, Output};
use crate::host::JsWire;
use crate::socket::{self, Session, Tag};

/// A machine, as far as the driver knows it.
pub trait Machine {
    /// What it asks of the layer above.
    type Action;

    /// Takes what the host reports of the transports.
    fn handle_input(&mut self, now: u64, input: engine::Input<JsWire>);

    /// Takes note that time has passed.
    fn handle_timeout(&mut self, now: u64);

    /// The platform went online or offline.
    fn handle_network(&mut self, now: u64, is_online: bool);

    /// Hands what was sent to the transport, and polls.
    fn flush(&mut self, now: u64);

    /// Whether `flush` has something to do.
    fn wants_flush(&self) -> bool;

    /// The next output: for the host, or else for the layer above.
    fn poll_output(&mut self) -> Option<Result<engine::Action<JsWire>, Self::Action>>;

    /// When `handle_timeout` next has something to do.
    fn poll_timeout(&self) -> Option<u64>;

    /// Whether it is connected or tries to be.
    fn is_awake(&self) -> bool;
}

impl Machine for Session<JsWire> {
    type Action = socket::Action<JsWire>;

    fn handle_input(&mut self, now: u64, input: engine::Input<JsWire>) {
        Session::handle_input(self, now, socket::Input::Engine(input));
    }

    fn handle_timeout(&mut self, now: u64) {
        Session::handle_timeout(self, now);
    }

    fn handle_network(&mut self, now: u64, is_online: bool) {
        let input = if is_online { socket::Input::Online } else { socket::Input::Offline };
        Session::handle_input(self, now, input);
    }

    fn flush(&mut self, now: u64) {
        Session::flush(self, now);
    }

    fn wants_flush(&self) -> bool {
        Session::wants_flush(self)
    }

    fn poll_output(&mut self) -> Option<Result<engine::Action<JsWire>, Self::Action>> {
        Some(match Session::poll_output(self)? {
            socket::Action::Engine(action) => Ok(action),
            action => Err(action),
        })
    }

    fn poll_timeout(&self) -> Option<u64> {
        Session::poll_timeout(self)
    }

    fn is_awake(&self) -> bool {
        !self.is_idle()
    }
}

/// With the session's tag, so that both share one engine in the module.
impl Machine for EngineSession<JsWire, Tag> {
    type Action = engine::Event<JsWire, Tag>;

    fn handle_input(&mut self, now: u64, input: engine::Input<JsWire>) {
        EngineSession::handle_input(self, now, input);
    }

    fn handle_timeout(&mut self, now: u64) {
        EngineSession::handle_timeout(self, now);
    }

    fn handle_network(&mut self, now: u64, is_online: bool) {
        if !is_online {
            self.handle_offline(now);
        }
    }

    fn flush(&mut self, now: u64) {
        EngineSession::flush(self, now);
    }

    fn wants_flush(&self) -> bool {
        EngineSession::wants_flush(self)
    }

    fn poll_output(&mut self) -> Option<Result<engine::Action<JsWire>, Self::Action>> {
        Some(match EngineSession::poll_output(self)? {
            Output::Action(action) => Ok(action),
            Output::Event(event) => Err(event),
        })
    }

    fn poll_timeout(&self) -> Option<u64> {
        EngineSession::poll_timeout(self)
    }

    fn is_awake(&self) -> bool {
        self.state() != engine::EngineState::Disconnected
    }
}

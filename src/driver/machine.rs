//! The machines that a driver runs: a Socket.IO session, or an Engine.IO connection by itself.

use crate::engine::{self, EngineSession, EngineState, Output};
use crate::protocol::Wire;
use crate::socket::{self, Session, Tag};

/// The interface of a machine that a driver runs.
pub trait Machine {
    /// The strings and bytes that it handles.
    type Wire: Wire;
    /// A report to the layer above.
    type Event;

    /// Takes a report of the host about a transport.
    fn handle_input(&mut self, now: u64, input: engine::Input<Self::Wire>);

    /// Acts on deadlines that have passed.
    fn handle_timeout(&mut self, now: u64);

    /// Is called when the platform went online or offline.
    fn handle_network(&mut self, now: u64, is_online: bool);

    /// Hands sent packets to the transport, and polls.
    fn flush(&mut self, now: u64);

    /// Returns true if `flush` has something to do.
    fn wants_flush(&self) -> bool;

    /// Returns the next output: an action for the host, or an event for the layer above.
    fn poll_output(&mut self) -> Option<Result<engine::Action<Self::Wire>, Self::Event>>;

    /// Returns the time when `handle_timeout` next has something to do.
    fn poll_timeout(&self) -> Option<u64>;

    /// Returns true while the machine is connected or tries to be.
    fn is_active(&self) -> bool;
}

impl<W: Wire> Machine for Session<W> {
    type Wire = W;
    type Event = socket::Action<W>;

    fn handle_input(&mut self, now: u64, input: engine::Input<W>) {
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

    fn poll_output(&mut self) -> Option<Result<engine::Action<W>, Self::Event>> {
        Some(match Session::poll_output(self)? {
            socket::Action::Engine(action) => Ok(action),
            action => Err(action),
        })
    }

    fn poll_timeout(&self) -> Option<u64> {
        Session::poll_timeout(self)
    }

    fn is_active(&self) -> bool {
        !self.is_idle()
    }
}

/// With the session's tag, so that both share one engine in the module.
impl<W: Wire> Machine for EngineSession<W, Tag> {
    type Wire = W;
    type Event = engine::Event<W, Tag>;

    fn handle_input(&mut self, now: u64, input: engine::Input<W>) {
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

    fn poll_output(&mut self) -> Option<Result<engine::Action<W>, Self::Event>> {
        Some(match EngineSession::poll_output(self)? {
            Output::Action(action) => Ok(action),
            Output::Event(event) => Err(event),
        })
    }

    fn poll_timeout(&self) -> Option<u64> {
        EngineSession::poll_timeout(self)
    }

    fn is_active(&self) -> bool {
        self.state() != EngineState::Disconnected
    }
}

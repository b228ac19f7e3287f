//! What a driver runs: a Socket.IO session, or an Engine.IO connection by itself.

use crate::engine::{self, Output, Solo};
use crate::host::JsWire;
use crate::socket::{self, Session, Tag};

/// A machine, as far as the driver knows it.
pub trait Machine {
    /// What it asks for: something of the host, or of the layer above.
    type Action;

    /// Takes what the host reports.
    fn arrived(&mut self, now: u64, input: engine::Input<JsWire>, actions: &mut Vec<Self::Action>);

    /// Takes note that time has passed.
    fn tick(&mut self, now: u64, actions: &mut Vec<Self::Action>);

    /// Hands what was sent to the transport.
    fn flush(&mut self, now: u64, actions: &mut Vec<Self::Action>);

    /// Whether anything was sent since the last `flush`.
    fn wants_flush(&self) -> bool;

    /// When `tick` next has something to do.
    fn deadline(&self) -> Option<u64>;

    /// Whether it is connected or tries to be.
    fn is_awake(&self) -> bool;

    /// What the host is to do, or else what is for the layer above.
    fn for_host(action: Self::Action) -> Result<engine::Action<JsWire>, Self::Action>;
}

impl Machine for Session<JsWire> {
    type Action = socket::Action<JsWire>;

    fn arrived(&mut self, now: u64, input: engine::Input<JsWire>, actions: &mut Vec<Self::Action>) {
        self.handle(now, socket::Input::Engine(input), actions);
    }

    fn tick(&mut self, now: u64, actions: &mut Vec<Self::Action>) {
        self.handle(now, socket::Input::Tick, actions);
    }

    fn flush(&mut self, now: u64, actions: &mut Vec<Self::Action>) {
        Session::flush(self, now, actions);
    }

    fn wants_flush(&self) -> bool {
        Session::wants_flush(self)
    }

    fn deadline(&self) -> Option<u64> {
        Session::deadline(self)
    }

    fn is_awake(&self) -> bool {
        !self.is_idle()
    }

    fn for_host(action: Self::Action) -> Result<engine::Action<JsWire>, Self::Action> {
        match action {
            socket::Action::Engine(action) => Ok(action),
            action => Err(action),
        }
    }
}

/// With the session's tag, so that both share one engine in the module.
impl Machine for Solo<JsWire, Tag> {
    type Action = Output<JsWire, Tag>;

    fn arrived(&mut self, now: u64, input: engine::Input<JsWire>, actions: &mut Vec<Self::Action>) {
        self.handle(now, input, actions);
    }

    fn tick(&mut self, now: u64, actions: &mut Vec<Self::Action>) {
        Solo::tick(self, now, actions);
    }

    fn flush(&mut self, now: u64, actions: &mut Vec<Self::Action>) {
        Solo::flush(self, now, actions);
    }

    fn wants_flush(&self) -> bool {
        Solo::wants_flush(self)
    }

    fn deadline(&self) -> Option<u64> {
        Solo::deadline(self)
    }

    fn is_awake(&self) -> bool {
        self.state() != engine::SoloState::Disconnected
    }

    fn for_host(action: Self::Action) -> Result<engine::Action<JsWire>, Self::Action> {
        match action {
            Output::Action(action) => Ok(action),
            event => Err(event),
        }
    }
}

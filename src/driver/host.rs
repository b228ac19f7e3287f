//! The interface between driver and host: the calls in both directions. The two hosts are that of the platform, and
//! that of the tests in virtual time.

use crate::engine::{Action, Input};
use crate::protocol::Wire;

/// Acts on the outputs of a machine. It decides nothing.
pub trait Host {
    /// The strings and bytes that it carries.
    type Wire: Wire;

    /// Milliseconds of the clock, which never goes back.
    fn now(&self) -> u64;

    /// Carries out a command of the engine. Returns the input that answers it at once, if there is one.
    fn perform(&self, action: Action<Self::Wire>) -> Option<Input<Self::Wire>>;

    /// Calls [`HostEvents::on_turn_end`] when the code that runs now has ended.
    fn flush_soon(&self);

    /// Calls [`HostEvents::on_timer`] at this time or before; `None` stops the timer.
    fn set_timer(&self, deadline: Option<u64>);

    /// Is called when the timer has fired.
    fn on_timer_fired(&self);

    /// Starts or stops calls of [`HostEvents::on_network`].
    fn listen_to_network(&self, is_wanted: bool);

    /// Calls a function in which user code runs. If that panics or throws, it is reported, and the caller goes on.
    fn guard(&self, call: impl FnOnce());

    /// Throws an error that says why the client can no longer be used.
    fn throw(&self, message: &str) -> !;
}

/// Receives the reports of a host, which holds it weakly: a transport keeps no client alive.
pub trait HostEvents<W: Wire> {
    /// Is called with the report of a transport.
    fn on_input(&self, input: Input<W>);
    /// Is called when the timer has fired.
    fn on_timer(&self);
    /// Is called when the platform went online or offline.
    fn on_network(&self, is_online: bool);
    /// Is called when the turn in which [`Host::flush_soon`] was called has ended.
    fn on_turn_end(&self);
    /// Is called when the promise with this token is settled.
    fn on_promise(&self, token: u32, result: Result<W::Value, W::Value>);
}

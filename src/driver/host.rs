//! The host as the driver sees it: what it calls, and what it is called with. The platform's host and the tests' host in virtual
//! time are the two implementations.

use crate::engine::{Action, Input};
use crate::protocol::Wire;

/// Acts on the outputs of a machine. It decides nothing.
pub trait Host {
    /// The strings and bytes that it carries.
    type Wire: Wire;

    /// Milliseconds of the clock, which never goes back.
    fn now(&self) -> u64;

    /// Carries out what the engine asks for. Returns the answer to what it asks to know at once.
    fn perform(&self, action: Action<Self::Wire>) -> Option<Input<Self::Wire>>;

    /// Has [`HostEvents::on_turn_end`] called when what runs now has ended.
    fn flush_soon(&self);

    /// Has [`HostEvents::on_timer`] called at this time or before; never for `None`.
    fn set_timer(&self, deadline: Option<u64>);

    /// Takes note that the timer has fired.
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
    /// A transport reports something.
    fn on_input(&self, input: Input<W>);
    /// The timer has fired.
    fn on_timer(&self);
    /// The platform went online or offline.
    fn on_network(&self, is_online: bool);
    /// The turn in which [`Host::flush_soon`] was called has ended.
    fn on_turn_end(&self);
    /// The promise with this token is settled.
    fn on_promise(&self, token: u32, result: Result<W::Value, W::Value>);
}

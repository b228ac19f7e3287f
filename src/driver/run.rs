//! The driver: borrow, poll one output, release the borrow, act on it.
//!
//! No borrow is held while other code runs. So the machine accepts every command of a handler (emit, connect,
//! disconnect) at once. The outputs of that command follow those that wait already.
//!
//! Outputs are acted on in a guard: if user code panics, or JavaScript throws, the one output ends, and the others go on.

use super::{Host, HostEvents, Machine};
use crate::engine;
use crate::protocol::Wire;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// The layer above a driver: it receives the machine's events, and calls user code.
pub trait Layer: Sized + 'static {
    /// The machine that is driven.
    type Machine: Machine;
    /// The platform on which it is driven.
    type Host: Host<Wire = <Self::Machine as Machine>::Wire>;

    /// Acts on an event of the machine. User code may run in it.
    fn on_event(driver: &Rc<Driver<Self>>, event: EventOf<Self>);

    /// Is called when all outputs are acted on. User code may run in it only in a guard.
    fn on_outputs_done(driver: &Rc<Driver<Self>>);

    /// Is called with true when the client begins to connect, and with false when it is no longer connected and no
    /// longer tries.
    fn set_active(&self, is_active: bool);

    /// Is called when a promise that the layer awaits, known by its token, is settled.
    fn on_promise(_driver: &Rc<Driver<Self>>, _token: u32, _result: Result<ValueOf<Self>, ValueOf<Self>>) {}
}

type WireOf<L> = <<L as Layer>::Machine as Machine>::Wire;
type EventOf<L> = <<L as Layer>::Machine as Machine>::Event;
type ValueOf<L> = <WireOf<L> as Wire>::Value;
type OutputOf<L> = Result<engine::Action<WireOf<L>>, EventOf<L>>;

/// One machine, and the host on which it runs.
pub struct Driver<L: Layer> {
    /// The layer above.
    pub layer: L,
    /// The host.
    pub host: L::Host,
    machine: RefCell<L::Machine>,
    /// The time of the last command or input.
    now: Cell<u64>,
    /// Outputs are being acted on, further down the stack.
    is_running: Cell<bool>,
    is_flush_queued: Cell<bool>,
    /// The driver itself while the client is active, which keeps it alive even if nobody else holds it.
    active: RefCell<Option<Rc<Self>>>,
    this: Weak<Self>,
}

impl<L: Layer> Driver<L> {
    /// Returns the driver of a machine that is not connected. The host sends its reports to the argument of `host`.
    pub fn new(machine: L::Machine, layer: L, host: impl FnOnce(Weak<Self>) -> L::Host) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            layer,
            host: host(this.clone()),
            machine: RefCell::new(machine),
            now: Cell::new(0),
            is_running: Cell::new(false),
            is_flush_queued: Cell::new(false),
            active: RefCell::new(None),
            this: this.clone(),
        })
    }

    /// Reads the machine.
    pub fn query<R>(&self, question: impl FnOnce(&L::Machine) -> R) -> R {
        question(&self.machine.try_borrow().unwrap_or_else(|_| self.throw_broken()))
    }

    /// Changes the machine in a way that has no output.
    pub fn update<R>(&self, change: impl FnOnce(&mut L::Machine) -> R) -> R {
        change(&mut self.machine.try_borrow_mut().unwrap_or_else(|_| self.throw_broken()))
    }

    /// Gives the machine a command or an input, and acts on the outputs.
    pub fn command<R>(self: &Rc<Self>, command: impl FnOnce(&mut L::Machine, u64) -> R) -> R {
        let now = self.host.now();
        self.now.set(now);
        let result = self.update(|machine| command(machine, now));
        self.act(true);
        result
    }

    /// Sends something, whose only output is a flush. All sends of one turn have the time of the first one, and only
    /// the first one looks for other outputs: reading the clock and checking deadlines each time would make messages
    /// noticeably slower.
    pub fn send<R>(self: &Rc<Self>, send: impl FnOnce(&mut L::Machine, u64) -> R) -> R {
        if !self.is_flush_queued.get() {
            return self.command(send);
        }
        let now = self.now.get();
        let result = self.update(|machine| send(machine, now));
        self.act(false);
        result
    }

    /// Acts on all outputs. Then, if there were any or `may_have_changed` is true, it acts on the machine's new state.
    fn act(self: &Rc<Self>, mut may_have_changed: bool) {
        if self.is_running.get() {
            return;
        }
        while let Some(output) = self.poll_output() {
            may_have_changed = true;
            // Later outputs wait in the machine, not on the stack, which a panic in user code discards. The mark is
            // reset outside of the guard, so that it is reset even if the stack has no room for that call.
            self.host.guard(|| {
                self.is_running.set(true);
                self.act_on_all(output);
            });
            self.is_running.set(false);
        }
        if may_have_changed {
            L::on_outputs_done(self);
            self.after_outputs();
        }
    }

    fn poll_output(&self) -> Option<OutputOf<L>> {
        self.update(Machine::poll_output)
    }

    fn act_on_all(self: &Rc<Self>, first: OutputOf<L>) {
        let mut next = Some(first);
        while let Some(output) = next {
            match output {
                Ok(action) => {
                    if let Some(input) = self.host.perform(action) {
                        self.update(|machine| machine.handle_input(self.now.get(), input));
                    }
                }
                Err(event) => L::on_event(self, event),
            }
            next = self.poll_output();
        }
    }

    fn after_outputs(self: &Rc<Self>) {
        let (deadline, wants_flush, is_active) =
            self.query(|machine| (machine.poll_timeout(), machine.wants_flush(), machine.is_active()));
        self.host.set_timer(deadline);
        if wants_flush && !self.is_flush_queued.get() {
            // The packets of one turn leave together at its end.
            self.host.flush_soon();
            self.is_flush_queued.set(true);
        }
        if self.active.borrow().is_some() != is_active {
            let before = self.active.replace(is_active.then(|| self.clone()));
            self.host.listen_to_network(is_active);
            // Last, since it drops user-supplied values, whose destructors may panic.
            self.layer.set_active(is_active);
            drop(before);
        }
    }

    /// Returns the driver, unless it is dropped or broken. A broken driver throws at the user's next call.
    fn at_work(&self) -> Option<Rc<Self>> {
        self.this.upgrade().filter(|driver| driver.machine.try_borrow_mut().is_ok())
    }

    /// Throws because the machine is borrowed although no code runs that could borrow it. The stack ended while the
    /// machine was at work, and may have left it in any state.
    #[cold]
    fn throw_broken(&self) -> ! {
        self.host.throw(
            "this client can no longer be used: the stack ended while it was at work, in an endless recursion perhaps. Make a new client",
        )
    }
}

impl<L: Layer> HostEvents<WireOf<L>> for Driver<L> {
    fn on_input(&self, input: engine::Input<WireOf<L>>) {
        let Some(driver) = self.at_work() else { return };
        driver.command(|machine, now| machine.handle_input(now, input));
    }

    fn on_timer(&self) {
        let Some(driver) = self.at_work() else { return };
        driver.host.on_timer_fired();
        driver.command(Machine::handle_timeout);
    }

    fn on_turn_end(&self) {
        let Some(driver) = self.at_work() else { return };
        driver.is_flush_queued.set(false);
        if driver.query(Machine::wants_flush) {
            driver.command(Machine::flush);
        }
    }

    fn on_network(&self, is_online: bool) {
        let Some(driver) = self.at_work() else { return };
        driver.command(|machine, now| machine.handle_network(now, is_online));
    }

    fn on_promise(&self, token: u32, result: Result<ValueOf<L>, ValueOf<L>>) {
        let Some(driver) = self.at_work() else { return };
        L::on_promise(&driver, token, result);
    }
}

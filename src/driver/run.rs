//! The driver: borrow, poll one output, release the borrow, act on it.
//!
//! No borrow is held while anything outside runs, so whatever a handler does (emit, connect, disconnect) is taken at
//! once by the machine, and its outputs are acted on behind those that wait already.
//!
//! Outputs are acted on in a guard: if user code panics, or JavaScript throws, the one output ends, and the others go on.

use super::Machine;
use crate::engine;
use crate::host::{Alarm, Clock, Host, HostOptions, JsWire, Platform, Port, guard};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

/// The layer above a driver: the JS core, or the Rust client.
pub trait Delegate: Sized + 'static {
    /// What is driven.
    type Machine: Machine;

    /// Carries out an action that is not for the host. User code may run in it.
    fn perform(driver: &Rc<Driver<Self>>, action: ActionOf<Self>);

    /// All actions are carried out. No user code may run in it but in a guard.
    fn idle(driver: &Rc<Driver<Self>>);

    /// The client is connected, or tries to be; or it no longer is and does.
    fn awake(&self, awake: bool);

    /// A promise that the delegate awaits, by its token, is settled.
    fn settled(_driver: &Rc<Driver<Self>>, _token: u32, _result: Result<JsValue, JsValue>) {}
}

type ActionOf<D> = <<D as Delegate>::Machine as Machine>::Action;
type OutputOf<D> = Result<engine::Action<JsWire>, ActionOf<D>>;

/// One machine, its host and its timer.
pub struct Driver<D: Delegate> {
    /// The layer above.
    pub delegate: D,
    machine: RefCell<D::Machine>,
    host: Host,
    clock: Clock,
    alarm: Alarm,
    logs: bool,
    /// Outputs are being acted on, further down the stack.
    running: Cell<bool>,
    flush_queued: Cell<bool>,
    /// A client that is connected, or tries to be, lives on when nobody holds it any more.
    alive: RefCell<Option<Rc<Self>>>,
    this: Weak<Self>,
}

impl<D: Delegate> Driver<D> {
    /// A driver of a machine that is not connected; with `logs`, what happens to it goes to the platform's log.
    pub fn new(platform: Platform, options: HostOptions, machine: D::Machine, logs: bool, delegate: D) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let host = Host::new(platform.clone(), options, this.clone());
            let alarm = Alarm::new(platform, host.report().clone());
            Self {
                delegate,
                machine: RefCell::new(machine),
                host,
                clock: Clock::default(),
                alarm,
                logs,
                running: Cell::new(false),
                flush_queued: Cell::new(false),
                alive: RefCell::new(None),
                this: this.clone(),
            }
        })
    }

    /// The host's platform.
    pub fn platform(&self) -> &Platform {
        self.host.platform()
    }

    /// The host, for the headers of the next attempt.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Asks the machine something.
    pub fn query<R>(&self, question: impl FnOnce(&D::Machine) -> R) -> R {
        question(&self.machine.try_borrow().unwrap_or_else(|_| broken()))
    }

    /// Tells the machine something that asks for no action.
    pub fn update<R>(&self, change: impl FnOnce(&mut D::Machine) -> R) -> R {
        change(&mut self.machine.try_borrow_mut().unwrap_or_else(|_| broken()))
    }

    /// Gives the machine a command, or something else to take note of.
    pub fn command<R>(self: &Rc<Self>, command: impl FnOnce(&mut D::Machine, u64) -> R) -> R {
        let now = self.clock.now();
        let result = self.update(|machine| command(machine, now));
        self.carry_out(true);
        result
    }

    /// Gives the machine something to send, of which nothing comes but a flush. All that one tick sends has the time of the
    /// first, and only that one looks at what else there may be to do: clock and deadlines cost a good part of a message.
    pub fn send<R>(self: &Rc<Self>, send: impl FnOnce(&mut D::Machine, u64) -> R) -> R {
        if !self.flush_queued.get() {
            return self.command(send);
        }
        let now = self.clock.last();
        let result = self.update(|machine| send(machine, now));
        self.carry_out(false);
        result
    }

    /// Whether the log of the session is wanted.
    pub fn logs(&self) -> bool {
        self.logs
    }

    /// Writes to the log of the session, where it is wanted.
    pub fn log(&self, level: &str, what: &str, value: &JsValue) {
        if self.logs {
            self.platform().log(level, what, value);
        }
    }

    /// Acts on all outputs; then, if there were any or there may be other `news`, on what has changed.
    fn carry_out(self: &Rc<Self>, mut news: bool) {
        if self.running.get() {
            return;
        }
        while let Some(output) = self.poll_output() {
            news = true;
            // What is still to come waits in the machine, and not on the stack, which a panic in user code takes away. The mark is set
            // behind the guard: if not even that can be called, for want of stack, the client is not left with it.
            guard(Some(self.platform()), || {
                self.running.set(true);
                self.act_on_all(output);
            });
            self.running.set(false);
        }
        if news {
            D::idle(self);
            self.after_actions();
        }
    }

    /// The driver, unless it is gone, or [`broken`]: then the user's next call says so, and nothing else can.
    fn at_work(&self) -> Option<Rc<Self>> {
        self.this.upgrade().filter(|driver| driver.machine.try_borrow_mut().is_ok())
    }

    fn poll_output(&self) -> Option<OutputOf<D>> {
        self.update(Machine::poll_output)
    }

    fn act_on_all(self: &Rc<Self>, first: OutputOf<D>) {
        let mut next = Some(first);
        while let Some(output) = next {
            match output {
                Ok(action) => {
                    if let Some(input) = self.host.perform(action) {
                        let now = self.clock.last();
                        self.update(|machine| machine.handle_input(now, input));
                    }
                }
                Err(action) => D::perform(self, action),
            }
            next = self.poll_output();
        }
    }

    fn after_actions(self: &Rc<Self>) {
        let (deadline, wants_flush, alive) =
            self.query(|machine| (machine.poll_timeout(), machine.wants_flush(), machine.is_awake()));
        self.alarm.set(&self.clock, deadline);
        if wants_flush && !self.flush_queued.get() {
            // What is sent in one tick leaves together at its end.
            self.host.flush_soon();
            self.flush_queued.set(true);
        }
        if self.alive.borrow().is_some() != alive {
            let before = self.alive.replace(alive.then(|| self.clone()));
            self.host.listen_to_network(alive);
            // Last, for it lets go of what is the user's, whose destructors may panic.
            self.delegate.awake(alive);
            drop(before);
        }
    }
}

/// The machine is borrowed, though nothing runs that could borrow it: the stack ended while it was at work, and may have left it in any
/// state. Throws, as a panic would, but says why.
#[cold]
fn broken() -> ! {
    wasm_bindgen::throw_str(
        "this client cannot be used any more: the stack ended while it was at work, in an endless recursion perhaps. Make a new client",
    )
}

impl<D: Delegate> Port for Driver<D> {
    fn arrived(&self, input: engine::Input<JsWire>) {
        let Some(driver) = self.at_work() else { return };
        driver.host.forget(&input);
        driver.command(|machine, now| machine.handle_input(now, input));
    }

    fn tick(&self) {
        let Some(driver) = self.at_work() else { return };
        driver.alarm.gone_off();
        driver.command(Machine::handle_timeout);
    }

    fn flush(&self) {
        let Some(driver) = self.at_work() else { return };
        driver.flush_queued.set(false);
        if driver.query(Machine::wants_flush) {
            driver.command(Machine::flush);
        }
    }

    fn network(&self, is_online: bool) {
        let Some(driver) = self.at_work() else { return };
        driver.command(|machine, now| machine.handle_network(now, is_online));
    }

    fn settled(&self, token: u32, result: Result<JsValue, JsValue>) {
        let Some(driver) = self.at_work() else { return };
        D::settled(&driver, token, result);
    }
}

//! The driver: borrow, feed, collect actions, release the borrow, then carry them out.
//!
//! No borrow is held while anything outside runs, so whatever a handler does (emit, connect, disconnect) is taken at
//! once by the machine, and its actions are carried out behind those that wait already.
//!
//! Actions are carried out in a guard: if user code panics, or JavaScript throws, the one action ends, and the others go on.

use super::Machine;
use crate::engine;
use crate::host::{Alarm, Clock, Host, JsWire, Platform, Port, guard};
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

/// One machine, its host and its timer.
pub struct Driver<D: Delegate> {
    /// The layer above.
    pub delegate: D,
    machine: RefCell<D::Machine>,
    host: Host,
    clock: Clock,
    alarm: Alarm,
    logs: bool,
    /// What is to be carried out behind the batch.
    actions: RefCell<Vec<ActionOf<D>>>,
    /// What is carried out now, the first one last. It is not kept on the stack, which a panic in user code takes away.
    batch: RefCell<Vec<ActionOf<D>>>,
    /// How many actions there were so far, and how many of them are carried out, or about to be.
    asked: Cell<u32>,
    done: Cell<u32>,
    /// Actions are being carried out, further down the stack.
    running: Cell<bool>,
    flush_queued: Cell<bool>,
    /// A client that is connected, or tries to be, lives on when nobody holds it any more.
    alive: RefCell<Option<Rc<Self>>>,
    this: Weak<Self>,
}

impl<D: Delegate> Driver<D> {
    /// A driver of a machine that is not connected; with `logs`, what happens to it goes to the platform's log.
    pub fn new(platform: Platform, credentials: JsValue, machine: D::Machine, logs: bool, delegate: D) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let host = Host::new(platform.clone(), credentials, this.clone());
            let alarm = Alarm::new(platform, host.report().clone());
            Self {
                delegate,
                machine: RefCell::new(machine),
                host,
                clock: Clock::default(),
                alarm,
                logs,
                actions: RefCell::default(),
                batch: RefCell::default(),
                asked: Cell::new(0),
                done: Cell::new(0),
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
        question(&self.machine.borrow())
    }

    /// Tells the machine something that asks for no action.
    pub fn update<R>(&self, change: impl FnOnce(&mut D::Machine) -> R) -> R {
        change(&mut self.machine.borrow_mut())
    }

    /// Gives the machine a command, or something else to take note of.
    pub fn command<R>(self: &Rc<Self>, command: impl FnOnce(&mut D::Machine, u64, &mut Vec<ActionOf<D>>) -> R) -> R {
        let result = self.change(self.clock.now(), command);
        self.carry_out();
        result
    }

    fn change<R>(&self, now: u64, change: impl FnOnce(&mut D::Machine, u64, &mut Vec<ActionOf<D>>) -> R) -> R {
        let mut actions = self.actions.borrow_mut();
        let before = actions.len();
        let result = change(&mut self.machine.borrow_mut(), now, &mut actions);
        self.asked.set(self.asked.get().wrapping_add(actions.len().saturating_sub(before) as u32));
        result
    }

    /// Gives the machine something to send, of which nothing comes but a flush. All that one tick sends has the time of the
    /// first, and only that one looks at what else there may be to do: clock and deadlines cost a good part of a message.
    pub fn send<R>(self: &Rc<Self>, send: impl FnOnce(&mut D::Machine, u64, &mut Vec<ActionOf<D>>) -> R) -> R {
        if !self.flush_queued.get() {
            return self.command(send);
        }
        let result = self.change(self.clock.last(), send);
        if !self.actions.borrow().is_empty() {
            self.carry_out();
        }
        result
    }

    /// Whether the log of the session is wanted.
    pub fn logs(&self) -> bool {
        self.logs
    }

    /// A mark between the actions there were so far and those to come.
    pub fn mark(&self) -> u32 {
        self.asked.get()
    }

    /// Whether the action that is carried out has come about after a mark: what waits since then may be meant by it.
    pub fn is_after(&self, mark: u32) -> bool {
        // The number of the action is one less than that of those done. The numbers may have begun anew.
        self.done.get().wrapping_sub(mark).wrapping_sub(1) <= u32::MAX / 2
    }

    /// Writes to the log of the session, where it is wanted.
    pub fn log(&self, level: &str, what: &str, value: &JsValue) {
        if self.logs {
            self.platform().log(level, what, value);
        }
    }

    fn carry_out(self: &Rc<Self>) {
        if self.running.replace(true) {
            return;
        }
        let mut is_done = self.actions.borrow().is_empty();
        while !is_done {
            is_done = guard(Some(self.platform()), || self.carry_out_all()).is_some();
        }
        self.running.set(false);
        D::idle(self);
        self.after_actions();
    }

    fn carry_out_all(self: &Rc<Self>) {
        while let Some(action) = self.next_action() {
            self.done.set(self.done.get().wrapping_add(1));
            match D::Machine::for_host(action) {
                Ok(action) => self.host.perform(action),
                Err(action) => D::perform(self, action),
            }
        }
    }

    fn next_action(&self) -> Option<ActionOf<D>> {
        let mut batch = self.batch.borrow_mut();
        if batch.is_empty() {
            // Two lists by turns, each for its memory: what a handler asks for waits in the other one.
            core::mem::swap(&mut *batch, &mut *self.actions.borrow_mut());
            batch.reverse();
        }
        batch.pop()
    }

    fn after_actions(self: &Rc<Self>) {
        let (deadline, wants_flush, alive) = {
            let machine = self.machine.borrow();
            (machine.deadline(), machine.wants_flush(), machine.is_awake())
        };
        self.alarm.set(&self.clock, deadline);
        if wants_flush && !self.flush_queued.replace(true) {
            // What is sent in one tick leaves together at its end.
            self.host.flush_soon();
        }
        if self.alive.borrow().is_some() != alive {
            let before = self.alive.replace(alive.then(|| self.clone()));
            // Last, for it lets go of what is the user's, whose destructors may panic.
            self.delegate.awake(alive);
            drop(before);
        }
    }
}

impl<D: Delegate> Port for Driver<D> {
    fn arrived(&self, input: engine::Input<JsWire>) {
        let Some(driver) = self.this.upgrade() else { return };
        driver.host.forget(&input);
        driver.command(|machine, now, actions| machine.arrived(now, input, actions));
    }

    fn tick(&self) {
        let Some(driver) = self.this.upgrade() else { return };
        driver.alarm.gone_off();
        driver.command(Machine::tick);
    }

    fn flush(&self) {
        let Some(driver) = self.this.upgrade() else { return };
        driver.flush_queued.set(false);
        if driver.query(Machine::wants_flush) {
            driver.command(Machine::flush);
        }
    }

    fn settled(&self, token: u32, result: Result<JsValue, JsValue>) {
        let Some(driver) = self.this.upgrade() else { return };
        D::settled(&driver, token, result);
    }
}

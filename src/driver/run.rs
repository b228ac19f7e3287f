//! The driver: borrow, feed, collect actions, release the borrow, then carry them out.
//!
//! No borrow is held while anything outside runs, so whatever a handler does (emit, connect, disconnect) is taken at
//! once by the session, and its actions are carried out behind those that wait already.

use crate::engine;
use crate::host::{Alarm, Clock, Host, JsWire, Platform, Port, decode};
use crate::socket::{Action, Input, Payload, Session, Settings, Status};
use js_sys::{Array, Function};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

/// The layer above a driver: the JS core, or the Rust client.
pub trait Delegate: Sized + 'static {
    /// Carries out an action that is not for the host. User code may run in it.
    fn perform(driver: &Rc<Driver<Self>>, action: Action<JsWire>);

    /// All actions are carried out.
    fn idle(driver: &Rc<Driver<Self>>);

    /// The client is connected, or tries to be; or it no longer is and does.
    fn awake(&self, awake: bool);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(callback: &Function);
}

/// One session, its host and its timer.
pub struct Driver<D: Delegate> {
    /// The layer above.
    pub delegate: D,
    session: RefCell<Session<JsWire>>,
    host: Host,
    clock: Clock,
    alarm: Alarm,
    logs: bool,
    max_depth: u32,
    actions: RefCell<Vec<Action<JsWire>>>,
    /// Actions are being carried out, further down the stack.
    running: Cell<bool>,
    flush: Function,
    flush_queued: Cell<bool>,
    /// A client that is connected, or tries to be, lives on when nobody holds it any more.
    alive: RefCell<Option<Rc<Self>>>,
    this: Weak<Self>,
    _callbacks: [Closure<dyn FnMut()>; 2],
}

impl<D: Delegate> Driver<D> {
    /// A driver with a session that is not connected; with `logs`, what happens to it goes to the platform's log.
    pub fn new(
        platform: Platform,
        credentials: JsValue,
        settings: Settings,
        logs: bool,
        delegate: impl FnOnce(&Weak<Self>) -> D,
    ) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let callback = |this: Weak<Self>, run: fn(&Rc<Self>)| {
                Closure::new(move || {
                    if let Some(driver) = this.upgrade() {
                        run(&driver);
                    }
                })
            };
            let tick = callback(this.clone(), |driver| {
                driver.alarm.gone_off();
                driver.feed(Input::Tick);
            });
            let flush = callback(this.clone(), |driver| {
                driver.flush_queued.set(false);
                driver.flush_now();
            });
            let function = |closure: &Closure<dyn FnMut()>| closure.as_ref().unchecked_ref::<Function>().clone();
            Self {
                delegate: delegate(this),
                session: RefCell::new(Session::new(settings)),
                host: Host::new(platform.clone(), credentials, this.clone()),
                clock: Clock::default(),
                alarm: Alarm::new(platform, function(&tick)),
                logs,
                max_depth: settings.engine.limits.max_depth,
                actions: RefCell::default(),
                running: Cell::new(false),
                flush: function(&flush),
                flush_queued: Cell::new(false),
                alive: RefCell::new(None),
                this: this.clone(),
                _callbacks: [tick, flush],
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

    /// How deep values may be nested.
    pub fn max_depth(&self) -> u32 {
        self.max_depth
    }

    /// Asks the session something.
    pub fn query<R>(&self, question: impl FnOnce(&Session<JsWire>) -> R) -> R {
        question(&self.session.borrow())
    }

    /// Gives the session a command.
    pub fn command<R>(
        self: &Rc<Self>,
        command: impl FnOnce(&mut Session<JsWire>, u64, &mut Vec<Action<JsWire>>) -> R,
    ) -> R {
        let now = self.clock.now();
        let mut actions = Vec::new();
        let result = command(&mut self.session.borrow_mut(), now, &mut actions);
        self.carry_out(actions);
        result
    }

    /// Feeds the session with an event.
    pub fn feed(self: &Rc<Self>, input: Input<JsWire>) {
        self.command(|session, now, actions| session.handle(now, input, actions));
    }

    /// The values of a payload, of an event or of an acknowledgement. One that is malformed is the end of the connection, and `None`.
    pub fn decode(self: &Rc<Self>, payload: Payload<JsWire>, is_event: bool) -> Option<Array> {
        let text = match &payload {
            Payload::Json(json, _) => Some(json.clone()),
            Payload::Value(_) => None,
        };
        match decode(self.platform(), payload, self.max_depth, is_event) {
            Ok(values) => Some(values),
            Err(error) => {
                self.feed(Input::Malformed(error, text));
                None
            }
        }
    }

    /// Writes to the log of the session, where it is wanted.
    pub fn log(&self, level: &str, what: &str, value: &JsValue) {
        if self.logs {
            self.platform().log(level, what, value);
        }
    }

    fn flush_now(self: &Rc<Self>) {
        self.command(|session, now, actions| {
            if session.wants_flush() {
                session.flush(now, actions);
            }
        });
    }

    fn carry_out(self: &Rc<Self>, actions: Vec<Action<JsWire>>) {
        if !actions.is_empty() {
            self.actions.borrow_mut().extend(actions);
        }
        if self.running.replace(true) {
            return;
        }
        loop {
            let batch = self.actions.take();
            if batch.is_empty() {
                break;
            }
            for action in batch {
                match action {
                    Action::Engine(action) => self.host.perform(action),
                    action => D::perform(self, action),
                }
            }
        }
        self.running.set(false);
        self.after_actions();
        D::idle(self);
    }

    fn after_actions(self: &Rc<Self>) {
        let (deadline, wants_flush, alive) = {
            let session = self.session.borrow();
            (session.deadline(), session.wants_flush(), session.status() != Status::Disconnected)
        };
        self.alarm.set(self.clock.now(), deadline);
        if wants_flush && !self.flush_queued.replace(true) {
            // What is sent in one tick leaves together at its end.
            queue_microtask(&self.flush);
        }
        if self.alive.borrow().is_some() != alive {
            self.delegate.awake(alive);
            let before = self.alive.replace(alive.then(|| self.clone()));
            drop(before);
        }
    }
}

impl<D: Delegate> Port for Driver<D> {
    fn arrived(&self, input: engine::Input<JsWire>) {
        let Some(driver) = self.this.upgrade() else { return };
        driver.host.forget(&input);
        driver.feed(Input::Engine(input));
    }
}

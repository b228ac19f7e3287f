//! A session, its driver, a host, a network and the server, in one virtual time.
//!
//! The driver is the product's own. Every output of the session passes through here, so what must hold on every run is asserted
//! here: one GET and one POST at a time, no action that names a dead transport, every call ended once, one `Ended` a session, no
//! handler in the middle of another one, no hot loop.
//!
//! - `host.rs`: the host that acts on the engine's outputs; `layer.rs`: the layer that acts on the session's.
//! - `state.rs`: what these two, the network, the server and the user know.
//! - `network.rs`: the network, and its faults. `user.rs`: user code. `parser.rs`: a user-supplied parser.

mod host;
mod layer;
mod network;
mod parser;
mod state;
mod user;
mod words;

pub use host::VirtualHost;
pub use layer::WorldLayer;
pub use network::Fault;
pub use parser::{Parser, Reading};
pub use user::{Accepted, Deed};
pub use words::word;

use crate::peer::Behavior;
use network::Parcel;
use socketio_wasm::driver::{Driver, HostEvents};
use socketio_wasm::engine::{self, TransportId, Transports};
use socketio_wasm::protocol::{Frame, StdWire};
use socketio_wasm::socket::{Action, CallId, CommandError, Connect, Input, SendMode, Session, Settings, Status};
use state::State;
use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

pub type Act = Action<StdWire>;
pub type WorldDriver = Rc<Driver<WorldLayer>>;

/// The panic of user code, as opposed to an assertion that fails.
pub struct UserPanic;

/// Holds the state while the driver runs. A borrow ends with the closure that uses it, so none is held while user code runs.
#[derive(Clone, Default)]
pub struct Slot(Rc<RefCell<Option<Box<State>>>>);

impl Slot {
    fn with<R>(&self, see: impl FnOnce(&mut State) -> R) -> R {
        see(self.0.borrow_mut().as_mut().expect("the driver runs"))
    }
}

/// All of it. As long as the driver does not run, the state is here.
pub struct World {
    pub driver: WorldDriver,
    state: Option<Box<State>>,
    slot: Slot,
}

impl Deref for World {
    type Target = State;

    fn deref(&self) -> &State {
        self.state.as_ref().expect("the driver does not run")
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut State {
        self.state.as_mut().expect("the driver does not run")
    }
}

impl World {
    pub fn new(settings: Settings, behavior: Behavior) -> Self {
        let slot = Slot::default();
        let (host, layer) = (slot.clone(), WorldLayer(slot.clone()));
        let driver = Driver::new(Session::new(settings), layer, |_| VirtualHost(host));
        Self { driver, state: Some(Box::new(State::new(settings, behavior))), slot }
    }

    /// Lets the driver run.
    pub fn drive<R>(&mut self, run: impl FnOnce(&WorldDriver) -> R) -> R {
        self.slot.0.replace(self.state.take());
        let result = run(&self.driver);
        self.state = self.slot.0.take();
        result
    }

    pub fn status(&self) -> Status {
        self.driver.query(Session::status)
    }

    pub fn unsent(&self) -> usize {
        self.driver.query(Session::unsent)
    }

    // Commands

    pub fn perform(&mut self, deed: Deed) {
        self.drive(|driver| user::perform(driver, deed));
    }

    pub fn connect(&mut self, namespaces: &[&str], transports: Transports) -> Result<(), CommandError> {
        self.connect_with(Connect {
            namespaces: namespaces.iter().map(|name| (*name).to_owned()).collect(),
            transports,
            version: self.server.behavior.versions.version_to_give(),
            wait: true,
            wait_timeout: 10_000,
            retry: false,
            retry_refused: false,
        })
    }

    pub fn connect_with(&mut self, request: Connect<StdWire>) -> Result<(), CommandError> {
        self.drive(|driver| user::connect(driver, request))
    }

    pub fn emit(&mut self, namespace: &str, json: &str) -> Result<(), CommandError> {
        self.emit_with(namespace, json, Vec::new(), SendMode::Buffer, None).map(|_| ())
    }

    pub fn call(&mut self, namespace: &str, json: &str, timeout: Option<u64>) -> Result<CallId, CommandError> {
        let call = self.emit_with(namespace, json, Vec::new(), SendMode::Buffer, Some(timeout))?;
        Ok(call.expect("the id of a call"))
    }

    pub fn emit_with(
        &mut self,
        namespace: &str,
        json: &str,
        attachments: Vec<Vec<u8>>,
        mode: SendMode,
        answer: Option<Option<u64>>,
    ) -> Result<Option<CallId>, CommandError> {
        self.drive(|driver| user::emit(driver, namespace, json, attachments, mode, answer, drop))
    }

    pub fn connect_namespace(&mut self, name: &str) -> Result<(), CommandError> {
        self.drive(|driver| user::connect_namespace(driver, name))
    }

    pub fn disconnect_namespace(&mut self, name: &str) {
        self.drive(|driver| driver.command(|session, now| session.disconnect_namespace(now, &name.to_owned())));
    }

    pub fn disconnect(&mut self) {
        self.disconnect_flushing(None);
    }

    pub fn disconnect_flushing(&mut self, flush: Option<u64>) {
        self.drive(|driver| user::disconnect(driver, flush));
    }

    /// The platform, or a user's function, reports something.
    pub fn input(&mut self, input: Input<StdWire>) {
        if let Input::Engine(input) = &input {
            self.note_end(input);
        }
        self.drive(|driver| match input {
            Input::Engine(input) => driver.on_input(input),
            Input::Offline => driver.on_network(false),
            Input::Online => driver.on_network(true),
            input => driver.command(|session, now| session.handle_input(now, input)),
        });
    }

    /// The turn ends.
    pub fn flush(&mut self) {
        if core::mem::take(&mut self.is_flush_due) {
            self.drive(|driver| driver.on_turn_end());
        }
    }

    /// The server sends a packet to everybody.
    pub fn server_sends(&mut self, packet: &str, attachments: &[Vec<u8>]) {
        self.server.send(packet, attachments);
        self.post_all();
    }

    /// Several packets in one poll.
    pub fn server_sends_together(&mut self, packets: &[&str]) {
        self.server.send_together(packets);
        self.post_all();
    }

    pub fn server_restarts(&mut self) {
        self.restart_server();
    }

    pub fn server_closes(&mut self) {
        self.server.close_all();
        self.post_all();
    }

    /// Every websocket is cut, and every request that hangs.
    pub fn cut_all(&mut self) {
        for id in self.live_sockets.clone() {
            self.cut_socket(id);
        }
        for id in self.live_gets.clone().into_iter().chain(self.live_posts.clone()) {
            let latency = self.latency;
            self.report(latency, engine::Input::RequestFailed(TransportId(id), None));
        }
    }

    /// The server sends frames that need not be packets.
    pub fn server_sends_raw(&mut self, frame: &Frame<StdWire>) {
        self.server.send_raw(frame);
        self.post_all();
    }

    /// The server sends a DISCONNECT to everybody.
    pub fn server_leaves(&mut self, namespace: &str) {
        self.server.leave(namespace);
        self.post_all();
    }

    fn deliver(&mut self, parcel: Parcel) {
        match parcel {
            Parcel::ToClient(input) => self.input(input),
            parcel => self.arrive(parcel),
        }
    }

    // Time

    /// Lets everything happen that happens within so many milliseconds.
    pub fn run(&mut self, milliseconds: u64) {
        let end = self.now + milliseconds;
        let mut steps = 0;
        while self.step(end) {
            steps += 1;
            assert!(steps < 1_000_000, "a hot loop");
        }
        self.now = self.now.max(end);
    }

    /// The next thing, unless it is after `end`.
    fn step(&mut self, end: u64) -> bool {
        self.flush();
        let parcel = self.queue.first_key_value().map(|((at, _), _)| *at);
        let server = self.server.deadline();
        let client = self.timer;
        let Some(next) = [parcel, server, client].into_iter().flatten().min() else { return false };
        if next > end {
            return false;
        }
        self.now = self.now.max(next);
        if parcel == Some(next) {
            let (_, parcel) = self.queue.pop_first().unwrap();
            self.deliver(parcel);
        } else if server == Some(next) {
            let now = self.now;
            self.server.tick(now);
            self.post_all();
        } else {
            self.tick();
        }
        true
    }

    /// The client's machine sleeps: the network and the server go on, and what comes for the client waits until it wakes up. With
    /// `arrivals_first`, that is reported before the timer.
    pub fn sleep(&mut self, milliseconds: u64, arrivals_first: bool) {
        let end = self.now + milliseconds;
        loop {
            let parcel = self.queue.iter().find(|(_, parcel)| !matches!(parcel, Parcel::ToClient(_)));
            let parcel = parcel.map(|(key, _)| *key).filter(|(at, _)| *at <= end);
            let server = self.server.deadline().filter(|at| *at <= end);
            match (parcel, server) {
                (Some(key), server) if server.is_none_or(|at| key.0 <= at) => {
                    self.now = self.now.max(key.0);
                    let parcel = self.queue.remove(&key).unwrap();
                    self.arrive(parcel);
                }
                (_, Some(at)) => {
                    self.now = self.now.max(at);
                    let now = self.now;
                    self.server.tick(now);
                    self.post_all();
                }
                _ => break,
            }
        }
        self.now = end;
        while arrivals_first && let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= end) {
            let parcel = entry.remove();
            self.deliver(parcel);
        }
    }

    pub fn tick(&mut self) {
        let second = self.now / 1_000;
        self.ticks = if self.ticks.0 == second { (second, self.ticks.1 + 1) } else { (second, 1) };
        assert!(self.ticks.1 <= 100, "a hot loop of ticks");
        self.drive(|driver| driver.on_timer());
        let deadline = self.timer;
        assert!(deadline.is_none_or(|deadline| deadline > self.now), "a deadline in the past after a tick");
    }
}

//! Rust's side of an Engine.IO client: its handlers and streams, and what waits for its connection.

use super::IS_SUPPORTED;
use super::connection_options::ConnectionOptions;
use super::engine_client::EngineClient;
use super::error::Error;
use super::event::Disconnect;
use super::guarded::{push, retain};
use super::message::Message;
use super::options::Source;
use crate::driver::Driver;
use crate::engine::EngineSession;
use crate::host::{Host, JsWire};
use crate::protocol::Frame;
use crate::shell::{self, Ending, EngineFrontend, EngineShell, Waiter};
use futures::channel::{mpsc::UnboundedSender, oneshot};
use std::cell::RefCell;
use std::rc::{Rc, Weak};

pub(super) type EngineDriver = shell::EngineDriver<EngineClientState>;
type MessageHandler<T> = Option<Box<dyn Fn(EngineClient, T)>>;

/// The options, which the methods of [`EngineClientBuilder`](super::EngineClientBuilder) describe.
pub(super) struct EngineOptions {
    pub connection: ConnectionOptions,
    pub on_connect: Option<Box<dyn Fn(EngineClient)>>,
    pub on_message: MessageHandler<Message>,
    pub on_disconnect: MessageHandler<Disconnect>,
}

impl EngineOptions {
    pub fn new(url: Source<String>) -> Self {
        let connection = ConnectionOptions::new(url, crate::tables::defaults::ENGINE_PATH);
        Self { connection, on_connect: None, on_message: None, on_disconnect: None }
    }
}

/// Is shared by all handles of a client. Dropping the last handle ends the connection.
pub(super) struct EngineHandle {
    /// `None` off wasm: there is nothing that could connect, and the client is inert.
    driver: Option<EngineDriver>,
}

impl EngineHandle {
    pub fn new(options: EngineOptions) -> Rc<Self> {
        if !IS_SUPPORTED {
            return Rc::new(Self { driver: None });
        }
        let (platform, host) = (options.connection.platform(), options.connection.host());
        let frontend = EngineClientState {
            handle: RefCell::default(),
            options,
            listeners: RefCell::default(),
            connecting: RefCell::default(),
            ending: RefCell::default(),
            disconnecting: RefCell::default(),
        };
        let shell = EngineShell { frontend };
        let driver = Driver::new(EngineSession::default(), shell, |events| Host::new(platform, host, events));
        let handle = Rc::new(Self { driver: Some(driver.clone()) });
        driver.layer.frontend.handle.replace(Rc::downgrade(&handle));
        handle
    }

    /// Returns the driver.
    ///
    /// # Errors
    /// [`Error::Unsupported`] off wasm.
    pub fn driver(&self) -> Result<&EngineDriver, Error> {
        self.driver.as_ref().ok_or(Error::Unsupported)
    }
}

impl Drop for EngineHandle {
    fn drop(&mut self) {
        let Some(driver) = &self.driver else { return };
        let listeners = driver.layer.frontend.listeners.take();
        driver.command(|session, now| session.disconnect(now, false));
        drop(listeners);
    }
}

/// The state of an [`EngineClient`].
pub(super) struct EngineClientState {
    handle: RefCell<Weak<EngineHandle>>,
    pub options: EngineOptions,
    pub listeners: RefCell<Vec<UnboundedSender<Message>>>,
    /// The pending `connect`.
    pub connecting: RefCell<Option<oneshot::Sender<Result<(), Error>>>>,
    /// Settled when the connection has ended.
    pub ending: RefCell<Vec<oneshot::Sender<()>>>,
    /// The pending `disconnect`s.
    pub disconnecting: RefCell<Vec<oneshot::Sender<usize>>>,
}

impl EngineClientState {
    /// Returns the client for a handler; `None` if nobody holds it any longer: then no handler is called.
    fn client(&self) -> Option<EngineClient> {
        self.handle.borrow().upgrade().map(|handle| EngineClient { handle })
    }

    /// Settles the pending `connect`. Returns false if there is none.
    pub fn settle(&self, result: impl FnOnce() -> Result<(), Error>) -> bool {
        let Some(waiter) = self.connecting.take() else { return false };
        waiter.settle(result());
        true
    }
}

/// Handlers are called last, since they may panic.
impl EngineFrontend for EngineClientState {
    type Error = Error;

    fn on_opened(driver: &EngineDriver) {
        let state = &driver.layer.frontend;
        state.settle(|| Ok(()));
        if let (Some(handler), Some(client)) = (&state.options.on_connect, state.client()) {
            handler(client);
        }
    }

    fn on_message(driver: &EngineDriver, message: Frame<JsWire>) {
        let state = &driver.layer.frontend;
        let Some(client) = state.client() else { return };
        let message = Message::from(&message);
        retain(&state.listeners, |to| push(to, message.clone()));
        if let Some(handler) = &state.options.on_message {
            handler(client, message);
        }
    }

    fn on_closed(driver: &EngineDriver, ending: Ending<Error>) {
        let state = &driver.layer.frontend;
        let unsent = driver.query(EngineSession::undelivered);
        state.disconnecting.take().into_iter().for_each(|waiter| waiter.settle(unsent));
        state.ending.take().into_iter().for_each(|waiter| waiter.settle(()));
        let failed = || Err(ending.error.clone().unwrap_or(Error::ended(ending.reason)));
        if state.settle(failed) {
            return;
        }
        if let (Some(handler), Some(client)) = (&state.options.on_disconnect, state.client()) {
            handler(client, ending.into());
        }
    }

    fn report(driver: &EngineDriver, error: Error) {
        (driver.layer.frontend.options.connection.on_error)(&error);
    }

    fn on_possibly_lost(driver: &EngineDriver, messages: usize) {
        // An Engine.IO connection has no namespaces.
        Self::report(driver, Error::PossiblyLost { namespace: "Engine.IO".to_owned(), events: messages });
    }
}

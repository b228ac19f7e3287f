//! What a driver tells of an Engine.IO connection, as Rust sees it.

use super::connection_options::ConnectionOptions;
use super::delegate::{Settle, retain};
use super::engine_client::EngineClient;
use super::error::Error;
use super::event::Disconnect;
use super::guarding::{self, push};
use super::message::Message;
use super::options::Source;
use super::platform::LogTo;
use crate::driver::{Delegate, Driver};
use crate::engine::{EngineSession, Event, Transport, TransportError};
use crate::host::JsWire;
use crate::socket::{DisconnectReason, Tag};
use futures_channel::{mpsc::UnboundedSender, oneshot};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

pub(super) type EngineDriver = Rc<Driver<EngineInner>>;
type Told<T> = Option<Box<dyn Fn(EngineClient, T)>>;

/// See [`EngineClientBuilder`](super::EngineClientBuilder), which has the words.
pub(super) struct EngineOptions {
    pub connection: ConnectionOptions,
    pub on_connect: Option<Box<dyn Fn(EngineClient)>>,
    pub on_message: Told<Message>,
    pub on_disconnect: Told<Disconnect>,
}

impl EngineOptions {
    pub fn new(url: Source<String>) -> Self {
        let connection = ConnectionOptions::new(url, crate::tables::defaults::ENGINE_PATH);
        Self { connection, on_connect: None, on_message: None, on_disconnect: None }
    }
}

/// What all handles of a client share: the last one dropped ends its connection.
pub(super) struct EngineHandle {
    pub driver: EngineDriver,
}

impl EngineHandle {
    pub fn new(options: EngineOptions) -> Rc<Self> {
        let connection = &options.connection;
        let (platform, host) = (connection.platform(), connection.host());
        let logs = connection.log != LogTo::Nowhere;
        let inner = EngineInner {
            handle: RefCell::default(),
            options,
            listeners: RefCell::default(),
            connecting: RefCell::default(),
            ending: RefCell::default(),
            leaving: RefCell::default(),
        };
        let driver = Driver::new(platform, host, EngineSession::default(), logs, inner);
        let handle = Rc::new(Self { driver });
        handle.driver.delegate.handle.replace(Rc::downgrade(&handle));
        handle
    }
}

impl Drop for EngineHandle {
    fn drop(&mut self) {
        let listeners = self.driver.delegate.listeners.take();
        self.driver.command(|solo, now| solo.disconnect(now, false));
        drop(listeners);
    }
}

/// The delegate of an [`EngineClient`].
pub(super) struct EngineInner {
    handle: RefCell<Weak<EngineHandle>>,
    pub options: EngineOptions,
    pub listeners: RefCell<Vec<UnboundedSender<Message>>>,
    /// The pending `connect`.
    pub connecting: RefCell<Option<Settle>>,
    /// Told when the connection has ended.
    pub ending: RefCell<Vec<oneshot::Sender<()>>>,
    /// The pending `disconnect`s.
    pub leaving: RefCell<Vec<oneshot::Sender<usize>>>,
}

impl EngineInner {
    /// The client for a handler; nobody is told anything once nobody holds it.
    fn client(&self) -> Option<EngineClient> {
        self.handle.borrow().upgrade().map(|handle| EngineClient { handle })
    }

    /// Tells the pending `connect` what became of it, and says whether there is one.
    pub fn settle(&self, result: Result<(), Error>) -> bool {
        let Some(settle) = self.connecting.take() else { return false };
        guarding::settle(settle, result);
        true
    }
}

impl Delegate for EngineInner {
    type Machine = EngineSession<JsWire, Tag>;

    fn perform(driver: &EngineDriver, event: Event<JsWire, Tag>) {
        let inner = &driver.delegate;
        match event {
            Event::Opened(_) => {
                driver.log("info", "connected", &JsValue::UNDEFINED);
                inner.settle(Ok(()));
                // Last, for it may panic; whoever is settled goes on later.
                if let (Some(told), Some(client)) = (&inner.options.on_connect, inner.client()) {
                    told(client);
                }
            }
            Event::Message(frame) => {
                let Some(client) = inner.client() else { return };
                let message = Message::from(&frame);
                retain(&inner.listeners, |to| push(to, message.clone()));
                if let Some(told) = &inner.options.on_message {
                    told(client, message);
                }
            }
            Event::Upgraded => driver.log("info", "upgraded", &Transport::WebSocket.name().into()),
            // What is sent knows the server's limit: there is none before the connection.
            Event::TooLarge(..) => {}
            // The number is in the result of `disconnect`.
            Event::PossiblyLost(_) => {}
            Event::Closed(failure) => {
                let reason = match &failure {
                    None => DisconnectReason::ClientDisconnect,
                    Some(TransportError::ServerClosed) => DisconnectReason::ServerDisconnect,
                    Some(_) => DisconnectReason::TransportError,
                };
                let cause = failure.as_ref().map_or(reason.name(), TransportError::cause);
                let error = failure.as_ref().map(Error::from);
                driver.log("info", "disconnected", &cause.into());
                let unsent = driver.query(EngineSession::undelivered);
                inner.leaving.take().into_iter().for_each(|left| guarding::settle(left, unsent));
                inner.ending.take().into_iter().for_each(|ended| guarding::settle(ended, ()));
                if inner.connecting.borrow().is_some() {
                    inner.settle(Err(error.unwrap_or(Error::Disconnected(reason))));
                } else if let (Some(told), Some(client)) = (&inner.options.on_disconnect, inner.client()) {
                    told(client, Disconnect { reason, cause, error, data: None });
                }
            }
        }
    }

    fn awake(&self, _: bool) {}

    fn idle(_: &EngineDriver) {}
}

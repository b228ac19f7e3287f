//! What the platform provides: websockets, HTTP requests, timers, JS strings and bytes. The only Rust that touches JS
//! globals.
//!
//! The host carries out what an engine asks for, and reports through a [`Port`] what comes of it. It decides nothing.

mod clock;
mod http;
mod platform;
mod values;
mod websocket;
mod wire;

pub use clock::{Alarm, Clock};
pub use platform::Platform;
pub use values::{decode, encode, is_emittable, message_of, parse, stringify};
pub use wire::{JsBytes, JsWire};

use crate::engine::{Action, Input, TransportId};
use http::Requests;
use js_sys::{JsString, Object};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use websocket::Sockets;

/// Where the host reports. It is held weakly: a transport keeps nobody alive.
pub trait Port {
    /// A transport has something to tell.
    fn arrived(&self, input: Input<JsWire>);
}

/// The transports of one client.
pub struct Host {
    platform: Platform,
    credentials: JsString,
    /// The user's headers for the current attempt.
    headers: RefCell<Option<Object>>,
    sockets: Sockets,
    requests: Rc<Requests>,
}

impl Host {
    /// A host without transports. `credentials` is that of `fetch`.
    pub fn new(platform: Platform, credentials: JsString) -> Self {
        Self {
            platform,
            credentials,
            headers: RefCell::new(None),
            sockets: Sockets::default(),
            requests: Rc::new(Requests::default()),
        }
    }

    /// The platform this host runs on.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// The headers of the requests, and of websockets where the platform can, from now on.
    pub fn set_headers(&self, headers: Option<Object>) {
        *self.headers.borrow_mut() = headers;
    }

    /// Carries out what the engine asks for.
    pub fn perform(&self, action: Action<JsWire>, port: &Weak<dyn Port>) {
        match action {
            Action::SendFrames(id, frames) => self.sockets.send(id, frames),
            Action::Get(id, url) => self.request(id, &url, None, port),
            Action::Post(id, url, body) => self.request(id, &url, Some(&body), port),
            Action::OpenWebSocket(id, url) => {
                let headers = self.headers.borrow().clone();
                self.sockets.open(id, &self.platform, &url, headers, port);
            }
            Action::CloseWebSocket(id) => self.sockets.close(id),
            Action::Abort(id) => self.requests.abort(id),
        }
    }

    fn request(&self, id: TransportId, url: &JsString, body: Option<&JsString>, port: &Weak<dyn Port>) {
        let headers = self.headers.borrow().clone();
        self.requests.start(id, &self.platform, url, body, headers, &self.credentials, port);
    }
}

//! What the platform provides: websockets, HTTP requests, timers, JS strings and bytes. The only Rust that touches JS
//! globals.
//!
//! The host carries out what an engine asks for, and reports through a [`Port`] what comes of it. It decides nothing.
//! What is a loop over JS values or a chain of JS callbacks is a few lines of JavaScript beside the Rust that calls it.

mod clock;
mod guard;
mod parser;
mod platform;
mod promises;
mod report;
mod transports;
mod values;
mod wire;

pub use clock::{Alarm, Clock};
pub use guard::{Guarded, guard};
pub use parser::JsParser;
pub use platform::Platform;
pub use promises::Promises;
pub use values::{decode, disconnect_details, encode, message_of, read, values_of_answer};
pub use wire::{JsBytes, JsText, JsWire};

use crate::engine::{Action, Input};
use js_sys::Function;
use report::Report;
use std::cell::RefCell;
use std::rc::Weak;
use transports::Transports;
use wasm_bindgen::JsValue;

/// Where the host reports. It is held weakly: a transport keeps nobody alive.
pub trait Port {
    /// A transport has something to tell.
    fn arrived(&self, input: Input<JsWire>);
    /// The timer has gone off.
    fn tick(&self);
    /// What ran when [`Host::flush_soon`] was called has ended.
    fn flush(&self);
    /// The promise with this token of [`Promises`] is settled.
    fn settled(&self, token: u32, result: Result<JsValue, JsValue>);
}

/// The transports of one client.
pub struct Host {
    platform: Platform,
    credentials: JsValue,
    /// The user's headers for the current attempt, or `undefined`.
    headers: RefCell<JsValue>,
    transports: Transports,
    report: Report,
}

impl Host {
    /// A host without transports. `credentials` is that of `fetch`.
    pub fn new(platform: Platform, credentials: JsValue, port: Weak<dyn Port>) -> Self {
        Self {
            platform,
            credentials,
            headers: RefCell::default(),
            transports: Transports::default(),
            report: Report::new(port),
        }
    }

    /// The platform this host runs on.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// What the platform calls back: the timer, and promises.
    pub fn report(&self) -> &Function {
        self.report.function()
    }

    /// Has the port flush when what runs now has ended.
    pub fn flush_soon(&self) {
        self.report.at_end_of_tick();
    }

    /// The headers of the requests, and of websockets where the platform can, from now on; `undefined` for none.
    pub fn set_headers(&self, headers: JsValue) {
        self.headers.replace(headers);
    }

    /// Carries out what the engine asks for.
    pub fn perform(&self, action: Action<JsWire>) {
        let (platform, headers) = (&self.platform, || self.headers.borrow().clone());
        let (transports, credentials, report) = (&self.transports, &self.credentials, self.report());
        match action {
            Action::SendFrames(id, frames) => transports.send(id, platform, frames, report),
            Action::Get(id, url) => {
                transports.request(id, platform, &url.to_js(), None, &headers(), credentials, report);
            }
            Action::Post(id, url, body) => {
                transports.request(id, platform, &url.to_js(), Some(&body.to_js()), &headers(), credentials, report);
            }
            Action::OpenWebSocket(id, url) => transports.open(id, platform, &url.to_js(), &headers(), report),
            Action::CloseWebSocket(id) => transports.close(id),
            Action::Abort(id) => transports.abort(id),
        }
    }

    /// Takes note of what has ended by itself.
    pub fn forget(&self, input: &Input<JsWire>) {
        self.transports.forget(input);
    }
}

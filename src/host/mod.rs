//! The platform's services: websockets, HTTP requests, timers, JS strings and bytes. The only Rust that touches JS globals.
//!
//! The host carries out what an engine asks for, and reports the results through [`HostEvents`]. It decides nothing. Loops over JS
//! values, and code that must catch an exception before it passes through wasm, are JavaScript: `runtime.js` (calls of user code,
//! promises, strings and bytes) and `values.js` (values and their JSON). The Rust code imports their minified form, which
//! `scripts/snippets.mjs` writes. There are no more files than these two, because a test binary hangs with more than four:
//! `docs/two-trips.md`, "Constraints".

mod clock;
mod driver_host;
mod event_callback;
mod guard;
mod parser;
mod platform;
mod promises;
mod requests;
mod transports;
mod values;
mod weak;
mod websockets;
mod wire;

pub use guard::{Guarded, guard};
pub use parser::JsParser;
pub use platform::Platform;
pub use promises::Promises;
pub use values::{
    decode, disconnect_details, encode, message_of, parse_read, parse_written, read, read_blob, take_out, thrown_in,
    values_of_answer, written,
};
pub use weak::WeakUnlessActive;
pub use wire::{JsBytes, JsText, JsWire};

use crate::driver::HostEvents;
use clock::{Clock, Timer};
use js_sys::Function;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use transports::Transports;
use wasm_bindgen::prelude::*;

/// The options of a host.
pub struct HostOptions {
    /// The `credentials` of `fetch`.
    pub credentials: JsValue,
    /// True if the host listens to the platform's `online` and `offline` events.
    pub network_events: bool,
    /// True if the log of the session is written.
    pub logs: bool,
}

/// The host of one client. Its driver calls it as a [`driver::Host`](crate::driver::Host).
pub struct Host {
    transports: Rc<Transports>,
    clock: Clock,
    timer: Timer,
    logs: bool,
    network_events: bool,
    /// The listeners of the `online` and `offline` events, if there are any.
    listeners: RefCell<Option<[Function; 2]>>,
}

impl Host {
    /// A host without transports.
    pub fn new(platform: Platform, options: HostOptions, events: Weak<dyn HostEvents<JsWire>>) -> Self {
        let HostOptions { credentials, network_events, logs } = options;
        let transports = Transports::new(platform.clone(), credentials, events);
        let timer = Timer::new(platform, transports.callback.function().clone());
        Self { transports, clock: Clock::default(), timer, logs, network_events, listeners: RefCell::default() }
    }

    /// The platform this host runs on.
    pub fn platform(&self) -> &Platform {
        &self.transports.platform
    }

    /// Returns true if the log of the session is written.
    pub fn logs(&self) -> bool {
        self.logs
    }

    /// Writes to the log of the session, if that is written.
    pub fn log(&self, level: &str, what: &str, value: &JsValue) {
        if self.logs {
            self.platform().log(level, what, value);
        }
    }

    /// The function that the platform calls: when the timer fires, and when a promise is settled.
    pub fn callback(&self) -> &Function {
        self.transports.callback.function()
    }

    /// Sets the headers of requests, and of websockets if the platform can send them, from now on; `undefined` for none.
    pub fn set_headers(&self, headers: JsValue) {
        self.transports.headers.replace(headers);
    }
}

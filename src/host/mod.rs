//! What the platform provides: websockets, HTTP requests, timers, JS strings and bytes. The only Rust that touches JS
//! globals.
//!
//! The host carries out what an engine asks for, and reports through [`HostEvents`] what comes of it. It decides nothing.
//! What is a loop over JS values or a chain of JS callbacks is a few lines of JavaScript beside the Rust that calls it.

mod clock;
mod driver_host;
mod guard;
mod parser;
mod platform;
mod promises;
mod report;
mod transports;
mod values;
mod wire;

pub use guard::{Guarded, guard};
pub use parser::JsParser;
pub use platform::Platform;
pub use promises::Promises;
pub use values::{decode, disconnect_details, encode, message_of, read, values_of_answer};
pub use wire::{JsBytes, JsText, JsWire};

use crate::driver::HostEvents;
use crate::engine::{Action, Input};
use clock::{Alarm, Clock};
use js_sys::Function;
use js_sys::JsString;
use report::Report;
use std::cell::RefCell;
use std::rc::Weak;
use transports::Transports;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = listenToNetwork)]
    fn listen_to_network(report: &Function) -> JsValue;
    #[wasm_bindgen(js_name = ignoreNetwork)]
    fn ignore_network(listener: &JsValue);
    #[wasm_bindgen(js_name = postLast)]
    fn post_last(platform: &Platform, url: &JsString, body: &JsString, headers: &JsValue, credentials: &JsValue);
}

/// What a host is given, once.
pub struct HostOptions {
    /// That of `fetch`.
    pub credentials: JsValue,
    /// Whether the platform's `online` and `offline` events are listened to.
    pub network_events: bool,
    /// Whether the log of the session is written.
    pub logs: bool,
}

/// The transports of one client.
pub struct Host {
    platform: Platform,
    options: HostOptions,
    /// What listens to the platform's network, if anything does.
    network: RefCell<JsValue>,
    /// The user's headers for the current attempt, or `undefined`.
    headers: RefCell<JsValue>,
    transports: Transports,
    report: Report,
    clock: Clock,
    timer: Alarm,
}

impl Host {
    /// A host without transports.
    pub fn new(platform: Platform, options: HostOptions, events: Weak<dyn HostEvents<JsWire>>) -> Self {
        let report = Report::new(events);
        Self {
            timer: Alarm::new(platform.clone(), report.function().clone()),
            clock: Clock::default(),
            platform,
            options,
            network: RefCell::default(),
            headers: RefCell::default(),
            transports: Transports::default(),
            report,
        }
    }

    /// The platform this host runs on.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Returns true if the log of the session is written.
    pub fn logs(&self) -> bool {
        self.options.logs
    }

    /// Writes to the log of the session, if that is written.
    pub fn log(&self, level: &str, what: &str, value: &JsValue) {
        if self.options.logs {
            self.platform.log(level, what, value);
        }
    }

    /// What the platform calls back: the timer, and promises.
    pub fn report(&self) -> &Function {
        self.report.function()
    }

    /// Has the client flush when what runs now has ended.
    pub fn flush_soon(&self) {
        self.report.at_end_of_tick();
    }

    /// The headers of the requests, and of websockets where the platform can, from now on; `undefined` for none.
    pub fn set_headers(&self, headers: JsValue) {
        self.headers.replace(headers);
    }

    /// Has the client notified when the platform goes online or offline, or no longer.
    pub fn listen_to_network(&self, is_wanted: bool) {
        if !self.options.network_events {
            return;
        }
        let listener = if is_wanted { listen_to_network(self.report()) } else { JsValue::UNDEFINED };
        ignore_network(&self.network.replace(listener));
    }

    /// Carries out what the engine asks for. Returns what it asks to know at once.
    pub fn perform(&self, action: Action<JsWire>) -> Option<Input<JsWire>> {
        let (platform, headers) = (&self.platform, || self.headers.borrow().clone());
        let (transports, credentials, report) = (&self.transports, &self.options.credentials, self.report());
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
            Action::PostLast(url, body) => {
                post_last(platform, &url.to_js(), &body.to_js(), &headers(), credentials);
            }
            Action::MeasureWebSocket(id) => return Some(Input::WebSocketBuffered(id, transports.buffered(id))),
        }
        None
    }

    /// Takes note of what has ended by itself.
    pub fn forget(&self, input: &Input<JsWire>) {
        self.transports.forget(input);
    }
}

//! The one function that a client gives its platform, which calls it whatever happens: each function costs memory for as long as the
//! client lives. For each handler, and for both ends of each promise, it is bound to what they report.

use super::transports::Transports;
use super::{HostEvents, JsWire};
use crate::engine::TransportId;
use js_sys::Function;
use std::rc::Weak;
use wasm_bindgen::prelude::*;

/// What is reported: the first argument. A timer has none.
pub(super) mod kind {
    pub const FLUSH: u8 = 0;
    pub const FULFILLED: u8 = 1;
    pub const REJECTED: u8 = 2;
    pub const ONLINE: u8 = 3;
    pub const OFFLINE: u8 = 4;
    /// The events of a websocket.
    pub const OPENED: u8 = 5;
    pub const MESSAGE: u8 = 6;
    pub const ERROR: u8 = 7;
    pub const CLOSED: u8 = 8;
    /// What a websocket has thrown.
    pub const SOCKET_FAILED: u8 = 9;
    /// The steps of a request.
    pub const RESPONSE: u8 = 10;
    pub const BODY: u8 = 11;
    pub const REQUEST_FAILED: u8 = 12;
}

/// The kind, the number of the transport or of the promise, and what comes with it.
type Reported = dyn Fn(Option<u8>, Option<u32>, JsValue);

#[wasm_bindgen]
extern "C" {
    /// A function whose arguments are bound as they are: js-sys takes numbers as objects.
    #[wasm_bindgen(js_name = Function)]
    type RawFunction;
    #[wasm_bindgen(method, js_name = bind)]
    fn bind_report(this: &RawFunction, object: &JsValue, kind: u8, id: u32) -> Function;
    #[wasm_bindgen(method, js_name = bind)]
    fn bind_value(this: &RawFunction, object: &JsValue, kind: u8, id: u32, value: &JsValue) -> Function;
}

#[wasm_bindgen(module = "/src/host/runtime.js")]
extern "C" {
    #[wasm_bindgen(js_name = atEndOfTick)]
    fn at_end_of_tick(callback: &Function);
}

/// The function. It may be called while it runs: a user-supplied platform may do so. And it may be called when its client is gone,
/// by a promise that is settled late: it belongs to JS, which frees it when nothing can call it.
pub(super) struct EventCallback {
    function: Function,
    flush: Function,
}

impl EventCallback {
    /// One that calls `events`; `transports` find out what their events mean.
    pub fn new(events: Weak<dyn HostEvents<JsWire>>, transports: Weak<Transports>) -> Self {
        let report: Closure<Reported> = Closure::new(move |kind: Option<u8>, id: Option<u32>, value: JsValue| {
            let Some(events) = events.upgrade() else { return };
            let Some(kind) = kind else { return events.on_timer() };
            let id = id.unwrap_or_default();
            match kind {
                kind::FLUSH => events.on_turn_end(),
                kind::FULFILLED => events.on_promise(id, Ok(value)),
                kind::REJECTED => events.on_promise(id, Err(value)),
                kind::ONLINE => events.on_network(true),
                kind::OFFLINE => events.on_network(false),
                kind => {
                    if let Some(transports) = transports.upgrade() {
                        transports.on_event(kind, TransportId(id), value, &*events);
                    }
                }
            }
        });
        let function: Function = report.into_js_value().unchecked_into();
        let flush = bound(&function, kind::FLUSH, 0);
        Self { function, flush }
    }

    /// The function itself: called without arguments, it reports that the timer has fired.
    pub fn function(&self) -> &Function {
        &self.function
    }

    /// The function, bound to what it reports.
    pub fn bound(&self, kind: u8, id: u32) -> Function {
        bound(&self.function, kind, id)
    }

    /// Reports something when what runs now has ended.
    pub fn report_later(&self, kind: u8, id: u32, value: &JsValue) {
        let raw: &RawFunction = self.function.unchecked_ref();
        at_end_of_tick(&raw.bind_value(&JsValue::UNDEFINED, kind, id, value));
    }

    /// Has [`HostEvents::on_turn_end`] called when what runs now has ended.
    pub fn flush_later(&self) {
        at_end_of_tick(&self.flush);
    }
}

fn bound(function: &Function, kind: u8, id: u32) -> Function {
    function.unchecked_ref::<RawFunction>().bind_report(&JsValue::UNDEFINED, kind, id)
}

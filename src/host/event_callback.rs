//! The one function that a client gives its platform. A function of wasm costs memory as long as it lives, so there is one for all
//! reports: for each handler, and for either end of a promise, it is bound to the kind of the report and the id of its source.

use super::transports::Transports;
use super::{HostEvents, JsWire};
use crate::engine::TransportId;
use js_sys::Function;
use std::rc::Weak;
use wasm_bindgen::prelude::*;

/// Kinds of reports: the first argument. A timer gives none.
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
    /// A websocket has thrown, or could not be made.
    pub const SOCKET_FAILED: u8 = 9;
    /// The steps of a request.
    pub const RESPONSE: u8 = 10;
    pub const BODY: u8 = 11;
    pub const REQUEST_FAILED: u8 = 12;
}

/// The kind, the id of the transport or the token of the promise, and an event or a value.
type Reported = dyn Fn(Option<u8>, Option<u32>, JsValue);

#[wasm_bindgen]
extern "C" {
    /// A function whose arguments are bound as they are: js-sys takes numbers as objects.
    #[wasm_bindgen(js_name = Function)]
    type RawFunction;
    #[wasm_bindgen(method, js_name = bind)]
    fn bind_report(this: &RawFunction, object: &JsValue, kind: u8, id: u32) -> Function;
}

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    #[wasm_bindgen(js_name = atEndOfTick)]
    fn at_end_of_tick(callback: &Function, value: &JsValue);
}

/// The function. It may be called while it runs, by a user-supplied platform, and after its client is gone, by a promise that is
/// settled late. So it belongs to JS, which frees it when nothing can call it.
pub(super) struct EventCallback {
    function: Function,
    flush: Function,
}

impl EventCallback {
    /// A function that reports to `events`. `transports` read the events of websockets and requests.
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

    /// The function itself. Called without arguments, it reports that the timer has fired.
    pub fn function(&self) -> &Function {
        &self.function
    }

    /// The function, bound to a report.
    pub fn bound(&self, kind: u8, id: u32) -> Function {
        bound(&self.function, kind, id)
    }

    /// Makes a report at the end of this turn.
    pub fn report_later(&self, kind: u8, id: u32, value: &JsValue) {
        at_end_of_tick(&self.bound(kind, id), value);
    }

    /// Has [`HostEvents::on_turn_end`] called at the end of this turn.
    pub fn flush_later(&self) {
        at_end_of_tick(&self.flush, &JsValue::UNDEFINED);
    }
}

fn bound(function: &Function, kind: u8, id: u32) -> Function {
    function.unchecked_ref::<RawFunction>().bind_report(&JsValue::UNDEFINED, kind, id)
}

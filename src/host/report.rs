//! The one function that a client gives its platform, which calls it whatever happens: each costs memory for as long as the
//! client lives.

use super::{JsWire, transports};
use crate::driver::HostEvents;
use crate::engine::TransportId;
use js_sys::Function;
use std::rc::Weak;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = atEndOfTick)]
    fn at_end_of_tick(report: &Function);
}

/// What is reported, in the order of host.js's constants; what is not here is of a transport, see [`transports::input`].
mod kind {
    pub const FLUSH: u8 = 0;
    pub const FULFILLED: u8 = 1;
    pub const REJECTED: u8 = 2;
    pub const ONLINE: u8 = 12;
    pub const OFFLINE: u8 = 13;
}

/// Of what kind, of which transport or promise, and what comes with it.
type Told = dyn Fn(Option<u8>, Option<u32>, JsValue, JsValue);

/// The function. It may be called while it runs: a platform of the user's may do so. And it may be called when its client is gone,
/// by a promise that is settled late: it belongs to JS, which frees it when nothing can call it any more.
pub struct Report(Function);

impl Report {
    /// A function that reports to `events`.
    pub fn new(events: Weak<dyn HostEvents<JsWire>>) -> Self {
        let report: Closure<Told> = Closure::new(move |kind: Option<u8>, id: Option<u32>, a, b| {
            let Some(events) = events.upgrade() else { return };
            // A timer gives no arguments.
            let Some(kind) = kind else { return events.on_timer() };
            let id = id.unwrap_or_default();
            match kind {
                kind::FLUSH => events.on_turn_end(),
                kind::FULFILLED => events.on_promise(id, Ok(a)),
                kind::REJECTED => events.on_promise(id, Err(a)),
                kind::ONLINE => events.on_network(true),
                kind::OFFLINE => events.on_network(false),
                kind => events.on_input(transports::input(kind, TransportId(id), a, b)),
            }
        });
        Self(report.into_js_value().unchecked_into())
    }

    /// For those who call it: called without arguments it reports that the timer has gone off.
    pub fn function(&self) -> &Function {
        &self.0
    }

    /// Has [`HostEvents::on_turn_end`] called when what runs now has ended.
    pub fn at_end_of_tick(&self) {
        at_end_of_tick(self.function());
    }
}

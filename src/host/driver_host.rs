//! The platform's host as a driver sees it.

use super::{Host, JsWire, guard};
use crate::driver;
use crate::engine::{Action, Input};

impl driver::Host for Host {
    type Wire = JsWire;

    fn now(&self) -> u64 {
        self.clock.now()
    }

    fn perform(&self, action: Action<JsWire>) -> Option<Input<JsWire>> {
        Host::perform(self, action)
    }

    fn forget(&self, input: &Input<JsWire>) {
        Host::forget(self, input);
    }

    fn flush_soon(&self) {
        Host::flush_soon(self);
    }

    fn set_timer(&self, deadline: Option<u64>) {
        self.timer.set(&self.clock, deadline);
    }

    fn on_timer_fired(&self) {
        self.timer.gone_off();
    }

    fn listen_to_network(&self, is_wanted: bool) {
        Host::listen_to_network(self, is_wanted);
    }

    fn guard(&self, call: impl FnOnce()) {
        guard(Some(&self.platform), call);
    }

    fn throw(&self, message: &str) -> ! {
        wasm_bindgen::throw_str(message)
    }
}

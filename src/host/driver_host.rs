//! The platform's host as a driver calls it.

use super::event_callback::kind;
use super::{Host, JsWire, guard};
use crate::driver;
use crate::engine::{Action, Input};
use js_sys::Function;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Some platforms have no such functions; those of web-sys belong to a window or to a worker.
    #[wasm_bindgen(catch, js_namespace = globalThis, js_name = addEventListener)]
    fn add_listener(name: &str, listener: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = globalThis, js_name = removeEventListener)]
    fn remove_listener(name: &str, listener: &Function) -> Result<(), JsValue>;
}

impl driver::Host for Host {
    type Wire = JsWire;

    fn now(&self) -> u64 {
        self.clock.now()
    }

    fn perform(&self, action: Action<JsWire>) -> Option<Input<JsWire>> {
        let transports = &self.transports;
        match action {
            Action::SendFrames(id, frames) => transports.send(id, frames),
            Action::Get(id, url) => transports.request(id, url.as_js(), None),
            Action::Post(id, url, body) => transports.request(id, url.as_js(), Some(body)),
            Action::OpenWebSocket(id, url) => transports.open_socket(id, url.as_js()),
            Action::CloseWebSocket(id) => transports.close_socket(id),
            Action::Abort(id) => transports.abort(id),
            Action::PostLast(url, body) => transports.post_last(url.as_js(), &body),
            Action::MeasureWebSocket(id) => return Some(Input::WebSocketBuffered(id, transports.buffered(id))),
        }
        None
    }

    fn flush_soon(&self) {
        self.transports.callback.flush_later();
    }

    fn set_timer(&self, deadline: Option<u64>) {
        self.timer.set(&self.clock, deadline);
    }

    fn on_timer_fired(&self) {
        self.timer.fired();
    }

    fn listen_to_network(&self, is_wanted: bool) {
        if !self.network_events {
            return;
        }
        if let Some([online, offline]) = self.listeners.take() {
            let _ = remove_listener("online", &online);
            let _ = remove_listener("offline", &offline);
        }
        if is_wanted {
            let listeners = [kind::ONLINE, kind::OFFLINE].map(|kind| self.transports.callback.bound(kind, 0));
            let [online, offline] = &listeners;
            let _ = add_listener("online", online);
            let _ = add_listener("offline", offline);
            self.listeners.replace(Some(listeners));
        }
    }

    fn guard(&self, call: impl FnOnce()) {
        guard(Some(self.platform()), call);
    }

    fn throw(&self, message: &str) -> ! {
        wasm_bindgen::throw_str(message)
    }
}

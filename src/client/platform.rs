//! The platform of a client in Rust: the runtime's own functions.

use crate::host::Platform;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    #[wasm_bindgen(js_name = platformOfGlobals)]
    fn platform_of_globals(websocket: &JsValue, fetch: &JsValue, log: &JsValue) -> Platform;
}

/// The destination of log lines. `Logger` is the logger of the crate `log`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LogTo {
    Nowhere,
    Console,
    #[cfg(feature = "log")]
    Logger,
}

impl LogTo {
    #[cfg(feature = "log")]
    pub const DEFAULT: Self = Self::Logger;
    #[cfg(not(feature = "log"))]
    pub const DEFAULT: Self = Self::Nowhere;
}

/// Returns the globals of the runtime. A user-supplied WebSocket class replaces the global one, and receives the
/// headers; a user-supplied function replaces the global `fetch`.
pub(super) fn of_globals(websocket: &JsValue, fetch: &JsValue, log: LogTo) -> Platform {
    let write = match log {
        #[cfg(feature = "log")]
        LogTo::Logger => logger(),
        LogTo::Console | LogTo::Nowhere => JsValue::UNDEFINED,
    };
    platform_of_globals(websocket, fetch, &write)
}

/// Returns a JS function that writes a line to the logger of the crate `log`.
#[cfg(feature = "log")]
fn logger() -> JsValue {
    let write: Closure<dyn Fn(String, String, JsValue)> =
        Closure::new(|level: String, what: String, value: JsValue| {
            let level = match (&*level, &*what) {
                ("warn", _) => log::Level::Warn,
                // Every event has such a line.
                (_, "received") => log::Level::Debug,
                _ => log::Level::Info,
            };
            if !log::log_enabled!(target: "socketio_wasm", level) {
                return;
            }
            let value = js_sys::JSON::stringify(&value).ok().filter(|json| json.is_string()).map(String::from);
            match value {
                Some(value) => log::log!(target: "socketio_wasm", level, "{what} {value}"),
                None => log::log!(target: "socketio_wasm", level, "{what}"),
            }
        });
    write.into_js_value()
}

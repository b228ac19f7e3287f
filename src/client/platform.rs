//! The runtime's own functions, for a client in Rust.

use crate::host::Platform;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/host/runtime.js")]
extern "C" {
    #[wasm_bindgen(js_name = platformOfGlobals)]
    fn platform_of_globals(websocket: &JsValue, log: &JsValue) -> Platform;
}

/// Where the lines of the log go, if anywhere: to the logger of the crate `log`, where the feature asks for it.
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

/// The globals of the runtime; with a class of WebSockets of the user's, that in place of the global one, which is given headers.
pub(super) fn of_globals(websocket: &JsValue, log: LogTo) -> Platform {
    let write = match log {
        #[cfg(feature = "log")]
        LogTo::Logger => logger(),
        LogTo::Console | LogTo::Nowhere => JsValue::UNDEFINED,
    };
    platform_of_globals(websocket, &write)
}

/// What writes lines to the logger of the crate `log`.
#[cfg(feature = "log")]
fn logger() -> JsValue {
    let write: Closure<dyn Fn(String, String, JsValue)> =
        Closure::new(|level: String, what: String, value: JsValue| {
            let level = match (&*level, &*what) {
                ("warn", _) => log::Level::Warn,
                // Each event.
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

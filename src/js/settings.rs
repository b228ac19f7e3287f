//! The objects by which the facade passes checked values: every property is present and has its type.

use crate::engine::{Config, Endpoints, Transports, VersionPolicy};
use crate::host::{HostOptions, JsWire, Platform};
use crate::protocol::{Limits, ProtocolVersion};
use crate::shell::Address;
use crate::socket::{Backoff, Connect, Settings};
use crate::tables::boundary;
use core::num::NonZeroUsize;
use js_sys::{Array, Function, JsString, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The constructor's options. Times are in milliseconds; 0 attempts are no limit, 0 packets as many as the server takes.
    pub type CoreSettings;
    #[wasm_bindgen(method, getter)]
    fn reconnection(this: &CoreSettings) -> bool;
    #[wasm_bindgen(method, getter, js_name = reconnectionAttempts)]
    fn reconnection_attempts(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = reconnectionDelay)]
    fn reconnection_delay(this: &CoreSettings) -> f64;
    /// The platform has a user-supplied function for the delay.
    #[wasm_bindgen(method, getter, js_name = asksDelay)]
    fn asks_delay(this: &CoreSettings) -> bool;
    #[wasm_bindgen(method, getter, js_name = reconnectionDelayMax)]
    fn reconnection_delay_max(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = randomizationFactor)]
    fn randomization_factor(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = requestTimeout)]
    fn request_timeout(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = maxPacketsPerPost)]
    fn max_packets_per_post(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = maxBuffer)]
    fn max_buffer(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = maxAttachments)]
    fn max_attachments(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = maxIdDigits)]
    fn max_id_digits(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = maxPacketSize)]
    fn max_packet_size(this: &CoreSettings) -> f64;
    #[wasm_bindgen(method, getter, js_name = maxDepth)]
    fn max_depth(this: &CoreSettings) -> f64;
    /// The value of the option `credentials` of `fetch`.
    #[wasm_bindgen(method, getter)]
    fn credentials(this: &CoreSettings) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = networkEvents)]
    fn network_events(this: &CoreSettings) -> bool;
    #[wasm_bindgen(method, getter, js_name = highWaterMark)]
    fn high_water_mark(this: &CoreSettings) -> f64;
    /// The session writes to the log.
    #[wasm_bindgen(method, getter)]
    fn logger(this: &CoreSettings) -> bool;

    /// The request of a `connect`.
    #[derive(Clone)]
    pub type ConnectRequest;
    #[wasm_bindgen(method, getter)]
    fn namespaces(this: &ConnectRequest) -> Array;
    /// A number of [`transports`].
    #[wasm_bindgen(method, getter)]
    fn transports(this: &ConnectRequest) -> u8;
    /// A number of [`version`].
    #[wasm_bindgen(method, getter)]
    fn version(this: &ConnectRequest) -> u8;
    /// The promise waits for the namespaces.
    #[wasm_bindgen(method, getter)]
    fn wait(this: &ConnectRequest) -> bool;
    /// Milliseconds to wait for the answer of each namespace.
    #[wasm_bindgen(method, getter, js_name = waitTimeout)]
    fn wait_timeout(this: &ConnectRequest) -> f64;
    #[wasm_bindgen(method, getter)]
    fn retry(this: &ConnectRequest) -> bool;
    #[wasm_bindgen(method, getter, js_name = retryRefused)]
    fn retry_refused(this: &ConnectRequest) -> bool;
    /// Promises [`Prepared`], anew at each attempt.
    #[wasm_bindgen(method)]
    pub(super) fn prepare(this: &ConnectRequest) -> Promise;
    /// Promises the JSON of the CONNECT packets, or `undefined`, anew for each connection.
    #[wasm_bindgen(method, getter)]
    pub(super) fn authenticate(this: &ConnectRequest) -> Function;

    /// The waiters of acknowledgements, by the number of their call.
    #[wasm_bindgen(js_name = Map)]
    pub type Answers;
    #[wasm_bindgen(constructor, js_class = "Map")]
    pub(super) fn new() -> Answers;
    #[wasm_bindgen(method, js_class = "Map")]
    pub(super) fn set(this: &Answers, call: f64, answer: &PendingAnswer);

    /// The waiter of an acknowledgement: a promise, or a user-supplied callback.
    pub type PendingAnswer;
    /// The event it was emitted as.
    #[wasm_bindgen(method, getter)]
    pub(super) fn event(this: &PendingAnswer) -> JsValue;
    /// The namespace it was emitted to.
    #[wasm_bindgen(method, getter)]
    pub(super) fn namespace(this: &PendingAnswer) -> JsValue;
    /// The user-supplied callback; `undefined` for a promise.
    #[wasm_bindgen(method, getter)]
    fn callback(this: &PendingAnswer) -> JsValue;
    /// The failure of the call is reported here, too: to a promise, or to a callback whose first argument it is.
    #[wasm_bindgen(method, getter, js_name = awaited)]
    pub(super) fn is_awaited(this: &PendingAnswer) -> bool;
    #[wasm_bindgen(method, catch, js_name = reject)]
    fn reject_with(this: &PendingAnswer, error: &JsValue) -> Result<(), JsValue>;

    /// Where to connect, as evaluated for one attempt.
    pub type Prepared;
    #[wasm_bindgen(method, getter)]
    fn polling(this: &Prepared) -> JsString;
    #[wasm_bindgen(method, getter)]
    fn websocket(this: &Prepared) -> JsString;
    /// An object of strings, or `undefined`.
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Prepared) -> JsValue;
}

#[wasm_bindgen(module = "/src/host/runtime.min.js")]
extern "C" {
    #[wasm_bindgen(js_name = takeAnswer)]
    pub(super) fn take_answer(answers: &Answers, call: f64) -> Option<PendingAnswer>;
    /// Settles a waiter with the values of the acknowledgement. User code may run in it; its exception is reported.
    #[wasm_bindgen(js_name = resolveAnswer)]
    pub(super) fn resolve_answer(platform: &Platform, answer: &PendingAnswer, values: &Array);
}

impl PendingAnswer {
    /// Returns true for a callback, which is called with the values as its arguments.
    pub(super) fn has_callback(&self) -> bool {
        self.callback().is_function()
    }

    /// Settles the waiter with the reason why there is no acknowledgement. An exception can only come from a
    /// user-supplied abort signal, and is ignored.
    pub(super) fn reject(&self, error: &JsValue) {
        let _ = self.reject_with(error);
    }
}

impl CoreSettings {
    pub(super) fn host(&self) -> HostOptions {
        HostOptions { credentials: self.credentials(), network_events: self.network_events(), logs: self.logger() }
    }

    pub(super) fn session(&self) -> Settings {
        // A float too large for an integer becomes the largest one: as good as no limit.
        Settings {
            engine: Config {
                transports: Transports::PollingThenWebSocket,
                version_policy: VersionPolicy::Fixed(ProtocolVersion::V4),
                request_timeout: self.request_timeout() as u64,
                max_packets_per_post: NonZeroUsize::new(self.max_packets_per_post() as usize),
                high_water_mark: self.high_water_mark() as usize,
                limits: Limits {
                    max_attachments: self.max_attachments() as u32,
                    max_id_digits: self.max_id_digits() as u32,
                    max_packet_size: self.max_packet_size() as usize,
                    max_depth: self.max_depth() as u32,
                },
            },
            reconnection: self.reconnection(),
            reconnection_attempts: self.reconnection_attempts() as u32,
            backoff: Backoff {
                delay: self.reconnection_delay() as u64,
                delay_max: self.reconnection_delay_max() as u64,
                randomization_factor: self.randomization_factor(),
            },
            asks_delay: self.asks_delay(),
            max_buffer: self.max_buffer() as usize,
        }
    }
}

/// Returns the transports that a number of `boundary` stands for.
pub(super) fn transports(number: u8) -> Transports {
    match number {
        boundary::TRANSPORTS_POLLING => Transports::Polling,
        boundary::TRANSPORTS_WEBSOCKET => Transports::WebSocket,
        boundary::TRANSPORTS_POLLING_FIRST => Transports::PollingThenWebSocket,
        _ => Transports::WebSocketThenPolling,
    }
}

/// Returns the protocol version that a number of `boundary` stands for; `None` if the server's is to be found out.
pub(super) fn version(number: u8) -> Option<ProtocolVersion> {
    match number {
        boundary::VERSION_3 => Some(ProtocolVersion::V3),
        boundary::VERSION_4 => Some(ProtocolVersion::V4),
        _ => None,
    }
}

impl ConnectRequest {
    pub(super) fn request(&self) -> Connect<JsWire> {
        Connect {
            namespaces: self.namespaces().iter().map(|name| name.unchecked_into::<JsString>().into()).collect(),
            transports: transports(self.transports()),
            version: version(self.version()),
            wait: self.wait(),
            wait_timeout: self.wait_timeout() as u64,
            retry: self.retry(),
            retry_refused: self.retry_refused(),
        }
    }
}

impl Prepared {
    pub(super) fn address(&self) -> Address {
        let endpoints = Endpoints { polling: self.polling().into(), websocket: self.websocket().into() };
        Address { endpoints, headers: self.headers() }
    }
}

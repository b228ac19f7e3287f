//! Where to connect: the user's URL made into the two that a connection uses.

use super::error::Error;
use super::redact;
use crate::engine::Endpoints;
use crate::host::JsText;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    pub(super) type Url;
    #[wasm_bindgen(constructor, catch, js_class = "URL")]
    pub(super) fn new(url: &str, base: Option<String>) -> Result<Url, JsValue>;
    #[wasm_bindgen(method, getter, js_class = "URL")]
    pub(super) fn protocol(this: &Url) -> String;
    #[wasm_bindgen(method, getter, js_class = "URL")]
    pub(super) fn host(this: &Url) -> String;
    #[wasm_bindgen(method, getter, js_class = "URL")]
    pub(super) fn pathname(this: &Url) -> String;
    #[wasm_bindgen(method, getter, js_class = "URL")]
    pub(super) fn search(this: &Url) -> String;
    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn username(this: &Url) -> String;
    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn password(this: &Url) -> String;

    #[wasm_bindgen(thread_local_v2, js_name = location)]
    static LOCATION: Option<Location>;
    type Location;
    #[wasm_bindgen(method, getter)]
    fn href(this: &Location) -> String;
}

/// The URLs of both transports, complete but for the number of the protocol's revision at their end. In a page, a relative URL is
/// relative to it.
pub(super) fn endpoints(url: &str, path: &str) -> Result<Endpoints<JsText>, Error> {
    let invalid = |why| Error::InvalidUrl { url: redact::url_shown(url), why };
    let base = LOCATION.with(|location| location.as_ref().map(Location::href));
    let Ok(parsed) = Url::new(url, base) else {
        return Err(invalid("it is not an absolute URL such as http://localhost:3000"));
    };
    let secure = match parsed.protocol().as_str() {
        "http:" | "ws:" => "",
        "https:" | "wss:" => "s",
        _ => return Err(invalid("it must begin with http://, https://, ws:// or wss://")),
    };
    if parsed.pathname().len() > 1 {
        return Err(invalid(
            "it may have no path: give namespaces to namespace(), another path of the server to path()",
        ));
    }
    if !(parsed.username().is_empty() && parsed.password().is_empty()) {
        return Err(invalid("a user and a password in it cannot be sent: use auth(), or an authorization header"));
    }
    let search = parsed.search();
    let query = search.strip_prefix('?').unwrap_or_default();
    let is_own = |pair: &str| matches!(pair.split('=').next(), Some("sid" | "EIO" | "transport"));
    if query.split('&').any(is_own) {
        return Err(invalid("its query has a name that the protocol uses itself: sid, EIO or transport"));
    }
    let query = if query.is_empty() { String::new() } else { format!("{query}&") };
    let folder = match path.trim_matches('/') {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let host = parsed.host();
    let endpoint = |scheme: &str, transport: &str| {
        JsText::from(js_sys::JsString::from(format!(
            "{scheme}{secure}://{host}/{folder}?{query}transport={transport}&EIO="
        )))
    };
    Ok(Endpoints { polling: endpoint("http", "polling"), websocket: endpoint("ws", "websocket") })
}

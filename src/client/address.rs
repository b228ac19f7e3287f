//! Makes the two URLs of a connection from the user's URL.

use super::error::Error;
use super::redact;
use crate::engine::Endpoints;
use crate::host::JsText;
use crate::tables::url_faults;
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
    #[wasm_bindgen(method, getter, js_class = "URL", js_name = searchParams)]
    fn search_params(this: &Url) -> UrlSearchParams;

    type UrlSearchParams;
    #[wasm_bindgen(method)]
    fn has(this: &UrlSearchParams, name: &str) -> bool;

    #[wasm_bindgen(thread_local_v2, js_name = location)]
    static LOCATION: Option<Location>;
    type Location;
    #[wasm_bindgen(method, getter)]
    fn href(this: &Location) -> String;
}

/// Returns the URLs of both transports, complete except for the number of the protocol version at their end. A relative
/// URL is relative to the page.
pub(super) fn endpoints(url: &str, path: &str) -> Result<Endpoints<JsText>, Error> {
    let invalid = |why| Error::InvalidUrl { url: redact::url_shown(url), why };
    let base = LOCATION.with(|location| location.as_ref().map(Location::href));
    let Ok(parsed) = Url::new(url, base) else {
        return Err(invalid(url_faults::SYNTAX));
    };
    if path.contains(['?', '#']) {
        return Err(invalid("the server's path(), which may have no ? and no #, does not go with it"));
    }
    let secure = match parsed.protocol().as_str() {
        "http:" | "ws:" => "",
        "https:" | "wss:" => "s",
        _ => return Err(invalid(url_faults::SCHEME)),
    };
    if parsed.pathname().len() > 1 {
        return Err(invalid(url_faults::PATH));
    }
    if !(parsed.username().is_empty() && parsed.password().is_empty()) {
        return Err(invalid(url_faults::USER));
    }
    // The server decodes names: `s%69d` is `sid`.
    let parameters = parsed.search_params();
    if ["sid", "EIO", "transport"].iter().any(|name| parameters.has(name)) {
        return Err(invalid(url_faults::QUERY));
    }
    let search = parsed.search();
    let query = search.strip_prefix('?').unwrap_or_default();
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

//! Where to connect: the user's URL made into the two a connection uses.

use super::errors::error;
use crate::engine::Endpoints;
use crate::host::Platform;
use js_sys::{JsString, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    type Url;
    #[wasm_bindgen(constructor, catch, js_class = "URL")]
    fn new(url: &JsValue, base: &JsValue) -> Result<Url, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn protocol(this: &Url) -> String;
    #[wasm_bindgen(method, getter)]
    fn host(this: &Url) -> String;
    #[wasm_bindgen(method, getter)]
    fn pathname(this: &Url) -> String;
    #[wasm_bindgen(method, getter)]
    fn search(this: &Url) -> String;
    #[wasm_bindgen(method, getter)]
    fn username(this: &Url) -> String;
    #[wasm_bindgen(method, getter)]
    fn password(this: &Url) -> String;
}

/// Reads `url` (a text or a `URL`; relative to the page where there is one). A path is refused, for it may be meant as a
/// namespace or as the server's path; the query is kept.
pub(super) fn endpoints(platform: &Platform, url: &JsValue, path: &str) -> Result<Endpoints<JsString>, JsValue> {
    let invalid = |why: &str| error(platform, "INVALID_URL", [url.clone(), why.into(), JsValue::UNDEFINED]);
    let location = Reflect::get(&js_sys::global(), &"location".into()).unwrap_or_default();
    let base =
        if location.is_object() { Reflect::get(&location, &"href".into()).unwrap_or_default() } else { location };
    if !url.is_string() && !url.is_object() {
        return Err(invalid("syntax"));
    }
    let url = Url::new(url, &base).map_err(|_| invalid("syntax"))?;
    let secure = match url.protocol().as_str() {
        "http:" | "ws:" => "",
        "https:" | "wss:" => "s",
        _ => return Err(invalid("scheme")),
    };
    if url.pathname().len() > 1 {
        return Err(invalid("path"));
    }
    let mut rest = String::from(secure);
    rest.push_str("://");
    if !url.username().is_empty() {
        for part in [&url.username(), ":", &url.password(), "@"] {
            rest.push_str(part);
        }
    }
    rest.push_str(&url.host());
    if !path.is_empty() {
        rest.push('/');
        rest.push_str(path);
    }
    rest.push_str("/?");
    let query = url.search();
    if let Some(query) = query.strip_prefix('?').filter(|query| !query.is_empty()) {
        rest.push_str(query);
        rest.push('&');
    }
    let url = |scheme: &str, transport: &str| {
        JsString::from([scheme, rest.as_str(), "transport=", transport, "&EIO=4"].concat())
    };
    Ok(Endpoints { polling: url("http", "polling"), websocket: url("ws", "websocket") })
}

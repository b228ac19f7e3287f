//! What a server says beside a refusal or a disconnection.

use super::arguments::{json, value_from_js};
use super::error::Error;
use js_sys::JSON;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// What the server has sent with a refusal or a disconnection, of whatever type that is.
///
/// ```no_run
/// # use socketio_wasm::{Client, Error, ServerData};
/// # use std::collections::BTreeMap;
/// # async fn example(client: &Client) -> Result<(), Error> {
/// if let Err(Error::Refused { data: Some(data), .. }) = client.connect_namespace("/private").await {
///     let why: BTreeMap<String, String> = ServerData::parse(&data)?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerData {
    // No JS value: errors go where `Send` and `Sync` are asked for.
    json: String,
}

impl ServerData {
    /// `None` where it is nothing that JSON has.
    pub(super) fn of(value: &JsValue) -> Option<Self> {
        json(value).map(|json| Self { json: json.into() })
    }

    /// The data as a type of yours.
    ///
    /// # Errors
    /// [`Error::WrongType`], where it is of another one.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let value = JSON::parse(&self.json).unwrap_or_default();
        value_from_js(value).map_err(|why| Error::WrongType { of: "the server's data".into(), why })
    }
}

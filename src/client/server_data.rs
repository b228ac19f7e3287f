//! Data that a server sends with a refusal or a disconnection.

use super::error::Error;
use super::values::{json, value_from_json};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Data of any type that the server sent with a refusal or a disconnection.
///
/// ```no_run
/// use socketio_wasm::{Client, Error, ServerData};
/// use std::collections::BTreeMap;
///
/// async fn example(client: &Client) -> Result<(), Error> {
///     if let Err(Error::Refused { data: Some(data), .. }) =
///         client.connect_namespace("/private").await
///     {
///         let why: BTreeMap<String, String> = ServerData::parse(&data)?;
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerData {
    // Not a JS value, because errors must be `Send` and `Sync`.
    json: String,
}

impl ServerData {
    /// Returns `None` if JSON cannot represent the value.
    pub(super) fn of(value: &JsValue) -> Option<Self> {
        json(value).map(|json| Self { json: json.into() })
    }

    /// Reads the data as a type.
    ///
    /// # Errors
    /// [`Error::WrongType`] if the data has another type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        value_from_json(&self.json).map_err(|mismatch| Error::wrong_type("the server's data".into(), None, mismatch))
    }
}

//! An attempt to connect: its url, headers and auth, which user-supplied functions may evaluate. Their time is limited by the session.

use super::events::feed;
use super::{Frontend, Shell, ShellDriver};
use crate::engine::Endpoints;
use crate::host::{JsText, JsWire};
use crate::protocol::{Frame, PacketType};
use crate::socket::{Attempt, Input};
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// The address to which an attempt connects.
pub struct Address {
    /// The urls of both transports.
    pub endpoints: Endpoints<JsText>,
    /// An object of strings, or `undefined`.
    pub headers: JsValue,
}

impl<F: Frontend> Shell<F> {
    pub(super) fn prepare(driver: &ShellDriver<F>, attempt: Attempt) {
        driver.layer.failed.take();
        F::evaluate_address(driver, attempt);
        // Last, since it may panic; nothing is read before.
        driver.layer.frontend.reset_codec();
    }

    /// Url and headers are known, or their evaluation failed.
    pub fn on_address(driver: &ShellDriver<F>, attempt: Attempt, address: Result<Address, F::Error>) {
        // For the delay that follows if this attempt fails.
        let random = js_sys::Math::random();
        let input = match address {
            Ok(Address { endpoints, headers }) => {
                if driver.query(|session| session.is_preparing(attempt)) {
                    driver.host.set_headers(headers);
                }
                Input::Prepared(attempt, endpoints, random)
            }
            Err(error) => {
                driver.layer.failed.replace(Some(error));
                Input::PreparationFailed(attempt, random)
            }
        };
        feed(driver, input);
    }

    /// Namespaces without auth of their own share one evaluation of the client's auth.
    pub(super) fn authenticate(driver: &ShellDriver<F>, attempt: Attempt, namespaces: Vec<JsText>) {
        let mut shared = Vec::new();
        for namespace in namespaces {
            let auth = driver.layer.auth.borrow();
            let own = auth.iter().find(|(name, _)| *name == namespace).map(|(_, auth)| auth.clone());
            drop(auth);
            match own {
                Some(own) => F::evaluate_auth(driver, Some(own), attempt, vec![namespace]),
                None => shared.push(namespace),
            }
        }
        if !shared.is_empty() {
            F::evaluate_auth(driver, None, attempt, shared);
        }
    }

    /// The auth of these namespaces is known, or its evaluation failed: its JSON, or with a codec the value; `undefined` for none.
    pub fn on_auth(
        driver: &ShellDriver<F>,
        attempt: Attempt,
        namespaces: Vec<JsText>,
        auth: Result<JsValue, F::Error>,
    ) {
        let failed = |error, namespaces| {
            driver.layer.failed.replace(Some(error));
            feed(driver, Input::AuthenticationFailed(attempt, namespaces));
        };
        let auth = match auth {
            Ok(auth) => auth,
            Err(error) => return failed(error, namespaces),
        };
        if !driver.layer.frontend.has_codec() {
            let json = auth.dyn_into::<JsString>().ok().map(JsText::from);
            return feed(driver, Input::Authenticated(attempt, namespaces, json));
        }
        for namespace in namespaces {
            match connection_packets(driver, &namespace, &auth) {
                Ok(packets) => feed(driver, Input::ConnectEncoded(attempt, namespace, packets)),
                Err(error) => failed(error, vec![namespace]),
            }
        }
    }
}

/// A namespace's CONNECT, and the DISCONNECT that may follow it one day.
fn connection_packets<F: Frontend>(
    driver: &ShellDriver<F>,
    namespace: &JsText,
    auth: &JsValue,
) -> Result<[Vec<Frame<JsWire>>; 2], F::Error> {
    let write = |kind, data| driver.layer.frontend.write(driver.host.platform(), kind, namespace, data, None);
    let auth = Some(auth).filter(|auth| !auth.is_undefined());
    Ok([write(PacketType::Connect, auth)?, write(PacketType::Disconnect, None)?])
}

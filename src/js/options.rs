//! What users pass in: every name and every value is checked, and the error names it.

use super::errors::{error, invalid_namespace, invalid_option};
use crate::driver::Logs;
use crate::engine::Transports;
use crate::host::Platform;
use crate::socket::{Connect, Settings};
use js_sys::{Array, Function, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

/// The options of the constructor.
pub(super) struct ClientOptions {
    pub settings: Settings,
    pub logs: Logs,
    pub credentials: JsString,
}

/// The options of `connect`, but for what is evaluated at each attempt.
pub(super) struct ConnectOptions {
    pub request: Connect<crate::host::JsWire>,
    pub path: String,
    pub headers: JsValue,
    pub auth: JsValue,
}

/// The options of one call, read by name.
struct Reader<'a> {
    platform: &'a Platform,
    options: &'a JsValue,
}

impl<'a> Reader<'a> {
    /// Refuses what is no object, and names that are not known: a misspelt option would be silently without effect.
    fn new(platform: &'a Platform, options: &'a JsValue, known: &[&str]) -> Result<Self, JsValue> {
        if options.is_undefined() {
            return Ok(Self { platform, options });
        }
        let Some(object) = options.dyn_ref::<Object>() else {
            return Err(invalid_option(platform, "options", options, "an object"));
        };
        for key in Object::keys(object).iter() {
            let name = key.as_string().unwrap_or_default();
            if !known.contains(&name.as_str()) {
                let value = Reflect::get(object, &key).unwrap_or_default();
                return Err(invalid_option(platform, &name, &value, "a known option"));
            }
        }
        Ok(Self { platform, options })
    }

    /// `undefined` where it is not given.
    fn value(&self, name: &str) -> JsValue {
        if self.options.is_undefined() {
            return JsValue::UNDEFINED;
        }
        Reflect::get(self.options, &JsValue::from_str(name)).unwrap_or_default()
    }

    fn refuse(&self, name: &str, expected: &str) -> JsValue {
        invalid_option(self.platform, name, &self.value(name), expected)
    }

    fn flag(&self, name: &str, default: bool) -> Result<bool, JsValue> {
        let value = self.value(name);
        if value.is_undefined() {
            return Ok(default);
        }
        value.as_bool().ok_or_else(|| self.refuse(name, "true or false"))
    }

    fn number(&self, name: &str, default: f64, least: f64, most: f64, expected: &str) -> Result<f64, JsValue> {
        let value = self.value(name);
        if value.is_undefined() {
            return Ok(default);
        }
        let number = value.as_f64().filter(|number| *number >= least && *number <= most);
        number.ok_or_else(|| self.refuse(name, expected))
    }

    fn milliseconds(&self, name: &str, default: u64) -> Result<u64, JsValue> {
        let expected = "a number of milliseconds, 0 or more";
        // A larger one, or Infinity, is as good as none.
        self.number(name, default as f64, 0.0, f64::INFINITY, expected).map(|number| number as u64)
    }

    fn count(&self, name: &str, default: f64, least: f64) -> Result<f64, JsValue> {
        let expected = if least > 0.0 { "a whole number, 1 or more" } else { "a whole number, 0 or more" };
        let number = self.number(name, default, least, f64::INFINITY, expected)?;
        if number.fract() == 0.0 || number.is_infinite() { Ok(number) } else { Err(self.refuse(name, expected)) }
    }
}

/// Reads the constructor's options.
pub(super) fn client_options(platform: &Platform, options: &JsValue) -> Result<ClientOptions, JsValue> {
    let reader = Reader::new(
        platform,
        options,
        &[
            "reconnection",
            "reconnectionAttempts",
            "reconnectionDelay",
            "reconnectionDelayMax",
            "randomizationFactor",
            "requestTimeout",
            "serializer",
            "logger",
            "engineLogger",
            "maxBuffer",
            "maxPacketsPerPost",
            "limits",
            "credentials",
            "fetch",
            "WebSocket",
        ],
    )?;
    let mut settings = Settings::default();
    settings.reconnection = reader.flag("reconnection", settings.reconnection)?;
    settings.reconnection_attempts = reader.count("reconnectionAttempts", 0.0, 0.0).map(no_limit)?;
    settings.backoff.delay = reader.milliseconds("reconnectionDelay", settings.backoff.delay)?;
    settings.backoff.delay_max = reader.milliseconds("reconnectionDelayMax", settings.backoff.delay_max)?;
    let factor = settings.backoff.randomization_factor;
    settings.backoff.randomization_factor =
        reader.number("randomizationFactor", factor, 0.0, 1.0, "a number from 0 to 1")?;
    settings.max_buffer = reader.count("maxBuffer", f64::INFINITY, 0.0)? as usize;
    let engine = &mut settings.engine;
    engine.request_timeout = reader.milliseconds("requestTimeout", engine.request_timeout)?;
    engine.max_packets_per_post = reader.count("maxPacketsPerPost", 16.0, 1.0)? as usize;

    let given = reader.value("limits");
    let limits = Reader::new(platform, &given, &["maxAttachments", "maxIdDigits", "maxPacketSize", "maxDepth"])?;
    let default = engine.limits;
    engine.limits.max_attachments = limits.count("maxAttachments", default.max_attachments.into(), 0.0)? as u32;
    let digits = limits.number("maxIdDigits", default.max_id_digits.into(), 1.0, 15.0, "a number from 1 to 15")?;
    engine.limits.max_id_digits = digits as u32;
    engine.limits.max_packet_size = limits.count("maxPacketSize", default.max_packet_size as f64, 1.0)? as usize;
    let depth = limits.number("maxDepth", default.max_depth.into(), 1.0, 2_000.0, "a number from 1 to 2000")?;
    engine.limits.max_depth = depth as u32;

    let serializer = reader.value("serializer");
    if !serializer.is_undefined() && serializer.as_string().as_deref() != Some("default") {
        return Err(reader.refuse("serializer", "\"default\""));
    }
    let credentials = match reader.value("credentials") {
        value if value.is_undefined() => JsString::from("same-origin"),
        value => match value.as_string().as_deref() {
            Some("same-origin" | "include" | "omit") => value.unchecked_into(),
            _ => return Err(reader.refuse("credentials", "\"same-origin\", \"include\" or \"omit\"")),
        },
    };
    let logs = Logs { socket: reader.value("logger").is_truthy(), engine: reader.value("engineLogger").is_truthy() };
    Ok(ClientOptions { settings, logs, credentials })
}

/// 0 and infinity are no limit.
fn no_limit(count: f64) -> u32 {
    if count.is_infinite() { 0 } else { count as u32 }
}

/// Reads the options of `connect`. Where no namespaces are given, `default_namespaces` are connected.
pub(super) fn connect_options(
    platform: &Platform,
    params: &JsValue,
    default_namespaces: Vec<JsString>,
) -> Result<ConnectOptions, JsValue> {
    let reader = Reader::new(
        platform,
        params,
        &["headers", "auth", "transports", "namespaces", "path", "wait", "waitTimeout", "retry", "signal"],
    )?;
    let transports = transports(&reader)?;
    let headers = reader.value("headers");
    if !headers.is_undefined() && !headers.is_function() && !headers.is_object() {
        return Err(reader.refuse("headers", "an object of texts, or a function that gives one"));
    }
    if !headers.is_undefined() && !platform.websocket_headers() {
        if transports == Transports::WebSocket {
            return Err(error(
                platform,
                "UNSUPPORTED_OPTION",
                ["headers".into(), platform.name().into(), JsValue::UNDEFINED],
            ));
        }
        let what = "headers go on polling requests alone: no browser puts them on a websocket";
        platform.log(&"socket".into(), &"warn".into(), &what.into(), &JsValue::UNDEFINED);
    }
    let path = reader.value("path");
    let path = match path.as_string() {
        Some(path) if !path.contains(['?', '#']) => path.trim_matches('/').to_owned(),
        None if path.is_undefined() => "socket.io".to_owned(),
        _ => return Err(reader.refuse("path", "a text such as \"/socket.io\"")),
    };
    let wait_timeout = reader.milliseconds("waitTimeout", 1_000)?;
    let request = Connect {
        namespaces: namespaces(&reader, default_namespaces)?,
        transports,
        wait: reader.flag("wait", true)?.then_some(wait_timeout),
        retry: reader.flag("retry", false)?,
    };
    Ok(ConnectOptions { request, path, headers, auth: reader.value("auth") })
}

fn transports(reader: &Reader<'_>) -> Result<Transports, JsValue> {
    let value = reader.value("transports");
    let names = match value.dyn_ref::<Array>() {
        Some(names) => names.clone(),
        None if value.is_undefined() => return Ok(Transports::PollingThenWebSocket),
        None => Array::of1(&value),
    };
    let expected = "\"polling\", \"websocket\", or an array of them";
    let mut chosen = Vec::new();
    for name in names.iter() {
        match name.as_string().as_deref() {
            Some("polling") => chosen.push(Transports::Polling),
            Some("websocket") => chosen.push(Transports::WebSocket),
            _ => return Err(reader.refuse("transports", expected)),
        }
    }
    // The first one opens the connection; a websocket that is open has nothing to be upgraded to.
    match chosen.first() {
        Some(Transports::Polling) if chosen.contains(&Transports::WebSocket) => Ok(Transports::PollingThenWebSocket),
        Some(first) => Ok(*first),
        None => Err(reader.refuse("transports", expected)),
    }
}

fn namespaces(reader: &Reader<'_>, default: Vec<JsString>) -> Result<Vec<JsString>, JsValue> {
    let value = reader.value("namespaces");
    let names = match value.dyn_ref::<Array>() {
        Some(names) => names.clone(),
        None if value.is_undefined() => {
            return Ok(if default.is_empty() { vec![JsString::from("/")] } else { default });
        }
        None => Array::of1(&value),
    };
    let mut chosen: Vec<JsString> = Vec::new();
    for name in names.iter() {
        let name = namespace(reader.platform, &name)?;
        if !chosen.contains(&name) {
            chosen.push(name);
        }
    }
    if chosen.is_empty() { Err(reader.refuse("namespaces", "at least one namespace")) } else { Ok(chosen) }
}

/// A namespace's name: it begins with a slash, and has no comma (which ends it on the wire) and no question mark.
pub(super) fn namespace(platform: &Platform, name: &JsValue) -> Result<JsString, JsValue> {
    let valid = name.as_string().is_some_and(|name| name.starts_with('/') && !name.contains([',', '?']));
    if valid { Ok(name.clone().unchecked_into()) } else { Err(invalid_namespace(platform, name)) }
}

/// What handlers are registered for: a namespace, or `*`.
pub(super) fn handler_namespace(platform: &Platform, name: &JsValue) -> Result<JsString, JsValue> {
    match name.dyn_ref::<JsString>() {
        Some(any) if *any == "*" => Ok(any.clone()),
        _ => namespace(platform, name),
    }
}

/// A handler must be callable.
pub(super) fn handler(platform: &Platform, handler: &JsValue) -> Result<Function, JsValue> {
    handler
        .dyn_ref::<Function>()
        .cloned()
        .ok_or_else(|| error(platform, "INVALID_HANDLER", [handler.clone(), JsValue::UNDEFINED, JsValue::UNDEFINED]))
}

/// A time-out of a call: 0 and infinity are none.
pub(super) fn call_timeout(platform: &Platform, milliseconds: f64) -> Result<Option<u64>, JsValue> {
    if milliseconds.is_nan() || milliseconds < 0.0 {
        let expected = "a number of milliseconds, 0 or more";
        return Err(invalid_option(platform, "timeout", &JsValue::from_f64(milliseconds), expected));
    }
    let none = milliseconds == 0.0 || milliseconds.is_infinite();
    Ok((!none).then_some(milliseconds as u64))
}

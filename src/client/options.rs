//! The options of a client, and the sources of URL, headers and auth.

use super::IS_SUPPORTED;
use super::cause::Cause;
use super::connection_options::ConnectionOptions;
use super::error::Error;
use super::packets::Codec;
use super::redact;
use super::values::json_of;
use crate::socket::Settings;
use crate::tables::defaults;
use core::time::Duration;
use js_sys::{JsString, Object, Reflect};
use serde::Serialize;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

type Made<T> = Pin<Box<dyn Future<Output = Result<T, Error>>>>;

/// A value, or a user-supplied function that returns a fresh one for each attempt.
pub(super) enum Source<T> {
    Value(Result<T, Error>),
    Function(Rc<dyn Fn() -> Made<T>>),
}

impl<T: Clone> Clone for Source<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Value(value) => Self::Value(value.clone()),
            Self::Function(function) => Self::Function(function.clone()),
        }
    }
}

impl<T> Source<T> {
    /// Returns the value; `None` for a function.
    ///
    /// # Errors
    /// That of a value that can never be used.
    pub fn known(&self) -> Result<Option<&T>, Error> {
        match self {
            Self::Value(value) => value.as_ref().map(Some).map_err(Clone::clone),
            Self::Function(_) => Ok(None),
        }
    }
}

impl<T: Clone> Source<T> {
    /// Returns the value, or evaluates the function.
    pub async fn value(&self) -> Result<T, Error> {
        match self {
            Self::Value(value) => value.clone(),
            Self::Function(function) => function().await,
        }
    }
}

impl<T: 'static> Source<T> {
    /// Makes a source of a user-supplied function, which returns this thing; `form` converts its result.
    pub fn function<F, V, E>(
        of: &'static str,
        function: impl Fn() -> F + 'static,
        form: impl Fn(V) -> Result<T, Error> + 'static,
    ) -> Self
    where
        F: Future<Output = Result<V, E>> + 'static,
        V: 'static,
        E: Into<Box<dyn core::error::Error>>,
    {
        let form = Rc::new(form);
        Self::Function(Rc::new(move || {
            let (made, form) = (function(), form.clone());
            Box::pin(async move {
                let failed = |error| Error::Preparation { function: of, cause: Cause::new(error) };
                made.await.map_err(failed).and_then(|value| form(value))
            })
        }))
    }
}

/// Returns the delay before an attempt, whose number and the error before it are given; `None` for no further attempt.
type DelayFunction = Box<dyn Fn(u32, &Error) -> Option<Duration>>;

/// The options; the methods of [`ClientBuilder`](super::ClientBuilder) describe them.
pub(super) struct Options {
    pub connection: ConnectionOptions,
    pub auth: Source<Option<JsString>>,
    pub namespaces: RefCell<Vec<String>>,
    /// `connect` waits for the namespaces.
    pub waits: bool,
    /// The time that each namespace has to answer, in milliseconds; `None` for the default.
    pub wait_timeout: Option<u64>,
    pub retry: bool,
    /// Refused namespaces are asked for again.
    pub retry_refused: bool,
    /// The user-supplied function for the delay before an attempt.
    pub delay: Option<DelayFunction>,
    /// The session's settings, except those of the engine: these are in `connection`.
    pub settings: Settings,
    /// Replaces the default format.
    pub serializer: Option<Box<dyn Codec>>,
}

impl Options {
    pub fn new(url: Source<String>) -> Self {
        Self {
            connection: ConnectionOptions::new(url, defaults::PATH),
            auth: Source::Value(Ok(None)),
            namespaces: RefCell::default(),
            waits: true,
            wait_timeout: None,
            retry: false,
            retry_refused: false,
            delay: None,
            settings: Settings::default(),
            serializer: None,
        }
    }

    /// Finds what no attempt would come through with, however often it is repeated.
    pub fn check(&self) -> Result<(), Error> {
        self.connection.check()?;
        self.auth.known().map(drop)
    }

    /// Reports an error that nobody waits for.
    pub fn report(&self, error: &Error) {
        (self.connection.on_error)(error);
    }
}

/// Returns the JSON of auth; `None` for `()` and `None`. npm's server closes the connection if auth is not an object.
pub(super) fn auth_json(value: &impl Serialize) -> Result<Option<JsString>, Error> {
    if !IS_SUPPORTED {
        return Ok(None);
    }
    let (auth, binary) = json_of(value).map_err(Error::InvalidAuth)?;
    if auth == "null" {
        return Ok(None);
    }
    if !auth.starts_with('{') || binary == Some(0) {
        return Err(Error::InvalidAuth("it is neither a map nor a struct with named fields: put it into one".into()));
    }
    if binary.is_some() {
        return Err(Error::InvalidAuth(
            "it has binary data, which a CONNECT cannot carry: encode it as a string".into(),
        ));
    }
    Ok(Some(auth.into()))
}

/// Returns headers as the object that a platform takes.
pub(super) fn headers_object<N: AsRef<str>, V: AsRef<str>>(
    headers: impl IntoIterator<Item = (N, V)>,
) -> Result<JsValue, Error> {
    if !IS_SUPPORTED {
        return Ok(JsValue::UNDEFINED);
    }
    let object = Object::new();
    for (name, value) in headers {
        // Space around a value is not part of it, but not every platform removes it.
        let (name, value) = (name.as_ref(), value.as_ref().trim_matches([' ', '\t', '\r', '\n']));
        if name.is_empty() || !name.chars().all(|of| of.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(of)) {
            // The name is not shown, since it may contain the value.
            let why = "its name may have letters, digits and hyphens, and no spaces";
            return Err(Error::InvalidHeader { name: redact::kind_of(name), why });
        }
        if !value.chars().all(|of| matches!(of, '\t' | ' '..='~' | '\u{80}'..='\u{ff}')) {
            let why = "its value may have no line breaks and no characters beyond Latin-1: encode it";
            return Err(Error::InvalidHeader { name: name.to_owned(), why });
        }
        // Setting a property of a new object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value.into());
    }
    Ok(object.into())
}

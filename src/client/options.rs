//! What a client is made of, and where what it needs for a connection comes from.

use super::arguments::{json, value_to_js};
use super::connection_options::ConnectionOptions;
use super::error::Error;
use super::redact;
use super::serializers::Serializer;
use crate::socket::Settings;
use crate::tables::defaults;
use js_sys::{Array, ArrayBuffer, JsString, Object, Reflect};
use serde::Serialize;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

type Made<T> = Pin<Box<dyn Future<Output = Result<T, Error>>>>;

/// A value, or a function that gives a fresh one for each attempt.
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
    /// What it gives each time; `None` where only a function knows.
    ///
    /// # Errors
    /// That of a value that cannot be used at all.
    pub fn known(&self) -> Result<Option<&T>, Error> {
        match self {
            Self::Value(value) => value.as_ref().map(Some).map_err(Clone::clone),
            Self::Function(_) => Ok(None),
        }
    }
}

impl<T: Clone> Source<T> {
    /// What it gives now.
    pub async fn value(&self) -> Result<T, Error> {
        match self {
            Self::Value(value) => value.clone(),
            Self::Function(function) => function().await,
        }
    }
}

impl<T: 'static> Source<T> {
    /// What a function of the user's gives, put into the form in which it is needed.
    pub fn function<F, V, E>(function: impl Fn() -> F + 'static, form: impl Fn(V) -> Result<T, Error> + 'static) -> Self
    where
        F: Future<Output = Result<V, E>> + 'static,
        V: 'static,
        E: core::fmt::Display,
    {
        let form = Rc::new(form);
        Self::Function(Rc::new(move || {
            let (made, form) = (function(), form.clone());
            Box::pin(async move {
                made.await.map_err(|error| Error::Preparation(error.to_string())).and_then(|value| form(value))
            })
        }))
    }
}

/// See [`ClientBuilder`](super::ClientBuilder), which has the words.
pub(super) struct Options {
    pub connection: ConnectionOptions,
    pub auth: Source<Option<JsString>>,
    pub namespaces: RefCell<Vec<String>>,
    /// Whether `connect` waits for the namespaces.
    pub waits: bool,
    /// For how many milliseconds, where that was said.
    pub wait_timeout: Option<u64>,
    pub retry: bool,
    /// Whether a refused namespace is asked for again, too.
    pub retry_refused: bool,
    /// But for those of the engine, which are the connection's.
    pub settings: Settings,
    /// In place of the default format.
    pub serializer: Option<Box<dyn Serializer>>,
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
            settings: Settings::default(),
            serializer: None,
        }
    }

    /// Finds what no attempt would come through with, however often it is repeated.
    pub fn check(&self) -> Result<(), Error> {
        self.connection.check()?;
        self.auth.known().map(drop)
    }

    /// Tells of what nobody waits for.
    pub fn report(&self, error: &Error) {
        (self.connection.on_error)(error);
    }
}

/// Auth as it is sent; `None` for `()` and `None`. npm's server closes the connection over one that is no object.
pub(super) fn auth_json(value: &impl Serialize) -> Result<Option<JsString>, Error> {
    let auth = value_to_js(value).map_err(Error::InvalidAuth)?;
    if auth.is_null() || auth.is_undefined() {
        return Ok(None);
    }
    if !auth.is_object() || Array::is_array(&auth) || ArrayBuffer::is_view(&auth) {
        return Err(Error::InvalidAuth("it is neither a map nor a struct with named fields: put it into one".into()));
    }
    Ok(json(&auth))
}

/// Headers as a platform takes them.
pub(super) fn headers_object<N: AsRef<str>, V: AsRef<str>>(
    headers: impl IntoIterator<Item = (N, V)>,
) -> Result<JsValue, Error> {
    let object = Object::new();
    for (name, value) in headers {
        // Space round a value is no part of it; not every platform takes it away.
        let (name, value) = (name.as_ref(), value.as_ref().trim_matches([' ', '\t', '\r', '\n']));
        if name.is_empty() || !name.chars().all(|of| of.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(of)) {
            // The value may stand in it.
            let why = "its name may have letters, digits and hyphens, and no spaces";
            return Err(Error::InvalidHeader { name: redact::kind_of(name), why });
        }
        if !value.chars().all(|of| matches!(of, '\t' | ' '..='~' | '\u{80}'..='\u{ff}')) {
            let why = "its value may have no line breaks and no characters beyond Latin-1: encode it";
            return Err(Error::InvalidHeader { name: name.to_owned(), why });
        }
        // A new object takes any property.
        let _ = Reflect::set(&object, &name.into(), &value.into());
    }
    Ok(object.into())
}

//! Return values of handlers: how each becomes an acknowledgement.

use super::IS_SUPPORTED;
use super::cause::Cause;
use super::error::Error;
use super::handlers::{Ack, Answered};
use super::values::Prepared;
use core::any::{Any, type_name};
use core::error::Error as AnyError;
use serde::Serialize;
use std::future::Future;

/// A type that a handler can return: a value, or a future of one. The value answers the server if it has asked for an
/// acknowledgement: a tuple is several values, `()` is none.
///
/// A handler that can fail returns a `Result`. Its error can be any error type, a `Box<dyn Error>`, a string, or another value
/// that serde can serialize. An error goes to the builder's `on_error`, as [`Error::Handler`], and the server receives no
/// acknowledgement. With the crate's own [`Error`] it arrives as it is.
///
/// `Kind` distinguishes these cases. It is always inferred. An error type that both is an error and can be serialized is ambiguous:
/// convert it by `.map_err(|error| error.to_string())`. In a closure of several lines that uses `?`, the last line names the error
/// type, because the compiler cannot infer it: `Ok::<_, Error>(value)`.
///
/// ```no_run
/// use gloo_console::log;
/// use serde::de::DeserializeOwned;
/// use socketio_wasm::{Client, IntoAck, Scope};
///
/// /// Adds a handler that is logged.
/// fn on_logged<A, R, Kind>(
///     client: &Client,
///     event: &'static str,
///     handler: impl Fn(Scope, A) -> R + 'static,
/// ) where
///     A: DeserializeOwned,
///     R: IntoAck<Kind>,
/// {
///     let logged = move |scope, arguments| {
///         log!(event);
///         handler(scope, arguments)
///     };
///     client.on(event, logged).keep();
/// }
///
/// fn example(client: &Client) {
///     on_logged(client, "add", |_scope, (a, b): (u32, u32)| a + b);
///     on_logged(client, "later", |_scope, (): ()| async { "done" });
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "neither a value that serde can serialize, nor a future of one",
    note = "the return value of a handler is the acknowledgement: `()`, a value, a tuple of values, or a future of these",
    note = "a handler that can fail returns a `Result` of these, whose error is an error type, a `Box<dyn Error>` or a string"
)]
pub trait IntoAck<Kind> {
    #[doc(hidden)]
    fn into_ack(self, is_ack_wanted: bool) -> Ack;
}

/// The value of a handler, or of its future. [`IntoAck`] describes it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "neither a value that serde can serialize, nor a `Result` of one",
    note = "a handler that can fail returns a `Result` whose error is an error type, a `Box<dyn Error>` or a string"
)]
pub trait Outcome<Kind> {
    #[doc(hidden)]
    fn answered(self, is_ack_wanted: bool) -> Answered;
}

/// The kind of a handler that returns an outcome.
pub struct Now<Kind>(Kind);

/// The kind of a handler that returns a future of an outcome.
pub struct Later<Kind>(Kind);

/// The kind of an outcome that is a value.
pub struct Plain;

/// The kind of an outcome that may be an error.
pub struct Try;

/// The kind of an outcome that may be a boxed error.
pub struct TryBoxed;

#[diagnostic::do_not_recommend]
impl<T: Outcome<Kind>, Kind> IntoAck<Now<Kind>> for T {
    fn into_ack(self, is_ack_wanted: bool) -> Ack {
        Ack::Now(self.answered(is_ack_wanted))
    }
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output = T> + 'static, T: Outcome<Kind>, Kind> IntoAck<Later<Kind>> for F {
    fn into_ack(self, is_ack_wanted: bool) -> Ack {
        Ack::Later(Box::pin(async move { self.await.answered(is_ack_wanted) }))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Outcome<Plain> for T {
    fn answered(self, is_ack_wanted: bool) -> Answered {
        answered(&self, is_ack_wanted)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize, E: AnyError + 'static> Outcome<Try> for Result<T, E> {
    fn answered(self, is_ack_wanted: bool) -> Answered {
        self.map_or_else(
            |error| {
                let own = (&error as &dyn Any).downcast_ref::<Error>().cloned();
                Some(Err(own.unwrap_or_else(|| Error::handler(Cause::new(error)))))
            },
            |value| answered(&value, is_ack_wanted),
        )
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Outcome<TryBoxed> for Result<T, Box<dyn AnyError>> {
    fn answered(self, is_ack_wanted: bool) -> Answered {
        self.map_or_else(|error| Some(Err(Error::handler(Cause::new(error)))), |value| answered(&value, is_ack_wanted))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Outcome<TryBoxed> for Result<T, Box<dyn AnyError + Send + Sync>> {
    fn answered(self, is_ack_wanted: bool) -> Answered {
        self.map_err(|error| -> Box<dyn AnyError> { error }).answered(is_ack_wanted)
    }
}

/// Returns the answer of a value. A `Result` whose error is no error type is one, too: it is found when serde writes it.
pub(super) fn answered<T: Serialize>(value: &T, is_ack_wanted: bool) -> Answered {
    let is_result = type_name::<T>().starts_with("core::result::Result<");
    (IS_SUPPORTED && (is_ack_wanted || is_result)).then(|| Prepared::answer(value, is_result))
}

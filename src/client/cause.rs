//! The error of user code, as far as an [`Error`](super::Error) can hold it.

use core::error::Error;
use core::fmt::{self, Debug, Display, Formatter};

/// The error of a user-supplied function: its message, and as its [`source`](Error::source) those of the errors that caused it.
///
/// ```no_run
/// use core::error::Error as _;
/// use gloo_console::log;
/// use socketio_wasm::{Cause, Client, Error};
///
/// async fn example(client: &Client) {
///     if let Err(Error::Preparation { function, cause }) = client.connect().await {
///         log!(format!("no {function}"));
///         log_all(&cause);
///     }
/// }
///
/// /// Logs "the token service is down", then "connection refused".
/// fn log_all(cause: &Cause) {
///     log!(cause.to_string());
///     let mut next = cause.source();
///     while let Some(error) = next {
///         log!(error.to_string());
///         next = error.source();
///     }
/// }
/// ```
// Messages, not the error itself: an `Error` can be compared, and sent to another thread. The error of a user may be no such value.
#[derive(Clone, PartialEq, Eq)]
pub struct Cause {
    message: String,
    source: Option<Box<Cause>>,
}

impl Cause {
    /// Returns the cause that is a string, or an error.
    pub fn new(error: impl Into<Box<dyn Error>>) -> Self {
        Self::of(&*error.into())
    }

    fn of(error: &dyn Error) -> Self {
        Self { message: error.to_string(), source: error.source().map(|source| Box::new(Self::of(source))) }
    }
}

impl Display for Cause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Shows all messages.
impl Debug for Cause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.message)?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, ", caused by {source:?}"))
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

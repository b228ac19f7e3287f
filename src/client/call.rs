//! Calls: events that the server acknowledges.

use super::emitting::answer_from_js;
use super::error::Error;
use super::scope::Scope;
use super::values::Prepared;
use crate::socket::CallId;
use core::time::Duration;
use futures::channel::oneshot;
use js_sys::Array;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// A type as which an acknowledgement can be read: any type that serde can deserialize.
///
/// ```no_run
/// use socketio_wasm::{Client, FromAck};
///
/// /// Returns the answer, or `other` if there is none.
/// async fn call_or<T: FromAck + 'static>(client: &Client, event: &str, other: T) -> T {
///     client.call(event, ()).await.unwrap_or(other)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "an answer cannot be read as `{Self}`",
    label = "the type of the answer is not named, or serde cannot deserialize it",
    note = "name it: `call::<u32>(..)`, or `let sum: u32 = client.call(..).await?`; `call::<()>(..)` where the answer does not matter"
)]
pub trait FromAck: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromAck for T {}

/// The future of an acknowledgement, which [`Scope::call`] returns. [`timeout`](Self::timeout) changes its limit. If it
/// is dropped early, the call is cancelled: an event that was not sent yet is not sent.
///
/// ```no_run
/// use core::time::Duration;
/// use socketio_wasm::{Call, Client, Error};
///
/// async fn example(client: &Client) -> Result<(), Error> {
///     let call: Call<u32> = client.call("add", (1, 2)); // nothing is emitted yet
///     let sum = call.timeout(Duration::from_secs(5)).await?;
///     Ok(())
/// }
/// ```
#[must_use = "nothing is emitted before it is awaited"]
pub struct Call<T> {
    stage: Stage,
    answer: PhantomData<fn() -> T>,
}

enum Stage {
    Unsent(Request),
    Pending(Pending),
    Over,
}

struct Request {
    scope: Scope,
    event: Rc<str>,
    values: Result<Prepared, Error>,
}

impl<T: DeserializeOwned> Call<T> {
    pub(super) fn new(scope: Scope, event: &str, values: Result<Prepared, Error>) -> Self {
        Self { stage: Stage::Unsent(Request { scope, event: event.into(), values }), answer: PhantomData }
    }

    /// Sets the time to wait for the acknowledgement; `None` means no limit. It has no effect once the call was first
    /// awaited.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use socketio_wasm::{Client, Error};
    ///
    /// async fn example() -> Result<(), Error> {
    ///     let client = Client::builder("http://localhost:3000").connect().await?;
    ///     let late = client.call::<u32>("never", ()).timeout(Duration::from_millis(100)).await;
    ///     assert!(matches!(late, Err(Error::CallTimeout { .. })));
    ///     Ok(())
    /// }
    /// ```
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        if let Stage::Unsent(request) = &mut self.stage {
            request.scope.timeout = timeout.into();
        }
        self
    }
}

impl Request {
    fn send(self) -> Result<Pending, Error> {
        let (waiter, answer) = oneshot::channel();
        let dropped = || Error::Dropped { event: self.event.to_string() };
        let sent = self.scope.send_call(self.event.clone(), &self.values?, waiter);
        let call = sent.map_err(|error| error.of_event(&self.event))?.ok_or_else(dropped)?;
        Ok(Pending { scope: self.scope, event: self.event, call, answer })
    }
}

impl<T: DeserializeOwned> Future for Call<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        loop {
            match core::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Unsent(request) => self.stage = Stage::Pending(request.send()?),
                Stage::Pending(mut pending) => {
                    let Poll::Ready(answer) = Pin::new(&mut pending).poll(context) else {
                        self.stage = Stage::Pending(pending);
                        return Poll::Pending;
                    };
                    return Poll::Ready(
                        answer.and_then(|values| answer_from_js(&values, &pending.scope, &pending.event)),
                    );
                }
                Stage::Over => return Poll::Pending,
            }
        }
    }
}

impl<T> core::fmt::Debug for Call<T> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let event = match &self.stage {
            Stage::Unsent(Request { event, .. }) | Stage::Pending(Pending { event, .. }) => Some(event),
            Stage::Over => None,
        };
        formatter.debug_struct("Call").field("event", &event).finish_non_exhaustive()
    }
}

/// A call under way. If it is dropped, the call is cancelled.
struct Pending {
    scope: Scope,
    event: Rc<str>,
    call: CallId,
    answer: oneshot::Receiver<Result<Array, Error>>,
}

impl Future for Pending {
    type Output = Result<Array, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let cancelled = |_| Err(Error::ended(crate::socket::DisconnectReason::ClientDisconnect));
        let answer = Pin::new(&mut self.answer).poll(context).map(|answer| answer.unwrap_or_else(cancelled));
        answer.map_err(|error| error.of_event(&self.event))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Ok(driver) = self.scope.handle.driver() {
            driver.cancel(self.call);
        }
    }
}

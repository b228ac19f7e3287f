//! A call: an event that the server acknowledges.

use super::delegate::Waiting;
use super::error::Error;
use super::scope::{Scope, answer_from_js};
use crate::socket::{CallId, Session};
use core::time::Duration;
use futures_channel::oneshot;
use js_sys::Array;
use serde::de::DeserializeOwned;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// What [`Scope::call`] gives: to be awaited, perhaps with another [`timeout`](Self::timeout).
#[must_use = "nothing is emitted before it is awaited"]
pub struct Call<T> {
    scope: Scope,
    event: Rc<str>,
    values: Result<Array, Error>,
    answer: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Call<T> {
    pub(super) fn new(scope: Scope, event: &str, values: Result<Array, Error>) -> Self {
        Self { scope, event: event.into(), values, answer: PhantomData }
    }

    /// Another limit for the answer; `None`: whenever it comes.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.scope.timeout = timeout.into();
        self
    }

    fn begin(self) -> Result<Pending, Error> {
        let driver = &self.scope.handle.driver;
        // Named first, since a serializer writes the number into the packet.
        let call = driver.update(Session::next_call);
        let content = self.scope.encoded(&self.values?, Some(call))?;
        let (settle, answer) = oneshot::channel();
        let waiting = Waiting { event: self.event.clone(), namespace: self.scope.namespace.clone(), settle };
        let wait = || drop(driver.delegate.calls.borrow_mut().insert(call.0, waiting));
        if !self.scope.ask(call, content, wait)? {
            return Err(Error::Dropped);
        }
        Ok(Pending { scope: self.scope, event: self.event, call, answer })
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T, Error>>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let pending = self.begin()?;
            let event = pending.event.clone();
            answer_from_js(&pending.await?, &event)
        })
    }
}

/// A call under way: dropped, it is given up, and not sent any more where it was not yet.
struct Pending {
    scope: Scope,
    event: Rc<str>,
    call: CallId,
    answer: oneshot::Receiver<Result<Array, Error>>,
}

impl Future for Pending {
    type Output = Result<Array, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let cancelled = |_| Err(Error::Disconnected(crate::socket::Reason::ClientDisconnect));
        Pin::new(&mut self.answer).poll(context).map(|answer| answer.unwrap_or_else(cancelled))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let driver = &self.scope.handle.driver;
        if driver.delegate.take_call(self.call).is_some() {
            driver.command(|session, _, _| session.cancel(self.call));
        }
    }
}

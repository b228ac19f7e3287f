//! Futures with a time limit.

use super::Error;
use core::future::{pending, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll};
use core::time::Duration;
use gloo_timers::future::TimeoutFuture;
use std::future::Future;

type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// A future with an optional [`timeout`](Self::timeout). Dropping it before its end cancels the operation.
///
/// ```no_run
/// use core::time::Duration;
/// use socketio_wasm::{Error, SimpleClient, WithTimeout};
///
/// async fn example(client: &SimpleClient) -> Result<(), Error> {
///     let sent: WithTimeout<()> = client.emit("message", "hello"); // nothing happens yet
///     sent.timeout(Duration::from_secs(5)).await?;
///     Ok(())
/// }
/// ```
#[must_use = "nothing is done before it is awaited"]
pub struct WithTimeout<'a, T> {
    work: Work<'a, T>,
    timeout: Option<Duration>,
    /// Started when the future is first awaited.
    clock: Option<Pin<Box<dyn Future<Output = ()>>>>,
    late: Box<dyn Fn(Duration) -> Error + 'a>,
}

impl<'a, T> WithTimeout<'a, T> {
    /// Returns a future of the work. If the work takes longer than `timeout`, it ends with the error that `late` makes.
    pub(super) fn new(
        work: impl Future<Output = Result<T, Error>> + 'a,
        timeout: Option<Duration>,
        late: impl Fn(Duration) -> Error + 'a,
    ) -> Self {
        Self { work: Box::pin(work), timeout, clock: None, late: Box::new(late) }
    }

    /// Sets the time limit; `None` means no limit.
    ///
    /// ```no_run
    /// use core::time::Duration;
    /// use gloo_console::log;
    /// use socketio_wasm::{Error, SimpleClient};
    ///
    /// async fn example(client: &mut SimpleClient) {
    ///     match client.receive().timeout(Duration::from_secs(5)).await {
    ///         Err(Error::ReceiveTimeout(_)) => log!("nothing in five seconds"),
    ///         event => log!(format!("{event:?}")),
    ///     }
    /// }
    /// ```
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }
}

impl<'a, T: 'a> Future for WithTimeout<'a, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, Error>> {
        let this = &mut *self;
        let mut done = this.work.as_mut().poll(context);
        if let (Poll::Pending, Some(timeout)) = (&done, this.timeout) {
            let clock = this.clock.get_or_insert_with(|| Box::pin(sleep(timeout)));
            done = clock.as_mut().poll(context).map(|()| Err((this.late)(timeout)));
        }
        if done.is_ready() {
            // Dropped, which cancels the work if the time was over. A future that is over must not be polled again.
            this.work = Box::pin(pending());
            this.timeout = None;
        }
        done
    }
}

impl<T> core::fmt::Debug for WithTimeout<'_, T> {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("WithTimeout").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// Returns the output of a future, or `None` if that takes longer than `timeout`.
pub(super) async fn in_time<T>(work: impl Future<Output = T>, timeout: Duration) -> Option<T> {
    let (mut work, mut over) = (pin!(work), pin!(sleep(timeout)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// The longest time that a timer of the platform can wait, in milliseconds.
const LONGEST: u32 = i32::MAX as u32;

async fn sleep(time: Duration) {
    let mut left = time.as_millis();
    while left > 0 {
        let now = u32::try_from(left).unwrap_or(LONGEST).min(LONGEST);
        TimeoutFuture::new(now).await;
        left = left.saturating_sub(u128::from(now));
    }
}

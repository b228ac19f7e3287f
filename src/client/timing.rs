//! What is awaited within a time.

use super::Error;
use core::future::poll_fn;
use core::pin::{Pin, pin};
use core::task::Poll;
use core::time::Duration;
use gloo_timers::future::TimeoutFuture;
use std::future::{Future, IntoFuture};

type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// To be awaited, perhaps with a [`timeout`](Self::timeout); dropped before its end, it is given up.
#[must_use = "nothing is done before it is awaited"]
pub struct Timed<'a, T> {
    work: Work<'a, T>,
    timeout: Option<Duration>,
    late: Box<dyn Fn(Duration) -> Error + 'a>,
}

impl<'a, T> Timed<'a, T> {
    /// Work that may take so long, if it is limited, and is else ended by that error.
    pub(super) fn new(
        work: impl Future<Output = Result<T, Error>> + 'a,
        timeout: Option<Duration>,
        late: impl Fn(Duration) -> Error + 'a,
    ) -> Self {
        Self { work: Box::pin(work), timeout, late: Box::new(late) }
    }

    /// The longest that this may take; `None`: for ever.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }
}

impl<'a, T: 'a> IntoFuture for Timed<'a, T> {
    type Output = Result<T, Error>;
    type IntoFuture = Work<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        match self.timeout {
            None => self.work,
            Some(timeout) => Box::pin(async move {
                let done = in_time(self.work, timeout).await;
                done.unwrap_or_else(|| Err((self.late)(timeout)))
            }),
        }
    }
}

/// What a future gives, where that is in time.
pub(super) async fn in_time<T>(work: impl Future<Output = T>, timeout: Duration) -> Option<T> {
    let (mut work, mut over) = (pin!(work), pin!(sleep(timeout)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// The longest time that a timer takes, in milliseconds.
const LONGEST: u32 = i32::MAX as u32;

async fn sleep(time: Duration) {
    let mut left = time.as_millis();
    while left > 0 {
        let now = u32::try_from(left).unwrap_or(LONGEST).min(LONGEST);
        TimeoutFuture::new(now).await;
        left = left.saturating_sub(u128::from(now));
    }
}

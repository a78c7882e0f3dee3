//! The body of a request, which has to come in time.
//!
//! A client is given a while for nothing, and more for each byte that it sends; only the time that is spent waiting for it
//! counts. So a large body over a slow line gets in, and one that trickles does not hold its connection for ever.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// How slowly a body may come.
#[derive(Debug, Clone, Copy)]
pub struct BodyPace {
    /// How long nothing may come, at the beginning or after all that came.
    pub patience: Duration,
    /// How many bytes earn a further second.
    pub bytes_per_second: u32,
}

impl Default for BodyPace {
    fn default() -> Self {
        Self { patience: Duration::from_secs(30), bytes_per_second: 4 * 1024 }
    }
}

/// A body that breaks off when it is too slow.
#[derive(Debug)]
pub(super) struct TimedBody {
    body: Incoming,
    pace: BodyPace,
    /// How long may still be waited.
    left: Duration,
    /// Since when it is waited.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl TimedBody {
    pub(super) fn new(body: Incoming, pace: BodyPace) -> Self {
        Self { body, pace, left: pace.patience, waiting: None }
    }

    /// Nothing has come yet. Ready once there was time enough.
    fn poll_waiting(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let left = self.left;
        let (_, end) = self.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
        end.as_mut().poll(cx)
    }

    /// So much has come.
    fn earn(&mut self, bytes: usize) {
        if let Some((since, _)) = self.waiting.take() {
            self.left = self.left.saturating_sub(since.elapsed());
        }
        let millis = bytes as u64 * 1000 / u64::from(self.pace.bytes_per_second.max(1));
        self.left = (self.left + Duration::from_millis(millis)).min(self.pace.patience);
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.earn(frame.data_ref().map_or(0, Bytes::len));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(other) => Poll::Ready(other.map(|frame| frame.map_err(Into::into))),
            Poll::Pending => self.poll_waiting(cx).map(|()| Some(Err(too_slow()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn too_slow() -> BoxError {
    io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly").into()
}

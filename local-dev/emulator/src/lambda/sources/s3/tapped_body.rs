//! A body that is looked at as it passes by.

use std::fmt::{self, Debug};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// A body, and somebody who sees each piece of it. Nothing is changed.
pub(super) struct TappedBody<F> {
    body: Body,
    look: F,
}

impl<F: FnMut(&Bytes)> TappedBody<F> {
    pub(super) fn new(body: Body, look: F) -> Self {
        Self { body, look }
    }
}

impl<F> Debug for TappedBody<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TappedBody").finish_non_exhaustive()
    }
}

impl<F: FnMut(&Bytes) + Unpin> HttpBody for TappedBody<F> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(piece) = frame.data_ref()
        {
            (self.look)(piece);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

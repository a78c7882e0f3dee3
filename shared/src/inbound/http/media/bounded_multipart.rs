//! Multipart bodies from anybody, read with bounded memory.
//!
//! The parser below takes whatever its body has, and keeps and rescans it until a part's headers or a piece of content
//! are whole. So it is fed by hand: one small piece at a time, only when it can't go on with what it holds, and only so
//! much before it has something to show.

use std::borrow::Cow;
use std::error::Error;
use std::future::poll_fn;
use std::iter::successors;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use crate::inbound::http::error::HttpError;
use crate::inbound::http::media::sent_filename::exact_filename;

/// The longest headers of a part, and whatever else is no content, in bytes.
const MAX_FRAMING: usize = 64 * 1024;
/// The most that the parser is given at once, in bytes.
const PIECE: usize = 32 * 1024;
/// The longest content type, in bytes. A boundary has at most 70, and the parser goes through it for every piece.
const MAX_CONTENT_TYPE: usize = 256;

/// A multipart body.
pub(in crate::inbound::http) struct BoundedMultipart {
    multipart: Multipart,
    gate: Arc<Gate>,
}

/// A part of it.
pub(in crate::inbound::http) struct BoundedField<'a> {
    field: Field<'a>,
    gate: Arc<Gate>,
}

impl BoundedMultipart {
    /// The request's body, of at most so many bytes; none if it isn't multipart with a boundary.
    pub(in crate::inbound::http) async fn new(request: Request, limit: u64) -> Option<Self> {
        let kind = request.headers().get(CONTENT_TYPE)?;
        if kind.len() > MAX_CONTENT_TYPE {
            return None;
        }
        let gate = Arc::<Gate>::default();
        let request = request.map(|body| {
            let (body, gate) = (body.into_data_stream(), gate.clone());
            Body::from_stream(GatedBody { body, rest: Bytes::new(), left: limit, gate })
        });
        let multipart = Multipart::from_request(request, &()).await.ok()?;
        Some(Self { multipart, gate })
    }

    /// The next part. The one before must have been read to its end.
    pub(in crate::inbound::http) async fn next_field(
        &mut self,
    ) -> Result<Option<BoundedField<'_>>, HttpError> {
        let gate = self.gate.clone();
        let field = gate.feed(self.multipart.next_field()).await?;
        Ok(field.map(|field| BoundedField { field, gate }))
    }

    /// Reads all that is left.
    pub(in crate::inbound::http) async fn drain(&mut self) -> Result<(), HttpError> {
        while let Some(mut field) = self.next_field().await? {
            while field.chunk().await?.is_some() {}
        }
        Ok(())
    }
}

impl BoundedField<'_> {
    /// The part's name.
    pub(in crate::inbound::http) fn name(&self) -> Option<&str> {
        self.field.name()
    }

    /// The name of the file in it.
    pub(in crate::inbound::http) fn file_name(&self) -> Option<Cow<'_, str>> {
        let exact =
            self.field.headers().get(CONTENT_DISPOSITION).map(HeaderValue::as_bytes).and_then(exact_filename);
        exact.map(Cow::Owned).or_else(|| self.field.file_name().map(Cow::Borrowed))
    }

    /// What the client says that it is.
    pub(in crate::inbound::http) fn content_type(&self) -> Option<&str> {
        self.field.content_type()
    }

    /// The next bytes of its content.
    pub(in crate::inbound::http) async fn chunk(&mut self) -> Result<Option<Bytes>, HttpError> {
        self.gate.feed(self.field.chunk()).await
    }

    /// Its whole content as text; none if that is longer than so many bytes.
    pub(in crate::inbound::http) async fn text(&mut self, limit: usize) -> Result<Option<String>, HttpError> {
        let Some(bytes) = self.bytes(limit).await? else { return Ok(None) };
        let text = String::from_utf8(bytes);
        text.map(Some).map_err(|_| HttpError::malformed("A field is not UTF-8 text."))
    }

    /// Its whole content; none if that is longer than so many bytes.
    pub(in crate::inbound::http) async fn bytes(
        &mut self,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, HttpError> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if bytes.len() + piece.len() > limit {
                return Ok(None);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Some(bytes))
    }
}

/// Between the parser and its body.
#[derive(Debug, Default)]
struct Gate {
    /// Whether the next piece may pass.
    open: AtomicBool,
    /// Bytes that have passed since the parser last had something to show.
    passed: AtomicUsize,
}

impl Gate {
    /// Drives a call of the parser, and lets a piece pass whenever it cannot go on without one.
    async fn feed<T>(&self, call: impl Future<Output = Result<T, MultipartError>>) -> Result<T, HttpError> {
        let mut call = pin!(call);
        let result = poll_fn(|context| {
            loop {
                if let Poll::Ready(result) = call.as_mut().poll(context) {
                    return Poll::Ready(result);
                }
                // Open already: the body itself has nothing yet, and will wake us.
                if self.open.swap(true, Ordering::Relaxed) {
                    return Poll::Pending;
                }
            }
        })
        .await;
        self.open.store(false, Ordering::Relaxed);
        self.passed.store(0, Ordering::Relaxed);
        result.map_err(explained)
    }

    /// Counts a piece and closes.
    fn pass(&self, piece: &Bytes) -> Result<(), TooLong> {
        self.open.store(false, Ordering::Relaxed);
        let passed = self.passed.fetch_add(piece.len(), Ordering::Relaxed) + piece.len();
        if passed > MAX_FRAMING { Err(TooLong::Framing) } else { Ok(()) }
    }
}

/// Why no more is read; said to the client as it is.
#[derive(Debug, thiserror::Error)]
enum TooLong {
    #[error("The headers of a part, or what stands before the first one, are longer than 64 KB.")]
    Framing,
    #[error("The body is too large.")]
    Body,
}

/// The parser wraps our own reason into several errors of others.
fn explained(error: MultipartError) -> HttpError {
    let mut causes = successors(error.source(), |&cause| cause.source());
    match causes.find_map(|cause| cause.downcast_ref::<TooLong>()) {
        Some(reason) => HttpError::too_large(reason.to_string()),
        None => error.into(),
    }
}

/// A body that gives out a piece only while its gate is open.
struct GatedBody {
    body: BodyDataStream,
    rest: Bytes,
    /// How many more bytes may come.
    left: u64,
    gate: Arc<Gate>,
}

impl Stream for GatedBody {
    type Item = Result<Bytes, axum::BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.gate.open.load(Ordering::Relaxed) {
            // Whoever polls is our own feed, which opens the gate and polls again.
            return Poll::Pending;
        }
        if self.rest.is_empty() {
            match ready!(self.body.poll_next_unpin(context)) {
                Some(Ok(bytes)) => self.rest = bytes,
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into_inner()))),
                None => return Poll::Ready(None),
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        self.left = self.left.checked_sub(piece.len() as u64).ok_or(TooLong::Body)?;
        self.gate.pass(&piece)?;
        Poll::Ready(Some(Ok(piece)))
    }
}

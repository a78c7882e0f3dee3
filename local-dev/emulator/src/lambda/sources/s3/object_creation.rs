//! Requests that make objects: watched on their way, and told of if they succeed.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::{mpsc, oneshot};

use super::created_object::{e_tag, is_success, read_headers, tells_of_success};
use super::object_event::NewObject;
use super::object_request::{Creation, ObjectRequest};
use super::s3_proxy::{S3Proxy, no_answer};
use super::tapped_body::TappedBody;
use super::upload_form::UploadForm;
use super::upload_sizes::listed_parts;

/// The length of a body before it was cut into signed pieces.
const DECODED_LENGTH: &str = "x-amz-decoded-content-length";
/// The longest list of parts that is read: ten thousand of them, with checksums.
const MAX_LIST: usize = 4 * 1024 * 1024;
/// The longest answer that is read.
const MAX_ANSWER: usize = 64 * 1024;

/// What was seen of a request's body.
#[derive(Debug, Default)]
struct Seen {
    bytes: u64,
    form: Option<UploadForm>,
    list: Option<Vec<u8>>,
}

impl Seen {
    fn of(creation: &Creation) -> Self {
        match creation {
            Creation::Post { boundary } => Self { form: Some(UploadForm::new(boundary)), ..Self::default() },
            Creation::Complete { .. } => Self { list: Some(Vec::new()), ..Self::default() },
            _ => Self::default(),
        }
    }

    fn look(&mut self, piece: &[u8]) {
        self.bytes += piece.len() as u64;
        if let Some(form) = &mut self.form {
            form.push(piece);
        }
        if let Some(list) = self.list.as_mut().filter(|list| list.len() + piece.len() <= MAX_LIST) {
            list.extend_from_slice(piece);
        }
    }
}

impl S3Proxy {
    /// Passes a request on that makes an object, and answers it; to the end, whether somebody waits for that or not.
    pub(super) async fn make(
        self: Arc<Self>,
        made: ObjectRequest,
        request: Request,
        answer: oneshot::Sender<Response<Body>>,
    ) {
        let declared =
            request.headers().get(DECODED_LENGTH).and_then(|text| text.to_str().ok()?.parse().ok());
        let seen = Arc::new(Mutex::new(Seen::of(&made.creation)));
        let response = match self.forward(tapped(request, Arc::clone(&seen))).await {
            Ok(response) => response,
            // Whoever asked may be gone.
            Err(error) => return drop(answer.send(no_answer(error))),
        };
        if !is_success(response.status()) {
            return drop(answer.send(response.map(Body::new)));
        }
        let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
        if matches!(made.creation, Creation::Copy | Creation::Complete { .. }) {
            self.finish_by_body(made, &seen, response, answer).await;
        } else {
            self.finish_by_headers(made, &seen, declared, &response).await;
            let _ = answer.send(response.map(Body::new));
        }
    }

    /// The status says that it succeeded.
    async fn finish_by_headers(
        &self,
        made: ObjectRequest,
        seen: &Seen,
        declared: Option<u64>,
        response: &Response<Incoming>,
    ) {
        let size = declared.unwrap_or(seen.bytes);
        let mut object = new_object(&made, Some(size));
        match &made.creation {
            Creation::Part { upload, number, is_copy } => {
                return self.sizes.note(upload, *number, (!is_copy).then_some(size));
            }
            Creation::Abort { upload } => return self.sizes.forget(upload),
            Creation::Post { .. } => {
                let Some(uploaded) = seen.form.as_ref().and_then(UploadForm::uploaded) else {
                    return tracing::warn!(
                        bucket = made.bucket,
                        "a form was not understood; nobody is told of it"
                    );
                };
                (object.key, object.size) = (uploaded.key, Some(uploaded.bytes));
            }
            _ => {}
        }
        read_headers(&mut object, response.headers());
        self.events.tell(&object).await;
    }

    /// Only the end of the answer says whether it succeeded. The last piece is held back until the event is certain.
    async fn finish_by_body(
        &self,
        made: ObjectRequest,
        seen: &Seen,
        response: Response<Incoming>,
        answer: oneshot::Sender<Response<Body>>,
    ) {
        let mut object = new_object(&made, self.size_by_parts(&made, seen));
        read_headers(&mut object, response.headers());
        let (pieces, passed_on) = mpsc::channel(1);
        let (parts, mut body) = response.into_parts();
        let _ = answer.send(Response::from_parts(parts, channel_body(passed_on)));
        let Some((text, last)) = relay(&mut body, &pieces).await else { return };
        if tells_of_success(&text) {
            object.e_tag = e_tag(&text).or(object.e_tag);
            self.events.tell(&object).await;
        }
        if let Some(last) = last {
            let _ = pieces.send(Ok(last)).await;
        }
    }

    /// The size of an object of parts; a copy's is not known.
    fn size_by_parts(&self, made: &ObjectRequest, seen: &Seen) -> Option<u64> {
        let Creation::Complete { upload } = &made.creation else { return None };
        let list = seen.list.as_deref().unwrap_or_default();
        self.sizes.take(upload, &listed_parts(&String::from_utf8_lossy(list)))
    }
}

fn new_object(made: &ObjectRequest, size: Option<u64>) -> NewObject {
    let event_name = match made.creation {
        Creation::Post { .. } => "ObjectCreated:Post",
        Creation::Copy => "ObjectCreated:Copy",
        Creation::Complete { .. } => "ObjectCreated:CompleteMultipartUpload",
        Creation::Put | Creation::Part { .. } | Creation::Abort { .. } => "ObjectCreated:Put",
    };
    let (bucket, key) = (made.bucket.clone(), made.key.clone());
    NewObject { bucket, key, event_name, size, e_tag: None, version: None }
}

fn tapped(request: Request, seen: Arc<Mutex<Seen>>) -> Request {
    let look = move |piece: &Bytes| seen.lock().unwrap_or_else(PoisonError::into_inner).look(piece);
    request.map(|body| Body::new(TappedBody::new(body, look)))
}

type Piece = Result<Bytes, hyper::Error>;

/// Passes all pieces on but the last; answers what they say, and that one. None if the answer broke off.
async fn relay(body: &mut Incoming, to: &mpsc::Sender<Piece>) -> Option<(String, Option<Bytes>)> {
    let (mut text, mut last) = (Vec::new(), None::<Bytes>);
    while let Some(frame) = body.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) => {
                let _ = to.send(Err(error)).await;
                return None;
            }
        };
        let Ok(piece) = frame.into_data() else { continue };
        if text.len() + piece.len() <= MAX_ANSWER {
            text.extend_from_slice(&piece);
        }
        if let Some(before) = last.replace(piece) {
            // If nobody listens any more, the rest is read all the same.
            let _ = to.send(Ok(before)).await;
        }
    }
    Some((String::from_utf8_lossy(&text).into_owned(), last))
}

fn channel_body(pieces: mpsc::Receiver<Piece>) -> Body {
    let next = |mut pieces: mpsc::Receiver<Piece>| async {
        let piece = pieces.recv().await?;
        Some((piece, pieces))
    };
    Body::from_stream(stream::unfold(pieces, next))
}

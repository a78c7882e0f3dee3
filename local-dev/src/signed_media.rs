//! The media store's own door, as S3 has one: whoever bears a signed request passes, and nobody else.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::StreamExt as _;
use parlor::embedded::{FolderMediaStore, SignedUploadError};
use parlor::ids::StoredName;
use parlor::inbound::http::HttpError;
use parlor::ports::{MediaError, MediaStore as _};
use parlor::protocol::ErrorCode;

/// `PUT` and `GET` of signed requests.
pub(crate) fn router<S>(media: Arc<FolderMediaStore>) -> Router<S> {
    Router::new().route("/signed/{name}", get(download).put(upload)).with_state(media)
}

async fn upload(
    State(media): State<Arc<FolderMediaStore>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let body =
        request.into_body().into_data_stream().map(|piece| piece.map_err(std::io::Error::other)).boxed();
    let stored = media.put_signed(&parse(&name)?, &query.unwrap_or_default(), kind, body).await?;
    Ok([(ETAG, format!("\"{}\"", stored.sha256))].into_response())
}

async fn download(
    State(media): State<Arc<FolderMediaStore>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let name = parse(&name)?;
    let terms = media.verify_download(&name, &query.unwrap_or_default()).map_err(SignedUploadError::from)?;
    let body = media.get(&name, None).await.map_err(SignedUploadError::from)?;
    let headers = [
        (CONTENT_TYPE, terms.content_type),
        (CONTENT_DISPOSITION, terms.disposition),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
    ];
    Ok((headers, axum::body::Body::from_stream(body)).into_response())
}

fn parse(name: &str) -> Result<StoredName, Refusal> {
    name.parse().map_err(|_| Refusal(SignedUploadError::Media(MediaError::NotFound)))
}

/// A signed request that is refused. Only people who were given one come here: the sentence is enough.
struct Refusal(SignedUploadError);

impl From<SignedUploadError> for Refusal {
    fn from(error: SignedUploadError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = match &self.0 {
            SignedUploadError::Signature(_) => (StatusCode::FORBIDDEN, ErrorCode::Forbidden),
            SignedUploadError::Used => (StatusCode::PRECONDITION_FAILED, ErrorCode::Conflict),
            SignedUploadError::Mismatch => (StatusCode::BAD_REQUEST, ErrorCode::InvalidInput),
            SignedUploadError::Media(MediaError::NotFound) => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            SignedUploadError::Media(MediaError::TooLarge { .. }) => {
                (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge)
            }
            SignedUploadError::Media(MediaError::Body(_)) => {
                (StatusCode::BAD_REQUEST, ErrorCode::MalformedBody)
            }
            SignedUploadError::Media(MediaError::Unavailable(_)) => {
                (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable)
            }
        };
        HttpError::new(status, code, sentence(&self.0)).into_response()
    }
}

/// The error as a sentence for a person.
fn sentence(error: &SignedUploadError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

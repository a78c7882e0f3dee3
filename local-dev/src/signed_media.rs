//! The media store's own door, as S3 has one: whoever bears a signed request passes, and nobody else.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::StreamExt as _;
use parlor::app::{self, App};
use parlor::domain::byte_range::ByteRange;
use parlor::embedded::{FolderMediaStore, SignedUploadError};
use parlor::ids::StoredName;
use parlor::inbound::http::HttpError;
use parlor::ports::{MediaError, MediaStore as _};
use parlor::protocol::ErrorCode;

/// `PUT` and `GET` of signed requests. The application hears of every upload that has come to its end.
pub(crate) fn router<S>(media: Arc<FolderMediaStore>, app: Arc<App>) -> Router<S> {
    Router::new().route("/signed/{name}", get(download).put(upload)).with_state(Door { media, app })
}

#[derive(Debug, Clone)]
struct Door {
    media: Arc<FolderMediaStore>,
    app: Arc<App>,
}

async fn upload(
    State(Door { media, app }): State<Door>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let body =
        request.into_body().into_data_stream().map(|piece| piece.map_err(std::io::Error::other)).boxed();
    let name = parse(&name)?;
    let stored = media.put_signed(&name, &query.unwrap_or_default(), kind, body).await?;
    // The bytes are there, as they would be in a bucket, which says so whatever comes of it.
    if let Err(error) = app::finish_upload(&app, &name).await {
        let error = &error as &dyn std::error::Error;
        tracing::error!(error, "a direct upload was not finished; the next start of this server tries again");
    }
    Ok([(ETAG, format!("\"{}\"", stored.sha256))].into_response())
}

async fn download(
    State(Door { media, .. }): State<Door>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    asked: HeaderMap,
) -> Result<Response, Refusal> {
    let name = parse(&name)?;
    let terms = media.verify_download(&name, &query.unwrap_or_default()).map_err(SignedUploadError::from)?;
    let size = media.head(&name).await.map_err(SignedUploadError::from)?.size;
    let range = asked.get(RANGE).and_then(|range| range.to_str().ok());
    let (status, range) = match ByteRange::parse(range, size) {
        ByteRange::Whole => (StatusCode::OK, None),
        ByteRange::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        ByteRange::Unsatisfiable => return Ok(StatusCode::RANGE_NOT_SATISFIABLE.into_response()),
    };
    let part = range.as_ref().map(|range| format!("bytes {}-{}/{size}", range.start(), range.end()));
    let body = media.get(&name, range).await.map_err(SignedUploadError::from)?;
    let headers = [
        (CONTENT_TYPE, terms.content_type),
        (CONTENT_DISPOSITION, terms.disposition),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
    ];
    let part = part.map(|part| [(CONTENT_RANGE, part)]);
    Ok((status, part, headers, axum::body::Body::from_stream(body)).into_response())
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
            SignedUploadError::Media(MediaError::Body(_)) => (StatusCode::BAD_REQUEST, ErrorCode::Malformed),
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

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Method;
    use parlor::app::{AnnouncedFile, Settings, begin_upload};
    use parlor::ids::UserId;
    use parlor::oidc::ProviderSettings;
    use parlor::ports::{DownloadTerms, SignedRequest};
    use parlor::store::Media;
    use tower::ServiceExt as _;

    use super::*;
    use crate::embedded_app::EmbeddedApp;
    use crate::options::Storage;

    async fn open() -> (tempfile::TempDir, EmbeddedApp) {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage { store: folder.path().to_owned(), durable: false, max_upload_mb: 1 };
        let embedded =
            EmbeddedApp::open(&storage, Settings::new("http://localhost"), ProviderSettings::default())
                .await
                .unwrap();
        (folder, embedded)
    }

    async fn answer(embedded: &EmbeddedApp, signed: &SignedRequest, body: &str) -> (u16, String) {
        let mut request = Request::builder().method(signed.method).uri(&signed.url);
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let router = router::<()>(embedded.media.clone(), embedded.app.clone());
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    fn download_terms(disposition: &str) -> DownloadTerms {
        let expires_in = std::time::Duration::from_secs(60);
        DownloadTerms { content_type: "text/plain".into(), disposition: disposition.into(), expires_in }
    }

    #[tokio::test]
    async fn a_signed_upload_passes_once_and_becomes_a_medium_that_a_signed_download_gets() {
        let (_folder, embedded) = open().await;
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned();
        let (filename, sha256) = ("a.txt".to_owned(), Some(sha256));
        let file = AnnouncedFile { filename, size: 3, sha256, ..AnnouncedFile::default() };
        let upload = begin_upload(&embedded.app, UserId(1), file, None).await.unwrap();
        assert_eq!(answer(&embedded, &upload.request, "abd").await.0, 400, "another body");
        assert_eq!(answer(&embedded, &upload.request, "abcd").await.0, 413, "a longer body");
        assert_eq!(answer(&embedded, &upload.request, "abc").await.0, 200);
        assert_eq!(answer(&embedded, &upload.request, "abc").await.0, 412, "twice");
        let medium = Media(&*embedded.app.ports().table).get(upload.media_id).await.unwrap().unwrap();
        let terms = download_terms("attachment");
        let mut download = embedded.media.sign_download(&medium.stored_name, &terms).await.unwrap();
        assert_eq!(answer(&embedded, &download, "").await, (200, "abc".to_owned()));
        for (range, status, part) in [("bytes=1-1", 206, "b"), ("bytes=-2", 206, "bc"), ("bytes=3-", 416, "")]
        {
            download.headers = vec![("range".to_owned(), range.to_owned())];
            assert_eq!(answer(&embedded, &download, "").await, (status, part.to_owned()), "{range}");
        }
    }

    #[tokio::test]
    async fn a_request_that_was_changed_is_refused_with_a_sentence() {
        let (_folder, embedded) = open().await;
        let name = StoredName::from_random([1; 16], "a.txt");
        let mut download = embedded.media.sign_download(&name, &download_terms("inline")).await.unwrap();
        download.url = download.url.replace("inline", "attachment");
        let (status, body) = answer(&embedded, &download, "").await;
        assert_eq!(status, 403);
        assert!(body.contains(r#""code":"FORBIDDEN""#) && body.contains('.'), "{body}");
        assert_eq!(download.method, Method::GET);
    }
}

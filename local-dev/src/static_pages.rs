//! The web pages in `static/`: part of the binary, and read from disk in debug builds, so that an edit shows at once.

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../static"]
#[exclude = "tests/*"]
// Those that mailed links open: the handlers themselves answer them.
#[exclude = "links/*"]
#[exclude = "package.json"]
struct Pages;

/// Nothing is loaded from elsewhere, no script or style stands in a page, and no other page may frame ours.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; media-src 'self' blob:; \
                      style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A route for each file, and `/` for `index.html`.
pub(crate) fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let mut router =
        Router::new().route("/", get(|headers: HeaderMap| async move { page("index.html", &headers) }));
    for path in Pages::iter() {
        let handler = {
            let path = path.clone();
            get(move |headers: HeaderMap| async move { page(&path, &headers) })
        };
        router = router.route(&format!("/{path}"), handler);
    }
    router
}

/// The page behind a request, if it asks for one.
pub(crate) fn answer(request: &Parts) -> Option<Response> {
    let path = match request.uri.path() {
        "/" => "index.html",
        path => path.strip_prefix('/')?,
    };
    let asks = matches!(request.method, Method::GET | Method::HEAD);
    (asks && Pages::get(path).is_some()).then(|| page(path, &request.headers))
}

fn page(path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = Pages::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    let common = [(ETAG, etag.as_str()), (CACHE_CONTROL, "no-cache"), (CONTENT_SECURITY_POLICY, POLICY)];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let about = [
        (CONTENT_TYPE, content_type(path)),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (common, about, Body::from(file.data)).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

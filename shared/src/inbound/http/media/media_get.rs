//! Media going out, whole or in part.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, IF_RANGE, LOCATION,
    RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::app::{self, App, AppError, FoundMedium};
use crate::domain::byte_range::ByteRange;
use crate::domain::media::is_inline;
use crate::inbound::http::error::HttpError;
use crate::inbound::http::signed_in::SignedInByUrl;
use crate::openapi_macros::{self, IntoResponses};
use crate::protocol::ErrorCode;

/// What RFC 8187 leaves as it is in an extended file name.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// An id's medium never changes, but who may get it can; a secret name's never does.
const BY_ID: &str = "private, no-cache";
const BY_NAME: &str = "private, max-age=31536000, immutable";

#[derive(Deserialize, openapi_macros::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::inbound::http) struct MediaQuery {
    /// Which medium.
    #[param(required, min_length = 1)]
    media_id: Option<String>,
}

/// The headers that say which bytes a client wants, as they are described.
#[derive(openapi_macros::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "they are described, and read from the request's headers")]
struct Conditions {
    /// Which part, such as `bytes=0-1023`
    #[param(rename = "Range")]
    range: Option<String>,
    /// The `ETag` of what the client wants, and nothing else
    #[param(rename = "If-Match")]
    if_match: Option<String>,
    /// The `ETag` of what the client has
    #[param(rename = "If-None-Match")]
    if_none_match: Option<String>,
    /// The `ETag` for which the range counts
    #[param(rename = "If-Range")]
    if_range: Option<String>,
}

/// The answers of both calls, as they are described.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "they are described, and answered as they come")]
enum Bytes {
    /// The bytes
    #[response(status = 200, content_type = "*/*", headers(("ETag" = String, description = "Of these bytes")))]
    Whole(Vec<u8>),
    /// The part asked for
    #[response(status = 206, content_type = "*/*", headers(("ETag" = String, description = "Of the whole"), ("Content-Range" = String, description = "Which part this is")))]
    Part(Vec<u8>),
    /// On AWS, for bodies over 4.5 MB: where the bytes are
    #[response(status = 302, headers(("Location" = String, description = "Good for a while")))]
    Elsewhere,
    /// The client has these bytes
    #[response(status = 304, headers(("ETag" = String, description = "Of these bytes")))]
    NotModified,
    /// There is no such medium (`NOT_FOUND`)
    #[response(status = 404)]
    NotFound,
    /// The medium is another one than `If-Match` names (`PRECONDITION_FAILED`)
    #[response(status = 412)]
    Another,
    /// No part of it lies in that range (`RANGE_NOT_SATISFIABLE`)
    #[response(status = 416)]
    NotSatisfiable,
}

/// Gives out a medium to whoever is signed in.
///
/// By `HEAD`, the same without the bytes.
#[openapi_macros::path(
    get, path = "/media_get/", operation_id = "download_medium", tag = "Media",
    params(MediaQuery, Conditions),
    security(("bearer" = []), ("token" = []), ("cookie" = [])),
    responses(Bytes),
)]
pub(in crate::inbound::http) async fn by_id(
    State(app): State<Arc<App>>,
    SignedInByUrl(identity): SignedInByUrl,
    query: Result<Query<MediaQuery>, QueryRejection>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(query) = query.map_err(|_| HttpError::field("media_id", "Name one medium, once."))?;
    let id = query.media_id.filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| HttpError::field("media_id", "Say which medium: ?media_id=…"))?;
    // What isn't an id names nothing: the same answer as for one that nothing has.
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let medium = app::find_by_id(&app, identity.user, id).await?;
    respond(&app, medium, &method, &headers, BY_ID).await
}

/// Gives out a medium by its unguessable name.
///
/// The name is the secret. By `HEAD`, the same without the bytes.
#[openapi_macros::path(
    get, path = "/media/{filename}", operation_id = "download_medium_by_name", tag = "Media",
    params(("filename" = String, Path, description = "From `saved_to` of an upload"), Conditions),
    security(()),
    responses(Bytes),
)]
pub(in crate::inbound::http) async fn by_name(
    State(app): State<Arc<App>>,
    name: Result<Path<String>, PathRejection>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    // What isn't even text names nothing.
    let Path(name) = name.map_err(|_| AppError::NotFound)?;
    let name = name.parse().map_err(|_| AppError::NotFound)?;
    let medium = app::find_by_name(&app, &name).await?;
    respond(&app, medium, &method, &headers, BY_NAME).await
}

async fn respond(
    app: &App,
    medium: FoundMedium,
    method: &Method,
    headers: &HeaderMap,
    cache: &'static str,
) -> Result<Response, HttpError> {
    let etag = format!("\"{}\"", medium.tag);
    let caching = [(ETAG, etag.clone()), (CACHE_CONTROL, cache.to_owned())];
    if headers.contains_key(IF_MATCH) && !is_wanted(headers, &etag) {
        let (code, sentence) = (ErrorCode::PreconditionFailed, "The medium is another one than you have.");
        return Err(HttpError::new(StatusCode::PRECONDITION_FAILED, code, sentence));
    }
    if matches_any(headers.get(IF_NONE_MATCH), &etag) {
        return Ok(described(StatusCode::NOT_MODIFIED, Body::empty(), caching));
    }
    if method == Method::HEAD {
        // What the record says is enough: a signed URL is for GET alone, and so are ranges.
        let mut response = described(StatusCode::OK, Body::empty(), caching);
        present(response.headers_mut(), &medium, medium.size);
        return Ok(response);
    }
    let (status, range) = match wanted(headers, &etag, medium.size) {
        ByteRange::Whole => (StatusCode::OK, None),
        ByteRange::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        ByteRange::Unsatisfiable => return Ok(unsatisfiable(medium.size)),
    };
    let length = range.as_ref().map_or(medium.size, |range| range.end() - range.start() + 1);
    if let Some(url) = medium.redirect(app, length, disposition(&medium)).await? {
        let headers = [(LOCATION, url), (CACHE_CONTROL, "no-store".to_owned())];
        return Ok(described(StatusCode::FOUND, Body::empty(), headers));
    }
    let body = Body::from_stream(medium.open(app, range.clone()).await?);
    let mut response = described(status, body, caching);
    present(response.headers_mut(), &medium, length);
    if let Some(range) = range {
        let part = format!("bytes {}-{}/{}", range.start(), range.end(), medium.size);
        insert(response.headers_mut(), CONTENT_RANGE, &part);
    }
    Ok(response)
}

/// A range counts only for the very bytes that the client has the beginning of.
fn wanted(headers: &HeaderMap, etag: &str, size: u64) -> ByteRange {
    let same = headers.get(IF_RANGE).is_none_or(|tag| tag.as_bytes() == etag.as_bytes());
    let range = headers.get(RANGE).filter(|_| same).and_then(|range| range.to_str().ok());
    ByteRange::parse(range, size)
}

/// What a browser may make of the bytes. Only what cannot carry scripts is shown by itself.
fn present(headers: &mut HeaderMap, medium: &FoundMedium, length: u64) {
    insert(headers, CONTENT_TYPE, &medium.content_type);
    insert(headers, CONTENT_LENGTH, &length.to_string());
    insert(headers, CONTENT_DISPOSITION, &disposition(medium));
    insert(headers, ACCEPT_RANGES, "bytes");
    insert(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    if !is_inline(&medium.content_type) {
        insert(headers, CONTENT_SECURITY_POLICY, "sandbox");
    }
}

fn described<const N: usize>(status: StatusCode, body: Body, headers: [(HeaderName, String); N]) -> Response {
    let mut response = (status, body).into_response();
    for (name, value) in headers {
        insert(response.headers_mut(), name, &value);
    }
    response
}

/// Values are types, names and numbers that were cleaned when they came in; what no header can hold is left out.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn unsatisfiable(size: u64) -> Response {
    let sentence = "No part of the medium lies in that range.";
    let error = HttpError::new(StatusCode::RANGE_NOT_SATISFIABLE, ErrorCode::RangeNotSatisfiable, sentence);
    let mut response = error.into_response();
    insert(response.headers_mut(), CONTENT_RANGE, &format!("bytes */{size}"));
    response
}

/// Whether one of the tags that a client insists on is this one, by the strong comparison (RFC 9110, 13.1.1).
fn is_wanted(headers: &HeaderMap, etag: &str) -> bool {
    let lists = headers.get_all(IF_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|tags| tags.split(',')).map(str::trim).any(|tag| tag == "*" || tag == etag)
}

fn matches_any(header: Option<&HeaderValue>, etag: &str) -> bool {
    let tags = header.and_then(|value| value.to_str().ok()).unwrap_or_default();
    tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == "*" || tag == etag)
}

/// How to present it, with a plain name for old clients and the exact one for the others (RFC 6266).
fn disposition(medium: &FoundMedium) -> String {
    let kind = if is_inline(&medium.content_type) { "inline" } else { "attachment" };
    let safe = |c: char| {
        if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') { c } else { '_' }
    };
    let plain: String = medium.filename.chars().map(safe).collect();
    let exact = utf8_percent_encode(&medium.filename, ATTR_CHAR);
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

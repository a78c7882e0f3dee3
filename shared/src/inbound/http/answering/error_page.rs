//! An error, for a person who came by following a link.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
};
use axum::response::{IntoResponse, Response};

use crate::inbound::http::error::HttpError;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const NOTHING_LOADED: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The error as a small page: same status, same headers, its sentences.
pub(in crate::inbound::http) fn as_page(error: HttpError) -> Response {
    let sentences = error.sentences().map(|sentence| format!("<p>{}</p>", escaped(sentence)));
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sign-in failed</title>\
         <h1>Sign-in failed</h1>{}<p><a href=\"/\">Back</a></p></html>\n",
        sentences.collect::<String>()
    );
    let mut response = error.into_response();
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HTML);
    headers.insert(CONTENT_SECURITY_POLICY, NOTHING_LOADED);
    headers.insert(CACHE_CONTROL, NO_STORE);
    // The page's own URL may hold a code.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    *response.body_mut() = Body::from(page);
    response
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

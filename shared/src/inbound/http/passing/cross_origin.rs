//! Which web pages may call us, and what their browsers are told.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HOST, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::inbound::http::error::HttpError;
use crate::protocol::{Close, ErrorCode};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
const HEADERS: HeaderValue =
    HeaderValue::from_static("Authorization, Content-Type, Range, If-None-Match, Idempotency-Key");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ETag, Content-Range, Link, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id",
);
const ONE_DAY: HeaderValue = HeaderValue::from_static("86400");
const TRUE: HeaderValue = HeaderValue::from_static("true");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What the request's headers say about the page behind it.
enum Caller {
    /// No browser, or a page that its browser sees as ours.
    NoPage,
    /// A page that may use us, by its origin.
    Allowed(HeaderValue),
    /// Any other page.
    Foreign,
}

/// Answers preflights, refuses what foreign pages would change, and tells browsers which pages may read the answer.
pub(in crate::inbound::http) async fn cross_origin(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let caller = caller(&app, request.headers());
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else if matches!(caller, Caller::Foreign) && !request.method().is_safe() {
        let reason = Close::OriginNotAllowed;
        HttpError::new(StatusCode::FORBIDDEN, ErrorCode::OriginNotAllowed, reason.sentence()).into_response()
    } else {
        next.run(request).await
    };
    describe(response.headers_mut(), caller);
    response
}

fn caller(app: &App, headers: &HeaderMap) -> Caller {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match headers.get(ORIGIN) {
        Some(origin) => {
            let admitted =
                origin.to_str().is_ok_and(|page| app.settings().origins().admits(page, text(HOST)));
            if admitted { Caller::Allowed(origin.clone()) } else { Caller::Foreign }
        }
        None if text(SEC_FETCH_SITE) == Some("cross-site") => Caller::Foreign,
        None => Caller::NoPage,
    }
}

fn describe(headers: &mut HeaderMap, caller: Caller) {
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Caller::Allowed(origin) = caller {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        headers.insert(ACCESS_CONTROL_MAX_AGE, ONE_DAY);
    }
}

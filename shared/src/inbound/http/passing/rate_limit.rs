//! What is left of a limit, in the headers of every answer of a call that is counted.

use axum::extract::Request;
use axum::http::HeaderName;
use axum::middleware::Next;
use axum::response::Response;

use crate::app::{self, Quota};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Tells of the limit that the call came closest to. Calls that are counted nowhere say nothing.
pub(in crate::inbound::http) async fn rate_limit(request: Request, next: Next) -> Response {
    let (mut response, quota) = app::with_quota(next.run(request)).await;
    if let Some(Quota { limit, remaining, reset }) = quota {
        let headers = response.headers_mut();
        headers.insert(LIMIT, limit.into());
        headers.insert(REMAINING, remaining.into());
        headers.insert(RESET, reset.into());
    }
    response
}

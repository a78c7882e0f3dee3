//! Every request names the host that it is for, once (RFC 9112, 3.2): of two names, each program on the way may take another.

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses requests without a host, or with several.
pub(super) async fn one_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(HOST).iter().count();
    let is_old = request.version() < Version::HTTP_11;
    if hosts == 1 || (hosts == 0 && is_old) {
        return next.run(request).await;
    }
    let body = r#"{"message":"Bad Request"}"#;
    (StatusCode::BAD_REQUEST, [(CONTENT_TYPE, "application/json")], body).into_response()
}

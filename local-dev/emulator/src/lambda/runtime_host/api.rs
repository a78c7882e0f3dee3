//! The Lambda Runtime API of one process.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use super::exchange::{Exchange, Task};
use crate::lambda::Failure;
use crate::local_programs::is_of_a_local_program;

/// The most bytes that a function may answer: 6 MB and a little, as AWS counts.
pub(super) const MAX_RESPONSE_BYTES: usize = 6_291_556;
/// An error's text, stack trace included, is never longer.
const MAX_ERROR_BYTES: usize = 256 * 1024;
/// The header that names the kind of an error.
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

/// What the calls share.
#[derive(Debug)]
struct Api {
    exchange: Arc<Exchange>,
    arn: HeaderValue,
}

/// The calls of one process. Whoever could make them would answer in the function's place.
pub(super) fn router(exchange: Arc<Exchange>, arn: &str) -> Router {
    let arn = HeaderValue::from_str(arn).unwrap_or(HeaderValue::from_static(""));
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(respond))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
        .route("/2018-06-01/runtime/init/error", post(fail_init))
        .layer(middleware::from_fn(only_local_programs))
        .with_state(Arc::new(Api { exchange, arn }))
}

async fn only_local_programs(request: Request, next: Next) -> Response<Body> {
    if is_of_a_local_program(&request) {
        return next.run(request).await;
    }
    error(StatusCode::FORBIDDEN, "Forbidden", "Only programs of this machine may call this.")
}

async fn next(State(api): State<Arc<Api>>) -> Response<Body> {
    let Task { request_id, event, deadline, trace } = api.exchange.next().await;
    let texts = [
        ("lambda-runtime-aws-request-id", request_id),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-trace-id", trace),
    ];
    let mut response = (texts, event).into_response();
    let headers = response.headers_mut();
    headers.insert("lambda-runtime-invoked-function-arn", api.arn.clone());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn respond(State(api): State<Arc<Api>>, Path(id): Path<String>, body: Body) -> Response<Body> {
    match to_bytes(body, MAX_RESPONSE_BYTES).await {
        Ok(body) => settled(api.exchange.settle(&id, Ok(body))),
        Err(_) => {
            api.exchange.settle(&id, Err(too_large()));
            error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                "Exceeded maximum allowed payload size",
            )
        }
    }
}

async fn fail(
    State(api): State<Arc<Api>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let failure = failure(&headers, body).await;
    settled(api.exchange.settle(&id, Err(failure)))
}

async fn fail_init(State(api): State<Arc<Api>>, headers: HeaderMap, body: Body) -> Response<Body> {
    api.exchange.fail_init(failure(&headers, body).await);
    settled(true)
}

/// What went wrong; the header has the last word where the body says nothing.
async fn failure(headers: &HeaderMap, body: Body) -> Failure {
    let body = to_bytes(body, MAX_ERROR_BYTES).await.unwrap_or_default();
    let named = headers.get(ERROR_TYPE).and_then(|kind| kind.to_str().ok());
    serde_json::from_slice(&body).unwrap_or_else(|_| Failure {
        error_type: named.unwrap_or("Runtime.UnknownReason").to_owned(),
        error_message: String::from_utf8_lossy(&body).into_owned(),
    })
}

fn too_large() -> Failure {
    Failure {
        error_type: "Function.ResponseSizeTooLarge".to_owned(),
        error_message: format!(
            "Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
        ),
    }
}

fn settled(known: bool) -> Response<Body> {
    if known {
        (StatusCode::ACCEPTED, Json(json!({ "status": "OK" }))).into_response()
    } else {
        error(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID")
    }
}

fn error(status: StatusCode, kind: &str, message: &str) -> Response<Body> {
    (status, Json(json!({ "errorType": kind, "errorMessage": message }))).into_response()
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt as _;

    use super::*;
    use crate::listener::PeerAddress;

    async fn status(headers: &[(&str, &str)]) -> u16 {
        let request = Request::post("/2018-06-01/runtime/init/error");
        let request = request.extension(PeerAddress("127.0.0.1:9".parse().unwrap()));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let calls = router(Arc::new(Exchange::new()), "arn");
        calls.oneshot(request.body(Body::from("{}")).unwrap()).await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn a_function_may_call_and_a_web_page_may_not() {
        let ours = ("Host", "127.0.0.1:4567");
        assert_eq!(status(&[ours]).await, 202);
        for page in [("Origin", "http://page.example"), ("Sec-Fetch-Site", "cross-site")] {
            assert_eq!(status(&[ours, page]).await, 403, "{page:?}");
        }
        assert_eq!(status(&[("Host", "rebound.example")]).await, 403);
    }
}

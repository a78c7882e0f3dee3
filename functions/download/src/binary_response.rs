//! Media reach the gateway byte for byte.

use axum::body::{Bytes, to_bytes};
use axum::http::HeaderName;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, ETAG,
};
use axum::http::response::Parts;
use axum::response::{IntoResponse as _, Response};
use lambda_http::{Body as LambdaBody, BoxFuture, IntoResponse};
use parlor::app::AppError;
use parlor::inbound::http::HttpError;

/// Headers that say something of a medium and nothing of an error.
const ABOUT_THE_MEDIUM: [HeaderName; 7] = [
    ACCEPT_RANGES,
    CACHE_CONTROL,
    CONTENT_DISPOSITION,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    CONTENT_SECURITY_POLICY,
    ETAG,
];

/// A response whose body is handed over in base64, whatever its type: by itself, `lambda_http` decodes every type that
/// looks like text, which loses a byte order mark and every byte that is not of its charset.
pub(crate) struct BinaryResponse(pub(crate) Response);

impl IntoResponse for BinaryResponse {
    fn into_response(self) -> BoxFuture<'static, lambda_http::Response<LambdaBody>> {
        Box::pin(collected(self.0))
    }
}

async fn collected(response: Response) -> lambda_http::Response<LambdaBody> {
    let (mut head, body) = response.into_parts();
    let bytes = match to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        // Nothing has been sent yet: the failure can still be told.
        Err(error) => failed(&mut head, error).await,
    };
    let body = if bytes.is_empty() { LambdaBody::Empty } else { LambdaBody::Binary(bytes.into()) };
    lambda_http::Response::from_parts(head, body)
}

/// Turns a response into an error, under the headers that every answer has.
async fn failed(head: &mut Parts, error: axum::Error) -> Bytes {
    let answer = HttpError::from(AppError::Unavailable(error.into())).into_response();
    for name in ABOUT_THE_MEDIUM {
        head.headers.remove(name);
    }
    let (failure, body) = answer.into_parts();
    head.status = failure.status;
    head.headers.extend(failure.headers);
    to_bytes(body, usize::MAX).await.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::{future, io};

    use axum::body::Body;
    use axum::http::StatusCode;
    use futures_util::stream;
    use lambda_http::request::LambdaRequest;
    use lambda_http::tower::{ServiceExt as _, service_fn};
    use lambda_http::{Adapter, Context, LambdaEvent, Request};
    use serde_json::{Value, json};

    use super::*;

    /// What the gateway is handed when the router answers that.
    async fn handed_over(response: fn() -> Response) -> Value {
        let router = service_fn(move |_: Request| future::ready(Ok::<_, Infallible>(response())));
        let event: LambdaRequest = serde_json::from_value(json!({
            "version": "2.0",
            "rawPath": "/",
            "rawQueryString": "",
            "headers": {},
            "requestContext": { "http": { "method": "GET", "path": "/" } },
            "isBase64Encoded": false,
        }))
        .unwrap();
        let adapter = Adapter::from(router.map_response(BinaryResponse));
        let answer = adapter.oneshot(LambdaEvent::new(event, Context::default())).await.unwrap();
        serde_json::to_value(answer).unwrap()
    }

    #[tokio::test]
    async fn text_arrives_byte_for_byte() {
        for (response, base64) in [
            (
                (|| ([("content-type", "text/plain")], b"caf\xe9".to_vec()).into_response()) as fn() -> _,
                "Y2Fm6Q==",
            ),
            (|| ([("content-type", "text/csv")], b"\xef\xbb\xbfa".to_vec()).into_response(), "77u/YQ=="),
            (|| ([("content-type", "application/json")], b"\xff".to_vec()).into_response(), "/w=="),
            (|| ([("content-type", "image/svg+xml")], b"\xff".to_vec()).into_response(), "/w=="),
            (|| ([("content-type", "image/png")], b"\xff".to_vec()).into_response(), "/w=="),
        ] {
            let answer = handed_over(response).await;
            assert_eq!(
                (&answer["body"], &answer["isBase64Encoded"]),
                (&json!(base64), &json!(true)),
                "{answer}"
            );
        }
    }

    #[tokio::test]
    async fn an_answer_without_a_body_has_none() {
        let answer = handed_over(|| (StatusCode::FOUND, [("location", "https://x")]).into_response()).await;
        assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(302), &Value::Null), "{answer}");
        assert_eq!(answer["headers"]["location"], "https://x");
    }

    #[tokio::test]
    async fn a_store_that_breaks_off_is_told_and_no_panic() {
        let answer = handed_over(|| {
            let broken = Body::from_stream(stream::iter([Err::<Bytes, _>(io::Error::other("gone"))]));
            let headers = [("content-length", "10"), ("etag", "\"a\""), ("vary", "Origin")];
            (headers, broken).into_response()
        })
        .await;
        assert_eq!(answer["statusCode"], 503, "{answer}");
        let headers = answer["headers"].as_object().unwrap();
        assert_eq!(
            (&headers["vary"], &headers["content-type"]),
            (&json!("Origin"), &json!("application/json"))
        );
        assert!(!headers.contains_key("etag") && !headers.contains_key("content-length"), "{answer}");
    }
}

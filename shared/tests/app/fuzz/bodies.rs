//! Bodies of HTTP calls.

use axum::body::Body;
use axum::http::{Method, Request, Response};

use super::generator::Generator;
use super::{rounds, seed};
use crate::http::bench::{Bench, send};

/// The most that an error says.
pub(super) const MAX_ERROR: usize = 1024;

const KINDS: [&str; 5] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "text/plain",
    "",
];
const CALLS: [(Method, &str); 7] = [
    (Method::POST, "/api/rooms/join/"),
    (Method::POST, "/api/send-message/"),
    (Method::POST, "/api/rooms/approve/"),
    (Method::POST, "/api/rooms/kino/messages/"),
    (Method::POST, "/api/uploads/"),
    (Method::POST, "/api/ws-ticket/"),
    (Method::PATCH, "/api/rooms/kino/"),
];

fn corpus() -> [&'static str; 8] {
    [
        r#"{"code": "kino", "password": "x"}"#,
        r#"{"room": "kino", "message": "hello", "mentions": [1, "2"], "reply_to": null, "client_msg_id": "c"}"#,
        r#"{"filename": "a.mp3", "content_type": "audio/mpeg", "size": 5, "checksum": "x"}"#,
        r#"{"path": "/ws/room/kino/"}"#,
        r#"{"name": "n", "capacity": 2, "retention": {"days": 1, "messages": null}, "slow_mode_seconds": 5}"#,
        "room=kino&message=a%20b&mentions=1&user_id=7",
        "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhello\r\n--b--\r\n",
        "",
    ]
}

/// Fails unless an answer is as every answer is: no fault of ours, and if it is an error a short one with a code.
pub(super) async fn assert_answered(response: Response<Body>, input: &[u8]) -> u16 {
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let shown = String::from_utf8_lossy(input);
    assert!(status < 500, "{status} to {shown}");
    if status >= 400 {
        assert!(body.len() <= MAX_ERROR, "{} bytes: {}", body.len(), String::from_utf8_lossy(&body));
        let error: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(error["error"].is_string() && error["code"].is_string(), "{error}");
    }
    status
}

#[tokio::test]
async fn whatever_is_sent_as_a_body_is_answered_and_never_at_length() {
    let bench = Bench::new(|_| ());
    let token = bench.token().await;
    let generator = Generator::new(seed(), corpus());
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..rounds(2_000) {
        let (method, path) = &CALLS[generator.below(CALLS.len())];
        let (input, kind) = (generator.next(), KINDS[generator.below(KINDS.len())]);
        let request =
            Request::builder().method(method).uri(*path).header("authorization", format!("Bearer {token}"));
        let request = if kind.is_empty() { request } else { request.header("content-type", kind) };
        let response = send(bench.router(), request.body(Body::from(input.clone())).unwrap()).await;
        seen.insert(assert_answered(response, &input).await);
    }
    assert!(
        seen.contains(&400) && seen.contains(&404) && seen.iter().any(|status| *status < 300),
        "{seen:?}"
    );
}

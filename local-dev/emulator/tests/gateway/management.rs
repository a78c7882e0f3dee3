//! The `@connections` API.

use std::time::Duration;

use parlor::embedded::OutboxLimits;

use crate::support::{Answer, Frame, TestGateway, aws, request};

fn call(id: &str) -> String {
    format!("/local/@connections/{}", id.replace('=', "%3D"))
}

async fn expect_error(answer: Answer, status: u16, kind: &str, body: &str) {
    assert_eq!(answer.status, status);
    assert_eq!(answer.header("x-amzn-errortype"), Some(kind));
    assert_eq!(answer.body().await, body);
}

#[tokio::test]
async fn a_post_is_delivered_as_a_text_frame() {
    let test = TestGateway::start().await;
    let (mut client, id) = test.open("/").await;
    for target in [call(&id), call(&id).replace("/local", ""), format!("/local/@connections/{id}")] {
        let answer = request(test.port, "POST", &target, &[], "héllo".as_bytes()).await;
        assert_eq!((answer.status, answer.body().await.as_str()), (200, ""));
        assert_eq!(client.receive().await, Frame::Text("héllo".to_owned()));
    }
    let largest = "x".repeat(128 * 1024);
    assert_eq!(request(test.port, "POST", &call(&id), &[], largest.as_bytes()).await.status, 200);
    assert_eq!(client.receive().await, Frame::Text(largest));
}

#[tokio::test]
async fn a_get_tells_who_it_is_and_since_when() {
    let test = TestGateway::start().await;
    let (mut client, id) = test.open("/").await;
    test.clock.advance(Duration::from_millis(61_500));
    client.send("x").await;
    test.event("MESSAGE").await;
    let answer = request(test.port, "GET", &call(&id), &[], b"").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let expected = r#"{
  "identity": {
    "sourceIp": "127.0.0.1",
    "userAgent": "test/1"
  },
  "connectedAt": "2027-01-15T08:00:00.000Z",
  "lastActiveAt": "2027-01-15T08:01:01.500Z"
}"#;
    assert_eq!(answer.body().await, expected);
}

#[tokio::test]
async fn a_delete_closes_the_socket_without_a_reason() {
    let test = TestGateway::start().await;
    let (client, id) = test.open("/").await;
    let answer = request(test.port, "DELETE", &call(&id), &[], b"").await;
    assert_eq!((answer.status, answer.body().await.as_str()), (204, ""));
    assert_eq!(client.closed().await, Some((1000, String::new())));
    assert_eq!(test.disconnected().await, (1000, "Connection Closed Normally".to_owned()));
}

#[tokio::test]
async fn a_socket_that_is_gone_or_never_was_is_gone() {
    let test = TestGateway::start().await;
    let (client, id) = test.open("/").await;
    drop(client);
    test.disconnected().await;
    for id in [id.as_str(), "TXzPWdnOjoECGjA="] {
        for method in ["POST", "GET", "DELETE"] {
            let answer = request(test.port, method, &call(id), &[], b"").await;
            expect_error(answer, 410, "GoneException", "").await;
        }
    }
}

#[tokio::test]
async fn a_malformed_name_is_a_bad_request() {
    let test = TestGateway::start().await;
    for id in ["x", "TXzPWdnOjoECGjA", "AAAAAAAAAAAAAAAA"] {
        let answer = request(test.port, "GET", &call(id), &[], b"").await;
        let body = format!(r#"{{"message":"Invalid connectionId: {id}"}}"#);
        expect_error(answer, 400, "BadRequestException", &body).await;
    }
}

#[tokio::test]
async fn more_than_128_kilobytes_are_too_large_and_what_is_no_text_is_bad() {
    let test = TestGateway::start().await;
    let (mut client, id) = test.open("/").await;
    let answer = request(test.port, "POST", &call(&id), &[], &vec![b'x'; 128 * 1024 + 1]).await;
    expect_error(answer, 413, "PayloadTooLargeException", "").await;
    let answer = request(test.port, "POST", &call(&id), &[], b"\xFF").await;
    expect_error(answer, 400, "BadRequestException", r#"{"message":"Data must be UTF-8 text"}"#).await;
    client.ping(b"").await;
    assert_eq!(client.receive().await, Frame::Pong(Vec::new()));
}

#[tokio::test]
async fn a_full_outbox_is_a_limit_exceeded_and_the_socket_stays_open() {
    let limits = OutboxLimits { bytes: 300_000, ..OutboxLimits::default() };
    let test = TestGateway::with(aws(), limits).await;
    let (mut client, id) = test.open("/").await;
    let body = vec![b'x'; 100_000];
    let mut sent = 0;
    let refused = loop {
        let answer = request(test.port, "POST", &call(&id), &[], &body).await;
        if answer.status != 200 {
            break answer;
        }
        sent += 1;
    };
    expect_error(refused, 429, "LimitExceededException", "").await;
    for _ in 0..sent {
        assert!(matches!(client.receive().await, Frame::Text(text) if text.len() == body.len()));
    }
    assert_eq!(request(test.port, "POST", &call(&id), &[], b"room again").await.status, 200);
    assert_eq!(client.receive().await, Frame::Text("room again".to_owned()));
}

#[tokio::test]
async fn web_pages_and_other_stages_are_forbidden() {
    let test = TestGateway::start().await;
    let (_client, id) = test.open("/").await;
    let forbidden = r#"{"message":"Forbidden"}"#;
    for method in ["POST", "GET", "DELETE"] {
        let pages =
            [("Origin", "http://localhost:3000"), ("Sec-Fetch-Mode", "no-cors"), ("Host", "rebound.example")];
        for page in pages {
            let answer = request(test.port, method, &call(&id), &[page], b"").await;
            expect_error(answer, 403, "ForbiddenException", forbidden).await;
        }
    }
    let other = call(&id).replace("/local", "/prod");
    let answer = request(test.port, "GET", &other, &[], b"").await;
    expect_error(answer, 403, "ForbiddenException", forbidden).await;
    assert_eq!(test.gateway.open_sockets(), 1);
}

#[tokio::test]
async fn other_methods_are_unknown_as_on_aws() {
    let test = TestGateway::start().await;
    let (_client, id) = test.open("/").await;
    let without_stage = call(&id).replace("/local", "");
    let unknown = r#"{"message":"Missing Authentication Token"}"#;
    let calls = [("PUT", call(&id)), ("PATCH", without_stage), ("POST", "/local/@connections/".to_owned())];
    for (method, target) in calls {
        let answer = request(test.port, method, &target, &[], b"x").await;
        expect_error(answer, 403, "MissingAuthenticationTokenException", unknown).await;
    }
    assert_eq!(test.gateway.open_sockets(), 1);
}

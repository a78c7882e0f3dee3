//! The proxy of S3 changes nothing of what it passes on.

use bytes::Bytes;
use futures_util::stream;

use crate::support::{TestSources, TestUpstream, wiring};

async fn start() -> (TestSources, TestUpstream, String) {
    let (upstream, url) = TestUpstream::start().await;
    let test = TestSources::in_front_of(&wiring(), Some(&url)).await;
    let proxy = test.sources.s3_url().unwrap().to_owned();
    (test, upstream, proxy)
}

#[tokio::test]
async fn a_request_arrives_as_it_was_sent() {
    let (test, upstream, proxy) = start().await;
    upstream.answers(200, &[("x-amz-request-id", "r")], "");
    let target = "/b/a%2Fb%20c+d//e?X-Amz-Signature=f%2F&list-type=2&empty";
    let request = test.http.put(format!("{proxy}{target}")).header("authorization", "AWS4 x").body("body");
    let answer = request.header("x-amz-meta-a", "1").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["x-amz-request-id"].to_str().unwrap()),
        (200, "r")
    );
    let passed = upstream.last();
    assert_eq!(
        (passed.method.as_str(), passed.uri.as_str(), &passed.body[..]),
        ("PUT", target, &b"body"[..])
    );
    assert_eq!(passed.headers["host"], proxy.strip_prefix("http://").unwrap());
    assert_eq!(passed.headers["authorization"], "AWS4 x");
    assert_eq!(passed.headers["x-amz-meta-a"], "1");
    assert_eq!(passed.headers["content-length"], "4");
}

#[tokio::test]
async fn an_answer_arrives_as_it_was_given() {
    let (test, upstream, proxy) = start().await;
    let headers = [("etag", "\"e\""), ("content-range", "bytes 0-3/9"), ("content-type", "audio/mpeg")];
    upstream.answers(206, &headers, "some");
    let answer = test.http.get(format!("{proxy}/b/k")).header("range", "bytes=0-3").send().await.unwrap();
    assert_eq!(answer.status(), 206);
    for (name, value) in headers {
        assert_eq!(answer.headers()[name], value);
    }
    assert_eq!(answer.content_length(), Some(4));
    assert_eq!(answer.text().await.unwrap(), "some");
    upstream.answers(200, &[("content-length", "12345")], "");
    let head = test.http.head(format!("{proxy}/b/k")).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], "12345");
    assert_eq!(upstream.last().method, "HEAD");
}

#[tokio::test]
async fn a_body_of_unknown_length_passes() {
    let (test, upstream, proxy) = start().await;
    upstream.answers(200, &[], "");
    let pieces = ["one ", "two"].map(|piece| Ok::<_, std::io::Error>(Bytes::from_static(piece.as_bytes())));
    let body = reqwest::Body::wrap_stream(stream::iter(pieces));
    assert_eq!(test.http.put(format!("{proxy}/b/k")).body(body).send().await.unwrap().status(), 200);
    let passed = upstream.last();
    assert_eq!(&passed.body[..], b"one two");
    assert_eq!(passed.headers.get("content-length"), None);
}

#[tokio::test]
async fn without_a_server_behind_it_the_proxy_says_so() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let test = TestSources::in_front_of(&wiring(), Some(&url)).await;
    for method in ["GET", "PUT"] {
        let url = format!("{}/b/k", test.sources.s3_url().unwrap());
        let answer = test.http.request(method.parse().unwrap(), url).send().await.unwrap();
        assert_eq!(answer.status(), 503);
        assert!(answer.text().await.unwrap().contains("<Code>ServiceUnavailable</Code>"));
    }
}

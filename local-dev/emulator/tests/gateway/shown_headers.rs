//! The headers of a handshake, as functions see them.

use emulator::gateway::GatewayConfig;
use parlor::embedded::OutboxLimits;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::{Answer, TestGateway, aws, handshake};

#[tokio::test]
async fn names_are_shown_as_they_were_sent() {
    let test = TestGateway::start().await;
    let headers = [("authorization", "Bearer t"), ("clientHeader", "v"), ("test", "t1"), ("TEST", "t2")];
    let _client = handshake(test.port, "/", &headers).await.opened();
    let event = test.event("CONNECT").await;
    for (name, value) in headers {
        assert_eq!(event.headers.get(name).map(String::as_str), Some(value), "{name}: {:?}", event.headers);
        assert_eq!(event.multi_value_headers[name], [value]);
    }
    assert_eq!(event.headers["Sec-WebSocket-Version"], "13");
}

#[tokio::test]
async fn they_are_shown_so_too_where_the_connection_has_been_used_before() {
    let test = TestGateway::start().await;
    let mut stream = TcpStream::connect(("127.0.0.1", test.port)).await.unwrap();
    let host = format!("localhost:{}", test.port);
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    let mut stream = Answer::read(stream).await.rest().await;
    let handshake = format!(
        "GET / HTTP/1.1\r\nhoSt: {host}\r\nUPGRADE: websocket\r\nConnection: Upgrade\r\n\
         sec-websocket-version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(handshake.as_bytes()).await.unwrap();
    let _client = Answer::read(stream).await.opened();
    let event = test.event("CONNECT").await;
    let names: Vec<_> = event.headers.keys().filter(|name| !name.starts_with("X-")).collect();
    assert_eq!(names, ["Sec-WebSocket-Key", "hoSt", "sec-websocket-version"]);
}

#[tokio::test]
async fn the_gateway_adds_whence_a_request_came_and_the_authorizer_sees_the_connection_too() {
    let test = TestGateway::start().await;
    let spoofed =
        [("x-forwarded-for", "192.0.2.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "1")];
    let _client = handshake(test.port, "/", &spoofed).await.opened();
    let (asked, connected) = (test.authorizer_event().await, test.event("CONNECT").await);
    for event in [&asked, &connected] {
        assert_eq!(event.headers["X-Forwarded-For"], "192.0.2.7, 127.0.0.1");
        assert_eq!(event.headers["X-Forwarded-Port"], test.port.to_string());
        assert_eq!(event.headers["X-Forwarded-Proto"], "http");
        assert!(event.headers["X-Amzn-Trace-Id"].starts_with("Root=1-"));
        let forwarded = event.headers.keys().filter(|name| name.to_lowercase().starts_with("x-forwarded"));
        assert_eq!(forwarded.count(), 3, "{:?}", event.headers);
    }
    let own = [("Connection", "upgrade"), ("Upgrade", "websocket"), ("content-length", "0")];
    for (name, value) in own {
        assert_eq!(asked.headers.get(name).map(String::as_str), Some(value));
        assert_eq!(asked.multi_value_headers[name], [value]);
        assert!(connected.header(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn the_authorizer_is_told_the_apis_own_region() {
    let config = GatewayConfig { region: "eu-west-1".to_owned(), stage: "$default".to_owned(), ..aws() };
    let test = TestGateway::with(config, OutboxLimits::default()).await;
    let _client = handshake(test.port, "/$default", &[]).await.opened();
    let arn = test.authorizer_event().await.method_arn;
    let expected = "arn:aws:execute-api:eu-west-1:000000000000:local-dev/$default/$connect";
    assert_eq!(arn.as_deref(), Some(expected));
    assert_eq!(test.event("CONNECT").await.request_context.stage, "$default");
}

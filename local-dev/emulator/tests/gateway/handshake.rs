//! From a request to a socket, or to a refusal.

use std::time::Duration;

use emulator::gateway::GatewayConfig;
use parlor::embedded::{OutboxLimits, Pushed, WireFrame};
use parlor::ports::Clock;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::{Answer, Client, Frame, PATIENCE, TestGateway, encode, handshake, request};

async fn status(test: &TestGateway, target: &str) -> u16 {
    handshake(test.port, target, &[]).await.status
}

#[tokio::test]
async fn any_success_opens_the_socket_with_the_right_key_and_without_extensions() {
    let test = TestGateway::start().await;
    for target in ["/", "/?connect=201", "/?connect=299", "/local", "/local/?connect=200", "/ws/feed/"] {
        let offer = [("Sec-WebSocket-Extensions", "permessage-deflate")];
        let answer = handshake(test.port, target, &offer).await;
        assert_eq!(answer.status, 101, "{target}");
        // RFC 6455, section 1.3.
        assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assert_eq!(answer.header("upgrade"), Some("websocket"));
        assert_eq!(answer.header("sec-websocket-extensions"), None);
        assert_eq!(answer.header("sec-websocket-protocol"), None);
    }
}

#[tokio::test]
async fn a_refusal_has_the_functions_own_status() {
    let test = TestGateway::start().await;
    for expected in [301, 400, 401, 403, 404, 410, 501] {
        assert_eq!(status(&test, &format!("/?connect={expected}")).await, expected);
    }
    assert_eq!(test.gateway.open_sockets(), 0);
    assert!(test.registry.is_empty());
}

#[tokio::test]
async fn a_function_that_fails_or_answers_nonsense_is_a_bad_gateway() {
    let test = TestGateway::start().await;
    for order in ["fail", "crash", "99", "0", "1000"] {
        assert_eq!(status(&test, &format!("/?connect={order}")).await, 502, "{order}");
    }
    assert!(test.registry.is_empty());
}

#[tokio::test]
async fn an_authorizer_refuses_with_403_401_or_500_and_connect_is_not_called() {
    let test = TestGateway::start().await;
    let outcomes = [("deny", 403), ("unauthorized", 401), ("fail", 500), ("crash", 500), ("large", 500)];
    for (order, expected) in outcomes {
        assert_eq!(status(&test, &format!("/?authorize={order}")).await, expected, "{order}");
    }
    assert!(test.events_so_far().await.iter().all(|event| event.kind.is_some()));
}

#[tokio::test]
async fn a_function_that_takes_longer_than_29_seconds_is_a_gateway_timeout() {
    let test = TestGateway::start().await;
    let pending = tokio::spawn(handshake_status(test.port, "/?connect=hang"));
    test.event("CONNECT").await;
    test.clock.advance(Duration::from_secs(28));
    assert!(!pending.is_finished());
    test.clock.advance(Duration::from_secs(1));
    assert_eq!(pending.await.unwrap(), 504);
    assert!(test.registry.is_empty());
}

async fn handshake_status(port: u16, target: &'static str) -> u16 {
    handshake(port, target, &[]).await.status
}

#[tokio::test]
async fn what_is_no_upgrade_is_told_so_by_the_gateway_and_served_by_the_application() {
    let test = TestGateway::start().await;
    for (port, target) in [(test.port, "/local"), (test.port, "/local/"), (test.feed_port, "/any/path")] {
        let answer = request(port, "GET", target, &[], b"").await;
        assert_eq!(answer.status, 426, "{target}");
        assert_eq!(answer.header("upgrade"), Some("websocket"));
    }
    let application = request(test.port, "GET", "/", &[], b"").await;
    assert_eq!((application.status, application.body().await.as_str()), (200, "the application"));
}

#[tokio::test]
async fn a_path_after_the_stage_is_forbidden() {
    let test = TestGateway::start().await;
    for target in ["/local/ws/feed/", "/local/x"] {
        assert_eq!(status(&test, target).await, 403);
    }
}

#[tokio::test]
async fn malformed_handshakes_are_refused() {
    let test = TestGateway::start().await;
    let cases = [
        ("Sec-WebSocket-Key", "", 400),
        ("Sec-WebSocket-Key", "c2hvcnQ=", 400),
        ("Sec-WebSocket-Version", "", 400),
        ("Sec-WebSocket-Version", "8", 426),
        ("Connection", "keep-alive", 400),
    ];
    for (name, value, expected) in cases {
        let answer = handshake(test.port, "/", &[(name, value)]).await;
        assert_eq!(answer.status, expected, "{name}: {value}");
        assert_eq!(answer.header("sec-websocket-version").is_some(), expected == 426);
    }
    let long = format!("/?x={}", "y".repeat(4096));
    assert_eq!(status(&test, &long).await, 414);
    assert!(test.events_so_far().await.is_empty());
}

#[tokio::test]
async fn a_sub_protocol_is_chosen_by_the_function_alone_and_only_from_the_offered() {
    let test = TestGateway::start().await;
    let offer = [("Sec-WebSocket-Protocol", "ticket.abc , parlor.v1")];
    let chosen = |target: &'static str| async {
        let answer = handshake(test.port, target, &offer).await;
        assert_eq!(answer.status, 101);
        answer.header("sec-websocket-protocol").map(str::to_owned)
    };
    assert_eq!(chosen("/?protocol=parlor.v1").await.as_deref(), Some("parlor.v1"));
    assert_eq!(chosen("/?protocol=other").await, None);
    assert_eq!(chosen("/").await, None);
}

#[tokio::test]
async fn the_path_becomes_a_parameter_and_the_feeds_port_has_one_path() {
    let test = TestGateway::start().await;
    let (_room, _) = (handshake(test.port, "/ws/room/CODE/?token=x&path=/admin/", &[]).await.opened(), ());
    let event = test.event("CONNECT").await;
    assert_eq!((event.query("path"), event.query("token")), (Some("/ws/room/CODE/"), Some("x")));
    let _raw = handshake(test.port, "/local?path=%2Fws%2Fchat%2F", &[]).await.opened();
    assert_eq!(test.event("CONNECT").await.query("path"), Some("/ws/chat/"));
    let _feed = handshake(test.feed_port, "/ws/room/CODE/", &[]).await.opened();
    assert_eq!(test.event("CONNECT").await.query("path"), Some("/ws/feed/"));
}

#[tokio::test]
async fn the_connect_event_has_the_fields_of_a_captured_one() {
    let test = TestGateway::start().await;
    let _client = handshake(test.port, "/", &[("Origin", "http://a.example")]).await.opened();
    let event = test.event("CONNECT").await;
    let context = &event.request_context;
    assert_eq!((context.route_key.as_str(), context.message_direction.as_str()), ("$connect", "IN"));
    assert_eq!((context.stage.as_str(), context.api_id.as_str()), ("local", "local-dev"));
    assert_eq!(context.request_time, "15/Jan/2027:08:00:00 +0000");
    assert_eq!(context.request_time_epoch, 1_800_000_000_000);
    assert_eq!(context.connected_at, 1_800_000_000_000);
    assert_eq!(context.request_id, context.extended_request_id);
    for id in [&context.request_id, &context.connection_id] {
        assert!(id.len() == 16 && id.ends_with('='), "{id}");
    }
    assert_ne!(context.request_id, context.connection_id);
    assert_eq!(context.identity.source_ip, "127.0.0.1");
    assert_eq!(context.identity.user_agent.as_deref(), Some("test/1"));
    assert_eq!(context.domain_name, format!("localhost:{}", test.port));
    assert_eq!(event.header("origin"), Some("http://a.example"));
    assert!(!event.is_base64_encoded);
    let json = serde_json::to_value(&event).unwrap();
    assert!(json.get("body").is_none() && json.get("type").is_none());
}

#[tokio::test]
async fn repeated_headers_and_parameters_show_their_last_value_and_all_of_them() {
    let test = TestGateway::start().await;
    let headers = [("X-Twice", "one"), ("X-Twice", "two")];
    let _client = handshake(test.port, "/?a=1&a=2&b=%C3%A9+x", &headers).await.opened();
    let event = test.event("CONNECT").await;
    assert_eq!(event.query("a"), Some("2"));
    assert_eq!(event.query("b"), Some("é x"));
    assert_eq!(event.multi_value_query_string_parameters["a"], ["1", "2"]);
    assert_eq!(event.multi_value_headers["X-Twice"], ["one", "two"]);
    assert_eq!(event.headers["X-Twice"], "two");
    assert_eq!(event.headers["Sec-WebSocket-Version"], "13");
    assert_eq!(event.headers["X-Forwarded-For"], "127.0.0.1");
    assert!(event.header("connection").is_none() && event.header("upgrade").is_none());
}

#[tokio::test]
async fn without_a_query_there_are_no_query_fields() {
    let test = TestGateway::start().await;
    let _client = handshake(test.port, "/", &[]).await.opened();
    let json = serde_json::to_value(test.event("CONNECT").await).unwrap();
    assert!(json.get("queryStringParameters").is_none());
    assert!(json.get("multiValueQueryStringParameters").is_none());
}

#[tokio::test]
async fn the_authorizers_context_rides_in_every_later_event() {
    let test = TestGateway::start().await;
    let mut client = handshake(test.port, "/", &[]).await.opened();
    let asked = test.authorizer_event().await;
    assert_eq!(asked.kind.as_deref(), Some("REQUEST"));
    assert!(asked.method_arn.as_deref().unwrap().ends_with(":local-dev/local/$connect"));
    assert_eq!(asked.request_context.authorizer, None);
    let connected = test.event("CONNECT").await;
    client.send("hello").await;
    let message = test.event("MESSAGE").await;
    client.close(1000, "").await;
    let disconnected = test.event("DISCONNECT").await;
    for event in [&connected, &message, &disconnected] {
        assert_eq!((event.context("principalId"), event.context("endpoint")), (Some("7"), Some("feed")));
        assert_eq!(event.request_context.connection_id, asked.request_context.connection_id);
    }
}

fn readable() -> GatewayConfig {
    GatewayConfig::default()
}

#[tokio::test]
async fn a_readable_refusal_opens_the_socket_and_closes_it_with_the_code() {
    let test = TestGateway::with(readable(), OutboxLimits::default()).await;
    let target = r#"/?connect=401&body={%22close%22:4001,%22code%22:%22UNAUTHENTICATED%22}"#;
    let offer = [("Sec-WebSocket-Protocol", "parlor.v1")];
    let answer = handshake(test.port, target, &offer).await;
    // Without one of the offered, a browser would report a failure instead of the code.
    assert_eq!(answer.header("sec-websocket-protocol"), Some("parlor.v1"));
    let mut client = answer.opened();
    assert_eq!(client.receive().await, Frame::Close(Some((4001, "UNAUTHENTICATED".to_owned()))));
    client.close(4001, "").await;
    assert_eq!(client.receive().await, Frame::End);
    drop(client);
    test.gateway.shut_down(PATIENCE).await;
    let events = test.events_so_far().await;
    assert!(events.iter().all(|event| event.request_context.event_type == "CONNECT"));
    assert!(test.registry.is_empty());
}

#[tokio::test]
async fn a_refusal_without_a_close_code_is_a_status_nevertheless() {
    let test = TestGateway::with(readable(), OutboxLimits::default()).await;
    for body in ["", "plain", "{}", "{%22close%22:%22x%22}", "[]"] {
        assert_eq!(status(&test, &format!("/?connect=403&body={body}")).await, 403, "{body}");
    }
    assert_eq!(status(&test, "/?connect=fail").await, 502);
}

#[tokio::test]
async fn on_aws_a_refusal_is_a_status_even_if_it_names_a_close_code() {
    let test = TestGateway::start().await;
    assert_eq!(status(&test, "/?connect=401&body={%22close%22:4001}").await, 401);
}

#[tokio::test]
async fn the_handshake_is_pending_and_the_socket_gone_until_connect_has_answered() {
    let test = TestGateway::start().await;
    let port = test.port;
    let pending = tokio::spawn(async move { handshake(port, "/?connect=wait", &[]).await.opened() });
    let id = test.event("CONNECT").await.request_context.connection_id;
    let call = format!("/local/@connections/{}", id.replace('=', "%3D"));
    let outbox = test.registry.get(&id.parse().unwrap()).unwrap();
    assert_eq!(outbox.push(WireFrame::text("early"), test.clock.now()), Pushed::NotYetOpen);
    for method in ["POST", "GET", "DELETE"] {
        assert_eq!(request(port, method, &call, &[], b"").await.status, 410, "{method}");
    }
    assert!(!pending.is_finished());
    test.releases.add_permits(1);
    let mut client = pending.await.unwrap();
    assert_eq!(request(port, "POST", &call, &[], b"now").await.status, 200);
    assert_eq!(client.receive().await, Frame::Text("now".to_owned()));
}

#[tokio::test]
async fn a_client_that_leaves_before_it_is_connected_is_disconnected_all_the_same() {
    let test = TestGateway::start().await;
    let port = test.port;
    let pending = tokio::spawn(async move { handshake(port, "/?connect=wait", &[]).await });
    let id = test.event("CONNECT").await.request_context.connection_id;
    pending.abort();
    assert!(pending.await.is_err());
    test.releases.add_permits(1);
    let event = test.event("DISCONNECT").await;
    assert_eq!(event.request_context.connection_id, id);
    assert_eq!(event.request_context.disconnect_status_code, Some(1006));
    assert!(test.registry.is_empty());
}

#[tokio::test]
async fn a_message_that_comes_along_with_the_handshake_is_not_lost() {
    let test = TestGateway::start().await;
    let mut stream = TcpStream::connect(("127.0.0.1", test.port)).await.unwrap();
    let head = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let bytes = [head.as_bytes(), &encode(0x81, b"early")].concat();
    stream.write_all(&bytes).await.unwrap();
    let mut client: Client = Answer::read(stream).await.opened();
    assert_eq!(test.event("MESSAGE").await.body.as_deref(), Some("early"));
    client.send("later").await;
    assert_eq!(test.event("MESSAGE").await.body.as_deref(), Some("later"));
}

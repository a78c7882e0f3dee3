//! Messages and their functions.

use std::time::Duration;

use emulator::gateway::GatewayConfig;
use parlor::embedded::OutboxLimits;
use parlor::ports::Clock;

use crate::support::{Frame, TestGateway, aws};

async fn text(client: &mut crate::support::Client) -> String {
    match client.receive().await {
        Frame::Text(text) => text,
        other => panic!("not a text: {other:?}"),
    }
}

#[tokio::test]
async fn messages_of_one_socket_are_handled_at_the_same_time() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    client.send("wait").await;
    client.send("another").await;
    let mut bodies = Vec::new();
    for _ in 0..2 {
        // The second one comes although the first is not done.
        bodies.extend(test.event("MESSAGE").await.body);
    }
    bodies.sort();
    assert_eq!(bodies, ["another", "wait"]);
    test.releases.add_permits(1);
}

#[tokio::test]
async fn a_socket_with_too_many_messages_under_way_is_not_read_until_one_is_done() {
    let config = GatewayConfig { messages_at_a_time: 2, ..aws() };
    let test = TestGateway::with(config, OutboxLimits::default()).await;
    let (mut busy, _) = test.open("/").await;
    let (mut other, _) = test.open("/").await;
    for order in ["wait", "wait", "third"] {
        busy.send(order).await;
    }
    busy.ping(b"unread").await;
    other.send("meanwhile").await;
    let mut bodies = Vec::new();
    for _ in 0..3 {
        bodies.extend(test.event("MESSAGE").await.body);
    }
    bodies.sort();
    assert_eq!(bodies, ["meanwhile", "wait", "wait"]);
    other.ping(b"read").await;
    assert_eq!(other.receive().await, Frame::Pong(b"read".to_vec()));
    assert!(test.events_so_far().await.is_empty());
    test.releases.add_permits(1);
    assert_eq!(test.event("MESSAGE").await.body.as_deref(), Some("third"));
    assert_eq!(busy.receive().await, Frame::Pong(b"unread".to_vec()));
    test.releases.add_permits(1);
}

#[tokio::test]
async fn a_function_that_fails_answers_an_error_frame_and_the_socket_stays_open() {
    let test = TestGateway::start().await;
    let (mut client, id) = test.open("/").await;
    for (order, message) in
        [("fail", "Internal server error"), ("crash", "Internal server error"), ("no-route", "Forbidden")]
    {
        client.send(order).await;
        let request_id = test.event("MESSAGE").await.request_context.request_id;
        let expected =
            format!(r#"{{"message": "{message}", "connectionId":"{id}", "requestId":"{request_id}"}}"#);
        assert_eq!(text(&mut client).await, expected);
    }
    client.send("still here").await;
    assert_eq!(test.event("MESSAGE").await.body.as_deref(), Some("still here"));
}

#[tokio::test]
async fn a_functions_status_has_no_effect_on_the_client() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    for status in ["301", "401", "501"] {
        client.send(status).await;
        test.event("MESSAGE").await;
    }
    client.ping(b"").await;
    assert_eq!(client.receive().await, Frame::Pong(Vec::new()));
}

#[tokio::test]
async fn a_function_that_takes_longer_than_29_seconds_answers_an_error_frame() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    client.send("hang").await;
    test.event("MESSAGE").await;
    // The gateway sets its alarm before it calls the function.
    test.clock.advance(Duration::from_secs(29));
    assert!(text(&mut client).await.starts_with(r#"{"message": "Internal server error""#));
}

#[tokio::test]
async fn event_times_come_from_the_injected_clock() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    let opened = test.clock.now().as_millis();
    test.clock.advance(Duration::from_secs(90));
    client.send("x").await;
    let context = test.event("MESSAGE").await.request_context;
    assert_eq!((context.connected_at, context.request_time_epoch), (opened, opened + 90_000));
    assert_eq!(context.request_time, "15/Jan/2027:08:01:30 +0000");
}

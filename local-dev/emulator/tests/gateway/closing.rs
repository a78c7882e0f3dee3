//! How sockets end.

use std::time::Duration;

use emulator::gateway::{Disconnects, GatewayConfig};
use futures_util::{SinkExt, StreamExt};
use parlor::embedded::OutboxLimits;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{Client, Frame, PATIENCE, TestGateway, aws, encode, handshake, request};

const MINUTE: Duration = Duration::from_secs(60);

fn going_away() -> Option<(u16, String)> {
    Some((1001, "Going away".to_owned()))
}

#[tokio::test]
async fn a_clients_close_is_answered_and_reported() {
    let test = TestGateway::start().await;
    let (mut client, id) = test.open("/").await;
    client.close(4321, "enough").await;
    assert_eq!(client.closed().await, Some((4321, "enough".to_owned())));
    let event = test.event("DISCONNECT").await;
    let context = &event.request_context;
    assert_eq!((context.connection_id.as_str(), context.route_key.as_str()), (id.as_str(), "$disconnect"));
    assert_eq!(context.disconnect_status_code, Some(4321));
    assert_eq!(context.disconnect_reason.as_deref(), Some("enough"));
    let host = format!("localhost:{}", test.port);
    let headers = event.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let expected = [("Host", host.as_str()), ("X-Forwarded-For", ""), ("x-api-key", ""), ("x-restapi", "")];
    assert!(headers.eq(expected), "{:?}", event.headers);
    assert!(test.registry.is_empty());
    assert_eq!(test.gateway.open_sockets(), 0);
}

#[tokio::test]
async fn a_close_without_a_code_a_normal_one_and_a_lost_connection_are_told_apart() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    client.send_raw(&encode(0x88, b"")).await;
    assert_eq!(client.closed().await, None);
    let text = "Client-side close frame status not set".to_owned();
    assert_eq!(test.disconnected().await, (1005, text));

    let (mut client, _) = test.open("/").await;
    client.close(1000, "").await;
    assert_eq!(client.closed().await, Some((1000, String::new())));
    assert_eq!(test.disconnected().await, (1000, "Connection Closed Normally".to_owned()));

    let (client, _) = test.open("/").await;
    drop(client);
    assert_eq!(test.disconnected().await, (1006, String::new()));
}

#[tokio::test]
async fn nothing_counts_after_a_clients_close() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    let bytes = [encode(0x88, &1000_u16.to_be_bytes()), encode(0x81, b"after")].concat();
    client.send_raw(&bytes).await;
    client.send("later still").await;
    client.closed().await;
    test.disconnected().await;
    assert!(test.events_so_far().await.is_empty());
}

#[tokio::test]
async fn ten_minutes_without_a_message_end_a_socket() {
    let test = TestGateway::start().await;
    let (mut idle, _) = test.open("/").await;
    let (mut talking, talking_id) = test.open("/").await;
    let (listening, listening_id) = test.open("/").await;
    test.clock.advance(9 * MINUTE);
    talking.send("hello").await;
    test.event("MESSAGE").await;
    let call = format!("/@connections/{}", listening_id.replace('=', "%3D"));
    assert_eq!(request(test.port, "POST", &call, &[], b"hello").await.status, 200);
    // A ping is no message.
    idle.ping(b"").await;
    assert_eq!(idle.receive().await, Frame::Pong(Vec::new()));
    test.clock.advance(MINUTE);
    assert_eq!(idle.closed().await, going_away());
    assert_eq!(test.disconnected().await, going_away().unwrap());
    test.clock.advance(8 * MINUTE);
    talking.ping(b"").await;
    assert_eq!(talking.receive().await, Frame::Pong(Vec::new()));
    test.clock.advance(MINUTE);
    assert_eq!(talking.closed().await, going_away());
    assert_eq!(listening.closed().await, going_away());
    let ended = [test.event("DISCONNECT").await, test.event("DISCONNECT").await];
    let mut ended = ended.map(|event| event.request_context.connection_id);
    let mut expected = [talking_id, listening_id];
    ended.sort();
    expected.sort();
    assert_eq!(ended, expected);
}

#[tokio::test]
async fn two_hours_end_a_socket_however_busy() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    for _ in 0..13 {
        test.clock.advance(9 * MINUTE);
        client.send("busy").await;
        test.event("MESSAGE").await;
    }
    test.clock.advance(3 * MINUTE);
    assert_eq!(client.closed().await, going_away());
}

#[tokio::test]
async fn disconnects_can_be_lost_or_late() {
    let late = GatewayConfig { disconnects: Disconnects::Delay(MINUTE), ..aws() };
    let test = TestGateway::with(late, OutboxLimits::default()).await;
    let (mut client, _) = test.open("/").await;
    client.close(1000, "").await;
    client.closed().await;
    while test.gateway.open_sockets() > 0 {
        tokio::task::yield_now().await;
    }
    assert!(test.events_so_far().await.is_empty());
    test.clock.advance(MINUTE);
    // Whether the delay began before or after the clock went on, it ends now or a minute later.
    test.clock.advance(MINUTE);
    assert_eq!(test.disconnected().await.0, 1000);

    let lost = GatewayConfig { disconnects: Disconnects::Drop, ..aws() };
    let test = TestGateway::with(lost, OutboxLimits::default()).await;
    let (mut client, _) = test.open("/").await;
    client.close(1000, "").await;
    client.closed().await;
    test.gateway.shut_down(PATIENCE).await;
    assert!(test.events_so_far().await.is_empty());
}

#[tokio::test]
async fn shutting_down_closes_all_sockets_and_waits_for_their_disconnects() {
    let test = TestGateway::start().await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(test.open("/").await.0);
    }
    let readers =
        clients.into_iter().map(|client: Client| tokio::spawn(async move { client.closed().await }));
    let readers: Vec<_> = readers.collect();
    test.gateway.shut_down(PATIENCE).await;
    let events = test.events_so_far().await;
    let disconnects = events.iter().filter(|event| event.request_context.event_type == "DISCONNECT");
    assert_eq!(disconnects.count(), 20);
    for reader in readers {
        assert_eq!(reader.await.unwrap(), going_away());
    }
    assert_eq!(handshake(test.port, "/", &[]).await.status, 503);
}

#[tokio::test]
async fn shutting_down_does_not_wait_for_ever() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    client.send("hang").await;
    test.event("MESSAGE").await;
    let patience = Duration::from_millis(100);
    tokio::time::timeout(PATIENCE, test.gateway.shut_down(patience)).await.unwrap();
    assert_eq!(client.closed().await, going_away());
}

#[tokio::test]
async fn an_ordinary_client_library_talks_and_closes_as_it_expects() {
    let test = TestGateway::start().await;
    let url = format!("ws://127.0.0.1:{}/ws/feed/", test.port);
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    socket.send(Message::text("fail")).await.unwrap();
    let answer = socket.next().await.unwrap().unwrap();
    assert!(answer.to_text().unwrap().contains("Internal server error"));
    let frame = CloseFrame { code: CloseCode::Normal, reason: "done".into() };
    socket.close(Some(frame.clone())).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::Close(Some(frame)));
    assert!(socket.next().await.is_none());
    assert_eq!(test.disconnected().await, (1000, "done".to_owned()));
}

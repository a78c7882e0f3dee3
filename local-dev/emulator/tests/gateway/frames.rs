//! What clients send, well and badly.

use crate::support::{Client, Frame, TestGateway, encode};

const FINAL: u8 = 0x80;
const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;

async fn message(test: &TestGateway) -> String {
    test.event("MESSAGE").await.body.unwrap()
}

/// Sends these bytes; answers the close code that follows.
async fn closed_after(test: &TestGateway, bytes: &[u8]) -> u16 {
    let (mut client, id) = test.open("/").await;
    client.send_raw(bytes).await;
    let (code, reason) = client.closed().await.unwrap();
    let event = test.event("DISCONNECT").await.request_context;
    assert_eq!(event.connection_id, id);
    assert_eq!((event.disconnect_status_code, event.disconnect_reason), (Some(code), Some(reason.into())));
    code
}

#[tokio::test]
async fn a_text_frame_is_a_message_event_without_headers() {
    let test = TestGateway::start().await;
    let (mut client, id) = test.open("/?a=b").await;
    client.send("héllo").await;
    let event = test.event("MESSAGE").await;
    assert_eq!(event.body.as_deref(), Some("héllo"));
    assert_eq!(event.request_context.connection_id, id);
    assert_eq!(event.request_context.route_key, "$default");
    assert!(event.request_context.message_id.is_some());
    assert!(event.headers.is_empty() && event.query_string_parameters.is_empty());
}

#[tokio::test]
async fn a_message_may_come_in_fragments_with_a_ping_between_them() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    client.send_raw(&encode(TEXT, "hé".as_bytes().split_at(2).0)).await;
    client.ping(b"still there?").await;
    assert_eq!(client.receive().await, Frame::Pong(b"still there?".to_vec()));
    client.send_raw(&encode(CONTINUATION, "hé".as_bytes().split_at(2).1)).await;
    client.send_raw(&encode(FINAL | CONTINUATION, b"llo")).await;
    assert_eq!(message(&test).await, "héllo");
}

#[tokio::test]
async fn frames_may_come_byte_by_byte_and_several_at_once() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    for byte in encode(FINAL | TEXT, &[b'x'; 200]) {
        client.send_raw(&[byte]).await;
    }
    assert_eq!(message(&test).await, "x".repeat(200));
    let both =
        [encode(FINAL | TEXT, b""), encode(FINAL | 0xA, b"unasked"), encode(FINAL | TEXT, b"two")].concat();
    client.send_raw(&both).await;
    let mut bodies = [message(&test).await, message(&test).await];
    bodies.sort();
    assert_eq!(bodies, ["", "two"]);
}

#[tokio::test]
async fn the_limits_are_32_kilobytes_a_frame_and_128_a_message() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    let part = [b'x'; 32 * 1024];
    client.send_raw(&encode(FINAL | TEXT, &part)).await;
    assert_eq!(message(&test).await.len(), 32 * 1024);
    let fragments = [encode(TEXT, &part), encode(CONTINUATION, &part), encode(CONTINUATION, &part)].concat();
    client.send_raw(&fragments).await;
    client.send_raw(&encode(FINAL | CONTINUATION, &part)).await;
    assert_eq!(message(&test).await.len(), 128 * 1024);

    assert_eq!(closed_after(&test, &encode(FINAL | TEXT, &[b'x'; 32 * 1024 + 1])).await, 1009);
    let too_long = [fragments, encode(CONTINUATION, &part), encode(FINAL | CONTINUATION, b"x")].concat();
    assert_eq!(closed_after(&test, &too_long).await, 1009);
}

#[tokio::test]
async fn a_frame_that_is_too_large_is_refused_by_its_header_alone() {
    let test = TestGateway::start().await;
    let mut header = vec![FINAL | TEXT, 0x80 | 127];
    header.extend(u64::MAX.to_be_bytes());
    assert_eq!(closed_after(&test, &header).await, 1009);
}

#[tokio::test]
async fn binary_frames_are_refused() {
    let test = TestGateway::start().await;
    assert_eq!(closed_after(&test, &encode(FINAL | 0x2, b"\x00\x01")).await, 1003);
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_refused() {
    let test = TestGateway::start().await;
    assert_eq!(closed_after(&test, &encode(FINAL | TEXT, b"\xC3\x28")).await, 1007);
    let cut = [encode(TEXT, b"ok"), encode(FINAL | CONTINUATION, b"\xC3")].concat();
    assert_eq!(closed_after(&test, &cut).await, 1007);
    assert_eq!(closed_after(&test, &encode(FINAL | 0x8, b"\x03\xE8\xC3\x28")).await, 1007);
}

#[tokio::test]
async fn protocol_errors_are_refused() {
    let test = TestGateway::start().await;
    let unmasked = vec![FINAL | TEXT, 1, b'x'];
    let cases = [
        ("not masked", unmasked),
        ("reserved bit", encode(FINAL | 0x40 | TEXT, b"x")),
        ("unknown opcode", encode(FINAL | 0x3, b"x")),
        ("unknown control opcode", encode(FINAL | 0xB, b"x")),
        ("continuation of nothing", encode(FINAL | CONTINUATION, b"x")),
        ("text within a message", [encode(TEXT, b"x"), encode(FINAL | TEXT, b"y")].concat()),
        ("fragmented ping", encode(0x9, b"x")),
        ("long ping", encode(FINAL | 0x9, &[0; 126])),
        ("close with half a code", encode(FINAL | 0x8, b"\x03")),
        ("close with a code that is never sent", encode(FINAL | 0x8, &1005_u16.to_be_bytes())),
        ("close with a code out of range", encode(FINAL | 0x8, &5000_u16.to_be_bytes())),
    ];
    for (what, bytes) in cases {
        assert_eq!(closed_after(&test, &bytes).await, 1002, "{what}");
    }
}

#[tokio::test]
async fn messages_before_a_violation_count_and_those_after_it_do_not() {
    let test = TestGateway::start().await;
    let (mut client, _) = test.open("/").await;
    let bytes =
        [encode(FINAL | TEXT, b"before"), encode(FINAL | 0x2, b""), encode(FINAL | TEXT, b"after")].concat();
    client.send_raw(&bytes).await;
    client.send("later still").await;
    assert_eq!(client.closed().await.unwrap().0, 1003);
    assert_eq!(message(&test).await, "before");
    assert_eq!(test.disconnected().await.0, 1003);
    assert!(test.events_so_far().await.is_empty());
}

#[tokio::test]
async fn a_ping_is_answered_with_its_payload_and_told_to_nobody() {
    let test = TestGateway::start().await;
    let (mut client, _): (Client, _) = test.open("/").await;
    client.ping(b"").await;
    client.ping(&[7; 125]).await;
    assert_eq!(client.receive().await, Frame::Pong(Vec::new()));
    assert_eq!(client.receive().await, Frame::Pong(vec![7; 125]));
    assert!(test.events_so_far().await.is_empty());
}

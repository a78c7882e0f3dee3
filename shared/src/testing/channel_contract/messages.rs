//! Messages reach those they are for, in order.

use super::*;
use crate::protocol::Close;

/// The scenario of that name.
pub async fn a_published_message_reaches_every_member_and_nobody_else<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut one, mut other, mut stranger) =
        (harness.open(person(1)).await, harness.open(None).await, harness.open(person(2)).await);
    join(&harness, &room("a"), &one).await;
    join(&harness, &room("a"), &other).await;
    join(&harness, &room("b"), &stranger).await;
    publish(&harness, &room("a"), "to a").await;
    publish(&harness, &room("b"), "to b").await;
    expect_text(&mut one, "to a").await;
    expect_text(&mut other, "to a").await;
    expect_text(&mut stranger, "to b").await;
}

/// The scenario of that name.
pub async fn messages_arrive_in_the_order_they_were_published<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.open(None).await;
    join(&harness, &Group::Feed, &socket).await;
    for number in 0..50 {
        publish(&harness, &Group::Feed, &format!("message {number}")).await;
    }
    for number in 0..50 {
        expect_text(&mut socket, &format!("message {number}")).await;
    }
}

/// The scenario of that name.
pub async fn a_sent_message_reaches_its_socket_alone<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut one, mut other) = (harness.open(person(1)).await, harness.open(person(1)).await);
    assert_eq!(send(&harness, &one, "you").await, Delivery::Sent);
    assert_eq!(send(&harness, &other, "and you").await, Delivery::Sent);
    expect_text(&mut one, "you").await;
    expect_text(&mut other, "and you").await;
}

/// The scenario of that name.
pub async fn joining_twice_is_joining_once<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.open(person(1)).await;
    assert_eq!(join(&harness, &room("a"), &socket).await, Joined::Arrived);
    assert_eq!(join(&harness, &room("a"), &socket).await, Joined::Already);
    publish(&harness, &room("a"), "once").await;
    publish(&harness, &room("a"), "then this").await;
    expect_text(&mut socket, "once").await;
    expect_text(&mut socket, "then this").await;
    leave(&harness, &room("a"), &socket).await;
    assert!(!is_occupied(&harness, &room("a")).await);
}

/// The scenario of that name.
pub async fn who_left_gets_nothing_more<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut left, mut stayed) = (harness.open(None).await, harness.open(None).await);
    join(&harness, &Group::Feed, &left).await;
    join(&harness, &Group::Feed, &stayed).await;
    leave(&harness, &Group::Feed, &left).await;
    publish(&harness, &Group::Feed, "to the feed").await;
    send(&harness, &left, "to you alone").await;
    expect_text(&mut left, "to you alone").await;
    expect_text(&mut stayed, "to the feed").await;
}

/// The scenario of that name.
pub async fn who_was_forgotten_gets_nothing_more<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut forgotten, mut known) = (harness.open(None).await, harness.open(None).await);
    join(&harness, &room("a"), &forgotten).await;
    join(&harness, &room("a"), &known).await;
    publish(&harness, &room("a"), "before").await;
    forget(&harness, &forgotten).await;
    publish(&harness, &room("a"), "after").await;
    expect_text(&mut known, "before").await;
    expect_text(&mut known, "after").await;
    expect_text(&mut forgotten, "before").await;
    harness.layer().close(&forgotten.connection().id, Close::SessionEnded).await.expect("a close");
    assert_ne!(next(&mut forgotten).await, Received::Text("after".to_owned()));
}

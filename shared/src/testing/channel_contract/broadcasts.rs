//! One event, spelled for each socket as its client knows it, and otherwise for the person whose doing it is.

use super::*;
use crate::ports::{Own, OwnCopy};

/// What a dialect's letter is.
fn letters() -> Frames {
    Frames::each(|dialect| Some(frame(&dialect.letter().to_string())))
}

/// An event that person 5 caused: `theirs` for the others, `mine` for them.
fn caused_by_5(connection: Option<&Connection>) -> Broadcast {
    let own = Own {
        user: UserId(5),
        copy: OwnCopy::Frames(Frames::same(frame("mine"))),
        connection: connection.map(|connection| (connection.id.clone(), connection.dialect)),
    };
    Broadcast { own: Some(own), ..Broadcast::same(frame("theirs")) }
}

async fn broadcast(harness: &impl ChannelHarness, broadcast: &Broadcast) {
    harness.layer().publish(&room("a"), broadcast).await.expect("a publish");
}

/// The scenario of that name.
pub async fn each_socket_gets_the_frame_of_its_dialect<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut sockets = Vec::new();
    for (user, dialect) in (1..).zip(Dialect::ALL.into_iter().chain(Dialect::ALL)) {
        let socket = harness.open_in(dialect, person(user)).await;
        join(&harness, &room("a"), &socket).await;
        sockets.push(socket);
    }
    broadcast(&harness, &Broadcast::new(letters())).await;
    for socket in &mut sockets {
        let letter = socket.connection().dialect.letter().to_string();
        expect_text(socket, &letter).await;
    }
}

/// The scenario of that name.
pub async fn a_socket_without_a_frame_in_its_dialect_gets_nothing<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut watching = harness.open_in(Dialect::Watch, person(1)).await;
    let mut chatting = harness.open_in(Dialect::Plain, person(2)).await;
    join(&harness, &room("a"), &watching).await;
    join(&harness, &room("a"), &chatting).await;
    broadcast(&harness, &Broadcast::new(Frames::only(Dialect::Watch, frame("playback")))).await;
    publish(&harness, &room("a"), "to all").await;
    expect_text(&mut watching, "playback").await;
    expect_text(&mut watching, "to all").await;
    expect_text(&mut chatting, "to all").await;
}

/// The scenario of that name.
pub async fn ones_own_sockets_get_their_own_copy<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut one, mut other) =
        (harness.open(person(5)).await, harness.open_in(Dialect::Watch, person(5)).await);
    let (mut somebody, mut anonymous) = (harness.open(person(6)).await, harness.open(None).await);
    for socket in [&one, &other, &somebody, &anonymous] {
        join(&harness, &room("a"), socket).await;
    }
    broadcast(&harness, &caused_by_5(None)).await;
    expect_text(&mut one, "mine").await;
    expect_text(&mut other, "mine").await;
    expect_text(&mut somebody, "theirs").await;
    expect_text(&mut anonymous, "theirs").await;
}

/// It is an acknowledgement.
pub async fn ones_own_copy_comes_after_everybody_elses<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut sockets = Vec::new();
    for user in [5, 1, 5, 2, 9, 3] {
        let socket = harness.open(person(user)).await;
        join(&harness, &room("a"), &socket).await;
        sockets.push(socket);
    }
    let asking = harness.open(person(5)).await;
    broadcast(&harness, &caused_by_5(Some(asking.connection()))).await;
    sockets.push(asking);
    for socket in &mut sockets {
        next(socket).await;
    }
    let is_own = |id: &ConnectionId| {
        sockets
            .iter()
            .any(|socket| socket.connection().id == *id && socket.connection().user() == Some(UserId(5)))
    };
    let written: Vec<_> = harness.take_written().iter().map(is_own).collect();
    assert_eq!(written, [false, false, false, false, true, true, true]);
}

/// It may be so young that it has not joined yet.
pub async fn the_socket_that_asked_gets_its_copy_without_being_a_member<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut asking, mut member) = (harness.open(person(5)).await, harness.open(person(6)).await);
    broadcast(&harness, &caused_by_5(Some(asking.connection()))).await;
    expect_text(&mut asking, "mine").await;
    join(&harness, &room("a"), &member).await;
    broadcast(&harness, &caused_by_5(Some(asking.connection()))).await;
    expect_text(&mut member, "theirs").await;
    expect_text(&mut asking, "mine").await;
}

/// The scenario of that name.
pub async fn the_socket_that_asked_gets_its_copy_once_if_it_is_a_member<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut asking = harness.open(person(5)).await;
    join(&harness, &room("a"), &asking).await;
    broadcast(&harness, &caused_by_5(Some(asking.connection()))).await;
    publish(&harness, &room("a"), "to all").await;
    expect_text(&mut asking, "mine").await;
    expect_text(&mut asking, "to all").await;
}

/// The scenario of that name.
pub async fn who_is_not_to_be_told_is_not_told<H: ChannelHarness>() {
    let harness = H::start().await;
    let (mut typing, mut reading) = (harness.open(person(5)).await, harness.open(person(6)).await);
    join(&harness, &room("a"), &typing).await;
    join(&harness, &room("a"), &reading).await;
    broadcast(&harness, &Broadcast::same(frame("5 is typing")).but_not_to(UserId(5))).await;
    publish(&harness, &room("a"), "to all").await;
    expect_text(&mut typing, "to all").await;
    expect_text(&mut reading, "5 is typing").await;
}

/// The scenario of that name.
pub async fn a_persons_inbox_is_a_group_of_its_own<H: ChannelHarness>() {
    let harness = H::start().await;
    let (inbox, user) = (Group::Inbox(UserId(5)), Group::User(UserId(5)));
    let mut reading = harness.open_in(Dialect::Inbox, person(5)).await;
    let mut watching = harness.open_in(Dialect::Watch, person(5)).await;
    join(&harness, &inbox, &reading).await;
    join(&harness, &user, &reading).await;
    join(&harness, &user, &watching).await;
    publish(&harness, &inbox, "a message").await;
    publish(&harness, &Group::Inbox(UserId(6)), "somebody else's").await;
    publish(&harness, &user, "a notice").await;
    expect_text(&mut reading, "a message").await;
    expect_text(&mut reading, "a notice").await;
    expect_text(&mut watching, "a notice").await;
    forget(&harness, &reading).await;
    assert!(!is_occupied(&harness, &inbox).await);
    assert!(is_occupied(&harness, &user).await);
}

/// The scenario of that name.
pub async fn rooms_whose_codes_differ_in_case_are_one<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut socket = harness.open(person(5)).await;
    assert_eq!(join(&harness, &room("Kino"), &socket).await, Joined::Arrived);
    assert_eq!(join(&harness, &room("kINO"), &socket).await, Joined::Already);
    publish(&harness, &room("KINO"), "once").await;
    publish(&harness, &room("kino"), "then this").await;
    expect_text(&mut socket, "once").await;
    expect_text(&mut socket, "then this").await;
    assert_eq!(present(&harness, &room("kiNo")).await, [UserId(5)]);
    leave(&harness, &room("kinO"), &socket).await;
    assert!(!is_occupied(&harness, &room("Kino")).await);
}

//! Who is present in a room, and when somebody comes and leaves.

use futures_util::future::join_all;

use super::*;
use crate::ids::UserId;
use crate::ports::Group;

/// The scenario of that name.
pub async fn the_first_socket_makes_a_person_present_and_the_last_one_leaves<H: ChannelHarness>() {
    let harness = H::start().await;
    let (first, second) = (harness.open(person(5)).await, harness.open(person(5)).await);
    assert!(join(&harness, &room("a"), &first).await);
    assert!(!join(&harness, &room("a"), &second).await);
    assert!(join(&harness, &room("b"), &second).await);
    assert!(!leave(&harness, &room("a"), &first).await);
    assert!(leave(&harness, &room("a"), &second).await);
}

/// The scenario of that name.
pub async fn a_person_counts_as_present_until_their_leaving_is_confirmed<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    join(&harness, &room("a"), &socket).await;
    leave(&harness, &room("a"), &socket).await;
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
    // A reload: who comes back in time has never been away.
    assert!(!join(&harness, &room("a"), &socket).await);
    leave(&harness, &room("a"), &socket).await;
    assert!(confirm_left(&harness, &room("a"), 5).await);
    assert!(!confirm_left(&harness, &room("a"), 5).await);
    assert_eq!(present(&harness, &room("a")).await, []);
    assert!(join(&harness, &room("a"), &socket).await);
}

/// The scenario of that name.
pub async fn a_person_with_a_socket_left_is_not_gone<H: ChannelHarness>() {
    let harness = H::start().await;
    let (first, second) = (harness.open(person(5)).await, harness.open(person(5)).await);
    join(&harness, &room("a"), &first).await;
    join(&harness, &room("a"), &second).await;
    leave(&harness, &room("a"), &first).await;
    assert!(!confirm_left(&harness, &room("a"), 5).await);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
}

/// The scenario of that name.
pub async fn present_people_come_in_ascending_order_without_the_anonymous<H: ChannelHarness>() {
    let harness = H::start().await;
    let identities = [person(30), person(4), None, person(12)];
    let sockets = join_all(identities.map(|identity| harness.open(identity))).await;
    for socket in &sockets {
        join(&harness, &room("a"), socket).await;
    }
    assert_eq!(present(&harness, &room("a")).await, [4, 12, 30].map(UserId));
}

/// The scenario of that name.
pub async fn one_of_many_simultaneous_sockets_makes_a_person_present<H: ChannelHarness>() {
    let harness = H::start().await;
    let sockets = join_all((0..20).map(|_| harness.open(person(8)))).await;
    let group = room("a");
    let firsts = join_all(sockets.iter().map(|socket| join(&harness, &group, socket))).await;
    assert_eq!(firsts.into_iter().filter(|first| *first).count(), 1);
}

/// The scenario of that name.
pub async fn nobodys_presence_is_tracked_on_the_feed<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    assert!(!join(&harness, &Group::Feed, &socket).await);
    assert_eq!(present(&harness, &Group::Feed).await, []);
    assert!(!leave(&harness, &Group::Feed, &socket).await);
}

/// The scenario of that name.
pub async fn forgetting_takes_a_socket_out_of_its_groups<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    join(&harness, &room("a"), &socket).await;
    join(&harness, &room("b"), &socket).await;
    forget(&harness, &socket).await;
    for group in [room("a"), room("b")] {
        assert!(!is_occupied(&harness, &group).await);
        assert!(!leave(&harness, &group, &socket).await);
        assert!(confirm_left(&harness, &group, 5).await);
    }
}

/// The scenario of that name.
pub async fn a_group_is_occupied_while_it_has_a_member<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(None).await;
    assert!(!is_occupied(&harness, &Group::Feed).await);
    join(&harness, &Group::Feed, &socket).await;
    assert!(is_occupied(&harness, &Group::Feed).await);
    leave(&harness, &Group::Feed, &socket).await;
    assert!(!is_occupied(&harness, &Group::Feed).await);
}

/// The scenario of that name.
pub async fn nobody_is_ever_present_outside_rooms<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(1)).await;
    for group in [Group::Feed, Group::User(UserId(1))] {
        let layer = harness.layer();
        assert!(!layer.join(&group, socket.connection()).await.expect("a join"));
        assert_eq!(layer.present(&group).await.expect("a list"), []);
        assert!(!layer.leave(&group, socket.connection()).await.expect("a leave"));
        assert!(!layer.confirm_left(&group, UserId(1)).await.expect("an answer"));
    }
}

//! Who is present in a room, and since when.

use futures_util::future::join_all;

use super::*;

/// Which is not looked at where it can't be, and holds where it is.
fn admission(name: &str) -> Admission {
    let key = Key { pk: "MEMBERS#a".to_owned(), sk: "0".to_owned() };
    Admission { name: name.to_owned(), guard: Write::Check(key, Condition::Absent) }
}

/// The scenario of that name.
pub async fn somebody_arrives_with_their_first_socket<H: ChannelHarness>() {
    let harness = H::start().await;
    let (first, second) = (harness.open(person(5)).await, harness.open(person(5)).await);
    assert_eq!(join(&harness, &room("a"), &first).await, Joined::Arrived);
    assert_eq!(join(&harness, &room("a"), &second).await, Joined::Already);
    assert_eq!(join(&harness, &room("b"), &second).await, Joined::Arrived);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
}

/// With their names, and the time of their first socket.
pub async fn people_are_told_in_the_order_in_which_they_came_without_the_anonymous<H: ChannelHarness>() {
    let harness = H::start().await;
    let group = room("a");
    for user in [30, 4, 12, 4] {
        let socket = harness.open(person(user)).await;
        let admission = admission(&format!("Person {user}"));
        harness.layer().join(&group, socket.connection(), Some(&admission)).await.expect("a join");
        harness.advance(Duration::from_secs(1)).await;
    }
    join(&harness, &group, &harness.open(None).await).await;
    let all = harness.layer().present(&group, None).await.expect("who is present");
    let told: Vec<_> = all.iter().map(|present| (present.user.0, present.name.as_str())).collect();
    assert_eq!(told, [(30, "Person 30"), (4, "Person 4"), (12, "Person 12")]);
    assert_eq!(all[1].since.since(all[0].since), Duration::from_secs(1));
    assert_eq!(all[2].since.since(all[1].since), Duration::from_secs(1));
    let one = |user| harness.layer().present(&group, Some(UserId(user)));
    assert_eq!(one(4).await.expect("one of them"), all[1..2]);
    assert_eq!(one(5).await.expect("nobody"), []);
}

/// The scenario of that name.
pub async fn one_of_many_simultaneous_sockets_makes_a_person_arrive<H: ChannelHarness>() {
    let harness = H::start().await;
    let sockets = join_all((0..20).map(|_| harness.open(person(8)))).await;
    let group = room("a");
    let joined = join_all(sockets.iter().map(|socket| join(&harness, &group, socket))).await;
    let (arrived, others): (Vec<_>, Vec<_>) =
        joined.into_iter().partition(|joined| *joined == Joined::Arrived);
    assert_eq!(arrived.len(), 1);
    assert_eq!(others, [Joined::Already; 19]);
}

/// The scenario of that name.
pub async fn a_socket_that_is_gone_joins_no_room<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    forget(&harness, &socket).await;
    assert_eq!(join(&harness, &room("a"), &socket).await, Joined::Gone);
    assert!(!is_occupied(&harness, &room("a")).await);
    assert_eq!(present(&harness, &room("a")).await, []);
}

/// The scenario of that name.
pub async fn a_group_is_occupied_while_it_has_a_member<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(None).await;
    for group in [Group::Feed, room("a")] {
        assert!(!is_occupied(&harness, &group).await);
        join(&harness, &group, &socket).await;
        assert!(is_occupied(&harness, &group).await);
        leave(&harness, &group, &socket).await;
        assert!(!is_occupied(&harness, &group).await);
    }
}

/// The scenario of that name.
pub async fn nobody_is_ever_present_outside_rooms<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(1)).await;
    for group in [Group::Feed, Group::User(UserId(1)), Group::Inbox(UserId(1))] {
        assert_eq!(join(&harness, &group, &socket).await, Joined::Already);
        assert_eq!(present(&harness, &group).await, []);
        leave(&harness, &group, &socket).await;
        let gone = harness.layer().confirm_left(&group, UserId(1), None).await;
        assert_eq!(gone.expect("an answer"), Absence::LeftBefore);
    }
}

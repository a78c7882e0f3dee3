//! How it is found out that somebody has left a room: seconds after they lost a socket.

use super::*;
use crate::ids::PresenceToken;
use crate::ports::ABSENCE_GRACE;

/// The only check that was enqueued since the last call, which must be about that person in room `a`.
fn only_check(harness: &impl ChannelHarness, person: u64) -> AbsenceCheck {
    let mut checks = harness.take_checks();
    let (job, delay) = checks.pop().expect("a check");
    assert_eq!(checks, [], "one check alone");
    assert_eq!(delay, ABSENCE_GRACE);
    let Job::CheckAbsence { room, user, check } = job else { panic!("another job: {job:?}") };
    assert_eq!((room.as_str(), user), ("a", UserId(person)));
    check
}

async fn run(harness: &impl ChannelHarness, person: u64, check: &AbsenceCheck) -> Absence {
    let found = harness.layer().confirm_left(&room("a"), UserId(person), Some(check)).await;
    found.expect("an answer")
}

/// The scenario of that name.
pub async fn somebody_is_present_until_it_is_confirmed_that_they_have_left<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    join(&harness, &room("a"), &socket).await;
    leave(&harness, &room("a"), &socket).await;
    let check = only_check(&harness, 5);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
    assert_eq!(run(&harness, 5, &check).await, Absence::Left);
    assert_eq!(present(&harness, &room("a")).await, []);
    assert_eq!(join(&harness, &room("a"), &socket).await, Joined::Arrived);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
}

/// The scenario of that name.
pub async fn whoever_has_a_socket_left_is_still_here<H: ChannelHarness>() {
    let harness = H::start().await;
    let (first, second) = (harness.open(person(5)).await, harness.open(person(5)).await);
    join(&harness, &room("a"), &first).await;
    join(&harness, &room("a"), &second).await;
    leave(&harness, &room("a"), &first).await;
    // Nobody need look, since there is another socket; but whoever does finds it.
    for (job, _) in harness.take_checks() {
        let Job::CheckAbsence { check, .. } = job else { panic!("another job: {job:?}") };
        assert_eq!(run(&harness, 5, &check).await, Absence::StillHere);
    }
    let at_once = harness.layer().confirm_left(&room("a"), UserId(5), None).await;
    assert_eq!(at_once.expect("an answer"), Absence::StillHere);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
    leave(&harness, &room("a"), &second).await;
    assert_eq!(run(&harness, 5, &only_check(&harness, 5)).await, Absence::Left);
}

/// A reload.
pub async fn whoever_is_back_in_time_has_never_left<H: ChannelHarness>() {
    let harness = H::start().await;
    let (before, after) = (harness.open(person(5)).await, harness.open(person(5)).await);
    join(&harness, &room("a"), &before).await;
    forget(&harness, &before).await;
    let check = only_check(&harness, 5);
    assert_eq!(join(&harness, &room("a"), &after).await, Joined::Already);
    assert_eq!(run(&harness, 5, &check).await, Absence::StillHere);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
}

/// Away at 0 s, back at 1 s, away at 4 s: at 5 s they are away for one second only, and at 9 s they have left.
pub async fn leaving_coming_back_and_leaving_again_is_leaving_once<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    join(&harness, &room("a"), &socket).await;
    leave(&harness, &room("a"), &socket).await;
    let first = only_check(&harness, 5);
    harness.advance(Duration::from_secs(1)).await;
    assert_eq!(join(&harness, &room("a"), &socket).await, Joined::Already);
    harness.advance(Duration::from_secs(3)).await;
    leave(&harness, &room("a"), &socket).await;
    let second = only_check(&harness, 5);
    harness.advance(Duration::from_secs(1)).await;
    assert_eq!(run(&harness, 5, &first).await, Absence::StillHere);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
    harness.advance(Duration::from_secs(4)).await;
    assert_eq!(run(&harness, 5, &second).await, Absence::Left);
    assert_eq!(run(&harness, 5, &first).await, Absence::LeftBefore);
}

/// Jobs are repeated, and two sockets that go at once may ask for a check each.
pub async fn a_repeated_check_tells_again_what_it_found_and_another_one_does_not<H: ChannelHarness>() {
    let harness = H::start().await;
    let (leaving, staying) = (harness.open(person(5)).await, harness.open(person(6)).await);
    join(&harness, &room("a"), &leaving).await;
    join(&harness, &room("a"), &staying).await;
    leave(&harness, &room("a"), &leaving).await;
    let check = only_check(&harness, 5);
    let another = AbsenceCheck { id: PresenceToken::from_random([9; 8]), ..check.clone() };
    assert_eq!(run(&harness, 5, &check).await, Absence::Left);
    assert_eq!(run(&harness, 5, &another).await, Absence::LeftBefore);
    harness.advance(Duration::from_secs(1800)).await;
    assert_eq!(run(&harness, 5, &check).await, Absence::Left, "it may have died before it told anybody");
    assert_eq!(present(&harness, &room("a")).await, [UserId(6)]);
}

/// The scenario of that name.
pub async fn a_check_finds_nobody_gone_who_came_back_after_it<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    join(&harness, &room("a"), &socket).await;
    leave(&harness, &room("a"), &socket).await;
    let check = only_check(&harness, 5);
    assert_eq!(run(&harness, 5, &check).await, Absence::Left);
    assert_eq!(join(&harness, &room("a"), &socket).await, Joined::Arrived);
    assert_eq!(run(&harness, 5, &check).await, Absence::StillHere);
    assert_eq!(present(&harness, &room("a")).await, [UserId(5)]);
}

/// After a kick nobody waits.
pub async fn somebody_can_be_marked_as_gone_at_once<H: ChannelHarness>() {
    let harness = H::start().await;
    let (kicked, staying) = (harness.open(person(5)).await, harness.open(person(6)).await);
    join(&harness, &room("a"), &kicked).await;
    join(&harness, &room("a"), &staying).await;
    leave(&harness, &room("a"), &kicked).await;
    let at_once =
        async || harness.layer().confirm_left(&room("a"), UserId(5), None).await.expect("an answer");
    assert_eq!(at_once().await, Absence::Left);
    assert_eq!(present(&harness, &room("a")).await, [UserId(6)]);
    assert_eq!(at_once().await, Absence::LeftBefore);
    assert_eq!(run(&harness, 5, &only_check(&harness, 5)).await, Absence::LeftBefore);
}

/// And somebody looks in each room whether the person has left it.
pub async fn forgetting_a_socket_takes_it_out_of_its_groups<H: ChannelHarness>() {
    let harness = H::start().await;
    let socket = harness.open(person(5)).await;
    for group in [room("a"), room("b"), Group::User(UserId(5))] {
        join(&harness, &group, &socket).await;
    }
    forget(&harness, &socket).await;
    assert!(!is_occupied(&harness, &Group::User(UserId(5))).await);
    let mut left = Vec::new();
    for (job, _) in harness.take_checks() {
        let Job::CheckAbsence { room, user, check } = job else { panic!("another job: {job:?}") };
        let group = Group::Room(room.clone());
        assert!(!is_occupied(&harness, &group).await);
        let found = harness.layer().confirm_left(&group, user, Some(&check)).await.expect("an answer");
        left.push((room.to_string(), user.0, found));
    }
    left.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(left, [("a".to_owned(), 5, Absence::Left), ("b".to_owned(), 5, Absence::Left)]);
}

/// The scenario of that name.
pub async fn a_dead_socket_that_a_message_meets_is_looked_after<H: ChannelHarness>() {
    let harness = H::start().await;
    let mut dead = harness.open(person(5)).await;
    join(&harness, &room("a"), &dead).await;
    harness.advance(HALF_A_MINUTE).await;
    dead.break_off().await;
    publish(&harness, &room("a"), "anybody there?").await;
    assert_eq!(run(&harness, 5, &only_check(&harness, 5)).await, Absence::Left);
}

/// The scenario of that name.
pub async fn nobody_looks_after_sockets_outside_rooms<H: ChannelHarness>() {
    let harness = H::start().await;
    let (signed_in, anonymous) = (harness.open(person(5)).await, harness.open(None).await);
    join(&harness, &Group::Feed, &signed_in).await;
    join(&harness, &Group::User(UserId(5)), &signed_in).await;
    join(&harness, &room("a"), &anonymous).await;
    forget(&harness, &signed_in).await;
    forget(&harness, &anonymous).await;
    assert_eq!(harness.take_checks(), []);
}

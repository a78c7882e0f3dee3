//! A text is sent once and taken away, whatever fails on the way.

use std::time::Duration;

use parlor::app::{DropFailure, DropOutcome};
use parlor::domain::drop::{NotADrop, Rejection};
use parlor::ids::UserId;
use parlor::ports::{DropRef, Group};
use parlor::protocol::MAX_FRAME_BYTES;

use super::house::*;
use super::texts::Mood;

#[tokio::test]
async fn a_dropped_text_is_sent_once_and_taken_away() {
    let house = House::new();
    let text = house.drop("x.txt", "hello\n");
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(house.published(), [feed("hello\n")]);
    assert!(!house.drops.holds(&text));
}

#[tokio::test]
async fn each_folder_has_its_own_group() {
    let house = House::new();
    let room = house.drop("rooms/Kino/x.txt", "hello");
    let person = house.drop("users/17/x.txt", r#"{"type": "X"}"#);
    house.send(&room).await.unwrap();
    house.send(&person).await.unwrap();
    let wrapped = r#"{"type":"BROADCAST","text":"hello","room":"Kino"}"#.to_owned();
    assert_eq!(
        house.published(),
        [
            (Group::Room("Kino".parse().unwrap()), wrapped),
            (Group::User(UserId(17)), r#"{"type": "X"}"#.to_owned()),
        ]
    );
}

#[tokio::test]
async fn a_repeated_event_only_takes_away_what_is_still_there() {
    let house = House::new();
    let text = house.drop("x.txt", "hello");
    *house.drops.removals.lock().unwrap() = Mood::Failing;
    assert!(matches!(house.send(&text).await, Err(DropFailure::DropBox(_))));
    assert!(house.drops.holds(&text));
    *house.drops.removals.lock().unwrap() = Mood::Well;
    house.clock.advance(Duration::from_secs(6 * 3600));
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::AlreadySent);
    assert!(!house.drops.holds(&text));
    assert_eq!(house.published(), [feed("hello")]);
}

#[tokio::test]
async fn two_versions_of_a_path_are_two_texts() {
    let house = House::new();
    let (one, two) = (house.drops.put("x.txt", "v1", "one"), house.drops.put("x.txt", "v2", "two"));
    house.send(&one).await.unwrap();
    assert!(house.drops.holds(&two));
    house.send(&two).await.unwrap();
    assert_eq!(house.published(), [feed("one"), feed("two")]);
}

#[tokio::test]
async fn a_text_that_another_worker_is_sending_is_left_to_it_until_its_lease_ends() {
    let house = House::new();
    let text = house.drop("x.txt", "hello");
    house.send_and_die(&text).await;
    assert_eq!(house.published(), [feed("hello")]);
    house.clock.advance(Duration::from_secs(89));
    assert!(matches!(house.send(&text).await, Err(DropFailure::Running)));
    assert_eq!(house.published(), []);
    assert!(house.drops.holds(&text));

    house.clock.advance(Duration::from_secs(1));
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(house.published(), [feed("hello")], "repeated, as nobody knows how far the first one got");
    assert!(!house.drops.holds(&text));
}

#[tokio::test]
async fn a_text_that_could_not_be_sent_is_still_there_and_can_be_tried_again_at_once() {
    let house = House::new();
    let text = house.drop("x.txt", "hello");
    house.channels.set(Mood::Failing);
    assert!(matches!(house.send(&text).await, Err(DropFailure::Channels(_))));
    house.channels.set(Mood::Well);
    *house.drops.reads.lock().unwrap() = Mood::Failing;
    assert!(matches!(house.send(&text).await, Err(DropFailure::DropBox(_))));
    assert!(house.drops.holds(&text));
    *house.drops.reads.lock().unwrap() = Mood::Well;
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(house.published(), [feed("hello")]);
}

#[tokio::test]
async fn a_text_that_is_gone_is_nothing_to_be_sent() {
    let house = House::new();
    let text = DropRef { path: "x.txt".to_owned(), version: "v1".to_owned() };
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Gone);
    assert_eq!(house.published(), []);
}

#[tokio::test]
async fn an_empty_text_is_only_taken_away() {
    let house = House::new();
    let text = house.drop("x.txt", "");
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::Empty);
    assert!(!house.drops.holds(&text));
    assert_eq!(house.published(), []);
}

#[tokio::test]
async fn what_cannot_be_sent_is_put_among_the_rejected() {
    let house = House::new();
    let binary = house.drop("binary.txt", b"\xff\xfe");
    let large = house.drop("rooms/kino/large.txt", "é".repeat(MAX_FRAME_BYTES));
    assert_eq!(house.send(&binary).await.unwrap(), DropOutcome::Rejected(Rejection::NotUtf8));
    assert_eq!(house.send(&large).await.unwrap(), DropOutcome::Rejected(Rejection::TooLarge));
    assert_eq!(*house.drops.rejected.lock().unwrap(), ["binary.txt", "rooms/kino/large.txt"]);
    assert_eq!(house.published(), []);
}

#[tokio::test]
async fn what_is_no_dropped_text_is_left_alone() {
    let house = House::new();
    let text = house.drop("notes.md", "hello");
    assert_eq!(house.send(&text).await.unwrap(), DropOutcome::NotADrop(NotADrop::Extension));
    assert!(house.drops.holds(&text));
    assert_eq!(house.published(), []);
}

//! A text is sent once and taken away, whatever fails on the way.

use std::time::Duration;

use parlor::app::{DropFailure, DropOutcome};
use parlor::domain::drop::{NotADrop, Rejection};
use parlor::ids::UserId;
use parlor::ports::{DropRef, Group};
use parlor::protocol::MAX_FRAME_BYTES;

use super::bench::*;
use super::texts::Mood;

#[tokio::test]
async fn a_dropped_text_is_sent_once_and_taken_away() {
    let bench = Bench::new();
    let text = bench.drop("x.txt", "hello\n");
    assert_eq!(bench.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(bench.published(), [feed("hello\n")]);
    assert!(!bench.drops.holds(&text));
}

#[tokio::test]
async fn each_folder_has_its_own_group() {
    let bench = Bench::new();
    let room = bench.drop("rooms/Kino/x.txt", "hello");
    let person = bench.drop("users/17/x.txt", r#"{"type": "X"}"#);
    bench.send(&room).await.unwrap();
    bench.send(&person).await.unwrap();
    let wrapped = r#"{"type":"BROADCAST","text":"hello","room":"Kino"}"#.to_owned();
    assert_eq!(
        bench.published(),
        [
            (Group::Room("Kino".parse().unwrap()), wrapped),
            (Group::User(UserId(17)), r#"{"type": "X"}"#.to_owned()),
        ]
    );
}

#[tokio::test]
async fn a_repeated_event_only_takes_away_what_is_still_there() {
    let bench = Bench::new();
    let text = bench.drop("x.txt", "hello");
    *bench.drops.removals.lock().unwrap() = Mood::Failing;
    assert!(matches!(bench.send(&text).await, Err(DropFailure::DropBox(_))));
    assert!(bench.drops.holds(&text));
    *bench.drops.removals.lock().unwrap() = Mood::Well;
    bench.clock.advance(Duration::from_secs(6 * 3600));
    assert_eq!(bench.send(&text).await.unwrap(), DropOutcome::AlreadySent);
    assert!(!bench.drops.holds(&text));
    assert_eq!(bench.published(), [feed("hello")]);
}

#[tokio::test]
async fn two_versions_of_a_path_are_two_texts() {
    let bench = Bench::new();
    let (one, two) = (bench.drops.put("x.txt", "v1", "one"), bench.drops.put("x.txt", "v2", "two"));
    bench.send(&one).await.unwrap();
    assert!(bench.drops.holds(&two));
    bench.send(&two).await.unwrap();
    assert_eq!(bench.published(), [feed("one"), feed("two")]);
}

#[tokio::test]
async fn a_text_that_another_worker_is_sending_is_left_to_it_until_its_lease_ends() {
    let bench = Bench::new();
    let text = bench.drop("x.txt", "hello");
    bench.send_and_die(&text).await;
    assert_eq!(bench.published(), [feed("hello")]);
    bench.clock.advance(Duration::from_secs(89));
    assert!(matches!(bench.send(&text).await, Err(DropFailure::Running)));
    assert_eq!(bench.published(), []);
    assert!(bench.drops.holds(&text));

    bench.clock.advance(Duration::from_secs(1));
    assert_eq!(bench.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(bench.published(), [feed("hello")], "repeated, as nobody knows how far the first one got");
    assert!(!bench.drops.holds(&text));
}

#[tokio::test]
async fn a_text_that_could_not_be_sent_is_still_there_and_can_be_tried_again_at_once() {
    let bench = Bench::new();
    let text = bench.drop("x.txt", "hello");
    bench.channels.set(Mood::Failing);
    assert!(matches!(bench.send(&text).await, Err(DropFailure::Channels(_))));
    bench.channels.set(Mood::Well);
    *bench.drops.reads.lock().unwrap() = Mood::Failing;
    assert!(matches!(bench.send(&text).await, Err(DropFailure::DropBox(_))));
    assert!(bench.drops.holds(&text));
    *bench.drops.reads.lock().unwrap() = Mood::Well;
    assert_eq!(bench.send(&text).await.unwrap(), DropOutcome::Sent);
    assert_eq!(bench.published(), [feed("hello")]);
}

#[tokio::test]
async fn a_text_that_is_gone_is_nothing_to_be_sent() {
    let bench = Bench::new();
    let text = DropRef { path: "x.txt".to_owned(), version: "v1".to_owned() };
    assert_eq!(bench.send(&text).await.unwrap(), DropOutcome::Gone);
    assert_eq!(bench.published(), []);
}

#[tokio::test]
async fn an_empty_text_is_only_taken_away() {
    let bench = Bench::new();
    let text = bench.drop("x.txt", "");
    assert_eq!(bench.send(&text).await.unwrap(), DropOutcome::Empty);
    assert!(!bench.drops.holds(&text));
    assert_eq!(bench.published(), []);
}

#[tokio::test]
async fn what_cannot_be_sent_is_put_among_the_rejected() {
    let bench = Bench::new();
    let binary = bench.drop("binary.txt", b"\xff\xfe");
    let large = bench.drop("rooms/kino/large.txt", "é".repeat(MAX_FRAME_BYTES));
    assert_eq!(bench.send(&binary).await.unwrap(), DropOutcome::Rejected(Rejection::NotUtf8));
    assert_eq!(bench.send(&large).await.unwrap(), DropOutcome::Rejected(Rejection::TooLarge));
    assert_eq!(*bench.drops.rejected.lock().unwrap(), ["binary.txt", "rooms/kino/large.txt"]);
    assert_eq!(bench.published(), []);
}

#[tokio::test]
async fn what_is_no_dropped_text_is_left_alone() {
    let bench = Bench::new();
    let text = bench.drop("notes.md", "hello");
    assert_eq!(bench.send(&text).await.unwrap(), DropOutcome::NotADrop(NotADrop::Extension));
    assert!(bench.drops.holds(&text));
    assert_eq!(bench.published(), []);
}

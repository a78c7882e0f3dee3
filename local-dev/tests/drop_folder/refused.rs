//! Texts that cannot be sent, for good or for now.

use std::fs::{self};
use std::sync::atomic::Ordering;

use parlor::domain::drop::Rejection;
use parlor::protocol::MAX_FRAME_BYTES;

use crate::fixture::*;

#[tokio::test]
async fn what_is_not_utf8_is_put_aside() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    for text in [b"caf\xe9", b"th\xe9 "] {
        fixture.write("x.txt", text);
        assert_eq!(running.next().await, Seen::Rejected("x.txt".to_owned(), Rejection::NotUtf8));
    }
    assert_eq!(fs::read(fixture.path("rejected/x.txt")).unwrap(), b"caf\xe9");
    assert_eq!(fs::read(fixture.path("rejected/x (2).txt")).unwrap(), b"th\xe9 ");
    fixture.write("x.txt", "fine");
    assert_eq!(running.next().await, sent("x.txt", "fine"));
}

#[tokio::test]
async fn a_text_of_32_kilobytes_is_sent_and_one_byte_more_is_put_aside() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let full = "x".repeat(MAX_FRAME_BYTES);
    fixture.write("full.txt", &full);
    assert_eq!(running.next().await, sent("full.txt", &full));
    fs::create_dir_all(fixture.path("rooms/kino")).unwrap();
    let over = format!("{full}x");
    fixture.write("rooms/kino/over.txt", &over);
    let rejected = Seen::Rejected("rooms/kino/over.txt".to_owned(), Rejection::TooLarge);
    assert_eq!(running.next().await, rejected);
    let aside = fixture.path("rejected/rooms/kino/over.txt");
    assert_eq!(fs::read(aside).unwrap(), over.as_bytes());
}

#[tokio::test]
async fn a_text_that_cannot_be_sent_is_tried_again_and_holds_up_its_own_target_only() {
    let fixture = Fixture::new();
    fs::create_dir_all(fixture.path("rooms/kino")).unwrap();
    let mut running = fixture.start_with(OPEN, 2);
    fixture.write("one.txt", "one");
    fixture.write("two.txt", "two");
    fixture.write("rooms/kino/x.txt", "{}");
    assert_eq!(running.next().await, sent("rooms/kino/x.txt", "{}"));
    assert_eq!(running.next().await, sent("one.txt", "one"));
    assert_eq!(running.next().await, sent("two.txt", "two"));
    assert_eq!(running.recorder.failures.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_empty_file_is_taken_away_without_being_sent() {
    let fixture = Fixture::new();
    let running = fixture.start();
    fixture.write("empty.txt", "");
    let sent_folder = fixture.path(".claimed/sent");
    until(&fixture.folder, || fs::read_dir(&sent_folder).unwrap().count() == 1).await;
    assert!(!fixture.path("empty.txt").exists());
    assert_eq!(running.stop().await, []);
}

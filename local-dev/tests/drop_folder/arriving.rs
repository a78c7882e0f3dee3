//! Which files are taken for dropped texts, and when.

use std::fs::{self, File};
use std::io::Write;

use parlor::domain::drop::Rejection;
use parlor::protocol::MAX_FRAME_BYTES;

use crate::fixture::*;

#[tokio::test]
async fn a_dropped_text_is_sent_verbatim_and_is_gone() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fixture.write("hello.txt", "Grüße,\nall of you\n");
    assert_eq!(running.next().await, sent("hello.txt", "Grüße,\nall of you\n"));
    assert!(!fixture.path("hello.txt").exists());
    assert_eq!(running.stop().await, []);
    assert!(fixture.private().is_empty());
}

/// Elsewhere no system tells of writers, and half a text that stays as it is for long enough counts as whole.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_that_is_still_being_written_is_sent_once_it_is_whole() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let mut slow = File::create(fixture.path("slow.txt")).unwrap();
    slow.write_all(b"half").unwrap();
    fixture.write("quick.txt", "quick");
    assert_eq!(running.next().await, sent("quick.txt", "quick"));
    slow.write_all(b" and half").unwrap();
    drop(slow);
    assert_eq!(running.next().await, sent("slow.txt", "half and half"));
}

#[tokio::test]
async fn a_text_is_sent_when_it_is_renamed_into_place() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fixture.write("a.tmp", "from within");
    fs::rename(fixture.path("a.tmp"), fixture.path("a.txt")).unwrap();
    assert_eq!(running.next().await, sent("a.txt", "from within"));
    let outside = fixture.home.path().join("b.txt");
    fs::write(&outside, "from without").unwrap();
    fs::rename(outside, fixture.path("b.txt")).unwrap();
    assert_eq!(running.next().await, sent("b.txt", "from without"));
}

#[tokio::test]
async fn a_linked_text_is_sent_though_nobody_ever_closes_it() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let outside = fixture.home.path().join("outside.txt");
    fs::write(&outside, "linked").unwrap();
    fs::hard_link(&outside, fixture.path("linked.txt")).unwrap();
    assert_eq!(running.next().await, sent("linked.txt", "linked"));
    assert_eq!(fs::read(outside).unwrap(), b"linked");
}

#[tokio::test]
async fn texts_that_lie_there_at_the_start_are_sent() {
    let fixture = Fixture::new();
    fs::create_dir_all(fixture.path("rooms/kino")).unwrap();
    fixture.write("early.txt", "early");
    fixture.write("rooms/kino/early.txt", "{}");
    let mut running = fixture.start();
    let both = running.next_two().await;
    assert_eq!(both, [sent("early.txt", "early"), sent("rooms/kino/early.txt", "{}")]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_that_is_being_written_at_the_start_is_sent_once_it_is_whole() {
    let fixture = Fixture::new();
    let mut slow = File::create(fixture.path("slow.txt")).unwrap();
    slow.write_all(b"half").unwrap();
    fixture.write("whole.txt", "whole");
    let mut running = fixture.start();
    assert_eq!(running.next().await, sent("whole.txt", "whole"));
    slow.write_all(b" and half").unwrap();
    drop(slow);
    assert_eq!(running.next().await, sent("slow.txt", "half and half"));
}

#[tokio::test]
async fn all_that_is_no_dropped_text_is_left_alone() {
    let fixture = Fixture::new();
    for folder in ["rooms/not a code", "rooms/kino/deeper", "users/ann", "folder.txt"] {
        fs::create_dir_all(fixture.path(folder)).unwrap();
    }
    let left = [
        "notes.md",
        "LOUD.TXT",
        ".hidden.txt",
        "x.txt~",
        "rooms/x.txt",
        "rooms/not a code/x.txt",
        "rooms/kino/deeper/x.txt",
        "users/ann/x.txt",
        "folder.txt/x.txt",
    ];
    left.iter().for_each(|name| fixture.write(name, "before"));
    let mut running = fixture.start();
    left.iter().for_each(|name| fixture.write(name, "after"));
    fixture.write("x.txt", "sent");
    assert_eq!(running.next().await, sent("x.txt", "sent"));
    assert_eq!(running.stop().await, []);
    for name in left {
        assert_eq!(fs::read(fixture.path(name)).unwrap(), b"after", "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_pipes_are_not_followed() {
    let fixture = Fixture::new();
    let secret = fixture.home.path().join("secret");
    fs::write(&secret, "secret").unwrap();
    let link = |name: &str| std::os::unix::fs::symlink(&secret, fixture.path(name)).unwrap();
    link("before.txt");
    let mut running = fixture.start();
    link("link.txt");
    link("link.tmp");
    fs::rename(fixture.path("link.tmp"), fixture.path("renamed.txt")).unwrap();
    let pipe = fixture.path("pipe.txt");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fixture.write("x.txt", "sent");
    assert_eq!(running.next().await, sent("x.txt", "sent"));
    assert_eq!(running.stop().await, []);
    for name in ["before.txt", "link.txt", "renamed.txt", "pipe.txt"] {
        assert!(fs::symlink_metadata(fixture.path(name)).is_ok(), "{name} is still there");
    }
    assert_eq!(fs::read(secret).unwrap(), b"secret");
}

/// Names are bytes there.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_is_sent_though_its_name_is_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let fixture = Fixture::new();
    let write =
        |name: &[u8], text: &str| fs::write(fixture.folder.join(OsStr::from_bytes(name)), text).unwrap();
    write(b"caf\xe8.txt", "one before");
    write(b"caf\xe9.txt", "two before");
    let mut running = fixture.start();
    let lossy = "caf\u{fffd}.txt";
    assert_eq!(running.next_two().await, [sent(lossy, "one before"), sent(lossy, "two before")]);
    write(b"caf\xe8.txt", "after");
    assert_eq!(running.next().await, sent(lossy, "after"));
    write(b"caf\xe8.txt", &"too long".repeat(MAX_FRAME_BYTES));
    assert_eq!(running.next().await, Seen::Rejected(lossy.to_owned(), Rejection::TooLarge));
    assert!(fixture.path("rejected").join(lossy).exists());
    assert_eq!(running.stop().await, []);
    assert_eq!(fs::read_dir(&fixture.folder).unwrap().count(), 2, "only our own folders are left");
}

#[tokio::test]
async fn rooms_and_people_have_folders_of_their_own() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fs::create_dir_all(fixture.path("rooms/kino")).unwrap();
    fixture.write("rooms/kino/x.txt", "hello\n");
    assert_eq!(running.next().await, sent("rooms/kino/x.txt", r#"{"type":"BROADCAST","text":"hello\n"}"#));
    fixture.write("rooms/kino/y.txt", "{\"type\": \"X\"}\n");
    assert_eq!(running.next().await, sent("rooms/kino/y.txt", "{\"type\": \"X\"}\n"));
    let outside = fixture.home.path().join("17");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("x.txt"), "[1]").unwrap();
    fs::create_dir(fixture.path("users")).unwrap();
    fs::rename(outside, fixture.path("users/17")).unwrap();
    assert_eq!(running.next().await, sent("users/17/x.txt", r#"{"type":"BROADCAST","text":"[1]"}"#));
}

#[tokio::test]
async fn a_name_of_the_greatest_length_is_no_obstacle() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fixture.write(&format!("{}.txt", "n".repeat(251)), "long");
    let Seen::Sent(path, text) = running.next().await else { panic!("it was not sent") };
    assert!(path.starts_with("nnn") && path.ends_with("nnn.txt"), "{path}");
    assert_eq!(text, "long");
}

#[tokio::test]
async fn a_drop_folder_that_has_gone_is_made_again() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    fixture.write("x.txt", "before");
    assert_eq!(running.next().await, sent("x.txt", "before"));
    fs::remove_dir_all(&fixture.folder).unwrap();
    let claimed = fixture.path(".claimed/sent");
    until(fixture.home.path(), || claimed.exists()).await;
    fixture.write("x.txt", "after");
    assert_eq!(running.next().await, sent("x.txt", "after"));
}

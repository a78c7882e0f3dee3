//! Texts that come together, under one name, or around a crash.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Barrier};
use std::thread;

use parlor::ports::DropRef;

use crate::fixture::*;

#[tokio::test]
async fn a_text_of_the_same_name_that_comes_while_the_first_is_sent_is_sent_too() {
    let fixture = Fixture::new();
    let mut running = fixture.start_with(0, 0);
    let m = fixture.path("m.txt");
    fixture.write("m.txt", "one");
    until(&fixture.folder, || !m.exists()).await;
    fixture.write("m.txt", "two");
    until(&fixture.folder, || !m.exists()).await;
    running.recorder.gate.add_permits(2);
    assert_eq!(running.next().await, sent("m.txt", "one"));
    assert_eq!(running.next().await, sent("m.txt", "two"));
    let versions = running.recorder.versions.lock().unwrap().clone();
    assert_ne!(versions[0], versions[1]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_text_that_somebody_else_had_open_when_it_was_claimed_waits_for_them() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let m = fixture.path("m.txt");
    let mut second = OpenOptions::new().create(true).append(true).open(&m).unwrap();
    let mut first = OpenOptions::new().append(true).open(&m).unwrap();
    first.write_all(b"one\n").unwrap();
    drop(first);
    until(&fixture.folder, || !m.exists()).await;
    fixture.write("other.txt", "other");
    assert_eq!(running.next().await, sent("other.txt", "other"));
    second.write_all(b"two\n").unwrap();
    drop(second);
    assert_eq!(running.next().await, sent("m.txt", "one\ntwo\n"));
}

#[tokio::test]
async fn what_is_written_to_a_text_while_it_is_sent_is_sent_as_well() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let (hand_over, late) = std::sync::mpsc::channel();
    let claimed = fixture.path(".claimed");
    *running.recorder.meanwhile.lock().unwrap() = Some(Box::new(move |drop: &DropRef| {
        let files = fs::read_dir(claimed).unwrap().map(|entry| entry.unwrap().path());
        let is_it = |path: &PathBuf| path.to_str().unwrap().contains(&drop.version);
        let path = files.into_iter().find(is_it).unwrap();
        hand_over.send(OpenOptions::new().write(true).truncate(true).open(path).unwrap()).unwrap();
    }));
    fixture.write("m.txt", "one");
    assert_eq!(running.next().await, sent("m.txt", "one"));
    let mut late = late.recv().unwrap();
    late.write_all(b"and two").unwrap();
    drop(late);
    assert_eq!(running.next().await, sent("m.txt", "and two"));
    assert_eq!(running.stop().await, []);
    assert!(fixture.private().is_empty());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn of_a_text_that_is_written_again_and_again_nothing_is_sent_half_and_the_last_is_sent() {
    const ROUNDS: usize = 300;
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let m = fixture.path("m.txt");
    let writer = thread::spawn(move || {
        for round in 1..=ROUNDS {
            let mut file = File::create(&m).unwrap();
            write!(file, "{round}").unwrap();
            writeln!(file, " of {ROUNDS}").unwrap();
        }
    });
    loop {
        let Seen::Sent(_, text) = running.next().await else { panic!("it was rejected") };
        assert!(text.ends_with(&format!(" of {ROUNDS}\n")), "{text:?} is not whole");
        if text == format!("{ROUNDS} of {ROUNDS}\n") {
            break;
        }
    }
    writer.join().unwrap();
}

#[tokio::test]
async fn two_texts_dropped_at_the_same_moment_are_both_sent_once() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let barrier = Arc::new(Barrier::new(2));
    let writers = ["a", "b"].map(|name| {
        let (path, barrier) = (fixture.path(&format!("{name}.txt")), Arc::clone(&barrier));
        thread::spawn(move || {
            barrier.wait();
            fs::write(path, name).unwrap();
        })
    });
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    assert_eq!(running.next_two().await, [sent("a.txt", "a"), sent("b.txt", "b")]);
    assert_eq!(running.stop().await, []);
}

#[tokio::test]
async fn two_hundred_texts_at_once_are_sent_once_each_and_in_order() {
    let fixture = Fixture::new();
    let mut running = fixture.start();
    let names: Vec<_> = (0..200).map(|number| format!("{number}.txt")).collect();
    names.iter().for_each(|name| fixture.write(name, name));
    for name in &names {
        assert_eq!(running.next().await, sent(name, name));
    }
    assert_eq!(running.stop().await, []);
}

#[tokio::test]
async fn what_a_crash_left_claimed_is_sent_first_and_in_order() {
    let fixture = Fixture::new();
    let claimed = fixture.path(".claimed");
    fs::create_dir_all(claimed.join("sent")).unwrap();
    let leave = |name: &str, text| fs::write(claimed.join(name), text).unwrap();
    leave("000000000012-00000000000000aa+feed+second.txt", "second");
    leave("000000000007-00000000000000aa+feed+first.txt", "first");
    leave("sent/000000000003-00000000000000aa+feed+done.txt", "done");
    leave("not ours", "not ours");
    fixture.write("third.txt", "third");
    let mut running = fixture.start();
    for text in ["first", "second", "third"] {
        assert_eq!(running.next().await, sent(&format!("{text}.txt"), text));
    }
    let versions = running.recorder.versions.lock().unwrap().clone();
    assert!(versions.is_sorted() && versions[0].as_str() > "000000000012", "{versions:?}");
    assert!(versions.iter().all(|version| !version.ends_with("-00000000000000aa")), "{versions:?}");
    assert_eq!(running.stop().await, []);
    assert_eq!(fixture.private(), [claimed.join("not ours")]);
}

#[tokio::test]
async fn what_was_not_sent_when_the_server_stopped_is_sent_after_the_next_start() {
    let fixture = Fixture::new();
    let running = fixture.start_with(OPEN, OPEN);
    fixture.write("x.txt", "x");
    let x = fixture.path("x.txt");
    until(&fixture.folder, || !x.exists()).await;
    assert_eq!(running.stop().await, []);
    let mut running = fixture.start();
    assert_eq!(running.next().await, sent("x.txt", "x"));
    fixture.write("x.txt", "again");
    assert_eq!(running.next().await, sent("x.txt", "again"));
}

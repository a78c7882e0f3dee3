//! A room that keeps its last few messages shows no more, and in time has no more.

use std::time::Duration;

use parlor::app::{self, Author, NewRoom, Words};
use parlor::domain::rooms::{Retention, SettingsChange};
use parlor::ids::{EventId, RoomCode};
use parlor::ports::{Identity, Job, Slice};

use crate::use_cases::bench::Bench;

async fn say(bench: &Bench, who: &Identity, code: &RoomCode, text: &str) {
    bench.clock.advance(Duration::from_secs(5));
    let author = Author { user: who.user, session: Some(who.session.clone()), origin: None };
    let words = Words { text: text.to_owned(), ..Words::default() };
    app::say(&bench.app, &author, code, words).await.unwrap();
}

async fn texts(bench: &Bench, who: &Identity, code: &RoomCode) -> Vec<String> {
    let (_, history) = app::messages(&bench.app, who.user, code, (None, None), 100).await.unwrap();
    history.entries.iter().map(|entry| entry.event.message().unwrap().text.clone()).collect()
}

#[tokio::test]
async fn the_last_three_are_shown_and_the_others_go_in_time() {
    let bench = Bench::new();
    let ann = bench.person("Ann").await;
    let code = app::create_room(&bench.app, ann.user, NewRoom::default()).await.unwrap().room.code;
    for number in 1..=5 {
        say(&bench, &ann, &code, &number.to_string()).await;
    }
    assert!(!bench.jobs.take().iter().any(|(job, _)| matches!(job, Job::TrimLog { .. })));
    let kept = Some(Retention { days: None, messages: Some(3) });
    let change = SettingsChange { retention: Some(kept), ..SettingsChange::default() };
    app::change_room(&bench.app, ann.user, &code, &change).await.unwrap();
    say(&bench, &ann, &code, "6").await;
    assert_eq!(texts(&bench, &ann, &code).await, ["4", "5", "6"]);
    let trims = bench.jobs.take();
    assert!(trims.iter().any(|(job, _)| matches!(job, Job::TrimLog { .. })));
    bench.run(trims).await;
    assert_eq!(texts(&bench, &ann, &code).await, ["4", "5", "6"]);
    for number in 7..=40 {
        say(&bench, &ann, &code, &number.to_string()).await;
    }
    bench.run(bench.jobs.take()).await;
    assert_eq!(texts(&bench, &ann, &code).await, ["38", "39", "40"]);
    let left = bench.app.ports().log.read(&code, Slice::after(EventId(0), 100)).await.unwrap();
    assert_eq!(left.entries.len(), 3);
}

/// Its entries expire by themselves, except one of which that could not be written down.
#[tokio::test]
async fn a_room_that_keeps_some_days_is_trimmed_every_hundred_messages() {
    let bench = Bench::new();
    let ann = bench.person("Ann").await;
    let code = app::create_room(&bench.app, ann.user, NewRoom::default()).await.unwrap().room.code;
    let kept = Some(Retention { days: Some(1), messages: None });
    let change = SettingsChange { retention: Some(kept), ..SettingsChange::default() };
    app::change_room(&bench.app, ann.user, &code, &change).await.unwrap();
    bench.jobs.take();
    let is_trimmed = || bench.jobs.take().iter().any(|(job, _)| matches!(job, Job::TrimLog { .. }));
    for number in 1..=99 {
        say(&bench, &ann, &code, &number.to_string()).await;
    }
    assert!(!is_trimmed());
    say(&bench, &ann, &code, "100").await;
    assert!(is_trimmed());
}

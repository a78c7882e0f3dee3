//! A room that keeps its last few messages shows no more, and in time has no more.

use std::time::Duration;

use parlor::app::{self, Author, NewRoom, Words};
use parlor::domain::rooms::{Retention, SettingsChange};
use parlor::ids::{EventId, RoomCode};
use parlor::ports::{Identity, Job, Slice};

use crate::use_cases::house::House;

async fn say(house: &House, who: &Identity, code: &RoomCode, text: &str) {
    house.clock.advance(Duration::from_secs(5));
    let author = Author { user: who.user, session: Some(who.session.clone()), origin: None };
    let words = Words { text: text.to_owned(), ..Words::default() };
    app::say(&house.app, &author, code, words).await.unwrap();
}

async fn texts(house: &House, who: &Identity, code: &RoomCode) -> Vec<String> {
    let (_, history) = app::messages(&house.app, who.user, code, (None, None), 100).await.unwrap();
    history.entries.iter().map(|entry| entry.event.message().unwrap().text.clone()).collect()
}

#[tokio::test]
async fn the_last_three_are_shown_and_the_others_go_in_time() {
    let house = House::new();
    let ann = house.person("Ann").await;
    let code = app::create_room(&house.app, ann.user, NewRoom::default()).await.unwrap().room.code;
    for number in 1..=5 {
        say(&house, &ann, &code, &number.to_string()).await;
    }
    assert!(!house.jobs.take().iter().any(|(job, _)| matches!(job, Job::TrimLog { .. })));
    let kept = Some(Retention { days: None, messages: Some(3) });
    let change = SettingsChange { retention: Some(kept), ..SettingsChange::default() };
    app::change_room(&house.app, ann.user, &code, &change).await.unwrap();
    say(&house, &ann, &code, "6").await;
    assert_eq!(texts(&house, &ann, &code).await, ["4", "5", "6"]);
    let trims = house.jobs.take();
    assert!(trims.iter().any(|(job, _)| matches!(job, Job::TrimLog { .. })));
    house.run(trims).await;
    assert_eq!(texts(&house, &ann, &code).await, ["4", "5", "6"]);
    for number in 7..=40 {
        say(&house, &ann, &code, &number.to_string()).await;
    }
    house.run(house.jobs.take()).await;
    assert_eq!(texts(&house, &ann, &code).await, ["38", "39", "40"]);
    let left = house.app.ports().log.read(&code, Slice::after(EventId(0), 100)).await.unwrap();
    assert_eq!(left.entries.len(), 3);
}

//! Signing out clears what the session has said in private conversations, and nothing else.

use std::time::Duration;

use parlor::app::{self, Author, Words};
use parlor::domain::chat::{Message, NewEvent};
use parlor::ids::{EventId, RoomCode, SessionId};
use parlor::ports::{Clock as _, Endpoint, Identity, Job, NewEntry};

use super::{frames, pair};
use crate::use_cases::bench::Bench;

async fn say(bench: &Bench, who: &Identity, code: &RoomCode, text: &str) -> EventId {
    let author = Author { user: who.user, session: Some(who.session.clone()), origin: None };
    let words = Words { text: text.to_owned(), ..Words::default() };
    app::say(&bench.app, &author, code, words).await.unwrap().entry.unwrap().id
}

async fn texts(bench: &Bench, who: &Identity, code: &RoomCode) -> Vec<String> {
    let (_, history) = app::messages(&bench.app, who.user, code, (None, None), 100).await.unwrap();
    history.entries.iter().map(|entry| entry.event.message().unwrap().text.clone()).collect()
}

/// The looks that a sign-out asks for, with their delays.
fn looks(bench: &Bench) -> Vec<(Job, Duration)> {
    let is_look = |(job, _): &(Job, Duration)| matches!(job, Job::ClearSaid { .. });
    bench.jobs.take().into_iter().filter(is_look).collect()
}

/// Ann by two sign-ins, Bob, and their conversation.
async fn both(bench: &Bench) -> (Identity, Identity, Identity, RoomCode) {
    let (ann, bob) = (bench.person("Ann").await, bench.person("Bob").await);
    let code = pair(bench, &ann, &bob).await;
    let elsewhere = Identity { session: SessionId::from_random([9; 16]), ..ann.clone() };
    (ann, elsewhere, bob, code)
}

#[tokio::test]
async fn what_the_session_said_is_gone_for_both_and_what_others_said_stays() {
    let bench = Bench::new();
    let (ann, elsewhere, bob, code) = both(&bench).await;
    let (_, mut inbox) = bench.open("b1", Endpoint::Inbox, Some(bob.clone())).await;
    let mut mine = Vec::new();
    for text in ["one", "two"] {
        mine.push(say(&bench, &ann, &code, text).await);
    }
    say(&bench, &elsewhere, &code, "from another device").await;
    say(&bench, &bob, &code, "Bob's").await;
    app::end_and_clear(&bench.app, &ann, false).await.unwrap();
    let looks = looks(&bench);
    assert_eq!(looks.iter().map(|look| look.1.as_secs()).collect::<Vec<_>>(), [0, 60]);
    bench.run(looks).await;
    let heard = frames(&inbox.until("CHAT_CLEARED").await);
    let cleared = heard.last().unwrap();
    assert_eq!(cleared["message_ids"], serde_json::json!(mine));
    assert_eq!((&cleared["user_id"], &cleared["id"]), (&serde_json::json!(ann.user), &serde_json::json!(5)));
    for who in [&ann, &bob] {
        assert_eq!(texts(&bench, who, &code).await, ["from another device", "Bob's"]);
    }
    let head = bench.app.ports().log.head(&code).await.unwrap();
    assert_eq!(head.id, EventId(5), "the second look has found nothing");
}

#[tokio::test]
async fn what_was_under_way_while_the_session_ended_is_cleared_by_the_second_look() {
    let bench = Bench::new();
    let (ann, _, bob, code) = both(&bench).await;
    say(&bench, &ann, &code, "in time").await;
    app::end_and_clear(&bench.app, &ann, false).await.unwrap();
    let mut looks = looks(&bench);
    let last = looks.split_off(1);
    bench.run(looks).await;
    say(&bench, &ann, &code, "in flight").await;
    assert_eq!(texts(&bench, &bob, &code).await, ["in flight"]);
    bench.run(last.clone()).await;
    assert_eq!(texts(&bench, &bob, &code).await, [""; 0]);
    // A queue may bring it twice.
    bench.run(last).await;
}

#[tokio::test]
async fn in_rooms_and_by_other_ends_of_a_session_nothing_is_cleared() {
    let bench = Bench::new();
    let (ann, _, bob, code) = both(&bench).await;
    let made = app::create_room(&bench.app, ann.user, app::NewRoom::default()).await.unwrap();
    say(&bench, &ann, &made.room.code, "in a room").await;
    say(&bench, &ann, &code, "in private").await;
    app::end_session(&bench.app, &ann).await.unwrap();
    bench.run(bench.jobs.take()).await;
    assert_eq!(texts(&bench, &bob, &code).await, ["in private"]);
    app::end_and_clear(&bench.app, &ann, false).await.unwrap();
    bench.run(looks(&bench)).await;
    assert_eq!(texts(&bench, &bob, &code).await, [""; 0]);
    assert_eq!(texts(&bench, &ann, &made.room.code).await, ["in a room"]);
}

#[tokio::test]
async fn more_than_an_event_holds_is_cleared_by_several() {
    let bench = Bench::new();
    let (ann, _, bob, code) = both(&bench).await;
    say(&bench, &ann, &code, "the first").await;
    for number in 0..1200 {
        let message = Message { text: number.to_string(), message_type: "text".into(), ..Message::default() };
        let entry = NewEntry {
            author: Some(ann.user),
            session: Some(ann.session.clone()),
            at: bench.clock.now(),
            event: NewEvent::Message(message),
            client_msg_id: None,
            charge: None,
            keep_for: None,
        };
        bench.app.ports().log.append(&code, entry).await.unwrap();
    }
    app::end_and_clear(&bench.app, &ann, false).await.unwrap();
    bench.run(looks(&bench)).await;
    assert_eq!(texts(&bench, &bob, &code).await, [""; 0]);
    assert_eq!(bench.app.ports().log.head(&code).await.unwrap().id, EventId(1203));
}

//! A person's new name, and their end, reach every room that they are in.

use std::sync::Arc;

use parlor::app::{
    self, Amendment, App, AppError, Author, Commander, EntryPass, NewRoom, Ports, ProfileChange, RoomRefusal,
    SentFile, Settings, Words, upload_medium,
};
use parlor::domain::rooms::EntryMode;
use parlor::ids::{RoomCode, UserId};
use parlor::ports::{Consistency, Direction, Endpoint, Identity, Job, Partition, Query, SortRange};
use parlor::protocol::{MediaChoice, MediaSource};
use parlor::store::Rooms;
use serde_json::json;

use super::kept_keys::KeptKeys;
use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::bench::{Bench, body};
use crate::use_cases::chat::{frames, pair};

/// A name that is nowhere by chance.
const NAME: &str = "zarquon";

async fn account(bench: &Bench, name: &str) -> Identity {
    register(bench, name, Some(PASSWORD), None).await.unwrap();
    let name = app::AccountName::username(name);
    let sign_in = app::sign_in_account(&bench.app, &name, &proof(Some(PASSWORD), None)).await.unwrap();
    sign_in.session_token.identity.clone()
}

async fn room(bench: &Bench, host: &Identity, members: &[&Identity]) -> RoomCode {
    let made = app::create_room(&bench.app, host.user, NewRoom::default()).await.unwrap();
    for member in members {
        app::join_room(&bench.app, member.user, Some(&made.room.code), &EntryPass::default()).await.unwrap();
    }
    made.room.code
}

async fn say(bench: &Bench, who: &Identity, code: &RoomCode, text: &str) {
    let author = Author { user: who.user, session: Some(who.session.clone()), origin: None };
    let words = Words { text: text.to_owned(), ..Words::default() };
    app::say(&bench.app, &author, code, words).await.unwrap();
}

async fn rename(bench: &Bench, who: &Identity, name: &str) {
    let change = ProfileChange { display_name: Some(name.to_owned()), ..ProfileChange::default() };
    app::change_profile(&bench.app, who.user, change).await.unwrap();
    bench.run(bench.jobs.take()).await;
}

/// How somebody is shown by their messages in a room.
async fn shown(bench: &Bench, reader: UserId, code: &RoomCode, author: UserId) -> String {
    let (_, history) = app::messages(&bench.app, reader, code, (None, None), 10).await.unwrap();
    history.authors.shown(author).name
}

#[tokio::test]
async fn a_new_name_reaches_every_room_and_is_numbered_where_it_is_taken() {
    let bench = Bench::new();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    let (den, with_bob) = (room(&bench, &bob, &[&ann]).await, pair(&bench, &ann, &bob).await);
    let own = room(&bench, &ann, &[]).await;
    for code in [&den, &with_bob, &own] {
        say(&bench, &ann, code, "hello").await;
    }
    let (_, mut inbox) = bench.open("b1", Endpoint::Inbox, Some(bob.clone())).await;
    let (_, mut socket) = bench.open("b2", Endpoint::Watch(den.clone()), Some(bob.clone())).await;
    bench.run(bench.jobs.take()).await;
    rename(&bench, &ann, "BOB").await;
    for sent in [&mut inbox, &mut socket] {
        let heard = frames(&sent.until("MEMBER_UPDATED").await);
        let updated = heard.iter().find(|frame| frame["type"] == "MEMBER_UPDATED").unwrap();
        assert_eq!((&updated["user"], &updated["user_id"]), (&json!("BOB (2)"), &json!(ann.user)));
    }
    for (code, name) in [(&den, "BOB (2)"), (&with_bob, "BOB (2)"), (&own, "BOB")] {
        assert_eq!(shown(&bench, ann.user, code, ann.user).await, name);
    }
    let renamed = Rooms(&*bench.app.ports().table).get(&own).await.unwrap().unwrap();
    assert_eq!(renamed.name, "BOB's room");
    // The old name is free again, and a job that comes twice changes nothing.
    rename(&bench, &bob, "ann").await;
    assert_eq!(shown(&bench, bob.user, &den, bob.user).await, "Deleted user", "he has said nothing");
    say(&bench, &bob, &den, "hi").await;
    assert_eq!(shown(&bench, bob.user, &den, bob.user).await, "ann");
}

#[tokio::test]
async fn an_applicant_who_needs_no_number_any_more_gives_up_the_name_that_had_one() {
    let (bench, kept) = watched_bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    rename(&bench, &bob, "Ann").await;
    let new = NewRoom { entry_mode: Some(EntryMode::Approval), ..NewRoom::default() };
    let den = app::create_room(&bench.app, ann.user, new).await.unwrap().room.code;
    app::join_room(&bench.app, bob.user, Some(&den), &EntryPass::default()).await.unwrap();
    let claimed = async || {
        let rows = kept.all().await.into_iter().map(|item| format!("{:?}", item.key));
        let mut names: Vec<_> = rows.filter_map(|key| Some(key.split_once("NAME#")?.1.to_owned())).collect();
        names.sort();
        names.concat()
    };
    assert!(claimed().await.contains("ann (2)"));
    rename(&bench, &ann, "Zed").await;
    assert!(app::decide_applicant(&bench.app, ann.user, &den, bob.user, true).await.unwrap());
    let claimed = claimed().await;
    assert!(claimed.contains("ann") && claimed.contains("zed") && !claimed.contains("(2)"), "{claimed}");
}

#[tokio::test]
async fn of_who_deletes_their_account_no_name_text_or_file_is_left_anywhere() {
    let (bench, kept) = watched_bench();
    let (gone, bob, eve) =
        (account(&bench, NAME).await, account(&bench, "bob").await, account(&bench, "eve").await);
    let (den, alone) = (room(&bench, &gone, &[&bob]).await, room(&bench, &gone, &[]).await);
    let elsewhere = room(&bench, &bob, &[&gone]).await;
    let with_bob = pair(&bench, &gone, &bob).await;
    let notes = pair(&bench, &gone, &gone).await;
    let others = [bob.user, eve.user];
    let of_three = app::start_conversation(&bench.app, gone.user, &others, None).await.unwrap().room.code;
    let left = room(&bench, &bob, &[&gone]).await;
    for code in [&den, &alone, &elsewhere, &with_bob, &notes, &of_three, &left] {
        say(&bench, &gone, code, "hello").await;
    }
    send_file(&bench, &gone, &elsewhere).await;
    react(&bench, &gone, &bob, &elsewhere).await;
    choose(&bench, &gone, &den).await;
    assert_eq!(bench.media.files().len(), 1);
    say(&bench, &bob, &elsewhere, "what a picture").await;
    app::leave_room(&bench.app, gone.user, &left).await.unwrap();
    app::block(&bench.app, gone.user, eve.user).await.unwrap();
    rename(&bench, &gone, "Zarquon Lee").await;
    assert!(kept.all().await.iter().any(|item| format!("{item:?}").to_lowercase().contains(NAME)));

    let (_, mut inbox) = bench.open("b1", Endpoint::Inbox, Some(bob.clone())).await;
    let gone_for_good = Identity { user: gone.user, session: gone.session.clone() };
    app::delete_profile(&bench.app, &gone_for_good).await.unwrap();
    run_twice(&bench).await;
    let heard = frames(&inbox.until("Deleted user").await);
    assert!(heard.iter().any(|frame| frame["type"] == "MEMBER_UPDATED" && frame["user"] == "Deleted user"));
    assert_nothing_left(&bench, &kept).await;
    for code in [&den, &elsewhere, &with_bob, &of_three, &left] {
        assert_eq!(shown(&bench, bob.user, code, gone.user).await, "Deleted user");
    }
    let stored = async |code: &RoomCode| Rooms(&*bench.app.ports().table).get(code).await.unwrap().unwrap();
    let den = stored(&den).await;
    assert_eq!((den.host, den.owner, den.is_active()), (Some(bob.user), Some(bob.user), true));
    assert!(!stored(&alone).await.is_active());
    assert_eq!(stored(&of_three).await.people, [bob.user, eve.user]);
    assert_eq!(texts_in(&kept, &notes, "hello").await, 0, "of notes nothing is left");
    assert_eq!(texts_in(&kept, &elsewhere, "what a picture").await, 1, "others' words stay");
    assert_nobody_hears(&bench, bob.user, &with_bob).await;
}

/// A bench whose table can be read as a whole.
fn watched_bench() -> (Bench, Arc<KeptKeys>) {
    let mut bench = Bench::new();
    let kept = Arc::new(KeptKeys::of(bench.app.ports().table.clone()));
    let ports = Ports { table: kept.clone(), ..bench.app.ports().clone() };
    bench.app = App::new(ports, Settings::new("http://localhost"));
    (bench, kept)
}

/// Neither a name nor a text in the whole table, and no file in the store.
async fn assert_nothing_left(bench: &Bench, kept: &KeptKeys) {
    for item in kept.all().await {
        let item = format!("{item:?}").to_lowercase();
        assert!(!item.contains(NAME) && !item.contains("hello"), "{item}");
    }
    assert!(bench.media.files().is_empty());
}

/// Does what is to be done twice, as queues may have it, and so the erasing that comes of it.
async fn run_twice(bench: &Bench) {
    let mut jobs = bench.jobs.take();
    while !jobs.is_empty() {
        for _ in 0..2 {
            bench.run(jobs.clone()).await;
        }
        jobs = bench.jobs.take();
        jobs.retain(|(job, _)| matches!(job, Job::EraseWords { .. }));
    }
}

/// Reacts to what another one says, once for good, and once for a while.
async fn react(bench: &Bench, who: &Identity, other: &Identity, code: &RoomCode) {
    say(bench, other, code, "react, please").await;
    let (_, history) = app::messages(&bench.app, who.user, code, (None, None), 1).await.unwrap();
    let author = Author { user: who.user, session: Some(who.session.clone()), origin: None };
    for (reaction, on) in [(NAME, true), ("hello!", true), ("hello!", false)] {
        let amendment = Amendment::React { reaction: reaction.to_owned(), on: Some(on) };
        app::amend(&bench.app, &author, code, history.entries[0].id, amendment).await.unwrap();
    }
}

/// Chooses what is watched, and what comes next.
async fn choose(bench: &Bench, who: &Identity, code: &RoomCode) {
    let title = Some(format!("{NAME}'s film"));
    let choice = |url: &str| MediaChoice {
        source: MediaSource::Url(url.to_owned()),
        title: title.clone(),
        duration: None,
    };
    let by = Commander { user: who.user, sent: None };
    app::set_media(&bench.app, &by, code, &choice("https://example.org/a.mp4")).await.unwrap();
    for number in 0..50 {
        let choice = choice(&format!("https://example.org/{NAME}{number}.mp4"));
        app::add_to_queue(&bench.app, who.user, code, &choice).await.unwrap();
    }
}

/// Says something with a picture.
async fn send_file(bench: &Bench, who: &Identity, code: &RoomCode) {
    let name = format!("{NAME}.png");
    let file = upload_medium::store(&bench.app, &name, None, body("abc")).await.unwrap();
    let author = Author { user: who.user, session: Some(who.session.clone()), origin: None };
    let words = Words { text: "hello, look".to_owned(), ..Words::default() };
    app::say_with_file(&bench.app, &author, code, words, SentFile::New(file)).await.unwrap();
}

/// Nobody is left in a conversation to whom somebody could say something.
async fn assert_nobody_hears(bench: &Bench, user: UserId, code: &RoomCode) {
    let author = Author { user, session: None, origin: None };
    let words = Words { text: "are you there?".to_owned(), ..Words::default() };
    let refused = app::say(&bench.app, &author, code, words).await;
    assert!(matches!(refused, Err(AppError::Room(RoomRefusal::NoSuchPerson))), "{refused:?}");
}

/// How many items of a room's log hold that text.
async fn texts_in(kept: &KeptKeys, code: &RoomCode, text: &str) -> usize {
    use parlor::ports::Table as _;
    let query = Query {
        partition: Partition::Table(format!("LOG#{code}")),
        range: SortRange::All,
        direction: Direction::Forward,
        limit: 100,
        after: None,
        consistency: Consistency::Strong,
    };
    let items = kept.query(&query).await.unwrap().items;
    assert!(!items.is_empty());
    items.iter().filter(|item| format!("{item:?}").contains(text)).count()
}

#[tokio::test]
async fn a_job_that_comes_for_somebody_who_is_still_there_erases_nothing() {
    let bench = Bench::new();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    let den = room(&bench, &bob, &[&ann]).await;
    say(&bench, &ann, &den, "hello").await;
    let job = Job::EraseFromRooms { user: ann.user };
    app::run_job(&bench.app, job, None).await.unwrap();
    assert_eq!(shown(&bench, bob.user, &den, ann.user).await, "ann");
}

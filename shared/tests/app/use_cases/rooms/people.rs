//! A person's new name, and their end, reach every room that they are in.

use std::sync::Arc;

use parlor::app::{
    self, App, AppError, Author, EntryPass, NewRoom, Ports, ProfileChange, RoomRefusal, Settings, Words,
};
use parlor::ids::{RoomCode, UserId};
use parlor::ports::{Consistency, Direction, Endpoint, Identity, Partition, Query, SortRange};
use parlor::store::Rooms;
use serde_json::json;

use super::kept_keys::KeptKeys;
use crate::use_cases::accounts::signing_in::{PASSWORD, proof, register};
use crate::use_cases::chat::{frames, pair};
use crate::use_cases::house::House;

/// A name that is nowhere by chance.
const NAME: &str = "zarquon";

async fn account(house: &House, name: &str) -> Identity {
    register(house, name, Some(PASSWORD), None).await.unwrap();
    let name = app::AccountName::username(name);
    let sign_in = app::sign_in_account(&house.app, &name, &proof(Some(PASSWORD), None)).await.unwrap();
    sign_in.session_token.identity.clone()
}

async fn room(house: &House, host: &Identity, members: &[&Identity]) -> RoomCode {
    let made = app::create_room(&house.app, host.user, NewRoom::default()).await.unwrap();
    for member in members {
        app::join_room(&house.app, member.user, Some(&made.room.code), &EntryPass::default()).await.unwrap();
    }
    made.room.code
}

async fn say(house: &House, who: &Identity, code: &RoomCode, text: &str) {
    let author = Author { user: who.user, session: Some(who.session.clone()), origin: None };
    let words = Words { text: text.to_owned(), ..Words::default() };
    app::say(&house.app, &author, code, words).await.unwrap();
}

async fn rename(house: &House, who: &Identity, name: &str) {
    let change = ProfileChange { display_name: Some(name.to_owned()), ..ProfileChange::default() };
    app::change_profile(&house.app, who.user, change).await.unwrap();
    house.run(house.jobs.take()).await;
}

/// How somebody is shown by their messages in a room.
async fn shown(house: &House, reader: UserId, code: &RoomCode, author: UserId) -> String {
    let (_, history) = app::messages(&house.app, reader, code, (None, None), 10).await.unwrap();
    history.authors.shown(author).name
}

#[tokio::test]
async fn a_new_name_reaches_every_room_and_is_numbered_where_it_is_taken() {
    let house = House::new();
    let (ann, bob) = (account(&house, "ann").await, account(&house, "bob").await);
    let (den, with_bob) = (room(&house, &bob, &[&ann]).await, pair(&house, &ann, &bob).await);
    let own = room(&house, &ann, &[]).await;
    for code in [&den, &with_bob, &own] {
        say(&house, &ann, code, "hello").await;
    }
    let (_, mut inbox) = house.open("b1", Endpoint::Inbox, Some(bob.clone())).await;
    let (_, mut socket) = house.open("b2", Endpoint::Watch(den.clone()), Some(bob.clone())).await;
    house.run(house.jobs.take()).await;
    rename(&house, &ann, "BOB").await;
    for sent in [&mut inbox, &mut socket] {
        let heard = frames(&sent.until("MEMBER_UPDATED").await);
        let updated = heard.iter().find(|frame| frame["type"] == "MEMBER_UPDATED").unwrap();
        assert_eq!((&updated["user"], &updated["user_id"]), (&json!("BOB (2)"), &json!(ann.user)));
    }
    for (code, name) in [(&den, "BOB (2)"), (&with_bob, "BOB (2)"), (&own, "BOB")] {
        assert_eq!(shown(&house, ann.user, code, ann.user).await, name);
    }
    let renamed = Rooms(&*house.app.ports().table).get(&own).await.unwrap().unwrap();
    assert_eq!(renamed.name, "BOB's room");
    // The old name is free again, and a job that comes twice changes nothing.
    rename(&house, &bob, "ann").await;
    assert_eq!(shown(&house, bob.user, &den, bob.user).await, "Deleted user", "he has said nothing");
    say(&house, &bob, &den, "hi").await;
    assert_eq!(shown(&house, bob.user, &den, bob.user).await, "ann");
}

#[tokio::test]
async fn of_who_deletes_their_account_no_name_is_left_anywhere() {
    let mut house = House::new();
    let kept = Arc::new(KeptKeys::of(house.app.ports().table.clone()));
    let ports = Ports { table: kept.clone(), ..house.app.ports().clone() };
    house.app = App::new(ports, Settings::new("http://localhost"));
    let (gone, bob, eve) =
        (account(&house, NAME).await, account(&house, "bob").await, account(&house, "eve").await);
    let (den, alone) = (room(&house, &gone, &[&bob]).await, room(&house, &gone, &[]).await);
    let elsewhere = room(&house, &bob, &[&gone]).await;
    let with_bob = pair(&house, &gone, &bob).await;
    let notes = pair(&house, &gone, &gone).await;
    let others = [bob.user, eve.user];
    let of_three = app::start_conversation(&house.app, gone.user, &others, None).await.unwrap().room.code;
    let left = room(&house, &bob, &[&gone]).await;
    for code in [&den, &alone, &elsewhere, &with_bob, &notes, &of_three, &left] {
        say(&house, &gone, code, "hello").await;
    }
    app::leave_room(&house.app, gone.user, &left).await.unwrap();
    app::block(&house.app, gone.user, eve.user).await.unwrap();
    rename(&house, &gone, "Zarquon Lee").await;
    assert!(kept.all().await.iter().any(|item| format!("{item:?}").to_lowercase().contains(NAME)));

    let (_, mut inbox) = house.open("b1", Endpoint::Inbox, Some(bob.clone())).await;
    let gone_for_good = Identity { user: gone.user, session: gone.session.clone() };
    app::delete_profile(&house.app, &gone_for_good).await.unwrap();
    run_twice(&house).await;
    let heard = frames(&inbox.until("Deleted user").await);
    assert!(heard.iter().any(|frame| frame["type"] == "MEMBER_UPDATED" && frame["user"] == "Deleted user"));
    for item in kept.all().await {
        assert!(!format!("{item:?}").to_lowercase().contains(NAME), "{item:?}");
    }
    for code in [&den, &elsewhere, &with_bob, &of_three, &left] {
        assert_eq!(shown(&house, bob.user, code, gone.user).await, "Deleted user");
    }
    let stored = async |code: &RoomCode| Rooms(&*house.app.ports().table).get(code).await.unwrap().unwrap();
    let den = stored(&den).await;
    assert_eq!((den.host, den.owner, den.is_active()), (Some(bob.user), Some(bob.user), true));
    assert!(!stored(&alone).await.is_active());
    assert_eq!(stored(&of_three).await.people, [bob.user, eve.user]);
    assert_eq!(texts_in(&kept, &notes).await, 0, "of notes nothing is left");
    assert_nobody_hears(&house, bob.user, &with_bob).await;
}

/// Does what is to be done twice, as queues may have it.
async fn run_twice(house: &House) {
    let jobs = house.jobs.take();
    house.run(jobs.clone()).await;
    house.run(jobs).await;
}

/// Nobody is left in a conversation to whom somebody could say something.
async fn assert_nobody_hears(house: &House, user: UserId, code: &RoomCode) {
    let author = Author { user, session: None, origin: None };
    let words = Words { text: "are you there?".to_owned(), ..Words::default() };
    let refused = app::say(&house.app, &author, code, words).await;
    assert!(matches!(refused, Err(AppError::Room(RoomRefusal::NoSuchPerson))), "{refused:?}");
}

/// How many items of a room's log hold that text.
async fn texts_in(kept: &KeptKeys, code: &RoomCode) -> usize {
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
    items.iter().filter(|item| format!("{item:?}").contains("hello")).count()
}

#[tokio::test]
async fn a_job_that_comes_for_somebody_who_is_still_there_erases_nothing() {
    let house = House::new();
    let (ann, bob) = (account(&house, "ann").await, account(&house, "bob").await);
    let den = room(&house, &bob, &[&ann]).await;
    say(&house, &ann, &den, "hello").await;
    let job = parlor::ports::Job::EraseFromRooms { user: ann.user };
    app::run_job(&house.app, job, None).await.unwrap();
    assert_eq!(shown(&house, bob.user, &den, ann.user).await, "ann");
}

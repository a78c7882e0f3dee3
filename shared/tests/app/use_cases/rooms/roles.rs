//! What somebody is in a room while several people decide on it.

use parlor::app::{self, Appointment, EntryPass, NewRoom};
use parlor::domain::rooms::RoomRole;
use parlor::ids::{RoomCode, UserId};
use parlor::store::{Member, Members, Membership, Moved, Room, Rooms};

use crate::use_cases::accounts::signing_in::{PASSWORD, register};
use crate::use_cases::bench::Bench;

/// A room of Ann's with Bob in it.
async fn room(bench: &Bench) -> (RoomCode, UserId, UserId) {
    let ann = register(bench, "ann", Some(PASSWORD), None).await.unwrap().id;
    let bob = register(bench, "bob", Some(PASSWORD), None).await.unwrap().id;
    let made = app::create_room(&bench.app, ann, NewRoom::default()).await.unwrap();
    app::join_room(&bench.app, bob, Some(&made.room.code), &EntryPass::default()).await.unwrap();
    (made.room.code, ann, bob)
}

async fn row(bench: &Bench, code: &RoomCode, user: UserId) -> Member {
    Members(&*bench.app.ports().table).get(code, user).await.unwrap().unwrap()
}

#[tokio::test]
async fn who_becomes_host_while_they_are_made_a_co_host_or_silenced_is_host_and_speaks() {
    let bench = Bench::new();
    let (code, ann, bob) = room(&bench).await;
    let read = row(&bench, &code, bob).await;
    app::appoint(&bench.app, ann, &code, bob, Appointment::Host).await.unwrap();
    let table = bench.app.ports().table.clone();
    let members = Members(&*table);
    // Of room and row, both or the room alone were read before.
    for read in [read, row(&bench, &code, bob).await] {
        assert_eq!(members.set_role(&code, &read, RoomRole::CoHost).await.unwrap(), None);
        assert_eq!(members.mute(&code, &read, Some(i64::MAX)).await.unwrap(), None);
    }
    let host = row(&bench, &code, bob).await;
    assert_eq!((host.role, host.muted_until), (RoomRole::Host, None));
}

#[tokio::test]
async fn a_co_host_who_loses_that_while_they_are_to_stand_in_is_asked_for_anew() {
    let bench = Bench::new();
    let (code, ann, bob) = room(&bench).await;
    app::appoint(&bench.app, ann, &code, bob, Appointment::CoHost).await.unwrap();
    let read = row(&bench, &code, bob).await;
    app::appoint(&bench.app, ann, &code, bob, Appointment::Member).await.unwrap();
    let table = bench.app.ports().table.clone();
    let room = Rooms(&*table).get(&code).await.unwrap().unwrap();
    let after = Room { host: Some(bob), stands_in: Some(read.role), ..room.clone() };
    let membership = Membership(&*table);
    let former = Some((ann, RoomRole::CoHost));
    assert_eq!(membership.pass_host(&room, &after, &read, former).await.unwrap(), Moved::Meanwhile);
    let now = row(&bench, &code, bob).await;
    assert_eq!(membership.pass_host(&room, &after, &now, former).await.unwrap(), Moved::Yes);
}

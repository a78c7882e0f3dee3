//! A message that somebody says in a room, from the event of its socket to the last post.

use std::time::Duration;

use super::bench::Bench;
use super::expected;
use crate::app;
use crate::domain::rooms::{EntryMode, RoomKind};
use crate::ids::{RoomCode, SessionId, UserId};
use crate::ports::{Clock as _, Connection, Endpoint, Group, Identity};
use crate::store::{Created, Membership, Room, User, Users};

/// Says so in a room with that many members, each with a socket; answers what is asked for.
async fn counted(members: u64, text: &str) -> expected::Counts {
    let bench = Bench::new();
    let (user, code) = (UserId(7), room(&bench, UserId(7)).await);
    let speaker = connection(&bench, 0, &code, user);
    for number in 0..members {
        let connection = if number == 0 {
            speaker.clone()
        } else {
            connection(&bench, number, &code, UserId(99 + number))
        };
        bench.app.ports.connections.register(&connection).await.unwrap();
        bench.app.ports.groups.join(&Group::Room(code.clone()), &connection, None).await.unwrap();
    }
    // The first message of a room has no predecessor: the second one is like all that follow. It comes so much later that
    // it is no burst.
    for before in [r#"{"message": "the first"}"#, text] {
        bench.clock.sleep_until(bench.clock.now().plus(Duration::from_secs(3))).await;
        let say = async {
            app::receive(&bench.app, &speaker, before, bench.app.ports().clock.now().as_millis())
                .await
                .unwrap();
            bench.work_off().await;
        };
        let counts = bench.count(say).await;
        if before == text {
            return counts;
        }
    }
    unreachable!("the last of them is what is counted")
}

fn connection(bench: &Bench, number: u64, code: &RoomCode, user: UserId) -> Connection {
    let identity = Identity { user, session: SessionId::from_random([1; 16]) };
    let (id, at) = (format!("socket{number:09}=").parse().unwrap(), bench.app.ports().clock.now());
    Connection::new(id, Endpoint::Chat(code.clone()), Some(identity), at)
}

/// A public room of that host's.
async fn room(bench: &Bench, host: UserId) -> RoomCode {
    let code: RoomCode = "kino".parse().unwrap();
    let (table, now) = (bench.app.ports().table.clone(), bench.app.ports().clock.now());
    let person = User::new(host, "Ann".to_owned(), now);
    table.write(Users::addition(&person).unwrap()).await.unwrap();
    let room = Room::new(code.clone(), RoomKind::Hosted, "Kino".to_owned(), EntryMode::Open, now);
    let room = Room { owner: Some(host), host: Some(host), ..room };
    let made = Membership(&*table).create(&room, &[&person], now).await.unwrap();
    assert_eq!(made, Created::Yes);
    code
}

#[tokio::test(start_paused = true)]
async fn a_message_in_a_room() {
    let sizes = [(2, "say_to_2"), (10, "say_to_10"), (100, "say_to_100"), (1000, "say_to_1000")];
    let (mut counts, mut expected) = (Vec::new(), Vec::new());
    for (members, name) in sizes {
        counts.push((members, counted(members, r#"{"message": "hello"}"#).await));
        expected.push((members, expected::requests(name)));
    }
    assert_eq!(counts, expected);
}

#[tokio::test(start_paused = true)]
async fn a_message_with_a_name_of_its_clients() {
    let counts = counted(2, r#"{"message": "hello", "client_msg_id": "c-1"}"#).await;
    assert_eq!(counts, expected::requests("say_to_2_with_client_msg_id"));
}

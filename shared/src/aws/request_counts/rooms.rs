//! A message that somebody says in a room, from the event of its socket to the last post.

use super::expected;
use super::house::House;
use crate::app;
use crate::domain::rooms::{EntryMode, RoomKind};
use crate::ids::{RoomCode, SessionId, UserId};
use crate::ports::{Connection, Endpoint, Group, Identity};
use crate::store::{Created, Membership, Room, User, Users};

/// Says so in a room with that many members, each with a socket; answers what is asked for.
async fn counted(members: u64, text: &str) -> expected::Counts {
    let house = House::new();
    let (user, code) = (UserId(7), room(&house, UserId(7)).await);
    let speaker = connection(&house, 0, &code, user);
    for number in 0..members {
        let connection = if number == 0 {
            speaker.clone()
        } else {
            connection(&house, number, &code, UserId(99 + number))
        };
        house.app.ports.connections.register(&connection).await.unwrap();
        house.app.ports.groups.join(&Group::Room(code.clone()), &connection, None).await.unwrap();
    }
    // The first message of a room has no predecessor: the second one is like all that follow.
    for before in [r#"{"message": "the first"}"#, text] {
        let say = async {
            app::receive(&house.app, &speaker, before, house.app.ports().clock.now().as_millis())
                .await
                .unwrap();
            house.work_off().await;
        };
        let counts = house.count(say).await;
        if before == text {
            return counts;
        }
    }
    unreachable!("the last of them is what is counted")
}

fn connection(house: &House, number: u64, code: &RoomCode, user: UserId) -> Connection {
    let identity = Identity { user, session: SessionId::from_random([1; 16]) };
    let (id, at) = (format!("socket{number:09}=").parse().unwrap(), house.app.ports().clock.now());
    Connection::new(id, Endpoint::Chat(code.clone()), Some(identity), at)
}

/// A public room of that host's.
async fn room(house: &House, host: UserId) -> RoomCode {
    let code: RoomCode = "kino".parse().unwrap();
    let (table, now) = (house.app.ports().table.clone(), house.app.ports().clock.now());
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
    let sizes = [(2, "say_to_2"), (10, "say_to_10")];
    for (members, name) in sizes {
        let counts = counted(members, r#"{"message": "hello"}"#).await;
        assert_eq!(counts, expected::requests(name), "{members} members");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_with_a_name_of_its_clients() {
    let counts = counted(2, r#"{"message": "hello", "client_msg_id": "c-1"}"#).await;
    assert_eq!(counts, expected::requests("say_to_2_with_client_msg_id"));
}

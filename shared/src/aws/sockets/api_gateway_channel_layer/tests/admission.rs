//! Who is let into a room: by the row that gives them the right, and as long as their socket is there.

use super::super::*;
use super::bench::*;
use crate::ports::{Condition, Endpoint, Item, Key, Write};

fn member() -> Key {
    Key { pk: "MEMBERS#kino".into(), sk: "7".into() }
}

/// Lets in whoever is approved.
fn approved() -> Admission {
    let guard = Write::Check(member(), Condition::Has("approved".into()));
    Admission { name: "Ann".into(), guard }
}

async fn approve(bench: &Bench) {
    let attributes = [("approved".to_owned(), true.into())].into_iter().collect();
    let item = Item { key: member(), attributes };
    bench.table.write(Write::Put(item, Condition::Always)).await.unwrap();
}

#[tokio::test]
async fn a_join_whose_guard_does_not_hold_leaves_nothing_behind() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    let keys = bench.table.keys().await;
    let joined = bench.layer.join(&Group::Room(kino()), &connection, Some(&approved())).await;
    assert_eq!(joined.unwrap(), Joined::Refused);
    assert_eq!(bench.table.keys().await, keys);
    bench.layer.forget(&connection.id).await.unwrap();
    assert_eq!(bench.queue.take(), [], "it is not known to have been there");
}

#[tokio::test]
async fn a_join_whose_guard_holds_is_one_transaction_with_it() {
    let bench = Bench::new();
    approve(&bench).await;
    let connection = bench.open("a=", 7).await;
    bench.table.take_written();
    let room = Group::Room(kino());
    let joined = bench.layer.join(&room, &connection, Some(&approved())).await;
    assert_eq!(joined.unwrap(), Joined::Arrived);
    let written = bench.table.take_written();
    let together =
        ["check MEMBERS#kino/7", "update CONN#a=/META", "put GROUP#room#kino/7#a=#f", "put HERE#kino/7"];
    assert_eq!(written, together);
    assert_eq!(bench.layer.present(&room, None).await.unwrap()[0].name, "Ann");
}

#[tokio::test]
async fn who_is_not_let_in_any_more_is_refused_though_they_are_present() {
    let bench = Bench::new();
    approve(&bench).await;
    let (one, two) = (bench.open("a=", 7).await, bench.open("b=", 7).await);
    let room = Group::Room(kino());
    bench.layer.join(&room, &one, Some(&approved())).await.unwrap();
    bench.table.write(Write::Delete(member(), Condition::Always)).await.unwrap();
    assert_eq!(bench.layer.join(&room, &two, Some(&approved())).await.unwrap(), Joined::Refused);
    let sockets = bench.layer.sockets(&room, None).await.unwrap();
    assert_eq!(sockets, [one]);
}

#[tokio::test]
async fn a_guard_holds_for_other_groups_too() {
    let bench = Bench::new();
    let inbox = Group::Inbox(UserId(7));
    let id = "a=".parse().unwrap();
    let identity = bench.connection("a=", 7).identity;
    let connection = Connection::new(id, Endpoint::Inbox, identity, bench.clock.now());
    assert_eq!(bench.layer.join(&inbox, &connection, Some(&approved())).await.unwrap(), Joined::Refused);
    approve(&bench).await;
    assert_eq!(bench.layer.join(&inbox, &connection, Some(&approved())).await.unwrap(), Joined::Gone);
    bench.layer.register(&connection).await.unwrap();
    assert_eq!(bench.layer.join(&inbox, &connection, Some(&approved())).await.unwrap(), Joined::Already);
    assert_eq!(bench.layer.sockets(&inbox, None).await.unwrap(), std::slice::from_ref(&connection));
    bench.layer.forget(&connection.id).await.unwrap();
    assert!(!bench.layer.is_occupied(&inbox).await.unwrap());
}

/// The row of a socket that joined while it was being forgotten is found by what was noted of it.
#[tokio::test]
async fn a_socket_that_joins_while_it_is_forgotten_leaves_no_row() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    let room = Group::Room(kino());
    let quicker = vec![
        StoredConnections::joining_room(&connection.id, &kino()),
        bench.layer.groups.adding(&room, &connection),
    ];
    bench.table.interpose("delete CONN#a=/META", quicker);
    bench.layer.forget(&connection.id).await.unwrap();
    assert!(!bench.layer.is_occupied(&room).await.unwrap());
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
    // Whatever breaks off, as long as there is such a row there is one by which it is found.
    let written = bench.table.take_written();
    let place = |key: &str| written.iter().rposition(|write| write == key);
    assert!(place("delete GROUP#room#kino/7#a=#f").unwrap() < place("delete CONN#a=/META").unwrap());
}

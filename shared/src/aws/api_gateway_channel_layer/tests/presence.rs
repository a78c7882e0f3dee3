//! Who is present, in which order that is written, and what is left when somebody dies over it.

use super::super::*;
use super::house::*;
use crate::ports::{ABSENCE_GRACE, Job};

fn room() -> Group {
    Group::Room(kino())
}

/// The check that was enqueued last.
fn check(house: &House) -> AbsenceCheck {
    let (job, delay) = house.queue.take().pop().unwrap();
    assert_eq!(delay, ABSENCE_GRACE);
    let Job::CheckAbsence { room, user, check } = job else { panic!("{job:?}") };
    assert_eq!((room, user), (kino(), UserId(7)));
    check
}

#[tokio::test]
async fn somebody_looks_whether_a_person_has_left_before_their_row_goes() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.layer.join(&room(), &connection, None).await.unwrap();
    house.queue.takes([false, false]);
    house.layer.leave(&room(), &connection).await.unwrap_err();
    house.layer.forget(&connection.id).await.unwrap_err();
    assert!(house.layer.is_occupied(&room()).await.unwrap(), "nobody would ever look");
    house.layer.forget(&connection.id).await.unwrap();
    assert!(!house.layer.is_occupied(&room()).await.unwrap());
    let found = house.layer.confirm_left(&room(), UserId(7), Some(&check(&house))).await;
    assert_eq!(found.unwrap(), Absence::Left);
}

/// Each sees the other's row: if that kept it from asking, nobody would ever look.
#[tokio::test]
async fn of_two_sockets_that_go_at_once_each_has_somebody_look() {
    let house = House::new();
    for id in ["a=", "b="] {
        let connection = house.open(id, 7).await;
        house.layer.join(&room(), &connection, None).await.unwrap();
    }
    house.layer.forget(&"a=".parse().unwrap()).await.unwrap();
    let first = check(&house);
    house.layer.forget(&"b=".parse().unwrap()).await.unwrap();
    let second = check(&house);
    assert_eq!(first.token, second.token);
    let found = async |check| house.layer.confirm_left(&room(), UserId(7), Some(check)).await.unwrap();
    assert_eq!(found(&first).await, Absence::Left);
    assert_eq!(found(&second).await, Absence::LeftBefore, "it is told once");
}

#[tokio::test]
async fn whoever_joins_while_it_is_looked_whether_they_have_left_is_still_here() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.layer.join(&room(), &connection, None).await.unwrap();
    house.layer.leave(&room(), &connection).await.unwrap();
    let check = check(&house);
    let back = vec![
        house.layer.groups.adding(&room(), &connection),
        house.layer.marks.returning(&kino(), UserId(7), &"0123456789abcdef".parse().unwrap()),
    ];
    house.table.interpose("update HERE#kino/7", back);
    let found = house.layer.confirm_left(&room(), UserId(7), Some(&check)).await;
    assert_eq!(found.unwrap(), Absence::StillHere);
    assert_eq!(house.layer.present(&room(), None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_mark_that_nobody_takes_away_ends_with_the_sockets_that_may_have_been_there() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.layer.join(&room(), &connection, None).await.unwrap();
    house.pass(2 * 60 * 60);
    assert_eq!(house.layer.present(&room(), None).await.unwrap().len(), 1);
    house.pass(10 * 60);
    assert_eq!(house.layer.present(&room(), None).await.unwrap(), []);
    assert!(!house.layer.is_occupied(&room()).await.unwrap());
}

#[tokio::test]
async fn who_has_left_can_be_back_at_once_and_keeps_no_old_mark() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.layer.join(&room(), &connection, None).await.unwrap();
    let came = house.layer.present(&room(), None).await.unwrap()[0].since;
    house.layer.leave(&room(), &connection).await.unwrap();
    let check = check(&house);
    house.layer.confirm_left(&room(), UserId(7), Some(&check)).await.unwrap();
    house.pass(60);
    assert_eq!(house.layer.join(&room(), &connection, None).await.unwrap(), Joined::Arrived);
    let back = house.layer.present(&room(), Some(UserId(7))).await.unwrap();
    assert_eq!(back[0].since.since(came), Duration::from_secs(60));
}

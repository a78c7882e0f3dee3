//! Who is present, in which order that is written, and what is left when somebody dies over it.

use super::super::*;
use super::bench::*;
use crate::ports::{ABSENCE_GRACE, Job};

fn room() -> Group {
    Group::Room(kino())
}

/// The check that was enqueued last.
fn check(bench: &Bench) -> AbsenceCheck {
    let (job, delay) = bench.queue.take().pop().unwrap();
    assert_eq!(delay, ABSENCE_GRACE);
    let Job::CheckAbsence { room, user, check } = job else { panic!("{job:?}") };
    assert_eq!((room, user), (kino(), UserId(7)));
    check
}

#[tokio::test]
async fn somebody_looks_whether_a_person_has_left_before_their_row_goes() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.layer.join(&room(), &connection, None).await.unwrap();
    bench.queue.takes([false, false]);
    bench.layer.leave(&room(), &connection).await.unwrap_err();
    bench.layer.forget(&connection.id).await.unwrap_err();
    assert!(bench.layer.is_occupied(&room()).await.unwrap(), "nobody would ever look");
    bench.layer.forget(&connection.id).await.unwrap();
    assert!(!bench.layer.is_occupied(&room()).await.unwrap());
    let found = bench.layer.confirm_left(&room(), UserId(7), Some(&check(&bench))).await;
    assert_eq!(found.unwrap(), Absence::Left);
}

/// Each sees the other's row: if that kept it from asking, nobody would ever look.
#[tokio::test]
async fn of_two_sockets_that_go_at_once_each_has_somebody_look() {
    let bench = Bench::new();
    for id in ["a=", "b="] {
        let connection = bench.open(id, 7).await;
        bench.layer.join(&room(), &connection, None).await.unwrap();
    }
    bench.layer.forget(&"a=".parse().unwrap()).await.unwrap();
    let first = check(&bench);
    bench.layer.forget(&"b=".parse().unwrap()).await.unwrap();
    let second = check(&bench);
    assert_eq!(first.token, second.token);
    let found = async |check| bench.layer.confirm_left(&room(), UserId(7), Some(check)).await.unwrap();
    assert_eq!(found(&first).await, Absence::Left);
    assert_eq!(found(&second).await, Absence::LeftBefore, "it is told once");
}

#[tokio::test]
async fn whoever_joins_while_it_is_looked_whether_they_have_left_is_still_here() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.layer.join(&room(), &connection, None).await.unwrap();
    bench.layer.leave(&room(), &connection).await.unwrap();
    let check = check(&bench);
    let back = vec![
        bench.layer.groups.adding(&room(), &connection),
        bench.layer.marks.returning(&kino(), UserId(7), &"0123456789abcdef".parse().unwrap()),
    ];
    bench.table.interpose("update HERE#kino/7", back);
    let found = bench.layer.confirm_left(&room(), UserId(7), Some(&check)).await;
    assert_eq!(found.unwrap(), Absence::StillHere);
    assert_eq!(bench.layer.present(&room(), None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_mark_that_nobody_takes_away_ends_with_the_sockets_that_may_have_been_there() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.layer.join(&room(), &connection, None).await.unwrap();
    bench.pass(2 * 60 * 60);
    assert_eq!(bench.layer.present(&room(), None).await.unwrap().len(), 1);
    bench.pass(10 * 60);
    assert_eq!(bench.layer.present(&room(), None).await.unwrap(), []);
    assert!(!bench.layer.is_occupied(&room()).await.unwrap());
}

#[tokio::test]
async fn who_has_left_can_be_back_at_once_and_keeps_no_old_mark() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.layer.join(&room(), &connection, None).await.unwrap();
    let came = bench.layer.present(&room(), None).await.unwrap()[0].since;
    bench.layer.leave(&room(), &connection).await.unwrap();
    let check = check(&bench);
    bench.layer.confirm_left(&room(), UserId(7), Some(&check)).await.unwrap();
    bench.pass(60);
    assert_eq!(bench.layer.join(&room(), &connection, None).await.unwrap(), Joined::Arrived);
    let back = bench.layer.present(&room(), Some(UserId(7))).await.unwrap();
    assert_eq!(back[0].since.since(came), Duration::from_secs(60));
}

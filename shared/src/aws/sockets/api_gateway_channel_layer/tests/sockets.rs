//! What is known of sockets, and of the people behind them.

use super::super::*;
use super::bench::*;

#[tokio::test]
async fn a_socket_whose_row_is_young_is_tried_again_after_a_410() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    let keys = bench.table.keys().await;
    bench.gateway.put(&connection.id, Mood::Gone);
    bench.pass(29);
    bench.publish(&Group::Feed).await.unwrap();
    assert_eq!(bench.table.keys().await, keys);
    let again = bench.only_piece();
    bench.gateway.cheer(&connection.id);
    bench.resume(again, None).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["a= hello"]);
    assert_eq!(bench.queue.take(), []);
}

#[tokio::test]
async fn a_socket_whose_row_could_not_be_looked_at_after_a_410_is_tried_again() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.gateway.put(&connection.id, Mood::Gone);
    bench.without_writes().publish(&Group::Feed, &hello()).await.unwrap();
    let again = bench.only_piece();
    bench.gateway.cheer(&connection.id);
    bench.resume(again, None).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["a= hello"]);
    assert_eq!(bench.queue.take(), []);
}

#[tokio::test]
async fn a_socket_that_was_never_born_is_forgotten_when_it_is_tried_again() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.gateway.put(&connection.id, Mood::Gone);
    bench.publish(&Group::Feed).await.unwrap();
    let again = bench.only_piece();
    bench.pass(30);
    bench.resume(again, None).await.unwrap();
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
    assert_eq!(bench.queue.take(), []);
}

#[tokio::test]
async fn a_410_of_an_old_row_forgets_the_socket_and_nobody_else() {
    let bench = Bench::new();
    let dead = bench.open("a=", 7).await;
    bench.open("b=", 7).await;
    bench.gateway.put(&dead.id, Mood::Gone);
    bench.pass(30);
    bench.publish(&Group::User(UserId(7))).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["b= hello"]);
    assert_eq!(bench.layer.find(&dead.id).await.unwrap(), None);
    let keys = bench.table.keys().await;
    assert!(keys.len() == 3 && keys.iter().all(|key| key.contains("b=")), "{keys:?}");
}

#[tokio::test]
async fn an_orphaned_row_is_removed_though_its_connection_is_unknown() {
    let bench = Bench::new();
    let connection = bench.connection("a=", 0);
    bench.layer.join(&Group::Feed, &connection, None).await.unwrap();
    bench.gateway.put(&connection.id, Mood::Gone);
    bench.pass(31);
    bench.publish(&Group::Feed).await.unwrap();
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
}

#[tokio::test]
async fn forgetting_removes_the_rows_first_and_the_connection_last() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.table.take_written();
    assert_eq!(bench.layer.forget(&connection.id).await.unwrap(), Some(connection.clone()));
    let written = bench.table.take_written();
    assert_eq!(written.len(), 3, "{written:?}");
    assert!(written[..2].iter().all(|write| write.starts_with("delete GROUP#")), "{written:?}");
    assert_eq!(written[2], "delete CONN#a=/META");
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
    assert_eq!(bench.layer.forget(&connection.id).await.unwrap(), None);
}

#[tokio::test]
async fn closing_says_why_and_then_ends_and_forgets_the_socket() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.layer.close(&connection.id, Close::SessionEnded).await.unwrap();
    let done = bench.gateway.done.lock().unwrap().clone();
    assert!(done[0].contains(r#""code":"SESSION_ENDED""#) && done[0].contains(r#""close":4009"#), "{done:?}");
    assert_eq!(done[1..], ["a= closed"]);
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_socket_that_is_closed_before_it_is_open_hears_nothing_and_is_ended_once_it_is() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    let user = Group::User(UserId(7));
    bench.layer.join(&user, &connection, None).await.unwrap();
    bench.gateway.put(&connection.id, Mood::Gone);
    bench.layer.close(&connection.id, Close::SessionEnded).await.unwrap();
    assert_eq!(bench.table.keys().await, ["CONN#a=/META"]);
    let piece = bench.only_piece();
    bench.gateway.cheer(&connection.id);
    bench.resume(piece.clone(), None).await.unwrap();
    let mut done = bench.gateway.take_done();
    done.sort();
    assert!(done[1].contains(r#""code":"SESSION_ENDED""#), "{done:?}");
    assert_eq!((&*done[0], done.len()), ("a= closed", 2));
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
    bench.resume(piece, None).await.unwrap();
    assert_eq!(bench.gateway.take_done(), Vec::<String>::new(), "it is gone");
}

#[tokio::test]
async fn what_is_sent_to_a_socket_still_being_born_arrives_later() {
    let bench = Bench::new();
    let connection = bench.open("a=", 0).await;
    bench.gateway.put(&connection.id, Mood::Gone);
    assert_eq!(bench.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Sent);
    bench.gateway.cheer(&connection.id);
    bench.resume(bench.only_piece(), None).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["a= hello"]);
}

#[tokio::test]
async fn what_a_greeting_begins_with_does_not_wait_in_the_queue() {
    let bench = Bench::new();
    let connection = bench.open("a=", 0).await;
    let frame = frame();
    let first = || bench.layer.send_first(&connection.id, &frame);
    bench.gateway.put(&connection.id, Mood::Gone);
    assert_eq!(first().await.unwrap(), Delivery::NotYet);
    assert_eq!(bench.queue.take(), []);
    bench.gateway.cheer(&connection.id);
    assert_eq!(first().await.unwrap(), Delivery::Sent);
    bench.gateway.put(&connection.id, Mood::Gone);
    bench.pass(30);
    assert_eq!(first().await.unwrap(), Delivery::Gone);
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_sent_to_a_dead_socket_forgets_it() {
    let bench = Bench::new();
    let connection = bench.open("a=", 0).await;
    bench.gateway.put(&connection.id, Mood::Gone);
    bench.pass(30);
    assert_eq!(bench.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Gone);
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
    assert_eq!(bench.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Gone);
}

#[tokio::test]
async fn a_socket_is_greeted_by_one_worker_at_a_time_and_once() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    let lease = || bench.layer.lease_welcome(&connection.id);
    assert_eq!(lease().await.unwrap(), WelcomeLease::Granted(connection.clone()));
    assert_eq!(lease().await.unwrap(), WelcomeLease::Busy);
    bench.pass(30);
    assert_eq!(lease().await.unwrap(), WelcomeLease::Granted(connection.clone()), "that worker died");
    bench.layer.welcomed(&connection.id).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Done);
    bench.layer.register(&connection).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Done, "registering again changes nothing");
    bench.layer.forget(&connection.id).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Gone);
    bench.layer.welcomed(&connection.id).await.unwrap();
    assert_eq!(bench.table.keys().await, Vec::<String>::new(), "nothing comes back to life");
}

#[tokio::test]
async fn what_a_lost_disconnect_leaves_ends_with_its_time_to_live() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    bench.pass(2 * 60 * 60);
    assert!(bench.layer.is_occupied(&Group::Feed).await.unwrap());
    bench.pass(60 * 60);
    assert!(!bench.layer.is_occupied(&Group::Feed).await.unwrap());
    assert_eq!(bench.layer.find(&connection.id).await.unwrap(), None);
}

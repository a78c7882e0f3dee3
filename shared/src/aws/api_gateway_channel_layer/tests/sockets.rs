//! What is known of sockets, and of the people behind them.

use super::super::*;
use super::house::*;

#[tokio::test]
async fn a_socket_whose_row_is_young_is_tried_again_after_a_410() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    let keys = house.table.keys().await;
    house.gateway.put(&connection.id, Mood::Gone);
    house.pass(29);
    house.publish(&Group::Feed).await.unwrap();
    assert_eq!(house.table.keys().await, keys);
    let again = house.only_piece();
    house.gateway.cheer(&connection.id);
    house.resume(again, None).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["a= hello"]);
    assert_eq!(house.queue.take(), []);
}

#[tokio::test]
async fn a_socket_that_was_never_born_is_forgotten_when_it_is_tried_again() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.gateway.put(&connection.id, Mood::Gone);
    house.publish(&Group::Feed).await.unwrap();
    let again = house.only_piece();
    house.pass(30);
    house.resume(again, None).await.unwrap();
    assert_eq!(house.table.keys().await, Vec::<String>::new());
    assert_eq!(house.queue.take(), []);
}

#[tokio::test]
async fn a_410_of_an_old_row_forgets_the_socket_and_nobody_else() {
    let house = House::new();
    let dead = house.open("a=", 7).await;
    house.open("b=", 7).await;
    house.gateway.put(&dead.id, Mood::Gone);
    house.pass(30);
    house.publish(&Group::User(UserId(7))).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["b= hello"]);
    assert_eq!(house.layer.find(&dead.id).await.unwrap(), None);
    let keys = house.table.keys().await;
    assert!(keys.len() == 3 && keys.iter().all(|key| key.contains("b=")), "{keys:?}");
}

#[tokio::test]
async fn an_orphaned_row_is_removed_though_its_connection_is_unknown() {
    let house = House::new();
    let connection = house.connection("a=", 0);
    house.layer.join(&Group::Feed, &connection, None).await.unwrap();
    house.gateway.put(&connection.id, Mood::Gone);
    house.pass(31);
    house.publish(&Group::Feed).await.unwrap();
    assert_eq!(house.table.keys().await, Vec::<String>::new());
}

#[tokio::test]
async fn forgetting_removes_the_rows_first_and_the_connection_last() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.table.take_written();
    assert_eq!(house.layer.forget(&connection.id).await.unwrap(), Some(connection.clone()));
    let written = house.table.take_written();
    assert_eq!(written.len(), 3, "{written:?}");
    assert!(written[..2].iter().all(|write| write.starts_with("delete GROUP#")), "{written:?}");
    assert_eq!(written[2], "delete CONN#a=/META");
    assert_eq!(house.table.keys().await, Vec::<String>::new());
    assert_eq!(house.layer.forget(&connection.id).await.unwrap(), None);
}

#[tokio::test]
async fn closing_says_why_and_then_ends_and_forgets_the_socket() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.layer.close(&connection.id, Close::SessionEnded).await.unwrap();
    let done = house.gateway.done.lock().unwrap().clone();
    assert!(done[0].contains(r#""code":"SESSION_ENDED""#) && done[0].contains(r#""close":4009"#), "{done:?}");
    assert_eq!(done[1..], ["a= closed"]);
    assert_eq!(house.table.keys().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_sent_to_a_socket_still_being_born_arrives_later() {
    let house = House::new();
    let connection = house.open("a=", 0).await;
    house.gateway.put(&connection.id, Mood::Gone);
    assert_eq!(house.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Sent);
    house.gateway.cheer(&connection.id);
    house.resume(house.only_piece(), None).await.unwrap();
    assert_eq!(house.gateway.take_done(), ["a= hello"]);
}

#[tokio::test]
async fn what_is_sent_to_a_dead_socket_forgets_it() {
    let house = House::new();
    let connection = house.open("a=", 0).await;
    house.gateway.put(&connection.id, Mood::Gone);
    house.pass(30);
    assert_eq!(house.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Gone);
    assert_eq!(house.table.keys().await, Vec::<String>::new());
    assert_eq!(house.layer.send(&connection.id, &frame()).await.unwrap(), Delivery::Gone);
}

#[tokio::test]
async fn a_socket_is_greeted_by_one_worker_at_a_time_and_once() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    let lease = || house.layer.lease_welcome(&connection.id);
    assert_eq!(lease().await.unwrap(), WelcomeLease::Granted(connection.clone()));
    assert_eq!(lease().await.unwrap(), WelcomeLease::Busy);
    house.pass(30);
    assert_eq!(lease().await.unwrap(), WelcomeLease::Granted(connection.clone()), "that worker died");
    house.layer.welcomed(&connection.id).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Done);
    house.layer.register(&connection).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Done, "registering again changes nothing");
    house.layer.forget(&connection.id).await.unwrap();
    assert_eq!(lease().await.unwrap(), WelcomeLease::Gone);
    house.layer.welcomed(&connection.id).await.unwrap();
    assert_eq!(house.table.keys().await, Vec::<String>::new(), "nothing comes back to life");
}

#[tokio::test]
async fn what_a_lost_disconnect_leaves_ends_with_its_time_to_live() {
    let house = House::new();
    let connection = house.open("a=", 7).await;
    house.pass(2 * 60 * 60);
    assert!(house.layer.is_occupied(&Group::Feed).await.unwrap());
    house.pass(60 * 60);
    assert!(!house.layer.is_occupied(&Group::Feed).await.unwrap());
    assert_eq!(house.layer.find(&connection.id).await.unwrap(), None);
}

//! What becomes of a message: posts, pieces, retries, and an end.

use super::super::rest::Failing;
use super::super::*;
use super::bench::*;
use crate::store::GroupRow;

#[tokio::test]
async fn a_message_reaches_every_socket_of_the_feed_and_only_those_of_a_person() {
    let bench = Bench::new();
    bench.open("a=", 0).await;
    bench.open("b=", 7).await;
    bench.open("c=", 70).await;
    bench.publish(&Group::Feed).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["a= hello", "b= hello", "c= hello"]);
    bench.publish(&Group::User(UserId(7))).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["b= hello"]);
    assert_eq!(bench.queue.take(), []);
}

#[tokio::test]
async fn a_busy_socket_gets_its_message_later_and_it_alone() {
    let bench = Bench::new();
    let slow = bench.open("a=", 0).await;
    bench.open("b=", 0).await;
    bench.gateway.put(&slow.id, Mood::Busy);
    bench.publish(&Group::Feed).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["b= hello"]);
    let part = bench.only_piece();
    assert_eq!(members(&part), (vec!["0#a=#f".to_owned()], Some(bench.clock.now().as_secs())));

    bench.gateway.cheer(&slow.id);
    bench.resume(part, None).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["a= hello"]);
    assert_eq!(bench.queue.take(), []);
}

#[tokio::test]
async fn a_socket_that_keeps_failing_for_30_s_is_closed_and_forgotten() {
    let bench = Bench::new();
    let slow = bench.open("a=", 0).await;
    bench.gateway.put(&slow.id, Mood::Slow);
    bench.publish(&Group::Feed).await.unwrap();
    let first = bench.only_piece();
    bench.pass(29);
    let later = bench.fails(first.clone(), 3).await;
    assert_eq!(members(&later), members(&first), "it has been failing since the first time");

    bench.pass(1);
    bench.resume(later, None).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["a= closed"]);
    assert_eq!(bench.queue.take(), []);
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_socket_that_failed_twice_is_not_closed_however_long_its_message_lay_in_the_queue() {
    let bench = Bench::new();
    let slow = bench.open("a=", 0).await;
    bench.gateway.put(&slow.id, Mood::Slow);
    bench.publish(&Group::Feed).await.unwrap();
    let first = bench.only_piece();
    bench.pass(3600);
    let later = bench.fails(first, 1).await;
    bench.gateway.cheer(&slow.id);
    bench.resume(later, None).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["a= hello"]);
}

#[tokio::test]
async fn a_socket_that_cannot_be_ended_now_is_not_forgotten_either() {
    let bench = Bench::new();
    let connection = bench.open("a=", 7).await;
    let keys = bench.table.keys().await;
    bench.gateway.put(&connection.id, Mood::Busy);
    bench.layer.close(&connection.id, Close::SessionEnded).await.unwrap_err();
    assert_eq!(bench.table.keys().await, keys);
    bench.gateway.put(&connection.id, Mood::Gone);
    bench.pass(30);
    bench.layer.close(&connection.id, Close::SessionEnded).await.unwrap();
    assert_eq!(bench.table.keys().await, Vec::<String>::new());
}

#[tokio::test]
async fn sockets_that_failed_together_for_30_s_are_told_apart_before_any_is_closed() {
    let bench = Bench::new();
    for id in ["a=", "b="] {
        let connection = bench.open(id, 0).await;
        bench.gateway.put(&connection.id, Mood::Busy);
    }
    bench.open("c=", 0).await;
    bench.publish(&Group::Feed).await.unwrap();
    let together = bench.only_piece();
    let since = members(&together).1;
    let together = bench.fails(together, 3).await;
    bench.pass(30);
    bench.resume(together, None).await.unwrap();
    let mut apart = bench.queue.take_pieces(1..=5);
    apart.sort_by_key(|piece| members(piece).0.to_vec());
    let apart: Vec<_> = apart.iter().map(members).collect();
    assert_eq!(apart, [(vec!["0#a=#f".to_owned()], since), (vec!["0#b=#f".to_owned()], since)]);
}

#[tokio::test]
async fn when_nothing_gets_through_it_is_no_sockets_fault() {
    let bench = Bench::new();
    for connection in bench.open_many(270).await {
        bench.gateway.put(&connection.id, Mood::Busy);
    }
    bench.publish(&Group::Feed).await.unwrap();
    let pieces = bench.queue.take_pieces(1..=5);
    let sizes: Vec<_> = pieces.iter().map(members).map(|(rows, since)| (rows.len(), since)).collect();
    assert_eq!(sizes, [(250, None), (20, None)]);
}

#[tokio::test]
async fn three_hundred_sockets_are_written_to_by_whoever_has_the_message_and_64_together() {
    let bench = Bench::new();
    bench.open_many(300).await;
    bench.publish(&Group::Feed).await.unwrap();
    assert_eq!(bench.gateway.take_done().len(), 300);
    assert_eq!(bench.queue.take(), []);
    let most = bench.gateway.under_way.lock().unwrap().1;
    assert_eq!(most, 64, "many together, and no more");
}

#[tokio::test]
async fn more_than_three_hundred_sockets_become_one_job_that_is_split_into_pieces() {
    let bench = Bench::new();
    bench.open_many(1301).await;
    bench.publish(&Group::Feed).await.unwrap();
    assert_eq!(*bench.gateway.asked.lock().unwrap(), 0, "nothing is sent before the queue has it");
    let whole = bench.queue.take_pieces(0..=0);
    assert_eq!(whole, [piece(&Rest::Group { group: Group::Feed, after: None })]);

    bench.resume(whole[0].clone(), None).await.unwrap();
    let pieces = bench.queue.take_pieces(0..=0);
    assert!(pieces.iter().all(|piece| members(piece).0.len() <= 250));
    for piece in pieces {
        bench.resume(piece, None).await.unwrap();
    }
    let mut done = bench.gateway.take_done();
    done.dedup();
    assert_eq!(done.len(), 1301);
}

#[tokio::test]
async fn the_feeds_rows_lie_in_four_partitions() {
    let bench = Bench::new();
    bench.open_many(64).await;
    let partitions: std::collections::BTreeSet<_> = bench
        .table
        .keys()
        .await
        .iter()
        .filter_map(|key| key.strip_prefix("GROUP#feed#").map(|rest| rest[..1].to_owned()))
        .collect();
    assert_eq!(partitions.into_iter().collect::<Vec<_>>(), ["0", "1", "2", "3"]);
}

#[tokio::test]
async fn one_refused_post_does_not_keep_the_others_from_theirs_but_is_told() {
    let bench = Bench::new();
    let refused = bench.open("a=", 0).await;
    bench.open("b=", 0).await;
    bench.gateway.put(&refused.id, Mood::Forbidden);
    bench.publish(&Group::Feed).await.unwrap_err();
    assert_eq!(bench.gateway.take_done(), ["b= hello"]);
}

#[tokio::test]
async fn a_worker_that_has_to_stop_leaves_the_rest_to_the_queue_as_one_job() {
    let bench = Bench::at(100);
    bench.open_many(90).await;
    bench.publish(&Group::Feed).await.unwrap();
    bench.gateway.take_done();
    bench.pass(60);
    let rows: Vec<_> = (0..90).map(|number| format!("0#socket{number:09}=#f")).collect();
    let part = piece(&Rest::Members {
        group: Group::Feed,
        rows: rows.iter().cloned().map(GroupRow).collect(),
        failing: Some(Failing { since: 7, times: 3 }),
    });
    // Half a second is free, and a tenth of a second is ten turns.
    let until = bench.clock.now().plus(Duration::from_millis(100));
    bench.resume(part, Some(until)).await.unwrap();
    assert!(bench.clock.now() < until);
    let sent = bench.gateway.take_done();
    assert_eq!(sent.len(), 60);
    let left = bench.queue.take_pieces(0..=0);
    let [left] = left.as_slice() else { panic!("{left:?}") };
    let (left_rows, since) = members(left);
    assert_eq!((left_rows.len(), since), (30, Some(7)));
    let reached = |row: &String| sent.contains(&format!("{} hello", &row[2..row.len() - 2]));
    assert!(rows.iter().all(|row| reached(row) != left_rows.contains(row)), "each is sent to or left");

    bench.resume(left.clone(), None).await.unwrap();
    assert_eq!(bench.gateway.take_done().len(), 30);
}

#[tokio::test]
async fn a_publish_that_takes_longer_than_ten_seconds_goes_on_by_way_of_the_queue() {
    let bench = Bench::at(2);
    bench.open_many(30).await;
    let began = bench.clock.now();
    bench.publish(&Group::Feed).await.unwrap();
    assert!(bench.clock.now().since(began) < Duration::from_secs(10));
    let left: Vec<_> = bench.queue.take_pieces(0..=0);
    let left: usize = left.iter().map(|piece| members(piece).0.len()).sum();
    assert_eq!(bench.gateway.take_done().len() + left, 30);
    assert!(left > 0);
}

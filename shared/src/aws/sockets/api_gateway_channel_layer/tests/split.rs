//! A group that is too large for one worker, and a worker that does not come to its end.

use super::super::*;
use super::bench::*;
use crate::ports::Job;
use crate::store::GroupRow;

/// Splits until nothing is left to be split, each time with that deadline; answers how many calls it took.
async fn split_all(bench: &Bench, piece: FanOut, until: Timestamp) -> (usize, Vec<GroupRow>) {
    let (mut whole, mut rows, mut calls) = (Some(piece), Vec::new(), 0);
    while let Some(piece) = whole.take() {
        bench.resume(piece, Some(until)).await.unwrap();
        calls += 1;
        for piece in bench.queue.take_pieces(0..=0) {
            match rest(&piece) {
                Rest::Group { .. } => assert_eq!(whole.replace(piece), None, "one job for the rest"),
                Rest::Members { rows: some, .. } => rows.extend(some),
                Rest::Socket { .. } | Rest::End { .. } => panic!("nobody asked for this: {piece:?}"),
            }
        }
    }
    (calls, rows)
}

#[tokio::test]
async fn a_split_that_has_to_stop_leaves_the_rest_as_one_job_and_repeats_nothing() {
    for (group, calls) in [(Group::Feed, 4), (Group::Room(kino()), 3)] {
        let bench = Bench::new();
        for connection in bench.open_many(2500).await {
            bench.layer.join(&group, &connection, None).await.unwrap();
        }
        let part = piece(&Rest::Group { group, after: None });
        let (made, mut rows) = split_all(&bench, part.clone(), bench.clock.now()).await;
        assert_eq!((made, rows.len()), (calls, 2500), "a page each");
        rows.sort();
        rows.dedup();
        assert_eq!(rows.len(), 2500);
        let later = bench.clock.now().plus(Duration::from_secs(1));
        assert_eq!(split_all(&bench, part, later).await.0, 1, "there is time for all of it");
    }
}

#[tokio::test]
async fn a_split_goes_on_though_the_row_where_it_stopped_has_left() {
    let bench = Bench::new();
    let connections = bench.open_many(1500).await;
    let room = Group::Room(kino());
    for connection in &connections {
        bench.layer.join(&room, connection, None).await.unwrap();
    }
    let part = piece(&Rest::Group { group: room.clone(), after: None });
    bench.resume(part, Some(bench.clock.now())).await.unwrap();
    let rest = bench.queue.take_pieces(0..=0).pop().unwrap();
    let last = GroupRow::of(&connections[999]);
    assert_eq!(rest, piece(&Rest::Group { group: room.clone(), after: Some(last) }));
    bench.layer.leave(&room, &connections[999]).await.unwrap();
    let (_, rows) = split_all(&bench, rest, bench.clock.now()).await;
    let expected: Vec<_> = connections[1000..].iter().map(GroupRow::of).collect();
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn a_split_that_fails_on_the_way_leaves_the_rest_and_one_that_fails_at_once_fails() {
    let bench = Bench::new();
    let connections = bench.open_many(1500).await;
    let room = Group::Room(kino());
    for connection in &connections {
        bench.layer.join(&room, connection, None).await.unwrap();
    }
    let part = piece(&Rest::Group { group: room.clone(), after: None });
    bench.queue.takes([true, false]);
    bench.resume(part.clone(), None).await.unwrap();
    let mut left: Vec<_> = bench.queue.take();
    let (rest, delay) = left.pop().unwrap();
    assert!(delay >= Duration::from_secs(1), "not at once");
    let after = Some(GroupRow::of(&connections[999]));
    let expected = piece(&Rest::Group { group: room, after });
    assert_eq!((left.len(), rest), (4, Job::FanOut { piece: expected }));

    bench.queue.takes([false]);
    bench.resume(part.clone(), None).await.unwrap_err();
    bench.queue.takes([true, false, false]);
    bench.resume(part, None).await.unwrap_err();
}

//! A group that is too large for one worker, and a worker that does not come to its end.

use super::super::*;
use super::house::*;
use crate::ports::Job;

/// Splits until nothing is left to be split, each time with that deadline; answers how many calls it took.
async fn split_all(house: &House, piece: FanOut, until: Timestamp) -> (usize, Vec<String>) {
    let (mut whole, mut rows, mut calls) = (Some(piece), Vec::new(), 0);
    while let Some(piece) = whole.take() {
        house.layer.fan_out(piece, Some(until)).await.unwrap();
        calls += 1;
        for piece in house.queue.take_pieces(0..=0) {
            match &piece {
                FanOut::Group { .. } => assert_eq!(whole.replace(piece), None, "one job for the rest"),
                FanOut::Sockets { rows: some, .. } => rows.extend(some.iter().cloned()),
            }
        }
    }
    (calls, rows)
}

#[tokio::test]
async fn a_split_that_has_to_stop_leaves_the_rest_as_one_job_and_repeats_nothing() {
    for (group, calls) in [(Group::Feed, 4), (Group::Room("kino".parse().unwrap()), 3)] {
        let house = House::new();
        for connection in house.open_many(2500).await {
            house.layer.join(&group, &connection).await.unwrap();
        }
        let piece = FanOut::Group { group, frame: frame(), after: None };
        let (made, mut rows) = split_all(&house, piece.clone(), house.clock.now()).await;
        assert_eq!((made, rows.len()), (calls, 2500), "a page each");
        rows.sort();
        rows.dedup();
        assert_eq!(rows.len(), 2500);
        let later = house.clock.now().plus(Duration::from_secs(1));
        assert_eq!(split_all(&house, piece, later).await.0, 1, "there is time for all of it");
    }
}

#[tokio::test]
async fn a_split_goes_on_though_the_row_where_it_stopped_has_left() {
    let house = House::new();
    let connections = house.open_many(1500).await;
    let room = Group::Room("kino".parse().unwrap());
    for connection in &connections {
        house.layer.join(&room, connection).await.unwrap();
    }
    let piece = FanOut::Group { group: room.clone(), frame: frame(), after: None };
    house.layer.fan_out(piece, Some(house.clock.now())).await.unwrap();
    let rest = house.queue.take_pieces(0..=0).pop().unwrap();
    let last = GroupRow::of(&connections[999]).0;
    assert_eq!(rest, FanOut::Group { group: room.clone(), frame: frame(), after: Some(last) });
    house.layer.leave(&room, &connections[999]).await.unwrap();
    let (_, rows) = split_all(&house, rest, house.clock.now()).await;
    let expected: Vec<_> = connections[1000..].iter().map(|connection| GroupRow::of(connection).0).collect();
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn a_split_that_fails_on_the_way_leaves_the_rest_and_one_that_fails_at_once_fails() {
    let house = House::new();
    let connections = house.open_many(1500).await;
    let room = Group::Room("kino".parse().unwrap());
    for connection in &connections {
        house.layer.join(&room, connection).await.unwrap();
    }
    let piece = FanOut::Group { group: room.clone(), frame: frame(), after: None };
    house.queue.takes([true, false]);
    house.layer.fan_out(piece.clone(), None).await.unwrap();
    let mut left: Vec<_> = house.queue.take();
    let (rest, delay) = left.pop().unwrap();
    assert!(delay >= Duration::from_secs(1), "not at once");
    let after = Some(GroupRow::of(&connections[999]).0);
    let expected = FanOut::Group { group: room, frame: frame(), after };
    assert_eq!((left.len(), rest), (10, Job::FanOut { piece: expected }));

    house.queue.takes([false]);
    house.layer.fan_out(piece.clone(), None).await.unwrap_err();
    house.queue.takes([true, false, false]);
    house.layer.fan_out(piece, None).await.unwrap_err();
}

#[test]
fn a_job_that_an_earlier_version_queued_is_understood() {
    let piece: FanOut = serde_json::from_str(r#"{"group":{"group":"feed","frame":"hello"}}"#).unwrap();
    assert_eq!(piece, FanOut::Group { group: Group::Feed, frame: frame(), after: None });
}

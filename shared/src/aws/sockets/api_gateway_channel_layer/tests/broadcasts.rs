//! Copies for the person whose doing it is, and events that the queue knows by their names.

use super::super::*;
use super::bench::*;
use crate::ports::{Content, Own, OwnCopy, Source};
use crate::protocol::{Dialect, Frames};

fn room() -> Group {
    Group::Room(kino())
}

/// What person 7 said on a socket: `mine` for them, `hello` for the others.
fn said_on(id: &str) -> Broadcast {
    let copy = OwnCopy::Frames(Frames::same(Frame::new("mine").unwrap()));
    let connection = Some((id.parse().unwrap(), Dialect::Feed));
    Broadcast { own: Some(Own { user: UserId(7), copy, connection }), ..hello() }
}

#[tokio::test]
async fn of_a_large_group_ones_own_sockets_get_their_copy_once_the_queue_has_the_rest() {
    let bench = Bench::new();
    for connection in bench.open_many(400).await {
        bench.layer.join(&room(), &connection, None).await.unwrap();
    }
    for id in ["own=", "other="] {
        bench.layer.join(&room(), &bench.open(id, 7).await, None).await.unwrap();
    }
    let broadcast = said_on("own=");
    bench.layer.publish(&room(), &broadcast).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["other= mine", "own= mine"]);
    let whole = bench.queue.take_pieces(0..=0).pop().unwrap();
    bench.layer.resume(whole, &broadcast, None).await.unwrap();
    for part in bench.queue.take_pieces(0..=0) {
        bench.layer.resume(part, &broadcast, None).await.unwrap();
    }
    let done = bench.gateway.take_done();
    assert_eq!(done.len(), 400);
    assert!(done.iter().all(|post| post.ends_with("= hello")), "nobody gets it twice");
}

#[tokio::test]
async fn of_a_large_group_that_the_queue_does_not_take_nobody_gets_anything() {
    let bench = Bench::new();
    for connection in bench.open_many(301).await {
        bench.layer.join(&room(), &connection, None).await.unwrap();
    }
    bench.layer.join(&room(), &bench.open("own=", 7).await, None).await.unwrap();
    bench.queue.takes([false]);
    bench.layer.publish(&room(), &said_on("own=")).await.unwrap_err();
    assert_eq!(bench.gateway.take_done(), Vec::<String>::new());
}

#[tokio::test]
async fn a_socket_that_asked_and_is_no_member_gets_its_copy_later_if_it_cannot_take_it_now() {
    for mood in [Mood::Busy, Mood::Gone] {
        let bench = Bench::new();
        let asking = bench.open("own=", 7).await;
        bench.gateway.put(&asking.id, mood);
        let broadcast = said_on("own=");
        bench.layer.publish(&room(), &broadcast).await.unwrap();
        let part = bench.only_piece();
        bench.gateway.cheer(&asking.id);
        bench.layer.resume(part, &broadcast, None).await.unwrap();
        assert_eq!(bench.gateway.take_done(), ["own= mine"], "{mood:?}");
        assert_eq!(bench.queue.take(), []);
    }
}

#[tokio::test]
async fn a_socket_that_keeps_failing_alone_is_closed_though_it_is_no_member() {
    let bench = Bench::new();
    let asking = bench.open("own=", 7).await;
    bench.gateway.put(&asking.id, Mood::Slow);
    let broadcast = said_on("own=");
    bench.layer.publish(&room(), &broadcast).await.unwrap();
    bench.pass(30);
    for _ in 0..4 {
        bench.layer.resume(bench.only_piece(), &broadcast, None).await.unwrap();
    }
    assert_eq!(bench.gateway.take_done(), ["own= closed"]);
    assert_eq!(bench.layer.find(&asking.id).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_stored_waits_by_its_name_and_goes_out_as_it_is_by_then() {
    let bench = Bench::new();
    let busy = bench.open("a=", 9).await;
    bench.layer.join(&room(), &busy, None).await.unwrap();
    bench.gateway.put(&busy.id, Mood::Busy);
    let source = Source::Event { room: kino(), id: 58 };
    bench.layer.publish(&room(), &hello().stored_as(source.clone())).await.unwrap();
    let part = bench.only_piece();
    assert_eq!(part.content, Content::Stored(source));
    assert!(!serde_json::to_string(&part).unwrap().contains("hello"), "no text waits in the queue");
    bench.gateway.cheer(&busy.id);
    let edited = Broadcast::same(Frame::new("edited").unwrap());
    bench.layer.resume(part, &edited, None).await.unwrap();
    assert_eq!(bench.gateway.take_done(), ["a= edited"]);
}

#[tokio::test]
async fn a_socket_in_whose_dialect_there_is_nothing_to_say_is_not_posted_to() {
    let bench = Bench::new();
    bench.open("a=", 0).await;
    let frames = Frames::only(Dialect::Watch, frame());
    bench.layer.publish(&Group::Feed, &Broadcast::new(frames)).await.unwrap();
    assert_eq!(*bench.gateway.asked.lock().unwrap(), 0);
}

#[tokio::test]
async fn what_another_adapter_left_in_the_queue_is_refused() {
    let bench = Bench::new();
    let foreign =
        FanOut { content: hello().content(), rest: serde_json::json!({ "shard": 7 }), inbox_of: None };
    bench.layer.resume(foreign, &hello(), None).await.unwrap_err();
}

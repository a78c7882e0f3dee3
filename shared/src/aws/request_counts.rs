//! What things cost, counted at the ports: the numbers of `cargo xtask cost` are these.

mod bench;
mod bucket;
mod expected;
mod media;
mod ports;
mod rooms;

use bench::Bench;
use expected::Counts;
use serde_json::json;

use crate::app;
use crate::inbound::object_event;
use crate::ports::{Broadcast, Consistency, Group, Job};
use crate::protocol::{Frame, Timestamp};

fn hello() -> Broadcast {
    Broadcast::same(Frame::new("hello").unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_handshake() {
    let bench = Bench::new();
    assert_eq!(bench.count(bench.connect("a=", None)).await, expected::requests("connect_anonymous"));
    let token = bench.sign_in(7).await;
    assert_eq!(bench.count(bench.connect("b=", Some(&token))).await, expected::requests("connect_signed_in"));
}

#[tokio::test(start_paused = true)]
async fn a_handshake_with_a_jwt() {
    let bench = Bench::new();
    let jwt = app::sign_in_guest(&bench.app, "Ann").await.unwrap().access_token;
    let bench = bench.restarted();
    let first = bench.count(bench.connect("a=", Some(&jwt))).await;
    assert_eq!(first, expected::requests("connect_first_jwt"));
    app::disconnect(&bench.app, &"a=".parse().unwrap()).await.unwrap();
    assert_eq!(bench.count(bench.connect("b=", Some(&jwt))).await, expected::requests("connect_signed_in"));
}

#[tokio::test(start_paused = true)]
async fn a_greeting() {
    let bench = Bench::new();
    bench.connect("first=", None).await;
    let first = bench.count(bench.work_off()).await;
    assert_eq!(first, expected::requests("welcome_first"));
    bench.connect("a=", None).await;
    assert_eq!(bench.count(bench.greet("a=")).await, expected::requests("welcome_anonymous"));
    let token = bench.sign_in(7).await;
    bench.connect("b=", Some(&token)).await;
    assert_eq!(bench.count(bench.greet("b=")).await, expected::requests("welcome_signed_in"));
}

#[tokio::test(start_paused = true)]
async fn a_disconnect() {
    let bench = Bench::new();
    let token = bench.sign_in(7).await;
    bench.connect("a=", None).await;
    bench.connect("b=", Some(&token)).await;
    let leave = async |id: &str| app::disconnect(&bench.app, &id.parse().unwrap()).await.unwrap();
    assert_eq!(bench.count(leave("a=")).await, expected::requests("disconnect_anonymous"));
    assert_eq!(bench.count(leave("b=")).await, expected::requests("disconnect_signed_in"));
}

#[tokio::test(start_paused = true)]
async fn a_message_to_a_group() {
    let sizes =
        [(1, "publish_to_1"), (10, "publish_to_10"), (100, "publish_to_100"), (1000, "publish_to_1000")];
    for (members, name) in sizes {
        assert_counted_to(members, name).await;
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "a hundred thousand members take a minute: `cargo xtask e2e adapters`"]
async fn a_message_to_the_largest_groups() {
    for (members, name) in [(10_000, "publish_to_10000"), (100_000, "publish_to_100000")] {
        assert_counted_to(members, name).await;
    }
}

async fn assert_counted_to(members: u64, name: &str) {
    let bench = Bench::new();
    let room = Group::Room("kino".parse().unwrap());
    bench.fill(&room, members).await;
    let publish = async {
        bench.app.ports.sender.publish(&room, &hello()).await.unwrap();
        bench.work_off().await;
    };
    assert_eq!(bench.count(publish).await, expected::requests(name), "{members} members");
}

#[tokio::test(start_paused = true)]
async fn a_fan_out_that_is_cut_off() {
    let bench = Bench::new();
    let room = Group::Room("kino".parse().unwrap());
    bench.fill(&room, 2000).await;
    let split = async |until| {
        bench.app.ports.sender.publish(&room, &hello()).await.unwrap();
        bench.work_off_until(until).await;
    };
    let whole = bench.count(split(None)).await;
    let cut_off = bench.count(split(Some(bench.app.ports.clock.now()))).await;
    let Counts { queue_requests, queue_messages, rounds, .. } = whole;
    let more =
        Counts { queue_requests: queue_requests + 1, queue_messages: queue_messages + 1, rounds, ..whole };
    assert_eq!(Counts { rounds, ..cut_off }, more, "a message, and nothing twice");
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat() {
    let bench = Bench::new();
    bench.fill(&Group::Feed, 10).await;
    let at = Timestamp::from_secs(bench.app.ports.clock.now().as_secs() / 10 * 10);
    let tick = async || app::run_job(&bench.app, Job::Tick { at }, None).await.unwrap();
    assert_eq!(bench.count(tick()).await, expected::requests("tick_to_10"));
    assert_eq!(bench.count(app::every_minute(&bench.app)).await, expected::requests("minute_with_listeners"));
    let deserted = Bench::new();
    assert_eq!(
        deserted.count(app::every_minute(&deserted.app)).await,
        expected::requests("minute_without_listeners")
    );
}

#[tokio::test(start_paused = true)]
async fn a_dropped_text() {
    let bench = Bench::new();
    bench.fill(&Group::Feed, 10).await;
    let event = json!({ "Records": [{ "eventName": "ObjectCreated:Put", "s3": { "object": {
        "key": "messages/hello+all.txt", "versionId": "v1", "eTag": "e", "sequencer": "1",
    } } }] });
    let drop = async { object_event::handle(&bench.app, event).await.unwrap() };
    assert_eq!(bench.count(drop).await, expected::requests("drop_to_10"));
}

/// As DynamoDB measures them: names and values of all attributes, the keys' included.
#[tokio::test]
async fn rows_are_as_small_as_they_are_said_to_be() {
    let bench = Bench::new();
    let token = bench.sign_in(7).await;
    bench.connect("TXzPWdnOjoECGjA=", Some(&token)).await;
    let mut sizes = Vec::new();
    for (pk, sk) in [("GROUP#feed#1", "7#TXzPWdnOjoECGjA=#f"), ("CONN#TXzPWdnOjoECGjA=", "META")] {
        let key = crate::ports::Key { pk: pk.into(), sk: sk.into() };
        let item = bench.app.ports.table.get(&key, Consistency::Strong).await.unwrap().expect(pk);
        sizes.push(ports::size(&item));
    }
    assert_eq!(sizes, [expected::bytes("group_row"), expected::bytes("connection_row")]);
}

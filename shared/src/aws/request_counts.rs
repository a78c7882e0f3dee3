//! What things cost, counted at the ports: the numbers of `cargo xtask cost` are these.

mod bucket;
mod expected;
mod house;
mod media;
mod ports;
mod rooms;

use expected::Counts;
use house::House;
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
    let house = House::new();
    assert_eq!(house.count(house.connect("a=", None)).await, expected::requests("connect_anonymous"));
    let token = house.sign_in(7).await;
    assert_eq!(house.count(house.connect("b=", Some(&token))).await, expected::requests("connect_signed_in"));
}

#[tokio::test(start_paused = true)]
async fn a_handshake_with_a_jwt() {
    let house = House::new();
    let jwt = app::sign_in_guest(&house.app, "Ann").await.unwrap().access_token;
    let house = house.restarted();
    let first = house.count(house.connect("a=", Some(&jwt))).await;
    assert_eq!(first, expected::requests("connect_first_jwt"));
    assert_eq!(house.count(house.connect("b=", Some(&jwt))).await, expected::requests("connect_signed_in"));
}

#[tokio::test(start_paused = true)]
async fn a_greeting() {
    let house = House::new();
    house.connect("first=", None).await;
    let first = house.count(house.work_off()).await;
    assert_eq!(first, expected::requests("welcome_first"));
    house.connect("a=", None).await;
    assert_eq!(house.count(house.greet("a=")).await, expected::requests("welcome_anonymous"));
    let token = house.sign_in(7).await;
    house.connect("b=", Some(&token)).await;
    assert_eq!(house.count(house.greet("b=")).await, expected::requests("welcome_signed_in"));
}

#[tokio::test(start_paused = true)]
async fn a_disconnect() {
    let house = House::new();
    let token = house.sign_in(7).await;
    house.connect("a=", None).await;
    house.connect("b=", Some(&token)).await;
    let leave = async |id: &str| app::disconnect(&house.app, &id.parse().unwrap()).await.unwrap();
    assert_eq!(house.count(leave("a=")).await, expected::requests("disconnect_anonymous"));
    assert_eq!(house.count(leave("b=")).await, expected::requests("disconnect_signed_in"));
}

#[tokio::test(start_paused = true)]
async fn a_message_to_a_group() {
    let sizes =
        [(1, "publish_to_1"), (10, "publish_to_10"), (100, "publish_to_100"), (1000, "publish_to_1000")];
    for (members, name) in sizes {
        let house = House::new();
        let room = Group::Room("kino".parse().unwrap());
        house.fill(&room, members).await;
        let publish = async {
            house.app.ports.sender.publish(&room, &hello()).await.unwrap();
            house.work_off().await;
        };
        assert_eq!(house.count(publish).await, expected::requests(name), "{members} members");
    }
}

#[tokio::test(start_paused = true)]
async fn a_fan_out_that_is_cut_off() {
    let house = House::new();
    let room = Group::Room("kino".parse().unwrap());
    house.fill(&room, 2000).await;
    let split = async |until| {
        house.app.ports.sender.publish(&room, &hello()).await.unwrap();
        house.work_off_until(until).await;
    };
    let whole = house.count(split(None)).await;
    let cut_off = house.count(split(Some(house.app.ports.clock.now()))).await;
    let Counts { queue_requests, queue_messages, rounds, .. } = whole;
    let more =
        Counts { queue_requests: queue_requests + 1, queue_messages: queue_messages + 1, rounds, ..whole };
    assert_eq!(Counts { rounds, ..cut_off }, more, "a message, and nothing twice");
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat() {
    let house = House::new();
    house.fill(&Group::Feed, 10).await;
    let at = Timestamp::from_secs(house.app.ports.clock.now().as_secs() / 10 * 10);
    let tick = async || app::run_job(&house.app, Job::Tick { at }, None).await.unwrap();
    assert_eq!(house.count(tick()).await, expected::requests("tick_to_10"));
    assert_eq!(house.count(app::every_minute(&house.app)).await, expected::requests("minute_with_listeners"));
    let deserted = House::new();
    assert_eq!(
        deserted.count(app::every_minute(&deserted.app)).await,
        expected::requests("minute_without_listeners")
    );
}

#[tokio::test(start_paused = true)]
async fn a_dropped_text() {
    let house = House::new();
    house.fill(&Group::Feed, 10).await;
    let event = json!({ "Records": [{ "eventName": "ObjectCreated:Put", "s3": { "object": {
        "key": "messages/hello+all.txt", "versionId": "v1", "eTag": "e", "sequencer": "1",
    } } }] });
    let drop = async { object_event::handle(&house.app, event).await.unwrap() };
    assert_eq!(house.count(drop).await, expected::requests("drop_to_10"));
}

/// As DynamoDB measures them: names and values of all attributes, the keys' included.
#[tokio::test]
async fn rows_are_as_small_as_they_are_said_to_be() {
    let house = House::new();
    let token = house.sign_in(7).await;
    house.connect("TXzPWdnOjoECGjA=", Some(&token)).await;
    let mut sizes = Vec::new();
    for (pk, sk) in [("GROUP#feed#1", "7#TXzPWdnOjoECGjA=#f"), ("CONN#TXzPWdnOjoECGjA=", "META")] {
        let key = crate::ports::Key { pk: pk.into(), sk: sk.into() };
        let item = house.app.ports.table.get(&key, Consistency::Strong).await.unwrap().expect(pk);
        sizes.push(ports::size(&item));
    }
    assert_eq!(sizes, [expected::bytes("group_row"), expected::bytes("connection_row")]);
}

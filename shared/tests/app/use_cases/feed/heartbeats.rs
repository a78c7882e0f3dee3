//! Heartbeats: planned ahead, sent once, and none for nobody.

use std::time::Duration;

use parlor::app::{self, App, Settings};
use parlor::ports::Clock as _;
use parlor::protocol::Timestamp;
use parlor::store::HeartbeatPlan;

use crate::use_cases::house::*;

#[tokio::test]
async fn nobody_is_no_reason_for_a_heartbeat() {
    let house = House::new();
    app::every_minute(&house.app).await.unwrap();
    assert_eq!(house.jobs.take(), []);
}

#[tokio::test]
async fn the_first_listener_starts_the_beats_and_every_minute_adds_six() {
    let house = House::new();
    let _sent = house.connect("one=", None).await;
    house.run(house.jobs.take()).await;
    let ticks = house.jobs.ticks();
    assert_eq!(ticks[0], (1_000_000_010, 5), "the next full ten seconds");
    assert_eq!((ticks.len(), ticks[11].1), (12, 115));
    let _other = house.connect("two=", None).await;
    house.run(house.jobs.take()).await;
    assert_eq!(house.jobs.ticks(), [], "they are planned already");
    house.clock.advance(Duration::from_secs(60));
    app::every_minute(&house.app).await.unwrap();
    let more: Vec<i64> = house.jobs.ticks().into_iter().map(|(slot, _)| slot).collect();
    assert_eq!(more, (13..=18).map(|n| 1_000_000_000 + 10 * n).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_beat_is_sent_once_by_whoever_wins_its_slot_and_never_late() {
    let house = House::new();
    let mut sent = house.connect("one=", None).await;
    let tick = async |at| app::tick(&house.app, Timestamp::from_secs(at)).await.unwrap();
    house.clock.set(Timestamp::from_secs(1_000_000_010));
    for _ in 0..3 {
        tick(1_000_000_010).await;
    }
    tick(1_000_000_000).await;
    let all = sent.until("heartbeat").await;
    house.clock.set(Timestamp::from_secs(1_000_000_020));
    tick(1_000_000_020).await;
    let all = all + &sent.until("heartbeat").await;
    assert_eq!(all.matches("[ping] Server heartbeat").count(), 2, "{all:?}");
}

#[tokio::test]
async fn another_interval_on_the_same_store_beats_at_once_and_at_its_own_pace() {
    let mut house = House::new();
    let mut sent = house.connect("one=", None).await;
    house.run(house.jobs.take()).await;
    let old = house.jobs.take();
    app::tick(&house.app, Timestamp::from_secs(1_000_000_010)).await.unwrap();
    sent.until("heartbeat").await;
    house.app = App::new(house.app.ports().clone(), {
        let mut settings = Settings::new("http://localhost");
        settings.heartbeat = Duration::from_secs(60);
        settings
    });
    app::every_minute(&house.app).await.unwrap();
    let new = house.jobs.ticks();
    assert_eq!(new.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1_000_000_020, 1_000_000_080]);
    house.clock.set(Timestamp::from_secs(1_000_000_030));
    for (job, _) in old.into_iter().filter(|(_, delay)| *delay <= Duration::from_secs(30)) {
        app::run_job(&house.app, job, None).await.unwrap();
    }
    let beat = sent.until("heartbeat").await;
    assert_eq!(beat.matches("heartbeat").count(), 1, "the one beat that both intervals share");
}

#[tokio::test]
async fn a_planner_that_dies_is_replaced_when_its_lease_has_ended() {
    let house = House::new();
    let _sent = house.connect("one=", None).await;
    house.jobs.take();
    let plan = HeartbeatPlan { table: &*house.app.ports().table, interval: Duration::from_secs(10) };
    plan.lease(house.clock.now()).await.unwrap();
    app::every_minute(&house.app).await.unwrap();
    assert_eq!(house.jobs.ticks(), [], "somebody is at it");
    house.clock.advance(Duration::from_secs(10));
    app::every_minute(&house.app).await.unwrap();
    assert_eq!(house.jobs.ticks().len(), 12);
}

#[tokio::test]
async fn a_queue_that_fails_leaves_the_beats_to_be_planned_again() {
    let house = House::new();
    let _sent = house.connect("one=", None).await;
    let welcome = house.jobs.take();
    house.run_in_vain(&welcome[0].0).await;
    app::every_minute(&house.app).await.unwrap();
    assert_eq!(house.jobs.ticks().len(), 12);
}

//! Heartbeats: planned ahead, sent once, and none for nobody.

use std::time::Duration;

use parlor::app::{self, App, Settings};
use parlor::ports::Clock as _;
use parlor::protocol::Timestamp;
use parlor::store::HeartbeatPlan;

use crate::use_cases::bench::*;

#[tokio::test]
async fn nobody_is_no_reason_for_a_heartbeat() {
    let bench = Bench::new();
    app::every_minute(&bench.app).await.unwrap();
    assert_eq!(bench.jobs.take(), []);
}

#[tokio::test]
async fn the_first_listener_starts_the_beats_and_every_minute_adds_six() {
    let bench = Bench::new();
    let _sent = bench.connect("one=", None).await;
    bench.run(bench.jobs.take()).await;
    let ticks = bench.jobs.ticks();
    assert_eq!(ticks[0], (1_000_000_010, 5), "the next full ten seconds");
    assert_eq!((ticks.len(), ticks[11].1), (12, 115));
    let _other = bench.connect("two=", None).await;
    bench.run(bench.jobs.take()).await;
    assert_eq!(bench.jobs.ticks(), [], "they are planned already");
    bench.clock.advance(Duration::from_secs(60));
    app::every_minute(&bench.app).await.unwrap();
    let more: Vec<i64> = bench.jobs.ticks().into_iter().map(|(slot, _)| slot).collect();
    assert_eq!(more, (13..=18).map(|n| 1_000_000_000 + 10 * n).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_beat_is_sent_once_by_whoever_wins_its_slot_and_never_late() {
    let bench = Bench::new();
    let mut sent = bench.connect("one=", None).await;
    let tick = async |at| app::tick(&bench.app, Timestamp::from_secs(at)).await.unwrap();
    bench.clock.set(Timestamp::from_secs(1_000_000_010));
    for _ in 0..3 {
        tick(1_000_000_010).await;
    }
    tick(1_000_000_000).await;
    let all = sent.until("heartbeat").await;
    bench.clock.set(Timestamp::from_secs(1_000_000_020));
    tick(1_000_000_020).await;
    let all = all + &sent.until("heartbeat").await;
    assert_eq!(all.matches("[ping] Server heartbeat").count(), 2, "{all:?}");
}

#[tokio::test]
async fn another_interval_on_the_same_store_beats_at_once_and_at_its_own_pace() {
    let mut bench = Bench::new();
    let mut sent = bench.connect("one=", None).await;
    bench.run(bench.jobs.take()).await;
    let old = bench.jobs.take();
    app::tick(&bench.app, Timestamp::from_secs(1_000_000_010)).await.unwrap();
    sent.until("heartbeat").await;
    bench.app = App::new(bench.app.ports().clone(), {
        let mut settings = Settings::new("http://localhost");
        settings.heartbeat = Duration::from_secs(60);
        settings
    });
    app::every_minute(&bench.app).await.unwrap();
    let new = bench.jobs.ticks();
    assert_eq!(new.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1_000_000_020, 1_000_000_080]);
    bench.clock.set(Timestamp::from_secs(1_000_000_030));
    for (job, _) in old.into_iter().filter(|(_, delay)| *delay <= Duration::from_secs(30)) {
        app::run_job(&bench.app, job, None).await.unwrap();
    }
    let beat = sent.until("heartbeat").await;
    assert_eq!(beat.matches("heartbeat").count(), 1, "the one beat that both intervals share");
}

#[tokio::test]
async fn a_planner_that_dies_is_replaced_when_its_lease_has_ended() {
    let bench = Bench::new();
    let _sent = bench.connect("one=", None).await;
    bench.jobs.take();
    let plan = HeartbeatPlan { table: &*bench.app.ports().table, interval: Duration::from_secs(10) };
    plan.lease(bench.clock.now()).await.unwrap();
    app::every_minute(&bench.app).await.unwrap();
    assert_eq!(bench.jobs.ticks(), [], "somebody is at it");
    bench.clock.advance(Duration::from_secs(10));
    app::every_minute(&bench.app).await.unwrap();
    assert_eq!(bench.jobs.ticks().len(), 12);
}

#[tokio::test]
async fn a_queue_that_fails_leaves_the_beats_to_be_planned_again() {
    let bench = Bench::new();
    let _sent = bench.connect("one=", None).await;
    let welcome = bench.jobs.take();
    bench.run_in_vain(&welcome[0].0).await;
    app::every_minute(&bench.app).await.unwrap();
    assert_eq!(bench.jobs.ticks().len(), 12);
}

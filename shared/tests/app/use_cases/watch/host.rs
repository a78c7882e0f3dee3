//! The host vanishes, and comes back or doesn't.

use std::sync::Arc;
use std::time::Duration;

use parlor::app;
use parlor::embedded::SqliteTable;
use parlor::ports::{Clock as _, Job};
use parlor::protocol::Timestamp;
use parlor::store::Members;
use parlor::testing::SettableClock;
use serde_json::json;

use super::cinema::Cinema;
use crate::use_cases::bench::Bench;

const GRACE: Duration = Duration::from_secs(30);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_host_who_is_back_in_time_stays_host() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let mut bob = cinema.seated("bob", &bob).await;
    cinema.stand_up(ann).await;
    assert_eq!(bob.hear("HOST_DISCONNECTED").await["grace_seconds"], 30);
    cinema.run_due(GRACE - SECOND).await;
    let _ann = cinema.seated("ann2", &cinema.host).await;
    bob.hear("HOST_RECONNECTED").await;
    cinema.run_due(GRACE * 2).await;
    let heard = bob.heard(&cinema).await;
    assert!(!heard.iter().any(|kind| kind.starts_with("HOST_")), "{heard:?}");
    assert_eq!(cinema.room().await.host, Some(cinema.host.user));
}

/// Leave at 0 s, return at 10, leave at 25: the first absence is no reason at 30.
#[tokio::test]
async fn a_host_who_leaves_again_is_borne_anew() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let _bob = cinema.seated("bob", &bob).await;
    cinema.stand_up(ann).await;
    cinema.run_due(SECOND * 10).await;
    let ann = cinema.seated("ann2", &cinema.host).await;
    cinema.run_due(SECOND * 15).await;
    cinema.stand_up(ann).await;
    cinema.run_due(SECOND * 29).await;
    assert_eq!(cinema.room().await.host, Some(cinema.host.user), "at 54 s");
    cinema.run_due(SECOND * 2).await;
    assert_eq!(cinema.room().await.host, Some(bob.user), "at 56 s");
}

#[tokio::test]
async fn co_hosts_come_before_members_and_guests_last_and_the_longest_present_first() {
    let cinema = Cinema::new().await;
    let (guest, bob) = (cinema.guest("Gil").await, cinema.member("Bob").await);
    let (cher, dan) = (cinema.member("Cher").await, cinema.member("Dan").await);
    cinema.promote(&dan).await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let mut seats = Vec::new();
    for (name, who) in [("gil", &guest), ("bob", &bob), ("cher", &cher), ("dan", &dan)] {
        seats.push(cinema.seated(name, who).await);
        cinema.bench.clock.advance(SECOND);
    }
    cinema.stand_up(ann).await;
    for next in [&dan, &bob, &cher, &guest] {
        cinema.run_due(GRACE + SECOND * 2).await;
        assert_eq!(cinema.room().await.host, Some(next.user));
        let place = seats.iter().position(|seat| seat.connection.user() == Some(next.user)).unwrap();
        let seat = seats.remove(place);
        cinema.stand_up(seat).await;
    }
}

#[tokio::test]
async fn the_new_host_is_told_to_all_and_commands_until_the_owner_is_back() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let mut seat = cinema.seated("bob", &bob).await;
    cinema.stand_up(ann).await;
    cinema.run_due(GRACE).await;
    let changed = seat.hear("HOST_CHANGED").await;
    assert_eq!((&changed["host"], &changed["host_id"]), (&json!("Bob"), &json!(bob.user)));
    assert_eq!(seat.hear("ROOM_PARTICIPANTS").await["host"], "Bob");
    seat.say(&cinema, &json!({"type": "PLAY", "time": 3})).await;
    assert_eq!(seat.hear("PLAYBACK_STATE").await["time"], 3.0);
    let _ann = cinema.seated("ann2", &cinema.host).await;
    assert_eq!(seat.hear("HOST_CHANGED").await["host"], "Ann");
    assert_eq!(seat.hear("ROOM_PARTICIPANTS").await["host"], "Ann");
    // He was a member before, and is one again.
    seat.say(&cinema, &json!({"type": "PAUSE", "time": 3})).await;
    assert_eq!(seat.hear("ERROR").await["code"], "HOST_ONLY");
}

#[tokio::test]
async fn an_empty_room_pauses_and_waits_for_who_comes_next() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 10})).await;
    ann.hear("PLAYBACK_STATE").await;
    cinema.stand_up(ann).await;
    cinema.run_due(GRACE).await;
    let room = cinema.room().await;
    assert_eq!((room.host, room.absence), (Some(cinema.host.user), None));
    let mut seat = cinema.sit_down("bob", &bob).await;
    let state = seat.hear("PLAYBACK_STATE").await;
    assert_eq!(
        (&state["is_playing"], &state["time"], &state["version"]),
        (&json!(false), &json!(40.0), &json!(2))
    );
    seat.hear("HOST_DISCONNECTED").await;
    cinema.run_due(GRACE).await;
    assert_eq!(seat.hear("HOST_CHANGED").await["host"], "Bob");
}

#[tokio::test]
async fn a_host_with_another_socket_in_the_room_is_not_away() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let first = cinema.seated("ann", &cinema.host).await;
    let _second = cinema.seated("ann2", &cinema.host).await;
    let mut seat = cinema.seated("bob", &bob).await;
    cinema.stand_up(first).await;
    cinema.run_due(GRACE * 2).await;
    assert!(!seat.heard(&cinema).await.iter().any(|kind| kind.starts_with("HOST_")));
    assert_eq!(cinema.room().await.absence, None);
}

#[tokio::test]
async fn jobs_that_come_twice_or_late_change_nothing() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let mut seat = cinema.seated("bob", &bob).await;
    cinema.stand_up(ann).await;
    let absence = cinema.room().await.absence.unwrap();
    let until = cinema.bench.clock.now().plus(GRACE);
    let end = Job::EndHostGrace { room: cinema.code.clone(), absence, host: cinema.host.user, until };
    cinema.run_due(GRACE).await;
    seat.hear("HOST_CHANGED").await;
    let look = Job::LookForHost { room: cinema.code.clone() };
    for job in [end.clone(), look.clone(), look, end] {
        app::run_job(&cinema.bench.app, job, None).await.unwrap();
    }
    assert!(!seat.heard(&cinema).await.iter().any(|kind| kind.starts_with("HOST_")));
    assert_eq!(cinema.room().await.host, Some(bob.user));
}

/// A grace that is longer than a job may be delayed is waited for in parts.
#[tokio::test]
async fn a_job_that_comes_too_early_waits_on() {
    let cinema = Cinema::new().await;
    let ann = cinema.seated("ann", &cinema.host).await;
    cinema.stand_up(ann).await;
    let absence = cinema.room().await.absence.unwrap();
    let until = cinema.bench.clock.now().plus(Duration::from_secs(2000));
    let early = Job::EndHostGrace { room: cinema.code.clone(), absence, host: cinema.host.user, until };
    cinema.bench.jobs.take();
    app::run_job(&cinema.bench.app, early.clone(), None).await.unwrap();
    assert_eq!(cinema.bench.jobs.take(), [(early, Duration::from_secs(900))]);
    assert_eq!(cinema.room().await.absence, Some(absence));
}

/// Two processes end the same grace at the same time, and each sees somebody else there.
#[tokio::test]
async fn of_two_candidates_one_becomes_host() {
    for round in 0..8 {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_000)));
        let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
        let here = Cinema::of(Bench::on(table.clone(), clock.clone())).await;
        let there = Cinema {
            bench: Bench::on(table, clock.clone()),
            code: here.code.clone(),
            host: here.host.clone(),
        };
        let (bob, cher) = (here.member("Bob").await, there.member("Cher").await);
        let ann = here.seated("ann", &here.host).await;
        let mut bobs = here.seated("bob", &bob).await;
        let mut chers = there.seated("cher", &cher).await;
        // There nobody sees the host: what follows from that is not the matter of this test.
        there.bench.jobs.take();
        here.stand_up(ann).await;
        let absence = here.room().await.absence.unwrap();
        let (room, host, until) = (here.code.clone(), here.host.user, clock.now().plus(GRACE));
        let job = Job::EndHostGrace { room, absence, host, until };
        clock.advance(GRACE);
        let (one, other) =
            (app::run_job(&here.bench.app, job.clone(), None), app::run_job(&there.bench.app, job, None));
        let ended = if round % 2 == 0 { tokio::join!(one, other) } else { tokio::join!(other, one) };
        assert!(ended.0.is_ok() && ended.1.is_ok(), "{ended:?}");
        let room = here.room().await;
        let host = room.host.unwrap();
        assert!([bob.user, cher.user].contains(&host) && room.absence.is_none());
        let mut told = bobs.heard(&here).await;
        told.extend(chers.heard(&there).await);
        assert_eq!(told.iter().filter(|kind| *kind == "HOST_CHANGED").count(), 1, "{told:?}");
        // Who lost the race is a member as before, and commands nothing.
        let (seat, cinema) = if host == bob.user { (&mut chers, &there) } else { (&mut bobs, &here) };
        seat.say(cinema, &json!({"type": "PLAY", "time": 1})).await;
        assert_eq!(seat.hear("ERROR").await["code"], "HOST_ONLY");
        let rows =
            Members(&*here.bench.app.ports().table).of(&here.code, &[bob.user, cher.user]).await.unwrap();
        assert_eq!(rows.iter().filter(|row| row.role != parlor::domain::rooms::RoomRole::Member).count(), 1);
    }
}

/// The host comes back in the moment in which the grace ends: they are host, whoever was quicker.
#[tokio::test]
async fn a_host_who_is_back_as_the_grace_ends_is_host() {
    for round in 0..4 {
        let cinema = Cinema::new().await;
        let bob = cinema.member("Bob").await;
        let ann = cinema.seated("ann", &cinema.host).await;
        let _bob = cinema.seated("bob", &bob).await;
        cinema.stand_up(ann).await;
        let absence = cinema.room().await.absence.unwrap();
        let until = cinema.bench.clock.now().plus(GRACE);
        let end = Job::EndHostGrace { room: cinema.code.clone(), absence, host: cinema.host.user, until };
        cinema.bench.clock.advance(GRACE);
        let end = app::run_job(&cinema.bench.app, end, None);
        let back = cinema.seated("ann2", &cinema.host);
        if round % 2 == 0 {
            tokio::join!(end, back).0.unwrap();
        } else {
            tokio::join!(back, end).1.unwrap();
        }
        let room = cinema.room().await;
        assert_eq!((room.host, room.absence, room.stands_in), (Some(cinema.host.user), None, None));
    }
}

/// The job is all that is left of an absence when every process has ended: whoever runs it ends the absence.
#[tokio::test]
async fn an_absence_ends_though_the_process_that_noticed_it_has_gone() {
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_000)));
    let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
    let mut cinema = Cinema::of(Bench::on(table.clone(), clock.clone())).await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    cinema.stand_up(ann).await;
    let kept = cinema.bench.jobs.take();
    cinema.bench = Bench::on(table, clock);
    cinema.bench.jobs.put_back(kept);
    let mut seat = cinema.seated("bob", &bob).await;
    cinema.run_due(GRACE).await;
    assert_eq!(seat.hear("HOST_CHANGED").await["host"], "Bob");
    assert_eq!(cinema.room().await.host, Some(bob.user));
}

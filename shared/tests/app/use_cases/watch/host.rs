//! The host vanishes, and comes back or doesn't.

use std::time::Duration;

use parlor::ports::{Clock as _, Job};
use serde_json::json;

use super::cinema::Cinema;

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
        cinema.house.clock.advance(SECOND);
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
    let until = cinema.house.clock.now().plus(GRACE);
    let end = Job::EndHostGrace { room: cinema.code.clone(), absence, until };
    cinema.run_due(GRACE).await;
    seat.hear("HOST_CHANGED").await;
    let look = Job::LookForHost { room: cinema.code.clone() };
    for job in [end.clone(), look.clone(), look, end] {
        parlor::app::run_job(&cinema.house.app, job, None).await.unwrap();
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
    let until = cinema.house.clock.now().plus(Duration::from_secs(2000));
    let early = Job::EndHostGrace { room: cinema.code.clone(), absence, until };
    cinema.house.jobs.take();
    parlor::app::run_job(&cinema.house.app, early.clone(), None).await.unwrap();
    assert_eq!(cinema.house.jobs.take(), [(early, Duration::from_secs(900))]);
    assert_eq!(cinema.room().await.absence, Some(absence));
}

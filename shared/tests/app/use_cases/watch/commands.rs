//! Playing, pausing and seeking.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use parlor::embedded::SqliteTable;
use parlor::ports::Clock as _;
use parlor::protocol::Timestamp;
use parlor::store::Playbacks;
use parlor::testing::SettableClock;
use serde_json::json;

use super::cinema::Cinema;
use super::seat::Seat;
use crate::use_cases::bench::Bench;

#[tokio::test]
async fn a_command_that_was_sent_earlier_by_the_same_socket_is_too_late() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    cinema.promote(&bob).await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    let bob = cinema.seated("bob", &bob).await;
    ann.say_at(&cinema, &json!({"type": "PAUSE", "time": 7}), 2000).await;
    ann.say_at(&cinema, &json!({"type": "PLAY", "time": 7}), 1000).await;
    let state = ann.hear("PLAYBACK_STATE").await;
    assert_eq!((&state["version"], &state["is_playing"]), (&json!(1), &json!(false)));
    // Other sockets have clocks of their own.
    bob.say_at(&cinema, &json!({"type": "PLAY", "time": 9}), 500).await;
    let state = ann.hear("PLAYBACK_STATE").await;
    assert_eq!((&state["version"], &state["time"]), (&json!(2), &json!(9.0)));
}

#[tokio::test]
async fn a_state_survives_a_restart() {
    let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_000_000_000)));
    let table = Arc::new(SqliteTable::in_memory(clock.clone()).unwrap());
    let mut cinema = Cinema::of(Bench::on(table.clone(), clock.clone())).await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    ann.say(&cinema, &json!({"type": "SET_MEDIA", "url": "https://example.org/a.mp4"})).await;
    ann.hear("PLAYBACK_STATE").await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 12.25})).await;
    let before = ann.hear("PLAYBACK_STATE").await;
    cinema.bench = Bench::on(table, clock);
    cinema.bench.clock.advance(Duration::from_millis(2500));
    let mut ann = cinema.sit_down("ann2", &cinema.host).await;
    let after = ann.hear("PLAYBACK_STATE").await;
    assert_eq!((&after["time"], &after["version"]), (&json!(14.75), &json!(2)));
    assert_eq!((&after["item"], &after["cause"]), (&before["item"], &json!("join")));
}

#[tokio::test]
async fn too_many_commands_are_refused_and_change_nothing() {
    let cinema = Cinema::new().await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    for second in 0..100 {
        ann.say(&cinema, &json!({"type": "SEEK", "time": second})).await;
    }
    ann.say(&cinema, &json!({"type": "SEEK", "time": 1000})).await;
    let error = ann.hear("ERROR").await;
    assert_eq!((&error["code"], &error["retry_after"]), (&json!("RATE_LIMITED"), &json!(1)));
    cinema.bench.clock.advance(Duration::from_secs(1));
    ann.say(&cinema, &json!({"type": "SEEK", "time": 1})).await;
    assert_eq!(ann.hear("PLAYBACK_STATE").await["version"], 101);
}

/// Host and co-hosts command at once, some come while they do: everybody ends up with the state that is stored, and versions only
/// grow.
#[tokio::test]
async fn commands_that_come_at_once_leave_everybody_with_one_state() {
    const EACH: u32 = 12;
    let cinema = Cinema::new().await;
    let (bob, cher, dan) =
        (cinema.member("Bob").await, cinema.member("Cher").await, cinema.member("Dan").await);
    cinema.promote(&bob).await;
    cinema.promote(&cher).await;
    let mut seats = vec![cinema.seated("ann", &cinema.host).await];
    seats.push(cinema.seated("bob", &bob).await);
    seats.push(cinema.seated("cher", &cher).await);
    let commands = seats.iter().flat_map(|seat| {
        let cinema = &cinema;
        (0..EACH).map(move |number| async move {
            let kind = ["PLAY", "PAUSE", "SEEK"][number as usize % 3];
            seat.say(cinema, &json!({"type": kind, "time": number})).await;
        })
    });
    let names: Vec<String> = (0..5).map(|number| format!("late{number}")).collect();
    let late = join_all(names.iter().map(|name| cinema.sit_down(name, &dan)));
    let (_, late) = tokio::join!(join_all(commands), late);
    seats.extend(late);
    let now = cinema.bench.clock.now();
    let stored = Playbacks(&*cinema.bench.app.ports().table).get(&cinema.code, now).await.unwrap().state;
    assert_eq!(stored.version, u64::from(EACH) * 3);
    let last =
        json!({"version": stored.version, "time": stored.position_at(now), "is_playing": stored.is_playing});
    let mut joins = 0;
    for seat in &mut seats {
        let told = states(seat, &cinema).await;
        assert!(told.is_sorted_by_key(|state| state["version"].as_u64()), "{told:?}");
        let newest = told.last().unwrap();
        for field in ["version", "time", "is_playing"] {
            assert_eq!(newest[field], last[field], "{newest}");
        }
        joins += told.iter().filter(|state| state["cause"] == "join").count();
    }
    assert_eq!(joins, names.len(), "those who came late");
}

/// All states that a socket has been told by now.
async fn states(seat: &mut Seat, cinema: &Cinema) -> Vec<serde_json::Value> {
    seat.say(cinema, &json!({"type": "ping", "timestamp": "mark"})).await;
    let mut states = Vec::new();
    loop {
        let event = seat.next().await;
        match event["type"].as_str().unwrap() {
            "pong" => return states,
            "PLAYBACK_STATE" => states.push(event),
            _ => {}
        }
    }
}

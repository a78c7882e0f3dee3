//! Playing, pausing and seeking.

use std::sync::Arc;
use std::time::Duration;

use parlor::embedded::SqliteTable;
use parlor::protocol::Timestamp;
use parlor::testing::SettableClock;
use serde_json::json;

use super::cinema::Cinema;
use crate::use_cases::house::House;

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
    let mut cinema = Cinema::of(House::on(table.clone(), clock.clone())).await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    ann.say(&cinema, &json!({"type": "SET_MEDIA", "url": "https://example.org/a.mp4"})).await;
    ann.hear("PLAYBACK_STATE").await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 12.25})).await;
    let before = ann.hear("PLAYBACK_STATE").await;
    cinema.house = House::on(table, clock);
    cinema.house.clock.advance(Duration::from_millis(2500));
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
    cinema.house.clock.advance(Duration::from_secs(1));
    ann.say(&cinema, &json!({"type": "SEEK", "time": 1})).await;
    assert_eq!(ann.hear("PLAYBACK_STATE").await["version"], 101);
}

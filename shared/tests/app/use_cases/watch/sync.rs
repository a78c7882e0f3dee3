//! Players that are somewhere else than the room.

use std::time::Duration;

use parlor::ports::Clock as _;
use serde_json::{Value, json};

use super::cinema::Cinema;

/// What a player says that is at a position now, and whose message takes so long.
fn check(cinema: &Cinema, time: f64, took: Duration) -> Value {
    let sent_at = cinema.bench.clock.now();
    cinema.bench.clock.advance(took);
    json!({"type": "SYNC_CHECK", "client_time": time, "client_sent_at": sent_at.to_string()})
}

#[tokio::test]
async fn a_player_is_told_where_the_room_is_once_a_second_at_most() {
    let cinema = Cinema::new().await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 100})).await;
    ann.hear("PLAYBACK_STATE").await;
    ann.say(&cinema, &check(&cinema, 101.0, Duration::from_millis(20))).await;
    let drift = ann.hear("SYNC_CORRECTION").await;
    assert_eq!((&drift["time"], &drift["version"]), (&json!(100.02), &json!(1)));
    assert_eq!((&drift["rate"], &drift["seconds"]), (&json!(0.95), &json!(20.0)));
    ann.say(&cinema, &check(&cinema, 101.0, Duration::ZERO)).await;
    assert_eq!(ann.heard(&cinema).await, Vec::<String>::new());
    cinema.bench.clock.advance(Duration::from_secs(1));
    ann.say(&cinema, &check(&cinema, 200.0, Duration::ZERO)).await;
    let jump = ann.hear("SYNC_CORRECTION").await;
    assert_eq!((&jump["time"], jump.get("rate")), (&json!(101.02), None));
    cinema.bench.clock.advance(Duration::from_secs(1));
    ann.say(&cinema, &check(&cinema, 102.05, Duration::ZERO)).await;
    assert_eq!(ann.heard(&cinema).await, Vec::<String>::new(), "30 ms are nothing");
}

#[tokio::test]
async fn commands_take_effect_as_far_ahead_as_the_slowest_viewer_is_away() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    let seat = cinema.seated("bob", &bob).await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 0})).await;
    let at_once = ann.hear("PLAYBACK_STATE").await;
    assert_eq!(at_once.get("starts_at"), None, "nobody has measured anything");
    ann.say(&cinema, &check(&cinema, 0.0, Duration::from_millis(20))).await;
    seat.say(&cinema, &check(&cinema, 0.0, Duration::from_millis(320))).await;
    let now = cinema.bench.clock.now();
    ann.say(&cinema, &json!({"type": "SEEK", "time": 50})).await;
    let state = ann.hear("PLAYBACK_STATE").await;
    let starts_at = now.plus(Duration::from_millis(320)).to_string();
    assert_eq!((&state["time"], &state["starts_at"]), (&json!(50.0), &json!(starts_at)));
    // Who comes before that is told the same.
    let mut late = cinema.sit_down("late", &bob).await;
    let joined = late.hear("PLAYBACK_STATE").await;
    assert_eq!((&joined["time"], &joined["starts_at"]), (&json!(50.0), &json!(starts_at)));
    ann.say(&cinema, &json!({"type": "PAUSE", "time": 51})).await;
    assert_eq!(ann.hear("PLAYBACK_STATE").await.get("starts_at"), None, "stopping waits for nobody");
}

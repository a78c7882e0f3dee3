//! Playing waits until everybody is ready.

use std::time::Duration;

use parlor::domain::rooms::SettingsChange;
use serde_json::{Value, json};

use super::cinema::Cinema;

const ITEM: &str = r#"{"type": "SET_MEDIA", "url": "https://example.org/a.mp4"}"#;

async fn gated() -> Cinema {
    let cinema = Cinema::new().await;
    let change = SettingsChange { ready_gate: Some(true), ..SettingsChange::default() };
    parlor::app::change_room(&cinema.bench.app, cinema.host.user, &cinema.code, &change).await.unwrap();
    cinema
}

fn ready(version: u64) -> Value {
    json!({"type": "READY", "version": version})
}

#[tokio::test]
async fn a_new_item_plays_once_everybody_is_ready() {
    let cinema = gated().await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let mut seat = cinema.seated("bob", &bob).await;
    ann.say(&cinema, &serde_json::from_str(ITEM).unwrap()).await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 0})).await;
    assert_eq!(seat.hear("PLAYBACK_STATE").await.get("waiting"), None, "what is paused waits for nobody");
    let waiting = seat.hear("PLAYBACK_STATE").await;
    assert_eq!((&waiting["waiting"], &waiting["is_playing"]), (&json!(true), &json!(false)));
    let told = seat.hear("WAITING_FOR").await;
    assert_eq!((&told["version"], &told["count"]), (&json!(2), &json!(2)));
    seat.say(&cinema, &ready(1)).await;
    seat.say(&cinema, &ready(2)).await;
    let told = seat.hear("WAITING_FOR").await;
    assert_eq!(told["users"], json!([{"id": cinema.host.user, "name": "Ann"}]));
    cinema.bench.clock.advance(Duration::from_secs(3));
    ann.say(&cinema, &ready(2)).await;
    let open = seat.hear("PLAYBACK_STATE").await;
    assert_eq!((&open["cause"], &open["version"], &open["time"]), (&json!("gate"), &json!(3), &json!(0.0)));
    assert_eq!((&open["is_playing"], open.get("waiting")), (&json!(true), None));
    // Going on where it was waits for nobody, going elsewhere does.
    ann.say(&cinema, &json!({"type": "PAUSE", "time": 5})).await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 5})).await;
    ann.say(&cinema, &json!({"type": "SEEK", "time": 50})).await;
    for waits in [None, None, Some(&json!(true))] {
        assert_eq!(seat.hear("PLAYBACK_STATE").await.get("waiting"), waits);
    }
}

#[tokio::test]
async fn nobody_can_freeze_a_room() {
    let cinema = gated().await;
    let bob = cinema.member("Bob").await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    let _laggard = cinema.seated("bob", &bob).await;
    ann.say(&cinema, &serde_json::from_str(ITEM).unwrap()).await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 0})).await;
    ann.say(&cinema, &ready(2)).await;
    cinema.run_due(Duration::from_secs(7)).await;
    let heard = ann.heard(&cinema).await;
    assert_eq!(heard.iter().filter(|kind| *kind == "PLAYBACK_STATE").count(), 2, "{heard:?}");
    cinema.run_due(Duration::from_secs(1)).await;
    assert_eq!(ann.hear("PLAYBACK_STATE").await["cause"], "gate");
    // The job comes twice, and the laggard is ready at last.
    cinema.run_due(Duration::from_secs(20)).await;
    assert!(!ann.heard(&cinema).await.contains(&"PLAYBACK_STATE".to_owned()));
}

#[tokio::test]
async fn a_pause_ends_the_wait() {
    let cinema = gated().await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    ann.say(&cinema, &serde_json::from_str(ITEM).unwrap()).await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 0})).await;
    ann.say(&cinema, &json!({"type": "PAUSE", "time": 0})).await;
    ann.say(&cinema, &ready(2)).await;
    cinema.run_due(Duration::from_secs(20)).await;
    for version in 1..=3 {
        assert_eq!(ann.hear("PLAYBACK_STATE").await["version"], version);
    }
    assert!(!ann.heard(&cinema).await.contains(&"PLAYBACK_STATE".to_owned()));
}

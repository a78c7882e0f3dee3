//! How far people are, and where in a film they say something.

use std::time::Duration;

use parlor::app;
use serde_json::{Value, json};

use super::cinema::Cinema;

const ITEM: &str =
    r#"{"type": "SET_MEDIA", "url": "https://example.org/a.mp4", "title": "A film", "duration": 200}"#;

fn at(position: u32) -> Value {
    json!({"type": "PLAYER_EVENT", "data": {"event": "timeupdate", "currentTime": position, "duration": 200}})
}

#[tokio::test]
async fn what_a_player_tells_is_noted_once_in_ten_seconds_and_resumed() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let seat = cinema.seated("bob", &bob).await;
    let resume = async || {
        let point = app::resume_point(&cinema.house.app, bob.user, &cinema.code).await.unwrap();
        (point.position, point.percent)
    };
    assert_eq!(resume().await, (0.0, 0.0));
    ann.say(&cinema, &serde_json::from_str(ITEM).unwrap()).await;
    seat.say(&cinema, &at(50)).await;
    cinema.house.clock.advance(Duration::from_secs(9));
    seat.say(&cinema, &at(59)).await;
    assert_eq!(resume().await, (50.0, 25.0));
    cinema.house.clock.advance(Duration::from_secs(1));
    seat.say(&cinema, &at(60)).await;
    assert_eq!(resume().await, (60.0, 30.0));
    let (all, next) = app::all_progress(&cinema.house.app, bob.user, None, 50).await.unwrap();
    assert_eq!((all.len(), all[0].title.as_deref(), next), (1, Some("A film"), None));
    assert!(app::all_progress(&cinema.house.app, cinema.host.user, None, 50).await.unwrap().0.is_empty());
}

#[tokio::test]
async fn a_message_says_where_in_the_film_it_was_said() {
    let cinema = Cinema::new().await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    ann.say(&cinema, &json!({"type": "CHAT_MESSAGE", "message": "nothing yet"})).await;
    assert_eq!(ann.hear("CHAT_MESSAGE").await.get("media_time"), None);
    ann.say(&cinema, &serde_json::from_str(ITEM).unwrap()).await;
    let item = ann.hear("PLAYBACK_STATE").await["item"].clone();
    ann.say(&cinema, &json!({"type": "PLAY", "time": 12})).await;
    cinema.house.clock.advance(Duration::from_millis(1500));
    ann.say(&cinema, &json!({"type": "CHAT_MESSAGE", "message": "look!"})).await;
    let said = ann.hear("CHAT_MESSAGE").await;
    assert_eq!((&said["media_time"], &said["item"]), (&json!(13.5), &item));
}

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
        let point = app::resume_point(&cinema.bench.app, bob.user, &cinema.code).await.unwrap();
        (point.position, point.percent)
    };
    assert_eq!(resume().await, (0.0, 0.0));
    ann.say(&cinema, &serde_json::from_str(ITEM).unwrap()).await;
    seat.say(&cinema, &at(50)).await;
    cinema.bench.clock.advance(Duration::from_secs(9));
    seat.say(&cinema, &at(59)).await;
    assert_eq!(resume().await, (50.0, 25.0));
    cinema.bench.clock.advance(Duration::from_secs(1));
    seat.say(&cinema, &at(60)).await;
    assert_eq!(resume().await, (60.0, 30.0));
    let (all, next) = app::all_progress(&cinema.bench.app, bob.user, None, 50).await.unwrap();
    assert_eq!((all.len(), all[0].title.as_deref(), next), (1, Some("A film"), None));
    assert!(app::all_progress(&cinema.bench.app, cinema.host.user, None, 50).await.unwrap().0.is_empty());
}

/// What somebody watches next is noted as well, however soon it comes: by players that name it and by players that don't.
#[tokio::test]
async fn each_item_is_noted_once_in_ten_seconds() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    let seat = cinema.seated("bob", &bob).await;
    let noted = async || {
        let (all, _) = app::all_progress(&cinema.bench.app, bob.user, None, 50).await.unwrap();
        let mut all: Vec<_> =
            all.into_iter().map(|note| (note.what.media_id, note.progress.position)).collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        all
    };
    let url = |name: &str| format!("https://example.org/{name}.mp4");
    let mut expected = Vec::new();
    for (name, is_named) in [("a", false), ("b", false), ("c", true), ("d", true)] {
        ann.say(&cinema, &json!({"type": "SET_MEDIA", "url": url(name)})).await;
        let item = ann.hear("MEDIA_CHANGED").await["item"]["id"].clone();
        for position in [20, 21, 22] {
            cinema.bench.clock.advance(Duration::from_secs(1));
            let mut event = at(position);
            if is_named {
                event["item"] = item.clone();
            }
            seat.say(&cinema, &event).await;
        }
        expected.push((url(name), 20.0));
        assert_eq!(noted().await, expected);
    }
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
    cinema.bench.clock.advance(Duration::from_millis(1500));
    ann.say(&cinema, &json!({"type": "CHAT_MESSAGE", "message": "look!"})).await;
    let said = ann.hear("CHAT_MESSAGE").await;
    assert_eq!((&said["media_time"], &said["item"]), (&json!(13.5), &item));
}

/// After them a player says nothing for long, or never again.
#[tokio::test]
async fn where_somebody_pauses_and_that_they_saw_the_end_is_noted_however_soon_it_comes() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let seat = cinema.seated("bob", &bob).await;
    ann.say(&cinema, &serde_json::from_str(ITEM).unwrap()).await;
    let resume = async || app::resume_point(&cinema.bench.app, bob.user, &cinema.code).await.unwrap();
    let tell = async |event: &str, position: u32| {
        let data = json!({"event": event, "currentTime": position, "duration": 200});
        seat.say(&cinema, &json!({"type": "PLAYER_EVENT", "data": data})).await;
        let point = resume().await;
        (point.position, point.completed)
    };
    assert_eq!(tell("timeupdate", 50).await, (50.0, false));
    assert_eq!(tell("timeupdate", 51).await, (50.0, false));
    assert_eq!(tell("pause", 52).await, (52.0, false));
    assert_eq!(tell("pause", 53).await, (52.0, false), "once in ten seconds, too");
    assert_eq!(tell("seeked", 199).await, (199.0, true));
    assert_eq!(tell("ended", 200).await, (200.0, true));
}

//! What is watched, and what comes next.

use serde_json::{Value, json};

use super::cinema::Cinema;

fn film(name: &str) -> Value {
    json!({"type": "QUEUE_ADD", "url": format!("https://example.org/{name}.mp4"), "title": name})
}

fn titles(updated: &Value) -> Vec<&str> {
    updated["queue"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_new_item_begins_at_0_paused_and_is_told_to_all() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let ann = cinema.seated("ann", &cinema.host).await;
    let mut seat = cinema.seated("bob", &bob).await;
    ann.say(&cinema, &json!({"type": "PLAY", "time": 70})).await;
    seat.hear("PLAYBACK_STATE").await;
    let choice = json!({"type": "SET_MEDIA", "url": "https://youtu.be/dQw4w9WgXcQ", "title": "A song", "duration": 212});
    ann.say(&cinema, &choice).await;
    let item = seat.hear("MEDIA_CHANGED").await["item"].clone();
    assert_eq!((&item["provider"], &item["video_id"]), (&json!("youtube"), &json!("dQw4w9WgXcQ")));
    assert_eq!((&item["duration"], &item["added_by"]["name"]), (&json!(212.0), &json!("Ann")));
    let state = seat.hear("PLAYBACK_STATE").await;
    assert_eq!(
        (&state["is_playing"], &state["time"], &state["version"]),
        (&json!(false), &json!(0.0), &json!(2))
    );
    assert_eq!((&state["cause"], &state["item"]), (&json!("media"), &item["id"]));
    let changes = seat.hear("ROOM_UPDATED").await["changes"].clone();
    assert_eq!(changes, json!({"video_provider": "youtube", "video_id": "dQw4w9WgXcQ"}));
    ann.say(&cinema, &json!({"type": "SEEK", "time": 500})).await;
    assert_eq!(seat.hear("PLAYBACK_STATE").await["time"], 212.0);
}

#[tokio::test]
async fn members_choose_nothing_and_add_only_where_the_host_lets_them() {
    let cinema = Cinema::new().await;
    let bob = cinema.member("Bob").await;
    let _ann = cinema.seated("ann", &cinema.host).await;
    let mut seat = cinema.seated("bob", &bob).await;
    for command in [
        json!({"type": "SET_MEDIA", "url": "https://example.org/a.mp4"}),
        film("a"),
        json!({"type": "QUEUE_NEXT"}),
        json!({"type": "QUEUE_MOVE", "item": "x"}),
        json!({"type": "QUEUE_REMOVE", "item": "x"}),
    ] {
        seat.say(&cinema, &command).await;
        assert_eq!(seat.hear("ERROR").await["code"], "HOST_ONLY", "{command}");
    }
    let members = parlor::domain::rooms::SettingsChange {
        who_may_queue: Some(parlor::domain::rooms::WhoMayQueue::Members),
        ..Default::default()
    };
    parlor::app::change_room(&cinema.bench.app, cinema.host.user, &cinema.code, &members).await.unwrap();
    seat.say(&cinema, &film("a")).await;
    let updated = seat.hear("QUEUE_UPDATED").await;
    assert_eq!((titles(&updated), &updated["more"]), (vec!["a"], &json!(false)));
    // What one has added one may take away again.
    seat.say(&cinema, &json!({"type": "QUEUE_REMOVE", "item": updated["queue"][0]["id"]})).await;
    assert_eq!(titles(&seat.hear("QUEUE_UPDATED").await), Vec::<&str>::new());
}

#[tokio::test]
async fn the_queue_is_reordered_and_goes_on_playing() {
    let cinema = Cinema::new().await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    let mut updated = Value::Null;
    for name in ["a", "b", "c"] {
        ann.say(&cinema, &film(name)).await;
        updated = ann.hear("QUEUE_UPDATED").await;
    }
    let ids: Vec<Value> =
        updated["queue"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    ann.say(&cinema, &json!({"type": "QUEUE_MOVE", "item": ids[2], "before": ids[0]})).await;
    assert_eq!(titles(&ann.hear("QUEUE_UPDATED").await), ["c", "a", "b"]);
    ann.say(&cinema, &json!({"type": "QUEUE_NEXT"})).await;
    assert_eq!(ann.hear("MEDIA_CHANGED").await["item"]["id"], ids[2]);
    let state = ann.hear("PLAYBACK_STATE").await;
    assert_eq!((&state["is_playing"], &state["time"]), (&json!(true), &json!(0.0)));
    assert_eq!(titles(&ann.hear("QUEUE_UPDATED").await), ["a", "b"]);
    ann.say(&cinema, &json!({"type": "QUEUE_MOVE", "item": "nothing"})).await;
    assert_eq!(ann.hear("ERROR").await["code"], "NOT_FOUND");
}

#[tokio::test]
async fn an_item_that_ends_moves_the_queue_on_once_however_many_say_so() {
    let cinema = Cinema::new().await;
    let (bob, cher) = (cinema.member("Bob").await, cinema.member("Cher").await);
    cinema.promote(&bob).await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    let (bob, cher) = (cinema.seated("bob", &bob).await, cinema.seated("cher", &cher).await);
    for name in ["a", "b", "c"] {
        ann.say(&cinema, &film(name)).await;
    }
    ann.say(&cinema, &json!({"type": "QUEUE_NEXT"})).await;
    let first = ann.hear("MEDIA_CHANGED").await["item"]["id"].clone();
    let ended = json!({"type": "PLAYER_EVENT", "data": {"event": "ended", "currentTime": 60, "duration": 60}, "item": first});
    cher.say(&cinema, &ended).await;
    assert!(
        !ann.heard(&cinema).await.contains(&"MEDIA_CHANGED".to_owned()),
        "a member's player decides nothing"
    );
    for seat in [&ann, &bob, &bob, &ann] {
        seat.say(&cinema, &ended).await;
    }
    assert_eq!(ann.hear("MEDIA_CHANGED").await["item"]["title"], "b");
    assert!(!ann.heard(&cinema).await.contains(&"MEDIA_CHANGED".to_owned()));
}

#[tokio::test]
async fn an_empty_queue_says_so_and_a_long_one_is_told_in_part() {
    let cinema = Cinema::new().await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    ann.say(&cinema, &json!({"type": "QUEUE_NEXT"})).await;
    assert_eq!(ann.hear("ERROR").await["code"], "CONFLICT");
    let mut last = Value::Null;
    for number in 0..101 {
        cinema.bench.clock.advance(std::time::Duration::from_millis(50));
        ann.say(&cinema, &film(&number.to_string())).await;
        last = ann.hear("QUEUE_UPDATED").await;
    }
    let told = last["queue"].as_array().unwrap().len();
    assert!(last["more"] == true && (50..=100).contains(&told), "{told}");
}

#[tokio::test]
async fn in_a_room_that_loops_what_has_been_watched_comes_last_again() {
    let cinema = looping().await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    for name in ["a", "b"] {
        ann.say(&cinema, &film(name)).await;
    }
    ann.say(&cinema, &json!({"type": "QUEUE_NEXT"})).await;
    let mut item = ann.hear("MEDIA_CHANGED").await["item"].clone();
    ann.hear("QUEUE_UPDATED").await;
    for (ends, begins) in [("a", "b"), ("b", "a"), ("a", "b")] {
        assert_eq!(item["title"], ends);
        ann.say(&cinema, &ended(&item)).await;
        let next = ann.hear("MEDIA_CHANGED").await["item"].clone();
        let updated = ann.hear("QUEUE_UPDATED").await;
        assert_eq!((&next["title"], titles(&updated)), (&json!(begins), vec![ends]));
        assert_ne!(updated["queue"][0]["id"], item["id"], "its end was told by its old id");
        item = next;
    }
}

#[tokio::test]
async fn what_is_alone_in_a_room_that_loops_begins_anew_once_however_many_say_that_it_has_ended() {
    let cinema = looping().await;
    let bob = cinema.member("Bob").await;
    cinema.promote(&bob).await;
    let mut ann = cinema.seated("ann", &cinema.host).await;
    let bob = cinema.seated("bob", &bob).await;
    ann.say(&cinema, &json!({"type": "QUEUE_NEXT"})).await;
    assert_eq!(ann.hear("ERROR").await["code"], "CONFLICT", "nothing was watched yet");
    ann.say(&cinema, &json!({"type": "SET_MEDIA", "url": "https://example.org/a.mp4", "title": "a"})).await;
    let first = ann.hear("MEDIA_CHANGED").await["item"].clone();
    ann.hear("PLAYBACK_STATE").await;
    for seat in [&ann, &bob, &bob, &ann] {
        seat.say(&cinema, &ended(&first)).await;
    }
    let second = ann.hear("MEDIA_CHANGED").await["item"].clone();
    assert_eq!((&second["title"], &second["url"]), (&first["title"], &first["url"]));
    let state = ann.hear("PLAYBACK_STATE").await;
    assert_eq!(
        (&state["is_playing"], &state["time"], &state["item"]),
        (&json!(true), &json!(0.0), &second["id"])
    );
    assert_eq!(titles(&ann.hear("QUEUE_UPDATED").await), Vec::<&str>::new());
    assert!(!ann.heard(&cinema).await.contains(&"MEDIA_CHANGED".to_owned()));
}

fn ended(item: &Value) -> Value {
    json!({"type": "PLAYER_EVENT", "data": {"event": "ended"}, "item": item["id"]})
}

async fn looping() -> Cinema {
    let cinema = Cinema::new().await;
    let change = parlor::domain::rooms::SettingsChange { loop_queue: Some(true), ..Default::default() };
    parlor::app::change_room(&cinema.bench.app, cinema.host.user, &cinema.code, &change).await.unwrap();
    cinema
}

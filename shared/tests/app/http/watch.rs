//! What is watched, over HTTP.

use parlor::domain::limit::Limit;
use serde_json::{Value, json};

use super::bench::Bench;
use super::rooms::people::{account, ask, bench, done, refused};

const NOTHING: Value = Value::Null;

#[tokio::test]
async fn a_source_is_chosen_by_the_host_and_seen_in_the_details() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "Den"})).await;
    done(&bench, &bob, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    let details = done(&bench, &bob, "GET", "/api/rooms/den/", NOTHING).await;
    assert_eq!(
        (&details["video_provider"], &details["video_id"], &details["item"]),
        (&NOTHING, &NOTHING, &NOTHING)
    );
    let choice = json!({"room_id": "den", "provider": "vimeo", "video_id": 76_979_871});
    let by_member = refused(&bench, &bob, "POST", "/api/rooms/source/", choice.clone()).await;
    assert_eq!(by_member, (403, "HOST_ONLY".into()));
    let chosen = done(&bench, &ann, "POST", "/api/rooms/source/", choice).await;
    assert_eq!(chosen, json!({"room_id": "Den", "video_provider": "vimeo", "video_id": "76979871"}));
    let details = done(&bench, &bob, "GET", "/api/rooms/den/", NOTHING).await;
    assert_eq!((&details["video_provider"], &details["video_id"]), (&json!("vimeo"), &json!("76979871")));
    assert_eq!(details["item"]["added_by"], json!({"id": ann.id, "name": "ann"}));
}

#[tokio::test]
async fn what_cannot_be_watched_is_refused_with_its_field() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    for (field, choice) in [
        ("url", json!({})),
        ("url", json!({"url": "javascript:alert(1)"})),
        ("url", json!({"url": "http://example.org/film.mp4"})),
        ("video_id", json!({"provider": "youtube"})),
        ("video_id", json!({"provider": "youtube", "video_id": "not an id"})),
        ("video_id", json!({"provider": "youtube", "video_id": "short"})),
        ("provider", json!({"provider": "you/tube", "video_id": "x"})),
        ("media_id", json!({"media_id": "x"})),
        ("media_id", json!({"media_id": "00000000-0000-4000-8000-000000000000"})),
        ("title", json!({"url": "https://example.org/", "title": "x".repeat(201)})),
        ("duration", json!({"url": "https://example.org/", "duration": -1})),
        ("duration", json!({"url": "https://example.org/", "duration": "NaN"})),
    ] {
        let mut body = choice.clone();
        body["room_id"] = json!("den");
        let (status, answer) = ask(&bench, &ann, "POST", "/api/rooms/source/", body).await;
        assert_eq!((status, &answer["code"]), (400, &json!("INVALID_INPUT")), "{choice}: {answer}");
        assert!(answer["fields"][field].is_string(), "{choice}: {answer}");
    }
    assert_eq!(done(&bench, &ann, "GET", "/api/rooms/den/", NOTHING).await["item"], NOTHING);
}

#[tokio::test]
async fn the_queue_is_kept_over_http_as_well() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    let queue = "/api/rooms/den/queue/";
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        let film = json!({"url": format!("https://example.org/{name}.mp4"), "title": name});
        let (status, item) = ask(&bench, &ann, "POST", queue, film).await;
        assert_eq!((status, &item["title"], &item["provider"]), (201, &json!(name), &json!("url")));
        ids.push(item["id"].as_str().unwrap().to_owned());
    }
    let titles = async || {
        let listed = done(&bench, &ann, "GET", queue, NOTHING).await;
        listed.as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect::<String>()
    };
    assert_eq!(titles().await, "abc");
    done(&bench, &ann, "PATCH", &format!("{queue}{}/", ids[2]), json!({"before": ids[0]})).await;
    assert_eq!(titles().await, "cab");
    done(&bench, &ann, "PATCH", &format!("{queue}{}/", ids[2]), json!(null)).await;
    done(&bench, &ann, "DELETE", &format!("{queue}{}/", ids[0]), NOTHING).await;
    assert_eq!(titles().await, "bc");
    for (method, item) in [("DELETE", &ids[0]), ("PATCH", &ids[0])] {
        let gone = refused(&bench, &ann, method, &format!("{queue}{item}/"), NOTHING).await;
        assert_eq!(gone, (404, "NOT_FOUND".into()));
    }
    let first = done(&bench, &ann, "GET", &format!("{queue}?limit=1"), NOTHING).await;
    assert_eq!(first.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn progress_is_ones_own_and_begins_with_zeros() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    let resume = "/api/rooms/den/resume/";
    let zeros = json!({"progress_percent": 0.0, "last_position_seconds": 0.0, "completed": false});
    assert_eq!(done(&bench, &ann, "GET", resume, NOTHING).await, zeros);
    let show = "/api/rooms/progress/get/?room_id=den&media_id=603&media_type=movie";
    let none = done(&bench, &ann, "GET", show, NOTHING).await;
    assert_eq!(
        (&none["timestamp"], &none["completed"], &none["media_id"]),
        (&json!(0.0), &json!(false), &json!("603"))
    );
    let saved = json!({
        "room_id": "den", "media_id": "603", "media_type": "movie", "timestamp": 61.5, "duration": 8160,
        "progress_percent": 0.75, "completed": false,
    });
    let told = done(&bench, &ann, "POST", "/api/rooms/progress/save/", saved).await;
    assert_eq!((&told["timestamp"], &told["progress_percent"]), (&json!(61.5), &json!(0.75)));
    assert_eq!(done(&bench, &ann, "GET", show, NOTHING).await, told);
    let stranger = refused(&bench, &bob, "GET", show, NOTHING).await;
    assert_eq!(stranger, (403, "NOT_APPROVED".into()));
    // What the room watches is resumed by it.
    let choice = json!({"room_id": "den", "provider": "tmdb", "video_id": "603"});
    done(&bench, &ann, "POST", "/api/rooms/source/", choice).await;
    let again = json!({"room_id": "den", "media_id": "603", "media_type": "movie", "timestamp": 90, "duration": 8160});
    done(&bench, &ann, "POST", "/api/rooms/progress/save/", again).await;
    assert_eq!(done(&bench, &ann, "GET", resume, NOTHING).await["last_position_seconds"], 90.0);
    let all = done(&bench, &ann, "GET", "/api/user-profile/progress/", NOTHING).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_account_saves_its_progress_so_many_times() {
    let bench = Bench::new(|settings| settings.limits.progress_per_account = Limit::new(2, 60));
    let ann = account(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    let save = |id: u32| json!({"room_id": "den", "media_id": id, "timestamp": 61});
    for id in [1, 2] {
        done(&bench, &ann, "POST", "/api/rooms/progress/save/", save(id)).await;
    }
    let third = refused(&bench, &ann, "POST", "/api/rooms/progress/save/", save(3)).await;
    assert_eq!(third, (429, "RATE_LIMITED".into()));
    let all = done(&bench, &ann, "GET", "/api/user-profile/progress/", NOTHING).await;
    assert_eq!(all.as_array().unwrap().len(), 2, "what was refused is not saved");
}

#[tokio::test]
async fn what_is_here_can_be_found_and_chosen() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    let found = done(&bench, &ann, "GET", "/api/rooms/search/?q=Audio%202", NOTHING).await;
    assert_eq!((found.as_array().unwrap().len(), &found[0]["title"]), (1, &json!("audio_test_2.mp3")));
    let first = &found[0];
    let choice = json!({"room_id": "den", "provider": first["provider"], "video_id": first["stream_id"]});
    let chosen = done(&bench, &ann, "POST", "/api/rooms/source/", choice).await;
    assert_eq!(chosen["video_provider"], "media");
    assert_eq!(done(&bench, &ann, "GET", "/api/rooms/search/?page=2", NOTHING).await, json!([]));
    let none = done(&bench, &ann, "GET", "/api/rooms/search/?q=nothing", NOTHING).await;
    assert_eq!(none, json!([]));
    assert_eq!(refused(&bench, &ann, "GET", "/api/rooms/search/?page=0", NOTHING).await.0, 400);
}

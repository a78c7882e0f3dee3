//! Watching together, as the first clients know it, and what they must be able to rely on.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::accounts::Api;
use crate::client::Socket;
use crate::rooms::{Room, hear};
use crate::target::Target;

const ON_JOIN: [&str; 3] = ["ROOM_PARTICIPANTS", "CHAT_HISTORY", "PLAYBACK_STATE"];

async fn next(socket: &mut Socket) -> Value {
    serde_json::from_str(&socket.hear(|_| true).await).unwrap()
}

/// Somebody's socket in the room, and the state that it was told on joining.
async fn join(room: &Room, who: &Value) -> (Socket, Value) {
    let mut socket = room.socket("room", who).await;
    let mut last = Value::Null;
    for kind in ON_JOIN {
        last = next(&mut socket).await;
        assert_eq!(last["type"], kind, "{last}");
    }
    assert_eq!(last["cause"], "join");
    (socket, last)
}

/// All that a socket hears until its `ping` is answered.
async fn heard(socket: &mut Socket) -> Vec<Value> {
    socket.say(r#"{"type": "ping", "timestamp": "mark"}"#).await;
    let mut all = Vec::new();
    loop {
        let event = next(socket).await;
        if event["type"] == "pong" {
            return all;
        }
        all.push(event);
    }
}

#[tokio::test]
async fn a_join_is_told_in_its_order_with_exactly_one_state() {
    let room = Room::new().await;
    let (mut host, state) = join(&room, &room.host).await;
    assert_eq!(
        (&state["is_playing"], &state["time"], &state["version"]),
        (&json!(false), &json!(0.0), &json!(0))
    );
    let (mut guest, _) = join(&room, &room.guest).await;
    assert_eq!(hear(&mut host, "USER_JOINED").await["user"], "Bob");
    for socket in [&mut host, &mut guest] {
        let further = heard(socket).await;
        assert!(
            !further.iter().any(|event| ON_JOIN.contains(&event["type"].as_str().unwrap())),
            "{further:?}"
        );
    }
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn only_the_host_plays_pauses_and_seeks_and_all_are_told() {
    let room = Room::new().await;
    let (mut host, _) = join(&room, &room.host).await;
    let (mut guest, _) = join(&room, &room.guest).await;
    let commands = [("PLAY", 5.5, true), ("SEEK", 60.0, true), ("PAUSE", 61.25, false), ("SEEK", 3.0, false)];
    for (version, (command, time, is_playing)) in (1..).zip(commands) {
        host.say(json!({"type": command, "time": time}).to_string()).await;
        for socket in [&mut host, &mut guest] {
            let state = hear(socket, "PLAYBACK_STATE").await;
            let told = (&state["is_playing"], &state["time"], &state["version"], &state["cause"]);
            assert_eq!(told, (&json!(is_playing), &json!(time), &json!(version), &json!("command")));
        }
    }
    for command in ["PLAY", "PAUSE", "SEEK"] {
        guest.say(json!({"type": command, "time": 1}).to_string()).await;
        let error = hear(&mut guest, "ERROR").await;
        assert_eq!((&error["code"], &error["for"]), (&json!("HOST_ONLY"), &json!(command)));
        assert!(error["message"].is_string());
    }
    for time in [json!(-1), json!(1e300), json!("NaN"), Value::Null] {
        host.say(json!({"type": "PLAY", "time": time}).to_string()).await;
        assert!(hear(&mut host, "ERROR").await["fields"]["time"].is_string(), "{time}");
    }
    assert!(heard(&mut host).await.is_empty(), "what was refused changed nothing");
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn who_comes_late_is_told_the_position_of_that_moment() {
    let room = Room::new().await;
    let (mut host, _) = join(&room, &room.host).await;
    host.say(r#"{"type": "PLAY", "time": 100}"#).await;
    hear(&mut host, "PLAYBACK_STATE").await;
    let played = Instant::now();
    sleep(Duration::from_millis(1200)).await;
    let (_guest, state) = join(&room, &room.guest).await;
    let (time, most) = (state["time"].as_f64().unwrap(), 100.0 + played.elapsed().as_secs_f64());
    assert!((101.0..=most + 0.5).contains(&time) && state["is_playing"] == true, "{state}");
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn where_chat_is_disabled_nobody_is_heard() {
    let room = Room::new().await;
    let (mut host, _) = join(&room, &room.host).await;
    let (mut guest, _) = join(&room, &room.guest).await;
    room.change(json!({"is_chat_enabled": false})).await;
    assert_eq!(hear(&mut guest, "ROOM_UPDATED").await["changes"], json!({"is_chat_enabled": false}));
    for socket in [&mut guest, &mut host] {
        socket.say(r#"{"type": "CHAT_MESSAGE", "message": "hello"}"#).await;
        assert_eq!(hear(socket, "ERROR").await["code"], "CHAT_DISABLED");
    }
    assert!(!heard(&mut guest).await.iter().any(|event| event["type"] == "CHAT_MESSAGE"));
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn what_is_watched_is_told_to_all_and_stands_in_the_details() {
    let room = Room::new().await;
    let (mut host, _) = join(&room, &room.host).await;
    let (mut guest, _) = join(&room, &room.guest).await;
    let choice = json!({"room_id": room.code, "provider": "youtube", "video_id": "dQw4w9WgXcQ"});
    Api::of(&room.target).call_as(&room.host, "/api/rooms/source/", choice, 200).await;
    let item = hear(&mut guest, "MEDIA_CHANGED").await["item"].clone();
    let state = hear(&mut guest, "PLAYBACK_STATE").await;
    assert_eq!(
        (&state["cause"], &state["item"], &state["is_playing"]),
        (&json!("media"), &item["id"], &json!(false))
    );
    let details = room.get("").await;
    assert_eq!((&details["video_id"], &details["item"]), (&json!("dQw4w9WgXcQ"), &item));
    host.say(r#"{"type": "QUEUE_ADD", "url": "https://example.org/film.mp4", "title": "A film"}"#).await;
    assert_eq!(hear(&mut guest, "QUEUE_UPDATED").await["queue"][0]["title"], "A film");
    host.say(r#"{"type": "QUEUE_NEXT"}"#).await;
    assert_eq!(hear(&mut guest, "MEDIA_CHANGED").await["item"]["title"], "A film");
    assert_eq!(hear(&mut guest, "PLAYBACK_STATE").await["is_playing"], true);
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn a_host_who_vanishes_is_replaced_and_gets_the_role_back() {
    let room = Room::at(Target::with_host_grace(1).await).await;
    let (host, _) = join(&room, &room.host).await;
    let (mut guest, _) = join(&room, &room.guest).await;
    drop(host);
    assert_eq!(hear(&mut guest, "HOST_DISCONNECTED").await["grace_seconds"], 1);
    assert_eq!(hear(&mut guest, "HOST_CHANGED").await["host"], "Bob");
    assert_eq!(hear(&mut guest, "ROOM_PARTICIPANTS").await["host"], "Bob");
    guest.say(r#"{"type": "PLAY", "time": 4}"#).await;
    assert_eq!(hear(&mut guest, "PLAYBACK_STATE").await["time"], 4.0);
    let (_host, _) = join(&room, &room.host).await;
    assert_eq!(hear(&mut guest, "HOST_CHANGED").await["host_id"], room.host["id"]);
    guest.say(r#"{"type": "PLAY", "time": 4}"#).await;
    assert_eq!(hear(&mut guest, "ERROR").await["code"], "HOST_ONLY");
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn fifty_who_come_in_a_storm_of_seeks_get_one_state_each_and_end_up_where_the_room_is() {
    const SEEKS: u32 = 60;
    let last = f64::from(SEEKS);
    let room = Room::new().await;
    let (mut host, _) = join(&room, &room.host).await;
    let storm = async {
        for second in 1..=SEEKS {
            host.say(json!({"type": "SEEK", "time": second}).to_string()).await;
            sleep(Duration::from_millis(40)).await;
        }
    };
    let joins = (0..room.target.crowd.min(50)).map(|_| room.socket("room", &room.guest));
    let (mut crowd, ()) = tokio::join!(join_all(joins), storm);
    for socket in &mut crowd {
        // Where functions overtake each other, an older command counts no more: there may be fewer versions than commands.
        let (mut joins, mut newest) = (0, json!({"version": -1}));
        while newest["time"].as_f64() != Some(last) || joins == 0 {
            let state = hear(socket, "PLAYBACK_STATE").await;
            joins += u32::from(state["cause"] == "join");
            if state["version"].as_i64() >= newest["version"].as_i64() {
                newest = state;
            }
        }
        let rest = heard(socket).await;
        joins += u32::try_from(rest.iter().filter(|event| event["cause"] == "join").count()).unwrap();
        assert_eq!((joins, newest["time"].as_f64()), (1, Some(last)), "{newest}");
    }
    room.nobody_else_heard().await;
}

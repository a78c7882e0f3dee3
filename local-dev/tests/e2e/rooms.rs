//! Rooms as the first clients know them: group chat, and watching together.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::accounts::{Api, PASSWORD, expect, text};
use crate::client::outsider::Outsider;
use crate::client::{PATIENCE, Socket};
use crate::target::{Target, unique};

/// Somebody with an account, and a guest, both members of a new room.
pub struct Room {
    pub target: Target,
    pub code: String,
    pub host: Value,
    pub guest: Value,
    outsider: Outsider,
}

impl Room {
    pub async fn new() -> Self {
        Self::at(Target::start().await).await
    }

    /// The same at a target of the scenario's own.
    pub async fn at(target: Target) -> Self {
        let api = Api::of(&target);
        let name = api.register().await;
        let host = api.call("/api/login/", json!({"username": name, "password": PASSWORD}), 200).await;
        let guest = api.call("/api/auth/guest/", json!({"display_name": "Bob"}), 200).await;
        let code = unique("2nd_year");
        api.call_as(&host, "/api/rooms/create/", json!({"code": code, "name": "2nd year"}), 201).await;
        let joined = api.call_as(&guest, "/api/rooms/join/", json!({"code": code}), 200).await;
        assert_eq!((&joined["status"], &joined["is_host"]), (&json!("APPROVED"), &json!(false)));
        let outsider = Outsider::listen(&target.http, |path| target.ws(path)).await;
        Self { target, code, host, guest, outsider }
    }

    /// Fails if somebody heard of the room who is not in it.
    pub async fn nobody_else_heard(self) {
        self.outsider.assert_heard_nothing_of(&self.code).await;
    }

    /// A socket of somebody's at this endpoint of the room.
    pub async fn socket(&self, endpoint: &str, who: &Value) -> Socket {
        let path = format!("/ws/{endpoint}/{}/?token={}", self.code, text(&who["access_token"]));
        Socket::open(&self.target.ws(&path)).await
    }

    /// Changes the room's settings.
    pub async fn change(&self, change: Value) {
        let url = format!("{}/api/rooms/{}/", self.target.http, self.code);
        let request = reqwest::Client::new().patch(url).bearer_auth(text(&self.host["access_token"]));
        expect(request.json(&change), 200).await;
    }

    /// What its host reads of it.
    pub async fn get(&self, what: &str) -> Value {
        let url = format!("{}/api/rooms/{}/{what}", self.target.http, self.code);
        let request = reqwest::Client::new().get(url).bearer_auth(text(&self.host["access_token"]));
        expect(request, 200).await
    }

    /// Waits until the public list shows so many viewers of the room.
    async fn listed_with(&self, viewers: u64) {
        let in_time = timeout(PATIENCE, async {
            while self.listed().await != Some(viewers) {
                sleep(Duration::from_millis(200)).await;
            }
        });
        assert!(in_time.await.is_ok(), "{viewers} viewers are not listed: {:?}", self.listed().await);
    }

    /// How many viewers the public list shows.
    async fn listed(&self) -> Option<u64> {
        let mut url = format!("{}/api/rooms/public/?limit=100", self.target.http);
        loop {
            let response = reqwest::get(&url).await.unwrap();
            let next = next_page(response.headers());
            let rooms: Value = response.json().await.unwrap();
            let rooms = rooms.as_array().unwrap();
            if let Some(found) = rooms.iter().find(|listed| listed["code"] == self.code.as_str()) {
                return found["viewers"].as_u64();
            }
            url = format!("{}{}", self.target.http, next?);
        }
    }
}

/// Where a `Link` leads.
fn next_page(headers: &reqwest::header::HeaderMap) -> Option<String> {
    let link = headers.get("link")?.to_str().ok()?;
    let url = link.strip_prefix('<')?.split('>').next()?;
    let path = url.find("/api/")?;
    Some(url[path..].to_owned())
}

/// The next event of this type.
pub async fn hear(socket: &mut Socket, kind: &str) -> Value {
    let named = |heard: &str| {
        let value: Value = serde_json::from_str(heard).unwrap_or_default();
        value["type"] == kind
    };
    serde_json::from_str(&socket.hear(named).await).unwrap()
}

#[tokio::test]
async fn what_is_said_the_moment_a_socket_opens_is_echoed_and_told_to_the_room() {
    let room = Room::new().await;
    let mut guest = room.socket("chat", &room.guest).await;
    let mut host = room.socket("chat", &room.host).await;
    host.say(r#"{"message": "Hello, world!", "message_type": "text"}"#).await;
    let echo = hear(&mut host, "CHAT_MESSAGE").await;
    assert_eq!((&echo["message"], &echo["message_type"]), (&json!("Hello, world!"), &json!("text")));
    assert_eq!((&echo["id"], &echo["is_self"]), (&json!(1), &json!(true)));
    assert_eq!((&echo["room"], &echo["attachment"]), (&json!(room.code), &Value::Null));
    assert_eq!((&echo["sender"]["id"], &echo["sender"]["role"]), (&room.host["id"], &json!("admin")));
    let told = hear(&mut guest, "CHAT_MESSAGE").await;
    assert_eq!((&told["id"], &told["is_self"]), (&json!(1), &json!(false)));
    let listed = room.get("messages/").await;
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["message"]), (1, &json!("Hello, world!")));
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn a_watch_room_tells_who_is_there_what_was_said_and_where_playing_stands_in_that_order() {
    let room = Room::new().await;
    let mut host = room.socket("room", &room.host).await;
    for kind in ["ROOM_PARTICIPANTS", "CHAT_HISTORY", "PLAYBACK_STATE"] {
        let first: Value = serde_json::from_str(&host.hear(|_| true).await).unwrap();
        assert_eq!(first["type"], kind, "{first}");
    }
    let mut guest = room.socket("room", &room.guest).await;
    hear(&mut guest, "PLAYBACK_STATE").await;
    assert_eq!(hear(&mut host, "USER_JOINED").await["user"], "Bob");
    host.say(r#"{"type": "PLAY", "time": 12.5}"#).await;
    for socket in [&mut host, &mut guest] {
        let state = hear(socket, "PLAYBACK_STATE").await;
        assert_eq!((&state["is_playing"], &state["time"]), (&json!(true), &json!(12.5)));
        assert_eq!((&state["version"], &state["cause"]), (&json!(1), &json!("command")));
    }
    guest.say(r#"{"type": "PAUSE", "time": 3}"#).await;
    assert_eq!(hear(&mut guest, "ERROR").await["code"], "HOST_ONLY");
    guest.say(r#"{"type": "PLAY"}"#).await;
    assert!(hear(&mut guest, "ERROR").await["fields"]["time"].is_string());
    guest.say(r#"{"type": "CHAT_MESSAGE", "message": "hi"}"#).await;
    assert_eq!(hear(&mut host, "CHAT_MESSAGE").await["user"], "Bob");
    let mut late = room.socket("room", &room.host).await;
    let history = hear(&mut late, "CHAT_HISTORY").await;
    assert_eq!((&history["messages"][0]["message"], &history["last_id"]), (&json!("hi"), &json!(1)));
    let state = hear(&mut late, "PLAYBACK_STATE").await;
    assert!(state["time"].as_f64().unwrap() > 12.5 && state["cause"] == "join", "{state}");
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn somebody_who_is_kicked_or_leaves_is_gone_for_everybody() {
    let room = Room::new().await;
    let api = Api::of(&room.target);
    let mut host = room.socket("room", &room.host).await;
    hear(&mut host, "PLAYBACK_STATE").await;
    let mut guest = room.socket("room", &room.guest).await;
    hear(&mut guest, "PLAYBACK_STATE").await;
    let kick = format!("/api/rooms/{}/kick/", room.code);
    api.call_as(&room.host, &kick, json!({"user_id": room.guest["id"]}), 200).await;
    assert_eq!(hear(&mut guest, "ERROR").await["close"], 4011);
    assert_eq!(hear(&mut host, "USER_LEFT").await["user"], "Bob");
    let again = room.socket("room", &room.guest).await;
    assert_eq!(hear(&mut host, "USER_JOINED").await["user"], "Bob");
    drop(again);
    assert_eq!(hear(&mut host, "USER_LEFT").await["user"], "Bob");
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn who_comes_back_is_told_what_they_have_missed_and_nothing_twice() {
    let room = Room::new().await;
    let mut host = room.socket("chat", &room.host).await;
    for number in 1..=3 {
        host.say(
            json!({"message": format!("message {number}"), "client_msg_id": number.to_string()}).to_string(),
        )
        .await;
        assert_eq!(hear(&mut host, "CHAT_MESSAGE").await["id"], number);
    }
    // The same again is not said twice.
    host.say(r#"{"message": "message 3", "client_msg_id": "3"}"#).await;
    assert_eq!(hear(&mut host, "CHAT_MESSAGE").await["id"], 3);
    let path = format!("/ws/chat/{}/?since=1&token={}", room.code, text(&room.guest["access_token"]));
    let mut guest = Socket::open(&room.target.ws(&path)).await;
    for id in [2, 3] {
        let missed = hear(&mut guest, "CHAT_MESSAGE").await;
        assert_eq!((&missed["id"], &missed["replayed"]), (&json!(id), &json!(true)));
    }
    assert_eq!(hear(&mut guest, "RESUMED").await["last_id"], 3);
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn a_ticket_for_a_path_says_why_its_handshake_would_be_refused() {
    let room = Room::new().await;
    let api = Api::of(&room.target);
    let stranger = api.call("/api/auth/guest/", json!({"display_name": "Eve"}), 200).await;
    let path = format!("/ws/room/{}/?since=3", room.code);
    let refused = api.call_as(&stranger, "/api/ws-ticket/", json!({"path": path}), 403).await;
    assert_eq!(refused["code"], "NOT_APPROVED");
    let nowhere = api.call_as(&stranger, "/api/ws-ticket/", json!({"path": "/ws/dance/x/"}), 404).await;
    assert_eq!(nowhere["code"], "NO_SUCH_ROOM");
    let ticket = api.call_as(&room.guest, "/api/ws-ticket/", json!({"path": path}), 200).await;
    let url = room.target.ws(&format!("/ws/room/{}/?token={}", room.code, text(&ticket["ticket"])));
    hear(&mut Socket::open(&url).await, "PLAYBACK_STATE").await;
    room.nobody_else_heard().await;
}

#[tokio::test]
async fn the_lobby_is_open_to_guests_and_has_no_host() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let guest = api.call("/api/auth/guest/", json!({"display_name": "Ann"}), 200).await;
    let joined = api.call_as(&guest, "/api/rooms/join/", json!({"code": "lobby"}), 200).await;
    assert_eq!((&joined["code"], &joined["status"]), (&json!("lobby"), &json!("APPROVED")));
    let details =
        api.http.get(format!("{}/api/rooms/lobby/", target.http)).bearer_auth(text(&guest["token"]));
    let details = expect(details, 200).await;
    assert_eq!((&details["host"], &details["is_host"]), (&Value::Null, &json!(false)));
    assert!(details["slow_mode_seconds"].as_u64().unwrap() > 0, "{details}");
    let path = format!("/ws/room/lobby/?token={}", text(&guest["access_token"]));
    let mut socket = Socket::open(&target.ws(&path)).await;
    hear(&mut socket, "PLAYBACK_STATE").await;
    socket.say(json!({"type": "CHAT_MESSAGE", "message": unique("hello")}).to_string()).await;
    assert_eq!(hear(&mut socket, "CHAT_MESSAGE").await["is_self"], true);
    socket.say(json!({"type": "CHAT_MESSAGE", "message": unique("again")}).to_string()).await;
    let error = hear(&mut socket, "ERROR").await;
    assert_eq!(error["code"], "SLOW_MODE");
    assert!(error["retry_after"].as_u64().unwrap() > 0, "{error}");
}

#[tokio::test]
async fn the_public_list_shows_within_ten_seconds_how_many_people_are_in_a_room() {
    let room = Room::new().await;
    let mut host = room.socket("room", &room.host).await;
    hear(&mut host, "PLAYBACK_STATE").await;
    let mut guest = room.socket("room", &room.guest).await;
    hear(&mut guest, "PLAYBACK_STATE").await;
    room.listed_with(2).await;
    drop(guest);
    room.listed_with(1).await;
    room.nobody_else_heard().await;
}

//! The feed: heartbeats, dropped messages, credentials.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::client::{Guest, PATIENCE, Refusal, Socket, refusal};
use crate::target::{Sockets, Target, unique};

const HEARTBEAT: &str = "[ping] Server heartbeat";
/// How long one text may take until another one is tried.
const ONE_DROP: Duration = Duration::from_secs(2);

#[tokio::test]
async fn every_feed_socket_gets_the_heartbeat_on_time() {
    let target = Target::start().await;
    let mut sockets = [Socket::open(&target.feed).await, Socket::open(&target.ws("/")).await];
    for socket in &mut sockets {
        socket.hear_text(HEARTBEAT).await;
    }
    let began = Instant::now();
    for _ in 0..3 {
        sockets[0].hear_text(HEARTBEAT).await;
    }
    let took = began.elapsed();
    assert!(took >= target.heartbeat.mul_f32(1.9), "three beats in {took:?}");
    assert!(took < target.heartbeat * 3 + PATIENCE / 2, "three beats in {took:?}");
}

#[tokio::test]
async fn a_dropped_text_reaches_every_feed_socket_verbatim_and_is_deleted() {
    let target = Target::start().await;
    let mut sockets = [
        Socket::open(&target.feed).await,
        Socket::open(&target.ws("/?x=y")).await,
        Socket::open(&target.ws("/")).await,
        Socket::open(&target.ws("/ws/feed/")).await,
    ];
    let text = unique(" {\"action\": \"PLAY\", \"value\": \"fake-uuuid\"}\n");
    let path = unique("message") + ".txt";
    target.drops.put(&path, text.clone()).await;
    for socket in &mut sockets {
        socket.hear_text(&text).await;
    }
    let again = unique("ünïcödé ✓");
    target.drops.put(&(unique("again ü") + ".txt"), again.clone()).await;
    sockets[0].hear_text(&again).await;
    target.drops.is_empty_at(&path).await;
}

#[tokio::test]
async fn two_files_dropped_in_the_same_millisecond_both_arrive_once() {
    let target = Target::start().await;
    let mut socket = Socket::open(&target.feed).await;
    let [a, b, c] = ["a", "b", "c"].map(unique);
    target.drops.put(&format!("{a}.txt"), a.clone()).await;
    target.drops.put(&format!("{b}.txt"), b.clone()).await;
    let is_one = |text: &str| text == a || text == b;
    let mut both = [socket.hear(is_one).await, socket.hear(is_one).await];
    both.sort();
    assert_eq!(both, [a.clone(), b.clone()]);
    target.drops.put(&format!("{c}.txt"), c.clone()).await;
    assert!(!socket.hear_text(&c).await.iter().any(|text| is_one(text)));
}

#[tokio::test]
async fn two_texts_dropped_under_one_name_in_the_same_second_both_arrive() {
    let target = Target::start().await;
    let mut socket = Socket::open(&target.feed).await;
    let [first, second] = ["first", "second"].map(unique);
    let path = unique("same") + ".txt";
    target.drops.put(&path, first.clone()).await;
    if target.drops.keeps_one_per_name() {
        // A folder keeps one text per name: who drops another before the first is taken has replaced it.
        target.drops.is_empty_at(&path).await;
    }
    target.drops.put(&path, second.clone()).await;
    let is_one = |text: &str| text == first || text == second;
    let mut both = [socket.hear(is_one).await, socket.hear(is_one).await];
    both.sort();
    assert_eq!(both, [first.clone(), second.clone()]);
    target.drops.is_empty_at(&path).await;
}

#[tokio::test]
async fn a_text_that_cannot_be_sent_is_put_aside_and_the_next_one_is_sent() {
    let target = Target::start().await;
    let mut socket = Socket::open(&target.feed).await;
    let (binary, large) = (unique("binary") + ".txt", unique("large") + ".txt");
    target.drops.put(&binary, b"\xff").await;
    target.drops.put(&large, "x".repeat((32 << 10) + 1)).await;
    for path in [&binary, &large] {
        target.drops.has_rejected(path).await;
        target.drops.is_empty_at(path).await;
    }
    let text = unique("next");
    target.drops.put(&format!("{text}.txt"), text.clone()).await;
    let before = socket.hear_text(&text).await;
    assert!(!before.iter().any(|text| text.starts_with("xx")), "{before:?}");
}

#[tokio::test]
async fn a_crowd_of_sockets_at_once_all_get_everything() {
    let target = Target::start().await;
    let mut sockets = join_all((0..target.crowd).map(|_| Socket::open(&target.feed))).await;
    for _ in 0..5 {
        let text = unique("crowd");
        target.drops.put(&format!("{text}.txt"), text.clone()).await;
        join_all(sockets.iter_mut().map(|socket| socket.hear_text(&text))).await;
    }
}

#[tokio::test]
async fn a_message_for_a_person_reaches_their_sockets_alone() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let mut hers = Socket::open(&target.ws(&format!("/?token={}", ann.access_token()))).await;
    let mut other = Socket::open(&target.feed).await;
    known(&target, &ann.id(), &mut hers).await;
    let (psst, json) = (unique("psst"), format!(r#"{{"type":"{}"}}"#, unique("X")));
    let folder = format!("users/{}", ann.id());
    target.drops.put(&format!("{folder}/1.txt"), psst.clone()).await;
    let heard: Value = serde_json::from_str(&hers.hear(|text| text.contains(&psst)).await).unwrap();
    assert_eq!(heard, json!({ "type": "BROADCAST", "text": psst }));
    target.drops.put(&format!("{folder}/2.txt"), json.clone()).await;
    hers.hear_text(&json).await;
    let all = unique("all");
    target.drops.put(&format!("{all}.txt"), all.clone()).await;
    let before = other.hear_text(&all).await;
    assert!(!before.iter().any(|text| text.contains(&psst) || *text == json), "{before:?}");
}

#[tokio::test]
async fn good_credentials_are_taken_from_every_place() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let bearer = format!("Token {}", ann.token());
    let places: [(String, &[(&str, &str)]); 4] = [
        (format!("/?token={}", ann.access_token()), &[]),
        (format!("/?token={}", ann.token()), &[]),
        ("/".to_owned(), &[("authorization", &bearer)]),
        ("/".to_owned(), &[("cookie", &ann.cookie)]),
    ];
    for (path, headers) in places {
        let (mut socket, protocol) = Socket::open_with(&target.ws(&path), headers).await.unwrap();
        assert_eq!(protocol, None);
        known(&target, &ann.id(), &mut socket).await;
    }
}

#[tokio::test]
async fn a_ticket_among_the_sub_protocols_is_taken_and_not_echoed() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let offered = format!("parlor.v1, ticket.{}", ann.access_token());
    let headers = [("sec-websocket-protocol", offered.as_str())];
    let (mut socket, protocol) = Socket::open_with(&target.ws("/"), &headers).await.unwrap();
    assert_eq!(protocol.as_deref(), Some("parlor.v1"));
    known(&target, &ann.id(), &mut socket).await;
}

#[tokio::test]
async fn bad_credentials_make_an_anonymous_socket() {
    let target = Target::start().await;
    let ann = Guest::sign_in(&target.http).await;
    let mut hers = Socket::open(&target.ws(&format!("/?token={}", ann.token()))).await;
    let cut = &ann.access_token()[..ann.access_token().len() - 2];
    let mut garbled = Socket::open(&target.ws(&format!("/?token={cut}"))).await;
    known(&target, &ann.id(), &mut hers).await;
    let (psst, all) = (format!(r#"{{"{}":1}}"#, unique("psst")), unique("all"));
    target.drops.put(&format!("users/{}/1.txt", ann.id()), psst.clone()).await;
    hers.hear_text(&psst).await;
    target.drops.put(&format!("{all}.txt"), all.clone()).await;
    let before = garbled.hear_text(&all).await;
    assert!(!before.contains(&psst), "{before:?}");
}

#[tokio::test]
async fn a_ping_is_answered_and_anything_else_ignored() {
    let target = Target::start().await;
    let mut socket = Socket::open(&target.feed).await;
    for ignored in ["hello", "{", "[]", r#"{"type":"dance"}"#, ""] {
        socket.say(ignored).await;
    }
    socket.say(r#"{"type":"ping","timestamp":"2024-01-01T00:00:00Z"}"#).await;
    let pong = socket.hear(|text| text.contains("pong")).await;
    let pong: Value = serde_json::from_str(&pong).unwrap();
    assert_eq!((&pong["type"], &pong["timestamp"]), (&json!("pong"), &json!("2024-01-01T00:00:00Z")));
    assert!(pong["server_time"].as_str().unwrap().ends_with("+00:00"));
}

#[tokio::test]
async fn an_unknown_path_gets_no_socket() {
    let target = Target::start().await;
    match refusal(&target.ws("/ws/nonsense/")).await {
        Refusal::Status(status) => assert!((400..500).contains(&status), "{status}"),
        Refusal::Close(code, reason) => assert!(code >= 4000, "{code} {reason}"),
    }
}

#[tokio::test]
async fn an_unknown_path_is_closed_with_4002_or_refused_with_404() {
    let target = Target::start().await;
    let right = match target.sockets() {
        Sockets::ByPath => Refusal::Close(4002, "NO_SUCH_ROOM".to_owned()),
        Sockets::ByParameter => Refusal::Status(404),
    };
    assert_eq!(refusal(&target.ws("/ws/nonsense/")).await, right);
}

/// Waits until texts for a person reach this socket of theirs: that takes until its welcome has been worked off. What was
/// dropped before that is not repeated to it, so one text after another is tried.
pub async fn known(target: &Target, id: &str, socket: &mut Socket) {
    let folder = format!("users/{id}");
    let introduction = async {
        loop {
            let text = format!(r#"{{"hello":"{}"}}"#, unique("hello"));
            target.drops.put(&format!("{folder}/{}.txt", unique("hello")), text.clone()).await;
            if timeout(ONE_DROP, socket.hear(|heard| heard == text)).await.is_ok() {
                return;
            }
        }
    };
    timeout(PATIENCE, introduction).await.expect("nothing for the person reached this socket");
}

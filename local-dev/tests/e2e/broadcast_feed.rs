//! The feed: heartbeats, dropped messages, credentials.

use std::time::Instant;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::client::{Guest, PATIENCE, Socket, refusal};
use crate::target::Target;

const HEARTBEAT: &str = "[ping] Server heartbeat";

#[tokio::test]
async fn every_feed_socket_gets_the_heartbeat_on_time() {
    let target = Target::start_with(&["--heartbeat-seconds", "1"]);
    let mut sockets = [Socket::open(&target.feed).await, Socket::open(&ws(&target, "/")).await];
    for socket in &mut sockets {
        assert_eq!(socket.next_of_all().await, HEARTBEAT);
    }
    let began = Instant::now();
    for _ in 0..3 {
        assert_eq!(sockets[0].next_of_all().await, HEARTBEAT);
    }
    assert!(began.elapsed().as_millis() >= 1_900, "three beats in {:?}", began.elapsed());
    assert!(began.elapsed() < PATIENCE / 2);
}

#[tokio::test]
async fn a_dropped_text_reaches_every_feed_socket_verbatim_and_is_deleted() {
    let target = Target::start();
    let mut sockets = [
        Socket::open(&target.feed).await,
        Socket::open(&format!("{}/any/path?x=y", target.feed)).await,
        Socket::open(&ws(&target, "/")).await,
        Socket::open(&ws(&target, "/ws/feed/")).await,
    ];
    let text = " {\"action\": \"PLAY\", \"value\": \"fake-uuuid\"}\n";
    target.drop_message("message.txt", text);
    for socket in &mut sockets {
        assert_eq!(socket.next().await, text);
    }
    target.drop_message("again.txt", "ünïcödé ✓");
    assert_eq!(sockets[0].next().await, "ünïcödé ✓");
    assert!(!target.drop_folder().join("message.txt").exists());
}

#[tokio::test]
async fn two_files_dropped_in_the_same_millisecond_both_arrive_once() {
    let target = Target::start();
    let mut socket = Socket::open(&target.feed).await;
    target.drop_message("a.txt", "a");
    target.drop_message("b.txt", "b");
    let mut both = [socket.next().await, socket.next().await];
    both.sort();
    assert_eq!(both, ["a", "b"]);
    target.drop_message("c.txt", "c");
    assert_eq!(socket.next().await, "c");
}

#[tokio::test]
async fn two_hundred_sockets_at_once_all_get_everything() {
    let target = Target::start();
    let mut sockets = join_all((0..200).map(|_| Socket::open(&target.feed))).await;
    for n in 0..5 {
        target.drop_message(&format!("{n}.txt"), n.to_string());
        let got = join_all(sockets.iter_mut().map(Socket::next)).await;
        assert!(got.iter().all(|text| *text == n.to_string()), "{got:?}");
    }
}

#[tokio::test]
async fn a_message_for_a_person_reaches_their_sockets_alone() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let mut hers = Socket::open(&format!("{}/?token={}", target.feed, ann.access_token())).await;
    let mut other = Socket::open(&target.feed).await;
    greeted(&mut hers).await;
    let folder = target.drop_folder().join("users").join(ann.answer["id"].to_string());
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("1.txt"), "psst").unwrap();
    assert_eq!(json_of(&hers.next().await), json!({ "type": "BROADCAST", "text": "psst" }));
    std::fs::write(folder.join("2.txt"), r#"{"type":"X"}"#).unwrap();
    assert_eq!(hers.next().await, r#"{"type":"X"}"#);
    target.drop_message("all.txt", "all");
    assert_eq!(other.next().await, "all");
}

#[tokio::test]
async fn good_credentials_are_taken_from_every_place_and_bad_ones_make_an_anonymous_socket() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let (jwt, opaque) = (ann.access_token().to_owned(), ann.token().to_owned());
    let ticket = format!("parlor.v1, ticket.{jwt}");
    let places: [(String, Vec<(&str, &str)>); 6] = [
        (format!("?token={jwt}"), vec![]),
        (format!("?token={opaque}"), vec![]),
        (String::new(), vec![("authorization", "")]),
        (String::new(), vec![("cookie", &ann.cookie)]),
        (String::new(), vec![("sec-websocket-protocol", &ticket)]),
        ("?token=garbled".to_owned(), vec![]),
    ];
    let folder = target.drop_folder().join("users").join(ann.answer["id"].to_string());
    std::fs::create_dir_all(&folder).unwrap();
    for (n, (query, mut headers)) in places.into_iter().enumerate() {
        let bearer = format!("Token {opaque}");
        if let Some(header) = headers.iter_mut().find(|(name, _)| *name == "authorization") {
            header.1 = &bearer;
        }
        let url = ws(&target, &format!("/{query}"));
        let (mut socket, protocol) = Socket::open_with(&url, &headers).await.unwrap();
        assert_eq!(
            protocol.as_deref(),
            headers.iter().any(|(name, _)| name.contains("protocol")).then_some("parlor.v1")
        );
        greeted(&mut socket).await;
        std::fs::write(folder.join(format!("{n}.txt")), "{}").unwrap();
        target.drop_message(&format!("{n}.txt"), "for all");
        let first = socket.next().await;
        if query.contains("garbled") {
            assert_eq!(first, "for all");
        } else {
            let mut both = [first, socket.next().await];
            both.sort();
            assert_eq!(both, ["for all", "{}"], "place {n}");
        }
    }
}

#[tokio::test]
async fn a_ping_is_answered_and_anything_else_ignored() {
    let target = Target::start();
    let mut socket = Socket::open(&target.feed).await;
    for ignored in ["hello", "{", "[]", r#"{"type":"dance"}"#, ""] {
        socket.say(ignored).await;
    }
    socket.say(r#"{"type":"ping","timestamp":"2024-01-01T00:00:00Z"}"#).await;
    let pong = json_of(&socket.next().await);
    assert_eq!((&pong["type"], &pong["timestamp"]), (&json!("pong"), &json!("2024-01-01T00:00:00Z")));
    assert!(pong["server_time"].as_str().unwrap().ends_with("+00:00"));
}

#[tokio::test]
async fn an_unknown_path_is_closed_with_4002_or_refused_with_404() {
    let target = Target::start();
    let mut socket = Socket::open(&ws(&target, "/ws/nonsense/")).await;
    assert_eq!(socket.closed().await, (4002, "NO_SUCH_ROOM".to_owned()));
    let strict = Target::start_with(&["--refuse-with", "status"]);
    assert_eq!(refusal(&ws(&strict, "/ws/nonsense/"), &[]).await, 404);
}

#[tokio::test]
async fn the_feed_listens_on_both_loopback_addresses() {
    let target = Target::start();
    let port = target.feed.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let mut socket = Socket::open(&format!("ws://{host}:{port}/")).await;
        socket.say(r#"{"type":"ping"}"#).await;
        assert_eq!(json_of(&socket.next().await)["type"], "pong");
    }
}

/// A ping's answer comes after the welcome: both were asked for in this order, and what follows is a live socket.
async fn greeted(socket: &mut Socket) {
    socket.say(r#"{"type":"ping"}"#).await;
    assert_eq!(json_of(&socket.next().await)["type"], "pong");
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn ws(target: &Target, path: &str) -> String {
    format!("{}{path}", target.http.replace("http://", "ws://"))
}

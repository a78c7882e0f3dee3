//! What only local-dev serves, and its options.

use serde_json::json;

use super::LocalDev;
use crate::bad_input::refused;
use crate::client::{Guest, Refusal, Socket, refusal};

#[tokio::test]
async fn what_only_local_dev_serves_refuses_as_json_too() {
    let target = LocalDev::start();
    let http = reqwest::Client::new();
    let at = |path: &str| format!("{}{path}", target.http);
    let table = [
        (http.post(at("/")), 405, "METHOD_NOT_ALLOWED"),
        (http.get(at("/package.json")), 404, "NOT_FOUND"),
        (http.get(at("/signed/x?signature=y")), 404, "NOT_FOUND"),
        (http.get(at("/signed/%ff")), 400, "MALFORMED"),
        (http.get(at(&format!("/signed/{}", "0".repeat(32)))), 403, "FORBIDDEN"),
        (http.put(at(&format!("/signed/{}", "0".repeat(32)))), 403, "FORBIDDEN"),
    ];
    for (request, status, code) in table {
        let shown = format!("{request:?}");
        let (got_status, got_code, _) = refused(request).await;
        assert_eq!((got_status, got_code.as_str()), (status, code), "{shown}");
    }
}

#[tokio::test]
async fn path_tricks_in_a_filename_write_nothing_beside_the_media() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let before = names_beside(&target);
    for name in ["../../x", "..\\..\\boot.ini", "/etc/passwd", ".."] {
        assert_eq!(ann.upload(&target.http, name, "x").await.status(), 200, "{name}");
    }
    assert_eq!(names_beside(&target), before);
    assert_eq!(target.stored_files(), 4);
}

fn names_beside(target: &LocalDev) -> Vec<String> {
    let entries = std::fs::read_dir(target.store()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.starts_with("parlor."));
    names.sort();
    names
}

#[tokio::test]
async fn handshakes_can_be_refused_with_a_status_as_on_aws() {
    let target = LocalDev::start_with(&["--refuse-with", "status"]);
    assert_eq!(refusal(&target.ws("/ws/nonsense/")).await, Refusal::Status(404));
}

#[tokio::test]
async fn any_path_of_its_port_is_the_feed() {
    let target = LocalDev::start();
    let mut socket = Socket::open(&format!("{}/any/path?x=y", target.feed)).await;
    target.drops().put("a.txt", "a").await;
    socket.hear_text("a").await;
}

#[tokio::test]
async fn the_feed_listens_on_both_loopback_addresses() {
    let target = LocalDev::start();
    let port = target.feed.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let mut socket = Socket::open(&format!("ws://{host}:{port}/")).await;
        assert_eq!(socket.ping().await["type"], "pong");
    }
}

#[tokio::test]
async fn another_origin_can_be_allowed() {
    let target = LocalDev::start_with(&["--allow-origin", "https://app.example.org"]);
    let request = reqwest::Client::new().post(format!("{}/api/auth/guest/", target.http));
    let request = request.header("origin", "https://app.example.org").header("sec-fetch-site", "cross-site");
    let response = request.json(&json!({ "display_name": "Ann" })).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example.org");
}

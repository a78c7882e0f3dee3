//! Starting, stopping, being killed, and what is left after that.

use std::net::TcpListener;
use std::process::Stdio;

use serde_json::Value;

use crate::client::{Guest, Socket};
use crate::process::command;
use crate::target::Target;

#[tokio::test]
async fn after_a_restart_accounts_and_media_are_still_there() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let uploaded: Value = ann.upload(&target.http, "a.bin", "abc").await.json().await.unwrap();
    let (store, _) = target.stop();
    let target = Target::start_in(store, &[]);
    let got = ann.get(&target.http, uploaded["media_id"].as_str().unwrap(), &[]).await;
    assert_eq!(got.bytes().await.unwrap(), "abc");
    let bob = Guest::sign_in(&target.http).await;
    assert_ne!(ann.answer["id"], bob.answer["id"]);
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_it_is_killed() {
    let mut store = tempfile::tempdir().unwrap();
    let mut people = Vec::new();
    for round in 0..3 {
        let target = Target::start_in(store, &[]);
        for n in 0..20 {
            let guest = Guest::sign_in(&target.http).await;
            let answer: Value =
                guest.upload(&target.http, "x", format!("{round}-{n}")).await.json().await.unwrap();
            people.push((guest, answer["media_id"].as_str().unwrap().to_owned(), format!("{round}-{n}")));
        }
        store = target.kill();
    }
    let target = Target::start_in(store, &[]);
    for (guest, media_id, content) in &people {
        assert_eq!(guest.get(&target.http, media_id, &[]).await.bytes().await.unwrap(), content);
    }
}

#[tokio::test]
async fn an_announcement_that_is_due_survives_being_killed() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let uploaded: Value = ann.upload(&target.http, "x", "x").await.json().await.unwrap();
    let target = Target::start_in(target.kill(), &[]);
    let mut socket = Socket::open(&target.feed).await;
    let mut next = socket.next().await;
    while !next.contains("PLAY") {
        next = socket.next().await;
    }
    assert!(next.contains(uploaded["media_id"].as_str().unwrap()));
}

#[tokio::test]
async fn files_dropped_while_it_was_down_are_sent_once_it_is_up() {
    let (store, _) = Target::start().stop();
    let folder = store.path().join("websocket_messages");
    std::fs::write(folder.join("early.txt"), "early").unwrap();
    let target = Target::start_in(store, &[]);
    let mut socket = Socket::open(&target.feed).await;
    target.drop_message("late.txt", "late");
    // What came first is sent first; whether this socket was there in time for it is another matter.
    while socket.next().await != "late" {}
    assert!(!folder.join("early.txt").exists());
}

#[tokio::test]
async fn when_it_is_asked_to_end_sockets_are_closed_with_1001() {
    let target = Target::start();
    let mut sockets =
        [Socket::open(&target.feed).await, Socket::open(&target.http.replace("http", "ws")).await];
    let stopped = tokio::task::spawn_blocking(move || target.stop());
    for socket in &mut sockets {
        assert_eq!(socket.closed().await.0, 1001);
    }
    let (store, _log) = stopped.await.unwrap();
    assert!(!store.path().join("parlor.sqlite-wal").exists(), "the table was not closed");
}

#[tokio::test]
async fn a_port_in_use_is_said_plainly() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let store = tempfile::tempdir().unwrap();
    for option in ["--port", "--feed-port"] {
        let output = command(store.path(), &[]).args([option, &port]).stdout(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(said.contains(&port) && said.contains("in use") && said.contains(option), "{said}");
    }
}

#[tokio::test]
async fn a_second_server_on_the_same_store_is_refused() {
    let target = Target::start();
    let output = command(target.store(), &[]).stdout(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("in use"), "{said}");
}

#[tokio::test]
async fn no_token_or_query_ever_reaches_the_log() {
    let target = Target::start();
    let ann = Guest::sign_in(&target.http).await;
    let mut socket =
        Socket::open(&format!("{}/?token={}", target.http.replace("http", "ws"), ann.access_token())).await;
    socket.say(r#"{"type":"ping"}"#).await;
    socket.next().await;
    let secret_query = format!("{}/media_get/?media_id=x&token={}", target.http, ann.token());
    reqwest::get(secret_query).await.unwrap();
    let uploaded: Value = ann.upload(&target.http, "x", "x").await.json().await.unwrap();
    let saved_to = uploaded["saved_to"].as_str().unwrap();
    assert_eq!(reqwest::get(saved_to).await.unwrap().bytes().await.unwrap(), "x");
    let (_, log) = target.stop();
    assert!(log.contains("/media_get/"), "requests are logged at all");
    let secrets = [ann.access_token(), ann.token(), ann.answer["refresh_token"].as_str().unwrap()];
    for secret in secrets {
        assert!(!log.contains(secret) && !log.contains(&secret[secret.len() - 20..]));
    }
    assert!(!log.contains("media_id="));
    let (_, stored_name) = saved_to.rsplit_once('/').unwrap();
    assert!(log.contains("/media/{filename}") && !log.contains(stored_name), "{log}");
}

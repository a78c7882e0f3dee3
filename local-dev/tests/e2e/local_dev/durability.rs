//! Starting, stopping, being killed, and what is left after that.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::LocalDev;
use crate::client::{Guest, Socket};
use crate::target::process::command;

#[tokio::test]
async fn after_a_restart_accounts_and_media_are_still_there() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let uploaded: Value = ann.upload(&target.http, "a.bin", "abc").await.json().await.unwrap();
    let (store, _) = target.stop();
    let target = LocalDev::start_in(store, &[]);
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
        let target = LocalDev::start_in(store, &[]);
        for n in 0..20 {
            let guest = Guest::sign_in(&target.http).await;
            let answer: Value =
                guest.upload(&target.http, "x", format!("{round}-{n}")).await.json().await.unwrap();
            people.push((guest, answer["media_id"].as_str().unwrap().to_owned(), format!("{round}-{n}")));
        }
        store = target.kill();
    }
    let target = LocalDev::start_in(store, &[]);
    for (guest, media_id, content) in &people {
        assert_eq!(guest.get(&target.http, media_id, &[]).await.bytes().await.unwrap(), content);
    }
}

#[tokio::test]
async fn an_announcement_that_is_due_survives_being_killed() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let uploaded: Value = ann.upload(&target.http, "x", "x").await.json().await.unwrap();
    let target = LocalDev::start_in(target.kill(), &[]);
    let mut socket = Socket::open(&target.feed).await;
    let id = uploaded["media_id"].as_str().unwrap();
    socket.hear_text(&format!(r#"{{"action": "PLAY", "value": "{id}"}}"#)).await;
}

#[tokio::test]
async fn files_dropped_while_it_was_down_are_sent_once_it_is_up() {
    let (store, _) = LocalDev::start().stop();
    let folder = store.path().join("websocket_messages");
    std::fs::write(folder.join("early.txt"), "early").unwrap();
    let target = LocalDev::start_in(store, &[]);
    let mut socket = Socket::open(&target.feed).await;
    target.drops().put("late.txt", "late").await;
    // What came first is sent first; whether this socket was there in time for it is another matter.
    socket.hear_text("late").await;
    assert!(!folder.join("early.txt").exists());
}

#[tokio::test]
async fn when_it_is_asked_to_end_sockets_are_closed_with_1001() {
    let target = LocalDev::start();
    let mut sockets = [Socket::open(&target.feed).await, Socket::open(&target.ws("/")).await];
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
    let target = LocalDev::start();
    let output = command(target.store(), &[]).stdout(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("in use"), "{said}");
}

#[tokio::test]
async fn no_token_or_query_ever_reaches_the_log() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let mut socket = Socket::open(&target.ws(&format!("/?token={}", ann.access_token()))).await;
    socket.ping().await;
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

/// What it says when it does not start.
fn refused(store: &Path, options: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command = command(store, options);
    let output = command.envs(environment.iter().copied()).stdout(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "it started: {said}");
    said
}

#[tokio::test]
async fn a_store_that_cannot_be_used_is_named_with_the_reason() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    std::fs::write(path("file"), "").unwrap();
    for taken in ["a/media", "b/websocket_messages", "c/audio_tests"] {
        std::fs::create_dir_all(path(taken).parent().unwrap()).unwrap();
        std::fs::write(path(taken), "").unwrap();
    }
    std::fs::create_dir_all(path("d/parlor.sqlite")).unwrap();
    std::fs::create_dir_all(path("e/parlor.sqlite.lock")).unwrap();
    std::fs::create_dir_all(path("f")).unwrap();
    std::fs::write(path("f/parlor.sqlite"), "once upon a time ".repeat(100)).unwrap();
    let table = [
        ("file", "file", "exists"),
        ("a", "a/media", "Not a directory"),
        ("b", "b/websocket_messages", "exists"),
        ("c", "c/audio_tests", "exists"),
        ("d", "d/parlor.sqlite", "unable to open database file"),
        ("e", "e/parlor.sqlite.lock", "Is a directory"),
        ("f", "f/parlor.sqlite", "file is not a database"),
    ];
    for (store, named, reason) in table {
        let said = refused(&path(store), &[], &[]);
        let last = said.lines().last().unwrap();
        assert!(last.starts_with("local-dev: ") && last.contains(reason), "{store}: {said}");
        assert!(last.contains(path(named).to_str().unwrap()), "{store}: {said}");
        assert_eq!(last.matches(reason).count(), 1, "{store}: {said}");
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_listened_on_is_named_with_its_option() {
    let store = tempfile::tempdir().unwrap();
    // The second one is reserved for documentation: no machine has it.
    for (host, reason) in [("example.org", "nor an IP address"), ("192.0.2.1", "no address of this machine")]
    {
        let said = refused(store.path(), &["--host", host], &[]);
        assert!(said.contains("--host") && said.contains(host) && said.contains(reason), "{said}");
    }
}

#[tokio::test]
async fn an_empty_variable_counts_as_not_set_and_a_switch_takes_words() {
    let store = tempfile::tempdir().unwrap();
    let names =
        ["PORT", "HOST", "PUBLIC_URL", "ALLOW_ORIGIN", "DURABLE", "MAX_UPLOAD_MB", "REFUSE_WITH", "LOG"];
    let names = names.map(|name| format!("PARLOR_{name}"));
    let mut environment: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    // It got past all of these, and stumbles only over what comes after them.
    let file = store.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(refused(&file, &[], &environment).contains("the store cannot be used"));
    for word in ["1", "yes", "true", "0", "no", "false"] {
        environment[4] = ("PARLOR_DURABLE", word);
        assert!(refused(&file, &[], &environment).contains("the store cannot be used"), "{word}");
    }
    environment[4] = ("PARLOR_DURABLE", "maybe");
    assert!(refused(&file, &[], &environment).contains("--durable"));
}

#[tokio::test]
async fn the_life_of_a_socket_is_in_the_log_without_its_query() {
    let target = LocalDev::start();
    let ann = Guest::sign_in(&target.http).await;
    let url = format!("/ws/feed/?token={}&colour=mauve", ann.access_token());
    let mut socket = Socket::open(&target.ws(&url)).await;
    socket.ping().await;
    let mut refused = Socket::open(&target.ws("/nowhere/?colour=mauve")).await;
    assert_eq!(refused.closed().await.0, 4002);
    let ended = tokio::task::spawn_blocking(move || target.stop());
    assert_eq!(socket.closed().await.0, 1001);
    drop(socket);
    let (_, log) = ended.await.unwrap();
    let line = |text: &str| log.lines().find(|line| line.contains(text)).unwrap_or_else(|| panic!("{log}"));
    let opened = line("a socket opened");
    assert!(opened.contains(r#"path="/ws/feed/""#), "{opened}");
    assert!(opened.contains(&format!(r#"user="{}""#, ann.answer["id"])), "{opened}");
    let id = opened.split_whitespace().find(|word| word.starts_with("connection=")).unwrap();
    let closed = line("a socket closed");
    assert!(closed.contains(id) && closed.contains("code=1001") && closed.contains("seconds="), "{closed}");
    let refused = line("a socket was refused");
    assert!(refused.contains(r#"path="/nowhere/""#) && refused.contains("code=4002"), "{refused}");
    assert!(!log.contains("mauve"), "{log}");
}

#[tokio::test]
async fn a_text_in_a_place_that_sends_to_nobody_is_told_of_once() {
    let store = tempfile::tempdir().unwrap();
    let folder = store.path().join("websocket_messages");
    let strays = ["early/a.txt", "other/a.txt", "rooms/a.txt", "users/ann/a.txt"];
    let unfinished = ["other/b.tmp", "other/.b.txt", "b.txt.part"];
    for path in strays {
        std::fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
    }
    std::fs::write(folder.join("early/a.txt"), "x").unwrap();
    let target = LocalDev::start_in(store, &[]);
    let mut socket = Socket::open(&target.feed).await;
    for path in strays.iter().chain(&unfinished).chain(&strays) {
        target.drops().put(path, "x").await;
    }
    target.drops().put("broken.txt", b"\xff").await;
    target.drops().put("last.txt", "last").await;
    socket.hear_text("last").await;
    let (store, log) = target.stop();
    for path in strays {
        let told = |line: &&str| line.contains("WARN") && line.contains(&format!(r#"path="{path}""#));
        assert_eq!(log.lines().filter(told).count(), 1, "{path}: {log}");
        assert!(store.path().join("websocket_messages").join(path).exists());
    }
    assert_eq!(log.matches("a text is left alone").count(), strays.len(), "{log}");
}

#[tokio::test]
async fn nothing_that_an_account_is_protected_by_reaches_the_log() {
    const PASSWORD: &str = "kX3!vq9Zt-lamp";
    const PHRASE: &str = "seven green boats at dawn";
    let target = LocalDev::start();
    let http = reqwest::Client::new();
    let call = async |path: &str, token: &str, body: Value| -> Value {
        let request = http.post(format!("{}{path}", target.http)).bearer_auth(token).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    };
    let register =
        json!({"username": "ann", "email": "ann.mauve@example.org", "password": PASSWORD, "phrase": PHRASE});
    call("/api/register/", "", register).await;
    call("/api/login/", "", json!({"username": "ann", "phrase": "a wrong indigo one"})).await;
    let tokens =
        call("/api/login/", "", json!({"username": "ann", "phrase": PHRASE, "password": PASSWORD})).await;
    let token = tokens["token"].as_str().unwrap();
    let ticket = call("/api/ws-ticket/", token, json!({})).await;
    let ticket = ticket["ticket"].as_str().unwrap();
    Socket::open(&target.ws(&format!("/ws/feed/?token={ticket}"))).await.ping().await;
    let new = call("/api/auth/refresh/", "", json!({"refresh": tokens["refresh"]})).await;
    call(
        "/api/auth/password/",
        token,
        json!({"current_phrase": PHRASE, "phrase": "nine red kites over Hull"}),
    )
    .await;
    call("/api/auth/logout/", token, json!({})).await;
    let (_, log) = target.stop();
    assert!(log.contains("/api/auth/password"), "requests are logged at all");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let given = [&tokens["token"], &tokens["access"], &tokens["refresh"], &new["access"], &new["refresh"]];
    let tails = given
        .map(text)
        .into_iter()
        .chain([ticket.to_owned()])
        .map(|secret| secret[secret.len() - 20..].to_owned());
    let typed = [PASSWORD, PHRASE, "indigo", "nine red kites", "mauve", "$argon2id"].map(str::to_owned);
    for secret in typed.into_iter().chain(tails) {
        assert!(!log.contains(&secret), "{secret}");
    }
}

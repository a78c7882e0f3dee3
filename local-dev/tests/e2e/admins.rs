//! Admins, from the command that makes the first one on.

use std::io::Write as _;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::accounts::{Api, PASSWORD, expect, text};
use crate::broadcast_feed::known;
use crate::client::party::Party;
use crate::client::{PATIENCE, Socket};
use crate::target::{Target, unique};

/// Types a command, and this at its standard input; waits for its end.
fn type_in(target: &Target, words: &[&str], input: &str) -> Output {
    let mut command = target.at_a_terminal(words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who refuses before a password is asked for reads none.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What a command says that does as it is told.
fn said(target: &Target, words: &[&str], input: &str) -> String {
    let output = type_in(target, words, input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command says that refuses.
fn refused(target: &Target, words: &[&str], input: &str) -> String {
    let output = type_in(target, words, input);
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(!log.contains(PASSWORD), "{log}");
    log
}

/// An admin whose address is made from the name.
fn create(target: &Target, name: &str) -> String {
    let email = format!("{name}@example.org");
    let words = ["admin", "create", "--email", &email, "--password-stdin"];
    said(target, &words, &format!("{PASSWORD}\n"))
}

async fn tokens(api: &Api, name: &str) -> Value {
    let body = json!({"email": format!("{name}@example.org"), "password": PASSWORD});
    api.call("/api/auth/login/", body, 200).await
}

async fn ask(api: &Api, tokens: &Value, method: Method, path: &str, body: Value, status: u16) -> Value {
    let request = api.http.request(method, format!("{}{path}", api.url));
    expect(request.bearer_auth(text(&tokens["access_token"])).json(&body), status).await
}

#[tokio::test]
async fn an_admin_who_was_made_at_a_terminal_shuts_somebody_out_and_lets_them_in_again() {
    let target = Target::start().await;
    let (api, root) = (Api::of(&target), unique("root"));
    create(&target, &root);
    let admin = tokens(&api, &root).await;
    assert_eq!((&admin["user"]["role"], &admin["display_name"]), (&json!("admin"), &json!("Admin")));
    let name = api.register().await;
    let ann = api.login(&name).await;
    let id = &ann["id"];
    let mut socket =
        Socket::open(&target.ws(&format!("/ws/feed/?token={}", text(&ann["access_token"])))).await;
    known(&target, &id.to_string(), &mut socket).await;
    let found = format!("/api/admin/users/?email={name}%40example.org");
    let found = ask(&api, &admin, Method::GET, &found, json!({}), 200).await;
    assert_eq!((&found[0]["id"], &found[0]["is_disabled"]), (id, &json!(false)), "{found}");
    let path = format!("/api/admin/users/{id}/");
    assert_eq!(ask(&api, &ann, Method::GET, &path, json!({}), 403).await["code"], "FORBIDDEN");

    ask(&api, &admin, Method::PATCH, &path, json!({"is_disabled": true}), 200).await;
    for token in ["access_token", "token"] {
        assert_eq!(api.profile(text(&ann[token])).await, 401);
    }
    socket.hear(|text| text.contains("SESSION_ENDED")).await;
    let body = json!({"username": name, "password": PASSWORD});
    assert_eq!(api.call("/api/login/", body, 403).await["code"], "ACCOUNT_DISABLED");
    api.call("/api/auth/refresh/", json!({"refresh": ann["refresh"]}), 401).await;
    ask(&api, &admin, Method::PATCH, &path, json!({"is_disabled": false}), 200).await;
    let ann = api.login(&name).await;
    ask(&api, &admin, Method::POST, &format!("{path}end-sessions/"), json!({}), 200).await;
    assert_eq!(api.profile(text(&ann["token"])).await, 401);

    let trail = ask(&api, &admin, Method::GET, "/api/admin/audit/?limit=100", json!({}), 200).await;
    let deeds = trail.as_array().unwrap().iter().filter(|deed| deed["user"] == *id);
    let deeds: Vec<_> = deeds.map(|deed| (text(&deed["action"]), &deed["admin"])).collect();
    let by = &admin["id"];
    assert_eq!(deeds, [("sessions_ended", by), ("user_enabled", by), ("user_disabled", by)]);
}

#[tokio::test]
async fn an_address_that_somebody_has_becomes_an_admins_only_if_that_was_meant() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = api.register().await;
    let email = format!("{name}@example.org");
    let words = ["admin", "create", "--email", &email, "--password-stdin"];
    assert!(refused(&target, &words, "another password 17\n").contains("--promote"));
    assert_eq!(api.login(&name).await["role"], "member");
    // Anybody may have claimed the address: it is said before anything is done.
    let promote = ["admin", "create", "--email", &email, "--promote"];
    assert!(refused(&target, &promote, "").contains("--unconfirmed"));
    assert_eq!(api.login(&name).await["role"], "member");
    let promote = ["admin", "create", "--email", &email, "--promote", "--unconfirmed"];
    for now in ["is an admin now", "is an admin already"] {
        let told = said(&target, &promote, "");
        assert!(told.contains(now), "{told}");
    }
    assert_eq!(api.login(&name).await["role"], "admin", "with the password that it had");
    let fresh = format!("{}@example.org", unique("weak"));
    let weak = ["admin", "create", "--email", &fresh, "--password-stdin"];
    assert!(refused(&target, &weak, "password1\n").contains("password:"));
    assert!(refused(&target, &weak, "").contains("empty"));
}

#[tokio::test]
async fn keys_are_rotated_while_requests_are_made_and_none_fails() {
    let target = Arc::new(Target::start().await);
    let api = Api::of(&target);
    let name = api.register().await;
    let first = api.login(&name).await;
    let stop = Arc::new(AtomicBool::new(false));
    let (typed, done) = (target.clone(), stop.clone());
    let typing = spawn_blocking(move || {
        let made: Vec<_> = (0..3).map(|_| said(&typed, &["keys", "rotate"], "")).collect();
        done.store(true, Ordering::SeqCst);
        made
    });
    let requests = async {
        while !stop.load(Ordering::SeqCst) {
            let tokens = api.call("/api/auth/guest/", json!({"display_name": "Ann"}), 200).await;
            for token in [&tokens["access_token"], &first["access_token"]] {
                assert_eq!(api.profile(text(token)).await, 200);
            }
        }
    };
    timeout(PATIENCE, requests).await.expect("an end to typing");
    let listed = said(&target, &["keys", "list"], "");
    for made in typing.await.unwrap() {
        assert!(made.contains("signs from") && listed.contains(&made[..11]), "{made} in {listed}");
    }
}

#[tokio::test]
async fn an_admin_sees_who_is_there_and_how_much_is_said() {
    let target = Target::start().await;
    let (api, root) = (Api::of(&target), unique("root"));
    create(&target, &root);
    let admin = tokens(&api, &root).await;
    let party = Party::new(&target.http, 2).await;
    let mut sockets = Vec::new();
    for who in &party.people {
        let mut socket = Socket::open(&target.ws(&party.path("room", who, ""))).await;
        socket.hear(|text| text.contains(r#""type":"PLAYBACK_STATE""#)).await;
        sockets.push(socket);
    }
    sockets[0].say(json!({"type": "CHAT_MESSAGE", "message": "how many are we?"}).to_string()).await;
    sockets[1].hear(|text| text.contains("how many are we?")).await;
    let shown = async || ask(&api, &admin, Method::GET, "/api/admin/live/", json!({}), 200).await;
    let is_counted = |live: &Value| {
        let minutes = live["messages_per_minute"].as_array().unwrap();
        let said: u64 = minutes.iter().map(|count| count.as_u64().unwrap()).sum();
        minutes.len() == 60
            && said >= 1
            && ["sockets", "people"].iter().all(|what| live[*what].as_u64() >= Some(2))
    };
    let counted = async {
        loop {
            let live = shown().await;
            if is_counted(&live) {
                return live;
            }
        }
    };
    let live = timeout(PATIENCE, counted).await.expect("what is going on is never shown");
    assert!(live["rooms"].as_u64() >= Some(1) && live["delivery_errors"].is_u64(), "{live}");
    assert!(live["dead_letters"].is_u64(), "{live}");
    ask(&api, &party.people[0], Method::GET, "/api/admin/live/", json!({}), 403).await;
}

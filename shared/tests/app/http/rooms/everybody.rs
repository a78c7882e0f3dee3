//! Every call about a room, by everybody who may stand in it somewhere: one table.

use serde_json::{Value, json};

use super::people::{Somebody, account, ask, bench, done, guest, site_admin};
use crate::http::bench::Bench;

/// Everybody, in the order of the columns.
const WHO: [&str; 9] =
    ["stranger", "guest", "pending", "member", "banned", "left", "co-host", "host", "site admin"];

/// `y` for done, else the first letter of why not: `n` not approved, `b` banned, `h` host only, `d` denied and so on.
type Row = (&'static str, &'static str, Value, &'static str);

/// The answer in one letter.
fn letter(status: u16, body: &Value) -> char {
    match (status, body["code"].as_str().unwrap_or_default()) {
        (200..300, _) => 'y',
        (403, "NOT_APPROVED") => 'n',
        (403, "BANNED") => 'b',
        (403, "HOST_ONLY") => 'h',
        (404, "NO_SUCH_PERSON") => 'p',
        (409, "CONFLICT") => 'c',
        _ => '?',
    }
}

/// A room `den` with everybody in it; the target of what is done to people is a member of number `victim`.
async fn den(bench: &Bench) -> (Vec<Somebody>, Somebody) {
    let host = account(bench, "host").await;
    done(bench, &host, "POST", "/api/rooms/", json!({"code": "den", "is_private": true})).await;
    let mut people = Vec::new();
    for who in WHO {
        let somebody = match who {
            "host" => host.clone(),
            "guest" => guest(bench, "Guest").await,
            "site admin" => site_admin(bench).await,
            name => account(bench, &name.replace('-', "")).await,
        };
        let join = json!({"code": "den"});
        if matches!(who, "pending" | "member" | "left" | "co-host" | "guest" | "banned") {
            done(bench, &somebody, "POST", "/api/rooms/join/", join).await;
        }
        let id = json!({"user_id": somebody.id, "code": "den"});
        if matches!(who, "member" | "left" | "co-host" | "guest") {
            done(bench, &host, "POST", "/api/rooms/approve/", id.clone()).await;
        }
        match who {
            "left" => drop(done(bench, &somebody, "POST", "/api/rooms/den/leave/", json!(null)).await),
            "banned" => drop(done(bench, &host, "POST", "/api/rooms/den/ban/", id).await),
            "co-host" => drop(done(bench, &host, "POST", "/api/rooms/den/cohost/", id).await),
            _ => {}
        }
        people.push(somebody);
    }
    let victim = account(bench, "victim").await;
    done(bench, &victim, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    done(bench, &host, "POST", "/api/rooms/approve/", json!({"code": "den", "user_id": victim.id})).await;
    (people, victim)
}

#[tokio::test]
async fn everybody_may_do_in_a_room_what_the_table_says() {
    let victim = json!("victim");
    let rows: Vec<Row> = vec![
        //                                                          s g p m b l c h a
        ("GET", "/api/rooms/den/", json!(null), "nyyybnyyy"),
        ("GET", "/api/rooms/den/participants/", json!(null), "nynybnyyy"),
        ("GET", "/api/rooms/den/participants/?status=PENDING", json!(null), "nhnhbnyyy"),
        ("GET", "/api/rooms/den/audit/", json!(null), "nhnhbnyyy"),
        ("GET", "/api/rooms/den/export/", json!(null), "nhnhbnhyy"),
        ("GET", "/api/rooms/den/invitations/", json!(null), "nhnhbnyyy"),
        ("POST", "/api/rooms/den/invitations/", json!({}), "nhnhbnyyy"),
        ("PATCH", "/api/rooms/den/", json!({"slow_mode_seconds": 1}), "nhnhbnyyy"),
        ("POST", "/api/rooms/den/mute/", victim.clone(), "nhnhbnyyy"),
        ("POST", "/api/rooms/den/unmute/", victim.clone(), "nhnhbnyyy"),
        ("POST", "/api/rooms/den/kick/", victim.clone(), "nhnhbnyyy"),
        ("POST", "/api/rooms/den/cohost/", victim.clone(), "nhnhbnhyy"),
        ("POST", "/api/rooms/den/uncohost/", victim.clone(), "nhnhbnhyy"),
        ("POST", "/api/rooms/den/ban/", victim.clone(), "nhnhbnyyy"),
        ("POST", "/api/rooms/den/unban/", victim.clone(), "nhnhbnyyy"),
        // The last of these is done in a room of its own each time, so that nobody is in another's way.
        ("POST", "/api/rooms/den/host/", victim, "nhnhbnhyy"),
        ("DELETE", "/api/rooms/den/", json!(null), "nhnhbnhyy"),
    ];
    let bench = bench();
    let (people, target) = den(&bench).await;
    for (method, url, body, expected) in &rows[..15] {
        let body = if *body == json!("victim") { json!({"user_id": target.id}) } else { body.clone() };
        assert_eq!(answers(&bench, &people, method, url, body).await, *expected, "{method} {url} by {WHO:?}");
    }
    for (method, url, body, expected) in &rows[15..] {
        for (place, who) in WHO.iter().enumerate() {
            let bench = super::people::bench();
            let (people, target) = den(&bench).await;
            let body = if *body == json!("victim") { json!({"user_id": target.id}) } else { body.clone() };
            let (status, answer) = ask(&bench, &people[place], method, url, body).await;
            assert_eq!(
                Some(letter(status, &answer)),
                expected.chars().nth(place),
                "{method} {url} by {who}: {answer}"
            );
        }
    }
}

async fn answers(bench: &Bench, people: &[Somebody], method: &str, url: &str, body: Value) -> String {
    let mut letters = String::new();
    for who in people {
        let (status, answer) = ask(bench, who, method, url, body.clone()).await;
        letters.push(letter(status, &answer));
    }
    letters
}

#[tokio::test]
async fn nobody_acts_on_the_host_and_co_hosts_do_not_act_on_each_other() {
    let bench = bench();
    let (people, victim) = den(&bench).await;
    let (cohost, host) = (&people[6], &people[7]);
    for act in ["kick", "ban", "mute", "cohost"] {
        let url = format!("/api/rooms/den/{act}/");
        let (status, answer) = ask(&bench, cohost, "POST", &url, json!({"user_id": host.id})).await;
        assert_eq!(letter(status, &answer), 'h', "{act}: {answer}");
        let (status, answer) = ask(&bench, host, "POST", &url, json!({"user_id": host.id})).await;
        assert_eq!(letter(status, &answer), 'h', "{act} oneself: {answer}");
    }
    done(&bench, host, "POST", "/api/rooms/den/cohost/", json!({"user_id": victim.id})).await;
    let (status, answer) =
        ask(&bench, cohost, "POST", "/api/rooms/den/ban/", json!({"user_id": victim.id})).await;
    assert_eq!(letter(status, &answer), 'h', "{answer}");
    let (status, answer) = ask(&bench, host, "POST", "/api/rooms/den/ban/", json!({"user_id": 9999})).await;
    assert_eq!(letter(status, &answer), 'p', "{answer}");
}

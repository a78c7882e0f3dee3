//! Copies to take away: of a room by its host, of one's own data by anyone.

use axum::body::{self, Body};
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, LINK};
use serde_json::{Value, json};

use super::people::{Somebody, account, bench, done};
use crate::http::bench::{Bench, send};

/// All lines of a copy, page by page, and how many pages there were.
async fn lines(bench: &Bench, who: &Somebody, url: &str) -> (Vec<Value>, usize) {
    let (mut url, mut lines, mut pages) = (url.to_owned(), Vec::new(), 0);
    loop {
        let request = Request::get(&url).header("authorization", format!("Bearer {}", who.token));
        let response = send(bench.router(), request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()[CONTENT_TYPE]),
            (200, &"application/x-ndjson".parse().unwrap())
        );
        let next = response.headers().get(LINK).map(|link| link.to_str().unwrap().to_owned());
        let bytes = body::to_bytes(response.into_body(), 4_000_000).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        lines.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        pages += 1;
        match next {
            Some(link) => url = link.trim_start_matches('<').split('>').next().unwrap().to_owned(),
            None => return (lines, pages),
        }
    }
}

fn of_kind<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["kind"] == kind).collect()
}

#[tokio::test]
async fn a_host_takes_away_the_room_its_people_and_what_was_said() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den", "name": "The den"})).await;
    done(&bench, &bob, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    let messages = "/api/rooms/den/messages/";
    for number in 1..=1200 {
        let who = if number % 2 == 0 { &ann } else { &bob };
        done(&bench, who, "POST", messages, json!({"message": format!("message {number}")})).await;
    }
    done(&bench, &bob, "DELETE", &format!("{messages}3/"), Value::Null).await;
    done(&bench, &ann, "PATCH", &format!("{messages}2/"), json!({"message": "edited"})).await;
    let (lines, pages) = lines(&bench, &ann, "/api/rooms/den/export/").await;
    assert!(pages > 1, "{pages}");
    assert_eq!((&lines[0]["kind"], &lines[0]["name"]), (&json!("room"), &json!("The den")));
    let names: Vec<&Value> = of_kind(&lines, "member").iter().map(|line| &line["display_name"]).collect();
    assert_eq!(names, [&json!("ann"), &json!("bob")]);
    let events = of_kind(&lines, "event");
    let ids: Vec<u64> = events.iter().map(|event| event["id"].as_u64().unwrap()).collect();
    let expected: Vec<u64> = (1..=1202).filter(|id| *id != 3).collect();
    assert_eq!(ids, expected);
    assert_eq!((&events[1]["message"], &events[1]["type"]), (&json!("edited"), &json!("CHAT_MESSAGE")));
}

#[tokio::test]
async fn everybody_takes_away_what_is_theirs_and_nothing_else() {
    let bench = bench();
    let (ann, bob) = (account(&bench, "ann").await, account(&bench, "bob").await);
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    done(&bench, &bob, "POST", "/api/rooms/join/", json!({"code": "den"})).await;
    for (who, text) in [(&ann, "Ann's"), (&bob, "Bob's")] {
        done(&bench, who, "POST", "/api/rooms/den/messages/", json!({ "message": text })).await;
    }
    done(&bench, &bob, "POST", "/api/send-message/", json!({"receiver": "ann", "message": "in private"}))
        .await;
    done(&bench, &bob, "POST", &format!("/api/users/{}/block/", ann.id), Value::Null).await;
    let (lines, _) = lines(&bench, &bob, "/api/user-profile/export/").await;
    assert_eq!((&lines[0]["kind"], &lines[0]["email"]), (&json!("user"), &json!("bob@example.org")));
    assert_eq!(of_kind(&lines, "blocked")[0]["id"], json!(ann.id));
    assert_eq!(of_kind(&lines, "room").len(), 2);
    let mut said: Vec<&str> =
        of_kind(&lines, "event").iter().map(|event| event["message"].as_str().unwrap()).collect();
    said.sort_unstable();
    assert_eq!(said, ["Bob's", "in private"]);
}

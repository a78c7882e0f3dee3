//! Messages are found by their words.

use axum::http::header::LINK;
use serde_json::{Value, json};

use super::people::{Somebody, account, bench, done, refused};
use crate::http::accounts::admin::ask_through;
use crate::http::bench::Bench;

const MESSAGES: &str = "/api/rooms/den/messages/";

async fn say(bench: &Bench, who: &Somebody, text: &str) -> u64 {
    done(bench, who, "POST", MESSAGES, json!({ "message": text })).await["id"].as_u64().unwrap()
}

/// What a search finds, and where it goes on.
async fn found(bench: &Bench, who: &Somebody, url: &str) -> (Vec<String>, Option<String>) {
    let (status, headers, body) = ask_through(bench.router(), Some(&who.token), "GET", url, "").await;
    assert_eq!(status, 200, "{body}");
    let texts =
        body.as_array().unwrap().iter().map(|message| message["message"].as_str().unwrap().to_owned());
    let next = headers.get(LINK).map(|link| link.to_str().unwrap().to_owned());
    let next = next.map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
    (texts.collect(), next)
}

#[tokio::test]
async fn a_search_finds_words_the_newest_first_and_goes_on_where_its_link_leads() {
    let bench = bench();
    let ann = account(&bench, "ann").await;
    done(&bench, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    for text in ["Café one", "nothing", "a CAFE, two", "cafeteria"] {
        say(&bench, &ann, text).await;
    }
    let deleted = say(&bench, &ann, "cafe three").await;
    done(&bench, &ann, "DELETE", &format!("{MESSAGES}{deleted}/"), Value::Null).await;
    say(&bench, &ann, "cafe four").await;
    let (texts, next) = found(&bench, &ann, &format!("{MESSAGES}?q=caf%C3%A9&limit=2")).await;
    assert_eq!(texts, ["cafe four", "a CAFE, two"]);
    let (texts, next) = found(&bench, &ann, &next.unwrap()).await;
    assert_eq!((texts, next), (vec!["Café one".to_owned()], None));
    let (texts, _) = found(&bench, &ann, &format!("{MESSAGES}?q=two+cafe")).await;
    assert_eq!(texts, ["a CAFE, two"]);
    let none = refused(&bench, &ann, "GET", &format!("{MESSAGES}?q=%20"), Value::Null).await;
    assert_eq!(none, (400, "INVALID_INPUT".into()));
    let eve = account(&bench, "eve").await;
    let stranger = refused(&bench, &eve, "GET", &format!("{MESSAGES}?q=cafe"), Value::Null).await;
    assert_eq!(stranger, (403, "NOT_APPROVED".into()));
}

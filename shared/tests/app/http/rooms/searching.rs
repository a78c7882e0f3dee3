//! Messages are found by their words.

use axum::http::header::LINK;
use serde_json::{Value, json};

use super::people::{Somebody, account, done, house, refused};
use crate::http::accounts::admin::ask_through;
use crate::http::house::House;

const MESSAGES: &str = "/api/rooms/den/messages/";

async fn say(house: &House, who: &Somebody, text: &str) -> u64 {
    done(house, who, "POST", MESSAGES, json!({ "message": text })).await["id"].as_u64().unwrap()
}

/// What a search finds, and where it goes on.
async fn found(house: &House, who: &Somebody, url: &str) -> (Vec<String>, Option<String>) {
    let (status, headers, body) = ask_through(house.router(), Some(&who.token), "GET", url, "").await;
    assert_eq!(status, 200, "{body}");
    let texts =
        body.as_array().unwrap().iter().map(|message| message["message"].as_str().unwrap().to_owned());
    let next = headers.get(LINK).map(|link| link.to_str().unwrap().to_owned());
    let next = next.map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
    (texts.collect(), next)
}

#[tokio::test]
async fn a_search_finds_words_the_newest_first_and_goes_on_where_its_link_leads() {
    let house = house();
    let ann = account(&house, "ann").await;
    done(&house, &ann, "POST", "/api/rooms/", json!({"code": "den"})).await;
    for text in ["Café one", "nothing", "a CAFE, two", "cafeteria"] {
        say(&house, &ann, text).await;
    }
    let deleted = say(&house, &ann, "cafe three").await;
    done(&house, &ann, "DELETE", &format!("{MESSAGES}{deleted}/"), Value::Null).await;
    say(&house, &ann, "cafe four").await;
    let (texts, next) = found(&house, &ann, &format!("{MESSAGES}?q=caf%C3%A9&limit=2")).await;
    assert_eq!(texts, ["cafe four", "a CAFE, two"]);
    let (texts, next) = found(&house, &ann, &next.unwrap()).await;
    assert_eq!((texts, next), (vec!["Café one".to_owned()], None));
    let (texts, _) = found(&house, &ann, &format!("{MESSAGES}?q=two+cafe")).await;
    assert_eq!(texts, ["a CAFE, two"]);
    let none = refused(&house, &ann, "GET", &format!("{MESSAGES}?q=%20"), Value::Null).await;
    assert_eq!(none, (400, "INVALID_INPUT".into()));
    let eve = account(&house, "eve").await;
    let stranger = refused(&house, &eve, "GET", &format!("{MESSAGES}?q=cafe"), Value::Null).await;
    assert_eq!(stranger, (403, "NOT_APPROVED".into()));
}

//! The HTTP API says of itself what there is, and how often it may be called.

use parlor::inbound::http::openapi::SNAPSHOT;
use reqwest::Client;
use serde_json::{Value, json};

use crate::target::{Target, unique};

#[tokio::test]
async fn the_same_description_is_served_everywhere() {
    let target = Target::start().await;
    let response = Client::new().get(format!("{}/openapi.json", target.http)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    let served: Value = response.json().await.unwrap();
    assert_eq!(served, serde_json::from_str::<Value>(SNAPSHOT).unwrap());
}

#[tokio::test]
async fn who_tries_to_sign_in_is_told_how_often_more() {
    let target = Target::start().await;
    let guess = json!({"username": unique("nobody"), "password": "not it at all"});
    let mut left = Vec::new();
    for _ in 0..2 {
        let request = Client::new().post(format!("{}/api/login/", target.http)).json(&guess);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        let said = |name: &str| response.headers()[name].to_str().unwrap().parse::<u64>().unwrap();
        assert!(said("ratelimit-limit") > said("ratelimit-remaining") && said("ratelimit-reset") > 0);
        left.push(said("ratelimit-remaining"));
    }
    // One less, or all of them where a new window has begun in between.
    assert_ne!(left[0], left[1]);
}

//! The control endpoint for tests in other processes.

use serde_json::json;

use crate::support::{TestSources, wiring};

#[tokio::test]
async fn messages_are_listed_without_being_received() {
    let test = TestSources::start(&wiring()).await;
    test.send("dead", &["a"]).await;
    let (status, body) = test.control("GET", "queues/dead/messages").await;
    let shown = &body["messages"][0];
    assert_eq!((status, &shown["body"], &shown["state"]), (200, &json!("a"), &json!("ready")));
    let (_, letters) = test.control("GET", "dead-letters").await;
    assert_eq!((&letters["dead"][0]["messageId"], &letters["failures"]), (&shown["messageId"], &json!([])));
    assert_eq!(test.control("GET", "queues/none/messages").await.0, 404);
    assert_eq!(test.control("POST", "queues/none/duplicate").await.0, 404);
    assert_eq!(test.control("POST", "queues/dead/duplicate?count=many").await.0, 400);
}

#[tokio::test]
async fn the_visibility_timeout_of_a_queue_ends_on_demand() {
    let test = TestSources::start(&wiring()).await;
    assert_eq!(test.control("POST", "queues/dead/time-out").await, (200, json!({ "visible": 0 })));
    assert_eq!(test.control("POST", "queues/none/time-out").await.0, 404);
}

#[tokio::test]
async fn web_pages_may_not_control() {
    let test = TestSources::start(&wiring()).await;
    let url = format!("{}/_local/dead-letters", test.sources.sqs_url());
    let answer = test.http.get(url).header("origin", "http://localhost:3000").send().await.unwrap();
    assert_eq!(answer.status(), 403);
}

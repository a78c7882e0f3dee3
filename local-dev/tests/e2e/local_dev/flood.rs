//! A client that floods its room. On AWS each function process counts by itself, so that a flood is cut somewhat later.

use serde_json::{Value, json};

use super::LocalDev;
use crate::client::Socket;
use crate::client::party::Party;

#[tokio::test]
async fn a_socket_that_goes_on_sending_what_is_refused_is_closed() {
    let target = LocalDev::start();
    let party = Party::new(&target.http, 2).await;
    let mut guest = Socket::open(&target.ws(&party.path("chat", &party.people[1], ""))).await;
    // A client that does not wait for answers.
    for _ in 0..60 {
        guest.say(r#"{"type": "CHAT_MESSAGE", "message": ""}"#).await;
    }
    let last = guest.hear(|heard| heard.contains("TOO_MANY_MESSAGES")).await;
    let last: Value = serde_json::from_str(&last).unwrap();
    assert_eq!((&last["code"], &last["close"]), (&json!("TOO_MANY_MESSAGES"), &json!(4008)));
    assert!(last["retry_after"].as_u64().unwrap() > 0, "{last}");
    assert_eq!(guest.closed().await, (4008, "TOO_MANY_MESSAGES".to_owned()));
}

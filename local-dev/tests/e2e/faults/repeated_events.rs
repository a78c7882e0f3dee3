//! Queues and buckets say things twice, and in any order.

use serde_json::{Value, json};

use super::unreliable::{JOBS, Unreliable, all_hear};
use crate::client::Guest;
use crate::direct_uploads::{begin, put, uploaded};
use crate::target::unique;

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn jobs_that_come_twice_do_no_harm() {
    let target = Unreliable::start(&[]).await;
    target.control("POST", &format!("queues/{JOBS}/duplicate?count=100")).await;
    let ann = Guest::sign_in(&target.functions.http).await;
    let mut sockets = target.open(5).await;
    let uploaded: Value = ann.upload(&target.functions.http, "a.mp3", "a").await.json().await.unwrap();
    let play = json!({ "action": "PLAY", "value": uploaded["media_id"] });
    for socket in &mut sockets {
        socket.hear(|text| serde_json::from_str::<Value>(text).is_ok_and(|heard| heard == play)).await;
    }
    // The second of two greetings at the same time is put off until the first one's worker must have ended.
    target.redelivers().await;
    target.comes_to_rest().await;
    target.knows_only(5).await;
    drop(sockets);
    target.knows_only(0).await;
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn a_bucket_that_tells_of_a_text_twice_has_it_sent_once() {
    let target = Unreliable::start(&[]).await;
    let mut sockets = target.open(3).await;
    let (text, last) = (unique("twice"), unique("last"));
    target.control("POST", "object-events/duplicate?count=1").await;
    target.drops.put("twice.txt", text.clone()).await;
    all_hear(&mut sockets, &text).await;
    target.comes_to_rest().await;
    target.drops.put("last.txt", last.clone()).await;
    for socket in &mut sockets {
        assert!(!socket.hear_text(&last).await.contains(&text));
    }
    target.comes_to_rest().await;
    target.knows_only(3).await;
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn texts_whose_events_come_in_reverse_order_all_arrive() {
    let target = Unreliable::start(&[]).await;
    let mut sockets = target.open(3).await;
    let texts = ["a", "b", "c"].map(unique);
    target.control("POST", "object-events/hold").await;
    for (name, text) in ["same.txt", "other.txt", "same.txt"].into_iter().zip(&texts) {
        target.drops.put(name, text.clone()).await;
    }
    let released = target.control("POST", "object-events/release?order=reversed").await;
    assert_eq!(released["released"], 3);
    for socket in &mut sockets {
        let mut heard = Vec::new();
        while heard.len() < 3 {
            heard.push(socket.hear(|text| texts.iter().any(|one| one == text)).await);
        }
        heard.sort();
        assert_eq!(heard, texts);
    }
    target.comes_to_rest().await;
    target.knows_only(3).await;
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn a_direct_upload_that_is_told_of_twice_is_one_medium_and_one_announcement() {
    let target = Unreliable::start(&[]).await;
    let http = &target.functions.http;
    let ann = Guest::sign_in(http).await;
    let mut sockets = target.open(1).await;
    target.control("POST", "object-events/hold").await;
    target.control("POST", "object-events/duplicate?count=1").await;
    let upload = begin(http, &ann, json!({ "filename": "a.mp3", "size": 5 })).await;
    assert_eq!(put(&upload, "hello").await.status(), 200);
    let released = target.control("POST", "object-events/release").await;
    assert_eq!(released["released"], 2);
    assert_eq!(uploaded(http, &ann, &upload).await.bytes().await.unwrap(), "hello");
    let play = format!(r#"{{"action": "PLAY", "value": "{}"}}"#, upload["media_id"].as_str().unwrap());
    sockets[0].hear_text(&play).await;
    target.comes_to_rest().await;
    let last = unique("last");
    target.drops.put("last.txt", last.clone()).await;
    assert!(!sockets[0].hear_text(&last).await.contains(&play));
    assert_eq!(target.functions.stored_files(), 1);
}

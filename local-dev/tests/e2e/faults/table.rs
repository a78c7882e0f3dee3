//! A table that refuses writes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::faulty_proxy::{Fate, Refused, Seen};
use super::unreliable::{Unreliable, all_hear};
use crate::client::Guest;
use crate::target::unique;

/// What DynamoDB says when it has had enough.
pub const THROTTLED: Refused = Refused(400, "ProvisionedThroughputExceededException");
/// What any service says that is broken.
pub const BROKEN: Refused = Refused(500, "InternalServerError");
/// As often as the adapter makes a request.
const ATTEMPTS: usize = 6;

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn every_fifth_write_refused_is_noticed_by_nobody() {
    let target = Unreliable::start(&[]).await;
    let mut writes = 0;
    target.database.judge(move |request| {
        writes += usize::from(is_write(request));
        if is_write(request) && writes % 5 == 0 { Fate::Refuse(THROTTLED) } else { Fate::Pass }
    });
    let http = &target.functions.http;
    let mut sockets = target.open(10).await;
    let ann = Guest::sign_in(http).await;
    let uploaded: Value = ann.upload(http, "a.mp3", "a").await.json().await.unwrap();
    for _ in 0..5 {
        let text = unique("fifth");
        target.drops.put(&format!("{text}.txt"), text.clone()).await;
        all_hear(&mut sockets, &text).await;
    }
    let got = ann.get(http, uploaded["media_id"].as_str().unwrap(), &[]).await;
    assert_eq!(got.bytes().await.unwrap(), "a");
    target.comes_to_rest().await;
    target.knows_only(10).await;
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn a_table_that_takes_nothing_is_asked_a_few_times_and_answered_with_503_and_nothing_is_left() {
    let target = Unreliable::start(&[]).await;
    let http = &target.functions.http;
    let ann = Guest::sign_in(http).await;
    let before = target.rows().await;
    let (began, name) = (Instant::now(), json!({ "display_name": "Ben" }));
    target.database.judge(|request| if is_write(request) { Fate::Refuse(THROTTLED) } else { Fate::Pass });
    let sign_in = ann.http.post(format!("{http}/api/auth/guest/")).json(&name).send().await.unwrap();
    unavailable(sign_in).await;
    unavailable(ann.upload(http, "a.mp3", "a").await).await;
    assert_eq!(target.rows().await, before);

    capped_and_jittered(
        &target.database.seen().into_iter().filter(|seen| seen.at >= began).collect::<Vec<_>>(),
    );
    target.database.recover();
    assert_eq!(ann.upload(http, "a.mp3", "a").await.status(), 200);
    target.comes_to_rest().await;
}

#[tokio::test]
#[ignore = "needs the real functions: cargo xtask e2e functions"]
async fn a_table_that_breaks_at_every_fifth_write_is_answered_with_success_or_503_and_success_holds() {
    let target = Unreliable::start(&[]).await;
    let http = &target.functions.http;
    let mut writes = 0;
    target.database.judge(move |request| {
        writes += usize::from(is_write(request));
        if is_write(request) && writes % 5 == 0 { Fate::Refuse(BROKEN) } else { Fate::Pass }
    });
    for _ in 0..10 {
        let guest = signed_in(http).await;
        let uploaded = accepted(async || guest.upload(http, "a.mp3", "a").await).await;
        let uploaded: Value = uploaded.json().await.unwrap();
        let id = uploaded["media_id"].as_str().unwrap();
        let got = accepted(async || guest.get(http, id, &[]).await).await;
        assert_eq!(got.bytes().await.unwrap(), "a");
    }
    assert!(target.database.seen().iter().filter(|request| is_write(request)).count() > 20, "some broke");
    target.comes_to_rest().await;
}

/// Signs in until that is not refused with 503 any more.
async fn signed_in(http: &str) -> Guest {
    loop {
        match Guest::try_sign_in(http).await {
            Ok(guest) => return guest,
            Err(answer) => unavailable(answer).await,
        }
    }
}

/// Asks until that is not refused with 503 any more.
async fn accepted(ask: impl AsyncFn() -> reqwest::Response) -> reqwest::Response {
    loop {
        let answer = ask().await;
        if answer.status() == 200 {
            return answer;
        }
        unavailable(answer).await;
    }
}

async fn unavailable(answer: reqwest::Response) {
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["code"], "UNAVAILABLE", "{body}");
}

/// Each write was tried so many times, with pauses that differ and grow.
fn capped_and_jittered(seen: &[Seen]) {
    let mut attempts: BTreeMap<(&str, &[u8]), Vec<Instant>> = BTreeMap::new();
    for write in seen.iter().filter(|request| is_write(request)) {
        attempts.entry((&write.what, &write.body)).or_default().push(write.at);
    }
    let pauses = |times: &Vec<Instant>| times.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>();
    assert!(!attempts.is_empty());
    for (write, times) in &attempts {
        assert_eq!(times.len(), ATTEMPTS, "{}", write.0);
    }
    let all: Vec<_> = attempts.values().map(pauses).collect();
    assert!(all.iter().flatten().all(|pause| *pause < Duration::from_secs(2)), "{all:?}");
    let first: Vec<_> = all.iter().map(|pauses| pauses[0].as_millis()).collect();
    assert!(first.len() == 1 || first.windows(2).any(|pair| pair[0] != pair[1]), "no jitter: {all:?}");
}

/// Whether a request changes the table.
pub fn is_write(request: &Seen) -> bool {
    ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"].contains(&request.what.as_str())
}

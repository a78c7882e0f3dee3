//! A queue that feeds a function: batches.

use std::time::Duration;

use emulator::lambda::{QueueSource, Wiring};
use parlor::ports::Clock;

use crate::support::{TestSources, jobs, wiring};

fn with(source: QueueSource) -> Wiring {
    Wiring { queue_sources: vec![source], ..wiring() }
}

#[tokio::test]
async fn what_a_function_has_dealt_with_is_deleted() {
    let test = TestSources::start(&with(jobs())).await;
    test.send("jobs", &["a"]).await;
    let call = test.call().await;
    assert_eq!(call.function, "deliver");
    let record = &call.records()[0];
    assert_eq!(record["eventSourceARN"], "arn:aws:sqs:us-east-1:000000000000:jobs");
    assert_eq!(record["attributes"]["ApproximateReceiveCount"], "1");
    test.holds("jobs", 1).await;
    call.returns("");
    test.holds("jobs", 0).await;
}

#[tokio::test]
async fn a_batch_is_full_or_its_window_over() {
    let source = QueueSource { window: Duration::from_secs(5), max_concurrency: Some(1), ..jobs() };
    let test = TestSources::start(&with(source)).await;
    test.send("jobs", &["a", "b", "c"]).await;
    let full = test.call().await;
    assert_eq!(full.bodies(), ["a", "b"]);
    full.returns("null");
    let started = test.clock.now();
    test.holds("jobs", 1).await;
    assert_eq!(test.clock.skip_to_next_alarm().await, started.plus(Duration::from_secs(5)));
    let late = test.call().await;
    assert_eq!(late.bodies(), ["c"]);
    late.returns("{}");
    test.holds("jobs", 0).await;
}

#[tokio::test]
async fn several_batches_are_under_way_but_no_more_than_may_be() {
    let source = QueueSource { batch_size: 1, max_concurrency: Some(2), ..jobs() };
    let test = TestSources::start(&with(source)).await;
    test.send("jobs", &["a", "b", "c"]).await;
    let (first, second) = (test.call().await, test.call().await);
    assert_eq!(test.sources.queues().counts("jobs").unwrap().ready, 1, "the third is not even received");
    first.returns("");
    let third = test.call().await;
    assert_eq!((second.bodies(), third.bodies()), (vec!["b"], vec!["c"]));
    second.returns("");
    third.returns("");
    test.holds("jobs", 0).await;
}

#[tokio::test]
async fn a_delayed_message_comes_when_its_moment_has_come() {
    let test = TestSources::start(&with(jobs())).await;
    let url = test.sources.queue_url("jobs");
    let body = serde_json::json!({ "QueueUrl": url, "MessageBody": "x", "DelaySeconds": 900 });
    test.sqs("SendMessage", body).await;
    let sent = test.clock.now();
    assert_eq!(test.clock.skip_to_next_alarm().await, sent.plus(Duration::from_secs(900)));
    assert_eq!(test.call().await.bodies(), ["x"]);
}

#[tokio::test]
async fn a_message_that_comes_twice_does_so_in_two_batches() {
    let test = TestSources::start(&with(jobs())).await;
    assert_eq!(test.control("POST", "queues/jobs/duplicate").await.0, 200);
    test.send("jobs", &["a"]).await;
    let (first, second) = (test.call().await, test.call().await);
    assert_eq!(first.records()[0]["messageId"], second.records()[0]["messageId"]);
    first.returns("");
    second.returns("");
    test.holds("jobs", 0).await;
}

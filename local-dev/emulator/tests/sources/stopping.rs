//! The end: what runs is finished.

use emulator::lambda::Wiring;
use serde_json::json;

use crate::support::{TestSources, jobs, schedule, wiring};

#[tokio::test]
async fn what_runs_is_finished_while_queues_still_answer() {
    let wiring = Wiring { queue_sources: vec![jobs()], schedules: vec![schedule()], ..wiring() };
    let test = TestSources::start(&wiring).await;
    let beat = test.call().await;
    test.send("jobs", &["a"]).await;
    let job = test.call().await;
    assert_eq!((beat.function.as_str(), job.function.as_str()), ("beat", "deliver"));
    let (url, queues) = (test.sources.sqs_url().to_owned(), test.sources.queues().clone());
    let list = || {
        let request = test.http.post(&url).header("x-amz-target", "AmazonSQS.ListQueues");
        request.body(json!({}).to_string()).send()
    };
    let stopping = tokio::spawn(test.sources.stop());
    assert_eq!(list().await.unwrap().status(), 200, "functions that run may need it");
    job.returns("");
    beat.returns("");
    stopping.await.unwrap();
    assert!(queues.list("jobs").unwrap().is_empty());
    assert!(list().await.is_err());
}

#[tokio::test]
async fn what_waits_to_be_tried_again_is_not_waited_for() {
    let test = TestSources::start(&Wiring { schedules: vec![schedule()], ..wiring() }).await;
    test.call().await.fails();
    test.clock.next_alarm().await;
    test.sources.stop().await;
}

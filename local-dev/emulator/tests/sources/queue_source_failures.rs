//! A queue that feeds a function: what fails comes again, and not for ever.

use std::time::Duration;

use emulator::lambda::{InvokeError, QueueSource, Wiring};
use parlor::ports::Clock;
use serde_json::json;

use crate::support::{TestSources, jobs, unreachable, wiring};

async fn start(source: QueueSource) -> TestSources {
    TestSources::start(&Wiring { queue_sources: vec![source], ..wiring() }).await
}

fn failures(ids: &[&str]) -> String {
    let failures: Vec<_> = ids.iter().map(|id| json!({ "itemIdentifier": id })).collect();
    json!({ "batchItemFailures": failures }).to_string()
}

#[tokio::test]
async fn a_failed_batch_comes_again_after_its_timeout_and_is_a_dead_letter_in_the_end() {
    let test = start(jobs()).await;
    test.send("jobs", &["bad"]).await;
    test.call().await.fails();
    let sent = test.clock.now();
    assert_eq!(test.clock.skip_to_next_alarm().await, sent.plus(Duration::from_secs(30)));
    let again = test.call().await;
    assert_eq!(again.records()[0]["attributes"]["ApproximateReceiveCount"], "2");
    again.ends(Err(InvokeError::TimedOut));
    test.clock.skip_to_next_alarm().await;
    test.holds("dead", 1).await;
    test.holds("jobs", 0).await;
    let letters = test.sources.dead_letters();
    assert_eq!(
        (&letters["dead"][0]["body"], &letters["dead"][0]["deadLetterOf"]),
        (&json!("bad"), &json!("jobs"))
    );
}

#[tokio::test]
async fn only_messages_that_the_function_names_come_again() {
    let source = QueueSource { max_concurrency: Some(1), window: Duration::from_secs(1), ..jobs() };
    let test = start(source).await;
    test.send("jobs", &["good", "bad"]).await;
    let call = test.call().await;
    let bad = call.records()[1]["messageId"].as_str().unwrap().to_owned();
    call.returns(&failures(&[&bad]));
    test.holds("jobs", 1).await;
    test.clock.advance(Duration::from_secs(30));
    // Half a batch waits for its window.
    test.clock.skip_to_next_alarm().await;
    assert_eq!(test.call().await.bodies(), ["bad"]);
}

#[tokio::test]
async fn an_answer_that_cannot_be_understood_fails_the_batch() {
    let test = start(jobs()).await;
    test.send("jobs", &["a"]).await;
    test.call().await.returns(&failures(&["unknown"]));
    test.clock.skip_to_next_alarm().await;
    let again = test.call().await;
    assert_eq!(again.bodies(), ["a"]);
    again.returns("no JSON");
    test.clock.skip_to_next_alarm().await;
    test.holds("dead", 1).await;
}

#[tokio::test]
async fn who_does_not_report_failures_succeeds_whatever_they_return() {
    let test = start(QueueSource { reports_failures: false, ..jobs() }).await;
    test.send("jobs", &["a"]).await;
    let call = test.call().await;
    let id = call.records()[0]["messageId"].as_str().unwrap().to_owned();
    call.returns(&failures(&[&id]));
    test.holds("jobs", 0).await;
}

#[tokio::test]
async fn a_function_that_cannot_be_reached_is_called_again_while_the_messages_are_hidden() {
    let test = start(jobs()).await;
    test.send("jobs", &["a"]).await;
    let mut waited = test.clock.now();
    for pause in [1, 2, 4, 8] {
        let call = test.call().await;
        assert_eq!(call.records()[0]["attributes"]["ApproximateReceiveCount"], "1");
        call.ends(Err(unreachable()));
        waited = waited.plus(Duration::from_secs(pause));
        assert_eq!(alarm_before_visibility(&test).await, waited);
    }
    // The next pause would outlast the timeout: the message comes again instead.
    test.call().await.ends(Err(unreachable()));
    test.clock.set(waited.plus(Duration::from_secs(15)));
    assert_eq!(test.call().await.records()[0]["attributes"]["ApproximateReceiveCount"], "2");
}

/// The poller sleeps until the messages are visible again; this waits for the sooner alarm of who tries again.
async fn alarm_before_visibility(test: &TestSources) -> parlor::protocol::Timestamp {
    let visible = parlor::protocol::Timestamp::from_secs(1_800_000_030);
    loop {
        let alarm = test.clock.next_alarm().await;
        if alarm < visible {
            return test.clock.skip_to_next_alarm().await;
        }
        tokio::task::yield_now().await;
    }
}

//! Asynchronous invocations: tried again, then given up on.

use std::time::Duration;

use bytes::Bytes;
use emulator::lambda::sources::SourceSettings;
use emulator::lambda::{Function, InvokeError};
use parlor::ports::Clock;
use serde_json::{Value, json};

use crate::support::{TestSources, function, unreachable, wiring};

async fn start(beat: Function) -> TestSources {
    let mut wiring = wiring();
    wiring.functions.insert("beat".to_owned(), beat);
    TestSources::start(&wiring).await
}

async fn submit(test: &TestSources) {
    test.sources.invocations().submit("beat", Bytes::from_static(b"{\"n\":1}")).await.unwrap();
}

/// The record of the one event that was given up on.
async fn record(test: &TestSources) -> Value {
    test.holds("failures", 1).await;
    let body = test.sources.queues().list("failures").unwrap()[0].message.sent.body.clone();
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn a_failed_event_is_tried_again_after_one_and_two_minutes_and_then_recorded() {
    let test = start(function()).await;
    submit(&test).await;
    let mut moment = test.clock.now();
    for minutes in [1, 2] {
        let call = test.call().await;
        assert_eq!((call.function.as_str(), &call.event), ("beat", &json!({ "n": 1 })));
        call.fails();
        moment = moment.plus(Duration::from_secs(60 * minutes));
        assert_eq!(test.clock.skip_to_next_alarm().await, moment);
    }
    test.call().await.fails();
    let record = record(&test).await;
    let context = &record["requestContext"];
    assert_eq!(
        (&context["condition"], &context["approximateInvokeCount"]),
        (&json!("RetriesExhausted"), &json!(3))
    );
    assert_eq!(record["requestPayload"], json!({ "n": 1 }));
    assert_eq!(record["responsePayload"], json!({ "errorType": "Odd", "errorMessage": "as ordered" }));
    assert_eq!(record["responseContext"]["functionError"], "Unhandled");
    assert_eq!(record["timestamp"], "2027-01-15T08:03:00.000Z");
    assert!(test.sources.dead_letters().contains_key("failures"));
}

#[tokio::test]
async fn an_event_that_succeeds_in_the_end_is_recorded_nowhere() {
    let test = start(function()).await;
    submit(&test).await;
    test.call().await.ends(Err(InvokeError::TimedOut));
    test.clock.skip_to_next_alarm().await;
    test.call().await.returns("{}");
    submit(&test).await;
    test.call().await.returns("{}");
    test.holds("failures", 0).await;
}

#[tokio::test]
async fn a_function_says_how_often_and_for_how_long() {
    let test = start(Function { async_retries: 0, ..function() }).await;
    submit(&test).await;
    test.call().await.fails();
    assert_eq!(record(&test).await["requestContext"]["approximateInvokeCount"], 1);

    let test = start(Function { max_event_age: Duration::from_secs(60), ..function() }).await;
    submit(&test).await;
    test.call().await.fails();
    test.clock.skip_to_next_alarm().await;
    test.call().await.fails();
    test.clock.skip_to_next_alarm().await;
    let record = record(&test).await;
    assert_eq!(record["requestContext"]["condition"], "EventAgeExceeded");
    assert_eq!(record["requestContext"]["approximateInvokeCount"], 2);
}

#[tokio::test]
async fn a_function_that_cannot_be_reached_is_called_until_the_event_is_too_old() {
    let test = start(Function { async_retries: 0, ..function() }).await;
    submit(&test).await;
    let (started, mut calls) = (test.clock.now(), 0);
    while test.sources.queues().list("failures").unwrap().is_empty() {
        test.call().await.ends(Err(unreachable()));
        calls += 1;
        test.clock.skip_to_next_alarm().await;
        if test.clock.now().since(started) > Duration::from_secs(6 * 3600) {
            break;
        }
    }
    // Nine pauses that double, up to 256 seconds, then every five minutes for the rest of six hours.
    assert_eq!(calls, 9 + 71);
    let record = record(&test).await;
    assert_eq!(record["requestContext"]["condition"], "EventAgeExceeded");
    assert_eq!(record.get("responsePayload"), None);
}

#[tokio::test]
async fn an_event_for_nobody_is_given_up_on_at_once() {
    let test = start(function()).await;
    submit(&test).await;
    test.call().await.ends(Err(InvokeError::NoSuchFunction("beat".to_owned())));
    assert_eq!(record(&test).await["requestContext"]["approximateInvokeCount"], 1);
}

#[tokio::test]
async fn there_is_room_for_so_many_events_and_no_more() {
    let settings = SourceSettings { queued_events: 1, ..SourceSettings::default() };
    let test = TestSources::with(&wiring(), None, &settings).await;
    submit(&test).await;
    test.sources.invocations().try_submit("beat", Bytes::new()).unwrap_err();
    let (waiting, ()) =
        tokio::join!(test.sources.invocations().submit("beat", Bytes::from_static(b"2")), async {
            test.call().await.returns("{}");
        });
    waiting.unwrap();
    assert_eq!(test.call().await.event, json!(2));
}

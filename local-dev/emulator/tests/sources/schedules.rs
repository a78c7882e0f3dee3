//! What the clock calls.

use std::time::Duration;

use emulator::lambda::{Schedule, Wiring};
use parlor::ports::Clock;
use serde_json::json;

use crate::support::{TestSources, schedule, wiring};

async fn start(schedule: Schedule) -> TestSources {
    TestSources::start(&Wiring { schedules: vec![schedule], ..wiring() }).await
}

#[tokio::test]
async fn a_schedule_calls_at_once_and_after_each_interval() {
    let test = start(schedule()).await;
    let started = test.clock.now();
    for minute in 1..4 {
        let call = test.call().await;
        assert_eq!(call.function, "beat");
        assert_eq!(call.event["time"], format!("2027-01-15T08:0{}:00Z", minute - 1));
        call.returns("{}");
        assert_eq!(test.clock.skip_to_next_alarm().await, started.plus(Duration::from_secs(60 * minute)));
    }
}

#[tokio::test]
async fn calls_that_were_missed_are_not_made_up_for() {
    let test = start(schedule()).await;
    test.call().await.returns("{}");
    test.clock.next_alarm().await;
    test.clock.advance(Duration::from_secs(600));
    test.call().await.returns("{}");
    let next = test.clock.now().plus(Duration::from_secs(60));
    assert_eq!(test.clock.next_alarm().await, next);
}

#[tokio::test]
async fn a_schedule_can_be_fired_now_and_sends_its_input() {
    let test = start(Schedule { input: Some(r#"{"a":1}"#.to_owned()), ..schedule() }).await;
    test.call().await.returns("{}");
    assert_eq!(test.control("POST", "schedules/Beat/fire").await, (200, json!({})));
    let call = test.call().await;
    assert_eq!(call.event, json!({ "a": 1 }));
    call.returns("{}");
    let (status, body) = test.control("POST", "schedules/None/fire").await;
    assert_eq!((status, &body["message"]), (404, &json!("there is no schedule named None")));
}
